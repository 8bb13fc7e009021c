//! The book: one SQLite file. The only room that names rusqlite.
//!
//! | module | holds |
//! |---|---|
//! | [`book`] | create, open, commit, ask; what is kept and verified |
//! | [`backup`] | backups: made, verified, thinned out, restored |
//! | [`handle`] | the store thread with its two lanes, for who must never wait |
//! | [`find`] | the folded copy in memory: any record by a few letters |
//! | [`query`] | questions and answers |
//! | [`error`] | what can go wrong |
//! | `schema` | the tables, their version (1.1 now), migration from an older one, the look at a header |
//! | `write` | from a draft to changes: compare-and-set, stage rules, undo |
//! | `read` | from questions to answers |
//! | `filter_sql` | a filter as a condition |
//! | `hash` | the content hash |
//! | `birth` | the hash of a record as it was made |
//! | [`check`] | the rows against the log |
//! | `rates` | the rate of a currency on a day |
//! | `outbox` | steps on a local disk, before they are sent and until they are found |
//! | [`drive`] | what a book lies on, and whether it may be written there |
//! | `vfs` | the shim between SQLite and a share |
//! | `side` | the hint beside a book that its log has grown |
//! | `who` | who this process is, the real clock, ids from chance |
//! | `patience` | waiting for a lock, fairly |
//! | `tables`, `sql` | the nouns in SQL |

pub mod backup;
mod birth;
pub mod book;
pub mod check;
pub mod drive;
pub mod error;
mod filter_sql;
pub mod find;
pub mod handle;
mod hash;
mod outbox;
mod patience;
pub mod query;
mod rates;
mod read;
mod schema;
mod side;
mod sql;
mod tables;
mod vfs;
mod who;
mod write;

#[cfg(test)]
mod tests;

pub use book::{Book, NewBook, Offered, Opening, Verified};
pub use drive::Trust;
pub use error::StoreError;
pub use schema::migrate::Migrated;
pub use who::{random_id, real_now};
