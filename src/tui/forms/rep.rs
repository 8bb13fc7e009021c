//! Who are you? Asked when a write needs a rep and nobody has said who they are.

use crate::domain::command::{Command, Create, Slot};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, rep};
use crate::domain::records::Rep;
use crate::domain::text::initials;
use crate::domain::time::Instant;
use crate::store::query::Choice;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

/// A menu of the reps that are still here; a name that is not among them makes a new one.
#[must_use]
pub fn menu(reps: &[Choice]) -> Menu<Id<Rep>> {
    let items = reps
        .iter()
        .filter(|rep| !rep.retired)
        .map(|rep| {
            let item = Item::new(Id::new(rep.id), rep.name.clone());
            item.detail(rep.detail.clone().unwrap_or_default())
        })
        .collect();
    Menu::new("Who are you? Pick yourself, or type your name", items).open_to_people()
}

/// The command that makes a rep of a name.
#[must_use]
pub fn create(name: &str, slot: Slot, now: Instant) -> Command {
    Command::Create(Create {
        slot,
        entity: Entity::Rep,
        created_at: Some(now),
        fields: vec![
            ((&rep::NAME).into(), name.into()),
            ((&rep::INITIALS).into(), initials(name).into()),
        ],
        sets: Vec::new(),
    })
}
