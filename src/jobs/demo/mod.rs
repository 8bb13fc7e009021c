//! The sample book: a team of five with a year of history, so that every screen has something worth looking at.
//!
//! All of it follows from small lists in `assets/demo/`, a fixed seed and the moment it is made for: the same moment gives the
//! same book, but for its ids. It goes in as any change does, as steps with their own moments, a month of them a transaction.
//! [`big`] makes books of any size.

mod activities;
pub mod big;
mod chance;
mod deals;
mod diary;
mod lists;
mod people;
mod write;

use crate::domain::time::{DAY_MS, Instant, Zone};
use crate::store::{Book, NewBook, Opening, StoreError};
use chance::Chance;
use deals::{DealPlan, Teller};
use diary::Diary;
use lists::{Lists, TeamMember};
use people::{CompanyPlan, ContactPlan};

/// Whom the app shows the sample book to.
pub const YOU: &str = "Tomás Ortega";
/// The team's zone.
pub const ZONE: Zone = chrono_tz::Europe::Zurich;
const SEED: u64 = 20_261_124;

/// Why there is no sample book.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lists that it is made of are spoilt.
    #[error("The lists of the sample book cannot be read: {0}.")]
    Lists(#[from] toml::de::Error),
    /// A step was not taken as it was meant.
    #[error("The sample book contradicts itself.")]
    Lost,
}

/// All that will be in the book.
#[derive(Debug)]
struct Plan {
    now: Instant,
    team: Vec<TeamMember>,
    companies: Vec<CompanyPlan>,
    contacts: Vec<ContactPlan>,
    deals: Vec<DealPlan>,
}

/// Makes the sample book as of `now` under these circumstances, where there is no file.
///
/// # Errors
/// What the store says, above all that the file is there already.
pub fn make(opening: &Opening, now: Instant) -> Result<Book, DemoError> {
    let plan = plan(now)?;
    let new = NewBook {
        name: "Sample".to_owned(),
        base: "CHF".parse().map_err(|_| DemoError::Lost)?,
        zone: ZONE,
        fiscal_start: 1,
    };
    let mut book = Book::create_as(opening, &new)?;
    write::write(&mut book, &plan)?;
    Ok(book)
}

fn plan(now: Instant) -> Result<Plan, DemoError> {
    let lists = Lists::read()?;
    let diary = Diary { now, zone: ZONE };
    let mut chance = Chance::new(SEED);
    let staying: Vec<usize> = (0..lists.rep.len())
        .filter(|place| lists.rep[*place].left_days_ago.is_none())
        .collect();
    let companies = people::companies(&lists, &staying, diary, &mut chance);
    let contacts = people::contacts(&lists, &companies, diary, &mut chance);
    let deals = Teller {
        lists: &lists,
        contacts: &contacts,
        diary,
        chance,
    }
    .deals();
    Ok(Plan {
        now,
        team: lists.rep,
        companies,
        contacts,
        deals,
    })
}

#[cfg(test)]
mod tests {
    use super::deals::What;
    use super::*;

    fn sample() -> Plan {
        sample_of("2026-11-24T10:05:00Z")
    }

    fn sample_of(now: &str) -> Plan {
        plan(Instant::parse(now, ZONE).unwrap()).unwrap()
    }

    fn is_closed(deal: &DealPlan) -> bool {
        deal.events
            .iter()
            .any(|event| matches!(event.what, What::Win | What::Lose { .. }))
    }

    #[test]
    fn the_same_moment_gives_the_same_book() {
        let (one, two) = (sample(), sample());
        assert_eq!(one.companies, two.companies);
        assert_eq!(one.contacts, two.contacts);
        assert_eq!(one.deals, two.deals);
    }

    #[test]
    fn there_is_as_much_of_everything_as_is_promised() {
        let plan = sample();
        let open = plan.deals.iter().filter(|deal| !is_closed(deal)).count();
        assert_eq!(
            (plan.team.len(), plan.companies.len(), plan.contacts.len()),
            (5, 80, 200)
        );
        assert_eq!((open, plan.deals.len()), (60, 310));
        assert!(plan.deals.iter().any(|deal| deal.amount.is_none()));
        assert!(plan.deals.iter().any(|deal| deal.currency != "CHF"));
    }

    #[test]
    fn every_story_runs_forward_and_none_is_ahead_of_now() {
        // A working day, a Sunday, and a minute past midnight of a Monday.
        for now in [
            "2026-11-24T10:05:00Z",
            "2026-11-22T12:00:00Z",
            "2024-03-04T00:01:00+01:00",
        ] {
            let plan = sample_of(now);
            for deal in &plan.deals {
                let mut last = deal.created;
                for event in &deal.events {
                    assert!(last < event.at && event.at < plan.now, "{now} {deal:?}");
                    last = event.at;
                }
            }
        }
    }

    #[test]
    fn nothing_happens_to_a_deal_after_its_close() {
        for deal in sample().deals.iter().filter(|deal| is_closed(deal)) {
            let last = deal.events.last().map(|event| &event.what);
            assert!(matches!(last, Some(What::Win | What::Lose { .. })));
        }
    }

    #[test]
    fn who_has_left_acts_no_more() {
        let plan = sample();
        let left = plan
            .team
            .iter()
            .position(|rep| rep.left_days_ago.is_some())
            .unwrap();
        let gone = plan.team[left].left_days_ago.unwrap();
        let gone = plan.now.millis() - (gone - 1) * DAY_MS;
        let late = plan
            .deals
            .iter()
            .flat_map(|deal| &deal.events)
            .filter(|event| event.rep == left);
        assert!(late.map(|event| event.at.millis()).max().unwrap() < gone);
    }

    #[test]
    fn there_are_steps_overdue_for_today_and_later() {
        use super::activities::Due;
        let plan = sample();
        let today = plan.now.date(ZONE);
        let days: Vec<i64> = plan
            .deals
            .iter()
            .flat_map(|deal| &deal.events)
            .filter_map(|event| match &event.what {
                What::Act(act) => act.due,
                _ => None,
            })
            .map(|due| match due {
                Due::Day(date) => (date - today).num_days(),
                Due::At(at) => (at.date(ZONE) - today).num_days(),
            })
            .collect();
        let count = |fits: fn(&i64) -> bool| days.iter().copied().filter(fits).count();
        assert!(
            count(|day| *day < 0) >= 5
                && count(|day| *day == 0) >= 4
                && count(|day| *day > 0) >= 12,
            "{days:?}"
        );
    }
}
