//! What lists and the screens of a contact and a company show: rows, the profile, and what happened with them, newest first.

use super::board::{NextStep, Sum};
use super::custom::CustomKind;
use super::id::{Id, RecordId};
use super::lead::Waiting;
use super::money::Currency;
use super::nouns::Entity;
use super::records::{Candidate, Company, Contact, Deal, Link, Record};
use super::time::Instant;
use super::value::Value;

/// A person or a firm: whose profile and history are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// A person.
    Contact(Id<Contact>),
    /// A firm, with its people.
    Company(Id<Company>),
}

impl Party {
    /// The party that a record is, where it is one.
    #[must_use]
    pub const fn of(entity: Entity, id: RecordId) -> Option<Self> {
        match entity {
            Entity::Contact => Some(Self::Contact(Id::new(id))),
            Entity::Company => Some(Self::Company(Id::new(id))),
            _ => None,
        }
    }

    /// Its noun.
    #[must_use]
    pub const fn entity(self) -> Entity {
        match self {
            Self::Contact(_) => Entity::Contact,
            Self::Company(_) => Entity::Company,
        }
    }

    /// Its record.
    #[must_use]
    pub const fn record(self) -> RecordId {
        match self {
            Self::Contact(id) => id.record(),
            Self::Company(id) => id.record(),
        }
    }
}

impl From<Id<Contact>> for Party {
    fn from(id: Id<Contact>) -> Self {
        Self::Contact(id)
    }
}

impl From<Id<Company>> for Party {
    fn from(id: Id<Company>) -> Self {
        Self::Company(id)
    }
}

/// The ids of a list in its order: its rows are read page by page as they come into sight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The records, in order.
    pub ids: Vec<RecordId>,
    /// Of a filter with a negation: how many of the records have no value there.
    pub unknown: u64,
}

/// The first records of a list: its [`Order`] begins with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The records, in order.
    pub ids: Vec<RecordId>,
    /// The list has no others, and nothing more is to be known of it.
    pub is_all: bool,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// The record.
    pub record: Record,
    /// What is planned with it and due first.
    pub next_step: Option<NextStep>,
    /// Of a lead: whether it waits for us.
    pub waiting: Waiting,
    /// Of a qualified lead: the deal that it was converted into.
    pub deal: Option<Link<Deal>>,
    /// Of a company: what its people and deals come to.
    pub firm: Option<Firm>,
}

/// Deals with the sum of their amounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many deals.
    pub count: u64,
    /// Their amounts in the base currency: of open deals at today's rates, of closed ones at those of the close.
    pub sum: Sum,
}

/// What the people and deals of a company come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Firm {
    /// How many people.
    pub people: u64,
    /// Its open deals.
    pub open: Tally,
    /// Its won deals.
    pub won: Tally,
    /// Its lost deals.
    pub lost: Tally,
    /// When somebody last did something about it, one of its people or one of its deals; `None` when nobody has.
    pub last_touch: Option<Instant>,
}

/// A contact or company with what stands beside its timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The contact or company.
    pub record: Record,
    /// Every source that it came from, with its key there, the oldest first.
    pub sources: Vec<(String, String)>,
    /// Its deals: the open ones by their expected close, then the closed ones, the newest first.
    pub deals: Vec<Record>,
    /// Of a company: its people, the last touched first.
    pub people: Vec<Record>,
    /// Of a company: those of which it is the parent, by name.
    pub subsidiaries: Vec<Link<Company>>,
    /// Of a company: what its people and deals come to, those included that are not in the lists.
    pub firm: Option<Firm>,
}

/// An address, number, domain or name that another contact or company has already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// It as it was asked for.
    pub element: String,
    /// Who has it.
    pub who: Candidate,
}

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A call.
    Call,
    /// A mail.
    Mail,
    /// A meeting.
    Meeting,
    /// A note.
    Note,
    /// A task.
    Task,
    /// A change of one of the deals.
    Deal,
    /// A change of the contact or company itself, or of one of the company's people.
    Change,
}

impl Sort {
    /// All of them, in the order of their showing.
    pub const ALL: [Self; 7] = [
        Self::Call,
        Self::Mail,
        Self::Meeting,
        Self::Note,
        Self::Task,
        Self::Deal,
        Self::Change,
    ];

    /// The word for it; of an activity its kind in the book.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Mail => "mail",
            Self::Meeting => "meeting",
            Self::Note => "note",
            Self::Task => "task",
            Self::Deal => "deal",
            Self::Change => "change",
        }
    }

    /// The word for several.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Call => "Calls",
            Self::Mail => "Mails",
            Self::Meeting => "Meetings",
            Self::Note => "Notes",
            Self::Task => "Tasks",
            Self::Deal => "Deal moves",
            Self::Change => "Field changes",
        }
    }

    /// Whether it is an activity, not a change.
    #[must_use]
    pub const fn is_activity(self) -> bool {
        !matches!(self, Self::Deal | Self::Change)
    }
}

/// Which part of what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Only these sorts; none is all.
    pub sorts: Vec<Sort>,
    /// Words that must all stand in subject, text, outcome or what was done to the record; folded.
    pub words: Vec<String>,
}

impl Part {
    /// Whether a sort belongs to it.
    #[must_use]
    pub fn has(&self, sort: Sort) -> bool {
        self.sorts.is_empty() || self.sorts.contains(&sort)
    }

    /// Whether it is all that happened.
    #[must_use]
    pub const fn is_all(&self) -> bool {
        self.sorts.is_empty() && self.words.is_empty()
    }
}

/// A place in what happened. The greater, the later; no two entries share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// When.
    pub at: Instant,
    /// Of the same moment activities come after changes.
    pub activity: bool,
    /// The id of the activity, or the `seq` of the change.
    pub id: i64,
}

/// An activity as the timeline shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The activity.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Who began it: `in` or `out`.
    pub direction: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// How long it took.
    pub minutes: Option<i64>,
    /// The name of who did it or will do it.
    pub performer: Option<String>,
    /// The deal that it is about.
    pub deal: Option<Link<Deal>>,
    /// The person that it is about.
    pub contact: Option<Link<Contact>>,
    /// When it is due, where a time was given.
    pub due_at: Option<Instant>,
    /// When it is due, where only a date was given.
    pub due_date: Option<super::time::Date>,
    /// When it was done; `None` while it is planned.
    pub done_at: Option<Instant>,
}

/// A change as the timeline shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The noun: the contact or company, one of its deals, one of its people.
    pub entity: Entity,
    /// The record.
    pub record: RecordId,
    /// Its name as it stands now.
    pub name: String,
    /// Of a deal: the product line of it that became otherwise, by what it sells; `None` where it is the deal itself.
    pub line: Option<String>,
    /// The field, set or, in people's words, custom field; `None` for the creation.
    pub field: Option<String>,
    /// What a custom field holds.
    pub custom: Option<CustomKind>,
    /// What it was, and its name where it is a record.
    pub old: (Value, Option<String>),
    /// What it became, likewise.
    pub new: (Value, Option<String>),
    /// The currency of the record's amounts, where it has one of its own.
    pub currency: Option<Currency>,
    /// Who.
    pub by: Option<String>,
    /// Whether an import brought it.
    pub imported: bool,
    /// How many other records of the history came into being by the same change: a batch of an import is one.
    pub others: u64,
}

impl Turn {
    /// The noun that has the field: a line of a deal, or what changed itself.
    #[must_use]
    pub const fn noun(&self) -> Entity {
        match self.line {
            Some(_) => Entity::DealLine,
            None => self.entity,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody did something.
    Deed(Deed),
    /// Something became otherwise.
    Turn(Turn),
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Its place.
    pub mark: Mark,
    /// What happened.
    pub what: What,
}

/// A page of what happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Whose it is.
    pub of: Option<Party>,
    /// Which part of it was asked for.
    pub part: Part,
    /// Before which mark.
    pub before: Option<Mark>,
    /// What is planned, the earliest first; empty on further pages.
    pub planned: Vec<Deed>,
    /// What happened, the newest first.
    pub happened: Vec<Happening>,
    /// Whether there is more before it.
    pub more: bool,
}
