//! The figures of reports, as functions of rows: exact, with their n, their formula and what they leave out.
//!
//! A report is about the deals that were closed in a period and are closed still: a deal that was opened again counts by its last
//! close only, because the book keeps no other. Whoever asks gives these rows; nothing here knows the book.
//!
//! | module | holds |
//! |---|---|
//! | [`figures`] | ratios with their interval, sums that know what is missing, medians |
//! | [`win_rate`](mod@win_rate) | the win rate, by count and by value |
//! | [`leaderboard`](mod@leaderboard) | who won how much |

pub mod figures;
pub mod leaderboard;
pub mod win_rate;

#[cfg(test)]
mod golden;

pub use figures::{ClosedSum, Cycle, Rate};
pub use leaderboard::{Leaderboard, Row, Who, leaderboard};
pub use win_rate::{RepRate, WinRate, win_rate};

use super::period::Period;
use super::records::{Link, Rep};
use super::time::{Instant, Zone};

/// A person's own ratio of fewer deals than this is chance, and is not shown.
pub const LEAST_OF_A_PERSON: u64 = 10;

/// A deal that was won or lost, with the facts that were frozen at its close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDeal {
    /// Who owned it at the close, and gets the credit; `None` is nobody.
    pub owner: Option<Link<Rep>>,
    /// Won, or else lost.
    pub won: bool,
    /// Of a lost one: whether its reason is a real loss. A duplicate or a test is none, a reason that was not given is one.
    pub real_loss: bool,
    /// When it came into being; `None` where nobody knows.
    pub created_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Instant,
    /// Its amount in minor units of the base currency, at the rate of the close.
    pub base_minor: Option<i64>,
    /// Whether it has an amount that is not in `base_minor`, because its currency had no rate.
    pub without_rate: bool,
}

impl ClosedDeal {
    /// Whether it was lost for a real reason.
    #[must_use]
    pub const fn lost(&self) -> bool {
        !self.won && self.real_loss
    }

    /// Whether it was closed in a period, by the days of the team's zone.
    #[must_use]
    pub fn is_of(&self, period: Period, zone: Zone) -> bool {
        period.holds(self.closed_at.date(zone))
    }
}

/// A rep that a report has a row for, with deals or without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The rep.
    pub rep: Link<Rep>,
    /// Whether they have left. They keep their row.
    pub left: bool,
}

/// How a figure comes about, for `--explain` and the `i` key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Formula {
    /// The figure, by its name in the output.
    pub figure: &'static str,
    /// In words.
    pub formula: &'static str,
}
