//! Find any record by its words, without a copy that is kept: the shell asks once.

use rusqlite::Connection;

use crate::domain::command::Origin;
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::records::Rep;

use super::super::find::copy::NOUNS;
use super::super::find::{Copy, Finding, Found, Wanted};
use super::super::query::{FoundRow, FoundRows};
use super::{Res, folded};

/// Rows that are read at once.
const SLICE: usize = 10_000;
/// Changes of the log that are gone through for what somebody worked on.
const LATELY: usize = 2_000;

/// The whole copy, read at once.
pub(in crate::store) fn copy(conn: &Connection) -> Res<Copy> {
    let mut copy = Copy::default();
    for entity in NOUNS {
        let mut after = RecordId::from_raw(i64::MIN);
        loop {
            let slice = folded::slice(conn, entity, after, SLICE)?;
            let Some(last) = slice.last() else {
                break;
            };
            after = last;
            for (entity, id) in copy.load_all(&slice) {
                if let Some(raw) = folded::one(conn, entity, id)? {
                    copy.put(&raw);
                }
            }
        }
    }
    Ok(copy)
}

pub(super) fn search(conn: &Connection, text: &str, limit: usize) -> Res<FoundRows> {
    let found = match Wanted::new(text) {
        Some(wanted) => copy(conn)?.search_near(&wanted, limit),
        None => Found::default(),
    };
    dress(conn, text, &found)
}

/// What is shown of what was found.
pub(in crate::store) fn dress(conn: &Connection, text: &str, found: &Found) -> Res<FoundRows> {
    let wanted = Wanted::new(text);
    let rows = found
        .best
        .iter()
        .map(|finding| folded::row(conn, finding, wanted.as_ref()))
        .filter_map(Result::transpose)
        .collect::<Res<_>>()?;
    Ok(FoundRows {
        text: text.to_owned(),
        rows,
        fit: found.fit,
        more: found.more,
        reading: None,
        done: true,
    })
}

/// What somebody works on: what they opened in this session, the last first, and then what the log says they changed last.
pub(super) fn lately(
    conn: &Connection,
    rep: Option<Id<Rep>>,
    opened: &[(Entity, RecordId)],
    limit: usize,
) -> Res<FoundRows> {
    let mut records: Vec<(Entity, RecordId)> = opened.to_vec();
    if let Some(rep) = rep {
        // An activity stands for what it is about. Imports are nobody's work on a record.
        let mut statement = conn.prepare_cached(
            "SELECT change.entity, change.record, activity.deal, activity.contact, activity.company FROM
                (SELECT n FROM step WHERE rep = ?1 AND origin <> ?2 ORDER BY n DESC LIMIT ?3) AS own
             JOIN change ON change.step = own.n
             LEFT JOIN activity ON change.entity = 'activity' AND activity.id = change.record
             WHERE change.last IS NULL ORDER BY change.seq DESC LIMIT ?3",
        )?;
        let mut rows = statement.query((
            rep.record(),
            Origin::Import.name(),
            i64::try_from(LATELY).unwrap_or(i64::MAX),
        ))?;
        while records.len() < limit.saturating_mul(4)
            && let Some(row) = rows.next()?
        {
            let noun = row.get_ref(0)?.as_str().unwrap_or_default().parse();
            let record = match noun {
                Ok(noun) if NOUNS.contains(&noun) => Some((noun, row.get(1)?)),
                Ok(Entity::Activity) => {
                    let of = |place, noun| -> rusqlite::Result<Option<(Entity, RecordId)>> {
                        Ok(row.get::<_, Option<RecordId>>(place)?.map(|id| (noun, id)))
                    };
                    of(2, Entity::Deal)?
                        .or(of(3, Entity::Contact)?)
                        .or(of(4, Entity::Company)?)
                }
                _ => None,
            };
            if let Some(record) = record.filter(|record| !records.contains(record)) {
                records.push(record);
            }
        }
    }
    let mut rows: Vec<FoundRow> = Vec::new();
    for (entity, id) in records {
        if rows.len() == limit {
            break;
        }
        let finding = Finding {
            entity,
            id,
            line: Vec::new(),
            near: None,
        };
        rows.extend(folded::row(conn, &finding, None)?);
    }
    Ok(FoundRows {
        text: String::new(),
        fit: rows.len(),
        rows,
        more: false,
        reading: None,
        done: true,
    })
}
