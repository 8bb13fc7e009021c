//! Days before today, and working hours.

use chrono::{Datelike, Days, NaiveTime, Weekday};

use super::chance::Chance;
use crate::domain::time::{Date, Instant, Zone, local_instant};

/// Milliseconds in a minute.
const MINUTE: i64 = 60_000;

/// The calendar of the sample data, relative to the moment that it is made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Diary {
    pub now: Instant,
    pub zone: Zone,
}

impl Diary {
    pub fn today(self) -> Date {
        self.now.date(self.zone)
    }

    /// The date so many days before today; ahead of it where `ago` is negative.
    pub fn date(self, ago: i64) -> Date {
        let days = Days::new(ago.unsigned_abs());
        let today = self.today();
        let moved = if ago < 0 {
            today.checked_add_days(days)
        } else {
            today.checked_sub_days(days)
        };
        moved.unwrap_or(today)
    }

    /// A working day so many days ago, or the one before it where that is a weekend; ahead, the one behind it.
    pub fn working_date(self, ago: i64) -> Date {
        let date = self.date(ago);
        let off = match date.weekday() {
            Weekday::Sat => 1,
            Weekday::Sun => 2,
            _ => return date,
        };
        if ago < 0 {
            self.date(ago - (3 - off))
        } else {
            self.date(ago + off)
        }
    }

    /// A moment in the working hours of a day so many days ago, and not ahead of now.
    pub fn moment(self, ago: i64, chance: &mut Chance) -> Instant {
        let at = self.on(self.working_date(ago), chance);
        let latest = self.now.millis() - 5 * MINUTE;
        Instant::from_millis(at.millis().min(latest))
    }

    /// A moment in the working hours of a date: from 8 to 18, at a full five minutes.
    pub fn on(self, date: Date, chance: &mut Chance) -> Instant {
        let minutes = u32::try_from(5 * chance.between(8 * 12, 18 * 12 - 1)).unwrap_or_default();
        let time = NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0).unwrap_or_default();
        local_instant(date.and_time(time), self.zone)
    }

    /// `at`, or a while after `last` where it does not lie behind it.
    pub fn behind(at: Instant, last: Instant, chance: &mut Chance) -> Instant {
        if at > last {
            return at;
        }
        Instant::from_millis(last.millis() + chance.between(1, 9) * MINUTE)
    }
}
