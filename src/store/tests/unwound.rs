//! Whatever is taken back and done again, in any order: every field says what the acts that hold made of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::domain::command::Target;

use super::*;

/// What is done to two deals, or to an earlier act.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Amount(usize, i64),
    Tag(usize, &'static str, bool),
    Trash(usize, bool),
    Back(usize),
    Again(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..2_usize, 0..3_i64).prop_map(|(deal, amount)| Deed::Amount(deal, amount)),
        2 => (0..2_usize, prop_oneof![Just("vip"), Just("VIP")], any::<bool>())
            .prop_map(|(deal, tag, add)| Deed::Tag(deal, tag, add)),
        1 => (0..2_usize, any::<bool>()).prop_map(|(deal, out)| Deed::Trash(deal, out)),
        6 => (0..12_usize).prop_map(Deed::Back),
        4 => (0..12_usize).prop_map(Deed::Again),
    ];
    prop::collection::vec(deed, 0..24)
}

/// What a deal says: each field, a tag and the trash among them, by its name.
type Said = BTreeMap<&'static str, Value>;

/// An act in the book, and what it wrote on which deal.
struct Act {
    group: StepId,
    wrote: [Said; 2],
    holds: bool,
}

struct Told {
    bed: Bed,
    deals: [Id<Deal>; 2],
    first: [Said; 2],
    acts: Vec<Act>,
}

impl Told {
    fn new() -> Self {
        let mut bed = Bed::new();
        let deals = ["Pilot", "Fleet"].map(|title| bed.deal(title, 0, Some(0)));
        let mut told = Self {
            bed,
            deals,
            first: [Said::new(), Said::new()],
            acts: Vec::new(),
        };
        told.first = told.said();
        told
    }

    fn said(&mut self) -> [Said; 2] {
        self.deals.map(|deal| {
            let deal = self.bed.show_deal(deal);
            let tags = deal.set(Set::Tag).iter().map(|tag| tag.to_lowercase());
            let tags: BTreeSet<String> = tags.collect();
            Said::from([
                ("amount", deal.int(&deal::AMOUNT).into()),
                ("tag", tags.into_iter().next().into()),
                ("trash", deal.trashed_at.is_some().into()),
            ])
        })
    }

    /// What the deals say by the acts that hold.
    fn held(&self) -> [Said; 2] {
        let mut held = self.first.clone();
        for act in self.acts.iter().filter(|act| act.holds) {
            for (held, wrote) in held.iter_mut().zip(&act.wrote) {
                held.extend(wrote.clone());
            }
        }
        held
    }

    fn command(&mut self, deed: Deed) -> Option<Command> {
        let amount = |bed: &mut Bed, deal: Id<Deal>, new: i64| {
            let old = bed.show_deal(deal).int(&deal::AMOUNT);
            edit(Entity::Deal, deal.record(), &deal::AMOUNT, old, new)
        };
        let entity = Entity::Deal;
        let group = |acts: &[Act], act: usize| {
            (!acts.is_empty()).then(|| Which::Group(acts[act % acts.len()].group))
        };
        Some(match deed {
            Deed::Amount(deal, new) => amount(&mut self.bed, self.deals[deal], new),
            Deed::Tag(deal, element, add) => tag(self.deals[deal], element, add),
            Deed::Trash(deal, true) => Command::Trash {
                entity,
                target: self.deals[deal].into(),
            },
            Deed::Trash(deal, false) => Command::Restore {
                entity,
                target: self.deals[deal].into(),
            },
            Deed::Back(act) => Command::Undo(group(&self.acts, act)?),
            Deed::Again(act) => Command::Redo(group(&self.acts, act)?),
        })
    }

    fn act(&mut self, deed: Deed) {
        let Some(command) = self.command(deed) else {
            return;
        };
        let before = self.said();
        let draft = self.bed.draft(Origin::Human, vec![command]);
        match self.bed.book.commit(&draft) {
            Ok(Outcome::Saved(_)) => {}
            Ok(Outcome::Conflict(_) | Outcome::Nothing)
            | Err(StoreError::Invalid { .. } | StoreError::NoRecord { .. }) => {
                assert_eq!(self.said(), before, "{deed:?} was refused");
                return;
            }
            other => panic!("{deed:?}: {other:?}"),
        }
        let after = self.said();
        match deed {
            Deed::Back(act) | Deed::Again(act) => {
                let place = act % self.acts.len();
                self.acts[place].holds = matches!(deed, Deed::Again(_));
            }
            _ => {
                let wrote: [Said; 2] = [0, 1].map(|deal| {
                    let said = after[deal].clone().into_iter();
                    said.filter(|(field, value)| before[deal][field] != *value)
                        .collect()
                });
                if wrote.iter().all(Said::is_empty) {
                    return;
                }
                self.acts.push(Act {
                    group: draft.group,
                    wrote,
                    holds: true,
                });
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_field_says_what_the_acts_that_hold_made_of_it(deeds in deeds()) {
        let mut told = Told::new();
        for deed in deeds {
            told.act(deed);
            prop_assert_eq!(told.said(), told.held(), "after {:?}", deed);
        }
        let outcome = told.bed.book.check().unwrap();
        prop_assert!(outcome.is_clean(), "{:#?}", outcome.found);
    }
}

#[test]
fn what_the_undo_of_a_bulk_act_left_to_others_is_what_theirs_goes_back_to() {
    let mut bed = Bed::new();
    let deals = ["Pilot", "Fleet"].map(|title| bed.deal(title, 0, Some(1)));
    let amount = |deal: Id<Deal>, old: i64, new: i64| {
        edit(Entity::Deal, deal.record(), &deal::AMOUNT, old, new)
    };
    let amounts = |bed: &mut Bed| deals.map(|deal| bed.show_deal(deal).int(&deal::AMOUNT).unwrap());
    let bulk = bed.draft(Origin::Bulk, deals.map(|deal| amount(deal, 1, 2)).into());
    bed.saved(&bulk);
    let by_hand = bed.draft(Origin::Human, vec![amount(deals[0], 2, 3)]);
    bed.saved(&by_hand);
    let kept = bed.ok(vec![Command::Undo(Which::Group(bulk.group))]).kept;
    assert_eq!(
        kept.iter().map(|kept| kept.record).collect::<Vec<_>>(),
        [deals[0].record()]
    );
    assert_eq!(amounts(&mut bed), [3, 1]);
    bed.ok(vec![Command::Undo(Which::Group(by_hand.group))]);
    assert_eq!(amounts(&mut bed), [2, 1]);
    // Done again, it is done again where it had been taken back.
    bed.ok(vec![Command::Redo(Which::Group(bulk.group))]);
    assert_eq!(amounts(&mut bed), [2, 2]);
}

#[test]
fn a_bulk_act_that_was_taken_back_by_hand_before_its_undo_is_not_brought_back_by_another() {
    let mut bed = Bed::new();
    let deals = ["Pilot", "Fleet"].map(|title| bed.deal(title, 0, Some(1)));
    let all = |command: fn(Entity, Target) -> Command| {
        deals.map(|deal| command(Entity::Deal, deal.into()))
    };
    let trash = all(|entity, target| Command::Trash { entity, target });
    let restore = all(|entity, target| Command::Restore { entity, target });
    let [trash, restore] = [trash, restore].map(|commands| {
        let step = bed.draft(Origin::Bulk, commands.into());
        bed.saved(&step);
        step.group
    });
    for group in [trash, restore] {
        let kept = bed.ok(vec![Command::Undo(Which::Group(group))]).kept;
        assert_eq!(kept, []);
        assert_eq!(
            deals.map(|deal| bed.show_deal(deal).trashed_at),
            [None, None]
        );
    }
}
