//! What comes of keys: the fields that were touched, and nothing else.

use super::*;
use crate::domain::command::{Create, Slot};
use crate::domain::nouns::{Field, activity, company, contact, pipeline, stage};
use crate::tui::forms::log::{About, Logged};

/// The creations of a draft, in order.
fn creates(commands: &[Command]) -> Vec<&Create> {
    commands
        .iter()
        .map(|command| match command {
            Command::Create(create) => create,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn input(create: &Create, def: &'static FieldDef) -> Option<Input> {
    let (_, input) = create
        .fields
        .iter()
        .find(|(field, _)| *field == Field::Own(def))?;
    Some(input.clone())
}

fn text(create: &Create, def: &'static FieldDef) -> String {
    match input(create, def) {
        Some(Input::Value(Value::Text(text))) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn only_touched_fields_are_asked_for_with_what_was_seen() {
    for (script, asked) in [
        ("<c-s>", vec![]),
        (
            "<c-u>Alpina<c-s>",
            vec![edit(&deal::TITLE, "Alpina rollout", "Alpina")],
        ),
        // Typed back, or typed otherwise and meaning the same, is not touched.
        ("!<bs><c-s>", vec![]),
        ("<tab><tab><tab><tab><tab><c-u>42k<c-s>", vec![]),
        (
            "<tab><tab><tab><tab><tab><c-u>45k<c-s>",
            vec![
                edit(&deal::AMOUNT, 4_200_000, 4_500_000),
                edit(&deal::CURRENCY, "USD", "USD"),
            ],
        ),
        (
            "<tab><tab><tab><tab><tab><c-u>42k eur<c-s>",
            vec![
                edit(&deal::AMOUNT, 4_200_000, 4_200_000),
                edit(&deal::CURRENCY, "USD", "EUR"),
            ],
        ),
        (
            "<tab><tab><tab><tab><tab><tab><c-u>fri<c-s>",
            vec![edit(&deal::EXPECTED_CLOSE, "2026-12-11", "2026-11-27")],
        ),
        (
            "<tab>roth<enter><c-s>",
            vec![edit(&deal::COMPANY, ALPINA, ROTH)],
        ),
        (
            "<tab><bs><c-s>",
            vec![edit(&deal::COMPANY, ALPINA, Value::Null)],
        ),
        (
            "<tab><tab><tab>qual<tab><c-s>",
            vec![edit(&deal::STAGE, PROPOSAL, QUALIFY)],
        ),
        (
            "<down><down><down><down>ben<c-s>",
            vec![edit(&deal::OWNER, ANA, BEN)],
        ),
        (
            "<s-tab>Zug<enter>Basel<c-s>",
            vec![edit(&deal::NOTE, Value::Null, "Zug\nBasel")],
        ),
    ] {
        let commands = saved(&mut editing(), script);
        assert_eq!(edits(&commands), asked, "{script}");
    }
}

#[test]
fn tags_change_one_by_one() {
    let to_tags = "<s-tab><s-tab>";
    let commands = saved(
        &mut editing(),
        &format!("{to_tags}<c-u>GERMAN, zug,, zug<c-s>"),
    );
    let (entity, target) = (Entity::Deal, Target::Known(RecordId::from_raw(DEAL)));
    assert_eq!(
        commands,
        [
            Command::Add {
                entity,
                target,
                set: Set::Tag,
                element: "zug".to_owned()
            },
            Command::Remove {
                entity,
                target,
                set: Set::Tag,
                element: "vip".to_owned()
            },
        ]
    );
}

#[test]
fn a_new_deal_has_what_was_typed_and_what_it_started_with() {
    let commands = saved(
        &mut adding(),
        "Rollout<enter>alp<enter><enter><enter><enter>42k<enter>+2w<c-s>",
    );
    let [create] = creates(&commands)[..] else {
        panic!("{commands:?}");
    };
    assert_eq!(create.slot, Slot(0));
    assert_eq!(create.created_at, Some(typing().now));
    assert_eq!(text(create, &deal::TITLE), "Rollout");
    assert_eq!(input(create, &deal::COMPANY), Some(ALPINA.into()));
    assert_eq!(input(create, &deal::STAGE), Some(PROPOSAL.into()));
    assert_eq!(input(create, &deal::OWNER), Some(ANA.into()));
    assert_eq!(input(create, &deal::AMOUNT), Some(4_200_000.into()));
    assert_eq!(text(create, &deal::CURRENCY), "USD");
    assert_eq!(text(create, &deal::EXPECTED_CLOSE), "2026-12-08");
    assert_eq!(input(create, &deal::CONTACT), None, "unknown is not named");
}

#[test]
fn a_company_and_a_contact_are_made_by_name_before_the_deal() {
    let commands = saved(
        &mut adding(),
        "Rollout<tab>Acme & Co<tab>Zoë Martin<tab><c-s>",
    );
    let [acme, zoe, new] = creates(&commands)[..] else {
        panic!("{commands:?}");
    };
    assert_eq!(
        (acme.entity, text(acme, &company::NAME)),
        (Entity::Company, "Acme & Co".to_owned())
    );
    assert_eq!(
        (zoe.entity, text(zoe, &contact::NAME)),
        (Entity::Contact, "Zoë Martin".to_owned())
    );
    assert_eq!(input(zoe, &contact::COMPANY), Some(acme.slot.into()));
    assert_eq!(input(new, &deal::COMPANY), Some(acme.slot.into()));
    assert_eq!(input(new, &deal::CONTACT), Some(zoe.slot.into()));
}

#[test]
fn a_new_name_says_that_it_is_new_and_what_it_is_near_to() {
    for (typed, doubt) in [
        ("Alpina GmbH", Some("There is Alpina AG. Is it that one?")),
        ("Rot Metall", Some("There is Roth Metall. Is it that one?")),
        ("Acme", None),
    ] {
        let mut form = adding();
        press(&mut form, &format!("<tab>{typed}<tab>"));
        let row = &form.sheet.rows[1];
        assert_eq!(row.preview.as_deref(), Some("new company"), "{typed}");
        assert_eq!(row.doubt.as_deref(), doubt, "{typed}");
    }
}

#[test]
fn a_new_contact_of_a_deal_that_is_there_works_for_its_company() {
    let commands = saved(&mut editing(), "<tab><tab>Zoë<c-s>");
    let Command::Create(zoe) = &commands[0] else {
        panic!("{commands:?}");
    };
    assert_eq!(input(zoe, &contact::COMPANY), Some(ALPINA.into()));
    let made = FieldEdit {
        new: Input::New(zoe.slot),
        ..edit(&deal::CONTACT, Value::Null, Value::Null)
    };
    assert_eq!(edits(&commands[1..]), [made]);
}

#[test]
fn the_first_deal_of_a_book_brings_the_standard_pipeline() {
    let empty = DealChoices::default();
    let mut form = crate::tui::forms::deal::add(&empty, DealStart::default(), typing());
    let commands = saved(&mut form, "Rollout<c-s>");
    let made = creates(&commands);
    assert_eq!(text(made[0], &pipeline::NAME), "Sales");
    assert_eq!(text(made[1], &stage::NAME), "Qualify");
    let new = made.last().unwrap();
    assert_eq!(input(new, &deal::STAGE), Some(made[1].slot.into()));
}

#[test]
fn faults_wait_until_a_field_is_left_and_go_when_mended() {
    let mut form = editing();
    let fault = |form: &RecordForm| form.sheet.rows[5].fault.clone();
    press(&mut form, "<tab><tab><tab><tab><tab><c-u>much");
    assert_eq!(fault(&form), None, "not on each key");
    assert!(form.is_unsettled());
    form.settle();
    assert!(!form.is_unsettled(), "it is said once");
    assert!(fault(&form).unwrap().contains("`much` is not an amount"));
    press(&mut form, "<c-u>4");
    assert_eq!(fault(&form), None);
    press(&mut form, "x<tab>");
    assert!(fault(&form).is_some());
}

#[test]
fn the_first_fault_has_the_keys_after_a_submit() {
    let mut form = adding();
    press(&mut form, "<tab><tab><tab><tab><tab>much");
    assert_eq!(press(&mut form, "<c-s>"), Answer::Stay);
    assert_eq!(form.sheet.focus(), 0);
    assert_eq!(
        form.sheet.rows[0].fault.as_deref(),
        Some("Title cannot be empty")
    );
    assert!(form.sheet.rows[5].fault.is_some());
}

#[test]
fn a_title_that_was_there_cannot_be_emptied() {
    assert_eq!(press(&mut editing(), "<c-u><c-s>"), Answer::Stay);
}

#[test]
fn a_name_that_is_not_in_a_closed_list_is_kept_and_refused() {
    let mut form = editing();
    assert_eq!(press(&mut form, "<tab><tab><tab>nego<tab>"), Answer::Stay);
    assert!(
        form.sheet.rows[3]
            .fault
            .as_ref()
            .unwrap()
            .contains("`nego`")
    );
    assert_eq!(form.sheet.content(3).text(), "nego");
    // A stage that closes a deal cannot be picked, and the list says why.
    press(&mut form, "<up><bs>won<enter>");
    assert!(
        form.sheet.rows[3]
            .fault
            .as_ref()
            .unwrap()
            .contains("their own keys")
    );
}

#[test]
fn reps_who_left_are_shown_where_they_are_used_and_not_offered() {
    let mut luca = record();
    put(&mut luca, &deal::OWNER, LUCA, Some("Luca Rossi"));
    let form = crate::tui::forms::deal::edit(&luca, &choices(), typing());
    assert_eq!(form.sheet.content(4).text(), "Luca Rossi");
    assert_eq!(
        press(&mut editing(), "<down><down><down><down>luca<tab><c-s>"),
        Answer::Stay
    );
}

#[test]
fn escape_closes_the_list_first_and_then_leaves() {
    let mut form = editing();
    assert_eq!(press(&mut form, "<tab>roth<esc>"), Answer::Stay);
    assert_eq!(press(&mut form, "<esc>"), Answer::Cancel);
}

#[test]
fn enter_goes_on_and_is_done_in_the_last_line() {
    let mut form = editing();
    press(&mut form, "<enter><enter><enter>");
    assert_eq!(form.sheet.focus(), 3);
    // The note is of several lines, where Enter makes one.
    press(
        &mut form,
        "<enter><enter><enter><enter><enter><enter>a<enter>",
    );
    assert_eq!(form.sheet.content(9).text(), "a\n");
}

#[test]
fn ctrl_o_hands_a_long_text_out_and_takes_it_back() {
    let mut form = editing();
    press(&mut form, "<c-o>");
    assert_eq!(form.take_outside(), None, "a line is not handed out");
    press(&mut form, "<s-tab>Zug<c-o>");
    assert_eq!(form.take_outside().as_deref(), Some("Zug"));
    assert_eq!(form.take_outside(), None);
    form.put_outside("Zug\nBasel\n");
    assert_eq!(
        edits(&saved(&mut form, "<c-s>")),
        [edit(&deal::NOTE, Value::Null, "Zug\nBasel")]
    );
}

#[test]
fn a_call_is_logged_with_its_text_and_enter() {
    let about = About {
        name: "Alpina rollout".to_owned(),
        deal: Some(RecordId::from_raw(DEAL)),
        company: Some(RecordId::from_raw(ALPINA)),
        performer: Some(crate::domain::id::Id::from_raw(ANA)),
        ..About::default()
    };
    let mut form = crate::tui::forms::log::form(Logged::Call, &about, typing());
    let later = Instant::from_millis(typing().now.millis() + 60_000);
    form.as_of(later);
    let commands = saved(&mut form, "reach<tab>asked for references<enter>");
    let [call] = creates(&commands)[..] else {
        panic!("{commands:?}");
    };
    assert_eq!(text(call, &activity::KIND), "call");
    assert_eq!(text(call, &activity::OUTCOME), "reached");
    assert_eq!(text(call, &activity::SUBJECT), "asked for references");
    assert_eq!(text(call, &activity::DIRECTION), "out");
    assert_eq!(input(call, &activity::DEAL), Some(DEAL.into()));
    assert_eq!(input(call, &activity::PERFORMER), Some(ANA.into()));
    assert_eq!(
        input(call, &activity::DONE_AT),
        Some(Value::from(later).into())
    );
    assert_eq!(input(call, &activity::CONTACT), None);
}

#[test]
fn the_rest_of_a_call_is_a_tab_away() {
    let mut form = crate::tui::forms::log::form(Logged::Call, &About::default(), typing());
    let commands = saved(
        &mut form,
        "will sign<tab>x<tab><tab><tab>long<tab>in<tab>7<tab>yesterday 16:00<enter>",
    );
    let [call] = creates(&commands)[..] else {
        panic!("{commands:?}");
    };
    assert_eq!(text(call, &activity::BODY), "long");
    assert_eq!(text(call, &activity::DIRECTION), "in");
    assert_eq!(input(call, &activity::MINUTES), Some(7.into()));
    assert_eq!(text(call, &activity::OUTCOME), "will sign");
    let at = Instant::parse("2026-11-23T15:00:00Z", ZURICH).unwrap();
    assert_eq!(
        input(call, &activity::DONE_AT),
        Some(Value::from(at).into())
    );
}

#[test]
fn a_note_without_a_word_is_not_logged() {
    let mut form = crate::tui::forms::log::form(Logged::Note, &About::default(), typing());
    assert_eq!(press(&mut form, "<enter>"), Answer::Stay);
    assert!(matches!(
        press(&mut form, "Budget approved<enter>"),
        Answer::Submit(_)
    ));
}

#[test]
fn an_amount_in_the_field_of_a_person_makes_nobody() {
    for field in ["<tab><tab>", "<tab><tab><tab><tab>"] {
        let mut form = editing();
        let script = format!("{field}12k<enter><c-s>");
        assert_eq!(press(&mut form, &script), Answer::Stay);
        let faults = form
            .sheet
            .rows
            .iter()
            .filter_map(|row| row.fault.as_deref());
        let faults: Vec<&str> = faults.collect();
        assert!(
            matches!(faults.as_slice(), [fault] if fault.contains("begins with a letter")),
            "{faults:?}"
        );
    }
    // A company may be called so.
    let made = saved(&mut editing(), "<tab>3M<enter><c-s>");
    assert!(matches!(made.first(), Some(Command::Create(_))), "{made:?}");
}
