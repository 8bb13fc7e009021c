//! Exports: records of the book as CSV, TSV or JSON lines.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::filter::Filter;
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::exchange::own::ORDER;
use crate::exchange::write::{
    Delimited, Out, Table, book_columns, book_json, harmless, table_columns,
};
use crate::store::query::{Answer, Asked, ListQuery, Query};
use crate::store::{Book, StoreError};

/// How long an export waits for the book's lock.
const PATIENCE: Duration = Duration::from_mins(1);

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table.
    Delimited(Delimited),
    /// One JSON object a line.
    Jsonl,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The noun.
    pub entity: Entity,
    /// Which records.
    pub filter: Option<Filter>,
    /// In which order; by id where no key is named.
    pub sort: Vec<(String, bool)>,
    /// The columns of a table, by name; all where none is named.
    pub columns: Vec<String>,
    /// The form.
    pub format: Format,
    /// As of when, and for whom.
    pub asked: Asked,
}

/// An export that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// The book refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file cannot be written.
    #[error("{} cannot be written: {source}.", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The output ended.
    #[error("The export cannot be written: {0}.")]
    Write(#[from] std::io::Error),
    /// There is no such column.
    #[error("There is no column `{name}`. There are {known}.")]
    Column {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
}

/// Writes the records and says how many they are.
///
/// # Errors
/// See [`ExportFault`].
pub fn export(
    book: &mut Book,
    request: &Request,
    to: &mut dyn Write,
) -> Result<usize, ExportFault> {
    let records = records(book, request)?;
    let base = book.base();
    match request.format {
        Format::Delimited(form) => {
            let columns = chosen(request, &records)?;
            let mut table = Table::new(to, form, columns.iter().map(Out::name))?;
            for record in &records {
                table.record(record, &columns, base)?;
            }
            table.finish()?;
        }
        Format::Jsonl => {
            lines(request.entity, &records, base, to)?;
            to.flush()?;
        }
    }
    Ok(records.len())
}

/// Writes all records of the book, of every noun, in the trash or not, as JSON lines that an import makes the same book of, and says
/// how many they are. History is not among them: an import is one step.
///
/// # Errors
/// See [`ExportFault`].
pub fn export_all(book: &mut Book, asked: Asked, to: &mut dyn Write) -> Result<usize, ExportFault> {
    let base = book.base();
    let mut count = 0;
    // What refers to others is read before them, so that all that a line names stands further down, whatever others write meanwhile.
    for entity in ORDER.into_iter().rev() {
        let mut records = Vec::new();
        for trashed in [false, true] {
            records.append(&mut listed(
                book,
                ListQuery {
                    entity,
                    filter: None,
                    sort: Vec::new(),
                    limit: None,
                    trashed,
                    asked,
                },
            )?);
        }
        records.sort_by_key(|record| record.id);
        lines(entity, &records, base, to)?;
        count += records.len();
    }
    to.flush()?;
    Ok(count)
}

fn lines(
    entity: Entity,
    records: &[Record],
    base: Currency,
    to: &mut dyn Write,
) -> std::io::Result<()> {
    let columns = book_columns(entity);
    for record in records {
        let line = book_json(record, &columns, base).to_string();
        to.write_all(harmless(&line).as_bytes())?;
        to.write_all(b"\n")?;
    }
    Ok(())
}

/// [`export`] into a file that is not there yet. On a fault no half a file is left.
///
/// # Errors
/// See [`ExportFault`].
pub fn export_to(book: &mut Book, request: &Request, path: &Path) -> Result<usize, ExportFault> {
    let fault = |source| ExportFault::File {
        path: path.to_owned(),
        source,
    };
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(fault)?;
    let mut to = BufWriter::new(file);
    let written = export(book, request, &mut to).and_then(|count| {
        to.into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .map_err(fault)?;
        Ok(count)
    });
    if written.is_err() {
        // Best effort: the fault that is reported is the one that made us stop.
        let _ = std::fs::remove_file(path);
    }
    written
}

fn records(book: &mut Book, request: &Request) -> Result<Vec<Record>, StoreError> {
    listed(
        book,
        ListQuery {
            entity: request.entity,
            filter: request.filter.clone(),
            sort: request.sort.clone(),
            limit: None,
            trashed: false,
            asked: request.asked,
        },
    )
}

fn listed(book: &mut Book, query: ListQuery) -> Result<Vec<Record>, StoreError> {
    match book.ask_patiently(&Query::List(query), PATIENCE)? {
        Answer::List(listing) => Ok(listing.records),
        // A list is answered by a list.
        _ => Ok(Vec::new()),
    }
}

fn chosen(request: &Request, records: &[Record]) -> Result<Vec<Out>, ExportFault> {
    let all = table_columns(request.entity, records);
    if request.columns.is_empty() {
        return Ok(all);
    }
    request
        .columns
        .iter()
        .map(|name| {
            all.iter()
                .find(|column| column.name() == name)
                .cloned()
                .ok_or_else(|| ExportFault::Column {
                    name: name.clone(),
                    known: all.iter().map(Out::name).collect::<Vec<_>>().join(", "),
                })
        })
        .collect()
}
