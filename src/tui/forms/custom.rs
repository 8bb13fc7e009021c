//! Custom fields in the form of any noun.

use crate::domain::custom::CustomField;
use crate::domain::records::Record;

use super::entry::{Entry, custom_of};
use super::form::{Line, RecordForm};

impl RecordForm {
    /// The same form with the custom fields of its noun below its own, as a record has them, or of a new one.
    #[must_use]
    pub fn with_custom(mut self, fields: &[CustomField], record: Option<&Record>) -> Self {
        let noun = self.entity();
        for field in fields.iter().filter(|field| field.entity == noun) {
            let value = record.map(|record| custom_of(record, field.id));
            let entry = Entry::custom(field, value.as_ref());
            let seen = match record {
                Some(record) => entry.seen(record, &self.typing),
                None => entry.unseen(&self.typing),
            };
            let initial = entry.content(&seen, None, &self.typing);
            let at = self.lines.len();
            self.sheet.rows.push(entry.row());
            self.sheet.rows[at].editor.set(&initial);
            self.lines.push(Line {
                entry,
                seen,
                initial,
            });
            self.reread(at);
        }
        self
    }
}
