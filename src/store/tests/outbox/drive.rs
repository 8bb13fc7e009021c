//! A drive that is busy, away, or fails in the middle of a commit.

use std::fs;

#[cfg(unix)]
use std::{
    ffi::c_int,
    path::Path,
    sync::Arc,
    sync::atomic::{AtomicUsize, Ordering},
};

use rusqlite::Connection;

use super::*;
#[cfg(unix)]
use crate::store::{
    drive::Manner,
    vfs::tap::{self, Act, Tap},
};

#[test]
fn a_commit_waits_for_readers_and_is_not_begun_anew() {
    let mut seat = Seat::new();
    let draft = seat.titled("Alpina");
    let path = seat.path();
    let reader = Connection::open(&path).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM deal")
        .unwrap();
    std::thread::scope(|scope| {
        let book = &mut seat.bed.book;
        let writer = scope.spawn(|| book.commit(&draft));
        // Once nobody else may begin to read, the commit is on its way.
        let other = Connection::open(&path).unwrap();
        other.busy_timeout(std::time::Duration::ZERO).unwrap();
        while other.execute_batch("SELECT count(*) FROM deal").is_ok() {
            assert!(!writer.is_finished(), "it gave up before the reader ended");
            std::thread::yield_now();
        }
        reader.execute_batch("COMMIT").unwrap();
        assert!(matches!(writer.join().unwrap(), Ok(Outcome::Saved(_))));
    });
}

#[test]
fn after_the_drive_was_away_the_same_book_is_opened_again() {
    let mut seat = Seat::new();
    let away = seat.bed.dir.path().join("away.db");
    fs::rename(seat.path(), &away).unwrap();
    assert!(matches!(
        seat.bed.book.reconnect(),
        Err(StoreError::Missing { .. })
    ));
    let asked = seat.bed.book.ask(&Query::Info);
    assert!(matches!(asked, Err(StoreError::Missing { .. })));
    drop(Book::create(&seat.path(), &new_book()).unwrap());
    assert!(matches!(
        seat.bed.book.reconnect(),
        Err(StoreError::Replaced { .. })
    ));
    fs::copy(&away, seat.path()).unwrap();
    // A write connects by itself.
    seat.bed.deal("Alpina", 0, None);
    seat.bed.book.reconnect().unwrap();
    assert!(seat.bed.book.ask(&Query::Info).is_ok());
}

/// A seat whose book is opened through the shim, where a test can make acts fail.
#[cfg(unix)]
fn on_a_share() -> Seat {
    let mut seat = Seat::new();
    let opening = Opening {
        manner: Some(Manner::Share),
        ..seat.opening()
    };
    // Another book takes the place, so that this one is closed before it is opened again.
    let other = seat.bed.dir.path().join("other.db");
    seat.bed.book = Book::create(&other, &new_book()).unwrap();
    seat.bed.book = Book::open_as(&opening).unwrap();
    seat
}

/// A drive that fails at one act, or from it on.
#[cfg(unix)]
struct Failing {
    at: usize,
    for_good: bool,
    acts: AtomicUsize,
}

#[cfg(unix)]
impl Tap for Failing {
    fn before(&self, _file: &Path, act: Act<'_>) -> Result<(), c_int> {
        if let Act::Open { .. } = act {
            return Ok(());
        }
        let now = self.acts.fetch_add(1, Ordering::Relaxed);
        if now == self.at || self.for_good && now > self.at {
            return Err(rusqlite::ffi::SQLITE_IOERR_WRITE);
        }
        Ok(())
    }
}

/// Writes a step while the drive fails from the `at`th act on, or only then; `None` where it took fewer acts.
#[cfg(unix)]
fn write_on_a_failing_drive(
    seat: &mut Seat,
    at: usize,
    for_good: bool,
) -> Option<Result<Outcome, StoreError>> {
    let failing = Arc::new(Failing {
        at,
        for_good,
        acts: AtomicUsize::new(0),
    });
    let draft = seat.titled(&format!("Deal {at}"));
    let guard = tap::on(seat.bed.dir.path(), Arc::clone(&failing) as Arc<dyn Tap>);
    let outcome = seat.bed.book.commit(&draft);
    drop(guard);
    if failing.acts.load(Ordering::Relaxed) <= at {
        return None;
    }
    // Whatever it said, trying again writes it once.
    assert!(
        matches!(seat.bed.book.commit(&draft), Ok(Outcome::Saved(_))),
        "at {at}"
    );
    let times = seat.steps().iter().filter(|id| **id == draft.id).count();
    assert_eq!(times, 1, "at {at}");
    Some(outcome)
}

#[cfg(unix)]
#[test]
fn a_step_whose_outcome_is_not_known_is_looked_up_and_written_once() {
    let mut seat = on_a_share();
    for at in 0..60 {
        let Some(outcome) = write_on_a_failing_drive(&mut seat, at, false) else {
            assert!(at > 8, "it took {at} acts");
            return;
        };
        assert!(
            matches!(outcome, Ok(Outcome::Saved(_))),
            "at {at}: {outcome:?}"
        );
    }
    panic!("it never got through");
}

#[cfg(unix)]
#[test]
fn a_drive_that_fails_for_good_leaves_the_step_in_the_outbox() {
    let mut seat = on_a_share();
    for at in 0..60 {
        let Some(outcome) = write_on_a_failing_drive(&mut seat, at, true) else {
            return;
        };
        let known = matches!(
            outcome,
            Ok(Outcome::Saved(_)) | Err(StoreError::Unreachable { .. })
        );
        assert!(known, "at {at}: {outcome:?}");
    }
    panic!("it never got through");
}
