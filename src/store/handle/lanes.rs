//! What waits for the store thread, and the two condition variables that wake it and those who wait for its end.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::InterruptHandle;

use crate::domain::command::StepDraft;
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;

use super::super::book::Book;
use super::super::outbox::Outboxes;
use super::super::query::Query;
use super::super::who::real_now;
use super::finder::ToTell;
use super::{Event, Ticket, View};

/// A write that was not judged yet.
#[derive(Debug)]
pub(super) struct Waiting {
    pub ticket: Ticket,
    pub draft: StepDraft,
    /// Whether it is in the outbox already, or was found not to go into one.
    pub kept: bool,
    /// It was kept for the store thread, in another outbox than the book's.
    pub stood_in: bool,
    /// It is of an earlier run, and goes on being offered where it cannot be written.
    pub offered: bool,
}

/// So often in a row a question is given up for a newer one of its view; after that it is answered to its end, so that somebody who
/// goes on asking gets an answer at all.
const GIVEN_UP: u32 = 2;

/// The question that the store thread is answering.
pub(super) struct Asking {
    pub view: View,
    /// Ends the statement under way. It does nothing where none is, and nothing to one that begins later: so nothing but a question is
    /// ever ended, and one that is between two statements goes on.
    pub stop: InterruptHandle,
    /// How often in a row one of this view was given up.
    pub given_up: u32,
    /// It is ended when others ask, and asked again after them.
    pub makes_way: bool,
    /// Nobody waits for the answer any more.
    pub unwanted: bool,
    /// It was ended for others.
    pub made_way: bool,
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking")
            .field("view", &self.view)
            .field("unwanted", &self.unwanted)
            .field("made_way", &self.made_way)
            .finish_non_exhaustive()
    }
}

impl Asking {
    fn give_up(&mut self) {
        self.unwanted = true;
        self.stop.interrupt();
    }
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// In order; the front one stays here while it is tried.
    pub writes: VecDeque<Waiting>,
    /// At most one a view.
    pub reads: VecDeque<(View, Query)>,
    /// What the finder has found: at most one a view.
    pub found: VecDeque<ToTell>,
    /// Records in the folded copy that lack a name of what they refer to.
    pub lacking: Vec<(Entity, RecordId)>,
    /// So much of the folded copy has changed that it is to be read anew.
    pub worn: bool,
    /// Set while the store thread reads for a view, and for no moment longer.
    pub asking: Option<Asking>,
    /// Steps whose author does not want them any more.
    pub unwanted: Vec<StepId>,
    /// Others may have written.
    pub check: bool,
    /// The user asks for a look now.
    pub asked: bool,
    pub life: Life,
}

/// How far the store thread is with its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Life {
    #[default]
    Running,
    /// It is to finish what can be finished.
    Closing,
    Ended,
}

impl Lanes {
    /// Asks. A newer question takes the place of an older one of its view, also of one that is being answered; one of another view goes
    /// before what makes way.
    pub fn ask(&mut self, view: View, query: Query) {
        match self.reads.iter_mut().find(|(waiting, _)| *waiting == view) {
            Some((_, older)) => *older = query,
            None => self.reads.push_back((view, query)),
        }
        match &mut self.asking {
            Some(older) if older.view == view && older.given_up < GIVEN_UP => older.give_up(),
            Some(other) if other.view != view && other.makes_way => {
                other.made_way = true;
                other.stop.interrupt();
            }
            _ => {}
        }
    }

    /// Nobody waits any more for what these views ask.
    pub fn forgo(&mut self, views: &[View]) {
        self.reads.retain(|(view, _)| !views.contains(view));
        let asking = self.asking.as_mut();
        if let Some(asking) = asking.filter(|asking| views.contains(&asking.view)) {
            asking.give_up();
        }
    }

    /// Whether the thread is to end.
    pub fn close(&self) -> bool {
        self.life != Life::Running
    }

    /// Tells the thread to end, unless it has.
    pub fn close_up(&mut self) {
        if self.life == Life::Running {
            self.life = Life::Closing;
            if let Some(asking) = &mut self.asking {
                asking.give_up();
            }
        }
    }

    /// The first write that is not kept yet.
    pub fn unkept(&self) -> Option<(Ticket, StepDraft)> {
        let waiting = self.writes.iter().find(|waiting| !waiting.kept)?;
        Some((waiting.ticket, waiting.draft.clone()))
    }

    /// Notes that a write was kept for the store thread, or could not be.
    fn stood_in_for(&mut self, ticket: Ticket, kept: bool) {
        if let Some(waiting) = self.writes.iter_mut().find(|known| known.ticket == ticket) {
            waiting.kept = true;
            waiting.stood_in = kept;
        }
    }

    /// Notes that a write needs no keeping any more.
    pub fn is_kept(&mut self, ticket: Ticket) {
        if let Some(waiting) = self.writes.iter_mut().find(|known| known.ticket == ticket) {
            waiting.kept = true;
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Shared {
    lanes: Mutex<Lanes>,
    /// Something waits for the store thread.
    pub wake: Condvar,
    /// The store thread has ended.
    pub gone: Condvar,
    /// When somebody last used the app, in milliseconds of the real clock.
    used: AtomicI64,
    /// The outboxes of the book.
    outbox: Mutex<Option<Outboxes>>,
}

impl Shared {
    /// A thread that panicked while it held the lanes left them whole: every change of them is one push or pop.
    pub fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what waits, and wakes the store thread.
    pub fn put(&self, change: impl FnOnce(&mut Lanes)) {
        change(&mut self.lanes());
        self.wake.notify_one();
    }

    /// Does what the store thread cannot while a drive holds it up.
    ///
    /// What waits goes into an outbox of its own, since that of the book is the store thread's. Where the book takes a step after
    /// all, it is found there by its id and not offered.
    pub fn stand_in(&self, report: &(dyn Fn(Event) + Send + Sync)) {
        let place = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut outbox) = place.as_ref().map(Outboxes::another) else {
            return;
        };
        loop {
            // Kept without the lanes, which the app waits for.
            let Some((ticket, draft)) = self.lanes().unkept() else {
                return;
            };
            let kept = outbox.keep(&draft, real_now());
            self.lanes().stood_in_for(ticket, kept.is_ok());
            report(match kept {
                Ok(()) => Event::Kept(ticket),
                Err(fault) => Event::NotKept(ticket, fault),
            });
        }
    }

    /// Knows from now on where the outboxes of a book are.
    pub fn know(&self, book: &Book) {
        *self.outbox.lock().unwrap_or_else(PoisonError::into_inner) = book.more_outboxes();
    }

    /// Whether there is an outbox to keep anything in.
    pub fn keeps(&self) -> bool {
        let place = self.outbox.lock().unwrap_or_else(PoisonError::into_inner);
        place.is_some()
    }

    /// Somebody uses the app.
    pub fn used(&self) {
        self.used.store(real_now().millis(), Ordering::Relaxed);
    }

    /// Whether somebody used the app within that time.
    pub fn in_use(&self, within: Duration) -> bool {
        let idle = real_now().millis() - self.used.load(Ordering::Relaxed);
        u128::try_from(idle).is_ok_and(|idle| idle < within.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::command::Origin;
    use crate::store::{NewBook, Opening, StoreError};

    fn draft(number: u8) -> StepDraft {
        let id = StepId([number; 16]);
        StepDraft {
            id,
            group: id,
            rep: None,
            at: real_now(),
            origin: Origin::Human,
            label: None,
            import: None,
            commands: Vec::new(),
        }
    }

    /// A new book in a folder, and two writes that wait for it.
    fn two_wait(folder: &Path) -> (Opening, Book, Shared) {
        let opening = Opening {
            outboxes: Some(folder.join("outbox")),
            ..Opening::of(&folder.join("team.db"))
        };
        let new = NewBook {
            name: "T".into(),
            base: "USD".parse().unwrap(),
            zone: chrono_tz::UTC,
            fiscal_start: 1,
        };
        let book = Book::create_as(&opening, &new).unwrap();
        let shared = Shared::default();
        shared.know(&book);
        for number in 1..3 {
            shared.lanes().writes.push_back(Waiting {
                ticket: Ticket(number.into()),
                draft: draft(number),
                kept: false,
                stood_in: false,
                offered: false,
            });
        }
        (opening, book, shared)
    }

    fn stand_in(shared: &Shared) -> Vec<Event> {
        let (report, events) = std::sync::mpsc::channel();
        shared.stand_in(&move |event| report.send(event).unwrap());
        events.iter().collect()
    }

    #[test]
    fn what_a_stand_in_cannot_keep_either_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let (_, _book, shared) = two_wait(dir.path());
        std::fs::write(dir.path().join("outbox"), "no folder").unwrap();
        assert!(matches!(
            stand_in(&shared)[..],
            [
                Event::NotKept(Ticket(1), StoreError::Outbox { .. }),
                Event::NotKept(Ticket(2), StoreError::Outbox { .. })
            ]
        ));
    }

    #[test]
    fn a_stand_in_keeps_what_the_thread_that_is_held_up_cannot() {
        let dir = tempfile::tempdir().unwrap();
        let (opening, book, shared) = two_wait(dir.path());
        let kept = stand_in(&shared);
        assert!(matches!(
            kept[..],
            [Event::Kept(Ticket(1)), Event::Kept(Ticket(2))]
        ));
        assert!(shared.lanes().unkept().is_none());
        drop(book);
        let mut next = Book::open_as(&opening).unwrap();
        let ids = next.offered().unwrap().into_iter().map(|it| it.draft.id);
        assert_eq!(ids.collect::<Vec<_>>(), [draft(1).id, draft(2).id]);
    }
}
