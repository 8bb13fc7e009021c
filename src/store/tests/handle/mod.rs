//! The store thread: its two lanes, waiting for a lock, others' commits.

mod away;
mod damage;
mod found;
mod others;
mod outbox;
#[cfg(unix)]
mod room;
mod unwanted;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::domain::command::{Command, Create, Origin, Slot, StepDraft};
use crate::domain::nouns::{Entity, company};
use crate::domain::outcome::Outcome;
use crate::domain::time::Instant;
use crate::store::drive::Manner;
use crate::store::handle::pace::Pace;
use crate::store::handle::{Event, Handle, Health, Ticket, View};
use crate::store::query::{Answer, Query};
use crate::store::{Book, Opening, StoreError, random_id};

use super::new_book;

/// The usual times, but for those of a test that would be long.
const QUICK: Pace = {
    let mut pace = Pace::USUAL;
    pace.reach = [Duration::from_millis(20); 6];
    pace.doubt = [Duration::from_millis(20); 4];
    pace.poll = Duration::from_millis(20);
    pace.poll_idle = Duration::from_millis(40);
    pace
};

struct Bed {
    dir: TempDir,
    path: PathBuf,
    handle: Handle,
    events: Receiver<Event>,
}

impl Bed {
    fn new() -> Self {
        Self::with(Manner::Local, &Pace::USUAL)
    }

    /// A book in a folder of its own, opened by those times.
    fn with(manner: Manner, pace: &Pace) -> Self {
        let dir = TempDir::new().unwrap();
        let folder = dir.path().join("share");
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("team.db");
        Book::create(&path, &new_book()).unwrap();
        let opening = Opening {
            manner: Some(manner),
            ..opening(&dir, &path)
        };
        let (handle, events) = start(opening, pace);
        assert!(matches!(events.recv(), Ok(Event::Opened(_))));
        Self {
            dir,
            path,
            handle,
            events,
        }
    }

    /// The next event that is no news of health, and is not that a write is kept.
    fn event(&self) -> Event {
        loop {
            match self.next() {
                Event::Health(_) | Event::Kept(_) => {}
                event => return event,
            }
        }
    }

    /// The next event.
    fn next(&self) -> Event {
        let patience = Duration::from_secs(20);
        self.events.recv_timeout(patience).unwrap()
    }

    /// Waits until that is told of how things stand.
    fn health(&self, is: impl Fn(&Health) -> bool) -> Health {
        loop {
            if let Event::Health(health) = self.next()
                && is(&health)
            {
                return health;
            }
        }
    }

    /// Closes the book as the app does when it leaves.
    fn close(self) -> (TempDir, PathBuf, Receiver<Event>) {
        drop(self.handle);
        (self.dir, self.path, self.events)
    }
}

fn opening(dir: &TempDir, path: &Path) -> Opening {
    Opening {
        outboxes: Some(dir.path().join("outbox")),
        ..Opening::of(path)
    }
}

fn start(opening: Opening, pace: &Pace) -> (Handle, Receiver<Event>) {
    let (report, events) = channel();
    let handle = Handle::paced(opening, pace, move |event| drop(report.send(event)));
    (handle, events)
}

fn company(name: &str) -> StepDraft {
    let fields = vec![((&company::NAME).into(), name.into())];
    let create = Create {
        slot: Slot(0),
        entity: Entity::Company,
        created_at: None,
        fields,
        sets: vec![],
    };
    let id = random_id();
    let at = Instant::from_millis(0);
    StepDraft {
        id,
        group: id,
        rep: None,
        at,
        origin: Origin::Human,
        label: None,
        import: None,
        commands: vec![Command::Create(create)],
    }
}

fn count(book: &mut Book) -> usize {
    match book.ask(&Query::Choices(Entity::Company)).unwrap() {
        Answer::Choices(choices) => choices.len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_missing_book_is_reported() {
    let (report, events) = channel();
    let _handle = Handle::start(Opening::of(Path::new("/nowhere/team.db")), move |event| {
        drop(report.send(event));
    });
    assert!(matches!(
        events.recv(),
        Ok(Event::NotOpened(StoreError::Missing { .. }))
    ));
}

#[test]
fn writes_are_answered_in_order_and_closing_waits_for_them() {
    let bed = Bed::new();
    for n in 0..20 {
        bed.handle
            .write(Ticket(n), company(&format!("Company {n}")));
    }
    for n in 0..10 {
        assert!(
            matches!(bed.event(), Event::Written(Ticket(ticket), Ok(Outcome::Saved(_))) if ticket == n)
        );
    }
    let (_dir, path, _) = bed.close();
    assert_eq!(count(&mut Book::open(&path).unwrap()), 20);
}

#[test]
fn while_a_write_waits_for_a_lock_reads_are_answered_and_the_write_is_not_dropped() {
    let bed = Bed::new();
    let other = Connection::open(&bed.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    bed.handle.write(Ticket(1), company("Late"));
    bed.handle.read(View(1), Query::Choices(Entity::Company));
    assert!(
        matches!(bed.event(), Event::Read(View(1), Ok(Answer::Choices(found))) if found.is_empty())
    );
    assert_eq!(bed.handle.pending(), 1);
    assert!(
        matches!(
            bed.health(|health| *health != Health::Fresh),
            Health::Waiting { .. }
        ),
        "said after a while"
    );
    other.execute_batch("COMMIT").unwrap();
    assert!(matches!(
        bed.event(),
        Event::Written(Ticket(1), Ok(Outcome::Saved(_)))
    ));
    assert_eq!(bed.handle.pending(), 0);
}

#[test]
fn others_commits_are_noticed_without_being_asked_for_and_own_ones_are_not_news() {
    let bed = Bed::new();
    bed.handle.write(Ticket(1), company("Mine"));
    assert!(matches!(bed.event(), Event::Written(..)));
    // Asked once so that the watcher is known to run: it starts when nothing waits.
    bed.handle.read(View(1), Query::Choices(Entity::Company));
    assert!(matches!(bed.event(), Event::Read(..)));
    Book::open(&bed.path)
        .unwrap()
        .commit(&company("Theirs"))
        .unwrap();
    let Event::Others(changes) = bed.event() else {
        panic!("something else first")
    };
    assert_eq!(
        changes
            .iter()
            .map(|change| change.label.as_str())
            .collect::<Vec<_>>(),
        ["Add company Theirs"]
    );
}
