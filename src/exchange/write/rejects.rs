//! Rows that an import could not take, as a file that can be mended and imported.

use std::io::Write;

use super::delimited::{Delimited, Table};
use crate::exchange::plan::Reject;

/// What a reject file says beside the row; the reader passes over these columns.
const ADDED: [&str; 3] = ["reject_line", "reject_column", "reject_reason"];

/// Writes the rejected rows of one file: the columns as they were, then line, column and reason. Cells beyond the header get columns
/// of their own, so that none is lost.
///
/// # Errors
/// Of the writer.
pub fn rejects<W: Write>(to: W, header: &[String], rows: &[&Reject]) -> std::io::Result<()> {
    let widest = rows
        .iter()
        .map(|reject| reject.cells.len())
        .max()
        .unwrap_or(0);
    let beyond: Vec<String> = (header.len()..widest)
        .map(|column| format!("column {}", column + 1))
        .collect();
    let names = header
        .iter()
        .chain(&beyond)
        .map(String::as_str)
        .chain(ADDED);
    let mut table = Table::new(to, Delimited::CSV, names)?;
    let width = header.len() + beyond.len();
    for reject in rows {
        let line = reject.line.to_string();
        let cells = (0..width).map(|column| reject.cells.get(column).map_or("", String::as_str));
        let added = [
            line.as_str(),
            reject.column.as_deref().unwrap_or_default(),
            reject.reason.as_str(),
        ];
        table.row(cells.chain(added))?;
    }
    table.finish()
}
