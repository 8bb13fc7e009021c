//! Compare-and-set: who meets whom.

use super::*;
use crate::domain::command::{Place, Reason, Target};
use crate::domain::nouns::contact;

#[test]
fn a_step_is_done_once_however_often_it_is_sent() {
    let mut bed = Bed::new();
    let draft = bed.draft(
        Origin::Human,
        vec![create(
            Entity::Company,
            vec![(&company::NAME, "Alpina".into())],
        )],
    );
    let first = bed.saved(&draft);
    let before = bed.hash();
    let second = bed.saved(&draft);
    assert!(second.again && second.seq == first.seq);
    assert_eq!(second.created, first.created);
    assert_eq!(bed.hash(), before);
    let other = StepDraft {
        at: Instant::from_millis(0),
        ..draft
    };
    assert!(
        bed.book.commit(&other).is_err(),
        "the same id with another body"
    );
}

#[test]
fn two_who_edit_different_fields_never_meet() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        100,
        200,
    )]);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::TITLE,
        "Alpina",
        "Alpina AG",
    )]);
    let record = bed.show_deal(deal);
    assert_eq!(
        (record.int(&deal::AMOUNT), record.text(&deal::TITLE)),
        (Some(200), Some("Alpina AG"))
    );
}

#[test]
fn two_who_edit_one_field_meet_and_nothing_of_the_second_is_written() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.rep = Some(bed.rep("Ben"));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        100,
        200,
    )]);
    let before = bed.hash();
    let outcome = bed
        .act(vec![
            edit(Entity::Deal, deal.record(), &deal::TITLE, "Alpina", "Other"),
            edit(Entity::Deal, deal.record(), &deal::AMOUNT, 100, 300),
        ])
        .unwrap();
    let Outcome::Conflict(clashes) = outcome else {
        panic!("{outcome:?}")
    };
    let [clash] = clashes.as_slice() else {
        panic!("{clashes:?}")
    };
    assert_eq!(
        (&clash.base, &clash.theirs, &clash.mine),
        (&Value::Int(100), &Value::Int(200), &Value::Int(300))
    );
    assert_eq!(
        (
            clash.by.as_deref(),
            clash.field.as_str(),
            clash.name.as_str()
        ),
        (Some("Ben"), "amount", "Alpina")
    );
    assert_eq!(bed.hash(), before);
}

#[test]
fn who_wants_what_is_there_already_meets_nobody() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        100,
        200,
    )]);
    let receipt = bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        100,
        200,
    )]);
    assert_eq!((receipt.changes, receipt.seq), (0, 0));
}

#[test]
fn tags_are_compared_one_by_one() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, None);
    bed.ok(vec![tag(deal, "vip", true)]);
    assert_eq!(bed.ok(vec![tag(deal, "VIP", true)]).changes, 0);
    bed.ok(vec![tag(deal, "german", true)]);
    assert_eq!(bed.show_deal(deal).set(Set::Tag), ["vip", "german"]);
    bed.ok(vec![tag(deal, "Vip", false)]);
    assert_eq!(bed.show_deal(deal).set(Set::Tag), ["german"]);
}

#[test]
fn an_edit_of_what_was_trashed_meanwhile_is_a_conflict() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![Command::Trash {
        entity: Entity::Deal,
        target: deal.into(),
    }]);
    let outcome = bed
        .act(vec![edit(
            Entity::Deal,
            deal.record(),
            &deal::AMOUNT,
            100,
            300,
        )])
        .unwrap();
    assert!(matches!(outcome, Outcome::Conflict(clashes) if clashes[0].field == "trashed_at"));
}

#[test]
fn a_required_version_that_has_passed_is_a_conflict() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    let seq = bed.show_deal(deal).seq;
    let require = |seq| Command::Require {
        entity: Entity::Deal,
        target: deal.into(),
        seq,
    };
    bed.ok(vec![
        require(seq),
        edit(Entity::Deal, deal.record(), &deal::AMOUNT, 100, 200),
    ]);
    let late = bed
        .act(vec![
            require(seq),
            edit(Entity::Deal, deal.record(), &deal::TITLE, "Alpina", "B"),
        ])
        .unwrap();
    assert!(matches!(late, Outcome::Conflict(_)));
}

#[test]
fn a_win_freezes_the_facts_and_a_reopening_clears_them() {
    let mut bed = Bed::new();
    bed.rep = Some(bed.rep("Ana"));
    let deal = bed.deal("Alpina", 2, Some(4_200_000));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::OWNER,
        Value::Null,
        bed.rep.unwrap(),
    )]);
    bed.ok(vec![Command::WinDeal {
        deal,
        base: Some(bed.stages[2]),
        closed_at: None,
    }]);
    let won = bed.show_deal(deal);
    assert_eq!(won.instant(&deal::CLOSED_AT), Some(NOW));
    assert_eq!(
        (won.int(&deal::CLOSE_BASE), won.int(&deal::CLOSE_RATE)),
        (Some(4_200_000), Some(1_000_000))
    );
    assert_eq!(
        won.link::<Rep>(&deal::CLOSE_OWNER)
            .map(|link| link.name)
            .as_deref(),
        Some("Ana")
    );
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        4_200_000,
        1,
    )]);
    assert_eq!(
        bed.show_deal(deal).int(&deal::CLOSE_BASE),
        Some(4_200_000),
        "frozen"
    );
    bed.ok(vec![Command::ReopenDeal {
        deal,
        base: None,
        stage: None,
    }]);
    let open = bed.show_deal(deal);
    assert_eq!(
        open.int(&deal::STAGE),
        Some(bed.stages[2].raw()),
        "back where it was closed from"
    );
    assert!(open.get(&deal::CLOSED_AT).is_null() && open.get(&deal::CLOSE_BASE).is_null());
}

#[test]
fn a_close_in_a_currency_without_a_rate_has_no_base_amount() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::CURRENCY,
        "USD",
        "CHF",
    )]);
    bed.ok(vec![Command::WinDeal {
        deal,
        base: None,
        closed_at: None,
    }]);
    let won = bed.show_deal(deal);
    assert_eq!(
        (won.int(&deal::CLOSE_AMOUNT), won.int(&deal::CLOSE_BASE)),
        (Some(100), None)
    );
}

#[test]
fn a_lost_reason_is_taken_by_name_or_made() {
    let mut bed = Bed::new();
    let (one, two) = (bed.deal("One", 0, None), bed.deal("Two", 0, None));
    let lose = |deal, name: &str| Command::LoseDeal {
        deal,
        base: None,
        reason: Some(Reason::Named(name.to_owned())),
        note: Some(" too dear ".to_owned()),
        closed_at: None,
    };
    bed.ok(vec![lose(one, "Moon phase")]);
    bed.ok(vec![lose(two, "moon PHASE")]);
    let (one, two) = (bed.show_deal(one), bed.show_deal(two));
    assert_eq!(one.get(&deal::LOST_REASON), two.get(&deal::LOST_REASON));
    assert_eq!(one.text(&deal::LOST_NOTE), Some("too dear"));
}

#[test]
fn cards_keep_the_order_they_are_given() {
    let mut bed = Bed::new();
    let deals: Vec<Id<Deal>> = ["C", "B", "A"]
        .map(|title| bed.deal(title, 0, None))
        .to_vec();
    let order = |bed: &mut Bed| {
        let mut cards: Vec<(String, String)> = deals
            .iter()
            .map(|deal| bed.show_deal(*deal))
            .map(|deal| (deal.text(&deal::POSITION).unwrap().to_owned(), deal.name()))
            .collect();
        cards.sort();
        cards.into_iter().map(|(_, name)| name).collect::<String>()
    };
    assert_eq!(order(&mut bed), "ABC", "new cards go on top");
    let stage = bed.stages[0];
    bed.ok(vec![Command::MoveDeal {
        deal: deals[2],
        base: Some(stage),
        stage,
        place: Some(Place::After(deals[1])),
    }]);
    assert_eq!(order(&mut bed), "BAC");
    bed.ok(vec![Command::MoveDeal {
        deal: deals[0],
        base: Some(stage),
        stage,
        place: Some(Place::Top),
    }]);
    assert_eq!(order(&mut bed), "CBA");
    bed.ok(vec![Command::MoveDeal {
        deal: deals[0],
        base: Some(stage),
        stage,
        place: Some(Place::Bottom),
    }]);
    assert_eq!(order(&mut bed), "BAC");
}

#[test]
fn what_the_rules_forbid_is_refused_and_leaves_no_trace() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, None);
    let before = bed.hash();
    let ghost = RecordId::from_raw(77);
    for command in [
        create(Entity::Deal, vec![(&deal::TITLE, "x".into())]),
        create(Entity::Company, vec![]),
        create(Entity::Contact, vec![(&contact::NAME, "\u{200b}".into())]),
        edit(
            Entity::Deal,
            deal.record(),
            &deal::TITLE,
            "Alpina",
            Value::Null,
        ),
        edit(
            Entity::Deal,
            deal.record(),
            &deal::CLOSED_AT,
            Value::Null,
            5,
        ),
        edit(
            Entity::Deal,
            deal.record(),
            &deal::COMPANY,
            Value::Null,
            ghost,
        ),
        edit(Entity::Deal, ghost, &deal::TITLE, Value::Null, "x"),
        edit(
            Entity::Deal,
            deal.record(),
            &contact::NAME,
            Value::Null,
            "x",
        ),
        Command::ReopenDeal {
            deal,
            base: None,
            stage: None,
        },
        Command::Add {
            entity: Entity::Deal,
            target: deal.into(),
            set: Set::Email,
            element: "a@b.c".to_owned(),
        },
        Command::Trash {
            entity: Entity::Stage,
            target: bed.stages[0].into(),
        },
        Command::Trash {
            entity: Entity::Deal,
            target: Target::New(Slot(9)),
        },
    ] {
        let outcome = bed.act(vec![tag(deal, "trace", true), command.clone()]);
        assert!(outcome.is_err(), "{command:?} gave {outcome:?}");
    }
    assert_eq!(bed.hash(), before);
}

#[test]
fn a_bulk_act_does_what_it_can_and_lists_what_clashed() {
    let mut bed = Bed::new();
    let deals: Vec<Id<Deal>> = ["A", "B", "C"]
        .map(|title| bed.deal(title, 0, None))
        .to_vec();
    bed.rep = Some(bed.rep("Ben"));
    bed.ok(vec![move_to(deals[1], None, bed.stages[2])]);
    bed.ok(vec![Command::Trash {
        entity: Entity::Deal,
        target: deals[2].into(),
    }]);
    let (from, to) = (bed.stages[0], bed.stages[1]);
    let commands = deals
        .iter()
        .map(|deal| move_to(*deal, Some(from), to))
        .collect();
    let draft = bed.draft(Origin::Bulk, commands);
    let receipt = bed.saved(&draft);
    let kept: Vec<(&str, &str)> = receipt
        .kept
        .iter()
        .map(|kept| (kept.name.as_str(), kept.why.as_str()))
        .collect();
    assert_eq!(
        kept,
        [
            ("B", "Ben changed its stage since"),
            ("C", "Ben put it into the trash since")
        ]
    );
    assert_eq!(bed.show_deal(deals[0]).int(&deal::STAGE), Some(to.raw()));
    assert_eq!(
        bed.show_deal(deals[1]).int(&deal::STAGE),
        Some(bed.stages[2].raw())
    );
}

#[test]
fn a_step_is_worded_by_what_it_changed_and_not_by_what_it_named() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    let both = Command::Edit {
        entity: Entity::Deal,
        target: deal.into(),
        edits: vec![
            FieldEdit {
                field: (&deal::AMOUNT).into(),
                base: Base::Seen(100.into()),
                new: Input::Value(200.into()),
            },
            FieldEdit {
                field: (&deal::CURRENCY).into(),
                base: Base::Seen("USD".into()),
                new: Input::Value("USD".into()),
            },
        ],
    };
    assert_eq!(bed.ok(vec![both]).label, "Edit Alpina: amount");
}

#[test]
fn a_clash_over_a_reference_names_its_records() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    let deal = bed.deal("Alpina", 0, None);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::OWNER,
        Value::Null,
        ana,
    )]);
    let outcome = bed
        .act(vec![edit(
            Entity::Deal,
            deal.record(),
            &deal::OWNER,
            Value::Null,
            ben,
        )])
        .unwrap();
    let Outcome::Conflict(clashes) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(
        clashes[0].names,
        [None, Some("Ana".to_owned()), Some("Ben".to_owned())]
    );
}

#[test]
fn a_closed_deal_that_comes_in_without_a_date_was_not_closed_today() {
    let mut bed = Bed::new();
    let fields = vec![
        (&deal::TITLE, "Old".into()),
        (&deal::STAGE, bed.stages[4].into()),
        (&deal::AMOUNT, 100.into()),
    ];
    let draft = bed.draft(Origin::Import, vec![create(Entity::Deal, fields)]);
    let deal: Id<Deal> = Id::new(bed.saved(&draft).created[0].2);
    let won = bed.show_deal(deal);
    assert_eq!(
        (won.get(&deal::CLOSED_AT), won.int(&deal::CLOSE_BASE)),
        (&Value::Null, Some(100))
    );
}
