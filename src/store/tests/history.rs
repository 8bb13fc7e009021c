//! The list of contacts by pages, a contact's profile and history, and who has an address already.

use super::*;
use crate::domain::history::{Happening, History, Mark, Order, Part, Party, Sort, What};
use crate::domain::lead::Waiting;
use crate::domain::nouns::{activity, contact};
use crate::domain::records::Contact;
use crate::store::query::{Asked, HistoryQuery, HoldersQuery, ListQuery};

fn person(bed: &mut Bed, name: &str) -> Id<Contact> {
    let made = bed.ok(vec![create(
        Entity::Contact,
        vec![(&contact::NAME, name.into())],
    )]);
    Id::new(made.created[0].2)
}

/// A call that was done then, or is planned for that day.
fn call(
    bed: &mut Bed,
    of: Id<Contact>,
    subject: &str,
    done: Option<i64>,
    due: Option<&str>,
) -> RecordId {
    let fields = vec![
        (&activity::KIND, "call".into()),
        (&activity::SUBJECT, subject.into()),
        (&activity::CONTACT, of.into()),
        (&activity::DONE_AT, done.into()),
        (&activity::DUE_DATE, due.into()),
    ];
    bed.ok(vec![create(Entity::Activity, fields)]).created[0].2
}

fn order(bed: &mut Bed, field: &str, descending: bool) -> Order {
    let query = ListQuery {
        entity: Entity::Contact,
        filter: None,
        sort: vec![(field.to_owned(), descending)],
        limit: None,
        trashed: false,
        asked: Asked { now: NOW, me: None },
    };
    match bed.book.ask(&Query::Order(query)).unwrap() {
        Answer::Order(order) => order,
        other => panic!("{other:?}"),
    }
}

fn history(
    bed: &mut Bed,
    of: impl Into<Party>,
    part: Part,
    before: Option<Mark>,
    limit: usize,
) -> History {
    let query = HistoryQuery {
        of: of.into(),
        part,
        before,
        limit,
    };
    match bed.book.ask(&Query::History(query)).unwrap() {
        Answer::History(history) => history,
        other => panic!("{other:?}"),
    }
}

fn said(happened: &[Happening]) -> Vec<String> {
    happened
        .iter()
        .map(|happening| match &happening.what {
            What::Deed(deed) => deed.subject.clone().unwrap_or_default(),
            What::Turn(turn) => {
                let field = turn.field.as_deref().unwrap_or("made");
                let shown = |(value, name): &(Value, Option<String>)| {
                    name.clone().or_else(|| value.as_text().map(str::to_owned))
                };
                format!("{} {field} {:?}", turn.entity, shown(&turn.new))
            }
        })
        .collect()
}

#[test]
fn a_lead_waits_until_we_answer_and_its_deal_is_told_once_it_is_qualified() {
    let mut bed = Bed::new();
    let mut lead = |name: &str, state: &str, at: Option<i64>| {
        let mut made = create(
            Entity::Contact,
            vec![
                (&contact::NAME, name.into()),
                (&contact::LEAD_STATE, state.into()),
            ],
        );
        if let Command::Create(create) = &mut made {
            create.created_at = at.map(Instant::from_millis);
        }
        Id::<Contact>::new(bed.ok(vec![made]).created[0].2)
    };
    let late = lead("Late", "new", Some(2_000));
    let early = lead("Early", "working", Some(1_000));
    let unknown = lead("Unknown", "new", None);
    let answered = lead("Answered", "new", Some(500));
    let qualified = lead("Qualified", "qualified", Some(100));
    call(&mut bed, answered, "called", Some(3_000), None);
    call(&mut bed, late, "only planned", None, Some("2026-12-01"));
    let deal = bed.deal("Rollout", 0, None);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::CONTACT,
        Value::Null,
        qualified,
    )]);
    let ids = order(&mut bed, "waits", false).ids;
    assert_eq!(ids[..2], [early.record(), late.record()]);
    let ids = [late, unknown, answered, qualified]
        .map(Id::record)
        .to_vec();
    let entity = Entity::Contact;
    let Answer::Rows(rows) = bed
        .book
        .ask(&Query::Rows {
            entity,
            ids,
            now: NOW,
        })
        .unwrap()
    else {
        panic!("no rows")
    };
    let waiting: Vec<Waiting> = rows.iter().map(|row| row.waiting).collect();
    let since = Waiting::Since(Instant::from_millis(2_000));
    assert_eq!(waiting, [since, Waiting::Unknown, Waiting::No, Waiting::No]);
    let deals: Vec<Option<&str>> = rows
        .iter()
        .map(|row| row.deal.as_ref().map(|deal| deal.name.as_str()))
        .collect();
    assert_eq!(deals, [None, None, None, Some("Rollout")]);
}

#[test]
fn an_order_has_all_ids_and_rows_come_with_their_next_step() {
    let mut bed = Bed::new();
    let (zoe, adam) = (person(&mut bed, "Zoë"), person(&mut bed, "adam"));
    let gone = person(&mut bed, "Bob");
    bed.ok(vec![Command::Trash {
        entity: Entity::Contact,
        target: gone.into(),
    }]);
    call(&mut bed, zoe, "later", None, Some("2026-12-24"));
    call(&mut bed, zoe, "soon", None, Some("2026-12-01"));
    let (zoe, adam) = (zoe.record(), adam.record());
    assert_eq!(order(&mut bed, "name", false).ids, [adam, zoe]);
    // Who has nothing planned comes last either way.
    assert_eq!(order(&mut bed, "next_step", false).ids, [zoe, adam]);
    assert_eq!(order(&mut bed, "next_step", true).ids, [zoe, adam]);
    let rows = Query::Rows {
        entity: Entity::Contact,
        ids: vec![zoe, adam],
        now: NOW,
    };
    let Answer::Rows(rows) = bed.book.ask(&rows).unwrap() else {
        panic!("no rows")
    };
    let steps: Vec<Option<String>> = rows
        .iter()
        .map(|row| row.next_step.clone().and_then(|step| step.subject))
        .collect();
    assert_eq!(steps, [Some("soon".to_owned()), None]);
}

#[test]
fn a_history_is_read_page_by_page_without_a_gap_or_a_repeat() {
    let mut bed = Bed::new();
    let nora = person(&mut bed, "Nora");
    // Several of the same moment, so that a page may end between them.
    for place in 0..25 {
        call(
            &mut bed,
            nora,
            &format!("call {place}"),
            Some(1_000 + place / 3),
            None,
        );
    }
    call(&mut bed, nora, "planned", None, Some("2026-12-01"));
    let whole = history(&mut bed, nora, Part::default(), None, 1_000);
    assert_eq!(
        whole.happened.len(),
        26,
        "25 calls and the contact's making"
    );
    assert_eq!(whole.planned.len(), 1);
    assert!(!whole.more && whole.happened.is_sorted_by(|a, b| a.mark > b.mark));
    for page in [1, 2, 7, 25, 26] {
        let mut read = Vec::new();
        let mut before = None;
        loop {
            let part = history(&mut bed, nora, Part::default(), before, page);
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
fn a_history_tells_of_the_deals_too_and_leaves_out_what_was_taken_back() {
    let mut bed = Bed::new();
    let nora = person(&mut bed, "Nora");
    let deal = bed.deal("Rollout", 0, Some(5));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::CONTACT,
        Value::Null,
        nora,
    )]);
    let (qualify, discovery) = (bed.stages[0], bed.stages[1]);
    bed.ok(vec![move_to(deal, Some(qualify), discovery)]);
    bed.ok(vec![edit(Entity::Deal, deal.record(), &deal::AMOUNT, 5, 6)]);
    bed.undo();
    let only_deals = Part {
        sorts: vec![Sort::Deal],
        words: Vec::new(),
    };
    let told = history(&mut bed, nora, only_deals, None, 10);
    assert_eq!(
        said(&told.happened),
        [
            "deal stage Some(\"Discovery\")",
            "deal contact Some(\"Nora\")",
            "deal made None"
        ]
    );
}

#[test]
fn the_lines_of_a_deal_are_told_with_it_as_changes_of_the_deal() {
    use crate::domain::nouns::deal_line;
    let mut bed = Bed::new();
    let firm = bed.ok(vec![create(
        Entity::Company,
        vec![(&company::NAME, "Alpina".into())],
    )]);
    let firm = Id::<Company>::new(firm.created[0].2);
    let nora = person(&mut bed, "Nora");
    let deal = bed.deal("Rollout", 0, None);
    for (def, new) in [
        (&deal::CONTACT, nora.record()),
        (&deal::COMPANY, firm.record()),
    ] {
        bed.ok(vec![edit(
            Entity::Deal,
            deal.record(),
            def,
            Value::Null,
            new,
        )]);
    }
    let line = bed.ok(vec![create(
        Entity::DealLine,
        vec![
            (&deal_line::DEAL, deal.into()),
            (&deal_line::TEXT, "Licence".into()),
            (&deal_line::QUANTITY, 1.into()),
        ],
    )]);
    let line = line.created[0].2;
    bed.ok(vec![edit(
        Entity::DealLine,
        line,
        &deal_line::QUANTITY,
        1,
        3,
    )]);
    bed.ok(vec![edit(
        Entity::DealLine,
        line,
        &deal_line::QUANTITY,
        3,
        4,
    )]);
    bed.undo();
    bed.ok(vec![Command::Trash {
        entity: Entity::DealLine,
        target: line.into(),
    }]);
    for of in [Party::from(nora), Party::from(firm)] {
        let told = history(&mut bed, of, Part::default(), None, 20);
        let lines: Vec<(Option<&str>, &str)> = told
            .happened
            .iter()
            .filter_map(|happening| match &happening.what {
                What::Turn(turn) if turn.line.is_some() => {
                    assert_eq!((turn.entity, turn.record), (Entity::Deal, deal.record()));
                    assert_eq!(
                        (turn.name.as_str(), turn.noun()),
                        ("Rollout", Entity::DealLine)
                    );
                    Some((
                        turn.field.as_deref(),
                        turn.line.as_deref().unwrap_or_default(),
                    ))
                }
                _ => None,
            })
            .collect();
        assert_eq!(
            lines,
            [
                (Some("trashed_at"), "Licence"),
                (Some("quantity"), "Licence"),
                (None, "Licence")
            ]
        );
        let calls = Part {
            sorts: vec![Sort::Call],
            words: Vec::new(),
        };
        assert_eq!(history(&mut bed, of, calls, None, 20).happened, []);
    }
}

#[test]
fn a_history_is_searched_by_words_and_narrowed_to_sorts() {
    let mut bed = Bed::new();
    let nora = person(&mut bed, "Nora");
    call(&mut bed, nora, "Prüfung der Offerte", Some(1), None);
    call(&mut bed, nora, "Something else", Some(2), None);
    let part = |sorts: &[Sort], words: &[&str]| Part {
        sorts: sorts.to_vec(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    let found = history(&mut bed, nora, part(&[], &["prufung", "offerte"]), None, 10);
    assert_eq!(said(&found.happened), ["Prüfung der Offerte"]);
    let mails = history(&mut bed, nora, part(&[Sort::Mail], &[]), None, 10);
    assert_eq!(said(&mails.happened), Vec::<String>::new());
    let changes = history(&mut bed, nora, part(&[Sort::Change], &[]), None, 10);
    assert_eq!(said(&changes.happened), ["contact made None"]);
}

#[test]
fn an_address_that_somebody_has_already_is_told_in_any_spelling() {
    let mut bed = Bed::new();
    let nora = person(&mut bed, "Nora Keller");
    for (set, element) in [
        (Set::Email, "nora@keller.ch"),
        (Set::Phone, "+41 41 555 01 77"),
    ] {
        bed.ok(vec![Command::Add {
            entity: Entity::Contact,
            target: nora.into(),
            set,
            element: element.to_owned(),
        }]);
    }
    let mut ask = |except| {
        let query = Query::Holders(HoldersQuery {
            emails: vec!["Nora@Keller.ch".to_owned(), "new@keller.ch".to_owned()],
            phones: vec!["+41 (0)41 5550177".to_owned()],
            except,
            ..HoldersQuery::default()
        });
        let Answer::Holders(holders) = bed.book.ask(&query).unwrap() else {
            panic!("no holders")
        };
        holders
            .into_iter()
            .map(|holder| (holder.element, holder.who.name))
            .collect::<Vec<_>>()
    };
    let nora_has = |element: &str| (element.to_owned(), "Nora Keller".to_owned());
    assert_eq!(
        ask(None),
        [nora_has("Nora@Keller.ch"), nora_has("+41 (0)41 5550177")]
    );
    assert_eq!(ask(Some(nora.record())), [], "of themselves nobody is told");
}

#[test]
fn a_loss_is_one_line_with_its_reason_and_its_note() {
    let mut bed = Bed::new();
    let nora = person(&mut bed, "Nora");
    let deal = bed.deal("Rollout", 0, None);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::CONTACT,
        Value::Null,
        nora,
    )]);
    bed.ok(vec![Command::LoseDeal {
        deal,
        base: None,
        reason: Some(crate::domain::command::Reason::Named("Price".to_owned())),
        note: Some("far\ntoo dear".to_owned()),
        closed_at: None,
    }]);
    let told = history(&mut bed, nora, Part::default(), None, 50);
    let turns: Vec<(Option<String>, Option<String>)> = told
        .happened
        .iter()
        .filter_map(|happening| match &happening.what {
            What::Turn(turn) if turn.entity == Entity::Deal => {
                Some((turn.field.clone(), turn.new.1.clone()))
            }
            _ => None,
        })
        .collect();
    let stage = Some("stage".to_owned());
    let lost = Some("Lost · Price · far too dear".to_owned());
    assert_eq!(turns[0], (stage, lost), "{turns:?}");
    assert!(
        turns
            .iter()
            .all(|(field, _)| field.as_deref() != Some("lost_reason"))
    );
}
