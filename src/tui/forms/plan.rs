//! Planning what comes next with a deal: the next step that its card shows.

use crate::domain::command::Command;
use crate::domain::nouns::{Entity, activity};
use crate::domain::records::Record;
use crate::domain::typed::Typing;

use super::editor::Content;
use super::entry::{Entry, Place};
use super::form::{OWN, RecordForm};
use super::log::{About, FOLLOW_UP, name_it};
use crate::tui::widgets::picker::{Key, Picked};

/// A form that plans it: what, then by when. It is a task where nobody says what kind it is.
#[must_use]
pub fn form(about: &About, typing: Typing) -> RecordForm {
    let entries = vec![
        Entry::field(&activity::SUBJECT)
            .called("Next step")
            .hint(FOLLOW_UP),
        Entry::due(),
        Entry::field(&activity::KIND),
        Entry::field(&activity::BODY).called("More"),
    ];
    let title = format!("Plan the next step · {}", about.name);
    let form = RecordForm::create(&title, Entity::Activity, entries, typing)
        .quick("plan")
        .finishing(finish);
    let form = about.on(form);
    let task = Picked::Known(Key::Word("task".to_owned()), "task".to_owned());
    form.starting(&activity::KIND, &Content::Picked(task))
}

/// What has no name is a follow-up: a date is enough.
fn finish(_: &RecordForm, commands: &mut Vec<Command>) {
    for command in commands {
        if let Command::Create(create) = command
            && create.slot == OWN
        {
            name_it(create);
        }
    }
}

/// A form that puts a planned activity off: one line, for the new date or time.
#[must_use]
pub fn snooze(record: &Record, typing: Typing) -> RecordForm {
    let title = format!("Put off · {}", record.name());
    RecordForm::edit(&title, record, vec![Entry::due()], typing)
        .quick("put off")
        .emptied(Place::Due)
}
