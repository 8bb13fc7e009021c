//! Steps that are undone and done again in another order than that of the log.

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
    assert!(act(redo(trash)));
    // The restore stands in the log behind the trash, but the trash was done again after it.
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
