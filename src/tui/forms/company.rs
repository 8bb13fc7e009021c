//! The form of a company: add one, change one.

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set, company};
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::store::query::Choice;

use super::choose;
use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// A form that adds a company; it belongs to whoever adds it, unless they say otherwise.
#[must_use]
pub fn add(
    companies: &[Choice],
    reps: &[Choice],
    owner: Option<RecordId>,
    typing: Typing,
) -> RecordForm {
    let entries = entries(companies, reps, None);
    let form = RecordForm::create("New company", Entity::Company, entries, typing);
    match owner.and_then(|owner| choose::picked(reps, owner)) {
        Some(owner) => form.starting(&company::OWNER, &Content::Picked(owner)),
        None => form,
    }
}

/// A form that changes a company.
#[must_use]
pub fn edit(record: &Record, companies: &[Choice], reps: &[Choice], typing: Typing) -> RecordForm {
    let owner = record.int(&company::OWNER).map(RecordId::from_raw);
    let title = format!("Company {}", record.name());
    // None is its own parent.
    let others: Vec<Choice> = companies
        .iter()
        .filter(|choice| choice.id != record.id)
        .cloned()
        .collect();
    RecordForm::edit(&title, record, entries(&others, reps, owner), typing)
}

fn entries(companies: &[Choice], reps: &[Choice], owner: Option<RecordId>) -> Vec<Entry> {
    vec![
        Entry::field(&company::NAME),
        Entry::set(Set::Domain, "Domains"),
        Entry::field(&company::INDUSTRY),
        Entry::field(&company::OWNER)
            .from(choose::reps(reps, owner))
            .or_new(Entity::Rep),
        Entry::field(&company::PHONE),
        Entry::field(&company::CITY),
        Entry::field(&company::COUNTRY),
        Entry::set(Set::Tag, "Tags"),
        Entry::field(&company::PARENT).from(choose::records(companies, None)),
        Entry::field(&company::SIZE).called("Employees"),
        Entry::field(&company::REVENUE),
        Entry::field(&company::ADDRESS),
        Entry::field(&company::NOTE),
    ]
}
