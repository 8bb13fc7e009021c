//! Others' commits. On a local disk the system tells of them and nothing is polled. On a share nobody tells: there the side file is
//! read once a second while the drive is quick and somebody works, else every few seconds, and the book's own counter now and then,
//! because the side file is only a hint. Only then the changes after the last known one are read.

use std::sync::Arc;
use std::time::{Duration, Instant};

use notify::Watcher;

use crate::domain::outcome::Change;

use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::query::{Answer, Query};
use super::super::side::Mark;
use super::Event;
use super::keeper::{Keeper, Retry};

/// Changes are reported in portions of this many.
const PORTION: usize = 1000;

/// How others are noticed.
#[derive(Debug, Default)]
pub(super) enum Others {
    /// Not yet.
    #[default]
    Not,
    /// The system tells.
    Watched(
        #[expect(dead_code, reason = "it watches as long as it lives")] notify::RecommendedWatcher,
    ),
    /// The side file tells.
    Polled(Poll),
    /// The system has no watcher left: they are noticed at the next own act, or when asked for (`R`).
    Asked,
}

/// When the side file is read, and what it said.
#[derive(Debug)]
pub(super) struct Poll {
    at: Instant,
    look_at: Instant,
    mark: Option<Mark>,
}

impl Others {
    /// When the side file is read next.
    pub fn next_poll(&self) -> Option<Instant> {
        match self {
            Self::Polled(poll) => Some(poll.at),
            _ => None,
        }
    }

    pub fn poll_is_due(&self, now: Instant) -> bool {
        self.next_poll().is_some_and(|at| at <= now)
    }
}

impl Keeper<'_> {
    /// Begins to notice others' commits.
    pub(super) fn notice(&mut self) {
        self.others = match self.book.manner() {
            Manner::Local => self.watch().map_or(Others::Asked, Others::Watched),
            Manner::Share | Manner::Alone => Others::Polled(Poll {
                at: Instant::now(),
                look_at: Instant::now() + self.pace.look,
                mark: None,
            }),
        };
        // What was committed between the opening and now.
        self.shared.lanes().check = true;
    }

    fn watch(&self) -> Option<notify::RecommendedWatcher> {
        let shared = Arc::clone(&self.shared);
        let wake = move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| !event.kind.is_access()) {
                shared.put(|lanes| lanes.check = true);
            }
        };
        let mut watcher = notify::recommended_watcher(wake).ok()?;
        watcher
            .watch(self.book.path(), notify::RecursiveMode::NonRecursive)
            .ok()?;
        Some(watcher)
    }

    /// Reads the side file, and looks into the log where that is worth it.
    pub(super) fn poll(&mut self) {
        let began = Instant::now();
        let mark = self.with(|book| book.side().read());
        let trip = mark.map_or(Duration::MAX, |_| began.elapsed());
        let now = Instant::now();
        let Others::Polled(poll) = &mut self.others else {
            return;
        };
        let works = trip < self.pace.quick && self.shared.in_use(self.pace.works);
        poll.at = now
            + if works {
                self.pace.poll
            } else {
                self.pace.poll_idle
            };
        // A mark that was looked into once is not looked into again: it may be damaged.
        let mut look = mark != poll.mark
            && mark.is_some_and(|mark| mark.epoch != self.book.epoch() || mark.seq > self.seen);
        poll.mark = mark;
        if poll.look_at <= now {
            poll.look_at = now + self.pace.look;
            look = true;
            if mark.is_none_or(|mark| mark.seq < self.seen) {
                self.book.side().let_go();
            }
        }
        if look {
            self.shared.lanes().check = true;
        }
    }

    /// Reports what others committed since the last look. The news of a commit comes while its lock is still held, so a look that
    /// meets the lock is taken again.
    pub(super) fn look(&mut self) {
        match self.read_log() {
            Err(StoreError::Busy) => {
                self.look_retry.get_or_insert_with(Retry::new).again();
                self.shared.lanes().check = true;
            }
            Err(fault) => {
                self.look_retry = None;
                self.is_trouble(&fault);
            }
            Ok(()) => self.look_retry = None,
        }
    }

    fn read_log(&mut self) -> Result<(), StoreError> {
        let version = self.with(|book| book.data_version())?;
        if self.data_version == Some(version) {
            return Ok(());
        }
        loop {
            let query = Query::Changes {
                after: self.seen,
                limit: PORTION,
            };
            let Answer::Changes(changes) = self.with(|book| book.ask(&query))? else {
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
                self.say(Event::Others(others));
            }
            if all {
                self.own.clear();
                // Only now: a look that was cut short by a lock must be taken again.
                self.data_version = Some(version);
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::super::{Book, NewBook, Opening};
    use super::super::finder::Finder;
    use super::super::keeper::Job;
    use super::super::lanes::Shared;
    use super::super::pace::Pace;
    use super::super::watchdog::{Report, Watchdog};
    use super::*;

    /// What `look_at` sees of the state of a store thread that works in that manner.
    fn keeper<T>(manner: Manner, look_at: impl FnOnce(Keeper<'_>) -> T) -> T {
        keeper_of(
            |usual| Opening {
                manner: Some(manner),
                ..usual
            },
            look_at,
        )
    }

    /// The same of a book that is opened in some way.
    pub fn keeper_of<T>(
        opening: impl FnOnce(Opening) -> Opening,
        look_at: impl FnOnce(Keeper<'_>) -> T,
    ) -> T {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("team.db");
        let new = NewBook {
            name: "T".into(),
            base: "USD".parse().unwrap(),
            zone: chrono_tz::UTC,
            fiscal_start: 1,
        };
        Book::create(&path, &new).unwrap();
        let book = Book::open_as(&opening(Opening::of(&path))).unwrap();
        let report: Report = Arc::new(|_| {});
        let watchdog = Watchdog::new(Arc::clone(&report), Pace::USUAL.stuck);
        let shared: Arc<Shared> = Arc::default();
        let (finder, _) = Finder::new(Arc::clone(&shared));
        let mut keeper = Keeper::new(book, 0, shared, finder, &watchdog, &report, &Pace::USUAL);
        keeper.chores.none();
        look_at(keeper)
    }

    #[test]
    fn a_look_for_others_that_meets_their_lock_is_made_again() {
        keeper(Manner::Local, |mut keeper| {
            let other = rusqlite::Connection::open(keeper.book.path()).unwrap();
            other.execute_batch("BEGIN EXCLUSIVE").unwrap();
            keeper.look();
            assert!(matches!(keeper.next(), Job::Look));
            other.execute_batch("COMMIT").unwrap();
            keeper.look();
            assert!(!keeper.shared.lanes().check);
        });
    }

    /// So long from now the thread sleeps, where nothing happens; `None` is for ever.
    fn sleep(keeper: &mut Keeper<'_>) -> Option<Duration> {
        while keeper.shared.lanes().check {
            assert!(matches!(keeper.next(), Job::Look));
            keeper.look();
        }
        let until = keeper.until(&keeper.shared.lanes())?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    #[test]
    fn on_a_local_disk_an_idle_thread_sleeps_without_a_timer() {
        keeper(Manner::Local, |mut keeper| {
            keeper.notice();
            assert_eq!(sleep(&mut keeper), None);
        });
    }

    #[test]
    fn on_a_share_who_works_is_told_of_others_sooner_than_who_does_not() {
        keeper(Manner::Alone, |mut keeper| {
            let mark = Mark { epoch: 1, seq: 0 };
            keeper.book.side().write(mark, true);
            keeper.notice();
            keeper.poll();
            let idle = sleep(&mut keeper).unwrap();
            assert!(idle > Pace::USUAL.poll && idle <= Pace::USUAL.poll_idle);
            keeper.shared.used();
            // A machine that is busy may be no quick drive for a moment.
            let works = (0..100).any(|_| {
                keeper.poll();
                sleep(&mut keeper).unwrap() <= Pace::USUAL.poll
            });
            assert!(works);
        });
    }
}
