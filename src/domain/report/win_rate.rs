//! How much of what was closed was won.

use std::collections::HashMap;

use super::figures::{ClosedSum, Rate, float};
use super::leaderboard::Who;
use super::{ClosedDeal, Formula, Member};
use crate::domain::id::Id;
use crate::domain::records::Rep;

/// How the figures come about.
pub const FORMULAS: &[Formula] = &[
    Formula {
        figure: "win_rate",
        formula: "won / (won + lost), by the date of the close; deals lost for no real reason (duplicate, test) are on neither side",
    },
    Formula {
        figure: "interval",
        formula: "Wilson score interval, 95 %: the ratio that these deals are a sample of lies in it",
    },
    Formula {
        figure: "win_rate_value",
        formula: "sum of won / (sum of won + sum of lost), in the base currency at the rates of the close; deals without an amount or a rate are left out and counted",
    },
    Formula {
        figure: "win_rate of a rep",
        formula: "the same over the deals that the rep owned at their close; not shown below 10 of them",
    },
];

/// The win rate of some closed deals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WinRate {
    /// By count.
    pub count: Rate,
    /// What was won, in the base currency.
    pub won: ClosedSum,
    /// What was lost for a real reason.
    pub lost: ClosedSum,
    /// Deals lost for no real reason: on neither side.
    pub excluded: u64,
    /// By who owned them at the close: every member, then whoever else closed deals, then nobody; by name.
    pub reps: Vec<RepRate>,
}

/// The win rate of one rep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepRate {
    /// Who.
    pub who: Who,
    /// By count. [`Rate::of_a_person`] is what may be shown of it.
    pub rate: Rate,
}

impl WinRate {
    /// By value: won / (won + lost) in the base currency; `None` where no amount is known, or they come to nothing.
    #[must_use]
    pub fn value_ratio(&self) -> Option<f64> {
        let (won, lost) = (self.won.minor, self.lost.minor);
        let whole = won
            .checked_add(lost)
            .filter(|whole| *whole > 0 && won >= 0 && lost >= 0)?;
        Some(float(won.unsigned_abs()) / float(whole.unsigned_abs()))
    }
}

/// The win rate of deals that were closed in one period.
#[must_use]
pub fn win_rate(deals: &[ClosedDeal], members: &[Member]) -> WinRate {
    let mut report = WinRate {
        count: Rate::default(),
        won: ClosedSum::default(),
        lost: ClosedSum::default(),
        excluded: 0,
        reps: Vec::new(),
    };
    let mut by_owner: HashMap<Option<Id<Rep>>, Rate> = HashMap::new();
    for deal in deals {
        report.count.count(deal);
        let owner = deal.owner.as_ref().map(|link| link.id);
        by_owner.entry(owner).or_default().count(deal);
        if deal.won {
            report.won.count(deal);
        } else if deal.lost() {
            report.lost.count(deal);
        } else {
            report.excluded += 1;
        }
    }
    report.reps = Who::all(deals, members)
        .into_iter()
        .map(|who| RepRate {
            rate: by_owner.remove(&who.id()).unwrap_or_default(),
            who,
        })
        .collect();
    report
}
