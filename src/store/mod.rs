//! The book: one SQLite file. The only room that names rusqlite.
//!
//! | module | holds |
//! |---|---|
//! | [`book`] | create, open, commit, ask |
//! | [`handle`] | the store thread with its two lanes |
//! | [`query`] | questions and answers |
//! | [`error`] | what can go wrong |

pub mod book;
pub mod error;
pub mod handle;
pub mod query;

pub use book::{Book, NewBook};
pub use error::StoreError;
