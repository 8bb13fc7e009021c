//! Several reps, one book, a network drive, and nothing lost.
//!
//! Real processes write to a book over a [drive](drive) of this test's own, which has the faults that network drives have. Each
//! fault has its control: a program that does not do what clinch does, and loses by it. Where nothing can be mounted (no
//! `/dev/fuse`, or no right to), these tests say so and pass.
//!
//! | module | holds |
//! |---|---|
//! | [`drive`] | the drive |
//! | [`work`] | a team's book and the steps of its reps |
//! | [`writer`], [`plain`] | the processes: clinch, and SQLite as it comes |
//! | [`crew`] | several of them, and whether the book agrees with what they noted |
//!
//! The short form is part of `cargo test`. The long form takes the times and numbers in full, on a machine that does nothing else:
//! `.ci/shares-long`.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod app;
mod bad;
mod crash;
mod crew;
mod doctor;
mod drive;
mod gluster;
mod load;
mod operations;
mod plain;
mod stale;
mod work;
mod writer;

use std::time::{Duration, Instant};

use work::PATIENCE;

/// Whether the full numbers are asked for.
fn long() -> bool {
    std::env::var("CLINCH_SHARES").is_ok_and(|form| form == "long")
}

/// The short form's value, or the long form's.
fn either<T>(short: T, full: T) -> T {
    if long() { full } else { short }
}

/// Waits until something is so, for a bounded time.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < 2 * PATIENCE, "{what} does not happen");
        std::thread::sleep(Duration::from_millis(20));
    }
}
