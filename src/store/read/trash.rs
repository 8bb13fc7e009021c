//! What is in the trash: of which noun, put there by whom, when, by which step.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::nouns::Entity;
use crate::domain::past::{Trash, Trashed};
use crate::domain::text::fold;

use super::super::query::TrashQuery;
use super::super::sql::quoted;
use super::super::tables;
use super::Res;

/// The nouns whose records people put into the trash, and what a record without a name is called.
const NOUNS: [(Entity, &str); 13] = [
    (Entity::Contact, "name"),
    (Entity::Company, "name"),
    (Entity::Deal, "title"),
    (Entity::Activity, "coalesce(subject, kind)"),
    (
        Entity::DealLine,
        "coalesce(text, (SELECT name FROM product WHERE product.id = deal_line.product), '')",
    ),
    (Entity::Product, "name"),
    (Entity::Pipeline, "name"),
    (Entity::Stage, "name"),
    (Entity::LostReason, "name"),
    (Entity::Field, "name"),
    (Entity::Rep, "name"),
    (
        Entity::Quota,
        "(SELECT name FROM rep WHERE rep.id = quota.rep) || ' ' || period",
    ),
    (Entity::Rate, "currency || ' ' || date"),
];

pub(super) fn trash(conn: &Connection, query: &TrashQuery) -> Res<Trash> {
    let words = fold(&query.words);
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    let mut older = 0;
    for (entity, name) in NOUNS {
        if query.entity.is_some_and(|only| only != entity) {
            continue;
        }
        if tables::lacks(conn, entity)? {
            continue;
        }
        // Who was merged into another is no trash: that is taken back by the step that merged them.
        let merged = match entity {
            Entity::Contact | Entity::Company => "AND merged_into IS NULL",
            _ => "",
        };
        let sql = format!(
            "SELECT id, {name}, trashed_at FROM {} WHERE trashed_at IS NOT NULL {merged}",
            quoted(entity.name())
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut record = Trashed {
                entity,
                id: row.get(0)?,
                name: row.get(1)?,
                at: row.get(2)?,
                by: None,
                step: None,
            };
            // Words may stand in who did it: only then it is looked up for all.
            if !words.is_empty() {
                tell(conn, &mut record)?;
                if !has(&record, &words) {
                    continue;
                }
            }
            if query.since.is_some_and(|since| record.at < since) {
                older += 1;
            } else {
                found.push(record);
            }
        }
    }
    found.sort_by_key(|record| (std::cmp::Reverse(record.at), record.entity, record.id));
    let total = found.len() as u64;
    found.truncate(query.limit);
    for record in &mut found {
        tell(conn, record)?;
    }
    Ok(Trash {
        records: found,
        total,
        older,
    })
}

fn has(record: &Trashed, words: &[&str]) -> bool {
    let by = record.by.as_deref().unwrap_or_default();
    let step = record.step.as_deref().unwrap_or_default();
    let noun = record.entity.name().replace('_', " ");
    let all = fold(&format!("{} {noun} {by} {step}", record.name));
    words.iter().all(|word| all.contains(word))
}

/// Who put it there, by which step.
fn tell(conn: &Connection, record: &mut Trashed) -> Res<()> {
    let found: Option<(String, String)> = conn
        .prepare_cached(
            "SELECT coalesce(rep.name, seat.os_user), step.label FROM change JOIN step ON step.n = change.step
             JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
             WHERE entity = ?1 AND record = ?2 AND field = 'trashed_at' ORDER BY seq DESC LIMIT 1",
        )?
        .query_row((record.entity, record.id), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((by, step)) = found {
        record.by = Some(by);
        record.step = Some(step);
    }
    Ok(())
}
