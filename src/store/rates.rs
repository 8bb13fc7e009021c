//! The rate of a currency to the base on a day: one answer for closes and for the board.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::money::RATE_ONE;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::book::Meta;
use super::tables;

/// In millionths; `None` where no rate is known for that day. Never one for one.
pub(super) fn on(
    conn: &Connection,
    meta: &Meta,
    currency: &str,
    at: Instant,
) -> rusqlite::Result<Option<i64>> {
    if currency == meta.base.code() {
        return Ok(Some(RATE_ONE));
    }
    let date = Value::from(at.date(meta.zone));
    let alive = alive(conn)?;
    conn.prepare_cached(&format!(
        "SELECT rate FROM rate WHERE currency = ?1 AND date <= ?2 AND {alive} ORDER BY date DESC LIMIT 1"
    ))?
    .query_row((currency, date), |row| row.get(0))
    .optional()
}

/// Which rates count, as a condition: those that are not in the trash, which a book of schema 1.0 has none for.
pub(super) fn alive(conn: &Connection) -> rusqlite::Result<&'static str> {
    let kept_as_record = !tables::lacks(conn, Entity::Rate)?;
    Ok(if kept_as_record {
        "trashed_at IS NULL"
    } else {
        "1"
    })
}
