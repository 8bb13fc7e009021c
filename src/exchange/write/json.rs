//! A record as JSON.
//!
//! The id is its 13 characters, links are `{"id","name"}`, money is `{"minor","currency"}`, instants are RFC 3339 in UTC, dates
//! `YYYY-MM-DD`, sets are arrays, what is unknown is null. Names are those of the fields; custom fields stand under `custom`,
//! their moments in milliseconds.
//! What would play with a terminal is escaped.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use crate::domain::custom::CustomKind;
use crate::domain::id::RecordId;
use crate::domain::money::{Currency, Money, rate_text};
use crate::domain::nouns::{FieldDef, Kind, rate};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{CustomValue, Record};
use crate::domain::text::is_hostile;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::columns::{Out, columns, currency_of_line};

/// A JSON text in which nothing plays with the terminal that it may be printed on: C1 codes, marks of direction and the like are
/// escaped, as C0 codes are in any JSON. It means the same.
#[must_use]
pub fn harmless(json: &str) -> Cow<'_, str> {
    let is_bad = |c: char| c != '\n' && is_hostile(c);
    if json.is_ascii() && !json.contains('\u{7f}') || !json.contains(is_bad) {
        return Cow::Borrowed(json);
    }
    let mut text = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_bad(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

/// The JSON of a record; `base` is the currency of amounts whose noun has none of its own.
#[must_use]
pub fn record_json(record: &Record, base: Currency) -> Json {
    whole_json(record, &columns(record.entity, &[]), base)
}

/// [`record_json`] for many records of a noun, whose columns ([`columns`] of no records) are worked out once.
#[must_use]
pub fn whole_json(record: &Record, columns: &[Out], base: Currency) -> Json {
    let mut object = columns_json(record, columns, base);
    let custom: Map<String, Json> = record
        .custom
        .iter()
        .map(|custom| (custom.name.clone(), of_custom(custom, base)))
        .collect();
    if !custom.is_empty() {
        object.insert("custom".to_owned(), custom.into());
    }
    object.into()
}

/// The member that says which noun a line is of.
pub const NOUN: &str = "noun";

/// [`whole_json`] for who reads it back into a book: it says its noun. `columns` are those of
/// [`book_columns`](super::book_columns).
#[must_use]
pub fn book_json(record: &Record, columns: &[Out], base: Currency) -> Json {
    let mut line = Map::new();
    line.insert(NOUN.to_owned(), json!(record.entity.name()));
    if let Json::Object(members) = whole_json(record, columns, base) {
        line.extend(members);
    }
    line.into()
}

/// Some columns of a record, by their names.
#[must_use]
pub fn columns_json(record: &Record, columns: &[Out], base: Currency) -> Map<String, Json> {
    columns
        .iter()
        .map(|column| (column.name().to_owned(), member(record, column, base)))
        .collect()
}

fn member(record: &Record, column: &Out, base: Currency) -> Json {
    let moment = |at: Option<Instant>| json!(at.map(|at| at.to_string()));
    match column {
        Out::Id => json!(record.id),
        Out::CreatedAt => moment(record.created_at),
        Out::TrashedAt => moment(record.trashed_at),
        Out::State => json!(record.state.map(StageKind::name)),
        Out::Source => json!(record.source.as_ref().map(|(source, _)| source)),
        Out::SourceKey => json!(record.source.as_ref().map(|(_, key)| key)),
        Out::Set(set) => json!(record.set(*set)),
        Out::Field(field) => of_field(record, field, base),
        Out::LinkId(field) => json!(record.link::<()>(field).map(|link| link.id)),
        Out::Currency => {
            json!(currency_of_line(record, base).map(|currency| currency.code().to_owned()))
        }
        Out::Custom(name) => record
            .custom
            .iter()
            .find(|custom| custom.name == *name)
            .map_or(Json::Null, |custom| of_custom(custom, base)),
    }
}

fn of_field(record: &Record, field: &'static FieldDef, base: Currency) -> Json {
    match (field.kind, record.get(field)) {
        (_, Value::Null) => Json::Null,
        (Kind::Money, _) => json!(record.money(field, base)),
        (Kind::Ref(_), _) => json!(record.link::<()>(field)),
        (_, Value::Int(millionths)) if *field == rate::RATE => json!(rate_text(*millionths)),
        (Kind::Instant, Value::Int(millis)) => json!(Instant::from_millis(*millis).to_string()),
        (Kind::Flag, Value::Int(flag)) => json!(*flag != 0),
        (Kind::AnyRef, Value::Int(id)) => json!(RecordId::from_raw(*id)),
        (_, value) => plain(value),
    }
}

/// A custom field's content. Only what says by its form what it is differs from what the book holds: who reads a line does not know the
/// kinds of its custom fields yet, and must not take the text of one for a moment.
fn of_custom(custom: &CustomValue, base: Currency) -> Json {
    match (custom.kind, &custom.value) {
        (CustomKind::Money, Value::Int(minor)) => json!(Money::new(*minor, base)),
        (CustomKind::Flag, Value::Int(flag @ (0 | 1))) => json!(*flag == 1),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(number) => json!(number),
        Value::Text(text) => json!(text),
    }
}
