//! The lists of records: contacts, leads, companies, by what a filter leaves, in one of several orders.
//!
//! ```text
//!  Contacts  filter: owner:me                                       1,204 of them · by name     head
//! ╔ Contacts ═════════════════════════════════════════════════════════════════ 3 of 1,204 ═╗
//! ║   Name              Company         Title         Owner   Touched  Next step     Tags   ║
//! ║▶● Nora Keller       Keller & Co     Purchasing    Ana M.  today    Fri Call      vip    ║   rows
//! ╚════════════════════════════════════════════════════════════════════════════════════════╝
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | the order, the rows that were read, the cursor, the marks |
//! | [`screen`] | what the app knows of it |
//! | [`face`] | what tells one list from another |
//! | [`people`], [`companies`] | the lists that there are |
//! | [`columns`] | what its columns can be |
//! | [`setup`] | what it shows as a view: filter, columns, order |
//! | [`draw`], [`narrow`], [`preview`] | the picture |
//! | [`spoken`] | the same line by line |

pub mod columns;
pub mod companies;
pub mod draw;
pub mod face;
mod narrow;
pub mod people;
pub mod preview;
pub mod screen;
pub mod setup;
mod spoken;
pub mod state;

pub use state::ListScreen;
