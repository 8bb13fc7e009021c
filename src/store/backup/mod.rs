//! Backups of a book: made by SQLite's backup API, verified before they have a name, thinned out, restored.
//!
//! | module | holds |
//! |---|---|
//! | this | making one |
//! | [`copy`] | a book's pages into another file, and the proof that they are there |
//! | [`files`] | files and folders with their rights |
//! | [`name`] | what a backup is called |
//! | [`list`] | the backups of a book in a folder |
//! | [`keep`] | which of them are no longer needed |
//! | [`plan`] | where they go by themselves, and how often |
//! | [`hold`] | the book's lock over several transactions |
//! | [`look`] | what a restore would change |
//! | [`restore`] | a backup in the place of the book |
//!
//! A backup is a book like any other: `clinch --book BACKUP` opens it. It is made into a file that ends in `.part`, read back from
//! its first page to its last, compared with the book at that moment (its id, epoch, schema, last `seq`, size, the rows of every
//! table), flushed, and only then named. So a file with the name of a backup is one.
//!
//! A book of up to [`AT_ONCE`] bytes is read under one lock. While that is held others can read, and their writes wait. A larger one
//! is backed up only when somebody asks, in portions between which others write; that begins anew when they do.

mod copy;
mod files;
mod hold;
mod keep;
mod list;
mod look;
mod name;
mod plan;
mod restore;

use std::path::{Path, PathBuf};

use crate::domain::id::StepId;
use crate::domain::time::Instant;

use super::Book;
use super::error::StoreError;
use super::patience::Pauses;
use super::sql;

pub use list::{Found, of_lost_book};
pub use look::{Difference, LostStep, Moved};
pub use name::Occasion;
pub(super) use plan::beside;
pub use plan::{Place, Plan};
pub use restore::{Restored, Restoring};

use copy::Part;
use files::Rights;
use name::Name;

/// Larger books are not backed up by themselves: 256 MiB.
pub const AT_ONCE: u64 = 256 << 20;

/// A backup of a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// The book that it is of.
    pub book: StepId,
    /// When it was made, in whole seconds of the real clock.
    pub at: Instant,
    /// Why it was made; `None` for a file that bears no backup's name.
    pub occasion: Option<Occasion>,
    /// The last `seq` in its log.
    pub seq: i64,
    /// Steps in its log.
    pub steps: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

impl Book {
    /// Makes a backup in a folder, which is made where it is not there. `now` is the real clock's. What cannot be read back the same
    /// is removed and is a fault; so is a full disk. The book is only read.
    pub fn back_up(
        &mut self,
        folder: &Path,
        occasion: Occasion,
        now: Instant,
    ) -> Result<Backup, StoreError> {
        let rights = Rights::like(self.path(), folder);
        files::make_folder(folder, self.path(), rights)?;
        let stem = stem(self.path());
        let part = Part::make(folder, &stem, now, rights)?;
        let marks = self.copy_to(&part)?;
        let found = copy::examine(part.path())?;
        if marks.as_ref().is_some_and(|marks| *marks != found) || found.book != self.meta.book {
            return Err(StoreError::BadBackup {
                path: part.path().to_owned(),
                what: "it did not read back as it was written, and was removed".to_owned(),
            });
        }
        let bytes = std::fs::metadata(part.path()).map_or(0, |meta| meta.len());
        let name = free_name(folder, stem, now, found.seq, occasion);
        let path = folder.join(name.file());
        part.keep(&path)?;
        Ok(Backup {
            path,
            book: found.book,
            at: name.at,
            occasion: Some(occasion),
            seq: found.seq,
            steps: found.steps,
            bytes,
        })
    }

    /// How big the book is, in bytes.
    pub(super) fn bytes(&self) -> Result<u64, StoreError> {
        self.conn()?
            .query_row(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
                [],
                |row| row.get::<_, i64>(0),
            )
            .map(i64::unsigned_abs)
            .map_err(|fault| sql::fault(self.path(), "Reading the book", fault))
    }

    fn copy_to(&mut self, part: &Part) -> Result<Option<copy::Marks>, StoreError> {
        let path = self.path().to_owned();
        Pauses::for_up_to(self.opening.patience).run(|| {
            let small = self.bytes()? <= AT_ONCE;
            let conn = self.conn_mut()?;
            if small {
                copy::at_once(conn, part).map(Some)
            } else {
                copy::in_portions(conn, part, copy::PORTION, || {
                    std::thread::sleep(copy::PAUSE);
                })
            }
            .map_err(|fault| sql::fault(&path, "Backing up the book", fault))
        })
    }
}

/// The book behind a link: whoever comes by whichever name finds the same backups.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The name of a book's file without its ending: what its backups begin with.
fn stem(path: &Path) -> String {
    real(path).file_stem().map_or_else(
        || "book".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

/// A name that no file has: that of the moment, or of the next second that is free.
fn free_name(folder: &Path, stem: String, now: Instant, seq: i64, occasion: Occasion) -> Name {
    let mut name = Name {
        stem,
        at: Instant::from_millis(now.millis() - now.millis().rem_euclid(1000)),
        seq,
        occasion,
    };
    while std::fs::symlink_metadata(folder.join(name.file())).is_ok() {
        name.at = Instant::from_millis(name.at.millis() + 1000);
    }
    name
}
