//! Links that wait for their record, and what an answer to them must know.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::domain::id::RecordId;
use crate::domain::known::{KnownPending, WaitingLink};
use crate::domain::nouns::Entity;
use crate::domain::records::Candidate;

use super::super::sql::quoted;
use super::super::tables::NOUNS;
use super::Res;
use super::resolve::candidate;

/// Every link that waits, but for those of records in the trash. A line of a deal is where its deal is.
pub(in crate::store) fn links(conn: &mut Connection) -> Res<Vec<WaitingLink>> {
    let tx = conn.transaction()?;
    let nouns: Vec<Entity> = tx
        .prepare_cached(&format!(
            "SELECT DISTINCT entity FROM pending_link WHERE trashed_at IS NULL AND entity IN {}",
            NOUNS.as_str()
        ))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut suggestions = HashMap::new();
    let mut waiting = Vec::new();
    for noun in nouns {
        for (link, near) in of_noun(&tx, noun)? {
            let suggestion = near.map(|near| (link.target, near));
            if let Some((target, near)) = suggestion
                && !suggestions.contains_key(&(target, near))
            {
                suggestions.insert((target, near), alive(&tx, target, near)?);
            }
            waiting.push(WaitingLink {
                from: sources(&tx, &link)?,
                suggestion: suggestion.and_then(|near| suggestions.get(&near).cloned().flatten()),
                link,
            });
        }
    }
    waiting.sort_by_key(|waiting| waiting.link.id);
    tx.commit()?;
    Ok(waiting)
}

/// The links that wait of one noun's records, each with the record that is suggested.
fn of_noun(
    conn: &Connection,
    noun: Entity,
) -> rusqlite::Result<Vec<(KnownPending, Option<RecordId>)>> {
    let with_deal = if noun == Entity::DealLine {
        "JOIN deal ON deal.id = record.deal AND deal.trashed_at IS NULL"
    } else {
        ""
    };
    let text = format!(
        "SELECT link.id, link.entity, link.record, link.field, link.target, link.source, link.text, link.suggestion
         FROM pending_link AS link JOIN {} AS record ON record.id = link.record {with_deal}
         WHERE link.entity = ?1 AND link.trashed_at IS NULL AND record.trashed_at IS NULL AND link.target IN {}",
        quoted(noun.name()),
        NOUNS.as_str()
    );
    conn.prepare_cached(&text)?
        .query_map([noun], |row| {
            let link = KnownPending {
                id: row.get(0)?,
                entity: row.get(1)?,
                record: row.get(2)?,
                field: row.get(3)?,
                target: row.get(4)?,
                source: row.get(5)?,
                text: row.get(6)?,
            };
            Ok((link, row.get(7)?))
        })?
        .collect()
}

/// The record, unless it is gone or in the trash.
fn alive(conn: &Connection, noun: Entity, id: RecordId) -> Res<Option<Candidate>> {
    let text = format!(
        "SELECT id FROM {} WHERE id = ?1 AND trashed_at IS NULL",
        quoted(noun.name())
    );
    let found: Option<RecordId> = conn
        .prepare_cached(&text)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    found.map(|id| candidate(conn, noun, id)).transpose()
}

/// The sources that a waiting record came from; a line came with its deal.
fn sources(conn: &Connection, link: &KnownPending) -> rusqlite::Result<Vec<String>> {
    conn.prepare_cached(
        "SELECT DISTINCT source FROM source_record
         WHERE entity = CASE ?1 WHEN 'deal_line' THEN 'deal' ELSE ?1 END
         AND record = CASE ?1 WHEN 'deal_line' THEN (SELECT deal FROM deal_line WHERE id = ?2) ELSE ?2 END
         AND trashed_at IS NULL ORDER BY source",
    )?
    .query_map((link.entity, link.record), |row| row.get(0))?
    .collect()
}
