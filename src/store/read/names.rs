//! What people call a record, its version, and who changed it last.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::custom::CustomKind;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;

use super::super::sql::quoted;
use super::super::tables;

/// What people call a record, as SQL over a row of its table; `None` where it is called by its id.
pub(in crate::store) fn label(entity: Entity) -> Option<String> {
    match entity {
        Entity::Quota => Some(
            "(SELECT rep.name FROM rep WHERE rep.id = quota.rep) || ' ' || quota.period".to_owned(),
        ),
        Entity::DealLine => Some(
            "coalesce(deal_line.text, (SELECT product.name FROM product WHERE product.id = deal_line.product))"
                .to_owned(),
        ),
        Entity::Rate => Some("rate.currency || ' ' || rate.date".to_owned()),
        _ => entity.label_field().map(quoted),
    }
}

/// The name of a record, or its id where it has none.
pub(in crate::store) fn of(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> rusqlite::Result<String> {
    Ok(standing(conn, entity, id)?.0)
}

/// The same, and whether the record is in the trash.
pub(in crate::store) fn standing(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> rusqlite::Result<(String, bool)> {
    let label = label(entity);
    if tables::lacks(conn, entity)? {
        return Ok((id.to_string(), false));
    }
    let text = format!(
        "SELECT {}, trashed_at IS NOT NULL FROM {} WHERE id = ?1",
        label.as_deref().unwrap_or("NULL"),
        quoted(entity.name())
    );
    let found: Option<(Option<String>, bool)> = conn
        .prepare_cached(&text)?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (name, gone) = found.unwrap_or_default();
    Ok((name.unwrap_or_else(|| id.to_string()), gone))
}

/// What people call a custom field, and what it holds.
pub(in crate::store) fn custom(
    conn: &Connection,
    field: RecordId,
) -> rusqlite::Result<(String, CustomKind)> {
    let kind: Option<String> = conn
        .prepare_cached("SELECT kind FROM field WHERE id = ?1")?
        .query_row([field], |row| row.get(0))
        .optional()?;
    let kind = CustomKind::named(kind.as_deref().unwrap_or_default());
    Ok((of(conn, Entity::Field, field)?, kind))
}

/// The `seq` of a record's last change: its version. 0 where the log does not know it.
pub(in crate::store) fn version(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> rusqlite::Result<i64> {
    let own: Option<i64> = conn
        .prepare_cached("SELECT max(seq) FROM change WHERE entity = ?1 AND record = ?2")?
        .query_row((entity, id), |row| row.get(0))?;
    match own {
        Some(seq) => Ok(seq),
        None => Ok(creation(conn, entity, id)?.unwrap_or(0)),
    }
}

/// The `seq` of the batch that a record came in. Batches of two seats may overlap in time, so the seat is compared as well.
pub(in crate::store) fn creation(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "SELECT seq FROM change WHERE entity = ?1 AND record <= ?2 AND last >= ?2 AND last IS NOT NULL
         AND (record >> 12) & 1023 = (?2 >> 12) & 1023 ORDER BY record DESC LIMIT 1",
    )?
    .query_row((entity, id), |row| row.get(0))
    .optional()
}

/// Who changed a field last, and when; where the log has no change of the field, who made the record.
pub(in crate::store) fn last_author(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
    field: &str,
) -> rusqlite::Result<(Option<String>, Option<Instant>)> {
    let text = "SELECT coalesce(rep.name, seat.os_user), step.at FROM change JOIN step ON step.n = change.step
        JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep";
    let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let of_field = conn
        .prepare_cached(&format!(
            "{text} WHERE entity = ?1 AND record = ?2 AND (field = ?3 OR ?3 = 'seq') ORDER BY seq DESC LIMIT 1"
        ))?
        .query_row((entity, id, field), pair)
        .optional()?;
    if let Some(found) = of_field {
        return Ok(found);
    }
    let seq = version(conn, entity, id)?;
    Ok(conn
        .prepare_cached(&format!("{text} WHERE seq = ?1"))?
        .query_row([seq], pair)
        .optional()?
        .unwrap_or((None, None)))
}
