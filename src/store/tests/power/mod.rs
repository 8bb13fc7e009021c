//! Power cuts: a run of steps is recorded at the disk's edge, and then the power goes at every point of it, in every way that
//! matters. What comes back is opened as a book: whole, with every step that somebody was told of, and with one more at the most.
//!
//! The same with other journals and with a disk that does not flush must fail; these are the controls.

mod disk;
mod restores;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OpenFlags};

use self::disk::{CUTS, Cut, Dice, Disk, Event, Files, Recorder};
use super::*;
use crate::domain::id::StepId;
use crate::store::book::{Meta, Opening};
use crate::store::drive::Manner;
use crate::store::real_now;
use crate::store::vfs::{self, tap};
use crate::store::who::author;
use crate::store::write::{self, Sent};

const STEPS: usize = 20;
/// How many are enough to see a control fail.
const FEW: usize = 6;
/// One in so many books that come back is written on.
const SAMPLE: usize = 16;

/// A run of steps as the disk saw it.
struct Recording {
    before: Files,
    events: Vec<Event>,
    /// The steps that were there before, and those of the run.
    steps: Vec<StepId>,
    known: usize,
}

/// What became of all the cuts.
#[derive(Debug, Default)]
struct Verdict {
    cuts: usize,
    /// Different contents of the disk among them.
    states: usize,
    damaged: Vec<String>,
    lost: Vec<String>,
}

fn files_of(folder: &Path) -> Files {
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, std::fs::read(path).unwrap());
    }
    files
}

fn opening(path: &Path, manner: Manner) -> Opening {
    Opening {
        manner: Some(manner),
        ..Opening::of(path)
    }
}

/// A day's work: single edits, a bulk act that fills many pages, an undo.
fn draft(stages: &[Id<Stage>], number: usize) -> StepDraft {
    let deals = if number % 5 == 4 { 60 } else { 1 };
    let mut commands = Vec::new();
    if number % 7 == 6 {
        commands.push(Command::Undo(Which::Last));
    } else {
        for slot in 0..deals {
            let fields = vec![
                (&deal::TITLE, format!("Deal {number}-{slot}").into()),
                (&deal::STAGE, stages[slot % 4].into()),
                (&deal::NOTE, "x".repeat(40 * number).into()),
            ];
            let mut made = create(Entity::Deal, fields);
            if let Command::Create(create) = &mut made {
                create.slot = Slot(u32::try_from(slot).unwrap());
            }
            commands.push(made);
        }
    }
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
}

/// Makes a book, and records what some steps do to its files. `other` is another journal than ours, as pragmas.
fn record(count: usize, other: Option<&str>) -> Recording {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    let mut book = Book::create_as(&opening(&path, Manner::Share), &new_book()).unwrap();
    let id = random_id();
    let made = book.commit(&StepDraft {
        commands: pipeline::standard("Sales", Slot(0)),
        id,
        group: id,
        ..draft(&[], 6)
    });
    let Ok(Outcome::Saved(made)) = made else {
        panic!("{made:?}")
    };
    let stages: Vec<Id<Stage>> = made
        .created
        .iter()
        .filter(|(_, noun, _)| *noun == Entity::Stage)
        .map(|(_, _, id)| Id::new(*id))
        .collect();
    let mut steps = vec![id];
    let recorder = Arc::new(Recorder::default());
    let mut run = |commit: &mut dyn FnMut(&StepDraft) -> Outcome| {
        for number in 0..count {
            let draft = draft(&stages, number);
            assert!(matches!(commit(&draft), Outcome::Saved(_)));
            recorder.note(Event::Acknowledged);
            steps.push(draft.id);
        }
    };
    let before;
    match other {
        None => {
            // A look at an open book would take its locks away.
            drop(book);
            before = files_of(dir.path());
            let _guard = tap::on(dir.path(), Arc::clone(&recorder) as Arc<dyn tap::Tap>);
            let mut book = Book::open_as(&opening(&path, Manner::Share)).unwrap();
            run(&mut |draft| book.commit(draft).unwrap());
        }
        Some(pragmas) => {
            drop(book);
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let name = vfs::of(Manner::Share).unwrap();
            let mut conn = Connection::open_with_flags_and_vfs(&path, flags, name).unwrap();
            conn.execute_batch(pragmas).unwrap();
            let meta = Meta::read(&conn).unwrap();
            before = files_of(dir.path());
            let _guard = tap::on(dir.path(), Arc::clone(&recorder) as Arc<dyn tap::Tap>);
            run(&mut |draft| {
                let step = Sent { draft, made: &[] };
                let judged = write::commit_all(&mut conn, &author(), &meta, &[step], real_now());
                let judged = judged.ok().and_then(|mut outcomes| outcomes.pop());
                judged.unwrap_or_else(|| panic!("a step of the control failed"))
            });
        }
    }
    Recording {
        before,
        events: recorder.take(),
        steps,
        known: 1,
    }
}

/// A folder in memory where there is one: thousands of books are opened in it.
fn fast_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir()
        && let Ok(dir) = TempDir::new_in(memory)
    {
        return dir;
    }
    TempDir::new().unwrap()
}

/// A cut at one point, in one way.
struct Case {
    what: String,
    files: Files,
    /// How many steps of the run were acknowledged by then.
    acknowledged: usize,
}

/// Cuts the power at every point of a recording, and looks at what comes back.
fn cut_everywhere(recording: &Recording, lies: bool) -> Verdict {
    let mut disk = Disk::with(recording.before.clone(), lies);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut acknowledged, mut cuts) = (0, 0);
    let mut seen: HashMap<u64, HashSet<usize>> = HashMap::new();
    let mut cases = Vec::new();
    let hasher = RandomState::new();
    for (point, event) in recording.events.iter().enumerate() {
        disk.apply(event);
        acknowledged += usize::from(matches!(event, Event::Acknowledged));
        for cut in CUTS {
            cuts += 1;
            let files = disk.cut(cut, &mut dice);
            // The same content again, after as many words of success, would come back the same.
            if seen
                .entry(hasher.hash_one(&files))
                .or_default()
                .insert(acknowledged)
            {
                let what = format!("point {point} ({}), {cut:?}", name_of(event));
                cases.push(Case {
                    what,
                    files,
                    acknowledged,
                });
            }
        }
    }
    let verdict = Mutex::new(Verdict {
        cuts,
        states: cases.len(),
        ..Verdict::default()
    });
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let folder = fast_folder();
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(place) else { break };
                    let judged =
                        judge(recording, case, folder.path(), place.is_multiple_of(SAMPLE));
                    let mut verdict = verdict.lock().unwrap();
                    match judged {
                        Ok(()) => {}
                        Err(Bad::Damaged(why)) => {
                            verdict.damaged.push(format!("{}: {why}", case.what));
                        }
                        Err(Bad::Lost(why)) => {
                            verdict.lost.push(format!("{}: {why}", case.what));
                        }
                    }
                }
            });
        }
    });
    verdict.into_inner().unwrap()
}

const fn name_of(event: &Event) -> &'static str {
    match event {
        Event::Open(_) => "open",
        Event::Write(..) => "write",
        Event::Truncate(..) => "truncate",
        Event::Sync(_) => "sync",
        Event::Delete(_) => "delete",
        Event::Acknowledged => "acknowledged",
    }
}

enum Bad {
    Damaged(String),
    Lost(String),
}

/// Opens what came back as a book.
fn judge(recording: &Recording, case: &Case, folder: &Path, goes_on: bool) -> Result<(), Bad> {
    let damaged = |fault: StoreError| Bad::Damaged(fault.to_string());
    for stale in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(stale.unwrap().path()).unwrap();
    }
    for (name, content) in &case.files {
        std::fs::write(folder.join(name), content).unwrap();
    }
    let path: PathBuf = folder.join("team.db");
    let mut book = Book::open_as(&opening(&path, Manner::Local)).map_err(damaged)?;
    let Answer::Groups(groups) = book.ask(&Query::Groups { limit: 1000 }).map_err(damaged)? else {
        unreachable!()
    };
    let found: Vec<StepId> = groups.iter().rev().map(|group| group.group).collect();
    let told = recording.known + case.acknowledged;
    if found.len() < told {
        return Err(Bad::Lost(format!("{} of {told} steps", found.len())));
    }
    if found.len() > told + 1 || found[..] != recording.steps[..found.len()] {
        return Err(Bad::Damaged("steps that nobody sent".to_owned()));
    }
    let findings = book.check().map_err(damaged)?;
    if let Some(found) = findings.found.first() {
        return Err(Bad::Damaged(format!("{found:?}")));
    }
    if !goes_on {
        return Ok(());
    }
    // Going on works, and the step that was under way can be sent again.
    let again = draft(&[], 6);
    let went_on = book.commit(&again).map_err(damaged)?;
    assert!(
        matches!(went_on, Outcome::Saved(_) | Outcome::Nothing),
        "{went_on:?}"
    );
    if book.check().map_err(damaged)?.is_clean() {
        Ok(())
    } else {
        Err(Bad::Damaged("after the next step".to_owned()))
    }
}

#[test]
fn a_power_cut_at_any_point_loses_nothing_that_was_acknowledged() {
    let recording = record(STEPS, None);
    let acknowledged = recording
        .events
        .iter()
        .filter(|event| matches!(event, Event::Acknowledged))
        .count();
    assert_eq!(acknowledged, STEPS);
    let verdict = cut_everywhere(&recording, false);
    println!(
        "{} points x {} cuts = {} ({} different states): {} damaged, {} with an acknowledged step lost",
        recording.events.len(),
        CUTS.len(),
        verdict.cuts,
        verdict.states,
        verdict.damaged.len(),
        verdict.lost.len()
    );
    assert_eq!((verdict.damaged, verdict.lost), (vec![], vec![]));
    assert!(verdict.states > 200);
}

#[test]
fn the_usual_journals_lose_steps_and_so_does_a_disk_that_does_not_flush() {
    for (what, pragmas) in [
        (
            "DELETE, FULL",
            "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL",
        ),
        (
            "DELETE, NORMAL",
            "PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL",
        ),
    ] {
        let verdict = cut_everywhere(&record(FEW, Some(pragmas)), false);
        println!(
            "{what}: {} of {} states lost an acknowledged step, {} were damaged",
            verdict.lost.len(),
            verdict.states,
            verdict.damaged.len()
        );
        assert!(!verdict.lost.is_empty(), "{what}");
    }
    let verdict = cut_everywhere(&record(FEW, None), true);
    assert!(!verdict.lost.is_empty() && !verdict.damaged.is_empty());
}

#[test]
fn the_disk_keeps_what_was_flushed_and_nothing_else_for_sure() {
    let file = |bytes: &[u8]| Files::from([("a".to_owned(), bytes.to_vec())]);
    let mut disk = Disk::with(file(b"old"), false);
    disk.apply(&Event::Write("a".to_owned(), 0, b"new".to_vec()));
    let mut dice = Dice(7);
    assert_eq!(disk.cut(Cut::Lost, &mut dice), file(b"old"));
    assert_eq!(disk.cut(Cut::Kept, &mut dice), file(b"new"));
    disk.apply(&Event::Sync("a".to_owned()));
    for cut in CUTS {
        assert_eq!(disk.cut(cut, &mut dice), file(b"new"));
    }
    disk.apply(&Event::Delete("a".to_owned()));
    assert_eq!(disk.cut(Cut::Lost, &mut dice), file(b"new"));
    assert_eq!(disk.cut(Cut::Kept, &mut dice), Files::new());
}
