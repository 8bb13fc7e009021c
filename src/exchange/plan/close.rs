//! The end of a plan: links that had to wait for all rows, batches, the report.

use crate::domain::command::{Base, Slot, Target};
use crate::domain::nouns::{Entity, company, import};
use crate::domain::value::Value;
use crate::exchange::recognise::{By, plural};

use super::facts::{Fact, Mode};
use super::index::{Found, Held};
use super::planned::{FieldRef, Planned, PlannedCreate, PlannedEdit};
use super::planner::Planner;
use super::report::Suggestion;
use super::{Batch, Plan};

impl Planner<'_> {
    /// Links that could not be made when their row was read.
    pub(super) fn finish_later(&mut self) {
        for later in std::mem::take(&mut self.later) {
            let by = if later.waiting.source.is_some() {
                By::Key
            } else {
                By::Name
            };
            match self.link(
                later.place,
                later.waiting.target,
                by,
                &later.waiting.text,
                Mode::Look,
            ) {
                Fact::Is(parent) => self.chunk.edits.push(Planned::Edit {
                    entity: Entity::Company,
                    target: later.record,
                    edits: vec![PlannedEdit {
                        field: FieldRef::Own(&company::PARENT),
                        base: Base::Seen(Value::Null),
                        new: parent,
                    }],
                }),
                Fact::Waits(waits) => self.wait(
                    Entity::Company,
                    later.record,
                    FieldRef::Own(&company::PARENT),
                    &waits,
                ),
            }
        }
    }

    /// Links of earlier imports that waited for a record which this run makes.
    pub(super) fn answer_pending(&mut self) {
        for pending in &self.known.pending {
            let found = match &pending.source {
                Some(source) => self.index.by_key(source, pending.target, &pending.text),
                None => match self.index.by_name(pending.target, &pending.text) {
                    Found::One(held) => Some(held),
                    _ => self.index.by_email(pending.target, &pending.text),
                },
            };
            let Some(Held {
                target: target @ Target::New(_),
                ..
            }) = found
            else {
                continue;
            };
            let Some(field) = pending.entity.field(&pending.field) else {
                continue;
            };
            self.chunk.edits.push(Planned::Edit {
                entity: pending.entity,
                target: pending.record.into(),
                edits: vec![PlannedEdit {
                    field: FieldRef::Own(field),
                    base: Base::Seen(Value::Null),
                    new: target.into(),
                }],
            });
            self.chunk
                .edits
                .push(Planned::Trash(Entity::PendingLink, pending.id));
        }
    }

    /// Closes the batch under way.
    pub(super) fn flush(&mut self) {
        let chunk = std::mem::take(&mut self.chunk);
        let mut commands = chunk.first;
        commands.extend(chunk.creates.into_iter().flatten());
        commands.extend(chunk.edits);
        let mut sheets = chunk.sheets.into_iter();
        let sheet = sheets.next().filter(|_| sheets.next().is_none());
        if !commands.is_empty() || chunk.rows > 0 {
            self.batches.push(Batch {
                sheet,
                rows: chunk.rows,
                commands,
            });
        }
    }

    /// Puts the first batch before the rows and the end of each import behind them, where any row says something new; fills the report.
    pub(super) fn finish(mut self) -> Plan {
        self.sum_up();
        self.warn();
        let busy = self.batches.iter().any(|batch| !batch.commands.is_empty());
        if !busy && self.first.is_empty() {
            return Plan {
                batches: Vec::new(),
                imports: vec![None; self.sheets.len()],
                report: self.report,
            };
        }
        let imports: Vec<Option<Slot>> = self
            .imports
            .iter()
            .enumerate()
            .map(|(place, slot)| self.used.contains(&place).then_some(*slot))
            .collect();
        let mut commands: Vec<Planned> = imports
            .iter()
            .enumerate()
            .filter_map(|(place, slot)| Some(self.import(place, (*slot)?)))
            .collect();
        commands.append(&mut self.first);
        // What all others refer to is committed first: custom fields must be in the book before a record has one.
        let mut batches = vec![Batch {
            sheet: None,
            rows: 0,
            commands,
        }];
        batches.append(&mut self.batches);
        if let Some(last) = batches.last_mut() {
            last.commands
                .extend(imports.iter().flatten().map(|slot| done(*slot)));
        }
        Plan {
            batches,
            imports,
            report: self.report,
        }
    }

    /// Counts by noun, and the names that wait.
    fn sum_up(&mut self) {
        self.report
            .rejects
            .sort_by_key(|reject| (reject.sheet, reject.record));
        for (sheet, file) in self.sheets.iter().zip(&self.report.files) {
            let total = self.report.counts.entry(sheet.entity()).or_default();
            total.read += file.counts.read;
            total.unchanged += file.counts.unchanged;
            total.rejected += file.counts.rejected;
            total.deleted += file.counts.deleted;
        }
        self.report.suggestions = self
            .waiting
            .iter()
            .map(|((entity, text), count)| Suggestion {
                entity: *entity,
                text: text.clone(),
                near: self
                    .near_names
                    .get(&(*entity, text.clone()))
                    .cloned()
                    .flatten(),
                count: *count,
            })
            .collect();
        self.report
            .suggestions
            .sort_by_key(|suggestion| std::cmp::Reverse(suggestion.count));
    }

    fn import(&self, place: usize, slot: Slot) -> Planned {
        let (sheet, report) = (&self.sheets[place], &self.report.files[place]);
        let json = |value: serde_json::Result<String>| value.unwrap_or_else(|_| "{}".to_owned());
        Planned::Create(PlannedCreate {
            slot,
            entity: Entity::Import,
            created_at: Some(self.options.now),
            fields: vec![
                (
                    FieldRef::Own(&import::FILE),
                    sheet.file.name.as_str().into(),
                ),
                (
                    FieldRef::Own(&import::HASH),
                    sheet.file.hash.as_str().into(),
                ),
                (FieldRef::Own(&import::KIND), plural(sheet.entity()).into()),
                (
                    FieldRef::Own(&import::SOURCE),
                    sheet.recognised.source.as_str().into(),
                ),
                (
                    FieldRef::Own(&import::MAPPING),
                    json(serde_json::to_string(&report.mapping)).into(),
                ),
                (
                    FieldRef::Own(&import::COUNTS),
                    json(serde_json::to_string(&report.counts)).into(),
                ),
                (FieldRef::Own(&import::STATE), "running".into()),
            ],
            sets: Vec::new(),
        })
    }

    /// What is worth a look.
    fn warn(&mut self) {
        for sheet in self.sheets {
            let file = &sheet.file.name;
            for near in &sheet.recognised.near {
                self.report.warnings.push(format!(
                    "{file}: column `{}` is kept as a custom field; if it is `{}`, say `--map '{}={}'`.",
                    near.column, near.known, near.column, near.field
                ));
            }
            if let (Some(first), count) = (sheet.table.left_out.first(), sheet.table.left_out.len())
            {
                self.report.warnings.push(format!(
                    "{file}: {count} lines around the table are no rows, the first is line {}: {}",
                    first.line, first.text
                ));
            }
        }
    }
}

/// Says that an import came to its end: one that never does is taken back when the book is opened again.
fn done(import: Slot) -> Planned {
    Planned::Edit {
        entity: Entity::Import,
        target: import.into(),
        edits: vec![PlannedEdit {
            field: FieldRef::Own(&import::STATE),
            base: Base::Unseen,
            new: "done".into(),
        }],
    }
}
