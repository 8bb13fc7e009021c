//! What an import must know of the book before it plans.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::domain::id::{RecordId, StepId};
use crate::domain::known::{
    Known, KnownCompany, KnownContact, KnownField, KnownLine, KnownName, KnownPending,
    KnownPipeline, KnownProduct, KnownRep, KnownSource, KnownStage,
};
use crate::domain::nouns::Entity;
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::error::StoreError;
use super::super::sql::quoted;
use super::super::tables::{self, NOUNS};
use super::Res;
use super::list::Loader;

fn all<T>(
    conn: &Connection,
    sql: &str,
    of: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(sql)?.query_map([], of)?.collect()
}

/// The index: every name and key, and the source records of these sources. Refused while an import that wrote since `since` is
/// under way.
pub(in crate::store) fn known(
    conn: &mut Connection,
    meta: &Meta,
    sources: &[String],
    since: Instant,
) -> Res<Known> {
    let tx = conn.transaction()?;
    if let Some(file) = import_under_way(&tx, None, since)? {
        return Err(StoreError::Importing { file }.into());
    }
    let mut known = Known::empty(meta.base, meta.zone);
    people(&tx, &mut known)?;
    words(&tx, &mut known)?;
    for source in sources {
        known.sources.extend(sources_of(&tx, source)?);
    }
    let nouns = NOUNS.as_str();
    known.pending = all(
        &tx,
        &format!(
            "SELECT id, entity, record, field, target, source, text FROM pending_link
             WHERE trashed_at IS NULL AND entity IN {nouns} AND target IN {nouns} ORDER BY id"
        ),
        |row| {
            Ok(KnownPending {
                id: row.get(0)?,
                entity: row.get(1)?,
                record: row.get(2)?,
                field: row.get(3)?,
                target: row.get(4)?,
                source: row.get(5)?,
                text: row.get(6)?,
            })
        },
    )?;
    tx.commit()?;
    Ok(known)
}

/// Reps, companies and contacts.
fn people(tx: &Connection, known: &mut Known) -> rusqlite::Result<()> {
    known.reps = all(
        tx,
        "SELECT id, name, email, trashed_at IS NOT NULL FROM rep ORDER BY id",
        |row| {
            Ok(KnownRep {
                id: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
                trashed: row.get(3)?,
            })
        },
    )?;
    let mut domains = keys(tx, "SELECT company, key FROM domain ORDER BY id")?;
    known.companies = all(
        tx,
        "SELECT id, name, trashed_at IS NOT NULL FROM company WHERE merged_into IS NULL ORDER BY id",
        |row| {
            let id = row.get(0)?;
            Ok(KnownCompany {
                id,
                name: row.get(1)?,
                domains: domains.remove(&id).unwrap_or_default(),
                trashed: row.get(2)?,
            })
        },
    )?;
    let mut emails = keys(
        tx,
        "SELECT contact, key FROM identifier WHERE kind = 'email' ORDER BY id",
    )?;
    known.contacts = all(
        tx,
        "SELECT id, name, company, trashed_at IS NOT NULL FROM contact WHERE merged_into IS NULL ORDER BY id",
        |row| {
            let id = row.get(0)?;
            let emails = emails.remove(&id).unwrap_or_default();
            Ok(KnownContact {
                id,
                name: row.get(1)?,
                company: row.get(2)?,
                emails,
                trashed: row.get(3)?,
            })
        },
    )?;
    Ok(())
}

/// Products, pipelines, reasons and custom fields.
fn words(tx: &Connection, known: &mut Known) -> rusqlite::Result<()> {
    known.products = all(
        tx,
        "SELECT id, name, code, trashed_at IS NOT NULL FROM product ORDER BY id",
        |row| {
            Ok(KnownProduct {
                id: row.get(0)?,
                name: row.get(1)?,
                code: row.get(2)?,
                trashed: row.get(3)?,
            })
        },
    )?;
    known.pipelines = pipelines(tx)?;
    known.lost_reasons = all(
        tx,
        "SELECT id, name, trashed_at IS NOT NULL FROM lost_reason ORDER BY id",
        |row| {
            Ok(KnownName {
                id: row.get(0)?,
                name: row.get(1)?,
                trashed: row.get(2)?,
            })
        },
    )?;
    known.fields = all(
        tx,
        &format!(
            "SELECT id, entity, name, kind, trashed_at IS NOT NULL FROM field WHERE entity IN {} ORDER BY id",
            NOUNS.as_str()
        ),
        |row| {
            Ok(KnownField {
                id: row.get(0)?,
                entity: row.get(1)?,
                name: row.get(2)?,
                kind: row.get(3)?,
                trashed: row.get(4)?,
            })
        },
    )?;
    Ok(())
}

/// The elements of a set, by the record that has them.
fn keys(conn: &Connection, sql: &str) -> rusqlite::Result<HashMap<RecordId, Vec<String>>> {
    let mut keys: HashMap<RecordId, Vec<String>> = HashMap::new();
    for (id, key) in all(conn, sql, |row| Ok((row.get(0)?, row.get(1)?)))? {
        keys.entry(id).or_default().push(key);
    }
    Ok(keys)
}

fn pipelines(conn: &Connection) -> rusqlite::Result<Vec<KnownPipeline>> {
    let mut pipelines = all(
        conn,
        "SELECT id, name, coalesce(position, 0), trashed_at IS NOT NULL FROM pipeline ORDER BY position, id",
        |row| {
            Ok(KnownPipeline {
                id: row.get(0)?,
                name: row.get(1)?,
                position: row.get(2)?,
                stages: Vec::new(),
                trashed: row.get(3)?,
            })
        },
    )?;
    let stages = all(
        conn,
        "SELECT pipeline, id, name, kind, coalesce(position, 0), trashed_at IS NOT NULL FROM stage ORDER BY position, id",
        |row| {
            let kind: String = row.get(3)?;
            let kind = StageKind::named(&kind).unwrap_or(StageKind::Open);
            let stage = KnownStage {
                id: row.get(1)?,
                name: row.get(2)?,
                kind,
                position: row.get(4)?,
                trashed: row.get(5)?,
            };
            Ok((row.get::<_, RecordId>(0)?, stage))
        },
    )?;
    for (of, stage) in stages {
        if let Some(pipeline) = pipelines.iter_mut().find(|pipeline| pipeline.id == of) {
            pipeline.stages.push(stage);
        }
    }
    Ok(pipelines)
}

fn sources_of(conn: &Connection, source: &str) -> rusqlite::Result<Vec<KnownSource>> {
    let mut found: Vec<KnownSource> = conn
        .prepare_cached(&format!(
            "SELECT id, source, key, entity, record, trashed_at IS NOT NULL, coalesce(raw, '') FROM source_record
             WHERE source = ?1 AND entity IN {}",
            NOUNS.as_str()
        ))?
        .query_map([source], |row| {
            Ok(KnownSource {
                id: row.get(0)?,
                source: row.get(1)?,
                key: row.get(2)?,
                entity: row.get(3)?,
                record: row.get(4)?,
                record_trashed: false,
                trashed: row.get(5)?,
                raw: row.get(6)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    found.sort_by_key(|source| source.id);
    for known in &mut found {
        if let Some(record) = known.record {
            let sql = format!(
                "SELECT trashed_at IS NOT NULL FROM {} WHERE id = ?1",
                quoted(known.entity.name())
            );
            known.record_trashed = conn
                .prepare_cached(&sql)?
                .query_row([record], |row| row.get(0))?;
        }
    }
    Ok(found)
}

/// Whole records, in the trash or not; ids that are not in the book are left out.
pub(in crate::store) fn records(
    conn: &mut Connection,
    entity: Entity,
    ids: &[RecordId],
) -> Res<Vec<Record>> {
    let tx = conn.transaction()?;
    let mut loader = Loader::new(&tx, entity)?;
    let mut records = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = tables::read(&tx, entity, *id)? {
            records.push(loader.record(*id, row)?);
        }
    }
    drop(loader);
    tx.commit()?;
    Ok(records)
}

/// The lines of these deals, in the trash or not.
pub(in crate::store) fn lines_of(conn: &mut Connection, deals: &[RecordId]) -> Res<Vec<KnownLine>> {
    let tx = conn.transaction()?;
    let mut lines = Vec::new();
    for deal in deals {
        let mut statement =
            tx.prepare_cached("SELECT id, deal, product, text, trashed_at IS NOT NULL FROM deal_line WHERE deal = ?1 ORDER BY position, id")?;
        let found = statement.query_map([Value::from(*deal)], |row| {
            Ok(KnownLine {
                id: row.get(0)?,
                deal: row.get(1)?,
                product: row.get(2)?,
                text: row.get(3)?,
                trashed: row.get(4)?,
            })
        })?;
        for line in found {
            lines.push(line?);
        }
    }
    tx.commit()?;
    Ok(lines)
}

/// The file of an import that was begun, has not ended, and has written since `since`: of whomever, but not of the group `but`.
/// What it has written so far may yet be taken back, so another import must not build on it.
pub(in crate::store) fn import_under_way(
    conn: &Connection,
    but: Option<StepId>,
    since: Instant,
) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached(
        "SELECT file FROM import
         JOIN change ON change.entity = 'import' AND change.record = import.id AND change.field IS NULL
         JOIN step ON step.n = change.step
         WHERE import.state = 'running' AND import.trashed_at IS NULL AND step.undone_by IS NULL AND step.grp IS NOT ?1
         AND (SELECT max(committed_at) FROM step AS later WHERE later.grp = step.grp) >= ?2
         ORDER BY step.n LIMIT 1",
    )?
    .query_row((but, since), |row| row.get(0))
    .optional()
}

/// Groups of imports that were never brought to their end, of this author (or of anybody) and with no step for a while: their process is gone.
pub(in crate::store) fn unfinished_imports(
    conn: &mut Connection,
    author: Option<&super::super::write::Author>,
    before: Instant,
) -> Res<Vec<StepId>> {
    let tx = conn.transaction()?;
    let groups = tx
        .prepare_cached(
            // From the few imports that say they run, to the step that made each, to its group.
            "SELECT grp FROM import
             JOIN change ON change.entity = 'import' AND change.record = import.id AND change.field IS NULL
             JOIN step ON step.n = change.step JOIN seat ON seat.number = step.seat
             WHERE import.state = 'running' AND import.trashed_at IS NULL AND step.undone_by IS NULL
             AND (?1 IS NULL OR os_user = ?1 AND host = ?2)
             AND (SELECT max(committed_at) FROM step AS later WHERE later.grp = step.grp) < ?3
             ORDER BY step.n DESC",
        )?
        .query_map(
            (
                author.map(|author| &author.os_user),
                author.map(|author| &author.host),
                before,
            ),
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    tx.commit()?;
    Ok(groups)
}
