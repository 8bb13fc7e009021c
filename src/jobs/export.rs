//! Exports: records of the book as CSV, TSV or JSON lines.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::filter::Filter;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::exchange::own::ORDER;
use crate::exchange::write::{
    Delimited, Out, Table, book_columns, book_json, harmless, table_columns,
};
use crate::store::query::{Answer, Asked, ListQuery, Query};
use crate::store::{Book, StoreError};

/// Records that are read at a time.
const AT_A_TIME: usize = 1_000;
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

/// Writes the records and says how many they are. Which they are is of one moment; what is in them is of the moment in which they are
/// read, some at a time: a big book takes no more memory than a small one, and nobody who writes waits for it.
///
/// # Errors
/// See [`ExportFault`].
pub fn export(
    book: &mut Book,
    request: &Request,
    to: &mut dyn Write,
) -> Result<usize, ExportFault> {
    let query = ListQuery {
        entity: request.entity,
        filter: request.filter.clone(),
        sort: request.sort.clone(),
        limit: None,
        trashed: false,
        asked: request.asked,
    };
    let ids = ids(book, query)?;
    let count = match request.format {
        Format::Delimited(form) => {
            let columns = chosen(
                request,
                custom_of(book, request.entity, &ids, request.asked)?,
            )?;
            let base = book.base();
            let mut table = Table::new(to, form, columns.iter().map(Out::name))?;
            let count = each(book, request.entity, &ids, |record| {
                Ok(table.record(record, &columns, base)?)
            })?;
            table.finish()?;
            count
        }
        Format::Jsonl => {
            let count = lines(book, request.entity, &ids, to)?;
            to.flush()?;
            count
        }
    };
    Ok(count)
}

/// Writes all records of the book, of every noun, in the trash or not, as JSON lines that an import makes the same book of, and says
/// how many they are. History is not among them: an import is one step.
///
/// # Errors
/// See [`ExportFault`].
pub fn export_all(book: &mut Book, asked: Asked, to: &mut dyn Write) -> Result<usize, ExportFault> {
    let mut count = 0;
    // What refers to others is read before them, so that all that a line names stands further down, whatever others write meanwhile.
    for entity in ORDER.into_iter().rev() {
        let mut all = Vec::new();
        for trashed in [false, true] {
            all.append(&mut every(book, entity, trashed, asked)?);
        }
        all.sort_unstable();
        // What went into the trash between the two questions is in both.
        all.dedup();
        count += lines(book, entity, &all, to)?;
    }
    to.flush()?;
    Ok(count)
}

fn lines(
    book: &mut Book,
    entity: Entity,
    ids: &[RecordId],
    to: &mut dyn Write,
) -> Result<usize, ExportFault> {
    let base = book.base();
    let columns = book_columns(entity);
    each(book, entity, ids, |record| {
        let line = book_json(record, &columns, base).to_string();
        to.write_all(harmless(&line).as_bytes())?;
        Ok(to.write_all(b"\n")?)
    })
}

/// Gives the records away one by one, and says how many they are: those that are not in the book any more are not.
fn each(
    book: &mut Book,
    entity: Entity,
    ids: &[RecordId],
    mut take: impl FnMut(&Record) -> Result<(), ExportFault>,
) -> Result<usize, ExportFault> {
    let mut count = 0;
    for ids in ids.chunks(AT_A_TIME) {
        for record in &book.records(entity, ids)? {
            take(record)?;
            count += 1;
        }
    }
    Ok(count)
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

fn ids(book: &mut Book, query: ListQuery) -> Result<Vec<RecordId>, StoreError> {
    match book.ask_patiently(&Query::Order(query), PATIENCE)? {
        Answer::Order(order) => Ok(order.ids),
        // An order is answered by an order.
        _ => Ok(Vec::new()),
    }
}

fn every(
    book: &mut Book,
    entity: Entity,
    trashed: bool,
    asked: Asked,
) -> Result<Vec<RecordId>, StoreError> {
    let query = ListQuery {
        entity,
        filter: None,
        sort: Vec::new(),
        limit: None,
        trashed,
        asked,
    };
    ids(book, query)
}

/// The names of the custom fields that one of the records has.
fn custom_of(
    book: &mut Book,
    entity: Entity,
    ids: &[RecordId],
    asked: Asked,
) -> Result<BTreeSet<String>, ExportFault> {
    let mut names = BTreeSet::new();
    if every(book, Entity::Field, false, asked)?.is_empty() {
        return Ok(names);
    }
    each(book, entity, ids, |record| {
        names.extend(record.custom.iter().map(|custom| custom.name.clone()));
        Ok(())
    })?;
    Ok(names)
}

fn chosen(request: &Request, custom: BTreeSet<String>) -> Result<Vec<Out>, ExportFault> {
    let all = table_columns(request.entity, custom);
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
