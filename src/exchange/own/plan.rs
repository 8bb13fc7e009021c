//! Records of a file, and what the book has of them, to commands: a pure function.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::command::{Brought, Command};
use crate::domain::id::RecordId;
use crate::domain::nouns::{
    Care, Entity, Field, FieldDef, field, pending_link, source_record, view,
};
use crate::domain::records::Record;
use crate::domain::text::fold;
use crate::domain::value::Value;
use crate::domain::view::{custom_column, custom_of, pipeline_column, pipeline_of};
use crate::exchange::plan::Counts;

use super::read::{Given, Line, LineFault};
use super::twins::{SourceKey, Twins, telling};

/// In which order nouns are brought: what others refer to comes first.
pub const ORDER: [Entity; 17] = [
    Entity::Rep,
    Entity::Field,
    Entity::Company,
    Entity::Contact,
    Entity::Pipeline,
    Entity::Stage,
    Entity::LostReason,
    Entity::Product,
    Entity::Deal,
    Entity::DealLine,
    Entity::Activity,
    Entity::View,
    Entity::Quota,
    Entity::Rate,
    Entity::Import,
    Entity::SourceRecord,
    Entity::PendingLink,
];

/// The nouns whose records are known by more than their ids: all that the book has of them must be seen.
pub const SMALL: [Entity; 9] = [
    Entity::Rep,
    Entity::Field,
    Entity::Pipeline,
    Entity::Stage,
    Entity::LostReason,
    Entity::Product,
    Entity::View,
    Entity::Quota,
    Entity::Rate,
];

/// What must be asked of the book before the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Records by their ids.
    pub records: BTreeMap<Entity, Vec<RecordId>>,
    /// Sources whose keys are asked for.
    pub sources: Vec<String>,
}

impl Wanted {
    /// What these lines need.
    #[must_use]
    pub fn of(lines: &[Line]) -> Self {
        let mut records: BTreeMap<Entity, BTreeSet<RecordId>> = BTreeMap::new();
        let mut sources = BTreeSet::new();
        for line in lines {
            records.entry(line.entity).or_default().insert(line.id);
            for (_, given) in &line.fields {
                if let Given::Link { entity, id, .. } = given {
                    records.entry(*entity).or_default().insert(*id);
                }
            }
            if let Some(source) = line.text(&source_record::SOURCE) {
                sources.insert(source.to_owned());
            }
        }
        Self {
            records: records
                .into_iter()
                .map(|(entity, ids)| (entity, ids.into_iter().collect()))
                .collect(),
            sources: sources.into_iter().collect(),
        }
    }
}

/// What the book has.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Records of all nouns that were asked for, in the trash or not.
    pub records: Vec<Record>,
    /// Source records by where they came from: their own ids, and the records that they belong to.
    pub sources: HashMap<SourceKey, (RecordId, Option<RecordId>)>,
}

/// What to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Planned {
    /// In this order; none where the file says nothing new.
    pub commands: Vec<Command>,
    /// What it comes to.
    pub counts: BTreeMap<Entity, Counts>,
}

/// Works out what to do. A line is let go of when it has become a command: of a big book there is room for one of them.
///
/// # Errors
/// Lines that name a record which neither the files nor the book have.
pub fn plan(lines: Vec<Line>, held: &Held) -> Result<Planned, Vec<LineFault>> {
    let mut planner = Planner {
        held: HashMap::new(),
        twins: Twins::default(),
        all: Twins::default(),
        sources: &held.sources,
        places: HashMap::new(),
        planned: Planned::default(),
    };
    for record in &held.records {
        planner.know(record);
    }
    planner.know_sources(&lines);
    let mut of: BTreeMap<Entity, Vec<Line>> = BTreeMap::new();
    for line in lines {
        of.entry(line.entity).or_default().push(line);
    }
    let mut faults = Vec::new();
    for entity in ORDER {
        let mut waiting = of.remove(&entity).unwrap_or_default();
        // A record may refer to one of its own noun that stands further down.
        loop {
            let before = waiting.len();
            let mut failed = Vec::new();
            for line in std::mem::take(&mut waiting) {
                if let Err(what) = planner.take(&line) {
                    failed.push((line, what));
                }
            }
            if failed.is_empty() || failed.len() == before {
                faults.extend(failed.into_iter().map(|(line, what)| LineFault {
                    file: line.file,
                    line: line.number,
                    what,
                }));
                break;
            }
            waiting = failed.into_iter().map(|(line, _)| line).collect();
        }
    }
    if faults.is_empty() {
        Ok(planner.planned)
    } else {
        Err(faults)
    }
}

struct Planner<'a> {
    held: HashMap<(Entity, RecordId), &'a Record>,
    /// What the book has.
    twins: Twins,
    /// What the book has, and what the files bring.
    all: Twins,
    sources: &'a HashMap<SourceKey, (RecordId, Option<RecordId>)>,
    /// Which record of this book each record of the files is.
    places: HashMap<(Entity, RecordId), RecordId>,
    planned: Planned,
}

impl<'a> Planner<'a> {
    fn know(&mut self, record: &'a Record) {
        self.held.insert((record.entity, record.id), record);
        if record.trashed_at.is_none() {
            for twins in [&mut self.twins, &mut self.all] {
                twins.add(record.entity, record.id, |def| record.get(def).clone());
            }
        }
    }

    /// What came from the same place is the same, whatever its id.
    fn know_sources(&mut self, lines: &[Line]) {
        for line in lines {
            let Some((own, of)) = source_key(line).and_then(|key| self.sources.get(&key)) else {
                continue;
            };
            self.places
                .entry((Entity::SourceRecord, line.id))
                .or_insert(*own);
            let entity = entity_in(line, &source_record::ENTITY);
            let record = raw_id(line, &source_record::RECORD);
            if let (Some(entity), Some(record), Some(of)) = (entity, record, of)
                && !self.held.contains_key(&(entity, record))
            {
                self.places.entry((entity, record)).or_insert(*of);
            }
        }
    }

    fn take(&mut self, line: &Line) -> Result<(), String> {
        let mut fields = Vec::with_capacity(line.fields.len());
        for (def, given) in &line.fields {
            fields.push((*def, self.value(line, def, given)?));
        }
        let of = |def: &FieldDef| {
            let found = fields.iter().find(|(known, _)| *known == def);
            found.map_or(Value::Null, |(_, value)| value.clone())
        };
        let known = (line.entity, line.id);
        let place = if self.held.contains_key(&known) {
            Some(line.id)
        } else {
            let told = self.places.get(&known).copied();
            told.or_else(|| {
                let alive = line.trashed_at.is_none();
                alive.then(|| self.twins.find(line.entity, of)).flatten()
            })
        };
        let Some(id) = place else {
            return self.bring(line, fields);
        };
        self.places.insert(known, id);
        let counts = self.planned.counts.entry(line.entity).or_default();
        counts.read += 1;
        let Some(record) = self.held.get(&(line.entity, id)) else {
            counts.unchanged += 1;
            return Ok(());
        };
        counts.kept += differing(line, &fields, record);
        if record.trashed_at.is_some() && line.trashed_at.is_none() {
            counts.update += 1;
            self.planned.commands.push(Command::Restore {
                entity: line.entity,
                target: id.into(),
            });
        } else {
            counts.unchanged += 1;
        }
        Ok(())
    }

    fn bring(
        &mut self,
        line: &Line,
        fields: Vec<(&'static FieldDef, Value)>,
    ) -> Result<(), String> {
        let custom = line.custom.iter().map(|(name, value)| {
            let field = self.custom_field(line.entity, name)?;
            Ok((Field::Custom(line.entity, field), value.clone()))
        });
        let custom: Vec<(Field, Value)> = custom.collect::<Result<_, String>>()?;
        if line.trashed_at.is_none() {
            let of = |def: &FieldDef| {
                let found = fields.iter().find(|(known, _)| *known == def);
                found.map_or(Value::Null, |(_, value)| value.clone())
            };
            self.all.add(line.entity, line.id, of);
        }
        let own = fields.into_iter().map(|(def, value)| (def.into(), value));
        let sets = line.sets.iter();
        let sets = sets.flat_map(|(set, all)| all.iter().map(|one| (*set, one.clone())));
        let brought = Brought {
            entity: line.entity,
            id: line.id,
            created_at: line.created_at,
            trashed_at: line.trashed_at,
            fields: own.chain(custom).collect(),
            sets: sets.collect(),
        };
        self.places.insert((line.entity, line.id), line.id);
        self.planned
            .commands
            .push(Command::Bring(Box::new(brought)));
        let counts = self.planned.counts.entry(line.entity).or_default();
        counts.read += 1;
        counts.create += 1;
        Ok(())
    }

    /// A value with the ids of this book.
    fn value(&self, line: &Line, def: &FieldDef, given: &Given) -> Result<Value, String> {
        match given {
            // What follows from other records is worked out by the book, whatever it was.
            Given::Link { .. } if def.name == "next_step" => Ok(Value::Null),
            Given::Link { entity, id, name } => self.link(def, *entity, *id, name).map(Value::from),
            Given::Value(Value::Int(raw)) if def.kind == crate::domain::nouns::Kind::AnyRef => {
                let noun = match (line.entity, def.name) {
                    (Entity::PendingLink, "suggestion") => entity_in(line, &pending_link::TARGET),
                    (Entity::PendingLink, _) => entity_in(line, &pending_link::ENTITY),
                    _ => entity_in(line, &source_record::ENTITY),
                };
                let id = RecordId::from_raw(*raw);
                let known = noun.and_then(|noun| self.places.get(&(noun, id)));
                Ok(known.copied().unwrap_or(id).into())
            }
            Given::Value(Value::Text(text)) if *def == view::COLUMNS || *def == view::SORT => {
                Ok(self.columns(text).into())
            }
            Given::Value(value) => Ok(value.clone()),
        }
    }

    fn link(
        &self,
        def: &FieldDef,
        entity: Entity,
        id: RecordId,
        name: &str,
    ) -> Result<RecordId, String> {
        if let Some(place) = self.places.get(&(entity, id)) {
            return Ok(*place);
        }
        if self.held.contains_key(&(entity, id)) {
            return Ok(id);
        }
        // A noun that its name alone tells apart is found by it.
        let by_name = match telling(entity) {
            [_] => self.all.find(entity, |_| name.into()),
            _ => None,
        };
        by_name.ok_or_else(|| {
            format!(
                "its {} {} is neither in the file nor in the book: `clinch export all` writes all that belongs together",
                def.name.replace('_', " "),
                if name.is_empty() { id.to_string() } else { format!("`{name}`") }
            )
        })
    }

    fn custom_field(&self, entity: Entity, name: &str) -> Result<RecordId, String> {
        let found = self.all.find(Entity::Field, |def| {
            if *def == field::ENTITY {
                entity.name().into()
            } else {
                name.into()
            }
        });
        found.ok_or_else(|| {
            format!("its custom field `{name}` is neither in the file nor in the book: `clinch export fields --jsonl` writes it")
        })
    }

    /// The names of columns, where custom fields and the pipeline of a board stand by their ids.
    fn columns(&self, line: &str) -> String {
        let name = |name: &str| {
            let (down, bare) = match name.strip_prefix('-') {
                Some(bare) => ("-", bare),
                None => ("", name),
            };
            let place = |noun, id| self.places.get(&(noun, id)).copied();
            let own = custom_of(bare).and_then(|id| place(Entity::Field, id));
            let pipeline = pipeline_of(bare).and_then(|id| place(Entity::Pipeline, id.record()));
            match (own, pipeline) {
                (Some(id), _) => format!("{down}{}", custom_column(id)),
                (None, Some(id)) => pipeline_column(id),
                (None, None) => name.to_owned(),
            }
        };
        line.split(',').map(name).collect::<Vec<_>>().join(",")
    }
}

fn source_key(line: &Line) -> Option<SourceKey> {
    let source = line.text(&source_record::SOURCE)?;
    let entity = entity_in(line, &source_record::ENTITY)?;
    let key = line.text(&source_record::KEY)?;
    Some((source.to_owned(), entity, key.to_owned()))
}

fn entity_in(line: &Line, def: &FieldDef) -> Option<Entity> {
    line.text(def)?.parse().ok()
}

fn raw_id(line: &Line, def: &FieldDef) -> Option<RecordId> {
    match line.get(def)? {
        Given::Value(value) => value.as_int().map(RecordId::from_raw),
        Given::Link { .. } => None,
    }
}

/// How many fields of the book's record are not what the file says. The order of cards and what the book works out itself are not
/// looked at.
fn differing(line: &Line, fields: &[(&'static FieldDef, Value)], record: &Record) -> usize {
    let own = fields
        .iter()
        .filter(|(def, value)| def.care == Care::Compared && record.get(def) != value);
    let custom = line.custom.iter().filter(|(name, value)| {
        let known = record
            .custom
            .iter()
            .find(|known| fold(&known.name) == fold(name));
        known.map(|known| &known.value) != Some(value)
    });
    let sets = line
        .sets
        .iter()
        .filter(|(set, elements)| elements.iter().any(|one| !record.set(*set).contains(one)));
    own.count() + custom.count() + sets.count()
}
