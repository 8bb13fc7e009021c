//! Books through the shim, on a local disk.

use std::collections::BTreeMap;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::ffi;
use tempfile::TempDir;

#[cfg(target_os = "linux")]
use super::locks::{Kind, PENDING, RESERVED, Range, SHARED};
#[cfg(target_os = "linux")]
use super::posix::tests::hold_from_elsewhere;
use super::tap::{self, Act, Tap};
use crate::domain::command::{Command, Create, Input, Origin, Slot, StepDraft};
use crate::domain::nouns::{Entity, Field, rep};
use crate::domain::outcome::Outcome;
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::store::book::{Book, NewBook, Opening};
use crate::store::drive::Manner;
use crate::store::error::StoreError;
use crate::store::query::{Answer, Query};
use crate::store::who::random_id;

fn on_share(path: &Path) -> Opening {
    Opening {
        manner: Some(Manner::Share),
        patience: std::time::Duration::ZERO,
        ..Opening::of(path)
    }
}

struct Bed {
    dir: TempDir,
    book: Option<Book>,
}

impl Bed {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let new = NewBook {
            name: "Team".to_owned(),
            base: "USD".parse().unwrap(),
            zone: chrono_tz::UTC,
            fiscal_start: 1,
        };
        let book = Book::create_as(&on_share(&dir.path().join("team.db")), &new).unwrap();
        Self {
            dir,
            book: Some(book),
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("team.db")
    }

    fn book(&mut self) -> &mut Book {
        self.book.as_mut().unwrap()
    }

    fn write(&mut self, name: &str) -> Result<Outcome, StoreError> {
        let id = random_id();
        self.book().commit(&StepDraft {
            id,
            group: id,
            rep: None,
            at: Instant::from_millis(1_795_514_700_000),
            origin: Origin::Human,
            label: None,
            import: None,
            commands: vec![Command::Create(Create {
                slot: Slot(0),
                entity: Entity::Rep,
                created_at: None,
                fields: vec![(Field::Own(&rep::NAME), Input::Value(Value::from(name)))],
                sets: vec![],
            })],
        })
    }

    fn reps(&mut self) -> u64 {
        let Answer::Info(info) = self.book().ask(&Query::Info).unwrap() else {
            panic!("no info")
        };
        let found = info.counts.iter().find(|(noun, _)| *noun == Entity::Rep);
        found.map_or(0, |(_, count)| *count)
    }
}

/// Counts what goes out, and refuses from the n-th act on.
struct Count {
    acts: Mutex<BTreeMap<&'static str, usize>>,
    refuse_from: Option<(usize, c_int)>,
}

impl Count {
    fn new(refuse_from: Option<(usize, c_int)>) -> Arc<Self> {
        let acts = Mutex::default();
        Arc::new(Self { acts, refuse_from })
    }
}

impl Tap for Count {
    fn before(&self, file: &Path, act: Act<'_>) -> Result<(), c_int> {
        let journal = file.to_string_lossy().ends_with("-journal");
        let name = match (act, journal) {
            (Act::Unlock, _) => return Ok(()),
            (Act::Open { .. }, _) => "open",
            (Act::Write { .. }, true) => "journal write",
            (Act::Write { .. }, false) => "book write",
            (Act::Sync, _) => "sync",
            (Act::Truncate { .. }, _) => "truncate",
            (Act::Delete, _) => "delete",
        };
        let mut acts = self.acts.lock().unwrap();
        *acts.entry(name).or_default() += 1;
        let changes: usize = acts.values().sum();
        match self.refuse_from {
            Some((from, code)) if name != "open" && changes >= from => Err(code),
            _ => Ok(()),
        }
    }
}

#[test]
fn a_book_on_a_share_is_written_and_read_again() {
    let mut bed = Bed::new();
    assert_eq!(bed.book().manner(), Manner::Share);
    bed.write("Ana").unwrap();
    bed.write("Ben").unwrap();
    assert_eq!(bed.reps(), 2);
    let path = bed.path();
    bed.book = None;
    bed.book = Some(Book::open(&path).unwrap());
    assert_eq!(bed.book().manner(), Manner::Local);
    assert_eq!(bed.reps(), 2);
}

#[test]
fn a_second_connection_of_this_process_is_refused() {
    let mut bed = Bed::new();
    let path = bed.path();
    let second = Book::open_as(&on_share(&path));
    assert!(
        matches!(second, Err(StoreError::Invalid { .. })),
        "{second:?}"
    );
    bed.book = None;
    bed.book = Some(Book::open_as(&on_share(&path)).unwrap());
    bed.write("Ana").unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn who_is_reading_or_writing_elsewhere_is_respected() {
    let mut bed = Bed::new();
    let path = bed.path();
    let busy = |bed: &mut Bed, kind, range: Range| {
        let held = hold_from_elsewhere(&path, kind, range);
        let outcome = bed.write("Ana");
        drop(held);
        matches!(outcome, Err(StoreError::Busy))
    };
    assert!(busy(&mut bed, Kind::Write, RESERVED), "another writer");
    assert!(
        busy(&mut bed, Kind::Write, PENDING),
        "a writer who waits for readers"
    );
    assert!(busy(&mut bed, Kind::Write, SHARED), "a writer in the act");
    assert!(busy(&mut bed, Kind::Read, SHARED), "a reader");
    assert_eq!(bed.reps(), 0);
    bed.write("Ana").unwrap();
    // And nothing is left behind: another one may take it all.
    for range in [PENDING, RESERVED, SHARED] {
        drop(hold_from_elsewhere(&path, Kind::Write, range));
    }
}

#[test]
fn pieces_of_the_journal_go_out_together() {
    let mut bed = Bed::new();
    bed.write("Ana").unwrap();
    let count = Count::new(None);
    let _guard = tap::on(bed.dir.path(), Arc::clone(&count) as Arc<dyn Tap>);
    bed.write("Ben").unwrap();
    let acts = count.acts.lock().unwrap().clone();
    // The pages, the head with their number, the end: not three a page.
    assert!(acts["journal write"] <= 4, "{acts:?}");
    assert!(acts["book write"] >= 3, "{acts:?}");
}

#[test]
fn a_full_disk_at_whatever_act_changes_nothing() {
    let mut bed = Bed::new();
    bed.write("Ana").unwrap();
    for from in 1..60 {
        let guard = tap::on(bed.dir.path(), Count::new(Some((from, ffi::SQLITE_FULL))));
        let outcome = bed.write("Ben");
        drop(guard);
        let reps = bed.reps();
        if reps == 2 {
            // Only the last act, the flush of the ended journal, comes after the decision: the step is found by its id.
            assert!(outcome.is_ok(), "refused from act {from} on");
            let guard = tap::on(
                bed.dir.path(),
                Count::new(Some((from + 1, ffi::SQLITE_FULL))),
            );
            assert!(bed.write("Chris").is_ok(), "refused from act {from} on");
            drop(guard);
            return;
        }
        assert!(matches!(outcome, Err(StoreError::Full)), "{outcome:?}");
        assert_eq!(reps, 1, "refused from act {from} on");
    }
    panic!("it never got through");
}
