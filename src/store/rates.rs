//! The rate of a currency to the base on a day: one answer for closes and for the board.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::money::RATE_ONE;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::book::Meta;

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
    conn.prepare_cached(
        "SELECT rate FROM rate WHERE currency = ?1 AND date <= ?2 ORDER BY date DESC LIMIT 1",
    )?
    .query_row((currency, date), |row| row.get(0))
    .optional()
}
