//! What is kept of a form that was left: what its author typed, and what they saw when they typed it.
//!
//! A draft can be written to a file and read again after a crash. Only touched fields are in it; the others follow the book. What
//! its author saw is kept with it, so that a change that somebody made while the draft lay there is a conflict and not lost.

use serde::{Deserialize, Serialize};

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::editor::Content;
use super::entry::Seen;
use super::form::RecordForm;

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

impl RecordForm {
    /// What is kept when the form is left; `None` where nothing was touched.
    #[must_use]
    pub fn draft(&self) -> Option<Draft> {
        let fields: Vec<DraftField> = (0..self.lines.len())
            .filter(|at| self.is_touched(*at))
            .map(|at| DraftField {
                name: self.lines[at].entry.place.name().into_owned(),
                content: self.sheet.content(at),
                seen: self.lines[at].seen.clone(),
            })
            .collect();
        let focus = self.lines.get(self.sheet.focus());
        (!fields.is_empty()).then(|| Draft {
            entity: self.entity(),
            record: self.record(),
            fields,
            focus: focus.map_or_else(String::new, |line| line.entry.place.name().into_owned()),
        })
    }

    /// Takes up what was kept: on a form of the record as it stands now, or of a new one. Fields that are no longer in the form
    /// are left out.
    pub fn restore(&mut self, draft: &Draft) {
        for field in &draft.fields {
            let Some(at) = self.named(&field.name) else {
                continue;
            };
            let now = std::mem::replace(&mut self.lines[at].seen, field.seen.clone());
            self.sheet.rows[at].editor.set(&field.content);
            if self.read(at).is_ok_and(|mine| mine.is(&now)) {
                self.lines[at].seen = now;
            } else {
                let name = match &self.lines[at].initial {
                    Content::Picked(picked) => Some(picked.text().to_owned()),
                    Content::Text(_) => None,
                };
                let note = self.note(at, &now, name.as_deref(), "somebody since you left");
                self.sheet.rows[at].note = note;
                // The draft's author saw something else, so what the book holds is not what this field started from.
                if now != field.seen {
                    self.lines[at].initial =
                        self.lines[at]
                            .entry
                            .content(&field.seen, None, &self.typing);
                }
            }
            self.reread(at);
        }
        if let Some(at) = self.named(&draft.focus) {
            self.sheet.put_focus(at);
        }
    }
}
