//! From one schema to the next: a list of migrations, indexed by `user_version`.
//!
//! **When.** A book of an older minor is migrated when a newer program opens it and is alone with it at that moment (it gets the
//! exclusive lock at once), or when somebody asks (`clinch book migrate`). One of an older major is migrated only when somebody asks:
//! programs that have it open must not find it changed under their hands. First a verified backup is made beside the file, then all
//! steps are done in one transaction, while the lock is held throughout.
//!
//! **What a minor may do.** It only adds, so that older programs go on working with the book and keep what they do not know: tables,
//! indexes, columns that may be null or have a default, nouns and fields and origins in the log. Where writing without knowing would
//! put something out of step, it raises `book.least_minor`; older programs then only read. Everything else is a new major.
//! What no program reads or writes by its shape is free to change: 1.1 gave ids to two tables that none had written (an older program finds
//! every column that it asks for) and dropped an index that only one question used.
//!
//! **What the code may expect.** A book of an older minor may stay so: the drive is read-only, its folder takes no backup, somebody
//! always holds a lock. So a program works on every minor of its major. It looks at the book's minor
//! ([`BookInfo::schema`](crate::store::query::BookInfo)) before it names a table, column or index that a later minor than .0 brought,
//! and does without where it is not there: such a field is unknown, it is not offered for editing, and a list that an index would have
//! served is slower. A field says itself since which minor it is there ([`FieldDef::since`](crate::domain::nouns::FieldDef)).

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::domain::time::Instant;

use super::super::backup::{Backup, Occasion, beside};
use super::super::book::Book;
use super::super::error::StoreError;
use super::super::{sql, who};
use super::Header;

/// One step from a schema to the next.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The `user_version` that it leads to.
    pub to: u32,
    /// What it does, in words.
    pub what: &'static str,
    /// Does it, in an open transaction.
    pub run: fn(&Connection) -> rusqlite::Result<()>,
}

/// Every migration, in the order of their versions.
pub const ALL: &[Migration] = &[Migration {
    to: 1001,
    what: "stages say which fields a deal needs; quotas and rates can be set; lists by name and by day are read faster",
    run: |conn| conn.execute_batch(include_str!("v1_1.sql")),
}];

/// What a migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The schema before.
    pub from: u32,
    /// The schema now.
    pub to: u32,
    /// What was done, in words.
    pub done: Vec<&'static str>,
    /// The backup of the state before; `None` where nothing was to be done.
    pub backup: Option<Backup>,
}

/// Those that a book of that version has before it.
fn ahead(list: &[Migration], version: u32) -> impl Iterator<Item = &Migration> {
    list.iter().filter(move |step| step.to > version)
}

impl Book {
    /// What [`migrate`](Self::migrate) would do, in words; empty where the book is up to date.
    pub fn migrations_ahead(&self) -> Result<Vec<&'static str>, StoreError> {
        let version = version(self)?;
        Ok(ahead(ALL, version).map(|step| step.what).collect())
    }

    /// Brings the book to the newest schema that this program knows, after a verified backup beside it. [`StoreError::Busy`] where
    /// somebody else holds a lock for longer than `patience`. `now` is the real clock's.
    pub fn migrate(&mut self, patience: Duration, now: Instant) -> Result<Migrated, StoreError> {
        run(self, ALL, patience, now)
    }
}

fn version(book: &Book) -> Result<u32, StoreError> {
    book.conn()?
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|fault| sql::fault(book.path(), "Reading the book", fault))
}

/// Brings a book to the newest schema of the list: a backup beside the file, then one transaction, under one lock.
pub(in crate::store) fn run(
    book: &mut Book,
    list: &[Migration],
    patience: Duration,
    now: Instant,
) -> Result<Migrated, StoreError> {
    if ahead(list, version(book)?).next().is_none() {
        let version = version(book)?;
        return Ok(Migrated {
            from: version,
            to: version,
            done: Vec::new(),
            backup: None,
        });
    }
    book.held(patience, |book| {
        // Read again under the lock: a colleague may have been first.
        let from = version(book)?;
        let steps: Vec<&Migration> = ahead(list, from).collect();
        let folder = beside(book.path());
        let backup = book.back_up(&folder, Occasion::BeforeMigration, now)?;
        let path = book.path().to_owned();
        let to = apply(book.conn_mut()?, &steps, from)
            .map_err(|fault| sql::fault(&path, "Migrating the book", fault))?;
        Ok(Migrated {
            from,
            to,
            done: steps.iter().map(|step| step.what).collect(),
            backup: Some(backup),
        })
    })
}

fn apply(conn: &mut Connection, steps: &[&Migration], from: u32) -> rusqlite::Result<u32> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut version = from;
    for step in steps {
        (step.run)(&tx)?;
        version = step.to;
    }
    tx.pragma_update(None, "user_version", version)?;
    tx.commit()?;
    Ok(version)
}

/// At the opening of a book: migrates one of an older minor where nobody else holds a lock and the backup can be made. Whatever
/// stands against it, the book is worked on as it is.
pub(in crate::store) fn at_open(book: &mut Book, found: Header, list: &[Migration]) {
    let newest = list.last().map_or(found.user_version, |step| step.to);
    let is_older_minor = found.user_version < newest && found.user_version / 1000 == newest / 1000;
    let may_write = !book.opening.read_only && book.read_only().is_none();
    if is_older_minor && may_write {
        // `clinch book migrate` says what stands against it.
        let _ = run(book, list, Duration::ZERO, who::real_now());
    }
}
