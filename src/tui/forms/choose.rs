//! Rows for lists out of what the book offers.

use crate::domain::id::RecordId;
use crate::domain::pipeline::StageKind;
use crate::store::query::Choice;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::picker::{Key, Picked};

/// What is told of a stage that closes a deal.
const CLOSES: &str = "winning and losing have their own keys";

/// What is told of a rep who can own nothing new.
const LEFT: &str = "has left; `clinch reps restore` brings them back";

/// Records as rows. Retired ones are left out, but for the one that is in use.
#[must_use]
pub fn records(choices: &[Choice], in_use: Option<RecordId>) -> Vec<Item<Key>> {
    offered(choices, in_use)
        .map(|choice| {
            let item = Item::new(Key::Record(choice.id), choice.name.clone());
            item.detail(choice.detail.clone().unwrap_or_default())
        })
        .collect()
}

/// Reps as rows. Those who have left stand last and cannot be picked, so that nobody makes them a second time.
#[must_use]
pub fn reps(choices: &[Choice], in_use: Option<RecordId>) -> Vec<Item<Key>> {
    let left = choices
        .iter()
        .filter(|choice| choice.retired && in_use != Some(choice.id));
    let left =
        left.map(|choice| Item::new(Key::Record(choice.id), choice.name.clone()).barred(LEFT));
    records(choices, in_use).into_iter().chain(left).collect()
}

/// Stages as rows, with their pipeline where there are several. Those that close a deal cannot be picked.
#[must_use]
pub fn stages(choices: &[Choice], in_use: Option<RecordId>) -> Vec<Item<Key>> {
    let first = choices.first().and_then(|choice| choice.parent);
    let several = choices.iter().any(|choice| choice.parent != first);
    offered(choices, in_use)
        .map(|choice| {
            let item = Item::new(Key::Record(choice.id), choice.name.clone());
            if closes(choice) && in_use != Some(choice.id) {
                item.barred(CLOSES)
            } else if several {
                item.detail(choice.detail.clone().unwrap_or_default())
            } else {
                item
            }
        })
        .collect()
}

/// Whether a stage is one of those that a deal is won or lost into.
#[must_use]
pub fn closes(stage: &Choice) -> bool {
    stage.kind.is_some_and(StageKind::is_closed)
}

/// One of the records as picked.
#[must_use]
pub fn picked(choices: &[Choice], id: RecordId) -> Option<Picked> {
    let choice = choices.iter().find(|choice| choice.id == id)?;
    Some(Picked::Known(Key::Record(id), choice.name.clone()))
}

fn offered(choices: &[Choice], in_use: Option<RecordId>) -> impl Iterator<Item = &Choice> {
    choices
        .iter()
        .filter(move |choice| !choice.retired || in_use == Some(choice.id))
}
