//! Many who write at once, on a good drive: nothing is lost, nobody is left behind, nobody is told of a fault.

use std::time::Duration;

use super::crew::{Crew, Notes, Plan, faults_of, percentile};
use super::drive::{Options, TestDrive, say};
use super::work::new_book;
use super::{either, long};

/// Says how a run went.
fn figures(what: &str, notes: &Notes) {
    let (times, looks) = (notes.times(), notes.looks());
    say(&format!(
        "{what}: {} steps, Jain {:.2}, commit p50 {} ms, p99 {} ms, {} looks at the board p50 {} ms, {} faults shown",
        times.len(),
        notes.jain(),
        percentile(&times, 50),
        percentile(&times, 99),
        looks.len(),
        percentile(&looks, 50),
        notes.faults().len(),
    ));
}

#[test]
fn eight_who_write_without_a_pause_lose_nothing_and_share_the_drive() {
    let Some(drive) = TestDrive::mount(Options {
        clients: 5,
        latency: Duration::from_millis(1),
        ..Options::default()
    }) else {
        return;
    };
    new_book(&drive.book(0), 8).unwrap();
    let seconds = either(8, 60);
    let notes = Crew::start(&drive, 4, &Plan::of(8, Duration::from_secs(seconds))).finish();
    figures("8 writers at 1 ms an operation", &notes);
    assert_eq!(faults_of(&drive.book(4), &notes), Vec::<String>::new());
    assert_eq!(notes.faults(), Vec::<String>::new());
    assert!(notes.shares().iter().all(|steps| *steps > 0));
    if long() {
        assert!(notes.jain() >= 0.7);
        assert!(percentile(&notes.times(), 99) <= 4000);
    }
}

#[test]
fn twenty_reps_who_think_do_not_wait_for_each_other() {
    let Some(drive) = TestDrive::mount(Options {
        clients: 5,
        latency: Duration::from_millis(1),
        ..Options::default()
    }) else {
        return;
    };
    new_book(&drive.book(0), 20).unwrap();
    let plan = Plan {
        think: Duration::from_secs(either(4, 10)),
        poll: Duration::from_secs(1),
        ..Plan::of(20, Duration::from_secs(either(8, 120)))
    };
    let notes = Crew::start(&drive, 4, &plan).finish();
    figures("20 reps who think, at 1 ms an operation", &notes);
    assert_eq!(faults_of(&drive.book(4), &notes), Vec::<String>::new());
    assert_eq!(notes.faults(), Vec::<String>::new());
    if long() {
        assert!(percentile(&notes.times(), 50) <= 150);
        assert!(percentile(&notes.times(), 99) <= 1000);
    }
}
