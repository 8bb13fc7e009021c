//! Dates, moments and spans of time as people type them.

use chrono::{Datelike, NaiveTime};

use super::Typing;
use crate::domain::time::{Date, Instant, local_instant, noon, parse_date};

/// Years in which typed dates may lie. What is outside is a slip (`0206`, `20260`), not a date of a sale.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// Reads a date as people type it (see [`parse_date`]), within the years of sales.
pub(super) fn parse_day(text: &str, ctx: &Typing) -> Result<Date, String> {
    let date = parse_date(text, ctx.today())?;
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(format!(
            "`{}` lies in the year {}: write a year from {} to {}",
            text.trim(),
            date.year(),
            YEARS.start(),
            YEARS.end()
        ))
    }
}

/// Reads a moment as people type it: `now`, `10:30` (today), `fri 14:00`, `24.11. 9am`, `-2h`, `-15min`, RFC 3339, or a date,
/// which is noon of that date in the team's zone.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_moment(text: &str, ctx: &Typing) -> Result<Instant, String> {
    let word = text.trim().to_lowercase();
    let fault = || {
        format!(
            "`{}` is not a moment: write now, 10:30, fri 14:00, -2h or 2026-11-24 10:05",
            text.trim()
        )
    };
    if word == "now" {
        return Ok(ctx.now);
    }
    if let Some(at) = relative_moment(&word, ctx.now) {
        return Ok(at);
    }
    if let Some(time) = time_of_day(&word) {
        return Ok(local_instant(ctx.today().and_time(time), ctx.zone));
    }
    if let Some((day, time)) = word.rsplit_once(char::is_whitespace)
        && let Some(time) = time_of_day(time)
    {
        let day = parse_day(day, ctx).map_err(|_| fault())?;
        return Ok(local_instant(day.and_time(time), ctx.zone));
    }
    if let Some(fault) = no_time_after_the_day(text, ctx) {
        return Err(fault);
    }
    if word.contains('t') && word.starts_with(|c: char| c.is_ascii_digit()) {
        let at = Instant::parse(&word.to_uppercase(), ctx.zone).map_err(|_| fault())?;
        return if YEARS.contains(&at.date(ctx.zone).year()) {
            Ok(at)
        } else {
            Err(fault())
        };
    }
    parse_day(&word, ctx)
        .map(|day| noon(day, ctx.zone))
        .map_err(|_| fault())
}

/// Of `fri 25:00` or `tomorrow 9`, where the day is understood and what follows it is not: what is wrong with that.
pub(super) fn no_time_after_the_day(text: &str, ctx: &Typing) -> Option<String> {
    let (day, time) = text.trim().rsplit_once(char::is_whitespace)?;
    let fault = || format!("`{time}` is not a time of the day: write 14:00, 9am or 2:30pm");
    (parse_day(day, ctx).is_ok() && parse_day(text, ctx).is_err()).then(fault)
}

/// `+2h`, `-15min`. Days and longer are dates.
fn relative_moment(word: &str, now: Instant) -> Option<Instant> {
    let count = word.strip_prefix(['+', '-'])?;
    let (count, unit_ms) = match count.strip_suffix('h') {
        Some(hours) => (hours, 3_600_000),
        None => (count.strip_suffix("min")?, 60_000),
    };
    let count: i64 = count.trim_end().parse::<u16>().ok()?.into();
    let span = count * unit_ms;
    Some(Instant::from_millis(if word.starts_with('-') {
        now.millis().saturating_sub(span)
    } else {
        now.millis().saturating_add(span)
    }))
}

/// `10:30`, `9:05`, `14:00:30`, `9am`, `2:30pm`.
fn time_of_day(word: &str) -> Option<NaiveTime> {
    let (clock, half_day) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (word, None),
    };
    let mut parts = clock.split(':').map(|part| {
        let plain = !part.is_empty() && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u32>().ok()).flatten()
    });
    let hour = parts.next()??;
    let minute = parts.next();
    if minute.is_none() && half_day.is_none() {
        return None;
    }
    let minute = minute.unwrap_or(Some(0))?;
    let second = parts.next().unwrap_or(Some(0))?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match half_day {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(offset) => hour % 12 + offset,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second)
}

/// A moment to the second or finer where it has such, so that it reads back as itself.
pub(super) fn typed_moment(at: Instant, ctx: &Typing) -> String {
    let local = at.local(ctx.zone);
    let form = if at.millis().rem_euclid(60_000) == 0 {
        "%Y-%m-%d %H:%M"
    } else if at.millis().rem_euclid(1000) == 0 {
        "%Y-%m-%d %H:%M:%S"
    } else {
        return at.to_string();
    };
    // A wall-clock time that comes twice, where clocks go back, is told from its twin only by its offset.
    if local_instant(local.naive_local(), ctx.zone) == at {
        local.format(form).to_string()
    } else {
        at.to_string()
    }
}

/// Reads how long something took, in minutes: `7`, `7m`, `7 min`, `2h`, `1h30`, `1:30`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_minutes(text: &str) -> Result<i64, String> {
    let word = text.trim().to_lowercase().replace(' ', "");
    let number = |digits: &str| digits.parse::<u16>().ok().map(i64::from);
    let plain = word
        .strip_suffix("min")
        .or_else(|| word.strip_suffix('m'))
        .unwrap_or(&word);
    let minutes = match plain.split_once(['h', ':']) {
        Some((hours, "")) => number(hours).map(|hours| hours * 60),
        Some((hours, rest)) => number(hours)
            .zip(number(rest))
            .map(|(hours, rest)| hours * 60 + rest),
        None => number(plain),
    };
    minutes.ok_or_else(|| {
        format!(
            "`{}` is not a time in minutes: write 7, 2h or 1h30",
            text.trim()
        )
    })
}
