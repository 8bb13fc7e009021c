//! Setting a quota: the form begins with who acts and the quarter under way, and changes the quota that is there.

use super::people::record;
use super::*;
use crate::domain::command::{Base, FieldEdit, Input};
use crate::domain::nouns::{Field, quota};
use crate::store::query::Listing;

/// The form is open, and the book has answered which quotas there are.
fn setting(known: Vec<crate::domain::records::Record>) -> Harness {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.know_me();
    harness.asked();
    harness.press("gq");
    let asked = harness.asked();
    assert!(asked.iter().any(|effect| matches!(
        effect,
        Effect::Read { view, query: Query::List(query) } if *view == views::QUOTAS && query.entity == Entity::Quota
    )));
    let listing = Listing {
        total: known.len() as u64,
        records: known,
        unknown: 0,
    };
    harness.hear(Event::Read(views::QUOTAS, Ok(Answer::List(listing))));
    harness
}

fn value_of(fields: &[(Field, Input)], def: &'static crate::domain::nouns::FieldDef) -> Input {
    let found = fields.iter().find(|(field, _)| *field == def.into());
    found.map(|(_, input)| input.clone()).unwrap()
}

#[test]
fn g_q_sets_a_quota_of_mine_for_this_quarter() {
    let mut harness = setting(Vec::new());
    let text = harness.text();
    assert!(text.contains("2026-Q4") && text.contains("Ana"), "{text}");
    harness.press("<tab><tab>300k<c-s>");
    let (_, commands, _) = harness.write();
    let [Command::Create(create)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(value_of(&create.fields, &quota::PERIOD), "2026-Q4".into());
    assert_eq!(value_of(&create.fields, &quota::AMOUNT), 30_000_000.into());
}

#[test]
fn one_that_is_there_is_changed_by_what_was_seen() {
    let mut harness = setting(Vec::new());
    let rep = harness.app.me().unwrap().record().raw();
    let known = record(
        Entity::Quota,
        501,
        &[
            ("rep", rep.into(), Some("Ana")),
            ("period", "2026-Q4".into(), None),
            ("amount", 20_000_000.into(), None),
            ("ramp", 50.into(), None),
        ],
    );
    harness.press("<esc>");
    let mut harness = setting(vec![known]);
    harness.press("<tab><tab>300k<c-s>");
    let (_, commands, _) = harness.write();
    let [Command::Edit { edits, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert!(edits.contains(&FieldEdit {
        field: (&quota::AMOUNT).into(),
        base: Base::Seen(20_000_000.into()),
        new: 30_000_000.into(),
    }));
    assert!(
        !edits.iter().any(|edit| edit.field == (&quota::RAMP).into()),
        "a ramp that nobody typed stays"
    );
}
