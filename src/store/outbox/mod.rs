//! The outbox: every step is put here, flushed to a local disk, before it is sent to the book, so that neither a crash nor a drive
//! can lose it. Afterwards the book is asked whether it has what it acknowledged.
//!
//! | module | holds |
//! |---|---|
//! | this | the outboxes of one user for one book |
//! | [`file`](mod@file) | one of them, under its lock: appending, tidying |
//! | [`step`] | its steps, and how each stands |
//! | [`line`](mod@line) | a line with its checksum |
//!
//! A process takes the first outbox that nobody has, so that there are as many as there ever were processes at once; what a
//! process left is found by whoever comes after it.

mod file;
mod line;
mod step;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::command::StepDraft;
use crate::domain::id::StepId;
use crate::domain::time::Instant;

use super::error::StoreError;
use super::who::real_now;

pub(super) use file::Outbox;
pub(super) use line::{Body, Entry, Taken};
pub(super) use step::{State, Step, is_of_the_last};

const DAY_MS: i64 = 86_400_000;

/// The outboxes of one user for one book.
#[derive(Debug)]
pub(super) struct Outboxes {
    folder: PathBuf,
    /// The book's id.
    id: StepId,
    /// Where the book lies.
    book: PathBuf,
    /// The number of the one of this process, once it has one.
    number: Option<u32>,
    /// That one, where it is not borrowed.
    own: Option<Outbox>,
    /// What the book said of steps that it has no more, wherever they are kept: for when they are written again.
    had: HashMap<StepId, Taken>,
}

impl Outboxes {
    /// Those of a book, in the folder of all outboxes. Nothing is touched yet.
    pub fn of(folder: &Path, book: StepId, place: &Path) -> Self {
        Self {
            folder: folder.join(book.to_string()),
            id: book,
            book: fs::canonicalize(place).unwrap_or_else(|_| place.to_owned()),
            number: None,
            own: None,
            had: HashMap::new(),
        }
    }

    /// The same outboxes for somebody else in this process, who takes one of their own. Nothing is asked of the drive.
    pub fn another(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            id: self.id,
            book: self.book.clone(),
            number: None,
            own: None,
            had: HashMap::new(),
        }
    }

    /// Keeps a step, flushed; not again where it is kept already.
    pub fn keep(&mut self, draft: &StepDraft, now: Instant) -> Result<(), StoreError> {
        let kept = self.own().and_then(|own| {
            let body = step::body_of(draft);
            match own.steps().get(draft.id) {
                Some(known) if known.state != State::Settled && known.body == body => Ok(()),
                _ => own.keep(Entry::Kept { at: now, body }),
            }
        });
        kept.map_err(|fault| self.fault(fault))
    }

    /// Marks a step of this process. A mark that cannot be written is no fault: its step is looked up by and by.
    pub fn mark(&mut self, entry: Entry) {
        if let Some(own) = &mut self.own {
            let _ = own.mark(vec![entry]);
        }
    }

    /// A step of this process, if it is kept.
    pub fn get(&self, step: StepId) -> Option<&Step> {
        self.own.as_ref()?.steps().get(step)
    }

    /// Remembers what the book said of a step that it has no more.
    pub fn remember(&mut self, step: StepId, taken: Taken) {
        self.had.insert(step, taken);
    }

    /// What the book said of a step that it has no more.
    pub fn had(&self, step: StepId) -> Option<&Taken> {
        let kept = self.get(step).and_then(|step| step.taken.as_ref());
        self.had.get(&step).or(kept)
    }

    /// The numbers of all outboxes that there are.
    pub fn numbers(&self) -> Result<Vec<u32>, StoreError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|fault| self.fault(fault))?,
        };
        let mut numbers: Vec<u32> = entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Does something with every outbox that no other process has.
    pub fn each(
        &mut self,
        mut act: impl FnMut(&mut Outbox) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for number in self.numbers()? {
            if let Some(mut outbox) = self.borrow(number)? {
                let done = act(&mut outbox);
                self.give_back(number, outbox, real_now());
                done?;
            }
        }
        Ok(())
    }

    /// Borrows an outbox: that of this process, or one that nobody has. `None` where another process has it. It must be
    /// [given back](Self::give_back).
    pub fn borrow(&mut self, number: u32) -> Result<Option<Outbox>, StoreError> {
        if self.number == Some(number) {
            return Ok(self.own.take());
        }
        Outbox::take(&self.at(number), self.id, &self.book).map_err(|fault| self.fault(fault))
    }

    /// Ends a [`borrow`](Self::borrow). The first outbox that comes back is that of this process from then on; the others are free
    /// again.
    pub fn give_back(&mut self, number: u32, mut outbox: Outbox, now: Instant) {
        // One that cannot be tidied now is tidied later.
        let _ = outbox.tidy(now.millis() / DAY_MS);
        if !outbox.moved() && *self.number.get_or_insert(number) == number {
            self.own = Some(outbox);
        }
    }

    /// That of this process, taken now if need be.
    fn own(&mut self) -> io::Result<&mut Outbox> {
        let own = if let Some(own) = self.own.take() {
            own
        } else {
            let (number, own) = self.first_free()?;
            self.number = Some(number);
            own
        };
        Ok(self.own.insert(own))
    }

    fn first_free(&self) -> io::Result<(u32, Outbox)> {
        let mut number = 0;
        loop {
            match Outbox::take(&self.at(number), self.id, &self.book)? {
                Some(outbox) if !outbox.moved() => return Ok((number, outbox)),
                _ => {}
            }
            number += 1;
        }
    }

    fn at(&self, number: u32) -> PathBuf {
        self.folder.join(number.to_string())
    }

    fn fault(&self, source: io::Error) -> StoreError {
        StoreError::Outbox {
            path: self.folder.clone(),
            source,
        }
    }
}
