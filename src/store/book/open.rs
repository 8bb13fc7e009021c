//! From a path to an open book: what is asked of the drive, how the connection is set up, how a new book is made.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::domain::money::Currency;
use crate::domain::text::clean_line;
use crate::domain::time::Zone;

use super::super::backup::Plan;
use super::super::drive::lease::{self, Lease, PACE};
use super::super::drive::{Drive, Manner, Nature, Trust};
use super::super::error::StoreError;
use super::super::outbox::Outboxes;
use super::super::patience::{Pauses, Turn};
use super::super::schema::migrate::{self, Migration};
use super::super::schema::{self, Header};
use super::super::side::Side;
use super::super::who::{author, random_id};
use super::super::write::Author;
use super::super::{filter_sql, sql, vfs};
use super::meta::Meta;
use super::{Book, Verified, proof, rights};

/// What a new book is told of its team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBook {
    /// Its name.
    pub name: String,
    /// The currency of sums.
    pub base: Currency,
    /// The team's time zone.
    pub zone: Zone,
    /// The month in which the fiscal year begins, 1 to 12.
    pub fiscal_start: u32,
}

/// The circumstances under which a book is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The book's file.
    pub path: PathBuf,
    /// How long each step of the opening may wait for another program's lock, and taking back what was left unfinished.
    pub patience: Duration,
    /// The folder of this user's outboxes, on a local disk; `None` keeps no step before it is sent.
    pub outboxes: Option<PathBuf>,
    /// How far the user trusts the drive.
    pub trust: Trust,
    /// Whether nothing shall be written.
    pub read_only: bool,
    /// How the book is backed up by itself; `None`: it is not.
    pub backups: Option<Plan>,
    /// For tests: the manner, whatever the drive is.
    #[cfg(test)]
    pub(crate) manner: Option<Manner>,
}

impl Opening {
    /// The usual circumstances: twenty seconds of patience, no outbox, the drive must be known to be good.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            patience: PATIENCE,
            outboxes: None,
            trust: Trust::default(),
            read_only: false,
            backups: None,
            #[cfg(test)]
            manner: None,
        }
    }

    /// How a book is worked on under these circumstances.
    fn manner_on(&self, drive: &Drive) -> Result<Manner, StoreError> {
        #[cfg(test)]
        if let Some(manner) = self.manner {
            return Ok(manner);
        }
        let asks = drive.nature == Nature::Unknown && self.trust == Trust::Ask;
        let proof = if asks { proof::look(&self.path) } else { None };
        drive
            .manner(self.trust, proof.as_ref())
            .or_else(|refused| match refused {
                // To look is always allowed: with locks where there are any, and without where there are none.
                _ if self.read_only => Ok(Manner::Alone),
                StoreError::Drive { drive, .. } => Err(StoreError::Drive {
                    path: self.path.clone(),
                    drive,
                }),
                other => Err(other),
            })
    }

    /// The lease of who works alone; who does not finds that nobody does.
    fn lease(&self, manner: Manner, me: &Author) -> Result<Option<Lease>, StoreError> {
        match manner {
            _ if self.read_only => Ok(None),
            Manner::Alone => Lease::take(&self.path, me, PACE).map(Some),
            Manner::Local | Manner::Share => {
                lease::must_be_free(&self.path, me, PACE).map(|()| None)
            }
        }
    }
}

impl Book {
    /// Makes a book where there is no file, and opens it. Nothing is overwritten; what was begun is removed on failure.
    pub fn create(path: &Path, new: &NewBook) -> Result<Self, StoreError> {
        Self::create_as(&Opening::of(path), new)
    }

    /// [`create`](Self::create), under these circumstances. A drive that a book may not be written on is refused before anything
    /// is made.
    pub fn create_as(opening: &Opening, new: &NewBook) -> Result<Self, StoreError> {
        let path = opening.path.as_path();
        if opening.read_only {
            return Err(StoreError::OnlyLooked {
                what: "there is none yet, and nothing shall be written",
            });
        }
        let file = |doing, source: std::io::Error| match source.kind() {
            std::io::ErrorKind::AlreadyExists => StoreError::Exists {
                path: path.to_owned(),
            },
            std::io::ErrorKind::NotFound => StoreError::invalid(format!(
                "The folder of {} is not there: make it first.",
                path.display()
            )),
            _ => StoreError::File {
                doing,
                path: path.to_owned(),
                source,
            },
        };
        if !(1..=12).contains(&new.fiscal_start) {
            return Err(StoreError::invalid(
                "The fiscal year begins with a month from 1 to 12.",
            ));
        }
        // What is there is the nearer reason: a device lies on no drive for books, either.
        if path.symlink_metadata().is_ok() {
            return Err(StoreError::Exists {
                path: path.to_owned(),
            });
        }
        let drive = Drive::of(path)?;
        let manner = opening.manner_on(&drive)?;
        std::fs::File::create_new(path).map_err(|fault| file("Making", fault))?;
        // SQLite makes the journal with the rights of the book.
        rights::give(path, drive.nature);
        let made =
            make(path, manner, new).map_err(|fault| sql::fault(path, "Making the book", fault));
        if let Err(fault) = made {
            for leftover in [path.to_owned(), schema::journal::beside(path)] {
                // Best effort: the fault that is reported is the one that made us stop.
                let _ = std::fs::remove_file(leftover);
            }
            return Err(fault);
        }
        rights::give(&schema::journal::beside(path), drive.nature);
        Self::open_as(opening)
    }

    /// Opens a book, after a look at its header; a file that is no book is not touched.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_as(&Opening::of(path))
    }

    /// [`open`](Self::open), under these circumstances.
    pub fn open_as(opening: &Opening) -> Result<Self, StoreError> {
        Self::open_at(opening, migrate::ALL)
    }

    /// [`open_as`](Self::open_as), and an older book stays as it is: for who looks whether it shall be migrated.
    pub fn open_to_migrate(opening: &Opening) -> Result<Self, StoreError> {
        Self::open_at(opening, &[])
    }

    /// [`open_as`](Self::open_as), with these migrations for an older book.
    pub(in crate::store) fn open_at(
        opening: &Opening,
        migrations: &[Migration],
    ) -> Result<Self, StoreError> {
        let path = opening.path.as_path();
        if vfs::is_open_here(path) {
            // Even the look at the header would take the locks of that connection away.
            return Err(StoreError::invalid(format!(
                "This process has the book {} open already.",
                path.display()
            )));
        }
        let header = Header::read(path)?;
        let drive = Drive::of(path)?;
        let mut manner = opening.manner_on(&drive)?;
        let me = author();
        let lease = opening.lease(manner, &me)?;
        let (conn, meta) = match connection(opening, manner, opening.patience) {
            // To look is always allowed, without locks where there are none.
            Err(StoreError::NoLocks { .. }) if opening.read_only => {
                manner = Manner::Alone;
                connection(opening, manner, opening.patience)?
            }
            connected => connected?,
        };
        let mut book = Self {
            conn: Some(conn),
            lease,
            file: file_id(path)?,
            side: Side::of(path),
            outboxes: opening
                .outboxes
                .as_deref()
                .map(|folder| Outboxes::of(folder, meta.book, path)),
            opening: opening.clone(),
            drive,
            manner,
            meta,
            author: me,
            doubt: None,
            damage: None,
            verified: Verified::default(),
            turn: Turn::default(),
        };
        migrate::at_open(&mut book, header, migrations);
        Ok(book)
    }

    /// Closes the connection and gives the lease back, so that the book can be opened anew beside what is left of this one: its
    /// outbox.
    pub(in crate::store) fn let_go(&mut self) {
        self.conn = None;
        self.lease = None;
    }

    /// Closes the connection and opens another one to the same book. Without success there is none.
    pub(super) fn connect_anew(&mut self, patience: Duration) -> Result<(), StoreError> {
        // The header is looked at while nothing is open: closing any handle of a file gives up the locks of all.
        self.conn = None;
        let path = self.opening.path.as_path();
        Header::read(path)?;
        let (conn, meta) = connection(&self.opening, self.manner, patience)?;
        if meta.book != self.meta.book {
            return Err(StoreError::Replaced {
                path: path.to_owned(),
            });
        }
        if meta.epoch != self.meta.epoch {
            return Err(StoreError::Restored);
        }
        // A drive that was away may show the same file under another number.
        self.file = file_id(path)?;
        self.conn = Some(conn);
        self.meta = meta;
        // What looked damaged may have been a cache's word: the new connection finds out for itself.
        self.damage = None;
        Ok(())
    }
}

/// A connection that is set up, and what the book says of itself.
fn connection(
    opening: &Opening,
    manner: Manner,
    patience: Duration,
) -> Result<(Connection, Meta), StoreError> {
    let path = opening.path.as_path();
    let fault = |source| sql::fault(path, "Opening the book", source);
    let patiently = || Pauses::for_up_to(patience);
    // Some settings of a connection make SQLite read the schema, which needs the lock like any other read.
    let conn = patiently().run(|| connect(path, manner, opening.read_only).map_err(fault))?;
    let mode: String = patiently().run(|| {
        conn.pragma_update_and_check(None, "journal_mode", "PERSIST", |row| row.get(0))
            .map_err(fault)
    })?;
    if mode != "persist" {
        return Err(StoreError::JournalMode {
            path: path.to_owned(),
            mode,
        });
    }
    let meta = patiently().run(|| Meta::read(&conn).map_err(fault))?;
    if meta.lock_style != LOCK_STYLE {
        return Err(StoreError::LockStyle {
            path: path.to_owned(),
            style: meta.lock_style,
        });
    }
    Ok((conn, meta))
}

/// How long opening waits for a lock.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Statements that are kept ready. A step of an import uses some forty.
const STATEMENTS: usize = 256;

/// How books are locked: SQLite's bytes, with locks of the system (`fcntl`, and what servers and Windows make of them).
const LOCK_STYLE: &str = "posix";

pub(super) fn connect(
    path: &Path,
    manner: Manner,
    read_only: bool,
) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | if read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE
        };
    let conn = match vfs::of(manner) {
        Some(name) => Connection::open_with_flags_and_vfs(path, flags, name)?,
        None => Connection::open_with_flags(path, flags)?,
    };
    // Our own pauses are fair; SQLite's are not.
    conn.busy_timeout(Duration::ZERO)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this SQLite plans a statement anew for every value that it is bound to, where a partial index might fit.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A column that is not there is a fault, not a text in double quotes.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    conn.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cache_size = -16000;",
    )?;
    filter_sql::register(&conn)?;
    Ok(conn)
}

/// What tells a file from another one that takes its place.
pub(super) type FileId = (u64, u64);

#[cfg(unix)]
pub(super) fn file_id(path: &Path) -> Result<FileId, StoreError> {
    use std::os::unix::fs::MetadataExt;
    match std::fs::metadata(path) {
        Ok(meta) => Ok((meta.dev(), meta.ino())),
        Err(fault) => Err(sql::unreached(path, "Reaching", fault)),
    }
}

#[cfg(not(unix))]
pub(super) fn file_id(path: &Path) -> Result<FileId, StoreError> {
    std::fs::metadata(path)
        .map(|_| (0, 0))
        .map_err(|fault| sql::unreached(path, "Reaching", fault))
}

fn make(path: &Path, manner: Manner, new: &NewBook) -> rusqlite::Result<()> {
    let mut conn = connect(path, manner, false)?;
    conn.pragma_update(None, "page_size", 4096)?;
    // The journal is made here, before anybody else opens the book, and its mode never changes.
    conn.pragma_update_and_check(None, "journal_mode", "PERSIST", |_| Ok(()))?;
    let tx = conn.transaction()?;
    schema::make(&tx)?;
    tx.execute(
        "INSERT INTO book (one, id, epoch, least_minor, name, base, zone, fiscal_start, week_start, lock_style)
         VALUES (1, ?1, 1, 0, ?2, ?3, ?4, ?5, 1, ?6)",
        (random_id(), clean_line(&new.name), new.base.code(), new.zone.name(), new.fiscal_start, LOCK_STYLE),
    )?;
    tx.commit()
}
