//! Drives that do not hold what they promise: refused in plain words where that can be seen, and found out by the outbox where it
//! cannot, with every lost step written again.

use std::path::Path;
use std::time::Duration;

use clinch::domain::command::StepDraft;
use clinch::store::{Book, Opening, StoreError};

use super::crew::{Crew, Plan, faults_of};
use super::drive::{Cut, CutAt, LockService, Loss, Options, TestDrive, say};
use super::work::{PATIENCE, Seller, new_book, opening, saved};
use super::writer::{Log, Noted, read_log};

#[test]
fn a_drive_that_refuses_locks_is_refused_in_plain_words() {
    let Some(drive) = TestDrive::mount(Options {
        locks: LockService::Refused,
        ..Options::default()
    }) else {
        return;
    };
    let fault = new_book(&drive.book(0), 1).unwrap_err();
    assert!(matches!(fault, StoreError::NoLocks { .. }), "{fault:?}");
    assert!(fault.to_string().contains("keeps no locks"), "{fault}");
    assert!(fault.hint().is_some());
    assert!(!drive.book(0).exists());
}

#[test]
fn what_lies_on_a_drive_that_refuses_locks_can_be_looked_at() {
    let Some(drive) = TestDrive::mount(Options {
        locks: LockService::Refused,
        ..Options::default()
    }) else {
        return;
    };
    let local = drive.local().join("team.db");
    new_book(&local, 1).unwrap();
    std::fs::copy(&local, drive.book(0)).unwrap();
    let usual = opening(&drive.book(0), None);
    let fault = Book::open_as(&usual).unwrap_err();
    assert!(matches!(fault, StoreError::NoLocks { .. }), "{fault:?}");
    let look = Opening {
        read_only: true,
        ..usual
    };
    let mut book = Book::open_as(&look).unwrap();
    assert!(book.head(PATIENCE).is_ok());
}

#[test]
fn control_locks_that_stay_on_each_machine_lose() {
    let Some(drive) = TestDrive::mount(Options {
        clients: 5,
        locks: LockService::Local,
        ..Options::default()
    }) else {
        return;
    };
    new_book(&drive.book(0), 4).unwrap();
    let plan = Plan {
        outboxes: false,
        ..Plan::of(4, Duration::from_secs(3))
    };
    let notes = Crew::start(&drive, 4, &plan).finish();
    let faults = faults_of(&drive.book(4), &notes);
    say(&format!(
        "locks of each machine alone: {} steps acknowledged, {} faults of the book",
        notes.done().len(),
        faults.len()
    ));
    assert!(!faults.is_empty(), "{:?}", notes.faults());
}

/// A rep's program on this machine, with an outbox and a log of what was acknowledged.
struct Desk<'a> {
    drive: &'a TestDrive,
    client: usize,
    book: Book,
    seller: Seller,
    log: std::path::PathBuf,
}

impl<'a> Desk<'a> {
    fn at(drive: &'a TestDrive, client: usize) -> Self {
        let outboxes = drive.local().join(format!("outboxes-{client}"));
        std::fs::create_dir_all(&outboxes).unwrap();
        let mut book = Book::open_as(&opening(&drive.book(client), Some(&outboxes))).unwrap();
        let seller = Seller::of(&mut book, client).unwrap();
        Self {
            drive,
            client,
            book,
            seller,
            log: drive.local().join(format!("desk-{client}.log")),
        }
    }

    fn next(&mut self, marker: &str) -> StepDraft {
        let draft = self.seller.next(marker);
        let step = draft.id.to_string();
        let marker = marker.to_owned();
        Log::open(&self.log).note(&Noted::Begun { step, marker });
        draft
    }

    fn acknowledge(&mut self, draft: &StepDraft, marker: &str, changes: usize) {
        Log::open(&self.log).note(&Noted::Done {
            step: draft.id.to_string(),
            marker: marker.to_owned(),
            changes,
            micros: 0,
        });
        self.seller.note = marker.into();
    }

    /// Takes some steps, all of which the book acknowledges.
    fn work(&mut self, steps: usize) {
        for _ in 0..steps {
            let marker = format!("{}-{}", self.client, 100 + read_log(&self.log).len());
            let draft = self.next(&marker);
            let receipt = saved(&mut self.book, &draft);
            self.acknowledge(&draft, &marker, receipt.changes);
        }
    }

    /// What the book has lost of what it acknowledged.
    fn lost(&self, judge: usize) -> Vec<String> {
        lost(&self.drive.book(judge), &[&self.log])
    }
}

fn lost(book: &Path, logs: &[&Path]) -> Vec<String> {
    let of = logs.iter().map(|log| read_log(log)).collect();
    faults_of(book, &super::crew::Notes { of })
}

/// Works at a drive, lets something happen to it, and looks whether a look for what was acknowledged finds all that is gone.
fn found_and_written_again(
    before: usize,
    after: usize,
    happens: impl FnOnce(&TestDrive, &mut dyn FnMut()),
) {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    new_book(&drive.book(0), 1).unwrap();
    drive.settle();
    let mut desk = Desk::at(&drive, 0);
    desk.work(before);
    happens(&drive, &mut || desk.work(after));
    let log = desk.log.clone();
    drop(desk);
    // The control: without a look, steps are gone.
    assert!(lost(&drive.book(1), &[&log]).len() >= after);
    let mut desk = Desk::at(&drive, 0);
    let verified = desk.book.verify().unwrap();
    assert_eq!(verified.lost(), after, "{verified:?}");
    assert_eq!(verified.clashes, Vec::new());
    assert_eq!(desk.lost(1), Vec::<String>::new());
    // From here on the drive is known to lose what it is given.
    assert!(desk.book.read_only().is_some());
}

#[test]
fn what_a_drive_that_lies_about_syncing_has_lost_is_found_and_written_again() {
    found_and_written_again(5, 12, |drive, work| {
        drive.settle();
        drive.set_honest(false);
        work();
        drive.crash(Loss::All);
    });
}

#[test]
fn what_is_gone_with_an_older_copy_of_the_drive_is_found_and_written_again() {
    found_and_written_again(5, 12, |drive, work| {
        let image = drive.image();
        work();
        drive.put_back(image);
    });
}

#[test]
fn a_step_that_went_under_between_two_machines_is_found_and_written_again() {
    let Some(drive) = TestDrive::mount(Options {
        clients: 3,
        locks: LockService::Local,
        ..Options::default()
    }) else {
        return;
    };
    new_book(&drive.book(0), 2).unwrap();
    let mut first = Desk::at(&drive, 0);
    let mut second = Desk::at(&drive, 1);
    let draft = first.next("0-100");
    // The first stops just before it writes to the book; the second sees no lock and goes ahead; then the first writes over it.
    drive.cut_at(
        0,
        CutAt {
            name: "team.db",
            write: 1,
            after: false,
            how: Cut::Hangs,
        },
    );
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| first.book.commit_patiently(&draft, PATIENCE));
        assert!(drive.until_cut(0, PATIENCE));
        second.work(1);
        drive.restore(0);
        let _ = slow.join().unwrap();
    });
    let log = second.log.clone();
    assert!(!lost(&drive.book(2), &[&log]).is_empty());
    let verified = second.book.verify().unwrap();
    assert_eq!(verified.lost(), 1, "{verified:?}");
    assert_eq!(lost(&drive.book(2), &[&log]), Vec::<String>::new());
}
