//! A company as its lists and its screen need it: what its people and deals come to, who its people are, what it is parent of.

use rusqlite::Connection;

use crate::domain::board::Sum;
use crate::domain::history::Firm;
use crate::domain::id::{Id, RecordId};
use crate::domain::money::{Currency, Money};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Company, Link};

use super::Res;
use super::board::{Rates, joined};

/// When somebody last did something about a company, one of its people or one of its deals, as SQL, of the one that `id` names.
pub(super) fn last_touch(id: &str) -> String {
    format!(
        "(SELECT max(at) FROM (
            SELECT max(last_touch) AS at FROM contact WHERE company = {id} AND trashed_at IS NULL
            UNION ALL SELECT max(last_touch) FROM deal WHERE company = {id} AND trashed_at IS NULL
            UNION ALL SELECT {}))",
        own_touch(id)
    )
}

/// When somebody last did something about a company itself, as SQL.
pub(super) fn own_touch(id: &str) -> String {
    format!(
        "(SELECT max(done_at) FROM activity INDEXED BY activity_company WHERE activity.company = {id} AND activity.trashed_at IS NULL)"
    )
}

/// How many people a company has, as SQL.
pub(super) fn people_count(id: &str) -> String {
    format!("(SELECT count(*) FROM contact WHERE company = {id} AND trashed_at IS NULL)")
}

/// What its people and deals come to.
pub(super) fn figures(
    conn: &Connection,
    company: Id<Company>,
    rates: &mut Rates<'_>,
    base: Currency,
) -> Res<Firm> {
    let id = company.record();
    let text = format!("SELECT {}, {}", people_count("?1"), last_touch("?1"));
    let (people, last_touch): (i64, _) = conn
        .prepare_cached(&text)?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut firm = Firm {
        people: people.unsigned_abs(),
        last_touch,
        ..Firm::default()
    };
    let mut statement = conn.prepare_cached(
        "SELECT stage.kind, deal.currency, count(*), count(amount), sum(amount >> 32), sum(amount & 4294967295),
             count(close_amount), count(close_base), sum(close_base >> 32), sum(close_base & 4294967295)
         FROM deal JOIN stage ON stage.id = deal.stage WHERE company = ?1 AND deal.trashed_at IS NULL
         GROUP BY stage.kind, deal.currency",
    )?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        let count =
            |place| -> rusqlite::Result<u64> { Ok(row.get::<_, i64>(place)?.unsigned_abs()) };
        let kind: String = row.get(0)?;
        let deals = count(2)?;
        let tally = match StageKind::named(&kind) {
            Some(StageKind::Won) => &mut firm.won,
            Some(StageKind::Lost) => &mut firm.lost,
            _ => {
                let currency: String = row.get(1)?;
                let with = count(3)?;
                let total = joined(row.get(4)?, row.get(5)?);
                firm.open.count += deals;
                firm.open
                    .sum
                    .add(open_sum(total, &currency, (deals, with), rates, base)?);
                continue;
            }
        };
        // What was frozen at the close: an amount that had no rate then is known and in no sum.
        let (amounts, bases) = (count(6)?, count(7)?);
        tally.count += deals;
        tally.sum.add(Sum {
            minor: joined(row.get(8)?, row.get(9)?).unwrap_or(0),
            n: bases,
            without_amount: deals.saturating_sub(amounts.max(bases)),
            without_rate: amounts.saturating_sub(bases),
            without_probability: 0,
        });
    }
    Ok(firm)
}

/// The amounts of open deals of one currency, of which `with` have one.
fn open_sum(
    total: Option<i64>,
    currency: &str,
    (deals, with): (u64, u64),
    rates: &mut Rates<'_>,
    base: Currency,
) -> Res<Sum> {
    let mut sum = Sum {
        without_amount: deals - with,
        ..Sum::default()
    };
    let worth = match (total, rates.of(currency)?, currency.parse::<Currency>()) {
        (Some(total), Some(rate), Ok(currency)) => Money::new(total, currency).at_rate(rate, base),
        _ => None,
    };
    match worth {
        Some(worth) => (sum.minor, sum.n) = (worth.minor, with),
        None => sum.without_rate = with,
    }
    Ok(sum)
}

/// Its people that are not in the trash, the last touched first; all of them where there is no limit.
pub(super) fn people(
    conn: &Connection,
    company: Id<Company>,
    limit: Option<usize>,
) -> Res<Vec<RecordId>> {
    let limit = limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    Ok(conn
        .prepare_cached(
            "SELECT id FROM contact WHERE company = ?1 AND trashed_at IS NULL
             ORDER BY last_touch DESC NULLS LAST, fold(name), id LIMIT ?2",
        )?
        .query_map((company.record(), limit), |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The companies of which it is the parent.
pub(super) fn subsidiaries(conn: &Connection, company: Id<Company>) -> Res<Vec<Link<Company>>> {
    Ok(conn
        .prepare_cached(
            "SELECT id, name FROM company WHERE parent = ?1 AND trashed_at IS NULL ORDER BY fold(name), id",
        )?
        .query_map([company.record()], |row| {
            Ok(Link {
                id: Id::from_raw(row.get(0)?),
                name: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}
