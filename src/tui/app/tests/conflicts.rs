//! A form that meets somebody else's change, from the key to the book and back.

use super::*;
use crate::domain::command::{Base, FieldEdit, Input};
use crate::domain::id::RecordId;
use crate::domain::nouns::{FieldDef, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::tui::layers::Layer;

const DEAL: i64 = 1;

fn record(amount: i64) -> Record {
    let fields = Entity::Deal.fields();
    let value = |def: &&FieldDef| match def.name {
        "title" => "Rollout".into(),
        "stage" => 101.into(),
        "amount" => amount.into(),
        "currency" => "CHF".into(),
        _ => Value::Null,
    };
    Record {
        entity: Entity::Deal,
        id: RecordId::from_raw(DEAL),
        created_at: None,
        trashed_at: None,
        values: fields.iter().map(value).collect(),
        names: vec![None; fields.len()],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: Some(StageKind::Open),
        seq: 3,
    }
}

fn answer(harness: &mut Harness, amount: i64) {
    let record = Some(Box::new(record(amount)));
    harness.hear(Event::Read(views::FORM, Ok(Answer::Show(record))));
}

/// The form of the deal with 45k typed over the amount, saved, and Ben was faster with 43k.
pub(super) fn clashed() -> Harness {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("E");
    answer(&mut harness, 4_200_000);
    for view in [views::COMPANIES, views::CONTACTS] {
        harness.hear(Event::Read(view, Ok(Answer::Choices(Vec::new()))));
    }
    let mut stage = choice(101, "Qualify");
    stage.kind = Some(StageKind::Open);
    harness.hear(Event::Read(views::STAGES, Ok(Answer::Choices(vec![stage]))));
    harness.press("<tab><tab><tab><tab><tab><c-u>45k<c-s>");
    let (ticket, commands, _) = harness.write();
    assert_eq!(bases(&commands), [4_200_000]);
    let clash = Clash {
        entity: Entity::Deal,
        record: RecordId::from_raw(DEAL),
        name: "Rollout".to_owned(),
        field: "amount".to_owned(),
        base: 4_200_000.into(),
        theirs: 4_300_000.into(),
        mine: 4_500_000.into(),
        names: [None, None, None],
        by: Some("Ben Kaya".to_owned()),
        at: Some(now()),
    };
    harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash]))));
    harness
}

/// The base values of the edits of the amount.
fn bases(commands: &[Command]) -> Vec<i64> {
    let edits = commands.iter().filter_map(|command| match command {
        Command::Edit { edits, .. } => Some(edits),
        _ => None,
    });
    let amount = |edit: &FieldEdit| match &edit.base {
        Base::Seen(Value::Int(base)) if edit.field == (&deal::AMOUNT).into() => {
            assert_eq!(edit.new, Input::Value(4_500_000.into()));
            Some(*base)
        }
        _ => None,
    };
    edits.flatten().filter_map(amount).collect()
}

#[test]
fn mine_is_saved_over_what_the_book_holds_now() {
    let mut harness = clashed();
    let screen = harness.text();
    assert!(
        screen.contains("Rollout changed while you edited (Ben Kaya, just now)"),
        "{screen}"
    );
    assert!(
        screen.contains("was 42,000 │   Ben 43,000 │ ● you 45,000"),
        "{screen}"
    );
    harness.press("W");
    let (_, commands, _) = harness.write();
    assert_eq!(bases(&commands), [4_300_000]);
    assert!(harness.app.layers.is_empty());
}

#[test]
fn esc_goes_back_to_the_form_with_what_was_typed_and_what_changed() {
    let mut harness = clashed();
    harness.press("<esc>");
    answer(&mut harness, 4_300_000);
    assert!(matches!(harness.app.layers.last(), Some(Layer::Form(..))));
    let screen = harness.text();
    assert!(screen.contains("45k"), "{screen}");
    assert!(screen.contains("to CHF 43,000.00"), "{screen}");
    assert!(harness.writes().is_empty());
}

#[test]
fn theirs_everywhere_and_drop_leave_the_book_alone_and_no_draft() {
    for script in ["X", "<space>W"] {
        let mut harness = clashed();
        harness.press(script);
        assert!(harness.writes().is_empty() && harness.app.layers.is_empty());
        assert!(harness.app.drafts.nothing_left(), "{script}");
    }
}

#[test]
fn a_second_conflict_is_met_in_the_same_way() {
    let mut harness = clashed();
    harness.press("W");
    let (ticket, ..) = harness.write();
    harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash()]))));
    harness.press("<esc>");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Form(..))));
}

#[test]
fn what_is_typed_elsewhere_does_not_run_into_the_dialog() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">/");
    let writes = harness.writes();
    harness.hear(Event::Written(
        writes[0].0,
        Ok(Outcome::Conflict(vec![clash()])),
    ));
    harness.press("W");
    assert!(harness.writes().is_empty(), "W was a letter of the filter");
    harness.press("<esc>");
    assert!(matches!(
        harness.app.layers.last(),
        Some(Layer::Conflict(_))
    ));
}
