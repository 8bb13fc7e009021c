//! By what two books know the same thing: where a record's id is not in the book, one that plays the same part there may be.

use std::collections::HashMap;

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, FieldDef};
use crate::domain::text::fold;
use crate::domain::value::Value;

/// Where a record came from: source, noun, key.
pub type SourceKey = (String, Entity, String);

/// The fields that tell a record of a noun from all others of it, as people see it. Two companies, contacts or deals may be called
/// the same: those are known by their ids alone.
pub(super) const fn telling(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Rep | Entity::Pipeline | Entity::LostReason => &["name"],
        Entity::Stage => &["pipeline", "name"],
        Entity::Field => &["entity", "name"],
        Entity::Product => &["name", "code"],
        Entity::View => &["screen", "name", "owner"],
        Entity::Quota => &["rep", "period"],
        Entity::Rate => &["currency", "date"],
        _ => &[],
    }
}

/// The records of the book by what tells them apart.
#[derive(Default)]
pub(super) struct Twins(HashMap<(Entity, Vec<Value>), RecordId>);

impl Twins {
    /// Takes one of the book's records in; of two that cannot be told apart the first counts.
    pub(super) fn add(&mut self, entity: Entity, id: RecordId, value: impl Fn(&FieldDef) -> Value) {
        if let Some(key) = key(entity, value) {
            self.0.entry(key).or_insert(id);
        }
    }

    /// The record that plays the same part.
    pub(super) fn find(
        &self,
        entity: Entity,
        value: impl Fn(&FieldDef) -> Value,
    ) -> Option<RecordId> {
        self.0.get(&key(entity, value)?).copied()
    }
}

fn key(entity: Entity, value: impl Fn(&FieldDef) -> Value) -> Option<(Entity, Vec<Value>)> {
    let telling = telling(entity);
    let fields = telling.iter().filter_map(|name| entity.field(name));
    let values = fields.map(|def| match value(def) {
        Value::Text(text) => Value::Text(fold(&text)),
        other => other,
    });
    (!telling.is_empty()).then(|| (entity, values.collect()))
}
