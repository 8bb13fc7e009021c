//! Forms with keys and no terminal, then on screens of two sizes.

mod conflict;
mod dialogs;
mod drafts;
mod follow;
mod pictures;
mod record;

use crossterm::event::KeyEvent;

use crate::domain::command::{Base, Command, FieldEdit, Input, Target};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, FieldDef, Set, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::domain::time::{Instant, Zone};
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::store::query::Choice;
use crate::tui::for_tests::keys;
use crate::tui::widgets::Answer;

use super::deal::{DealChoices, DealStart};
use super::form::RecordForm;
use super::sheet::SheetOwner;

const ZURICH: Zone = chrono_tz::Europe::Zurich;
const ALPINA: i64 = 11;
const ROTH: i64 = 12;
const NORA: i64 = 21;
const QUALIFY: i64 = 31;
const PROPOSAL: i64 = 32;
const WON: i64 = 33;
const ANA: i64 = 41;
const BEN: i64 = 42;
const LUCA: i64 = 43;
const DEAL: i64 = 51;

/// Tuesday, 24 November 2026, 10:05 in Zurich; the book is in dollars.
fn typing() -> Typing {
    Typing {
        now: Instant::parse("2026-11-24T09:05:00Z", ZURICH).unwrap(),
        zone: ZURICH,
        currency: "USD".parse().unwrap(),
    }
}

fn choice(id: i64, name: &str, detail: Option<&str>) -> Choice {
    Choice {
        id: RecordId::from_raw(id),
        name: name.to_owned(),
        detail: detail.map(str::to_owned),
        parent: None,
        kind: None,
        retired: false,
    }
}

fn stage(id: i64, name: &str, kind: StageKind) -> Choice {
    Choice {
        kind: Some(kind),
        ..choice(id, name, Some("New business"))
    }
}

fn choices() -> DealChoices {
    DealChoices {
        companies: vec![
            choice(ALPINA, "Alpina AG", None),
            choice(ROTH, "Roth Metall", None),
        ],
        contacts: vec![choice(NORA, "Nora Keller", None)],
        stages: vec![
            stage(QUALIFY, "Qualify", StageKind::Open),
            stage(PROPOSAL, "Proposal", StageKind::Open),
            stage(WON, "Won", StageKind::Won),
        ],
        reps: vec![
            choice(ANA, "Ana Meier", Some("AM")),
            choice(BEN, "Ben Kaya", Some("BK")),
            Choice {
                retired: true,
                ..choice(LUCA, "Luca Rossi", Some("LR"))
            },
        ],
    }
}

/// A deal as it stands in the book.
fn record() -> Record {
    let fields = Entity::Deal.fields();
    let mut record = Record {
        entity: Entity::Deal,
        id: RecordId::from_raw(DEAL),
        created_at: None,
        trashed_at: None,
        values: vec![Value::Null; fields.len()],
        names: vec![None; fields.len()],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: vec![(Set::Tag, vec!["vip".to_owned(), "german".to_owned()])],
        source: None,
        state: Some(StageKind::Open),
        seq: 7,
    };
    put(&mut record, &deal::TITLE, "Alpina rollout", None);
    put(&mut record, &deal::COMPANY, ALPINA, Some("Alpina AG"));
    put(&mut record, &deal::STAGE, PROPOSAL, Some("Proposal"));
    put(&mut record, &deal::OWNER, ANA, Some("Ana Meier"));
    put(&mut record, &deal::AMOUNT, 4_200_000, None);
    put(&mut record, &deal::CURRENCY, "USD", None);
    put(&mut record, &deal::EXPECTED_CLOSE, "2026-12-11", None);
    record
}

fn put(record: &mut Record, def: &FieldDef, value: impl Into<Value>, name: Option<&str>) {
    let at = Entity::Deal
        .fields()
        .iter()
        .position(|own| *own == def)
        .unwrap();
    record.values[at] = value.into();
    record.names[at] = name.map(str::to_owned);
}

fn adding() -> RecordForm {
    let start = DealStart {
        stage: Some(RecordId::from_raw(PROPOSAL)),
        owner: Some(RecordId::from_raw(ANA)),
        ..DealStart::default()
    };
    super::deal::add(&choices(), start, typing())
}

fn editing() -> RecordForm {
    super::deal::edit(&record(), &choices(), typing())
}

/// What a form answers to the last of these keys.
fn press(form: &mut RecordForm, script: &str) -> Answer<Vec<Command>> {
    let mut answer = Answer::Stay;
    for key in keys(script) {
        answer = form.key(key);
    }
    answer
}

/// The commands that a form gives at the end of these keys.
fn saved(form: &mut RecordForm, script: &str) -> Vec<Command> {
    match press(form, script) {
        Answer::Submit(commands) => commands,
        other => panic!("{script}: {other:?}"),
    }
}

/// The field edits of the only command.
fn edits(commands: &[Command]) -> &[FieldEdit] {
    match commands {
        [] => &[],
        [
            Command::Edit {
                entity: Entity::Deal,
                target: Target::Known(id),
                edits,
            },
        ] if id.raw() == DEAL => edits,
        other => panic!("{other:?}"),
    }
}

fn edit(def: &'static FieldDef, was: impl Into<Value>, new: impl Into<Value>) -> FieldEdit {
    FieldEdit {
        field: def.into(),
        base: Base::Seen(was.into()),
        new: Input::Value(new.into()),
    }
}

fn any_key(form: &mut RecordForm, pressed: &[KeyEvent]) {
    for key in pressed {
        let _ = form.key(*key);
        form.paste("x\n龍");
        form.click(20, 6);
        form.settle();
        let _ = form.take_outside();
    }
}
