//! The rules as tables, and the laws that hold for any text.

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
        (Kind::Ref(Entity::Rep), "Ana"),
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
fn of_a_day_with_a_time_that_is_none_the_time_is_named() {
    for (typed, named) in [
        ("fri 25:00", "`25:00`"),
        ("tomorrow 9", "`9`"),
        ("24.11.  noon", "`noon`"),
    ] {
        let meant = format!("{named} is not a time of the day: write 14:00, 9am or 2:30pm");
        assert_eq!(parse_due(typed, &ctx()), Err(meant.clone()), "{typed}");
        assert_eq!(parse_moment(typed, &ctx()), Err(meant), "{typed}");
    }
    for typed in ["soon 10:00", "soon 25:00", "31.2. 10:00"] {
        let fault = parse_due(typed, &ctx()).unwrap_err();
        assert!(fault.starts_with(&format!("`{typed}`")), "{fault}");
    }
    assert!(parse_due("24. 11.", &ctx()).is_ok(), "a space in a date");
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
