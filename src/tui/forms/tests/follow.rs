//! A record that somebody changes while it is open in a form.

use super::*;

fn amount(minor: i64) -> Record {
    let mut record = record();
    put(&mut record, &deal::AMOUNT, minor, None);
    record
}

const TO_AMOUNT: &str = "<tab><tab><tab><tab><tab>";
const AMOUNT: usize = 5;

#[test]
fn untouched_fields_follow_and_are_compared_with_what_is_seen_now() {
    let mut form = editing();
    let mut theirs = amount(4_500_000);
    put(&mut theirs, &deal::STAGE, QUALIFY, Some("Qualify"));
    put(&mut theirs, &deal::EXPECTED_CLOSE, Value::Null, None);
    form.follow(&theirs, Some("Ben"));
    assert_eq!(form.sheet.content(AMOUNT).text(), "45,000.00");
    assert_eq!(form.sheet.content(3).text(), "Qualify");
    assert_eq!(form.sheet.content(6).text(), "");
    assert!(
        form.sheet
            .rows
            .iter()
            .all(|row| row.note.is_none() && !row.unsaved)
    );
    let taken = ["Stage", "Amount", "Expected close"].map(str::to_owned);
    assert_eq!(form.taken(), ("Ben", &taken[..]));
    let commands = saved(&mut form, &format!("{TO_AMOUNT}<c-u>46k<c-s>"));
    assert_eq!(
        edits(&commands)[0],
        edit(&deal::AMOUNT, 4_500_000, 4_600_000)
    );
}

#[test]
fn a_touched_field_says_who_changed_it_and_keeps_its_base() {
    let mut form = editing();
    press(&mut form, &format!("{TO_AMOUNT}<c-u>45k"));
    form.follow(&amount(4_300_000), Some("Ben"));
    let note = form.sheet.rows[AMOUNT].note.as_deref();
    assert_eq!(note, Some("changed by Ben to USD 43,000.00"));
    let commands = saved(&mut form, "<c-s>");
    assert_eq!(
        edits(&commands)[0],
        edit(&deal::AMOUNT, 4_200_000, 4_500_000)
    );
}

#[test]
fn the_note_goes_when_the_change_is_taken_back_or_meant_the_same() {
    let mut form = editing();
    press(&mut form, &format!("{TO_AMOUNT}<c-u>45k"));
    form.follow(&amount(4_300_000), None);
    assert!(form.sheet.rows[AMOUNT].note.is_some());
    form.follow(&record(), Some("Ben"));
    assert_eq!(form.sheet.rows[AMOUNT].note, None);
    form.follow(&amount(4_500_000), Some("Ben"));
    assert_eq!(form.sheet.rows[AMOUNT].note, None);
    assert_eq!(
        form.sheet.content(AMOUNT).text(),
        "45k",
        "it stays as it was typed"
    );
    assert_eq!(edits(&saved(&mut form, "<c-s>")), []);
}

#[test]
fn an_amount_whose_currency_somebody_changed_is_a_clash_too() {
    let mut form = editing();
    press(&mut form, &format!("{TO_AMOUNT}<c-u>45k"));
    let mut euros = record();
    put(&mut euros, &deal::CURRENCY, "EUR", None);
    form.follow(&euros, Some("Ben"));
    let note = form.sheet.rows[AMOUNT].note.as_deref();
    assert_eq!(note, Some("changed by Ben to EUR 42,000.00"));
    let commands = saved(&mut form, "<c-s>");
    assert_eq!(edits(&commands)[1], edit(&deal::CURRENCY, "USD", "USD"));
}

#[test]
fn tags_of_two_people_never_meet() {
    let mut form = editing();
    press(&mut form, "<s-tab><s-tab>, zug");
    let mut theirs = record();
    theirs.sets = vec![(Set::Tag, vec!["vip".to_owned()])];
    form.follow(&theirs, Some("Ben"));
    assert!(form.sheet.rows[8].note.is_none());
    let commands = saved(&mut form, "<c-s>");
    assert_eq!(commands.len(), 1, "only the new tag: {commands:?}");
}

#[test]
fn a_record_in_the_trash_says_so() {
    let mut form = editing();
    let mut gone = record();
    gone.trashed_at = Some(typing().now);
    form.follow(&gone, Some("Ben"));
    let (message, _) = form.sheet.message.as_ref().unwrap();
    assert!(message.starts_with("In the trash (Ben)"), "{message}");
    form.follow(&record(), None);
    assert_eq!(form.sheet.message, None);
}
