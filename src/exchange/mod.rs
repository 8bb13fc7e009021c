//! Text to domain values and back: opening and reading tables, recognising their columns, planning an import, writing records.
//!
//! Nothing here touches a file or the book: bytes come in, values, plans and texts go out, faults name line, column and value.
//!
//! | module | holds |
//! |---|---|
//! | [`read`] | bytes to a table: encoding, dialect, header, preamble and footer |
//! | [`own`] | the book's own JSON lines, read back: every noun with its ids |
//! | [`plan`] | rows and what the book knows to batches of commands |
//! | [`recognise`] | which noun the rows are, what the columns become |
//! | [`value`] | cells to values: blanks, numbers, money, dates |
//! | [`write`](mod@write) | records to JSON, CSV, TSV; rejected rows |

pub mod own;
pub mod plan;
pub mod read;
pub mod recognise;
pub mod value;
pub mod write;

use std::fmt::Write as _;

/// Bytes as hexadecimal digits: hashes of files, rows and headers.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
