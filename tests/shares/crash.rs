//! Programs that are killed, clients that are cut off, a server that crashes: what was acknowledged is in the book, of everything
//! else there is all or nothing, and the others go on.

use std::time::{Duration, Instant};

use clinch::store::Book;

use super::crew::{Crew, Plan, faults_of};
use super::drive::{Cut, CutAt, Loss, Options, TestDrive, say};
use super::work::{PATIENCE, Seller, new_book, opening, saved};
use super::writer::Noise;
use super::{either, until};

/// A good drive at 1 ms, with `clients` for the writers and one more for who judges.
fn drive(clients: usize) -> Option<TestDrive> {
    TestDrive::mount(Options {
        clients: clients + 1,
        latency: Duration::from_millis(1),
        ..Options::default()
    })
}

/// Longer than any test takes: who works so long is stopped.
const UNTIL_STOPPED: Duration = Duration::from_hours(1);

/// Nothing of those who are gone holds up a newcomer.
fn a_newcomer_writes(drive: &TestDrive, client: usize) {
    let mut book = Book::open_as(&opening(&drive.book(client), None)).unwrap();
    let draft = Seller::of(&mut book, 0).unwrap().next("newcomer");
    saved(&mut book, &draft);
}

#[test]
fn programs_that_are_killed_lose_nothing_that_was_acknowledged() {
    let Some(drive) = drive(4) else { return };
    new_book(&drive.book(0), 8).unwrap();
    let time = Duration::from_secs(either(8, 60));
    let mut crew = Crew::start(&drive, 4, &Plan::of(8, time));
    let mut noise = Noise::of(1);
    let mut kills = 0;
    while crew.left() > Duration::from_secs(1) {
        std::thread::sleep(Duration::from_millis(100));
        crew.kill_and_replace(usize::try_from(noise.next() % 8).unwrap());
        kills += 1;
    }
    let notes = crew.finish();
    say(&format!(
        "{kills} kills of 8 writers: {} steps acknowledged, faults shown: {:?}",
        notes.done().len(),
        notes.faults()
    ));
    assert_eq!(faults_of(&drive.book(4), &notes), Vec::<String>::new());
    assert_eq!(notes.faults(), Vec::<String>::new());
    assert!(!notes.done().is_empty());
    a_newcomer_writes(&drive, 4);
}

/// Cuts the first of three writers off in mid transaction, until the others have gone on without it and `away` is over.
fn cut_off(how: Cut, name: &'static str, write: usize) {
    let Some(drive) = drive(3) else { return };
    new_book(&drive.book(0), 3).unwrap();
    let crew = Crew::start(&drive, 3, &Plan::of(3, UNTIL_STOPPED));
    until("a first step", || crew.notes().shares()[0] > 0);
    drive.cut_at(
        0,
        CutAt {
            name,
            write,
            after: true,
            how,
        },
    );
    assert!(drive.until_cut(0, PATIENCE));
    let cut = Instant::now();
    let before = crew.notes().shares();
    until("another going on", || {
        let now = crew.notes().shares();
        now[1] > before[1] || now[2] > before[2]
    });
    let waited = cut.elapsed();
    until("both others going on", || {
        let now = crew.notes().shares();
        now[1] > before[1] && now[2] > before[2]
    });
    let both = cut.elapsed();
    let away = Duration::from_secs(either(3, 5));
    std::thread::sleep(away.saturating_sub(cut.elapsed()));
    drive.restore(0);
    until("the first writing again", || {
        crew.notes().shares()[0] > before[0]
    });
    let notes = crew.stop();
    say(&format!(
        "cut off ({how:?}) at write {write} to {name}: the others went on after {waited:.1?} and {both:.1?} at a lease of 2 s; steps {:?}",
        notes.shares()
    ));
    assert_eq!(faults_of(&drive.book(3), &notes), Vec::<String>::new());
    assert!(either(true, waited < Duration::from_secs(4)));
    a_newcomer_writes(&drive, 3);
}

#[test]
fn a_client_that_hangs_while_it_writes_the_book_comes_back_and_loses_nothing() {
    cut_off(Cut::Hangs, "team.db", 3);
}

#[test]
fn a_client_that_hangs_while_it_writes_the_journal_comes_back_and_loses_nothing() {
    cut_off(Cut::Hangs, "team.db-journal", 2);
}

#[test]
fn a_client_whose_writes_fail_in_mid_transaction_comes_back_and_loses_nothing() {
    cut_off(Cut::Fails, "team.db", 5);
}

#[test]
fn a_server_that_loses_what_was_not_synced_loses_nothing_that_was_acknowledged() {
    let Some(drive) = drive(3) else { return };
    new_book(&drive.book(0), 4).unwrap();
    drive.settle();
    let crashes = either(20, 200);
    let crew = Crew::start(&drive, 3, &Plan::of(4, UNTIL_STOPPED));
    let mut noise = Noise::of(7);
    for crash in 1..=crashes {
        let before: usize = crew.notes().shares().iter().sum();
        until("work going on", || {
            crew.notes().shares().iter().sum::<usize>() > before
        });
        std::thread::sleep(Duration::from_millis(noise.next() % 100));
        drive.crash(Loss::Some(crash));
    }
    let notes = crew.stop();
    say(&format!(
        "{crashes} crashes of the server under 4 writers: {} steps acknowledged",
        notes.done().len()
    ));
    assert_eq!(faults_of(&drive.book(3), &notes), Vec::<String>::new());
    a_newcomer_writes(&drive, 3);
}
