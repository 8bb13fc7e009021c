//! Logging what was done: a call, a mail, a meeting or a note, on a deal or a contact, in three keys.

use serde::{Deserialize, Serialize};

use crate::domain::command::{Command, Create, Input};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, Field, activity, contact, deal};
use crate::domain::records::{Record, Rep};
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::tui::target::Target;
use crate::tui::widgets::picker::{Key, Picked};

use super::asked::NEXT;
use super::editor::Content;
use super::entry::Entry;
use super::form::{OWN, RecordForm};

/// What a next step is called of which only the date was said.
pub(super) const FOLLOW_UP: &str = "Follow up";

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

    /// The kind of that name in the book.
    #[must_use]
    pub fn named(kind: &str) -> Option<Self> {
        [Self::Call, Self::Mail, Self::Meeting, Self::Note]
            .into_iter()
            .find(|logged| logged.kind() == kind)
    }

    /// What mostly comes of it, each with another first letter: one key chooses it. Any other words can be typed.
    #[must_use]
    pub const fn outcomes(self) -> &'static [&'static str] {
        match self {
            Self::Call => &[
                "reached",
                "no answer",
                "message left",
                "busy",
                "call back",
                "wrong number",
            ],
            Self::Meeting => &["held", "no show", "postponed"],
            Self::Mail | Self::Note => &[],
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
    /// Of a reply: the subject that it takes up.
    pub subject: Option<String>,
}

impl About {
    /// The record of a noun that it is about.
    #[must_use]
    pub const fn one_of(&self, entity: Entity) -> Option<RecordId> {
        match entity {
            Entity::Deal => self.deal,
            Entity::Contact => self.contact,
            Entity::Company => self.company,
            _ => None,
        }
    }

    /// What is about a record, as far as it was read.
    #[must_use]
    pub fn of(target: &Target, record: Option<&Record>) -> Self {
        let link = |def| {
            record
                .and_then(|record| record.int(def))
                .map(RecordId::from_raw)
        };
        let is = |entity| (target.entity == entity).then_some(target.id);
        Self {
            name: target.name.clone(),
            deal: is(Entity::Deal),
            contact: is(Entity::Contact).or_else(|| link(&deal::CONTACT)),
            company: is(Entity::Company)
                .or_else(|| link(&deal::COMPANY))
                .or_else(|| link(&contact::COMPANY)),
            ..Self::default()
        }
    }

    /// A form whose activity is about that.
    #[must_use]
    pub fn on(&self, mut form: RecordForm) -> RecordForm {
        form = form.about_what(&self.name);
        for (def, id) in [
            (&activity::DEAL, self.deal),
            (&activity::CONTACT, self.contact),
            (&activity::COMPANY, self.company),
            (&activity::PERFORMER, self.performer.map(Id::record)),
        ] {
            if let Some(id) = id {
                form = form.with(def, id);
            }
        }
        form
    }

    /// The record that it is most about.
    #[must_use]
    pub fn record(&self) -> Option<RecordId> {
        self.deal.or(self.contact).or(self.company)
    }
}

/// A form that logs it. What has outcomes begins with them, so that the key of one and Enter are enough; what has none begins with
/// its subject, so that text and Enter are. What comes next is planned in the same gesture.
#[must_use]
pub fn form(what: Logged, about: &About, typing: Typing) -> RecordForm {
    let subject = Entry::field(&activity::SUBJECT);
    let subject = if what == Logged::Note {
        // A note without a word is none.
        subject.called("Note").needed()
    } else {
        subject.called("About").hint("what it was about")
    };
    let outcome = Entry::field(&activity::OUTCOME);
    let mut entries = if what.outcomes().is_empty() {
        vec![subject]
    } else {
        let outcome = outcome.suggesting(what.outcomes()).at_once();
        vec![outcome.hint(&what.outcomes().join(", ")), subject]
    };
    if what != Logged::Note {
        entries.push(Entry::next_step());
        entries.push(Entry::next_due());
    }
    entries.push(
        Entry::field(&activity::BODY)
            .called("More")
            .hint("as much as you like"),
    );
    if what.has_direction() {
        entries.push(Entry::field(&activity::DIRECTION));
    }
    if what.takes_time() {
        entries.push(Entry::field(&activity::MINUTES));
    }
    entries.push(Entry::field(&activity::DONE_AT).called("When").hint("now"));
    let title = format!("Log a {} · {}", what.kind(), about.name);
    let mut form = RecordForm::create(&title, Entity::Activity, entries, typing)
        .quick("log")
        .finishing(finish)
        .with(&activity::KIND, what.kind());
    form = about.on(form);
    if let Some(subject) = &about.subject {
        form = form.starting(&activity::SUBJECT, &Content::Text(subject.clone()));
    }
    if what.has_direction() {
        let out = Picked::Known(Key::Word("out".to_owned()), "out".to_owned());
        form = form.starting(&activity::DIRECTION, &Content::Picked(out));
    }
    form
}

/// What is logged is done: now, where nobody said when. What comes next is about the same, and done by the same.
fn finish(form: &RecordForm, commands: &mut Vec<Command>) {
    let done = Field::Own(&activity::DONE_AT);
    let mut shared = Vec::new();
    for command in commands {
        let Command::Create(create) = command else {
            continue;
        };
        if create.slot == OWN {
            if create.fields.iter().all(|(field, _)| *field != done) {
                let now = Input::Value(Value::from(form.now()));
                create.fields.push((done, now));
            }
            shared = form.fixed().to_vec();
            shared.retain(|(field, _)| *field != Field::Own(&activity::KIND));
        } else if create.slot == NEXT {
            complete_next(create, &shared);
        }
    }
}

/// What comes next is a task, follows up where nobody said what it is, and is about the same.
pub(super) fn complete_next(create: &mut Create, shared: &[(Field, Input)]) {
    name_it(create);
    let kind = Field::Own(&activity::KIND);
    create.fields.push((kind, "task".into()));
    create.fields.extend(shared.iter().cloned());
}

/// Names a next step that nobody has given a name.
pub(super) fn name_it(create: &mut Create) {
    let subject = Field::Own(&activity::SUBJECT);
    if create.fields.iter().all(|(field, _)| *field != subject) {
        create.fields.push((subject, FOLLOW_UP.into()));
    }
}
