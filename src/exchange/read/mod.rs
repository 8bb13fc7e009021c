//! From the bytes of a file to a table of cells: compression, encoding, dialect, header.
//!
//! The dialect is found by parsing with every candidate and judging what comes out, not by counting characters. Rows that do not
//! fit the header are faults with their line number; lines before the header and behind the last row are kept and told. No line is
//! dropped in silence.

mod dialect;
mod encoding;
mod frame;
mod parse;
mod table;

pub use dialect::Dialect;
pub use encoding::unpacked;
pub use table::{LeftOut, Row, RowFault, Table};

use parse::Cells;

/// A file that cannot be read as a table. Each says what it is and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// Nothing is in it.
    #[error("{file} is empty. Export it again and check that it was saved.")]
    Empty {
        /// The file.
        file: String,
    },
    /// It is something else than delimited text.
    #[error("{file} is {what}, not delimited text. {todo}")]
    Other {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
        /// What to do.
        todo: &'static str,
    },
    /// It is compressed and cannot be opened.
    #[error(
        "{file} is compressed with gzip and cannot be opened: {what}. Unpack it by hand, or export it again."
    )]
    Gzip {
        /// The file.
        file: String,
        /// Why.
        what: String,
    },
    /// It holds only blank lines.
    #[error("{file} holds only blank lines. Export it again and check that it was saved.")]
    Blank {
        /// The file.
        file: String,
    },
}

/// Reads a whole file. `name` is how messages call it; `knows` tells whether a text is a known column name, which finds the header
/// below a preamble.
///
/// # Errors
/// See [`ReadFault`].
pub fn table(name: &str, bytes: &[u8], knows: &dyn Fn(&str) -> bool) -> Result<Table, ReadFault> {
    let (text, encoding) = encoding::decode(name, bytes)?;
    let (found, body, skipped) = dialect::find(&text);
    let cells = Cells::parse(body, found, skipped, usize::MAX);
    frame::frame(name, cells, found, encoding, knows)
}
