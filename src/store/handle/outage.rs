//! The drive is gone, or what was read of the book looks damaged: nothing is written then, what comes in is kept in the outbox, and
//! the drive is tried again after growing pauses.
//!
//! On a share damaged is not damaged yet: caches show pages of different moments for as long as a minute. Only what is still damaged
//! after the last pause is; on a local disk it is at once.

use std::time::{Duration, Instant};

use crate::domain::time::Instant as Moment;

use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::who::real_now;
use super::chores::Chores;
use super::keeper::Keeper;
use super::lanes::Waiting;
use super::others::Others;
use super::{Event, Health, LOCKS, open};

/// What a fault means for the work of the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The book cannot be reached now. Where its file is missing or another one, its folder may not be mounted.
    Gone,
    /// What was read contradicts itself.
    Damaged,
    /// The book has come out of a backup since it was opened.
    Restored,
    /// It is about what was asked for.
    None,
}

impl Trouble {
    pub fn of(fault: &StoreError) -> Self {
        match fault {
            StoreError::Unreachable { .. }
            | StoreError::NoLocks { .. }
            | StoreError::Missing { .. }
            | StoreError::Replaced { .. }
            | StoreError::NotABook { .. }
            | StoreError::File { .. } => Self::Gone,
            StoreError::Damaged { .. } => Self::Damaged,
            StoreError::Restored => Self::Restored,
            _ => Self::None,
        }
    }
}

/// A time without the book.
#[derive(Debug)]
pub(super) struct Outage {
    since: Moment,
    what: String,
    /// When the drive is tried again.
    pub at: Instant,
    tries: usize,
    /// The book looked damaged.
    doubt: bool,
    /// The drive is there again, and what waits is being done.
    returning: bool,
    /// The app is leaving, and the drive was tried for the last time.
    pub gave_up: bool,
}

impl Outage {
    fn new(doubt: bool) -> Self {
        Self {
            since: real_now(),
            what: String::new(),
            at: Instant::now(),
            tries: 0,
            doubt,
            returning: false,
            gave_up: false,
        }
    }

    /// Whether nothing can be done but to wait.
    pub const fn is_gone(&self) -> bool {
        !self.returning
    }

    /// Whether the book is read again, because it looked damaged.
    pub const fn doubts(&self) -> bool {
        self.doubt
    }

    pub fn health(&self) -> Health {
        Health::Unreachable {
            since: self.since,
            what: self.what.clone(),
        }
    }

    /// Waits for the next of these pauses.
    fn wait(&mut self, pauses: &[Duration]) {
        let pause = pauses.get(self.tries).or(pauses.last());
        self.at = Instant::now() + pause.copied().unwrap_or_default();
        self.tries += 1;
        self.returning = false;
    }
}

impl Keeper<'_> {
    /// The book cannot be reached, or is doubted.
    pub(super) fn lose(&mut self, fault: &StoreError, doubt: bool) {
        self.write_retry = None;
        self.read_retry = None;
        let outage = self.outage.get_or_insert_with(|| Outage::new(doubt));
        if outage.doubt != doubt {
            outage.doubt = doubt;
            outage.tries = 0;
        }
        outage.what = if doubt {
            format!("{fault} The drive may be showing what is long gone: it is read again.")
        } else {
            fault.to_string()
        };
        outage.gave_up = self.closing_since.is_some();
        outage.wait(if doubt {
            &self.pace.doubt
        } else {
            &self.pace.reach
        });
    }

    /// What was read looks damaged. Whether it is read again: on a share, as long as caches may lie.
    pub(super) fn suspect(&mut self, fault: &StoreError) -> bool {
        let doubted = self.outage.as_ref().filter(|outage| outage.doubt);
        let tries = doubted.map_or(0, |outage| outage.tries);
        let is_local = self.book.manner() == Manner::Local;
        if self.damaged.is_some() || is_local || tries >= self.pace.doubt.len() {
            self.outage = None;
            self.damaged = Some(match fault {
                StoreError::Damaged { what, .. } | StoreError::NotABook { what, .. } => {
                    what.clone()
                }
                other => other.to_string(),
            });
            return false;
        }
        self.lose(fault, true);
        true
    }

    /// What is answered to a write while the book is damaged.
    pub(super) fn damage(&self, what: &str) -> StoreError {
        StoreError::Damaged {
            path: self.book.path().to_owned(),
            what: what.to_owned(),
        }
    }

    /// Whether a fault at the opening is one of the book. What is no book at all may be a folder without its drive, unless the book
    /// looked damaged before.
    fn looks_damaged(&self, fault: &StoreError) -> bool {
        let doubts = self.outage.as_ref().is_some_and(Outage::doubts);
        match fault {
            StoreError::NotABook { .. } => doubts,
            other => Trouble::of(other) == Trouble::Damaged,
        }
    }

    /// Opens the book as if for the first time: nothing of what was known of it holds. What waits was meant for another book; its
    /// author is told, and it is offered with all that earlier runs have kept.
    pub(super) fn start_over(&mut self) {
        let opening = self.book.opening().clone();
        self.book.let_go();
        match self.watchdog.during(LOCKS, || open(&opening)) {
            Ok((book, head)) => {
                let waiting = std::mem::take(&mut self.shared.lanes().writes);
                for Waiting { ticket, draft, .. } in waiting {
                    // What cannot be kept is told not to be saved, like the rest.
                    let _ = self.book.keep(&draft);
                    self.say(Event::Written(ticket, Err(StoreError::Restored)));
                }
                // With the old connection its outbox is let go, so that what is in it can be offered.
                self.book = book;
                self.seen = head.seq;
                self.own.clear();
                self.data_version = None;
                self.others = Others::Not;
                self.chores = Chores::default();
                self.folding.throw_away();
                self.outage = None;
                self.damaged = None;
                self.say(Event::Opened(Box::new(head)));
            }
            Err(fault) => self.lose(&fault, false),
        }
    }

    /// Tries to reach the drive. What waits is done once it is there; others' changes are looked for first of all.
    pub(super) fn reach(&mut self) {
        let book = &mut self.book;
        match self.watchdog.during(LOCKS, || book.reconnect()) {
            Ok(()) => {
                self.data_version = None;
                self.others = Others::Not;
                self.chores.notice_again();
                if let Some(outage) = &mut self.outage {
                    outage.returning = true;
                }
                // Before anything is written: a drive that lost something is not written to again.
                match self.verify() {
                    Err(StoreError::Busy) => self.chores.verify_soon(),
                    Err(fault) => drop(self.is_trouble(&fault)),
                    Ok(()) => {}
                }
                self.shared.lanes().check = true;
            }
            Err(fault) if self.looks_damaged(&fault) => {
                self.suspect(&fault);
            }
            Err(StoreError::Restored) => self.start_over(),
            Err(fault) => {
                let doubt = self.outage.as_ref().is_some_and(Outage::doubts);
                self.lose(&fault, doubt);
            }
        }
    }
}
