//! Questions that nobody waits for any more.

use crate::domain::command::Origin;
use crate::domain::filter;
use crate::store::query::{Asked, ListQuery};

use super::*;

/// A question that takes long over many companies: each is compared with each of many words that it has not.
fn slow() -> Query {
    let words: Vec<String> = (0..30).map(|n| format!("word{n}")).collect();
    let words = words.join(" or ");
    Query::Order(ListQuery {
        entity: Entity::Company,
        filter: Some(filter::parse(&words).unwrap()),
        sort: vec![("name".to_owned(), false)],
        limit: None,
        trashed: false,
        asked: Asked {
            now: Instant::from_millis(0),
            me: None,
        },
    })
}

/// A book with so many companies that a word filter over them takes a while.
fn big() -> Bed {
    let bed = Bed::new();
    let commands = (0..3_000).map(|n| {
        Command::Create(Create {
            slot: Slot(n),
            entity: Entity::Company,
            created_at: None,
            fields: vec![(
                (&company::NAME).into(),
                format!("Firma {n} ").repeat(40).into(),
            )],
            sets: vec![],
        })
    });
    let draft = StepDraft {
        origin: Origin::Import,
        commands: commands.collect(),
        ..company("")
    };
    bed.handle.write(Ticket(1), draft);
    assert!(matches!(
        bed.event(),
        Event::Written(_, Ok(Outcome::Saved(_)))
    ));
    bed
}

/// Waits until the store thread is at work on the question of a view.
fn is_asking(bed: &Bed, view: View) {
    while bed.handle.asking() != Some(view) {
        std::thread::yield_now();
    }
}

#[test]
fn a_question_of_a_screen_that_was_left_is_given_up_and_the_next_one_answered() {
    let bed = big();
    let mut late = 0;
    for _ in 0..5 {
        bed.handle.read(View(1), slow());
        is_asking(&bed, View(1));
        bed.handle.read(View(3), slow());
        bed.handle.forgo(&[View(1), View(3)]);
        bed.handle.read(View(2), Query::Info);
        loop {
            match bed.event() {
                Event::Read(View(2), Ok(Answer::Info(_))) => break,
                // Between two statements there is nothing to be ended: then it goes on to its end.
                Event::Read(View(1), Ok(_)) => late += 1,
                event => panic!("{event:?}"),
            }
        }
    }
    assert!(late < 5, "none was given up");
}

#[test]
fn what_is_written_meanwhile_is_not_given_up() {
    let bed = big();
    for n in 2..20 {
        bed.handle.read(View(1), slow());
        bed.handle.write(Ticket(n), company("Alpina"));
        bed.handle.forgo(&[View(1)]);
        let written = std::iter::repeat_with(|| bed.event())
            .find(|event| matches!(event, Event::Written(..)));
        assert!(matches!(
            written,
            Some(Event::Written(_, Ok(Outcome::Saved(_))))
        ));
    }
}

#[test]
fn a_view_that_asks_again_and_again_is_answered_in_the_end() {
    let bed = big();
    for _ in 0..6 {
        bed.handle.read(View(1), slow());
        is_asking(&bed, View(1));
    }
    assert!(matches!(
        bed.event(),
        Event::Read(View(1), Ok(Answer::Order(_)))
    ));
}
