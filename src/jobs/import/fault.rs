//! What can end an import before its end.

use std::path::PathBuf;

use crate::exchange::plan::SheetFault;
use crate::exchange::read::ReadFault;
use crate::exchange::recognise::{RecogniseFault, VocabularyFault};
use crate::store::StoreError;

/// An import that was not carried out. The book is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportFault {
    /// A file cannot be opened or read.
    #[error("{} cannot be read: {source}.", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// What was named is no file.
    #[error("{} is a device, not a file. Name a file, or `-` for standard input.", .0.display())]
    Device(PathBuf),
    /// A file is no table.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// A table is not understood.
    #[error(transparent)]
    Recognise(#[from] RecogniseFault),
    /// A column is not understood.
    #[error(transparent)]
    Sheet(#[from] SheetFault),
    /// The program's own table of columns is wrong.
    #[error(transparent)]
    Vocabulary(#[from] VocabularyFault),
    /// Lines of the book's own form that this book cannot take. It is taken whole or not at all.
    #[error("Nothing was imported: {}.", lines.join("; "))]
    Own {
        /// The first of them, each with its file, line and reason, and how many more there are.
        lines: Vec<String>,
    },
    /// Tables and the book's own form in one import.
    #[error("{0} is in the book's own form and the others are not: import it by itself.")]
    Mixed(String),
    /// The same file is named twice.
    #[error("{0} is named twice. Name each file once.")]
    Twice(String),
    /// The rejected rows cannot be written. Nothing was imported.
    #[error("The rejected rows cannot be written to {}: {source}. Nothing was imported.", path.display())]
    Rejects {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The book refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The book refused, and what was committed before could not be taken back.
    #[error(
        "The import stopped ({}), and what it had written could not be taken back ({}): it is still in the book. `clinch undo` takes it back.",
        reason(first),
        reason(second)
    )]
    Stuck {
        /// Why the import stopped.
        first: Box<StoreError>,
        /// Why it could not be taken back.
        second: Box<StoreError>,
    },
    /// Somebody changed the same records between plan and commit, and the batch could not be judged.
    #[error("Somebody changed {0} at the same moment. Nothing was imported; try again.")]
    Clash(String),
}

/// Why a step was not written, without the comfort that all is as it was: earlier steps are in the book.
fn reason(fault: &StoreError) -> String {
    match fault {
        StoreError::Full => "the disk is full".to_owned(),
        other => other.to_string().trim_end_matches('.').to_owned(),
    }
}

impl ImportFault {
    /// Whether the files hold nothing that can be taken.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        match self {
            Self::Recognise(fault) => fault.is_nothing(),
            Self::Read(_) => true,
            _ => false,
        }
    }

    /// What to do about it, where the sentence does not say so already.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Store(fault) => fault.hint(),
            Self::Stuck { first, .. } => first.hint(),
            Self::Rejects { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Some("Name a file that is not there yet: nothing is overwritten.")
            }
            _ => None,
        }
    }
}
