//! How the team sells: its pipelines with their stages, and why deals are lost. One list; what is under the cursor is edited, put at
//! another place, archived.
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | the answer, its lines, the cursor, what is on its way |
//! | [`screen`] | what the app knows of it |
//! | [`draw`] | the picture |

pub mod draw;
pub mod screen;
pub mod state;

pub use state::SetupScreen;
