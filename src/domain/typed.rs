//! What people type into a field, in a form or behind a flag of the command line, and the value that it means.
//!
//! One set of rules for every screen and for the shell: [`parse_typed`] by the kind of a field, [`parse_field`] for one field of
//! a noun with its own limits, [`as_typed`] back again. Nothing typed means unknown. Text that means nothing is refused with a
//! sentence that says what was expected; nothing is guessed and nothing is cut.

use chrono::{Datelike, NaiveTime};

use super::id::RecordId;
use super::money::{Currency, Money, parse_money, ungroup};
use super::nouns::{FieldDef, Kind, activity, company, stage};
use super::text::{clean_block, clean_line, squeeze};
use super::time::{Date, Instant, Zone, local_instant, noon, parse_date};
use super::value::Value;

/// The circumstances in which typed text has its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typing {
    /// The as-of moment: what `today`, `fri` and `-2h` count from.
    pub now: Instant,
    /// The team's time zone.
    pub zone: Zone,
    /// Of which currency an amount is that names none: the record's own, or the book's.
    pub currency: Currency,
}

impl Typing {
    /// The date that it is for the team.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date(self.zone)
    }
}

/// Years in which typed dates may lie. What is outside is a slip (`0206`, `20260`), not a date of a sale.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// Number fields that count something and so are never below zero.
const COUNTS: &[&FieldDef] = &[&company::SIZE, &stage::ROT_DAYS];

/// Reads what was typed into a field of a kind. Nothing but blanks is [`Value::Null`], unknown.
///
/// A reference is read as a full id only: names are resolved by whoever knows the records. An amount in another currency than
/// the context's is refused here, because a value has no currency; [`parse_field`] takes it.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_typed(kind: Kind, text: &str, ctx: &Typing) -> Result<Value, String> {
    if clean_block(text).is_empty() {
        return Ok(Value::Null);
    }
    match kind {
        Kind::Line => Ok(clean_line(text).into()),
        Kind::Block => Ok(clean_block(text).into()),
        Kind::Number => parse_number(text).map(Value::Int),
        Kind::Money => {
            let money = parse_money(text, ctx.currency)?;
            if money.currency == ctx.currency {
                Ok(money.minor.into())
            } else {
                Err(format!(
                    "`{}` is in {}, but amounts here are in {}",
                    text.trim(),
                    money.currency,
                    ctx.currency
                ))
            }
        }
        Kind::Currency => text
            .parse::<Currency>()
            .map(|currency| currency.code().into()),
        Kind::Percent => parse_percent(text).map(Value::Int),
        Kind::Date => parse_day(text, ctx).map(Value::from),
        Kind::Instant => parse_moment(text, ctx).map(Value::from),
        Kind::Flag => parse_flag(text).map(Value::from),
        Kind::Choice(words) => parse_choice(text, words).map(Value::from),
        Kind::Ref(_) | Kind::AnyRef => RecordId::parse(text.trim())
            .map(Value::from)
            .ok_or_else(|| format!("`{}` is not the id of a record", text.trim())),
        Kind::Json => Err("this field is kept as JSON and is not typed by hand".to_owned()),
    }
}

/// Reads what was typed into one field of a noun, by the field's own limits too, and gives the fields that it sets: the field
/// itself, and for an amount that names another currency than the context's (`10k EUR`) the record's currency as well.
///
/// # Errors
/// A sentence that says what was expected, or that the field cannot be without a value.
pub fn parse_field(
    def: &'static FieldDef,
    text: &str,
    ctx: &Typing,
) -> Result<Vec<(&'static FieldDef, Value)>, String> {
    let currency_field = def
        .entity
        .field("currency")
        .filter(|_| def.kind == Kind::Money);
    if let Some(currency_field) = currency_field
        && !clean_block(text).is_empty()
    {
        let money = parse_money(text, ctx.currency)?;
        let mut set = vec![(def, money.minor.into())];
        if money.currency != ctx.currency {
            set.push((currency_field, money.currency.code().into()));
        }
        return Ok(set);
    }
    if *def == activity::MINUTES && !clean_block(text).is_empty() {
        return Ok(vec![(def, parse_minutes(text)?.into())]);
    }
    let value = parse_typed(def.kind, text, ctx)?;
    if value.is_null() && def.required {
        return Err(format!("{} cannot be empty", label(def)));
    }
    if COUNTS.contains(&def) && value.as_int().is_some_and(|count| count < 0) {
        return Err(format!(
            "`{}` is below zero: {} is 0 or more",
            text.trim(),
            label(def).to_lowercase()
        ));
    }
    Ok(vec![(def, value)])
}

/// The text that a form shows for editing and that [`parse_typed`] reads back as the same value. A reference is its id.
#[must_use]
pub fn as_typed(kind: Kind, value: &Value, ctx: &Typing) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (Kind::Money, Value::Int(minor)) => Money::new(*minor, ctx.currency).grouped(),
        (Kind::Percent, Value::Int(percent)) => format!("{percent} %"),
        (Kind::Instant, Value::Int(millis)) => typed_moment(Instant::from_millis(*millis), ctx),
        (Kind::Flag, Value::Int(flag)) => if *flag == 0 { "no" } else { "yes" }.to_owned(),
        (Kind::Choice(_), Value::Text(word)) => word.replace('_', " "),
        (Kind::Ref(_) | Kind::AnyRef, Value::Int(raw)) => RecordId::from_raw(*raw).to_string(),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::Text(text)) => text.clone(),
    }
}

/// The name of a field for people: `expected_close` is `Expected close`.
#[must_use]
pub fn label(def: &FieldDef) -> String {
    let words = def.name.replace('_', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Reads a whole number, groups of three allowed: `1500`, `1,500`, `1'500`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_number(text: &str) -> Result<i64, String> {
    ungroup(text)
        .and_then(|plain| plain.replace('−', "-").parse().ok())
        .ok_or_else(|| format!("`{}` is not a whole number: write 12 or 1,500", text.trim()))
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

/// Reads whole percent: `60`, `60%`, `60 %`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_percent(text: &str) -> Result<i64, String> {
    let plain = text.trim().trim_end_matches('%').trim_end();
    plain
        .parse()
        .ok()
        .filter(|percent| (0..=100).contains(percent))
        .ok_or_else(|| {
            format!(
                "`{}` is not a whole percentage from 0 to 100: write 60 or 60%",
                text.trim()
            )
        })
}

/// Reads a date as people type it (see [`parse_date`]), within the years of sales.
fn parse_day(text: &str, ctx: &Typing) -> Result<Date, String> {
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
fn typed_moment(at: Instant, ctx: &Typing) -> String {
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

/// Reads yes or no.
fn parse_flag(text: &str) -> Result<bool, String> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "1" => Ok(true),
        "no" | "n" | "false" | "off" | "0" => Ok(false),
        _ => Err(format!("`{}` is neither yes nor no", text.trim())),
    }
}

/// The one of `words` that was typed, in any spelling, or of which it is the beginning and no other's.
fn parse_choice(text: &str, words: &[&'static str]) -> Result<&'static str, String> {
    let typed = squeeze(text);
    if let Some(exact) = words.iter().find(|word| squeeze(word) == typed) {
        return Ok(exact);
    }
    let mut begun = words
        .iter()
        .filter(|word| !typed.is_empty() && squeeze(word).starts_with(&typed));
    match (begun.next(), begun.next()) {
        (Some(word), None) => Ok(word),
        _ => Err(format!(
            "`{}` is none of {}",
            text.trim(),
            words.join(", ").replace('_', " ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::checked;
    use crate::domain::nouns::{self, deal, product};
    use proptest::prelude::*;

    const ZURICH: Zone = chrono_tz::Europe::Zurich;

    /// Tuesday, 24 November 2026, 10:05 in Zurich.
    fn ctx() -> Typing {
        Typing {
            now: Instant::parse("2026-11-24T09:05:00Z", ZURICH).unwrap(),
            zone: ZURICH,
            currency: "USD".parse().unwrap(),
        }
    }

    fn read(kind: Kind, text: &str) -> Result<Value, String> {
        parse_typed(kind, text, &ctx())
    }

    #[test]
    fn each_kind_reads_what_people_type() {
        for (kind, typed, value) in [
            (Kind::Line, " Alpina\n AG ", "Alpina AG".into()),
            (Kind::Block, "one\r\ntwo ", "one\ntwo".into()),
            (Kind::Number, "1'500", 1500.into()),
            (Kind::Money, "42k", 4_200_000.into()),
            (Kind::Money, "42k USD", 4_200_000.into()),
            (Kind::Currency, "chf", "CHF".into()),
            (Kind::Percent, "60 %", 60.into()),
            (Kind::Date, "fri", "2026-11-27".into()),
            (Kind::Flag, "Y", true.into()),
            (
                Kind::Choice(nouns::CATEGORIES),
                "best case",
                "best_case".into(),
            ),
            (Kind::Choice(nouns::CATEGORIES), "com", "commit".into()),
        ] {
            assert_eq!(read(kind, typed), Ok(value), "{typed}");
        }
    }

    #[test]
    fn nothing_typed_is_unknown_in_every_kind() {
        for kind in [
            Kind::Line,
            Kind::Money,
            Kind::Date,
            Kind::Percent,
            Kind::Flag,
            Kind::Json,
        ] {
            assert_eq!(read(kind, " \u{200b}\t"), Ok(Value::Null), "{kind:?}");
        }
    }

    #[test]
    fn what_means_nothing_is_refused_with_a_sentence() {
        for (kind, typed) in [
            (Kind::Number, "12.5"),
            (Kind::Number, "1,5"),
            (Kind::Number, "many"),
            (Kind::Money, "10k EUR"),
            (Kind::Percent, "101"),
            (Kind::Percent, "12.5%"),
            (Kind::Date, "soon"),
            (Kind::Date, "0206-11-24"),
            (Kind::Date, "+262142-12-31"),
            (Kind::Flag, "maybe"),
            (Kind::Choice(nouns::CATEGORIES), "c"),
            (Kind::Choice(nouns::CATEGORIES), "!"),
            (Kind::Ref(nouns::Entity::Rep), "Ana"),
            (Kind::Json, "[]"),
        ] {
            let fault = read(kind, typed).unwrap_err();
            assert!(fault.len() > 10, "{typed}: {fault}");
        }
    }

    #[test]
    fn moments_are_read_as_people_type_them() {
        for (typed, meant) in [
            ("now", "2026-11-24T09:05:00Z"),
            ("10:30", "2026-11-24T09:30:00Z"),
            ("9am", "2026-11-24T08:00:00Z"),
            ("12pm", "2026-11-24T11:00:00Z"),
            ("yesterday 16:00", "2026-11-23T15:00:00Z"),
            ("fri 2:30pm", "2026-11-27T13:30:00Z"),
            ("23.11.2026 08:15", "2026-11-23T07:15:00Z"),
            ("2026-11-23 08:15:30", "2026-11-23T07:15:30Z"),
            ("2026-11-23T08:15", "2026-11-23T07:15:00Z"),
            ("2026-11-23t08:15:00z", "2026-11-23T08:15:00Z"),
            ("yesterday", "2026-11-23T11:00:00Z"),
            ("-2h", "2026-11-24T07:05:00Z"),
            ("-15min", "2026-11-24T08:50:00Z"),
            ("-2d", "2026-11-22T11:00:00Z"),
        ] {
            let read = parse_moment(typed, &ctx()).map(|at| at.to_string());
            assert_eq!(read.as_deref(), Ok(meant), "{typed}");
        }
        for typed in [
            "",
            "10",
            "25:00",
            "13pm",
            "0am",
            "10:5:5:5",
            "soon 10:00",
            "-99999999h",
            "+262142-12-31 10:00",
        ] {
            assert!(parse_moment(typed, &ctx()).is_err(), "{typed}");
        }
    }

    #[test]
    fn an_amount_in_another_currency_sets_the_currency_too() {
        assert_eq!(
            parse_field(&deal::AMOUNT, "10k eur", &ctx()),
            Ok(vec![
                (&deal::AMOUNT, 1_000_000.into()),
                (&deal::CURRENCY, "EUR".into())
            ])
        );
        assert_eq!(
            parse_field(&product::PRICE, "12", &ctx()),
            Ok(vec![(&product::PRICE, 1_200.into())])
        );
        assert_eq!(
            parse_field(&deal::AMOUNT, "", &ctx()),
            Ok(vec![(&deal::AMOUNT, Value::Null)])
        );
        // A company's revenue has no currency beside it.
        assert!(parse_field(&company::REVENUE, "10k eur", &ctx()).is_err());
    }

    #[test]
    fn a_field_keeps_its_own_limits() {
        assert_eq!(
            parse_field(&deal::TITLE, "  ", &ctx()),
            Err("Title cannot be empty".to_owned())
        );
        assert!(parse_field(&stage::ROT_DAYS, "-5", &ctx()).is_err());
        assert!(parse_field(&stage::ROT_DAYS, "0", &ctx()).is_ok());
    }

    #[test]
    fn minutes_are_read_as_people_type_them() {
        for (typed, minutes) in [
            ("7", 7),
            ("7m", 7),
            ("7 min", 7),
            ("2h", 120),
            ("1h30", 90),
            ("1h 30m", 90),
            ("1:30", 90),
        ] {
            assert_eq!(
                parse_field(&activity::MINUTES, typed, &ctx()),
                Ok(vec![(&activity::MINUTES, minutes.into())]),
                "{typed}"
            );
        }
        for typed in ["-5", "h", "1.5h", "long", "1:2:3", "99999999"] {
            assert!(
                parse_field(&activity::MINUTES, typed, &ctx()).is_err(),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_time_that_comes_twice_is_typed_so_that_it_reads_back() {
        for text in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
            let at = Instant::parse(text, ZURICH).unwrap();
            let typed = as_typed(Kind::Instant, &at.into(), &ctx());
            assert_eq!(read(Kind::Instant, &typed), Ok(at.into()), "{typed}");
        }
    }

    fn kinds_and_values() -> impl Strategy<Value = (Kind, Value)> {
        let days = -25_000_i64..80_000;
        prop_oneof![
            any::<i64>().prop_map(|n| (Kind::Number, n.into())),
            (-i64::MAX..i64::MAX).prop_map(|n| (Kind::Money, n.into())),
            (0_i64..=100).prop_map(|n| (Kind::Percent, n.into())),
            any::<bool>().prop_map(|yes| (Kind::Flag, yes.into())),
            (0..i64::MAX).prop_map(|raw| (Kind::AnyRef, RecordId::from_raw(raw).into())),
            prop::sample::select(nouns::CATEGORIES)
                .prop_map(|word| (Kind::Choice(nouns::CATEGORIES), word.into())),
            days.clone().prop_map(|day| {
                let date = Date::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Duration::days(day);
                (Kind::Date, date.into())
            }),
            (
                days,
                0_i64..super::super::time::DAY_MS,
                prop::sample::select(vec![1, 1000, 60_000])
            )
                .prop_map(|(day, ms, step)| {
                    let at = day * super::super::time::DAY_MS + ms / step * step;
                    (Kind::Instant, Instant::from_millis(at).into())
                }),
            any::<String>()
                .prop_map(|text| clean_line(&text))
                .prop_filter("unknown", |text| !text.is_empty())
                .prop_map(|text| (Kind::Line, text.into())),
        ]
    }

    proptest! {
        #[test]
        fn what_is_shown_for_editing_reads_back((kind, value) in kinds_and_values()) {
            let typed = as_typed(kind, &value, &ctx());
            prop_assert_eq!(read(kind, &typed), Ok(value), "{}", typed);
        }

        #[test]
        fn what_is_read_fits_its_field(text in any::<String>()) {
            for entity in nouns::ENTITIES {
                for def in entity.fields() {
                    for (field, value) in parse_field(def, &text, &ctx()).unwrap_or_default() {
                        prop_assert_eq!(checked(field, value.clone()), Ok(value));
                    }
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            for kind in [Kind::Number, Kind::Money, Kind::Percent, Kind::Date, Kind::Instant, Kind::Flag, Kind::AnyRef] {
                let _ = read(kind, &text);
            }
        }
    }
}
