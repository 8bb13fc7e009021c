//! The part of a WHERE that a filter stands for, in the circumstances of the book.

use rusqlite::Connection;

use crate::domain::filter::{Context, CustomField, CustomKind, Filter, bind};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::error::StoreError;
use super::super::filter_sql::{self, Condition, Of};
use super::super::query::Asked;
use super::super::rates;
use super::super::sql::quoted;
use super::Res;

/// Nouns of which a book has few: a filter that names one that is not there is told so.
const FEW: [Entity; 4] = [
    Entity::Rep,
    Entity::Stage,
    Entity::Pipeline,
    Entity::LostReason,
];

/// The condition of a filter over the table of a noun; all rows where there is none. It holds for the question that is being answered.
pub(super) fn condition(
    conn: &Connection,
    meta: &Meta,
    filter: Option<&Filter>,
    entity: Entity,
    asked: &Asked,
) -> Res<Condition> {
    let condition = compiled(conn, meta, filter, entity, asked, Of::All)?;
    filter_sql::read(conn, &condition.sets)?;
    Ok(condition)
}

/// The same for a few rows that are known.
pub(super) fn condition_of_few(
    conn: &Connection,
    meta: &Meta,
    filter: Option<&Filter>,
    entity: Entity,
    asked: &Asked,
) -> Res<Condition> {
    compiled(conn, meta, filter, entity, asked, Of::Few)
}

fn compiled(
    conn: &Connection,
    meta: &Meta,
    filter: Option<&Filter>,
    entity: Entity,
    asked: &Asked,
    of: Of,
) -> Res<Condition> {
    let Some(filter) = filter.filter(|filter| !filter.is_empty()) else {
        return Ok(Condition::all());
    };
    let context = Context {
        now: asked.now,
        zone: meta.zone,
        base: meta.base,
        fiscal_start: meta.fiscal_start,
        me: asked.me,
        rates: &rates(conn, meta, asked)?,
        custom: &custom_fields(conn, entity)?,
        names: &names(conn)?,
    };
    let bound = bind(filter, entity, &context).map_err(|fault| StoreError::Invalid {
        field: Some("filter".to_owned()),
        what: fault.what,
    })?;
    Ok(filter_sql::compile(&bound, entity.name(), of))
}

/// Today's rate of every currency but the base.
pub(super) fn rates(
    conn: &Connection,
    meta: &Meta,
    asked: &Asked,
) -> rusqlite::Result<Vec<(Currency, i64)>> {
    let today = Value::from(asked.now.date(meta.zone));
    let rows: Vec<(String, i64)> = conn
        .prepare_cached(
            // The rate is that of the row with the greatest date.
            &format!(
                "SELECT currency, rate, max(date) FROM rate WHERE date <= ?1 AND currency <> ?2 AND {} GROUP BY currency ORDER BY currency",
                rates::alive(conn)?
            ),
        )?
        .query_map((today, meta.base.code()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let known = rows
        .into_iter()
        .filter_map(|(code, rate)| code.parse().ok().map(|currency| (currency, rate)));
    Ok(known.collect())
}

fn custom_fields(conn: &Connection, entity: Entity) -> rusqlite::Result<Vec<CustomField>> {
    if !entity.has_custom() {
        return Ok(Vec::new());
    }
    conn.prepare_cached(
        "SELECT id, name, kind FROM field WHERE entity = ?1 AND trashed_at IS NULL ORDER BY id",
    )?
    .query_map([entity], |row| {
        let kind: String = row.get(2)?;
        Ok(CustomField {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: CustomKind::named(&kind),
        })
    })?
    .collect()
}

fn names(conn: &Connection) -> rusqlite::Result<Vec<(Entity, Vec<String>)>> {
    let of = |entity: Entity| {
        let text = format!("SELECT name FROM {}", quoted(entity.name()));
        let names = conn
            .prepare_cached(&text)?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok((entity, names))
    };
    FEW.into_iter().map(of).collect()
}
