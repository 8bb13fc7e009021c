//! What one field of one record can hold.

use serde::{Deserialize, Serialize};

use super::id::{Id, RecordId};
use super::time::{Date, Instant};

/// The content of a field as the book stores it. There are no fractions: money is minor units, a probability is whole percent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(untagged)]
pub enum Value {
    /// Unknown. Not zero, not empty.
    #[default]
    Null,
    /// A number, an instant (milliseconds UTC), a reference (raw id), yes (1) or no (0).
    Int(i64),
    /// Text, a choice, a date (`YYYY-MM-DD`), a currency.
    Text(String),
}

impl Value {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The number, where it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Int(i64::from(yes))
    }
}
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<Instant> for Value {
    fn from(at: Instant) -> Self {
        Self::Int(at.millis())
    }
}
impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Text(date.format("%Y-%m-%d").to_string())
    }
}
impl From<RecordId> for Value {
    fn from(id: RecordId) -> Self {
        Self::Int(id.raw())
    }
}
impl<T> From<Id<T>> for Value {
    fn from(id: Id<T>) -> Self {
        Self::Int(id.raw())
    }
}
impl<V: Into<Self>> From<Option<V>> for Value {
    fn from(known: Option<V>) -> Self {
        known.map_or(Self::Null, Into::into)
    }
}
