//! What is to be done now, in one transaction: planned activities, rotting deals, leads that wait, what others did, the quota.
//!
//! Whose an activity is: its performer's, else the owner's of its deal, else the owner's of its contact.

use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::domain::filter;
use crate::domain::id::{Id, RecordId};
use crate::domain::money::Money;
use crate::domain::nouns::Entity;
use crate::domain::period::Period;
use crate::domain::records::{Link, Rep};
use crate::domain::time::{Date, Instant, start_of_day};
use crate::domain::today::{
    Bucket, Counts, Due, Offer, Other, Person, Quota, Rotting, Since, Step, Today, Waiting,
    lately_from, over, quiet_days, week_ahead,
};
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::filter_sql::answered;
use super::super::query::TodayQuery;
use super::super::who;
use super::Res;
use super::condition::condition;

/// Lines of a bucket or list that are read; how many there are is counted all the same.
const LINES: usize = 100;
/// Steps of others that are looked through.
const STEPS: i64 = 2_000;
/// Acts of others that are shown.
const OTHERS: i64 = 50;

/// Whose an activity is, as SQL.
const OF: &str =
    "coalesce(activity.performer, (SELECT owner FROM deal WHERE deal.id = activity.deal),
    (SELECT owner FROM contact WHERE contact.id = activity.contact))";

pub(super) fn today(conn: &Connection, meta: &Meta, query: &TodayQuery) -> Res<Today> {
    let (now, me) = (query.asked.now, query.asked.me);
    let day = now.date(meta.zone);
    let (planned, done) = planned(conn, meta, me, day)?;
    let (counts, first) = by_bucket(&planned, now, meta);
    let steps = first
        .into_iter()
        .map(|(id, bucket)| step(conn, id, bucket))
        .collect::<Result<_, _>>()?;
    let since = match query.since {
        Some(since) => since,
        None => last_act(conn, me)?,
    };
    let (others, more_others) = others(conn, me, since)?;
    Ok(Today {
        of: me,
        steps,
        counts,
        ahead: week_ahead(planned.iter().map(|(_, due)| *due), day, meta.zone),
        done,
        lately: lately(conn, meta, me, day)?,
        rotting: rotting(conn, meta, query)?,
        waiting: waiting(conn, me)?,
        since,
        others,
        more_others,
        quota: match me {
            Some(me) => quota(conn, meta, me, day)?,
            None => None,
        },
    })
}

/// What is planned, and what was done from one moment to another, of one rep or of all.
pub(in crate::store) fn planned_sql() -> String {
    format!(
        "SELECT id, due_at, due_date, done_at IS NOT NULL FROM activity
         WHERE (done_at IS NULL OR (done_at >= ?2 AND done_at < ?3)) AND trashed_at IS NULL AND (?1 IS NULL OR {OF} = ?1)"
    )
}

/// Everything that is planned, by id, and how many activities were done on a day: out of an index of those alone, and in a book
/// that has none yet (schema 1.0) in one pass over the activities.
fn planned(
    conn: &Connection,
    meta: &Meta,
    me: Option<Id<Rep>>,
    day: Date,
) -> rusqlite::Result<(Vec<(RecordId, Due)>, u64)> {
    let next = day.succ_opt().unwrap_or(day);
    let (from, to) = (start_of_day(day, meta.zone), start_of_day(next, meta.zone));
    let mut statement = conn.prepare_cached(&planned_sql())?;
    let mut rows = statement.query((me.map(Id::record), from, to))?;
    let (mut planned, mut done) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if row.get(3)? {
            done += 1;
        } else {
            planned.push((row.get(0)?, due(row, 1)?));
        }
    }
    Ok((planned, done))
}

/// How many activities were done in the week that ends with a day, by kind, most of one kind first. A week of them is few.
fn lately(
    conn: &Connection,
    meta: &Meta,
    me: Option<Id<Rep>>,
    day: Date,
) -> rusqlite::Result<Vec<(String, u64)>> {
    let next = day.succ_opt().unwrap_or(day);
    let from = start_of_day(lately_from(day), meta.zone);
    let to = start_of_day(next, meta.zone);
    conn.prepare_cached(&format!(
        "SELECT kind, count(*) FROM activity
         WHERE done_at >= ?2 AND done_at < ?3 AND trashed_at IS NULL AND (?1 IS NULL OR {OF} = ?1)
         GROUP BY kind ORDER BY 2 DESC, kind"
    ))?
    .query_map((me.map(Id::record), from, to), |row| {
        let count: i64 = row.get(1)?;
        Ok((row.get(0)?, count.unsigned_abs()))
    })?
    .collect()
}

fn due(row: &Row<'_>, place: usize) -> rusqlite::Result<Due> {
    let date: Option<String> = row.get(place + 1)?;
    Ok(Due {
        at: row.get(place)?,
        date: date.and_then(|date| date.parse().ok()),
    })
}

/// How many there are in each bucket, and the first of each.
fn by_bucket(
    planned: &[(RecordId, Due)],
    now: Instant,
    meta: &Meta,
) -> (Counts, Vec<(RecordId, Bucket)>) {
    let mut counts = Counts::default();
    let mut first = Vec::new();
    for (count, bucket) in counts.iter_mut().zip(Bucket::ALL) {
        let mut here: Vec<&(RecordId, Due)> = planned
            .iter()
            .filter(|(_, due)| due.bucket(now, meta.zone) == bucket)
            .collect();
        here.sort_by_key(|(id, due)| (due.order(meta.zone), *id));
        *count = here.len() as u64;
        first.extend(here.iter().take(LINES).map(|(id, _)| (*id, bucket)));
    }
    (counts, first)
}

fn step(conn: &Connection, id: RecordId, bucket: Bucket) -> rusqlite::Result<Step> {
    conn.prepare_cached(
        "SELECT activity.id, activity.kind, activity.subject, activity.due_at, activity.due_date, activity.performer, rep.name,
             contact.id, contact.name, contact.owner, contact.lead_state, company.id, company.name,
             deal.id, deal.title, deal.stage, stage.name, deal.owner, deal.amount, deal.currency, deal.category,
             contact.trashed_at IS NOT NULL, company.trashed_at IS NOT NULL, deal.trashed_at IS NOT NULL
         FROM activity LEFT JOIN rep ON rep.id = activity.performer LEFT JOIN deal ON deal.id = activity.deal
             LEFT JOIN stage ON stage.id = deal.stage LEFT JOIN contact ON contact.id = coalesce(activity.contact, deal.contact)
             LEFT JOIN company ON company.id = coalesce(activity.company, deal.company, contact.company)
         WHERE activity.id = ?1",
    )?
    .query_row([id], |row| {
        Ok(Step {
            id: Id::new(row.get(0)?),
            kind: row.get(1)?,
            subject: row.get(2)?,
            due: due(row, 3)?,
            bucket,
            performer: link(row, 5)?,
            contact: person(row, 7, row.get(21)?)?,
            company: link(row, 11)?,
            company_gone: row.get(22)?,
            deal: offer(row, 13, row.get(23)?)?,
        })
    })
}

/// An id and behind it a name.
fn link<T>(row: &Row<'_>, place: usize) -> rusqlite::Result<Option<Link<T>>> {
    let id: Option<i64> = row.get(place)?;
    let name: Option<String> = row.get(place + 1)?;
    Ok(id.map(|id| Link {
        id: Id::from_raw(id),
        name: name.unwrap_or_default(),
    }))
}

/// A contact: id, name, owner, lead state.
fn person(row: &Row<'_>, place: usize, gone: bool) -> rusqlite::Result<Option<Person>> {
    let Some(link) = link(row, place)? else {
        return Ok(None);
    };
    Ok(Some(Person {
        link,
        owner: row.get::<_, Option<i64>>(place + 2)?.map(Id::from_raw),
        lead_state: row.get(place + 3)?,
        gone,
    }))
}

/// A deal: id, title, stage, its name, owner, amount, currency, forecast category.
fn offer(row: &Row<'_>, place: usize, gone: bool) -> rusqlite::Result<Option<Offer>> {
    let (Some(deal), Some(stage)) = (link(row, place)?, link(row, place + 2)?) else {
        return Ok(None);
    };
    let amount: Option<i64> = row.get(place + 5)?;
    let currency: String = row.get(place + 6)?;
    Ok(Some(Offer {
        link: deal,
        stage,
        owner: row.get::<_, Option<i64>>(place + 4)?.map(Id::from_raw),
        amount: amount
            .zip(currency.parse().ok())
            .map(|(minor, currency)| Money::new(minor, currency)),
        category: row.get(place + 7)?,
        gone,
    }))
}

/// The deals that `is:rotting` finds, by how far they are over the limit of their stage.
fn rotting(conn: &Connection, meta: &Meta, query: &TodayQuery) -> Res<(Vec<Rotting>, u64)> {
    let filter = filter::parse("is:rotting").ok();
    let filter = condition(conn, meta, filter.as_ref(), Entity::Deal, &query.asked)?;
    // The rows are read as they lie: in the order of the index of a column they come from all over the table.
    let text = format!(
        "SELECT deal.id, coalesce(deal.last_touch, deal.created_at), stage.rot_days, deal.next_step IS NOT NULL
         FROM deal JOIN stage ON stage.id = deal.stage
         WHERE deal.id IN (
                 SELECT deal.id FROM stage CROSS JOIN deal INDEXED BY deal_column ON deal.stage = stage.id
                 WHERE stage.kind = 'open' AND stage.rot_days IS NOT NULL AND deal.trashed_at IS NULL)
             AND ({}) AND (? IS NULL OR deal.owner = ?)",
        filter.sql
    );
    let me = Value::from(query.asked.me);
    let args = filter.args.iter().chain([&me, &me]);
    let mut statement = conn.prepare_cached(&text)?;
    let mut rows = statement.query(params_from_iter(args))?;
    let mut list: Vec<Gone> = Vec::new();
    while let Some(row) = rows.next()? {
        let since: Instant = row.get(1)?;
        list.push(Gone {
            deal: row.get(0)?,
            quiet: quiet_days(since, query.asked.now),
            limit: row.get(2)?,
            planned: row.get(3)?,
        });
    }
    list.sort_by_key(|deal| {
        let over = over(deal.quiet, deal.limit);
        (deal.planned, std::cmp::Reverse(over), deal.deal)
    });
    let count = list.len() as u64;
    let shown = list.into_iter().take(LINES).map(|deal| told(conn, &deal));
    Ok((
        shown
            .filter_map(Result::transpose)
            .collect::<Result<_, _>>()?,
        count,
    ))
}

/// A deal that has gone quiet.
struct Gone {
    deal: RecordId,
    quiet: i64,
    limit: i64,
    planned: bool,
}

/// What is shown of a deal that has gone quiet.
fn told(conn: &Connection, gone: &Gone) -> rusqlite::Result<Option<Rotting>> {
    conn.prepare_cached(
        "SELECT deal.id, deal.title, deal.stage, stage.name, deal.owner, deal.amount, deal.currency, deal.category, deal.contact,
             deal.company, company.name, company.trashed_at IS NOT NULL
         FROM deal LEFT JOIN company ON company.id = deal.company JOIN stage ON stage.id = deal.stage WHERE deal.id = ?1",
    )?
    .query_row([gone.deal], |row| {
        let company = link(row, 9)?;
        let contact = row.get::<_, Option<i64>>(8)?.map(Id::from_raw);
        let company_gone = row.get(11)?;
        Ok(offer(row, 0, false)?.map(|deal| Rotting {
            deal,
            company,
            company_gone,
            contact,
            quiet: gone.quiet,
            limit: gone.limit,
            planned: gone.planned,
        }))
    })
}

/// New leads whom nobody has called, written or met: mine and nobody's.
fn waiting(conn: &Connection, me: Option<Id<Rep>>) -> rusqlite::Result<(Vec<Waiting>, u64)> {
    let ids: Vec<RecordId> = conn
        .prepare_cached(&format!(
            "SELECT id FROM contact WHERE lead_state = 'new' AND trashed_at IS NULL AND merged_into IS NULL
             AND (?1 IS NULL OR owner IS NULL OR owner = ?1) AND NOT {}
             ORDER BY created_at IS NULL, created_at, id",
            answered("contact.id")
        ))?
        .query_map([me.map(Id::record)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut statement = conn.prepare_cached(
        "SELECT contact.id, contact.name, contact.owner, lead_state, company, company.name, lead_source, contact.created_at,
             company.trashed_at IS NOT NULL
         FROM contact LEFT JOIN company ON company.id = contact.company WHERE contact.id = ?1",
    )?;
    let shown = ids.iter().take(LINES).map(|id| {
        statement.query_row([id], |row| {
            let contact = person(row, 0, false)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            Ok(Waiting {
                contact,
                company: link(row, 4)?,
                company_gone: row.get(8)?,
                source: row.get(6)?,
                since: row.get(7)?,
            })
        })
    });
    Ok((shown.collect::<Result<_, _>>()?, ids.len() as u64))
}

/// The seat of this user on this host, where it has one.
fn seat(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    let author = who::author();
    conn.prepare_cached("SELECT number FROM seat WHERE os_user = ?1 AND host = ?2")?
        .query_row((author.os_user, author.host), |row| row.get(0))
        .optional()
}

/// The last step of the rep; of this seat where nobody has said who they are.
fn last_act(conn: &Connection, me: Option<Id<Rep>>) -> rusqlite::Result<Since> {
    let Some(me) = me else {
        return last_act_of_seat(conn);
    };
    let found = conn
        .prepare_cached("SELECT n, at FROM step WHERE rep = ?1 ORDER BY n DESC LIMIT 1")?
        .query_row([me.record()], since)
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// That of this seat: no index has the steps of a seat, so it is looked for among those that are looked through anyhow, and where it
/// is older the seat tells when that was.
fn last_act_of_seat(conn: &Connection) -> rusqlite::Result<Since> {
    let Some(seat) = seat(conn)? else {
        return Ok(Since::default());
    };
    let found = conn
        .prepare_cached(
            "SELECT n, at FROM step WHERE n > (SELECT max(n) FROM step) - ?2 AND seat = ?1 ORDER BY n DESC LIMIT 1",
        )?
        .query_row((seat, STEPS), since)
        .optional()?;
    if let Some(found) = found {
        return Ok(found);
    }
    conn.prepare_cached("SELECT 0, last_seen FROM seat WHERE number = ?1")?
        .query_row([seat], since)
}

fn since(row: &Row<'_>) -> rusqlite::Result<Since> {
    Ok(Since {
        after: row.get(0)?,
        at: row.get(1)?,
    })
}

/// What others did after a step, one line for each group of steps, the newest first; whether that is not all. A step of nobody at
/// this seat is not another's.
fn others(
    conn: &Connection,
    me: Option<Id<Rep>>,
    since: Since,
) -> rusqlite::Result<(Vec<Other>, bool)> {
    let newest: i64 = conn
        .prepare_cached("SELECT coalesce(max(n), 0) FROM step")?
        .query_row([], |row| row.get(0))?;
    let from = since.after.max(newest - STEPS);
    // The group is no column of an index here: few steps are looked through, and the index of groups has all.
    let list: Vec<Other> = conn
        .prepare_cached(
            "SELECT step.n, step.at, coalesce(rep.name, seat.os_user), step.label, change.entity, change.record
             FROM (SELECT max(n) AS newest FROM step
                   WHERE n > ?1 AND CASE WHEN ?2 IS NOT NULL AND rep IS NOT NULL THEN rep <> ?2 ELSE seat IS NOT ?3 END
                   GROUP BY +grp ORDER BY 1 DESC LIMIT ?4)
                 JOIN step ON step.n = newest JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
                 LEFT JOIN change ON change.seq = (SELECT min(seq) FROM change AS first WHERE first.step = newest)
             ORDER BY newest DESC",
        )?
        .query_map(
            (from, me.map(Id::record), seat(conn)?, OTHERS + 1),
            |row| {
                let noun: Option<String> = row.get(4)?;
                let noun = noun.and_then(|noun| noun.parse::<Entity>().ok());
                let record: Option<RecordId> = row.get(5)?;
                Ok(Other {
                    n: row.get(0)?,
                    at: row.get(1)?,
                    by: row.get(2)?,
                    label: row.get(3)?,
                    record: noun.zip(record),
                })
            },
        )?
        .collect::<Result<_, _>>()?;
    let shown = usize::try_from(OTHERS).unwrap_or(usize::MAX);
    let more = list.len() > shown || from > since.after;
    Ok((list.into_iter().take(shown).collect(), more))
}

/// The rep's quota of the shortest period that holds the day, in its newest version, and what was won of it.
fn quota(
    conn: &Connection,
    meta: &Meta,
    me: Id<Rep>,
    day: Date,
) -> rusqlite::Result<Option<Quota>> {
    let rows: Vec<(String, i64, i64)> = conn
        .prepare_cached(
            "SELECT period, amount, ramp FROM quota WHERE rep = ?1 AND trashed_at IS NULL AND valid_from < ?2
             ORDER BY valid_from, id",
        )?
        .query_map(
            (me.record(), start_of_day(day.succ_opt().unwrap_or(day), meta.zone)),
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?
        .collect::<Result<_, _>>()?;
    let periods = rows.into_iter().filter_map(|(period, amount, ramp)| {
        let period = Period::parse(&period, day, meta.fiscal_start).ok()?;
        let target = i128::from(amount) * i128::from(ramp) / 100;
        (period.from <= day && day < period.to)
            .then(|| (period, i64::try_from(target).unwrap_or(i64::MAX)))
    });
    // The last of equals is the newest.
    let Some((period, target)) = periods
        .rev()
        .min_by_key(|(period, _)| period.to - period.from)
    else {
        return Ok(None);
    };
    let (from, to) = period.span(meta.zone);
    let (won, left_out): (i64, i64) = conn
        .prepare_cached(
            "SELECT coalesce(sum(close_base), 0), count(*) - count(close_base) FROM stage CROSS JOIN deal ON deal.stage = stage.id
             WHERE stage.kind = 'won' AND closed_at >= ?2 AND closed_at < ?3 AND closed_at IS NOT NULL AND close_owner = ?1
             AND deal.trashed_at IS NULL",
        )?
        .query_row((me.record(), from, to), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(Some(Quota {
        period,
        target: Money::new(target, meta.base),
        won: Money::new(won, meta.base),
        left_out: left_out.unsigned_abs(),
    }))
}
