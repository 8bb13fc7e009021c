//! Records as CSV (RFC 4180, line feeds) or TSV.

use std::borrow::Cow;
use std::io::Write;

use csv::{QuoteStyle, Terminator, WriterBuilder};

use crate::domain::custom::CustomKind;
use crate::domain::money::{Currency, Money, rate_text};
use crate::domain::nouns::{FieldDef, Kind, rate};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{CustomValue, Record};
use crate::domain::text::{clean_line, is_hostile};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::columns::{Out, currency_of_line};

/// How cells are told apart, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimited {
    /// Between cells: a comma or a tab.
    pub delimiter: u8,
    /// For spreadsheets: a byte-order mark in front, and an apostrophe before text that they would run as a formula.
    pub excel: bool,
}

impl Delimited {
    /// Commas, exact.
    pub const CSV: Self = Self {
        delimiter: b',',
        excel: false,
    };
    /// Tabs, exact.
    pub const TSV: Self = Self {
        delimiter: b'\t',
        excel: false,
    };
}

/// A table that is being written.
pub struct Table<W: Write> {
    writer: csv::Writer<W>,
    excel: bool,
}

impl<W: Write> Table<W> {
    /// Begins a table with its header: clean names, one line each, as the reader makes them.
    ///
    /// # Errors
    /// Of the writer.
    pub fn new<'a>(
        mut to: W,
        form: Delimited,
        header: impl IntoIterator<Item = &'a str>,
    ) -> std::io::Result<Self> {
        if form.excel {
            to.write_all("\u{feff}".as_bytes())?;
        }
        let writer = WriterBuilder::new()
            .delimiter(form.delimiter)
            .terminator(Terminator::Any(b'\n'))
            .quote_style(QuoteStyle::Necessary)
            .flexible(true)
            .from_writer(to);
        let mut table = Self {
            writer,
            excel: form.excel,
        };
        // Another program may have written anything for the name of a custom field.
        let header: Vec<String> = header.into_iter().map(clean_line).collect();
        table.row(header.iter().map(String::as_str))?;
        Ok(table)
    }

    /// Writes one row of texts.
    ///
    /// # Errors
    /// Of the writer.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> std::io::Result<()> {
        for cell in cells {
            if self.excel && is_formula(cell) {
                self.writer
                    .write_field(format!("'{cell}"))
                    .map_err(io_error)?;
            } else {
                self.writer.write_field(cell).map_err(io_error)?;
            }
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// Writes one record, harmless to a terminal: exact for what came into the book by its door.
    ///
    /// # Errors
    /// Of the writer.
    pub fn record(
        &mut self,
        record: &Record,
        columns: &[Out],
        base: Currency,
    ) -> std::io::Result<()> {
        let cells: Vec<String> = columns
            .iter()
            .map(|column| harmless_cell(&cell(record, column, base)).into_owned())
            .collect();
        self.row(cells.iter().map(String::as_str))
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Of the writer.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}

/// A cell in which nothing plays with the terminal that it may be printed on. Texts of the book are so already, whatever they came
/// in by, unless another program wrote them there.
#[must_use]
pub fn harmless_cell(cell: &str) -> Cow<'_, str> {
    let is_bad = |c: char| !matches!(c, '\n' | '\t') && is_hostile(c);
    if cell.contains(is_bad) {
        cell.replace(is_bad, "").into()
    } else {
        cell.into()
    }
}

/// Whether a spreadsheet would run a cell: it begins like a formula and is no number.
fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err()
}

/// What a column of a table shows of a record, for programs: plain decimals, moments in UTC, nothing for what is unknown.
#[must_use]
pub fn cell(record: &Record, column: &Out, base: Currency) -> String {
    let moment = |at: Option<Instant>| at.map(|at| at.to_string()).unwrap_or_default();
    match column {
        Out::Id => record.id.to_string(),
        Out::CreatedAt => moment(record.created_at),
        Out::TrashedAt => moment(record.trashed_at),
        Out::State => record
            .state
            .map(StageKind::name)
            .unwrap_or_default()
            .to_owned(),
        Out::Source => record
            .source
            .as_ref()
            .map(|(source, _)| source.clone())
            .unwrap_or_default(),
        Out::SourceKey => record
            .source
            .as_ref()
            .map(|(_, key)| key.clone())
            .unwrap_or_default(),
        Out::Set(set) => elements(record.set(*set)),
        Out::Field(field) => of_field(record, field, base),
        Out::LinkId(field) => record
            .link::<()>(field)
            .map(|link| link.id.to_string())
            .unwrap_or_default(),
        Out::Currency => currency_of_line(record, base)
            .map(|currency| currency.code().to_owned())
            .unwrap_or_default(),
        Out::Custom(name) => record
            .custom
            .iter()
            .find(|custom| custom.name == *name)
            .map(|custom| of_custom(custom, base))
            .unwrap_or_default(),
    }
}

fn of_field(record: &Record, field: &'static FieldDef, base: Currency) -> String {
    match (field.kind, record.get(field)) {
        (_, Value::Null) => String::new(),
        (Kind::Money, _) => record
            .money(field, base)
            .map(Money::decimal)
            .unwrap_or_default(),
        (Kind::Ref(_), _) => record
            .link::<()>(field)
            .map(|link| link.name)
            .unwrap_or_default(),
        (Kind::Instant, Value::Int(millis)) => Instant::from_millis(*millis).to_string(),
        (Kind::Flag, Value::Int(flag)) => (*flag != 0).to_string(),
        (_, Value::Int(millionths)) if *field == rate::RATE => rate_text(*millionths),
        (_, value) => plain(value),
    }
}

/// A custom field's content as a field of its kind is written: whoever reads the table reads it back by that kind.
fn of_custom(custom: &CustomValue, base: Currency) -> String {
    match (custom.kind, &custom.value) {
        (CustomKind::Money, Value::Int(minor)) => Money::new(*minor, base).decimal(),
        (CustomKind::Instant, Value::Int(millis)) => Instant::from_millis(*millis).to_string(),
        (CustomKind::Flag, Value::Int(flag @ (0 | 1))) => (*flag == 1).to_string(),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// Elements in one cell: between semicolons, or between ` ::: ` where an element itself holds what else would part it.
fn elements(elements: &[String]) -> String {
    const PARTS: &[char] = &[',', ';', '|', ' ', '\n'];
    if elements.iter().any(|element| element.contains(PARTS)) {
        let mut joined = elements.join(" ::: ");
        if elements.len() == 1 {
            // One element alone would be taken apart, too.
            joined.push_str(" ::: ");
        }
        joined
    } else {
        elements.join("; ")
    }
}

/// The writer's own fault: who asks for its kind (a reader that has gone away) finds it.
fn io_error(fault: csv::Error) -> std::io::Error {
    match fault.into_kind() {
        csv::ErrorKind::Io(fault) => fault,
        other => std::io::Error::other(format!("{other:?}")),
    }
}
