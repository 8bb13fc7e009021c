//! Records by the values of one key, the first value first, without reading all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension};

use crate::domain::id::RecordId;
use crate::domain::lead::OPEN_STATES;
use crate::domain::nouns::Entity;

use super::super::filter_sql::answered;
use super::super::sql::quoted;
use super::by_letters::{ALIKE, Letters, Next, Place};
use super::figures::{DUE_DAY, Figure, Rates};
use super::list::ids_as_json;

/// So many entries of an index are read at once.
const SOME: usize = 8_000;
/// Of so many planned activities at the most all are read.
const PLANNED: usize = 60_000;

/// So many companies without anybody are gone past.
const EMPTY: usize = 20_000;

/// So many leads of a state are read at once, and so many in all asked whether anybody answered them.
const LEADS: usize = 4_000;
const ASKED: usize = 2_000;

const CONTACT_NAME: Place = Place {
    table: "contact",
    column: "name",
    rows: "trashed_at IS NULL",
};
const COMPANY_NAME: Place = Place {
    table: "company",
    column: "name",
    rows: "1",
};

/// Goes from value to value of a key. Of what is in the trash it may give some or all.
pub(super) enum Walk<'c> {
    /// By a name of its own.
    Names(Letters<'c>),
    /// Contacts by the name of their company.
    Companies(Staff<'c>),
    /// By values that are there already.
    Known {
        groups: std::vec::IntoIter<Vec<RecordId>>,
        /// There are more behind.
        is_cut: bool,
    },
    /// Leads by since when they wait.
    Waiting(Waits<'c>),
    /// Companies by when somebody last did something about them.
    Touched(Touches<'c>),
}

impl<'c> Walk<'c> {
    /// By what a name of an order names; `None` where that cannot be gone through by an index.
    pub fn of(
        conn: &'c Connection,
        entity: Entity,
        (name, descending): (&str, bool),
        rates: &Rates<'_>,
    ) -> rusqlite::Result<Option<Self>> {
        Ok(Some(match (entity, name) {
            (Entity::Contact, "name") => Self::Names(Letters::new(conn, CONTACT_NAME, descending)),
            (Entity::Company, "name") => Self::Names(Letters::new(conn, COMPANY_NAME, descending)),
            (Entity::Contact, "company") => Self::Companies(Staff::of(conn, descending)),
            (Entity::Contact | Entity::Company, "id") => by_id(conn, entity, descending)?,
            (Entity::Contact | Entity::Company, "next_step") => {
                return planned(conn, entity, descending);
            }
            (Entity::Contact, "last_touch") if descending => touched_contacts(conn)?,
            (Entity::Contact, "waits") => Self::Waiting(Waits::of(conn, descending)?),
            (Entity::Company, "last_touch") if descending => Self::Touched(Touches::of(conn)?),
            (Entity::Company, "people" | "deals" | "value") if descending => {
                let Some(figure) = Figure::of(entity, name) else {
                    return Ok(None);
                };
                let groups = figure.greatest_first(conn, entity, rates)?.into_iter();
                Self::Known {
                    groups,
                    is_cut: false,
                }
            }
            _ => return Ok(None),
        }))
    }

    /// What has the next value.
    pub fn next(&mut self) -> rusqlite::Result<Next> {
        match self {
            Self::Names(letters) => letters.next(),
            Self::Companies(staff) => staff.next(),
            Self::Known { groups, is_cut } => Ok(match groups.next() {
                Some(ids) => Next::These(ids),
                None if *is_cut => Next::TooFar,
                None => Next::End,
            }),
            Self::Waiting(waits) => waits.next(),
            Self::Touched(touches) => touches.next(),
        }
    }
}

/// People by the name of their company.
pub(super) struct Staff<'c> {
    conn: &'c Connection,
    companies: Letters<'c>,
    /// So many companies had nobody.
    empty: usize,
}

impl<'c> Staff<'c> {
    fn of(conn: &'c Connection, descending: bool) -> Self {
        Self {
            conn,
            companies: Letters::new(conn, COMPANY_NAME, descending),
            empty: 0,
        }
    }

    fn next(&mut self) -> rusqlite::Result<Next> {
        while self.empty <= EMPTY {
            let companies = match self.companies.next()? {
                Next::These(companies) => companies,
                other => return Ok(other),
            };
            let people = self.people(&companies)?;
            if people.len() > ALIKE {
                return Ok(Next::TooFar);
            }
            if !people.is_empty() {
                return Ok(Next::These(people));
            }
            self.empty += companies.len();
        }
        Ok(Next::TooFar)
    }

    /// The people of companies that are called alike; of too many not all.
    fn people(&self, companies: &[RecordId]) -> rusqlite::Result<Vec<RecordId>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT contact.id FROM json_each(?1) AS these CROSS JOIN contact INDEXED BY contact_company ON contact.company = these.value
             WHERE contact.trashed_at IS NULL LIMIT {}",
            ALIKE + 1
        ))?;
        statement
            .query_map([ids_as_json(companies)], |row| row.get(0))?
            .collect()
    }
}

fn by_id<'c>(conn: &Connection, entity: Entity, descending: bool) -> rusqlite::Result<Walk<'c>> {
    let way = if descending { "DESC" } else { "ASC" };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT id FROM {} NOT INDEXED ORDER BY id {way} LIMIT {SOME}",
        quoted(entity.name())
    ))?;
    let ids = statement.query_map([], |row| Ok(vec![row.get(0)?]))?;
    let groups: Vec<Vec<RecordId>> = ids.collect::<Result<_, _>>()?;
    let is_cut = groups.len() == SOME;
    let groups = groups.into_iter();
    Ok(Walk::Known { groups, is_cut })
}

/// By the day on which what is planned is due first: all that is planned is read, which is little beside what was.
fn planned<'c>(
    conn: &Connection,
    entity: Entity,
    descending: bool,
) -> rusqlite::Result<Option<Walk<'c>>> {
    let noun = entity.name();
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {noun}, {DUE_DAY} FROM activity INDEXED BY activity_done
         WHERE done_at IS NULL AND trashed_at IS NULL AND {noun} IS NOT NULL LIMIT {}",
        PLANNED + 1
    ))?;
    let mut rows = statement.query([])?;
    let mut first: HashMap<RecordId, i64> = HashMap::new();
    let mut read = 0;
    while let Some(row) = rows.next()? {
        read += 1;
        if read > PLANNED {
            return Ok(None);
        }
        let day: i64 = row.get(1)?;
        let first = first.entry(row.get(0)?).or_insert(day);
        *first = day.min(*first);
    }
    let mut days: BTreeMap<i64, Vec<RecordId>> = BTreeMap::new();
    for (id, day) in first {
        days.entry(day).or_default().push(id);
    }
    let groups: Vec<Vec<RecordId>> = if descending {
        days.into_values().rev().collect()
    } else {
        days.into_values().collect()
    };
    let groups = groups.into_iter();
    Ok(Some(Walk::Known {
        groups,
        is_cut: false,
    }))
}

/// Leads by since when they wait.
pub(super) struct Waits<'c> {
    conn: &'c Connection,
    /// Open leads by when they came into being, the first last.
    leads: Vec<(i64, RecordId)>,
    /// There are more behind.
    is_cut: bool,
    asked: usize,
}

impl<'c> Waits<'c> {
    fn of(conn: &'c Connection, descending: bool) -> rusqlite::Result<Self> {
        let way = if descending { "DESC" } else { "ASC" };
        let mut statement = conn.prepare_cached(&format!(
            "SELECT created_at, id FROM contact INDEXED BY contact_lead
             WHERE lead_state = ?1 AND created_at IS NOT NULL ORDER BY created_at {way} LIMIT {LEADS}"
        ))?;
        let first = |at: i64| if descending { at } else { -at };
        let mut leads: Vec<(i64, RecordId)> = Vec::new();
        let mut end = None;
        for state in OPEN_STATES {
            let found =
                statement.query_map([state], |row| Ok((first(row.get(0)?), row.get(1)?)))?;
            let found: Vec<(i64, RecordId)> = found.collect::<Result<_, _>>()?;
            // What is behind the last that was read of a state is not known.
            let last = found.last().filter(|_| found.len() == LEADS);
            end = end.max(last.map(|(at, _)| *at));
            leads.extend(found);
        }
        leads.retain(|(at, _)| end.is_none_or(|end| *at > end));
        leads.sort_unstable();
        let is_cut = end.is_some();
        Ok(Self {
            conn,
            leads,
            is_cut,
            asked: 0,
        })
    }

    fn next(&mut self) -> rusqlite::Result<Next> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {}", answered("?1")))?;
        while let Some((at, first)) = self.leads.pop() {
            let mut ids = vec![first];
            while let Some((_, id)) = self.leads.pop_if(|(then, _)| *then == at) {
                ids.push(id);
            }
            self.asked += ids.len();
            if self.asked > ASKED {
                return Ok(Next::TooFar);
            }
            // Who was answered waits no more.
            let mut waiting = Vec::new();
            for id in ids {
                if !statement.query_row([id], |row| row.get::<_, bool>(0))? {
                    waiting.push(id);
                }
            }
            if !waiting.is_empty() {
                return Ok(Next::These(waiting));
            }
        }
        Ok(if self.is_cut { Next::TooFar } else { Next::End })
    }
}

/// What was done, the last first: when, and of whom.
struct Done {
    at: i64,
    contact: Option<RecordId>,
    company: Option<RecordId>,
}

fn done(conn: &Connection) -> rusqlite::Result<Vec<Done>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT done_at, contact, company FROM activity INDEXED BY activity_done
         WHERE done_at IS NOT NULL AND trashed_at IS NULL ORDER BY done_at DESC LIMIT {SOME}"
    ))?;
    statement
        .query_map([], |row| {
            Ok(Done {
                at: row.get(0)?,
                contact: row.get(1)?,
                company: row.get(2)?,
            })
        })?
        .collect()
}

/// Contacts by when somebody last did something about them, which is when the last of it was done: the first sight of one is it.
fn touched_contacts<'c>(conn: &Connection) -> rusqlite::Result<Walk<'c>> {
    let done = done(conn)?;
    let is_cut = done.len() == SOME;
    let mut seen = HashSet::new();
    let mut groups: Vec<(i64, Vec<RecordId>)> = Vec::new();
    for Done { at, contact, .. } in &done {
        let Some(contact) = contact.filter(|contact| seen.insert(*contact)) else {
            continue;
        };
        match groups.last_mut().filter(|(last, _)| last == at) {
            Some((_, ids)) => ids.push(contact),
            None => groups.push((*at, vec![contact])),
        }
    }
    // Others of that moment may not have been read.
    if let Some(last) = done.last().filter(|_| is_cut) {
        groups.retain(|(at, _)| *at > last.at);
    }
    let groups: Vec<Vec<RecordId>> = groups.into_iter().map(|(_, ids)| ids).collect();
    let groups = groups.into_iter();
    Ok(Walk::Known { groups, is_cut })
}

/// Companies by when somebody last did something about them, one of their people or one of their deals.
pub(super) struct Touches<'c> {
    conn: &'c Connection,
    /// What was done, the first last.
    done: Vec<Done>,
    /// Nothing is known of what was done then or before.
    until: Option<i64>,
    /// When something was last done about deals, by their companies, the first last.
    deals: Vec<(i64, RecordId)>,
    seen: HashSet<RecordId>,
}

impl<'c> Touches<'c> {
    fn of(conn: &'c Connection) -> rusqlite::Result<Self> {
        let mut done = done(conn)?;
        let until = (done.len() == SOME).then(|| done.last().map(|it| it.at));
        done.reverse();
        // A deal is touched by what is changed of it, too.
        let mut statement = conn.prepare_cached(
            "SELECT last_touch, company FROM deal NOT INDEXED
             WHERE trashed_at IS NULL AND last_touch IS NOT NULL AND company IS NOT NULL",
        )?;
        let deals = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut deals: Vec<(i64, RecordId)> = deals.collect::<Result<_, _>>()?;
        deals.sort_unstable();
        Ok(Self {
            conn,
            done,
            until: until.flatten(),
            deals,
            seen: HashSet::new(),
        })
    }

    fn next(&mut self) -> rusqlite::Result<Next> {
        loop {
            let done = self.done.last().map(|it| it.at);
            let Some(at) = done.max(self.deals.last().map(|(at, _)| *at)) else {
                return Ok(if self.until.is_some() {
                    Next::TooFar
                } else {
                    Next::End
                });
            };
            if self.until.is_some_and(|until| at <= until) {
                return Ok(Next::TooFar);
            }
            let mut ids = Vec::new();
            while let Some((_, company)) = self.deals.pop_if(|(then, _)| *then == at) {
                ids.push(company);
            }
            while let Some(done) = self.done.pop_if(|done| done.at == at) {
                ids.extend(done.company);
                if let Some(contact) = done.contact {
                    ids.extend(self.company_of(contact)?);
                }
            }
            ids.retain(|id| self.seen.insert(*id));
            if !ids.is_empty() {
                return Ok(Next::These(ids));
            }
        }
    }

    /// The company of a contact that is not in the trash.
    fn company_of(&self, contact: RecordId) -> rusqlite::Result<Option<RecordId>> {
        self.conn
            .prepare_cached("SELECT company FROM contact WHERE id = ?1 AND trashed_at IS NULL")?
            .query_row([contact], |row| row.get(0))
            .optional()
            .map(Option::flatten)
    }
}
