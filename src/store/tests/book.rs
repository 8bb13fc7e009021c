//! Making, opening and refusing books.

use rusqlite::Connection;

use super::*;
use crate::store::query::BookInfo;
use crate::store::schema;

fn info(book: &mut Book) -> BookInfo {
    match book.ask(&Query::Info).unwrap() {
        Answer::Info(info) => *info,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_book_tells_what_it_was_told() {
    let mut bed = Bed::new();
    let info = info(&mut bed.book);
    assert_eq!(
        (
            info.name.as_str(),
            info.base.code(),
            info.zone.name(),
            info.schema
        ),
        ("Team", "USD", "Europe/Zurich", (1, 1))
    );
    assert_eq!(info.journal_mode, "persist");
}

#[test]
fn the_journal_lies_beside_the_book_for_good() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    drop(Book::create(&path, &new_book()).unwrap());
    assert!(dir.path().join("team.db-journal").exists());
}

#[test]
fn no_file_is_overwritten() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    std::fs::write(&path, "precious").unwrap();
    assert!(matches!(
        Book::create(&path, &new_book()),
        Err(StoreError::Exists { .. })
    ));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
}

#[test]
fn what_is_no_book_is_refused_and_not_touched() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("x");
    assert!(matches!(Book::open(&path), Err(StoreError::Missing { .. })));
    for content in [
        &b""[..],
        b"id,name\n1,Ana\n",
        b"SQLite format 3\0 and no more",
    ] {
        std::fs::write(&path, content).unwrap();
        assert!(Book::open(&path).is_err_and(|fault| fault.is_about_the_book()));
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
    std::fs::remove_file(&path).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    assert!(matches!(
        Book::open(&path),
        Err(StoreError::NotABook { .. })
    ));
    assert!(matches!(
        Book::open(dir.path()),
        Err(StoreError::NotABook { .. })
    ));
    let fault = Book::create(&dir.path().join("no/team.db"), &new_book()).unwrap_err();
    assert!(fault.to_string().contains("folder"), "{fault}");
}

#[test]
fn a_row_that_cannot_be_is_damage() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, None);
    Connection::open(bed.book.path())
        .unwrap()
        .execute_batch("UPDATE deal SET title = CAST(x'41ff' AS TEXT)")
        .unwrap();
    let query = Query::Show {
        entity: Entity::Deal,
        id: deal.record(),
    };
    assert!(matches!(
        bed.book.ask(&query),
        Err(StoreError::Damaged { .. })
    ));
}

#[test]
fn a_newer_major_is_refused_and_a_newer_minor_is_not() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    drop(Book::create(&path, &new_book()).unwrap());
    let set = |version: u32| {
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", version)
            .unwrap();
    };
    set(schema::user_version(schema::MAJOR, 7));
    assert_eq!(
        info(&mut Book::open(&path).unwrap()).schema,
        (schema::MAJOR, 7)
    );
    set(schema::user_version(schema::MAJOR + 1, 0));
    assert!(matches!(Book::open(&path), Err(StoreError::Newer { .. })));
}

#[test]
fn a_book_that_asks_for_a_newer_minor_can_be_read_and_not_written() {
    let mut bed = Bed::new();
    Connection::open(bed.book.path())
        .unwrap()
        .execute("UPDATE book SET least_minor = 9", [])
        .unwrap();
    let before = bed.hash();
    let made = bed.act(vec![create(
        Entity::Company,
        vec![(&company::NAME, "Alpina".into())],
    )]);
    assert!(matches!(made, Err(StoreError::TooOld { need, .. }) if need == "1.9"));
    assert_eq!(bed.hash(), before);
}

#[test]
fn a_book_in_wal_mode_is_refused() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    drop(Book::create(&path, &new_book()).unwrap());
    let conn = Connection::open(&path).unwrap();
    conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
        .unwrap();
    drop(conn);
    assert!(matches!(
        Book::open(&path),
        Err(StoreError::JournalMode { .. })
    ));
}

#[test]
fn a_damaged_page_is_reported_as_damage() {
    use std::io::{Seek, SeekFrom, Write};
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    drop(Book::create(&path, &new_book()).unwrap());
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(100)).unwrap();
    file.write_all(&[0xff; 3000]).unwrap();
    drop(file);
    assert!(matches!(Book::open(&path), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_locked_book_is_busy_and_nothing_is_written() {
    let mut bed = Bed::new();
    let other = Connection::open(bed.book.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = bed.hash();
    let made = bed.act(vec![create(
        Entity::Company,
        vec![(&company::NAME, "Alpina".into())],
    )]);
    assert!(matches!(made, Err(StoreError::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(bed.hash(), before);
    bed.company("Alpina");
}

#[test]
fn ids_are_taken_inside_the_write_and_never_twice() {
    let mut bed = Bed::new();
    let path = bed.book.path().to_owned();
    let mut other = Book::open(&path).unwrap();
    let mut ids = Vec::new();
    for turn in 0..20 {
        let name = format!("Company {turn}");
        let draft = bed.draft(
            Origin::Human,
            vec![create(Entity::Company, vec![(&company::NAME, name.into())])],
        );
        let outcome = if turn % 2 == 0 {
            bed.book.commit(&draft)
        } else {
            other.commit(&draft)
        };
        let Ok(Outcome::Saved(receipt)) = outcome else {
            panic!("{outcome:?}")
        };
        ids.push(receipt.created[0].2);
    }
    assert!(ids.is_sorted());
    ids.dedup();
    assert_eq!(ids.len(), 20);
}
