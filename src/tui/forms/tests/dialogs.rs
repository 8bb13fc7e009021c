//! The dialogs around the forms: why it was lost, are you sure, who are you, the first questions.

use super::*;
use crate::domain::command::{Reason, Slot};
use crate::domain::id::Id;
use crate::domain::nouns::rep;
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::first_start::{Answers, FirstStart};
use crate::tui::forms::lose::{LoseForm, Lost};
use crate::tui::widgets::choices::Chosen;

pub(super) fn losing() -> LoseForm {
    let reasons = [
        choice(61, "Price", None),
        choice(62, "No decision", None),
        choice(63, "Competitor", None),
    ];
    LoseForm::new("Alpina rollout", &reasons)
}

fn lost(reason: Option<Reason>, note: Option<&str>) -> Answer<Lost> {
    let note = note.map(str::to_owned);
    Answer::Submit(Lost { reason, note })
}

#[test]
fn a_reason_is_given_in_the_same_gesture() {
    let known = |raw| Some(Reason::Known(Id::from_raw(raw)));
    let named = |name: &str| Some(Reason::Named(name.to_owned()));
    for (script, answer) in [
        ("p<enter>", lost(known(61), None)),
        ("<down><down><enter>", lost(known(62), None)),
        ("<up><enter>", lost(None, None)),
        ("not g<enter>", lost(None, None)),
        (
            "comp<tab>half of our price<enter>",
            lost(known(63), Some("half of our price")),
        ),
        ("Too slow<enter>", lost(named("Too slow"), None)),
        ("PRICE<c-s>", lost(known(61), None)),
        (
            "<tab>too dear<up>pr<enter>",
            lost(known(61), Some("too dear")),
        ),
        // A guess would spoil the report.
        ("<enter>", Answer::Stay),
        ("p<bs><enter>", Answer::Stay),
        ("<tab>late<enter>", Answer::Stay),
        ("p<esc>", Answer::Cancel),
    ] {
        let mut form = losing();
        let mut last = Answer::Stay;
        for key in keys(script) {
            last = form.key(key);
        }
        assert_eq!(last, answer, "{script}");
    }
}

#[test]
fn a_loss_is_one_command() {
    let lost = Lost {
        reason: None,
        note: Some("x".to_owned()),
    };
    let command = lost.command(Id::from_raw(DEAL), Some(Id::from_raw(PROPOSAL)));
    let Command::LoseDeal {
        deal,
        base,
        reason,
        note,
        closed_at,
    } = command
    else {
        panic!("{command:?}");
    };
    assert_eq!(
        (deal.raw(), base.map(Id::raw), reason, closed_at),
        (DEAL, Some(PROPOSAL), None, None)
    );
    assert_eq!(note.as_deref(), Some("x"));
}

pub(super) fn question() -> Confirm {
    Confirm::new(
        "Erase Nora Keller",
        "Everything that is known of her goes, from the log too. This is the one act that cannot be undone.",
        "Erase 1 contact",
    )
}

#[test]
fn cancel_has_the_keys_until_the_verb_is_chosen() {
    for (script, answer) in [
        ("<enter>", Answer::Cancel),
        ("<right><enter>", Answer::Submit(())),
        ("<tab><left><enter>", Answer::Cancel),
        ("y", Answer::Submit(())),
        ("n", Answer::Cancel),
        ("<tab><esc>", Answer::Cancel),
        ("x", Answer::Stay),
    ] {
        let mut question = question();
        let mut last = Answer::Stay;
        for key in keys(script) {
            last = question.key(key);
        }
        assert_eq!(last, answer, "{script}");
    }
}

#[test]
fn who_you_are_is_picked_or_typed() {
    let reps = choices().reps;
    let answer = |script: &str| {
        let mut menu = crate::tui::forms::rep::menu(&reps);
        keys(script)
            .into_iter()
            .map(|key| menu.key(key))
            .last()
            .unwrap()
    };
    assert_eq!(
        answer("ben<enter>"),
        Answer::Submit(Chosen::Known(Id::from_raw(BEN)))
    );
    assert_eq!(
        answer("Zoë<enter>"),
        Answer::Submit(Chosen::New("Zoë".to_owned()))
    );
    assert_eq!(answer("12k<enter>"), Answer::Stay, "an amount is nobody");
    let Command::Create(zoe) = crate::tui::forms::rep::create("Zoë Martin", Slot(3), typing().now)
    else {
        panic!("a rep is made by a creation");
    };
    assert!(zoe.fields.contains(&((&rep::INITIALS).into(), "ZM".into())));
}

pub(super) fn first() -> FirstStart {
    FirstStart::new(
        "/home/ana/.local/share/clinch/team.db",
        None,
        Some(ZURICH),
        "",
    )
}

#[test]
fn the_first_start_asks_three_questions() {
    let mut form = first();
    let mut last = Answer::Stay;
    for key in keys("<enter>usd<enter>new york<enter>Ana Meier<enter>") {
        last = form.key(key);
    }
    let Answer::Submit(Answers {
        path,
        name,
        base,
        zone,
        rep,
    }) = last
    else {
        panic!("{last:?}");
    };
    assert_eq!(path, "/home/ana/.local/share/clinch/team.db");
    assert_eq!(
        (name.as_str(), base.code(), rep.as_deref()),
        ("team", "USD", Some("Ana Meier"))
    );
    assert_eq!(zone, chrono_tz::America::New_York);
}

#[test]
fn the_first_start_says_what_is_missing() {
    let mut form = first();
    let answer = keys("<c-u>~/books/<c-s>")
        .into_iter()
        .map(|key| form.key(key))
        .last();
    assert_eq!(answer, Some(Answer::Stay));
    let faults: Vec<bool> = form
        .sheet
        .rows
        .iter()
        .map(|row| row.fault.is_some())
        .collect();
    assert_eq!(faults, [true, true, false, false]);
    form.refuse("There is a file already at that place.");
    assert_eq!(
        form.sheet.rows[0].fault.as_deref(),
        Some("There is a file already at that place.")
    );
}
