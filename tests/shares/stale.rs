//! What clients remember of files that others have changed since: a host that dies in mid commit must not leave half a step for
//! them to see, and caches that are never dropped must not make them write on old pages.

use std::time::Duration;

use clinch::store::Book;

use super::crew::{Crew, Plan, faults_of};
use super::drive::{Cache, Cut, CutAt, Options, TestDrive, say};
use super::either;
use super::plain;
use super::work::{Seller, new_book, opening, saved};

/// A drive whose clients keep attributes for a second, and for half a minute that a name is not there. Who dies has no lease.
fn forgetful() -> Option<TestDrive> {
    TestDrive::mount(Options {
        clients: 3,
        attr: Duration::from_secs(1),
        negative: Duration::from_secs(30),
        lease: Duration::ZERO,
        ..Options::default()
    })
}

/// The first client dies at a write; returns whether it got so far.
fn dies(drive: &TestDrive, write: usize, act: impl FnOnce() -> bool) -> bool {
    drive.cut_at(
        0,
        CutAt {
            name: "team.db",
            write,
            after: true,
            how: Cut::Fails,
        },
    );
    let done = act();
    let died = drive.is_cut(0);
    assert!(done || died, "the step failed by itself");
    died
}

#[test]
fn a_host_that_dies_at_any_page_of_a_commit_leaves_no_half_step() {
    let Some(drive) = forgetful() else { return };
    new_book(&drive.book(0), 2).unwrap();
    let mut write = 1;
    loop {
        let mut mine = Book::open_as(&opening(&drive.book(0), None)).unwrap();
        let mut theirs = Book::open_as(&opening(&drive.book(1), None)).unwrap();
        let draft = Seller::of(&mut mine, 0)
            .unwrap()
            .next(&format!("dies-{write}"));
        let before = theirs.content_hash().unwrap();
        let died = dies(&drive, write, || mine.commit(&draft).is_ok());
        if !died {
            break;
        }
        assert_eq!(theirs.content_hash().unwrap(), before, "write {write}");
        let seller = Seller::of(&mut theirs, 1).unwrap();
        saved(&mut theirs, &seller.next(&format!("lives-{write}")));
        drop(mine);
        drive.restore(0);
        write += 1;
    }
    say(&format!(
        "a host died at each of {} writes to the book",
        write - 1
    ));
    assert!(write > 8, "{write}");
    let crew = Crew::start(&drive, 0, &Plan::of(0, Duration::ZERO));
    assert_eq!(
        faults_of(&drive.book(2), &crew.notes()),
        Vec::<String>::new()
    );
}

/// How often a reader saw half a transaction of a host that died in a commit of SQLite as it comes.
fn halves_seen(journal: &str) -> Option<usize> {
    let drive = forgetful()?;
    let mut halves = 0;
    for write in 1.. {
        let file = drive.at(0).join(format!("{write}-team.db"));
        plain::make(&file, journal).unwrap();
        let mine = plain::open(&file, journal).unwrap();
        let theirs = plain::open(&drive.at(1).join(file.file_name().unwrap()), journal).unwrap();
        let sum = || {
            theirs.query_row("SELECT sum(version) FROM lead", [], |row| {
                row.get::<_, i64>(0)
            })
        };
        assert_eq!(sum().unwrap(), 0);
        let died = dies(&drive, write, || {
            mine.execute_batch("BEGIN IMMEDIATE; UPDATE lead SET version = 1; COMMIT")
                .is_ok()
        });
        if !died {
            say(&format!(
                "{journal}: half was seen at {halves} of {} writes",
                write - 1
            ));
            return Some(halves);
        }
        halves += usize::from(!matches!(sum(), Ok(0 | 400)));
        drop(mine);
        drive.restore(0);
    }
    None
}

#[test]
fn control_a_journal_that_is_deleted_shows_half_a_step_of_a_dead_host() {
    assert!(halves_seen("delete").is_none_or(|halves| halves > 0));
}

fn never_dropped() -> Option<TestDrive> {
    TestDrive::mount(Options {
        clients: 5,
        cache: Cache::Stale,
        attr: Duration::from_secs(1),
        negative: Duration::from_secs(1),
        ..Options::default()
    })
}

#[test]
fn caches_that_are_never_dropped_lose_nothing() {
    let Some(drive) = never_dropped() else { return };
    new_book(&drive.book(0), 4).unwrap();
    let plan = Plan {
        think: Duration::from_millis(3),
        ..Plan::of(4, Duration::from_secs(either(4, 30)))
    };
    let notes = Crew::start(&drive, 4, &plan).finish();
    say(&format!(
        "stale caches: {} steps by 4 writers",
        notes.done().len()
    ));
    assert_eq!(faults_of(&drive.book(4), &notes), Vec::<String>::new());
    assert_eq!(notes.faults(), Vec::<String>::new());
    assert!(!notes.done().is_empty());
}

#[test]
fn control_sqlite_as_it_comes_loses_on_caches_that_are_never_dropped() {
    let Some(drive) = never_dropped() else { return };
    plain::make(&drive.book(0), "persist").unwrap();
    let plan = Plan {
        plain: Some("persist"),
        think: Duration::from_millis(3),
        ..Plan::of(4, Duration::from_secs(3))
    };
    let notes = Crew::start(&drive, 4, &plan).finish();
    let lost = plain::judge(&drive.book(4), &notes.markers());
    say(&format!(
        "stale caches, SQLite as it comes: {lost:?} {:?}",
        notes.shares()
    ));
    assert!(lost.any(), "{:?}", notes.faults());
}
