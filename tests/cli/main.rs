//! The command line from outside: arguments in, output and exit code out, over real books.
#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod harness;

mod books;
mod checking;
mod deals;
mod demo;
mod exporting;
mod importing;
mod links;
mod logging;
mod maven;
mod nouns;
mod outbox;
mod output;
mod reports;
mod undoing;
mod usage;
