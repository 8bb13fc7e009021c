//! How the team sells: its pipelines with their stages, and why deals are lost. One list; what is under the cursor is edited, put at
//! another place, archived.
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | the answer, its lines, the cursor, what is on its way |
//! | [`screen`] | what the app knows of it |
//! | [`draw`] | the picture |
//! | [`spoken`] | the same line by line |

pub mod draw;
pub mod screen;
mod spoken;
pub mod state;

pub use state::SetupScreen;
