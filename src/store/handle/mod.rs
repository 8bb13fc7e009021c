//! The store thread: it owns the book's one connection, so that nobody else ever waits for the disk.
//!
//! Two lanes lead to it. Writes are done in order and none is dropped. Reads have one slot a view: a newer question of a view
//! takes the place of one that was not answered yet, and a question that nobody waits for any more is given up even while it is being
//! answered. While the book is locked by another program the thread goes on answering
//! reads where it can and tries the write again after growing, random pauses. While the drive is gone it keeps what is written in
//! the outbox and tries to reach the drive after growing pauses; what waits then goes into the book in its order. Dropping the
//! handle finishes the writes that can be finished, keeps the others in the outbox, and joins the thread, unless it is held up by a
//! drive that does not answer.
//!
//! | module | holds |
//! |---|---|
//! | this one | the handle, and what is said over it |
//! | [`lanes`] | what waits for the thread |
//! | [`keeper`] | the thread: what to do next; writes |
//! | [`reads`] | reads |
//! | [`outage`] | the drive is gone, or the book looks damaged |
//! | [`finder`] | the thread that has the folded copy of the book and searches it |
//! | [`folding`] | what the store thread reads for that copy |
//! | [`others`] | others' commits: the watcher, the side file, the look at the log |
//! | [`chores`] | what is done when nothing else waits: offers, verification |
//! | [`watchdog`] | sees when the thread is held up |
//! | [`pace`] | how often and how long |

mod chores;
mod finder;
mod folding;
mod keeper;
mod lanes;
mod others;
mod outage;
pub(super) mod pace;
mod reads;
mod watchdog;

use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::domain::command::StepDraft;
use crate::domain::id::StepId;
use crate::domain::outcome::{Change, Outcome};
use crate::domain::time::Instant as Moment;

use super::book::{Book, Offered, Opening, Verified};
use super::error::StoreError;
use super::query::{Answer, BookInfo, Query};
use finder::{Finder, Told};
use keeper::Keeper;
use lanes::{Lanes, Life, Shared, Waiting};
use pace::Pace;
use watchdog::{Report, Watchdog};

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
    /// Something waits for another program's lock, since that moment of the real clock.
    Waiting {
        /// Since when.
        since: Moment,
    },
    /// The file cannot be reached or read; what is on screen is from memory, and what is written is kept until the drive is back.
    Unreachable {
        /// Since when.
        since: Moment,
        /// The fault in words.
        what: String,
    },
    /// The book can be read, and nothing is written to it in this run.
    ReadOnly {
        /// Why, and what to do, in sentences.
        why: String,
    },
}

/// A step of an earlier run that is not in the book, and what it would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The step.
    pub step: Offered,
    /// What it would do, in words.
    pub words: String,
}

/// What the store thread reports.
#[derive(Debug)]
pub enum Event {
    /// The book is open. Its `counts` are left empty here: counting waits until somebody asks.
    Opened(Box<BookInfo>),
    /// It could not be opened; the thread has ended.
    NotOpened(StoreError),
    /// A write that cannot be judged now is in the outbox: it survives the end of the program.
    Kept(Ticket),
    /// A write that cannot be judged now cannot be put into the outbox either: it waits, and ends with the program.
    NotKept(Ticket, StoreError),
    /// A write was judged.
    Written(Ticket, Result<Outcome, StoreError>),
    /// A question was answered.
    Read(View, Result<Answer, StoreError>),
    /// Somebody else (another process, or another seat) committed these.
    Others(Vec<Change>),
    /// Steps of earlier runs that are not in the book: nothing is written of them unless their author says so.
    Offered(Vec<Offer>),
    /// The drive had lost steps that the book had taken; nothing more is written in this run.
    LostAndFound(Verified),
    /// How things stand has changed.
    Health(Health),
    /// The outbox cannot be read: whether the book still has what it took is not known. Work goes on.
    NotVerified(StoreError),
    /// A backup was due and could not be made. Work goes on.
    NotBackedUp(StoreError),
}

/// The way to the store thread. All its methods return at once.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    watchdog: Arc<Watchdog>,
    finder: Finder,
    threads: Option<[JoinHandle<()>; 3]>,
    pace: Pace,
}

impl Handle {
    /// Starts the thread, which opens the book and then reports [`Event::Opened`] or [`Event::NotOpened`]. `report` is called on
    /// threads of the store and must not block.
    pub fn start(opening: Opening, report: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self::paced(opening, &Pace::USUAL, report)
    }

    /// [`start`](Self::start), by other times than the usual ones.
    pub(super) fn paced(
        opening: Opening,
        pace: &Pace,
        report: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        let pace = *pace;
        let shared = Arc::new(Shared::default());
        let report: Report = Arc::new(report);
        let watchdog = Arc::new(Watchdog::new(Arc::clone(&report), pace.stuck));
        let (finder, find) = Finder::new(Arc::clone(&shared));
        let find = std::thread::spawn(find);
        let store = {
            let finder = finder.clone();
            let (shared, watchdog) = (Arc::clone(&shared), Arc::clone(&watchdog));
            let report = Arc::clone(&report);
            std::thread::spawn(move || {
                let _ending = Ending(&shared, &watchdog);
                let opened = patiently_open(opening, &watchdog);
                match opened {
                    Ok((book, head)) => {
                        shared.know(&book);
                        let seen = head.seq;
                        report(Event::Opened(Box::new(head)));
                        let shared = Arc::clone(&shared);
                        Keeper::new(book, seen, shared, finder, &watchdog, &report, &pace).run();
                    }
                    Err(fault) => report(Event::NotOpened(fault)),
                }
            })
        };
        let guard = {
            let (shared, watchdog) = (Arc::clone(&shared), Arc::clone(&watchdog));
            std::thread::spawn(move || watchdog.run(|| shared.stand_in(&*report)))
        };
        Self {
            shared,
            watchdog,
            finder,
            threads: Some([store, guard, find]),
            pace,
        }
    }

    /// Hands a step over. It is judged after all that were handed over before. Where there is no room for it, its author has it back.
    pub fn write(&self, ticket: Ticket, draft: StepDraft) {
        self.hand_over(ticket, draft, false);
    }

    /// The same for a step of an earlier run. Where there is no room for it, it goes on being [offered](Event::Offered).
    pub fn apply(&self, ticket: Ticket, draft: StepDraft) {
        self.hand_over(ticket, draft, true);
    }

    fn hand_over(&self, ticket: Ticket, draft: StepDraft, offered: bool) {
        self.shared.used();
        self.shared.put(|lanes| {
            lanes.writes.push_back(Waiting {
                ticket,
                draft,
                kept: false,
                stood_in: false,
                offered,
            });
        });
        if self.watchdog.is_late() {
            self.watchdog.nudge();
        }
    }

    /// Asks. Of several questions of one view only the newest is sure of an answer: one that is being answered is given up for it. A
    /// [search](Query::Search) is answered by the folded copy, as far as that is read, and several times; an [order](Query::Order) in two
    /// parts where it has a limit, and what is asked meanwhile goes before the second.
    pub fn read(&self, view: View, query: Query) {
        if let Query::Search { text, limit } = query {
            self.finder.tell(Told::Ask(view, text, limit));
            return;
        }
        self.shared.put(|lanes| lanes.ask(view, query));
    }

    /// Nobody waits any more for what was asked for these views: what takes long is given up, so that the next question need not
    /// wait for it.
    pub fn forgo(&self, views: &[View]) {
        self.shared.put(|lanes| lanes.forgo(views));
    }

    /// Looks for others' changes now, or for the drive where that is gone.
    pub fn check(&self) {
        self.shared.used();
        self.shared.put(|lanes| {
            lanes.check = true;
            lanes.asked = true;
        });
    }

    /// Takes steps that were offered out of the outboxes: their author does not want them, or wrote others in their place.
    pub fn forget(&self, steps: Vec<StepId>) {
        self.shared.put(|lanes| lanes.unwanted.extend(steps));
    }

    /// Somebody uses the app: others' commits are noticed sooner then. Wakes nobody.
    pub fn used(&self) {
        self.shared.used();
    }

    /// How many writes are on their way.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.shared.lanes().writes.len()
    }

    /// The view whose question is being answered.
    #[cfg(test)]
    pub(super) fn asking(&self) -> Option<View> {
        let lanes = self.shared.lanes();
        lanes.asking.as_ref().map(|asking| asking.view)
    }

    /// Waits for the store thread to end: for as long as it has patience, and where a drive holds it up no longer than it takes to
    /// keep what waits.
    fn has_ended(&self) -> bool {
        let until = Instant::now() + self.pace.close + self.pace.stuck;
        let held_until = Instant::now() + self.pace.stuck + HELD_UP;
        let mut lanes = self.shared.lanes();
        while lanes.life != Life::Ended {
            let now = Instant::now();
            let held_up = now >= held_until && self.watchdog.is_late();
            if now >= until || held_up {
                return false;
            }
            lanes = self
                .shared
                .gone
                .wait_timeout(lanes, HELD_UP)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }
}

/// How long a thread that is held up is given once that is known, and how often it is looked at, while the app is leaving.
const HELD_UP: Duration = Duration::from_millis(500);

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.put(Lanes::close_up);
        self.finder.tell(Told::End);
        if self.has_ended()
            && let Some(threads) = self.threads.take()
        {
            for thread in threads {
                // A panic there has been reported by the panic hook; there is nothing more to say here.
                let _ = thread.join();
            }
        }
    }
}

/// How long a thread that has more to do waits for a lock by itself, in one operation, before it turns to something else.
const LOCKS: Duration = Duration::from_secs(1);

/// Opens the book while the patience for locks lasts, in operations that are short enough to tell a lock from a drive that does not
/// answer. From then on no operation waits longer for a lock.
fn patiently_open(
    mut opening: Opening,
    watchdog: &Watchdog,
) -> Result<(Book, BookInfo), StoreError> {
    let until = Instant::now() + opening.patience;
    opening.patience = opening.patience.min(LOCKS);
    loop {
        match watchdog.during(LOCKS, || open(&opening)) {
            Err(StoreError::Busy) if Instant::now() < until => {}
            opened => return opened,
        }
    }
}

fn open(opening: &Opening) -> Result<(Book, BookInfo), StoreError> {
    let mut book = Book::open_as(opening)?;
    book.keep_few_pages()?;
    let head = book.head(opening.patience)?;
    Ok((book, head))
}

/// Tells everybody that the store thread has ended, whatever ended it.
struct Ending<'a>(&'a Shared, &'a Watchdog);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.1.end();
        self.0.lanes().life = Life::Ended;
        self.0.gone.notify_all();
    }
}
