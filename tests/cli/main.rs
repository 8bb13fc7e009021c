//! The command line from outside: arguments in, output and exit code out, over real books.
#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod harness;

mod backups;
mod books;
mod checking;
#[cfg(unix)]
mod damage;
mod deals;
mod demo;
mod drive;
mod exporting;
mod files;
mod hostile;
mod importing;
mod injection;
mod leads;
mod lines;
mod links;
mod logging;
mod maven;
mod nouns;
mod outbox;
mod output;
mod quotas;
mod reports;
mod setup;
mod sold;
mod surroundings;
mod tasks;
mod undoing;
mod usage;
mod versions;
mod views;
