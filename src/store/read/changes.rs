//! The feed: what is in the log after a `seq`, in the order of the book. What a newer program wrote of nouns that this one does not
//! know is left out; of an origin that is not known it says that a rule did it.

use rusqlite::Connection;

use crate::domain::command::Origin;
use crate::domain::id::Id;
use crate::domain::outcome::Change;

use super::super::sql::lenient;
use super::super::tables::NOUNS;
use super::Res;

pub(super) fn changes(conn: &Connection, after: i64, limit: usize) -> Res<Vec<Change>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT seq, step.id, step.rep, coalesce(rep.name, seat.os_user), step.at, origin, label, step.seat, entity, record, last, field, old, new
         FROM change JOIN step ON step.n = change.step JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
         WHERE seq > ?1 AND entity IN {} ORDER BY seq LIMIT ?2",
        NOUNS.as_str()
    ))?;
    let rows = statement.query_map((after, i64::try_from(limit).unwrap_or(i64::MAX)), |row| {
        let origin: String = row.get(5)?;
        Ok(Change {
            seq: row.get(0)?,
            step: row.get(1)?,
            rep: row.get::<_, Option<i64>>(2)?.map(Id::from_raw),
            by: row.get(3)?,
            at: row.get(4)?,
            origin: Origin::named(&origin).unwrap_or(Origin::Rule),
            label: row.get(6)?,
            seat: row.get(7)?,
            entity: row.get(8)?,
            record: row.get(9)?,
            last: row.get(10)?,
            field: row.get(11)?,
            old: lenient(row, 12)?,
            new: lenient(row, 13)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
