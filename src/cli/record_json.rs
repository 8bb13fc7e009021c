//! A record as JSON.

use serde_json::{Map, Value as Json, json};

use super::cells::Column;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set};
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::domain::value::Value;

/// The columns of a record, each under its name.
pub fn object(record: &Record, columns: &[(&str, Column)], base: Currency) -> Json {
    let mut object = Map::new();
    for (name, column) in columns {
        object.insert((*name).to_owned(), value(record, *column, base));
    }
    object.into()
}

/// Everything that programs read of a record.
pub fn columns(entity: Entity) -> Vec<(&'static str, Column)> {
    Column::all(entity)
        .into_iter()
        .filter(|(name, _)| !matches!(*name, "position" | "name_key" | "merged_into"))
        .map(|(name, column)| match column {
            Column::Set(Set::Tag) => ("tags", column),
            Column::Set(Set::Email) => ("emails", column),
            Column::Set(Set::Phone) => ("phones", column),
            Column::Set(Set::Url) => ("urls", column),
            Column::Set(Set::Domain) => ("domains", column),
            _ => (name, column),
        })
        .collect()
}

fn value(record: &Record, column: Column, base: Currency) -> Json {
    let moment = |at: Option<Instant>| json!(at.map(|at| at.to_string()));
    match column {
        Column::Id => json!(record.id),
        Column::Created => moment(record.created_at),
        Column::Trashed => moment(record.trashed_at),
        Column::State => json!(record.state.map(crate::domain::pipeline::StageKind::name)),
        Column::Source => json!(record.source.as_ref().map(|(source, _)| source)),
        Column::SourceKey => json!(record.source.as_ref().map(|(_, key)| key)),
        Column::Version => json!(record.seq),
        Column::Set(set) => json!(record.set(set)),
        Column::Field(def) => field(record, def, base),
    }
}

fn field(record: &Record, def: &'static FieldDef, base: Currency) -> Json {
    match (def.kind, record.get(def)) {
        (_, Value::Null) => Json::Null,
        (Kind::Money, _) => json!(record.money(def, base)),
        (Kind::Ref(_), _) => json!(record.link::<()>(def)),
        (Kind::Instant, Value::Int(millis)) => json!(Instant::from_millis(*millis).to_string()),
        (Kind::Flag, Value::Int(flag)) => json!(*flag != 0),
        (_, Value::Int(number)) => json!(number),
        (_, Value::Text(text)) => json!(text),
    }
}
