//! What a planner plans: creations, ties to the source, links that wait, restorals. Each knows its place in the batch.

use crate::domain::command::{Base, Input, Slot, Target};
use crate::domain::identity::{domain_key, email_key};
use crate::domain::nouns::{
    Entity, Set, company, deal_line, field, lost_reason, pending_link, product, rep, source_record,
};
use crate::domain::pipeline::is_real_loss;
use crate::domain::text::{clean_line, squeeze};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use crate::exchange::recognise::OWN;

use super::facts::{Fact, Line, Mode, Waiting};
use super::index::{Held, NO_ROW};
use super::planned::{FieldRef, Planned, PlannedCreate, PlannedEdit};
use super::planner::Planner;
use super::rows::Work;

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

/// The form in which names of custom fields are compared.
pub(super) fn custom_key(name: &str) -> String {
    let key = squeeze(name);
    // A name of signs alone has no letters to go by.
    if key.is_empty() { name.to_owned() } else { key }
}

/// The key of a custom field that is called exactly so: no squeezed name begins like it.
pub(super) fn exact_key(name: &str) -> String {
    format!("={}", clean_line(name))
}

impl Planner<'_> {
    /// Plans a creation.
    pub(super) fn create(
        &mut self,
        entity: Entity,
        created_at: Option<Instant>,
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
        match entity {
            Entity::Rep | Entity::Company | Entity::Product | Entity::Contact => {
                self.index.add_name(entity, name, target);
            }
            // Deals are found by the activities that come with them, and suggested for none.
            Entity::Deal if self.has_activities => self.index.add_named(entity, name, target),
            _ => return,
        }
        let held = Held::new(target);
        for (set, element) in sets {
            match set {
                Set::Email => self.index.add_email(entity, element, held),
                Set::Domain => {
                    if let Some(domain) = domain_key(element) {
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
                (FieldRef::Own(&lost_reason::REAL), is_real_loss(name).into()),
            ],
        };
        let is_email = email_key(name).is_some();
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
    pub(super) fn tie_row(&mut self, place: usize, work: &Work, target: Target) {
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
        let source = &self.sheets[place].recognised.source;
        if let Some(tie) = self.index.open_tie(source, entity, key) {
            self.tie_again(tie, target, raw);
            return;
        }
        let fields = self.source_fields(place, entity, key, target, raw);
        self.create(Entity::SourceRecord, None, fields, Vec::new());
    }

    /// A word of the source that stood for no record stands for this one from now on.
    fn tie_again(&mut self, tie: usize, target: Target, raw: &str) {
        let known = &self.known.sources[tie];
        if known.trashed && self.restored.insert(known.id) {
            let restore = Planned::Restore(Entity::SourceRecord, known.id);
            self.chunk.first.push(restore);
        }
        let edit = |field, new: Input| PlannedEdit {
            field: FieldRef::Own(field),
            base: Base::Unseen,
            new,
        };
        self.chunk.edits.push(Planned::Edit {
            entity: Entity::SourceRecord,
            target: known.id.into(),
            edits: vec![
                edit(&source_record::RECORD, target.into()),
                edit(&source_record::RAW, raw.into()),
            ],
        });
    }

    /// Ties a pipeline or stage to the source's word for it, in the first batch.
    pub(super) fn tie(&mut self, place: usize, entity: Entity, key: &str, target: Target) {
        let known = self.known.sources.iter().any(|source| {
            source.source == self.sheets[place].recognised.source
                && source.entity == entity
                && source.key == key
        });
        let own = self.sheets[place].recognised.source == OWN;
        if !(known || own && matches!(target, Target::Known(_))) {
            let fields = self.source_fields(place, entity, key, target, NO_ROW);
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
            self.index.revive(held.target);
            // Whatever the source calls it went into the trash with it and comes back with it.
            for tie in self.trashed_ties.remove(&id).unwrap_or_default() {
                if self.restored.insert(tie) {
                    let back = Planned::Restore(Entity::SourceRecord, tie);
                    self.chunk.first.push(back);
                }
            }
            let list = if matches!(entity, Entity::Pipeline | Entity::Stage) {
                &mut self.first
            } else {
                &mut self.chunk.first
            };
            list.push(Planned::Restore(entity, id));
        }
    }

    pub(super) fn has_custom(&self, key: &(Entity, String)) -> bool {
        self.custom.contains_key(key)
    }

    /// The key of the custom field that a column fills: the one that is called exactly so, else the one whose name is the same but
    /// for case and signs. Columns of one table that differ in nothing else (`C++` and `C#`) are different fields.
    pub(super) fn key_of_custom(&self, place: usize, column: usize) -> (Entity, String) {
        let sheet = &self.sheets[place];
        let (entity, header) = (sheet.entity(), &sheet.table.header);
        let exact = (entity, exact_key(&header[column]));
        if self.custom.contains_key(&exact) || self.trashed_custom.contains_key(&exact) {
            return exact;
        }
        let key = custom_key(&header[column]);
        let is_shared = sheet.columns.iter().enumerate().any(|(other, of)| {
            other != column && of.custom.is_some() && custom_key(&header[other]) == key
        });
        if is_shared { exact } else { (entity, key) }
    }

    /// A custom field by its key, with its kind: made in the first batch where the book has none, out of the trash where it has one
    /// there.
    pub(super) fn custom_field(
        &mut self,
        key: (Entity, String),
        name: &str,
        kind: &str,
        mode: Mode,
    ) -> Option<(Target, String)> {
        if let Some(known) = self.custom.get(&key) {
            return Some(known.clone());
        }
        let entity = key.0;
        let trashed = self.trashed_custom.get(&key).cloned();
        if mode == Mode::Look {
            return trashed.map(|(id, kind)| (id.into(), kind));
        }
        if let Some((id, kind)) = trashed {
            self.first.push(Planned::Restore(Entity::Field, id));
            let back = (Target::Known(id), kind);
            self.custom.insert(key, back.clone());
            return Some(back);
        }
        let slot = self.create_first(
            Entity::Field,
            vec![
                (FieldRef::Own(&field::ENTITY), entity.name().into()),
                (FieldRef::Own(&field::NAME), name.into()),
                (FieldRef::Own(&field::KIND), kind.into()),
            ],
        );
        let new = (Target::New(slot), kind.to_owned());
        for key in [custom_key(name), exact_key(name)] {
            self.custom.entry((entity, key)).or_insert(new.clone());
        }
        Some(new)
    }
}
