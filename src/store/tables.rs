//! The SQL text of every noun's table, made once from the table of nouns.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension};

use crate::domain::id::RecordId;
use crate::domain::nouns::{ENTITIES, Entity, FieldDef};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::sql::quoted;

/// The statements of one noun.
struct Texts {
    select: String,
    insert: String,
}

static TEXTS: LazyLock<Vec<Texts>> =
    LazyLock::new(|| ENTITIES.iter().map(|entity| texts(*entity)).collect());

/// The nouns of this program as a list of SQL. A program of a newer minor may have written of others: what it wrote is left out where
/// a row must be of a noun that is known.
pub(super) static NOUNS: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<String> = ENTITIES
        .iter()
        .map(|entity| format!("'{}'", entity.name()))
        .collect();
    format!("({})", names.join(", "))
});

fn texts(entity: Entity) -> Texts {
    let table = quoted(entity.name());
    let names: Vec<String> = entity
        .fields()
        .iter()
        .map(|field| quoted(field.name))
        .collect();
    let columns = names.join(", ");
    let custom = if entity.has_custom() {
        "custom"
    } else {
        "'{}'"
    };
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("?{}", n + 2)).collect();
    let (custom_column, custom_mark) = if entity.has_custom() {
        (", custom", format!(", ?{}", names.len() + 3))
    } else {
        ("", String::new())
    };
    Texts {
        select: format!(
            "SELECT created_at, trashed_at, {custom}, {columns} FROM {table} WHERE id = ?1"
        ),
        insert: format!(
            "INSERT INTO {table} (id, created_at, {columns}{custom_column}) VALUES (?1, ?2, {}{custom_mark})",
            marks.join(", ")
        ),
    }
}

fn of(entity: Entity) -> &'static Texts {
    let place = ENTITIES
        .iter()
        .position(|other| *other == entity)
        .unwrap_or_default();
    &TEXTS[place]
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
    conn.prepare_cached(&of(entity).select)?
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
    let mut statement = conn.prepare_cached(&of(entity).insert)?;
    statement.raw_bind_parameter(1, id)?;
    statement.raw_bind_parameter(2, row.created_at)?;
    for (place, value) in row.values.iter().enumerate() {
        statement.raw_bind_parameter(place + 3, value)?;
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
