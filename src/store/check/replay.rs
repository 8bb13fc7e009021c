//! One noun: each row against its changes. What the last change of a field wrote is what the row must hold; with what the first
//! changes found there, the row as it was made is rebuilt, and its hash must be the one of its creation.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::id::RecordId;
use crate::domain::identity::company_key;
use crate::domain::nouns::{Entity, Field, FieldDef, Kind as Holds, Set, company, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::value::Value;

use super::super::birth;
use super::super::sql::lenient;
use super::super::tables::{self, Row};
use super::super::write::{Custom, custom_text, custom_value, element_of, json};
use super::births::Open;
use super::lines::{self, Ahead, Element, Line, Stored};
use super::{Check, Finding, Kind};

/// What the check of a noun must know of others: few in any book.
struct Known {
    fields: HashSet<RecordId>,
    /// The pipeline and the kind of each stage.
    stages: HashMap<i64, (Value, StageKind)>,
}

/// A record with all that is said of it.
struct Case {
    entity: Entity,
    id: RecordId,
    lines: Vec<Line>,
    elements: Vec<Element>,
}

impl Check<'_> {
    pub(super) fn replay(&mut self, entity: Entity) -> rusqlite::Result<()> {
        let known = self.known()?;
        let rows_sql = lines::rows_sql(entity, tables::minor_of(self.conn, entity)?);
        // A noun without sets reads none.
        let sets_sql = lines::elements_sql(entity)
            .unwrap_or_else(|| "SELECT 0, 0, 0, 0 WHERE false".to_owned());
        let mut rows = self.conn.prepare(&rows_sql)?;
        let mut changes = self.conn.prepare(lines::CHANGES)?;
        let mut sets = self.conn.prepare(&sets_sql)?;
        let mut rows = Ahead::new(rows.query([])?, lines::stored, |it: &Stored| it.id)?;
        let mut changes = Ahead::new(changes.query([entity])?, lines::line, |it| it.record)?;
        let mut sets = Ahead::new(sets.query([])?, lines::element, |it| it.record)?;
        let mut open = Open::default();
        while let Some(id) = rows.record().into_iter().chain(changes.record()).min() {
            while let Some(stray) = sets.take_before(Some(id))? {
                self.stray(entity, stray)?;
            }
            let mut case = Case {
                entity,
                id,
                lines: Vec::new(),
                elements: Vec::new(),
            };
            while let Some(line) = changes.take(id)? {
                self.findings.changes += 1;
                case.lines.push(line);
            }
            while let Some(element) = sets.take(id)? {
                case.elements.push(element);
            }
            let row = rows.take(id)?.map(|stored| stored.row);
            self.judge(case, row, &known, &mut open)?;
        }
        while let Some(stray) = sets.take_before(None)? {
            self.stray(entity, stray)?;
        }
        for batch in open.take_all() {
            self.end(entity, batch)?;
        }
        Ok(())
    }

    fn known(&self) -> rusqlite::Result<Known> {
        let mut fields = self.conn.prepare("SELECT id FROM field")?;
        let fields = fields.query_map([], |row| row.get(0))?;
        let mut stages = self.conn.prepare("SELECT id, pipeline, kind FROM stage")?;
        let stages = stages.query_map([], |row| {
            let kind = lenient(row, 2)?;
            let kind = kind.as_text().and_then(StageKind::named);
            Ok((
                row.get(0)?,
                (lenient(row, 1)?, kind.unwrap_or(StageKind::Open)),
            ))
        })?;
        Ok(Known {
            fields: fields.collect::<Result<_, _>>()?,
            stages: stages.collect::<Result<_, _>>()?,
        })
    }

    fn stray(&mut self, entity: Entity, element: Element) -> rusqlite::Result<()> {
        self.found(
            Finding::new(Kind::Reference, entity.name())
                .of(element.record)
                .at(element.set.name())
                .differs(Value::Null, element.value.into())
                .says("the record is not there"),
        )
    }

    fn judge(
        &mut self,
        mut case: Case,
        row: Option<Row>,
        known: &Known,
        open: &mut Open,
    ) -> rusqlite::Result<()> {
        let (entity, id) = (case.entity, case.id);
        // Creations come first: they have no field.
        let made = case
            .lines
            .iter()
            .take_while(|line| line.field.is_none())
            .count();
        let creations: Vec<Line> = case.lines.drain(..made).collect();
        for (place, line) in creations.iter().enumerate() {
            if place > 0 || open.has(id) {
                let twice = Finding::new(Kind::Log, entity.name()).of(id);
                self.found_since(twice.says("the log makes the record twice"), line.step)?;
            } else if let Some(cut) = open.begin(line) {
                self.end(entity, cut)?;
            }
        }
        let is_born = open.has(id);
        let Some(row) = row else {
            let step = open.step(id).filter(|_| is_born);
            self.born(entity, open, id, None)?;
            let step = step.or_else(|| case.lines.first().map(|line| line.step));
            return self.gone(entity, id, step.unwrap_or_default());
        };
        self.findings.records += 1;
        let newest = self.newest.entry(id.seat()).or_insert(id);
        *newest = (*newest).max(id);
        if !is_born {
            self.found(Finding::new(Kind::Unborn, entity.name()).of(id))?;
        }
        self.holds_together(&case, &row, known)?;
        let (lines, elements) = (
            std::mem::take(&mut case.lines),
            std::mem::take(&mut case.elements),
        );
        let (of_sets, of_fields): (Vec<Line>, Vec<Line>) = lines
            .into_iter()
            .partition(|line| set_of(entity, line).is_some());
        let at_birth = self.fields(entity, id, row, &of_fields)?;
        let elements = self.elements(entity, id, elements, &of_sets)?;
        if is_born {
            let hash = birth::hash(entity, &at_birth, elements);
            self.born(entity, open, id, Some(&hash))?;
        }
        Ok(())
    }

    /// Compares the fields with the log, and gives the row as it was made.
    fn fields(
        &mut self,
        entity: Entity,
        id: RecordId,
        mut row: Row,
        lines: &[Line],
    ) -> rusqlite::Result<Row> {
        let custom: Result<Custom, _> = serde_json::from_str(&row.custom);
        let Ok(mut custom) = custom else {
            let found = Finding::new(Kind::Field, entity.name()).of(id).at("custom");
            let found = found.differs(Value::Null, row.custom.as_str().into());
            self.found(found.says("the custom fields are no JSON object"))?;
            return Ok(row);
        };
        let mut is_trash_logged = false;
        for lines in lines.chunk_by(|a, b| a.field == b.field) {
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
                continue;
            };
            let name = first.field.as_deref().unwrap_or_default();
            self.chain(entity, id, name, lines)?;
            let holds = match Field::named(entity, name) {
                Some(Field::Own(def)) => {
                    let place = tables::place(def);
                    std::mem::replace(&mut row.values[place], first.old.clone())
                }
                Some(Field::Custom(_, of)) => {
                    let holds = custom_value(&row.custom, of);
                    custom.remove(&of.to_string());
                    if !first.old.is_null() {
                        custom.insert(of.to_string(), json(&first.old));
                    }
                    holds
                }
                None if name == "trashed_at" => {
                    is_trash_logged = true;
                    row.trashed_at.into()
                }
                None if self.is_newer => continue,
                None => {
                    let found = Finding::new(Kind::Log, entity.name()).of(id).at(name);
                    self.found_since(found.says("this clinch does not know the field"), last.step)?;
                    continue;
                }
            };
            if holds != last.new {
                let found = Finding::new(Kind::Field, entity.name()).of(id).at(name);
                self.found_since(found.differs(last.new.clone(), holds), last.step)?;
            }
        }
        if let (Some(at), false) = (row.trashed_at, is_trash_logged) {
            let found = Finding::new(Kind::Field, entity.name())
                .of(id)
                .at("trashed_at");
            self.found(found.differs(Value::Null, at.into()))?;
        }
        if entity.has_custom() {
            row.custom = custom_text(&custom);
        }
        Ok(row)
    }

    /// Each change begins with what the one before it wrote.
    fn chain(
        &mut self,
        entity: Entity,
        id: RecordId,
        field: &str,
        lines: &[Line],
    ) -> rusqlite::Result<()> {
        for pair in lines.windows(2) {
            if pair[0].new != pair[1].old {
                let found = Finding::new(Kind::Chain, entity.name()).of(id).at(field);
                let found = found.differs(pair[0].new.clone(), pair[1].old.clone());
                self.found_since(found, pair[1].step)?;
            }
        }
        Ok(())
    }

    /// Compares the elements of its sets with the log, and gives those that it was made with.
    fn elements(
        &mut self,
        entity: Entity,
        id: RecordId,
        stored: Vec<Element>,
        lines: &[Line],
    ) -> rusqlite::Result<Vec<(Set, String)>> {
        let found = |set: Set| {
            Finding::new(Kind::Element, entity.name())
                .of(id)
                .at(set.name())
        };
        let mut there: BTreeMap<(Set, String), String> = BTreeMap::new();
        for element in stored {
            match element_of(element.set, &element.value) {
                Ok((_, key)) if key == element.key => {}
                _ => {
                    let found = Finding::new(Kind::Derived, entity.name()).of(id);
                    let found = found.at(&format!("{} key", element.set.name()));
                    let key = element_of(element.set, &element.value).map(|(_, key)| key);
                    self.found(found.differs(key.ok().into(), element.key.as_str().into()))?;
                }
            }
            there.insert((element.set, element.key), element.value);
        }
        let mut logged: BTreeMap<(Set, String), Vec<&Line>> = BTreeMap::new();
        for line in lines {
            let Some(set) = set_of(entity, line) else {
                continue;
            };
            let written = line
                .new
                .as_text()
                .or(line.old.as_text())
                .unwrap_or_default();
            let key = element_of(set, written).map_or_else(|_| written.to_owned(), |(_, key)| key);
            logged.entry((set, key)).or_default().push(line);
        }
        let mut at_birth = there.clone();
        for ((set, key), lines) in logged {
            let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
                continue;
            };
            let holds: Value = there.get(&(set, key.clone())).cloned().into();
            if holds != last.new {
                self.found_since(found(set).differs(last.new.clone(), holds), last.step)?;
            }
            for pair in lines.windows(2).filter(|pair| pair[0].new != pair[1].old) {
                let found = Finding::new(Kind::Chain, entity.name())
                    .of(id)
                    .at(set.name());
                let found = found.differs(pair[0].new.clone(), pair[1].old.clone());
                self.found_since(found, pair[1].step)?;
            }
            match first.old.as_text() {
                Some(written) => at_birth.insert((set, key), written.to_owned()),
                None => at_birth.remove(&(set, key)),
            };
        }
        Ok(at_birth
            .into_iter()
            .map(|((set, _), written)| (set, written))
            .collect())
    }

    /// What in a row follows from other things, and that what it names is there.
    fn holds_together(&mut self, case: &Case, row: &Row, known: &Known) -> rusqlite::Result<()> {
        let (entity, id) = (case.entity, case.id);
        let derived = |def: &FieldDef| {
            Finding::new(Kind::Derived, entity.name())
                .of(id)
                .at(def.name)
        };
        if entity == Entity::Company {
            let follows: Value = row.get(&company::NAME).as_text().map(company_key).into();
            let holds = row.get(&company::NAME_KEY);
            if *holds != follows {
                self.found(derived(&company::NAME_KEY).differs(follows, holds.clone()))?;
            }
        }
        if entity == Entity::Deal
            && let Some(stage) = row.get(&deal::STAGE).as_int()
            && let Some((pipeline, kind)) = known.stages.get(&stage)
        {
            let holds = row.get(&deal::PIPELINE);
            if holds != pipeline {
                self.found(derived(&deal::PIPELINE).differs(pipeline.clone(), holds.clone()))?;
            }
            let is_frozen = !row.get(&deal::CLOSE_CURRENCY).is_null();
            if kind.is_closed() != is_frozen {
                let what = if is_frozen {
                    "the deal is open and has the facts of a close"
                } else {
                    "the deal is closed and has no facts of its close"
                };
                self.found(derived(&deal::CLOSE_CURRENCY).says(what))?;
            }
        }
        self.any_refs(entity, id, row)?;
        let custom: Custom = serde_json::from_str(&row.custom).unwrap_or_default();
        for name in custom.keys() {
            if !RecordId::parse(name).is_some_and(|of| known.fields.contains(&of)) {
                let found = Finding::new(Kind::Reference, entity.name()).of(id);
                let found = found.at(&format!("custom.{name}"));
                self.found(found.says("there is no such custom field"))?;
            }
        }
        Ok(())
    }

    /// References whose noun stands in another field: SQLite does not know them.
    fn any_refs(&mut self, entity: Entity, id: RecordId, row: &Row) -> rusqlite::Result<()> {
        let mut noun: Option<Entity> = None;
        for (def, value) in entity.fields().iter().zip(&row.values) {
            if matches!(def.name, "entity" | "target") {
                noun = value.as_text().and_then(|name| name.parse().ok());
            }
            let (Holds::AnyRef, Some(raw)) = (def.kind, value.as_int()) else {
                continue;
            };
            let there = match noun {
                Some(noun) => tables::exists(self.conn, noun, RecordId::from_raw(raw))?,
                None => self.is_newer,
            };
            if !there {
                let found = Finding::new(Kind::Reference, entity.name())
                    .of(id)
                    .at(def.name);
                let what = format!(
                    "there is no {} {}",
                    noun.map_or("record", Entity::name),
                    RecordId::from_raw(raw)
                );
                self.found(found.says(what))?;
            }
        }
        Ok(())
    }
}

fn set_of(entity: Entity, line: &Line) -> Option<Set> {
    Set::named(line.field.as_deref()?).filter(|set| set.is_of(entity))
}
