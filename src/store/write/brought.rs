//! Records that come from another book, with their ids.

use crate::domain::command::{Brought, Origin};
use crate::domain::identity::company_key;
use crate::domain::nouns::{Entity, Field, FieldDef, company, deal};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::birth;
use super::super::tables::{self, Row, place};
use super::derived::bring_touch;
use super::records::{Custom, cleaned, custom_text, json, must_be_complete};
use super::{Res, Writer, invalid};

/// What is worked out from the log and from other records. Of a file only the last touch of a deal counts, for what the log of the other
/// book knew.
const WORKED_OUT: [&FieldDef; 3] = [&company::NAME_KEY, &deal::NEXT_STEP, &deal::LAST_TOUCH];

/// How far the clock of another computer may be ahead.
const DAY_MS: i64 = 86_400_000;

impl Writer<'_> {
    /// Takes a record in. Nothing is completed and no facts are frozen: what the other book knew, and what it did not, is kept.
    pub(super) fn bring(&mut self, brought: &Brought) -> Res<()> {
        let (entity, id) = (brought.entity, brought.id);
        if self.origin != Origin::Import {
            return invalid("Only an import brings records with their ids.");
        }
        // A seat goes on behind the last id that it sees: one of a time to come would take the ids of all that time away.
        if id.raw() <= 0 || id.born().millis() > self.last_id.born().millis() + DAY_MS {
            return invalid(format!(
                "{id} is the id of no record that there can be yet."
            ));
        }
        tables::must_hold(self.conn, entity)?;
        if tables::exists(self.conn, entity, id)? {
            return Ok(());
        }
        let mut row = Row {
            created_at: brought.created_at,
            trashed_at: None,
            values: vec![Value::Null; entity.fields().len()],
            custom: "{}".to_owned(),
        };
        let mut custom = Custom::new();
        for (field, value) in &brought.fields {
            match field {
                Field::Own(def) if def.entity == entity => {
                    row.values[place(def)] = self.as_it_stood(def, value.clone())?;
                }
                Field::Custom(noun, of) if *noun == entity && entity.has_custom() => {
                    self.must_exist(Entity::Field, *of)?;
                    let value = cleaned(value.clone());
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
        if entity == Entity::Company {
            let key = row.get(&company::NAME).as_text().map(company_key);
            row.values[place(&company::NAME_KEY)] = key.into();
        }
        must_be_complete(entity, &row)?;
        tables::insert(self.conn, entity, id, &row)?;
        let mut elements = Vec::new();
        for (set, element) in &brought.sets {
            if let Some(written) = self.insert_element(entity, id, *set, element)? {
                elements.push((*set, written));
            }
        }
        self.note_creation(entity, id, &birth::hash(entity, &row, elements));
        match brought.trashed_at {
            Some(at) => self.set_trashed(entity, id, &row, at.into())?,
            None => self.must_be_only(entity, id)?,
        }
        // An id of this very seat that is later than its last one would be taken again.
        if id.seat() == self.seat && id > self.last_id {
            self.last_id = id;
        }
        self.seen.insert((entity, id));
        let touch = brought
            .fields
            .iter()
            .find(|(field, _)| *field == Field::Own(&deal::LAST_TOUCH));
        if let Some(Value::Int(at)) = touch.map(|(_, value)| value) {
            bring_touch(self.conn, id, Instant::from_millis(*at))?;
        }
        self.note_stale(entity, id, &row, true);
        Ok(())
    }

    /// A value that a field can hold, and what it refers to is there.
    fn as_it_stood(&mut self, def: &'static FieldDef, value: Value) -> Res<Value> {
        if value.is_null() || WORKED_OUT.iter().any(|out| out.name == def.name) {
            return Ok(Value::Null);
        }
        self.of_its_kind(def, value)
    }
}
