//! The lines of a deal.

use rusqlite::Connection;

use crate::domain::id::{Id, RecordId};
use crate::domain::lines::DealLines;
use crate::domain::nouns::Entity;
use crate::domain::records::Deal;

use super::Res;
use super::list::{Loader, record, show};

/// A deal with its lines that are not in the trash, in their order.
pub(super) fn lines(conn: &Connection, deal: Id<Deal>) -> Res<Option<DealLines>> {
    let Some(of) = show(conn, Entity::Deal, deal.record())? else {
        return Ok(None);
    };
    let ids: Vec<RecordId> = conn
        .prepare_cached(
            "SELECT id FROM deal_line WHERE deal = ?1 AND trashed_at IS NULL ORDER BY position NULLS LAST, id",
        )?
        .query_map([deal.record()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut loader = Loader::new(conn, Entity::DealLine)?;
    let lines = ids
        .into_iter()
        .map(|id| record(conn, &mut loader, id))
        .collect::<Res<_>>()?;
    let prices = conn
        .prepare_cached(
            "SELECT id, price FROM product WHERE price IS NOT NULL AND trashed_at IS NULL
             AND currency = (SELECT currency FROM deal WHERE id = ?1)",
        )?
        .query_map([deal.record()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(Some(DealLines {
        deal: of,
        lines,
        prices,
    }))
}

/// The lines of deals, in the trash or not, so many at the most.
pub(super) fn of_deals(conn: &Connection, deals: &[RecordId], limit: usize) -> Res<Vec<RecordId>> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM deal_line WHERE deal = ?1 ORDER BY id")?;
    let mut lines = Vec::new();
    for deal in deals {
        for line in statement.query_map([deal], |row| row.get(0))? {
            lines.push(line?);
        }
        if lines.len() >= limit {
            break;
        }
    }
    lines.truncate(limit);
    Ok(lines)
}

/// The deal that a line is of.
pub(super) fn deal_of(conn: &Connection, line: RecordId) -> Res<RecordId> {
    Ok(conn
        .prepare_cached("SELECT deal FROM deal_line WHERE id = ?1")?
        .query_row([line], |row| row.get(0))?)
}
