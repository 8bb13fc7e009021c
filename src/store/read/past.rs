//! Steps as their authors did them, and what each of them changed.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::command::Origin;
use crate::domain::id::{Id, RecordId, StepId};
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, Field, Kind};
use crate::domain::past::{PastAct, StepChange, StepChanges};
use crate::domain::text::fold;
use crate::domain::value::Value;

use super::super::query::StepsQuery;
use super::super::sql::{lenient, quoted};
use super::super::tables::NOUNS;
use super::{Res, names};

pub(super) fn steps(conn: &Connection, query: &StepsQuery) -> Res<Vec<PastAct>> {
    let words = fold(&query.words);
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    // The grouping runs over an index; the last step of a group tells its place, its author and its words.
    let mut statement = conn.prepare_cached(
        "SELECT step.grp, coalesce(rep.name, seat.os_user), step.at, step.origin, step.label, step.undone_by IS NOT NULL
         FROM (SELECT max(n) AS n FROM step WHERE ?1 IS NULL OR rep = ?1 GROUP BY grp) AS last
         JOIN step ON step.n = last.n JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
         ORDER BY step.n DESC",
    )?;
    let mut rows = statement.query([query.rep.map(Id::record)])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        let label: String = row.get(4)?;
        let folded = fold(&label);
        if !words.iter().all(|word| folded.contains(word)) {
            continue;
        }
        let origin: String = row.get(3)?;
        let group: StepId = row.get(0)?;
        acts.push(PastAct {
            group,
            by: row.get(1)?,
            at: row.get(2)?,
            origin: Origin::named(&origin).unwrap_or(Origin::Rule),
            label,
            records: records(conn, group)?,
            undone: row.get(5)?,
        });
        if acts.len() >= query.limit {
            break;
        }
    }
    Ok(acts)
}

/// How many records a group made or changed. A batch counts those that are in the book of its range: ids of a seat count on.
fn records(conn: &Connection, group: StepId) -> Res<u64> {
    let count: i64 = conn
        .prepare_cached(
            "SELECT count(*) FROM (SELECT DISTINCT entity, record FROM change JOIN step ON step.n = change.step
                                   WHERE grp = ?1 AND last IS NULL)",
        )?
        .query_row([group], |row| row.get(0))?;
    let mut sum = count.unsigned_abs();
    let mut statement = conn.prepare_cached(&format!(
        "SELECT entity, record, last FROM change JOIN step ON step.n = change.step
         WHERE grp = ?1 AND last IS NOT NULL AND entity IN {}",
        NOUNS.as_str()
    ))?;
    let mut rows = statement.query([group])?;
    while let Some(row) = rows.next()? {
        sum += batch(conn, row.get(0)?, row.get(1)?, row.get(2)?)?;
    }
    Ok(sum)
}

/// How many records of a noun a batch made: those of its seat between its ends.
fn batch(conn: &Connection, entity: Entity, first: RecordId, last: RecordId) -> Res<u64> {
    let sql = format!(
        "SELECT count(*) FROM {} WHERE id BETWEEN ?1 AND ?2 AND (id >> 12) & 1023 = (?1 >> 12) & 1023",
        quoted(entity.name())
    );
    let count: i64 = conn
        .prepare_cached(&sql)?
        .query_row((first, last), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

pub(super) fn changes(conn: &Connection, group: StepId, limit: usize) -> Res<StepChanges> {
    let nouns = NOUNS.as_str();
    let total: i64 = conn
        .prepare_cached(&format!(
            "SELECT count(*) FROM change JOIN step ON step.n = change.step WHERE grp = ?1 AND entity IN {nouns}"
        ))?
        .query_row([group], |row| row.get(0))?;
    let mut statement = conn.prepare_cached(&format!(
        "SELECT entity, record, last, field, old, new FROM change JOIN step ON step.n = change.step
         WHERE grp = ?1 AND entity IN {nouns} ORDER BY seq LIMIT ?2"
    ))?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query((group, limit))?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let (entity, record): (Entity, RecordId) = (row.get(0)?, row.get(1)?);
        let (last, field): (Option<RecordId>, Option<String>) = (row.get(2)?, row.get(3)?);
        let (old, new) = (lenient(row, 4)?, lenient(row, 5)?);
        let known = field
            .as_deref()
            .and_then(|field| Field::named(entity, field));
        let to = match known {
            Some(Field::Own(def)) => match def.kind {
                Kind::Ref(to) => Some(to),
                _ => None,
            },
            _ => None,
        };
        let custom = match known {
            Some(Field::Custom(_, id)) => Some(names::custom(conn, id)?),
            _ => None,
        };
        changes.push(StepChange {
            entity,
            record,
            made: match last {
                Some(last) => batch(conn, entity, record, last)?,
                None => 1,
            },
            name: names::of(conn, entity, record)?,
            custom,
            field,
            old: (old.clone(), referred(conn, to, &old)?),
            new: (new.clone(), referred(conn, to, &new)?),
            currency: currency(conn, entity, record)?,
        });
    }
    Ok(StepChanges {
        group,
        changes,
        total: total.unsigned_abs(),
    })
}

fn referred(conn: &Connection, to: Option<Entity>, value: &Value) -> Res<Option<String>> {
    Ok(match (to, value.as_int()) {
        (Some(to), Some(raw)) => Some(names::of(conn, to, RecordId::from_raw(raw))?),
        _ => None,
    })
}

fn currency(conn: &Connection, entity: Entity, id: RecordId) -> Res<Option<Currency>> {
    if entity.field("currency").is_none() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT currency FROM {} WHERE id = ?1",
        quoted(entity.name())
    );
    let code: Option<String> = conn
        .prepare_cached(&sql)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(code.and_then(|code| code.parse().ok()))
}
