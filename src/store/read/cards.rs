//! The cards of a column in one of their orders.
//!
//! Every order is a row of expressions that are never null and all ascend, so that one text serves to sort by and to count what stands
//! before a deal. Only the own order comes out of an index as it stands (`deal_column`); amounts are all read from one (`deal_sums`), and the
//! others read all deals of the column, in the order in which their rows lie.

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::domain::board::{Card, CardOrder, NextStep};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::{Currency, Money, RATE_ONE};
use crate::domain::records::{Deal, Link};
use crate::domain::value::Value;

use super::super::filter_sql::Condition;
use super::Res;
use super::board::Rates;

/// Cards that are loaded beyond the one that shall be among them.
const BEYOND: i64 = 30;

/// What is asked of a column.
pub(super) struct Wanted<'a> {
    pub(super) stage: RecordId,
    pub(super) filter: &'a Condition,
    pub(super) order: CardOrder,
    /// The keys of that order: see [`keys`].
    pub(super) keys: &'a str,
    pub(super) limit: usize,
    pub(super) keep: Option<Id<Deal>>,
}

/// The expressions that an order goes by. Of currencies only those have a rate that somebody asked for before.
pub(super) fn keys(order: CardOrder, rates: &Rates<'_>) -> String {
    // A text stands behind all numbers, and this one behind all dates.
    let known_first = |key: &str| format!("coalesce({key}, '~'), deal.id");
    match order {
        CardOrder::Own => "deal.position, deal.id".to_owned(),
        CardOrder::Amount => known_first(&format!("-({})", in_base(rates))),
        CardOrder::Close => known_first("deal.expected_close"),
        CardOrder::Quiet => known_first("coalesce(deal.last_touch, deal.created_at)"),
        CardOrder::NextStep => known_first(
            "(SELECT coalesce(step.due_at, unixepoch(step.due_date) * 1000) FROM activity AS step WHERE step.id = deal.next_step)",
        ),
    }
}

/// The amount of a deal in the base currency: exact where it is in that, else near enough to sort by.
fn in_base(rates: &Rates<'_>) -> String {
    let base = rates.base();
    let case = |(currency, rate): (Currency, i64)| {
        let (from, to) = (currency.digits(), base.digits());
        if rate == RATE_ONE && from == to {
            return format!(" WHEN '{currency}' THEN deal.amount");
        }
        let unit = 10_i128.pow(from) * i128::from(RATE_ONE);
        let times = i128::from(rate) * 10_i128.pow(to);
        format!(" WHEN '{currency}' THEN deal.amount * {times}.0 / {unit}.0")
    };
    let cases: Vec<String> = rates.all().map(case).collect();
    if cases.is_empty() {
        return "NULL".to_owned();
    }
    let cases = cases.concat();
    format!("CASE deal.currency{cases} END")
}

/// The deals of a column, as a condition with a mark for its stage.
const fn of_column(order: CardOrder) -> &'static str {
    match order {
        CardOrder::Own | CardOrder::Amount => "stage = ? AND trashed_at IS NULL",
        // An index has them in its own order, by which their rows would be fetched from all over the table, many pages again and again.
        CardOrder::Close | CardOrder::Quiet | CardOrder::NextStep => {
            "id IN (SELECT id FROM deal INDEXED BY deal_column WHERE stage = ? AND trashed_at IS NULL)"
        }
    }
}

/// The first cards of a column, with the one that shall be among them.
pub(super) fn cards(conn: &Connection, wanted: &Wanted<'_>) -> Res<Vec<Card>> {
    let (keys, filter) = (wanted.keys, wanted.filter);
    let text = format!(
        "SELECT deal.id, deal.title, deal.company, deal.contact, deal.owner, deal.amount, deal.currency, deal.probability, deal.expected_close,
             deal.created_at, deal.last_touch, deal.next_step, deal.position,
             (SELECT name FROM company WHERE company.id = deal.company), (SELECT name FROM contact WHERE contact.id = deal.contact),
             rep.name, rep.initials, activity.kind, activity.subject, activity.due_at, activity.due_date, deal.category,
             EXISTS (SELECT 1 FROM company WHERE company.id = deal.company AND company.trashed_at IS NOT NULL)
         FROM deal LEFT JOIN rep ON rep.id = deal.owner LEFT JOIN activity ON activity.id = deal.next_step
         WHERE deal.id IN (SELECT id FROM deal WHERE {} AND ({}) ORDER BY {keys} LIMIT ?)
         ORDER BY {keys}",
        of_column(wanted.order),
        filter.sql
    );
    let limit = i64::try_from(wanted.limit).unwrap_or(i64::MAX);
    let limit = match wanted.keep {
        Some(deal) => limit.max(place(conn, wanted, deal)?.map_or(0, |place| place + BEYOND)),
        None => limit,
    };
    let (stage, limit) = (Value::from(wanted.stage), Value::Int(limit));
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

/// How many deals of the column stand up to a deal of it; `None` where the deal is elsewhere.
fn place(conn: &Connection, wanted: &Wanted<'_>, deal: Id<Deal>) -> Res<Option<i64>> {
    let (keys, filter) = (wanted.keys, wanted.filter);
    let here = conn
        .prepare_cached("SELECT 1 FROM deal WHERE id = ?1 AND stage = ?2 AND trashed_at IS NULL")?
        .query_row((deal.record(), wanted.stage), |_| Ok(()))
        .optional()?;
    if here.is_none() {
        return Ok(None);
    }
    let text = format!(
        "SELECT count(*) FROM deal WHERE {} AND ({}) AND ({keys}) <= (SELECT {keys} FROM deal WHERE id = ?)",
        of_column(wanted.order),
        filter.sql
    );
    let (stage, deal) = (Value::from(wanted.stage), Value::from(deal));
    let args: Vec<&Value> = std::iter::once(&stage)
        .chain(&filter.args)
        .chain(std::iter::once(&deal))
        .collect();
    let mut statement = conn.prepare_cached(&text)?;
    Ok(Some(
        statement.query_row(params_from_iter(args), |row| row.get(0))?,
    ))
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
        company_gone: row.get(22)?,
        contact: link(row, 3, 14)?,
        owner: link(row, 4, 15)?,
        initials: row.get(16)?,
        amount: row
            .get::<_, Option<i64>>(5)?
            .zip(currency)
            .map(|(minor, currency)| Money::new(minor, currency)),
        probability: row.get(7)?,
        category: row.get(21)?,
        expected_close: row
            .get::<_, Option<String>>(8)?
            .and_then(|date| date.parse().ok()),
        created_at: row.get(9)?,
        last_touch: row.get(10)?,
        next_step,
        position: row.get::<_, Option<String>>(12)?.unwrap_or_default(),
    })
}
