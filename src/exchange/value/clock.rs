//! The time of day that may stand behind a date.

use crate::domain::time::{Date, Instant};

use super::date::When;

/// Puts the time that stands behind a date to it: `T09:14:00.000Z`, ` 2:30 PM`, ` 02:14:45+0800`, nothing.
pub(super) fn with_time(date: Date, rest: &str) -> Option<When> {
    let rest = rest.trim().trim_start_matches(['T', ',']).trim();
    if rest.is_empty() {
        return Some(When::Date(date));
    }
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
        .unwrap_or(rest.len());
    let (clock, tail) = rest.split_at(end);
    let mut units = clock.split(':');
    let mut hour: u32 = units.next()?.parse().ok()?;
    let minute: u32 = units.next()?.parse().ok()?;
    let (second, milli) = match units.next() {
        None => (0, 0),
        Some(text) => {
            let (whole, part) = text.split_once('.').unwrap_or((text, ""));
            let milli = format!("{part:0<3}");
            (whole.parse().ok()?, milli.get(..3)?.parse::<u32>().ok()?)
        }
    };
    if units.next().is_some() {
        return None;
    }
    let mut tail = tail.trim();
    let noon = tail.get(..2).map(str::to_ascii_lowercase);
    if let Some(half @ ("am" | "pm")) = noon.as_deref() {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        tail = tail[2..].trim();
    }
    let local = date.and_hms_milli_opt(hour, minute, second, milli)?;
    if tail.is_empty() {
        return Some(When::Local(local));
    }
    let utc = local.and_utc().timestamp_millis() - offset_minutes(tail)? * 60_000;
    Some(When::At(Instant::from_millis(utc)))
}

/// How far ahead of UTC a time is: `Z`, `UTC`, `GMT`, `+0200`, `-03:00`, `Z-0300`.
fn offset_minutes(tail: &str) -> Option<i64> {
    let named = ["UTC", "GMT", "Z"]
        .iter()
        .find_map(|zone| tail.strip_prefix(zone));
    let rest = named.unwrap_or(tail).trim();
    if rest.is_empty() {
        return Some(0);
    }
    let sign = match rest.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = rest[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}
