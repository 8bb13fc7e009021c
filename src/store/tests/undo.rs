//! Undo and redo.

use super::*;
use crate::domain::nouns::{activity, contact, deal_line, import, source_record};
use crate::domain::outcome::Kept;

fn saved(outcome: Outcome) -> Receipt {
    match outcome {
        Outcome::Saved(receipt) => receipt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn undo_goes_back_step_by_step_and_redo_forth() {
    let mut bed = Bed::new();
    let mut hashes = vec![bed.hash()];
    let deal = bed.deal("Alpina", 0, Some(100));
    hashes.push(bed.hash());
    for command in [
        edit(Entity::Deal, deal.record(), &deal::AMOUNT, 100, 200),
        move_to(deal, None, bed.stages[1]),
        tag(deal, "vip", true),
        Command::WinDeal {
            deal,
            base: None,
            closed_at: None,
        },
        tag(deal, "vip", false),
        Command::Trash {
            entity: Entity::Deal,
            target: deal.into(),
        },
    ] {
        bed.ok(vec![command]);
        hashes.push(bed.hash());
    }
    for hash in hashes.iter().rev().skip(1) {
        saved(bed.undo());
        assert_eq!(bed.hash(), *hash);
    }
    assert_eq!(bed.undo(), Outcome::Nothing);
    for hash in hashes.iter().skip(1) {
        saved(bed.redo());
        assert_eq!(bed.hash(), *hash);
    }
    assert_eq!(bed.redo(), Outcome::Nothing);
}

#[test]
fn what_is_done_after_an_undo_closes_the_way_back() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![tag(deal, "vip", true)]);
    bed.undo();
    bed.ok(vec![tag(deal, "german", true)]);
    assert_eq!(bed.redo(), Outcome::Nothing);
}

#[test]
fn undo_names_the_step_it_takes_back() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![move_to(deal, None, bed.stages[1])]);
    assert_eq!(saved(bed.undo()).label, "Undo: Move Alpina to Discovery");
    assert_eq!(saved(bed.redo()).label, "Redo: Move Alpina to Discovery");
}

#[test]
fn undo_is_refused_where_a_colleague_changed_the_same_field_since() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        100,
        200,
    )]);
    bed.rep = Some(ben);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        200,
        300,
    )]);
    bed.rep = Some(ana);
    let before = bed.hash();
    let Outcome::Conflict(clashes) = bed.undo() else {
        panic!("undone")
    };
    assert_eq!(
        (clashes[0].by.as_deref(), clashes[0].at),
        (Some("Ben"), Some(NOW))
    );
    assert_eq!(bed.hash(), before);
    bed.rep = Some(ben);
    saved(bed.undo());
    bed.rep = Some(ana);
    saved(bed.undo());
    assert_eq!(bed.show_deal(deal).int(&deal::AMOUNT), Some(100));
}

#[test]
fn undo_is_of_my_own_steps_only() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    let deal = bed.deal("Alpina", 0, Some(100));
    bed.rep = Some(ben);
    bed.ok(vec![tag(deal, "vip", true)]);
    bed.rep = Some(ana);
    let Outcome::Conflict(clashes) = bed.undo() else {
        panic!("took a deal away that Ben had tagged")
    };
    assert_eq!(clashes[0].by.as_deref(), Some("Ben"));
}

#[test]
fn undo_of_a_creation_is_refused_while_somebody_refers_to_it() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    let alpina = bed.company("Alpina");
    bed.rep = Some(ben);
    let fields = vec![
        (&contact::NAME, "Nora".into()),
        (&contact::COMPANY, alpina.into()),
    ];
    bed.ok(vec![create(Entity::Contact, fields)]);
    bed.rep = Some(ana);
    assert!(
        matches!(bed.undo(), Outcome::Conflict(clashes) if clashes[0].field == "contact.company")
    );
}

#[test]
fn an_import_is_undone_record_by_record_and_revived_whole() {
    let mut bed = Bed::new();
    let start = bed.hash();
    let group = random_id();
    let mut made = Vec::new();
    for batch in 0..3 {
        let commands = (0..50)
            .map(|n| {
                let Command::Create(mut create) = create(
                    Entity::Deal,
                    vec![
                        (&deal::TITLE, format!("Deal {batch}-{n}").into()),
                        (&deal::STAGE, bed.stages[0].into()),
                    ],
                ) else {
                    unreachable!("a creation")
                };
                create.slot = Slot(n);
                Command::Create(create)
            })
            .collect();
        let draft = StepDraft {
            group,
            ..bed.draft(Origin::Import, commands)
        };
        let receipt = bed.saved(&draft);
        assert_eq!(receipt.changes, 1, "a batch is one change");
        made.extend(receipt.created.into_iter().map(|(_, _, id)| id));
    }
    let imported = bed.hash();
    bed.rep = Some(bed.rep("Ben"));
    bed.ok(vec![edit(
        Entity::Deal,
        made[60],
        &deal::AMOUNT,
        Value::Null,
        5,
    )]);
    let undone = saved(bed.act(vec![Command::Undo(Which::Group(group))]).unwrap());
    let [Kept { record, why, .. }] = undone.kept.as_slice() else {
        panic!("{:?}", undone.kept)
    };
    assert_eq!(
        (*record, why.as_str()),
        (made[60], "Ben changed its amount since")
    );
    assert!(
        bed.act(vec![Command::Undo(Which::Group(group))]).is_err(),
        "undone already"
    );
    saved(bed.act(vec![Command::Redo(Which::Group(group))]).unwrap());
    saved(bed.undo());
    bed.rep = None;
    saved(bed.undo());
    assert_eq!(bed.hash(), imported);
    saved(bed.undo());
    assert_eq!(bed.hash(), start);
}

#[test]
fn a_touch_that_was_taken_back_touched_nothing() {
    let mut bed = Bed::new();
    let commands = vec![create(
        Entity::Deal,
        vec![
            (&deal::TITLE, "Quiet".into()),
            (&deal::STAGE, bed.stages[0].into()),
        ],
    )];
    let draft = bed.draft(Origin::Import, commands);
    let deal: Id<Deal> = Id::new(bed.saved(&draft).created[0].2);
    assert_eq!(
        bed.show_deal(deal).instant(&deal::LAST_TOUCH),
        None,
        "an import does not touch"
    );
    bed.ok(vec![move_to(deal, None, bed.stages[1])]);
    assert_eq!(bed.show_deal(deal).instant(&deal::LAST_TOUCH), Some(NOW));
    bed.undo();
    assert_eq!(bed.show_deal(deal).instant(&deal::LAST_TOUCH), None);
}

#[test]
fn an_activity_that_moves_to_another_deal_touches_both() {
    let mut bed = Bed::new();
    let (one, two) = (bed.deal("One", 0, None), bed.deal("Two", 0, None));
    let later = NOW.millis() + 60_000;
    let fields = vec![
        (&activity::KIND, "call".into()),
        (&activity::DEAL, one.into()),
        (&activity::DONE_AT, later.into()),
    ];
    let call = bed.ok(vec![create(Entity::Activity, fields)]).created[0].2;
    let touched = |bed: &mut Bed, deal| bed.show_deal(deal).int(&deal::LAST_TOUCH);
    assert_eq!(touched(&mut bed, one), Some(later));
    bed.ok(vec![edit(
        Entity::Activity,
        call,
        &activity::DEAL,
        one,
        two,
    )]);
    assert_eq!(
        (touched(&mut bed, one), touched(&mut bed, two)),
        (Some(NOW.millis()), Some(later))
    );
    bed.undo();
    assert_eq!(
        (touched(&mut bed, one), touched(&mut bed, two)),
        (Some(later), Some(NOW.millis()))
    );
}

#[test]
fn an_import_whose_process_is_gone_is_taken_back_and_a_running_one_is_not() {
    let mut bed = Bed::new();
    let start = bed.hash();
    let import = create(
        Entity::Import,
        vec![
            (&import::FILE, "deals.csv".into()),
            (&import::HASH, "0".into()),
            (&import::KIND, "csv".into()),
            (&import::STATE, "running".into()),
        ],
    );
    let Command::Create(mut deal) = create(
        Entity::Deal,
        vec![
            (&deal::TITLE, "Half".into()),
            (&deal::STAGE, bed.stages[0].into()),
        ],
    ) else {
        unreachable!("a creation")
    };
    deal.slot = Slot(1);
    let first = bed.draft(
        Origin::Import,
        vec![import.clone(), Command::Create(deal.clone())],
    );
    bed.saved(&first);
    assert_eq!(bed.book.take_back_unfinished().unwrap(), []);
    // Nobody builds on what may yet be taken back.
    let fault = bed.book.known(&[]).unwrap_err();
    assert!(matches!(fault, StoreError::Importing { file } if file == "deals.csv"));
    let other = bed.draft(Origin::Import, vec![import]);
    let fault = bed.book.commit(&other).unwrap_err();
    assert!(matches!(fault, StoreError::Importing { .. }), "{fault}");
    let hour = "UPDATE step SET committed_at = committed_at - 3600000";
    rusqlite::Connection::open(bed.book.path())
        .unwrap()
        .execute_batch(hour)
        .unwrap();
    let taken = bed.book.take_back_unfinished().unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(bed.hash(), start);
    assert_eq!(bed.book.take_back_unfinished().unwrap(), []);
    // Its process was only asleep: what it still brings is no half import.
    let mut next = bed.draft(Origin::Import, vec![Command::Create(deal)]);
    next.group = first.group;
    let fault = bed.book.commit(&next).unwrap_err();
    assert!(fault.to_string().contains("taken back"), "{fault}");
    assert_eq!(bed.hash(), start);
    bed.saved(&other);
}

#[test]
fn a_deal_that_stays_keeps_its_lines_and_its_source() {
    let mut bed = Bed::new();
    let stage = bed.stages[0];
    let mut commands = vec![create(
        Entity::Deal,
        vec![
            (&deal::TITLE, "Import".into()),
            (&deal::STAGE, stage.into()),
        ],
    )];
    commands.push(Command::Create(Create {
        slot: Slot(1),
        entity: Entity::DealLine,
        created_at: None,
        fields: vec![((&deal_line::DEAL).into(), Slot(0).into())],
        sets: vec![],
    }));
    commands.push(Command::Create(Create {
        slot: Slot(2),
        entity: Entity::SourceRecord,
        created_at: None,
        fields: vec![
            ((&source_record::SOURCE).into(), "csv".into()),
            ((&source_record::KEY).into(), "1".into()),
            ((&source_record::ENTITY).into(), "deal".into()),
            ((&source_record::RECORD).into(), Slot(0).into()),
        ],
        sets: vec![],
    }));
    let draft = bed.draft(Origin::Import, commands);
    let made = bed.saved(&draft).created;
    bed.ok(vec![edit(
        Entity::Deal,
        made[0].2,
        &deal::AMOUNT,
        Value::Null,
        5,
    )]);
    let undone = saved(
        bed.act(vec![Command::Undo(Which::Group(draft.group))])
            .unwrap(),
    );
    assert_eq!(undone.kept.len(), 1, "the deal is named, its parts are not");
    for (_, entity, id) in made {
        assert_eq!(bed.show(entity, id).trashed_at, None, "{entity}");
    }
}

#[test]
fn to_take_an_undo_back_is_to_redo() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(100));
    let tagged = bed.ok(vec![tag(deal, "vip", true)]);
    let after = bed.hash();
    let undo = saved(bed.undo());
    let redo = saved(
        bed.act(vec![Command::Undo(Which::Group(undo.group))])
            .unwrap(),
    );
    assert_eq!(redo.label, "Redo: Add tag vip to Alpina");
    assert_eq!(bed.hash(), after);
    saved(
        bed.act(vec![Command::Undo(Which::Group(redo.group))])
            .unwrap(),
    );
    assert_ne!(bed.hash(), after);
    assert!(
        bed.act(vec![Command::Undo(Which::Group(tagged.group))])
            .is_err(),
        "undone already"
    );
}

#[test]
fn undo_is_refused_where_a_colleague_changed_the_field_away_and_back() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    let deal = bed.deal("Alpina", 0, Some(1));
    bed.ok(vec![edit(Entity::Deal, deal.record(), &deal::AMOUNT, 1, 2)]);
    bed.rep = Some(ben);
    bed.ok(vec![edit(Entity::Deal, deal.record(), &deal::AMOUNT, 2, 3)]);
    bed.ok(vec![edit(Entity::Deal, deal.record(), &deal::AMOUNT, 3, 2)]);
    bed.rep = Some(ana);
    assert!(
        matches!(bed.undo(), Outcome::Conflict(clashes) if clashes[0].by.as_deref() == Some("Ben"))
    );
}

#[test]
fn what_somebody_put_in_again_or_took_out_since_stays_in_a_set() {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, None);
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    bed.ok(vec![tag(deal, "vip", true)]);
    bed.rep = Some(ben);
    bed.ok(vec![tag(deal, "vip", false)]);
    bed.ok(vec![tag(deal, "VIP", true)]);
    bed.rep = Some(ana);
    let Outcome::Conflict(clashes) = bed.undo() else {
        panic!("Ben's tag was taken out")
    };
    assert_eq!(clashes[0].by.as_deref(), Some("Ben"));
    assert_eq!(bed.show_deal(deal).set(Set::Tag), ["VIP"]);
}

#[test]
fn what_went_into_the_trash_with_its_creation_is_not_brought_back_by_an_older_trash() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    let deal = bed.deal("Alpina", 0, None);
    bed.rep = Some(ben);
    let trash = Command::Trash {
        entity: Entity::Deal,
        target: deal.into(),
    };
    bed.ok(vec![trash]);
    saved(bed.undo());
    bed.rep = Some(ana);
    saved(bed.undo());
    bed.rep = Some(ben);
    saved(bed.redo());
    let outcome = bed.undo();
    assert!(
        matches!(&outcome, Outcome::Conflict(clashes) if clashes[0].by.as_deref() == Some("Ana")),
        "{outcome:?}"
    );
    assert!(bed.show_deal(deal).trashed_at.is_some());
}

#[test]
fn what_was_taken_out_of_the_trash_and_put_there_again_comes_back_step_by_step() {
    let mut bed = Bed::new();
    let start = bed.hash();
    let deal = bed.deal("Alpina", 0, None);
    let (entity, target) = (Entity::Deal, deal.into());
    let alive = bed.hash();
    saved(bed.undo());
    bed.ok(vec![Command::Restore { entity, target }]);
    // What was brought back may go and come again.
    saved(bed.undo());
    assert!(bed.show_deal(deal).trashed_at.is_some());
    saved(bed.redo());
    assert_eq!(bed.hash(), alive);
    bed.ok(vec![Command::Trash { entity, target }]);
    saved(bed.undo());
    assert_eq!(bed.hash(), alive);
    saved(bed.redo());
    assert!(bed.show_deal(deal).trashed_at.is_some());
    saved(bed.undo());
    saved(bed.undo());
    assert_eq!(bed.hash(), start);
}
