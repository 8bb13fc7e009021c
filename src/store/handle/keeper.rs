//! The store thread's own state, and what it does next.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::command::StepDraft;
use crate::domain::id::StepId;
use crate::domain::outcome::{Outcome, Receipt};
use crate::domain::time::Instant as Moment;

use super::super::book::Book;
use super::super::error::StoreError;
use super::super::patience::Pauses;
use super::super::query::Query;
use super::super::who::real_now;
use super::chores::Chores;
use super::finder::{Finder, ToTell};
use super::folding::Folding;
use super::lanes::{Lanes, Shared};
use super::others::Others;
use super::outage::{Outage, Trouble};
use super::pace::Pace;
use super::reads::Ended;
use super::watchdog::{Report, Watchdog};
use super::{Event, Health, Ticket, View};

/// What to do next.
#[derive(Debug)]
pub(super) enum Job {
    Write(Ticket, Box<StepDraft>),
    /// Put a write that cannot be judged now into the outbox.
    Keep(Ticket, Box<StepDraft>),
    Read(View, Query),
    /// Tell what the finder has found.
    Tell(Box<ToTell>),
    /// Do something for the folded copy.
    Fold,
    /// Look for others' changes in the log.
    Look,
    /// Ask the side file whether a look is worth it.
    Poll,
    Forget(Vec<StepId>),
    /// Something that could wait until nothing else did.
    Chore,
    /// Try to reach the drive.
    Reach,
    /// The drive is back, and nothing waits any more.
    Back,
    Close,
}

/// A lane that met a lock: when to try again.
#[derive(Debug)]
pub(super) struct Retry {
    pub at: Instant,
    pauses: Pauses,
    told: Option<Instant>,
    since: Moment,
}

impl Retry {
    pub fn new() -> Self {
        Self {
            at: Instant::now(),
            pauses: Pauses::for_up_to(Duration::MAX),
            told: None,
            since: real_now(),
        }
    }

    pub fn again(&mut self) {
        self.at = Instant::now() + self.pauses.next_pause();
    }
}

/// The store thread's own state.
pub(super) struct Keeper<'a> {
    pub book: Book,
    pub shared: Arc<Shared>,
    pub watchdog: &'a Watchdog,
    pub report: &'a Report,
    pub pace: &'a Pace,
    /// The last `seq` that is known: reported, or written here.
    pub seen: i64,
    pub data_version: Option<i64>,
    /// Steps of this process that lie behind `seen`.
    pub own: HashSet<StepId>,
    pub others: Others,
    pub chores: Chores,
    pub folding: Folding,
    pub outage: Option<Outage>,
    /// The book is damaged, and how that shows.
    pub damaged: Option<String>,
    pub write_retry: Option<Retry>,
    pub read_retry: Option<Retry>,
    /// How often in a row a question of a view was ended before it was answered.
    pub ended: HashMap<View, Ended>,
    pub look_retry: Option<Retry>,
    pub closing_since: Option<Instant>,
}

impl<'a> Keeper<'a> {
    pub fn new(
        book: Book,
        seen: i64,
        shared: Arc<Shared>,
        finder: Finder,
        watchdog: &'a Watchdog,
        report: &'a Report,
        pace: &'a Pace,
    ) -> Self {
        Self {
            book,
            shared,
            watchdog,
            report,
            pace,
            seen,
            data_version: None,
            own: HashSet::new(),
            others: Others::default(),
            chores: Chores::default(),
            folding: Folding::new(finder),
            outage: None,
            damaged: None,
            write_retry: None,
            read_retry: None,
            ended: HashMap::new(),
            look_retry: None,
            closing_since: None,
        }
    }

    pub fn run(mut self) {
        loop {
            self.tell();
            match self.next() {
                Job::Write(ticket, draft) => self.write(ticket, &draft),
                Job::Keep(ticket, draft) => self.keep(ticket, &draft),
                Job::Read(view, query) => self.read(view, query),
                Job::Tell(found) => self.tell_found(*found),
                Job::Fold => self.fold(),
                Job::Look => self.look(),
                Job::Poll => self.poll(),
                Job::Forget(steps) => self.forget(&steps),
                Job::Chore => self.chore(),
                Job::Reach => self.reach(),
                Job::Back => self.outage = None,
                Job::Close => return,
            }
        }
    }

    /// Does something with the book, under the eyes of the watchdog.
    pub fn with<T>(&mut self, act: impl FnOnce(&mut Book) -> T) -> T {
        let book = &mut self.book;
        self.watchdog.during(Duration::ZERO, || act(book))
    }

    /// Waits for something to do.
    pub fn next(&mut self) -> Job {
        let shared = Arc::clone(&self.shared);
        let mut lanes = shared.lanes();
        loop {
            let now = Instant::now();
            if let Some(job) = self.due(&mut lanes, now) {
                return job;
            }
            lanes = match self.until(&lanes) {
                None => shared
                    .wake
                    .wait(lanes)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(at) => {
                    let pause = at.saturating_duration_since(now);
                    shared
                        .wake
                        .wait_timeout(lanes, pause)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
            };
        }
    }

    /// What is to be done now, if anything is. Writes come first, but while they wait for a lock everything else goes on.
    fn due(&mut self, lanes: &mut Lanes, now: Instant) -> Option<Job> {
        if lanes.close() {
            self.closing_since.get_or_insert(now);
        }
        // What cannot be written at once is made safe before anything else.
        if (self.outage.is_some() || self.write_retry.is_some() || lanes.close())
            && let Some((ticket, draft)) = lanes.unkept()
            && !self.is_free(now)
        {
            return Some(Job::Keep(ticket, Box::new(draft)));
        }
        if let Some(outage) = &self.outage {
            if lanes.close() && (outage.doubts() || outage.gave_up) {
                return Some(Job::Close);
            }
            if outage.is_gone() {
                if let Some(found) = lanes.found.pop_front() {
                    return Some(Job::Tell(Box::new(found)));
                }
                let asked = std::mem::take(&mut lanes.asked) || lanes.close();
                return (asked || outage.at <= now).then_some(Job::Reach);
            }
        }
        let due = |retry: &Option<Retry>| retry.as_ref().is_none_or(|retry| retry.at <= now);
        let read = |lanes: &mut Lanes, retry| {
            let waits = !lanes.close() && due(retry);
            let (view, query) = waits.then(|| lanes.reads.pop_front()).flatten()?;
            Some(Job::Read(view, query))
        };
        // Nothing is written to a book that looked damaged before it was read again.
        if self.outage.as_ref().is_some_and(Outage::doubts)
            && let Some(job) = read(lanes, &self.read_retry)
        {
            return Some(job);
        }
        if due(&self.write_retry)
            && let Some(waiting) = lanes.writes.front()
        {
            return Some(Job::Write(waiting.ticket, Box::new(waiting.draft.clone())));
        }
        if let Some(since) = self.closing_since {
            let done = lanes.writes.is_empty() || now.duration_since(since) > self.pace.close;
            return done.then_some(Job::Close);
        }
        // Who types waits for this, and it is quick.
        if let Some(found) = lanes.found.pop_front() {
            return Some(Job::Tell(Box::new(found)));
        }
        if let Some(job) = read(lanes, &self.read_retry) {
            return Some(job);
        }
        if due(&self.look_retry) && std::mem::take(&mut lanes.check) {
            lanes.asked = false;
            return Some(Job::Look);
        }
        if !lanes.unwanted.is_empty() {
            return Some(Job::Forget(std::mem::take(&mut lanes.unwanted)));
        }
        let idle = is_idle(lanes);
        if idle && self.outage.is_some() {
            return Some(Job::Back);
        }
        if idle && self.chores.are_due(now) {
            return Some(Job::Chore);
        }
        if self.others.poll_is_due(now) {
            return Some(Job::Poll);
        }
        if idle && std::mem::take(&mut lanes.worn) {
            self.folding.throw_away();
            self.folding.begin(self.seen);
        }
        if !lanes.lacking.is_empty() {
            self.folding.lacks(std::mem::take(&mut lanes.lacking));
        }
        (idle && self.folding.is_due(now, self.seen)).then_some(Job::Fold)
    }

    /// Whether the front write can be tried now, which keeps it by itself.
    fn is_free(&self, now: Instant) -> bool {
        self.outage.is_none()
            && self
                .write_retry
                .as_ref()
                .is_none_or(|retry| retry.at <= now)
    }

    /// When there is something to do again, though nobody asks for it.
    pub fn until(&self, lanes: &Lanes) -> Option<Instant> {
        if let Some(outage) = self.outage.as_ref().filter(|outage| outage.is_gone()) {
            return Some(outage.at);
        }
        let at = |retry: &Option<Retry>, waits: bool| {
            let retry = retry.as_ref().filter(|_| waits)?;
            Some(retry.at)
        };
        [
            at(&self.write_retry, !lanes.writes.is_empty()),
            at(&self.read_retry, !lanes.reads.is_empty()),
            at(&self.look_retry, lanes.check),
            self.others.next_poll(),
            self.chores.next().filter(|_| is_idle(lanes)),
            self.folding.next(self.seen).filter(|_| is_idle(lanes)),
            self.closing_since.map(|since| since + self.pace.close),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Tells how things stand, where that has changed, and again for the age of what waits.
    fn tell(&mut self) {
        let mut again = false;
        let mut waits = None;
        for retry in [&mut self.write_retry, &mut self.read_retry]
            .into_iter()
            .flatten()
        {
            let waited = retry.pauses.waited();
            if waited < self.pace.tell_after {
                continue;
            }
            waits = waits.or(Some(retry.since));
            if retry
                .told
                .is_none_or(|told| told.elapsed() >= self.pace.tell_every)
            {
                retry.told = Some(Instant::now());
                again = true;
            }
        }
        let health = if let Some(outage) = &self.outage {
            again = false;
            outage.health()
        } else if let Some(what) = &self.damaged {
            again = false;
            Health::ReadOnly {
                why: self.damage(what).in_full(),
            }
        } else if let Some(since) = waits {
            Health::Waiting { since }
        } else if let Some(why) = self.book.read_only() {
            Health::ReadOnly {
                why: why.to_owned(),
            }
        } else {
            Health::Fresh
        };
        self.watchdog.tell(&health, again);
    }

    pub fn say(&self, event: Event) {
        (self.report)(event);
    }

    // Writes.

    fn write(&mut self, ticket: Ticket, draft: &StepDraft) {
        let judged = match &self.damaged {
            Some(what) => Err(self.damage(what)),
            None => self.with(|book| book.commit(draft)),
        };
        match judged {
            Err(StoreError::Busy) => {
                self.write_retry.get_or_insert_with(Retry::new).again();
                return;
            }
            Err(fault) if self.is_trouble(&fault) => return,
            _ => {}
        }
        self.write_retry = None;
        if let Ok(Outcome::Saved(receipt)) = &judged {
            self.is_in(draft.id, receipt);
        }
        let done = self.shared.lanes().writes.pop_front();
        let saved = matches!(judged, Ok(Outcome::Saved(_)));
        let no_room = matches!(judged, Err(StoreError::Full));
        // What is in two outboxes was judged, and the book's own alone knows of it. What had no room its author has before them again,
        // and writes it anew: it is not offered besides.
        if done.is_some_and(|done| done.stood_in && !saved || no_room && !done.offered) {
            self.forget(&[draft.id]);
        }
        self.say(Event::Written(ticket, judged));
    }

    /// A step of this process is in the log. Where nobody else has written since, there is nothing to look for.
    fn is_in(&mut self, step: StepId, receipt: &Receipt) {
        let changes = i64::try_from(receipt.changes).unwrap_or(i64::MAX);
        if receipt.seq == 0 {
            return;
        }
        if self.own.is_empty() && receipt.seq == self.seen.saturating_add(changes) {
            self.seen = receipt.seq;
        } else {
            self.own.insert(step);
            self.shared.lanes().check = true;
        }
        self.chores.committed(self.pace.verify);
    }

    fn keep(&mut self, ticket: Ticket, draft: &StepDraft) {
        let kept = self.book.keep(draft);
        self.shared.lanes().is_kept(ticket);
        match kept {
            Err(fault) => self.say(Event::NotKept(ticket, fault)),
            Ok(()) if self.shared.keeps() => self.say(Event::Kept(ticket)),
            Ok(()) => {}
        }
    }

    fn forget(&mut self, steps: &[StepId]) {
        // What could not be taken out is offered again by the next start: nothing is lost by it.
        let _ = self.book.forget(steps);
    }

    /// Whether a fault is one that passes: then what met it waits, and the thread minds the drive from now on.
    pub fn is_trouble(&mut self, fault: &StoreError) -> bool {
        match Trouble::of(fault) {
            Trouble::Gone => {
                self.lose(fault, false);
                true
            }
            Trouble::Damaged => self.suspect(fault),
            Trouble::Restored => {
                self.start_over();
                true
            }
            Trouble::None => false,
        }
    }
}

fn is_idle(lanes: &Lanes) -> bool {
    lanes.reads.is_empty() && lanes.writes.is_empty() && !lanes.check
}
