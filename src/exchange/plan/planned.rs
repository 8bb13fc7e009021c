//! Commands of a plan: like those of a draft, but slots are unique in the whole plan and may be made in an earlier batch.
//!
//! A draft can only name its own slots. The job that carries out a plan learns from each receipt which record a slot became
//! ([`Made`]), and [`bind`] turns the next batch into commands of a draft: slots of earlier batches become ids.

use crate::domain::command::{Base, Command, Create, FieldEdit, Input, Reason, Slot, Target};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, Field, FieldDef, Set};
use crate::domain::time::Instant;

/// A field that a planned command names: one of the noun's own, or a custom one that the plan may make itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRef {
    /// A column.
    Own(&'static FieldDef),
    /// A custom field of that noun, by its `field` record.
    Custom(Entity, Target),
}

/// A record to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCreate {
    /// How the rest of the plan names it.
    pub slot: Slot,
    /// Its noun.
    pub entity: Entity,
    /// When it came into being in the world of sales.
    pub created_at: Option<Instant>,
    /// Its fields.
    pub fields: Vec<(FieldRef, Input)>,
    /// Elements of its sets.
    pub sets: Vec<(Set, String)>,
}

/// One field of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedEdit {
    /// Which field.
    pub field: FieldRef,
    /// What the planner saw there.
    pub base: Base,
    /// What it shall be.
    pub new: Input,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// Make a record.
    Create(PlannedCreate),
    /// Change fields.
    Edit {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// Its fields.
        edits: Vec<PlannedEdit>,
    },
    /// Add an element to a set.
    Add {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// The set.
        set: Set,
        /// The element.
        element: String,
    },
    /// Remove an element from a set.
    Remove {
        /// The record's noun.
        entity: Entity,
        /// The record.
        target: Target,
        /// The set.
        set: Set,
        /// The element.
        element: String,
    },
    /// Put a record into the trash.
    Trash(Entity, RecordId),
    /// Take a record out of the trash.
    Restore(Entity, RecordId),
    /// Win a deal that is in the book.
    Win {
        /// The deal.
        deal: RecordId,
        /// When.
        closed_at: Option<Instant>,
    },
    /// Lose a deal that is in the book.
    Lose {
        /// The deal.
        deal: RecordId,
        /// Why, by name.
        reason: Option<String>,
        /// When.
        closed_at: Option<Instant>,
    },
    /// Open a closed deal again.
    Reopen(RecordId),
}

/// Which records the slots of a plan became.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made(Vec<Option<RecordId>>);

impl Made {
    /// Learns from a receipt.
    pub fn learn(&mut self, created: &[(Slot, Entity, RecordId)]) {
        for (slot, _, id) in created {
            let place = slot.0 as usize;
            if self.0.len() <= place {
                self.0.resize(place + 1, None);
            }
            self.0[place] = Some(*id);
        }
    }

    /// The record of a slot, once its batch is committed.
    #[must_use]
    pub fn of(&self, slot: Slot) -> Option<RecordId> {
        self.0.get(slot.0 as usize).copied().flatten()
    }

    fn target(&self, target: Target) -> Target {
        match target {
            Target::New(slot) => self.of(slot).map_or(target, Target::Known),
            Target::Known(_) => target,
        }
    }

    fn input(&self, input: Input) -> Input {
        match input {
            Input::New(slot) => self.of(slot).map_or(input, |id| Input::Value(id.into())),
            Input::Value(_) => input,
        }
    }

    fn field(&self, field: FieldRef) -> Option<Field> {
        match field {
            FieldRef::Own(def) => Some(Field::Own(def)),
            FieldRef::Custom(entity, target) => match self.target(target) {
                Target::Known(id) => Some(Field::Custom(entity, id)),
                Target::New(_) => None,
            },
        }
    }
}

/// Turns a batch into the commands of a draft.
#[must_use]
pub fn bind(batch: Vec<Planned>, made: &Made) -> Vec<Command> {
    batch
        .into_iter()
        .map(|planned| bind_one(planned, made))
        .collect()
}

fn bind_one(planned: Planned, made: &Made) -> Command {
    match planned {
        Planned::Create(create) => Command::Create(Create {
            slot: create.slot,
            entity: create.entity,
            created_at: create.created_at,
            // Custom fields are made in the plan's first batch, so that none is missing here.
            fields: create
                .fields
                .into_iter()
                .filter_map(|(field, input)| Some((made.field(field)?, made.input(input))))
                .collect(),
            sets: create.sets,
        }),
        Planned::Edit {
            entity,
            target,
            edits,
        } => Command::Edit {
            entity,
            target: made.target(target),
            edits: edits
                .into_iter()
                .filter_map(|edit| {
                    Some(FieldEdit {
                        field: made.field(edit.field)?,
                        base: edit.base,
                        new: made.input(edit.new),
                    })
                })
                .collect(),
        },
        Planned::Add {
            entity,
            target,
            set,
            element,
        } => Command::Add {
            entity,
            target: made.target(target),
            set,
            element,
        },
        Planned::Remove {
            entity,
            target,
            set,
            element,
        } => Command::Remove {
            entity,
            target: made.target(target),
            set,
            element,
        },
        Planned::Trash(entity, id) => Command::Trash {
            entity,
            target: id.into(),
        },
        Planned::Restore(entity, id) => Command::Restore {
            entity,
            target: id.into(),
        },
        Planned::Win { deal, closed_at } => Command::WinDeal {
            deal: Id::new(deal),
            base: None,
            closed_at,
        },
        Planned::Lose {
            deal,
            reason,
            closed_at,
        } => Command::LoseDeal {
            deal: Id::new(deal),
            base: None,
            reason: reason.map(Reason::Named),
            note: None,
            closed_at,
        },
        Planned::Reopen(deal) => Command::ReopenDeal {
            deal: Id::new(deal),
            base: None,
            stage: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::{deal, rep};

    #[test]
    fn slots_of_earlier_batches_become_ids_and_own_ones_stay() {
        let id = RecordId::from_raw(77);
        let mut made = Made::default();
        made.learn(&[(Slot(3), Entity::Rep, id)]);
        let create = Planned::Create(PlannedCreate {
            slot: Slot(9),
            entity: Entity::Deal,
            created_at: None,
            fields: vec![
                (FieldRef::Own(&deal::OWNER), Slot(3).into()),
                (FieldRef::Own(&deal::COMPANY), Slot(8).into()),
                (FieldRef::Custom(Entity::Deal, Slot(3).into()), "x".into()),
            ],
            sets: vec![],
        });
        let [Command::Create(bound)] = &bind(vec![create], &made)[..] else {
            panic!("one creation in, one out");
        };
        assert_eq!(
            bound.fields,
            [
                (Field::Own(&deal::OWNER), id.into()),
                (Field::Own(&deal::COMPANY), Slot(8).into()),
                (Field::Custom(Entity::Deal, id), "x".into()),
            ]
        );
        let edit = Planned::Edit {
            entity: Entity::Rep,
            target: Slot(3).into(),
            edits: vec![PlannedEdit {
                field: FieldRef::Own(&rep::REGION),
                base: Base::Unseen,
                new: "West".into(),
            }],
        };
        let [Command::Edit { target, .. }] = &bind(vec![edit], &made)[..] else {
            panic!("one edit in, one out");
        };
        assert_eq!(*target, Target::Known(id));
    }
}
