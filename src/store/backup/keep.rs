//! Which backups are no longer needed: the last five stay, one a day for two weeks and one a week for eight weeks. What a restore
//! replaced stays for thirty days, and the newest always.

use std::collections::HashSet;

use crate::domain::time::{DAY_MS, Instant};

use super::name::Occasion;

/// So many of the newest stay.
const LAST: usize = 5;
/// For so many days the newest of each day stays.
const DAYS: i64 = 14;
/// For so many weeks the newest of each week stays.
const WEEKS: i64 = 8;
/// For so many days the state stays that a restore replaced.
const REPLACED_DAYS: i64 = 30;

/// The places of those that may go, of backups that were made at these moments. Days are those of UTC, weeks begin on Monday.
pub(super) fn superfluous(backups: &[(Instant, Occasion)], now: Instant) -> Vec<usize> {
    let mut newest_first: Vec<usize> = (0..backups.len()).collect();
    newest_first.sort_by_key(|place| std::cmp::Reverse(backups[*place].0));
    let (mut days, mut weeks) = (HashSet::new(), HashSet::new());
    let today = day(now);
    let mut may_go = Vec::new();
    for (rank, place) in newest_first.into_iter().enumerate() {
        let (at, occasion) = backups[place];
        let age = today - day(at);
        // Each is asked of every backup, so that the newest of a day or week is the one that stays.
        let of_its_day = days.insert(day(at)) && age < DAYS;
        let of_its_week = weeks.insert(week(at)) && age < WEEKS * 7;
        let replaced = occasion == Occasion::BeforeRestore && age < REPLACED_DAYS;
        if !(rank < LAST || of_its_day || of_its_week || replaced) {
            may_go.push(place);
        }
    }
    may_go
}

fn day(at: Instant) -> i64 {
    at.millis().div_euclid(DAY_MS)
}

/// The first day of 1970 was a Thursday.
fn week(at: Instant) -> i64 {
    (day(at) + 3).div_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-11-24T10:05:00Z, a Tuesday.
    const NOW: i64 = 1_795_514_700_000;
    const HOUR_MS: i64 = 3_600_000;

    fn at(hours_ago: i64) -> Instant {
        Instant::from_millis(NOW - hours_ago * HOUR_MS)
    }

    /// The ages in hours of those that stay.
    fn stay(ages: &[i64], occasion: Occasion) -> Vec<i64> {
        let backups: Vec<_> = ages.iter().map(|age| (at(*age), occasion)).collect();
        let go = superfluous(&backups, at(0));
        (0..ages.len())
            .filter(|place| !go.contains(place))
            .map(|place| ages[place])
            .collect()
    }

    #[test]
    fn of_one_day_the_last_five_stay() {
        assert_eq!(
            stay(&[0, 1, 2, 3, 4, 5, 6, 7], Occasion::Usual),
            [0, 1, 2, 3, 4]
        );
    }

    #[test]
    fn daily_backups_of_a_year_become_two_weeks_of_days_and_eight_of_weeks() {
        let ages: Vec<i64> = (0..365).map(|day| day * 24).collect();
        let stay: Vec<i64> = stay(&ages, Occasion::Usual)
            .into_iter()
            .map(|age| age / 24)
            .collect();
        let days: Vec<i64> = (0..14).collect();
        assert_eq!(stay[..14], days);
        // From then on the Sundays: the newest of each week.
        assert_eq!(stay[14..], [16, 23, 30, 37, 44, 51]);
    }

    #[test]
    fn the_order_in_which_they_are_found_does_not_matter() {
        assert_eq!(
            stay(&[7, 0, 6, 1, 5, 2, 4, 3], Occasion::Usual),
            [0, 1, 2, 4, 3]
        );
    }

    #[test]
    fn what_a_restore_replaced_stays_for_thirty_days() {
        let mut ages: Vec<i64> = (0..5).collect();
        let day = 24;
        ages.extend([20 * day + 1, 20 * day + 2, 40 * day + 1, 40 * day + 2]);
        assert_eq!(
            stay(&ages, Occasion::BeforeRestore),
            [0, 1, 2, 3, 4, 481, 482, 961]
        );
        assert_eq!(stay(&ages, Occasion::Usual), [0, 1, 2, 3, 4, 481, 961]);
    }

    #[test]
    fn a_clock_that_was_ahead_costs_nothing() {
        assert_eq!(stay(&[-48, 0, 24], Occasion::Usual), [-48, 0, 24]);
    }

    proptest! {
        #[test]
        fn the_newest_five_always_stay(ages in proptest::collection::vec(-1000_i64..20_000, 0..60)) {
            let mut newest = ages.clone();
            newest.sort_unstable();
            newest.truncate(LAST);
            let mut stay = stay(&ages, Occasion::Usual);
            stay.sort_unstable();
            prop_assert_eq!(&stay[..newest.len()], &newest[..]);
            prop_assert!(stay.len() <= LAST + 14 + 8 + ages.iter().filter(|age| **age < 0).count());
        }
    }
}
