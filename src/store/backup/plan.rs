//! Where backups go by themselves, and how often.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::domain::id::StepId;
use crate::domain::time::Instant;

use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::{Book, Opening};
use super::{AT_ONCE, Backup, Occasion, real, stem};

/// Where backups are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Beside a book on a local disk; on this computer where the book lies on a share, since twenty reps shall not each copy a big
    /// book onto it.
    #[default]
    Usual,
    /// In a folder beside the book: `team.backups` for `team.db`.
    Beside,
    /// On this computer, in a folder of its own for each book.
    Local,
    /// In this folder.
    Folder(PathBuf),
}

/// How a book is backed up by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Where to.
    pub place: Place,
    /// The folder on this computer that holds a folder for each book.
    pub local: PathBuf,
    /// How old the newest may be before another one is made; `None`: none is made by itself.
    pub every: Option<Duration>,
}

impl Plan {
    /// The folder for a book.
    #[must_use]
    pub fn folder(&self, book: &Book) -> PathBuf {
        self.folder_of(book.path(), book.manner(), book.meta.book)
    }

    fn folder_of(&self, path: &Path, manner: Manner, book: StepId) -> PathBuf {
        match &self.place {
            Place::Folder(folder) => folder.clone(),
            Place::Beside => beside(path),
            Place::Usual if manner == Manner::Local => beside(path),
            Place::Usual | Place::Local => self.local.join(book.to_string()),
        }
    }
}

/// The folder of backups beside a book.
#[must_use]
pub(in crate::store) fn beside(path: &Path) -> PathBuf {
    real(path).with_file_name(format!("{}.backups", stem(path)))
}

impl Book {
    /// Where this book's backups go, by the plan that it was opened with; beside it where there was none.
    #[must_use]
    pub fn backup_folder(&self) -> PathBuf {
        match &self.opening.backups {
            Some(plan) => plan.folder(self),
            None => beside(self.path()),
        }
    }

    /// Whether the book is too big to be backed up by itself.
    pub fn is_too_big_to_back_up(&self) -> Result<bool, StoreError> {
        Ok(self.bytes()? > AT_ONCE)
    }

    /// Makes a backup where the plan wants one by now, and thins out the older ones. `None`: none is due, the book is too
    /// big, or it was opened to be looked at only.
    pub fn back_up_if_due(&mut self, now: Instant) -> Result<Option<Backup>, StoreError> {
        match self.opening.backups.as_ref().and_then(|plan| plan.every) {
            // Who looks only reads what they look at, and not the whole book.
            _ if self.opening.read_only => Ok(None),
            Some(every) => self.back_up_if_older(every, now),
            None => Ok(None),
        }
    }

    /// [`back_up_if_due`](Self::back_up_if_due) with this interval.
    fn back_up_if_older(
        &mut self,
        every: Duration,
        now: Instant,
    ) -> Result<Option<Backup>, StoreError> {
        if self.is_too_big_to_back_up()? {
            return Ok(None);
        }
        let folder = self.backup_folder();
        let found = self.backups(&folder)?;
        if found
            .backups
            .first()
            .is_some_and(|newest| newest.is_younger_than(every, now))
        {
            return Ok(None);
        }
        let backup = self.back_up(&folder, Occasion::Usual, now)?;
        self.thin_out(&folder, now)?;
        Ok(Some(backup))
    }

    /// Makes a backup before a big import on a local disk. On a share undo stands in for it, and a book that is too big is left to
    /// undo too: `None`.
    pub fn back_up_before_import(&mut self, now: Instant) -> Result<Option<Backup>, StoreError> {
        let planned = self
            .opening
            .backups
            .as_ref()
            .is_some_and(|plan| plan.every.is_some());
        if !planned || self.manner() != Manner::Local || self.is_too_big_to_back_up()? {
            return Ok(None);
        }
        let folder = self.backup_folder();
        let backup = self.back_up(&folder, Occasion::BeforeImport, now)?;
        self.thin_out(&folder, now)?;
        Ok(Some(backup))
    }
}

impl Backup {
    /// Whether it is younger than that. One from a clock that was ahead is.
    #[must_use]
    pub fn is_younger_than(&self, every: Duration, now: Instant) -> bool {
        let age = now.millis() - self.at.millis();
        u128::try_from(age).map_or(true, |age| age < every.as_millis())
    }
}

/// The folders in which backups of a book may be that cannot be opened, so that neither its drive nor its id is known.
pub(super) fn folders_of_lost_book(opening: &Opening) -> Vec<PathBuf> {
    let mut folders = vec![beside(&opening.path)];
    if let Some(plan) = &opening.backups {
        if let Place::Folder(folder) = &plan.place {
            folders.push(folder.clone());
        }
        let own = std::fs::read_dir(&plan.local).into_iter().flatten();
        folders.extend(own.filter_map(|entry| Some(entry.ok()?.path())));
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_a_share_the_usual_place_is_this_computer() {
        let plan = |place| Plan {
            place,
            local: "/home/x/backups".into(),
            every: None,
        };
        let book = StepId([7; 16]);
        let of = |place, manner| plan(place).folder_of(Path::new("/srv/team.db"), manner, book);
        let local = Path::new("/home/x/backups").join("07".repeat(16));
        let beside = Path::new("/srv/team.backups");
        assert_eq!(of(Place::Usual, Manner::Local), beside);
        assert_eq!(of(Place::Usual, Manner::Share), local);
        assert_eq!(of(Place::Beside, Manner::Share), beside);
        assert_eq!(of(Place::Local, Manner::Local), local);
        let named = Place::Folder("/mnt/safe".into());
        assert_eq!(of(named, Manner::Share), Path::new("/mnt/safe"));
    }
}
