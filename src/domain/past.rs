//! What was done and can be taken back: steps with their changes, and the trash.

use serde::Serialize;

use super::command::Origin;
use super::custom::CustomKind;
use super::id::{RecordId, StepId};
use super::money::Currency;
use super::nouns::Entity;
use super::time::Instant;
use super::value::Value;

/// How long the trash is shown unasked: 30 days. Nothing leaves it by itself.
pub const SHOWN_MS: i64 = 30 * 86_400_000;

/// A record in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trashed {
    /// Its noun.
    pub entity: Entity,
    /// The record.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// When it was put there.
    pub at: Instant,
    /// Who did it, where the log tells.
    pub by: Option<String>,
    /// The step that did it, in words.
    pub step: Option<String>,
}

/// What is in the trash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trash {
    /// The latest first.
    pub records: Vec<Trashed>,
    /// How many fit, shown or not.
    pub total: u64,
    /// How many would fit that were put there before that.
    pub older: u64,
}

/// A group of steps, as its author did it in one act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastAct {
    /// The group.
    pub group: StepId,
    /// Who: a rep, or else a user of the computer.
    pub by: String,
    /// The moment of its last step.
    pub at: Instant,
    /// The origin of its last step.
    pub origin: Origin,
    /// In words.
    pub label: String,
    /// How many records it made or changed.
    pub records: u64,
    /// Whether it was taken back.
    pub undone: bool,
}

/// One change of a step, with the names that it needs to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepChange {
    /// The record's noun.
    pub entity: Entity,
    /// The record, or the first of a batch.
    pub record: RecordId,
    /// How many records the batch made, where it is one.
    pub made: u64,
    /// What people call the record.
    pub name: String,
    /// The field, by its name in the log; `None` for a creation.
    pub field: Option<String>,
    /// What people call a custom field, and what it holds.
    pub custom: Option<(String, CustomKind)>,
    /// What it was, and the name of the record that it referred to.
    pub old: (Value, Option<String>),
    /// What it became, and the name of the record that it refers to.
    pub new: (Value, Option<String>),
    /// The currency of the record's amounts, where it has its own.
    pub currency: Option<Currency>,
}

/// What a group of steps changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepChanges {
    /// The group.
    pub group: StepId,
    /// Its changes, as far as they were asked for.
    pub changes: Vec<StepChange>,
    /// How many there are.
    pub total: u64,
}
