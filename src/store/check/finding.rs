//! What a check found, in a shape for programs and in words.

use crate::domain::id::{RecordId, StepId};
use crate::domain::money::Currency;
use crate::domain::time::Instant;
use crate::domain::value::Value;

/// What kind of disagreement it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// SQLite cannot read a part of the file, or the file contradicts itself.
    Damage,
    /// A record refers to one that is not there.
    Reference,
    /// A field does not hold what the log wrote last.
    Field,
    /// An element of a set (a tag, an address) is there and should not be, or the other way round.
    Element,
    /// A field that the log never changed is not as it was when the record was made.
    Birth,
    /// A record whose creation is not in the log.
    Unborn,
    /// A record that the log made and that is not there.
    Gone,
    /// A change does not begin with what the change before it wrote.
    Chain,
    /// Steps and changes do not fit together.
    Log,
    /// A value that follows from others is not what follows.
    Derived,
}

/// One place where the book disagrees with its log, or with itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of disagreement it is.
    pub kind: Kind,
    /// The table; empty where it is about the file.
    pub table: String,
    /// The record, where it is about one.
    pub record: Option<RecordId>,
    /// What people call it.
    pub name: Option<String>,
    /// The field or set.
    pub field: Option<String>,
    /// What the log says; of a derived value, what follows from the rest of the book.
    pub log: Option<Value>,
    /// What the row holds.
    pub row: Option<Value>,
    /// The currency of the record, where the values are money and it has one of its own.
    pub currency: Option<Currency>,
    /// The step whose change the row should show.
    pub since: Option<Since>,
    /// A word more, where the other fields do not say it.
    pub what: Option<String>,
}

/// A step of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// Its place in the book.
    pub n: i64,
    /// The step.
    pub step: StepId,
    /// What it did, in words.
    pub label: String,
    /// By whom.
    pub by: String,
    /// As of when.
    pub at: Instant,
}

impl Finding {
    /// A disagreement about a table, to be filled in.
    pub(super) fn new(kind: Kind, table: &str) -> Self {
        Self {
            kind,
            table: table.to_owned(),
            record: None,
            name: None,
            field: None,
            log: None,
            row: None,
            currency: None,
            since: None,
            what: None,
        }
    }

    pub(super) fn of(mut self, record: RecordId) -> Self {
        self.record = Some(record);
        self
    }

    pub(super) fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    pub(super) fn differs(mut self, log: Value, row: Value) -> Self {
        (self.log, self.row) = (Some(log), Some(row));
        self
    }

    pub(super) fn says(mut self, what: impl Into<String>) -> Self {
        self.what = Some(what.into());
        self
    }
}

impl Kind {
    /// Its name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::Reference => "reference",
            Self::Field => "field",
            Self::Element => "element",
            Self::Birth => "birth",
            Self::Unborn => "unborn",
            Self::Gone => "gone",
            Self::Chain => "chain",
            Self::Log => "log",
            Self::Derived => "derived",
        }
    }

    /// What it means, where nothing more is known.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Damage => "the file is damaged",
            Self::Reference => "a reference leads nowhere",
            Self::Field => "a field is not what the log wrote",
            Self::Element => "an element is not as the log says",
            Self::Birth => "the record is not as it was made",
            Self::Unborn => "the log does not know the record",
            Self::Gone => "the log made the record, and it is gone",
            Self::Chain => "a change does not follow from the one before",
            Self::Log => "the log does not fit together",
            Self::Derived => "a value does not follow from the rest of the book",
        }
    }
}
