//! The form that changes an activity: one that was done, or one that is planned.

use crate::domain::id::RecordId;
use crate::domain::nouns::activity;
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::store::query::Choice;

use super::choose;
use super::entry::Entry;
use super::form::RecordForm;
use super::log::Logged;

/// A form that changes an activity.
#[must_use]
pub fn edit(record: &Record, reps: &[Choice], typing: Typing) -> RecordForm {
    let kind = record.text(&activity::KIND).unwrap_or_default();
    let performer = record.int(&activity::PERFORMER).map(RecordId::from_raw);
    let outcomes = Logged::named(kind).map_or(&[][..], Logged::outcomes);
    let mut entries = vec![
        Entry::field(&activity::SUBJECT),
        Entry::field(&activity::BODY).called("More"),
        Entry::field(&activity::OUTCOME).suggesting(outcomes),
        Entry::field(&activity::KIND),
        Entry::field(&activity::DIRECTION),
        Entry::field(&activity::MINUTES),
        Entry::due(),
        Entry::field(&activity::DONE_AT)
            .called("Done")
            .hint("not yet; now, 10:30 or fri 14:00"),
        Entry::field(&activity::PERFORMER)
            .called("By")
            .from(choose::records(reps, performer)),
    ];
    // Who only does what is planned has not to look at what is only known of what was done, and the other way round.
    let done = record.instant(&activity::DONE_AT).is_some();
    if !done {
        entries
            .retain(|entry| !entry.is_of(&activity::OUTCOME) && !entry.is_of(&activity::MINUTES));
    }
    let title = format!("{} · {}", capital(kind), record.name());
    RecordForm::edit(&title, record, entries, typing)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
