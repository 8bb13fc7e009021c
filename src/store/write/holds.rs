//! What a field or a set says by the changes that hold, some acts between them taken back: what an undo goes back to and a redo
//! comes to.
//!
//! What a change found there when it was written is not it: that may stem from an act that was itself taken back since, while this
//! one stood over it and left it nothing to write.

use std::sync::LazyLock;

use rusqlite::OptionalExtension;

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set};
use crate::domain::resolve::TRASHED;
use crate::domain::value::Value;

use super::sets::element_key;
use super::undo::{Group, Past};
use super::{Res, Writer};

/// Whether a change (of `change` and `step`) is of an act that holds. Of a bulk act or an import the undo or redo that last wrote on the
/// record decides; an undo that wrote nothing there took it back where all stood already as it had been, and else kept the record. For
/// the order of cards nobody's record is kept.
static HOLDS: LazyLock<String> = LazyLock::new(|| {
    let sets = Set::ALL.map(|set| format!("'{}'", set.name())).join(", ");
    format!("origin NOT IN ('undo', 'redo') AND
     CASE WHEN origin IN ('bulk', 'import') AND field IS NOT 'position' THEN coalesce(
         (SELECT later.origin = 'redo' FROM change AS back JOIN step AS later ON later.n = back.step
          WHERE back.entity = change.entity AND back.record = change.record AND later.origin IN ('undo', 'redo')
          AND (later.undoes = step.grp OR (SELECT undo.undoes FROM step AS undo WHERE undo.grp = later.undoes LIMIT 1) = step.grp)
          ORDER BY back.seq DESC LIMIT 1), TRUE)
         AND (undone_by IS NULL OR EXISTS (
             SELECT 1 FROM change AS own JOIN step AS act ON act.n = own.step
             WHERE own.entity = change.entity AND own.record = change.record AND own.field IS NOT NULL AND act.grp = step.grp
             AND own.old IS NOT (
                 SELECT earlier.new FROM change AS earlier
                 WHERE earlier.entity = own.entity AND earlier.record = own.record AND earlier.field = own.field
                 AND earlier.step < (SELECT undo.n FROM step AS undo WHERE undo.id = step.undone_by)
                 AND (own.field NOT IN ({sets})
                      OR coalesce(earlier.new, earlier.old) = coalesce(own.new, own.old))
                 ORDER BY earlier.seq DESC LIMIT 1)))
     ELSE undone_by IS NULL END")
});

/// The creation of a record (?1, ?2) and the `undo` that took it back. Each half by its own index: together they would be looked for
/// among all changes of the noun.
pub(super) const UNMADE: &str = "(
         SELECT step FROM change WHERE entity = ?1 AND record = ?2 AND field IS NULL
         UNION ALL SELECT step FROM change WHERE entity = ?1 AND record < ?2 AND last >= ?2 AND field IS NULL
             AND (record >> 12) & 1023 = (?2 >> 12) & 1023
     ) AS made JOIN step ON step.n = made.step JOIN step AS undo ON undo.id = step.undone_by";

impl Writer<'_> {
    /// What a field holds where a change of it is taken back: what was there before, of changes that hold. Done again, it is what the
    /// last change that holds wrote.
    pub(super) fn held(&self, group: &Group, past: &Past, field: &str) -> Res<Value> {
        let (entity, record) = (past.entity, past.record);
        let held: Option<Value> = self
            .conn
            .prepare_cached(&format!(
                "SELECT new FROM change JOIN step ON step.n = change.step
                 WHERE entity = ?1 AND record = ?2 AND field = ?3 AND seq < ?4 AND grp <> ?5 AND (grp = ?6 OR {}) ORDER BY seq DESC LIMIT 1",
                *HOLDS
            ))?
            .query_row(
                (entity, record, field, group.before(past), group.id, group.again),
                |row| row.get(0),
            )
            .optional()?;
        match held {
            Some(held) => Ok(held),
            // It was put there with the creation, by which it goes and comes.
            None if field == TRASHED && self.was_never_made(entity, record)? => Ok(past.old.clone()),
            None => Ok(self
                .conn
                .prepare_cached("SELECT old FROM change WHERE entity = ?1 AND record = ?2 AND field = ?3 ORDER BY seq LIMIT 1")?
                .query_row((entity, record, field), |row| row.get(0))?),
        }
    }

    /// Whether the creation of a record is taken back, which put it into the trash.
    fn was_never_made(&self, entity: Entity, record: RecordId) -> Res<bool> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT 1 FROM {UNMADE}
                 JOIN change AS trash ON trash.step = undo.n AND trash.entity = ?1 AND trash.record = ?2 AND trash.field = ?3 LIMIT 1"
            ))?
            .exists((entity, record, TRASHED))?)
    }

    /// The element of a change as it stands in its set where the change is taken back or done again, like [`held`](Self::held). `None`
    /// where it is not in it.
    pub(super) fn held_element(
        &self,
        group: &Group,
        past: &Past,
        set: Set,
        element: &str,
    ) -> Res<Option<String>> {
        let key = element_key(set, element)?;
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT old, new, seq < ?4 AND grp <> ?5 AND (grp IS ?6 OR {}) FROM change JOIN step ON step.n = change.step
             WHERE entity = ?1 AND record = ?2 AND field = ?3 ORDER BY seq",
            *HOLDS
        ))?;
        let mut rows = statement.query((
            past.entity,
            past.record,
            set.name(),
            group.before(past),
            group.id,
            group.again,
        ))?;
        let mut held = None;
        while let Some(row) = rows.next()? {
            let (old, new): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
            let of = old.as_ref().or(new.as_ref());
            if of.is_none_or(|of| element_key(set, of).is_ok_and(|of| of != key)) {
                continue;
            }
            if row.get(2)? {
                held = Some(new);
            } else if held.is_none() {
                held = Some(old);
            }
        }
        Ok(held.flatten())
    }
}
