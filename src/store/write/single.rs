//! Of what there can be one only: a quota for a rep and a period, a rate for a currency and a day.

use rusqlite::OptionalExtension;

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::super::read::names;
use super::{Res, Writer, invalid};

impl Writer<'_> {
    /// Refuses a second quota or rate for what has one. Whoever undoes something is judged as well: two would mean that nobody knows
    /// which of them counts.
    pub(super) fn must_be_only(&self, entity: Entity, id: RecordId) -> Res<()> {
        let sql = match entity {
            Entity::Quota => {
                "SELECT 1 FROM quota AS own JOIN quota AS other ON other.rep = own.rep AND other.period = own.period
                 WHERE own.id = ?1 AND own.trashed_at IS NULL AND other.id <> ?1 AND other.trashed_at IS NULL"
            }
            Entity::Rate => {
                "SELECT 1 FROM rate AS own JOIN rate AS other ON other.currency = own.currency AND other.date = own.date
                 WHERE own.id = ?1 AND own.trashed_at IS NULL AND other.id <> ?1 AND other.trashed_at IS NULL"
            }
            _ => return Ok(()),
        };
        let other: Option<i64> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id], |row| row.get(0))
            .optional()?;
        if other.is_none() {
            return Ok(());
        }
        let name = names::of(self.conn, entity, id)?;
        invalid(format!(
            "There is a {entity} {name} already: change that one, or remove it first."
        ))
    }
}
