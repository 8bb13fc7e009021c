//! Find any record by a few letters: a folded copy of the names, firms, addresses and numbers in a book, kept in memory.
//!
//! Every record is one line of one long text, lower case and without accents, and a word is looked for by the quickest search for
//! bytes there is. What is found first is ranked; the search stops after [`ENOUGH`] lines of a noun. Names that begin with what was
//! typed are found in order, and a letter more looks only at what was found before it. Nothing here knows of SQL or of threads: lines
//! come in, ids go out.
//!
//! | module | holds |
//! |---|---|
//! | [`line`](mod@line) | one record as a line of the copy |
//! | [`slice`](mod@slice) | records as they are read, many at once |
//! | [`wanted`] | what was typed, and how well a line fits it |
//! | [`phone`] | a phone number, however it is written |
//! | [`block`] | a stretch of lines, in the order of its coming and in the order of the alphabet |
//! | [`pair`] | what of the bytes to look for first |
//! | [`shelf`] | the lines of one noun: put in, taken out, searched |
//! | [`near`] | one slip of a finger: words that are nearly what was typed |
//! | [`slip`] | what was typed with such slips in it |
//! | [`trail`] | what was found with a letter less |
//! | [`copy`] | the shelves together: the search |

mod block;
pub mod copy;
pub mod line;
pub mod near;
mod pair;
pub mod phone;
pub mod shelf;
pub mod slice;
pub mod slip;
pub mod trail;
pub mod wanted;

#[cfg(test)]
mod tests;

pub use copy::{Copy, Finding, Found};
pub use line::{Field, Raw};
pub use slice::Slice;
pub use slip::Slip;
pub use trail::Trail;
pub use wanted::Wanted;

/// The search stops after so many lines of a noun that fit, and ranks those.
pub const ENOUGH: usize = 5_000;
