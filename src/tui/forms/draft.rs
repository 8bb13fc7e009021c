//! What is kept of a form that was left: what its author typed, and what they saw when they typed it.
//!
//! A draft can be written to a file and read again after a crash. Only touched fields are in it; the others follow the book. What
//! its author saw is kept with it, so that a change that somebody made while the draft lay there is a conflict and not lost.

use serde::{Deserialize, Serialize};

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::editor::Content;
use super::entry::Seen;

/// A form that was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The noun.
    pub entity: Entity,
    /// The record; `None` is one that is to be made.
    pub record: Option<RecordId>,
    /// The touched fields.
    pub fields: Vec<DraftField>,
    /// The name of the field that had the keys.
    pub focus: String,
}

/// A touched field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftField {
    /// Its name: of a field or of a set of the noun.
    pub name: String,
    /// What is in it.
    pub content: Content,
    /// What its author saw there.
    pub seen: Seen,
}
