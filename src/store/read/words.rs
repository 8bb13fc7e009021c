//! The words that a filter can be completed with: what records of a noun hold where a book has few of them.

use rusqlite::Connection;

use crate::domain::nouns::Entity;

use super::super::sql::quoted;
use super::Res;

/// Words of one field at the most.
const MOST: u32 = 200;

/// The words by field, the most used first where that tells something.
pub(super) fn words(conn: &Connection, entity: Entity) -> Res<Vec<(String, Vec<String>)>> {
    let noun = entity.name();
    let mut all = vec![
        (
            "tag",
            format!(
                "SELECT min(value) FROM tag WHERE entity = '{noun}' GROUP BY key ORDER BY count(*) DESC, 1"
            ),
        ),
        (
            "source",
            format!(
                "SELECT source FROM source_record WHERE entity = '{noun}' GROUP BY source ORDER BY count(*) DESC, 1"
            ),
        ),
    ];
    let columns = ["lead_source", "city", "country", "industry"];
    for column in columns
        .into_iter()
        .filter(|column| entity.field(column).is_some())
    {
        let (table, name) = (quoted(noun), quoted(column));
        all.push((
            column,
            format!("SELECT {name} FROM {table} WHERE {name} IS NOT NULL AND trashed_at IS NULL GROUP BY fold({name}) ORDER BY count(*) DESC, 1"),
        ));
    }
    if entity == Entity::Deal {
        for (field, table) in [("stage", "stage"), ("pipeline", "pipeline")] {
            all.push((
                field,
                format!("SELECT name FROM {table} WHERE trashed_at IS NULL ORDER BY position, id"),
            ));
        }
    }
    all.into_iter()
        .map(|(field, sql)| {
            let words = conn
                .prepare_cached(&format!("{sql} LIMIT {MOST}"))?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok((field.to_owned(), words))
        })
        .collect()
}
