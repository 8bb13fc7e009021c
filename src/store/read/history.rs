//! What happened with a contact, newest first: its activities, those of its deals, and the changes of all of them.
//!
//! Each of these is a stream that its own index gives in order, so a page at any depth costs as much as the first: every stream is
//! asked for no more than a page before the mark, and the pages are merged. Acts that were taken back, and the taking back itself,
//! are no history: what stands in the book is.

use std::fmt::Write;

use rusqlite::{Connection, Row, params_from_iter};

use crate::domain::command::Origin;
use crate::domain::history::{Deed, Happening, History, Mark, Part, Sort, Turn, What};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Care, Entity, Field, Kind};
use crate::domain::records::{Contact, Link};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::query::HistoryQuery;
use super::{Res, names, profile};

/// Deals of one contact whose history is told with it.
const DEALS: usize = 200;
/// Planned activities that are told at the most.
const PLANNED: usize = 100;

pub(super) fn history(conn: &Connection, query: &HistoryQuery) -> Res<History> {
    let deals = profile::deal_ids(conn, query.contact, DEALS)?;
    let mut reader = Reader {
        conn,
        part: &query.part,
        // One more than is wanted tells whether there is more.
        limit: query.limit.saturating_add(1),
        before: query.before,
        found: Vec::new(),
    };
    let contact = query.contact.record();
    reader.deeds("activity.contact = ?1", contact)?;
    for deal in &deals {
        reader.deeds("activity.deal = ?1 AND activity.contact IS NULL", *deal)?;
    }
    if query.part.has(Sort::Change) {
        reader.turns(Entity::Contact, contact)?;
    }
    if query.part.has(Sort::Deal) {
        for deal in &deals {
            reader.turns(Entity::Deal, *deal)?;
        }
    }
    let mut happened = reader.found;
    happened.sort_unstable_by_key(|happening| std::cmp::Reverse(happening.mark));
    let more = happened.len() > query.limit;
    happened.truncate(query.limit);
    let planned = match query.before {
        Some(_) => Vec::new(),
        None => planned(conn, query.contact, &query.part)?,
    };
    Ok(History {
        of: Some(query.contact),
        part: query.part.clone(),
        before: query.before,
        planned,
        happened,
        more,
    })
}

const DEED: &str = "SELECT activity.id, activity.kind, activity.direction, activity.subject, activity.body, activity.outcome,
        activity.minutes, rep.name, activity.deal, deal.title, activity.due_at, activity.due_date, activity.done_at
    FROM activity LEFT JOIN rep ON rep.id = activity.performer LEFT JOIN deal ON deal.id = activity.deal";

fn deed(row: &Row<'_>) -> rusqlite::Result<Deed> {
    let deal: Option<i64> = row.get(8)?;
    Ok(Deed {
        id: row.get(0)?,
        kind: row.get(1)?,
        direction: row.get(2)?,
        subject: row.get(3)?,
        body: row.get(4)?,
        outcome: row.get(5)?,
        minutes: row.get(6)?,
        performer: row.get(7)?,
        deal: match deal {
            Some(id) => Some(Link {
                id: Id::from_raw(id),
                name: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
            }),
            None => None,
        },
        due_at: row.get(10)?,
        due_date: row
            .get::<_, Option<String>>(11)?
            .and_then(|date| date.parse().ok()),
        done_at: row.get(12)?,
    })
}

/// The condition that a part of the history sets on activities, and its arguments from number `first` on.
fn wanted_deeds(part: &Part, first: usize) -> (String, Vec<Value>) {
    let mut sql = String::new();
    let mut args = Vec::new();
    if !part.sorts.is_empty() {
        let kinds: Vec<String> = part
            .sorts
            .iter()
            .filter(|sort| sort.is_activity())
            .map(|sort| format!("'{}'", sort.name()))
            .collect();
        let _ = write!(sql, " AND activity.kind IN ({})", kinds.join(", "));
    }
    for word in &part.words {
        let _ = write!(
            sql,
            " AND instr(fold(coalesce(activity.subject, '') || ' ' || coalesce(activity.body, '') || ' '
                || coalesce(activity.outcome, '') || ' ' || coalesce(deal.title, '')), ?{}) > 0",
            first + args.len()
        );
        args.push(Value::from(word.as_str()));
    }
    (sql, args)
}

fn planned(conn: &Connection, contact: Id<Contact>, part: &Part) -> Res<Vec<Deed>> {
    let of_deeds = part.sorts.iter().any(|sort| sort.is_activity());
    if !part.sorts.is_empty() && !of_deeds {
        return Ok(Vec::new());
    }
    let (wanted, words) = wanted_deeds(part, 2);
    let text = format!(
        "{} WHERE activity.contact = ?1 AND activity.done_at IS NULL AND activity.trashed_at IS NULL{wanted}
         ORDER BY coalesce(activity.due_at / 86400000, unixepoch(activity.due_date) / 86400, 1e9), activity.due_at, activity.id
         LIMIT {PLANNED}",
        DEED.replace("FROM activity", "FROM activity INDEXED BY activity_contact")
    );
    let args = std::iter::once(Value::from(contact.record())).chain(words);
    Ok(conn
        .prepare_cached(&text)?
        .query_map(params_from_iter(args), deed)?
        .collect::<Result<_, _>>()?)
}

/// Reads a page of each stream.
struct Reader<'a> {
    conn: &'a Connection,
    part: &'a Part,
    limit: usize,
    before: Option<Mark>,
    found: Vec<Happening>,
}

impl Reader<'_> {
    /// The moment and the number that entries of a stream come before.
    fn bound(&self, activity: bool) -> (i64, i64) {
        match self.before {
            None => (i64::MAX, i64::MAX),
            Some(mark) if mark.activity == activity => (mark.at.millis(), mark.id),
            // Of the same moment changes come before activities.
            Some(mark) if mark.activity => (mark.at.millis(), i64::MAX),
            Some(mark) => (mark.at.millis(), i64::MIN),
        }
    }

    /// Activities that were done.
    fn deeds(&mut self, of: &str, id: RecordId) -> Res<()> {
        let (wanted, words) = wanted_deeds(self.part, 5);
        let text = format!(
            "{DEED} WHERE {of} AND activity.trashed_at IS NULL AND (activity.done_at, activity.id) < (?2, ?3){wanted}
             ORDER BY activity.done_at DESC, activity.id DESC LIMIT ?4"
        );
        let (at, before) = self.bound(true);
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let args = [id.into(), at.into(), before.into(), limit.into()];
        let mut statement = self.conn.prepare_cached(&text)?;
        let mut rows = statement.query(params_from_iter(args.into_iter().chain(words)))?;
        while let Some(row) = rows.next()? {
            let deed = deed(row)?;
            let mark = Mark {
                at: deed.done_at.unwrap_or(Instant::from_millis(0)),
                activity: true,
                id: deed.id.raw(),
            };
            self.found.push(Happening {
                mark,
                what: What::Deed(deed),
            });
        }
        Ok(())
    }

    /// Changes of a record. Its creation in a batch stands under the first record of the batch.
    fn turns(&mut self, entity: Entity, id: RecordId) -> Res<()> {
        let hidden: Vec<String> = entity
            .fields()
            .iter()
            .filter(|def| def.care != Care::Compared || def.name == "currency")
            .map(|def| format!("'{}'", def.name))
            .collect();
        let mut wanted = String::new();
        let mut words = Vec::new();
        for word in &self.part.words {
            words.push(Value::from(word.as_str()));
            let _ = write!(
                wanted,
                " AND instr(fold(step.label), ?{}) > 0",
                5 + words.len()
            );
        }
        let text = format!(
            "SELECT seq, step.at, field, old, new, coalesce(rep.name, seat.os_user), origin
             FROM change JOIN step ON step.n = change.step JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
             WHERE (entity = '{}' AND record = ?1 AND last IS NULL OR seq = ?5) AND undone_by IS NULL AND origin NOT IN ('undo', 'redo')
             AND (field IS NULL OR field NOT IN ({})) AND (step.at, seq) < (?2, ?3){wanted}
             AND (coalesce(field, '') NOT IN ('lost_reason', 'lost_note') OR NOT EXISTS (
                 SELECT 1 FROM change AS moved WHERE moved.step = change.step AND moved.record = change.record AND moved.field = 'stage'))
             ORDER BY step.at DESC, seq DESC LIMIT ?4",
            entity.name(),
            hidden.join(", ")
        );
        let (at, before) = self.bound(false);
        let limit = i64::try_from(self.limit).unwrap_or(i64::MAX);
        let batch = names::creation(self.conn, entity, id)?;
        let args = [
            id.into(),
            at.into(),
            before.into(),
            limit.into(),
            Value::from(batch),
        ];
        let mut statement = self.conn.prepare_cached(&text)?;
        let mut rows = statement.query(params_from_iter(args.into_iter().chain(words)))?;
        let (name, currency) = self.named(entity, id)?;
        while let Some(row) = rows.next()? {
            let field: Option<String> = row.get(2)?;
            let (old, new): (Value, Value) = match field {
                // What a creation holds there is a hash.
                None => (Value::Null, Value::Null),
                Some(_) => (row.get(3)?, row.get(4)?),
            };
            let origin: String = row.get(6)?;
            let mut new = self.with_name(entity, field.as_deref(), new)?;
            if entity == Entity::Deal && field.as_deref() == Some("stage") {
                self.add_why(row.get(0)?, &mut new)?;
            }
            let happening = Happening {
                mark: Mark {
                    at: row.get(1)?,
                    activity: false,
                    id: row.get(0)?,
                },
                what: What::Turn(Turn {
                    entity,
                    record: id,
                    name: name.clone(),
                    old: self.with_name(entity, field.as_deref(), old)?,
                    new,
                    field: field.map(|field| self.spoken(entity, field)).transpose()?,
                    currency,
                    by: row.get(5)?,
                    imported: Origin::named(&origin) == Some(Origin::Import),
                }),
            };
            self.found.push(happening);
        }
        Ok(())
    }

    /// A loss is one line: why, and its note, stand behind the stage.
    fn add_why(&self, seq: i64, new: &mut (Value, Option<String>)) -> Res<()> {
        let mut statement = self.conn.prepare_cached(
            "SELECT why.field, why.new FROM change JOIN change AS why ON why.step = change.step AND why.record = change.record
             WHERE change.seq = ?1 AND why.field IN ('lost_reason', 'lost_note') AND why.new IS NOT NULL ORDER BY why.field DESC",
        )?;
        let mut rows = statement.query([seq])?;
        while let (Some(row), Some(stage)) = (rows.next()?, new.1.as_mut()) {
            let field: String = row.get(0)?;
            let (_, name) = self.with_name(Entity::Deal, Some(&field), row.get(1)?)?;
            let told = match name {
                Some(name) => name,
                None => row.get::<_, String>(1)?.replace('\n', " "),
            };
            stage.push_str(" · ");
            stage.push_str(&told);
        }
        Ok(())
    }

    /// The name of a record, and the currency of its amounts.
    fn named(
        &self,
        entity: Entity,
        id: RecordId,
    ) -> Res<(String, Option<crate::domain::money::Currency>)> {
        let name = names::of(self.conn, entity, id)?;
        if entity != Entity::Deal {
            return Ok((name, None));
        }
        let code: String = self
            .conn
            .prepare_cached("SELECT currency FROM deal WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        Ok((name, code.parse().ok()))
    }

    /// A value, and the name of the record that it is.
    fn with_name(
        &self,
        entity: Entity,
        field: Option<&str>,
        value: Value,
    ) -> Res<(Value, Option<String>)> {
        let kind = field
            .and_then(|name| entity.field(name))
            .map(|def| def.kind);
        let name = match (kind, value.as_int()) {
            (Some(Kind::Ref(noun)), Some(raw)) => {
                Some(names::of(self.conn, noun, RecordId::from_raw(raw))?)
            }
            _ => None,
        };
        Ok((value, name))
    }

    /// The name of a field: that of a custom field is what people called it.
    fn spoken(&self, entity: Entity, field: String) -> Res<String> {
        match Field::named(entity, &field) {
            Some(Field::Custom(_, id)) => Ok(names::of(self.conn, Entity::Field, id)?),
            _ => Ok(field),
        }
    }
}
