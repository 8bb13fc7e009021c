//! Records to text: JSON for programs, CSV and TSV for people and other systems, and the file of rejected rows.

mod columns;
mod delimited;
mod json;
mod rejects;

pub use columns::{Out, book_columns, columns, currency_of_line, set_of_column, table_columns};
pub use delimited::{Delimited, Table, cell, harmless_cell};
pub use json::{NOUN, book_json, columns_json, harmless, record_json, whole_json};
pub use rejects::rejects;

#[cfg(test)]
mod tests;
