//! Rows of a list of people or companies, the profile of one, and who has an address, domain or name already.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::board::NextStep;
use crate::domain::history::{Holder, ListRow, Party, Profile};
use crate::domain::id::{Id, RecordId};
use crate::domain::identity::{company_key, domain_key, email_key, phone_key};
use crate::domain::lead::{QUALIFIED, Waiting, waiting};
use crate::domain::nouns::{Entity, contact};
use crate::domain::records::{Deal, Link, Record};
use crate::domain::time::Instant;

use super::super::book::Meta;
use super::super::filter_sql::answered;
use super::super::query::HoldersQuery;
use super::super::tables;
use super::board::Rates;
use super::list::{Loader, record, show};
use super::resolve::candidate;
use super::{Res, firm};

/// Deals that a profile shows at the most.
const DEALS: usize = 200;
/// People that a company's profile shows at the most.
const PEOPLE: usize = 500;

pub(super) fn rows(
    conn: &Connection,
    meta: &Meta,
    (entity, ids): (Entity, &[RecordId]),
    now: Instant,
) -> Res<Vec<ListRow>> {
    let mut rates = Rates::new(conn, meta, now);
    let mut loader = Loader::new(conn, entity)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = tables::read(conn, entity, *id)? {
            let record = loader.record(*id, row)?;
            let (waiting, deal) = of_lead(conn, &record)?;
            let firm = match entity {
                Entity::Company => Some(firm::figures(conn, Id::new(*id), &mut rates, meta.base)?),
                _ => None,
            };
            rows.push(ListRow {
                next_step: next_step(conn, entity, *id)?,
                waiting,
                deal,
                firm,
                record,
            });
        }
    }
    Ok(rows)
}

/// Whether a lead waits, and the deal that it was converted into.
fn of_lead(conn: &Connection, lead: &Record) -> Res<(Waiting, Option<Link<Deal>>)> {
    match lead.text(&contact::LEAD_STATE) {
        None => Ok((Waiting::No, None)),
        Some(QUALIFIED) => {
            let first = deal_ids(conn, Party::Contact(Id::new(lead.id)), 1)?;
            let first = first.first().copied();
            let deal = first.map(|id| {
                let deal = candidate(conn, Entity::Deal, id)?;
                Res::Ok(Link {
                    id: Id::new(deal.id),
                    name: deal.name,
                })
            });
            Ok((Waiting::No, deal.transpose()?))
        }
        Some(_) => {
            let text = format!("SELECT {}", answered("?1"));
            let answered = conn
                .prepare_cached(&text)?
                .query_row([lead.id], |row| row.get(0))?;
            Ok((waiting(lead, answered), None))
        }
    }
}

/// What is planned with a record and due first.
fn next_step(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> rusqlite::Result<Option<NextStep>> {
    if !matches!(entity, Entity::Contact | Entity::Company | Entity::Deal) {
        return Ok(None);
    }
    let text = format!(
        "SELECT id, kind, subject, due_at, due_date FROM activity INDEXED BY activity_{0}
         WHERE {0} = ?1 AND done_at IS NULL AND trashed_at IS NULL
         ORDER BY coalesce(due_at / 86400000, unixepoch(due_date) / 86400, 1e9), due_at, id LIMIT 1",
        entity.name()
    );
    conn.prepare_cached(&text)?
        .query_row([id], |row| {
            Ok(NextStep {
                id: Id::from_raw(row.get(0)?),
                kind: row.get(1)?,
                subject: row.get(2)?,
                due_at: row.get(3)?,
                due_date: row
                    .get::<_, Option<String>>(4)?
                    .and_then(|date| date.parse().ok()),
            })
        })
        .optional()
}

pub(super) fn profile(
    conn: &Connection,
    meta: &Meta,
    of: Party,
    now: Instant,
) -> Res<Option<Profile>> {
    let (entity, id) = (of.entity(), of.record());
    let Some(record) = show(conn, entity, id)? else {
        return Ok(None);
    };
    let sources = conn
        .prepare_cached(
            "SELECT source, key FROM source_record
             WHERE entity = ?1 AND record = ?2 AND trashed_at IS NULL ORDER BY id",
        )?
        .query_map((entity, id), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut profile = Profile {
        record,
        sources,
        deals: records(conn, Entity::Deal, deal_ids(conn, of, DEALS)?)?,
        people: Vec::new(),
        subsidiaries: Vec::new(),
        firm: None,
    };
    if let Party::Company(company) = of {
        let people = firm::people(conn, company, Some(PEOPLE))?;
        profile.people = records(conn, Entity::Contact, people)?;
        profile.subsidiaries = firm::subsidiaries(conn, company)?;
        let mut rates = Rates::new(conn, meta, now);
        profile.firm = Some(firm::figures(conn, company, &mut rates, meta.base)?);
    }
    Ok(Some(profile))
}

fn records(conn: &Connection, entity: Entity, ids: Vec<RecordId>) -> Res<Vec<Record>> {
    let mut loader = Loader::new(conn, entity)?;
    ids.into_iter()
        .map(|id| record(conn, &mut loader, id))
        .collect()
}

/// The deals of a party that are not in the trash: open ones by their expected close, then closed ones, the newest first.
pub(super) fn deal_ids(conn: &Connection, of: Party, limit: usize) -> Res<Vec<RecordId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let theirs = match of {
        Party::Contact(_) => {
            "id IN (SELECT id FROM deal WHERE contact = ?1 UNION SELECT deal FROM deal_contact WHERE contact = ?1)"
        }
        Party::Company(_) => "company = ?1",
    };
    let text = format!(
        "SELECT id FROM deal WHERE trashed_at IS NULL AND {theirs}
         ORDER BY closed_at IS NOT NULL, CASE WHEN closed_at IS NULL THEN coalesce(expected_close, '~') END, closed_at DESC, id
         LIMIT ?2"
    );
    Ok(conn
        .prepare_cached(&text)?
        .query_map((of.record(), limit), |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The first other record that has an address, number, domain or name, for each that is had.
pub(super) fn holders(conn: &Connection, query: &HoldersQuery) -> Res<Vec<Holder>> {
    const BY_IDENTIFIER: &str =
        "SELECT who.id FROM identifier JOIN contact AS who ON who.id = contact
         WHERE identifier.kind = ?3 AND identifier.key = ?1 AND who.trashed_at IS NULL
         AND who.merged_into IS NULL AND who.id IS NOT ?2 ORDER BY who.id LIMIT 1";
    const BY_DOMAIN: &str =
        "SELECT who.id FROM domain JOIN company AS who ON who.id = domain.company
         WHERE domain.key = ?1 AND who.trashed_at IS NULL AND who.merged_into IS NULL
         AND who.id IS NOT ?2 AND ?3 = 'domain' ORDER BY who.id LIMIT 1";
    const BY_NAME: &str = "SELECT id FROM company WHERE name_key = ?1 AND trashed_at IS NULL
         AND merged_into IS NULL AND id IS NOT ?2 AND ?3 = 'name' ORDER BY id LIMIT 1";
    let (person, firm) = (Entity::Contact, Entity::Company);
    let asked = [
        (&query.emails, "email", person, BY_IDENTIFIER),
        (&query.phones, "phone", person, BY_IDENTIFIER),
        (&query.names, "name", firm, BY_NAME),
        (&query.domains, "domain", firm, BY_DOMAIN),
    ];
    let mut holders = Vec::new();
    for (elements, kind, entity, text) in asked {
        for element in elements {
            let key = match kind {
                "email" => email_key(element),
                "phone" => phone_key(element),
                "name" => Some(company_key(element)),
                _ => domain_key(element),
            };
            let Some(key) = key else {
                continue;
            };
            let holder: Option<RecordId> = conn
                .prepare_cached(text)?
                .query_row((key, query.except, kind), |row| row.get(0))
                .optional()?;
            if let Some(holder) = holder {
                holders.push(Holder {
                    element: element.clone(),
                    who: candidate(conn, entity, holder)?,
                });
            }
        }
    }
    Ok(holders)
}
