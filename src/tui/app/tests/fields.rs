//! One field edited where it stands, the same field of all that is marked, custom fields.

use super::people::record;
use super::*;
use crate::domain::command::{Base, FieldEdit, Input, Target};
use crate::domain::history::ListRow;
use crate::domain::id::RecordId;
use crate::domain::lead::Waiting;
use crate::domain::nouns::{Field, activity, deal};
use crate::domain::outcome::Kept;
use crate::domain::records::{CustomValue, Record};
use crate::store::query::Listing;
use crate::tui::for_tests::picture;
use crate::tui::layers::Layer;

const SIZES: [(u16, u16); 3] = [(60, 20), (80, 24), (100, 30)];
const REGION: i64 = 801;
const BUDGET: i64 = 802;
const LEVEL: i64 = 803;

/// A deal of that amount.
fn of(raw: i64, amount: i64) -> Record {
    record(
        Entity::Deal,
        raw,
        &[
            ("title", format!("Deal {raw}").as_str().into(), None),
            ("stage", 101.into(), Some("Qualify")),
            ("amount", amount.into(), None),
            ("currency", "CHF".into(), None),
        ],
    )
}

fn show(harness: &mut Harness, record: Record) {
    let record = Some(Box::new(record));
    harness.hear(Event::Read(views::FORM, Ok(Answer::Show(record))));
}

fn rows(harness: &mut Harness, records: Vec<Record>) {
    let row = |record| ListRow {
        record,
        next_step: None,
        waiting: Waiting::No,
        deal: None,
        firm: None,
    };
    let rows = records.into_iter().map(row).collect();
    harness.hear(Event::Read(views::FORM_ROWS, Ok(Answer::Rows(rows))));
}

fn stages(harness: &mut Harness) {
    let mut stage = choice(101, "Qualify");
    stage.kind = Some(crate::domain::pipeline::StageKind::Open);
    harness.hear(Event::Read(views::STAGES, Ok(Answer::Choices(vec![stage]))));
}

/// The one field of deal 1 that was chosen by these keys.
fn editing(keys: &str) -> Harness {
    let mut harness = Harness::on(board("1 2 | 3"));
    choose(&mut harness, keys);
    harness
}

fn choose(harness: &mut Harness, keys: &str) {
    harness.press("e");
    show(harness, of(1, 4_200_000));
    harness.press(keys);
    show(harness, of(1, 4_200_000));
}

/// The edits, but for the currency that an amount brings along.
fn edits(commands: &[Command]) -> Vec<(i64, &FieldEdit)> {
    let mut all = Vec::new();
    for command in commands {
        if let Command::Edit {
            target: Target::Known(id),
            edits,
            ..
        } = command
        {
            all.extend(edits.iter().map(|edit| (id.raw(), edit)));
        }
    }
    all.retain(|(_, edit)| edit.field != (&deal::CURRENCY).into());
    all
}

fn changed(field: impl Into<Field>, was: impl Into<Value>, new: impl Into<Value>) -> FieldEdit {
    FieldEdit {
        field: field.into(),
        base: Base::Seen(was.into()),
        new: Input::Value(new.into()),
    }
}

#[test]
fn a_field_is_chosen_with_its_value_beside_it_and_edited_alone() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("e");
    show(&mut harness, of(1, 4_200_000));
    let text = harness.text();
    assert!(
        text.contains("Edit of Deal 1") && text.contains("42,000"),
        "{text}"
    );
    for (keys, typed, edit) in [
        (
            "amount<enter>",
            "<c-u>45k<enter>",
            changed(&deal::AMOUNT, 4_200_000, 4_500_000),
        ),
        (
            "title<enter>",
            " X<enter>",
            changed(&deal::TITLE, "Deal 1", "Deal 1 X"),
        ),
        (
            "close<enter>",
            "+3d<enter>",
            changed(&deal::EXPECTED_CLOSE, Value::Null, "2026-11-27"),
        ),
        (
            "owner<enter>",
            "ben<enter>",
            changed(&deal::OWNER, Value::Null, 901),
        ),
        (
            "note<enter>",
            "a<enter>b<c-s>",
            changed(&deal::NOTE, Value::Null, "a\nb"),
        ),
    ] {
        let mut harness = editing(keys);
        harness.press(typed);
        let (_, commands, origin) = harness.write();
        assert_eq!(
            (edits(&commands), origin),
            (vec![(1, &edit)], Origin::Human),
            "{keys}"
        );
        assert!(harness.app.layers.is_empty());
    }
}

#[test]
fn esc_keeps_what_was_typed_and_the_same_field_is_chosen_again_by_enter() {
    let mut harness = editing("amount<enter>");
    harness.press("<c-u>77k<esc>");
    assert!(harness.writes().is_empty() && harness.app.layers.is_empty());
    choose(&mut harness, "<enter>");
    assert!(harness.text().contains("77k"), "{}", harness.text());
    assert_eq!(harness.status(), "As you left it");
    harness.press("<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(
        edits(&commands),
        [(1, &changed(&deal::AMOUNT, 4_200_000, 7_700_000))]
    );
}

#[test]
fn keys_in_quick_succession_reach_the_menu_and_the_field() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("etitle<enter>Z<enter>");
    assert!(harness.writes().is_empty());
    show(&mut harness, of(1, 1));
    show(&mut harness, of(1, 1));
    let (_, commands, _) = harness.write();
    assert_eq!(
        edits(&commands),
        [(1, &changed(&deal::TITLE, "Deal 1", "Deal 1Z"))]
    );
}

#[test]
fn what_is_wrong_is_said_and_all_of_it_can_be_opened() {
    let mut harness = editing("amount<enter>");
    harness.press("<c-u>much<enter>");
    assert!(harness.writes().is_empty());
    assert!(
        harness.text().contains("is not an amount"),
        "{}",
        harness.text()
    );
    let harness = editing("all of it<enter>");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Opening(_))));
}

#[test]
fn a_field_that_somebody_else_changed_meets_the_same_conflict() {
    let mut harness = editing("amount<enter>");
    harness.press("<c-u>45k<enter>");
    let (ticket, ..) = harness.write();
    let clash = Clash {
        field: "amount".to_owned(),
        base: 4_200_000.into(),
        theirs: 4_300_000.into(),
        mine: 4_500_000.into(),
        ..clash()
    };
    harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash]))));
    assert!(harness.text().contains("you 45,000"), "{}", harness.text());
    harness.press("W");
    let (_, commands, _) = harness.write();
    assert_eq!(
        edits(&commands),
        [(1, &changed(&deal::AMOUNT, 4_300_000, 4_500_000))]
    );
}

/// The amount of the marked deals 1 and 2, read as 42k and 10k.
fn marked() -> Harness {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("<space><space>e");
    show(&mut harness, of(1, 4_200_000));
    harness.press("amount<enter>");
    show(&mut harness, of(1, 4_200_000));
    rows(&mut harness, vec![of(1, 4_200_000), of(2, 1_000_000)]);
    harness
}

#[test]
fn the_same_field_of_all_that_is_marked_is_one_step_each_with_its_own_base() {
    let mut harness = marked();
    assert!(
        harness.text().contains("Amount · 2 deals"),
        "{}",
        harness.text()
    );
    harness.press("45k<enter>");
    let (ticket, commands, origin) = harness.write();
    assert_eq!(origin, Origin::Bulk);
    assert_eq!(
        edits(&commands),
        [
            (1, &changed(&deal::AMOUNT, 4_200_000, 4_500_000)),
            (2, &changed(&deal::AMOUNT, 1_000_000, 4_500_000))
        ]
    );
    assert_eq!(harness.app.board.marks.len(), 0);
    // What clashed is listed with the reason.
    let mut receipt = receipt("Edit amount of 2 deals");
    receipt.kept.push(Kept {
        entity: Entity::Deal,
        record: RecordId::from_raw(2),
        name: "Deal 2".to_owned(),
        why: "Ben changed its amount since".to_owned(),
    });
    harness.hear(Event::Written(ticket, Ok(Outcome::Saved(receipt))));
    let said = harness.app.notices.all().iter();
    assert!(
        said.clone().any(|notice| notice
            .text
            .contains("Deal 2 (Ben changed its amount since)")),
        "{}",
        harness.status()
    );
    // It stays marked, so that it can be tried again; so does all of what was not saved at all.
    let marks = |harness: &Harness| -> Vec<i64> {
        let marks = harness.app.board.marks.iter();
        marks.map(|deal| deal.record().raw()).collect()
    };
    assert_eq!(marks(&harness), [2]);
    let mut harness = marked();
    harness.press("45k<enter>");
    let (ticket, ..) = harness.write();
    harness.fail(ticket);
    assert_eq!(marks(&harness), [1, 2]);
}

#[test]
fn enter_over_nothing_typed_empties_nothing_and_what_is_so_already_is_left_alone() {
    let mut harness = marked();
    harness.press("<enter>");
    assert!(harness.writes().is_empty());
    assert_eq!(harness.status(), "Nothing was changed");
    let mut harness = marked();
    harness.press("42k<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(
        edits(&commands),
        [(2, &changed(&deal::AMOUNT, 1_000_000, 4_200_000))]
    );
}

// Custom fields.

fn custom_fields() -> Listing {
    let field = |raw, name: &str, kind: &str, choices: Value| {
        let fields = [
            ("entity", "deal".into(), None),
            ("name", name.into(), None),
            ("kind", kind.into(), None),
            ("choices", choices, None),
        ];
        record(Entity::Field, raw, &fields)
    };
    Listing {
        records: vec![
            field(REGION, "Region", "text", Value::Null),
            field(BUDGET, "Budget", "money", Value::Null),
            field(LEVEL, "Level", "choice", "[\"gold\",\"silver\"]".into()),
        ],
        total: 3,
        unknown: 0,
    }
}

fn custom(raw: i64) -> Field {
    Field::Custom(Entity::Deal, RecordId::from_raw(raw))
}

/// The whole form of deal 1, which has a region.
fn whole(columns: u16, lines: u16) -> Harness {
    let mut harness = Harness::sized(board("1 2 | 3"), columns, lines);
    harness.hear(Event::Read(
        views::FIELDS,
        Ok(Answer::List(custom_fields())),
    ));
    harness.press("E");
    let mut deal = of(1, 4_200_000);
    deal.custom.push(CustomValue {
        field: RecordId::from_raw(REGION),
        name: "Region".to_owned(),
        kind: crate::domain::custom::CustomKind::Text,
        value: "Alps".into(),
    });
    show(&mut harness, deal);
    for view in [views::COMPANIES, views::CONTACTS] {
        harness.hear(Event::Read(view, Ok(Answer::Choices(Vec::new()))));
    }
    stages(&mut harness);
    harness
}

#[test]
fn custom_fields_are_in_the_form_typed_by_their_kind() {
    let up = "<s-tab>";
    for (keys, edit) in [
        (
            format!("{up}gold<enter>"),
            changed(custom(LEVEL), Value::Null, "gold"),
        ),
        (
            format!("{up}{up}42k"),
            changed(custom(BUDGET), Value::Null, 4_200_000),
        ),
        (
            format!("{up}{up}{up}<c-u>Jura"),
            changed(custom(REGION), "Alps", "Jura"),
        ),
        (
            format!("{up}{up}{up}<c-u>"),
            changed(custom(REGION), "Alps", Value::Null),
        ),
    ] {
        let mut harness = whole(100, 40);
        harness.press(&keys).press("<c-s>");
        let (_, commands, _) = harness.write();
        assert_eq!(edits(&commands), [(1, &edit)], "{keys}");
    }
    let mut harness = whole(100, 40);
    harness.press("<s-tab>bronze<enter><c-s>");
    assert!(harness.writes().is_empty(), "no word of the list");
}

#[test]
fn it_looks_like_this() {
    for (columns, lines) in SIZES {
        let shot = |harness: &mut Harness| picture(harness.screen());
        let mut harness = Harness::sized(board("1 2 | 3"), columns, lines);
        harness.press("e");
        show(&mut harness, of(1, 4_200_000));
        insta::assert_snapshot!(format!("field-menu-{columns}x{lines}"), shot(&mut harness));
        harness.press("close<enter>");
        show(&mut harness, of(1, 4_200_000));
        harness.press("fri");
        insta::assert_snapshot!(format!("field-close-{columns}x{lines}"), shot(&mut harness));
        let mut harness = Harness::sized(board("1 2 | 3"), columns, lines);
        harness.press("<space><space>e");
        show(&mut harness, of(1, 4_200_000));
        harness.press("amount<enter>");
        show(&mut harness, of(1, 4_200_000));
        rows(&mut harness, vec![of(1, 4_200_000), of(2, 1_000_000)]);
        insta::assert_snapshot!(format!("field-many-{columns}x{lines}"), shot(&mut harness));
        let mut harness = whole(columns, lines);
        harness.press("<s-tab><space>");
        insta::assert_snapshot!(
            format!("field-custom-{columns}x{lines}"),
            shot(&mut harness)
        );
    }
}

#[test]
fn a_next_step_is_planned_with_all_that_is_marked_as_one_step() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("<space><space>t");
    assert!(
        harness.text().contains("Plan the next step · 2 deals"),
        "{}",
        harness.text()
    );
    harness.press("Ask for news<tab>fri<c-s>");
    let (ticket, commands, origin) = harness.write();
    assert_eq!(origin, Origin::Bulk);
    let planned: Vec<(u32, Vec<i64>)> = commands
        .iter()
        .map(|command| match command {
            Command::Create(create) => {
                let deals = create.fields.iter().filter_map(|(field, input)| {
                    let is_deal = *field == Field::from(&activity::DEAL);
                    match input {
                        Input::Value(Value::Int(id)) if is_deal => Some(*id),
                        _ => None,
                    }
                });
                (create.slot.0, deals.collect())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(planned, [(0, vec![1]), (1, vec![2])]);
    assert_eq!(harness.app.board.marks.len(), 0);
    // Where it was not saved the form comes back, and is about the same, whatever is marked by now.
    harness.press("<down><space>");
    harness.fail(ticket);
    harness.press("<c-s>");
    let (ticket, again, _) = harness.write();
    assert_eq!(again, commands);
    harness.save(ticket, "Plan the next step: 2 deals");
    assert_eq!(
        harness.status(),
        "Plan the next step: 2 deals · u undoes it"
    );
}
