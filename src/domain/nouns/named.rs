//! The field that a command names: a column of its noun, or one that the team added.

use serde::{Deserialize, Serialize};

use super::{Entity, FieldDef};
use crate::domain::id::RecordId;

/// A field that a command names: one of the noun's own or a custom one. Serialised as `deal.amount` or `deal.custom.<id>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A column.
    Own(&'static FieldDef),
    /// A custom field of that noun, by the id of its `field` record.
    Custom(Entity, RecordId),
}

impl Field {
    /// The noun that has it.
    #[must_use]
    pub const fn entity(self) -> Entity {
        match self {
            Self::Own(def) => def.entity,
            Self::Custom(entity, _) => entity,
        }
    }

    /// Its name in the log: the column, or `custom.<id>`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Own(def) => def.name.to_owned(),
            Self::Custom(_, id) => format!("custom.{id}"),
        }
    }

    /// The field of a noun that the log names so.
    #[must_use]
    pub fn named(entity: Entity, name: &str) -> Option<Self> {
        match name.strip_prefix("custom.") {
            Some(id) => RecordId::parse(id).map(|id| Self::Custom(entity, id)),
            None => entity.field(name).map(Self::Own),
        }
    }
}

impl From<&'static FieldDef> for Field {
    fn from(def: &'static FieldDef) -> Self {
        Self::Own(def)
    }
}

impl Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{}.{}", self.entity(), self.name()))
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.split_once('.')
            .and_then(|(entity, name)| Self::named(entity.parse().ok()?, name))
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a field of the book")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::deal;

    #[test]
    fn fields_serialise_by_name() {
        for field in [
            Field::Own(&deal::AMOUNT),
            Field::Custom(Entity::Deal, RecordId::from_raw(77)),
        ] {
            let json = serde_json::to_string(&field).unwrap();
            assert_eq!(serde_json::from_str::<Field>(&json).unwrap(), field);
        }
        assert!(serde_json::from_str::<Field>("\"deal.colour\"").is_err());
    }
}
