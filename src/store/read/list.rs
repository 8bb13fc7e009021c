//! Records of a noun: one, or a list of them.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::domain::custom::CustomKind;
use crate::domain::history::Order;
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Kind, Set, deal, deal_line};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{CustomValue, Record};
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::error::StoreError;
use super::super::filter_sql::waiting;
use super::super::query::{ListQuery, Listing};
use super::super::sql::quoted;
use super::super::tables::{self, Row};
use super::super::write::custom_value;
use super::condition::{condition, rates};
use super::figures::Rates;
use super::ordered::Key;
use super::{Res, by_text, keys, names, ordered};

/// Every set that a record may have, in the order of its showing.
const SETS: [Set; 5] = [Set::Email, Set::Phone, Set::Url, Set::Domain, Set::Tag];

pub(super) fn show(conn: &Connection, entity: Entity, id: RecordId) -> Res<Option<Record>> {
    let Some(row) = tables::read(conn, entity, id)? else {
        return Ok(None);
    };
    let mut loader = Loader::new(conn, entity)?;
    Ok(Some(loader.record(id, row)?))
}

/// One record that is known to be there.
pub(super) fn record(conn: &Connection, loader: &mut Loader<'_>, id: RecordId) -> Res<Record> {
    match tables::read(conn, loader.entity, id)? {
        Some(row) => loader.record(id, row),
        None => Err(StoreError::NoRecord {
            noun: loader.entity.to_string(),
            id: id.to_string(),
        }
        .into()),
    }
}

/// The records that a list is of: `FROM … WHERE …` with its arguments, and how many of them have no value where a negation asks.
struct Place<'m> {
    meta: &'m Meta,
    sql: String,
    args: Vec<Value>,
    unknown: u64,
}

impl<'m> Place<'m> {
    /// `counts` where the records are only counted.
    fn of(conn: &Connection, meta: &'m Meta, query: &ListQuery, counts: bool) -> Res<Self> {
        let entity = query.entity;
        tables::must_hold(conn, entity)?;
        let filter = condition(conn, meta, query.filter.as_ref(), entity, &query.asked)?;
        let table = quoted(entity.name());
        let trash = if query.trashed { "NOT NULL" } else { "NULL" };
        // The index by name has all contacts that are not in the trash: it serves who wants no more than that or counts them, and leads
        // everybody else from row to row.
        let by_name = matches!(&query.sort[..], [(by, _)] if by == "name");
        let served = entity != Entity::Contact || ((counts || by_name) && query.filter.is_none());
        let plain = if served { "" } else { "+" };
        let sql = format!(
            "FROM {table} WHERE {plain}{table}.trashed_at IS {trash} AND ({})",
            filter.sql
        );
        let unknown = match &filter.unknown {
            None => 0,
            Some((unknown, args)) => {
                let all: Vec<&Value> = filter.args.iter().chain(args).collect();
                conn.query_row(
                    &format!("SELECT count(*) {sql} AND ({unknown})"),
                    params_from_iter(all),
                    |row| row.get::<_, i64>(0),
                )?
            }
        };
        Ok(Self {
            meta,
            sql,
            args: filter.args,
            unknown: unknown.unsigned_abs(),
        })
    }

    /// These records, which are there.
    fn of_these(meta: &'m Meta, entity: Entity, ids: &[RecordId]) -> Self {
        Self {
            meta,
            sql: format!("{} WHERE 1", rows_of(entity)),
            args: vec![ids_as_json(ids)],
            unknown: 0,
        }
    }

    /// The ids in their order: of texts alone, of keys that are compared here, or as SQLite gives them.
    fn in_order(&self, conn: &Connection, query: &ListQuery) -> Res<Vec<RecordId>> {
        if let Some((texts, descending)) = by_text::texts(query.entity, &query.sort) {
            let id = format!("{}.id", quoted(query.entity.name()));
            let columns: Vec<&str> = texts.iter().map(|text| text.column.as_str()).collect();
            let sql = format!("SELECT {id}, {} {}", columns.join(", "), self.sql);
            Ok(by_text::ids(conn, &sql, &self.args, (&texts, descending))?)
        } else if let Some(keys) = ordered::keys(query.entity, &query.sort) {
            self.ordered(conn, query, &keys)
        } else {
            self.ids(conn, query, None)
        }
    }

    /// The ids in the order of keys that are compared here.
    fn ordered(&self, conn: &Connection, query: &ListQuery, keys: &[Key]) -> Res<Vec<RecordId>> {
        let known = rates(conn, self.meta, &query.asked)?;
        let rates = Rates {
            base: self.meta.base,
            known: &known,
        };
        let from = (&*self.sql, &*self.args);
        Ok(ordered::ids(conn, query.entity, from, keys, &rates)?)
    }

    /// The ids in the order that SQLite gives them.
    fn ids(
        &self,
        conn: &Connection,
        query: &ListQuery,
        limit: Option<usize>,
    ) -> Res<Vec<RecordId>> {
        let limit = limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
        let text = format!(
            "SELECT {}.id {} ORDER BY {} LIMIT {limit}",
            quoted(query.entity.name()),
            self.sql,
            order(conn, query.entity, &query.sort)?
        );
        Ok(conn
            .prepare(&text)?
            .query_map(params_from_iter(&self.args), |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }
}

pub(super) fn list(conn: &Connection, meta: &Meta, query: &ListQuery) -> Res<Listing> {
    let place = Place::of(conn, meta, query, false)?;
    let (total, _) = count(conn, meta, query)?;
    let keys = ordered::keys(query.entity, &query.sort);
    let ids = match keys.filter(|keys| keys.iter().any(Key::is_figure)) {
        Some(keys) => {
            let mut ids = place.ordered(conn, query, &keys)?;
            ids.truncate(query.limit.unwrap_or(usize::MAX));
            ids
        }
        None => place.ids(conn, query, query.limit)?,
    };
    let mut loader = Loader::new(conn, query.entity)?;
    let records = ids
        .into_iter()
        .map(|id| record(conn, &mut loader, id))
        .collect::<Res<_>>()?;
    Ok(Listing {
        records,
        total,
        unknown: place.unknown,
    })
}

/// How many records a list has, and of how many of them nothing is known where its filter negates.
pub(super) fn count(conn: &Connection, meta: &Meta, query: &ListQuery) -> Res<(u64, u64)> {
    let place = Place::of(conn, meta, query, true)?;
    let all: i64 = conn.query_row(
        &format!("SELECT count(*) {}", place.sql),
        params_from_iter(&place.args),
        |row| row.get(0),
    )?;
    Ok((all.unsigned_abs(), place.unknown))
}

/// All ids of a list, in its order.
pub(super) fn order_of(conn: &Connection, meta: &Meta, query: &ListQuery) -> Res<Order> {
    let place = Place::of(conn, meta, query, false)?;
    Ok(Order {
        ids: place.in_order(conn, query)?,
        unknown: place.unknown,
    })
}

/// A few records of a list in its order.
pub(super) fn in_order(
    conn: &Connection,
    meta: &Meta,
    query: &ListQuery,
    ids: &[RecordId],
) -> Res<Vec<RecordId>> {
    Place::of_these(meta, query.entity, ids).in_order(conn, query)
}

/// The rows of a few records, looked up one by one, as the FROM of a query whose first parameter names them.
pub(super) fn rows_of(entity: Entity) -> String {
    let table = quoted(entity.name());
    // What stands left of CROSS JOIN leads, whatever an index promises.
    format!("FROM json_each(?) AS these CROSS JOIN {table} NOT INDEXED ON {table}.id = these.value")
}

/// What that parameter is.
pub(super) fn ids_as_json(ids: &[RecordId]) -> Value {
    let ids: Vec<String> = ids.iter().map(|id| id.raw().to_string()).collect();
    format!("[{}]", ids.join(",")).into()
}

/// ORDER BY: by the named fields (a reference by the name at its end), unknown values last, ties by id.
fn order(conn: &Connection, entity: Entity, sort: &[(String, bool)]) -> Res<String> {
    let table = quoted(entity.name());
    let mut parts = Vec::new();
    for (name, descending) in sort {
        let by = match entity.field(name) {
            _ if matches!(name.as_str(), "created_at" | "id") => format!("{table}.{name}"),
            None if name == "waits" && entity == Entity::Contact => waiting(&table),
            Some(def) if def.since > tables::minor_of(conn, entity)? => "NULL".to_owned(),
            Some(def) => match def.kind {
                Kind::Ref(to) => match to.label_field() {
                    Some(label) => format!(
                        "(SELECT fold(\"to\".{}) FROM {} AS \"to\" WHERE \"to\".id = {table}.{})",
                        quoted(label),
                        quoted(to.name()),
                        quoted(name)
                    ),
                    None => format!("{table}.{}", quoted(name)),
                },
                Kind::Line | Kind::Block => format!("fold({table}.{})", quoted(name)),
                _ => format!("{table}.{}", quoted(name)),
            },
            None => match keys::derived(entity, name) {
                Some(by) => by,
                None => return Err(no_order(entity, name).into()),
            },
        };
        parts.push(format!(
            "{by} {} NULLS LAST",
            if *descending { "DESC" } else { "ASC" }
        ));
    }
    parts.push(format!("{table}.id"));
    Ok(parts.join(", "))
}

fn no_order(entity: Entity, name: &str) -> StoreError {
    let known: Vec<&str> = entity.fields().iter().map(|def| def.name).collect();
    StoreError::Invalid {
        field: Some("sort".to_owned()),
        what: format!(
            "A {entity} cannot be sorted by `{name}`: it has {}.",
            known.join(", ")
        ),
    }
}

/// Loads records of one noun, and remembers the names at the ends of their references, and which of those are in the trash.
pub(super) struct Loader<'c> {
    conn: &'c Connection,
    entity: Entity,
    names: HashMap<(Entity, RecordId), (String, bool)>,
    kinds: HashMap<i64, StageKind>,
    fields: Vec<(RecordId, String, CustomKind)>,
    /// The deal that a line was read of last, and its currency: a list of lines is one of deals, mostly.
    currency: Option<(i64, String)>,
}

impl<'c> Loader<'c> {
    pub fn new(conn: &'c Connection, entity: Entity) -> rusqlite::Result<Self> {
        let mut kinds = HashMap::new();
        let mut fields = Vec::new();
        if entity == Entity::Deal {
            let mut statement = conn.prepare_cached("SELECT id, kind FROM stage")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let kind: String = row.get(1)?;
                kinds.insert(
                    row.get(0)?,
                    StageKind::named(&kind).unwrap_or(StageKind::Open),
                );
            }
        }
        if entity.has_custom() {
            fields = conn
                .prepare_cached("SELECT id, name, kind FROM field WHERE entity = ?1 ORDER BY id")?
                .query_map([entity], |row| {
                    let kind: String = row.get(2)?;
                    Ok((row.get(0)?, row.get(1)?, CustomKind::named(&kind)))
                })?
                .collect::<Result<_, _>>()?;
        }
        Ok(Self {
            conn,
            entity,
            names: HashMap::new(),
            kinds,
            fields,
            currency: None,
        })
    }

    /// A record out of its row.
    pub fn record(&mut self, id: RecordId, row: Row) -> Res<Record> {
        let entity = self.entity;
        let mut refs = Vec::with_capacity(row.values.len());
        let mut gone = Vec::new();
        for (def, value) in entity.fields().iter().zip(&row.values) {
            refs.push(match (def.kind, value) {
                (Kind::Ref(noun), Value::Int(raw)) => {
                    let (name, is_gone) = self.name(noun, RecordId::from_raw(*raw))?;
                    if is_gone {
                        gone.push(*def);
                    }
                    Some(name)
                }
                (Kind::Money, Value::Int(_)) if entity == Entity::DealLine => {
                    self.currency_of_line(&row)?
                }
                _ => None,
            });
        }
        let custom = if row.custom.len() > 2 {
            let known = self.fields.iter().map(|(field, name, kind)| CustomValue {
                field: *field,
                name: name.clone(),
                kind: *kind,
                value: custom_value(&row.custom, *field),
            });
            known.filter(|custom| !custom.value.is_null()).collect()
        } else {
            Vec::new()
        };
        let state = (entity == Entity::Deal)
            .then(|| {
                row.get(&deal::STAGE)
                    .as_int()
                    .and_then(|stage| self.kinds.get(&stage).copied())
            })
            .flatten();
        Ok(Record {
            entity,
            id,
            created_at: row.created_at,
            trashed_at: row.trashed_at,
            names: refs,
            gone,
            custom,
            sets: self.sets(id)?,
            source: self.source(id)?,
            state,
            seq: names::version(self.conn, entity, id)?,
            values: row.values,
        })
    }

    /// The currency of the deal that a line is of.
    fn currency_of_line(&mut self, line: &Row) -> rusqlite::Result<Option<String>> {
        let deal = line.get(&deal_line::DEAL).as_int();
        if let (Some(deal), Some((known, currency))) = (deal, &self.currency)
            && deal == *known
        {
            return Ok(Some(currency.clone()));
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT currency FROM deal WHERE id = ?1")?;
        let found: Option<String> = statement.query_row([deal], |row| row.get(0)).optional()?;
        self.currency = deal.zip(found.clone());
        Ok(found)
    }

    fn name(&mut self, noun: Entity, id: RecordId) -> rusqlite::Result<(String, bool)> {
        if let Some(known) = self.names.get(&(noun, id)) {
            return Ok(known.clone());
        }
        let found = names::standing(self.conn, noun, id)?;
        self.names.insert((noun, id), found.clone());
        Ok(found)
    }

    fn sets(&self, id: RecordId) -> rusqlite::Result<Vec<(Set, Vec<String>)>> {
        let mut sets = Vec::new();
        for set in SETS.into_iter().filter(|set| set.is_of(self.entity)) {
            let elements: Vec<String> = match set {
                Set::Tag => self
                    .conn
                    .prepare_cached(
                        "SELECT value FROM tag WHERE entity = ?1 AND record = ?2 ORDER BY id",
                    )?
                    .query_map((self.entity, id), |row| row.get(0))?
                    .collect::<Result<_, _>>()?,
                Set::Domain => self
                    .conn
                    .prepare_cached("SELECT value FROM domain WHERE company = ?1 ORDER BY id")?
                    .query_map([id], |row| row.get(0))?
                    .collect::<Result<_, _>>()?,
                Set::Email | Set::Phone | Set::Url => self
                    .conn
                    .prepare_cached(
                        "SELECT value FROM identifier WHERE contact = ?1 AND kind = ?2 ORDER BY id",
                    )?
                    .query_map((id, set.name()), |row| row.get(0))?
                    .collect::<Result<_, _>>()?,
            };
            sets.push((set, elements));
        }
        Ok(sets)
    }

    fn source(&self, id: RecordId) -> rusqlite::Result<Option<(String, String)>> {
        if matches!(
            self.entity,
            Entity::SourceRecord | Entity::PendingLink | Entity::Import
        ) {
            return Ok(None);
        }
        self.conn
            .prepare_cached("SELECT source, key FROM source_record WHERE entity = ?1 AND record = ?2 ORDER BY id LIMIT 1")?
            .query_row((self.entity, id), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
    }
}
