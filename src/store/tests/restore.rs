//! Restoring: what it would change, what it does, and what it refuses.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::*;
use crate::store::backup::{Backup, Occasion, Restored, Restoring};
use crate::store::drive::Manner;
use crate::store::side::Side;
use crate::store::{Opening, real_now};

struct Past {
    bed: Bed,
    backup: Backup,
    hash: String,
}

/// A book that went on after its backup: a company is gone into the trash, a deal is renamed, another one is new.
fn past() -> Past {
    let mut bed = Bed::new();
    let company = bed.company("Alpina");
    let deal = bed.deal("Rollout", 0, Some(120_000));
    let folder = bed.book.path().with_file_name("team.backups");
    let backup = bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
    let hash = bed.hash();
    bed.ok(vec![Command::Trash {
        entity: Entity::Company,
        target: company.record().into(),
    }]);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::TITLE,
        "Rollout",
        "Roll-out",
    )]);
    bed.deal("Pilot", 0, None);
    Past { bed, backup, hash }
}

fn opening(path: &Path) -> Opening {
    Opening {
        patience: Duration::from_millis(50),
        ..Opening::of(path)
    }
}

fn look(past: &Past) -> Result<Restoring, StoreError> {
    Restoring::look(&opening(past.bed.book.path()), &past.backup.path)
}

/// Closes the book, restores, and opens it again.
fn restore(past: &mut Past) -> Restored {
    let restored = look(past).unwrap().run(NOW).unwrap();
    past.bed.book = Book::open(past.bed.book.path()).unwrap();
    restored
}

fn epoch(book: &mut Book) -> i64 {
    book.head(Duration::ZERO).unwrap().epoch
}

#[test]
fn a_look_tells_what_would_change_and_changes_nothing() {
    let mut past = past();
    let before = past.bed.hash();
    let restoring = look(&past).unwrap();
    let difference = restoring.difference().unwrap();
    assert_eq!((difference.steps_gone, difference.steps_back), (3, 0));
    let words: Vec<&str> = difference
        .last_gone
        .iter()
        .map(|step| step.label.as_str())
        .collect();
    assert!(
        words[0].contains("Pilot") && words[1].contains("Roll"),
        "{words:?}"
    );
    let moved: Vec<_> = difference
        .records
        .iter()
        .map(|moved| (moved.entity, moved.come, moved.go, moved.differ))
        .collect();
    assert_eq!(moved, [(Entity::Company, 1, 0, 0), (Entity::Deal, 0, 1, 1)]);
    drop(restoring);
    assert_eq!(past.bed.hash(), before);
    assert_eq!(epoch(&mut past.bed.book), 1);
}

#[test]
fn the_book_says_what_its_backup_says_and_the_state_before_is_kept() {
    let mut past = past();
    let before = past.bed.hash();
    let restored = restore(&mut past);
    assert_eq!(past.bed.hash(), past.hash);
    assert_eq!((restored.steps_gone, restored.epoch), (3, 2));
    let kept = restored.before.unwrap();
    assert_eq!(kept.occasion, Some(Occasion::BeforeRestore));
    assert_eq!(
        Book::open(&kept.path).unwrap().content_hash().unwrap(),
        before
    );
    // A restore is taken back by restoring what it replaced; the epoch goes on.
    past.backup = kept;
    assert_eq!(restore(&mut past).epoch, 3);
    assert_eq!(past.bed.hash(), before);
    assert_eq!(epoch(&mut past.bed.book), 3);
}

#[test]
fn on_a_share_the_side_file_tells_of_a_restore() {
    let past = past();
    let path = past.bed.book.path().to_owned();
    let on_share = Opening {
        manner: Some(Manner::Share),
        ..opening(&path)
    };
    let restoring = Restoring::look(&on_share, &past.backup.path).unwrap();
    let restored = restoring.run(NOW).unwrap();
    let mark = Side::of(&path).read().unwrap();
    assert_eq!((mark.epoch, mark.seq), (restored.epoch, past.backup.seq));
}

#[test]
fn who_had_the_book_open_is_told_and_writes_nothing() {
    let mut past = past();
    let path = past.bed.book.path().to_owned();
    let mut other = Book::open(&path).unwrap();
    restore(&mut past);
    let draft = past.bed.draft(
        Origin::Human,
        vec![create(
            Entity::Company,
            vec![(&company::NAME, "Late".into())],
        )],
    );
    assert!(matches!(other.commit(&draft), Err(StoreError::Restored)));
    assert_eq!(past.bed.hash(), past.hash);
    let mut again = Book::open(&path).unwrap();
    assert!(matches!(again.commit(&draft), Ok(Outcome::Saved(_))));
}

#[test]
fn no_id_is_given_twice() {
    let mut past = past();
    // From a computer whose clock was ahead by a day.
    let ahead = RecordId::before(
        Instant::from_millis(real_now().millis() + 86_400_000),
        crate::domain::id::Seat(0),
        RecordId::from_raw(0),
    );
    let path = past.bed.book.path().to_owned();
    Connection::open(&path)
        .unwrap()
        .execute("UPDATE seat SET last_id = ?1", [ahead.raw()])
        .unwrap();
    restore(&mut past);
    let made = past.bed.company("Later");
    assert!(made.record().raw() > ahead.raw());
}

#[test]
fn what_the_book_knows_of_its_drive_stays() {
    let mut past = past();
    let path = past.bed.book.path().to_owned();
    let conn = Connection::open(&path).unwrap();
    conn.execute("UPDATE book SET drive = '{}'", []).unwrap();
    restore(&mut past);
    let kept: String = conn
        .query_row("SELECT drive FROM book", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, "{}");
}

#[test]
fn while_others_hold_the_lock_nothing_is_restored() {
    let mut past = past();
    let before = past.bed.hash();
    let path = past.bed.book.path().to_owned();
    let restoring = look(&past).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(restoring.run(NOW), Err(StoreError::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(past.bed.hash(), before);
    assert_eq!(epoch(&mut past.bed.book), 1);
}

#[test]
fn a_step_that_comes_between_look_and_restore_is_in_the_state_that_is_kept() {
    let mut past = past();
    let restoring = look(&past).unwrap();
    past.bed.company("Between");
    let before = past.bed.hash();
    let restored = restoring.run(NOW).unwrap();
    assert_eq!(restored.steps_gone, 4);
    let mut kept = Book::open(&restored.before.unwrap().path).unwrap();
    assert_eq!(kept.content_hash().unwrap(), before);
}

#[test]
fn where_the_present_state_cannot_be_backed_up_nothing_is_restored() {
    let mut past = past();
    let before = past.bed.hash();
    let path = past.bed.book.path().to_owned();
    let elsewhere = path.with_file_name("kept.db");
    fs::rename(&past.backup.path, &elsewhere).unwrap();
    past.backup.path = elsewhere;
    let folder = path.with_file_name("team.backups");
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "in the way").unwrap();
    let restored = look(&past).unwrap().run(NOW);
    assert!(
        matches!(restored, Err(StoreError::File { .. })),
        "{restored:?}"
    );
    assert_eq!(past.bed.hash(), before);
    assert_eq!(epoch(&mut past.bed.book), 1);
    past.bed.company("The book goes on");
}

#[track_caller]
fn refused(past: &Past, file: &Path, words: &str) {
    let looked = Restoring::look(&opening(past.bed.book.path()), file);
    let Err(StoreError::BadBackup { what, .. }) = looked else {
        panic!("{looked:?}");
    };
    assert!(what.contains(words), "{what}");
}

#[test]
fn what_cannot_take_the_books_place_is_refused() {
    let mut past = past();
    let before = past.bed.hash();
    let here = past.bed.book.path().parent().unwrap().to_owned();
    refused(&past, past.bed.book.path(), "the book itself");
    refused(&past, &here.join("none.db"), "No such file");
    let mut other = Bed::new();
    let others = other.book.back_up(&here, Occasion::Usual, NOW).unwrap();
    refused(&past, &others.path, "another book");

    let copy = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = fs::read(&past.backup.path).unwrap();
        change(&mut bytes);
        let path = here.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let newer = copy("newer.db", &|bytes| {
        bytes[60..64].copy_from_slice(&2_000_u32.to_be_bytes());
    });
    refused(&past, &newer, "schema 2.0");
    let cut = copy("cut.db", &|bytes| bytes.truncate(20 * 4096));
    refused(&past, &cut, "damaged");
    let scratched = copy("scratched.db", &|bytes| {
        bytes[30 * 4096..31 * 4096].fill(0x5a);
    });
    refused(&past, &scratched, "damaged");
    assert_eq!(past.bed.hash(), before);
}

/// Damages the book in a way, restores, and looks at what was moved aside.
fn over_damage(damage: impl FnOnce(&Path)) {
    let past = past();
    let Past { bed, backup, hash } = past;
    let path = bed.book.path().to_owned();
    let Bed {
        dir: _dir, book, ..
    } = bed;
    drop(book);
    damage(&path);
    let journal = PathBuf::from(format!("{}-journal", path.display()));
    let was = (fs::read(&path).unwrap(), fs::read(&journal).unwrap());

    let restoring = Restoring::look(&opening(&path), &backup.path).unwrap();
    assert!(restoring.damage().is_some() && restoring.difference().is_none());
    assert!(fs::read(&path).unwrap() == was.0, "a look changes nothing");
    let restored = restoring.run(NOW).unwrap();
    let aside = restored.aside.unwrap();
    let name = aside.file_name().unwrap().to_str().unwrap();
    assert_eq!(name, "team.db.damaged-2026-11-24T100500Z");
    assert!(fs::read(&aside).unwrap() == was.0);
    let journal_aside = PathBuf::from(format!("{}-journal", aside.display()));
    assert!(fs::read(journal_aside).unwrap() == was.1);
    assert!(journal.exists(), "a book has its journal from the start");
    let mut book = Book::open(&path).unwrap();
    assert_eq!(book.content_hash().unwrap(), hash);
    assert!(epoch(&mut book) > 100);
}

#[test]
fn a_book_that_lost_its_header_is_moved_aside() {
    over_damage(|path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[..4096].fill(0);
        fs::write(path, bytes).unwrap();
    });
}

#[test]
fn a_book_of_no_bytes_is_moved_aside() {
    over_damage(|path| fs::write(path, "").unwrap());
}

#[test]
fn a_book_with_a_damaged_page_is_moved_aside() {
    over_damage(|path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[30 * 4096..31 * 4096].fill(0x5a);
        fs::write(path, bytes).unwrap();
    });
}

#[test]
fn a_book_that_is_gone_is_made_from_its_backup() {
    let Past { bed, backup, hash } = past();
    let path = bed.book.path().to_owned();
    let Bed {
        dir: _dir, book, ..
    } = bed;
    drop(book);
    fs::remove_file(&path).unwrap();
    let restored = Restoring::look(&opening(&path), &backup.path)
        .unwrap()
        .run(NOW)
        .unwrap();
    assert_eq!((restored.before, restored.aside), (None, None));
    let mut book = Book::open(&path).unwrap();
    assert_eq!(book.content_hash().unwrap(), hash);
}

#[test]
fn another_programs_file_is_not_moved_aside() {
    let Past { bed, backup, .. } = past();
    let path = bed.book.path().to_owned();
    let Bed {
        dir: _dir, book, ..
    } = bed;
    drop(book);
    fs::remove_file(&path).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    let looked = Restoring::look(&opening(&path), &backup.path);
    assert!(
        matches!(looked, Err(StoreError::NotABook { .. })),
        "{looked:?}"
    );
}
