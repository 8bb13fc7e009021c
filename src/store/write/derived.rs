//! What follows from the log and is kept only to be read fast: a deal's and a contact's last touch, a deal's next step. Never
//! compared, never logged: computed anew for every record that a step may have moved.

use std::sync::LazyLock;

use rusqlite::Connection;

use crate::domain::command::Origin;
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, activity};
use crate::domain::time::Instant;

use super::super::tables::{self, Row};
use super::{Res, Writer};

/// The minor of the schema since which a deal keeps when it was touched last in the book that it was brought from.
const BROUGHT_SINCE: u32 = 1;

/// The last touch of a deal, as SQL, of the one that `id` names. Reports, "Rotting": a touch is a done activity, a human edit or a
/// stage move; imports, bulk acts and rules do not touch. An act that was taken back touched nothing. A deal that was brought from
/// another book was touched there last, too: a book of this minor knows when.
pub(in crate::store) fn deal_touch(id: &str, minor: u32) -> String {
    let before = if minor < BROUGHT_SINCE {
        String::new()
    } else {
        format!("UNION ALL SELECT touched_before FROM deal WHERE id = {id}")
    };
    format!(
        "(SELECT max(at) FROM (
            SELECT max(done_at) AS at FROM activity WHERE deal = {id} AND trashed_at IS NULL
            UNION ALL
            SELECT max(step.at) FROM change JOIN step ON step.n = change.step
            WHERE entity = 'deal' AND record = {id} AND origin = 'human' AND undone_by IS NULL
            {before}))"
    )
}

/// Keeps the last touch of a deal in the book that it is brought from.
pub(super) fn bring_touch(conn: &Connection, deal: RecordId, at: Instant) -> rusqlite::Result<()> {
    if tables::minor(conn)? >= BROUGHT_SINCE {
        conn.prepare_cached("UPDATE deal SET touched_before = ?2, last_touch = ?2 WHERE id = ?1")?
            .execute((deal, at))?;
    }
    Ok(())
}

/// The next step of a deal, as SQL: the planned activity that is due first. The index is named here and wherever what is planned of
/// one record is asked for: SQLite would take the one of all that is planned, which covers the question and is far longer.
pub(in crate::store) fn deal_next_step(id: &str) -> String {
    format!(
        "(SELECT id FROM activity INDEXED BY activity_deal WHERE deal = {id} AND trashed_at IS NULL AND done_at IS NULL
          ORDER BY coalesce(due_at / 86400000, unixepoch(due_date) / 86400, 1e9), due_at, id LIMIT 1)"
    )
}

/// The last touch of a contact, as SQL.
pub(in crate::store) fn contact_touch(id: &str) -> String {
    format!("(SELECT max(done_at) FROM activity WHERE contact = {id} AND trashed_at IS NULL)")
}

/// All of a deal's, from its whole history, without and with what stood in the log of another book.
static DEAL: LazyLock<[String; 2]> = LazyLock::new(|| {
    [0, BROUGHT_SINCE].map(|minor| {
        format!(
            "UPDATE deal SET last_touch = {}, next_step = {} WHERE id = ?1",
            deal_touch("?1", minor),
            deal_next_step("?1")
        )
    })
});

/// The same where the last touch is known.
static DEAL_TOUCHED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE deal SET last_touch = ?2, next_step = {} WHERE id = ?1",
        deal_next_step("?1")
    )
});

static CONTACT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE contact SET last_touch = {} WHERE id = ?1",
        contact_touch("?1")
    )
});

impl Writer<'_> {
    /// Notes whose derived values a change of this record may move.
    pub(super) fn note_stale(&mut self, entity: Entity, id: RecordId, row: &Row, created: bool) {
        match entity {
            Entity::Deal if !(created && self.origin == Origin::Import) => {
                self.note_touched(entity, id);
            }
            Entity::Activity => {
                // What counted until now may count no more, or for another.
                let gone = row.get(&activity::DONE_AT).as_int().filter(|_| !created);
                for (noun, def) in [
                    (Entity::Deal, &activity::DEAL),
                    (Entity::Contact, &activity::CONTACT),
                ] {
                    if let Some(of) = row.get(def).as_int() {
                        let stale = self.stale.entry((noun, RecordId::from_raw(of)));
                        let latest = stale.or_default();
                        *latest = gone.max(*latest);
                    }
                }
            }
            _ => {}
        }
    }

    /// Notes that a change of this record counts as a touch, or that one that did was taken back.
    pub(super) fn note_touched(&mut self, entity: Entity, id: RecordId) {
        if entity == Entity::Deal {
            self.stale.entry((entity, id)).or_default();
        }
    }

    /// Computes them, once the step and its changes stand in the log.
    pub(super) fn refresh_derived(&mut self) -> Res<()> {
        for ((entity, id), gone) in std::mem::take(&mut self.stale) {
            if entity == Entity::Deal {
                self.refresh_deal(id, gone)?;
            } else {
                self.conn.prepare_cached(&CONTACT)?.execute([id])?;
            }
        }
        Ok(())
    }

    /// Computes those of a deal; `gone` is the latest touch by an activity that may count no more. The deal's history, which grows
    /// for as long as it is worked on, is read only where that touch may have been the last one, and by an undo or redo, which
    /// changes what counts of it.
    fn refresh_deal(&self, id: RecordId, gone: Option<i64>) -> Res<()> {
        let (before, done): (Option<i64>, Option<i64>) = self
            .conn
            .prepare_cached(
                "SELECT last_touch, (SELECT max(done_at) FROM activity WHERE deal = ?1 AND trashed_at IS NULL)
                 FROM deal WHERE id = ?1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let touches = self.origin == Origin::Human
            && (self.log.iter()).any(|logged| (logged.entity, logged.record) == (Entity::Deal, id));
        let now = done.max(touches.then(|| self.draft.at.millis()));
        let rewrites = matches!(self.origin, Origin::Undo | Origin::Redo);
        // Nothing that counted before was later than `before`. An unknown moment comes before all others.
        if rewrites || (now < before && gone >= before) {
            let brought = tables::minor(self.conn)? >= BROUGHT_SINCE;
            let text = &DEAL[usize::from(brought)];
            self.conn.prepare_cached(text)?.execute([id])?;
        } else {
            let touch = now.max(before);
            self.conn
                .prepare_cached(&DEAL_TOUCHED)?
                .execute((id, touch))?;
        }
        Ok(())
    }
}
