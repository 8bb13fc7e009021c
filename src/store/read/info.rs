//! What the book says of itself.

use std::path::Path;

use rusqlite::Connection;

use crate::domain::nouns::ENTITIES;

use super::super::book::Meta;
use super::super::query::BookInfo;
use super::super::sql::quoted;
use super::super::tables;
use super::Res;

/// With every count.
pub(super) fn info(conn: &Connection, meta: &Meta, path: &Path) -> Res<BookInfo> {
    let mut info = head(conn, meta, path)?;
    for entity in ENTITIES {
        if tables::lacks(conn, *entity)? {
            info.counts.push((*entity, 0));
            continue;
        }
        let sql = format!(
            "SELECT count(*) FROM {} WHERE trashed_at IS NULL",
            quoted(entity.name())
        );
        info.counts.push((*entity, count(conn, &sql)?));
    }
    info.steps = count(conn, "SELECT count(*) FROM step")?;
    info.pending_links = count(
        conn,
        "SELECT count(*) FROM pending_link WHERE trashed_at IS NULL",
    )?;
    Ok(info)
}

fn count(conn: &Connection, sql: &str) -> rusqlite::Result<u64> {
    conn.query_row(sql, [], |row| row.get::<_, i64>(0))
        .map(i64::unsigned_abs)
}

/// Without the counts: what is known at once at any size.
pub(super) fn head(conn: &Connection, meta: &Meta, path: &Path) -> Res<BookInfo> {
    let version: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
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
        counts: Vec::new(),
        steps: 0,
        bytes: count(
            conn,
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        )?,
        journal_mode: conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?,
        pending_links: 0,
    })
}

/// The last `seq` of the log.
pub(super) fn last_seq(conn: &Connection) -> rusqlite::Result<i64> {
    conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM change")?
        .query_row([], |row| row.get(0))
}
