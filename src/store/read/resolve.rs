//! Which record a text means, and what pickers offer.

use rusqlite::Connection;

use crate::domain::id::{IdPrefix, RecordId};
use crate::domain::identity::{company_key, email_key};
use crate::domain::nouns::Entity;
use crate::domain::pipeline::StageKind;
use crate::domain::records::Candidate;
use crate::domain::text::{fold, squeeze};

use super::super::query::{Choice, Resolved};
use super::super::sql::quoted;
use super::super::tables;
use super::{Res, names};

/// The most candidates that are listed.
const CANDIDATES: usize = 10;
/// How alike a name must be to be offered where none fits.
const NEAR: f64 = 0.6;

/// Settled order: full id, e-mail, exact name, prefix of an id. The trash is found by its id only.
pub(super) fn resolve(conn: &Connection, entity: Entity, text: &str) -> Res<Resolved> {
    tables::must_hold(conn, entity)?;
    let text = text.trim();
    if let Some(id) = RecordId::parse(text)
        && tables::exists(conn, entity, id)?
    {
        return Ok(Resolved::One(candidate(conn, entity, id)?));
    }
    for ids in [
        by_email(conn, entity, text)?,
        by_name(conn, entity, text)?,
        by_part(conn, entity, text)?,
        by_prefix(conn, entity, text)?,
    ] {
        match ids.as_slice() {
            [] => {}
            [id] => return Ok(Resolved::One(candidate(conn, entity, *id)?)),
            many => return Ok(Resolved::Several(candidates(conn, entity, many)?)),
        }
    }
    Ok(Resolved::None(candidates(
        conn,
        entity,
        &near(conn, entity, text)?,
    )?))
}

fn candidates(conn: &Connection, entity: Entity, ids: &[RecordId]) -> Res<Vec<Candidate>> {
    ids.iter()
        .take(CANDIDATES)
        .map(|id| candidate(conn, entity, *id))
        .collect()
}

/// A record with what tells it from its namesakes.
pub(super) fn candidate(conn: &Connection, entity: Entity, id: RecordId) -> Res<Candidate> {
    let detail = match entity {
        Entity::Contact => Some("SELECT coalesce(company.name, title) FROM contact LEFT JOIN company ON company.id = contact.company WHERE contact.id = ?1"),
        Entity::Deal => Some(
            "SELECT stage.name || coalesce(' · ' || company.name, '') FROM deal JOIN stage ON stage.id = deal.stage
             LEFT JOIN company ON company.id = deal.company WHERE deal.id = ?1",
        ),
        Entity::Company => Some("SELECT coalesce(city, industry) FROM company WHERE id = ?1"),
        Entity::Stage => Some("SELECT pipeline.name FROM stage JOIN pipeline ON pipeline.id = stage.pipeline WHERE stage.id = ?1"),
        Entity::DealLine => Some("SELECT deal.title FROM deal_line JOIN deal ON deal.id = deal_line.deal WHERE deal_line.id = ?1"),
        Entity::Rep => Some("SELECT email FROM rep WHERE id = ?1"),
        _ => None,
    };
    let detail = match detail {
        Some(text) => conn
            .prepare_cached(text)?
            .query_row([id], |row| row.get(0))?,
        None => None,
    };
    Ok(Candidate {
        entity,
        id,
        name: names::of(conn, entity, id)?,
        detail,
    })
}

fn by_email(conn: &Connection, entity: Entity, text: &str) -> Res<Vec<RecordId>> {
    let Some(key) = email_key(text) else {
        return Ok(Vec::new());
    };
    let sql = match entity {
        Entity::Contact => {
            "SELECT DISTINCT contact.id FROM identifier JOIN contact ON contact.id = identifier.contact
             WHERE kind = 'email' AND key = ?1 AND trashed_at IS NULL ORDER BY 1"
        }
        Entity::Rep => "SELECT id FROM rep WHERE lower(email) = ?1 AND trashed_at IS NULL ORDER BY id",
        _ => return Ok(Vec::new()),
    };
    Ok(conn
        .prepare_cached(sql)?
        .query_map([key], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

fn by_name(conn: &Connection, entity: Entity, text: &str) -> Res<Vec<RecordId>> {
    let Some(label) = names::label(entity) else {
        return Ok(Vec::new());
    };
    let exact = format!(
        "SELECT id FROM {} WHERE fold({label}) = ?1 AND trashed_at IS NULL ORDER BY id LIMIT 100",
        quoted(entity.name())
    );
    let ids: Vec<RecordId> = conn
        .prepare_cached(&exact)?
        .query_map([fold(text)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if ids.is_empty() && entity == Entity::Product {
        let by_code = "SELECT id FROM product WHERE fold(code) = ?1 AND trashed_at IS NULL ORDER BY id LIMIT 100";
        return Ok(conn
            .prepare_cached(by_code)?
            .query_map([fold(text)], |row| row.get(0))?
            .collect::<Result<_, _>>()?);
    }
    if !ids.is_empty() || entity != Entity::Company {
        return Ok(ids);
    }
    // `Alpina` is `Alpina AG`: the legal form says nothing.
    let by_key =
        "SELECT id FROM company WHERE name_key = ?1 AND trashed_at IS NULL ORDER BY id LIMIT 100";
    Ok(conn
        .prepare_cached(by_key)?
        .query_map([company_key(text)], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// Reps are few, and called by a first name or by their initials: of several those who are active are meant.
fn by_part(conn: &Connection, entity: Entity, text: &str) -> Res<Vec<RecordId>> {
    let wanted = fold(text);
    if entity != Entity::Rep || wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = conn.prepare_cached(
        "SELECT id, name, initials, coalesce(active, 1) FROM rep WHERE trashed_at IS NULL ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let (mut active, mut all) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let name = fold(&row.get::<_, String>(1)?);
        let initials = row.get::<_, Option<String>>(2)?;
        if name.split(' ').any(|part| part == wanted)
            || initials.is_some_and(|initials| fold(&initials) == wanted)
        {
            all.push(row.get(0)?);
            if row.get(3)? {
                active.push(row.get(0)?);
            }
        }
    }
    Ok(if active.is_empty() { all } else { active })
}

fn by_prefix(conn: &Connection, entity: Entity, text: &str) -> Res<Vec<RecordId>> {
    let Some(prefix) = IdPrefix::parse(text) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT id FROM {} WHERE id & ?1 = ?2 ORDER BY id LIMIT 100",
        quoted(entity.name())
    );
    let ids = conn
        .prepare_cached(&sql)?
        .query_map(
            (prefix.mask.cast_signed(), prefix.value.cast_signed()),
            |row| row.get(0),
        )?
        .collect::<Result<_, _>>()?;
    Ok(ids)
}

/// Names that are like what was typed, the nearest first.
fn near(conn: &Connection, entity: Entity, text: &str) -> Res<Vec<RecordId>> {
    let Some(label) = names::label(entity) else {
        return Ok(Vec::new());
    };
    let wanted = squeeze(text);
    let sql = format!(
        "SELECT id, {label} FROM {} WHERE trashed_at IS NULL",
        quoted(entity.name())
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut scored: Vec<(f64, RecordId)> = Vec::new();
    while let Some(row) = rows.next()? {
        let name = squeeze(&row.get::<_, Option<String>>(1)?.unwrap_or_default());
        let holds = wanted.len() >= 3 && name.contains(&wanted);
        let score = if holds {
            1.0
        } else {
            strsim::normalized_damerau_levenshtein(&wanted, &name)
        };
        if score >= NEAR {
            scored.push((score, row.get(0)?));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    Ok(scored.into_iter().take(5).map(|(_, id)| id).collect())
}

/// All records of a noun by name, in the order of their use.
pub(super) fn choices(conn: &Connection, entity: Entity) -> Res<Vec<Choice>> {
    let sql = match entity {
        Entity::Rep => "SELECT id, name, initials, NULL, NULL, coalesce(active, 1) = 0 FROM rep WHERE trashed_at IS NULL ORDER BY fold(name), id".to_owned(),
        Entity::Stage => "SELECT stage.id, stage.name, pipeline.name, pipeline, kind,
                 coalesce(archived, 0) = 1 OR pipeline.trashed_at IS NOT NULL FROM stage
             JOIN pipeline ON pipeline.id = stage.pipeline WHERE stage.trashed_at IS NULL
             ORDER BY pipeline.position, pipeline.id, stage.position, stage.id"
            .to_owned(),
        Entity::Pipeline | Entity::LostReason => {
            format!("SELECT id, name, NULL, NULL, NULL, 0 FROM {} WHERE trashed_at IS NULL ORDER BY position, id", entity.name())
        }
        Entity::Contact => "SELECT contact.id, contact.name, coalesce(company.name, contact.title), NULL, NULL, 0 FROM contact
             LEFT JOIN company ON company.id = contact.company
             WHERE contact.trashed_at IS NULL ORDER BY fold(contact.name), contact.id"
            .to_owned(),
        Entity::Company => "SELECT id, name, coalesce(city, industry), NULL, NULL, 0 FROM company WHERE trashed_at IS NULL ORDER BY fold(name), id".to_owned(),
        Entity::Product => "SELECT id, name, code, NULL, NULL, 0 FROM product WHERE trashed_at IS NULL ORDER BY fold(name), id".to_owned(),
        other => match other.label_field() {
            Some(label) => format!(
                "SELECT id, coalesce({label}, ''), NULL, NULL, NULL, 0 FROM {} WHERE trashed_at IS NULL ORDER BY fold({label}), id",
                quoted(other.name())
            ),
            None => return Ok(Vec::new()),
        },
    };
    let choices = conn
        .prepare_cached(&sql)?
        .query_map([], |row| {
            Ok(Choice {
                id: row.get(0)?,
                name: row.get(1)?,
                detail: row.get(2)?,
                parent: row.get(3)?,
                kind: row
                    .get::<_, Option<String>>(4)?
                    .as_deref()
                    .and_then(StageKind::named),
                retired: row.get(5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(choices)
}
