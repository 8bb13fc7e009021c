//! The SQL text of every noun's table, made once from the table of nouns.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension};

use crate::domain::id::RecordId;
use crate::domain::nouns::{ENTITIES, Entity, FieldDef};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::error::StoreError;
use super::schema;
use super::sql::quoted;
use super::write::Stop;

/// The statements of one noun.
struct Texts {
    select: String,
    insert: String,
}

/// By the minor of the book, and then by noun.
static TEXTS: LazyLock<Vec<Vec<Texts>>> = LazyLock::new(|| {
    let of = |minor| ENTITIES.iter().map(move |entity| texts(*entity, minor));
    (0..=schema::MINOR)
        .map(|minor| of(minor).collect())
        .collect()
});

/// The minor of the book's schema as far as this program knows it. It is asked of the book each time: a colleague may migrate it
/// while it is open.
pub(super) fn minor(conn: &Connection) -> rusqlite::Result<u32> {
    let version: u32 = conn
        .prepare_cached("PRAGMA user_version")?
        .query_row([], |row| row.get(0))?;
    Ok((version % 1000).min(schema::MINOR))
}

/// The minor that decides how a noun is read and written: 0 where all its columns were there from the start.
pub(super) fn minor_of(conn: &Connection, entity: Entity) -> rusqlite::Result<u32> {
    if entity.fields().iter().any(|def| def.since > 0) {
        minor(conn)
    } else {
        Ok(0)
    }
}

/// Whether the book is of a schema that has no records of the noun yet.
pub(super) fn lacks(conn: &Connection, entity: Entity) -> rusqlite::Result<bool> {
    Ok(entity.since() > 0 && entity.since() > minor(conn)?)
}

/// Refuses a question about records that the book has no table for.
pub(super) fn must_hold(conn: &Connection, entity: Entity) -> Result<(), Stop> {
    if lacks(conn, entity)? {
        return Err(too_old(None, &format!("a {entity}")).into());
    }
    Ok(())
}

fn too_old(field: Option<&FieldDef>, what: &str) -> StoreError {
    StoreError::Invalid {
        field: field.map(|def| def.name.to_owned()),
        what: format!(
            "This book cannot hold {what} yet: it is of an older schema. `clinch book migrate` brings it up to date when nobody else has it open."
        ),
    }
}

/// The SQL text of a field's column; in a book that has none, the field is unknown.
pub(super) fn column(def: &FieldDef, minor: u32) -> String {
    if def.since > minor {
        "NULL".to_owned()
    } else {
        quoted(def.name)
    }
}

/// Refuses to write what the book has no column for.
pub(super) fn must_have(conn: &Connection, def: &FieldDef) -> Result<(), Stop> {
    if def.since == 0 || def.since <= minor(conn)? {
        return Ok(());
    }
    Err(too_old(Some(def), &format!("`{}`", def.name)).into())
}

/// The nouns of this program as a list of SQL. A program of a newer minor may have written of others: what it wrote is left out where
/// a row must be of a noun that is known.
pub(super) static NOUNS: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<String> = ENTITIES
        .iter()
        .map(|entity| format!("'{}'", entity.name()))
        .collect();
    format!("({})", names.join(", "))
});

fn texts(entity: Entity, minor: u32) -> Texts {
    let table = quoted(entity.name());
    let fields = entity.fields().iter();
    let read: Vec<String> = fields.clone().map(|def| column(def, minor)).collect();
    let columns = read.join(", ");
    let written = fields.enumerate().filter(|(_, def)| def.since <= minor);
    let (names, marks): (Vec<String>, Vec<String>) = written
        .map(|(place, def)| (quoted(def.name), format!("?{}", place + 3)))
        .unzip();
    let custom = if entity.has_custom() {
        "custom"
    } else {
        "'{}'"
    };
    let (custom_column, custom_mark) = if entity.has_custom() {
        (", custom", format!(", ?{}", read.len() + 3))
    } else {
        ("", String::new())
    };
    Texts {
        select: format!(
            "SELECT created_at, trashed_at, {custom}, {columns} FROM {table} WHERE id = ?1"
        ),
        insert: format!(
            "INSERT INTO {table} (id, created_at, {}{custom_column}) VALUES (?1, ?2, {}{custom_mark})",
            names.join(", "),
            marks.join(", ")
        ),
    }
}

fn of(conn: &Connection, entity: Entity) -> rusqlite::Result<&'static Texts> {
    let place = ENTITIES
        .iter()
        .position(|other| *other == entity)
        .unwrap_or_default();
    let minor = minor_of(conn, entity)? as usize;
    Ok(&TEXTS[minor][place])
}

/// A record's row as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub created_at: Option<Instant>,
    pub trashed_at: Option<Instant>,
    /// Its fields, in the order of [`Entity::fields`].
    pub values: Vec<Value>,
    /// The JSON object of its custom fields.
    pub custom: String,
}

/// The place of a field among its noun's.
pub(super) fn place(field: &FieldDef) -> usize {
    field
        .entity
        .fields()
        .iter()
        .position(|def| *def == field)
        .unwrap_or_default()
}

impl Row {
    /// The content of a field of this noun.
    pub fn get(&self, field: &FieldDef) -> &Value {
        &self.values[place(field)]
    }
}

/// Reads a row.
pub(super) fn read(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> rusqlite::Result<Option<Row>> {
    if lacks(conn, entity)? {
        return Ok(None);
    }
    conn.prepare_cached(&of(conn, entity)?.select)?
        .query_row([id], |row| {
            let values = (0..entity.fields().len())
                .map(|place| row.get(place + 3))
                .collect::<Result<_, _>>()?;
            Ok(Row {
                created_at: row.get(0)?,
                trashed_at: row.get(1)?,
                custom: row.get(2)?,
                values,
            })
        })
        .optional()
}

/// Inserts a row that is not in the trash.
pub(super) fn insert(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
    row: &Row,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(&of(conn, entity)?.insert)?;
    statement.raw_bind_parameter(1, id)?;
    statement.raw_bind_parameter(2, row.created_at)?;
    let minor = minor_of(conn, entity)?;
    for (place, (def, value)) in entity.fields().iter().zip(&row.values).enumerate() {
        if def.since <= minor {
            statement.raw_bind_parameter(place + 3, value)?;
        }
    }
    if entity.has_custom() {
        statement.raw_bind_parameter(row.values.len() + 3, &row.custom)?;
    }
    statement.raw_execute().map(drop)
}

/// Writes one column of one row.
pub(super) fn set(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
    column: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    let text = format!(
        "UPDATE {} SET {} = ?2 WHERE id = ?1",
        quoted(entity.name()),
        quoted(column)
    );
    conn.prepare_cached(&text)?.execute((id, value)).map(drop)
}

/// Whether there is such a row, in the trash or not.
pub(super) fn exists(conn: &Connection, entity: Entity, id: RecordId) -> rusqlite::Result<bool> {
    if lacks(conn, entity)? {
        return Ok(false);
    }
    conn.prepare_cached(&format!(
        "SELECT 1 FROM {} WHERE id = ?1",
        quoted(entity.name())
    ))?
    .exists([id])
}

/// The records of one seat's batch, in the order of their ids.
pub(super) fn between(
    conn: &Connection,
    entity: Entity,
    first: RecordId,
    last: RecordId,
) -> rusqlite::Result<Vec<RecordId>> {
    let text = format!(
        "SELECT id FROM {} WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        quoted(entity.name())
    );
    let mut statement = conn.prepare_cached(&text)?;
    let ids = statement.query_map((first, last), |row| row.get(0))?;
    // Another seat may have taken ids in the same milliseconds.
    ids.filter(|id| !matches!(id, Ok::<RecordId, _>(id) if id.seat() != first.seat()))
        .collect()
}
