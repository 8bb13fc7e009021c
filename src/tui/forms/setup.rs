//! The forms of a stage, a pipeline and a lost reason.

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, lost_reason, pipeline, stage};
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::tui::widgets::picker::{Key, Picked};

use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// A form that adds an open stage to a pipeline, at that place. What a deal needs is asked where the book can hold it.
#[must_use]
pub fn add_stage(of: RecordId, place: i64, can_require: bool, typing: Typing) -> RecordForm {
    let open = Picked::Known(Key::Word("open".to_owned()), "open".to_owned());
    RecordForm::create(
        "New stage",
        Entity::Stage,
        stage_entries(can_require),
        typing,
    )
    .starting(&stage::KIND, &Content::Picked(open))
    .with(&stage::PIPELINE, of)
    .with(&stage::POSITION, place)
}

/// A form that changes a stage.
#[must_use]
pub fn edit_stage(record: &Record, can_require: bool, typing: Typing) -> RecordForm {
    let title = format!("Stage {}", record.name());
    RecordForm::edit(&title, record, stage_entries(can_require), typing)
}

fn stage_entries(can_require: bool) -> Vec<Entry> {
    let mut entries = vec![
        Entry::field(&stage::NAME),
        Entry::field(&stage::PROBABILITY).hint("unset, or 50 %"),
        Entry::field(&stage::ROT_DAYS)
            .called("Rots after")
            .hint("days of quiet, 14"),
        Entry::field(&stage::CATEGORY),
    ];
    if can_require {
        entries.push(
            Entry::field(&stage::REQUIRED)
                .called("A deal needs")
                .hint("amount, expected close, owner, …"),
        );
    }
    entries.push(Entry::field(&stage::KIND));
    entries
}

/// A form that adds a pipeline; it comes with the standard stages.
#[must_use]
pub fn add_pipeline(typing: Typing) -> RecordForm {
    let title = "New pipeline, with the standard stages";
    RecordForm::create(
        title,
        Entity::Pipeline,
        vec![Entry::field(&pipeline::NAME)],
        typing,
    )
    .quick("add")
}

/// A form that renames a pipeline.
#[must_use]
pub fn edit_pipeline(record: &Record, typing: Typing) -> RecordForm {
    let title = format!("Pipeline {}", record.name());
    RecordForm::edit(&title, record, vec![Entry::field(&pipeline::NAME)], typing).quick("save")
}

/// A form that adds a lost reason, at that place.
#[must_use]
pub fn add_reason(place: i64, typing: Typing) -> RecordForm {
    let yes = Picked::Known(Key::Word("yes".to_owned()), "yes".to_owned());
    RecordForm::create(
        "New lost reason",
        Entity::LostReason,
        reason_entries(),
        typing,
    )
    .starting(&lost_reason::REAL, &Content::Picked(yes))
    .with(&lost_reason::POSITION, place)
}

/// A form that changes a lost reason.
#[must_use]
pub fn edit_reason(record: &Record, typing: Typing) -> RecordForm {
    let title = format!("Lost reason {}", record.name());
    RecordForm::edit(&title, record, reason_entries(), typing)
}

fn reason_entries() -> Vec<Entry> {
    vec![
        Entry::field(&lost_reason::NAME),
        Entry::field(&lost_reason::REAL).called("A real loss"),
    ]
}
