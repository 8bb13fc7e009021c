//! The words that a filter can be completed with: what records of a noun hold where a book has few of them.

use rusqlite::Connection;

use crate::domain::nouns::Entity;

use super::super::query::WORDS_AT_MOST;
use super::super::sql::quoted;
use super::Res;

/// The newest records that are looked at: whoever types shall not wait for a million.
const LOOKED_AT: u32 = 20_000;

/// The words by field, the most used first where that tells something. What is written alike is counted before it is folded.
pub(super) fn words(conn: &Connection, entity: Entity) -> Res<Vec<(String, Vec<String>)>> {
    let noun = entity.name();
    let newest = |what: &str, table: &str, of: &str| {
        format!(
            "SELECT min(word) FROM (
                 SELECT word, count(*) AS many
                 FROM (SELECT {what} AS word FROM {table} WHERE {of} ORDER BY id DESC LIMIT {LOOKED_AT}) GROUP BY word)
             GROUP BY fold(word) ORDER BY sum(many) DESC, 1"
        )
    };
    let of_noun = format!("entity = '{noun}'");
    let mut all = vec![
        // By their index they would all be put in order, to look at the newest.
        ("tag", newest("value", "tag", &format!("+{of_noun}"))),
        ("source", newest("source", "source_record", &of_noun)),
    ];
    let columns = ["lead_source", "city", "country", "industry"];
    for column in columns
        .into_iter()
        .filter(|column| entity.field(column).is_some())
    {
        let name = quoted(column);
        let known = format!("{name} IS NOT NULL AND trashed_at IS NULL");
        all.push((column, newest(&name, &quoted(noun), &known)));
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
                .prepare_cached(&format!("{sql} LIMIT {WORDS_AT_MOST}"))?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            Ok((field.to_owned(), words))
        })
        .collect()
}
