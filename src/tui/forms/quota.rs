//! The form of a quota: what a rep is to win in a period.

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, quota};
use crate::domain::typed::Typing;
use crate::store::query::Choice;

use super::choose;
use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// A form that sets it, begun with a rep and a period.
#[must_use]
pub fn set(reps: &[Choice], rep: Option<RecordId>, period: &str, typing: Typing) -> RecordForm {
    let entries = vec![
        Entry::field(&quota::REP).from(choose::reps(reps, rep)),
        Entry::field(&quota::PERIOD).hint("2026, 2026-Q4 or 2026-11"),
        Entry::field(&quota::AMOUNT)
            .called("To be won")
            .hint("300k"),
        Entry::field(&quota::RAMP).hint("how much of it counts; 100 %"),
    ];
    let form = RecordForm::create("Set a quota", Entity::Quota, entries, typing)
        .starting(&quota::PERIOD, &Content::Text(period.to_owned()));
    match rep.and_then(|rep| choose::picked(reps, rep)) {
        Some(rep) => form.starting(&quota::REP, &Content::Picked(rep)),
        None => form,
    }
}
