//! Saying that a planned call or meeting is done: how it went, and what comes next, in one gesture.

use crate::domain::command::{Base, Command, FieldEdit};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, activity};
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::domain::value::Value;

use super::asked::NEXT;
use super::entry::Entry;
use super::form::RecordForm;
use super::log::{Logged, complete_next};

/// A form that asks how it went, as the one that logs it does: the key of an outcome and Enter are enough, and so is Enter.
#[must_use]
pub fn form(record: &Record, typing: Typing) -> RecordForm {
    let kind = record.text(&activity::KIND).unwrap_or_default();
    let outcomes = Logged::named(kind).map_or(&[][..], Logged::outcomes);
    let entries = vec![
        Entry::field(&activity::OUTCOME)
            .suggesting(outcomes)
            .at_once()
            .hint(&outcomes.join(", ")),
        Entry::next_step(),
        Entry::next_due(),
        Entry::field(&activity::BODY)
            .called("More")
            .hint("as much as you like"),
        Entry::field(&activity::MINUTES),
    ];
    let title = format!("Done · {}", record.name());
    let mut form = RecordForm::edit(&title, record, entries, typing)
        .quick("done")
        .finishing(finish);
    for def in [
        &activity::DEAL,
        &activity::CONTACT,
        &activity::COMPANY,
        &activity::PERFORMER,
    ] {
        if let Some(id) = record.int(def) {
            form = form.with(def, RecordId::from_raw(id));
        }
    }
    form
}

/// It is done now, and what comes next is about the same.
fn finish(form: &RecordForm, commands: &mut Vec<Command>) {
    let Some(id) = form.record() else { return };
    let done = FieldEdit {
        field: (&activity::DONE_AT).into(),
        base: Base::Seen(Value::Null),
        new: Value::from(form.now()).into(),
    };
    let mut left = Some(done);
    for command in commands.iter_mut() {
        match command {
            Command::Edit { edits, .. } => edits.extend(left.take()),
            Command::Create(create) if create.slot == NEXT => complete_next(create, form.fixed()),
            _ => {}
        }
    }
    if let Some(done) = left {
        commands.insert(
            0,
            Command::Edit {
                entity: Entity::Activity,
                target: id.into(),
                edits: vec![done],
            },
        );
    }
}
