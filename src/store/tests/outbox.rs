//! Steps that were kept, lost, found again and offered.

use std::fs;
use std::path::PathBuf;
#[cfg(unix)]
use std::{
    ffi::c_int,
    path::Path,
    sync::Arc,
    sync::atomic::{AtomicUsize, Ordering},
};

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::domain::nouns::import;
use crate::store::Opening;
use crate::store::book::{Offered, Verified};
#[cfg(unix)]
use crate::store::{
    drive::Manner,
    vfs::tap::{self, Act, Tap},
};

/// A book with an outbox, and older states of its file.
struct Seat {
    bed: Bed,
}

impl Seat {
    fn new() -> Self {
        let mut seat = Self { bed: Bed::new() };
        seat.open();
        seat
    }

    /// Through the shim, where a test can make acts fail.
    #[cfg(unix)]
    fn on_a_share() -> Self {
        let mut seat = Self::new();
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

    fn path(&self) -> PathBuf {
        self.bed.dir.path().join("team.db")
    }

    fn opening(&self) -> Opening {
        Opening {
            patience: std::time::Duration::ZERO,
            outboxes: Some(self.bed.dir.path().join("outbox")),
            ..Opening::of(&self.path())
        }
    }

    /// As if the process had ended, and another one began.
    fn open(&mut self) {
        self.bed.book = Book::open(&self.path()).unwrap();
        self.bed.book = Book::open_as(&self.opening()).unwrap();
    }

    fn state(&self) -> Vec<u8> {
        fs::read(self.path()).unwrap()
    }

    /// The drive forgets what was written since. The counter of changes leaps, so that whoever has the book open sees that.
    fn lose(&self, since: &[u8]) {
        let now = self.state();
        let counter = u32::from_be_bytes(now[24..28].try_into().unwrap()) + 1000;
        let mut bytes = since.to_vec();
        bytes[24..28].copy_from_slice(&counter.to_be_bytes());
        bytes[92..96].copy_from_slice(&counter.to_be_bytes());
        fs::write(self.path(), bytes).unwrap();
    }

    fn verify(&mut self) -> Verified {
        self.bed.book.verify().unwrap()
    }

    fn offered(&mut self) -> Vec<Offered> {
        self.bed.book.offered().unwrap()
    }

    fn titled(&self, title: &str) -> StepDraft {
        let fields = vec![
            (&deal::TITLE, title.into()),
            (&deal::STAGE, self.bed.stages[0].into()),
        ];
        self.bed
            .draft(Origin::Human, vec![create(Entity::Deal, fields)])
    }

    /// Sends a step while somebody else has the book, and dies before its turn comes.
    fn die_waiting(&mut self, draft: &StepDraft) {
        let other = Connection::open(self.path()).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        assert!(matches!(self.bed.book.commit(draft), Err(StoreError::Busy)));
        drop(other);
        self.open();
    }

    fn steps(&self) -> Vec<StepId> {
        let conn = Connection::open(self.path()).unwrap();
        let mut ids = conn.prepare("SELECT id FROM step ORDER BY n").unwrap();
        let ids = ids.query_map([], |row| row.get(0)).unwrap();
        ids.map(Result::unwrap).collect()
    }
}

#[test]
fn a_step_is_kept_before_its_transaction_and_offered_to_who_comes_after() {
    let mut seat = Seat::new();
    let draft = seat.titled("Alpina");
    seat.die_waiting(&draft);
    assert_eq!(seat.verify().waiting, 1);
    let offered = seat.offered();
    assert_eq!(offered.len(), 1);
    assert_eq!(
        (&offered[0].draft, offered[0].acknowledged),
        (&draft, false)
    );
    assert_eq!(seat.bed.book.words(&draft).unwrap(), "Add deal Alpina");
    seat.bed.saved(&draft);
    assert_eq!(seat.offered(), []);
    assert_eq!(seat.steps().iter().filter(|id| **id == draft.id).count(), 1);
}

#[test]
fn what_waits_in_this_process_is_not_offered() {
    let mut seat = Seat::new();
    let draft = seat.titled("Alpina");
    seat.bed.book.keep(&draft).unwrap();
    assert_eq!((seat.offered(), seat.verify().waiting), (vec![], 0));
    seat.open();
    assert_eq!(seat.offered().len(), 1);
}

#[test]
fn a_step_that_was_given_up_or_judged_is_not_offered() {
    let mut seat = Seat::new();
    let (none, alpina) = (std::time::Duration::ZERO, seat.titled("Alpina"));
    let other = Connection::open(seat.path()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let given_up = seat.bed.book.commit_patiently(&alpina, none);
    assert!(matches!(given_up, Err(StoreError::Busy)));
    drop(other);
    let deal = seat.bed.deal("Bex", 0, Some(1));
    let clash = edit(Entity::Deal, deal.record(), &deal::AMOUNT, 2, 3);
    assert!(matches!(
        seat.bed.act(vec![clash]),
        Ok(Outcome::Conflict(_))
    ));
    assert!(seat.bed.act(vec![create(Entity::Deal, vec![])]).is_err());
    assert_eq!(seat.bed.redo(), Outcome::Nothing);
    seat.open();
    assert_eq!(seat.offered(), []);
}

#[test]
fn a_step_whose_mark_was_lost_is_found_by_its_id() {
    let mut seat = Seat::new();
    let draft = seat.titled("Alpina");
    seat.bed.saved(&draft);
    let hash = seat.bed.hash();
    let file = seat.bed.dir.path().join("outbox");
    let file = fs::read_dir(file).unwrap().next().unwrap().unwrap().path();
    let file = file.join("0/steps.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.lines().next().unwrap().to_owned() + "\n").unwrap();
    seat.open();
    let found = seat.verify();
    assert_eq!((found.looked_for, found.waiting, found.lost()), (1, 0, 0));
    // And from then on it counts as taken.
    let after = seat.state();
    seat.bed.deal("Bex", 0, None);
    seat.lose(&after[..]);
    seat.open();
    assert_eq!(seat.verify().lost(), 1);
    assert_ne!(seat.bed.hash(), hash);
}

#[test]
fn what_the_drive_lost_is_written_again_with_the_same_ids_and_nothing_else_is() {
    let mut seat = Seat::new();
    let before = seat.state();
    let deal = seat.bed.deal("Alpina", 0, Some(100));
    let (from, to) = (seat.bed.stages[0], seat.bed.stages[1]);
    seat.bed.ok(vec![move_to(deal, Some(from), to)]);
    seat.bed.ok(vec![tag(deal, "vip", true)]);
    assert!(matches!(seat.bed.undo(), Outcome::Saved(_)));
    assert!(matches!(seat.bed.redo(), Outcome::Saved(_)));
    assert!(matches!(seat.bed.undo(), Outcome::Saved(_)));
    let steps = seat.steps();
    let said = |seat: &mut Seat| seat.bed.book.content_hash_without_ids().unwrap();
    let hash = said(&mut seat);
    seat.lose(&before);
    let found = seat.verify();
    assert_eq!((found.again.len(), found.lost()), (6, 6));
    assert_eq!((said(&mut seat), seat.steps()), (hash, steps));
    assert_eq!(seat.bed.show_deal(deal).name(), "Alpina");
    assert!(seat.bed.book.read_only().unwrap().contains("lost"));
    let refused = seat.bed.act(vec![tag(deal, "new", true)]);
    assert!(matches!(refused, Err(StoreError::Doubted { .. })));
    assert_eq!(seat.verify().lost(), 0, "they are there by now");
    seat.open();
    assert_eq!((seat.verify().lost(), seat.offered()), (0, vec![]));
    seat.bed.ok(vec![tag(deal, "new", true)]);
}

#[test]
fn a_loss_is_noticed_though_this_connection_remembers_what_it_wrote() {
    let mut seat = Seat::new();
    let before = seat.state();
    seat.bed.deal("Alpina", 0, None);
    let mine = seat.state();
    // The counter in the header says that nothing has changed; the pages say what was there before.
    let mut stale = before.clone();
    stale[24..28].copy_from_slice(&mine[24..28]);
    stale[92..96].copy_from_slice(&mine[92..96]);
    stale.resize(mine.len(), 0);
    fs::write(seat.path(), stale).unwrap();
    assert_eq!(seat.verify().again.len(), 1);
}

#[test]
fn a_copy_of_the_book_has_lost_nothing() {
    let mut seat = Seat::new();
    let copy = seat.bed.dir.path().join("copy.db");
    fs::copy(seat.path(), &copy).unwrap();
    let before = fs::read(&copy).unwrap();
    seat.bed.deal("Alpina", 0, None);
    let waits = seat.titled("Bex");
    seat.die_waiting(&waits);
    let opening = Opening {
        path: copy.clone(),
        ..seat.opening()
    };
    let mut other = Book::open_as(&opening).unwrap();
    assert_eq!(other.verify().unwrap(), Verified::default());
    assert_eq!(other.offered().unwrap(), []);
    drop(other);
    assert!(fs::read(&copy).unwrap() == before);
    assert_eq!((seat.verify().lost(), seat.offered().len()), (0, 1));
    // Where the book is no longer there, what waits is offered, and nothing is written by itself.
    seat.bed.book = Book::open(&copy).unwrap();
    fs::remove_file(seat.path()).unwrap();
    seat.bed.book = Book::open_as(&opening).unwrap();
    assert_eq!((seat.verify().lost(), seat.offered().len()), (0, 1));
    assert!(fs::read(&copy).unwrap() == before);
}

#[test]
fn after_a_restore_everything_is_offered_and_nothing_written() {
    let mut seat = Seat::new();
    let before = seat.state();
    let draft = seat.titled("Alpina");
    seat.bed.saved(&draft);
    assert_eq!(seat.verify().looked_for, 1);
    seat.lose(&before);
    let conn = Connection::open(seat.path()).unwrap();
    conn.execute_batch("UPDATE book SET epoch = epoch + 1")
        .unwrap();
    drop(conn);
    // A process that had it open does not go on as if nothing had been.
    let other = seat.titled("Bex");
    assert!(matches!(
        seat.bed.book.commit(&other),
        Err(StoreError::Restored)
    ));
    assert!(matches!(seat.bed.book.verify(), Err(StoreError::Restored)));
    assert!(matches!(
        seat.bed.book.reconnect(),
        Err(StoreError::Restored)
    ));
    seat.open();
    let found = seat.verify();
    assert_eq!((found.lost(), found.waiting), (0, 2));
    assert_eq!(seat.bed.book.read_only(), None);
    let offered = seat.offered();
    let said: Vec<_> = offered
        .iter()
        .map(|step| (step.draft.id, step.acknowledged))
        .collect();
    assert_eq!(said, [(draft.id, true), (other.id, false)]);
    let made = seat.bed.saved(&offered[0].draft);
    seat.bed.book.forget(&[other.id]).unwrap();
    assert_eq!((made.again, seat.offered()), (false, vec![]));
    seat.open();
    assert_eq!((seat.verify().waiting, seat.verify().lost()), (0, 0));
}

#[test]
fn what_clashes_when_it_is_written_again_is_offered() {
    let mut seat = Seat::new();
    let deal = seat.bed.deal("Alpina", 0, Some(100));
    let before = seat.state();
    let mine = edit(Entity::Deal, deal.record(), &deal::AMOUNT, 100, 200);
    let mine = seat.bed.draft(Origin::Human, vec![mine]);
    seat.bed.saved(&mine);
    seat.lose(&before);
    let theirs = edit(Entity::Deal, deal.record(), &deal::AMOUNT, 100, 300);
    let mut they = Book::open(&seat.path()).unwrap();
    let theirs = seat.bed.draft(Origin::Human, vec![theirs]);
    assert!(matches!(they.commit(&theirs), Ok(Outcome::Saved(_))));
    drop(they);
    seat.open();
    let found = seat.verify();
    assert_eq!((found.clashes.len(), found.lost()), (1, 1));
    assert_eq!(found.clashes[0].0, mine);
    let offered = seat.offered();
    assert!(offered.len() == 1 && offered[0].acknowledged);
    // Asked once, it neither shuts the book again nor goes away before its author says so.
    seat.open();
    assert_eq!((seat.verify().lost(), seat.verify().waiting), (0, 1));
    let none = std::time::Duration::ZERO;
    assert!(matches!(
        seat.bed.book.apply(&mine, none),
        Ok(Outcome::Conflict(_))
    ));
    seat.open();
    assert_eq!(seat.offered().len(), 1);
    seat.bed.book.forget(&[mine.id]).unwrap();
    assert_eq!(seat.offered(), []);
}

#[test]
fn while_the_newest_is_there_nothing_older_is_looked_for() {
    let mut seat = Seat::new();
    let before = seat.state();
    for n in 0..5 {
        seat.bed.deal(&format!("Deal {n}"), 0, None);
    }
    assert_eq!(seat.verify().looked_for, 5);
    assert_eq!(seat.verify().looked_for, 1);
    let steps = seat.steps();
    seat.lose(&before);
    assert_eq!(seat.verify().again.len(), 5);
    assert_eq!(seat.steps(), steps);
}

#[test]
fn of_an_import_that_is_lost_the_files_are_named() {
    let mut seat = Seat::new();
    let before = seat.state();
    let fields = [
        (&import::FILE, "deals.csv"),
        (&import::HASH, "00ff"),
        (&import::KIND, "deals"),
        (&import::STATE, "done"),
    ];
    let fields = fields.map(|(field, text)| (field, text.into())).to_vec();
    let mut draft = seat
        .bed
        .draft(Origin::Import, vec![create(Entity::Import, fields)]);
    draft.label = Some("Import deals.csv".to_owned());
    seat.bed.saved(&draft);
    seat.lose(&before);
    let found = seat.verify();
    assert_eq!(found.imports, ["Import deals.csv"]);
    let offered = seat.offered();
    assert!(
        offered[0]
            .obstacle()
            .unwrap()
            .contains("import its files again")
    );
    seat.bed.book.forget(&[offered[0].draft.id]).unwrap();
    assert_eq!(seat.offered(), []);
}

#[test]
fn an_undo_that_was_cut_off_would_take_back_something_else_later() {
    let mut seat = Seat::new();
    seat.bed.deal("Alpina", 0, None);
    let undo = seat
        .bed
        .draft(Origin::Undo, vec![Command::Undo(Which::Last)]);
    seat.die_waiting(&undo);
    assert!(seat.offered()[0].obstacle().is_some());
}

#[test]
fn the_same_id_with_another_content_is_never_taken_for_done() {
    let mut seat = Seat::new();
    let draft = seat.titled("Alpina");
    let mut they = Book::open(&seat.path()).unwrap();
    they.commit(&draft).unwrap();
    drop(they);
    let other = StepDraft {
        id: draft.id,
        ..seat.titled("Bex")
    };
    seat.die_waiting(&other);
    assert_eq!(seat.offered().len(), 1);
    let fault = seat.bed.book.commit(&other).unwrap_err();
    assert!(fault.to_string().contains("another content"), "{fault}");
}

#[test]
fn a_step_that_cannot_be_kept_is_not_sent() {
    let mut seat = Seat::new();
    let in_the_way = seat.bed.dir.path().join("file");
    fs::write(&in_the_way, "").unwrap();
    seat.bed.book = Book::open_as(&Opening {
        outboxes: Some(in_the_way),
        ..seat.opening()
    })
    .unwrap();
    let (steps, draft) = (seat.steps(), seat.titled("Alpina"));
    let refused = seat.bed.book.commit(&draft);
    assert!(matches!(refused, Err(StoreError::Outbox { .. })));
    assert_eq!(seat.steps(), steps);
}

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
    let mut seat = Seat::on_a_share();
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
    let mut seat = Seat::on_a_share();
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

/// What may happen to a seat.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// A step is written.
    Write,
    /// A step is kept, and the process dies.
    Die,
    /// The process ends; the next one verifies.
    Next,
    /// The drive loses what was written since a moment ago.
    Lose,
    /// The book is restored to what it was a moment ago.
    Restore,
    /// This is the moment.
    Moment,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn whatever_happens_every_step_is_in_the_book_once_or_offered(
        fates in prop::collection::vec(
            prop::sample::select(vec![
                Fate::Write, Fate::Write, Fate::Write, Fate::Die, Fate::Next, Fate::Next, Fate::Lose,
                Fate::Restore, Fate::Moment,
            ]),
            1..14,
        )
    ) {
        let mut seat = Seat::new();
        let (mut moment, mut epoch) = (seat.state(), 1);
        let mut sent = Vec::new();
        for fate in fates {
            let draft = seat.titled(&format!("Deal {}", sent.len()));
            match fate {
                Fate::Write => match seat.bed.book.commit(&draft) {
                    Ok(_) | Err(StoreError::Restored) => sent.push(draft.id),
                    Err(StoreError::Doubted { .. }) => {}
                    Err(fault) => panic!("{fault}"),
                },
                Fate::Die => {
                    seat.bed.book.keep(&draft).unwrap();
                    sent.push(draft.id);
                    seat.open();
                }
                Fate::Next => {
                    seat.open();
                    seat.verify();
                }
                Fate::Lose | Fate::Restore => {
                    epoch += i64::from(matches!(fate, Fate::Restore));
                    seat.lose(&moment);
                    let conn = Connection::open(seat.path()).unwrap();
                    conn.execute("UPDATE book SET epoch = ?1", [epoch]).unwrap();
                }
                Fate::Moment => moment = seat.state(),
            }
        }
        seat.open();
        seat.verify();
        seat.open();
        prop_assert_eq!(seat.verify().lost(), 0);
        let offered: Vec<StepId> = seat.offered().iter().map(|step| step.draft.id).collect();
        let steps = seat.steps();
        for id in sent {
            let times = steps.iter().chain(&offered).filter(|found| **found == id).count();
            prop_assert_eq!(times, 1);
        }
    }
}
