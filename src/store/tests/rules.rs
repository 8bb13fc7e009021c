//! The rules of stages: what a deal needs to enter one, and what a team may not do to its own. Whoever asks, the book decides.

use super::*;
use crate::domain::command::Input;
use crate::domain::nouns::{FieldDef, lost_reason, stage};
use proptest::prelude::*;

const PROPOSAL: usize = 2;
const WON: usize = 4;
const LOST: usize = 5;

impl Bed {
    fn require(&mut self, stage: usize, fields: &[&'static FieldDef]) {
        let kept = crate::domain::requirement::kept(fields);
        let id = self.stages[stage].record();
        let was = self.show(Entity::Stage, id).get(&stage::REQUIRED).clone();
        self.ok(vec![edit(Entity::Stage, id, &stage::REQUIRED, was, kept)]);
    }

    fn change_stage(
        &mut self,
        stage: usize,
        field: &'static FieldDef,
        new: impl Into<Value>,
    ) -> Result<Outcome, StoreError> {
        let id = self.stages[stage].record();
        let was = self.show(Entity::Stage, id).get(field).clone();
        self.act(vec![edit(Entity::Stage, id, field, was, new)])
    }

    fn refuses(&mut self, commands: Vec<Command>) -> String {
        let before = self.hash();
        let said = match self.act(commands) {
            Err(fault @ (StoreError::Lacks { .. } | StoreError::Invalid { .. })) => {
                fault.to_string()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(self.hash(), before);
        said
    }
}

#[test]
fn a_deal_without_an_amount_is_won_only_where_that_is_meant() {
    let mut bed = Bed::new();
    let (first, won) = (bed.stages[0], bed.stages[WON]);
    let deal = bed.deal("Pilot", 0, None);
    let win = |deal| Command::WinDeal {
        deal,
        base: None,
        closed_at: None,
    };
    let meant = |deal: Id<Deal>| Command::WithoutAmount { deal: deal.into() };
    let form = |deal: Id<Deal>| edit(Entity::Deal, deal.record(), &deal::STAGE, first, won);
    let ways = [win(deal), form(deal), move_to(deal, Some(first), won)];
    for way in &ways {
        let said = bed.act(vec![way.clone()]);
        assert!(
            matches!(&said, Err(StoreError::Unpriced { deal: of, .. }) if *of == deal.record()),
            "{said:?}"
        );
        let said = said.unwrap_err().to_string();
        assert_eq!(said, "Pilot has no amount: for how much is it won?");
    }
    // One that is said of another deal does not count, nor one that comes too late.
    let other = bed.deal("Other", 0, None);
    for commands in [vec![meant(other), win(deal)], vec![win(deal), meant(deal)]] {
        assert!(bed.act(commands).is_err());
    }
    for way in ways {
        bed.ok(vec![meant(deal), way]);
        let record = bed.show_deal(deal);
        assert_eq!(*record.get(&deal::STAGE), won.into());
        assert!(
            record.get(&deal::CLOSE_AMOUNT).is_null(),
            "unknown, not zero"
        );
        assert!(matches!(bed.undo(), Outcome::Saved(_)));
        assert!(matches!(bed.redo(), Outcome::Saved(_)), "judged once");
        assert!(matches!(bed.undo(), Outcome::Saved(_)));
    }
    // Nothing is an amount; one in the same step is as good as one from before.
    bed.ok(vec![
        edit(Entity::Deal, deal.record(), &deal::AMOUNT, Value::Null, 0),
        win(deal),
    ]);
    assert_eq!(bed.show_deal(deal).int(&deal::CLOSE_AMOUNT), Some(0));
    // What the won stage requires stays required.
    bed.require(WON, &[&deal::AMOUNT]);
    let said = bed.refuses(vec![meant(other), win(other)]);
    assert!(said.contains("cannot enter Won"), "{said}");
}

#[test]
fn of_many_those_without_an_amount_stay_and_are_named_and_what_comes_in_is_not_judged() {
    let mut bed = Bed::new();
    let win = |deal| Command::WinDeal {
        deal,
        base: None,
        closed_at: None,
    };
    let deals = [
        bed.deal("A", 0, Some(1)),
        bed.deal("B", 0, None),
        bed.deal("C", 0, None),
    ];
    let meant = Command::WithoutAmount {
        deal: deals[2].into(),
    };
    let mut commands: Vec<Command> = deals.map(win).into();
    commands.insert(2, meant);
    let draft = bed.draft(Origin::Bulk, commands);
    let kept = bed.saved(&draft).kept;
    let kept: Vec<(&str, &str)> = kept
        .iter()
        .map(|kept| (kept.name.as_str(), kept.why.as_str()))
        .collect();
    assert_eq!(kept, [("B", "B has no amount: for how much is it won?")]);
    let draft = bed.draft(Origin::Import, vec![win(deals[1])]);
    assert!(bed.saved(&draft).kept.is_empty());
}

fn saved(outcome: &Result<Outcome, StoreError>) -> bool {
    matches!(outcome, Ok(Outcome::Saved(_)))
}

#[test]
fn a_deal_without_what_a_stage_requires_does_not_enter_it_by_any_way() {
    let mut bed = Bed::new();
    bed.require(PROPOSAL, &[&deal::AMOUNT, &deal::EXPECTED_CLOSE]);
    bed.require(WON, &[&deal::AMOUNT]);
    let deal = bed.deal("Rollout", 0, None);
    let (first, proposal) = (bed.stages[0], bed.stages[PROPOSAL]);
    let wanted = "Rollout cannot enter Proposal: it has no amount and no expected close.";
    assert_eq!(
        bed.refuses(vec![move_to(deal, Some(first), proposal)]),
        wanted
    );
    let by_form = edit(Entity::Deal, deal.record(), &deal::STAGE, first, proposal);
    assert_eq!(bed.refuses(vec![by_form]), wanted);
    let said = bed.refuses(vec![Command::WinDeal {
        deal,
        base: None,
        closed_at: None,
    }]);
    assert_eq!(said, "Rollout cannot enter Won: it has no amount.");
    let said = bed.refuses(vec![create(
        Entity::Deal,
        vec![
            (&deal::TITLE, "New".into()),
            (&deal::STAGE, proposal.into()),
        ],
    )]);
    assert!(said.starts_with("New cannot enter Proposal"), "{said}");
    // What is missing may come in the same step.
    bed.ok(vec![
        edit(Entity::Deal, deal.record(), &deal::AMOUNT, Value::Null, 100),
        edit(
            Entity::Deal,
            deal.record(),
            &deal::EXPECTED_CLOSE,
            Value::Null,
            "2026-12-18",
        ),
        move_to(deal, Some(first), proposal),
    ]);
    assert!(matches!(bed.undo(), Outcome::Saved(_)));
    assert!(bed.show_deal(deal).get(&deal::AMOUNT).is_null());
}

#[test]
fn the_order_of_cards_and_undo_ask_for_nothing() {
    let mut bed = Bed::new();
    let deal = bed.deal("Rollout", PROPOSAL, None);
    let (first, proposal) = (bed.stages[0], bed.stages[PROPOSAL]);
    bed.ok(vec![move_to(deal, Some(proposal), first)]);
    bed.require(PROPOSAL, &[&deal::AMOUNT]);
    let group = bed.book.ask(&Query::Groups { limit: 5 }).unwrap();
    let Answer::Groups(groups) = group else {
        panic!()
    };
    let moved = groups
        .iter()
        .find(|group| group.label.starts_with("Move"))
        .unwrap();
    let back = bed.act(vec![Command::Undo(Which::Group(moved.group))]);
    assert!(saved(&back), "{back:?}");
    bed.ok(vec![Command::MoveDeal {
        deal,
        base: Some(proposal),
        stage: proposal,
        place: Some(crate::domain::command::Place::Top),
    }]);
    // What comes in from elsewhere is as it is there.
    let commands = vec![create(
        Entity::Deal,
        vec![
            (&deal::TITLE, "Pilot".into()),
            (&deal::STAGE, proposal.into()),
        ],
    )];
    let draft = bed.draft(Origin::Import, commands);
    bed.saved(&draft);
}

#[test]
fn of_many_those_move_that_may_and_the_others_are_named() {
    let mut bed = Bed::new();
    bed.require(PROPOSAL, &[&deal::AMOUNT]);
    let deals = [
        bed.deal("A", 0, Some(1)),
        bed.deal("B", 0, None),
        bed.deal("C", 0, Some(3)),
    ];
    let (first, proposal) = (bed.stages[0], bed.stages[PROPOSAL]);
    let commands = deals
        .iter()
        .map(|deal| move_to(*deal, Some(first), proposal));
    let draft = bed.draft(Origin::Bulk, commands.collect());
    let receipt = bed.saved(&draft);
    let kept: Vec<(&str, &str)> = receipt
        .kept
        .iter()
        .map(|kept| (kept.name.as_str(), kept.why.as_str()))
        .collect();
    assert_eq!(kept, [("B", "B cannot enter Proposal: it has no amount.")]);
    let there = |bed: &mut Bed, deal| bed.show_deal(deal).get(&deal::STAGE).clone();
    assert_eq!(there(&mut bed, deals[2]), proposal.into());
    assert_eq!(there(&mut bed, deals[1]), first.into());
}

#[test]
fn a_lost_reason_can_be_required_of_lost_deals_alone() {
    let mut bed = Bed::new();
    bed.require(LOST, &[&deal::LOST_REASON]);
    let said = bed.change_stage(PROPOSAL, &stage::REQUIRED, "[\"lost_reason\"]");
    assert!(matches!(said, Err(StoreError::Invalid { .. })), "{said:?}");
    let deal = bed.deal("Rollout", 0, None);
    let lose = |reason| Command::LoseDeal {
        deal,
        base: None,
        reason,
        note: None,
        closed_at: None,
    };
    assert!(bed.refuses(vec![lose(None)]).contains("no lost reason"));
    bed.ok(vec![lose(Some(crate::domain::command::Reason::Named(
        "Price".to_owned(),
    )))]);
}

#[test]
fn a_pipeline_keeps_one_won_and_one_lost_stage_and_an_open_one() {
    let mut bed = Bed::new();
    let pipeline = bed
        .show(Entity::Stage, bed.stages[0].record())
        .get(&stage::PIPELINE)
        .clone();
    let second = |kind: &str| {
        create(
            Entity::Stage,
            vec![
                (&stage::NAME, "Signed".into()),
                (&stage::PIPELINE, pipeline.clone()),
                (&stage::KIND, kind.into()),
            ],
        )
    };
    assert!(bed.refuses(vec![second("won")]).contains("Won is"));
    assert!(bed.refuses(vec![second("lost")]).contains("Lost is"));
    bed.ok(vec![second("open")]);
    for stage in [WON, LOST] {
        let target = bed.stages[stage].into();
        let said = bed.refuses(vec![Command::Trash {
            entity: Entity::Stage,
            target,
        }]);
        assert!(said.contains("the only stage"), "{said}");
        assert!(bed.change_stage(stage, &stage::ARCHIVED, 1).is_err());
        assert!(bed.change_stage(stage, &stage::KIND, "open").is_err());
    }
}

#[test]
fn a_stage_with_deals_is_archived_in_one_step_with_where_they_go() {
    let mut bed = Bed::new();
    let deals: Vec<Id<Deal>> = ["A", "B"].map(|title| bed.deal(title, 1, None)).into();
    bed.require(PROPOSAL, &[&deal::AMOUNT]);
    let (from, to) = (bed.stages[1], bed.stages[PROPOSAL]);
    let archive = edit(
        Entity::Stage,
        from.record(),
        &stage::ARCHIVED,
        Value::Null,
        1,
    );
    let said = bed.refuses(vec![archive.clone()]);
    assert!(said.contains("Discovery has 2 open deals"), "{said}");
    let before = bed.hash();
    bed.ok(vec![Command::MoveAll { from, to }, archive]);
    for deal in &deals {
        assert_eq!(*bed.show_deal(*deal).get(&deal::STAGE), to.into());
    }
    assert!(matches!(bed.undo(), Outcome::Saved(_)));
    assert_eq!(bed.hash(), before);
    assert!(
        bed.refuses(vec![Command::MoveAll {
            from,
            to: bed_won(&bed)
        }])
        .contains("open stage")
    );
}

fn bed_won(bed: &Bed) -> Id<Stage> {
    bed.stages[WON]
}

#[test]
fn what_was_counted_stays_counted_so() {
    let mut bed = Bed::new();
    bed.deal("Rollout", 1, None);
    let said = bed.change_stage(1, &stage::KIND, "won");
    assert!(said.unwrap_err().to_string().contains("has had deals"));
    let other = bed.ok(pipeline::standard("Partners", Slot(0)));
    let other = other.created[0].2;
    let said = bed.change_stage(3, &stage::PIPELINE, other);
    assert!(
        said.unwrap_err()
            .to_string()
            .contains("stays in its pipeline")
    );
    let first = bed
        .show(Entity::Stage, bed.stages[0].record())
        .get(&stage::PIPELINE)
        .as_int();
    let first = RecordId::from_raw(first.unwrap());
    let trash = |id: RecordId| Command::Trash {
        entity: Entity::Pipeline,
        target: id.into(),
    };
    assert!(bed.refuses(vec![trash(first)]).contains("1 open deals"));
    bed.ok(vec![trash(other)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// The board moves, the form edits, the shell adds: they may or may not alike.
    #[test]
    fn board_form_and_shell_are_held_to_the_same_rules(
        required in prop::collection::vec(0_usize..4, 0..4),
        has in prop::collection::vec(0_usize..4, 0..4),
    ) {
        let all = [&deal::AMOUNT, &deal::EXPECTED_CLOSE, &deal::CATEGORY, &deal::NOTE];
        let values: [Value; 4] = [100.into(), "2026-12-18".into(), "commit".into(), "n".into()];
        let mut bed = Bed::new();
        let required_fields: Vec<&'static FieldDef> = required.iter().map(|at| all[*at]).collect();
        bed.require(PROPOSAL, &required_fields);
        let may = required.iter().all(|at| has.contains(at));
        let (first, proposal) = (bed.stages[0], bed.stages[PROPOSAL]);
        let mut fields = vec![(&deal::TITLE, "A".into())];
        let mut seen = vec![];
        for at in has {
            if !seen.contains(&at) {
                fields.push((all[at], values[at].clone()));
                seen.push(at);
            }
        }
        let made = |stage: Id<Stage>| {
            let mut fields: Vec<(&'static FieldDef, Value)> = fields.clone();
            fields.push((&deal::STAGE, stage.into()));
            create(Entity::Deal, fields)
        };
        let shell = bed.act(vec![made(proposal)]);
        prop_assert_eq!(saved(&shell), may);
        let [a, b]: [Id<Deal>; 2] = [(); 2].map(|()| Id::new(bed.ok(vec![made(first)]).created[0].2));
        let board = bed.act(vec![move_to(a, Some(first), proposal)]);
        let form = bed.act(vec![edit(Entity::Deal, b.record(), &deal::STAGE, first, proposal)]);
        prop_assert_eq!((saved(&board), saved(&form)), (may, may));
    }
}

#[test]
fn a_reason_is_renamed_and_its_deals_with_it() {
    let mut bed = Bed::new();
    let Answer::Choices(reasons) = bed.book.ask(&Query::Choices(Entity::LostReason)).unwrap()
    else {
        panic!()
    };
    let edit = FieldEdit {
        field: (&lost_reason::NAME).into(),
        base: Base::Seen(reasons[0].name.as_str().into()),
        new: Input::Value("Too dear".into()),
    };
    bed.ok(vec![Command::Edit {
        entity: Entity::LostReason,
        target: reasons[0].id.into(),
        edits: vec![edit],
    }]);
}
