//! The check of a book: silent on what steps wrote, and it names what another program did.

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::domain::nouns::{activity, contact, field, pending_link, source_record};
use crate::store::check::{Finding, Findings, Kind};

fn checked(bed: &mut Bed) -> Findings {
    bed.book.check().unwrap()
}

#[track_caller]
fn clean(bed: &mut Bed) {
    let findings = checked(bed);
    assert!(findings.is_clean(), "{:#?}", findings.found);
}

/// A book with a bit of everything, and what another program does to it.
fn tampered(sql: &str) -> Vec<Finding> {
    let mut bed = busy();
    clean(&mut bed);
    let other = Connection::open(bed.book.path()).unwrap();
    other
        .execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}"))
        .unwrap();
    drop(other);
    checked(&mut bed).found
}

#[track_caller]
fn one(sql: &str) -> Finding {
    let mut found = tampered(sql);
    assert_eq!(found.len(), 1, "{sql}: {found:#?}");
    found.remove(0)
}

fn person(name: &str) -> Command {
    let Command::Create(mut create) = create(Entity::Contact, vec![(&contact::NAME, name.into())])
    else {
        unreachable!()
    };
    create.sets = vec![
        (Set::Tag, "Fair".to_owned()),
        (Set::Email, format!("{name}@example.org")),
    ];
    Command::Create(create)
}

fn busy() -> Bed {
    let mut bed = Bed::new();
    let deal = bed.deal("Alpina", 0, Some(4_200_000));
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::AMOUNT,
        4_200_000,
        500,
    )]);
    bed.ok(vec![tag(deal, "big", true)]);
    let company = bed.company("Alpina AG");
    bed.ok(vec![person("nora")]);
    bed.ok(vec![create(
        Entity::Activity,
        vec![
            (&activity::KIND, "call".into()),
            (&activity::DEAL, deal.into()),
            (&activity::DONE_AT, NOW.into()),
        ],
    )]);
    let batch = (0..5)
        .map(|n| {
            let mut command = create(
                Entity::Company,
                vec![(&company::NAME, format!("Firm {n}").into())],
            );
            if let Command::Create(create) = &mut command {
                create.slot = Slot(n);
            }
            command
        })
        .collect();
    bed.saved(&bed.draft(Origin::Import, batch));
    bed.ok(vec![create(
        Entity::SourceRecord,
        vec![
            (&source_record::SOURCE, "fair".into()),
            (&source_record::KEY, "1".into()),
            (&source_record::ENTITY, "company".into()),
            (&source_record::RECORD, company.into()),
        ],
    )]);
    bed.deal("Undone", 0, None);
    bed.undo();
    bed
}

#[test]
fn a_field_that_another_program_wrote_is_named_with_both_values_and_the_step() {
    let found = one("UPDATE deal SET amount = 7 WHERE title = 'Alpina'");
    assert_eq!(found.kind, Kind::Field);
    assert_eq!(found.name.as_deref(), Some("Alpina"));
    assert_eq!(found.field.as_deref(), Some("amount"));
    assert_eq!((found.log, found.row), (Some(500.into()), Some(7.into())));
    assert_eq!(found.since.unwrap().label, "Edit Alpina: amount");
}

#[test]
fn a_field_that_nobody_changed_since_the_creation_is_found_by_its_hash() {
    for sql in [
        "UPDATE deal SET currency = 'EUR' WHERE title = 'Alpina'",
        "UPDATE deal SET created_at = 1 WHERE title = 'Alpina'",
        "UPDATE contact SET note = 'x'",
        "UPDATE contact SET custom = '{}' || ' '",
    ] {
        let found = tampered(sql);
        // White space in a JSON object says nothing new.
        if sql.contains("custom") {
            assert_eq!(found, []);
            continue;
        }
        assert_eq!(found.len(), 1, "{sql}: {found:#?}");
        assert_eq!(found[0].kind, Kind::Birth, "{sql}");
    }
}

#[test]
fn of_a_batch_the_record_that_differs_is_named() {
    let found = one("UPDATE company SET city = 'Bern' WHERE name = 'Firm 3'");
    assert_eq!(
        (found.kind, found.name.as_deref()),
        (Kind::Birth, Some("Firm 3"))
    );
}

#[test]
fn trash_that_the_log_does_not_know_is_found() {
    let found = one("UPDATE company SET trashed_at = 1 WHERE name = 'Firm 1'");
    assert_eq!(found.field.as_deref(), Some("trashed_at"));
}

#[test]
fn a_record_without_creation_and_a_creation_without_record_are_found() {
    let found = one("INSERT INTO company (id, name, name_key) VALUES (77, 'X', 'x')");
    assert_eq!(
        (found.kind, found.record),
        (Kind::Unborn, Some(RecordId::from_raw(77)))
    );
    for gone in ["Firm 0", "Firm 2", "Firm 4"] {
        let found = one(&format!("DELETE FROM company WHERE name = '{gone}'"));
        assert_eq!(found.kind, Kind::Gone, "{gone}");
    }
}

#[test]
fn elements_that_came_or_went_behind_the_log_are_found() {
    let found = one("DELETE FROM tag WHERE entity = 'deal'");
    assert_eq!(
        (found.kind, found.field.as_deref(), found.log),
        (Kind::Element, Some("tag"), Some("big".into()))
    );
    // What it was made with is in the hash of its creation.
    let found = one("DELETE FROM identifier");
    assert_eq!((found.kind, found.table.as_str()), (Kind::Birth, "contact"));
    let found = one("UPDATE tag SET key = 'other' WHERE entity = 'contact'");
    assert_eq!(found.kind, Kind::Derived);
    let found = one("INSERT INTO tag (entity, record, value, key) VALUES ('deal', 5, 'x', 'x')");
    assert_eq!(found.kind, Kind::Reference);
}

#[test]
fn a_log_that_was_touched_is_found() {
    let kinds = |sql: &str| -> Vec<Kind> { tampered(sql).into_iter().map(|it| it.kind).collect() };
    // Of the last creation nothing is left but its row.
    assert_eq!(
        kinds("DELETE FROM change WHERE seq = (SELECT max(seq) - 1 FROM change)"),
        [Kind::Log, Kind::Log, Kind::Unborn]
    );
    assert!(kinds("DELETE FROM change WHERE field = 'amount'").contains(&Kind::Log));
    assert!(kinds("UPDATE change SET old = 1 WHERE field = 'amount'").contains(&Kind::Birth));
    assert!(kinds("DELETE FROM step WHERE n = 3").contains(&Kind::Log));
    assert!(kinds("UPDATE step SET undone_by = NULL").contains(&Kind::Log));
    assert!(kinds("UPDATE step SET undone_by = zeroblob(16) WHERE n = 2").contains(&Kind::Log));
    assert_eq!(kinds("UPDATE seat SET last_id = 5"), [Kind::Log]);
    assert_eq!(
        kinds("UPDATE change SET field = 'colour' WHERE field = 'amount'"),
        [Kind::Log, Kind::Birth]
    );
}

#[test]
fn what_follows_from_other_things_must_follow() {
    for (sql, field) in [
        (
            "UPDATE deal SET last_touch = 5 WHERE title = 'Alpina'",
            "last_touch",
        ),
        ("UPDATE contact SET last_touch = 5", "last_touch"),
        (
            "UPDATE company SET name_key = 'x' WHERE name = 'Firm 1'",
            "name_key",
        ),
    ] {
        let found = one(sql);
        assert_eq!(
            (found.kind, found.field.as_deref()),
            (Kind::Derived, Some(field)),
            "{sql}"
        );
    }
    let found = tampered("UPDATE deal SET close_currency = 'USD' WHERE title = 'Alpina'");
    assert!(
        found.iter().any(|it| it.kind == Kind::Derived),
        "{found:#?}"
    );
}

#[test]
fn references_that_lead_nowhere_are_found() {
    let found = tampered("UPDATE deal SET owner = 99 WHERE title = 'Alpina'");
    assert!(
        found
            .iter()
            .any(|it| it.kind == Kind::Reference && it.field.as_deref() == Some("owner"))
    );
    let found = tampered("UPDATE source_record SET record = 99");
    assert!(found.iter().any(|it| it.kind == Kind::Reference));
    let found =
        tampered(r#"UPDATE deal SET custom = '{"0000000000000":1}' WHERE title = 'Alpina'"#);
    assert!(found.iter().any(|it| it.kind == Kind::Reference));
}

#[test]
fn of_very_many_findings_the_first_are_kept_and_all_are_counted() {
    let mut bed = Bed::new();
    let other = Connection::open(bed.book.path()).unwrap();
    other
        .execute_batch(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1500)
             INSERT INTO company (id, name, name_key) SELECT n, 'x', 'x' FROM n",
        )
        .unwrap();
    drop(other);
    let findings = checked(&mut bed);
    // And one for their seat, which has no such id.
    assert_eq!((findings.found.len(), findings.total >= 1500), (1000, true));
}

#[test]
fn a_book_that_was_seen_to_be_damaged_is_read_as_far_as_it_goes_and_not_written() {
    let mut bed = busy();
    let path = bed.book.path().to_owned();
    let other = Connection::open(&path).unwrap();
    let root: u32 = other
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'activity'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    drop(other);
    let root = usize::try_from(root).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(root - 1) * 4096..root * 4096].fill(0);
    std::fs::write(&path, bytes).unwrap();
    bed.book = Book::open(&path).unwrap();
    // Nobody has looked there yet, and nobody need: what a step writes is elsewhere.
    bed.company("Before");
    assert!(
        checked(&mut bed)
            .found
            .iter()
            .any(|found| found.kind == Kind::Damage)
    );
    assert!(matches!(
        bed.act(vec![person("late")]),
        Err(StoreError::Damaged { .. })
    ));
    assert!(bed.book.ask(&Query::Groups { limit: 1 }).is_ok());
}

/// Acts beyond those of the model: sets at birth, custom fields, activities, bulk acts, imports.
#[derive(Clone, Debug)]
enum Act {
    Deal(usize),
    Person(u8),
    Import(u32),
    Custom(usize, u8),
    Bulk(i64),
    Log(usize, bool),
    Rehang(usize, usize),
    Element(usize, u8, bool),
    Move(usize, usize),
    Trash(usize),
    Undo,
    Redo,
}

fn acts() -> impl Strategy<Value = Act> {
    let n = 0..4_usize;
    prop_oneof![
        (0..6_usize).prop_map(Act::Deal),
        (0..3_u8).prop_map(Act::Person),
        (1..5_u32).prop_map(Act::Import),
        (n.clone(), 0..3_u8).prop_map(|(deal, value)| Act::Custom(deal, value)),
        (0..3_i64).prop_map(Act::Bulk),
        (n.clone(), any::<bool>()).prop_map(|(deal, done)| Act::Log(deal, done)),
        (n.clone(), n.clone()).prop_map(|(call, deal)| Act::Rehang(call, deal)),
        (n.clone(), 0..3_u8, any::<bool>()).prop_map(|(deal, t, add)| Act::Element(deal, t, add)),
        (n.clone(), 0..6_usize).prop_map(|(deal, stage)| Act::Move(deal, stage)),
        n.prop_map(Act::Trash),
        Just(Act::Undo),
        Just(Act::Redo),
    ]
}

/// What was made so far.
#[derive(Default)]
struct Made {
    deals: Vec<RecordId>,
    calls: Vec<RecordId>,
    fields: Vec<RecordId>,
}

fn draft(bed: &Bed, made: &Made, act: &Act) -> Option<StepDraft> {
    let human = |commands| Some(bed.draft(Origin::Human, commands));
    let deal = |n: &usize| made.deals.get(*n).copied();
    match act {
        Act::Deal(stage) => human(vec![create(
            Entity::Deal,
            vec![
                (&deal::TITLE, "New".into()),
                (&deal::STAGE, bed.stages[*stage].into()),
            ],
        )]),
        Act::Person(n) => human(vec![person(&format!("p{n}"))]),
        Act::Import(count) => Some(bed.draft(Origin::Import, batch(bed, *count))),
        Act::Custom(n, value) => {
            let of = made.fields.get(usize::from(*value) % made.fields.len())?;
            let edits = vec![FieldEdit {
                field: Field::Custom(Entity::Deal, *of),
                base: Base::Unseen,
                new: Input::Value((*value > 0).then(|| i64::from(*value)).into()),
            }];
            human(vec![Command::Edit {
                entity: Entity::Deal,
                target: deal(n)?.into(),
                edits,
            }])
        }
        Act::Bulk(amount) => Some(
            bed.draft(
                Origin::Bulk,
                made.deals
                    .iter()
                    .map(|id| edit(Entity::Deal, *id, &deal::AMOUNT, Value::Null, *amount))
                    .collect(),
            ),
        ),
        Act::Log(n, done) => human(vec![create(
            Entity::Activity,
            vec![
                (&activity::KIND, "call".into()),
                (&activity::DEAL, deal(n)?.into()),
                (&activity::DONE_AT, done.then_some(NOW).into()),
                (
                    &activity::DUE_DATE,
                    (!done).then_some("2026-12-01").map(str::to_owned).into(),
                ),
            ],
        )]),
        Act::Rehang(call, n) => human(vec![Command::Edit {
            entity: Entity::Activity,
            target: (*made.calls.get(*call)?).into(),
            edits: vec![FieldEdit {
                field: (&activity::DEAL).into(),
                base: Base::Unseen,
                new: Input::Value(deal(n)?.into()),
            }],
        }]),
        Act::Element(n, t, add) => human(vec![tag(Id::new(deal(n)?), &format!("t{t}"), *add)]),
        Act::Move(n, stage) => human(vec![move_to(Id::new(deal(n)?), None, bed.stages[*stage])]),
        Act::Trash(n) => human(vec![Command::Trash {
            entity: Entity::Deal,
            target: deal(n)?.into(),
        }]),
        Act::Undo => human(vec![Command::Undo(Which::Last)]),
        Act::Redo => human(vec![Command::Redo(Which::Last)]),
    }
}

fn batch(bed: &Bed, count: u32) -> Vec<Command> {
    let mut commands = Vec::new();
    for n in 0..count {
        let mut made = create(
            Entity::Deal,
            vec![
                (&deal::TITLE, format!("D{n}").into()),
                (&deal::STAGE, bed.stages[n as usize].into()),
            ],
        );
        if let Command::Create(create) = &mut made {
            create.slot = Slot(n);
            create.sets = vec![(Set::Tag, "b".to_owned()), (Set::Tag, "a".to_owned())];
        }
        commands.push(made);
    }
    commands.push(Command::Create(Create {
        slot: Slot(count),
        entity: Entity::PendingLink,
        created_at: None,
        fields: vec![
            ((&pending_link::ENTITY).into(), "deal".into()),
            ((&pending_link::RECORD).into(), Input::New(Slot(0))),
            ((&pending_link::FIELD).into(), "company".into()),
            ((&pending_link::TARGET).into(), "company".into()),
            ((&pending_link::TEXT).into(), "Alpina".into()),
        ],
        sets: vec![],
    }));
    commands
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_steps_did_the_log_and_the_rows_agree(acts in prop::collection::vec(acts(), 1..30)) {
        let mut bed = Bed::new();
        let mut made = Made::default();
        for name in ["size", "colour"] {
            let fields = vec![(&field::ENTITY, "deal".into()), (&field::NAME, name.into()), (&field::KIND, "number".into())];
            made.fields.push(bed.ok(vec![create(Entity::Field, fields)]).created[0].2);
        }
        for act in &acts {
            let Some(draft) = draft(&bed, &made, act) else { continue };
            if let Ok(Outcome::Saved(receipt)) = bed.book.commit(&draft) {
                for (_, noun, id) in receipt.created {
                    match noun {
                        Entity::Deal => made.deals.push(id),
                        Entity::Activity => made.calls.push(id),
                        _ => {}
                    }
                }
            }
        }
        let findings = checked(&mut bed);
        prop_assert!(findings.is_clean(), "{:#?}", findings.found);
    }
}
