//! A filter that was held to a noun: places instead of names, values of their types, everything relative made absolute.

use super::places::Place;
use crate::domain::id::{Id, RecordId};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::records::Rep;
use crate::domain::time::{Date, Instant, Zone};

/// The circumstances in which a filter is held to a noun.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The as-of moment: what `today` and ages go by.
    pub now: Instant,
    /// The team's time zone.
    pub zone: Zone,
    /// The currency of sums, which an amount without a currency is of.
    pub base: Currency,
    /// The month in which the fiscal year begins, 1 to 12.
    pub fiscal_start: u32,
    /// Whom `owner:me` means.
    pub me: Option<Id<Rep>>,
    /// Today's rate of every other currency that has one: millionths of the base currency for one unit.
    pub rates: &'a [(Currency, i64)],
    /// The custom fields of the noun.
    pub custom: &'a [CustomField],
    /// The names of all reps, stages, pipelines and lost reasons, as far as they are at hand: a name that none of them holds is an
    /// error then, not zero hits.
    pub names: &'a [(Entity, Vec<String>)],
}

/// A custom field of a noun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// Its `field` record.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub kind: CustomKind,
}

/// What a custom field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomKind {
    /// Text, or a word of its own choices.
    Text,
    /// A whole number.
    Number,
    /// A date.
    Date,
    /// A moment.
    Instant,
    /// Yes or no.
    Flag,
}

impl CustomKind {
    /// The kind that a `field` record names so; what is not known is text.
    #[must_use]
    pub fn named(word: &str) -> Self {
        match word {
            "number" | "money" | "percent" => Self::Number,
            "date" => Self::Date,
            "instant" => Self::Instant,
            "flag" => Self::Flag,
            _ => Self::Text,
        }
    }
}

/// A filter over one noun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The noun.
    pub entity: Entity,
    /// What to ask; `None` lets everything through.
    pub root: Option<Node>,
}

/// A part of a bound filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// One question.
    Check(Check),
}

/// One question to a record. It is false of what is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// Whether a word stands in what the record is searched by.
    Word {
        /// The word, folded.
        text: String,
        /// Where it could be part of a phone number, the digits that tell it.
        digits: Option<String>,
    },
    /// Whether anything is known there.
    Known(Place),
    /// Whether a text there is like one of these.
    Text {
        /// Where.
        place: Place,
        /// How.
        how: Match,
        /// Folded texts.
        wanted: Vec<String>,
    },
    /// Whether a record that is referred to is one of these.
    Link {
        /// Where.
        place: Place,
        /// Its noun.
        target: Entity,
        /// How its name is compared.
        how: Match,
        /// Folded names.
        wanted: Vec<String>,
        /// Ids.
        ids: Vec<RecordId>,
    },
    /// Whether a number lies in one of these.
    Number {
        /// Where.
        place: Place,
        /// Where it may lie.
        within: Vec<Between<i64>>,
    },
    /// Whether an amount lies in one of these, by its currency. An amount of a currency that is not listed has no rate: it is
    /// unknown.
    Money {
        /// Where.
        place: Place,
        /// Minor units of each currency.
        within: Vec<(Currency, Vec<Between<i64>>)>,
    },
    /// Whether a date lies in one of these.
    Day {
        /// Where.
        place: Place,
        /// Where it may lie.
        within: Vec<Between<Date>>,
    },
    /// Whether a moment lies in one of these.
    Moment {
        /// Where.
        place: Place,
        /// Where it may lie.
        within: Vec<Between<Instant>>,
    },
    /// Whether it is due in one of these: as a date where only a date was given, else as a moment.
    Due {
        /// Dates.
        days: Vec<Between<Date>>,
        /// The same as moments.
        moments: Vec<Between<Instant>>,
    },
    /// Whether it is an open deal that was quiet for longer than its stage allows, as of that moment.
    Rotting(Instant),
}

impl Check {
    /// Where it looks, when that is one place of which something can be unknown.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        match self {
            Self::Text { place, .. }
            | Self::Link { place, .. }
            | Self::Number { place, .. }
            | Self::Money { place, .. }
            | Self::Day { place, .. }
            | Self::Moment { place, .. } => Some(*place),
            Self::Due { .. } => Some(Place::Due),
            Self::Word { .. } | Self::Known(_) | Self::Rotting(_) => None,
        }
    }
}

/// How texts are compared, both folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The wanted text stands somewhere in it.
    Contains,
    /// It is the wanted text.
    Equals,
    /// Each wanted word is a slip of the keyboard apart from one of its words, or from the beginning of one.
    Near,
}

/// A stretch of values. Both ends are in it; an end that is missing is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between<T> {
    /// The least.
    pub least: Option<T>,
    /// The greatest.
    pub most: Option<T>,
}

impl<T> Between<T> {
    /// The same stretch of something else.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Between<U> {
        Between {
            least: self.least.map(&change),
            most: self.most.map(&change),
        }
    }
}
