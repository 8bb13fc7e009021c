//! The screens: each has its state, how it changes, and how it is drawn.
//!
//! | module | holds |
//! |---|---|
//! | [`board`] | the pipeline |

pub mod board;

/// The screens in the order of their keys, and whether they are there yet.
pub const SCREENS: [(&str, bool); 8] = [
    ("Today", false),
    ("Leads", false),
    ("Pipeline", true),
    ("Contacts", false),
    ("Tickets", false),
    ("Segments", false),
    ("Reports", false),
    ("Import", false),
];
