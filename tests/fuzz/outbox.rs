//! Outboxes: bytes flipped and cut, lines doubled, dropped, put in another order, and lines of another book. None of it makes the
//! program panic or writes anything into the book: only what was really kept is offered, good lines stay, others are put aside.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono_tz::Europe::Zurich;
use clinch::domain::command::StepDraft;
use clinch::domain::id::StepId;
use clinch::store::query::Query;
use clinch::store::{Book, NewBook, Opening};
use tempfile::TempDir;

use crate::book::{company, draft};
use crate::harness::{Chance, Target};

const OUTBOX: Target = Target {
    name: "outbox",
    words: &[
        "\n",
        "}\n",
        "{\"v\":1,\"sum\":\"",
        "{\"v\":9,",
        "\"entry\":{",
    ],
    short: 200,
    weight: 100,
    longest: 1 << 16,
};

/// A book with an outbox: three steps that were acknowledged, and one that waits.
struct Bed {
    folder: TempDir,
    waiting: StepId,
    /// What the outbox holds, line by line.
    lines: Vec<Vec<u8>>,
    /// What the book says of itself.
    content: String,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = NewBook {
            name: "Team".to_owned(),
            base: "CHF".parse().unwrap(),
            zone: Zurich,
            fiscal_start: 1,
        };
        let mut bed = Self {
            folder,
            waiting: draft(vec![]).id,
            lines: Vec::new(),
            content: String::new(),
        };
        let mut book = Book::create_as(&bed.opening(), &new).unwrap();
        for step in 0..3 {
            if step == 2 {
                // The two before are found, the third is not looked for again.
                assert_eq!(book.verify().unwrap().lost(), 0);
            }
            book.commit(&draft(vec![company()])).unwrap();
        }
        let waiting: StepDraft = draft(vec![company()]);
        book.keep(&waiting).unwrap();
        bed.waiting = waiting.id;
        bed.content = content(&mut book);
        drop(book);
        bed.lines = lines(&fs::read(bed.file("steps.jsonl")).unwrap());
        assert!(bed.lines.len() >= 8, "{}", bed.lines.len());
        bed
    }

    fn opening(&self) -> Opening {
        Opening {
            outboxes: Some(self.folder.path().join("outbox")),
            ..Opening::of(&self.folder.path().join("team.db"))
        }
    }

    /// A file of the one outbox that there is.
    fn file(&self, name: &str) -> PathBuf {
        let of_book = only_entry(&self.folder.path().join("outbox"));
        of_book.join("0").join(name)
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.file("steps.jsonl")).unwrap()
    }

    fn is_kept_line(line: &[u8]) -> bool {
        String::from_utf8_lossy(line).contains("\"entry\":{\"kept\"")
    }

    /// Opens the book with such a file in its outbox, and judges what it makes of it.
    fn open_with(&self, bytes: &[u8]) {
        fs::write(self.file("steps.jsonl"), bytes).unwrap();
        let _ = fs::remove_file(self.file("damaged.jsonl"));
        let mut book = Book::open_as(&self.opening()).unwrap();
        let verified = book.verify().unwrap();
        let offered = book.offered().unwrap();
        assert_eq!(verified.lost(), 0, "nothing was lost");
        assert!(
            content(&mut book) == self.content,
            "the book says something else"
        );
        drop(book);

        let given = lines(bytes);
        let (good, damaged): (Vec<_>, Vec<_>) = given
            .into_iter()
            .partition(|line| self.lines.contains(line));
        for step in &offered {
            assert!(step.draft.id == self.waiting && !step.acknowledged);
        }
        let waits = self.lines.iter().find(|line| {
            Self::is_kept_line(line)
                && String::from_utf8_lossy(line).contains(&self.waiting.to_string())
        });
        let waits = good.contains(waits.unwrap());
        assert_eq!(offered.len(), usize::from(waits));
        assert_eq!(verified.waiting, usize::from(waits));
        assert_eq!(verified.damaged.is_empty(), damaged.is_empty());
        let aside = fs::read(self.file("damaged.jsonl")).unwrap_or_default();
        let aside: HashSet<_> = lines(&aside).into_iter().collect();
        for line in &damaged {
            assert!(aside.contains(line), "a damaged line is gone");
        }
        let now = lines(&self.bytes());
        for line in good.iter().filter(|line| Self::is_kept_line(line)) {
            assert!(now.contains(line), "a good line is gone");
        }
    }
}

fn only_entry(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap();
    entries.next().unwrap().unwrap().path()
}

fn lines(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}

/// What a book holds, and how it came to it.
fn content(book: &mut Book) -> String {
    let log = book.ask(&Query::Changes {
        after: 0,
        limit: 1000,
    });
    format!("{} {:?}", book.content_hash().unwrap(), log.unwrap())
}

/// Whole lines, of this outbox and of another book's: some doubled, some dropped, some in another order.
fn shuffled(own: &[Vec<u8>], others: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut lines = own.to_vec();
    for _ in 0..=chance.below(5) {
        let at = chance.below(lines.len() + 1);
        match chance.below(5) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 if at < lines.len() => {
                let other = chance.below(lines.len());
                lines.swap(at, other);
            }
            2 => lines.insert(at, chance.of(own).clone()),
            3 => lines.splice(at..at, others.to_vec()).for_each(drop),
            _ => lines.insert(at, chance.of(others).clone()),
        }
    }
    let mut bytes = lines.join(&b'\n');
    bytes.push(b'\n');
    bytes
}

#[test]
fn a_damaged_outbox_keeps_what_is_good_and_never_writes_to_the_book() {
    let (bed, other) = (Bed::new(), Bed::new());
    let corpus = [bed.bytes(), other.bytes()];
    OUTBOX.run_over(&corpus, |bytes| bed.open_with(bytes));
}

#[test]
fn lines_in_any_order_and_those_of_another_book_invent_nothing() {
    let (bed, other) = (Bed::new(), Bed::new());
    // The harness makes a number of each input; what is done to the lines follows from it.
    let numbers: Vec<Vec<u8>> = (0..8_u8).map(|number| vec![number]).collect();
    let target = Target {
        name: "outbox lines",
        words: &[],
        ..OUTBOX
    };
    target.run_over(&numbers, |input| {
        let mut chance = Chance::of_bytes(input);
        bed.open_with(&shuffled(&bed.lines, &other.lines, &mut chance));
    });
}

#[test]
fn whatever_the_file_says_of_where_the_book_lies_invents_nothing() {
    let bed = Bed::new();
    let place = fs::read(bed.file("book")).unwrap();
    let target = Target {
        name: "outbox place",
        words: &["/", "\0", "..", "/tmp"],
        ..OUTBOX
    };
    let whole = bed.bytes();
    target.run_over(&[place], |input| {
        fs::write(bed.file("steps.jsonl"), &whole).unwrap();
        fs::write(bed.file("book"), input).unwrap();
        let mut book = Book::open_as(&bed.opening()).unwrap();
        assert_eq!(book.verify().unwrap().lost(), 0);
        for step in book.offered().unwrap() {
            assert!(step.draft.id == bed.waiting && !step.acknowledged);
        }
        assert!(content(&mut book) == bed.content);
    });
}
