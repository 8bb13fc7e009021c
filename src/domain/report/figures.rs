//! The kinds of figures that reports are made of. None of them takes what is unknown for zero.

use super::ClosedDeal;
use crate::domain::time::DAY_MS;

/// Won of closed, by count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many were won.
    pub won: u64,
    /// How many were lost for a real reason.
    pub lost: u64,
}

/// The quantile of the normal distribution for an interval of 95 %.
const Z_95: f64 = 1.959_963_984_540_054;

impl Rate {
    /// Counts a deal; one that was lost for no real reason is on neither side.
    pub fn count(&mut self, deal: &ClosedDeal) {
        self.won += u64::from(deal.won);
        self.lost += u64::from(deal.lost());
    }

    /// Of how many deals the ratio is.
    #[must_use]
    pub const fn n(self) -> u64 {
        self.won + self.lost
    }

    /// won / (won + lost); `None` of none.
    #[must_use]
    pub fn ratio(self) -> Option<f64> {
        (self.n() > 0).then(|| float(self.won) / float(self.n()))
    }

    /// The Wilson score interval of 95 %: where the ratio lies that these deals are a sample of (Wilson 1927). `None` of none.
    #[must_use]
    pub fn interval(self) -> Option<(f64, f64)> {
        let (n, p) = (float(self.n()), self.ratio()?);
        let square = Z_95 * Z_95;
        let scale = 1.0 + square / n;
        let middle = (p + square / (2.0 * n)) / scale;
        let half = Z_95 * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / scale;
        Some(((middle - half).max(0.0), (middle + half).min(1.0)))
    }

    /// The ratio of one person: `None` as well where the deals are too few to tell it from chance.
    #[must_use]
    pub fn of_a_person(self) -> Option<f64> {
        self.ratio()
            .filter(|_| self.n() >= super::LEAST_OF_A_PERSON)
    }
}

/// A sum in the base currency, with what is missing from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClosedSum {
    /// Minor units of the base currency.
    pub minor: i64,
    /// How many deals are in it.
    pub n: u64,
    /// Deals that are not in it because they have no amount.
    pub without_amount: u64,
    /// Deals that are not in it because their currency had no rate.
    pub without_rate: u64,
}

impl ClosedSum {
    /// Adds a deal.
    pub fn count(&mut self, deal: &ClosedDeal) {
        match deal.base_minor {
            Some(minor) => {
                self.minor = self.minor.saturating_add(minor);
                self.n += 1;
            }
            None if deal.without_rate => self.without_rate += 1,
            None => self.without_amount += 1,
        }
    }

    /// The sum. Of no deals at all it is zero; of deals of which no amount is known it is unknown.
    #[must_use]
    pub const fn known(self) -> Option<i64> {
        if self.n > 0 || self.without_amount + self.without_rate == 0 {
            Some(self.minor)
        } else {
            None
        }
    }

    /// The mean over the deals that are in the sum, rounded half away from zero; `None` of none.
    #[must_use]
    pub fn mean(self) -> Option<i64> {
        let n = i128::from(self.n);
        if n == 0 {
            return None;
        }
        let sum = i128::from(self.minor);
        let rounded = (sum.abs() + n / 2) / n * sum.signum();
        i64::try_from(rounded).ok()
    }
}

/// How long won deals took, from their creation to their close.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cycle {
    /// Days, rounded to one decimal; `None` of none.
    pub median_days: Option<f64>,
    /// Of how many deals.
    pub n: u64,
    /// Won deals that are not in it because nobody knows when they came into being.
    pub unknown: u64,
    /// Deals in it that were closed before they came into being, by clocks that differ: each counts as no time.
    pub clamped: u64,
}

impl Cycle {
    /// Of the won ones among some deals.
    #[must_use]
    pub fn of<'a>(deals: impl IntoIterator<Item = &'a ClosedDeal>) -> Self {
        let mut cycle = Self::default();
        let mut spans = Vec::new();
        for deal in deals.into_iter().filter(|deal| deal.won) {
            let Some(created) = deal.created_at else {
                cycle.unknown += 1;
                continue;
            };
            let span = deal.closed_at.millis().saturating_sub(created.millis());
            cycle.clamped += u64::from(span < 0);
            cycle.n += 1;
            spans.push(span.max(0));
        }
        cycle.median_days = median(&mut spans)
            .map(|millis| (millis / float(DAY_MS.unsigned_abs()) * 10.0).round() / 10.0);
        cycle
    }
}

/// The middle of some numbers, of an even count the mean of the two in the middle.
fn median(numbers: &mut [i64]) -> Option<f64> {
    numbers.sort_unstable();
    let upper = numbers.len() / 2;
    let high = *numbers.get(upper)?;
    let low = if numbers.len().is_multiple_of(2) {
        numbers[upper - 1]
    } else {
        high
    };
    Some(f64::midpoint(
        float(low.unsigned_abs()),
        float(high.unsigned_abs()),
    ))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and milliseconds of spans of sales stay far below 2^52"
)]
pub(super) fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_closed_has_no_ratio_and_no_interval() {
        let none = Rate::default();
        assert_eq!(
            (none.ratio(), none.interval(), none.of_a_person()),
            (None, None, None)
        );
    }

    #[test]
    fn a_rep_without_losses_scores_one() {
        let all = Rate { won: 150, lost: 0 };
        assert_eq!(all.ratio(), Some(1.0));
        assert_eq!(Rate { won: 9, lost: 0 }.of_a_person(), None);
        assert_eq!(Rate { won: 10, lost: 0 }.of_a_person(), Some(1.0));
    }

    #[test]
    fn the_interval_is_wilsons() {
        // The bounds solve (p - 2/3)² = z² p (1 - p) / 9, computed apart.
        let (low, high) = Rate { won: 6, lost: 3 }.interval().unwrap();
        assert!(
            (low - 0.354_2).abs() < 1e-4 && (high - 0.879_4).abs() < 1e-4,
            "{low} {high}"
        );
    }

    #[test]
    fn a_sum_of_unknown_amounts_is_unknown_and_of_nothing_zero() {
        assert_eq!(ClosedSum::default().known(), Some(0));
        let unknown = ClosedSum {
            without_amount: 1,
            ..ClosedSum::default()
        };
        assert_eq!((unknown.known(), unknown.mean()), (None, None));
        let thirds = ClosedSum {
            minor: -500,
            n: 3,
            ..ClosedSum::default()
        };
        assert_eq!(thirds.mean(), Some(-167));
    }

    #[test]
    fn medians_are_in_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3, 1, 2]), Some(2.0));
        assert_eq!(median(&mut [4, 1, 2, 3]), Some(2.5));
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_ratio(won in 0_u64..5_000, lost in 0_u64..5_000) {
            let rate = Rate { won, lost };
            if let (Some(ratio), Some((low, high))) = (rate.ratio(), rate.interval()) {
                prop_assert!(0.0 <= low && low <= ratio + 1e-12 && ratio <= high + 1e-12 && high <= 1.0);
            }
        }
    }
}
