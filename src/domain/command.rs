//! What an author asks of the book.
//!
//! A [`StepDraft`] is one act: a move, a form that was saved, a batch of an import, an undo. It is committed whole or not at all.
//! Its commands name records and, per field, the base value that the author saw. Drafts are serialisable, so that they can wait
//! in an outbox, be sent to another store, and be tried again by their id.

use serde::{Deserialize, Serialize};

use super::id::{Id, RecordId, StepId};
use super::nouns::{Entity, Field, Set};
use super::records::{Deal, LostReason, Rep, Stage};
use super::time::Instant;
use super::value::Value;

/// The form of serialised drafts; it grows when a reader of the old form would misunderstand the new.
pub const DRAFT_VERSION: u32 = 1;

/// One act of one author, as it is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepDraft {
    /// Made by the author, so that trying again is safe.
    pub id: StepId,
    /// The steps that are undone as one; a step alone is its own group.
    pub group: StepId,
    /// Who acts; `None` where nobody has said who they are.
    pub rep: Option<Id<Rep>>,
    /// The as-of moment of the act (not the wall clock of the commit).
    pub at: Instant,
    /// What kind of act.
    pub origin: Origin,
    /// In words, for the timeline and undo: "Move Alpina AG to Proposal". `None`: the book words it from the commands.
    pub label: Option<String>,
    /// The import that this step belongs to.
    pub import: Option<RecordId>,
    /// What to do, in order.
    pub commands: Vec<Command>,
}

/// Where a step came from. Only human acts touch a deal for rotting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person, on a screen or in a shell.
    Human,
    /// A batch of an import.
    Import,
    /// One act over many records.
    Bulk,
    /// A rule of the book.
    Rule,
    /// The inverse of an earlier step.
    Undo,
    /// The inverse of an undo.
    Redo,
}

impl Origin {
    /// The word in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Import => "import",
            Self::Bulk => "bulk",
            Self::Rule => "rule",
            Self::Undo => "undo",
            Self::Redo => "redo",
        }
    }

    /// The origin that the log names so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Human,
            Self::Import,
            Self::Bulk,
            Self::Rule,
            Self::Undo,
            Self::Redo,
        ]
        .into_iter()
        .find(|origin| origin.name() == name)
    }
}

/// A record that this draft makes, by its number within the draft: it has no id before it is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot(pub u32);

/// A record that a command names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One that is in the book.
    Known(RecordId),
    /// One that an earlier command of the same draft makes.
    New(Slot),
}

impl<T> From<Id<T>> for Target {
    fn from(id: Id<T>) -> Self {
        Self::Known(id.record())
    }
}
impl From<RecordId> for Target {
    fn from(id: RecordId) -> Self {
        Self::Known(id)
    }
}
impl From<Slot> for Target {
    fn from(slot: Slot) -> Self {
        Self::New(slot)
    }
}

/// A value that a command gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// As it is.
    Value(Value),
    /// A reference to a record that this draft makes.
    New(Slot),
}

impl<V: Into<Value>> From<V> for Input {
    fn from(value: V) -> Self {
        Self::Value(value.into())
    }
}
impl From<Slot> for Input {
    fn from(slot: Slot) -> Self {
        Self::New(slot)
    }
}
impl From<Target> for Input {
    fn from(target: Target) -> Self {
        match target {
            Target::Known(id) => Self::Value(id.into()),
            Target::New(slot) => Self::New(slot),
        }
    }
}

/// What the author of an edit saw in the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// This value: another one in the book is a conflict.
    Seen(Value),
    /// Nothing: the base is what the transaction reads, and the last writer wins (a shell edit without `--if-version`).
    Unseen,
}

/// One field of an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldEdit {
    /// Which field.
    pub field: Field,
    /// What its author saw there.
    pub base: Base,
    /// What it shall be.
    pub new: Input,
}

/// A record to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// How the rest of the draft names it.
    pub slot: Slot,
    /// Its noun.
    pub entity: Entity,
    /// When it came into being in the world of sales. `None`: unknown, and `created_at` stays null.
    pub created_at: Option<Instant>,
    /// Its fields; what is not named is unknown.
    pub fields: Vec<(Field, Input)>,
    /// Elements of its sets, as written.
    pub sets: Vec<(Set, String)>,
}

/// A record that comes from another book, as it stood there: under its own id, and with what that book's rules had written (the facts
/// of a close, what it was merged into, when it was trashed). What follows from the log and from other records is worked out anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// Its noun.
    pub entity: Entity,
    /// Its id, which no record of the noun has yet.
    pub id: RecordId,
    /// When it came into being in the world of sales.
    pub created_at: Option<Instant>,
    /// When it was put into the trash.
    pub trashed_at: Option<Instant>,
    /// Its fields; what is not named is unknown. Records that they refer to are in the book already.
    pub fields: Vec<(Field, Value)>,
    /// Elements of its sets, as written.
    pub sets: Vec<(Set, String)>,
}

/// Where a card is put in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Before all others.
    Top,
    /// After all others.
    Bottom,
    /// Just before that card.
    Before(Id<Deal>),
    /// Just after that card.
    After(Id<Deal>),
}

/// Why a deal was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// One of the book's reasons.
    Known(Id<LostReason>),
    /// By name: the book's reason of that name (folded), or a new, real one.
    Named(String),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Make a record.
    Create(Create),
    /// Take a record of another book in. Only an import may; a record that is there already stays as it is.
    Bring(Box<Brought>),
    /// Change fields of a record. A changed `stage` of a deal obeys the stage rules: into won or lost freezes the facts of the
    /// close, out of them clears those facts.
    Edit {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// Its fields, each with its base.
        edits: Vec<FieldEdit>,
    },
    /// Add one element to a set. What is there already is no conflict and no change.
    Add {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// The set.
        set: Set,
        /// The element, as written.
        element: String,
    },
    /// Remove one element from a set. What is not there is no conflict and no change.
    Remove {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// The set.
        set: Set,
        /// The element, as written or in another spelling of the same.
        element: String,
    },
    /// Put a record into the trash.
    Trash {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
    },
    /// Take a record out of the trash.
    Restore {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
    },
    /// Move a deal to a stage of its pipeline or another, and put its card somewhere.
    MoveDeal {
        /// The deal.
        deal: Id<Deal>,
        /// The stage that the author saw it in.
        base: Option<Id<Stage>>,
        /// Where it goes; the same stage only changes the order.
        stage: Id<Stage>,
        /// Where in the column; `None` leaves the book to put it on top.
        place: Option<Place>,
    },
    /// Move all deals of a stage to the end of another open one, whichever they are when the book does it: before a stage is archived.
    MoveAll {
        /// The stage that they leave.
        from: Id<Stage>,
        /// Where they go.
        to: Id<Stage>,
    },
    /// Nobody knows for how much a deal is won, and its author says so: what follows in the step may win it without an amount.
    WithoutAmount {
        /// The deal.
        deal: Target,
    },
    /// Win a deal: it goes to its pipeline's won stage and its facts are frozen. One without an amount is won only where
    /// [`WithoutAmount`](Self::WithoutAmount) came before.
    WinDeal {
        /// The deal.
        deal: Id<Deal>,
        /// The stage that the author saw it in.
        base: Option<Id<Stage>>,
        /// When; `None` is the step's moment.
        closed_at: Option<Instant>,
    },
    /// Lose a deal: it goes to its pipeline's lost stage and its facts are frozen.
    LoseDeal {
        /// The deal.
        deal: Id<Deal>,
        /// The stage that the author saw it in.
        base: Option<Id<Stage>>,
        /// Why; `None` is "not given".
        reason: Option<Reason>,
        /// In the rep's words.
        note: Option<String>,
        /// When; `None` is the step's moment.
        closed_at: Option<Instant>,
    },
    /// Open a closed deal again, in the stage it was closed from, or in `stage`.
    ReopenDeal {
        /// The deal.
        deal: Id<Deal>,
        /// The stage that the author saw it in.
        base: Option<Id<Stage>>,
        /// Where it goes.
        stage: Option<Id<Stage>>,
    },
    /// Go on only if the record has not changed since: a conflict where its last change has another `seq`.
    Require {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// The `seq` of its last change, as the author saw it.
        seq: i64,
    },
    /// Take back a group of steps.
    Undo(Which),
    /// Take back an undo.
    Redo(Which),
}

/// Which group of steps to undo or redo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// My last one: of the draft's rep, or of this seat where there is no rep.
    Last,
    /// That one.
    Group(StepId),
}
