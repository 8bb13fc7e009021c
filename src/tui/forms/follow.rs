//! The record changes while its form is open: untouched fields follow, touched ones say who changed what.

use crate::domain::records::Record;
use crate::tui::theme::Role;

use super::entry::Seen;
use super::form::{RecordForm, name_in};

impl RecordForm {
    /// Takes the record as it stands in the book now, and who changed it. Untouched fields follow; touched ones say so.
    pub fn follow(&mut self, record: &Record, by: Option<&str>) {
        if let Some(by) = by {
            by.clone_into(&mut self.taken_from);
        }
        let by = self.taken_from.clone();
        for at in 0..self.lines.len() {
            let line = &self.lines[at];
            let now = line.entry.seen(record, &self.typing);
            let name = name_in(record, &line.entry);
            let mine = self.read(at);
            let same = mine.as_ref().is_ok_and(|mine| mine.is(&now));
            if same || !self.is_touched(at) {
                let shown = line.entry.content(&now, name.as_deref(), &self.typing);
                let row = &mut self.sheet.rows[at];
                // What was typed and means the same stays as it was typed.
                if !same {
                    row.editor.set(&shown);
                    self.taken.retain(|label| *label != row.label);
                    self.taken.push(row.label.clone());
                }
                row.note = None;
                self.lines[at].seen = now;
                self.lines[at].initial = shown;
            } else {
                self.sheet.rows[at].note = self.note(at, &now, name.as_deref(), &by);
            }
            self.reread(at);
        }
        self.sheet.message = record.trashed_at.map(|_| {
            let what = format!("In the trash ({by}). Saving asks whether to restore it.");
            (what, Role::ByOthers)
        });
    }

    pub(super) fn note(
        &self,
        at: usize,
        now: &Seen,
        name: Option<&str>,
        by: &str,
    ) -> Option<String> {
        let line = &self.lines[at];
        match now {
            // Sets change element by element, so what others did there is in nobody's way.
            Seen::Elements(_) => None,
            _ if *now == line.seen => None,
            Seen::Values(value, currency) => {
                let shown = line.entry.shown(value, *currency, name, &self.typing);
                Some(match shown {
                    Some(shown) => format!("changed by {by} to {shown}"),
                    None => format!("emptied by {by}"),
                })
            }
        }
    }

    /// Who changed fields that nobody touched here, and their names: they are in the form as they are in the book.
    #[must_use]
    pub fn taken(&self) -> (&str, &[String]) {
        (&self.taken_from, &self.taken)
    }
}
