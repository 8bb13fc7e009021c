//! A table: a header and rows that fit it.

use super::dialect::Dialect;
use super::parse::Cells;

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// How messages call the file.
    pub name: String,
    /// Column names, trimmed, in order; unique: of two equal ones the second is `x (2)`. A column without a name is `column 3`.
    pub header: Vec<String>,
    /// The physical line of the header.
    pub header_line: usize,
    /// How cells are told apart.
    pub dialect: Dialect,
    /// The encoding, by its WHATWG name.
    pub encoding: String,
    /// Rows that do not fit the header.
    pub faults: Vec<RowFault>,
    /// Lines around the table: a preamble, a footer.
    pub left_out: Vec<LeftOut>,
    pub(super) cells: Cells,
    /// Which record of `cells` each row is, and its number among the file's records.
    pub(super) rows: Vec<(usize, usize)>,
}

/// A row that does not fit the header. It is not among the table's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Its first physical line.
    pub line: usize,
    /// Its number among the records behind the header, from 1.
    pub record: usize,
    /// Its cells.
    pub cells: Vec<String>,
    /// What is wrong, in words.
    pub reason: String,
}

/// A line that is no row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its physical line.
    pub line: usize,
    /// What it says.
    pub text: String,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    table: &'a Table,
    record: usize,
    /// Its number among the records behind the header, from 1.
    pub number: usize,
}

impl Table {
    /// How many rows fit the header.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row fits the header.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row, by its place from 0.
    ///
    /// # Panics
    /// Beyond [`len`](Self::len).
    #[must_use]
    pub fn row(&self, place: usize) -> Row<'_> {
        let (record, number) = self.rows[place];
        Row {
            table: self,
            record,
            number,
        }
    }

    /// All rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|place| self.row(place))
    }

    /// The cells of a column, in order.
    pub fn column(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows().map(move |row| row.cell(column))
    }
}

impl<'a> Row<'a> {
    /// Its first physical line.
    #[must_use]
    pub fn line(&self) -> usize {
        self.table.cells.records[self.record].line
    }

    /// A cell as it came; empty beyond the row.
    #[must_use]
    pub fn cell(&self, column: usize) -> &'a str {
        self.table
            .cells
            .get(self.record, column)
            .unwrap_or_default()
    }

    /// As many cells as the header has.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.table.header.len()).map(move |column| self.cell(column))
    }
}
