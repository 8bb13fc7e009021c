//! A disk that is full, or fails, at every single call: the step is refused in clear words, the book stays whole, and going on works.

use std::ffi::c_int;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rusqlite::ffi;

use super::*;
use crate::domain::id::StepId;
use crate::store::book::Opening;
use crate::store::drive::Manner;
use crate::store::vfs::tap::{self, Act, Tap};

/// Which calls are refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    /// Those that change a file or flush it.
    Changes,
    /// Those that give a lock back.
    Unlocks,
}

/// Refuses one call, or all from one on until room is made.
struct Refuse {
    from: usize,
    only_once: bool,
    what: What,
    code: c_int,
    calls: AtomicUsize,
    /// What was refused last.
    refused: Mutex<Option<String>>,
    over: std::sync::atomic::AtomicBool,
}

impl Tap for Refuse {
    fn before(&self, file: &Path, act: Act<'_>) -> Result<(), c_int> {
        let counts = match act {
            Act::Write { .. } | Act::Truncate { .. } | Act::Sync | Act::Delete => {
                self.what == What::Changes
            }
            Act::Unlock => self.what == What::Unlocks,
            Act::Open { .. } => false,
        };
        if !counts || self.over.load(Ordering::Relaxed) {
            return Ok(());
        }
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let refuses = if self.only_once {
            call == self.from
        } else {
            call >= self.from
        };
        if !refuses {
            return Ok(());
        }
        let what = format!("{act:?}");
        let what = what.split(['{', ',']).next().unwrap_or_default();
        let name = file.file_name().unwrap().to_string_lossy();
        *self.refused.lock().unwrap() = Some(format!("{what} of {name}, call {call}"));
        Err(self.code)
    }
}

fn opening(path: &Path) -> Opening {
    Opening {
        manner: Some(Manner::Share),
        patience: std::time::Duration::ZERO,
        ..Opening::of(path)
    }
}

/// A step of one page, one of many, and an undo.
fn steps() -> Vec<StepDraft> {
    let one = vec![create(
        Entity::Company,
        vec![(&company::NAME, "One".into())],
    )];
    let many = (0..80)
        .map(|slot| {
            let name = format!("Firm {slot} {}", "x".repeat(200));
            let mut made = create(Entity::Company, vec![(&company::NAME, name.into())]);
            if let Command::Create(create) = &mut made {
                create.slot = Slot(slot);
            }
            made
        })
        .collect();
    [one, many, vec![Command::Undo(Which::Last)]]
        .into_iter()
        .map(|commands| {
            let id = random_id();
            StepDraft {
                id,
                group: id,
                rep: None,
                at: NOW,
                origin: Origin::Human,
                label: None,
                import: None,
                commands,
            }
        })
        .collect()
}

fn ids(book: &mut Book) -> Vec<StepId> {
    match book.ask(&Query::Groups { limit: 100 }).unwrap() {
        Answer::Groups(groups) => groups.iter().rev().map(|group| group.group).collect(),
        other => panic!("{other:?}"),
    }
}

/// What a run met.
#[derive(Default)]
struct Met {
    refused: Option<String>,
    faults: Vec<StoreError>,
    /// Steps of which their author was told that nobody knows, and which were there.
    unknown: usize,
}

/// Three steps on a drive that refuses; each that fails is sent again once the drive is well.
fn run(refuse: &Arc<Refuse>) -> Met {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    let mut book = Book::create_as(&opening(&path), &new_book()).unwrap();
    let _guard = tap::on(dir.path(), Arc::clone(refuse) as Arc<dyn Tap>);
    let mut met = Met::default();
    let steps = steps();
    let mut told = Vec::new();
    for draft in &steps {
        match book.commit(draft) {
            Ok(Outcome::Saved(_)) => {}
            Ok(other) => panic!("{other:?}"),
            Err(fault) => {
                refuse.over.store(true, Ordering::Relaxed);
                let there = ids(&mut book);
                assert!(there.starts_with(&told), "an acknowledged step is lost");
                let is_there = there.contains(&draft.id);
                assert!(
                    !(fault.is_certain() && is_there),
                    "{:?}: told as not written, and it is there: {fault:?}",
                    refuse.refused.lock().unwrap()
                );
                met.unknown += usize::from(is_there);
                met.faults.push(fault);
                assert!(matches!(book.commit(draft), Ok(Outcome::Saved(_))));
            }
        }
        told.push(draft.id);
    }
    refuse.over.store(true, Ordering::Relaxed);
    assert_eq!(ids(&mut book), told, "every step is there, once");
    let findings = book.check().unwrap();
    assert!(findings.is_clean(), "{:#?}", findings.found);
    drop(book);
    // And for whoever opens it anew.
    let mut book = Book::open_as(&opening(&path)).unwrap();
    assert_eq!(ids(&mut book), told);
    met.refused = refuse.refused.lock().unwrap().take();
    met
}

/// Refuses the first call, the second, and so on until a run has no further call. Returns how many there were.
fn at_every_call(code: c_int, what: What, only_once: bool, mut judge: impl FnMut(&Met)) -> usize {
    for from in 1.. {
        let refuse = Arc::new(Refuse {
            from,
            only_once,
            what,
            code,
            calls: AtomicUsize::new(0),
            refused: Mutex::new(None),
            over: false.into(),
        });
        let met = run(&refuse);
        if met.refused.is_none() {
            return from - 1;
        }
        judge(&met);
    }
    unreachable!()
}

#[test]
fn a_disk_that_is_full_at_any_call_loses_nothing_and_says_what_to_do() {
    for only_once in [true, false] {
        let mut saved = 0;
        let calls = at_every_call(ffi::SQLITE_FULL, What::Changes, only_once, |met| {
            let where_ = &met.refused;
            saved += usize::from(met.faults.is_empty());
            for fault in &met.faults {
                assert!(matches!(fault, StoreError::Full), "{where_:?}: {fault:?}");
                assert!(fault.hint().unwrap().contains("Make room"));
            }
        });
        assert!(calls > 30, "{calls}");
        // The flush that ends a transaction comes after the decision: each of the steps was told as saved, and was there.
        let least = if only_once { 3 } else { 1 };
        assert!(saved >= least, "{saved}");
        println!("a full disk at each of {calls} calls: nothing lost, nothing said wrongly");
    }
}

#[test]
fn a_drive_that_fails_at_any_call_loses_nothing() {
    for only_once in [true, false] {
        let mut unknown = 0;
        let calls = at_every_call(ffi::SQLITE_IOERR_WRITE, What::Changes, only_once, |met| {
            for fault in &met.faults {
                let says = matches!(
                    fault,
                    StoreError::Unreachable { .. } | StoreError::Sql { .. }
                );
                assert!(says, "{:?}: {fault:?}", met.refused);
            }
            unknown += met.unknown;
        });
        assert!(calls > 30, "{calls}");
        // Who is told that nobody knows finds the step by its id; where the drive answers, the book has found it already.
        assert_eq!(unknown, 0);
        println!("a failure at each of {calls} calls: nothing lost");
    }
}

#[test]
fn a_lock_that_is_not_given_back_does_not_hide_what_was_written() {
    for only_once in [true, false] {
        let calls = at_every_call(ffi::SQLITE_IOERR_UNLOCK, What::Unlocks, only_once, |met| {
            for fault in &met.faults {
                let says = matches!(
                    fault,
                    StoreError::Unreachable { .. } | StoreError::NoLocks { .. }
                );
                assert!(says, "{:?}: {fault:?}", met.refused);
            }
        });
        assert!(calls >= 6, "{calls}");
    }
}
