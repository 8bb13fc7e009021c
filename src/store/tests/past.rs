//! The trash and the list of steps, as the book answers them.

use super::*;
use crate::domain::past::{PastAct, StepChanges, Trash};
use crate::store::query::{StepsQuery, TrashQuery};

const DAY: i64 = 86_400_000;

fn trash(bed: &mut Bed, query: TrashQuery) -> Trash {
    match bed.book.ask(&Query::Trash(query)).unwrap() {
        Answer::Trash(trash) => trash,
        other => panic!("{other:?}"),
    }
}

fn all() -> TrashQuery {
    TrashQuery {
        entity: None,
        words: String::new(),
        since: None,
        limit: 100,
    }
}

fn steps(bed: &mut Bed, rep: Option<Id<Rep>>, words: &str) -> Vec<PastAct> {
    let query = StepsQuery {
        rep,
        words: words.to_owned(),
        limit: 100,
    };
    match bed.book.ask(&Query::Steps(query)).unwrap() {
        Answer::Steps(acts) => acts,
        other => panic!("{other:?}"),
    }
}

fn changes(bed: &mut Bed, group: StepId, limit: usize) -> StepChanges {
    match bed.book.ask(&Query::StepChanges { group, limit }).unwrap() {
        Answer::StepChanges(changes) => changes,
        other => panic!("{other:?}"),
    }
}

fn put(bed: &mut Bed, entity: Entity, id: RecordId, at: Instant) {
    let target = id.into();
    let draft = StepDraft {
        at,
        ..bed.draft(Origin::Human, vec![Command::Trash { entity, target }])
    };
    bed.saved(&draft);
}

fn names(trash: &Trash) -> Vec<&str> {
    trash
        .records
        .iter()
        .map(|record| record.name.as_str())
        .collect()
}

#[test]
fn the_trash_says_what_was_put_there_by_whom_and_hides_what_is_old() {
    let mut bed = Bed::new();
    bed.rep = Some(bed.rep("Ana Meier"));
    let firm = bed.company("Alpina AG");
    let (old, new) = (bed.deal("Old one", 0, None), bed.deal("Rollout", 0, None));
    let before = |days: i64| Instant::from_millis(NOW.millis() - days * DAY);
    put(&mut bed, Entity::Deal, old.record(), before(40));
    put(&mut bed, Entity::Company, firm.record(), before(2));
    put(&mut bed, Entity::Deal, new.record(), before(1));
    let found = trash(&mut bed, all());
    assert_eq!(names(&found), ["Rollout", "Alpina AG", "Old one"]);
    let first = &found.records[0];
    assert_eq!(first.by.as_deref(), Some("Ana Meier"));
    assert_eq!((first.at, first.entity), (before(1), Entity::Deal));
    assert!(first.step.as_deref().unwrap().contains("Rollout"));
    let recent = TrashQuery {
        since: Some(before(30)),
        ..all()
    };
    let found = trash(&mut bed, recent.clone());
    assert_eq!(
        (names(&found), found.older),
        (vec!["Rollout", "Alpina AG"], 1)
    );
    for (entity, words, fits) in [
        (Some(Entity::Company), "", &["Alpina AG"][..]),
        (None, "ana roll", &["Rollout"]),
        (None, "company", &["Alpina AG"]),
        (None, "nobody", &[]),
        (Some(Entity::Deal), "alpina", &[]),
    ] {
        let query = TrashQuery {
            entity,
            words: words.to_owned(),
            ..recent.clone()
        };
        assert_eq!(names(&trash(&mut bed, query)), fits, "{words}");
    }
    let one = TrashQuery { limit: 1, ..all() };
    let found = trash(&mut bed, one);
    assert_eq!((names(&found), found.total), (vec!["Rollout"], 3));
    bed.undo();
    assert_eq!(names(&trash(&mut bed, all())), ["Alpina AG", "Old one"]);
}

#[test]
fn steps_are_told_group_by_group_with_their_records_and_whose_they_are() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    bed.rep = Some(ana);
    let deal = bed.deal("Rollout", 0, Some(4_000_000));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        4_000_000,
        4_200_000,
    )]);
    bed.rep = Some(ben);
    bed.deal("Pilot", 0, None);
    let mine = steps(&mut bed, Some(ana), "");
    assert_eq!(mine.len(), 2);
    assert_eq!((mine[0].by.as_str(), mine[0].records), ("Ana", 1));
    assert!(!mine[0].undone);
    assert!(steps(&mut bed, None, "").len() > 4);
    assert_eq!(steps(&mut bed, None, "pilot").len(), 1);

    let told = changes(&mut bed, mine[0].group, 10);
    assert_eq!(told.total, 1);
    let change = &told.changes[0];
    assert_eq!(change.name, "Rollout");
    assert_eq!(change.field.as_deref(), Some("amount"));
    assert_eq!(
        (&change.old.0, &change.new.0),
        (&4_000_000.into(), &4_200_000.into())
    );
    assert_eq!(change.currency, "USD".parse().ok());

    // The one before last can be taken back, and is told as such.
    bed.rep = Some(ana);
    let group = mine[0].group;
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::TITLE,
        "Rollout",
        "Big rollout",
    )]);
    bed.ok(vec![Command::Undo(Which::Group(group))]);
    let mine = steps(&mut bed, Some(ana), "");
    let undone: Vec<bool> = mine.iter().map(|act| act.undone).collect();
    assert_eq!(undone, [false, false, true, false]);
    assert_eq!(bed.show_deal(deal).int(&deal::AMOUNT), Some(4_000_000));
    bed.ok(vec![Command::Redo(Which::Group(group))]);
    assert_eq!(bed.show_deal(deal).int(&deal::AMOUNT), Some(4_200_000));
}

#[test]
fn a_batch_is_one_line_with_its_count() {
    let mut bed = Bed::new();
    let firm = |number: u32| {
        Command::Create(Create {
            slot: Slot(number),
            entity: Entity::Company,
            created_at: None,
            fields: vec![((&company::NAME).into(), format!("Firm {number}").into())],
            sets: Vec::new(),
        })
    };
    let draft = bed.draft(Origin::Import, (0..300).map(firm).collect());
    bed.saved(&draft);
    let acts = steps(&mut bed, None, "");
    assert_eq!((acts[0].records, acts[0].origin), (300, Origin::Import));
    let told = changes(&mut bed, acts[0].group, 5);
    assert_eq!((told.changes.len(), told.changes[0].made), (1, 300));
}
