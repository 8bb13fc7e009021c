//! The board: per column one query for its cards and one for its sums, never a window over all deals.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::domain::board::{Board, Card, Column, Foot, NextStep, Sum};
use crate::domain::id::{Id, RecordId};
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
    let pipeline = match query.pipeline {
        Some(wanted) => pipelines
            .iter()
            .find(|pipeline| pipeline.id == wanted)
            .or(pipelines.first()),
        None => pipelines.first(),
    }
    .cloned();
    let filter = condition(
        conn,
        meta,
        query.filter.as_ref(),
        Entity::Deal,
        &query.asked,
    )?;
    let mut board = Board {
        pipeline: pipeline.clone(),
        pipelines,
        columns: Vec::new(),
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
            cards(conn, stage.link.id.record(), &filter, limit)?
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
    board.foot = foot(conn, meta, query, &board)?;
    Ok(board)
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
    known: HashMap<String, Option<i64>>,
}

impl<'c> Rates<'c> {
    pub(super) fn new(conn: &'c Connection, meta: &'c Meta, at: Instant) -> Self {
        Self {
            conn,
            meta,
            at,
            known: HashMap::new(),
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

fn cards(conn: &Connection, stage: RecordId, filter: &Condition, limit: usize) -> Res<Vec<Card>> {
    let text = format!(
        "SELECT deal.id, deal.title, deal.company, deal.contact, deal.owner, deal.amount, deal.currency, deal.probability, deal.expected_close,
             deal.created_at, deal.last_touch, deal.next_step, deal.position,
             (SELECT name FROM company WHERE company.id = deal.company), (SELECT name FROM contact WHERE contact.id = deal.contact),
             rep.name, rep.initials, activity.kind, activity.subject, activity.due_at, activity.due_date
         FROM deal LEFT JOIN rep ON rep.id = deal.owner LEFT JOIN activity ON activity.id = deal.next_step
         WHERE deal.id IN (SELECT id FROM deal WHERE stage = ? AND trashed_at IS NULL AND ({}) ORDER BY position, id LIMIT ?)
         ORDER BY deal.position, deal.id",
        filter.sql
    );
    let limit = Value::Int(i64::try_from(limit).unwrap_or(i64::MAX));
    let stage = Value::from(stage);
    let args: Vec<&Value> = std::iter::once(&stage)
        .chain(&filter.args)
        .chain(std::iter::once(&limit))
        .collect();
    let mut statement = conn.prepare_cached(&text)?;
    let mut rows = statement.query(params_from_iter(args))?;
    let mut cards = Vec::new();
    while let Some(row) = rows.next()? {
        cards.push(card(row)?);
    }
    Ok(cards)
}

fn card(row: &rusqlite::Row<'_>) -> rusqlite::Result<Card> {
    fn link<T>(
        row: &rusqlite::Row<'_>,
        id: usize,
        name: usize,
    ) -> rusqlite::Result<Option<Link<T>>> {
        let raw: Option<i64> = row.get(id)?;
        let name: Option<String> = row.get(name)?;
        Ok(raw.map(|raw| Link {
            id: Id::from_raw(raw),
            name: name.unwrap_or_default(),
        }))
    }
    let id: RecordId = row.get(0)?;
    let currency = row.get::<_, String>(6)?.parse::<Currency>().ok();
    let next_step = match row.get::<_, Option<i64>>(11)? {
        Some(step) => Some(NextStep {
            id: Id::from_raw(step),
            kind: row.get::<_, Option<String>>(17)?.unwrap_or_default(),
            subject: row.get(18)?,
            due_at: row.get(19)?,
            due_date: row
                .get::<_, Option<String>>(20)?
                .and_then(|date| date.parse().ok()),
        }),
        None => None,
    };
    Ok(Card {
        id: Id::new(id),
        title: row.get(1)?,
        company: link(row, 2, 13)?,
        contact: link(row, 3, 14)?,
        owner: link(row, 4, 15)?,
        initials: row.get(16)?,
        amount: row
            .get::<_, Option<i64>>(5)?
            .zip(currency)
            .map(|(minor, currency)| Money::new(minor, currency)),
        probability: row.get(7)?,
        expected_close: row
            .get::<_, Option<String>>(8)?
            .and_then(|date| date.parse().ok()),
        created_at: row.get(9)?,
        last_touch: row.get(10)?,
        next_step,
        position: row.get::<_, Option<String>>(12)?.unwrap_or_default(),
    })
}

/// What was closed in the period, by the facts of the close; losses without a real reason are no losses. All of time is counted
/// only where the period has nothing, from indexes alone.
fn foot(conn: &Connection, meta: &Meta, query: &BoardQuery, board: &Board) -> Res<Foot> {
    let (from, to) = query.foot.span(meta.zone);
    let mut foot = no_foot(query);
    for (stage, won) in [(&board.won_stage, true), (&board.lost_stage, false)] {
        let Some(stage) = stage else { continue };
        let closed = conn
            .prepare_cached(
                "SELECT count(*), count(close_base), count(close_amount), sum(close_base >> 32), sum(close_base & 4294967295) FROM deal
                 WHERE closed_at >= ?2 AND closed_at < ?3 AND stage = ?1 AND trashed_at IS NULL
                 AND (lost_reason IS NULL OR lost_reason NOT IN (SELECT id FROM lost_reason WHERE real = 0))",
            )?
            .query_row((stage.id.record(), from, to), |row| {
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
            })?;
        *(if won { &mut foot.won } else { &mut foot.lost }) = closed;
    }
    if (foot.won.0, foot.lost.0) == (0, 0) {
        foot.ever = (
            ever(conn, board.won_stage.as_ref())?,
            ever(conn, board.lost_stage.as_ref())?,
        );
    }
    Ok(foot)
}

/// All that was ever closed in a stage, but for what was no real loss.
fn ever(conn: &Connection, stage: Option<&Link<Stage>>) -> rusqlite::Result<u64> {
    let Some(stage) = stage else { return Ok(0) };
    let count = |sql: &str| -> rusqlite::Result<i64> {
        conn.prepare_cached(sql)?
            .query_row([stage.id.record()], |row| row.get(0))
    };
    let all = count("SELECT count(*) FROM deal WHERE stage = ?1 AND trashed_at IS NULL")?;
    let unreal = count(
        "SELECT count(*) FROM lost_reason CROSS JOIN deal ON deal.lost_reason = lost_reason.id
         WHERE real = 0 AND deal.lost_reason IS NOT NULL AND stage = ?1 AND deal.trashed_at IS NULL",
    )?;
    Ok((all - unreal).unsigned_abs())
}

/// A foot without anything in it.
fn no_foot(query: &BoardQuery) -> Foot {
    Foot {
        period: query.foot,
        won: (0, Sum::default()),
        lost: (0, Sum::default()),
        ever: (0, 0),
    }
}
