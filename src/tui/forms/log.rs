//! Logging what was done: a call, a mail, a meeting or a note, on a deal or a contact, in three keys.

use serde::{Deserialize, Serialize};

use crate::domain::command::{Command, Input};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, Field, activity};
use crate::domain::records::Rep;
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::tui::widgets::picker::{Key, Picked};

use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Logged {
    /// A call.
    Call,
    /// A mail.
    Mail,
    /// A meeting.
    Meeting,
    /// A note.
    Note,
}

impl Logged {
    /// Its kind in the book.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Mail => "mail",
            Self::Meeting => "meeting",
            Self::Note => "note",
        }
    }

    /// Calls and mails have somebody who began them; who logs one here mostly did.
    const fn has_direction(self) -> bool {
        matches!(self, Self::Call | Self::Mail)
    }

    /// Calls and meetings take time.
    const fn takes_time(self) -> bool {
        matches!(self, Self::Call | Self::Meeting)
    }
}

/// What it was about, and who did it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What the record is called.
    pub name: String,
    /// The deal.
    pub deal: Option<RecordId>,
    /// The contact.
    pub contact: Option<RecordId>,
    /// The company.
    pub company: Option<RecordId>,
    /// Who did it.
    pub performer: Option<Id<Rep>>,
}

/// A form that logs it: the subject first, so that text and Enter are enough.
#[must_use]
pub fn form(what: Logged, about: &About, typing: Typing) -> RecordForm {
    let subject = Entry::field(&activity::SUBJECT);
    let mut entries = vec![if what == Logged::Note {
        // A note without a word is none.
        subject.called("Note").needed()
    } else {
        subject.hint("what it was about")
    }];
    entries.push(
        Entry::field(&activity::BODY)
            .called("More")
            .hint("Tab, then as much as you like"),
    );
    if what.has_direction() {
        entries.push(Entry::field(&activity::DIRECTION));
    }
    if what.takes_time() {
        entries.push(Entry::field(&activity::MINUTES));
    }
    if what != Logged::Note {
        entries.push(Entry::field(&activity::OUTCOME));
    }
    entries.push(Entry::field(&activity::DONE_AT).called("When").hint("now"));
    let title = format!("Log a {} · {}", what.kind(), about.name);
    let mut form = RecordForm::create(&title, Entity::Activity, entries, typing)
        .quick("log")
        .finishing(now_if_unsaid)
        .with(&activity::KIND, what.kind());
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
    if what.has_direction() {
        let out = Picked::Known(Key::Word("out".to_owned()), "out".to_owned());
        form = form.starting(&activity::DIRECTION, &Content::Picked(out));
    }
    form
}

/// What is logged is done: now, where nobody said when.
fn now_if_unsaid(form: &RecordForm, commands: &mut Vec<Command>) {
    let done = Field::Own(&activity::DONE_AT);
    for command in commands {
        if let Command::Create(create) = command
            && create.entity == Entity::Activity
            && create.fields.iter().all(|(field, _)| *field != done)
        {
            let now = Input::Value(Value::from(form.now()));
            create.fields.push((done, now));
        }
    }
}
