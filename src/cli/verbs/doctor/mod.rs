//! `doctor`: find out what the surroundings can do, and what clinch makes of it.
//!
//! | module | looks at |
//! |---|---|
//! | [`drive`] | a drive, whether a book can be shared there |
//! | [`terminal`] | the terminal, and what clinch will use of it |

pub mod drive;
pub mod terminal;

use crate::cli::tree::{Verb, build_under, run_under};

/// The verb.
pub const VERB: Verb = Verb {
    name: "doctor",
    about: "Find out what a drive or this terminal can do",
    build: |clap| build_under(clap, UNDER),
    run: |shell, matches| run_under(shell, matches, UNDER),
};

static UNDER: &[Verb] = &[
    Verb {
        name: "drive",
        about: "Try a drive with two seats: locks, fresh data, flushing",
        build: drive::build,
        run: drive::run,
    },
    Verb {
        name: "terminal",
        about: "Say what this terminal can do, what clinch uses of it, and why",
        build: terminal::build,
        run: terminal::run,
    },
];
