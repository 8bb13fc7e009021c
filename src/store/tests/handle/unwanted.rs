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

#[test]
fn an_order_makes_way_for_what_is_asked_meanwhile_and_is_answered_after_it() {
    let bed = big();
    let mut first = 0;
    for _ in 0..5 {
        bed.handle.read(View(1), slow());
        is_asking(&bed, View(1));
        bed.handle.read(View(2), Query::Info);
        let events = [bed.event(), bed.event()];
        match &events {
            [
                Event::Read(View(2), Ok(Answer::Info(_))),
                Event::Read(View(1), Ok(Answer::Order(order))),
            ] => {
                assert!(order.ids.is_empty());
                first += 1;
            }
            // Between two statements there is nothing to be ended.
            [Event::Read(View(1), Ok(_)), Event::Read(View(2), Ok(_))] => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(first > 0, "it made way for none");
}

#[test]
fn an_order_that_always_makes_way_is_answered_in_the_end() {
    let bed = big();
    bed.handle.read(View(1), slow());
    for view in 2..30 {
        is_asking(&bed, View(1));
        bed.handle.read(View(view), Query::Info);
        if let Event::Read(View(1), Ok(Answer::Order(_))) = bed.event() {
            return;
        }
    }
    panic!("it was not answered");
}

fn companies(limit: usize) -> Query {
    let Query::Order(list) = slow() else {
        unreachable!("slow asks for an order");
    };
    Query::Order(ListQuery {
        filter: None,
        limit: Some(limit),
        ..list
    })
}

#[test]
fn the_first_of_a_list_come_before_its_order_and_alone_where_they_are_all() {
    let bed = big();
    bed.handle.read(View(1), companies(200));
    let [
        Event::Read(View(1), Ok(Answer::Head(Some(head)))),
        Event::Read(View(1), Ok(Answer::Order(order))),
    ] = [bed.event(), bed.event()]
    else {
        panic!("other answers");
    };
    assert_eq!((head.ids.len(), order.ids.len()), (200, 3_000));
    assert_eq!(head.ids, order.ids[..200]);
    bed.handle.read(View(1), companies(5_000));
    let Event::Read(View(1), Ok(Answer::Head(Some(head)))) = bed.event() else {
        panic!("another answer");
    };
    assert!(head.is_all);
    assert_eq!(head.ids, order.ids);
    bed.handle.read(View(2), Query::Info);
    assert!(matches!(bed.event(), Event::Read(View(2), Ok(_))));
}
