//! An open book.

use std::path::Path;

use crate::domain::command::StepDraft;
use crate::domain::money::Currency;
use crate::domain::outcome::Outcome;
use crate::domain::time::Zone;

use super::error::StoreError;
use super::query::{Answer, Query};

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

/// An open book. One process opens a file once; the app does it on the store thread ([`Handle`](super::handle::Handle)), the
/// shell and jobs directly.
#[derive(Debug)]
pub struct Book {}

impl Book {
    /// Makes a book where there is no file, and opens it. Nothing is overwritten.
    pub fn create(path: &Path, new: &NewBook) -> Result<Self, StoreError> {
        let _ = (path, new);
        unimplemented!()
    }

    /// Opens a book, after a look at its header; a file that is no book is not touched.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let _ = path;
        unimplemented!()
    }

    /// Judges a step in one transaction: all of it is in the book afterwards, or nothing. [`StoreError::Busy`] when another
    /// program holds the lock; trying again is safe.
    pub fn commit(&mut self, draft: &StepDraft) -> Result<Outcome, StoreError> {
        let _ = draft;
        unimplemented!()
    }

    /// [`commit`](Self::commit), and while the book is locked again after growing, random pauses, for up to `patience`.
    pub fn commit_patiently(
        &mut self,
        draft: &StepDraft,
        patience: std::time::Duration,
    ) -> Result<Outcome, StoreError> {
        let _ = (draft, patience);
        unimplemented!()
    }

    /// Answers a question, in one read transaction.
    pub fn ask(&mut self, query: &Query) -> Result<Answer, StoreError> {
        let _ = query;
        unimplemented!()
    }
}
