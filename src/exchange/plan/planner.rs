//! Noun by noun, row by row, to batches.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::command::{Base, Input, Slot, Target};
use crate::domain::id::RecordId;
use crate::domain::known::Known;
use crate::domain::nouns::{
    Entity, Set, company, deal, deal_line, field, import, lost_reason, pending_link, product, rep,
    source_record,
};
use crate::domain::pipeline::StageKind;
use crate::domain::text::{fold, squeeze};
use crate::domain::value::Value;
use crate::exchange::recognise::{By, Use, plural};

use super::facts::{Fact, Facts, Line, Mode, Waiting};
use super::index::{Held, Index};
use super::merge;
use super::planned::{FieldRef, Planned, PlannedCreate, PlannedEdit};
use super::reading::{self, Reading, Setting};
use super::report::{Report, Suggestion};
use super::rows::{OWN, RowState, Work, reject};
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

/// Creations of a batch by noun, in the order in which they are committed: those of one noun side by side, so that the book can
/// log them as one range.
const CREATED: &[Entity] = &[
    Entity::LostReason,
    Entity::Rep,
    Entity::Company,
    Entity::Product,
    Entity::Contact,
    Entity::Deal,
    Entity::DealLine,
    Entity::Activity,
    Entity::SourceRecord,
    Entity::PendingLink,
];

/// Commands that are not yet in a batch.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    rows: usize,
    /// Out of the trash, before anything refers to it.
    pub first: Vec<Planned>,
    creates: Vec<Vec<Planned>>,
    pub edits: Vec<Planned>,
}

/// A link whose record may still come: companies name parents that stand further down.
struct Later {
    place: usize,
    record: Target,
    waiting: Waiting,
}

/// A plan in the making.
pub(super) struct Planner<'a> {
    pub sheets: &'a [Sheet],
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
    waiting: BTreeMap<(Entity, String), usize>,
    custom: HashMap<(Entity, String), (Target, String)>,
    restored: HashSet<RecordId>,
    imports: Vec<Slot>,
    /// Sheets of which something is taken.
    used: HashSet<usize>,
    later: Vec<Later>,
    /// What people of this run are called.
    people: HashMap<Target, String>,
    slots: u32,
    batches: Vec<Batch>,
    report: Report,
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
            restored: HashSet::new(),
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
        for known in &known.fields {
            if !known.trashed {
                let key = (known.entity, squeeze(&known.name));
                planner
                    .custom
                    .entry(key)
                    .or_insert((known.id.into(), known.kind.clone()));
            }
        }
        planner
    }

    pub(super) fn plan(mut self, rows: Vec<Vec<RowState>>) -> Plan {
        for entity in ORDER {
            for place in 0..self.sheets.len() {
                if self.sheets[place].entity() == *entity {
                    self.sheet(place, &rows[place]);
                }
            }
            self.finish_later();
            self.flush(None);
        }
        self.answer_pending();
        self.flush(None);
        self.finish()
    }

    fn slot(&mut self) -> Slot {
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
            if self.chunk.rows >= ROWS_PER_BATCH {
                self.flush(Some(place));
            }
        }
        self.flush(Some(place));
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

    /// Plans a creation.
    pub(super) fn create(
        &mut self,
        entity: Entity,
        created_at: Option<crate::domain::time::Instant>,
        fields: Vec<(FieldRef, Input)>,
        sets: Vec<(Set, String)>,
    ) -> Target {
        let slot = self.slot();
        let target = Target::New(slot);
        let label = entity.label_field().and_then(|name| entity.field(name));
        let name = fields
            .iter()
            .find_map(|(field, input)| match (field, input) {
                (FieldRef::Own(def), Input::Value(Value::Text(text))) if Some(*def) == label => {
                    Some(text.clone())
                }
                _ => None,
            });
        if let Some(name) = name {
            self.learn(entity, &name, &fields, &sets, target);
        }
        self.push(Planned::Create(PlannedCreate {
            slot,
            entity,
            created_at,
            fields,
            sets,
        }));
        target
    }

    /// Makes a record of this run known to later rows.
    fn learn(
        &mut self,
        entity: Entity,
        name: &str,
        fields: &[(FieldRef, Input)],
        sets: &[(Set, String)],
        target: Target,
    ) {
        if !matches!(
            entity,
            Entity::Rep | Entity::Company | Entity::Product | Entity::Contact
        ) {
            return;
        }
        self.index.add_name(entity, name, target);
        let held = Held::new(target);
        for (set, element) in sets {
            match set {
                Set::Email => self.index.add_email(entity, element, held),
                Set::Domain => {
                    if let Some(domain) = crate::domain::identity::domain_key(element) {
                        self.index.add_domain(domain, held);
                    }
                }
                Set::Tag | Set::Phone | Set::Url => {}
            }
        }
        for (field, input) in fields {
            let Input::Value(Value::Text(text)) = input else {
                continue;
            };
            if *field == FieldRef::Own(&rep::EMAIL) {
                self.index.add_email(entity, text, held);
            } else if *field == FieldRef::Own(&product::CODE) && text != name {
                self.index.add_named(entity, text, target);
            }
        }
        if entity == Entity::Contact {
            self.people.insert(target, name.to_owned());
        }
    }

    fn push(&mut self, planned: Planned) {
        let Planned::Create(create) = &planned else {
            return;
        };
        let rank = CREATED
            .iter()
            .position(|entity| *entity == create.entity)
            .unwrap_or(0);
        if self.chunk.creates.len() < CREATED.len() {
            self.chunk.creates.resize_with(CREATED.len(), Vec::new);
        }
        self.chunk.creates[rank].push(planned);
    }

    /// Plans a creation in the first batch.
    pub(super) fn create_first(&mut self, entity: Entity, fields: Vec<(FieldRef, Input)>) -> Slot {
        let slot = self.slot();
        self.first.push(Planned::Create(PlannedCreate {
            slot,
            entity,
            created_at: None,
            fields,
            sets: Vec::new(),
        }));
        slot
    }

    /// A rep, company or reason that is made because a row names it.
    pub(super) fn make_named(
        &mut self,
        place: usize,
        entity: Entity,
        name: &str,
        key: &str,
    ) -> Target {
        let mut fields = match entity {
            Entity::Rep => vec![(FieldRef::Own(&rep::NAME), name.into())],
            Entity::Company => vec![(FieldRef::Own(&company::NAME), name.into())],
            _ => vec![
                (FieldRef::Own(&lost_reason::NAME), name.into()),
                (FieldRef::Own(&lost_reason::REAL), true.into()),
            ],
        };
        let is_email = crate::domain::identity::email_key(name).is_some();
        if entity == Entity::Rep && is_email {
            fields.push((FieldRef::Own(&rep::EMAIL), name.into()));
        }
        let slot = self.slot();
        let target = Target::New(slot);
        self.push(Planned::Create(PlannedCreate {
            slot,
            entity,
            created_at: None,
            fields,
            sets: Vec::new(),
        }));
        self.index.add_named(entity, name, target);
        if is_email {
            self.index.add_email(entity, name, Held::new(target));
        }
        self.report.of(entity).create += 1;
        let raw = serde_json::json!({ "name": name }).to_string();
        self.source(place, entity, key, target, &raw);
        target
    }

    /// The product of a deal.
    pub(super) fn make_line(&mut self, of: Target, line: &Line) {
        let mut fields = vec![
            (FieldRef::Own(&deal_line::DEAL), of.into()),
            (FieldRef::Own(&deal_line::TEXT), line.text.as_str().into()),
            (FieldRef::Own(&deal_line::QUANTITY), line.quantity.into()),
            (FieldRef::Own(&deal_line::POSITION), 1.into()),
        ];
        // What the product cost is not what the catalogue asks: a price that the file does not name stays unknown.
        fields.extend(
            line.price
                .map(|price| (FieldRef::Own(&deal_line::PRICE), price.into())),
        );
        if let Fact::Is(product) = &line.product {
            fields.push((FieldRef::Own(&deal_line::PRODUCT), product.clone()));
        }
        let target = self.create(Entity::DealLine, None, fields, Vec::new());
        if let Fact::Waits(waits) = &line.product {
            self.wait(
                Entity::DealLine,
                target,
                FieldRef::Own(&deal_line::PRODUCT),
                waits,
            );
        }
    }

    /// A link that waits for its record.
    pub(super) fn wait(
        &mut self,
        entity: Entity,
        record: Target,
        field: FieldRef,
        waits: &Waiting,
    ) {
        let FieldRef::Own(field) = field else { return };
        let already = matches!(record, Target::Known(id) if self.known.pending.iter().any(|pending| {
            pending.record == id && pending.field == field.name && pending.text == waits.text
        }));
        if already {
            return;
        }
        let mut fields = vec![
            (FieldRef::Own(&pending_link::ENTITY), entity.name().into()),
            (FieldRef::Own(&pending_link::RECORD), record.into()),
            (FieldRef::Own(&pending_link::FIELD), field.name.into()),
            (
                FieldRef::Own(&pending_link::TARGET),
                waits.target.name().into(),
            ),
            (
                FieldRef::Own(&pending_link::TEXT),
                waits.text.as_str().into(),
            ),
        ];
        fields.extend(
            waits
                .source
                .as_deref()
                .map(|source| (FieldRef::Own(&pending_link::SOURCE), source.into())),
        );
        fields.extend(
            waits
                .suggestion
                .map(|near| (FieldRef::Own(&pending_link::SUGGESTION), near.into())),
        );
        self.create(Entity::PendingLink, None, fields, Vec::new());
        self.report.of(waits.target).pending += 1;
        *self
            .waiting
            .entry((waits.target, waits.text.clone()))
            .or_default() += 1;
    }

    /// The row as it came, tied to its record: a new source record, or the known one with its new words.
    fn tie_row(&mut self, place: usize, work: &Work, target: Target) {
        let entity = self.sheets[place].entity();
        let Some(known) = work.source.map(|source| &self.known.sources[source]) else {
            // An export of this very book says where a record came from by its own columns.
            if self.sheets[place].recognised.source == OWN && matches!(target, Target::Known(_)) {
                return;
            }
            self.source(place, entity, &work.key, target, &work.raw);
            self.index.add_key(
                &self.sheets[place].recognised.source,
                entity,
                &work.key,
                Held::new(target),
            );
            return;
        };
        if known.raw == work.raw || work.same {
            return;
        }
        self.chunk.edits.push(Planned::Edit {
            entity: Entity::SourceRecord,
            target: known.id.into(),
            edits: vec![PlannedEdit {
                field: FieldRef::Own(&source_record::RAW),
                base: Base::Unseen,
                new: work.raw.as_str().into(),
            }],
        });
    }

    fn source_fields(
        &self,
        place: usize,
        entity: Entity,
        key: &str,
        target: Target,
        raw: &str,
    ) -> Vec<(FieldRef, Input)> {
        vec![
            (
                FieldRef::Own(&source_record::SOURCE),
                self.sheets[place].recognised.source.as_str().into(),
            ),
            (FieldRef::Own(&source_record::KEY), key.into()),
            (FieldRef::Own(&source_record::ENTITY), entity.name().into()),
            (FieldRef::Own(&source_record::RECORD), target.into()),
            (FieldRef::Own(&source_record::RAW), raw.into()),
            (
                FieldRef::Own(&source_record::IMPORT),
                self.imports[place].into(),
            ),
        ]
    }

    fn source(&mut self, place: usize, entity: Entity, key: &str, target: Target, raw: &str) {
        let fields = self.source_fields(place, entity, key, target, raw);
        self.create(Entity::SourceRecord, None, fields, Vec::new());
    }

    /// Ties a pipeline or stage to the source's word for it, in the first batch.
    pub(super) fn tie(&mut self, place: usize, entity: Entity, key: &str, target: Target) {
        let known = self.known.sources.iter().any(|source| {
            source.source == self.sheets[place].recognised.source
                && source.entity == entity
                && source.key == key
        });
        let own = self.sheets[place].recognised.source == OWN;
        if !known && !(own && matches!(target, Target::Known(_))) {
            let fields = self.source_fields(place, entity, key, target, "{}");
            self.create_first(Entity::SourceRecord, fields);
        }
    }

    /// Takes a record out of the trash, with its source record, once.
    pub(super) fn restore(&mut self, entity: Entity, held: Held) {
        let Target::Known(id) = held.target else {
            return;
        };
        let source = held.source.map(|source| &self.known.sources[source]);
        if let Some(source) = source.filter(|source| source.trashed)
            && self.restored.insert(source.id)
        {
            self.chunk
                .first
                .push(Planned::Restore(Entity::SourceRecord, source.id));
        }
        if held.trashed && self.restored.insert(id) {
            let list = if matches!(entity, Entity::Pipeline | Entity::Stage) {
                &mut self.first
            } else {
                &mut self.chunk.first
            };
            list.push(Planned::Restore(entity, id));
        }
    }

    pub(super) fn has_custom(&self, entity: Entity, name: &str) -> bool {
        self.custom.contains_key(&(entity, squeeze(name)))
    }

    /// A custom field by name, with its kind: made in the first batch where the book has none.
    pub(super) fn custom_field(
        &mut self,
        entity: Entity,
        name: &str,
        kind: &str,
        mode: Mode,
    ) -> Option<(Target, String)> {
        let key = (entity, squeeze(name));
        if let Some(known) = self.custom.get(&key) {
            return Some(known.clone());
        }
        if mode == Mode::Look {
            return None;
        }
        let slot = self.create_first(
            Entity::Field,
            vec![
                (FieldRef::Own(&field::ENTITY), entity.name().into()),
                (FieldRef::Own(&field::NAME), name.into()),
                (FieldRef::Own(&field::KIND), kind.into()),
            ],
        );
        let made = (Target::New(slot), kind.to_owned());
        self.custom.insert(key, made.clone());
        Some(made)
    }

    /// Links that could not be made when their row was read.
    fn finish_later(&mut self) {
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
    fn answer_pending(&mut self) {
        for pending in &self.known.pending {
            let found = match &pending.source {
                Some(source) => self.index.by_key(source, pending.target, &pending.text),
                None => match self.index.by_name(pending.target, &pending.text) {
                    super::index::Found::One(held) => Some(held),
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
    fn flush(&mut self, sheet: Option<usize>) {
        let chunk = std::mem::take(&mut self.chunk);
        let mut commands = chunk.first;
        commands.extend(chunk.creates.into_iter().flatten());
        commands.extend(chunk.edits);
        if !commands.is_empty() || chunk.rows > 0 {
            self.batches.push(Batch {
                sheet,
                rows: chunk.rows,
                commands,
            });
        }
    }

    /// Puts the first and last batch around the rows, where any row says something new, and fills the report.
    fn finish(mut self) -> Plan {
        self.report
            .rejects
            .sort_by_key(|reject| (reject.sheet, reject.record));
        for file in 0..self.sheets.len() {
            let (entity, counts) = (self.sheets[file].entity(), self.report.files[file].counts);
            let total = self.report.of(entity);
            total.read += counts.read;
            total.unchanged += counts.unchanged;
            total.rejected += counts.rejected;
            total.deleted += counts.deleted;
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
            .sort_by(|one, other| other.count.cmp(&one.count));
        self.warn();
        let busy = self.batches.iter().any(|batch| !batch.commands.is_empty());
        if !busy && self.first.is_empty() {
            return Plan {
                batches: Vec::new(),
                imports: vec![None; self.sheets.len()],
                report: self.report,
            };
        }
        let imports: Vec<Option<Slot>> = (0..self.sheets.len())
            .map(|place| self.used.contains(&place).then(|| self.imports[place]))
            .collect();
        let mut commands: Vec<Planned> = imports
            .iter()
            .enumerate()
            .filter_map(|(place, slot)| Some(self.import(place, (*slot)?)))
            .collect();
        commands.append(&mut self.first);
        let mut batches = vec![Batch {
            sheet: None,
            rows: 0,
            commands,
        }];
        batches.append(&mut self.batches);
        let done = imports.iter().flatten().map(|slot| Planned::Edit {
            entity: Entity::Import,
            target: (*slot).into(),
            edits: vec![PlannedEdit {
                field: FieldRef::Own(&import::STATE),
                base: Base::Unseen,
                new: "done".into(),
            }],
        });
        batches.push(Batch {
            sheet: None,
            rows: 0,
            commands: done.collect(),
        });
        Plan {
            batches,
            imports,
            report: self.report,
        }
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
            for (column, known) in &sheet.recognised.near {
                self.report.warnings.push(format!(
                    "{file}: column `{column}` is kept as a custom field; if it is `{known}`, say `--map '{column}={}'`.",
                    fold(known).replace(' ', "_")
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
