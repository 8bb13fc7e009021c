//! Text to domain values and back: opening and reading tables, recognising their columns, planning an import, writing records.
//!
//! Nothing here touches a file or the book: bytes come in, values, plans and texts go out, faults name line, column and value.
//!
//! | module | holds |
//! |---|---|
//! | [`read`] | bytes to a table: encoding, dialect, header, preamble and footer |
//! | [`plan`] | rows and what the book knows to batches of commands |
//! | [`recognise`] | which noun the rows are, what the columns become |
//! | [`value`] | cells to values: blanks, numbers, money, dates |
//! | [`write`] | records to JSON, CSV, TSV; rejected rows |

pub mod plan;
pub mod read;
pub mod recognise;
pub mod value;
pub mod write;
