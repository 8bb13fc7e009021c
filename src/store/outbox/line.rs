//! A line of an outbox: JSON with a version and a checksum, so that a torn or a damaged one is told from a good one, and one of
//! another book's outbox, which got here in whatever way, from those of this book: it would be taken for a step that this book lost.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::command::{DRAFT_VERSION, Slot, StepDraft};
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;

/// The form of a line: that of the drafts in it.
const VERSION: u32 = DRAFT_VERSION;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum Entry {
    /// A step, before it is sent.
    Kept { at: Instant, body: Body },
    /// The book has taken it.
    Saved { step: StepId, taken: Taken },
    /// A later look found it in the book of this epoch.
    Found { step: StepId, epoch: i64 },
    /// The book had taken it and has it no more, and it is not written again by itself: its author is asked.
    Asked { step: StepId },
    /// It was judged and not written, or its author does not want it any more.
    Settled { step: StepId },
}

/// What is kept of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum Body {
    /// All of it.
    Draft(Box<StepDraft>),
    /// That it was a batch of an import: its rows are in the files.
    Batch(Batch),
}

/// A batch of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct Batch {
    pub step: StepId,
    /// The whole import: its first batch names the files.
    pub group: StepId,
    /// "Import deals.csv".
    pub label: Option<String>,
    /// Name and hash of each file that this batch begins.
    pub files: Vec<(String, String)>,
}

/// What the book said when it took a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store) struct Taken {
    /// The epoch of the book.
    pub epoch: i64,
    /// Of the step's last change.
    pub seq: i64,
    /// The records that it made: written again they get the same ids, since later steps name them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub created: Vec<(Slot, Entity, RecordId)>,
    /// Of an undo or redo of what was last: which group that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undid: Option<StepId>,
}

impl Body {
    /// The step's id.
    pub fn step(&self) -> StepId {
        match self {
            Self::Draft(draft) => draft.id,
            Self::Batch(batch) => batch.step,
        }
    }
}

/// What became of reading a line.
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    Good(Entry),
    /// Of a newer clinch: it stays as it is.
    Newer,
    Damaged,
}

/// An entry about a step of a book as a line, with its end.
pub(super) fn write(book: StepId, entry: &Entry) -> Vec<u8> {
    write_as(VERSION, book, entry)
}

/// An entry as a line of some version.
pub(super) fn write_as(version: u32, book: StepId, entry: &Entry) -> Vec<u8> {
    // An entry is made of names, numbers and texts: nothing in it can fail to serialise.
    let body = serde_json::to_string(entry).unwrap_or_default();
    format!(
        "{{\"v\":{version},\"sum\":\"{}\",\"entry\":{body}}}\n",
        sum(version, book, &body)
    )
    .into_bytes()
}

/// What a line without its end says of a step of a book.
pub(super) fn read(book: StepId, line: &[u8]) -> Line {
    let text = std::str::from_utf8(line).ok();
    let Some((version, body)) = text.and_then(|text| parts(book, text)) else {
        return Line::Damaged;
    };
    if version > VERSION {
        return Line::Newer;
    }
    serde_json::from_str(body).map_or(Line::Damaged, Line::Good)
}

/// The version and the text of the entry, where the checksum holds.
fn parts(book: StepId, line: &str) -> Option<(u32, &str)> {
    let (version, rest) = line.strip_prefix("{\"v\":")?.split_once(",\"sum\":\"")?;
    let (said, rest) = rest.split_once("\",\"entry\":")?;
    let body = rest.strip_suffix('}')?;
    let version = version.parse().ok()?;
    (said == sum(version, book, body)).then_some((version, body))
}

/// Sixteen hexadecimal digits of SHA-256 over all that the line says, and the book of which it does.
fn sum(version: u32, book: StepId, body: &str) -> String {
    use std::fmt::Write;
    let hash = Sha256::new_with_prefix(version.to_le_bytes())
        .chain_update(book.0)
        .chain_update(body)
        .finalize();
    hash.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
