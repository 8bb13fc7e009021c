//! Reporting periods: half-open spans of dates in the team's zone.

use chrono::{Datelike, Days, Months};

use super::time::{Date, Instant, Zone, start_of_day};

/// A span of dates: `from` is in it, `to` is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Period {
    /// The first date.
    pub from: Date,
    /// The date after the last.
    pub to: Date,
}

impl Period {
    /// Reads `2017`, `2026-Q4`, `2026-11`, `2026-W48`, `2026-11-24`, `2026-01-01..2026-03-31` (both in it), `today`, `this-week`,
    /// `this-month`, `this-quarter`, `this-year` and `last-…` of each. Quarters and years of the fiscal year that begins with
    /// month `fiscal_start` (1 to 12) bear the calendar year in which they begin.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str, today: Date, fiscal_start: u32) -> Result<Self, String> {
        let word = text.trim().to_lowercase();
        let fault = || {
            format!(
                "`{}` is not a period: write 2026, 2026-Q4, 2026-11, 2026-01-01..2026-03-31 or this-quarter",
                text.trim()
            )
        };
        if let Some((from, to)) = word.split_once("..") {
            let (from, last): (Date, Date) = (
                from.parse().map_err(|_| fault())?,
                to.parse().map_err(|_| fault())?,
            );
            let to = last.succ_opt().ok_or_else(fault)?;
            return if from < to {
                Ok(Self { from, to })
            } else {
                Err(format!("`{}` ends before it begins.", text.trim()))
            };
        }
        if let Some(unit) = word
            .strip_prefix("this-")
            .or_else(|| (word == "today").then_some("day"))
        {
            return Self::around(unit, today, fiscal_start).ok_or_else(fault);
        }
        if let Some(unit) = word.strip_prefix("last-") {
            let this = Self::around(unit, today, fiscal_start).ok_or_else(fault)?;
            return this
                .from
                .pred_opt()
                .and_then(|day| Self::around(unit, day, fiscal_start))
                .ok_or_else(fault);
        }
        Self::named(&word, fiscal_start).ok_or_else(fault)
    }

    /// The day, week (from Monday), month, quarter or year that holds a date.
    fn around(unit: &str, day: Date, fiscal_start: u32) -> Option<Self> {
        let months_in = |year_start: u32| (day.month() + 12 - year_start) % 12;
        let months_back = |count: u32| day.with_day(1)?.checked_sub_months(Months::new(count));
        match unit {
            "day" => Some(Self {
                from: day,
                to: day.succ_opt()?,
            }),
            "week" => {
                let from = day
                    .checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))?;
                Some(Self {
                    from,
                    to: from.checked_add_days(Days::new(7))?,
                })
            }
            "month" => Self::months(months_back(0)?, 1),
            "quarter" => Self::months(months_back(months_in(fiscal_start) % 3)?, 3),
            "year" => Self::months(months_back(months_in(fiscal_start))?, 12),
            _ => None,
        }
    }

    fn months(from: Date, count: u32) -> Option<Self> {
        Some(Self {
            from,
            to: from.checked_add_months(Months::new(count))?,
        })
    }

    /// `2017`, `2026-q4`, `2026-11`, `2026-w48`, `2026-11-24`.
    fn named(word: &str, fiscal_start: u32) -> Option<Self> {
        if let Ok(day) = word.parse::<Date>() {
            return Some(Self {
                from: day,
                to: day.succ_opt()?,
            });
        }
        let (year, part) = word
            .split_once('-')
            .map_or((word, None), |(year, part)| (year, Some(part)));
        let year: i32 = if year.len() == 4 {
            year.parse().ok()?
        } else {
            return None;
        };
        let year_start = Date::from_ymd_opt(year, fiscal_start, 1)?;
        match part {
            None => Self::months(year_start, 12),
            Some(part) => {
                if let Some(quarter) = part.strip_prefix('q') {
                    let quarter: u32 = quarter.parse().ok().filter(|q| (1..=4).contains(q))?;
                    Self::months(
                        year_start.checked_add_months(Months::new(3 * (quarter - 1)))?,
                        3,
                    )
                } else if let Some(week) = part.strip_prefix('w') {
                    let from =
                        Date::from_isoywd_opt(year, week.parse().ok()?, chrono::Weekday::Mon)?;
                    Some(Self {
                        from,
                        to: from.checked_add_days(Days::new(7))?,
                    })
                } else {
                    Self::months(Date::from_ymd_opt(year, part.parse().ok()?, 1)?, 1)
                }
            }
        }
    }

    /// As people call it: `2026`, `Q4 2026`, `Nov 2026`, else its first and last date. `fiscal_start` as for [`parse`](Self::parse).
    #[must_use]
    pub fn name(self, fiscal_start: u32) -> String {
        let is = |months: u32| Self::months(self.from, months) == Some(self);
        let into_year = (self.from.month() + 12 - fiscal_start) % 12;
        let year = if self.from.month() < fiscal_start {
            self.from.year() - 1
        } else {
            self.from.year()
        };
        if self.from.day() != 1 {
            self.to_string()
        } else if is(12) && into_year == 0 {
            year.to_string()
        } else if is(3) && into_year.is_multiple_of(3) {
            format!("Q{} {year}", into_year / 3 + 1)
        } else if is(1) {
            self.from.format("%b %Y").to_string()
        } else {
            self.to_string()
        }
    }

    /// Whether a date lies in the period.
    #[must_use]
    pub fn holds(self, date: Date) -> bool {
        self.from <= date && date < self.to
    }

    /// The first moment of the period and the first after it, in a zone.
    #[must_use]
    pub fn span(self, zone: Zone) -> (Instant, Instant) {
        (start_of_day(self.from, zone), start_of_day(self.to, zone))
    }
}

/// A period that means the same on every day, in its usual spelling: `2026-Q4`, `2026-11`, `2026-W48`. What depends on the day it is
/// said (`this-quarter`) is refused.
///
/// # Errors
/// A sentence that says what was expected.
pub fn fixed(text: &str) -> Result<String, String> {
    let word = text.trim();
    let moves = ["this-", "last-", "today"];
    let lower = word.to_lowercase();
    if moves.iter().any(|begin| lower.starts_with(begin)) {
        return Err(format!(
            "`{word}` is another period later: write 2026, 2026-Q4 or 2026-11."
        ));
    }
    // Neither the day nor the beginning of the year matters to whether it can be read.
    Period::parse(word, Date::default(), 1).map(|_| word.to_uppercase())
}

/// A period as it is kept: what depends on the day (`this-quarter`) by what it means today, under its name where it has one.
///
/// # Errors
/// A sentence that says what was expected.
pub fn kept(text: &str, today: Date, fiscal_start: u32) -> Result<String, String> {
    let spelled = Period::parse(text, today, fiscal_start)?.spelled(fiscal_start);
    // A week or a day has no other name than the one that was typed.
    Ok(if spelled.contains("..") {
        fixed(text).unwrap_or(spelled)
    } else {
        spelled
    })
}

impl Period {
    /// As [`fixed`] spells it, and [`parse`](Self::parse) reads it back: `2026`, `2026-Q4`, `2026-11`, else first and last date.
    #[must_use]
    pub fn spelled(self, fiscal_start: u32) -> String {
        let year = self.from.year();
        let named = [
            year.to_string(),
            (year - 1).to_string(),
            self.from.format("%Y-%m").to_string(),
        ]
        .into_iter()
        .chain((1..=4).flat_map(|q| [format!("{year}-Q{q}"), format!("{}-Q{q}", year - 1)]));
        let mut fits = named.filter(|name| {
            Self::named(&name.to_lowercase(), fiscal_start).is_some_and(|period| period == self)
        });
        fits.next().unwrap_or_else(|| self.to_string())
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}..{}",
            self.from,
            self.to.pred_opt().unwrap_or(self.to)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str, fiscal_start: u32) -> (String, String) {
        let today = "2026-11-24".parse().unwrap();
        let period = Period::parse(text, today, fiscal_start).unwrap();
        (period.from.to_string(), period.to.to_string())
    }

    #[test]
    fn periods_are_half_open() {
        for (text, from, to) in [
            ("2017", "2017-01-01", "2018-01-01"),
            ("2026-Q4", "2026-10-01", "2027-01-01"),
            ("2026-11", "2026-11-01", "2026-12-01"),
            ("2026-W48", "2026-11-23", "2026-11-30"),
            ("2026-01-01..2026-03-31", "2026-01-01", "2026-04-01"),
            ("today", "2026-11-24", "2026-11-25"),
            ("this-week", "2026-11-23", "2026-11-30"),
            ("this-quarter", "2026-10-01", "2027-01-01"),
            ("last-quarter", "2026-07-01", "2026-10-01"),
            ("last-year", "2025-01-01", "2026-01-01"),
        ] {
            assert_eq!(period(text, 1), (from.into(), to.into()), "{text}");
        }
    }

    #[test]
    fn quarters_follow_the_fiscal_year() {
        assert_eq!(
            period("2026-Q1", 4),
            ("2026-04-01".into(), "2026-07-01".into())
        );
        assert_eq!(
            period("this-quarter", 2),
            ("2026-11-01".into(), "2027-02-01".into())
        );
        assert_eq!(
            period("this-year", 4),
            ("2026-04-01".into(), "2027-04-01".into())
        );
    }

    #[test]
    fn periods_are_named_as_people_call_them() {
        let today = "2026-11-24".parse().unwrap();
        for (text, fiscal_start, name) in [
            ("2017", 1, "2017"),
            ("2026-Q4", 1, "Q4 2026"),
            ("2026-Q4", 4, "Q4 2026"),
            ("2026", 4, "2026"),
            ("2026-11", 1, "Nov 2026"),
            ("2026-11-24", 1, "2026-11-24..2026-11-24"),
        ] {
            let period = Period::parse(text, today, fiscal_start).unwrap();
            assert_eq!(period.name(fiscal_start), name);
        }
    }

    #[test]
    fn what_is_kept_means_the_same_on_every_day() {
        let today = "2026-11-24".parse().unwrap();
        for (text, fiscal_start, spelled) in [
            ("this-quarter", 1, "2026-Q4"),
            ("2026-q4", 1, "2026-Q4"),
            ("2026-10-01..2026-12-31", 1, "2026-Q4"),
            ("this-quarter", 2, "2026-Q4"),
            ("this-quarter", 12, "2025-Q4"),
            ("2026", 4, "2026"),
            ("this-month", 1, "2026-11"),
            ("2026-w48", 1, "2026-W48"),
            ("2026-11-24", 1, "2026-11-24"),
            ("this-week", 1, "2026-11-23..2026-11-29"),
        ] {
            let kept = kept(text, today, fiscal_start).unwrap();
            assert_eq!(kept, spelled, "{text}");
            assert_eq!(fixed(&kept).as_ref(), Ok(&kept));
            assert_eq!(
                Period::parse(&kept, today, fiscal_start),
                Period::parse(text, today, fiscal_start)
            );
        }
        for text in ["this-quarter", "Last-Year", "today", "2026-Q5", ""] {
            assert!(fixed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        let today = "2026-11-24".parse().unwrap();
        for text in [
            "",
            "17",
            "2026-Q5",
            "2026-13",
            "2026-W60",
            "2026-03-31..2026-01-01",
            "this-eon",
            "99999",
        ] {
            assert!(Period::parse(text, today, 1).is_err(), "{text}");
        }
    }
}
