//! What a restore would change: steps that would be gone, records that would come, go or differ.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use crate::domain::id::StepId;
use crate::domain::nouns::{ENTITIES, Entity};
use crate::domain::time::Instant;

use super::super::hash;

/// So many of the steps that would be gone are told in words.
const TOLD: usize = 10;

/// What a restore would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Steps that the book has and the backup has not.
    pub steps_gone: u64,
    /// The last of them, the newest first.
    pub last_gone: Vec<LostStep>,
    /// Steps that the backup has and the book has not.
    pub steps_back: u64,
    /// Records outside the trash, by noun; nouns of which none changes are left out.
    pub records: Vec<Moved>,
}

/// A step that would be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostStep {
    /// Its moment.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// What it did, in words.
    pub label: String,
}

/// What would happen to the records of a noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The noun.
    pub entity: Entity,
    /// In the backup alone.
    pub come: u64,
    /// In the book alone.
    pub go: u64,
    /// In both, with another content.
    pub differ: u64,
}

impl Difference {
    /// Whether book and backup say the same.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.steps_gone == 0 && self.steps_back == 0 && self.records.is_empty()
    }
}

/// Compares a book with the backup that shall take its place.
pub(super) fn difference(
    live: &mut Connection,
    backup: &Connection,
) -> rusqlite::Result<Difference> {
    let (theirs, kept) = (steps(backup)?, hash::by_record(backup)?);
    let moment = live.transaction()?;
    let mut difference = Difference::default();
    let mut in_both = 0;
    let mut statement = moment.prepare(
        "SELECT step.id, coalesce(rep.name, seat.os_user), step.at, label
         FROM step JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep ORDER BY n DESC",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if theirs.contains(&row.get::<_, StepId>(0)?) {
            in_both += 1;
            continue;
        }
        difference.steps_gone += 1;
        if difference.last_gone.len() < TOLD {
            difference.last_gone.push(LostStep {
                by: row.get(1)?,
                at: row.get(2)?,
                label: row.get(3)?,
            });
        }
    }
    difference.steps_back = theirs.len() as u64 - in_both;
    difference.records = moved(&hash::by_record(&moment)?, &kept);
    drop(rows);
    drop(statement);
    moment.commit()?;
    Ok(difference)
}

/// How many steps of one book another has not.
pub(super) fn steps_gone(live: &Connection, backup: &Connection) -> rusqlite::Result<u64> {
    let theirs = steps(backup)?;
    Ok(steps(live)?.difference(&theirs).count() as u64)
}

fn steps(conn: &Connection) -> rusqlite::Result<HashSet<StepId>> {
    conn.prepare("SELECT id FROM step")?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn moved(now: &hash::ByRecord, then: &hash::ByRecord) -> Vec<Moved> {
    let mut by_noun: HashMap<Entity, Moved> = HashMap::new();
    let mut note = |entity, what: fn(&mut Moved) -> &mut u64| {
        let moved = by_noun.entry(entity).or_insert(Moved {
            entity,
            come: 0,
            go: 0,
            differ: 0,
        });
        *what(moved) += 1;
    };
    for (record, digest) in now {
        match then.get(record) {
            None => note(record.0, |moved| &mut moved.go),
            Some(other) if other != digest => note(record.0, |moved| &mut moved.differ),
            Some(_) => {}
        }
    }
    for record in then.keys().filter(|record| !now.contains_key(record)) {
        note(record.0, |moved| &mut moved.come);
    }
    ENTITIES
        .iter()
        .filter_map(|entity| by_noun.remove(entity))
        .collect()
}
