//! Steps that were kept, lost, found again and offered.

mod drive;
mod fates;

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::*;
use crate::domain::nouns::import;
use crate::store::Opening;
use crate::store::book::{Offered, Verified};

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
