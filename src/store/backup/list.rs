//! The backups of a book in a folder, and thinning them out.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use rusqlite::Connection;

use crate::domain::id::StepId;
use crate::domain::time::{DAY_MS, Instant};

use super::super::error::StoreError;
use super::super::schema::Header;
use super::super::{Book, Opening};
use super::name::Name;
use super::{Backup, copy, keep, name, plan, stem};

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Backups, the newest first.
    pub backups: Vec<Backup>,
    /// Files that bear a backup's name of this book and cannot be read.
    pub unreadable: Vec<PathBuf>,
}

impl Book {
    /// The backups of this book in a folder: by its id, whatever they are called. Other books' files, other programs' and links are
    /// left alone. A folder that is not there holds none.
    pub fn backups(&self, folder: &Path) -> Result<Found, StoreError> {
        let mut found = all(folder, &stem(self.path()), Some(self.path()))?;
        found.backups.retain(|backup| backup.book == self.meta.book);
        Ok(found)
    }

    /// Removes those backups of this book from a folder that are no longer needed, and what a backup that was cut off left there
    /// more than a day ago. Gives those that went.
    pub fn thin_out(&self, folder: &Path, now: Instant) -> Result<Vec<PathBuf>, StoreError> {
        let own: Vec<(Backup, super::Occasion)> = self
            .backups(folder)?
            .backups
            .into_iter()
            .filter_map(|backup| {
                let occasion = backup.occasion?;
                Some((backup, occasion))
            })
            .collect();
        let ages: Vec<_> = own
            .iter()
            .map(|(backup, occasion)| (backup.at, *occasion))
            .collect();
        let mut gone: Vec<PathBuf> = keep::superfluous(&ages, now)
            .into_iter()
            .map(|place| own[place].0.path.clone())
            .collect();
        gone.extend(left_over(folder, &stem(self.path()), now)?);
        for path in &gone {
            match fs::remove_file(path) {
                // A colleague has thinned out at the same moment.
                Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {}
                removed => removed.map_err(|source| StoreError::File {
                    doing: "Removing",
                    path: path.clone(),
                    source,
                })?,
            }
        }
        Ok(gone)
    }
}

/// The backups of a book that cannot be opened, by their names: in this folder, or wherever its backups may be.
pub fn of_lost_book(opening: &Opening, folder: Option<&Path>) -> Result<Found, StoreError> {
    let stem = stem(&opening.path);
    let folders = folder.map_or_else(
        || plan::folders_of_lost_book(opening),
        |folder| vec![folder.to_owned()],
    );
    let mut found = Found::default();
    for folder in folders {
        let here = all(&folder, &stem, Some(&opening.path))?;
        found.unreadable.extend(here.unreadable);
        found
            .backups
            .extend(here.backups.into_iter().filter(|backup| {
                let name = backup.path.file_name().and_then(|name| name.to_str());
                name.and_then(Name::parse)
                    .is_some_and(|name| name.stem == stem)
            }));
    }
    found
        .backups
        .sort_by_key(|backup| std::cmp::Reverse((backup.at, backup.seq)));
    Ok(found)
}

/// The books in a folder that are not the live one, the newest first; of those that cannot be read, the ones that are called like
/// backups of `stem`.
pub(super) fn all(folder: &Path, stem: &str, live: Option<&Path>) -> Result<Found, StoreError> {
    let live = live.and_then(|path| fs::metadata(path).ok());
    let mut found = Found::default();
    for entry in entries(folder)? {
        let path = entry.path();
        // Not followed: a link is not a backup, and what it points to may be anything.
        let Ok(meta) = fs::symlink_metadata(&path) else {
            continue;
        };
        let is_db = path.extension().is_some_and(|end| end == "db");
        // The live book is never opened twice by one process: closing the second handle would drop the locks of the first.
        if !meta.is_file() || !is_db || live.as_ref().is_some_and(|live| is_same(live, &meta)) {
            continue;
        }
        let name = entry.file_name().to_str().and_then(Name::parse);
        match read(&path, name.as_ref(), &meta) {
            Ok(backup) => found.backups.push(backup),
            Err(_) if name.is_some_and(|name| name.stem == stem) => found.unreadable.push(path),
            Err(_) => {}
        }
    }
    found
        .backups
        .sort_by(|a, b| (b.at, b.seq, &b.path).cmp(&(a.at, a.seq, &a.path)));
    found.unreadable.sort();
    Ok(found)
}

#[cfg(unix)]
pub(super) fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
pub(super) fn is_same(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    // Without a number for the file, its size and both its times.
    let of = |meta: &fs::Metadata| (meta.len(), meta.modified().ok(), meta.created().ok());
    of(one) == of(other)
}

fn entries(folder: &Path) -> Result<Vec<DirEntry>, StoreError> {
    match fs::read_dir(folder) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read
            .and_then(Iterator::collect)
            .map_err(|source| StoreError::File {
                doing: "Looking into",
                path: folder.to_owned(),
                source,
            }),
    }
}

/// What a file says of itself, by its header and a few pages.
pub(super) fn read(
    path: &Path,
    name: Option<&Name>,
    meta: &fs::Metadata,
) -> Result<Backup, StoreError> {
    Header::read(path)?;
    let (book, seq, steps) = copy::open_still(path)
        .and_then(|conn| head(&conn))
        .map_err(|fault| super::sql::fault(path, "Reading the backup", fault))?;
    let changed = || {
        let since = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        i64::try_from(since.as_millis()).ok()
    };
    Ok(Backup {
        path: path.to_owned(),
        book,
        at: name.map_or_else(
            || Instant::from_millis(changed().unwrap_or_default()),
            |name| name.at,
        ),
        occasion: name.map(|name| name.occasion),
        seq,
        steps,
        bytes: meta.len(),
    })
}

fn head(conn: &Connection) -> rusqlite::Result<(StepId, i64, u64)> {
    conn.query_row(
        "SELECT id, (SELECT coalesce(max(seq), 0) FROM change), (SELECT coalesce(max(n), 0) FROM step) FROM book",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?.unsigned_abs())),
    )
}

/// Parts of backups that nobody finishes any more.
fn left_over(folder: &Path, stem: &str, now: Instant) -> Result<Vec<PathBuf>, StoreError> {
    let a_day_ago = u64::try_from(now.millis() - DAY_MS).unwrap_or_default();
    let is_old = |entry: &DirEntry| {
        let changed = entry.metadata().and_then(|meta| meta.modified()).ok();
        changed
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
            .is_some_and(|since| since.as_millis() < u128::from(a_day_ago))
    };
    Ok(entries(folder)?
        .into_iter()
        .filter(|entry| {
            let file = entry.file_name();
            file.to_str().is_some_and(|file| name::is_part(file, stem)) && is_old(entry)
        })
        .map(|entry| entry.path())
        .collect())
}
