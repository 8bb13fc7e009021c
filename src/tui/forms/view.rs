//! The form of a view: its name, and whether everybody has it.

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, view};
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::domain::view::Setup;
use crate::tui::widgets::picker::{Key, Picked};

use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// A form that keeps what a screen shows under a name.
#[must_use]
pub fn add(screen: &str, setup: &Setup, owner: Option<RecordId>, typing: Typing) -> RecordForm {
    let yes = Picked::Known(Key::Word("yes".to_owned()), "yes".to_owned());
    let mut form = RecordForm::create("Save as a view", Entity::View, entries(), typing)
        .starting(&view::SHARED, &Content::Picked(yes))
        .with(&view::SCREEN, screen);
    for (field, line) in [
        (&view::FILTER, setup.filter_line()),
        (&view::COLUMNS, setup.columns_line()),
        (&view::SORT, setup.sort_line()),
    ] {
        if let Some(line) = line {
            form = form.with(field, line);
        }
    }
    match owner {
        Some(owner) => form.with(&view::OWNER, owner),
        None => form,
    }
}

/// A form that gives a view another name, or to others.
#[must_use]
pub fn edit(record: &Record, typing: Typing) -> RecordForm {
    RecordForm::edit(
        &format!("View {}", record.name()),
        record,
        entries(),
        typing,
    )
}

fn entries() -> Vec<Entry> {
    vec![
        Entry::field(&view::NAME),
        Entry::field(&view::SHARED)
            .called("Everybody")
            .hint("yes: everybody has it in their menu"),
    ]
}
