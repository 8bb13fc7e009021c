//! Reading rows and log side by side, in the order of their records, without holding more than one record.

use rusqlite::{Row as SqlRow, Rows};

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::sql::{lenient, quoted};
use super::super::tables::{Row, column};

/// One change of one record.
pub(super) struct Line {
    pub record: RecordId,
    pub last: Option<RecordId>,
    pub field: Option<String>,
    pub old: Value,
    pub new: Value,
    pub step: i64,
}

/// A row of a noun's table.
pub(super) struct Stored {
    pub id: RecordId,
    pub row: Row,
}

/// An element of a set of one record.
pub(super) struct Element {
    pub record: RecordId,
    pub set: Set,
    pub key: String,
    pub value: String,
}

/// Rows of a statement that are sorted by record, one looked at ahead.
pub(super) struct Ahead<'s, T> {
    rows: Rows<'s>,
    read: fn(&SqlRow<'_>) -> rusqlite::Result<T>,
    record: fn(&T) -> RecordId,
    next: Option<T>,
}

impl<'s, T> Ahead<'s, T> {
    pub fn new(
        rows: Rows<'s>,
        read: fn(&SqlRow<'_>) -> rusqlite::Result<T>,
        record: fn(&T) -> RecordId,
    ) -> rusqlite::Result<Self> {
        let mut ahead = Self {
            rows,
            read,
            record,
            next: None,
        };
        ahead.step()?;
        Ok(ahead)
    }

    fn step(&mut self) -> rusqlite::Result<Option<T>> {
        let next = match self.rows.next()? {
            Some(row) => Some((self.read)(row)?),
            None => None,
        };
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// The record of the next row.
    pub fn record(&self) -> Option<RecordId> {
        self.next.as_ref().map(self.record)
    }

    /// The next row, where it is of this record.
    pub fn take(&mut self, record: RecordId) -> rusqlite::Result<Option<T>> {
        if self.record() == Some(record) {
            self.step()
        } else {
            Ok(None)
        }
    }

    /// The next row, where it is of a record before this one; of any, without one.
    pub fn take_before(&mut self, record: Option<RecordId>) -> rusqlite::Result<Option<T>> {
        match (self.record(), record) {
            (Some(next), Some(record)) if next >= record => Ok(None),
            _ => self.step(),
        }
    }
}

fn text(row: &SqlRow<'_>, place: usize) -> rusqlite::Result<String> {
    Ok(match lenient(row, place)? {
        Value::Text(text) => text,
        Value::Int(number) => number.to_string(),
        Value::Null => String::new(),
    })
}

/// Every row of a noun.
pub(super) fn rows_sql(entity: Entity, minor: u32) -> String {
    let custom = if entity.has_custom() {
        "custom"
    } else {
        "'{}'"
    };
    let mut columns = String::new();
    for def in entity.fields() {
        columns.push_str(", ");
        columns.push_str(&column(def, minor));
    }
    format!(
        "SELECT id, created_at, trashed_at, {custom}{columns} FROM {} ORDER BY id",
        quoted(entity.name())
    )
}

pub(super) fn stored(row: &SqlRow<'_>) -> rusqlite::Result<Stored> {
    let columns = row.as_ref().column_count();
    Ok(Stored {
        id: row.get(0)?,
        row: Row {
            created_at: row.get::<_, Option<Instant>>(1)?,
            trashed_at: row.get(2)?,
            custom: text(row, 3)?,
            values: (4..columns)
                .map(|place| lenient(row, place))
                .collect::<Result<_, _>>()?,
        },
    })
}

/// Every change of a noun, by record and field, in the order of the book; a creation comes before what was done to the record.
pub(super) const CHANGES: &str = "SELECT record, last, field, old, new, step FROM change WHERE entity = ?1 ORDER BY record, field, seq";

pub(super) fn line(row: &SqlRow<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        record: row.get(0)?,
        last: row.get(1)?,
        field: row.get(2)?,
        old: lenient(row, 3)?,
        new: lenient(row, 4)?,
        step: row.get(5)?,
    })
}

/// Every element of the sets of a noun; `None` where it has none.
pub(super) fn elements_sql(entity: Entity) -> Option<String> {
    let tags = format!("SELECT record, 'tag', key, value FROM tag WHERE entity = '{entity}'");
    let own = match entity {
        Entity::Contact => {
            "SELECT contact, kind, key, value FROM identifier WHERE kind IN ('email', 'phone', 'url')"
        }
        Entity::Company => "SELECT company, 'domain', key, value FROM domain",
        Entity::Deal => return Some(format!("{tags} ORDER BY record")),
        _ => return None,
    };
    Some(format!("{tags} UNION ALL {own} ORDER BY 1"))
}

pub(super) fn element(row: &SqlRow<'_>) -> rusqlite::Result<Element> {
    Ok(Element {
        record: row.get(0)?,
        // The statement names no other.
        set: Set::named(&text(row, 1)?).unwrap_or(Set::Tag),
        key: text(row, 2)?,
        value: text(row, 3)?,
    })
}
