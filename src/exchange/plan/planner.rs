//! Noun by noun, row by row, to batches.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::domain::command::{Input, Slot, Target};
use crate::domain::id::RecordId;
use crate::domain::known::Known;
use crate::domain::nouns::{Entity, company, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::value::Value;
use crate::exchange::recognise::{By, Use};

use super::emit::{custom_key, exact_key};
use super::facts::{Fact, Facts, Mode, Waiting};
use super::index::{Held, Index};
use super::merge;
use super::planned::{FieldRef, Planned};
use super::reading::{self, Reading, Setting};
use super::report::Report;
use super::rows::{RowState, Work, reject};
use super::sheet::Sheet;
use super::stages::{SaidBySource, Stages};
use super::{Batch, Options, Plan, ROWS_PER_BATCH};

/// In which order nouns are planned: what others refer to comes first.
const ORDER: &[Entity] = &[
    Entity::Rep,
    Entity::Company,
    Entity::Product,
    Entity::Contact,
    Entity::Deal,
    Entity::Activity,
];

/// Commands that are not yet in a batch.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub rows: usize,
    /// Whose rows they are.
    pub sheets: BTreeSet<usize>,
    /// Out of the trash, before anything refers to it.
    pub first: Vec<Planned>,
    pub creates: Vec<Vec<Planned>>,
    pub edits: Vec<Planned>,
}

/// A link whose record may still come: companies name parents that stand further down.
pub(super) struct Later {
    pub place: usize,
    pub record: Target,
    pub waiting: Waiting,
}

/// A plan in the making.
pub(super) struct Planner<'a> {
    pub sheets: &'a [Sheet],
    /// Whether activities come with the deals.
    pub has_activities: bool,
    pub known: &'a Known,
    pub options: Options,
    pub setting: Setting,
    pub index: Index,
    pub stages: Stages,
    /// The first batch: what all others refer to.
    pub first: Vec<Planned>,
    pub chunk: Chunk,
    /// The line of each deal that was asked for, by its place among those known.
    pub lines: HashMap<RecordId, usize>,
    pub made_pipelines: HashMap<String, Target>,
    pub made_stages: HashMap<(Target, String), Target>,
    pub made_closing: HashMap<(Target, StageKind), Target>,
    /// Near names by what the file says; `None` where nothing is near.
    pub near_names: HashMap<(Entity, String), Option<String>>,
    pub waiting: BTreeMap<(Entity, String), usize>,
    pub custom: HashMap<(Entity, String), (Target, String)>,
    /// Custom fields in the trash, by the same keys: they come out of it rather than being made again.
    pub trashed_custom: HashMap<(Entity, String), (RecordId, String)>,
    pub restored: HashSet<RecordId>,
    /// Source records that are in the trash together with their record, by that record.
    pub trashed_ties: HashMap<RecordId, Vec<RecordId>>,
    /// What names in a sheet led to, by the noun that they name.
    pub resolved: HashMap<(usize, Entity), HashMap<String, Fact>>,
    pub imports: Vec<Slot>,
    /// Sheets of which something is taken.
    pub used: HashSet<usize>,
    pub later: Vec<Later>,
    /// What people of this run are called.
    pub people: HashMap<Target, String>,
    pub slots: u32,
    pub batches: Vec<Batch>,
    pub report: Report,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        sheets: &'a [Sheet],
        known: &'a Known,
        options: Options,
        index: Index,
        report: Report,
    ) -> Self {
        let mut planner = Self {
            has_activities: sheets
                .iter()
                .any(|sheet| sheet.entity() == Entity::Activity),
            setting: super::setting(known, &options),
            stages: Stages::new(options.pipeline.clone()),
            first: Vec::new(),
            chunk: Chunk::default(),
            lines: HashMap::new(),
            made_pipelines: HashMap::new(),
            made_stages: HashMap::new(),
            made_closing: HashMap::new(),
            near_names: HashMap::new(),
            waiting: BTreeMap::new(),
            custom: HashMap::new(),
            trashed_custom: HashMap::new(),
            restored: HashSet::new(),
            trashed_ties: HashMap::new(),
            resolved: HashMap::new(),
            imports: Vec::new(),
            used: HashSet::new(),
            later: Vec::new(),
            people: HashMap::new(),
            slots: 0,
            batches: Vec::new(),
            sheets,
            known,
            options,
            index,
            report,
        };
        planner.imports = (0..sheets.len()).map(|_| planner.slot()).collect();
        for (place, line) in known.lines.iter().enumerate() {
            planner.lines.entry(line.deal).or_insert(place);
        }
        for source in &known.sources {
            if let Some(record) = source
                .record
                .filter(|_| source.trashed && source.record_trashed)
            {
                let ties = planner.trashed_ties.entry(record).or_default();
                ties.push(source.id);
            }
        }
        for known in &known.fields {
            for key in [custom_key(&known.name), exact_key(&known.name)] {
                let (key, kind) = ((known.entity, key), known.kind.clone());
                if known.trashed {
                    let field = (known.id, kind);
                    planner.trashed_custom.entry(key).or_insert(field);
                } else {
                    let field = (known.id.into(), kind);
                    planner.custom.entry(key).or_insert(field);
                }
            }
        }
        planner
    }

    pub(super) fn plan(mut self, rows: &[Vec<RowState>]) -> Plan {
        for entity in ORDER {
            for (place, states) in rows.iter().enumerate() {
                if self.sheets[place].entity() == *entity {
                    self.sheet(place, states);
                }
            }
            self.finish_later();
        }
        self.answer_pending();
        self.flush();
        self.finish()
    }

    pub(super) fn slot(&mut self) -> Slot {
        self.slots += 1;
        Slot(self.slots - 1)
    }

    /// All rows of a sheet.
    fn sheet(&mut self, place: usize, states: &[RowState]) {
        let mut readings = Vec::new();
        let mut said = SaidBySource::new();
        let sheet = &self.sheets[place];
        for (number, state) in states.iter().enumerate() {
            let RowState::Work(work) = state else {
                continue;
            };
            let row = sheet.table.row(number);
            match reading::read(sheet, self.setting, |column| row.cell(column)) {
                Ok(reading) if reading.deleted => self.report.files[place].counts.deleted += 1,
                Ok(reading) => {
                    if sheet.entity() == Entity::Deal {
                        self.hear(&mut said, &reading);
                    }
                    readings.push((work, reading));
                }
                Err(bad) => {
                    self.report.files[place].counts.rejected += 1;
                    self.report.rejects.push(reject(place, sheet, row, bad));
                }
            }
        }
        if readings.is_empty() {
            return;
        }
        self.used.insert(place);
        self.settle(place, said);
        // Parents before those who name them.
        if sheet.entity() == Entity::Company {
            readings.sort_by_key(|(_, reading)| {
                reading
                    .links
                    .iter()
                    .any(|(of, _, text)| **of == company::PARENT && !text.is_empty())
            });
        }
        for (work, reading) in readings {
            self.row(place, work, reading);
            self.chunk.rows += 1;
            self.chunk.sheets.insert(place);
            if self.chunk.rows >= ROWS_PER_BATCH {
                self.flush();
            }
        }
    }

    fn row(&mut self, place: usize, work: &Work, reading: Reading) {
        let entity = self.sheets[place].entity();
        if work.revive {
            let held = Held {
                target: work.record.map_or(Target::New(Slot(0)), Into::into),
                trashed: true,
                source: work.source,
            };
            self.restore(entity, held);
        }
        match work
            .record
            .map(|id| (id, self.known.current.contains_key(&id)))
        {
            Some((id, true)) => self.update(place, work, id, reading),
            // The store was asked and does not have it: an export of another book.
            Some((_, false)) | None => self.make(place, work, reading),
        }
    }

    /// A new record.
    fn make(&mut self, place: usize, work: &Work, reading: Reading) {
        let entity = self.sheets[place].entity();
        if let Some(twin) = self.twin(place, &reading) {
            self.tie_row(place, work, twin);
            self.report.files[place].counts.unchanged += 1;
            return;
        }
        let facts = self.facts(place, reading, Mode::Make);
        let mut waiting = Vec::new();
        let mut fields = Vec::with_capacity(facts.fields.len() + 2);
        for (field, fact) in facts.fields {
            match fact {
                Fact::Is(Input::Value(Value::Null)) => {}
                Fact::Is(input) => fields.push((field, input)),
                Fact::Waits(waits) => waiting.push((field, waits)),
            }
        }
        if let Some(state) = facts.state {
            fields.push((FieldRef::Own(&deal::STAGE), state.stage.into()));
            fields.extend(
                state
                    .closed_at
                    .map(|at| (FieldRef::Own(&deal::CLOSED_AT), at.into())),
            );
        }
        let target = self.create(entity, facts.created, fields, facts.sets);
        if let Some(line) = facts.line {
            self.make_line(target, &line);
        }
        for (field, waits) in waiting {
            if field == FieldRef::Own(&company::PARENT) {
                self.later.push(Later {
                    place,
                    record: target,
                    waiting: waits,
                });
            } else {
                self.wait(entity, target, field, &waits);
            }
        }
        self.tie_row(place, work, target);
        self.report.files[place].counts.create += 1;
        self.report.of(entity).create += 1;
    }

    /// A record that an earlier row of this run has made and that this row means too.
    fn twin(&self, place: usize, reading: &Reading) -> Option<Target> {
        let held = super::rows::identify(
            &self.index,
            reading,
            self.sheets[place].entity(),
            |target| self.people.get(&target).cloned(),
        )?;
        let Target::New(_) = held.target else {
            return None;
        };
        let sheet = &self.sheets[place];
        // Two keys of one source are two records, whatever their names.
        let keyed = sheet.place_of(Use::Key).is_some()
            && self.index.is_tied(&sheet.recognised.source, held.target);
        (!keyed).then_some(held.target)
    }

    /// Changes a record that is in the book.
    fn update(&mut self, place: usize, work: &Work, id: RecordId, reading: Reading) {
        let entity = self.sheets[place].entity();
        let Some(record) = self.known.current.get(&id) else {
            return;
        };
        let base = self.said_before(place, work);
        let reason = reading
            .link(&deal::LOST_REASON, By::Name)
            .map(str::to_owned);
        let mine = self.facts(place, reading, Mode::Make);
        let mut merged = merge::fields(record, base.as_ref(), &mine);
        if entity == Entity::Deal {
            merge::state(record, base.as_ref(), &mine, reason, &mut merged);
        }
        if work.revive {
            // The links that waited went into the trash with the record: they wait anew.
            for (field, fact) in &mine.fields {
                let Fact::Waits(waits) = fact else { continue };
                if !merged.waiting.iter().any(|(of, _)| of == field) {
                    merged.waiting.push((*field, waits.clone()));
                }
            }
        }
        let line = entity == Entity::Deal
            && self.merge_line(
                id,
                base.as_ref().and_then(|base| base.line.as_ref()),
                mine.line.as_ref(),
                work.revive,
            );
        let changed = !merged.commands.is_empty() || line || work.revive;
        self.chunk.edits.append(&mut merged.commands);
        for (field, waits) in merged.waiting {
            self.wait(entity, id.into(), field, &waits);
        }
        self.tie_row(place, work, id.into());
        let counts = &mut self.report.files[place].counts;
        counts.kept += merged.kept;
        if changed {
            counts.update += 1;
            self.report.of(entity).update += 1;
        } else {
            counts.unchanged += 1;
        }
        self.report.of(entity).kept += merged.kept;
    }

    /// What the source said of a record before, as far as today's columns can read it.
    fn said_before(&mut self, place: usize, work: &Work) -> Option<Facts> {
        let known = self.known;
        let source = &known.sources[work.source?];
        let raw: HashMap<String, Value> = serde_json::from_str(&source.raw).ok()?;
        let sheet = &self.sheets[place];
        let cells: Vec<&str> = sheet
            .table
            .header
            .iter()
            .map(|name| raw.get(name).and_then(Value::as_text).unwrap_or_default())
            .collect();
        let reading = reading::read(sheet, self.setting, |column| cells[column]).ok()?;
        Some(self.facts(place, reading, Mode::Look))
    }
}
