//! How a form is made to fit its use: what it starts with, when it is done, what it says.

use crate::domain::command::Input;
use crate::domain::nouns::{Field, FieldDef};
use crate::tui::theme::Role;

use super::editor::Content;
use super::entry::Place;
use super::form::{Finish, RecordForm};

impl RecordForm {
    /// The same form of a new record, with a field already filled; it counts as typed by nobody.
    #[must_use]
    pub fn starting(mut self, def: &'static FieldDef, content: &Content) -> Self {
        if let Some(at) = self.position(def) {
            self.sheet.rows[at].editor.set(content);
            self.lines[at].initial = self.sheet.content(at);
            self.reread(at);
        }
        self
    }

    /// The same form, with a line emptied: what is typed there takes the place of what was seen, and nothing typed leaves it.
    #[must_use]
    pub(super) fn emptied(mut self, place: Place) -> Self {
        if let Some(at) = self.named(&place.name()) {
            self.sheet.rows[at]
                .editor
                .set(&Content::Text(String::new()));
            self.lines[at].initial = self.sheet.content(at);
            self.reread(at);
        }
        self
    }

    /// The same form of a new record, which also has this field, unseen; of one that is known, what its next step has.
    #[must_use]
    pub fn with(mut self, field: impl Into<Field>, input: impl Into<Input>) -> Self {
        self.fixed.push((field.into(), input.into()));
        self
    }

    /// The same form, which does this to its commands before it hands them out.
    #[must_use]
    pub const fn finishing(mut self, finish: Finish) -> Self {
        self.finish = finish;
        self
    }

    /// The same form, with a sentence above its foot.
    #[must_use]
    pub(super) fn told(mut self, what: &str) -> Self {
        self.sheet.message = Some((what.to_owned(), Role::Text));
        self
    }

    /// The same form, which is not done while a line that is needed is empty, touched or not.
    #[must_use]
    pub(super) const fn requiring(mut self, all: bool) -> Self {
        self.requires_all = all;
        self
    }

    /// The same form, which is done with Enter in any line.
    #[must_use]
    pub const fn quick(mut self, verb: &'static str) -> Self {
        self.sheet.enter_submits = true;
        self.sheet.verb = verb;
        self
    }
}
