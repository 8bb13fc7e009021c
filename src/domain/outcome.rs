//! What the book answers to a step.

use serde::Serialize;

use super::command::{Origin, Slot};
use super::id::{Id, RecordId, StepId};
use super::nouns::Entity;
use super::records::Rep;
use super::time::Instant;
use super::value::Value;

/// The answer to a draft that could be judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is in the book.
    Saved(Receipt),
    /// Somebody changed the same fields: nothing of it is in the book.
    Conflict(Vec<Clash>),
    /// There was nothing to undo or redo.
    Nothing,
}

/// What a committed step did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The step.
    pub step: StepId,
    /// The group it belongs to.
    pub group: StepId,
    /// What it did, in words.
    pub label: String,
    /// The `seq` of its last change; 0 when it changed nothing because all was so already.
    pub seq: i64,
    /// The records that it made.
    pub created: Vec<(Slot, Entity, RecordId)>,
    /// How many changes it wrote.
    pub changes: usize,
    /// It had been committed before, by an earlier try.
    pub again: bool,
    /// Undo of a bulk act or import: records that somebody has changed or refers to since and that were left as they are.
    pub kept: Vec<Kept>,
}

/// A record that an undo left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Its noun.
    pub entity: Entity,
    /// The record.
    pub record: RecordId,
    /// Its name.
    pub name: String,
    /// Why it stays.
    pub why: String,
}

/// One field that somebody else changed since its editor looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// The record's noun.
    pub entity: Entity,
    /// The record.
    pub record: RecordId,
    /// The record's name.
    pub name: String,
    /// The field; `trashed_at` where the record was put into the trash.
    pub field: String,
    /// What the editor saw (the original).
    pub base: Value,
    /// What the book holds (theirs).
    pub theirs: Value,
    /// What the editor wants (mine).
    pub mine: Value,
    /// Where the field refers to records: the names of the original, theirs and mine.
    pub names: [Option<String>; 3],
    /// Who changed it, where that is known.
    pub by: Option<String>,
    /// When.
    pub at: Option<Instant>,
}

/// A group of steps that is in the log: the unit of undo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepGroup {
    /// The group; a step alone is its own.
    pub group: StepId,
    /// Who: a rep, or else a user of the computer.
    pub by: String,
    /// The moment of its last step.
    pub at: Instant,
    /// The origin of its last step.
    pub origin: Origin,
    /// Its last step in words.
    pub label: String,
    /// How many changes it wrote.
    pub changes: u64,
    /// Whether it was taken back.
    pub undone: bool,
}

/// One change that is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its place in the order of the book.
    pub seq: i64,
    /// The step that it belongs to.
    pub step: StepId,
    /// Who.
    pub rep: Option<Id<Rep>>,
    /// The name of who.
    pub by: Option<String>,
    /// The step's moment.
    pub at: Instant,
    /// The step's origin.
    pub origin: Origin,
    /// The step in words.
    pub label: String,
    /// The seat that committed it.
    pub seat: u16,
    /// The record's noun.
    pub entity: Entity,
    /// The record, or the first of a batch.
    pub record: RecordId,
    /// The last record of a batch of the same seat.
    pub last: Option<RecordId>,
    /// The field; `None` for a creation.
    pub field: Option<String>,
    /// What it was.
    pub old: Value,
    /// What it became; for a creation the hash of the row.
    pub new: Value,
}
