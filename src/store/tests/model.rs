//! Any sequence of commands and undos leaves the book as a model says; undo of everything gives the starting content.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// What the model knows of one deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Card {
    title: String,
    amount: Option<i64>,
    stage: usize,
    tags: BTreeSet<String>,
    trashed: bool,
}

#[derive(Clone, Debug)]
enum Act {
    Add(usize),
    Title(usize, u8),
    Amount(usize, Option<i64>),
    Move(usize, usize),
    Win(usize),
    Lose(usize),
    Reopen(usize),
    Tag(usize, u8, bool),
    Trash(usize),
    Restore(usize),
    Undo,
    Redo,
}

fn acts() -> impl Strategy<Value = Act> {
    let deal = 0..4_usize;
    prop_oneof![
        2 => (0..4_usize).prop_map(Act::Add),
        1 => (deal.clone(), 0..3_u8).prop_map(|(deal, n)| Act::Title(deal, n)),
        2 => (deal.clone(), prop::option::of(0..3_i64)).prop_map(|(deal, amount)| Act::Amount(deal, amount)),
        2 => (deal.clone(), 0..4_usize).prop_map(|(deal, stage)| Act::Move(deal, stage)),
        1 => deal.clone().prop_map(Act::Win),
        1 => deal.clone().prop_map(Act::Lose),
        1 => deal.clone().prop_map(Act::Reopen),
        2 => (deal.clone(), 0..3_u8, any::<bool>()).prop_map(|(deal, n, add)| Act::Tag(deal, n, add)),
        1 => deal.clone().prop_map(Act::Trash),
        1 => deal.prop_map(Act::Restore),
        3 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ]
}

/// The model: the deals now, the states that undo goes back to, and those that redo goes forth to.
#[derive(Default)]
struct Model {
    made: usize,
    deals: BTreeMap<usize, Card>,
    past: Vec<BTreeMap<usize, Card>>,
    future: Vec<BTreeMap<usize, Card>>,
}

const WON: usize = 4;
const LOST: usize = 5;

impl Model {
    fn apply(&mut self, act: &Act) {
        let before = self.deals.clone();
        match act {
            Act::Undo => {
                if let Some(past) = self.past.pop() {
                    self.future.push(std::mem::replace(&mut self.deals, past));
                }
                return;
            }
            Act::Redo => {
                if let Some(future) = self.future.pop() {
                    self.past.push(std::mem::replace(&mut self.deals, future));
                }
                return;
            }
            Act::Add(stage) => {
                let card = Card {
                    title: "New".to_owned(),
                    stage: *stage,
                    ..Card::default()
                };
                self.deals.insert(self.made, card);
                self.made += 1;
            }
            Act::Title(deal, n) => self.alive(*deal, |card| card.title = format!("T{n}")),
            Act::Amount(deal, amount) => self.alive(*deal, |card| card.amount = *amount),
            Act::Move(deal, stage) => self.alive(*deal, |card| card.stage = *stage),
            // Nobody says that it is meant without an amount.
            Act::Win(deal) => self.alive(*deal, |card| {
                if card.amount.is_some() {
                    card.stage = WON;
                }
            }),
            Act::Lose(deal) => self.alive(*deal, |card| card.stage = LOST),
            Act::Reopen(deal) => self.alive(*deal, |card| {
                if card.stage >= WON {
                    card.stage = 0;
                }
            }),
            Act::Tag(deal, n, add) => self.alive(*deal, |card| {
                if *add {
                    card.tags.insert(format!("t{n}"))
                } else {
                    card.tags.remove(&format!("t{n}"))
                };
            }),
            Act::Trash(deal) => self.alive(*deal, |card| card.trashed = true),
            Act::Restore(deal) => {
                if let Some(card) = self.deals.get_mut(deal) {
                    card.trashed = false;
                }
            }
        }
        if self.deals != before {
            self.past.push(before);
            self.future.clear();
        }
    }

    fn alive(&mut self, deal: usize, change: impl FnOnce(&mut Card)) {
        if let Some(card) = self.deals.get_mut(&deal).filter(|card| !card.trashed) {
            change(card);
        }
    }
}

/// The command of an act, where the book as it stands allows one.
fn command(bed: &mut Bed, deals: &[Id<Deal>], model: &Model, act: &Act) -> Option<Command> {
    let on = |n: &usize| {
        deals
            .get(*n)
            .filter(|_| model.deals.contains_key(n))
            .copied()
    };
    Some(match act {
        Act::Undo => Command::Undo(Which::Last),
        Act::Redo => Command::Redo(Which::Last),
        Act::Add(stage) => create(
            Entity::Deal,
            vec![
                (&deal::TITLE, "New".into()),
                (&deal::STAGE, bed.stages[*stage].into()),
            ],
        ),
        Act::Title(n, title) => {
            let old = bed.show_deal(on(n)?).get(&deal::TITLE).clone();
            edit(
                Entity::Deal,
                on(n)?.record(),
                &deal::TITLE,
                old,
                format!("T{title}"),
            )
        }
        Act::Amount(n, amount) => {
            let old = bed.show_deal(on(n)?).get(&deal::AMOUNT).clone();
            edit(Entity::Deal, on(n)?.record(), &deal::AMOUNT, old, *amount)
        }
        Act::Move(n, stage) => move_to(on(n)?, None, bed.stages[*stage]),
        Act::Win(n) => Command::WinDeal {
            deal: on(n)?,
            base: None,
            closed_at: None,
        },
        Act::Lose(n) => Command::LoseDeal {
            deal: on(n)?,
            base: None,
            reason: None,
            note: None,
            closed_at: None,
        },
        Act::Reopen(n) => Command::ReopenDeal {
            deal: on(n)?,
            base: None,
            stage: Some(bed.stages[0]),
        },
        Act::Tag(n, t, add) => tag(on(n)?, &format!("t{t}"), *add),
        Act::Trash(n) => Command::Trash {
            entity: Entity::Deal,
            target: on(n)?.into(),
        },
        Act::Restore(n) => Command::Restore {
            entity: Entity::Deal,
            target: on(n)?.into(),
        },
    })
}

fn seen(bed: &mut Bed, id: Id<Deal>) -> Card {
    let record = bed.show_deal(id);
    let stage = record.int(&deal::STAGE);
    assert_eq!(
        record.get(&deal::CLOSED_AT).is_null(),
        record.state.is_some_and(|state| !state.is_closed())
    );
    Card {
        title: record.name(),
        amount: record.int(&deal::AMOUNT),
        stage: bed
            .stages
            .iter()
            .position(|known| Some(known.raw()) == stage)
            .unwrap(),
        tags: record.set(Set::Tag).iter().cloned().collect(),
        trashed: record.trashed_at.is_some(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_book_does_what_the_model_says(acts in prop::collection::vec(acts(), 1..25)) {
        let mut bed = Bed::new();
        let start = bed.hash();
        let mut model = Model::default();
        let mut deals: Vec<Id<Deal>> = Vec::new();
        for act in &acts {
            let Some(command) = command(&mut bed, &deals, &model, act) else { continue };
            match bed.act(vec![command]) {
                Ok(Outcome::Saved(receipt)) => deals.extend(receipt.created.iter().map(|(_, _, id)| Id::new(*id))),
                // All that these acts can meet: nothing is left to undo, nothing is done to what lies in the trash, nothing is
                // reopened that is open, nothing is won for nobody knows how much.
                Ok(Outcome::Nothing) | Err(StoreError::Invalid { .. } | StoreError::Unpriced { .. }) => {}
                Ok(Outcome::Conflict(clashes)) => {
                    prop_assert!(clashes.iter().all(|clash| clash.field == "trashed_at"));
                }
                other => prop_assert!(false, "{act:?}: {other:?}"),
            }
            model.apply(act);
            for (n, id) in deals.iter().enumerate() {
                match model.deals.get(&n) {
                    Some(card) => prop_assert_eq!(&seen(&mut bed, *id), card, "deal {} after {:?}", n, act),
                    None => prop_assert!(seen(&mut bed, *id).trashed, "an undone creation lies in the trash"),
                }
            }
        }
        let findings = bed.book.check().unwrap();
        prop_assert!(findings.is_clean(), "{:#?}", findings.found);
        let end = bed.hash();
        let undone = std::iter::from_fn(|| matches!(bed.undo(), Outcome::Saved(_)).then_some(())).count();
        prop_assert_eq!(bed.hash(), start);
        for n in 0..undone {
            let again = bed.redo();
            prop_assert!(matches!(&again, Outcome::Saved(receipt) if receipt.kept.is_empty()), "redo {n} of {undone}: {again:?}");
        }
        prop_assert_eq!(bed.hash(), end, "undo everything, redo everything");
        prop_assert!(bed.book.check().unwrap().is_clean());
    }
}
