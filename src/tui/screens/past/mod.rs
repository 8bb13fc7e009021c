//! What was done and can be taken back: the trash, and the last steps. Two lists of one kind.
//!
//! ```text
//!  Trash  of the last 30 days                                                     3 older
//! ╔ Trash ════════════════════════════════════════════════════════════════════════ 1 of 2 ╗
//! ║   When          What      Name              Who        Step                           ║
//! ║▶● 10:05         deal      Alpina rollout    Ana Meier  Put Alpina rollout into the …  ║
//! ╚═══════════════════════════════════════════════════════════════════════════════════════╝
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | the rows, the cursor, the marks |
//! | [`screen`] | what the app knows of it |
//! | [`draw`] | the picture |
//! | [`spoken`] | the same line by line |
//! | [`told`] | the changes of a step, line by line |

pub mod draw;
pub mod screen;
mod spoken;
pub mod state;
pub mod told;

pub use state::PastScreen;
