//! The deals of a big book: over four years, most of them closed.

use super::super::lists::Product;
use super::super::write::{commit, create, set, step};
use super::super::{DAY_MS, DemoError};
use super::people::{Person, Team};
use super::{Maker, Size, steps};
use crate::domain::command::{Base, Command, FieldEdit, Slot, StepDraft};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, deal};
use crate::domain::records::{Deal, Rep};
use crate::domain::time::Instant;

/// How far back deals go.
const DAYS: i64 = 4 * 365;
/// Of a hundred closed deals so many are won.
const WON: i64 = 46;
/// Of a hundred deals that should be closed so many are not: forgotten ones.
const FORGOTTEN: i64 = 2;
/// How often each reason of a new book is why a deal is lost.
const REASONS: [i64; 6] = [30, 26, 20, 16, 5, 3];
/// Of so many deals that are open one was moved lately.
const MOVED: usize = 4;
/// And no more than so many.
const MOST_MOVED: usize = 3_000;

/// A deal, as far as what comes later must know.
pub(super) struct Told {
    pub id: Id<Deal>,
    /// Its contact's place.
    pub person: usize,
    pub owner: Id<Rep>,
    /// What it is about: a place in the list of products.
    pub product: usize,
    pub opened: Instant,
    /// How it stands.
    pub fate: Fate,
}

/// How a deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Open, in that stage.
    Open(usize),
    /// Won or lost at that moment.
    Closed(Instant),
}

impl Maker<'_> {
    /// The deals, in the order of their opening.
    pub(super) fn deals(
        &mut self,
        size: Size,
        team: &Team,
        people: &[Person],
    ) -> Result<Vec<Told>, DemoError> {
        let mut all = Vec::with_capacity(size.deals);
        for places in steps(size.deals) {
            let mut told = Vec::new();
            let mut commands = Vec::new();
            for (place, slot) in places.zip((0..).map(Slot)) {
                let (command, deal) = self.deal((place, size.deals), slot, team, people);
                commands.push(command);
                told.push(deal);
            }
            let at = told.last().map_or(self.diary.now, |deal| deal.opened);
            for (id, mut deal) in self.put(at, Entity::Deal, commands)?.into_iter().zip(told) {
                deal.id = id;
                all.push(deal);
            }
        }
        Ok(all)
    }

    fn deal(
        &mut self,
        (place, count): (usize, usize),
        slot: Slot,
        team: &Team,
        people: &[Person],
    ) -> (Command, Told) {
        let opened = self.moment(place, count, DAYS);
        let cycle = self.chance.between(6, 60) + self.chance.between(0, 60);
        let end = opened.millis() + cycle * DAY_MS;
        let now = self.diary.now.millis();
        let chance = &mut self.chance;
        let fate = if end < now && !chance.percent(FORGOTTEN) {
            Fate::Closed(Instant::from_millis(end))
        } else {
            let part = ((now - opened.millis()) / DAY_MS * 4 / cycle).clamp(0, 3);
            Fate::Open(usize::try_from(part).unwrap_or_default())
        };
        let person = chance.place(people.len());
        let who = &people[person];
        let product = chance.place(self.lists.sales.product.len());
        let sold = &self.lists.sales.product[product];
        let title = format!("{} {}", sold.name, chance.pick(&self.lists.sales.occasion));
        let amount = (!chance.percent(4)).then(|| worth(sold, chance.between(sold.from, sold.to)));
        let won = chance.percent(WON);
        let stage = match fate {
            Fate::Open(stage) => stage,
            Fate::Closed(_) => {
                if won {
                    4
                } else {
                    5
                }
            }
        };
        let reason = (stage == 5).then(|| team.reasons[chance.weighted(&REASONS)]);
        let closed = match fate {
            Fate::Closed(at) => Some(at),
            Fate::Open(_) => None,
        };
        let expected =
            Instant::from_millis(end + chance.between(-10, 20) * DAY_MS).date(self.diary.zone);
        let fields = vec![
            set(&deal::TITLE, title.as_str()),
            set(&deal::CONTACT, who.id),
            set(&deal::COMPANY, who.company),
            set(&deal::STAGE, team.stages[stage]),
            set(&deal::OWNER, who.owner),
            set(&deal::AMOUNT, amount),
            set(
                &deal::CURRENCY,
                if chance.percent(4) { "EUR" } else { "CHF" },
            ),
            set(
                &deal::EXPECTED_CLOSE,
                chance.percent(92).then_some(expected),
            ),
            set(&deal::CLOSED_AT, closed),
            set(&deal::LOST_REASON, reason),
            set(
                &deal::LEAD_SOURCE,
                chance.pick(&self.lists.people.source).as_str(),
            ),
        ];
        let told = Told {
            // Known once it is in the book.
            id: Id::from_raw(0),
            person,
            owner: who.owner,
            product,
            opened,
            fate,
        };
        (create(slot, Entity::Deal, opened, fields, vec![]), told)
    }

    /// What the team did by hand in the last days: moves and slips, each a step of its own.
    pub(super) fn lately(&mut self, team: &Team, deals: &[Told]) -> Result<(), DemoError> {
        let open: Vec<(&Told, usize)> = deals
            .iter()
            .filter_map(|deal| match deal.fate {
                Fate::Open(stage) => Some((deal, stage)),
                Fate::Closed(_) => None,
            })
            .collect();
        let count = (open.len() / MOVED).min(MOST_MOVED);
        let mut drafts: Vec<StepDraft> = Vec::with_capacity(count);
        for (deal, stage) in open.into_iter().rev().step_by(MOVED).take(count) {
            let ago = self.chance.between(0, 9);
            let at = self.diary.moment(ago, &mut self.chance);
            if at <= deal.opened {
                continue;
            }
            let command = if stage < 3 && self.chance.percent(70) {
                Command::MoveDeal {
                    deal: deal.id,
                    base: None,
                    stage: team.stages[stage + 1],
                    place: None,
                }
            } else {
                let date = self.diary.date(-self.chance.between(3, 60));
                Command::Edit {
                    entity: Entity::Deal,
                    target: deal.id.into(),
                    edits: vec![FieldEdit {
                        field: (&deal::EXPECTED_CLOSE).into(),
                        base: Base::Unseen,
                        new: date.into(),
                    }],
                }
            };
            drafts.push(step(Some(deal.owner), at, vec![command]));
        }
        drafts.sort_by_key(|draft| draft.at);
        for drafts in drafts.chunks(500) {
            commit(&mut self.book, drafts)?;
        }
        Ok(())
    }
}

/// So many of a product, in minor units.
const fn worth(product: &Product, count: i64) -> i64 {
    product.price * count * 100
}
