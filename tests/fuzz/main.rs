//! Whatever comes in from outside is read without a panic: files of other systems, values, filters, the user's own files, books,
//! outboxes, what a terminal sends.
//!
//! Every target reads its corpus (`corpus/<target>/`) as it is, then mutations of it: bytes flipped, cut, repeated and spliced, words
//! of the target's language put in. What came is a function of the seed alone, so that a failure can be replayed: it prints the seed
//! and the input in hexadecimal. Inputs that once failed stay in the corpus under a name that says what they broke.
//!
//! `cargo test` runs a short form. `CLINCH_FUZZ=1000000` says how many executions each target has (slow ones a share of it),
//! `CLINCH_FUZZ_SEED` begins elsewhere, `CLINCH_FUZZ_INPUT=<hex>` runs one input.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod harness;

mod book;
mod filters;
mod outbox;
mod own_files;
mod tables;
#[cfg(unix)]
mod terminal;
mod values;
