//! The book's own form: one JSON object a line, each a record of any noun with its id, its times and its trash. What
//! [`book_json`](crate::exchange::write::book_json) writes is read here, and worked into a plan: what the book lacks is brought, what it
//! has stays as it is.
//!
//! | module | holds |
//! |---|---|
//! | [`read`](mod@read) | lines to records |
//! | [`plan`](mod@plan) | records, and what the book has of them, to commands |
//! | [`twins`] | by what two books know the same thing where the id is another: a rep by its name, a rate by currency and day |

mod plan;
mod read;
mod twins;

pub use plan::{Held, ORDER, Planned, SMALL, Wanted, plan};
pub use read::{Given, Line, LineFault, is_own, read};
pub use twins::SourceKey;
