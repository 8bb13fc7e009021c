//! The log as people undo it: group by group, the newest first.

use rusqlite::Connection;

use crate::domain::command::Origin;
use crate::domain::outcome::StepGroup;

use super::Res;

pub(super) fn groups(conn: &Connection, limit: usize) -> Res<Vec<StepGroup>> {
    // Of a group the last step tells its place, its author and its words; the grouping runs over the index of groups.
    let mut statement = conn.prepare_cached(
        "SELECT step.grp, coalesce(rep.name, seat.os_user), step.at, step.origin, step.label, step.undone_by IS NOT NULL,
                (SELECT count(*) FROM change JOIN step AS own ON own.n = change.step WHERE own.grp = step.grp)
         FROM (SELECT max(n) AS n FROM step GROUP BY grp ORDER BY 1 DESC LIMIT ?1) AS last
         JOIN step ON step.n = last.n JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
         ORDER BY step.n DESC",
    )?;
    let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        let origin: String = row.get(3)?;
        let changes: i64 = row.get(6)?;
        Ok(StepGroup {
            group: row.get(0)?,
            by: row.get(1)?,
            at: row.get(2)?,
            origin: Origin::named(&origin).unwrap_or(Origin::Rule),
            label: row.get(4)?,
            undone: row.get(5)?,
            changes: u64::try_from(changes).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
