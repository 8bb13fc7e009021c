//! The changes of a step on their way into the log, and the step itself.

use crate::domain::command::Origin;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Receipt;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::birth::Births;
use super::{Res, Writer};

/// A change that is not yet in the log.
pub(super) struct Logged {
    pub(super) entity: Entity,
    pub(super) record: RecordId,
    last: Option<RecordId>,
    pub(super) field: Option<String>,
    old: Value,
    new: Value,
}

/// Creations of one noun that follow each other: logged as one change with their range and one hash, and a print of
/// each.
pub(super) struct Batch {
    pub(super) entity: Entity,
    first: RecordId,
    last: RecordId,
    births: Births,
}

impl Writer<'_> {
    /// Notes a change of a field or an element.
    pub(super) fn note(
        &mut self,
        entity: Entity,
        record: RecordId,
        field: impl Into<String>,
        old: Value,
        new: Value,
    ) {
        self.flush();
        self.note_touched(entity, record);
        self.log.push(Logged {
            entity,
            record,
            last: None,
            field: Some(field.into()),
            old,
            new,
        });
    }

    /// Notes a creation, in one batch with the ones of the same noun just before it.
    pub(super) fn note_creation(&mut self, entity: Entity, record: RecordId, hash: &[u8; 32]) {
        let may_join = matches!(self.origin, Origin::Import | Origin::Bulk);
        match &mut self.batch {
            Some(batch) if may_join && batch.entity == entity && batch.last.next() == record => {
                batch.last = record;
                batch.births.add(hash);
            }
            _ => {
                self.flush();
                let mut births = Births::default();
                births.add(hash);
                self.batch = Some(Batch {
                    entity,
                    first: record,
                    last: record,
                    births,
                });
            }
        }
    }

    /// Ends the batch of creations under way.
    pub(super) fn flush(&mut self) {
        let Some(batch) = self.batch.take() else {
            return;
        };
        let last = (batch.last != batch.first).then_some(batch.last);
        self.log.push(Logged {
            entity: batch.entity,
            record: batch.first,
            last,
            field: None,
            old: last.map(|_| batch.births.prints().to_owned()).into(),
            new: batch.births.hash().into(),
        });
    }

    /// Writes the step and its changes.
    pub(super) fn finish(mut self, body: &[u8; 32], now: Instant, stays: bool) -> Res<Receipt> {
        self.flush();
        let label = self.label()?;
        let kept = std::mem::take(&mut self.kept);
        let mut receipt = Receipt {
            step: self.draft.id,
            group: self.draft.group,
            label,
            seq: 0,
            created: std::mem::take(&mut self.created),
            changes: self.log.len(),
            again: false,
            kept,
        };
        if self.log.is_empty() && !stays {
            return Ok(receipt);
        }
        let n: i64 =
            self.conn
                .query_row("SELECT coalesce(max(n), 0) + 1 FROM step", [], |row| {
                    row.get(0)
                })?;
        let mut seq: i64 =
            self.conn
                .query_row("SELECT coalesce(max(seq), 0) FROM change", [], |row| {
                    row.get(0)
                })?;
        self.conn
            .prepare_cached(
                "INSERT INTO step (n, id, grp, body, rep, seat, at, committed_at, origin, label, import, undoes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(rusqlite::params![
                n,
                self.draft.id,
                self.draft.group,
                body,
                self.draft.rep.map(crate::domain::id::Id::record),
                self.seat.0,
                self.draft.at,
                now,
                self.origin.name(),
                receipt.label,
                self.draft.import,
                self.undoes.as_ref().map(|(group, _)| *group),
            ])?;
        {
            let mut insert = self.conn.prepare_cached(
                "INSERT INTO change (seq, step, entity, record, last, field, old, new) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            for logged in &self.log {
                seq += 1;
                insert.execute((
                    seq,
                    n,
                    logged.entity,
                    logged.record,
                    logged.last,
                    &logged.field,
                    &logged.old,
                    &logged.new,
                ))?;
            }
        }
        self.refresh_derived()?;
        self.conn
            .prepare_cached("UPDATE seat SET last_id = ?2, last_seen = ?3 WHERE number = ?1")?
            .execute((self.seat.0, self.last_id, now))?;
        receipt.seq = seq;
        Ok(receipt)
    }
}
