//! Steps that are undone and done again in another order than that of the log.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::domain::command::Place;
use crate::domain::nouns::{Care, ENTITIES};

use super::*;

/// The groups whose labels begin so, the newest first.
fn group_of(bed: &mut Bed, label: &str) -> StepId {
    let Answer::Groups(groups) = bed.book.ask(&Query::Groups { limit: 50 }).unwrap() else {
        panic!()
    };
    let found = groups.iter().find(|group| group.label.starts_with(label));
    found.unwrap_or_else(|| panic!("{label}: {groups:?}")).group
}

#[test]
fn what_was_done_again_out_of_order_can_be_taken_back_again() {
    let mut bed = Bed::new();
    let deal = bed.deal("Pilot", 0, Some(1));
    let (entity, target) = (Entity::Deal, deal.into());
    bed.ok(vec![Command::Trash { entity, target }]);
    bed.ok(vec![Command::Restore { entity, target }]);
    let (trash, restore) = (group_of(&mut bed, "Trash"), group_of(&mut bed, "Restore"));
    let mut act = |command: Command| {
        let outcome = bed.act(vec![command.clone()]).unwrap();
        assert!(
            matches!(outcome, Outcome::Saved(_)),
            "{command:?}: {outcome:?}"
        );
        bed.show_deal(deal).trashed_at.is_some()
    };
    let (undo, redo) = (
        |group| Command::Undo(Which::Group(group)),
        |group| Command::Redo(Which::Group(group)),
    );
    assert!(act(undo(restore)));
    assert!(!act(undo(trash)));
    assert!(!act(redo(restore)), "there is nothing to take out");
    // In whatever order they are done again: the restore came after the trash, and both hold.
    assert!(!act(redo(trash)));
    assert!(act(undo(restore)));
    assert!(!act(undo(trash)));
    assert!(act(redo(trash)));
    let outcome = bed.book.check().unwrap();
    assert!(outcome.is_clean(), "{:#?}", outcome.found);
}

#[test]
fn what_others_did_again_since_is_not_robbed() {
    let mut bed = Bed::new();
    let deal = bed.deal("Pilot", 0, Some(1));
    let set = |bed: &mut Bed, old: i64, new: i64| {
        let step = bed.draft(
            Origin::Human,
            vec![edit(Entity::Deal, deal.record(), &deal::AMOUNT, old, new)],
        );
        bed.saved(&step);
        step.group
    };
    let steps = [
        set(&mut bed, 1, 2),
        set(&mut bed, 2, 1),
        set(&mut bed, 1, 2),
    ];
    for step in steps.iter().rev() {
        bed.ok(vec![Command::Undo(Which::Group(*step))]);
    }
    for step in steps {
        bed.ok(vec![Command::Redo(Which::Group(step))]);
    }
    // The first and the last want the same; the last stands.
    let outcome = bed
        .act(vec![Command::Undo(Which::Group(steps[0]))])
        .unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)), "{outcome:?}");
    assert_eq!(bed.show_deal(deal).int(&deal::AMOUNT), Some(2));
}

#[test]
fn an_act_is_not_done_again_in_part_where_others_changed_some_of_it() {
    let mut bed = Bed::new();
    let deal = bed.deal("Pilot", 0, Some(1)).record();
    let both = |amount: i64, note: &str| {
        vec![
            edit(Entity::Deal, deal, &deal::AMOUNT, 1, amount),
            edit(Entity::Deal, deal, &deal::NOTE, Value::Null, note),
        ]
    };
    bed.ok(both(2, "mine"));
    let act = group_of(&mut bed, "Edit");
    bed.ok(vec![Command::Undo(Which::Group(act))]);
    bed.ok(vec![edit(Entity::Deal, deal, &deal::AMOUNT, 1, 3)]);
    let outcome = bed.act(vec![Command::Redo(Which::Group(act))]).unwrap();
    assert!(matches!(outcome, Outcome::Conflict(_)), "{outcome:?}");
    let deal = bed.show(Entity::Deal, deal);
    assert_eq!(
        (deal.int(&deal::AMOUNT), deal.text(&deal::NOTE)),
        (Some(3), None)
    );
}

#[test]
fn places_are_the_one_field_of_which_the_last_writer_wins() {
    // It is named in the questions that undo asks of the log.
    let fields = ENTITIES.iter().flat_map(|entity| entity.fields());
    let loose = fields.filter(|def| def.care == Care::Loose);
    let names: BTreeSet<&str> = loose.map(|def| def.name).collect();
    assert_eq!(names, BTreeSet::from(["position"]));
}

/// What is done to cards: one is put to an end of a column, or an earlier act is taken back or done again.
#[derive(Clone, Copy, Debug)]
enum Push {
    To(usize, usize, bool),
    Back(usize),
    Again(usize),
}

fn pushes() -> impl Strategy<Value = Vec<Push>> {
    let push = prop_oneof![
        3 => (0..2_usize, 0..2_usize, any::<bool>()).prop_map(|(deal, stage, top)| Push::To(deal, stage, top)),
        2 => (0..12_usize).prop_map(Push::Back),
        1 => (0..12_usize).prop_map(Push::Again),
    ];
    prop::collection::vec(push, 0..14)
}

fn places(bed: &mut Bed, deals: &[Id<Deal>]) -> Vec<String> {
    let place = |deal| {
        bed.show_deal(deal)
            .text(&deal::POSITION)
            .unwrap()
            .to_owned()
    };
    deals.iter().copied().map(place).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cards_stand_where_they_stood_when_every_push_is_taken_back_and_where_they_were_put_when_all_are_done_again(pushes in pushes()) {
        let mut bed = Bed::new();
        let deals = [0, 1, 0, 1].map(|stage| bed.deal("Pilot", stage, Some(1)));
        let before = places(&mut bed, &deals);
        let mut steps: Vec<StepId> = Vec::new();
        for push in pushes {
            let command = match push {
                Push::To(deal, stage, top) => Command::MoveDeal {
                    deal: deals[deal],
                    base: None,
                    stage: bed.stages[stage],
                    place: Some(if top { Place::Top } else { Place::Bottom }),
                },
                Push::Back(_) | Push::Again(_) if steps.is_empty() => continue,
                Push::Back(step) => Command::Undo(Which::Group(steps[step % steps.len()])),
                Push::Again(step) => Command::Redo(Which::Group(steps[step % steps.len()])),
            };
            let step = bed.draft(Origin::Human, vec![command]);
            // A move between columns is not taken back over a later one.
            if let Ok(Outcome::Saved(receipt)) = bed.book.commit(&step)
                && matches!(push, Push::To(..))
                && receipt.changes > 0
            {
                steps.push(step.group);
            }
        }
        let mut all = |which: fn(Which) -> Command, steps: &mut dyn Iterator<Item = &StepId>| {
            for step in steps {
                let _ = bed.act(vec![which(Which::Group(*step))]);
            }
            places(&mut bed, &deals)
        };
        prop_assert_eq!(all(Command::Undo, &mut steps.iter().rev()), before);
        let put = all(Command::Redo, &mut steps.iter());
        all(Command::Undo, &mut steps.iter().rev());
        prop_assert_eq!(all(Command::Redo, &mut steps.iter()), put);
    }
}
