//! The three-way merge: what the source said before (base), what the book holds (theirs), what the source says now (mine).
//!
//! A field changes only where the source changed its word and nobody has edited the field since. An owner is never changed. A
//! field of which nobody knows anything is filled.

use crate::domain::command::{Base, Input, Target};
use crate::domain::id::RecordId;
use crate::domain::known::KnownLine;
use crate::domain::nouns::{Entity, Set, activity, company, contact, deal, deal_line};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::domain::text::fold;
use crate::domain::value::Value;

use super::facts::{Fact, Facts, Line, State, Waiting};
use super::planned::{FieldRef, Planned, PlannedEdit};
use super::planner::Planner;

/// What a merge comes to.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// Commands on the record, in order.
    pub commands: Vec<Planned>,
    /// Links that now wait.
    pub waiting: Vec<(FieldRef, Waiting)>,
    /// Fields left as somebody edited them.
    pub kept: usize,
}

fn is_owner(field: FieldRef) -> bool {
    [
        &contact::OWNER,
        &company::OWNER,
        &deal::OWNER,
        &activity::PERFORMER,
    ]
    .into_iter()
    .any(|owner| field == FieldRef::Own(owner))
}

/// What the record holds in a field.
fn theirs(record: &Record, field: FieldRef) -> Value {
    match field {
        FieldRef::Own(def) => record.get(def).clone(),
        FieldRef::Custom(_, Target::Known(id)) => record
            .custom
            .iter()
            .find(|custom| custom.field == id)
            .map_or(Value::Null, |custom| custom.value.clone()),
        FieldRef::Custom(_, Target::New(_)) => Value::Null,
    }
}

/// Merges the fields and sets of a record. `base` is what the source said before; `None` where it has said nothing yet: then only
/// what nobody knows is filled.
pub(super) fn fields(record: &Record, base: Option<&Facts>, mine: &Facts) -> Merged {
    let mut merged = Merged::default();
    let mut edits = Vec::new();
    for (field, fact) in &mine.fields {
        let said = base.and_then(|base| base.of(*field));
        if said == Some(fact) || (is_owner(*field) && base.is_some()) {
            continue;
        }
        let held = theirs(record, *field);
        match fact {
            Fact::Waits(waiting) => {
                // A link that somebody made by hand needs no waiting.
                if held.is_null() || said.is_some_and(|said| *said == Fact::Is(held.clone().into()))
                {
                    merged.waiting.push((*field, waiting.clone()));
                } else {
                    merged.kept += 1;
                }
            }
            Fact::Is(new) if *new == Input::Value(held.clone()) => {}
            Fact::Is(new) => {
                let untouched = match said {
                    Some(Fact::Is(before)) => *before == Input::Value(held.clone()),
                    Some(Fact::Waits(_)) | None => held.is_null(),
                };
                let required = matches!(field, FieldRef::Own(def) if def.required);
                let blank = *new == Input::Value(Value::Null);
                if blank && (required || said.is_none()) {
                    continue;
                }
                if untouched {
                    edits.push(PlannedEdit {
                        field: *field,
                        base: Base::Seen(held),
                        new: new.clone(),
                    });
                } else {
                    merged.kept += 1;
                }
            }
        }
    }
    if !edits.is_empty() {
        merged.commands.push(Planned::Edit {
            entity: record.entity,
            target: record.id.into(),
            edits,
        });
    }
    sets(record, base, mine, &mut merged);
    merged
}

/// Elements that are new in the source are added; those that the source no longer has are removed.
fn sets(record: &Record, base: Option<&Facts>, mine: &Facts, merged: &mut Merged) {
    let has = |facts: &Facts, set: Set, element: &str| {
        facts
            .sets
            .iter()
            .any(|(of, known)| *of == set && fold(known) == fold(element))
    };
    let (entity, target) = (record.entity, Target::from(record.id));
    for (set, element) in &mine.sets {
        let said = base.is_some_and(|base| has(base, *set, element));
        let held = record
            .set(*set)
            .iter()
            .any(|known| fold(known) == fold(element));
        if !said && !held {
            merged.commands.push(Planned::Add {
                entity,
                target,
                set: *set,
                element: element.clone(),
            });
        }
    }
    for (set, element) in base.map(|base| base.sets.as_slice()).unwrap_or_default() {
        let held = record
            .set(*set)
            .iter()
            .any(|known| fold(known) == fold(element));
        if held && !has(mine, *set, element) {
            merged.commands.push(Planned::Remove {
                entity,
                target,
                set: *set,
                element: element.clone(),
            });
        }
    }
}

/// Merges where a deal stands. A close that the source corrects (its amount, its moment) is done again, so that the frozen facts
/// are those that the source says now.
pub(super) fn state(
    record: &Record,
    base: Option<&Facts>,
    mine: &Facts,
    reason: Option<String>,
    merged: &mut Merged,
) {
    let Some(now) = mine.state else { return };
    let before = base.and_then(|base| base.state);
    let held = record
        .get(&deal::STAGE)
        .as_int()
        .map(|raw| Target::Known(RecordId::from_raw(raw)));
    let moved = before.is_some_and(|before| before.stage != now.stage);
    let untouched = before.is_some_and(|before| held == Some(before.stage));
    if before.is_none() || held == Some(now.stage) && moved {
        return;
    }
    if moved && !untouched {
        merged.kept += 1;
        return;
    }
    let corrected = now.kind.is_closed()
        && untouched
        && !moved
        && (before.is_some_and(|before| before.closed_at != now.closed_at)
            || edits_amount(&merged.commands));
    if moved {
        let close = close(record.id, now, reason);
        merged
            .commands
            .push(close.unwrap_or_else(|| to_stage(record, now.stage)));
    } else if corrected {
        merged.commands.insert(0, Planned::Reopen(record.id));
        merged.commands.extend(close(record.id, now, reason));
    }
}

fn edits_amount(commands: &[Planned]) -> bool {
    let is_amount = |edit: &PlannedEdit| {
        [FieldRef::Own(&deal::AMOUNT), FieldRef::Own(&deal::CURRENCY)].contains(&edit.field)
    };
    commands.iter().any(
        |command| matches!(command, Planned::Edit { edits, .. } if edits.iter().any(is_amount)),
    )
}

fn close(deal: RecordId, state: State, reason: Option<String>) -> Option<Planned> {
    match state.kind {
        StageKind::Won => Some(Planned::Win {
            deal,
            closed_at: state.closed_at,
        }),
        StageKind::Lost => Some(Planned::Lose {
            deal,
            reason,
            closed_at: state.closed_at,
        }),
        StageKind::Open => None,
    }
}

fn to_stage(record: &Record, stage: Target) -> Planned {
    Planned::Edit {
        entity: Entity::Deal,
        target: record.id.into(),
        edits: vec![PlannedEdit {
            field: FieldRef::Own(&deal::STAGE),
            base: Base::Seen(record.get(&deal::STAGE).clone()),
            new: stage.into(),
        }],
    }
}

impl Planner<'_> {
    /// Merges the product of a deal that is in the book.
    pub(super) fn merge_line(
        &mut self,
        deal: RecordId,
        base: Option<&Line>,
        mine: Option<&Line>,
        revived: bool,
    ) -> bool {
        let known: Option<&KnownLine> =
            self.lines.get(&deal).map(|place| &self.known.lines[*place]);
        match (known, mine) {
            (Some(line), Some(mine)) if line.trashed && revived => {
                let (id, product) = (line.id, line.product);
                self.chunk
                    .first
                    .push(Planned::Restore(Entity::DealLine, id));
                match &mine.product {
                    // What waited went into the trash with the line: it waits anew.
                    Fact::Waits(waiting) if base == Some(mine) && product.is_none() => {
                        let field = FieldRef::Own(&deal_line::PRODUCT);
                        self.wait(Entity::DealLine, id.into(), field, waiting);
                    }
                    _ if base == Some(mine) => {}
                    _ => {
                        let mine = mine.clone();
                        self.edit_line(id, product, base, &mine);
                    }
                }
                true
            }
            (_, mine) if mine == base => false,
            (None, Some(mine)) => {
                let mine = mine.clone();
                self.make_line(deal.into(), &mine);
                true
            }
            (Some(line), Some(mine)) if !line.trashed => {
                let (id, product) = (line.id, line.product);
                let mine = mine.clone();
                self.edit_line(id, product, base, &mine)
            }
            _ => false,
        }
    }

    fn edit_line(
        &mut self,
        line: RecordId,
        held: Option<RecordId>,
        base: Option<&Line>,
        mine: &Line,
    ) -> bool {
        let held = Value::from(held);
        let untouched = match base.map(|base| &base.product) {
            Some(Fact::Is(before)) => *before == Input::Value(held.clone()),
            Some(Fact::Waits(_)) | None => held.is_null(),
        };
        if !untouched {
            return false;
        }
        let unseen = |field, new: Input| PlannedEdit {
            field: FieldRef::Own(field),
            base: Base::Unseen,
            new,
        };
        let product = match &mine.product {
            Fact::Is(product) => product.clone(),
            Fact::Waits(waiting) => {
                self.wait(
                    Entity::DealLine,
                    line.into(),
                    FieldRef::Own(&deal_line::PRODUCT),
                    waiting,
                );
                Value::Null.into()
            }
        };
        let edits = vec![
            PlannedEdit {
                field: FieldRef::Own(&deal_line::PRODUCT),
                base: Base::Seen(held),
                new: product,
            },
            unseen(&deal_line::TEXT, mine.text.as_str().into()),
            unseen(&deal_line::QUANTITY, mine.quantity.into()),
            unseen(&deal_line::PRICE, Value::from(mine.price).into()),
        ];
        self.chunk.edits.push(Planned::Edit {
            entity: Entity::DealLine,
            target: line.into(),
            edits,
        });
        true
    }
}
