//! How many operations the drive is asked for: the figures that do not depend on a machine's speed.

use super::drive::{Counts, Options, TestDrive, say};
use super::work::{Seller, board, new_book, opening, saved};
use clinch::store::Book;

/// Counts the operations of one act of a client.
fn counted<T>(drive: &TestDrive, client: usize, act: impl FnOnce() -> T) -> Counts {
    let before = drive.counts(client);
    act();
    drive.counts(client).since(&before)
}

#[test]
fn screens_lists_and_writes_take_few_operations() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    new_book(&drive.book(0), 2).unwrap();
    let mut book = Book::open_as(&opening(&drive.book(0), None)).unwrap();
    let mut other = Book::open_as(&opening(&drive.book(1), None)).unwrap();
    let mut mine = Seller::of(&mut book, 0).unwrap();
    let theirs = Seller::of(&mut other, 1).unwrap();
    let refresh = counted(&drive, 0, || book.ask(&board()).unwrap());
    say(&format!("first board: {} {refresh:?}", refresh.total()));
    let refresh = counted(&drive, 0, || book.ask(&board()).unwrap());
    say(&format!("unchanged board: {} {refresh:?}", refresh.total()));
    saved(&mut book, &mine.next("warm"));
    mine.note = "warm".into();
    let write = counted(&drive, 0, || saved(&mut book, &mine.next("own")));
    mine.note = "own".into();
    say(&format!(
        "write after own write: {} {write:?}",
        write.total()
    ));
    saved(&mut other, &theirs.next("theirs"));
    let write = counted(&drive, 0, || saved(&mut book, &mine.next("own2")));
    say(&format!(
        "write after other's write: {} {write:?}",
        write.total()
    ));
    let next = Seller::of(&mut other, 1).unwrap().next("theirs2");
    saved(&mut other, &next);
    let refresh = counted(&drive, 0, || book.ask(&board()).unwrap());
    say(&format!(
        "board after other's write: {} {refresh:?}",
        refresh.total()
    ));
}
