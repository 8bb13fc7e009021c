//! The board: per column one query for its cards and one for its sums, never a window over all deals.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::domain::board::{Board, Column, Foot, Sum};
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money};
use crate::domain::nouns::Entity;
use crate::domain::records::{Link, Pipeline, Stage};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::filter_sql::Condition;
use super::super::query::BoardQuery;
use super::super::rates;
use super::Res;
use super::cards::{Wanted, cards, keys};
use super::condition::condition;

/// An open stage of the pipeline.
struct OpenStage {
    link: Link<Stage>,
    probability: Option<i64>,
    rot_days: Option<i64>,
    archived: bool,
}

pub(super) fn board(conn: &Connection, meta: &Meta, query: &BoardQuery) -> Res<Board> {
    let pipelines = pipelines(conn)?;
    let pipeline = pipeline(&pipelines, query).cloned();
    let filter = filter_of(conn, meta, query)?;
    let mut board = Board {
        pipeline: pipeline.clone(),
        pipelines,
        columns: Vec::new(),
        order: query.order,
        won_stage: None,
        lost_stage: None,
        foot: no_foot(query),
        filtered_out: 0,
        base: meta.base,
    };
    let Some(pipeline) = pipeline else {
        return Ok(board);
    };
    board.won_stage = closing_stage(conn, pipeline.id, "won")?;
    board.lost_stage = closing_stage(conn, pipeline.id, "lost")?;
    let mut rates = Rates::new(conn, meta, query.asked.now);
    for stage in open_stages(conn, pipeline.id)? {
        let limit = query
            .limits
            .iter()
            .find(|(id, _)| *id == stage.link.id)
            .map_or(query.limit, |(_, limit)| *limit);
        let (count, sum, weighted) = sums(conn, &stage, &filter, &mut rates)?;
        if query.filter.is_some() {
            let all: i64 = conn
                .prepare_cached(
                    "SELECT count(*) FROM deal WHERE stage = ?1 AND trashed_at IS NULL",
                )?
                .query_row([stage.link.id.record()], |row| row.get(0))?;
            board.filtered_out += all.unsigned_abs().saturating_sub(count);
        }
        if stage.archived && count == 0 {
            continue;
        }
        let cards = if count == 0 {
            Vec::new()
        } else {
            let wanted = Wanted {
                stage: stage.link.id.record(),
                filter: &filter,
                order: query.order,
                keys: &keys(query.order, &rates),
                limit,
                keep: query.keep,
            };
            cards(conn, &wanted)?
        };
        board.columns.push(Column {
            stage: stage.link,
            probability: stage.probability,
            rot_days: stage.rot_days,
            count,
            sum,
            weighted,
            cards,
        });
    }
    board.foot = foot(conn, meta, query, &filter, &board)?;
    Ok(board)
}

/// What the filter of a board asks of a deal.
fn filter_of(conn: &Connection, meta: &Meta, query: &BoardQuery) -> Res<Condition> {
    let filter = query.filter.as_ref();
    condition(conn, meta, filter, Entity::Deal, &query.asked)
}

/// The pipeline that is asked for, or the first one.
fn pipeline<'a>(all: &'a [Link<Pipeline>], query: &BoardQuery) -> Option<&'a Link<Pipeline>> {
    let wanted = all
        .iter()
        .find(|pipeline| Some(pipeline.id) == query.pipeline);
    wanted.or(all.first())
}

fn pipelines(conn: &Connection) -> rusqlite::Result<Vec<Link<Pipeline>>> {
    conn.prepare_cached(
        "SELECT id, name FROM pipeline WHERE trashed_at IS NULL ORDER BY position, id",
    )?
    .query_map([], |row| {
        Ok(Link {
            id: Id::from_raw(row.get(0)?),
            name: row.get(1)?,
        })
    })?
    .collect()
}

fn closing_stage(
    conn: &Connection,
    pipeline: Id<Pipeline>,
    kind: &str,
) -> rusqlite::Result<Option<Link<Stage>>> {
    conn.prepare_cached("SELECT id, name FROM stage WHERE pipeline = ?1 AND kind = ?2 AND trashed_at IS NULL ORDER BY position, id LIMIT 1")?
        .query_row((pipeline.record(), kind), |row| Ok(Link { id: Id::from_raw(row.get(0)?), name: row.get(1)? }))
        .optional()
}

fn open_stages(conn: &Connection, pipeline: Id<Pipeline>) -> rusqlite::Result<Vec<OpenStage>> {
    conn.prepare_cached(
        "SELECT id, name, probability, rot_days, coalesce(archived, 0) FROM stage
         WHERE pipeline = ?1 AND kind = 'open' AND trashed_at IS NULL ORDER BY position, id",
    )?
    .query_map([pipeline.record()], |row| {
        Ok(OpenStage {
            link: Link {
                id: Id::from_raw(row.get(0)?),
                name: row.get(1)?,
            },
            probability: row.get(2)?,
            rot_days: row.get(3)?,
            archived: row.get(4)?,
        })
    })?
    .collect()
}

/// Rates to the base currency on one day, looked up once a currency.
pub(super) struct Rates<'c> {
    conn: &'c Connection,
    meta: &'c Meta,
    at: Instant,
    known: BTreeMap<String, Option<i64>>,
}

impl<'c> Rates<'c> {
    pub(super) fn new(conn: &'c Connection, meta: &'c Meta, at: Instant) -> Self {
        Self {
            conn,
            meta,
            at,
            known: BTreeMap::new(),
        }
    }

    pub(super) fn of(&mut self, currency: &str) -> rusqlite::Result<Option<i64>> {
        if let Some(rate) = self.known.get(currency) {
            return Ok(*rate);
        }
        let rate = rates::on(self.conn, self.meta, currency, self.at)?;
        self.known.insert(currency.to_owned(), rate);
        Ok(rate)
    }

    /// The book's base currency.
    pub(super) const fn base(&self) -> Currency {
        self.meta.base
    }

    /// The rates that were looked up and are known.
    pub(super) fn all(&self) -> impl Iterator<Item = (Currency, i64)> {
        let known = self.known.iter();
        known.filter_map(|(code, rate)| Some((code.parse().ok()?, (*rate)?)))
    }
}

/// Count, sum and weighted sum of a column, from groups of one currency and one probability.
fn sums(
    conn: &Connection,
    stage: &OpenStage,
    filter: &Condition,
    rates: &mut Rates<'_>,
) -> Res<(u64, Sum, Sum)> {
    let text = format!(
        "SELECT currency, probability, count(*), count(amount), sum(amount >> 32), sum(amount & 4294967295) FROM deal
         WHERE stage = ? AND trashed_at IS NULL AND ({}) GROUP BY currency, probability",
        filter.sql
    );
    let mut statement = conn.prepare_cached(&text)?;
    let id = Value::from(stage.link.id);
    let mut rows = statement.query(params_from_iter(std::iter::once(&id).chain(&filter.args)))?;
    let (mut count, mut sum, mut weighted) = (0, Sum::default(), Sum::default());
    while let Some(row) = rows.next()? {
        let currency: String = row.get(0)?;
        let probability: Option<i64> = row.get::<_, Option<i64>>(1)?.or(stage.probability);
        let (deals, with): (u64, u64) = (
            row.get::<_, i64>(2)?.unsigned_abs(),
            row.get::<_, i64>(3)?.unsigned_abs(),
        );
        let total = joined(row.get(4)?, row.get(5)?);
        count += deals;
        let mut part = Sum {
            without_amount: deals - with,
            ..Sum::default()
        };
        let base = match (total, rates.of(&currency)?, currency.parse::<Currency>()) {
            (Some(total), Some(rate), Ok(currency)) => {
                Money::new(total, currency).at_rate(rate, rates.meta.base)
            }
            _ => None,
        };
        match base {
            Some(base) => (part.minor, part.n) = (base.minor, with),
            None => part.without_rate = with,
        }
        sum.add(part);
        match probability {
            Some(percent) => part.minor = percent_of(part.minor, percent),
            None => {
                part = Sum {
                    without_probability: deals,
                    ..Sum::default()
                }
            }
        }
        weighted.add(part);
    }
    Ok((count, sum, weighted))
}

/// A sum that was taken in two halves, as SQLite refuses to answer at all where a sum leaves the range of an integer. `None` of
/// nothing; what lies beyond the range is its end.
pub(super) fn joined(high: Option<i64>, low: Option<i64>) -> Option<i64> {
    let whole = (i128::from(high?) << 32) + i128::from(low?);
    let end = if whole < 0 { i64::MIN } else { i64::MAX };
    Some(i64::try_from(whole).unwrap_or(end))
}

/// A share of an amount, rounded half away from zero.
fn percent_of(minor: i64, percent: i64) -> i64 {
    let scaled = i128::from(minor) * i128::from(percent);
    i64::try_from((scaled.abs() + 50) / 100 * scaled.signum()).unwrap_or(i64::MAX)
}

/// What was closed in the period of the deals that the filter lets through, by the facts of the close; losses without a real reason are no losses. All of time is counted
/// only where the period has nothing and nothing is filtered, from indexes alone. What the period has is found by when it was closed, whatever else the filter asks for
/// that an index might have: of all time there is far more.
fn foot(
    conn: &Connection,
    meta: &Meta,
    query: &BoardQuery,
    filter: &Condition,
    board: &Board,
) -> Res<Foot> {
    let (from, to) = query.foot.span(meta.zone);
    let mut foot = no_foot(query);
    for (stage, won) in [(&board.won_stage, true), (&board.lost_stage, false)] {
        let Some(stage) = stage else { continue };
        let text = format!(
            "SELECT count(*), count(close_base), count(close_amount), sum(close_base >> 32), sum(close_base & 4294967295)
             FROM deal INDEXED BY deal_closed WHERE closed_at >= ? AND closed_at < ? AND stage = ? AND trashed_at IS NULL
             AND (lost_reason IS NULL OR lost_reason NOT IN (SELECT id FROM lost_reason WHERE real = 0)) AND ({})",
            filter.sql
        );
        let own = [Value::from(from), Value::from(to), Value::from(stage.id)];
        let closed = conn.prepare_cached(&text)?.query_row(
            params_from_iter(own.iter().chain(&filter.args)),
            |row| {
                let number = |place: usize| row.get::<_, i64>(place).map(i64::unsigned_abs);
                let (count, with_base, with_amount) = (number(0)?, number(1)?, number(2)?);
                let sum = Sum {
                    minor: joined(row.get(3)?, row.get(4)?).unwrap_or_default(),
                    n: with_base,
                    without_amount: count - with_amount,
                    without_rate: with_amount - with_base,
                    without_probability: 0,
                };
                Ok((count, sum))
            },
        )?;
        *(if won { &mut foot.won } else { &mut foot.lost }) = closed;
    }
    if foot.is_empty() && query.filter.is_none() {
        foot.ever = Some(ever_of_all(conn, [&board.won_stage, &board.lost_stage])?);
    }
    Ok(foot)
}

/// All that was ever won and lost of the deals that the filter of a board lets through, but for what was no real loss.
pub(super) fn ever(conn: &Connection, meta: &Meta, query: &BoardQuery) -> Res<(u64, u64)> {
    let filter = filter_of(conn, meta, query)?;
    let pipelines = pipelines(conn)?;
    let Some(pipeline) = pipeline(&pipelines, query) else {
        return Ok((0, 0));
    };
    let [won, lost] = ["won", "lost"].map(|kind| closing_stage(conn, pipeline.id, kind));
    Ok(ever_filtered(conn, &filter, [&won?, &lost?])?)
}

/// All that was ever won and lost, but for what was no real loss.
fn ever_of_all(
    conn: &Connection,
    stages: [&Option<Link<Stage>>; 2],
) -> rusqlite::Result<(u64, u64)> {
    let of = |stage: &Option<Link<Stage>>| -> rusqlite::Result<u64> {
        let Some(stage) = stage else { return Ok(0) };
        let count = |which: &str| -> rusqlite::Result<i64> {
            let text =
                format!("SELECT count(*) FROM deal {which} stage = ? AND trashed_at IS NULL");
            conn.prepare_cached(&text)?
                .query_row([stage.id.record()], |row| row.get(0))
        };
        let all = count("WHERE")?;
        let unreal = count(
            "INDEXED BY deal_lost WHERE lost_reason IS NOT NULL AND lost_reason IN (SELECT id FROM lost_reason WHERE real = 0) AND",
        )?;
        Ok((all - unreal).unsigned_abs())
    };
    let [won, lost] = stages;
    Ok((of(won)?, of(lost)?))
}

/// The same of the deals that a filter lets through. Most deals of a book are closed, and the filter may ask for anything: they are
/// read once, as they lie.
fn ever_filtered(
    conn: &Connection,
    filter: &Condition,
    stages: [&Option<Link<Stage>>; 2],
) -> rusqlite::Result<(u64, u64)> {
    let [won, lost] = stages.map(|stage| Value::from(stage.as_ref().map(|stage| stage.id)));
    let text = format!(
        "SELECT count(*) FILTER (WHERE stage = ?1), count(*) FILTER (WHERE stage = ?2) FROM deal NOT INDEXED
         WHERE stage IN (?1, ?2) AND trashed_at IS NULL
         AND (lost_reason IS NULL OR lost_reason NOT IN (SELECT id FROM lost_reason WHERE real = 0)) AND ({})",
        filter.sql
    );
    let args = [&won, &lost].into_iter().chain(&filter.args);
    conn.prepare_cached(&text)?
        .query_row(params_from_iter(args), |row| {
            let number = |place: usize| row.get::<_, i64>(place).map(i64::unsigned_abs);
            Ok((number(0)?, number(1)?))
        })
}

/// A foot without anything in it.
fn no_foot(query: &BoardQuery) -> Foot {
    Foot {
        period: query.foot,
        won: (0, Sum::default()),
        lost: (0, Sum::default()),
        ever: None,
    }
}
