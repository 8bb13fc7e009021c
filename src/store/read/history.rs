//! What happened with a contact or a company, newest first: its activities, those of its people and its deals, and the changes of
//! all of them, a deal's product lines among them.
//!
//! Each of these is a stream that its own index gives in order, so a page at any depth costs as much as the first: every stream is
//! asked for no more than a page before the mark and for nothing older than what the streams before it filled a page with; only
//! what stands on the page is read in full. Acts that were taken back, and the taking back itself, are no history: what stands in
//! the book is.

use std::fmt::Write;

use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use crate::domain::command::Origin;
use crate::domain::custom::CustomKind;
use crate::domain::history::{Deed, Happening, History, Mark, Part, Party, Sort, Turn, What};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Care, Entity, Field, Kind};
use crate::domain::records::Link;
use crate::domain::value::Value;

use super::super::query::HistoryQuery;
use super::{Res, firm, lines, names, profile};

/// Deals of one party whose history is told with it.
const DEALS: usize = 2_000;
/// Product lines of these deals whose history is told.
const LINES: usize = 2_000;
/// Planned activities that are told at the most.
const PLANNED: usize = 100;

pub(super) fn history(conn: &Connection, query: &HistoryQuery) -> Res<History> {
    let deals = profile::deal_ids(conn, query.of, DEALS)?;
    let people = match query.of {
        Party::Contact(_) => Vec::new(),
        Party::Company(company) => firm::people(conn, company, None)?,
    };
    let mut reader = Reader {
        conn,
        part: &query.part,
        // One more than is wanted tells whether there is more.
        limit: query.limit.saturating_add(1),
        before: query.before,
        floor: i64::MIN,
        found: Vec::new(),
    };
    let party = query.of.record();
    match query.of {
        Party::Contact(_) => {
            reader.deeds("activity.contact = ?", [party])?;
            for deal in &deals {
                reader.deeds("activity.deal = ? AND activity.contact IS NULL", [*deal])?;
            }
        }
        Party::Company(_) => {
            reader.deeds("activity.company = ?", [party])?;
            for person in &people {
                let theirs = "activity.contact = ? AND activity.company IS NOT ?";
                reader.deeds(theirs, [*person, party])?;
            }
            let alone = format!(
                "activity.deal = ? AND activity.company IS NOT ? AND (activity.contact IS NULL OR activity.contact NOT IN ({PEOPLE}))"
            );
            for deal in &deals {
                reader.deeds(&alone, [*deal, party, party])?;
            }
        }
    }
    if query.part.has(Sort::Change) {
        reader.turns(query.of.entity(), party)?;
        for person in &people {
            reader.turns(Entity::Contact, *person)?;
        }
    }
    if query.part.has(Sort::Deal) {
        for deal in &deals {
            reader.turns(Entity::Deal, *deal)?;
        }
        for line in lines::of_deals(conn, &deals, LINES)? {
            reader.turns(Entity::DealLine, line)?;
        }
    }
    let more = reader.found.len() > query.limit;
    reader.found.truncate(query.limit);
    let happened = reader.in_full()?;
    let planned = match query.before {
        Some(_) => Vec::new(),
        None => planned(conn, query.of, &query.part)?,
    };
    Ok(History {
        of: Some(query.of),
        part: query.part.clone(),
        before: query.before,
        planned,
        happened,
        more,
    })
}

/// The people of a company, as SQL.
const PEOPLE: &str = "SELECT id FROM contact WHERE company = ? AND trashed_at IS NULL";

const DEED: &str = "SELECT activity.id, activity.kind, activity.direction, activity.subject, activity.body, activity.outcome,
        activity.minutes, rep.name, activity.deal, deal.title, activity.due_at, activity.due_date, activity.done_at,
        activity.contact, contact.name
    FROM activity LEFT JOIN rep ON rep.id = activity.performer LEFT JOIN deal ON deal.id = activity.deal
        LEFT JOIN contact ON contact.id = activity.contact";

fn link<T>(row: &Row<'_>, place: usize) -> rusqlite::Result<Option<Link<T>>> {
    let raw: Option<i64> = row.get(place)?;
    let name: Option<String> = row.get(place + 1)?;
    Ok(raw.map(|raw| Link {
        id: Id::from_raw(raw),
        name: name.unwrap_or_default(),
    }))
}

fn deed(row: &Row<'_>) -> rusqlite::Result<Deed> {
    Ok(Deed {
        id: row.get(0)?,
        kind: row.get(1)?,
        direction: row.get(2)?,
        subject: row.get(3)?,
        body: row.get(4)?,
        outcome: row.get(5)?,
        minutes: row.get(6)?,
        performer: row.get(7)?,
        deal: link(row, 8)?,
        contact: link(row, 13)?,
        due_at: row.get(10)?,
        due_date: row
            .get::<_, Option<String>>(11)?
            .and_then(|date| date.parse().ok()),
        done_at: row.get(12)?,
    })
}

/// The condition that a part of the history sets on activities, and its arguments.
fn wanted_deeds(part: &Part) -> (String, Vec<Value>) {
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
        sql.push_str(
            " AND instr(fold(coalesce(activity.subject, '') || ' ' || coalesce(activity.body, '') || ' '
                || coalesce(activity.outcome, '') || ' '
                || coalesce((SELECT title FROM deal WHERE deal.id = activity.deal), '')), ?) > 0",
        );
        args.push(Value::from(word.as_str()));
    }
    (sql, args)
}

fn planned(conn: &Connection, of: Party, part: &Part) -> Res<Vec<Deed>> {
    let of_deeds = part.sorts.iter().any(|sort| sort.is_activity());
    if !part.sorts.is_empty() && !of_deeds {
        return Ok(Vec::new());
    }
    let (wanted, words) = wanted_deeds(part);
    let open = "done_at IS NULL AND trashed_at IS NULL";
    let (theirs, count) = match of {
        Party::Contact(_) => (
            "activity.contact = ? AND activity.done_at IS NULL".to_owned(),
            1,
        ),
        Party::Company(_) => (
            format!(
                "activity.id IN (SELECT id FROM activity WHERE company = ? AND {open}
                     UNION SELECT id FROM activity WHERE contact IN ({PEOPLE}) AND {open}
                     UNION SELECT id FROM activity WHERE deal IN
                         (SELECT id FROM deal WHERE company = ? AND trashed_at IS NULL) AND {open})"
            ),
            3,
        ),
    };
    // The index of all that is planned would be asked else, which is much more than what one contact has.
    let told = match of {
        Party::Contact(_) => {
            DEED.replace("FROM activity", "FROM activity INDEXED BY activity_contact")
        }
        Party::Company(_) => DEED.to_owned(),
    };
    let text = format!(
        "{told} WHERE {theirs} AND activity.trashed_at IS NULL{wanted}
         ORDER BY coalesce(activity.due_at / 86400000, unixepoch(activity.due_date) / 86400, 1e9), activity.due_at, activity.id
         LIMIT {PLANNED}"
    );
    let args = std::iter::repeat_n(Value::from(of.record()), count).chain(words);
    Ok(conn
        .prepare_cached(&text)?
        .query_map(params_from_iter(args), deed)?
        .collect::<Result<_, _>>()?)
}

/// An entry of which the page may have room.
struct Found {
    mark: Mark,
    /// The change; `None` is an activity, which its mark names.
    turn: Option<Raw>,
}

/// A change as the log has it.
struct Raw {
    entity: Entity,
    record: RecordId,
    field: Option<String>,
    old: Value,
    new: Value,
    by: Option<String>,
    imported: bool,
    others: u64,
}

/// Reads a page of each stream.
struct Reader<'a> {
    conn: &'a Connection,
    part: &'a Part,
    limit: usize,
    before: Option<Mark>,
    /// What is older has no place on the page.
    floor: i64,
    /// Ordered after every stream, and no more than the page.
    found: Vec<Found>,
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

    fn limit(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX)
    }

    /// Activities that were done. `of` is the condition, with a mark for each of `own`.
    fn deeds<const N: usize>(&mut self, of: &str, own: [RecordId; N]) -> Res<()> {
        let (wanted, words) = wanted_deeds(self.part);
        let text = format!(
            "SELECT activity.done_at, activity.id FROM activity
             WHERE {of} AND activity.trashed_at IS NULL AND (activity.done_at, activity.id) < (?, ?) AND activity.done_at >= ?{wanted}
             ORDER BY activity.done_at DESC, activity.id DESC LIMIT ?"
        );
        let (at, before) = self.bound(true);
        let own = own.into_iter().map(Value::from);
        let bounds = [at, before, self.floor].map(Value::from);
        let args = own
            .chain(bounds)
            .chain(words)
            .chain([Value::from(self.limit())]);
        let mut statement = self.conn.prepare_cached(&text)?;
        let mut rows = statement.query(params_from_iter(args))?;
        while let Some(row) = rows.next()? {
            let mark = Mark {
                at: row.get(0)?,
                activity: true,
                id: row.get(1)?,
            };
            self.found.push(Found { mark, turn: None });
        }
        self.put_in_order();
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
        let words: Vec<Value> = self
            .part
            .words
            .iter()
            .map(|word| Value::from(word.as_str()))
            .collect();
        let wanted = " AND instr(fold(step.label), ?) > 0".repeat(words.len());
        let text = format!(
            "SELECT seq, step.at, field, old, new, coalesce(rep.name, seat.os_user), origin
             FROM change JOIN step ON step.n = change.step JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep
             WHERE (entity = '{}' AND record = ? AND last IS NULL OR seq = ?) AND undone_by IS NULL AND origin NOT IN ('undo', 'redo')
             AND (field IS NULL OR field NOT IN ({})) AND (step.at, seq) < (?, ?) AND step.at >= ?{wanted}
             AND (coalesce(field, '') NOT IN ('lost_reason', 'lost_note') OR NOT EXISTS (
                 SELECT 1 FROM change AS moved WHERE moved.step = change.step AND moved.record = change.record AND moved.field = 'stage'))
             ORDER BY step.at DESC, seq DESC LIMIT ?",
            entity.name(),
            hidden.join(", ")
        );
        let (at, before) = self.bound(false);
        let batch = names::creation(self.conn, entity, id)?;
        let args = [id.into(), Value::from(batch)]
            .into_iter()
            .chain([at, before, self.floor].map(Value::from))
            .chain(words)
            .chain([Value::from(self.limit())]);
        let mut statement = self.conn.prepare_cached(&text)?;
        let mut rows = statement.query(params_from_iter(args))?;
        while let Some(row) = rows.next()? {
            let field: Option<String> = row.get(2)?;
            let (old, new): (Value, Value) = match field {
                // What a creation holds there is a hash.
                None => (Value::Null, Value::Null),
                Some(_) => (row.get(3)?, row.get(4)?),
            };
            let origin: String = row.get(6)?;
            self.found.push(Found {
                mark: Mark {
                    at: row.get(1)?,
                    activity: false,
                    id: row.get(0)?,
                },
                turn: Some(Raw {
                    entity,
                    record: id,
                    field,
                    old,
                    new,
                    by: row.get(5)?,
                    imported: Origin::named(&origin) == Some(Origin::Import),
                    others: 0,
                }),
            });
        }
        self.put_in_order();
        Ok(())
    }

    /// Puts what was found in order and forgets what the page has no room for. A change that made several records is one entry, and
    /// stands under the first of them.
    fn put_in_order(&mut self) {
        self.found
            .sort_by_key(|found| std::cmp::Reverse(found.mark));
        self.found.dedup_by(|again, first| {
            let same = again.mark == first.mark;
            if let (true, Some(turn)) = (same, &mut first.turn) {
                turn.others += 1 + again.turn.as_ref().map_or(0, |again| again.others);
            }
            same
        });
        if self.found.len() >= self.limit {
            self.found.truncate(self.limit);
            if let Some(last) = self.found.last() {
                self.floor = last.mark.at.millis();
            }
        }
    }

    /// What stands on the page, with all that is shown of it.
    fn in_full(self) -> Res<Vec<Happening>> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("{DEED} WHERE activity.id = ?"))?;
        let mut happened = Vec::with_capacity(self.found.len());
        for found in self.found {
            let what = if let Some(raw) = found.turn {
                What::Turn(turn(self.conn, found.mark.id, raw)?)
            } else {
                let deed = statement.query_row([found.mark.id], deed).optional()?;
                let Some(deed) = deed else {
                    continue;
                };
                What::Deed(deed)
            };
            happened.push(Happening {
                mark: found.mark,
                what,
            });
        }
        Ok(happened)
    }
}

/// A change with the names of all that it names.
fn turn(conn: &Connection, seq: i64, raw: Raw) -> Res<Turn> {
    let entity = raw.entity;
    let mut new = with_name(conn, entity, raw.field.as_deref(), raw.new)?;
    if entity == Entity::Deal && raw.field.as_deref() == Some("stage") {
        add_why(conn, seq, &mut new)?;
    }
    // A change of a line is one of its deal.
    let (about, line) = match entity {
        Entity::DealLine => {
            let deal = lines::deal_of(conn, raw.record)?;
            (
                (Entity::Deal, deal),
                Some(names::of(conn, entity, raw.record)?),
            )
        }
        _ => ((entity, raw.record), None),
    };
    let (name, currency) = named(conn, about.0, about.1)?;
    let custom = custom(conn, entity, raw.field.as_deref())?;
    Ok(Turn {
        entity: about.0,
        record: about.1,
        name,
        line,
        old: with_name(conn, entity, raw.field.as_deref(), raw.old)?,
        new,
        custom: custom.as_ref().map(|(_, kind)| *kind),
        field: custom.map(|(name, _)| name).or(raw.field),
        currency,
        by: raw.by,
        imported: raw.imported,
        others: raw.others,
    })
}

/// A loss is one line: why, and its note, stand behind the stage.
fn add_why(conn: &Connection, seq: i64, new: &mut (Value, Option<String>)) -> Res<()> {
    let mut statement = conn.prepare_cached(
        "SELECT why.field, why.new FROM change JOIN change AS why ON why.step = change.step AND why.record = change.record
         WHERE change.seq = ?1 AND why.field IN ('lost_reason', 'lost_note') AND why.new IS NOT NULL ORDER BY why.field DESC",
    )?;
    let mut rows = statement.query([seq])?;
    while let (Some(row), Some(stage)) = (rows.next()?, new.1.as_mut()) {
        let field: String = row.get(0)?;
        let (_, name) = with_name(conn, Entity::Deal, Some(&field), row.get(1)?)?;
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
    conn: &Connection,
    entity: Entity,
    id: RecordId,
) -> Res<(String, Option<crate::domain::money::Currency>)> {
    let name = names::of(conn, entity, id)?;
    if entity != Entity::Deal {
        return Ok((name, None));
    }
    let code: String = conn
        .prepare_cached("SELECT currency FROM deal WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    Ok((name, code.parse().ok()))
}

/// A value, and the name of the record that it is.
fn with_name(
    conn: &Connection,
    entity: Entity,
    field: Option<&str>,
    value: Value,
) -> Res<(Value, Option<String>)> {
    let kind = field
        .and_then(|name| entity.field(name))
        .map(|def| def.kind);
    let name = match (kind, value.as_int()) {
        (Some(Kind::Ref(noun)), Some(raw)) => Some(names::of(conn, noun, RecordId::from_raw(raw))?),
        _ => None,
    };
    Ok((value, name))
}

/// What people call a custom field, and what it holds; `None` for any other field.
fn custom(
    conn: &Connection,
    entity: Entity,
    field: Option<&str>,
) -> Res<Option<(String, CustomKind)>> {
    match field.and_then(|field| Field::named(entity, field)) {
        Some(Field::Custom(_, id)) => Ok(Some(names::custom(conn, id)?)),
        _ => Ok(None),
    }
}
