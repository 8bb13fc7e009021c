//! A book's pages into another file, by SQLite's backup API, and the proof that they are there.
//!
//! The live file is read through the one connection that its process has, never by a copy of the file: closing any other handle
//! would drop this process's locks. The file that is written is nobody else's until it has its name, so it needs neither locks nor
//! a journal: where it cannot be finished it is removed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup as Pages, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::domain::id::StepId;
use crate::domain::time::Instant;

use super::super::error::StoreError;
use super::super::sql::{self, quoted};
use super::super::who::random_id;
use super::files::{self, Rights};
use super::name;

/// How many pages are read under one lock, where the copy is made in portions: 16 MiB.
pub(super) const PORTION: i32 = 4096;
/// Between two portions others have their turn.
pub(super) const PAUSE: Duration = Duration::from_millis(20);
/// A copy in portions begins anew when somebody wrote meanwhile. After so many times it is finished under one lock.
const ANEW: u32 = 3;

/// What must be the same of a book and its copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub book: StepId,
    pub epoch: i64,
    pub version: u32,
    pub seq: i64,
    pub steps: u64,
    pub pages: i64,
    /// The rows of every table, those of a newer minor among them.
    pub rows: Vec<(String, i64)>,
}

impl Marks {
    /// Reads them; in a transaction they are of one moment.
    pub fn of(conn: &Connection) -> rusqlite::Result<Self> {
        let (book, epoch) = conn.query_row("SELECT id, epoch FROM book", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        let count =
            |sql: &str| -> rusqlite::Result<i64> { conn.query_row(sql, [], |row| row.get(0)) };
        let tables: Vec<String> = conn
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut rows = Vec::with_capacity(tables.len());
        for table in tables {
            let number = count(&format!("SELECT count(*) FROM {}", quoted(&table)))?;
            rows.push((table, number));
        }
        Ok(Self {
            book,
            epoch,
            version: conn.pragma_query_value(None, "user_version", |row| row.get(0))?,
            seq: count("SELECT coalesce(max(seq), 0) FROM change")?,
            steps: count("SELECT count(*) FROM step")?.unsigned_abs(),
            pages: conn.pragma_query_value(None, "page_count", |row| row.get(0))?,
            rows,
        })
    }
}

/// A file that is being written. It is removed unless it gets its name.
#[derive(Debug)]
pub(super) struct Part {
    path: PathBuf,
    kept: bool,
}

impl Part {
    /// Makes an empty file for a book of that stem.
    pub fn make(
        folder: &Path,
        stem: &str,
        at: Instant,
        rights: Rights,
    ) -> Result<Self, StoreError> {
        let path = folder.join(name::part(stem, at, &random_id().to_string()));
        files::make(&path, rights)?;
        Ok(Self { path, kept: false })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Flushes the file and gives it its name.
    pub fn keep(mut self, as_path: &Path) -> Result<(), StoreError> {
        files::sync(&self.path)?;
        files::rename(&self.path, as_path)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.kept {
            // Best effort: what could not be finished is of no use, and a later backup removes what is left of it.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Opens a file that nobody writes to, without locks: on any drive, and though its folder may not be written.
pub(super) fn open_still(path: &Path) -> rusqlite::Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Opens a part to be written: nobody else knows of it.
pub(super) fn open_part(part: &Part) -> rusqlite::Result<Connection> {
    let conn = open(part.path(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // It is flushed once, when all of it is there; and there is nothing to go back to.
    conn.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")?;
    Ok(conn)
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if cfg!(unix) {
        Connection::open_with_flags_and_vfs(path, flags, "unix-none")
    } else {
        Connection::open_with_flags(path, flags)
    }
}

/// All pages under one lock: one moment of the book, with its marks.
pub(super) fn at_once(from: &mut Connection, part: &Part) -> rusqlite::Result<Marks> {
    let mut to = open_part(part)?;
    let moment = from.transaction()?;
    let marks = Marks::of(&moment)?;
    pages(&moment, &mut to)?;
    moment.commit()?;
    Ok(marks)
}

/// All pages of one database into another, as one transaction of that other one.
pub(super) fn pages(from: &Connection, to: &mut Connection) -> rusqlite::Result<()> {
    match Pages::new(from, to)?.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(busy()),
    }
}

/// In portions of so many pages, so that others can write in `between`. The marks are those of the book where nobody has written
/// since the last portion.
pub(super) fn in_portions(
    from: &mut Connection,
    part: &Part,
    portion: i32,
    mut between: impl FnMut(),
) -> rusqlite::Result<Option<Marks>> {
    let mut to = open_part(part)?;
    {
        let copy = Pages::new(from, &mut to)?;
        let (mut left, mut anew) = (i32::MAX, 0);
        loop {
            let size = if anew < ANEW { portion } else { -1 };
            match copy.step(size)? {
                StepResult::Done => break,
                StepResult::More => {
                    let now = copy.progress().remaining;
                    // No fewer pages are left than before the last portion: somebody wrote, and it began anew.
                    anew += u32::from(now >= left);
                    left = now;
                    between();
                }
                _ => return Err(busy()),
            }
        }
    }
    let copied: i64 = to.query_row("SELECT coalesce(max(seq), 0) FROM change", [], |row| {
        row.get(0)
    })?;
    let moment = from.transaction()?;
    let marks = Marks::of(&moment)?;
    moment.commit()?;
    Ok((marks.seq == copied).then_some(marks))
}

fn busy() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    rusqlite::Error::SqliteFailure(code, None)
}

/// Reads a file from its first page to its last, and gives its marks where it is whole.
pub(super) fn examine(path: &Path) -> Result<Marks, StoreError> {
    let fault = |source| sql::fault(path, "Reading the backup", source);
    let conn = open_still(path).map_err(fault)?;
    let said = unsound(&conn).map_err(fault)?;
    match said {
        None => Marks::of(&conn).map_err(fault),
        Some(what) => Err(StoreError::Damaged {
            path: path.to_owned(),
            what,
        }),
    }
}

/// The first thing that SQLite finds wrong with a database.
pub(super) fn unsound(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}

#[cfg(test)]
mod tests {
    use super::super::super::schema;
    use super::*;

    /// A database as big as some forty pages, and where it is.
    fn book(folder: &Path) -> (Connection, PathBuf) {
        let path = folder.join("team.db");
        let mut conn = Connection::open(&path).unwrap();
        let tx = conn.transaction().unwrap();
        schema::make(&tx).unwrap();
        tx.execute(
            "INSERT INTO book VALUES (1, zeroblob(16), 1, 0, 'T', 'USD', 'UTC', 1, 1, 'posix', NULL)",
            [],
        )
        .unwrap();
        tx.commit().unwrap();
        (conn, path)
    }

    fn part(folder: &Path) -> Part {
        let rights = Rights::like(folder, folder);
        Part::make(folder, "team", Instant::from_millis(0), rights).unwrap()
    }

    #[test]
    fn others_write_between_portions_and_the_copy_is_of_one_moment() {
        let dir = tempfile::TempDir::new().unwrap();
        let (mut conn, path) = book(dir.path());
        let other = Connection::open(&path).unwrap();
        let part = part(dir.path());
        let mut turns = 0;
        let marks = in_portions(&mut conn, &part, 10, || {
            turns += 1;
            if turns == 3 {
                other
                    .execute("INSERT INTO tag VALUES (1, 'deal', 1, 'a', 'a')", [])
                    .unwrap();
            }
        })
        .unwrap()
        .unwrap();
        assert!(turns > 4, "it began anew: {turns}");
        assert!(marks.rows.contains(&("tag".to_owned(), 1)));
        assert_eq!(examine(part.path()).unwrap(), marks);
    }

    #[test]
    fn where_others_never_stop_writing_it_is_finished_under_one_lock() {
        let dir = tempfile::TempDir::new().unwrap();
        let (mut conn, path) = book(dir.path());
        let other = Connection::open(&path).unwrap();
        let part = part(dir.path());
        let mut turns = 0;
        in_portions(&mut conn, &part, 10, || {
            turns += 1;
            other
                .execute("INSERT INTO tag VALUES (?1, 'deal', ?1, 'a', 'a')", [turns])
                .unwrap();
        })
        .unwrap();
        assert!(turns < 20, "{turns}");
        examine(part.path()).unwrap();
    }

    #[test]
    fn a_copy_that_lacks_a_row_does_not_pass() {
        let dir = tempfile::TempDir::new().unwrap();
        let (mut conn, _) = book(dir.path());
        let part = part(dir.path());
        let marks = at_once(&mut conn, &part).unwrap();
        assert_eq!(examine(part.path()).unwrap(), marks);
        open_part(&part)
            .unwrap()
            .execute("INSERT INTO setting VALUES ('a', 'b')", [])
            .unwrap();
        assert_ne!(examine(part.path()).unwrap(), marks);
    }

    #[test]
    fn what_is_not_kept_is_removed() {
        let dir = tempfile::TempDir::new().unwrap();
        let part = part(dir.path());
        let path = part.path().to_owned();
        assert!(path.exists());
        drop(part);
        assert!(!path.exists());
    }
}
