//! A backup in the place of the book.
//!
//! A book that can be read stays the same file: under its lock the present state is backed up, and the backup's pages are written
//! over its own, as one transaction of SQLite. Whatever happens in between, the file says the old or the new. What is written is a
//! copy of the backup that has been made ready before: its epoch is greater than both, so that everybody who has the book open
//! notices at the next write and every outbox looks for its steps; what the book knows of its drive is kept, and so are the seats
//! with the last ids that they gave, so that no id is ever given twice.
//!
//! A book that is damaged, or is not there, gets a new file: what was there is moved aside together with its journal, and nothing is
//! deleted. The journal goes first: without it the damaged file is no worse, while a journal that stayed would be played back into
//! the file that takes the place.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use crate::domain::time::Instant;

use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::schema::{Header, journal};
use super::super::side::Mark;
use super::super::write::Stop;
use super::super::{Book, Opening, sql};
use super::copy::{self, Part};
use super::files::{self, Rights};
use super::list::is_same;
use super::look::{self, Difference};
use super::name::{Name, Occasion, stamp};
use super::{Backup, list, real, stem};

/// Where the epoch of a damaged book cannot be read, the next one lies so far ahead that nobody has seen it.
const UNKNOWN_EPOCHS: i64 = 1000;

/// A restore that has been looked into and not yet carried out.
#[derive(Debug)]
pub struct Restoring {
    opening: Opening,
    backup: Backup,
    live: Live,
}

/// What is in the place of the book.
#[derive(Debug)]
enum Live {
    /// A book, and what would change in it.
    Sound(Box<Book>, Difference),
    /// A file that cannot be read as one, why, and the open book where it could be opened all the same.
    Damaged(String, Option<Box<Book>>),
    /// Nothing.
    Missing,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The backup of the state that was replaced; `None` where it could not be read.
    pub before: Option<Backup>,
    /// Where a damaged book was moved to.
    pub aside: Option<PathBuf>,
    /// Steps that were in the book and are not any more.
    pub steps_gone: u64,
    /// The book's epoch from now on.
    pub epoch: i64,
}

impl Restoring {
    /// Looks at a backup and at the book whose place it shall take. Refused are damaged backups, those of another book or of a newer
    /// major, and books that are no damaged ones but another program's.
    pub fn look(opening: &Opening, from: &Path) -> Result<Self, StoreError> {
        if opening.read_only {
            return Err(StoreError::OnlyLooked {
                what: "it was opened to be looked at only",
            });
        }
        let backup = sound_backup(&opening.path, from)?;
        let live = match Book::open_as(opening) {
            Ok(book) => look_at(book, &backup)?,
            Err(StoreError::Missing { .. }) => Live::Missing,
            Err(fault) if is_beyond_reading(&opening.path, &fault) => {
                Live::Damaged(fault.to_string(), None)
            }
            Err(fault) => return Err(fault),
        };
        Ok(Self {
            opening: opening.clone(),
            backup,
            live,
        })
    }

    /// The backup.
    #[must_use]
    pub const fn backup(&self) -> &Backup {
        &self.backup
    }

    /// What would change; `None` where the book cannot be read.
    #[must_use]
    pub const fn difference(&self) -> Option<&Difference> {
        match &self.live {
            Live::Sound(_, difference) => Some(difference),
            Live::Damaged(..) | Live::Missing => None,
        }
    }

    /// Why the book cannot be read, where a file is there.
    #[must_use]
    pub fn damage(&self) -> Option<&str> {
        match &self.live {
            Live::Damaged(what, _) => Some(what),
            Live::Sound(..) | Live::Missing => None,
        }
    }

    /// Carries it out. `now` is the real clock's.
    pub fn run(self, now: Instant) -> Result<Restored, StoreError> {
        let Self {
            opening,
            backup,
            live,
        } = self;
        match live {
            Live::Sound(mut book, _) => {
                book.held(opening.patience, |book| in_place(book, &backup, now))
            }
            Live::Damaged(_, book) => instead(&opening, book, &backup, now),
            Live::Missing => anew(&opening, &backup, false, now),
        }
    }
}

/// Reads a backup from its first page to its last.
fn sound_backup(live: &Path, from: &Path) -> Result<Backup, StoreError> {
    let bad = |what: String| StoreError::BadBackup {
        path: from.to_owned(),
        what,
    };
    let meta = fs::metadata(from).map_err(|fault| bad(fault.to_string()))?;
    if fs::metadata(live).is_ok_and(|live| is_same(&live, &meta)) {
        return Err(bad("it is the book itself".to_owned()));
    }
    let name = from
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(Name::parse);
    let (backup, _) = Header::read(from)
        .and_then(|_| {
            Ok((
                list::read(from, name.as_ref(), &meta)?,
                copy::examine(from)?,
            ))
        })
        .map_err(|fault| match fault {
            StoreError::Damaged { what, .. } => bad(format!("it is damaged: {what}")),
            fault => bad(fault.to_string().trim_end_matches('.').to_owned()),
        })?;
    Ok(backup)
}

fn look_at(mut book: Book, backup: &Backup) -> Result<Live, StoreError> {
    if book.meta.book != backup.book {
        return Err(StoreError::BadBackup {
            path: backup.path.clone(),
            what: "it is of another book".to_owned(),
        });
    }
    let path = book.path().to_owned();
    let fault = |source| sql::fault(&path, "Comparing the book with its backup", source);
    let conn = book.conn_mut()?;
    let compared = copy::unsound(conn).and_then(|unsound| match unsound {
        Some(what) => Ok(Err(what)),
        None => copy::open_still(&backup.path)
            .and_then(|still| look::difference(conn, &still))
            .map(Ok),
    });
    match compared.map_err(fault) {
        Ok(Ok(difference)) => Ok(Live::Sound(Box::new(book), difference)),
        Ok(Err(what)) | Err(StoreError::Damaged { what, .. }) => Ok(Live::Damaged(
            format!("The book {} is damaged: {what}.", path.display()),
            Some(Box::new(book)),
        )),
        Err(fault) => Err(fault),
    }
}

/// Whether a file that cannot be opened is a damaged book, and not another program's or a newer one's.
fn is_beyond_reading(path: &Path, fault: &StoreError) -> bool {
    match fault {
        StoreError::Damaged { .. } => true,
        // A book whose first page is lost looks like any other file.
        StoreError::NotABook { .. } => begins_unlike_sqlite(path).unwrap_or(false),
        _ => false,
    }
}

fn begins_unlike_sqlite(path: &Path) -> std::io::Result<bool> {
    use std::io::Read;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(16).read_to_end(&mut bytes)?;
    Ok(bytes != b"SQLite format 3\0")
}

/// Over the pages of a book that is held.
fn in_place(book: &mut Book, backup: &Backup, now: Instant) -> Result<Restored, StoreError> {
    let path = book.path().to_owned();
    let fault = |source| sql::fault(&path, "Restoring the backup", source);
    book.is_still_there()?;
    book.meta
        .still_holds(book.conn()?)
        .map_err(|stop| match stop {
            Stop::Sql(source) | Stop::Commit(source) => fault(source),
            Stop::Store(other) => other,
        })?;
    let folder = book.backup_folder();
    let before = book.back_up(&folder, Occasion::BeforeRestore, now)?;
    let still = copy::open_still(&backup.path).map_err(fault)?;
    let steps_gone = look::steps_gone(book.conn()?, &still).map_err(fault)?;
    let part = Part::make(&folder, &stem(&path), now, Rights::like(&path, &folder))?;
    let epoch = make_ready(&part, &still, Some(book.conn()?)).map_err(fault)?;
    let ready = copy::open_still(part.path()).map_err(fault)?;
    let conn = book.conn_mut()?;
    conn.flush_prepared_statement_cache();
    if let Err(why) = copy::pages(&ready, conn).map_err(fault) {
        // Its last flush comes after the decision, as with any commit: whether it got through is looked up over a new connection.
        match book.reconnect() {
            Err(StoreError::Restored) => {}
            _ => return Err(why),
        }
    }
    // Who has it open looks at once, and not only when the book's own counter is due.
    let (mark, make) = (
        Mark {
            epoch,
            seq: backup.seq,
        },
        book.manner() != Manner::Local,
    );
    book.side().write(mark, make);
    Ok(Restored {
        before: Some(before),
        aside: None,
        steps_gone,
        epoch,
    })
}

/// In the place of a damaged book. Where that can be locked, nobody is in the middle of a write while it is moved aside; who has it
/// open notices at the next one that it is another file.
fn instead(
    opening: &Opening,
    book: Option<Box<Book>>,
    backup: &Backup,
    now: Instant,
) -> Result<Restored, StoreError> {
    if let Some(mut book) = book {
        match book.held(opening.patience, |_| Ok(())) {
            Ok(()) => return book.held(opening.patience, |_| anew(opening, backup, true, now)),
            Err(StoreError::Busy) => return Err(StoreError::Busy),
            // Too damaged for a lock.
            Err(_) => {}
        }
    }
    anew(opening, backup, true, now)
}

/// In a new file.
fn anew(
    opening: &Opening,
    backup: &Backup,
    is_there: bool,
    now: Instant,
) -> Result<Restored, StoreError> {
    // A link to the book stays a link to the book.
    let path = &real(&opening.path);
    let fault = |source| sql::fault(path, "Restoring the backup", source);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let rights = Rights::like(if is_there { path } else { &backup.path }, folder);
    let part = Part::make(folder, &stem(path), now, rights)?;
    let still = copy::open_still(&backup.path).map_err(fault)?;
    let epoch = make_ready(&part, &still, None).map_err(fault)?;
    let aside = if is_there {
        Some(move_aside(path, now)?)
    } else {
        None
    };
    // An old journal without its book must not be played back into the new one, and a new book has its journal from the start.
    let journal = journal::beside(path);
    if fs::symlink_metadata(&journal).is_ok() {
        files::rename(
            &journal,
            &with_end(path, &format!(".damaged-{}-journal", stamp(now))),
        )?;
    }
    files::make(&journal, rights)?;
    part.keep(path)?;
    Ok(Restored {
        before: None,
        aside,
        steps_gone: 0,
        epoch,
    })
}

/// Moves a damaged book aside, its journal first, and gives its new place.
fn move_aside(path: &Path, now: Instant) -> Result<PathBuf, StoreError> {
    let mut at = now;
    let aside = loop {
        let aside = with_end(path, &format!(".damaged-{}", stamp(at)));
        let taken = |path: &Path| fs::symlink_metadata(path).is_ok();
        if !taken(&aside) && !taken(&journal::beside(&aside)) {
            break aside;
        }
        at = Instant::from_millis(at.millis() + 1000);
    };
    let journal = journal::beside(path);
    if fs::symlink_metadata(&journal).is_ok() {
        files::rename(&journal, &journal::beside(&aside))?;
    }
    files::rename(path, &aside)?;
    Ok(aside)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// A copy of the backup as it shall be in the place of the book. Gives its epoch.
fn make_ready(part: &Part, still: &Connection, live: Option<&Connection>) -> rusqlite::Result<i64> {
    let mut ready = copy::open_part(part)?;
    copy::pages(still, &mut ready)?;
    let tx = ready.transaction()?;
    let epoch: i64 = tx.query_row("SELECT epoch FROM book", [], |row| row.get(0))?;
    let epoch = match live {
        None => epoch + UNKNOWN_EPOCHS,
        Some(live) => {
            keep_seats(&tx, live)?;
            let (theirs, lock_style, drive): (i64, String, Option<String>) =
                live.query_row("SELECT epoch, lock_style, drive FROM book", [], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            tx.execute(
                "UPDATE book SET lock_style = ?1, drive = ?2",
                (lock_style, drive),
            )?;
            epoch.max(theirs) + 1
        }
    };
    tx.execute("UPDATE book SET epoch = ?1", [epoch])?;
    tx.commit()?;
    Ok(epoch)
}

/// Every seat goes on from the last id that it gave, and a seat that was taken since stays taken.
fn keep_seats(tx: &Connection, live: &Connection) -> rusqlite::Result<()> {
    let mut seats = live.prepare("SELECT number, os_user, host, last_id, last_seen FROM seat")?;
    let mut rows = seats.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let (user, host): (String, String) = (row.get(1)?, row.get(2)?);
        let (last_id, last_seen): (i64, i64) = (row.get(3)?, row.get(4)?);
        let known = tx
            .query_row(
                "SELECT os_user, host FROM seat WHERE number = ?1",
                [number],
                |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
            )
            .optional()?;
        if known.is_none() {
            // Where the user has another number in the backup, that one holds.
            tx.execute(
                "INSERT INTO seat (number, os_user, host, last_id, last_seen) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                (number, &user, &host, last_id, last_seen),
            )?;
        } else {
            // Whoever had the number: its ids are taken.
            tx.execute(
                "UPDATE seat SET last_id = max(last_id, ?2), last_seen = max(last_seen, ?3) WHERE number = ?1",
                (number, last_id, last_seen),
            )?;
        }
    }
    Ok(())
}
