//! What to ask of the book after a conflict, once its author has settled each clash.
//!
//! A conflict left nothing in the book. The commands are asked again with the stored value as the new base where the author goes
//! on, and without the field where they take what is stored. Records that were to be made only for a field that was dropped are
//! not made.

use super::command::{Base, Command, FieldEdit, Input, Slot, Target};
use super::id::{Id, RecordId};
use super::nouns::{Entity, deal};
use super::outcome::Clash;
use super::records::{Deal, Stage};
use super::value::Value;

/// The name by which a clash tells that its record was put into the trash.
pub const TRASHED: &str = "trashed_at";

/// Which value its author settles on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What the author wants.
    Mine,
    /// What the book holds.
    Theirs,
    /// What the author saw before.
    Original,
}

/// A clash, and what its author settled on.
pub type Settled = (Clash, Side);

/// The commands to ask again. Undo and redo cannot be settled field by field: they stay as they are.
#[must_use]
pub fn resolve(commands: &[Command], settled: &[Settled]) -> Vec<Command> {
    let mut asked: Vec<Command> = Vec::new();
    for command in commands {
        let record = record_of(command);
        match record.and_then(|record| find(settled, record, TRASHED)) {
            Some((_, Side::Mine)) => {
                let restore = record.map(restored);
                if !restore.as_ref().is_some_and(|it| asked.contains(it)) {
                    asked.extend(restore);
                }
                asked.push(command.clone());
            }
            Some(_) => {}
            None => asked.extend(again(command, settled)),
        }
    }
    leave_out_unused(commands, &mut asked);
    asked
}

const fn restored((entity, id): (Entity, RecordId)) -> Command {
    Command::Restore {
        entity,
        target: Target::Known(id),
    }
}

/// The record of the book that a command changes.
const fn record_of(command: &Command) -> Option<(Entity, RecordId)> {
    match command {
        Command::Edit { entity, target, .. }
        | Command::Add { entity, target, .. }
        | Command::Remove { entity, target, .. } => match target {
            Target::Known(id) => Some((*entity, *id)),
            Target::New(_) => None,
        },
        Command::WithoutAmount {
            deal: Target::Known(id),
        } => Some((Entity::Deal, *id)),
        Command::MoveDeal { deal, .. }
        | Command::WinDeal { deal, .. }
        | Command::LoseDeal { deal, .. }
        | Command::ReopenDeal { deal, .. } => Some((Entity::Deal, deal.record())),
        _ => None,
    }
}

fn find<'a>(
    settled: &'a [Settled],
    (entity, id): (Entity, RecordId),
    field: &str,
) -> Option<(&'a Clash, Side)> {
    settled
        .iter()
        .find(|(clash, _)| clash.entity == entity && clash.record == id && clash.field == field)
        .map(|(clash, side)| (clash, *side))
}

/// One command of a record that is not in the trash.
fn again(command: &Command, settled: &[Settled]) -> Option<Command> {
    let Some(record) = record_of(command) else {
        return Some(command.clone());
    };
    if let Command::Edit {
        entity,
        target,
        edits,
    } = command
    {
        let edits: Vec<FieldEdit> = edits
            .iter()
            .filter_map(|edit| edit_again(edit, find(settled, record, &edit.field.name())))
            .collect();
        // An edit that wants what was seen only guards another one (the currency of an amount): alone it asks for nothing.
        let asks = edits.iter().any(|edit| !only_guards(edit));
        return asks.then_some(Command::Edit {
            entity: *entity,
            target: *target,
            edits,
        });
    }
    match find(settled, record, deal::STAGE.name) {
        None => Some(command.clone()),
        Some((_, Side::Theirs)) => None,
        // Goes with the win that it is about.
        Some((_, Side::Original)) if matches!(command, Command::WithoutAmount { .. }) => None,
        Some((clash, Side::Mine)) => Some(rebased(command, stage_of(&clash.theirs))),
        Some((clash, Side::Original)) => stage_of(&clash.base).map(|stage| Command::MoveDeal {
            deal: Id::<Deal>::new(record.1),
            base: stage_of(&clash.theirs),
            stage,
            place: None,
        }),
    }
}

fn stage_of(value: &Value) -> Option<Id<Stage>> {
    value.as_int().map(Id::from_raw)
}

fn edit_again(edit: &FieldEdit, settled: Option<(&Clash, Side)>) -> Option<FieldEdit> {
    let Some((clash, side)) = settled else {
        return Some(edit.clone());
    };
    let new = match side {
        Side::Theirs => return None,
        Side::Mine => edit.new.clone(),
        Side::Original => Input::Value(clash.base.clone()),
    };
    Some(FieldEdit {
        field: edit.field,
        base: Base::Seen(clash.theirs.clone()),
        new,
    })
}

fn only_guards(edit: &FieldEdit) -> bool {
    matches!((&edit.base, &edit.new), (Base::Seen(seen), Input::Value(new)) if seen == new)
}

/// The same move, win, loss or opening, seen from the stage that the book holds.
fn rebased(command: &Command, stored: Option<Id<Stage>>) -> Command {
    let mut command = command.clone();
    if let Command::MoveDeal { base, .. }
    | Command::WinDeal { base, .. }
    | Command::LoseDeal { base, .. }
    | Command::ReopenDeal { base, .. } = &mut command
    {
        *base = stored;
    }
    command
}

/// Leaves out creations that others referred to and that nobody refers to any more.
fn leave_out_unused(before: &[Command], asked: &mut Vec<Command>) {
    loop {
        let unused = asked.iter().position(|command| match command {
            Command::Create(create) => refers(before, create.slot) && !refers(asked, create.slot),
            _ => false,
        });
        match unused {
            Some(at) => asked.remove(at),
            None => return,
        };
    }
}

/// Whether a command refers to the record that a draft makes in a slot.
fn refers(commands: &[Command], slot: Slot) -> bool {
    let new = Input::New(slot);
    commands.iter().any(|command| match command {
        Command::Create(create) => create.fields.iter().any(|(_, input)| *input == new),
        Command::Edit { target, edits, .. } => {
            *target == Target::New(slot) || edits.iter().any(|edit| edit.new == new)
        }
        Command::Add { target, .. } | Command::Remove { target, .. } => {
            *target == Target::New(slot)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::Create;
    use crate::domain::nouns::{Field, FieldDef, Set, company};

    const DEAL: RecordId = RecordId::from_raw(7);

    fn edit(def: &'static FieldDef, base: i64, new: impl Into<Input>) -> FieldEdit {
        FieldEdit {
            field: def.into(),
            base: Base::Seen(base.into()),
            new: new.into(),
        }
    }

    fn edits(edits: Vec<FieldEdit>) -> Command {
        Command::Edit {
            entity: Entity::Deal,
            target: Target::Known(DEAL),
            edits,
        }
    }

    fn clash(field: &str, base: i64, theirs: i64, mine: i64) -> Clash {
        Clash {
            entity: Entity::Deal,
            record: DEAL,
            name: "Alpina AG".to_owned(),
            field: field.to_owned(),
            base: base.into(),
            theirs: theirs.into(),
            mine: mine.into(),
            names: [None, None, None],
            by: None,
            at: None,
        }
    }

    #[test]
    fn each_field_goes_its_own_way() {
        let asked = [edits(vec![
            edit(&deal::AMOUNT, 40, 45),
            edit(&deal::OWNER, 1, 2),
            edit(&deal::PROBABILITY, 50, 60),
            edit(&deal::COMPANY, 5, 6),
        ])];
        let settled = [
            (clash("amount", 40, 42, 45), Side::Mine),
            (clash("owner", 1, 3, 2), Side::Theirs),
            (clash("probability", 50, 70, 60), Side::Original),
        ];
        assert_eq!(
            resolve(&asked, &settled),
            [edits(vec![
                edit(&deal::AMOUNT, 42, 45),
                edit(&deal::PROBABILITY, 70, 50),
                edit(&deal::COMPANY, 5, 6),
            ])]
        );
    }

    #[test]
    fn theirs_everywhere_leaves_nothing_to_ask() {
        let guard = edit(&deal::CURRENCY, 1, 1);
        let asked = [edits(vec![edit(&deal::AMOUNT, 40, 45), guard])];
        let settled = [(clash("amount", 40, 42, 45), Side::Theirs)];
        assert_eq!(resolve(&asked, &settled), []);
    }

    #[test]
    fn a_move_is_seen_from_the_stage_that_is_stored() {
        let moved = |base, stage| Command::MoveDeal {
            deal: Id::new(DEAL),
            base: Some(Id::from_raw(base)),
            stage: Id::from_raw(stage),
            place: None,
        };
        for (side, asked) in [
            (Side::Mine, vec![moved(2, 3)]),
            (Side::Theirs, vec![]),
            (Side::Original, vec![moved(2, 1)]),
        ] {
            let settled = [(clash("stage", 1, 2, 3), side)];
            assert_eq!(resolve(&[moved(1, 3)], &settled), asked, "{side:?}");
        }
    }

    #[test]
    fn that_a_deal_has_no_amount_is_said_again_only_with_its_win() {
        let unpriced = Command::WithoutAmount { deal: DEAL.into() };
        let win = |base| Command::WinDeal {
            deal: Id::new(DEAL),
            base: Some(Id::from_raw(base)),
            closed_at: None,
        };
        let back = Command::MoveDeal {
            deal: Id::new(DEAL),
            base: Some(Id::from_raw(2)),
            stage: Id::from_raw(1),
            place: None,
        };
        for (side, asked) in [
            (Side::Mine, vec![unpriced.clone(), win(2)]),
            (Side::Theirs, vec![]),
            (Side::Original, vec![back]),
        ] {
            let settled = [(clash("stage", 1, 2, 3), side)];
            let commands = [unpriced.clone(), win(1)];
            assert_eq!(resolve(&commands, &settled), asked, "{side:?}");
        }
    }

    #[test]
    fn what_was_trashed_is_restored_once_with_my_edits_or_left_there() {
        let tag = Command::Add {
            entity: Entity::Deal,
            target: Target::Known(DEAL),
            set: Set::Tag,
            element: "vip".to_owned(),
        };
        let asked = [edits(vec![edit(&deal::AMOUNT, 40, 45)]), tag];
        let mine = resolve(&asked, &[(clash(TRASHED, 0, 9, 0), Side::Mine)]);
        assert_eq!(mine[0], restored((Entity::Deal, DEAL)));
        assert_eq!(mine[1..], asked);
        let theirs = resolve(&asked, &[(clash(TRASHED, 0, 9, 0), Side::Theirs)]);
        assert_eq!(theirs, []);
    }

    #[test]
    fn a_company_that_was_only_for_a_dropped_field_is_not_made() {
        let made = Command::Create(Create {
            slot: Slot(1),
            entity: Entity::Company,
            created_at: None,
            fields: vec![(Field::Own(&company::NAME), "Acme".into())],
            sets: Vec::new(),
        });
        let asked = [made.clone(), edits(vec![edit(&deal::COMPANY, 5, Slot(1))])];
        let clash = clash("company", 5, 6, 0);
        assert_eq!(resolve(&asked, &[(clash.clone(), Side::Theirs)]), []);
        let mine = resolve(&asked, &[(clash, Side::Mine)]);
        assert_eq!(mine[0], made);
        assert_eq!(mine[1], edits(vec![edit(&deal::COMPANY, 6, Slot(1))]));
    }
}
