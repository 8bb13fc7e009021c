//! One contact or one company: who it is, its people and deals, and what happened with it, newest first.
//!
//! ```text
//!  Contacts ▸ Keller & Co ▸ Nora Keller                     3 of 1,204 · owner Ana · last touch today     head
//! ┌─ Profile ────────────────┐╔═ Timeline ════════════════════════════════ everything · 48 ═╗
//! │ Nora Keller  Purchasing  │║ ── Planned ──────────────────────────────────────────────── ║
//! │ Mail   nora@keller.ch    │║▶  Fri     Task   Send the offer                       Ana   ║
//! │ …                        │║ ── Today ────────────────────────────────────────────────── ║
//! └──────────────────────────┘║   08:12   Mail ← Re: delivery dates                         ║
//! ┌─ Deals ──────────────────┐║           Two sites in January would suit us.               ║
//! │ Rollout  18.5k Proposal  │║ ── Fri 20 Nov ───────────────────────────────────────────── ║
//! └──────────────────────────┘╚═════════════════════════════════════════════════════════════╝
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`face`] | what tells a contact's screen from a company's |
//! | [`state`] | what was read, the cursors, where one came from |
//! | [`entries`] | the lines of the timeline: planned, on their way, done, changed |
//! | [`spot`] | where somebody was, to come back to |
//! | [`screen`] | what the app knows of it |
//! | [`under`] | what is under the cursor and the mouse |
//! | [`links`] | what is read out of texts |
//! | [`profile`] | the lines of the profile |
//! | [`layout`], [`draw`], [`timeline`] | the picture |
//! | [`spoken`] | the same line by line |

pub mod draw;
pub mod entries;
pub mod face;
pub mod layout;
mod links;
pub mod profile;
pub mod screen;
mod spoken;
pub mod spot;
pub mod state;
pub mod timeline;
mod under;

pub use state::PartyScreen;
