//! The store thread: it owns the book's one connection, so that nobody else ever waits for the disk.
//!
//! Two lanes lead to it. Writes are done in order and none is dropped. Reads have one slot a view: a newer question of a view
//! takes the place of one that was not answered yet. While the book is locked by another program the thread goes on answering
//! reads where it can and tries the write again after growing, random pauses. Dropping the handle finishes the writes that can be
//! finished and joins the thread.

use std::path::PathBuf;

use crate::domain::command::StepDraft;
use crate::domain::outcome::{Change, Outcome};
use crate::domain::time::Instant;

use super::error::StoreError;
use super::query::{Answer, BookInfo, Query};

/// Names a write to its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Names a place on the screen that shows an answer: a newer question of the same view replaces an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct View(pub u32);

/// How things stand between the app and the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Everything asked for is done.
    Fresh,
    /// A write waits for another program's lock, since that moment of the real clock.
    Waiting {
        /// Since when.
        since: Instant,
    },
    /// The file cannot be reached or read; what is on screen is from memory.
    Unreachable {
        /// Since when.
        since: Instant,
        /// The fault in words.
        what: String,
    },
}

/// What the store thread reports.
#[derive(Debug)]
pub enum Event {
    /// The book is open.
    Opened(Box<BookInfo>),
    /// It could not be opened; the thread has ended.
    NotOpened(StoreError),
    /// A write was judged.
    Written(Ticket, Result<Outcome, StoreError>),
    /// A question was answered.
    Read(View, Result<Answer, StoreError>),
    /// Somebody else (another process, or another seat) committed these.
    Others(Vec<Change>),
    /// How things stand has changed.
    Health(Health),
}

/// The way to the store thread. All its methods return at once.
#[derive(Debug)]
pub struct Handle {}

impl Handle {
    /// Starts the thread, which opens the book and then reports [`Event::Opened`] or [`Event::NotOpened`]. `report` is called on
    /// that thread and must not block.
    pub fn start(path: PathBuf, report: impl Fn(Event) + Send + 'static) -> Self {
        let _ = (path, report);
        unimplemented!()
    }

    /// Hands a step over. It is judged after all that were handed over before.
    pub fn write(&self, ticket: Ticket, draft: StepDraft) {
        let _ = (ticket, draft);
        unimplemented!()
    }

    /// Asks. Of several questions of one view only the newest is sure of an answer.
    pub fn read(&self, view: View, query: Query) {
        let _ = (view, query);
        unimplemented!()
    }

    /// Looks for others' changes now.
    pub fn check(&self) {
        unimplemented!()
    }

    /// Whether writes are on their way.
    #[must_use]
    pub fn pending(&self) -> usize {
        unimplemented!()
    }
}
