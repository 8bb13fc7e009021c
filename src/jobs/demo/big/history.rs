//! What was done and is planned in a big book.

use super::super::activities::{self, Act, Due};
use super::super::write::{Of, activity_of};
use super::super::{DAY_MS, DemoError};
use super::deals::{Fate, Told};
use super::people::Person;
use super::{Maker, Size, steps};
use crate::domain::command::{Command, Slot};
use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::records::Activity;
use crate::domain::time::Instant;

/// How far back activities go.
const DAYS: i64 = 4 * 365;
/// A deal is worked on for so long, where its close is not earlier.
const WORKED_ON: i64 = 120 * DAY_MS;
/// Of so many activities one is about the same contact, who has the longest timeline of the book.
const ONE_OF: usize = 100;
/// And no more than so many.
const LONGEST: usize = 10_000;
/// Of a hundred open deals so many have a next step.
const PLANNED: usize = 60;

impl Maker<'_> {
    /// Activities: done ones in the order of time, then the next steps of open deals.
    pub(super) fn history(
        &mut self,
        size: Size,
        people: &[Person],
        deals: &[Told],
    ) -> Result<(), DemoError> {
        let open: Vec<&Told> = deals
            .iter()
            .filter(|deal| matches!(deal.fate, Fate::Open(_)))
            .collect();
        let planned = (open.len() * PLANNED / 100).min(size.activities / 5);
        let done = size.activities - planned;
        for places in steps(done) {
            let mut last = self.diary.now;
            let mut commands = Vec::new();
            for (place, slot) in places.zip((0..).map(Slot)) {
                let at = self.moment(place, done, DAYS);
                commands.push(self.done(place, at, slot, people, deals));
                last = at;
            }
            let _: Vec<Id<Activity>> = self.put(last, Entity::Activity, commands)?;
        }
        for places in steps(planned) {
            let commands = places
                .zip((0..).map(Slot))
                .map(|(place, slot)| self.planned(open[open.len() - 1 - place], slot, people))
                .collect();
            let _: Vec<Id<Activity>> = self.put(self.diary.now, Entity::Activity, commands)?;
        }
        Ok(())
    }

    fn done(
        &mut self,
        place: usize,
        at: Instant,
        slot: Slot,
        people: &[Person],
        deals: &[Told],
    ) -> Command {
        let popular = place.is_multiple_of(ONE_OF) && place / ONE_OF < LONGEST;
        let deal = if popular {
            None
        } else {
            self.worked_on(at, deals)
        };
        let person = match deal {
            _ if popular => &people[0],
            Some(deal) => &people[deal.person],
            None => self.known_then(at, people),
        };
        let title = self.title(deal);
        let act = activities::done(self.lists, &title, "the buyer", &mut self.chance);
        about(slot, at, &act, person, deal)
    }

    /// A deal that was under way at a moment, for three of four.
    fn worked_on<'d>(&mut self, at: Instant, deals: &'d [Told]) -> Option<&'d Told> {
        if !self.chance.percent(75) {
            return None;
        }
        let first = deals.partition_point(|deal| deal.opened.millis() < at.millis() - WORKED_ON);
        let behind = deals.partition_point(|deal| deal.opened < at);
        for _ in 0..4 {
            let deal = deals
                .get(first..behind)?
                .get(self.chance.place((behind - first).max(1)))?;
            match deal.fate {
                Fate::Closed(end) if end <= at => {}
                _ => return Some(deal),
            }
        }
        None
    }

    /// Somebody who was in the book at a moment; hardly ever a new lead.
    fn known_then<'p>(&mut self, at: Instant, people: &'p [Person]) -> &'p Person {
        let behind = people.partition_point(|person| person.created < at).max(1);
        for _ in 0..6 {
            let person = &people[self.chance.place(behind)];
            if !person.is_new || self.chance.percent(5) {
                return person;
            }
        }
        &people[0]
    }

    fn planned(&mut self, deal: &Told, slot: Slot, people: &[Person]) -> Command {
        let ago = match self.chance.weighted(&[18, 12, 70]) {
            0 => self.chance.between(1, 20),
            1 => 0,
            _ => -self.chance.between(1, 45),
        };
        let date = self.diary.working_date(ago);
        let due = if self.chance.percent(30) {
            Due::At(self.diary.on(date, &mut self.chance))
        } else {
            Due::Day(date)
        };
        let title = self.title(Some(deal));
        let act = activities::planned(self.lists, &title, "the buyer", due, &mut self.chance);
        about(slot, self.diary.now, &act, &people[deal.person], Some(deal))
    }

    /// What is talked about.
    fn title(&mut self, deal: Option<&Told>) -> String {
        let products = &self.lists.sales.product;
        let product = deal.map_or_else(
            || self.chance.pick(products),
            |deal| &products[deal.product],
        );
        product.name.clone()
    }
}

fn about(slot: Slot, at: Instant, act: &Act, person: &Person, deal: Option<&Told>) -> Command {
    let of = Of {
        contact: person.id,
        company: person.company,
        deal: deal.map(|deal| deal.id),
        performer: deal.map_or(person.owner, |deal| deal.owner),
    };
    activity_of(slot, of, at, act)
}
