//! What happened, and what is planned, with a deal, contact or company.

use rusqlite::Connection;

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;

use super::super::error::StoreError;
use super::Res;
use super::list::{Loader, record};

/// Planned activities first (the earliest on top), then what was done, the newest first.
pub(super) fn timeline(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
    limit: usize,
) -> Res<Vec<Record>> {
    let column = match entity {
        Entity::Deal | Entity::Contact | Entity::Company => entity.name(),
        other => return Err(StoreError::invalid(format!("A {other} has no timeline.")).into()),
    };
    let sql = format!(
        "SELECT id FROM activity WHERE {column} = ?1 AND trashed_at IS NULL
         ORDER BY done_at IS NOT NULL, CASE WHEN done_at IS NULL THEN coalesce(due_at / 86400000, unixepoch(due_date) / 86400, 1e9) END,
             due_at, done_at DESC, id DESC LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ids: Vec<RecordId> = conn
        .prepare_cached(&sql)?
        .query_map((id, limit), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut loader = Loader::new(conn, Entity::Activity)?;
    ids.into_iter()
        .map(|id| record(conn, &mut loader, id))
        .collect()
}
