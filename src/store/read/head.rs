//! The first of a list, found without reading all of it: a screen shows them at once, and the whole order behind them.
//!
//! A [walk](Walk) goes through the records by what comes first in the order. As many of them as fill a page are looked at by the filter,
//! and put in order as all would be. Where that takes too long (few fit, too many are alike, no index leads there) nothing is told: the
//! whole order is.

use std::collections::HashSet;

use rusqlite::{Connection, params_from_iter};

use crate::domain::history::Head;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::super::book::Meta;
use super::super::filter_sql::Condition;
use super::super::query::ListQuery;
use super::super::sql::quoted;
use super::super::tables;
use super::Res;
use super::by_letters::Next;
use super::condition::{condition_of_few, rates};
use super::figures::Rates;
use super::list::{ids_as_json, in_order, rows_of};
use super::walk::Walk;

/// So many are looked at in all; fewer where each is looked up in several places.
const LOOKED_AT: usize = 4_000;

pub(super) fn head_of(conn: &Connection, meta: &Meta, query: &ListQuery) -> Res<Option<Head>> {
    // A book of schema 1.0 has none of the indexes.
    let (Some((first, descending)), Some(limit)) = (query.sort.first(), query.limit) else {
        return Ok(None);
    };
    if query.trashed || tables::minor(conn)? == 0 {
        return Ok(None);
    }
    let entity = query.entity;
    let filter = condition_of_few(conn, meta, query.filter.as_ref(), entity, &query.asked)?;
    let known = rates(conn, meta, &query.asked)?;
    let rates = Rates {
        base: meta.base,
        known: &known,
    };
    let Some(walk) = Walk::of(conn, entity, (first, *descending), &rates)? else {
        return Ok(None);
    };
    let mut gathering = Gathering {
        conn,
        entity,
        filter: &filter,
        limit,
        found: Vec::new(),
        looked_at: 0,
    };
    let Some(mut is_all) = gathering.gather(walk, &HashSet::new())? else {
        return Ok(None);
    };
    // Behind all that have a value come those that have none, in the order of the next key.
    let is_full = gathering.found.len() >= limit;
    is_all &= !is_full || always_known(first);
    if is_all && !always_known(first) {
        let known: HashSet<RecordId> = gathering.found.iter().copied().collect();
        let (next, descending) = (query.sort.get(1)).map_or(("id", false), |(by, way)| (by, *way));
        if !always_known(next) {
            return Ok(None);
        }
        let Some(walk) = Walk::of(conn, entity, (next, descending), &rates)? else {
            return Ok(None);
        };
        let Some(with_others) = gathering.gather(walk, &known)? else {
            return Ok(None);
        };
        is_all = with_others;
    }
    let mut ids = in_order(conn, meta, query, &gathering.found)?;
    is_all &= ids.len() <= limit && filter.unknown.is_none();
    ids.truncate(limit);
    Ok(Some(Head { ids, is_all }))
}

/// Whether every record has a value of that key.
fn always_known(key: &str) -> bool {
    matches!(key, "name" | "id")
}

/// Gathers the records that fit.
struct Gathering<'a> {
    conn: &'a Connection,
    entity: Entity,
    filter: &'a Condition,
    limit: usize,
    found: Vec<RecordId>,
    looked_at: usize,
}

impl Gathering<'_> {
    /// Goes on until there are enough; true where these are all that have a value, `None` where it goes too far. Without those of `but`.
    fn gather(
        &mut self,
        mut walk: Walk<'_>,
        but: &HashSet<RecordId>,
    ) -> rusqlite::Result<Option<bool>> {
        // As many as are wanted, and twice as many each time after that.
        let mut go = self.limit.clamp(1, LOOKED_AT);
        loop {
            let (mut groups, mut count) = (Vec::new(), 0);
            let end = loop {
                if count >= go {
                    break None;
                }
                match walk.next()? {
                    Next::These(mut ids) => {
                        ids.retain(|id| !but.contains(id));
                        count += ids.len();
                        groups.push(ids);
                    }
                    end => break Some(end),
                }
            };
            self.looked_at += count;
            if self.looked_at > LOOKED_AT / self.filter.lookups.max(1) {
                return Ok(None);
            }
            let fit = self.fit(&groups.concat())?;
            // Those with the same value stay together: which of them come first the other keys say.
            for group in groups {
                if self.found.len() >= self.limit {
                    return Ok(Some(false));
                }
                self.found
                    .extend(group.into_iter().filter(|id| fit.contains(id)));
            }
            match end {
                Some(Next::End) => return Ok(Some(true)),
                _ if self.found.len() >= self.limit => return Ok(Some(false)),
                Some(_) => return Ok(None),
                None => go = go.saturating_mul(2),
            }
        }
    }

    /// Those of these records that the list has.
    fn fit(&self, ids: &[RecordId]) -> rusqlite::Result<HashSet<RecordId>> {
        let table = quoted(self.entity.name());
        let sql = format!(
            "SELECT {table}.id {} WHERE {table}.trashed_at IS NULL AND ({})",
            rows_of(self.entity),
            self.filter.sql
        );
        let these = ids_as_json(ids);
        let args = std::iter::once(&these).chain(&self.filter.args);
        let mut statement = self.conn.prepare_cached(&sql)?;
        statement
            .query_map(params_from_iter(args), |row| row.get(0))?
            .collect()
    }
}
