//! The form that adds a custom field.

use crate::domain::custom::{CustomKind, NOUNS};
use crate::domain::nouns::{Entity, field};
use crate::domain::typed::Typing;

use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// A form that adds a custom field to a noun: that of the screen, unless its author says otherwise.
#[must_use]
pub fn add(noun: Entity, typing: Typing) -> RecordForm {
    let nouns = NOUNS.map(|(name, _)| name);
    let entries = vec![
        Entry::field(&field::NAME),
        Entry::field(&field::ENTITY).called("Of").suggesting(&nouns),
        Entry::field(&field::KIND).suggesting(&CustomKind::WORDS),
        Entry::field(&field::CHOICES)
            .called("Words")
            .hint("of a choice, with commas between"),
    ];
    let form = RecordForm::create("New custom field", Entity::Field, entries, typing);
    let text = |text: &str| Content::Text(text.to_owned());
    form.starting(&field::ENTITY, &text(noun.name()))
        .starting(&field::KIND, &text("text"))
}
