//! Instants, dates and the team's time zone.
//!
//! An instant is a moment everywhere; a date (expected close, due) has no zone. Which date an instant falls on is a question to
//! the team's zone, which lives in the book, never to the laptop.

use chrono::{
    DateTime, Datelike, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone,
    Utc,
};
use serde::{Deserialize, Serialize};

/// A date without time and zone.
pub type Date = NaiveDate;

/// The team's time zone, by its IANA name.
pub type Zone = chrono_tz::Tz;

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// A moment: milliseconds UTC since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// A stored instant.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds UTC since 1970, as stored.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 instant, or a bare date as the start of that day in `zone`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str, zone: Zone) -> Result<Self, String> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self(at.timestamp_millis()));
        }
        for form in [
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%d %H:%M",
        ] {
            if let Ok(local) = NaiveDateTime::parse_from_str(text, form) {
                return Ok(local_instant(local, zone));
            }
        }
        text.parse::<Date>()
            .map(|date| start_of_day(date, zone))
            .map_err(|_| {
                format!("`{text}` is not a moment: write 2026-11-24T10:05:00Z or 2026-11-24")
            })
    }

    /// The same moment on the wall clock of a zone.
    #[must_use]
    pub fn local(self, zone: Zone) -> DateTime<Zone> {
        self.utc().with_timezone(&zone)
    }

    /// The date that this moment falls on in a zone.
    #[must_use]
    pub fn date(self, zone: Zone) -> Date {
        self.local(zone).date_naive()
    }

    /// Whole and part days from `earlier` to this moment; negative when it lies before.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of a few thousand years fit 52 bits"
    )]
    pub fn days_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / DAY_MS as f64
    }

    fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }
}

/// RFC 3339 in UTC, with milliseconds only where there are any.
impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let precision = if self.0 % 1000 == 0 {
            SecondsFormat::Secs
        } else {
            SecondsFormat::Millis
        };
        f.write_str(&self.utc().to_rfc3339_opts(precision, true))
    }
}

/// The instant of a wall-clock time in a zone: the earlier one where clocks go back, the first valid one where they jump ahead.
#[must_use]
pub fn local_instant(local: NaiveDateTime, zone: Zone) -> Instant {
    let mut probe = local;
    loop {
        match zone.from_local_datetime(&probe) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => {
                return Instant(at.timestamp_millis());
            }
            LocalResult::None => probe += chrono::Duration::minutes(15),
        }
    }
}

/// Midnight, or the first moment that exists, of a date in a zone.
#[must_use]
pub fn start_of_day(date: Date, zone: Zone) -> Instant {
    local_instant(date.and_time(NaiveTime::MIN), zone)
}

/// Noon of a date in a zone: the moment of an event of which only the date is known (a close date without a time).
#[must_use]
pub fn noon(date: Date, zone: Zone) -> Instant {
    local_instant(
        date.and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap_or(NaiveTime::MIN)),
        zone,
    )
}

/// Reads a date as people type it, as seen from `today`: `2026-11-24`, `24.11.`, `24.11.2026`, `today`, `tomorrow`, `fri`
/// (the next one), `+3d`, `+2w`, `+1m`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_date(text: &str, today: Date) -> Result<Date, String> {
    let word = text.trim().to_lowercase();
    let fault = || {
        format!(
            "`{}` is not a date: write 2026-11-24, 24.11., fri or +3d",
            text.trim()
        )
    };
    if let Ok(date) = word.parse::<Date>() {
        return Ok(date);
    }
    match word.as_str() {
        "today" => return Ok(today),
        "tomorrow" => return today.succ_opt().ok_or_else(fault),
        "yesterday" => return today.pred_opt().ok_or_else(fault),
        _ => {}
    }
    if let Ok(weekday) = word.parse::<chrono::Weekday>() {
        let ahead =
            (7 + weekday.num_days_from_monday() - today.weekday().num_days_from_monday() - 1) % 7
                + 1;
        return today
            .checked_add_days(chrono::Days::new(u64::from(ahead)))
            .ok_or_else(fault);
    }
    if word.starts_with(['+', '-']) {
        return relative_date(&word, today).ok_or_else(fault);
    }
    day_first(&word, today).ok_or_else(fault)
}

fn relative_date(word: &str, today: Date) -> Option<Date> {
    let (sign, rest) = word.split_at(1);
    let unit = rest.chars().last()?;
    let count: u32 = rest.trim_end_matches(unit).parse().ok()?;
    let ahead = sign == "+";
    let days = |days: u32| {
        let days = chrono::Days::new(u64::from(days));
        if ahead {
            today.checked_add_days(days)
        } else {
            today.checked_sub_days(days)
        }
    };
    match unit {
        'd' => days(count),
        'w' => days(count.checked_mul(7)?),
        'm' => {
            let months = chrono::Months::new(count);
            if ahead {
                today.checked_add_months(months)
            } else {
                today.checked_sub_months(months)
            }
        }
        _ => None,
    }
}

/// `24.11.`, `24.11.26`, `24.11.2026`: the day first, and without a year the next such day.
fn day_first(word: &str, today: Date) -> Option<Date> {
    let mut parts = word.trim_end_matches('.').split('.');
    let day: u32 = parts.next()?.trim().parse().ok()?;
    let month: u32 = parts.next()?.trim().parse().ok()?;
    let date = match parts.next().map(str::trim) {
        None => {
            let this_year = Date::from_ymd_opt(today.year(), month, day);
            this_year
                .filter(|date| *date >= today)
                .or_else(|| Date::from_ymd_opt(today.year() + 1, month, day))
        }
        Some(year) => {
            let year: i32 = year.parse().ok()?;
            Date::from_ymd_opt(if year < 100 { 2000 + year } else { year }, month, day)
        }
    };
    date.filter(|_| parts.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZURICH: Zone = chrono_tz::Europe::Zurich;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_half_hour_of_the_year_in_utc_is_next_year_in_zurich() {
        let at = Instant::parse("2026-12-31T23:30:00Z", ZURICH).unwrap();
        assert_eq!(at.date(ZURICH), date("2027-01-01"));
    }

    #[test]
    fn a_wall_clock_time_that_is_skipped_becomes_the_next_that_exists() {
        let skipped = date("2026-03-29").and_hms_opt(2, 30, 0).unwrap();
        assert_eq!(
            local_instant(skipped, ZURICH).to_string(),
            "2026-03-29T01:00:00Z"
        );
    }

    #[test]
    fn instants_print_as_rfc_3339_and_read_back() {
        for text in ["2026-11-24T10:05:00Z", "2026-11-24T10:05:00.250Z"] {
            assert_eq!(Instant::parse(text, ZURICH).unwrap().to_string(), text);
        }
        assert_eq!(
            Instant::parse("2026-11-24 11:05", ZURICH)
                .unwrap()
                .to_string(),
            "2026-11-24T10:05:00Z"
        );
        assert_eq!(
            Instant::parse("2026-11-24", ZURICH).unwrap().to_string(),
            "2026-11-23T23:00:00Z"
        );
    }

    #[test]
    fn an_instant_beyond_the_calendar_prints_without_panic() {
        assert!(!Instant::from_millis(i64::MAX).to_string().is_empty());
        assert!(!Instant::from_millis(i64::MIN).to_string().is_empty());
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let tuesday = date("2026-11-24");
        for (typed, meant) in [
            ("2026-12-18", "2026-12-18"),
            ("24.11.", "2026-11-24"),
            ("1.2.", "2027-02-01"),
            ("3.4.27", "2027-04-03"),
            ("fri", "2026-11-27"),
            ("tuesday", "2026-12-01"),
            ("+3d", "2026-11-27"),
            ("-2w", "2026-11-10"),
            ("+1m", "2026-12-24"),
            ("today", "2026-11-24"),
        ] {
            assert_eq!(parse_date(typed, tuesday), Ok(date(meant)), "{typed}");
        }
        for typed in ["", "31.2.", "soon", "+d", "+99999999999d", "1.2.3.4", "+é"] {
            assert!(parse_date(typed, tuesday).is_err(), "{typed}");
        }
    }
}
