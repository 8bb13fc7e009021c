//! What others do between the plan of an import and its commit.

use super::*;
use crate::domain::command::{Base, Command, FieldEdit, Origin, StepDraft};
use crate::store::{Book, random_id};

/// Commits commands by another opening of the same book.
fn meanwhile(path: &std::path::Path, commands: Vec<Command>) {
    let id = random_id();
    let draft = StepDraft {
        id,
        group: id,
        rep: None,
        at: NOW,
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    };
    Book::open(path).unwrap().commit(&draft).unwrap();
}

fn set_amount(deal: &Record, amount: i64) -> Command {
    Command::Edit {
        entity: Entity::Deal,
        target: deal.id.into(),
        edits: vec![FieldEdit {
            field: (&deal::AMOUNT).into(),
            base: Base::Unseen,
            new: amount.into(),
        }],
    }
}

/// Imports a file; `act` happens once, between plan and first batch.
fn import_while(desk: &mut Desk, text: &str, act: impl Fn()) -> Done {
    let mut acted = false;
    let request = request(vec![bytes("deals.csv", text)]);
    let mut watch = |progress: Progress| {
        if progress.phase == Phase::Writing && !std::mem::replace(&mut acted, true) {
            act();
        }
    };
    run(
        &mut desk.book,
        &request,
        &mut watch,
        &AtomicBool::new(false),
    )
    .unwrap()
}

#[test]
fn records_changed_meanwhile_are_listed_the_rest_is_done_and_undo_keeps_them() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let before = desk.list(Entity::Deal);
    let path = desk.book.path().to_owned();
    // Its amounts are new for three deals: one is edited meanwhile, one put into the trash, one left alone.
    let changed = DEALS
        .replace("2017-03-01,1054", "2017-03-01,1100")
        .replace("2016-10-25,,", "2016-10-25,,500")
        .replace("Prospecting,,,", "Prospecting,,,700");
    let (edited, trashed) = (before[1].clone(), before[3].clone());
    let done = import_while(&mut desk, &changed, || {
        let trash = Command::Trash {
            entity: Entity::Deal,
            target: trashed.id.into(),
        };
        meanwhile(&path, vec![set_amount(&edited, 77_700), trash]);
    });
    let kept: Vec<(&str, bool)> = done
        .kept
        .iter()
        .map(|kept| (kept.why.as_str(), kept.record == trashed.id))
        .collect();
    let who = kept[0].0.split(' ').next().unwrap();
    assert_eq!(
        kept,
        [
            (format!("{who} changed its amount since").as_str(), false),
            (format!("{who} put it into the trash since").as_str(), true),
        ]
    );
    let amounts = |desk: &mut Desk| -> Vec<Option<i64>> {
        let deals = desk.list(Entity::Deal);
        deals.iter().map(|deal| deal.int(&deal::AMOUNT)).collect()
    };
    assert_eq!(amounts(&mut desk), [Some(110_000), Some(77_700), Some(0)]);
    desk.undo();
    assert_eq!(amounts(&mut desk), [Some(105_400), Some(77_700), Some(0)]);
}

#[test]
fn what_another_import_brought_meanwhile_is_planned_anew_and_not_brought_twice() {
    let mut desk = desk();
    let path = desk.book.path().to_owned();
    let done = import_while(&mut desk, DEALS, || {
        let mut other = Book::open(&path).unwrap();
        let same = request(vec![bytes("deals.csv", DEALS)]);
        let done = run(&mut other, &same, &mut |_| {}, &AtomicBool::new(false)).unwrap();
        assert_eq!(done.report.counts(Entity::Deal).create, 4);
    });
    assert_eq!(done.report.counts(Entity::Deal).unchanged, 4);
    assert_eq!((done.group, desk.list(Entity::Deal).len()), (None, 4));
}
