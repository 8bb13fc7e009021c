//! An open book: create, open, commit, ask.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::domain::command::{Command, Origin, StepDraft, Which};
use crate::domain::id::{RecordId, StepId};
use crate::domain::known::{Known, KnownLine, WaitingLink};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Outcome, Receipt};
use crate::domain::records::Record;
use crate::domain::text::clean_line;
use crate::domain::time::{Instant, Zone};

use super::error::StoreError;
use super::patience::Pauses;
use super::query::{Answer, BookInfo, Query};
use super::schema::{self, Header};
use super::write::{self, Author, Stop};
use super::{filter_sql, hash, read, sql};

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

/// What was read of the book when it was opened.
#[derive(Clone, Debug)]
pub(super) struct Meta {
    pub book: StepId,
    pub epoch: i64,
    pub name: String,
    pub base: Currency,
    pub zone: Zone,
    pub fiscal_start: u32,
}

impl Meta {
    fn read(conn: &Connection) -> rusqlite::Result<Self> {
        conn.query_row(
            "SELECT id, epoch, name, base, zone, fiscal_start FROM book",
            [],
            |row| {
                Ok(Self {
                    book: row.get(0)?,
                    epoch: row.get(1)?,
                    name: row.get(2)?,
                    base: parsed(row, 3)?,
                    zone: parsed(row, 4)?,
                    fiscal_start: row.get(5)?,
                })
            },
        )
    }

    /// Whether the file is still the book that was opened: not restored from a backup, not migrated by a newer program.
    pub fn still_holds(&self, conn: &Connection) -> Result<(), Stop> {
        let (epoch, least_minor): (i64, u32) = conn
            .prepare_cached("SELECT epoch, least_minor FROM book")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let version: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if epoch != self.epoch {
            return Err(StoreError::invalid("The book was restored from a backup since it was opened: close it and open it again.").into());
        }
        if version / 1000 != schema::MAJOR {
            return Err(StoreError::invalid(
                "The book was migrated by a newer clinch since it was opened: install that one.",
            )
            .into());
        }
        if least_minor > schema::MINOR {
            // A newer minor may have added what an older program would leave out of step.
            return Err(StoreError::TooOld {
                need: format!("{}.{least_minor}", schema::MAJOR),
                known: format!("{}.{}", schema::MAJOR, schema::MINOR),
            }
            .into());
        }
        Ok(())
    }
}

fn parsed<T: std::str::FromStr>(row: &rusqlite::Row<'_>, place: usize) -> rusqlite::Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: String = row.get(place)?;
    text.parse().map_err(|fault: T::Err| {
        rusqlite::Error::FromSqlConversionFailure(
            place,
            rusqlite::types::Type::Text,
            fault.to_string().into(),
        )
    })
}

/// An open book. One process opens a file once; the app does it on the store thread ([`Handle`](super::handle::Handle)), the
/// shell and jobs directly.
#[derive(Debug)]
pub struct Book {
    conn: Connection,
    path: PathBuf,
    meta: Meta,
    author: Author,
    file: FileId,
    /// How long opening it may wait for a lock, and taking back what was left unfinished.
    patience: Duration,
}

impl Book {
    /// Makes a book where there is no file, and opens it. Nothing is overwritten; what was begun is removed on failure.
    pub fn create(path: &Path, new: &NewBook) -> Result<Self, StoreError> {
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
        std::fs::File::create_new(path).map_err(|fault| file("Making", fault))?;
        let made = make(path, new).map_err(|fault| sql::fault(path, "Making the book", fault));
        if let Err(fault) = made {
            for leftover in [path.to_owned(), journal_of(path)] {
                // Best effort: the fault that is reported is the one that made us stop.
                let _ = std::fs::remove_file(leftover);
            }
            return Err(fault);
        }
        Self::open(path)
    }

    /// Opens a book, after a look at its header; a file that is no book is not touched.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_patiently(path, PATIENCE)
    }

    /// [`open`](Self::open), waiting up to `patience` at each step that meets another program's lock.
    pub fn open_patiently(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        Header::read(path)?;
        let fault = |source| sql::fault(path, "Opening the book", source);
        // Some settings of a connection make SQLite read the schema, which needs the lock like any other read.
        let conn = Pauses::for_up_to(patience).run(|| connect(path).map_err(fault))?;
        let mode: String = Pauses::for_up_to(patience).run(|| {
            conn.pragma_update_and_check(None, "journal_mode", "PERSIST", |row| row.get(0))
                .map_err(fault)
        })?;
        if mode != "persist" {
            return Err(StoreError::JournalMode {
                path: path.to_owned(),
                mode,
            });
        }
        let meta = Pauses::for_up_to(patience).run(|| Meta::read(&conn).map_err(fault))?;
        Ok(Self {
            conn,
            path: path.to_owned(),
            meta,
            author: author(),
            file: file_id(path)?,
            patience,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The currency of sums.
    #[must_use]
    pub const fn base(&self) -> Currency {
        self.meta.base
    }

    /// The team's time zone.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.meta.zone
    }

    /// Judges a step in one transaction: all of it is in the book afterwards, or nothing. [`StoreError::Busy`] when another
    /// program holds the lock; trying again is safe.
    pub fn commit(&mut self, draft: &StepDraft) -> Result<Outcome, StoreError> {
        self.is_still_there()?;
        write::commit(&mut self.conn, &self.author, &self.meta, draft, real_now()).map_err(|stop| {
            match stop {
                Stop::Sql(fault) => sql::fault(&self.path, "Writing the step", fault),
                Stop::Store(fault) => fault,
            }
        })
    }

    /// Judges several steps in one transaction, in order: all of them are in the book afterwards, or none. Where one of them
    /// clashes, or finds nothing to undo, its outcome is the last of the answer and nothing was written.
    pub fn commit_all(&mut self, drafts: &[StepDraft]) -> Result<Vec<Outcome>, StoreError> {
        self.is_still_there()?;
        write::commit_all(&mut self.conn, &self.author, &self.meta, drafts, real_now()).map_err(
            |stop| match stop {
                Stop::Sql(fault) => sql::fault(&self.path, "Writing the steps", fault),
                Stop::Store(fault) => fault,
            },
        )
    }

    /// [`commit`](Self::commit), and while the book is locked again after growing, random pauses, for up to `patience`.
    pub fn commit_patiently(
        &mut self,
        draft: &StepDraft,
        patience: Duration,
    ) -> Result<Outcome, StoreError> {
        Pauses::for_up_to(patience).run(|| self.commit(draft))
    }

    /// Answers a question, in one read transaction.
    pub fn ask(&mut self, query: &Query) -> Result<Answer, StoreError> {
        read::answer(&mut self.conn, &self.meta, &self.path, query)
            .map_err(|stop| reading(&self.path, stop))
    }

    /// [`ask`](Self::ask), with the patience of [`commit_patiently`](Self::commit_patiently).
    pub fn ask_patiently(
        &mut self,
        query: &Query,
        patience: Duration,
    ) -> Result<Answer, StoreError> {
        Pauses::for_up_to(patience).run(|| self.ask(query))
    }

    /// What an import must know before it plans: every name and key, and the source records of these sources.
    /// [`StoreError::Importing`] while another import is under way: what that one has written so far may yet be taken back.
    pub fn known(&mut self, sources: &[String]) -> Result<Known, StoreError> {
        read::known::known(&mut self.conn, &self.meta, sources, still())
            .map_err(|stop| reading(&self.path, stop))
    }

    /// Whole records, in the trash or not; ids that are not in the book are left out.
    pub fn records(&mut self, entity: Entity, ids: &[RecordId]) -> Result<Vec<Record>, StoreError> {
        read::known::records(&mut self.conn, entity, ids).map_err(|stop| reading(&self.path, stop))
    }

    /// The product lines of these deals, in the trash or not.
    pub fn lines_of(&mut self, deals: &[RecordId]) -> Result<Vec<KnownLine>, StoreError> {
        read::known::lines_of(&mut self.conn, deals).map_err(|stop| reading(&self.path, stop))
    }

    /// Every link that waits for its record, in order of birth, but for those of records in the trash.
    pub fn waiting_links(&mut self) -> Result<Vec<WaitingLink>, StoreError> {
        read::waiting::links(&mut self.conn).map_err(|stop| reading(&self.path, stop))
    }

    /// Takes back the imports of this user on this host that were begun and never ended: their process is gone, and half an import
    /// is none. Returns what was taken back.
    pub fn take_back_unfinished(&mut self) -> Result<Vec<Receipt>, StoreError> {
        let author = self.author.clone();
        self.take_back(Some(&author))
    }

    /// [`take_back_unfinished`](Self::take_back_unfinished) of whatever user and host: before an import, which must not build on
    /// records that their own user takes back later.
    pub fn take_back_all_unfinished(&mut self) -> Result<Vec<Receipt>, StoreError> {
        self.take_back(None)
    }

    fn take_back(&mut self, author: Option<&Author>) -> Result<Vec<Receipt>, StoreError> {
        let groups = Pauses::for_up_to(self.patience).run(|| {
            read::known::unfinished_imports(&mut self.conn, author, still())
                .map_err(|stop| reading(&self.path, stop))
        })?;
        let mut receipts = Vec::new();
        for group in groups {
            let id = random_id();
            let draft = StepDraft {
                id,
                group: id,
                rep: None,
                at: real_now(),
                origin: Origin::Undo,
                label: None,
                import: None,
                commands: vec![Command::Undo(Which::Group(group))],
            };
            if let Outcome::Saved(receipt) = self.commit_patiently(&draft, self.patience)? {
                receipts.push(receipt);
            }
        }
        Ok(receipts)
    }

    /// The hash of all that the book says, with the ids of its records: equal before a step and after its undo, before a merge and
    /// after its split. Neither the trash nor derived values nor the log are in it.
    pub fn content_hash(&mut self) -> Result<String, StoreError> {
        hash::with_ids(&mut self.conn)
            .map_err(|fault| sql::fault(&self.path, "Hashing the book", fault))
    }

    /// [`content_hash`](Self::content_hash) without ids and without the order of cards: equal for two books that say the same,
    /// whoever came first.
    pub fn content_hash_without_ids(&mut self) -> Result<String, StoreError> {
        hash::without_ids(&mut self.conn)
            .map_err(|fault| sql::fault(&self.path, "Hashing the book", fault))
    }

    /// What the book says of itself without counting anything (its `counts` are empty): the same at any size. While the book is
    /// locked again after pauses, for up to `patience`.
    pub fn head(&mut self, patience: Duration) -> Result<BookInfo, StoreError> {
        Pauses::for_up_to(patience).run(|| {
            read::head(&mut self.conn, &self.meta, &self.path)
                .map_err(|stop| reading(&self.path, stop))
        })
    }

    /// A file that was deleted or replaced goes on being open, and what is written to it is lost.
    fn is_still_there(&self) -> Result<(), StoreError> {
        match file_id(&self.path) {
            Ok(found) if found == self.file => Ok(()),
            Ok(_) => Err(StoreError::Replaced {
                path: self.path.clone(),
            }),
            Err(fault) => Err(fault),
        }
    }

    /// A number that changes when another connection has committed since it was asked last.
    pub(super) fn data_version(&self) -> Result<i64, StoreError> {
        self.conn
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(|fault| sql::fault(&self.path, "Looking for changes", fault))
    }
}

fn reading(path: &Path, stop: Stop) -> StoreError {
    match stop {
        Stop::Sql(fault) => sql::fault(path, "Reading the book", fault),
        Stop::Store(fault) => fault,
    }
}

/// An import that has not written for so long has no process any more: batches follow each other within seconds, and wait a
/// minute for a lock at the most.
const STILL_MS: i64 = 600_000;

/// Since when an import must have written to count as under way.
pub(super) fn still() -> Instant {
    Instant::from_millis(real_now().millis() - STILL_MS)
}

/// How long opening waits for a lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Statements that are kept ready. A step of an import uses some forty.
const STATEMENTS: usize = 256;

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // Our own pauses are fair; SQLite's are not.
    conn.busy_timeout(Duration::ZERO)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without this SQLite plans a statement anew for every value that it is bound to, where a partial index might fit.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cache_size = -16000;",
    )?;
    filter_sql::register(&conn)?;
    Ok(conn)
}

/// What tells a file from another one that takes its place.
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(path: &Path) -> Result<FileId, StoreError> {
    use std::os::unix::fs::MetadataExt;
    match std::fs::metadata(path) {
        Ok(meta) => Ok((meta.dev(), meta.ino())),
        Err(fault) => Err(unreachable_file(path, fault)),
    }
}

#[cfg(not(unix))]
fn file_id(path: &Path) -> Result<FileId, StoreError> {
    std::fs::metadata(path)
        .map(|_| (0, 0))
        .map_err(|fault| unreachable_file(path, fault))
}

fn unreachable_file(path: &Path, source: std::io::Error) -> StoreError {
    match source.kind() {
        std::io::ErrorKind::NotFound => StoreError::Missing {
            path: path.to_owned(),
        },
        _ => StoreError::File {
            doing: "Reaching",
            path: path.to_owned(),
            source,
        },
    }
}

/// The journal that lies beside a book for good.
fn journal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-journal");
    name.into()
}

fn make(path: &Path, new: &NewBook) -> rusqlite::Result<()> {
    let mut conn = connect(path)?;
    conn.pragma_update(None, "page_size", 4096)?;
    // The journal is made here, before anybody else opens the book, and its mode never changes.
    conn.pragma_update_and_check(None, "journal_mode", "PERSIST", |_| Ok(()))?;
    let tx = conn.transaction()?;
    schema::make(&tx)?;
    tx.execute(
        "INSERT INTO book (one, id, epoch, least_minor, name, base, zone, fiscal_start, week_start, lock_style)
         VALUES (1, ?1, 1, 0, ?2, ?3, ?4, ?5, 1, 'posix')",
        (random_id(), clean_line(&new.name), new.base.code(), new.zone.name(), new.fiscal_start),
    )?;
    tx.commit()
}

/// 128 random bits: the id of a step or of a book.
#[must_use]
pub fn random_id() -> StepId {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // A system without randomness still has a clock and a process: unique here, if guessable.
        let stamp = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos()
            ^ (u128::from(std::process::id()) << 96);
        bytes = stamp.to_le_bytes();
    }
    StepId(bytes)
}

/// The real clock: for ids, lock waits and the time of a commit, never for what is on screen.
#[must_use]
pub fn real_now() -> Instant {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Who this process is: kept with every step, whether anybody said who they are or not.
fn author() -> Author {
    let of = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| std::env::var(name).ok())
            .map(|text| clean_line(&text))
            .filter(|text| !text.is_empty())
    };
    Author {
        os_user: of(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "unknown".to_owned()),
        host: host(),
    }
}

#[cfg(unix)]
fn host() -> String {
    clean_line(&rustix::system::uname().nodename().to_string_lossy())
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").map_or_else(|_| "unknown".to_owned(), |name| clean_line(&name))
}
