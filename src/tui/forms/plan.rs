//! Planning what comes next with a deal: the next step that its card shows.

use crate::domain::id::Id;
use crate::domain::nouns::{Entity, activity};
use crate::domain::typed::Typing;

use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;
use super::log::About;
use crate::tui::widgets::picker::{Key, Picked};

/// A form that plans it: what, then by when. It is a task where nobody says what kind it is.
#[must_use]
pub fn form(about: &About, typing: Typing) -> RecordForm {
    let entries = vec![
        Entry::field(&activity::SUBJECT)
            .called("Next step")
            .needed(),
        Entry::field(&activity::DUE_DATE)
            .called("Due")
            .hint("fri, +3d or 18.12."),
        Entry::field(&activity::KIND),
        Entry::field(&activity::BODY).called("More"),
    ];
    let title = format!("Plan the next step · {}", about.name);
    let mut form = RecordForm::create(&title, Entity::Activity, entries, typing).quick("plan");
    for (def, id) in [
        (&activity::DEAL, about.deal),
        (&activity::CONTACT, about.contact),
        (&activity::COMPANY, about.company),
        (&activity::PERFORMER, about.performer.map(Id::record)),
    ] {
        if let Some(id) = id {
            form = form.with(def, id);
        }
    }
    let task = Picked::Known(Key::Word("task".to_owned()), "task".to_owned());
    form.starting(&activity::KIND, &Content::Picked(task))
}
