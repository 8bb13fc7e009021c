//! Rows of a list of people, a contact's profile, and who has an address already.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::board::NextStep;
use crate::domain::history::{Holder, ListRow, Profile};
use crate::domain::id::{Id, RecordId};
use crate::domain::identity::{email_key, phone_key};
use crate::domain::lead::{QUALIFIED, Waiting, waiting};
use crate::domain::nouns::{Entity, contact};
use crate::domain::records::{Contact, Deal, Link, Record};

use super::super::filter_sql::answered;
use super::super::tables;
use super::Res;
use super::list::{Loader, record, show};
use super::resolve::candidate;

/// Deals that a profile shows at the most.
const DEALS: usize = 50;

pub(super) fn rows(conn: &Connection, entity: Entity, ids: &[RecordId]) -> Res<Vec<ListRow>> {
    let mut loader = Loader::new(conn, entity)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(row) = tables::read(conn, entity, *id)? {
            let record = loader.record(*id, row)?;
            let (waiting, deal) = of_lead(conn, &record)?;
            rows.push(ListRow {
                next_step: next_step(conn, entity, *id)?,
                waiting,
                deal,
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
            let first = deal_ids(conn, Id::new(lead.id), 1)?.first().copied();
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

pub(super) fn profile(conn: &Connection, contact: Id<Contact>) -> Res<Option<Profile>> {
    let id = contact.record();
    let Some(record) = show(conn, Entity::Contact, id)? else {
        return Ok(None);
    };
    let sources = conn
        .prepare_cached(
            "SELECT source, key FROM source_record
             WHERE entity = 'contact' AND record = ?1 AND trashed_at IS NULL ORDER BY id",
        )?
        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(Some(Profile {
        record,
        sources,
        deals: deals(conn, contact)?,
    }))
}

fn deals(conn: &Connection, contact: Id<Contact>) -> Res<Vec<Record>> {
    let mut loader = Loader::new(conn, Entity::Deal)?;
    deal_ids(conn, contact, DEALS)?
        .into_iter()
        .map(|id| record(conn, &mut loader, id))
        .collect()
}

/// The deals of a contact that are not in the trash: open ones by their expected close, then closed ones, the newest first.
pub(super) fn deal_ids(
    conn: &Connection,
    contact: Id<Contact>,
    limit: usize,
) -> Res<Vec<RecordId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(conn
        .prepare_cached(
            "SELECT id FROM deal WHERE trashed_at IS NULL AND id IN
                (SELECT id FROM deal WHERE contact = ?1 UNION SELECT deal FROM deal_contact WHERE contact = ?1)
             ORDER BY closed_at IS NOT NULL, CASE WHEN closed_at IS NULL THEN coalesce(expected_close, '~') END, closed_at DESC, id
             LIMIT ?2",
        )?
        .query_map((contact.record(), limit), |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The first other contact that has an address or number, for each that is had.
pub(super) fn holders(
    conn: &Connection,
    emails: &[String],
    phones: &[String],
    except: Option<RecordId>,
) -> Res<Vec<Holder>> {
    let emails = emails
        .iter()
        .map(|email| ("email", email, email_key(email)));
    let phones = phones
        .iter()
        .map(|phone| ("phone", phone, phone_key(phone)));
    let mut holders = Vec::new();
    for (kind, element, key) in emails.chain(phones) {
        let Some(key) = key else {
            continue;
        };
        let holder: Option<RecordId> = conn
            .prepare_cached(
                "SELECT contact FROM identifier JOIN contact AS who ON who.id = contact
                 WHERE identifier.kind = ?1 AND identifier.key = ?2 AND who.trashed_at IS NULL
                 AND who.merged_into IS NULL AND who.id IS NOT ?3 ORDER BY who.id LIMIT 1",
            )?
            .query_row((kind, key, except), |row| row.get(0))
            .optional()?;
        if let Some(holder) = holder {
            holders.push(Holder {
                element: element.clone(),
                who: candidate(conn, Entity::Contact, holder)?,
            });
        }
    }
    Ok(holders)
}
