//! The form of a contact: add one, change one.

use crate::domain::id::RecordId;
use crate::domain::lead;
use crate::domain::nouns::{Entity, Set, contact};
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::store::query::Choice;
use crate::tui::widgets::picker::{Key, Picked};

use super::choose;
use super::editor::Content;
use super::entry::{Entry, Place};
use super::form::RecordForm;

/// A form that adds a contact; it belongs to whoever adds it, unless they say otherwise.
#[must_use]
pub fn add(
    companies: &[Choice],
    reps: &[Choice],
    owner: Option<RecordId>,
    typing: Typing,
) -> RecordForm {
    let entries = entries(companies, reps, None);
    let form = RecordForm::create("New contact", Entity::Contact, entries, typing);
    owned(form, reps, owner)
}

/// A form that adds a lead: a contact that is new as one, and of which it is known where it came from.
#[must_use]
pub fn add_lead(
    companies: &[Choice],
    reps: &[Choice],
    owner: Option<RecordId>,
    typing: Typing,
) -> RecordForm {
    let mut entries = entries(companies, reps, None);
    let state = Place::Field(&contact::LEAD_STATE);
    let place = entries.iter().position(|entry| entry.place == state);
    let source = Entry::field(&contact::LEAD_SOURCE).hint("web, referral, event, …");
    entries.insert(place.unwrap_or(entries.len()), source);
    let new = Picked::Known(Key::Word(lead::NEW.to_owned()), lead::NEW.to_owned());
    let form = RecordForm::create("New lead", Entity::Contact, entries, typing)
        .starting(&contact::LEAD_STATE, &Content::Picked(new));
    owned(form, reps, owner)
}

/// A form of a new contact, who works at that company.
#[must_use]
pub fn of_company(form: RecordForm, companies: &[Choice], company: Option<RecordId>) -> RecordForm {
    match company.and_then(|company| choose::picked(companies, company)) {
        Some(company) => form.starting(&contact::COMPANY, &Content::Picked(company)),
        None => form,
    }
}

fn owned(form: RecordForm, reps: &[Choice], owner: Option<RecordId>) -> RecordForm {
    match owner.and_then(|owner| choose::picked(reps, owner)) {
        Some(owner) => form.starting(&contact::OWNER, &Content::Picked(owner)),
        None => form,
    }
}

/// A form that changes a contact.
#[must_use]
pub fn edit(record: &Record, companies: &[Choice], reps: &[Choice], typing: Typing) -> RecordForm {
    let owner = record.int(&contact::OWNER).map(RecordId::from_raw);
    let noun = match record.text(&contact::LEAD_STATE) {
        Some(_) => "Lead",
        None => "Contact",
    };
    let title = format!("{noun} {}", record.name());
    RecordForm::edit(&title, record, entries(companies, reps, owner), typing)
}

fn entries(companies: &[Choice], reps: &[Choice], owner: Option<RecordId>) -> Vec<Entry> {
    vec![
        Entry::field(&contact::NAME),
        Entry::field(&contact::TITLE),
        Entry::field(&contact::COMPANY)
            .from(choose::records(companies, None))
            .or_new(Entity::Company),
        Entry::set(Set::Email, "E-mail"),
        Entry::set(Set::Phone, "Phone"),
        Entry::field(&contact::OWNER)
            .from(choose::reps(reps, owner))
            .or_new(Entity::Rep),
        Entry::field(&contact::LEAD_STATE).hint("no lead"),
        Entry::set(Set::Tag, "Tags"),
        Entry::field(&contact::CITY),
        Entry::field(&contact::COUNTRY),
        Entry::field(&contact::ADDRESS),
        Entry::field(&contact::LANGUAGE),
        Entry::field(&contact::NOTE),
    ]
}
