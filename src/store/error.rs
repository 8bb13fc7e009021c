//! What can go wrong with a book, in words that say what, why and what to do.

use std::path::PathBuf;

use crate::domain::id::RecordId;
use crate::domain::nouns::FieldDef;

use super::drive::Drive;

/// A fault of the store. Conflicts are no faults: they are an [`Outcome`](crate::domain::outcome::Outcome).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no file.
    #[error("There is no book at {}.", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file is there where a new book shall be made.
    #[error("{} is there already.", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is no book of clinch.
    #[error("{} is not a clinch book: {what}.", path.display())]
    NotABook {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// The file cannot be read as a database, or contradicts itself.
    #[error("The book {} is damaged: {what}.", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A newer clinch made it.
    #[error("The book {} has schema {found}, and this clinch reads up to {known}.x.", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The book's `major.minor`.
        found: String,
        /// The major that this program knows.
        known: u32,
    },
    /// It is in a journal mode that loses data where several share it.
    #[error("The book {} is in journal mode `{mode}`; clinch keeps books in `persist`.", path.display())]
    JournalMode {
        /// The file.
        path: PathBuf,
        /// The mode.
        mode: String,
    },
    /// The file was moved away or replaced while it was open.
    #[error("{} is not the file that was opened: it was moved or replaced; nothing was written.", path.display())]
    Replaced {
        /// Where the book was.
        path: PathBuf,
    },
    /// The drive under the book loses what it is given, or nobody knows whether it does.
    #[error("{} lies on {} ({}), where a book cannot be written safely. {}", path.display(), drive.mount.display(), drive.kind, drive.why.as_deref().unwrap_or_default())]
    Drive {
        /// The book.
        path: PathBuf,
        /// What it lies on, with why and the cure.
        drive: Box<Drive>,
    },
    /// The drive has no service for locks, or it has failed.
    #[error("The drive under {} keeps no locks: {what}.", path.display())]
    NoLocks {
        /// The book.
        path: PathBuf,
        /// The system's word.
        what: String,
    },
    /// The drive does not answer, or with faults. Whether the last write got through is not known: its step is looked for when the
    /// drive is back.
    #[error("The drive under {} cannot be reached, or fails: {what}.", path.display())]
    Unreachable {
        /// The book.
        path: PathBuf,
        /// SQLite's word.
        what: String,
    },
    /// Somebody works on the book alone, under a lease.
    #[error("{who} works alone on {}.", path.display())]
    Leased {
        /// The book.
        path: PathBuf,
        /// Who, on which machine.
        who: String,
    },
    /// The lease under which the book was worked on alone is somebody else's by now, or could not be renewed in time.
    #[error("{} is not ours alone any more: its lease was lost; nothing was written.", path.display())]
    LeaseLost {
        /// The book.
        path: PathBuf,
    },
    /// The book is locked in a way that this program does not know.
    #[error("The book {} is locked in the style `{style}`, which this clinch does not know.", path.display())]
    LockStyle {
        /// The book.
        path: PathBuf,
        /// The style.
        style: String,
    },
    /// Somebody else holds the book's lock. Trying again is safe.
    #[error("The book is locked by another program.")]
    Busy,
    /// Another import is under way, here or on another host, or was cut off only just now. Trying again is safe.
    #[error("An import of {file} is under way, or was cut off within the last ten minutes.")]
    Importing {
        /// The name of its file.
        file: String,
    },
    /// A step could not be kept, and so it was not sent: nothing may be called safe that is not.
    #[error("Nothing was written: the outbox {} cannot keep the step ({source}).", path.display())]
    Outbox {
        /// Its folder.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The drive has lost what it had taken: nothing more is written in this run.
    #[error("{what}")]
    Doubted {
        /// What was lost, in a sentence or two.
        what: String,
    },
    /// Somebody restored a backup while the book was open.
    #[error("The book was restored from a backup since it was opened: close it and open it again.")]
    Restored,
    /// Somebody made a record with the same key in the same moment. Trying again, with a new look at the book, is safe.
    #[error(
        "Somebody made the same record at the same moment, and nothing of this was written ({what})."
    )]
    Raced {
        /// SQLite's word for the key.
        what: String,
    },
    /// The file may not be written.
    #[error("The book cannot be written: {what}.")]
    ReadOnly {
        /// Why.
        what: String,
    },
    /// It was opened to be looked at only.
    #[error("The book cannot be written: {what}.")]
    OnlyLooked {
        /// Why, in a clause.
        what: &'static str,
    },
    /// A newer clinch works on it, and what this one would write would be out of step.
    #[error(
        "The book may be written by a clinch that knows schema {need} or newer; this one knows {known}."
    )]
    TooOld {
        /// The least schema that may write.
        need: String,
        /// The one that this program knows.
        known: String,
    },
    /// The disk is full.
    #[error("The disk is full; nothing was changed.")]
    Full,
    /// A file that cannot be restored.
    #[error("{} cannot be restored: {what}.", path.display())]
    BadBackup {
        /// The file.
        path: PathBuf,
        /// Why not.
        what: String,
    },
    /// A command asks for what the book's rules forbid.
    #[error("{what}")]
    Invalid {
        /// The field that is at fault, where it is one.
        field: Option<String>,
        /// A sentence.
        what: String,
    },
    /// A deal lacks what a stage requires of those that enter it.
    #[error("{what}")]
    Lacks {
        /// The deal.
        deal: RecordId,
        /// A sentence that names the deal, the stage and all that is missing.
        what: String,
        /// What is missing.
        fields: Vec<&'static FieldDef>,
    },
    /// A deal was to be won, and nobody said for how much, nor that nobody knows.
    #[error("{name} has no amount: for how much is it won?")]
    Unpriced {
        /// The deal.
        deal: RecordId,
        /// Its name.
        name: String,
    },
    /// A record that a command names is not there.
    #[error("There is no {noun} {id} in this book.")]
    NoRecord {
        /// Its noun.
        noun: String,
        /// Its id.
        id: String,
    },
    /// Anything else that SQLite reports.
    #[error("{doing} failed: {source}")]
    Sql {
        /// What was being done.
        doing: &'static str,
        /// SQLite's word.
        source: rusqlite::Error,
    },
    /// The file system refused.
    #[error("{doing} {} failed: {source}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The store thread has ended.
    #[error("The book was closed.")]
    Closed,
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Drive { drive, .. } => drive.cure.as_deref(),
            Self::NoLocks { .. } => Some(
                "Ask who looks after the share to start its lock service; `--read-only` looks at the book meanwhile.",
            ),
            Self::Unreachable { .. } => Some(
                "Try again when the drive is back; `clinch outbox list` then shows what did not get through.",
            ),
            Self::Outbox { .. } => Some(
                "Make room on the disk under it, or check the rights of the folder, and do it again.",
            ),
            Self::Doubted { .. } => {
                Some("Look at the book, and have the drive looked at; a new run writes again.")
            }
            Self::Restored => Some(
                "Nothing was changed; `clinch outbox list` shows what the backup does not have.",
            ),
            Self::Leased { .. } => Some(
                "Nothing was changed. Wait until they are done; `--read-only` looks at the book meanwhile. A lease whose holder is gone is found dead after 30 seconds.",
            ),
            Self::LeaseLost { .. } => {
                Some("Close the book and open it again; see who else works on it before you write.")
            }
            Self::LockStyle { .. } => {
                Some("It was not touched. Install the clinch that the others use.")
            }
            Self::Missing { .. } => {
                Some("`clinch book init` makes one; `--book FILE` or CLINCH_BOOK names another.")
            }
            Self::Exists { .. } => {
                Some("Name another file, or open that one with `clinch --book FILE`.")
            }
            Self::NotABook { .. } => Some("It was not touched. Name the book with `--book FILE`."),
            Self::Damaged { .. } => Some(
                "It was not touched. Copy it aside before anything else; `clinch book restore` brings back a backup.",
            ),
            Self::Newer { .. } => Some("It was not touched. Install a newer clinch."),
            Self::JournalMode { .. } => Some(
                "Another program changed it. `sqlite3 FILE 'PRAGMA journal_mode=persist'` sets it back while nobody has it open.",
            ),
            Self::Replaced { .. } => Some(
                "Close the book and open it again; look for what was there before in its folder.",
            ),
            Self::BadBackup { .. } => {
                Some("Nothing was changed. `clinch book backups` lists the backups of this book.")
            }
            Self::Busy | Self::Raced { .. } => Some("Nothing was changed; trying again is safe."),
            Self::Importing { .. } => Some(
                "Nothing was changed; try again when it has ended. One that was cut off is taken back after ten minutes, or at once by `clinch undo`.",
            ),
            Self::TooOld { .. } => {
                Some("Nothing was changed, and it can be read. Install a newer clinch to write.")
            }
            Self::OnlyLooked { .. } => Some("Do it again without `--read-only`."),
            Self::ReadOnly { .. } => Some("Check the rights of the file and of its folder."),
            Self::Full => Some("Make room and try again."),
            _ => None,
        }
    }

    /// What happened and what to do about it.
    #[must_use]
    pub fn in_full(&self) -> String {
        match self.hint() {
            Some(hint) => format!("{self} {hint}"),
            None => self.to_string(),
        }
    }

    /// Whether the book itself is missing, damaged, newer or not a book: it was not touched.
    #[must_use]
    pub const fn is_about_the_book(&self) -> bool {
        matches!(
            self,
            Self::Missing { .. }
                | Self::NotABook { .. }
                | Self::Damaged { .. }
                | Self::Newer { .. }
                | Self::JournalMode { .. }
                | Self::Replaced { .. }
                | Self::Restored
                | Self::BadBackup { .. }
        )
    }

    /// Whether it is certain that nothing was written and nothing remains to be decided. Where it is not, the step stays in the
    /// outbox and is looked up by its id.
    #[must_use]
    pub const fn is_certain(&self) -> bool {
        !matches!(
            self,
            Self::Unreachable { .. }
                | Self::Restored
                | Self::Damaged { .. }
                | Self::Sql { .. }
                | Self::File { .. }
                | Self::Closed
        )
    }

    /// An [`Invalid`](Self::Invalid) without a field.
    pub(crate) fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid {
            field: None,
            what: what.into(),
        }
    }
}
