//! One field of a record, edited where it stands; or the same field of several records, as one act.

use serde::{Deserialize, Serialize};

use crate::domain::command::Command;
use crate::domain::money::grouped;
use crate::domain::nouns::{Field, Set};
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::tui::theme::Role;
use crate::tui::widgets::choices::Item;
use crate::tui::words;

use super::asked::Asked;
use super::editor::Content;
use super::entry::{Place, Seen, custom_of};
use super::form::{RecordForm, Subject};

/// Which field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// A field of the noun, or a custom one.
    Field(Field),
    /// A set.
    Set(Set),
    /// When an activity is due.
    Due,
}

impl Spot {
    const fn of(place: Place) -> Option<Self> {
        match place {
            Place::Field(def) => Some(Self::Field(Field::Own(def))),
            Place::Custom(noun, id, _) => Some(Self::Field(Field::Custom(noun, id))),
            Place::Set(set) => Some(Self::Set(set)),
            Place::Due => Some(Self::Due),
            Place::NextStep | Place::NextDue => None,
        }
    }
}

/// A row of the menu of fields: what is chosen, what it is called, what it holds.
pub type Offered = Item<Spot>;

impl RecordForm {
    /// The fields of the form as rows of a menu, each with what it holds. For `many` records only what can be given to all alike.
    #[must_use]
    pub fn offered(&self, many: bool) -> Vec<Offered> {
        let lines = self.lines.iter().zip(&self.sheet.rows);
        lines
            .filter_map(|(line, row)| {
                let spot = Spot::of(line.entry.place)?;
                if many {
                    let alike = matches!(spot, Spot::Field(_));
                    return alike.then(|| Item::new(spot, row.label.clone()));
                }
                let text = line.initial.text();
                let first = text.lines().next().unwrap_or_default();
                let held = if first.is_empty() { "unknown" } else { first };
                Some(Item::new(spot, format!("{:<16}", row.label)).detail(held))
            })
            .collect()
    }

    /// The form of one field alone, done with Enter; `None` where the form has no such field.
    #[must_use]
    pub fn only(mut self, spot: Spot, of: &str) -> Option<Self> {
        let at =
            (0..self.lines.len()).find(|at| Spot::of(self.lines[*at].entry.place) == Some(spot))?;
        let line = self.lines.swap_remove(at);
        let mut row = self.sheet.rows.swap_remove(at);
        row.at_once = true;
        self.sheet.title = format!("{} · {of}", row.label);
        self.lines = vec![line];
        self.sheet.rows = vec![row];
        self.sheet.put_focus(0);
        Some(self.quick("save"))
    }

    /// The same form over several records: what is typed goes into the field of all of them.
    #[must_use]
    pub fn over(mut self, records: Vec<Record>) -> Self {
        if let (Some(line), Some(row)) = (self.lines.first_mut(), self.sheet.rows.first_mut()) {
            let held = told(&records, line.entry.place);
            line.seen = Seen::Values(Value::Null, None);
            row.editor.set(&Content::Text(String::new()));
            line.initial = row.editor.content();
            self.sheet.message = Some((held, Role::Dim));
        }
        self.subject = Subject::Several(records);
        self.reread(0);
        self
    }

    /// The records that the form is over, where they are several.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        match &self.subject {
            Subject::Several(records) => records,
            Subject::New(_) | Subject::Known(..) => &[],
        }
    }

    /// Why what is typed cannot stand in one of several records: an amount in its currency, say.
    pub(super) fn fault_of_all(&self, at: usize) -> Result<(), String> {
        let line = &self.lines[at];
        let content = self.sheet.content(at);
        for record in self.records() {
            let seen = line.entry.seen(record, &self.typing);
            let read = line.entry.read(&content, &seen, &self.typing);
            read.map_err(|why| format!("{}: {why}", record.name()))?;
        }
        Ok(())
    }

    /// What is asked of each of several records: nothing of those that have it so already. What is new is made once.
    pub(super) fn commands_of_all(&self, records: &[Record]) -> Vec<Command> {
        let Some(line) = self.lines.first() else {
            return Vec::new();
        };
        let content = self.sheet.content(0);
        // Enter over nothing typed empties no field of many records.
        if !self.is_touched(0) {
            return Vec::new();
        }
        let mut made: Vec<Command> = Vec::new();
        let mut edits = Vec::new();
        for record in records {
            // An amount without a currency is one of the record's own.
            let seen = line.entry.seen(record, &self.typing);
            let wanted = line.entry.read(&content, &seen, &self.typing);
            let Some(wanted) = wanted.ok().filter(|wanted| !wanted.is(&seen)) else {
                continue;
            };
            let mut asked = Asked::default();
            asked.add(line.entry.place, &seen, wanted);
            for command in asked.edit(record.entity, record.id, self.typing.now) {
                match command {
                    Command::Create(_) if made.is_empty() => made.push(command),
                    Command::Create(_) => {}
                    other => edits.push(other),
                }
            }
        }
        made.extend(edits);
        made
    }
}

/// How many of the records know the field, and how many do not.
fn told(records: &[Record], place: Place) -> String {
    let known = records
        .iter()
        .filter(|record| match place {
            Place::Field(def) => !record.get(def).is_null(),
            Place::Custom(_, id, _) => !custom_of(record, id).is_null(),
            _ => false,
        })
        .count();
    let (known, unknown) = (known as u64, (records.len() - known) as u64);
    format!(
        "{}: {} {} it, {} {} not",
        words::count(records.len() as u64, "record", "records"),
        grouped(known),
        if known == 1 { "has" } else { "have" },
        grouped(unknown),
        if unknown == 1 { "does" } else { "do" },
    )
}
