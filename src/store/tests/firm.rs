//! Companies: what their people and deals come to, their joint history, and who has a name or domain already.

use super::*;
use crate::domain::history::{Firm, History, Mark, Part, Party, Profile, Sort, What};
use crate::domain::nouns::{activity, contact};
use crate::domain::records::Contact;
use crate::store::query::{Asked, HistoryQuery, HoldersQuery, ListQuery};

fn person(bed: &mut Bed, name: &str, of: Option<Id<Company>>) -> Id<Contact> {
    let fields = vec![
        (&contact::NAME, name.into()),
        (&contact::COMPANY, of.into()),
    ];
    Id::new(bed.ok(vec![create(Entity::Contact, fields)]).created[0].2)
}

/// A deal of a company in a currency.
fn chance(bed: &mut Bed, of: Id<Company>, amount: Option<i64>, currency: &str) -> Id<Deal> {
    let stage = bed.stages[0];
    let fields = vec![
        (&deal::TITLE, format!("{currency} deal").as_str().into()),
        (&deal::STAGE, stage.into()),
        (&deal::COMPANY, of.into()),
        (&deal::AMOUNT, amount.into()),
        (&deal::CURRENCY, currency.into()),
    ];
    Id::new(bed.ok(vec![create(Entity::Deal, fields)]).created[0].2)
}

/// A contact, a company, a deal.
type About = (Option<Id<Contact>>, Option<Id<Company>>, Option<Id<Deal>>);

/// A note of that moment about a contact, company, deal.
fn note(bed: &mut Bed, subject: &str, at: Option<i64>, of: About) {
    let fields = vec![
        (&activity::KIND, "note".into()),
        (&activity::SUBJECT, subject.into()),
        (&activity::CONTACT, of.0.into()),
        (&activity::COMPANY, of.1.into()),
        (&activity::DEAL, of.2.into()),
        (&activity::DONE_AT, at.into()),
    ];
    bed.ok(vec![create(Entity::Activity, fields)]);
}

fn profile(bed: &mut Bed, of: Id<Company>) -> Profile {
    let query = Query::Profile {
        of: of.into(),
        now: NOW,
    };
    match bed.book.ask(&query).unwrap() {
        Answer::Profile(Some(profile)) => *profile,
        other => panic!("{other:?}"),
    }
}

fn history(bed: &mut Bed, of: Party, part: Part, before: Option<Mark>, limit: usize) -> History {
    let query = HistoryQuery {
        of,
        part,
        before,
        limit,
    };
    match bed.book.ask(&Query::History(query)).unwrap() {
        Answer::History(history) => history,
        other => panic!("{other:?}"),
    }
}

fn subjects(history: &History) -> Vec<&str> {
    let deeds = history.happened.iter().filter_map(|one| match &one.what {
        What::Deed(deed) => deed.subject.as_deref(),
        What::Turn(_) => None,
    });
    deeds.collect()
}

fn only(sorts: &[Sort]) -> Part {
    Part {
        sorts: sorts.to_vec(),
        words: Vec::new(),
    }
}

#[test]
fn figures_tell_what_is_in_no_sum() {
    let mut bed = Bed::new();
    let alpina = bed.company("Alpina AG");
    assert_eq!(profile(&mut bed, alpina).firm, Some(Firm::default()));
    person(&mut bed, "Nora", Some(alpina));
    person(&mut bed, "Zoe", Some(alpina));
    for (amount, currency) in [(Some(700), "USD"), (None, "USD"), (Some(900), "EUR")] {
        chance(&mut bed, alpina, amount, currency);
    }
    let won = chance(&mut bed, alpina, Some(400), "USD");
    let stage = bed.stages[0];
    bed.ok(vec![Command::WinDeal {
        deal: won,
        base: Some(stage),
        closed_at: None,
    }]);
    let firm = profile(&mut bed, alpina).firm.unwrap();
    assert_eq!(firm.people, 2);
    let open = firm.open.sum;
    assert_eq!((firm.open.count, open.minor, open.n), (3, 700, 1));
    assert_eq!((open.without_amount, open.without_rate), (1, 1));
    assert_eq!((firm.won.count, firm.won.sum.minor), (1, 400));
    assert_eq!(firm.lost.count, 0);
    let deals = profile(&mut bed, alpina).deals;
    assert_eq!(deals.len(), 4, "open and closed");
    assert_eq!(deals[3].id, won.record(), "closed ones last");
}

#[test]
fn companies_are_put_in_order_by_what_they_come_to() {
    let mut bed = Bed::new();
    let [small, great, none] = ["Small", "Great", "None"].map(|name| bed.company(name));
    chance(&mut bed, small, Some(100), "USD");
    chance(&mut bed, great, Some(5_000), "USD");
    person(&mut bed, "Nora", Some(small));
    note(&mut bed, "met", Some(5), (None, Some(none), None));
    let mut order = |field: &str| {
        let query = ListQuery {
            entity: Entity::Company,
            filter: None,
            sort: vec![(field.to_owned(), true)],
            limit: None,
            trashed: false,
            asked: Asked { now: NOW, me: None },
        };
        match bed.book.ask(&Query::Order(query)).unwrap() {
            Answer::Order(order) => order.ids,
            other => panic!("{other:?}"),
        }
    };
    let ids = [great, small, none].map(Id::record);
    assert_eq!(order("value"), ids, "what is unknown comes last");
    assert_eq!(order("people")[0], small.record());
    assert_eq!(order("deals")[2], none.record());
    assert_eq!(order("last_touch")[2], none.record(), "long ago");
}

#[test]
fn the_joint_history_has_everything_once_and_pages_without_a_gap() {
    let mut bed = Bed::new();
    let alpina = bed.company("Alpina AG");
    let other = bed.company("Other");
    let (nora, zoe) = (
        person(&mut bed, "Nora", Some(alpina)),
        person(&mut bed, "Zoe", None),
    );
    let deal = chance(&mut bed, alpina, None, "USD");
    for (place, (subject, of)) in [
        ("all three", (Some(nora), Some(alpina), Some(deal))),
        ("her alone", (Some(nora), None, None)),
        ("the firm alone", (None, Some(alpina), None)),
        ("the deal alone", (None, None, Some(deal))),
        ("the deal with another", (Some(zoe), None, Some(deal))),
        ("she while elsewhere", (Some(nora), Some(other), None)),
    ]
    .into_iter()
    .enumerate()
    {
        note(
            &mut bed,
            subject,
            Some(i64::try_from(place).unwrap() / 2),
            of,
        );
    }
    note(
        &mut bed,
        "a stranger",
        Some(9),
        (Some(zoe), Some(other), None),
    );
    note(&mut bed, "planned", None, (Some(nora), None, None));
    let of = Party::Company(alpina);
    let notes = history(&mut bed, of, only(&[Sort::Note]), None, 100);
    assert_eq!(
        subjects(&notes),
        [
            "she while elsewhere",
            "the deal with another",
            "the deal alone",
            "the firm alone",
            "her alone",
            "all three"
        ]
    );
    assert_eq!(notes.planned.len(), 1);
    let whole = history(&mut bed, of, Part::default(), None, 100);
    assert_eq!(whole.happened.len(), 6 + 3, "and what made them");
    for page in [1, 2, 4, 9] {
        let (mut read, mut before) = (Vec::new(), None);
        loop {
            let part = history(&mut bed, of, Part::default(), before, page);
            before = part.happened.last().map(|last| last.mark);
            read.extend(part.happened);
            if !part.more {
                break;
            }
        }
        assert_eq!(read, whole.happened, "pages of {page}");
    }
}

#[test]
fn a_batch_that_made_many_people_is_one_entry() {
    let mut bed = Bed::new();
    let alpina = bed.company("Alpina AG");
    let many = (0..30).map(|place| {
        let name = format!("Person {place}");
        let fields = vec![
            (&contact::NAME, name.as_str().into()),
            (&contact::COMPANY, alpina.into()),
        ];
        let mut made = create(Entity::Contact, fields);
        if let Command::Create(create) = &mut made {
            create.slot = Slot(place);
        }
        made
    });
    let draft = bed.draft(Origin::Import, many.collect());
    bed.saved(&draft);
    let of = Party::Company(alpina);
    let told = history(&mut bed, of, only(&[Sort::Change]), None, 100);
    let others: Vec<u64> = told
        .happened
        .iter()
        .filter_map(|one| match &one.what {
            What::Turn(turn) => Some(turn.others),
            What::Deed(_) => None,
        })
        .collect();
    assert_eq!(others, [29, 0], "the people, then the company");
    assert!(!told.more);
}

#[test]
fn a_name_or_domain_that_a_company_has_already_is_told_in_any_spelling() {
    let mut bed = Bed::new();
    let alpina = bed.company("Alpina AG");
    bed.ok(vec![Command::Add {
        entity: Entity::Company,
        target: alpina.into(),
        set: Set::Domain,
        element: "https://www.alpina.ch/en".to_owned(),
    }]);
    let mut ask = |except| {
        let query = HoldersQuery {
            names: vec!["ALPINA GmbH".to_owned(), "Another".to_owned()],
            domains: vec!["alpina.ch".to_owned()],
            except,
            ..HoldersQuery::default()
        };
        match bed.book.ask(&Query::Holders(query)).unwrap() {
            Answer::Holders(holders) => holders.len(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask(None), 2);
    assert_eq!(ask(Some(alpina.record())), 0);
}
