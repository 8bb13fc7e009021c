//! What an import must know of the book before it plans: names and keys to link to, and what earlier imports brought.
//!
//! Plain data in two parts, so that planning stays fast over a large book. [`Known`] is the index: every name and key, filled by
//! one query a list in a single read transaction. [`Known::current`] holds whole records, and only those whose row in the file
//! differs from what the same source said before: the planner names them, the store fetches them, and the three-way merge (what
//! the source said, what the book holds, what the source says now) is done on them.
//!
//! The store fills it by three questions, each one read transaction:
//! `Book::known(&[source names]) -> Known` (everything but `current` and `lines`),
//! `Book::records(entity, &[ids]) -> Vec<Record>` (whole records, trashed or not, in any order; unknown ids are left out) and
//! `Book::lines_of(&[deal ids]) -> Vec<KnownLine>`.

use std::collections::HashMap;

use super::id::RecordId;
use super::money::Currency;
use super::nouns::Entity;
use super::pipeline::StageKind;
use super::records::{Candidate, Record};
use super::time::Zone;

/// The book as an import sees it. Lists are in order of id (of birth), so that of two namesakes the older one is found first.
/// Trashed records are in the lists, marked: a key that belongs to one revives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The currency of sums.
    pub base: Currency,
    /// The team's time zone.
    pub zone: Zone,
    /// Every rep, active or left.
    pub reps: Vec<KnownRep>,
    /// Every company that was not merged into another one.
    pub companies: Vec<KnownCompany>,
    /// Every contact that was not merged into another one.
    pub contacts: Vec<KnownContact>,
    /// Every product.
    pub products: Vec<KnownProduct>,
    /// Every pipeline with its stages, by position, then id.
    pub pipelines: Vec<KnownPipeline>,
    /// Every reason for a loss.
    pub lost_reasons: Vec<KnownName>,
    /// Every custom field.
    pub fields: Vec<KnownField>,
    /// Every source record of the sources that were asked for.
    pub sources: Vec<KnownSource>,
    /// Every link that waits for its record, whatever its source, without those in the trash.
    pub pending: Vec<KnownPending>,
    /// Records that the planner asked for, by id, trashed or not. Empty at first.
    pub current: HashMap<RecordId, Record>,
    /// Lines of the deals that the planner asked for, trashed or not. Empty at first.
    pub lines: Vec<KnownLine>,
}

/// A record that has no more than a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownName {
    /// Its id.
    pub id: RecordId,
    /// Its name, as written.
    pub name: String,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A rep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRep {
    /// Its id.
    pub id: RecordId,
    /// Its name, as written.
    pub name: String,
    /// Its address, as written.
    pub email: Option<String>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCompany {
    /// Its id.
    pub id: RecordId,
    /// Its name, as written.
    pub name: String,
    /// The normalised elements of its set of domains.
    pub domains: Vec<String>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownContact {
    /// Its id.
    pub id: RecordId,
    /// Its display name, as written.
    pub name: String,
    /// The company it works for.
    pub company: Option<RecordId>,
    /// The normalised elements of its set of e-mail addresses ([`email_key`](super::identity::email_key)).
    pub emails: Vec<String>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownProduct {
    /// Its id.
    pub id: RecordId,
    /// Its name, as written.
    pub name: String,
    /// Its code in the catalogue.
    pub code: Option<String>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPipeline {
    /// Its id.
    pub id: RecordId,
    /// Its name, as written.
    pub name: String,
    /// Its place among the pipelines.
    pub position: i64,
    /// Its stages, archived ones too, by position, then id.
    pub stages: Vec<KnownStage>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownStage {
    /// Its id.
    pub id: RecordId,
    /// Its name, as written.
    pub name: String,
    /// What it means for a deal.
    pub kind: StageKind,
    /// Its place in the pipeline.
    pub position: i64,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A custom field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownField {
    /// Its id.
    pub id: RecordId,
    /// The noun that has it.
    pub entity: Entity,
    /// Its name, as written.
    pub name: String,
    /// The word in its `kind`.
    pub kind: String,
    /// Whether it is in the trash.
    pub trashed: bool,
}

/// A record as it came from a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSource {
    /// The id of the source record itself.
    pub id: RecordId,
    /// The source.
    pub source: String,
    /// The key there.
    pub key: String,
    /// The noun of the record it belongs to.
    pub entity: Entity,
    /// The record it belongs to.
    pub record: Option<RecordId>,
    /// Whether the record it belongs to is in the trash.
    pub record_trashed: bool,
    /// Whether the source record itself is in the trash.
    pub trashed: bool,
    /// The row as it came: a JSON object. Empty where it is unknown.
    pub raw: String,
}

/// A link that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPending {
    /// The id of the pending link itself.
    pub id: RecordId,
    /// The noun of the record that has the link.
    pub entity: Entity,
    /// The record that has the link.
    pub record: RecordId,
    /// The field that waits.
    pub field: String,
    /// The noun that it waits for.
    pub target: Entity,
    /// The source in which the text is a key; `None` where the text is a name.
    pub source: Option<String>,
    /// What the source calls the record.
    pub text: String,
}

/// A link that waits, of a record that is not in the trash, with what an answer must know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLink {
    /// The link.
    pub link: KnownPending,
    /// The record whose name is near, unless it is in the trash by now.
    pub suggestion: Option<Candidate>,
    /// The sources that the waiting record came from, in alphabetical order.
    pub from: Vec<String>,
}

/// A product on a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownLine {
    /// The id of the line.
    pub id: RecordId,
    /// Its deal.
    pub deal: RecordId,
    /// Its product, where it is known.
    pub product: Option<RecordId>,
    /// What the line says.
    pub text: Option<String>,
    /// Whether it is in the trash.
    pub trashed: bool,
}

impl Known {
    /// A book that holds nothing yet.
    #[must_use]
    pub fn empty(base: Currency, zone: Zone) -> Self {
        Self {
            base,
            zone,
            reps: Vec::new(),
            companies: Vec::new(),
            contacts: Vec::new(),
            products: Vec::new(),
            pipelines: Vec::new(),
            lost_reasons: Vec::new(),
            fields: Vec::new(),
            sources: Vec::new(),
            pending: Vec::new(),
            current: HashMap::new(),
            lines: Vec::new(),
        }
    }
}
