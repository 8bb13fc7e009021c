//! The dialog of mine, theirs and original.

use proptest::prelude::*;

use super::*;
use crate::domain::outcome::Clash;
use crate::domain::resolve::TRASHED;
use crate::tui::for_tests::{any_keys, draw, text};
use crate::tui::forms::conflict::{ConflictForm, Decision, Telling};
use crate::tui::theme::Theme;

fn clash(
    field: &str,
    base: impl Into<Value>,
    theirs: impl Into<Value>,
    mine: impl Into<Value>,
) -> Clash {
    Clash {
        entity: Entity::Deal,
        record: RecordId::from_raw(DEAL),
        name: "Alpina AG".to_owned(),
        field: field.to_owned(),
        base: base.into(),
        theirs: theirs.into(),
        mine: mine.into(),
        names: [None, None, None],
        by: Some("Ben".to_owned()),
        at: Some(Instant::from_millis(typing().now.millis() - 125_000)),
    }
}

fn asked(edits: Vec<FieldEdit>) -> Vec<Command> {
    vec![Command::Edit {
        entity: Entity::Deal,
        target: RecordId::from_raw(DEAL).into(),
        edits,
    }]
}

fn dialog(commands: Vec<Command>, clashes: Vec<Clash>) -> ConflictForm {
    let names = |_: Entity, id: RecordId| {
        let choices = choices();
        let all = [choices.reps, choices.companies, choices.stages].concat();
        all.into_iter()
            .find(|choice| choice.id == id)
            .map(|choice| choice.name)
    };
    let telling = Telling {
        now: typing().now,
        zone: ZURICH,
        currency: typing().currency,
        names: &names,
    };
    ConflictForm::new(commands, clashes, &telling)
}

/// Amount and owner, which clash, and a title, which does not.
pub(super) fn two_fields() -> ConflictForm {
    dialog(
        asked(vec![
            edit(&deal::AMOUNT, 4_000_000, 4_500_000),
            edit(&deal::OWNER, ANA, Value::Null),
            edit(&deal::TITLE, "a", "b"),
        ]),
        vec![
            clash("amount", 4_000_000, 4_200_050, 4_500_000),
            clash("owner", ANA, BEN, Value::Null),
        ],
    )
    .taken("Ben", &["Stage".to_owned(), "Expected close".to_owned()])
}

/// Values that do not fit beside each other.
pub(super) fn long_values() -> ConflictForm {
    let long = "Two sites in January would suit them. They also want to see the service contract before they sign anything, \
        and to hear of a customer of their size who has moved in less than a quarter. Nora will ask their board.";
    dialog(
        asked(vec![edit(&deal::NOTE, "Zug", long)]),
        vec![
            clash("note", "Zug", "Zug\nBasel", long),
            clash("owner", ANA, BEN, Value::Null),
        ],
    )
}

fn decided(mut dialog: ConflictForm, script: &str) -> Answer<Decision> {
    let pressed = keys(script).into_iter();
    pressed.map(|key| dialog.key(key)).last().unwrap()
}

#[test]
fn each_field_is_picked_and_saved_over_what_the_book_holds() {
    let title = edit(&deal::TITLE, "a", "b");
    for (script, edits) in [
        (
            "W",
            vec![
                edit(&deal::AMOUNT, 4_200_050, 4_500_000),
                edit(&deal::OWNER, BEN, Value::Null),
                title.clone(),
            ],
        ),
        (
            "<space>W",
            vec![edit(&deal::OWNER, BEN, Value::Null), title.clone()],
        ),
        ("<space><down><space>W", vec![title.clone()]),
        (
            "<left><left>W",
            vec![
                edit(&deal::AMOUNT, 4_200_050, 4_000_000),
                edit(&deal::OWNER, BEN, Value::Null),
                title.clone(),
            ],
        ),
        (
            "<space><space><space><down><left><left><right>W",
            vec![edit(&deal::AMOUNT, 4_200_050, 4_500_000), title.clone()],
        ),
    ] {
        let answer = decided(two_fields(), script);
        assert_eq!(
            answer,
            Answer::Submit(Decision::Save(asked(edits))),
            "{script}"
        );
    }
}

#[test]
fn mine_can_be_dropped_or_kept_as_a_draft() {
    assert_eq!(decided(two_fields(), "X"), Answer::Submit(Decision::Drop));
    assert_eq!(decided(two_fields(), "<space><esc>"), Answer::Cancel);
    assert_eq!(
        decided(two_fields(), "w"),
        Answer::Stay,
        "a slip saves nothing"
    );
}

#[test]
fn a_deal_that_was_trashed_is_restored_with_my_edits_or_left_there() {
    let mine = asked(vec![edit(&deal::TITLE, "a", "b")]);
    let trashed = || {
        dialog(
            mine.clone(),
            vec![clash(TRASHED, Value::Null, typing().now, Value::Null)],
        )
    };
    let screen = draw(80, 12, |frame| {
        trashed().draw(frame, frame.area(), &Theme::default());
    });
    let screen = text(&screen);
    assert!(
        screen.contains("Alpina AG was put into the trash while you edited (Ben, 2 min ago)"),
        "{screen}"
    );
    assert!(
        screen.contains("● you restore it with my edits"),
        "{screen}"
    );
    let Answer::Submit(Decision::Save(commands)) = decided(trashed(), "W") else {
        panic!("W saves");
    };
    assert!(matches!(commands[0], Command::Restore { .. }));
    assert_eq!(commands[1..], mine);
    let left = decided(trashed(), "<space>W");
    assert_eq!(left, Answer::Submit(Decision::Save(Vec::new())));
}

#[test]
fn amounts_of_two_currencies_say_so() {
    let form = dialog(
        asked(vec![]),
        vec![
            clash("amount", 100, 100, 200),
            clash("currency", "USD", "EUR", "USD"),
        ],
    );
    let mut form = form;
    let screen = text(&draw(80, 12, |frame| {
        form.draw(frame, frame.area(), &Theme::default());
    }));
    assert!(screen.contains("was USD 1 "), "{screen}");
    assert!(screen.contains("Ben EUR 1 "), "{screen}");
}

#[test]
fn a_click_picks_a_value() {
    let mut form = two_fields();
    let screen = draw(80, 12, |frame| {
        form.draw(frame, frame.area(), &Theme::default());
    });
    let rows = text(&screen);
    let y = rows
        .lines()
        .position(|line| line.contains("Owner"))
        .unwrap();
    let x = rows
        .lines()
        .nth(y)
        .unwrap()
        .chars()
        .position(|c| c == 'B')
        .unwrap();
    form.click(u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
    let Answer::Submit(Decision::Save(commands)) = decided(form, "W") else {
        panic!("W saves");
    };
    assert_eq!(edits(&commands).len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_keys_on_any_size(pressed in any_keys(), w in 0_u16..90, h in 0_u16..20, long: bool) {
        let mut form = if long { long_values() } else { two_fields() };
        for key in pressed {
            let _ = form.key(key);
            form.click(30, 6);
            draw(w, h, |frame| form.draw(frame, frame.area(), &Theme::default()));
        }
    }
}
