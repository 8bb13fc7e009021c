//! How many operations the drive is asked for: the figures that do not depend on a machine's speed.

use std::sync::mpsc::channel;

use clinch::domain::command::StepDraft;
use clinch::domain::nouns::{Entity, deal};
use clinch::jobs::demo;
use clinch::store::handle::{Event, Handle, Ticket};
use clinch::store::query::{Answer, Asked, ListQuery, Query};
use clinch::store::{Book, Opening, real_now};

use super::crew::start_nothing;
use super::drive::{Counts, Options, TestDrive, say};
use super::until;
use super::work::{
    PATIENCE, Seller, a_deal_of_a_colleague, a_long_note, board, new_book, opening, saved,
};

/// Counts the operations of one act of the first client.
fn counted<T>(drive: &TestDrive, what: &str, act: impl FnOnce() -> T) -> Counts {
    let _alone = start_nothing();
    let before = drive.counts(0);
    act();
    let counts = drive.counts(0).since(&before);
    say(&format!("{what}: {counts}"));
    counts
}

/// Two who have a book open, on two clients, and have looked at the board.
struct Two {
    mine: Book,
    theirs: Book,
    // Behind what is open on it.
    drive: TestDrive,
}

impl Two {
    fn at(drive: TestDrive) -> Self {
        let open = |client: usize| {
            let mut book = Book::open_as(&opening(&drive.book(client), None)).unwrap();
            book.ask(&board()).unwrap();
            book
        };
        Self {
            mine: open(0),
            theirs: open(1),
            drive,
        }
    }

    /// Counts a step of mine that comes after one of theirs.
    fn step_after_a_colleagues(
        &mut self,
        what: &str,
        seller: &mut Seller,
        colleague: &mut Seller,
    ) -> Counts {
        saved(&mut self.theirs, &colleague.next(what));
        colleague.note = what.into();
        let draft = seller.next(what);
        let counts = counted(&self.drive, what, || saved(&mut self.mine, &draft));
        seller.note = what.into();
        counts
    }

    /// The middle one of eleven such steps, by their operations: about every third one splits a page of a table or an index, which writes three to
    /// nine pages more, and which one it meets depends on the lengths of the names of this machine and its user.
    fn a_usual_step_after_a_colleagues(
        &mut self,
        what: &str,
        seller: &mut Seller,
        colleague: &mut Seller,
    ) -> Counts {
        let mut steps: Vec<Counts> = (1..=11)
            .map(|number| {
                self.step_after_a_colleagues(&format!("{what}, {number}"), seller, colleague)
            })
            .collect();
        steps.sort_by_key(Counts::total);
        steps.swap_remove(5)
    }
}

/// The first deals by title, as the shell lists them.
fn list() -> Query {
    let asked = Asked {
        now: real_now(),
        me: None,
    };
    Query::List(ListQuery {
        entity: Entity::Deal,
        filter: None,
        sort: vec![(deal::TITLE.name.to_owned(), false)],
        limit: Some(50),
        trashed: false,
        asked,
    })
}

#[test]
fn what_a_screen_and_a_step_ask_of_the_drive() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    new_book(&drive.book(0), 2).unwrap();
    let mut two = Two::at(drive);
    let mut seller = Seller::of(&mut two.mine, 0).unwrap();
    let mut colleague = Seller::of(&mut two.theirs, 1).unwrap();
    saved(&mut two.mine, &seller.next("first"));
    seller.note = "first".into();

    let draft = seller.next("second");
    let own = counted(&two.drive, "a step after an own one", || {
        saved(&mut two.mine, &draft)
    });
    seller.note = "second".into();
    let refresh = counted(&two.drive, "the board, unchanged", || {
        two.mine.ask(&board()).unwrap()
    });

    saved(&mut two.theirs, &colleague.next("theirs"));
    colleague.note = "theirs".into();
    let changed = counted(&two.drive, "the board after a colleague's step", || {
        two.mine.ask(&board()).unwrap()
    });
    let other = two.step_after_a_colleagues("a step after theirs", &mut seller, &mut colleague);
    saved(&mut two.theirs, &colleague.next("theirs again"));
    let listed = counted(
        &two.drive,
        "a list of 50 deals after a colleague's step",
        || two.mine.ask(&list()).unwrap(),
    );
    assert!(refresh.total() <= 15, "{refresh}");
    assert!(changed.total() <= 30, "{changed}");
    assert!(listed.of("read") <= 10, "{listed}");
    assert!(own.total() <= 65, "{own}");
    assert!(other.total() <= 65, "{other}");
}

#[test]
fn a_long_history_of_a_deal_does_not_make_a_step_on_it_dear() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    new_book(&drive.book(0), 2).unwrap();
    let mut two = Two::at(drive);
    let mut seller = Seller::of(&mut two.mine, 0).unwrap();
    let mut colleague = Seller::of(&mut two.theirs, 1).unwrap();
    let young =
        two.a_usual_step_after_a_colleagues("a step on a young deal", &mut seller, &mut colleague);
    for part in 0..30 {
        let mut steps: Vec<StepDraft> = (0..10)
            .map(|number| {
                let marker = format!("{part}-{number}");
                let draft = seller.next(&marker);
                seller.note = marker.as_str().into();
                draft
            })
            .collect();
        // What others do meanwhile, so that the history lies far apart.
        steps.push(a_long_note());
        two.mine.commit_all(&steps).unwrap();
    }
    let old =
        two.a_usual_step_after_a_colleagues("a step after 300 others", &mut seller, &mut colleague);
    // Five more than any other step may cost: about ten tables and indexes have grown, the one of what was done among them, which Today needs.
    assert!(old.total() <= 70, "{old}");
    // Each of them is one page deeper.
    assert!(
        old.of("read") <= young.of("read") + 12,
        "{young}, then {old}"
    );
}

#[test]
fn a_year_of_work_in_a_book_does_not_make_its_screens_dear() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    let made = drive.local().join("demo.db");
    drop(demo::make(&Opening::of(&made), real_now()).unwrap());
    std::fs::copy(&made, drive.book(0)).unwrap();
    std::fs::File::create(drive.at(0).join("team.db-journal")).unwrap();
    let mut two = Two::at(drive);
    let Answer::Board(shown) = two.mine.ask(&board()).unwrap() else {
        panic!("a board is answered by a board");
    };
    let cards: usize = shown.columns.iter().map(|column| column.cards.len()).sum();
    say(&format!("the demo's board shows {cards} cards"));
    let draft = a_deal_of_a_colleague(&mut two.theirs, "New");
    saved(&mut two.theirs, &draft);
    let changed = counted(&two.drive, "that board after a colleague's step", || {
        two.mine.ask(&board()).unwrap()
    });
    assert!(changed.total() <= 30, "{changed}");
}

#[test]
fn a_look_for_colleagues_steps_costs_an_operation_or_two_while_there_are_none() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    new_book(&drive.book(0), 1).unwrap();
    let mut book = Book::open_as(&opening(&drive.book(1), None)).unwrap();
    let draft = Seller::of(&mut book, 0).unwrap().next("first");
    saved(&mut book, &draft);
    drop(book);
    let (tell, told) = channel();
    let handle = Handle::start(opening(&drive.book(0), None), move |event| {
        // Nobody listens any more at the end of the test.
        let _ = tell.send(event);
    });
    handle.write(Ticket(1), draft);
    while !matches!(told.recv_timeout(PATIENCE).unwrap(), Event::Written(..)) {}
    // The first look comes with what is done once after a start.
    let mut before = drive.counts(0);
    until("three looks that cost little", || {
        let looks = drive.counts(0).since(&before);
        if looks.total() > 2 * looks.of("read") {
            before = drive.counts(0);
            return false;
        }
        looks.of("read") > 2
    });
    let looks = drive.counts(0).since(&before);
    say(&format!("looks for colleagues' steps: {looks}"));
}
