//! Whatever is taken back and done again, in any order: every field says what the acts that hold made of it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// What is done to two deals, to both at once as a bulk act, or to an earlier act.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Amount(usize, i64),
    Both(i64, i64),
    Tag(usize, &'static str, bool),
    Trash(usize, bool),
    Back(usize),
    Again(usize),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (0..2_usize, 0..3_i64).prop_map(|(deal, amount)| Deed::Amount(deal, amount)),
        2 => (0..3_i64, 0..3_i64).prop_map(|(one, other)| Deed::Both(one, other)),
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

/// An act in the book: whether it is judged deal by deal, what it wrote on which, and those on which it holds.
struct Act {
    group: StepId,
    many: bool,
    wrote: [Said; 2],
    holds: [bool; 2],
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
        for act in &self.acts {
            for (deal, held) in held.iter_mut().enumerate() {
                if act.holds[deal] {
                    held.extend(act.wrote[deal].clone());
                }
            }
        }
        held
    }

    fn commands(&mut self, deed: Deed) -> Option<(Origin, Vec<Command>)> {
        let amount = |bed: &mut Bed, deal: Id<Deal>, new: i64| {
            let old = bed.show_deal(deal).int(&deal::AMOUNT);
            edit(Entity::Deal, deal.record(), &deal::AMOUNT, old, new)
        };
        let entity = Entity::Deal;
        let group = |acts: &[Act], act: usize| {
            (!acts.is_empty()).then(|| Which::Group(acts[act % acts.len()].group))
        };
        let commands = match deed {
            Deed::Amount(deal, new) => vec![amount(&mut self.bed, self.deals[deal], new)],
            Deed::Both(one, other) => {
                let [first, second] = self.deals;
                let both = vec![
                    amount(&mut self.bed, first, one),
                    amount(&mut self.bed, second, other),
                ];
                return Some((Origin::Bulk, both));
            }
            Deed::Tag(deal, element, add) => vec![tag(self.deals[deal], element, add)],
            Deed::Trash(deal, true) => vec![Command::Trash {
                entity,
                target: self.deals[deal].into(),
            }],
            Deed::Trash(deal, false) => vec![Command::Restore {
                entity,
                target: self.deals[deal].into(),
            }],
            Deed::Back(act) => vec![Command::Undo(group(&self.acts, act)?)],
            Deed::Again(act) => vec![Command::Redo(group(&self.acts, act)?)],
        };
        Some((Origin::Human, commands))
    }

    fn act(&mut self, deed: Deed) {
        let Some((origin, commands)) = self.commands(deed) else {
            return;
        };
        let before = self.said();
        let draft = self.bed.draft(origin, commands);
        let receipt = match self.bed.book.commit(&draft) {
            Ok(Outcome::Saved(receipt)) => receipt,
            Ok(Outcome::Conflict(_) | Outcome::Nothing)
            | Err(StoreError::Invalid { .. } | StoreError::NoRecord { .. }) => {
                assert_eq!(self.said(), before, "{deed:?} was refused");
                return;
            }
            other => panic!("{deed:?}: {other:?}"),
        };
        let after = self.said();
        match deed {
            Deed::Back(act) | Deed::Again(act) => {
                let place = act % self.acts.len();
                let act = &mut self.acts[place];
                let again = matches!(deed, Deed::Again(_));
                for (deal, id) in self.deals.iter().enumerate() {
                    if !act.many || before[deal] != after[deal] {
                        act.holds[deal] = again;
                    } else if !again && act.holds[deal] && !act.wrote[deal].is_empty() {
                        let kept = receipt.kept.iter().any(|kept| kept.record == id.record());
                        assert!(kept, "{id} stays unlisted: {receipt:?}");
                    }
                }
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
                    many: origin == Origin::Bulk,
                    wrote,
                    holds: [true; 2],
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
