//! Creations, edits and the trash, of any noun.

use std::collections::BTreeMap;

use crate::domain::check::{checked, is_editable};
use crate::domain::command::{Base, Create, FieldEdit, Origin, Target};
use crate::domain::id::RecordId;
use crate::domain::identity::company_key;
use crate::domain::nouns::{
    Care, Entity, Field, FieldDef, Kind, company, contact, deal, lost_reason, product, quota, rep,
    view,
};
use crate::domain::outcome::Clash;
use crate::domain::pipeline::is_real_loss;
use crate::domain::resolve::TRASHED;
use crate::domain::text::{clean_block, initials};
use crate::domain::value::Value;

use super::super::birth;
use super::super::error::StoreError;
use super::super::read::names;
use super::super::tables::{self, Row, place};
use super::{Res, Writer, invalid};

impl Writer<'_> {
    pub(super) fn create(&mut self, create: &Create) -> Res<()> {
        let entity = create.entity;
        if self.slots.contains_key(&create.slot) {
            return invalid(format!("The step makes slot {} twice.", create.slot.0));
        }
        let id = self.id_for(create.slot, entity)?;
        let mut row = Row {
            created_at: create.created_at,
            trashed_at: None,
            values: vec![Value::Null; entity.fields().len()],
            custom: "{}".to_owned(),
        };
        let mut custom = Custom::new();
        for (field, input) in &create.fields {
            let value = self.value_of(input)?;
            match field {
                Field::Own(def) if def.entity == entity => {
                    let value = self.fit(def, value, true)?;
                    row.values[place(def)] = value;
                }
                Field::Custom(noun, of) if *noun == entity && entity.has_custom() => {
                    self.must_exist(Entity::Field, *of)?;
                    let value = cleaned(value);
                    if !value.is_null() {
                        custom.insert(of.to_string(), json(&value));
                    }
                }
                _ => return invalid(format!("A {entity} has no field `{}`.", field.name())),
            }
        }
        if !custom.is_empty() {
            row.custom = custom_text(&custom);
        }
        self.complete(entity, id, &mut row)?;
        must_be_complete(entity, &row)?;
        tables::must_hold(self.conn, entity)?;
        tables::insert(self.conn, entity, id, &row)?;
        self.must_be_only(entity, id)?;
        let mut elements = Vec::new();
        for (set, element) in &create.sets {
            if let Some(written) = self.insert_element(entity, id, *set, element)? {
                elements.push((*set, written));
            }
        }
        self.note_creation(entity, id, &birth::hash(entity, &row, elements));
        self.slots.insert(create.slot, (entity, id));
        self.created.push((create.slot, entity, id));
        if entity == Entity::Deal {
            self.entered.push(id);
        }
        self.seen.insert((entity, id));
        self.note_stale(entity, id, &row, true);
        Ok(())
    }

    /// What a new record of a noun gets without being asked.
    fn complete(&mut self, entity: Entity, id: RecordId, row: &mut Row) -> Res<()> {
        match entity {
            Entity::Deal => self.complete_deal(id, row)?,
            Entity::Company => {
                row.values[place(&company::NAME_KEY)] =
                    row.get(&company::NAME).as_text().map(company_key).into();
            }
            Entity::Rep => {
                if row.get(&rep::INITIALS).is_null() {
                    row.values[place(&rep::INITIALS)] =
                        row.get(&rep::NAME).as_text().map(initials).into();
                }
                if row.get(&rep::ACTIVE).is_null() {
                    row.values[place(&rep::ACTIVE)] = true.into();
                }
            }
            Entity::Product if row.get(&product::CURRENCY).is_null() => {
                row.values[place(&product::CURRENCY)] = self.meta.base.code().into();
            }
            Entity::LostReason if row.get(&lost_reason::REAL).is_null() => {
                let name = row.get(&lost_reason::NAME).as_text().unwrap_or_default();
                row.values[place(&lost_reason::REAL)] = is_real_loss(name).into();
            }
            Entity::Quota => {
                if row.get(&quota::RAMP).is_null() {
                    row.values[place(&quota::RAMP)] = 100.into();
                }
                if row.get(&quota::VALID_FROM).is_null() {
                    row.values[place(&quota::VALID_FROM)] = self.draft.at.into();
                }
            }
            // What nobody keeps for themselves is the team's.
            Entity::View if row.get(&view::SHARED).is_null() => {
                row.values[place(&view::SHARED)] = true.into();
            }
            Entity::Contact if row.get(&contact::NAME).is_null() => {
                let parts = [
                    &contact::PREFIX,
                    &contact::GIVEN,
                    &contact::MIDDLE,
                    &contact::FAMILY,
                    &contact::SUFFIX,
                ];
                let parts: Vec<&str> = parts
                    .into_iter()
                    .filter_map(|part| row.get(part).as_text())
                    .collect();
                row.values[place(&contact::NAME)] =
                    (!parts.is_empty()).then(|| parts.join(" ")).into();
            }
            _ => {}
        }
        Ok(())
    }

    /// A value made fit for a field, and what it refers to is there.
    fn fit(&mut self, def: &FieldDef, value: Value, creating: bool) -> Res<Value> {
        let is_close_date = *def == deal::CLOSED_AT && self.origin == Origin::Import;
        if !(is_editable(def) || creating && is_close_date) {
            return Err(StoreError::Invalid {
                field: Some(def.name.to_owned()),
                what: format!(
                    "`{}` follows from other things and cannot be set.",
                    def.name
                ),
            }
            .into());
        }
        // A ramp that nobody gives is all of it.
        let value = if *def == quota::RAMP && value.is_null() {
            Value::from(100)
        } else {
            value
        };
        self.of_its_kind(def, value)
    }

    /// A value that a field of this book can hold, and what it refers to is there.
    pub(super) fn of_its_kind(&mut self, def: &FieldDef, value: Value) -> Res<Value> {
        if !value.is_null() {
            tables::must_have(self.conn, def)?;
        }
        let value = checked(def, value).map_err(|what| StoreError::Invalid {
            field: Some(def.name.to_owned()),
            what,
        })?;
        if let (Kind::Ref(noun), Value::Int(raw)) = (def.kind, &value) {
            self.must_exist(noun, RecordId::from_raw(*raw))?;
        }
        Ok(value)
    }

    pub(super) fn edit(&mut self, entity: Entity, target: Target, edits: &[FieldEdit]) -> Res<()> {
        let id = self.id_of(entity, target)?;
        let row = self.row(entity, id)?;
        let unseen = edits.iter().all(|edit| edit.base == Base::Unseen);
        if self.is_trashed(entity, id, &row, unseen)? {
            return Ok(());
        }
        for edit in edits {
            if edit.field.entity() != entity {
                return invalid(format!("A {entity} has no field `{}`.", edit.field.name()));
            }
            let new = self.value_of(&edit.new)?;
            // Read anew: what an edit before this one did to the record counts.
            let row = self.row(entity, id)?;
            let (stored, new) = match edit.field {
                Field::Own(def) => (row.get(def).clone(), self.fit(def, new, false)?),
                Field::Custom(_, of) => {
                    self.must_exist(Entity::Field, of)?;
                    (custom_value(&row.custom, of), cleaned(new))
                }
            };
            let loose = matches!(edit.field, Field::Own(def) if def.care == Care::Loose);
            if stored == new {
                continue;
            }
            match &edit.base {
                Base::Seen(base) if *base != stored && !loose => {
                    self.clash(entity, id, edit.field.name(), base.clone(), stored, new)?;
                }
                _ => self.set_field(entity, id, edit.field, stored, new)?,
            }
        }
        Ok(())
    }

    /// Whether the record is in the trash: a conflict for who saw it alive, an error for who did not look.
    pub(super) fn is_trashed(
        &mut self,
        entity: Entity,
        id: RecordId,
        row: &Row,
        unseen: bool,
    ) -> Res<bool> {
        let Some(at) = row.trashed_at else {
            return Ok(false);
        };
        if unseen && !self.rests_on(entity, id) {
            let name = names::of(self.conn, entity, id)?;
            return invalid(format!("{name} is in the trash: restore it first."));
        }
        let said = self.clashes.iter().any(|clash| {
            (clash.entity, clash.record, clash.field.as_str()) == (entity, id, TRASHED)
        });
        if !said {
            let field = TRASHED.to_owned();
            self.clash(entity, id, field, Value::Null, at.into(), Value::Null)?;
        }
        Ok(true)
    }

    /// Writes one field, whatever stands there, with all that follows from it.
    pub(super) fn set_field(
        &mut self,
        entity: Entity,
        id: RecordId,
        field: Field,
        old: Value,
        new: Value,
    ) -> Res<()> {
        // An activity that goes to another deal leaves the first one with one less.
        let before = self.row(entity, id)?;
        self.note_stale(entity, id, &before, false);
        match field {
            Field::Own(def) => {
                if def.required && new.is_null() {
                    return Err(StoreError::Invalid {
                        field: Some(def.name.to_owned()),
                        what: format!("A {entity} needs a {}.", def.name.replace('_', " ")),
                    }
                    .into());
                }
                self.prices_keep_their_currency(def, id, &old, &new)?;
                tables::set(self.conn, entity, id, def.name, &new)?;
                self.must_be_only(entity, id)?;
                self.note(entity, id, def.name, old.clone(), new.clone());
                if *def == company::NAME {
                    let key = new.as_text().map(company_key).into();
                    tables::set(self.conn, entity, id, company::NAME_KEY.name, &key)?;
                }
                if *def == deal::STAGE {
                    self.entered.push(id);
                    self.stage_changed(id, &old, &new, None)?;
                }
                if *def == deal::OWNER && old.is_null() {
                    self.owner_learnt(id, new)?;
                }
            }
            Field::Custom(_, of) => {
                let row = self.row(entity, id)?;
                let mut custom: Custom = serde_json::from_str(&row.custom).unwrap_or_default();
                if new.is_null() {
                    custom.remove(&of.to_string());
                } else {
                    custom.insert(of.to_string(), json(&new));
                }
                let text = custom_text(&custom);
                tables::set(self.conn, entity, id, "custom", &text.into())?;
                self.note(entity, id, field.name(), old, new);
            }
        }
        let row = self.row(entity, id)?;
        self.note_stale(entity, id, &row, false);
        Ok(())
    }

    pub(super) fn row(&self, entity: Entity, id: RecordId) -> Res<Row> {
        match tables::read(self.conn, entity, id)? {
            Some(row) => Ok(row),
            None => Err(StoreError::NoRecord {
                noun: entity.to_string(),
                id: id.to_string(),
            }
            .into()),
        }
    }

    /// Notes a conflict, with who did it where the log tells.
    pub(super) fn clash(
        &mut self,
        entity: Entity,
        id: RecordId,
        field: String,
        base: Value,
        theirs: Value,
        mine: Value,
    ) -> Res<()> {
        let (by, at) = names::last_author(self.conn, entity, id, &field)?;
        let noun = match entity.field(&field).map(|def| def.kind) {
            Some(Kind::Ref(noun)) => Some(noun),
            _ => None,
        };
        let mut referred = [None, None, None];
        for (name, value) in referred.iter_mut().zip([&base, &theirs, &mine]) {
            if let (Some(noun), Some(raw)) = (noun, value.as_int()) {
                *name = Some(names::of(self.conn, noun, RecordId::from_raw(raw))?);
            }
        }
        self.clashes.push(Clash {
            entity,
            record: id,
            // Filled in once the transaction is rolled back: what the book calls it, not what this step would.
            name: String::new(),
            field,
            base,
            theirs,
            mine,
            names: referred,
            by,
            at,
        });
        Ok(())
    }

    pub(super) fn trash(&mut self, entity: Entity, target: Target) -> Res<()> {
        let id = self.id_of(entity, target)?;
        let row = self.row(entity, id)?;
        if row.trashed_at.is_some() {
            return Ok(());
        }
        self.set_trashed(entity, id, &row, self.draft.at.into())
    }

    pub(super) fn restore(&mut self, entity: Entity, target: Target) -> Res<()> {
        let id = self.id_of(entity, target)?;
        let row = self.row(entity, id)?;
        if row.trashed_at.is_none() {
            return Ok(());
        }
        self.set_trashed(entity, id, &row, Value::Null)
    }

    pub(super) fn set_trashed(
        &mut self,
        entity: Entity,
        id: RecordId,
        row: &Row,
        at: Value,
    ) -> Res<()> {
        if at.is_null() {
            self.price_is_still_in_its_currency(entity, id, row)?;
        }
        tables::set(self.conn, entity, id, "trashed_at", &at)?;
        self.must_be_only(entity, id)?;
        self.note(entity, id, "trashed_at", row.trashed_at.into(), at);
        self.note_stale(entity, id, row, false);
        Ok(())
    }
}

/// Refuses a record that lacks what its noun must have.
pub(super) fn must_be_complete(entity: Entity, row: &Row) -> Res<()> {
    let mut required = entity.fields().iter().filter(|def| def.required);
    match required.find(|def| row.get(def).is_null()) {
        None => Ok(()),
        Some(missing) => Err(StoreError::Invalid {
            field: Some(missing.name.to_owned()),
            what: format!("A {entity} needs a {}.", missing.name.replace('_', " ")),
        }
        .into()),
    }
}

/// What may stand in a custom field: its texts come in by the same door as all others, and an empty one is unknown.
pub(super) fn cleaned(value: Value) -> Value {
    match value {
        Value::Text(text) => Some(clean_block(&text))
            .filter(|text| !text.is_empty())
            .into(),
        other => other,
    }
}

/// The custom fields of a record by the ids of their fields, in one order whatever came first.
pub(in crate::store) type Custom = BTreeMap<String, serde_json::Value>;

/// The column `custom`.
pub(in crate::store) fn custom_text(custom: &Custom) -> String {
    // Names, numbers and texts: nothing in it can fail to serialise.
    serde_json::to_string(custom).unwrap_or_default()
}

/// A custom field's value in the JSON object.
pub(in crate::store) fn custom_value(custom: &str, of: RecordId) -> Value {
    let object: serde_json::Value = serde_json::from_str(custom).unwrap_or_default();
    match &object[of.to_string()] {
        serde_json::Value::Number(number) => number
            .as_i64()
            .map_or_else(|| number.to_string().into(), Value::Int),
        serde_json::Value::String(text) => text.as_str().into(),
        _ => Value::Null,
    }
}

/// A value as it stands in the JSON object.
pub(in crate::store) fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}
