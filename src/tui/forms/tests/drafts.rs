//! What is kept of a form that was left.

use super::*;

#[test]
fn nothing_touched_leaves_no_draft() {
    assert_eq!(editing().draft(), None);
    assert_eq!(
        adding().draft(),
        None,
        "what a form starts with was typed by nobody"
    );
}

#[test]
fn a_draft_brings_back_what_was_typed_even_what_is_wrong() {
    let script = "Rollout<tab>Acme<tab><tab><tab><tab>much<tab>+2w<s-tab>";
    let mut left = adding();
    press(&mut left, script);
    let draft = left.draft().unwrap();
    assert_eq!(draft.fields.len(), 4);
    let mut form = adding();
    form.restore(&draft);
    for at in 0..10 {
        assert_eq!(form.sheet.content(at), left.sheet.content(at), "{at}");
    }
    assert_eq!(form.sheet.focus(), 5);
    assert_eq!(form.draft(), Some(draft));
    press(&mut form, "<c-u>5k");
    assert_eq!(saved(&mut form, "<c-s>"), {
        press(&mut left, "<c-u>5k");
        saved(&mut left, "<c-s>")
    });
}

#[test]
fn a_draft_over_an_unchanged_record_saves_as_if_it_had_not_been_left() {
    let mut left = editing();
    press(&mut left, "!<tab>roth<tab><s-tab><s-tab><s-tab><c-u>zug");
    let draft = left.draft().unwrap();
    let mut form = editing();
    form.restore(&draft);
    assert!(form.sheet.rows.iter().all(|row| row.note.is_none()));
    assert_eq!(saved(&mut form, "<c-s>"), saved(&mut left, "<c-s>"));
}

#[test]
fn a_change_while_the_draft_lay_there_is_told_and_compared() {
    let mut left = editing();
    press(&mut left, "<tab><tab><tab><tab><tab><c-u>45k");
    let draft = left.draft().unwrap();
    let mut now = record();
    put(&mut now, &deal::AMOUNT, 4_300_000, None);
    put(&mut now, &deal::TITLE, "Alpina, all sites", None);
    let mut form = super::super::deal::edit(&now, &choices(), typing());
    form.restore(&draft);
    assert_eq!(form.sheet.content(0).text(), "Alpina, all sites");
    assert!(
        form.sheet.rows[5]
            .note
            .as_ref()
            .unwrap()
            .contains("USD 43,000.00")
    );
    let commands = saved(&mut form, "<c-s>");
    assert_eq!(
        edits(&commands)[0],
        edit(&deal::AMOUNT, 4_200_000, 4_500_000)
    );
    // Somebody saved the same meanwhile: nothing is left to do.
    put(&mut now, &deal::AMOUNT, 4_500_000, None);
    let mut same = super::super::deal::edit(&now, &choices(), typing());
    same.restore(&draft);
    assert_eq!(same.draft(), None);
}
