//! What the book answers.

use super::*;
use crate::domain::board::{Board, CardOrder};
use crate::domain::filter::parse;
use crate::domain::nouns::{activity, contact, rep};
use crate::domain::period::Period;
use crate::store::query::{Asked, BoardQuery, ListQuery, Listing, Resolved};

const ASKED: Asked = Asked { now: NOW, me: None };

fn board(bed: &mut Bed, limit: usize) -> Board {
    board_of(bed, limit, "2026-Q4")
}

fn board_query(limit: usize, foot: &str, filter: Option<&str>) -> BoardQuery {
    let foot = Period::parse(foot, "2026-11-24".parse().unwrap(), 1).unwrap();
    BoardQuery {
        pipeline: None,
        filter: filter.map(|text| parse(text).unwrap()),
        limits: vec![],
        limit,
        order: CardOrder::Own,
        keep: None,
        foot,
        asked: ASKED,
    }
}

fn board_of(bed: &mut Bed, limit: usize, foot: &str) -> Board {
    let query = board_query(limit, foot, None);
    match bed.book.ask(&Query::Board(query)).unwrap() {
        Answer::Board(board) => *board,
        other => panic!("{other:?}"),
    }
}

fn list(bed: &mut Bed, entity: Entity, sort: &[(&str, bool)], limit: Option<usize>) -> Listing {
    let sort = sort
        .iter()
        .map(|(name, down)| ((*name).to_owned(), *down))
        .collect();
    let query = ListQuery {
        entity,
        filter: None,
        sort,
        limit,
        trashed: false,
        asked: ASKED,
    };
    match bed.book.ask(&Query::List(query)).unwrap() {
        Answer::List(listing) => listing,
        other => panic!("{other:?}"),
    }
}

fn resolve(bed: &mut Bed, entity: Entity, text: &str) -> Resolved {
    let text = text.to_owned();
    match bed.book.ask(&Query::Resolve { entity, text }).unwrap() {
        Answer::Resolve(resolved) => resolved,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_board_counts_what_it_does_not_load_and_never_takes_unknown_for_zero() {
    let mut bed = Bed::new();
    for (title, amount) in [("A", Some(100)), ("B", None), ("C", Some(250))] {
        bed.deal(title, 0, amount);
    }
    let foreign = bed.deal("D", 0, Some(900));
    bed.ok(vec![edit(
        Entity::Deal,
        foreign.record(),
        &deal::CURRENCY,
        "USD",
        "CHF",
    )]);
    let board = board(&mut bed, 2);
    assert_eq!(
        board.columns.len(),
        4,
        "the won and the lost stage are no columns"
    );
    let column = &board.columns[0];
    assert_eq!((column.count, column.cards.len()), (4, 2));
    assert_eq!(column.cards[0].title, "D", "the newest on top");
    let sum = column.sum;
    assert_eq!(
        (sum.minor, sum.n, sum.without_amount, sum.without_rate),
        (350, 2, 1, 1)
    );
    let percent = column.probability.unwrap();
    assert_eq!(column.weighted.minor, (350 * percent + 50) / 100);
}

#[test]
fn the_foot_leaves_out_losses_that_are_none() {
    let mut bed = Bed::new();
    let deals: Vec<Id<Deal>> = ["A", "B", "C"]
        .map(|title| bed.deal(title, 0, Some(100)))
        .to_vec();
    let lose = |deal, reason: &str| Command::LoseDeal {
        deal,
        base: None,
        reason: Some(crate::domain::command::Reason::Named(reason.to_owned())),
        note: None,
        closed_at: None,
    };
    bed.ok(vec![Command::WinDeal {
        deal: deals[0],
        base: None,
        closed_at: None,
    }]);
    bed.ok(vec![lose(deals[1], "Price")]);
    bed.ok(vec![lose(deals[2], "Duplicate")]);
    let foot = board(&mut bed, 10).foot;
    assert_eq!((foot.won.0, foot.won.1.minor, foot.lost.0), (1, 100, 1));
    let foot = board_of(&mut bed, 10, "2020").foot;
    assert_eq!((foot.won.0, foot.lost.0, foot.ever), (0, 0, Some((1, 1))));
    for (filter, ever) in [
        ("", (1, 1)),
        ("a", (1, 0)),
        ("value>0", (1, 1)),
        ("value>1", (0, 0)),
        ("c", (0, 0)),
    ] {
        let query = Box::new(board_query(10, "2020", Some(filter)));
        let answer = bed.book.ask(&Query::Ever(query.clone())).unwrap();
        assert_eq!(answer, Answer::Ever(query, ever), "{filter}");
    }
}

#[test]
fn lists_sort_unknown_values_last_and_count_beyond_their_limit() {
    let mut bed = Bed::new();
    for (title, amount) in [("b", Some(2)), ("a", None), ("c", Some(1))] {
        bed.deal(title, 0, amount);
    }
    let names =
        |listing: &Listing| -> String { listing.records.iter().map(Record::name).collect() };
    assert_eq!(
        names(&list(&mut bed, Entity::Deal, &[("amount", false)], None)),
        "cba"
    );
    assert_eq!(
        names(&list(&mut bed, Entity::Deal, &[("amount", true)], None)),
        "bca"
    );
    let first = list(&mut bed, Entity::Deal, &[("title", false)], Some(1));
    assert_eq!((names(&first).as_str(), first.total), ("a", 3));
    let unknown = Query::List(ListQuery {
        entity: Entity::Deal,
        filter: None,
        sort: vec![("colour".to_owned(), false)],
        limit: None,
        trashed: false,
        asked: ASKED,
    });
    assert!(matches!(
        bed.book.ask(&unknown),
        Err(StoreError::Invalid { .. })
    ));
}

#[test]
fn a_record_is_found_by_id_address_name_and_prefix_in_this_order() {
    let mut bed = Bed::new();
    let nora = bed
        .ok(vec![Command::Create(Create {
            slot: Slot(0),
            entity: Entity::Contact,
            created_at: None,
            fields: vec![((&contact::NAME).into(), "Nora Keller".into())],
            sets: vec![(Set::Email, "Nora+crm@Keller.ch".to_owned())],
        })])
        .created[0]
        .2;
    let id = nora.to_string();
    for text in [id.as_str(), &id[..6], "nora@keller.ch", "nora KELLER"] {
        let found = resolve(&mut bed, Entity::Contact, text);
        assert!(
            matches!(&found, Resolved::One(one) if one.id == nora),
            "{text}: {found:?}"
        );
    }
    bed.ok(vec![create(
        Entity::Contact,
        vec![(&contact::NAME, "Nora Keller".into())],
    )]);
    assert!(
        matches!(resolve(&mut bed, Entity::Contact, "Nora Keller"), Resolved::Several(two) if two.len() == 2)
    );
    assert!(
        matches!(resolve(&mut bed, Entity::Contact, "Nora Kelller"), Resolved::None(near) if near.len() == 2)
    );
}

#[test]
fn a_rep_is_found_by_a_first_name_or_initials_that_one_active_rep_has() {
    let mut bed = Bed::new();
    let mut add = |name: &str, initials: &str, active: bool| {
        let fields = vec![
            (&rep::NAME, name.into()),
            (&rep::INITIALS, initials.into()),
            (&rep::ACTIVE, active.into()),
        ];
        bed.ok(vec![create(Entity::Rep, fields)]).created[0].2
    };
    let tomas = add("Tomás Ortega", "TO", true);
    add("Mira Sommer", "MS", true);
    add("Mira Vogt", "MV", true);
    add("Tomas Vogt", "TV", false);
    let found = |bed: &mut Bed, text: &str| resolve(bed, Entity::Rep, text);
    for text in ["tomas", "Tomás", "ortega", "to"] {
        let found = found(&mut bed, text);
        assert!(
            matches!(&found, Resolved::One(one) if one.id == tomas),
            "{text}: {found:?}"
        );
    }
    assert!(matches!(found(&mut bed, "mira"), Resolved::Several(two) if two.len() == 2));
    assert!(matches!(found(&mut bed, "tom"), Resolved::None(_)));
    assert!(matches!(found(&mut bed, ""), Resolved::None(_)));
}

#[test]
fn a_company_is_found_without_its_legal_form() {
    let mut bed = Bed::new();
    let alpina = bed.company("Alpina AG");
    assert!(
        matches!(resolve(&mut bed, Entity::Company, "alpina"), Resolved::One(one) if one.id == alpina.record())
    );
}

#[test]
fn search_finds_words_in_any_order_and_ranks_whole_names_first() {
    let mut bed = Bed::new();
    bed.company("Zug Müller Handel");
    bed.company("Müller");
    bed.deal("Rollout for Müller", 0, None);
    let find = |bed: &mut Bed, text: &str| match bed
        .book
        .ask(&Query::Search {
            text: text.to_owned(),
            limit: 10,
        })
        .unwrap()
    {
        Answer::Search(found) => found
            .rows
            .into_iter()
            .map(|one| one.record.name)
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        find(&mut bed, "muller"),
        ["Müller", "Zug Müller Handel", "Rollout for Müller"]
    );
    assert_eq!(find(&mut bed, "handel zug"), ["Zug Müller Handel"]);
    assert_eq!(find(&mut bed, " "), Vec::<String>::new());
}

#[test]
fn the_timeline_shows_what_is_planned_first_and_then_the_newest() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, None);
    let mut log = |subject: &str, due: Option<&str>, done: Option<i64>| {
        let fields = vec![
            (&activity::KIND, "call".into()),
            (&activity::SUBJECT, subject.into()),
            (&activity::DEAL, deal.into()),
            (&activity::DUE_DATE, due.into()),
            (&activity::DONE_AT, done.into()),
        ];
        bed.ok(vec![create(Entity::Activity, fields)]).created[0].2
    };
    log("old", None, Some(1_000));
    log("later", Some("2026-12-24"), None);
    let soon = log("soon", Some("2026-12-01"), None);
    log("new", None, Some(2_000));
    let query = Query::Timeline {
        entity: Entity::Deal,
        id: deal.record(),
        limit: 10,
    };
    let Answer::Timeline(records) = bed.book.ask(&query).unwrap() else {
        panic!("no timeline")
    };
    let names: Vec<String> = records.iter().map(Record::name).collect();
    assert_eq!(names, ["soon", "later", "new", "old"]);
    let card = &board(&mut bed, 1).columns[0].cards[0];
    assert_eq!(
        card.next_step.as_ref().map(|step| step.id.record()),
        Some(soon)
    );
}

#[test]
fn the_feed_tells_who_did_what_after_a_seq() {
    let mut bed = Bed::new();
    bed.rep = Some(bed.rep("Ben"));
    let deal = bed.deal("Alpina", 0, Some(1));
    let seq = bed.show_deal(deal).seq;
    bed.ok(vec![edit(Entity::Deal, deal.record(), &deal::AMOUNT, 1, 2)]);
    let query = Query::Changes {
        after: seq,
        limit: 10,
    };
    let Answer::Changes(changes) = bed.book.ask(&query).unwrap() else {
        panic!("no feed")
    };
    let [change] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(
        (change.by.as_deref(), change.field.as_deref()),
        (Some("Ben"), Some("amount"))
    );
    assert_eq!((&change.old, &change.new), (&Value::Int(1), &Value::Int(2)));
}

#[test]
fn a_sum_beyond_the_range_of_the_book_is_shown_as_its_end_and_breaks_nothing() {
    let mut bed = Bed::new();
    for title in ["One", "Two", "Three"] {
        bed.deal(title, 0, Some(i64::MAX - 7));
    }
    bed.deal("Small", 1, Some(-5));
    bed.deal("Smaller", 1, Some(-7));
    let shown = board(&mut bed, 10);
    assert_eq!(shown.columns[0].sum.minor, i64::MAX);
    assert_eq!(shown.columns[1].sum.minor, -12);
}

#[test]
fn a_list_by_texts_is_in_the_order_of_the_folded_texts() {
    let mut bed = Bed::new();
    for (name, firm) in [
        ("Øst", Some("beta")),
        ("olaf", None),
        ("Ölaf B", Some("Alpha")),
        ("olaf", Some("Beta  AG")),
        ("李", Some("alpha")),
    ] {
        let company = firm.map(|firm| bed.company(firm));
        let fields = vec![
            (&contact::NAME, name.into()),
            (&contact::COMPANY, company.into()),
        ];
        bed.ok(vec![create(Entity::Contact, fields)]);
    }
    let mut of = |sort: &[(&str, bool)], all: bool| {
        let query = ListQuery {
            entity: Entity::Contact,
            filter: None,
            sort: (sort.iter())
                .map(|(by, descending)| ((*by).to_owned(), *descending))
                .collect(),
            limit: None,
            trashed: false,
            asked: Asked { now: NOW, me: None },
        };
        if all {
            match bed.book.ask(&Query::Order(query)).unwrap() {
                Answer::Order(order) => order.ids,
                other => panic!("{other:?}"),
            }
        } else {
            match bed.book.ask(&Query::List(query)).unwrap() {
                Answer::List(list) => list.records.iter().map(|record| record.id).collect(),
                other => panic!("{other:?}"),
            }
        }
    };
    // SQLite sorts lists, and we the ids of all of one: both alike.
    for sort in [
        &[("name", false)][..],
        &[("name", true)],
        &[("company", false), ("name", false)],
        &[("company", true), ("name", false)],
        &[("company", true)],
        &[("title", false)],
        &[("id", true)],
    ] {
        assert_eq!(of(sort, true), of(sort, false), "{sort:?}");
    }
}

#[test]
fn whatever_names_a_company_or_contact_in_the_trash_says_so_until_it_is_restored() {
    let mut bed = Bed::new();
    let company = bed.company("Alpina AG");
    let made = bed.ok(vec![create(
        Entity::Contact,
        vec![
            (&contact::NAME, "Nora".into()),
            (&contact::COMPANY, company.into()),
        ],
    )]);
    let person = made.created[0].2;
    let stage = bed.stages[0];
    let made = bed.ok(vec![create(
        Entity::Deal,
        vec![
            (&deal::TITLE, "Rollout".into()),
            (&deal::COMPANY, company.into()),
            (&deal::CONTACT, person.into()),
            (&deal::STAGE, stage.into()),
        ],
    )]);
    let rollout = made.created[0].2;
    let told = |bed: &mut Bed| {
        let deal = bed.show(Entity::Deal, rollout);
        let contact = bed.show(Entity::Contact, person);
        let card = board(bed, 9).columns[0].cards[0].company_gone;
        (
            deal.is_gone(&deal::COMPANY),
            deal.is_gone(&deal::CONTACT),
            contact.is_gone(&contact::COMPANY),
            card,
        )
    };
    assert_eq!(told(&mut bed), (false, false, false, false));
    let trash = |entity, id: RecordId| Command::Trash {
        entity,
        target: id.into(),
    };
    bed.ok(vec![trash(Entity::Company, company.record())]);
    assert_eq!(told(&mut bed), (true, false, true, true));
    bed.ok(vec![trash(Entity::Contact, person)]);
    assert_eq!(told(&mut bed), (true, true, true, true));
    bed.undo();
    bed.undo();
    assert_eq!(told(&mut bed), (false, false, false, false));
}

#[test]
fn what_is_planned_with_several_at_once_is_one_step_and_one_undo() {
    let mut bed = Bed::new();
    let deals = [bed.deal("A", 0, None), bed.deal("B", 0, None)];
    let planned = |(slot, deal): (u32, &Id<Deal>)| {
        let Command::Create(mut step) = create(
            Entity::Activity,
            vec![
                (&activity::KIND, "task".into()),
                (&activity::SUBJECT, "Ask for news".into()),
                (&activity::DEAL, deal.record().into()),
            ],
        ) else {
            panic!("a creation");
        };
        step.slot = Slot(slot);
        Command::Create(step)
    };
    let commands = (0..).zip(&deals).map(planned).collect();
    let draft = bed.draft(Origin::Bulk, commands);
    let receipt = bed.saved(&draft);
    assert_eq!((receipt.created.len(), receipt.kept.len()), (2, 0));
    let has_step = |bed: &mut Bed| {
        let column = &board(bed, 9).columns[0];
        let cards = column.cards.iter();
        cards.filter(|card| card.next_step.is_some()).count()
    };
    assert_eq!(has_step(&mut bed), 2);
    bed.undo();
    assert_eq!(has_step(&mut bed), 0);
}
