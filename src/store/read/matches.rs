//! What a picker offers of a noun of which there may be a million: all of it where it is little, else what was used lately and what
//! fits what is typed. Nothing is answered whose size grows with the book.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::domain::id::RecordId;
use crate::domain::identity::company_key;
use crate::domain::nouns::Entity;
use crate::domain::text::fold;

use super::super::query::{Choice, MatchQuery, Matches};
use super::super::sql::quoted;
use super::Res;
use super::resolve::{candidate, choices};

/// A noun of no more records than this is offered whole: then nothing is asked while somebody types.
const FEW: i64 = 2_000;
/// So many of the last changes are looked through for what was used lately.
const LATELY: i64 = 4_000;
/// A name that is as near as this to what was typed is offered where nothing else fits.
const NEAR: f64 = 0.85;

pub(super) fn matches(conn: &Connection, query: &MatchQuery) -> Res<Matches> {
    let entity = query.entity;
    let answer = |choices, all| Matches {
        entity,
        text: query.text.clone(),
        choices,
        all,
    };
    let Some(label) = entity.label_field() else {
        return Ok(answer(Vec::new(), true));
    };
    if are_few(conn, entity)? {
        return Ok(answer(choices(conn, entity)?, true));
    }
    let wanted = fold(&query.text);
    let (found, all) = if wanted.is_empty() {
        (used_lately(conn, entity, query.limit)?, false)
    } else {
        fitting(conn, entity, label, &wanted, query)?
    };
    let mut ids = query.also.clone();
    ids.extend(found);
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    let rows = ids.into_iter().map(|id| choice(conn, entity, id));
    Ok(answer(rows.collect::<Res<_>>()?, all))
}

fn choice(conn: &Connection, entity: Entity, id: RecordId) -> Res<Choice> {
    let record = candidate(conn, entity, id)?;
    Ok(Choice {
        id,
        name: record.name,
        detail: record.detail,
        parent: None,
        kind: None,
        retired: false,
    })
}

fn are_few(conn: &Connection, entity: Entity) -> Res<bool> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {} WHERE trashed_at IS NULL LIMIT ?1)",
        quoted(entity.name())
    );
    let count: i64 = conn
        .prepare_cached(&sql)?
        .query_row([FEW + 1], |row| row.get(0))?;
    Ok(count <= FEW)
}

/// The records that the last changes made, changed or referred to, the latest first; where those are too few, the newest.
fn used_lately(conn: &Connection, entity: Entity, limit: usize) -> Res<Vec<RecordId>> {
    let table = quoted(entity.name());
    let most = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = format!(
        "WITH used (record, seq) AS (
             SELECT CASE WHEN entity = ?1 THEN coalesce(last, record) ELSE new END, seq FROM change
             WHERE seq > (SELECT max(seq) FROM change) - ?2 AND (entity = ?1 OR field = ?1 AND typeof(new) = 'integer'))
         SELECT {table}.id FROM used JOIN {table} ON {table}.id = used.record WHERE {table}.trashed_at IS NULL
         GROUP BY {table}.id ORDER BY max(seq) DESC, {table}.id LIMIT ?3"
    );
    let mut ids: Vec<RecordId> = conn
        .prepare_cached(&sql)?
        .query_map((entity.name(), LATELY, most), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if ids.len() < limit {
        let newest =
            format!("SELECT id FROM {table} WHERE trashed_at IS NULL ORDER BY id DESC LIMIT ?1");
        let mut statement = conn.prepare_cached(&newest)?;
        for id in statement.query_map([most], |row| row.get(0))? {
            ids.push(id?);
        }
    }
    Ok(ids)
}

/// How well a name fits: the lower, the better. The shorter of two that fit alike comes first.
type Rank = (u8, usize, RecordId);

/// The best of the records whose names fit, and whether they are all.
fn fitting(
    conn: &Connection,
    entity: Entity,
    label: &str,
    wanted: &str,
    query: &MatchQuery,
) -> Res<(Vec<RecordId>, bool)> {
    let words: Vec<&str> = wanted.split(' ').collect();
    // Kept in their order, and never more than are wanted.
    let mut best: BTreeSet<Rank> = BTreeSet::new();
    let mut near: BTreeSet<Rank> = BTreeSet::new();
    let mut count = 0;
    each_name(conn, entity, label, |id, name| {
        let folded = fold(name);
        if let Some(class) = class(&folded, wanted, &words) {
            count += 1;
            best.insert((class, folded.len(), id));
            if best.len() > query.limit {
                best.pop_last();
            }
        } else if count == 0 && is_near(&folded, wanted) {
            near.insert((0, folded.len(), id));
        }
    })?;
    let all = count <= query.limit;
    let mut ids: Vec<RecordId> = best.into_iter().map(|(_, _, id)| id).collect();
    if entity == Entity::Company {
        // `Alpina` is `Alpina AG`: the legal form says nothing.
        ids.extend(same_company(conn, &query.text)?);
    }
    if count == 0 {
        ids.extend(near.into_iter().take(query.limit).map(|(_, _, id)| id));
    }
    Ok((ids, all))
}

fn each_name(
    conn: &Connection,
    entity: Entity,
    label: &str,
    mut look: impl FnMut(RecordId, &str),
) -> Res<()> {
    let sql = format!(
        "SELECT id, {} FROM {} WHERE trashed_at IS NULL",
        quoted(label),
        quoted(entity.name())
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        look(row.get(0)?, row.get_ref(1)?.as_str().unwrap_or_default());
    }
    Ok(())
}

/// The whole, its beginning, the beginnings of its words, anything in it, the letters in their order with gaps between.
fn class(name: &str, wanted: &str, words: &[&str]) -> Option<u8> {
    if name.starts_with(wanted) {
        return Some(u8::from(name.len() != wanted.len()));
    }
    let mut worst = 2;
    for word in words {
        let begins = || name.split(' ').any(|part| part.starts_with(word));
        worst = worst.max(match name.find(word) {
            Some(0) => 2,
            Some(_) if begins() => 2,
            Some(_) => 3,
            None if has_letters(name, word) => 4,
            None => return None,
        });
    }
    Some(worst)
}

fn has_letters(name: &str, word: &str) -> bool {
    let mut letters = name.chars();
    word.chars().all(|wanted| letters.any(|c| c == wanted))
}

/// Whether a name is another spelling. What differs in length or beginning by more is not looked at, so that a million names are
/// looked through in no time.
fn is_near(name: &str, wanted: &str) -> bool {
    name.len().abs_diff(wanted.len()) <= 2
        && name.as_bytes().first() == wanted.as_bytes().first()
        && strsim::normalized_damerau_levenshtein(name, wanted) >= NEAR
}

fn same_company(conn: &Connection, text: &str) -> Res<Vec<RecordId>> {
    Ok(conn
        .prepare_cached(
            "SELECT id FROM company WHERE name_key = ?1 AND trashed_at IS NULL ORDER BY id LIMIT 10",
        )?
        .query_map([company_key(text)], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}
