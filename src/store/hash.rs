//! The content hash of a book: what it says, not how it came to say so.
//!
//! Records in the trash, derived values, imports as acts, and the log are left out. With ids, references count as they are; without
//! ids, each reference counts as what the record at its end says, to a depth of three.

use std::collections::HashMap;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::domain::nouns::{Care, ENTITIES, Entity, FieldDef, Kind};
use crate::domain::value::Value;

use super::birth::{feed, is_derived};
use super::sql::quoted;
use super::tables::{NOUNS, column, lacks, minor_of};

type Digest32 = [u8; 32];

/// One record on its way into a hash.
struct Leaf {
    entity: Entity,
    id: i64,
    own: Digest32,
    refs: Vec<(Entity, i64)>,
}

/// The elements of a record's sets, ready to be fed, by noun and id.
type Sets = HashMap<(Entity, i64), Vec<String>>;

pub(super) fn with_ids(conn: &mut Connection) -> rusqlite::Result<String> {
    let tx = conn.transaction()?;
    let sets = sets(&tx)?;
    let mut all = Sha256::new();
    for entity in content_nouns() {
        for leaf in leaves(&tx, entity, &sets, true)? {
            all.update(entity.name());
            all.update(leaf.id.to_le_bytes());
            all.update(leaf.own);
            for (noun, id) in leaf.refs {
                all.update(noun.name());
                all.update(id.to_le_bytes());
            }
        }
    }
    Ok(hex(&all.finalize()))
}

pub(super) fn without_ids(conn: &mut Connection) -> rusqlite::Result<String> {
    let tx = conn.transaction()?;
    let sets = sets(&tx)?;
    let mut leaves_all = Vec::new();
    for entity in content_nouns() {
        leaves_all.extend(leaves(&tx, entity, &sets, false)?);
    }
    let mut hashes: HashMap<(Entity, i64), Digest32> = leaves_all
        .iter()
        .map(|leaf| ((leaf.entity, leaf.id), leaf.own))
        .collect();
    for _ in 0..3 {
        hashes = leaves_all
            .iter()
            .map(|leaf| {
                let mut hash = Sha256::new_with_prefix(leaf.own);
                for (noun, id) in &leaf.refs {
                    hash.update(noun.name());
                    hash.update(hashes.get(&(*noun, *id)).unwrap_or(&[0; 32]));
                }
                ((leaf.entity, leaf.id), hash.finalize().into())
            })
            .collect();
    }
    let mut sorted: Vec<Digest32> = hashes.into_values().collect();
    sorted.sort_unstable();
    Ok(hex(&sorted
        .iter()
        .fold(Sha256::new(), Digest::chain_update)
        .finalize()))
}

/// What each record outside the trash says, with the ids that it refers to.
pub(super) type ByRecord = HashMap<(Entity, i64), Digest32>;

/// What each record says, to compare two books record by record.
pub(super) fn by_record(conn: &Connection) -> rusqlite::Result<ByRecord> {
    let sets = sets(conn)?;
    let mut records = ByRecord::new();
    for entity in content_nouns() {
        for leaf in leaves(conn, entity, &sets, true)? {
            let mut hash = Sha256::new_with_prefix(leaf.own);
            for (noun, id) in leaf.refs {
                hash.update(noun.name());
                hash.update(id.to_le_bytes());
            }
            records.insert((entity, leaf.id), hash.finalize().into());
        }
    }
    Ok(records)
}

/// An import is an act: what it brought is content, that it happened is not.
fn content_nouns() -> impl Iterator<Item = Entity> {
    ENTITIES
        .iter()
        .copied()
        .filter(|entity| *entity != Entity::Import)
}

/// Whether a field says something of its own.
fn counts(def: &FieldDef, with_ids: bool) -> bool {
    let derived = is_derived(def) || def.name == "import";
    let order = def.care == Care::Loose && def.entity == Entity::Deal;
    !derived && (with_ids || !order)
}

fn leaves(
    conn: &Connection,
    entity: Entity,
    sets: &Sets,
    with_ids: bool,
) -> rusqlite::Result<Vec<Leaf>> {
    let fields: Vec<&FieldDef> = entity
        .fields()
        .iter()
        .copied()
        .filter(|def| counts(def, with_ids))
        .collect();
    let mut columns = String::new();
    if lacks(conn, entity)? {
        return Ok(Vec::new());
    }
    let minor = minor_of(conn, entity)?;
    for def in &fields {
        columns.push_str(", ");
        columns.push_str(&column(def, minor));
    }
    let custom = if entity.has_custom() {
        "custom"
    } else {
        "'{}'"
    };
    let text = format!(
        "SELECT id, created_at, {custom}{columns} FROM {} WHERE trashed_at IS NULL ORDER BY id",
        quoted(entity.name())
    );
    let mut statement = conn.prepare(&text)?;
    let rows = statement.query_map([], |row| {
        let id: i64 = row.get(0)?;
        let mut hash = Sha256::new_with_prefix(entity.name());
        feed(&mut hash, &row.get(1)?);
        feed(
            &mut hash,
            &Value::Text(canonical(&row.get::<_, String>(2)?)),
        );
        let mut refs = Vec::new();
        let mut noun_here = None;
        for (place, def) in fields.iter().enumerate() {
            let value: Value = row.get(place + 3)?;
            if def.name == "entity" || (def.name == "target" && entity == Entity::PendingLink) {
                noun_here = value.as_text().and_then(|name| name.parse().ok());
            }
            match (def.kind, value.as_int(), noun_here) {
                (Kind::Ref(noun), Some(id), _) | (Kind::AnyRef, Some(id), Some(noun)) => {
                    refs.push((noun, id));
                }
                // A book says the same before its migration and after it.
                (_, None, _) if def.since > 0 && value.is_null() => {}
                _ => feed(&mut hash, &value),
            }
        }
        for element in sets.get(&(entity, id)).into_iter().flatten() {
            feed(&mut hash, &Value::Text(element.clone()));
        }
        Ok(Leaf {
            entity,
            id,
            own: hash.finalize().into(),
            refs,
        })
    })?;
    rows.collect()
}

/// A JSON object with its keys in order: two ways of writing one content.
fn canonical(custom: &str) -> String {
    let object: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_str(custom).unwrap_or_default();
    serde_json::to_string(&object).unwrap_or_default()
}

fn sets(conn: &Connection) -> rusqlite::Result<Sets> {
    let mut sets: Sets = HashMap::new();
    let nouns = NOUNS.as_str();
    let text = format!(
        "SELECT entity, record, 'tag ' || key || ' ' || value FROM tag WHERE entity IN {nouns}
        UNION ALL SELECT 'contact', contact, kind || ' ' || key || ' ' || value FROM identifier
        UNION ALL SELECT 'company', company, 'domain ' || key || ' ' || value FROM domain ORDER BY 3"
    );
    let mut statement = conn.prepare(&text)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        sets.entry((row.get(0)?, row.get(1)?))
            .or_default()
            .push(row.get(2)?);
    }
    Ok(sets)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
