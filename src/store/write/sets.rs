//! Tags, addresses, numbers, domains: sets that change element by element, so that two people who add never meet.

use rusqlite::OptionalExtension;

use crate::domain::id::RecordId;
use crate::domain::identity::{domain_key, email_key, phone_key};
use crate::domain::nouns::{Entity, Set};
use crate::domain::text::{clean_line, fold};
use crate::domain::value::Value;

use super::super::error::StoreError;
use super::{Res, Writer, invalid};

/// The element as it is kept: as written, and the key that makes two spellings one.
pub(in crate::store) fn element_of(
    set: Set,
    written: &str,
) -> Result<(String, String), StoreError> {
    let value = clean_line(written);
    let fault = |what: String| StoreError::Invalid {
        field: Some(set.name().to_owned()),
        what,
    };
    if value.is_empty() {
        return Err(fault(format!("A {} cannot be empty.", set.name())));
    }
    let key = match set {
        Set::Tag => Some(fold(&value)),
        Set::Email => email_key(&value),
        Set::Phone => phone_key(&value),
        Set::Url => Some(value.trim_end_matches('/').to_lowercase()),
        Set::Domain => domain_key(&value),
    };
    match key {
        Some(key) => Ok((value, key)),
        None => Err(fault(match set {
            Set::Email => {
                format!("`{value}` is not an e-mail address: one is written name@example.org.")
            }
            Set::Phone => {
                format!("`{value}` is not a phone number: it needs three digits or more.")
            }
            _ => format!("`{value}` is not an internet domain: one is written example.org."),
        })),
    }
}

/// What makes two spellings of an element one.
pub(super) fn element_key(set: Set, written: &str) -> Result<String, StoreError> {
    element_of(set, written).map(|(_, key)| key)
}

impl Writer<'_> {
    pub(super) fn add_element(
        &mut self,
        entity: Entity,
        id: RecordId,
        set: Set,
        written: &str,
    ) -> Res<()> {
        let row = self.row(entity, id)?;
        if self.is_trashed(entity, id, &row, true)? {
            return Ok(());
        }
        if let Some(value) = self.insert_element(entity, id, set, written)? {
            self.note(entity, id, set.name(), Value::Null, value.into());
        }
        Ok(())
    }

    pub(super) fn remove_element(
        &mut self,
        entity: Entity,
        id: RecordId,
        set: Set,
        written: &str,
    ) -> Res<()> {
        let row = self.row(entity, id)?;
        if self.is_trashed(entity, id, &row, true)? {
            return Ok(());
        }
        self.take_element(entity, id, set, written)
    }

    /// Takes an element out of a record, in the trash or not.
    pub(super) fn take_element(
        &mut self,
        entity: Entity,
        id: RecordId,
        set: Set,
        written: &str,
    ) -> Res<()> {
        if let Some(value) = self.delete_element(entity, id, set, written)? {
            self.note(entity, id, set.name(), value.into(), Value::Null);
        }
        Ok(())
    }

    /// Puts an element in; what is there already (in any spelling) stays as it is, and nothing is returned.
    pub(super) fn insert_element(
        &mut self,
        entity: Entity,
        id: RecordId,
        set: Set,
        written: &str,
    ) -> Res<Option<String>> {
        if !set.is_of(entity) {
            return invalid(format!("A {entity} has no {}s.", set.name()));
        }
        let (value, key) = element_of(set, written)?;
        let added = match set {
            Set::Tag => self
                .conn
                .prepare_cached("INSERT OR IGNORE INTO tag (entity, record, value, key) VALUES (?1, ?2, ?3, ?4)")?
                .execute((entity, id, &value, &key))?,
            Set::Domain => self
                .conn
                .prepare_cached("INSERT OR IGNORE INTO domain (company, value, key) VALUES (?1, ?2, ?3)")?
                .execute((id, &value, &key))?,
            Set::Email | Set::Phone | Set::Url => self
                .conn
                .prepare_cached("INSERT OR IGNORE INTO identifier (contact, kind, value, key) VALUES (?1, ?2, ?3, ?4)")?
                .execute((id, set.name(), &value, &key))?,
        };
        Ok((added > 0).then_some(value))
    }

    /// Takes an element out, in whatever spelling, and returns it as it was written.
    fn delete_element(
        &mut self,
        entity: Entity,
        id: RecordId,
        set: Set,
        written: &str,
    ) -> Res<Option<String>> {
        if !set.is_of(entity) {
            return invalid(format!("A {entity} has no {}s.", set.name()));
        }
        let (_, key) = element_of(set, written)?;
        let removed = match set {
            Set::Tag => self
                .conn
                .prepare_cached("DELETE FROM tag WHERE entity = ?1 AND record = ?2 AND key = ?3 RETURNING value")?
                .query_row((entity, id, &key), |row| row.get(0)),
            Set::Domain => self
                .conn
                .prepare_cached("DELETE FROM domain WHERE company = ?1 AND key = ?2 RETURNING value")?
                .query_row((id, &key), |row| row.get(0)),
            Set::Email | Set::Phone | Set::Url => self
                .conn
                .prepare_cached("DELETE FROM identifier WHERE contact = ?1 AND kind = ?2 AND key = ?3 RETURNING value")?
                .query_row((id, set.name(), &key), |row| row.get(0)),
        };
        Ok(removed.optional()?)
    }

    /// Whether an element is in, in whatever spelling.
    pub(super) fn has_element(
        &self,
        entity: Entity,
        id: RecordId,
        set: Set,
        written: &str,
    ) -> Res<bool> {
        let (_, key) = element_of(set, written)?;
        Ok(match set {
            Set::Tag => self
                .conn
                .prepare_cached("SELECT 1 FROM tag WHERE entity = ?1 AND record = ?2 AND key = ?3")?
                .exists((entity, id, &key))?,
            Set::Domain => self
                .conn
                .prepare_cached("SELECT 1 FROM domain WHERE company = ?1 AND key = ?2")?
                .exists((id, &key))?,
            Set::Email | Set::Phone | Set::Url => self
                .conn
                .prepare_cached(
                    "SELECT 1 FROM identifier WHERE contact = ?1 AND kind = ?2 AND key = ?3",
                )?
                .exists((id, set.name(), &key))?,
        })
    }
}
