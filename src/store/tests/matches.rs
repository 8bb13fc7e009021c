//! What pickers offer: all of a small book, of a large one what was used lately and what fits.

use super::*;
use crate::store::query::{MatchQuery, Matches};

fn matches(bed: &mut Bed, entity: Entity, text: &str, also: &[RecordId]) -> Matches {
    let query = MatchQuery {
        entity,
        text: text.to_owned(),
        also: also.to_vec(),
        limit: 5,
    };
    match bed.book.ask(&Query::Matches(query)).unwrap() {
        Answer::Matches(matches) => matches,
        other => panic!("{other:?}"),
    }
}

fn names(found: &Matches) -> Vec<&str> {
    found
        .choices
        .iter()
        .map(|choice| choice.name.as_str())
        .collect()
}

/// A book of more companies than are offered whole: `Firm 0000` and so on.
fn large() -> Bed {
    let mut bed = Bed::new();
    let firm = |number: u32| {
        Command::Create(Create {
            slot: Slot(number),
            entity: Entity::Company,
            created_at: None,
            fields: vec![((&company::NAME).into(), format!("Firm {number:04}").into())],
            sets: Vec::new(),
        })
    };
    bed.ok((0..2_100).map(firm).collect());
    for name in ["Alpina AG", "Alp Ski", "Roth Metall", "Brother"] {
        bed.company(name);
    }
    bed
}

#[test]
fn a_small_book_is_offered_whole_whatever_was_typed() {
    let mut bed = Bed::new();
    bed.company("Roth");
    bed.company("Alpina");
    let found = matches(&mut bed, Entity::Company, "zz", &[]);
    assert_eq!((names(&found), found.all), (vec!["Alpina", "Roth"], true));
}

#[test]
fn of_a_large_book_what_was_used_lately_comes_first() {
    let mut bed = large();
    let found = matches(&mut bed, Entity::Company, "", &[]);
    assert_eq!(names(&found)[..3], ["Brother", "Roth Metall", "Alp Ski"]);
    assert!(!found.all);
    // A deal with a firm is a use of it.
    let Answer::Resolve(crate::store::query::Resolved::One(firm)) = bed
        .book
        .ask(&Query::Resolve {
            entity: Entity::Company,
            text: "Firm 0007".to_owned(),
        })
        .unwrap()
    else {
        panic!()
    };
    let deal = bed.deal("Pilot", 0, None);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::COMPANY,
        Value::Null,
        firm.id,
    )]);
    let found = matches(&mut bed, Entity::Company, "", &[]);
    assert_eq!(names(&found)[..2], ["Firm 0007", "Brother"]);
}

#[test]
fn of_a_large_book_the_best_that_fits_comes_first_and_it_is_said_whether_it_is_all() {
    let mut bed = large();
    for (typed, best, all) in [
        ("alp", &["Alp Ski", "Alpina AG"][..], true),
        ("roth", &["Roth Metall", "Brother"], true),
        ("metall roth", &["Roth Metall"], true),
        ("rtml", &["Roth Metall"], true),
        ("ALPINA", &["Alpina AG"], true),
        ("alpina gmbh", &["Alpina AG"], true),
        ("Roth Metal", &["Roth Metall"], true),
        ("Roth Mitall", &["Roth Metall"], true),
        ("nobody at all", &[], true),
        (
            "firm 00",
            &[
                "Firm 0000",
                "Firm 0001",
                "Firm 0002",
                "Firm 0003",
                "Firm 0004",
            ],
            false,
        ),
    ] {
        let found = matches(&mut bed, Entity::Company, typed, &[]);
        assert_eq!(
            (names(&found).as_slice(), found.all),
            (best, all),
            "{typed}"
        );
    }
}

#[test]
fn what_is_asked_for_is_offered_whatever_fits_and_the_trash_is_not() {
    let mut bed = large();
    let one = bed.company("Zeta").record();
    let found = matches(&mut bed, Entity::Company, "", &[one]);
    assert_eq!(names(&found)[0], "Zeta");
    bed.ok(vec![Command::Trash {
        entity: Entity::Company,
        target: one.into(),
    }]);
    assert_eq!(
        names(&matches(&mut bed, Entity::Company, "zeta", &[])),
        Vec::<&str>::new()
    );
}
