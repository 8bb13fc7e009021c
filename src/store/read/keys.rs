//! What a list is sorted by that is no column of its noun: the first of several, a custom field.

use crate::domain::nouns::{Entity, Set};
use crate::domain::view::custom_of;

use super::super::sql::quoted;

/// The expression of a key of an order; `None` where the noun has no such key.
pub(super) fn derived(entity: Entity, name: &str) -> Option<String> {
    let table = quoted(entity.name());
    match name {
        "source" if entity != Entity::View => {
            return Some(format!(
                "(SELECT fold(source) FROM source_record WHERE entity = '{}' AND record = {table}.id ORDER BY id LIMIT 1)",
                entity.name()
            ));
        }
        _ => {}
    }
    if let Some(field) = custom_of(name).filter(|_| entity.has_custom()) {
        let value = format!("json_extract({table}.custom, '$.\"{field}\"')");
        return Some(format!(
            "CASE typeof({value}) WHEN 'text' THEN fold({value}) ELSE {value} END"
        ));
    }
    let set = SETS
        .iter()
        .find(|(plural, set)| set.is_of(entity) && (*plural == name || set.name() == name))?;
    Some(first(entity, set.1))
}

/// How sets are called as columns.
const SETS: [(&str, Set); 5] = [
    ("emails", Set::Email),
    ("phones", Set::Phone),
    ("urls", Set::Url),
    ("domains", Set::Domain),
    ("tags", Set::Tag),
];

/// The first element of a set, in order of entry.
fn first(entity: Entity, set: Set) -> String {
    let table = quoted(entity.name());
    match set {
        Set::Tag => format!(
            "(SELECT fold(value) FROM tag WHERE entity = '{}' AND record = {table}.id ORDER BY tag.id LIMIT 1)",
            entity.name()
        ),
        Set::Domain => format!(
            "(SELECT fold(value) FROM domain WHERE company = {table}.id ORDER BY domain.id LIMIT 1)"
        ),
        Set::Email | Set::Phone | Set::Url => format!(
            "(SELECT fold(value) FROM identifier WHERE contact = {table}.id AND kind = '{}' ORDER BY identifier.id LIMIT 1)",
            set.name()
        ),
    }
}
