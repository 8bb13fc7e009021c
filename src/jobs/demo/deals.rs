//! The deals of the sample book, each with its story: moves, slips, calls, and how it ended.

use super::activities::{self, Act, Due};
use super::chance::Chance;
use super::diary::Diary;
use super::lists::{Lists, TeamMember};
use super::people::ContactPlan;
use crate::domain::time::{Date, Instant};
use chrono::Datelike;

/// How many deals are closed.
const CLOSED: usize = 250;
/// How many are open, by stage.
const OPEN: [usize; 4] = [18, 16, 15, 11];
/// Days of quiet after which a deal rots, by stage: those of the standard pipeline.
const ROT: [i64; 4] = [7, 10, 14, 10];
/// Of the open deals, so many have an overdue next step, and so many one for today.
const OVERDUE: usize = 7;
const TODAY: usize = 6;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct DealPlan {
    pub title: String,
    pub contact: usize,
    pub owner: usize,
    pub amount: Option<i64>,
    pub currency: &'static str,
    pub expected: Option<Date>,
    pub probability: Option<i64>,
    pub source: String,
    pub created: Instant,
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub at: Instant,
    pub rep: usize,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Move(usize),
    Amount(i64),
    Expected(Date),
    Owner(usize),
    Win,
    Lose {
        reason: String,
        note: Option<String>,
    },
    Act(Act),
}

/// What all stories are told from.
pub(super) struct Teller<'a> {
    pub lists: &'a Lists,
    pub contacts: &'a [ContactPlan],
    pub diary: Diary,
    pub chance: Chance,
}

/// A deal under way: the days that its story spans.
struct Span {
    owner: usize,
    created: i64,
    end: i64,
}

impl Teller<'_> {
    pub fn deals(&mut self) -> Vec<DealPlan> {
        let mut deals: Vec<DealPlan> = (0..CLOSED).map(|_| self.closed()).collect();
        let mut number = 0;
        for (stage, count) in OPEN.into_iter().enumerate() {
            for _ in 0..count {
                let deal = self.open(stage, number);
                deals.push(deal);
                number += 1;
            }
        }
        deals
    }

    fn rep(&self, place: usize) -> &TeamMember {
        &self.lists.rep[place]
    }

    /// Somebody who was there so many days ago.
    fn owner(&mut self, ago: i64) -> usize {
        let shares: Vec<i64> = self
            .lists
            .rep
            .iter()
            .map(|rep| match rep.left_days_ago {
                Some(left) if ago <= left => 0,
                _ => rep.share,
            })
            .collect();
        self.chance.weighted(&shares)
    }

    /// A day of the last year, as busy as its month.
    fn closing_day(&mut self) -> i64 {
        loop {
            let ago = self.chance.between(2, 364);
            let month = self.diary.date(ago).month0();
            let busy = usize::try_from(month)
                .ok()
                .and_then(|month| self.lists.sales.season.get(month));
            if self.chance.between(1, 12) <= busy.copied().unwrap_or(12) {
                return ago;
            }
        }
    }

    fn closed(&mut self) -> DealPlan {
        let end = self.closing_day();
        let owner = self.owner(end);
        let usual = self.rep(owner).days;
        let cycle = self.chance.between(usual * 4 / 10, usual * 22 / 10);
        let won = self.chance.percent(self.rep(owner).skill);
        let span = Span {
            owner,
            created: end + cycle,
            end,
        };
        let mut deal = self.begin(&span);
        let reached = if won {
            3
        } else {
            self.chance.weighted(&[22, 30, 30, 18])
        };
        self.walk(&mut deal, &span, reached, end + 1);
        self.slips(&mut deal, &span);
        let count = self.chance.between(2, 5);
        self.acts(&mut deal, &span, count);
        let last = settle(&mut deal, &mut self.chance);
        let at = Diary::behind(
            self.diary.moment(end, &mut self.chance),
            last,
            &mut self.chance,
        );
        let what = if won { What::Win } else { self.loss() };
        deal.events.push(Event {
            at,
            rep: owner,
            what,
        });
        // A loss may come before anybody has named an amount.
        if !won && self.chance.percent(8) {
            without_amount(&mut deal);
        }
        deal
    }

    fn loss(&mut self) -> What {
        let weights: Vec<i64> = self
            .lists
            .sales
            .loss
            .iter()
            .map(|loss| loss.weight)
            .collect();
        let loss = &self.lists.sales.loss[self.chance.weighted(&weights)];
        let note = self.chance.percent(60);
        What::Lose {
            reason: loss.reason.clone(),
            note: note.then(|| self.chance.pick(&loss.notes).clone()),
        }
    }

    /// The open deal of that number, in that stage.
    fn open(&mut self, stage: usize, number: usize) -> DealPlan {
        let rot = ROT[stage];
        let rots = number % 6 == 5;
        let quiet = if rots {
            rot + self.chance.between(2, 12)
        } else {
            self.chance.between(1, rot.min(6))
        };
        let age = 6 + 14 * i64::try_from(stage).unwrap_or_default();
        let created = quiet + self.chance.between(age / 2, age * 2);
        // Some were begun by the one who left.
        let left = self
            .lists
            .rep
            .iter()
            .position(|rep| rep.left_days_ago.is_some());
        let (owner, created) = match left {
            Some(left) if number % 11 == 7 => {
                let gone = self.rep(left).left_days_ago.unwrap_or_default();
                (left, gone + self.chance.between(5, 60))
            }
            _ => (self.owner(quiet), created),
        };
        let span = Span {
            owner,
            created,
            end: quiet,
        };
        let mut deal = self.begin(&span);
        self.walk(&mut deal, &span, stage, quiet);
        self.inherit(&mut deal, &span);
        self.slips(&mut deal, &span);
        let count = self.chance.between(1, 4);
        self.acts(&mut deal, &span, count);
        let last = settle(&mut deal, &mut self.chance);
        self.look_ahead(&mut deal, number, last, rots);
        deal
    }

    /// What is still to come of an open deal: a next step, an expected close, an amount or not yet.
    fn look_ahead(&mut self, deal: &mut DealPlan, number: usize, last: Instant, rots: bool) {
        let owner = owner_now(deal);
        let ahead = self.chance.between(3, 75);
        let late = number % 13 == 4;
        deal.expected = match number % 9 {
            8 => None,
            _ if late => Some(self.diary.working_date(self.chance.between(2, 20))),
            _ => Some(self.diary.working_date(-ahead)),
        };
        deal.events
            .retain(|event| !matches!(event.what, What::Expected(_)) || deal.expected.is_some());
        if let Some(slip) = deal
            .events
            .iter_mut()
            .rev()
            .find_map(|event| match &mut event.what {
                What::Expected(date) => Some(date),
                _ => None,
            })
            && let Some(expected) = deal.expected
        {
            // What the book shows now is where the last slip went; at first it was sooner.
            *slip = expected;
            deal.expected = expected.checked_sub_days(chrono::Days::new(21));
        }
        if number % 8 == 3 {
            without_amount(deal);
        }
        if number % 12 == 6 {
            deal.probability = Some(self.chance.between(2, 9) * 10);
        }
        let due = match number % 5 {
            // Rotting deals are those that nobody has planned anything for.
            _ if rots => return,
            0 if number / 5 < OVERDUE => {
                Due::Day(self.diary.working_date(self.chance.between(1, 9)))
            }
            1 if number / 5 < TODAY => Due::At(self.diary.on(self.diary.today(), &mut self.chance)),
            2 | 3 => {
                let date = self.diary.working_date(-self.chance.between(1, 21));
                Due::Day(date)
            }
            _ => return,
        };
        let contact = &self.contacts[deal.contact].name;
        let act = activities::planned(self.lists, &deal.title, contact, due, &mut self.chance);
        let at = Diary::behind(last, last, &mut self.chance);
        deal.events.push(Event {
            at,
            rep: owner,
            what: What::Act(act),
        });
    }

    /// Who left has given the deal to somebody.
    fn inherit(&mut self, deal: &mut DealPlan, span: &Span) {
        let rep = self.rep(span.owner);
        let (Some(left), Some(heir)) = (rep.left_days_ago, rep.heir.as_deref()) else {
            return;
        };
        if let Some(heir) = self.lists.rep.iter().position(|rep| rep.name == heir) {
            self.event(deal, span, left, What::Owner(heir));
        }
    }

    fn begin(&mut self, span: &Span) -> DealPlan {
        let contact = self.chance.place(self.contacts.len());
        let product = self.chance.pick(&self.lists.sales.product);
        let units = self.chance.between(product.from, product.to);
        let amount = product.price * units * self.chance.between(80, 100) / 100;
        let occasion = self.chance.pick(&self.lists.sales.occasion);
        let usual = self.rep(span.owner).days;
        let expected = span.created - self.chance.between(usual / 2, usual * 2);
        DealPlan {
            title: format!("{} {occasion}", product.name),
            contact,
            owner: span.owner,
            amount: Some((amount / 50).max(1) * 50 * 100),
            currency: if self.chance.percent(4) { "EUR" } else { "CHF" },
            expected: Some(self.diary.working_date(expected)),
            probability: None,
            source: self.contacts[contact].source.clone(),
            created: self.diary.moment(span.created, &mut self.chance),
            events: Vec::new(),
        }
    }

    /// Moves from the first stage to `reached`, with leaps and steps back, the last one not after the day `until`.
    fn walk(&mut self, deal: &mut DealPlan, span: &Span, reached: usize, until: i64) {
        let mut path = Vec::new();
        for stage in 1..=reached {
            if stage < reached && self.chance.percent(15) {
                continue;
            }
            path.push(stage);
            if stage < reached && self.chance.percent(8) {
                path.push(stage - 1);
                path.push(stage);
            }
        }
        let steps = i64::try_from(path.len()).unwrap_or_default();
        let days = (span.created - until).max(0);
        let mut last = deal.created;
        for (number, stage) in (1..=steps).zip(path) {
            let jitter = self.chance.between(0, (days / (steps + 1)).max(0) / 2);
            let ago = span.created - days * number / (steps + 1) - jitter;
            let at = self.diary.moment(ago.max(until), &mut self.chance);
            // Two moves of one day keep the order in which they are made.
            last = Diary::behind(at, last, &mut self.chance);
            deal.events.push(Event {
                at: last,
                rep: span.owner,
                what: What::Move(stage),
            });
        }
    }

    /// Amounts that were corrected, and expected closes that were put off.
    fn slips(&mut self, deal: &mut DealPlan, span: &Span) {
        if let (true, Some(amount)) = (self.chance.percent(25), deal.amount) {
            let percent = self.chance.between(70, 130);
            let ago = self.chance.between(span.end, span.created);
            let new = amount * percent / 100 / 5_000 * 5_000;
            self.event(deal, span, ago, What::Amount(new.max(5_000)));
        }
        if self.chance.percent(35) {
            let ago = self.chance.between(span.end, span.created);
            let date = self
                .diary
                .working_date(span.end - self.chance.between(0, 20));
            self.event(deal, span, ago, What::Expected(date));
        }
    }

    fn acts(&mut self, deal: &mut DealPlan, span: &Span, count: i64) {
        for number in 0..count {
            // The last one says how long the deal has been quiet.
            let ago = if number == 0 {
                span.end
            } else {
                self.chance.between(span.end, span.created)
            };
            let contact = &self.contacts[deal.contact].name;
            let act = activities::done(self.lists, &deal.title, contact, &mut self.chance);
            self.event(deal, span, ago, What::Act(act));
        }
    }

    fn event(&mut self, deal: &mut DealPlan, span: &Span, ago: i64, what: What) {
        let at = self.diary.moment(ago, &mut self.chance);
        deal.events.push(Event {
            at,
            rep: span.owner,
            what,
        });
    }
}

/// Puts the events in order behind the creation, none at the same moment; the moment of the last.
fn settle(deal: &mut DealPlan, chance: &mut Chance) -> Instant {
    deal.events.sort_by_key(|event| event.at);
    hand_over(&mut deal.events);
    let mut last = deal.created;
    for event in &mut deal.events {
        event.at = Diary::behind(event.at, last, chance);
        last = event.at;
    }
    last
}

/// Behind a change of owner the new one acts.
fn hand_over(events: &mut [Event]) {
    let mut heir = None;
    for event in events {
        if let Some(heir) = heir {
            event.rep = heir;
        }
        if let What::Owner(new) = event.what {
            heir = Some(new);
        }
    }
}

fn without_amount(deal: &mut DealPlan) {
    deal.amount = None;
    deal.events
        .retain(|event| !matches!(event.what, What::Amount(_)));
}

fn owner_now(deal: &DealPlan) -> usize {
    let given = deal.events.iter().rev().find_map(|event| match event.what {
        What::Owner(heir) => Some(heir),
        _ => None,
    });
    given.unwrap_or(deal.owner)
}
