//! Today, where the app opens: what is to be done now, what goes quiet, who waits, what others did.
//!
//! ```text
//!  Tue 24 Nov 2026 · W48 · 10:05 Europe/Zurich                      this-quarter won 182k of 300k 60%    head
//! ╔ Next steps · mine ══════════════════ 7 planned ╗┌ Rotting deals ───────────────── 4 ┐
//! ║── Overdue 2 ─────────────────────────────────── ║│ ! Roth Metall   Discovery  19d/10 │
//! ║▶  Mon 16 Call  Sacha Roth    Offer      8d late ║└───────────────────────────────────┘
//! ╚═════════════════════════════════════════════════╝┌ Waiting for an answer ───────── 5 ┐
//! ┌ Next 7 days ────────────────────────────────────┐└───────────────────────────────────┘
//! │ Tue 24 ███████ 7         Done in 7 days 31      │┌ Since you left (Mon 18:02) ──── 3 ┐
//! └─────────────────────────────────────────────────┘└───────────────────────────────────┘
//! ```
//!
//! Where there is no room for all panels, the one that has the keys stands alone below a line that names the others.
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | the answer, the cursor of each panel, what is on its way |
//! | [`screen`] | what the app knows of it |
//! | [`layout`] | where the panels stand |
//! | [`draw`], [`lines`], [`columns`], [`week`] | the picture |
//! | [`spoken`] | the same line by line |
//! | [`explain`] | how the figures are made |

mod columns;
pub mod draw;
pub mod explain;
pub mod layout;
pub mod lines;
mod narrow;
pub mod screen;
mod spoken;
pub mod state;
pub mod week;

pub use state::TodayScreen;
