//! What the book says of itself.

use std::path::Path;

use rusqlite::Connection;

use crate::domain::nouns::ENTITIES;

use super::super::book::Meta;
use super::super::query::BookInfo;
use super::super::sql::quoted;
use super::Res;

pub(super) fn info(conn: &Connection, meta: &Meta, path: &Path) -> Res<BookInfo> {
    let one = |text: &str| conn.query_row(text, [], |row| row.get::<_, i64>(0));
    let version: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut counts = Vec::new();
    for entity in ENTITIES {
        let count = one(&format!(
            "SELECT count(*) FROM {} WHERE trashed_at IS NULL",
            quoted(entity.name())
        ))?;
        counts.push((*entity, count.unsigned_abs()));
    }
    Ok(BookInfo {
        path: path.to_owned(),
        book: meta.book,
        schema: (version / 1000, version % 1000),
        epoch: meta.epoch,
        name: meta.name.clone(),
        base: meta.base,
        zone: meta.zone,
        fiscal_start: meta.fiscal_start,
        seq: last_seq(conn)?,
        counts,
        steps: one("SELECT count(*) FROM step")?.unsigned_abs(),
        bytes: (one("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?)
            .unsigned_abs(),
        journal_mode: conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        pending_links: one("SELECT count(*) FROM pending_link WHERE trashed_at IS NULL")?
            .unsigned_abs(),
    })
}

/// The last `seq` of the log.
pub(super) fn last_seq(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM change")?
        .query_row([], |row| row.get(0))
}
