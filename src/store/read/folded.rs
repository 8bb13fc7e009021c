//! The rows of the folded copy: all of a noun in slices, those that have changed, and what is shown of those that were found.

use std::borrow::Cow;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, Rows};

use crate::domain::id::RecordId;
use crate::domain::identity::phone_key;
use crate::domain::nouns::{Entity, contact};
use crate::domain::text::fold;

use super::super::find::copy::NOUNS;
use super::super::find::{Field, Finding, Raw, Slice, Wanted};
use super::super::query::FoundRow;
use super::super::sql::quoted;
use super::Res;
use super::resolve::candidate;

/// Something that the log says has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Touched {
    /// A record.
    One(Entity, RecordId),
    /// The records of one seat between two, these included.
    Batch(Entity, RecordId, RecordId),
    /// What bears the name of a company or contact.
    Named(Entity, RecordId),
}

/// The part of a query that gives the columns of a [`Raw`] of a noun.
const fn columns(entity: Entity) -> &'static str {
    match entity {
        Entity::Company => {
            "SELECT record.id, record.name, record.city, NULL, record.phone FROM company AS record"
        }
        Entity::Contact => {
            "SELECT record.id, record.name, company.name, record.title, NULL FROM contact AS record
             LEFT JOIN company ON company.id = record.company"
        }
        _ => {
            "SELECT record.id, record.title, company.name, contact.name, NULL FROM deal AS record
             LEFT JOIN company ON company.id = record.company LEFT JOIN contact ON contact.id = record.contact"
        }
    }
}

fn raw(entity: Entity, row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok(Raw {
        entity,
        id: row.get(0)?,
        name: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
        beside: row.get(2)?,
        title: row.get(3)?,
        addresses: Vec::new(),
        phones: row
            .get::<_, Option<String>>(4)?
            .into_iter()
            .map(number)
            .collect(),
    })
}

/// A number as it is searched: the digits of its key.
fn number(written: String) -> String {
    phone_key(&written).unwrap_or(written)
}

/// The records of a noun behind an id, in the order of their ids; those in the trash are left out. The names of what they refer to
/// are left to who has them.
pub(in crate::store) fn slice(
    conn: &Connection,
    entity: Entity,
    after: RecordId,
    limit: usize,
) -> Res<Slice> {
    let columns = match entity {
        Entity::Company => "name, city, phone",
        Entity::Contact => "name, company, title",
        _ => "title, company, contact",
    };
    let sql = format!(
        "SELECT id, {columns} FROM {} WHERE id > ?1 AND trashed_at IS NULL ORDER BY id LIMIT ?2",
        quoted(entity.name())
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query((after, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut elements = match elements_of(entity) {
        Some(sql) => Some(conn.prepare_cached(sql)?),
        None => None,
    };
    let mut elements = match &mut elements {
        Some(statement) => Some(Elements::new(statement.query([after])?)?),
        None => None,
    };
    let mut slice = Slice::new(entity);
    while let Some(row) = rows.next()? {
        let id: RecordId = row.get(0)?;
        slice.begin(id);
        slice.add(Field::Name, &text(row, 1)?);
        let mut phone = None;
        match entity {
            Entity::Company => {
                slice.add(Field::Beside, &text(row, 2)?);
                phone = row.get::<_, Option<String>>(3)?.map(number);
            }
            Entity::Contact => {
                add_name(&mut slice, Field::Beside, Entity::Company, row.get(2)?);
                slice.add(Field::Title, &text(row, 3)?);
            }
            _ => {
                add_name(&mut slice, Field::Beside, Entity::Company, row.get(2)?);
                add_name(&mut slice, Field::Title, Entity::Contact, row.get(3)?);
            }
        }
        if let Some(elements) = &mut elements {
            elements.add_to(&mut slice, id)?;
        }
        if let Some(phone) = phone {
            slice.add(Field::Phone, &phone);
        }
    }
    Ok(slice)
}

fn add_name(slice: &mut Slice, field: Field, of: Entity, id: Option<RecordId>) {
    if let Some(id) = id {
        slice.add_name(field, of, id);
    }
}

fn text<'r>(row: &'r Row<'_>, place: usize) -> rusqlite::Result<Cow<'r, str>> {
    Ok(match row.get_ref(place)? {
        ValueRef::Text(text) => String::from_utf8_lossy(text),
        _ => Cow::Borrowed(""),
    })
}

/// The addresses and numbers of records of a noun behind one, in the order of the records.
const fn elements_of(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::Contact => Some(
            "SELECT contact, kind = 'phone', value, key FROM identifier WHERE contact > ?1 ORDER BY contact",
        ),
        Entity::Company => {
            Some("SELECT company, 0, value, key FROM domain WHERE company > ?1 ORDER BY company")
        }
        _ => None,
    }
}

/// Addresses and numbers that are read beside their records.
struct Elements<'s> {
    rows: Rows<'s>,
    phones: Vec<String>,
}

impl<'s> Elements<'s> {
    fn new(mut rows: Rows<'s>) -> rusqlite::Result<Self> {
        rows.advance()?;
        Ok(Self {
            rows,
            phones: Vec::new(),
        })
    }

    /// Adds those of a record, addresses first. Those of records before it are passed over.
    fn add_to(&mut self, slice: &mut Slice, id: RecordId) -> rusqlite::Result<()> {
        while let Some(row) = self.rows.get() {
            let of: RecordId = row.get(0)?;
            if of > id {
                break;
            }
            if of == id {
                if row.get(1)? {
                    self.phones.push(text(row, 3)?.into_owned());
                } else {
                    slice.add(Field::Address, &text(row, 2)?);
                }
            }
            self.rows.advance()?;
        }
        for phone in self.phones.drain(..) {
            slice.add(Field::Phone, &phone);
        }
        Ok(())
    }
}

/// One record; `None` where it is in the trash or not in the book.
pub(in crate::store) fn one(conn: &Connection, entity: Entity, id: RecordId) -> Res<Option<Raw>> {
    let sql = format!(
        "{} WHERE record.id = ?1 AND record.trashed_at IS NULL",
        columns(entity)
    );
    let found = conn
        .prepare_cached(&sql)?
        .query_row([id], |row| raw(entity, row))
        .optional()?;
    let mut rows: Vec<Raw> = found.into_iter().collect();
    addresses(conn, entity, (id, id), &mut rows)?;
    Ok(rows.pop())
}

/// Adds addresses and numbers to records between two ids, which are in the order of these.
fn addresses(
    conn: &Connection,
    entity: Entity,
    (first, last): (RecordId, RecordId),
    rows: &mut [Raw],
) -> Res<()> {
    let sql = match entity {
        Entity::Contact => {
            "SELECT contact, kind, value, key FROM identifier WHERE contact BETWEEN ?1 AND ?2 ORDER BY contact"
        }
        Entity::Company => {
            "SELECT company, 'domain', value, key FROM domain WHERE company BETWEEN ?1 AND ?2 ORDER BY company"
        }
        _ => return Ok(()),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = statement.query((first, last))?;
    let mut at = 0;
    while let Some(element) = found.next()? {
        let of: RecordId = element.get(0)?;
        while rows.get(at).is_some_and(|row| row.id < of) {
            at += 1;
        }
        let Some(row) = rows.get_mut(at).filter(|row| row.id == of) else {
            continue;
        };
        let kind = element.get_ref(1)?.as_str().unwrap_or_default();
        if kind == "phone" {
            row.phones.push(element.get(3)?);
        } else {
            row.addresses.push(element.get(2)?);
        }
    }
    Ok(())
}

/// How many records of the nouns that are found there are behind one of them, up to a limit; and the last that was counted.
pub(in crate::store) fn count(
    conn: &Connection,
    entity: Entity,
    after: RecordId,
    limit: usize,
) -> Res<(u64, RecordId)> {
    let sql = format!(
        "SELECT count(*), max(id) FROM (SELECT id FROM {} WHERE id > ?1 ORDER BY id LIMIT ?2)",
        quoted(entity.name())
    );
    let counted = conn.prepare_cached(&sql)?.query_row(
        (after, i64::try_from(limit).unwrap_or(i64::MAX)),
        |row| {
            let count: i64 = row.get(0)?;
            Ok((count.unsigned_abs(), row.get::<_, Option<RecordId>>(1)?))
        },
    )?;
    Ok((counted.0, counted.1.unwrap_or(after)))
}

/// What has changed after a `seq`, and the last `seq` that was looked at; the same where there is nothing more.
pub(in crate::store) fn touched(
    conn: &Connection,
    after: i64,
    limit: usize,
) -> Res<(Vec<Touched>, i64)> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, entity, record, last, field FROM change WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query((after, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut all = Vec::new();
    let mut seq = after;
    while let Some(row) = rows.next()? {
        seq = row.get(0)?;
        let noun = row.get_ref(1)?.as_str().unwrap_or_default().parse();
        let Some(entity) = noun.ok().filter(|noun| NOUNS.contains(noun)) else {
            continue;
        };
        let record = row.get(2)?;
        let last: Option<RecordId> = row.get(3)?;
        all.push(match last {
            Some(last) => Touched::Batch(entity, record, last),
            None => Touched::One(entity, record),
        });
        let field = row.get_ref(4)?.as_str_or_null().ok().flatten();
        if field == Some(contact::NAME.name) && entity != Entity::Deal {
            all.push(Touched::Named(entity, record));
        }
    }
    Ok((all, seq))
}

/// The records that something in the log is about.
pub(in crate::store) fn records_of(
    conn: &Connection,
    touched: Touched,
) -> Res<Vec<(Entity, RecordId)>> {
    let ids = |entity: Entity, sql: &str, args: &[i64]| -> Res<Vec<(Entity, RecordId)>> {
        let mut statement = conn.prepare_cached(sql)?;
        let found = statement.query_map(rusqlite::params_from_iter(args), |row| {
            Ok((entity, row.get(0)?))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    };
    match touched {
        Touched::One(entity, id) => Ok(vec![(entity, id)]),
        Touched::Batch(entity, first, last) => {
            let sql = format!(
                "SELECT id FROM {} WHERE id BETWEEN ?1 AND ?2 AND (id >> 12) & 1023 = (?1 >> 12) & 1023",
                quoted(entity.name())
            );
            ids(entity, &sql, &[first.raw(), last.raw()])
        }
        Touched::Named(Entity::Company, id) => {
            let people = "SELECT id FROM contact WHERE company = ?1";
            let mut all = ids(Entity::Contact, people, &[id.raw()])?;
            let deals = "SELECT id FROM deal WHERE company = ?1";
            all.extend(ids(Entity::Deal, deals, &[id.raw()])?);
            Ok(all)
        }
        Touched::Named(_, id) => {
            let deals = "SELECT id FROM deal WHERE contact = ?1";
            ids(Entity::Deal, deals, &[id.raw()])
        }
    }
}

/// What is shown of a record that was found; `None` where it is no more.
pub(in crate::store) fn row(
    conn: &Connection,
    finding: &Finding,
    wanted: Option<&Wanted>,
) -> Res<Option<FoundRow>> {
    let Finding { entity, id, .. } = *finding;
    let sql = format!(
        "SELECT {} FROM {} WHERE id = ?1 AND trashed_at IS NULL",
        if entity == Entity::Contact {
            "lead_state IS NOT NULL"
        } else {
            "0"
        },
        quoted(entity.name())
    );
    let lead: Option<bool> = conn
        .prepare_cached(&sql)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let Some(lead) = lead else {
        return Ok(None);
    };
    let near = finding.near.as_deref().and_then(Wanted::new);
    let wanted = near.as_ref().or(wanted);
    let told = wanted.and_then(|wanted| wanted.beside_name(&finding.line));
    Ok(Some(FoundRow {
        record: candidate(conn, entity, id)?,
        lead,
        matched: match told {
            // It stands in the row anyway.
            None | Some((Field::Name | Field::Beside, _)) => None,
            Some((field, piece)) => as_written(conn, entity, id, field, piece)?,
        },
        near: finding.near.clone(),
    }))
}

/// A piece of a line as the book has it.
fn as_written(
    conn: &Connection,
    entity: Entity,
    id: RecordId,
    field: Field,
    piece: &[u8],
) -> Res<Option<String>> {
    let piece = String::from_utf8_lossy(piece).into_owned();
    let sql = match (entity, field) {
        (Entity::Contact, Field::Title) => "SELECT title FROM contact WHERE id = ?1",
        (Entity::Deal, Field::Title) => {
            "SELECT contact.name FROM deal JOIN contact ON contact.id = deal.contact WHERE deal.id = ?1"
        }
        (Entity::Company, Field::Phone) => "SELECT phone FROM company WHERE id = ?1",
        (Entity::Company, _) => "SELECT value FROM domain WHERE company = ?1",
        (_, Field::Phone) => "SELECT value FROM identifier WHERE contact = ?1 AND kind = 'phone'",
        _ => "SELECT value FROM identifier WHERE contact = ?1 AND kind <> 'phone'",
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        let Some(value) = row.get::<_, Option<String>>(0)? else {
            continue;
        };
        let same = match field {
            Field::Phone => digits(&number(value.clone())) == piece,
            _ => fold(&value) == piece,
        };
        if same {
            return Ok(Some(value));
        }
    }
    // It has changed since: what it was found by is told still.
    Ok(Some(piece))
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
