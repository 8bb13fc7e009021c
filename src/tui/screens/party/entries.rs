//! The lines of the timeline: what is planned, what is on its way to the book, what was done, what became otherwise.

use crate::domain::command::{Command, Input};
use crate::domain::history::{Deed, Happening, Mark, Turn, What};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Field, FieldDef, activity};
use crate::domain::records::Record;
use crate::domain::time::{Date, Instant, Zone};
use crate::domain::value::Value;
use crate::store::handle::Ticket;

use super::state::PartyScreen;

/// Part of an act that is on its way to the book.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    pub ticket: Ticket,
    /// The book has it, and has not told its history since.
    pub arrived: bool,
    pub sign: Sign,
}

/// What is seen of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// An activity of these: contact, company, deal.
    New([Option<RecordId>; 3], Box<Deed>),
    /// Something about that record.
    Touched(RecordId),
    /// That record leaves.
    Gone(RecordId),
}

/// Names an entry, through all answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Planned(RecordId),
    Going(Ticket),
    Happened(Mark),
}

/// One entry.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    Planned(&'a Deed),
    Going(Ticket, &'a Deed),
    Deed(Mark, &'a Deed),
    Turn(Mark, &'a Turn),
}

impl<'a> Entry<'a> {
    pub const fn key(&self) -> Key {
        match self {
            Self::Planned(deed) => Key::Planned(deed.id),
            Self::Going(ticket, _) => Key::Going(*ticket),
            Self::Deed(mark, _) | Self::Turn(mark, _) => Key::Happened(*mark),
        }
    }

    /// The activity, where it is one.
    pub const fn deed(&self) -> Option<&'a Deed> {
        match self {
            Self::Planned(deed) | Self::Going(_, deed) | Self::Deed(_, deed) => Some(deed),
            Self::Turn(..) => None,
        }
    }

    /// Lines that it takes: one, and one for the beginning of its text.
    pub fn height(&self) -> usize {
        let body = self.deed().and_then(|deed| deed.body.as_deref());
        1 + usize::from(body.is_some_and(|body| !body.trim().is_empty()))
    }

    /// When it happened; `None` while it is planned.
    pub fn at(&self) -> Option<Instant> {
        match self {
            Self::Planned(_) => None,
            Self::Going(_, deed) => deed.done_at,
            Self::Deed(mark, _) | Self::Turn(mark, _) => Some(mark.at),
        }
    }
}

/// All entries in the order of their showing.
pub(super) struct Entries<'a> {
    all: Vec<Entry<'a>>,
}

impl<'a> Entries<'a> {
    pub fn get(&self, place: usize) -> Option<&Entry<'a>> {
        self.all.get(place)
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.all.iter()
    }

    /// Whether a heading stands over an entry: a day, or what is planned.
    pub fn begins_group(&self, place: usize, zone: Zone) -> bool {
        let day = |entry: &Entry<'_>| entry.at().map(|at| at.date(zone));
        match place.checked_sub(1).and_then(|before| self.all.get(before)) {
            None => true,
            Some(before) => {
                let entry = self.all.get(place);
                entry.is_some_and(|entry| day(entry) != day(before))
            }
        }
    }
}

impl PartyScreen {
    /// All entries.
    pub(super) fn entries(&self) -> Entries<'_> {
        let here = |of: &[Option<RecordId>; 3]| of.iter().flatten().any(|id| self.has(*id));
        let gone = |id: RecordId| {
            let sign = Sign::Gone(id);
            self.ahead.iter().any(|ahead| ahead.sign == sign)
        };
        let any_gone = self
            .ahead
            .iter()
            .any(|ahead| matches!(ahead.sign, Sign::Gone(_)));
        let new = |done: bool| {
            self.ahead
                .iter()
                .filter_map(move |ahead| match &ahead.sign {
                    Sign::New(of, deed) if here(of) && deed.done_at.is_some() == done => {
                        Some(Entry::Going(ahead.ticket, deed.as_ref()))
                    }
                    _ => None,
                })
        };
        let mut all = Vec::with_capacity(self.planned.len() + self.happened.len() + 2);
        all.extend(new(false));
        all.extend(self.planned.iter().map(Entry::Planned));
        all.extend(new(true));
        all.extend(
            self.happened
                .iter()
                .map(|Happening { mark, what }| match what {
                    What::Deed(deed) => Entry::Deed(*mark, deed),
                    What::Turn(turn) => Entry::Turn(*mark, turn),
                }),
        );
        if any_gone {
            all.retain(|entry| !entry.deed().is_some_and(|deed| gone(deed.id)));
        }
        Entries { all }
    }

    /// Whether what happens with a record stands in this timeline: it is the party, or a company's own.
    fn has(&self, id: RecordId) -> bool {
        let is = |record: &Record| record.id == id;
        let of_company = self.face.entity == Entity::Company;
        self.id() == Some(id)
            || of_company && (self.people().iter().any(is) || self.deals().iter().any(is))
    }

    /// Whether something about a record is on its way.
    pub(super) fn is_pending(&self, id: RecordId) -> bool {
        self.ahead
            .iter()
            .any(|ahead| !ahead.arrived && ahead.sign == Sign::Touched(id))
    }

    /// Whether the activity of an act is on its way still.
    pub(super) fn is_going(&self, ticket: Ticket) -> bool {
        self.ahead
            .iter()
            .any(|ahead| ahead.ticket == ticket && !ahead.arrived)
    }
}

/// The activities that commands make, as they will be seen.
pub(super) fn made(commands: &[Command]) -> impl Iterator<Item = Sign> {
    commands.iter().filter_map(|command| match command {
        Command::Create(create) if create.entity == Entity::Activity => {
            let get = |def: &'static FieldDef| {
                create.fields.iter().find_map(|(field, input)| match input {
                    Input::Value(value) if *field == Field::Own(def) => Some(value.clone()),
                    _ => None,
                })
            };
            let text = |def| {
                get(def)
                    .as_ref()
                    .and_then(Value::as_text)
                    .map(str::to_owned)
            };
            let int = |def| get(def).as_ref().and_then(Value::as_int);
            let of = [&activity::CONTACT, &activity::COMPANY, &activity::DEAL]
                .map(|def| int(def).map(RecordId::from_raw));
            let deed = Deed {
                id: RecordId::from_raw(0),
                kind: text(&activity::KIND).unwrap_or_default(),
                direction: text(&activity::DIRECTION),
                subject: text(&activity::SUBJECT),
                body: text(&activity::BODY),
                outcome: text(&activity::OUTCOME),
                minutes: int(&activity::MINUTES),
                performer: None,
                deal: None,
                contact: None,
                due_at: int(&activity::DUE_AT).map(Instant::from_millis),
                due_date: text(&activity::DUE_DATE).and_then(|date| date.parse::<Date>().ok()),
                done_at: int(&activity::DONE_AT).map(Instant::from_millis),
            };
            let any = of.iter().any(Option::is_some);
            any.then(|| Sign::New(of, Box::new(deed)))
        }
        _ => None,
    })
}
