//! Others' commits on a share, where nobody tells of them: the side file, and the book's own counter behind it.

use super::*;

fn side(bed: &Bed) -> PathBuf {
    bed.path.with_file_name("team.db-seq")
}

/// Where the colleague's program finds the book.
const BOOK: &str = "CLINCH_TEST_BOOK";

/// Somebody else commits, from a program of their own: one process opens a book on a share once.
pub fn theirs(bed: &Bed) {
    let program = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store::tests::handle::others::a_colleague",
            "--ignored",
        ])
        .env(BOOK, &bed.path)
        .output()
        .unwrap();
    assert!(program.status.success(), "{program:?}");
}

#[test]
#[ignore = "other tests run it as a program of its own"]
fn a_colleague() {
    if let Some(path) = std::env::var_os(BOOK) {
        let mut book = Book::open(Path::new(&path)).unwrap();
        book.commit(&company("Theirs")).unwrap();
    }
}

fn labels(event: Event) -> Vec<String> {
    match event {
        Event::Others(changes) => changes.into_iter().map(|change| change.label).collect(),
        other => panic!("{other:?}"),
    }
}

/// The pace with a counter that is not read by itself.
const BY_HINT: Pace = Pace {
    look: Duration::from_mins(10),
    ..QUICK
};

#[test]
fn a_commit_tells_others_by_the_side_file() {
    let bed = Bed::with(Manner::Share, &BY_HINT);
    bed.handle.write(Ticket(1), company("Mine"));
    let Event::Written(_, Ok(Outcome::Saved(receipt))) = bed.event() else {
        panic!("it is saved")
    };
    let bytes = std::fs::read(side(&bed)).unwrap();
    assert_eq!(bytes[8..], receipt.seq.to_le_bytes());
    // On the same disk they write the one that is there, and so are noticed.
    theirs(&bed);
    assert_eq!(labels(bed.event()), ["Add company Theirs"]);
}

#[test]
fn without_a_hint_the_books_own_counter_tells() {
    let mut pace = QUICK;
    pace.look = Duration::from_millis(50);
    let bed = Bed::with(Manner::Share, &pace);
    theirs(&bed);
    assert!(!side(&bed).exists());
    assert_eq!(labels(bed.event()), ["Add company Theirs"]);
}

#[test]
fn a_hint_that_is_damaged_does_no_harm() {
    let bed = Bed::with(Manner::Share, &BY_HINT);
    for bytes in [&[0xff; 16][..], &[0x7f; 16], &[0; 16], b"", b"short"] {
        std::fs::write(side(&bed), bytes).unwrap();
        bed.handle.read(View(1), Query::Choices(Entity::Company));
        assert!(matches!(bed.event(), Event::Read(_, Ok(_))));
    }
    bed.handle.write(Ticket(1), company("Mine"));
    assert!(matches!(bed.event(), Event::Written(_, Ok(_))));
    theirs(&bed);
    assert_eq!(labels(bed.event()), ["Add company Theirs"]);
}

#[test]
fn a_commit_between_two_of_ours_is_noticed_without_any_hint() {
    let bed = Bed::with(Manner::Share, &BY_HINT);
    bed.handle.write(Ticket(1), company("Mine"));
    assert!(matches!(bed.event(), Event::Written(..)));
    std::fs::remove_file(side(&bed)).unwrap();
    theirs(&bed);
    bed.handle.write(Ticket(2), company("Mine too"));
    assert!(matches!(bed.event(), Event::Written(..)));
    assert_eq!(labels(bed.event()), ["Add company Theirs"]);
}
