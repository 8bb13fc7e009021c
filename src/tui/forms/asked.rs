//! From what a form's author wants to commands.

use crate::domain::command::{Base, Command, Create, FieldEdit, Input, Slot, Target};
use crate::domain::id::RecordId;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, Field, FieldDef, Set, activity};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::entry::{Place, Seen, Wanted, has};
use super::form::OWN;

/// The slot of the next step that a form plans beside its own record.
pub const NEXT: Slot = Slot(50);

/// What is asked of the book, field by field.
#[derive(Debug, Default)]
pub struct Asked {
    made: Vec<Command>,
    edits: Vec<FieldEdit>,
    added: Vec<(Set, String)>,
    removed: Vec<(Set, String)>,
    next: Vec<(Field, Input)>,
}

impl Asked {
    /// Asks for what is wanted in a place, where something else was seen.
    pub fn add(&mut self, place: Place, seen: &Seen, wanted: Wanted) {
        match (place, wanted, seen) {
            (Place::Field(def), Wanted::Values(value, currency), Seen::Values(was, of)) => {
                self.change(def, was.clone(), value.into());
                self.change_currency(def, *of, currency);
            }
            (Place::Custom(noun, id, _), Wanted::Values(value, _), Seen::Values(was, _)) => {
                self.edits.push(FieldEdit {
                    field: Field::Custom(noun, id),
                    base: Base::Seen(was.clone()),
                    new: value.into(),
                });
            }
            (Place::Field(def), Wanted::New(noun, name), Seen::Values(was, _)) => {
                let slot = self.make(noun, name);
                self.change(def, was.clone(), slot.into());
            }
            (Place::Due, Wanted::Values(value, _), Seen::Values(was, _)) => {
                for (def, value, was) in due_fields(&value, was) {
                    self.change(def, was, value.into());
                }
            }
            (Place::NextDue, Wanted::Values(value, _), _) => {
                for (def, value, _) in due_fields(&value, &Value::Null) {
                    self.next.push((def.into(), value.into()));
                }
            }
            (Place::NextStep, Wanted::Values(value, _), _) if !value.is_null() => {
                self.next.push(((&activity::SUBJECT).into(), value.into()));
            }
            (Place::Set(set), Wanted::Elements(wanted), Seen::Elements(was)) => {
                let new = wanted.iter().filter(|element| !has(was, element));
                self.added.extend(new.map(|element| (set, element.clone())));
                let gone = was.iter().filter(|element| !has(&wanted, element));
                self.removed
                    .extend(gone.map(|element| (set, element.clone())));
            }
            _ => {}
        }
    }

    /// An amount and its currency mean nothing apart: who changes the one relies on the other.
    fn change_currency(
        &mut self,
        amount: &'static FieldDef,
        was: Option<Currency>,
        new: Option<Currency>,
    ) {
        if let (Some(was), Some(new), Some(def)) = (was, new, amount.entity.field("currency")) {
            self.change(def, was.code().into(), Value::from(new.code()).into());
        }
    }

    fn change(&mut self, def: &'static FieldDef, was: Value, new: Input) {
        self.edits.push(FieldEdit {
            field: def.into(),
            base: Base::Seen(was),
            new,
        });
    }

    fn make(&mut self, noun: Entity, name: String) -> Slot {
        let behind = u32::try_from(self.made.len()).unwrap_or(0) + 1;
        let slot = Slot(OWN.0 + behind);
        let fields = noun
            .label_field()
            .and_then(|label| noun.field(label))
            .map(|def| (Field::Own(def), Input::from(name)))
            .into_iter()
            .collect();
        self.made.push(Command::Create(Create {
            slot,
            entity: noun,
            created_at: None,
            fields,
            sets: Vec::new(),
        }));
        slot
    }

    /// The commands that make the record, and before it those that it refers to.
    #[must_use]
    pub fn create(self, entity: Entity, now: Instant, fixed: &[(Field, Input)]) -> Vec<Command> {
        let typed = self
            .edits
            .into_iter()
            .filter(|edit| edit.new != Input::Value(Value::Null))
            .map(|edit| (edit.field, edit.new));
        let mut commands = self.made;
        for command in &mut commands {
            if let Command::Create(create) = command {
                create.created_at = Some(now);
            }
        }
        commands.push(Command::Create(Create {
            slot: OWN,
            entity,
            created_at: Some(now),
            fields: fixed.iter().cloned().chain(typed).collect(),
            sets: self.added,
        }));
        commands.extend(planned(self.next, now));
        commands
    }

    /// The commands that change the record: none where nothing is asked.
    #[must_use]
    pub fn edit(self, entity: Entity, id: RecordId, now: Instant) -> Vec<Command> {
        let target = Target::Known(id);
        let mut commands = self.made;
        if !self.edits.is_empty() {
            commands.push(Command::Edit {
                entity,
                target,
                edits: self.edits,
            });
        }
        let sets = |(set, element)| Command::Add {
            entity,
            target,
            set,
            element,
        };
        commands.extend(self.added.into_iter().map(sets));
        let sets = |(set, element)| Command::Remove {
            entity,
            target,
            set,
            element,
        };
        commands.extend(self.removed.into_iter().map(sets));
        commands.extend(planned(self.next, now));
        commands
    }
}

/// The next step that is planned beside the record, where one is.
fn planned(fields: Vec<(Field, Input)>, now: Instant) -> Option<Command> {
    (!fields.is_empty()).then(|| {
        Command::Create(Create {
            slot: NEXT,
            entity: Entity::Activity,
            created_at: Some(now),
            fields,
            sets: Vec::new(),
        })
    })
}

/// What becomes otherwise where something is due at a date (a text) or at a moment (a number): field, new, old.
fn due_fields(new: &Value, old: &Value) -> Vec<(&'static FieldDef, Value, Value)> {
    let part = |value: &Value, moment: bool| match value {
        Value::Int(_) if moment => value.clone(),
        Value::Text(_) if !moment => value.clone(),
        _ => Value::Null,
    };
    [(&activity::DUE_AT, true), (&activity::DUE_DATE, false)]
        .into_iter()
        .map(|(def, moment)| (def, part(new, moment), part(old, moment)))
        .filter(|(_, new, old)| new != old)
        .collect()
}
