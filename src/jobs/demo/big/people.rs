//! Who is in a big book: the team, companies, and people with names in several scripts.

use super::super::lists::Script;
use super::super::people::{CompanyPlan, ContactPlan, domain};
use super::super::write::{commit, create, firm_of, made, member_of, person_of, set, step};
use super::super::{DAY_MS, DemoError, YOU};
use super::{Maker, Size, ago, steps};
use crate::domain::command::{Command, Slot};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, rep};
use crate::domain::pipeline;
use crate::domain::records::{Company, Contact, LostReason, Rep, Stage};
use crate::domain::text::{initials, squeeze};
use crate::domain::time::Instant;

/// How far back the book goes.
const DAYS: i64 = 5 * 365;
/// How often a name is written in Latin letters, beside the weights of the scripts.
const LATIN: i64 = 70;

/// Who sells, and by which stages.
pub(super) struct Team {
    pub reps: Vec<Id<Rep>>,
    /// The four open stages, then won and lost.
    pub stages: Vec<Id<Stage>>,
    /// In the order of a new book's reasons.
    pub reasons: Vec<Id<LostReason>>,
}

/// One of the people, as far as what comes later must know.
pub(super) struct Person {
    pub id: Id<Contact>,
    pub company: Id<Company>,
    pub owner: Id<Rep>,
    pub created: Instant,
    /// A lead that nobody has called, written or met, for the most part.
    pub is_new: bool,
}

impl Maker<'_> {
    /// The team of the sample, with more sellers in a bigger book; the standard pipeline.
    pub(super) fn team(&mut self, size: Size) -> Result<Team, DemoError> {
        let start = Instant::from_millis(self.diary.now.millis() - (DAYS + 30) * DAY_MS);
        let staying = self
            .lists
            .rep
            .iter()
            .filter(|rep| rep.left_days_ago.is_none());
        let mut commands: Vec<Command> = (0..)
            .map(Slot)
            .zip(staying)
            .map(|(slot, member)| member_of(member, slot, start))
            .collect();
        let more = (size.contacts / 4_000).min(56);
        for _ in 0..more {
            let name = self.latin().2;
            let fields = vec![
                set(&rep::NAME, name.as_str()),
                set(&rep::INITIALS, initials(&name)),
                set(&rep::ROLE, "seller"),
                set(&rep::ACTIVE, true),
            ];
            let slot = Slot(u32::try_from(commands.len()).map_err(|_| DemoError::Lost)?);
            commands.push(create(slot, Entity::Rep, start, fields, vec![]));
        }
        commands.extend(pipeline::standard("Sales", Slot(10_000)));
        commands.extend(pipeline::standard_reasons(Slot(20_000)));
        let mut draft = step(None, start, commands);
        draft.label = Some("Set up the sample book".to_owned());
        let receipts = commit(&mut self.book, &[draft])?;
        let receipt = receipts.first().ok_or(DemoError::Lost)?;
        Ok(Team {
            reps: made(receipt, Entity::Rep).collect(),
            stages: made(receipt, Entity::Stage).collect(),
            reasons: made(receipt, Entity::LostReason).collect(),
        })
    }

    /// Companies, then the people who work there.
    pub(super) fn people(&mut self, size: Size, team: &Team) -> Result<Vec<Person>, DemoError> {
        let mut firms: Vec<(Id<Company>, CompanyPlan)> = Vec::with_capacity(size.companies());
        for places in steps(size.companies()) {
            let plans: Vec<CompanyPlan> = places
                .map(|place| self.firm(place, size.companies(), team))
                .collect();
            let slots = (0..).map(Slot);
            let commands = (slots.zip(&plans))
                .map(|(slot, firm)| firm_of(firm, slot, &team.reps))
                .collect();
            let at = plans.last().map_or(self.diary.now, |firm| firm.created);
            let ids = self.put(at, Entity::Company, commands)?;
            firms.extend(ids.into_iter().zip(plans));
        }
        let mut people = Vec::with_capacity(size.contacts);
        for places in steps(size.contacts) {
            let mut known = Vec::new();
            let mut commands = Vec::new();
            for (place, slot) in places.zip((0..).map(Slot)) {
                let (company, firm) = &firms[self.chance.place(firms.len())];
                let plan = self.person(place, size.contacts, firm);
                known.push((
                    *company,
                    team.reps[plan.owner],
                    plan.created,
                    plan.lead_state,
                ));
                commands.push(person_of(&plan, slot, &team.reps, *company));
            }
            let at = known.last().map_or(self.diary.now, |(_, _, at, _)| *at);
            let ids = self.put(at, Entity::Contact, commands)?;
            people.extend(ids.into_iter().zip(known).map(
                |(id, (company, owner, created, state))| Person {
                    id,
                    company,
                    owner,
                    created,
                    is_new: state == Some("new"),
                },
            ));
        }
        Ok(people)
    }

    fn firm(&mut self, place: usize, count: usize, team: &Team) -> CompanyPlan {
        let lists = &self.lists.companies;
        let chance = &mut self.chance;
        let trade = chance.pick(&lists.trade);
        let city = chance.pick(&lists.city);
        let first = if chance.percent(50) {
            chance.pick(&lists.first)
        } else {
            chance.pick(&self.lists.people.family)
        };
        let name = if chance.percent(30) {
            format!("{first} {} {}", city.name, trade.word)
        } else {
            format!(
                "{first} & {} {}",
                chance.pick(&self.lists.people.family),
                trade.word
            )
        };
        CompanyPlan {
            domain: domain(&format!("{first}{place}"), place),
            name,
            industry: trade.industry.clone(),
            city: city.name.clone(),
            country: city.country.clone(),
            size: chance.between(4, 90) * chance.between(1, 12),
            owner: chance.place(team.reps.len()),
            created: self.moment(place, count, DAYS + 20),
        }
    }

    fn person(&mut self, place: usize, count: usize, firm: &CompanyPlan) -> ContactPlan {
        let (given, family, name) = self.name();
        let created = self.moment(place, count, DAYS);
        let lists = &self.lists.people;
        let chance = &mut self.chance;
        // Who came lately is still a lead, as often as not; of long ago few are.
        let lately = place > count - count.div_ceil(10);
        let state = chance.percent(if lately { 55 } else { 12 }).then(|| {
            let states = ["new", "working", "nurturing", "qualified", "dropped"];
            let weights: &[i64] = if lately {
                &[40, 30, 15, 10, 5]
            } else {
                &[4, 10, 26, 30, 30]
            };
            states[chance.weighted(weights)]
        });
        let plain = squeeze(&format!("{given}{family}"));
        let local = if plain.is_ascii() && !plain.is_empty() {
            format!("{}.{}{}", squeeze(&given), squeeze(&family), place % 100)
        } else {
            format!("office{place}")
        };
        let phone = format!(
            "+41 {} {:03} {:02} {:02}",
            chance.pick(&["44", "22", "61", "31", "79"]),
            chance.between(200, 999),
            chance.between(0, 99),
            chance.between(0, 99)
        );
        let tags = (0..chance.weighted(&[64, 28, 8]))
            .map(|_| chance.pick(&lists.tag).clone())
            .collect();
        ContactPlan {
            name,
            given: Some(given),
            family: Some(family),
            title: chance.pick(&lists.title).clone(),
            company: 0,
            owner: firm.owner,
            email: chance
                .percent(90)
                .then(|| format!("{local}@{}", firm.domain)),
            phone: chance.percent(70).then_some(phone),
            tags,
            source: chance.pick(&lists.source).clone(),
            lead_state: state,
            created,
        }
    }

    /// A given name, a family name, and both as they are written.
    fn name(&mut self) -> (String, String, String) {
        let scripts = &self.lists.scripts;
        let weights: Vec<i64> = (scripts.iter().map(|script| script.weight))
            .chain([LATIN])
            .collect();
        let Some(script) = scripts.get(self.chance.weighted(&weights)) else {
            return self.latin();
        };
        let Script {
            given,
            family,
            gap,
            family_first,
            ..
        } = script;
        let given = self.chance.pick(given).clone();
        let family = self.chance.pick(family).clone();
        let name = if *family_first {
            format!("{family}{gap}{given}")
        } else {
            format!("{given}{gap}{family}")
        };
        (given, family, name)
    }

    fn latin(&mut self) -> (String, String, String) {
        let lists = &self.lists.people;
        let given = self.chance.pick(&lists.given).clone();
        let mut family = self.chance.pick(&lists.family).clone();
        if self.chance.percent(15) {
            family = format!("{family}-{}", self.chance.pick(&lists.family));
        }
        let name = format!("{given} {family}");
        // The name of who the sample is shown to is theirs alone.
        if name == YOU {
            return self.latin();
        }
        (given, family, name)
    }

    /// When the thing at a place happened, of `count` over so many days.
    pub(super) fn moment(&mut self, place: usize, count: usize, days: i64) -> Instant {
        self.diary.moment(ago(place, count, days), &mut self.chance)
    }
}
