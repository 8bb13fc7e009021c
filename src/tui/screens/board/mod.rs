//! The pipeline: open deals by stage, what was closed in the foot.
//!
//! ```text
//!  Pipeline: New business ▾  filter: owner:me                   open 21 · CHF 612.4k · weighted 268.9k   head
//! ┌─ Qualify ─── 6 · 88k ─┐╔═ Proposal ═ 5 · 208k ═╗┌─ Negotiate ─ 4 · 175k ─┐                           lanes
//! │ weighted 9k           │║ weighted 104k         ║│ weighted 121k          │
//! │   Sella SpA           │║▌▶ Alpina AG           ║│   Novak d.o.o.         │                           cards of
//! │   14.0k 18 Dec        │║▌  42.0k 11 Dec        ║│   27.5k 28 Nov         │                           three lines
//! │   CD ~ 8d quiet       │║▌  AM ~ 15d quiet      ║│   BK ~ 11d quiet       │
//! │ +2 more ↓    limit 7d │║ +1 more ↓   limit 14d ║│ end           limit 10d│
//! │ Won Q4  14 · 182k     │║ Lost Q4  22 · 240k    ║│ Win rate 39% n=36      │                           foot
//! └───────────────────────┘╚═══════════════════════╝└────────────────────────┘
//! ```
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | what is shown, the cursors, the marks |
//! | [`marks`] | marked cards that are not loaded |
//! | [`ahead`] | acts that are shown before the book has them |
//! | [`ever`] | what is asked for behind the board |
//! | [`export`] | what an export takes of it |
//! | [`layout`] | where everything stands; also what a click hits |
//! | [`mouse`] | what a click does; the first line |
//! | [`screen`] | what the app knows of it |
//! | [`setup`] | what it shows as a view |
//! | [`draw`], [`head`], [`card`] | the picture |
//! | [`spoken`] | the same line by line |

pub mod ahead;
pub mod card;
pub mod draw;
mod ever;
mod export;
pub mod head;
pub mod layout;
mod marks;
mod mouse;
pub mod screen;
mod setup;
mod spoken;
pub mod state;

pub use state::BoardScreen;
