//! Values as people write them in a filter, as stretches of what the book stores.

use chrono::Months;

use super::ast::{Op, Operand};
use super::bound::{Between, Context};
use crate::domain::money::{Currency, Money, parse_decimal, parse_money};
use crate::domain::period::Period;
use crate::domain::time::{DAY_MS, Date, Instant, local_instant, parse_date, start_of_day};

/// A sentence about a value that cannot be read.
pub(super) type Fault = String;

/// The stretch that an operator and an operand ask for, given how one value is read as a stretch of its own (a month is a
/// stretch of days). `step` gives the value before (-1) or after (1) another; `None` where there is none.
fn stretch<T: Copy + Ord>(
    op: Op,
    operand: &Operand,
    read: impl Fn(&str) -> Result<(T, T), Fault>,
    step: impl Fn(T, i64) -> Option<T>,
) -> Result<Between<T>, Fault> {
    let between = |least, most| Between { least, most };
    Ok(match operand {
        Operand::Range(low, high) => {
            let least = low
                .as_deref()
                .map(&read)
                .transpose()?
                .map(|(first, _)| first);
            let most = high
                .as_deref()
                .map(&read)
                .transpose()?
                .map(|(_, last)| last);
            if least.zip(most).is_some_and(|(least, most)| least > most) {
                return Err("The range ends before it begins.".into());
            }
            between(least, most)
        }
        Operand::One(text) => {
            let (first, last) = read(text)?;
            // Beyond the last value there is nothing: a stretch that ends before it begins.
            let nothing = || match step(last, 1) {
                Some(after) => between(Some(after), Some(first)),
                None => between(Some(last), step(first, -1)),
            };
            match op {
                Op::Lt => step(first, -1).map_or_else(nothing, |most| between(None, Some(most))),
                Op::Le => between(None, Some(last)),
                Op::Gt => step(last, 1).map_or_else(nothing, |least| between(Some(least), None)),
                Op::Ge => between(Some(first), None),
                Op::Is | Op::Eq | Op::Ne | Op::Near => between(Some(first), Some(last)),
            }
        }
    })
}

/// Whole numbers: `250`, `1k`; a percent sign is taken as said.
pub(super) fn numbers(op: Op, operand: &Operand) -> Result<Between<i64>, Fault> {
    let read = |text: &str| {
        let plain = text
            .trim_end_matches('%')
            .to_lowercase()
            .replace(['\'', '’', '_'], "");
        let (digits, power) = match plain.strip_suffix(['k', 'm']) {
            Some(rest) => (rest, if plain.ends_with('k') { 3 } else { 6 }),
            None => (plain.as_str(), 0),
        };
        parse_decimal(digits, power)
            .map(|number| (number, number))
            .ok_or_else(|| format!("`{text}` is not a whole number: write 250 or 1k."))
    };
    stretch(op, operand, read, i64::checked_add)
}

/// Amounts, in every currency that they can be compared in: their own, the base, and those that have a rate.
pub(super) fn amounts(
    op: Op,
    operand: &Operand,
    ctx: &Context<'_>,
) -> Result<Vec<(Currency, Between<i64>)>, Fault> {
    let read =
        |text: &str, default| parse_money(text, default).map_err(|fault| format!("{fault}."));
    // In `10k..20k eur` both ends are euros.
    let default = match operand {
        Operand::Range(Some(low), Some(high)) => {
            let ends = [read(low, ctx.base)?, read(high, ctx.base)?];
            ends.iter()
                .map(|end| end.currency)
                .find(|currency| *currency != ctx.base)
        }
        _ => None,
    }
    .unwrap_or(ctx.base);
    let own = match operand {
        Operand::One(text) | Operand::Range(Some(text), _) | Operand::Range(None, Some(text)) => {
            read(text, default)?.currency
        }
        Operand::Range(None, None) => default,
    };
    let minor = |text: &str| read(text, default).map(|money| (money.minor, money.minor));
    let within = stretch(op, operand, minor, i64::checked_add)?;
    let mut all = vec![(own, within)];
    let rate_of = |currency: Currency| {
        ctx.rates
            .iter()
            .find(|(known, _)| *known == currency)
            .map(|(_, rate)| *rate)
    };
    let in_base = if own == ctx.base {
        Some(within)
    } else {
        // The ends of a stretch of foreign money, at today's rate.
        rate_of(own).and_then(|rate| {
            let convert = |minor: Option<i64>| match minor {
                None => Some(None),
                Some(minor) => Money::new(minor, own)
                    .at_rate(rate, ctx.base)
                    .map(|money| Some(money.minor)),
            };
            Some(Between {
                least: convert(within.least)?,
                most: convert(within.most)?,
            })
        })
    };
    let Some(in_base) = in_base else {
        return Ok(all);
    };
    if own != ctx.base {
        all.push((ctx.base, in_base));
    }
    for (currency, rate) in ctx.rates {
        if *currency != own && *currency != ctx.base && *rate > 0 {
            all.push((*currency, before_rate(in_base, *currency, *rate, ctx.base)));
        }
    }
    Ok(all)
}

/// The amounts of a currency that lie in a stretch of base money once they are converted: conversion never falls, so the ends
/// are found by halving.
fn before_rate(
    within: Between<i64>,
    currency: Currency,
    rate: i64,
    base: Currency,
) -> Between<i64> {
    let value = |minor: i64| {
        Money::new(minor, currency)
            .at_rate(rate, base)
            .map_or(if minor < 0 { i64::MIN } else { i64::MAX }, |money| {
                money.minor
            })
    };
    // The least amount of which `reached` holds, which fails below some amount and holds from there on.
    let first = |reached: &dyn Fn(i64) -> bool| {
        let (mut low, mut high) = (i64::MIN, i64::MAX);
        while low < high {
            let middle = low.midpoint(high) - i64::from(low.midpoint(high) == high);
            if reached(middle) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    };
    Between {
        least: within
            .least
            .map(|least| first(&|minor| value(minor) >= least)),
        most: within.most.map(|most| {
            let beyond = first(&|minor| value(minor) > most);
            if value(beyond) > most {
                beyond.saturating_sub(1)
            } else {
                beyond
            }
        }),
    }
}

/// Whether a field looks back (a moment that was) or ahead (a date that will be): `30d` is an age of the one and a term of the
/// other, `mon` the last Monday of the one and the next of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looks {
    /// Back.
    Back,
    /// Ahead.
    Ahead,
}

/// Dates: periods, days as people type them, and `30d` for so long from today.
pub(super) fn days(
    op: Op,
    operand: &Operand,
    looks: Looks,
    ctx: &Context<'_>,
) -> Result<Between<Date>, Fault> {
    let today = ctx.now.date(ctx.zone);
    let read = |text: &str| {
        if let Some(span) = Length::read(text) {
            let date = span
                .counted_from(today, looks)
                .ok_or_else(|| format!("`{text}` leads beyond the calendar."))?;
            return Ok((date, date));
        }
        period(text, looks, today, ctx.fiscal_start)
    };
    stretch(op, operand, read, |date, by| {
        date.checked_add_signed(chrono::Duration::days(by))
    })
}

/// Moments: ages where the field looks back (`<30d` is within the last 30 days), else what [`days`] reads, in the team's zone.
pub(super) fn moments(
    op: Op,
    operand: &Operand,
    looks: Looks,
    ctx: &Context<'_>,
) -> Result<Between<Instant>, Fault> {
    if looks == Looks::Back
        && let Some(within) = ages(op, operand, ctx)?
    {
        return Ok(within);
    }
    days(op, operand, looks, ctx).map(|within| whole_days(within, ctx))
}

/// The moments of a stretch of days.
pub(super) fn whole_days(within: Between<Date>, ctx: &Context<'_>) -> Between<Instant> {
    let end = |date: Date| {
        date.succ_opt()
            .map(|next| Instant::from_millis(start_of_day(next, ctx.zone).millis() - 1))
    };
    Between {
        least: within.least.map(|date| start_of_day(date, ctx.zone)),
        most: within.most.and_then(end),
    }
}

/// A stretch of ages as a stretch of moments; `None` when the operand is no age.
pub(super) fn ages(
    op: Op,
    operand: &Operand,
    ctx: &Context<'_>,
) -> Result<Option<Between<Instant>>, Fault> {
    let ago = |text: &str| {
        let length = Length::read(text)?;
        Some(
            length
                .ago(ctx)
                .ok_or_else(|| format!("`{text}` leads beyond the calendar.")),
        )
    };
    let (young, old) = match operand {
        Operand::One(text) => (Some(text), Some(text)),
        Operand::Range(young, old) => (young.as_ref(), old.as_ref()),
    };
    let ends = [young, old].map(|end| end.and_then(|text| ago(text)));
    let written = [young, old].into_iter().flatten().count();
    match ends.iter().flatten().count() {
        0 => return Ok(None),
        read if read < written => {
            return Err("A range of ages has an age at both ends: 30d..60d.".into());
        }
        _ => {}
    }
    let [young, old] = ends;
    let (young, old) = (young.transpose()?, old.transpose()?);
    let plus = |at: Option<Instant>, by: i64| {
        at.map(|at| Instant::from_millis(at.millis().saturating_add(by)))
    };
    let between = |least, most| Ok(Some(Between { least, most }));
    match (operand, op) {
        (Operand::Range(..), _) => {
            if young.zip(old).is_some_and(|(young, old)| old > young) {
                return Err("The range ends before it begins.".into());
            }
            between(old, young)
        }
        (_, Op::Lt) => between(plus(old, 1), None),
        (_, Op::Le) => between(old, None),
        (_, Op::Gt) => between(None, plus(young, -1)),
        (_, Op::Ge) => between(None, young),
        _ => Err("An age goes with < or >, or as a range 30d..60d.".into()),
    }
}

/// The days that a word means.
fn period(text: &str, looks: Looks, today: Date, fiscal_start: u32) -> Result<(Date, Date), Fault> {
    if text == "0" {
        return Ok((today, today));
    }
    if let Ok(period) = Period::parse(text, today, fiscal_start) {
        return Ok((period.from, period.to.pred_opt().unwrap_or(period.to)));
    }
    let date = parse_date(text, today).map_err(|_| {
        format!("`{text}` is not a date: write 2026-11-24, 2026-11, 2026-Q4, this-month, mon, -7d, or 30d for an age.")
    })?;
    let back = match looks {
        Looks::Back if text.parse::<chrono::Weekday>().is_ok() => {
            date.checked_sub_days(chrono::Days::new(7))
        }
        // A day without a year is the last one there was.
        Looks::Back if date > today && text.trim_end_matches('.').matches('.').count() == 1 => {
            date.checked_sub_months(Months::new(12))
        }
        Looks::Ahead | Looks::Back => None,
    };
    let date = back.unwrap_or(date);
    Ok((date, date))
}

/// A length of time without a sign: `90min`, `4h`, `30d`, `2w`, `6m`, `1y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    Millis(i64),
    Days(u32),
    Months(u32),
}

impl Length {
    fn read(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        let count: u32 = count.parse().ok()?;
        let millis = |unit: i64| Self::Millis(i64::from(count) * unit);
        Some(match unit.to_ascii_lowercase().as_str() {
            "min" => millis(60_000),
            "h" => millis(3_600_000),
            "d" => Self::Days(count),
            "w" => Self::Days(count.checked_mul(7)?),
            "m" => Self::Months(count),
            "y" => Self::Months(count.checked_mul(12)?),
            _ => return None,
        })
    }

    fn ago(self, ctx: &Context<'_>) -> Option<Instant> {
        let back = |millis: i64| {
            ctx.now
                .millis()
                .checked_sub(millis)
                .map(Instant::from_millis)
        };
        match self {
            Self::Millis(millis) => back(millis),
            Self::Days(days) => back(i64::from(days) * DAY_MS),
            Self::Months(months) => ctx
                .now
                .local(ctx.zone)
                .naive_local()
                .checked_sub_months(Months::new(months))
                .map(|local| local_instant(local, ctx.zone)),
        }
    }

    fn counted_from(self, today: Date, looks: Looks) -> Option<Date> {
        let ahead = looks == Looks::Ahead;
        match self {
            Self::Millis(_) => None,
            Self::Days(days) => {
                let days = chrono::Days::new(u64::from(days));
                if ahead {
                    today.checked_add_days(days)
                } else {
                    today.checked_sub_days(days)
                }
            }
            Self::Months(months) => {
                let months = Months::new(months);
                if ahead {
                    today.checked_add_months(months)
                } else {
                    today.checked_sub_months(months)
                }
            }
        }
    }
}
