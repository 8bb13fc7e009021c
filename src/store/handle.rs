//! The store thread: it owns the book's one connection, so that nobody else ever waits for the disk.
//!
//! Two lanes lead to it. Writes are done in order and none is dropped. Reads have one slot a view: a newer question of a view
//! takes the place of one that was not answered yet. While the book is locked by another program the thread goes on answering
//! reads where it can and tries the write again after growing, random pauses. Dropping the handle finishes the writes that can be
//! finished and joins the thread.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use notify::Watcher;

use crate::domain::command::StepDraft;
use crate::domain::id::StepId;
use crate::domain::outcome::{Change, Outcome};
use crate::domain::time::Instant as Moment;

use super::book::{Book, Opening};
use super::error::StoreError;
use super::patience::Pauses;
use super::query::{Answer, BookInfo, Query};
use super::who::real_now;

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
        since: Moment,
    },
    /// The file cannot be reached or read; what is on screen is from memory.
    Unreachable {
        /// Since when.
        since: Moment,
        /// The fault in words.
        what: String,
    },
}

/// What the store thread reports.
#[derive(Debug)]
pub enum Event {
    /// The book is open. Its `counts` are left empty here: counting waits until somebody asks.
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
    /// A backup was due and could not be made. Work goes on.
    NotBackedUp(StoreError),
}

/// What waits for the store thread.
#[derive(Debug, Default)]
struct Lanes {
    /// In order; the front one stays here while it is tried.
    writes: VecDeque<(Ticket, StepDraft)>,
    /// At most one a view.
    reads: VecDeque<(View, Query)>,
    check: bool,
    close: bool,
}

#[derive(Debug, Default)]
struct Shared {
    lanes: Mutex<Lanes>,
    wake: Condvar,
}

impl Shared {
    /// A thread that panicked while it held the lanes left them whole: every change of them is one push or pop.
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The way to the store thread. All its methods return at once.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Starts the thread, which opens the book and then reports [`Event::Opened`] or [`Event::NotOpened`]. `report` is called on
    /// that thread and must not block.
    pub fn start(opening: Opening, report: impl Fn(Event) + Send + 'static) -> Self {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let opened = Book::open_as(&opening)
                .and_then(|mut book| book.head(opening.patience).map(|head| (book, head)));
            match opened {
                Ok((book, head)) => {
                    let seen = head.seq;
                    report(Event::Opened(Box::new(head)));
                    Keeper::new(book, seen, theirs, report).run();
                }
                Err(fault) => report(Event::NotOpened(fault)),
            }
        });
        Self {
            shared,
            thread: Some(thread),
        }
    }

    /// Hands a step over. It is judged after all that were handed over before.
    pub fn write(&self, ticket: Ticket, draft: StepDraft) {
        self.shared.lanes().writes.push_back((ticket, draft));
        self.shared.wake.notify_one();
    }

    /// Asks. Of several questions of one view only the newest is sure of an answer.
    pub fn read(&self, view: View, query: Query) {
        let mut lanes = self.shared.lanes();
        match lanes.reads.iter_mut().find(|(waiting, _)| *waiting == view) {
            Some((_, older)) => *older = query,
            None => lanes.reads.push_back((view, query)),
        }
        drop(lanes);
        self.shared.wake.notify_one();
    }

    /// Looks for others' changes now.
    pub fn check(&self) {
        self.shared.lanes().check = true;
        self.shared.wake.notify_one();
    }

    /// How many writes are on their way.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.shared.lanes().writes.len()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.lanes().close = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported by the panic hook; there is nothing more to say here.
            let _ = thread.join();
        }
    }
}

/// How long a write must have waited before anybody is told, and how often they are told again.
const TELL_AFTER: Duration = Duration::from_millis(250);
const TELL_EVERY: Duration = Duration::from_secs(1);
/// How long writes that wait for a lock hold up a close.
const CLOSE_PATIENCE: Duration = Duration::from_secs(20);
/// Changes are reported in portions of this many.
const PORTION: usize = 1000;

/// What to do next.
enum Job {
    Write(Ticket, Box<StepDraft>),
    Read(View, Query),
    Check,
    /// Nothing waits: time for what can wait.
    Idle,
    Close,
}

/// A lane that met a lock: when to try again.
struct Retry {
    at: Instant,
    pauses: Pauses,
    told: Option<Instant>,
    since: Moment,
}

impl Retry {
    fn new() -> Self {
        Self {
            at: Instant::now(),
            pauses: Pauses::for_up_to(Duration::MAX),
            told: None,
            since: real_now(),
        }
    }

    fn again(&mut self) {
        self.at = Instant::now() + self.pauses.next_pause();
    }
}

/// The store thread's own state.
struct Keeper<R> {
    book: Book,
    shared: Arc<Shared>,
    report: R,
    /// The last `seq` of others that was reported.
    seen: i64,
    data_version: Option<i64>,
    /// Steps of this process that lie behind `seen`.
    own: HashSet<StepId>,
    write_retry: Option<Retry>,
    read_retry: Option<Retry>,
    check_retry: Option<Retry>,
    closing_since: Option<Instant>,
    watcher: Option<notify::RecommendedWatcher>,
    watched: bool,
}

impl<R: Fn(Event)> Keeper<R> {
    fn new(book: Book, seen: i64, shared: Arc<Shared>, report: R) -> Self {
        Self {
            book,
            shared,
            report,
            seen,
            data_version: None,
            own: HashSet::new(),
            write_retry: None,
            read_retry: None,
            check_retry: None,
            closing_since: None,
            watcher: None,
            watched: false,
        }
    }

    fn run(mut self) {
        loop {
            match self.next() {
                Job::Write(ticket, draft) => self.write(ticket, &draft),
                Job::Read(view, query) => self.read(view, query),
                Job::Check => self.check(),
                Job::Idle => self.watch(),
                Job::Close => return,
            }
        }
    }

    /// Waits for something to do. Writes come first, but while they wait for a lock everything else goes on.
    fn next(&mut self) -> Job {
        let shared = Arc::clone(&self.shared);
        let mut lanes = shared.lanes();
        loop {
            let now = Instant::now();
            let due = |retry: &Option<Retry>| retry.as_ref().is_none_or(|retry| retry.at <= now);
            if due(&self.write_retry)
                && let Some((ticket, draft)) = lanes.writes.front()
            {
                return Job::Write(*ticket, Box::new(draft.clone()));
            }
            if lanes.close {
                let since = *self.closing_since.get_or_insert(now);
                if lanes.writes.is_empty() || now.duration_since(since) > CLOSE_PATIENCE {
                    return Job::Close;
                }
            } else {
                if due(&self.read_retry)
                    && let Some((view, query)) = lanes.reads.pop_front()
                {
                    return Job::Read(view, query);
                }
                if due(&self.check_retry) && std::mem::take(&mut lanes.check) {
                    return Job::Check;
                }
                if !self.watched && lanes.reads.is_empty() && lanes.writes.is_empty() {
                    return Job::Idle;
                }
            }
            let until = [
                self.write_retry
                    .as_ref()
                    .filter(|_| !lanes.writes.is_empty()),
                self.read_retry.as_ref().filter(|_| !lanes.reads.is_empty()),
                self.check_retry.as_ref().filter(|_| lanes.check),
            ];
            lanes = match until.into_iter().flatten().map(|retry| retry.at).min() {
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

    fn write(&mut self, ticket: Ticket, draft: &StepDraft) {
        let result = self.book.commit(draft);
        if let Err(StoreError::Busy) = result {
            let retry = self.write_retry.get_or_insert_with(Retry::new);
            retry.again();
            let tell = match retry.told {
                None => retry.pauses.waited() >= TELL_AFTER,
                Some(told) => told.elapsed() >= TELL_EVERY,
            };
            if tell {
                retry.told = Some(Instant::now());
                (self.report)(Event::Health(Health::Waiting { since: retry.since }));
            }
            return;
        }
        let told = self
            .write_retry
            .take()
            .is_some_and(|retry| retry.told.is_some());
        if matches!(result, Ok(Outcome::Saved(_))) {
            self.own.insert(draft.id);
        }
        self.shared.lanes().writes.pop_front();
        (self.report)(Event::Written(ticket, result));
        if told {
            (self.report)(Event::Health(Health::Fresh));
        }
    }

    fn read(&mut self, view: View, query: Query) {
        match self.book.ask(&query) {
            Err(StoreError::Busy) => {
                self.read_retry.get_or_insert_with(Retry::new).again();
                let mut lanes = self.shared.lanes();
                if !lanes.reads.iter().any(|(waiting, _)| *waiting == view) {
                    lanes.reads.push_front((view, query));
                }
            }
            result => {
                self.read_retry = None;
                (self.report)(Event::Read(view, result));
            }
        }
    }

    /// Reports what others committed since the last look. The news of a commit comes while its lock is still held, so a look that
    /// meets the lock is taken again.
    fn check(&mut self) {
        match self.look() {
            Err(StoreError::Busy) => {
                self.check_retry.get_or_insert_with(Retry::new).again();
                self.shared.lanes().check = true;
            }
            // A fault of the drive is told by the reads and writes that meet it.
            Ok(()) | Err(_) => self.check_retry = None,
        }
    }

    fn look(&mut self) -> Result<(), StoreError> {
        let version = self.book.data_version()?;
        if self.data_version == Some(version) {
            return Ok(());
        }
        loop {
            let query = Query::Changes {
                after: self.seen,
                limit: PORTION,
            };
            let Answer::Changes(changes) = self.book.ask(&query)? else {
                return Ok(());
            };
            let all = changes.len() < PORTION;
            if let Some(last) = changes.last() {
                self.seen = last.seq;
            }
            let others: Vec<Change> = changes
                .into_iter()
                .filter(|change| !self.own.contains(&change.step))
                .collect();
            if !others.is_empty() {
                (self.report)(Event::Others(others));
            }
            if all {
                self.own.clear();
                // Only now: a look that was cut short by a lock must be taken again.
                self.data_version = Some(version);
                return Ok(());
            }
        }
    }

    /// Begins to notice others' commits, once there is nothing better to do: the first frame does not wait for it.
    fn watch(&mut self) {
        self.watched = true;
        let shared = Arc::clone(&self.shared);
        let wake = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                shared.lanes().check = true;
                shared.wake.notify_one();
            }
        };
        // Without a watcher others are noticed at the next own act or when asked for (`R`).
        let Ok(mut watcher) = notify::recommended_watcher(wake) else {
            return;
        };
        if watcher
            .watch(self.book.path(), notify::RecursiveMode::NonRecursive)
            .is_ok()
        {
            self.watcher = Some(watcher);
        }
        // A fault here comes up again, with words, at the next write.
        let _ = self.book.take_back_unfinished();
        if let Err(fault) = self.book.back_up_if_due(real_now()) {
            (self.report)(Event::NotBackedUp(fault));
        }
        // What was committed between the opening and now.
        self.shared.lanes().check = true;
    }
}

#[cfg(test)]
mod tests {
    use super::super::NewBook;
    use super::*;

    #[test]
    fn a_look_for_others_that_meets_their_lock_is_made_again() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("team.db");
        let new = NewBook {
            name: "T".into(),
            base: "USD".parse().unwrap(),
            zone: chrono_tz::UTC,
            fiscal_start: 1,
        };
        let book = Book::create(&path, &new).unwrap();
        let mut keeper = Keeper::new(book, 0, Arc::default(), |_| {});
        keeper.watched = true;
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        keeper.check();
        assert!(matches!(keeper.next(), Job::Check));
        other.execute_batch("COMMIT").unwrap();
        keeper.check();
        assert!(!keeper.shared.lanes().check);
    }
}
