//! Books: arbitrary files, and real books with bytes flipped, cut off and spliced. None of them makes the program panic, and what is
//! refused is not touched.

use std::fs;
use std::path::Path;

use chrono_tz::Europe::Zurich;
use clinch::domain::command::{Command, Create, Origin, Slot, StepDraft};
use clinch::domain::nouns::{Entity, company};
use clinch::domain::pipeline;
use clinch::domain::time::Instant;
use clinch::store::query::{Asked, ListQuery, Query};
use clinch::store::{Book, NewBook, StoreError, random_id};

use crate::harness::{Chance, Target};

const BOOK: Target = Target {
    name: "book",
    words: &[
        "SQLite format 3\0",
        "\0\0\0\0",
        "CREATE TABLE",
        "\u{1}\u{0}",
    ],
    short: 300,
    weight: 50,
    longest: 1 << 20,
};

const PAGE: usize = 4096;

pub fn draft(commands: Vec<Command>) -> StepDraft {
    let id = random_id();
    let at = Instant::parse("2026-11-24T10:05:00Z", Zurich).unwrap();
    StepDraft {
        id,
        group: id,
        rep: None,
        at,
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    }
}

pub fn company() -> Command {
    Command::Create(Create {
        slot: Slot(0),
        entity: Entity::Company,
        created_at: None,
        fields: vec![((&company::NAME).into(), "Alpina".into())],
        sets: vec![],
    })
}

/// The bytes of a real book with a pipeline and some companies.
fn real_book() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("team.db");
    let new = NewBook {
        name: "Team".to_owned(),
        base: "CHF".parse().unwrap(),
        zone: Zurich,
        fiscal_start: 1,
    };
    let mut book = Book::create(&path, &new).unwrap();
    book.commit(&draft(pipeline::standard("Sales", Slot(1))))
        .unwrap();
    for _ in 0..20 {
        book.commit(&draft(vec![company()])).unwrap();
    }
    drop(book);
    fs::read(path).unwrap()
}

/// Everything in a folder, by name.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                fs::read(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// Opens a file as a book, reads it, writes to it; what is refused at the door must be as it was.
fn use_it(folder: &Path, bytes: &[u8]) {
    let path = folder.join("team.db");
    let _ = fs::remove_file(folder.join("team.db-journal"));
    fs::write(&path, bytes).unwrap();
    let before = content(folder);
    let mut book = match Book::open(&path) {
        Ok(book) => book,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            assert!(content(folder) == before, "refused ({fault}), yet touched");
            return;
        }
    };
    let asked = Asked {
        now: Instant::from_millis(1_795_514_700_000),
        me: None,
    };
    for entity in [Entity::Company, Entity::Deal, Entity::Stage] {
        let list = Query::List(ListQuery {
            entity,
            filter: None,
            sort: vec![],
            limit: None,
            trashed: false,
            asked,
        });
        let _ = book.ask(&list);
    }
    let _ = (
        book.ask(&Query::Info),
        book.ask(&Query::Changes {
            after: 0,
            limit: 100,
        }),
    );
    match book.commit(&draft(vec![company()])) {
        Ok(_) => {}
        Err(StoreError::Closed) => panic!("the book was closed"),
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
}

/// A real book with pages spliced, bytes of one page flipped, its end cut off.
fn damaged(book: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = book.to_vec();
    let pages = bytes.len() / PAGE;
    for _ in 0..=chance.below(3) {
        let page = if chance.below(3) == 0 {
            0
        } else {
            chance.below(pages)
        };
        let at = page * PAGE;
        match chance.below(6) {
            0 => {
                let from = chance.below(pages) * PAGE;
                bytes.copy_within(from..from + PAGE, at);
            }
            1 => bytes[at..at + PAGE].fill(if chance.below(2) == 0 { 0 } else { 0xff }),
            2 => {
                for _ in 0..8 {
                    let byte = at + chance.below(PAGE);
                    bytes[byte] = chance.next().to_le_bytes()[0];
                }
            }
            // The header of the file, and of a page: where a reader decides.
            3 => bytes[chance.below(100)] ^= 1 << chance.below(8),
            4 => bytes[at + chance.below(40)] = chance.next().to_le_bytes()[0],
            _ => {
                let end = chance.below(bytes.len());
                bytes.truncate(if chance.below(2) == 0 {
                    end / PAGE * PAGE
                } else {
                    end
                });
                bytes.resize(book.len().min(end + PAGE * chance.below(3)), 0);
                bytes.resize(book.len(), 0);
            }
        }
    }
    if chance.below(4) == 0 {
        bytes.truncate(chance.below(bytes.len() + 1));
    }
    bytes
}

#[test]
fn any_bytes_are_no_book_and_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut corpus = BOOK.corpus();
    corpus.push(real_book()[..PAGE].to_vec());
    BOOK.run_over(&corpus, |bytes| use_it(folder.path(), bytes));
}

#[test]
fn a_damaged_book_is_refused_or_read_and_never_breaks_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let book = real_book();
    // The harness makes a number of each input; what is done to the book follows from it.
    let numbers: Vec<Vec<u8>> = (0..8_u64)
        .map(|number| number.to_le_bytes().to_vec())
        .collect();
    let damage = Target {
        name: "damage",
        words: &[],
        ..BOOK
    };
    damage.run_over(&numbers, |input| {
        use_it(folder.path(), &damaged(&book, &mut Chance::of_bytes(input)));
    });
}
