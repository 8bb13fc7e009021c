//! Numbers, dates, moments, money, periods: typed by people and found in cells.

use chrono_tz::Europe::Zurich;
use clinch::domain::id::{IdPrefix, RecordId};
use clinch::domain::money::{Currency, Money, parse_decimal, parse_money, ungroup};
use clinch::domain::nouns::{ENTITIES, Kind};
use clinch::domain::period::Period;
use clinch::domain::time::{Instant, parse_date};
use clinch::domain::typed::{Typing, as_typed, parse_typed};
use clinch::exchange::value::date::{self, Order};
use clinch::exchange::value::number::{self, NumberForm};
use clinch::exchange::value::{flag, is_blank, is_damaged_id};

use crate::harness::{Target, text};

const VALUES: Target = Target {
    name: "values",
    words: &[
        "-",
        "+",
        ".",
        ",",
        "'",
        "’",
        "\u{a0}",
        "k",
        "m",
        "bn",
        "%",
        "CHF",
        "€",
        "$",
        "JPY",
        "9999999999999999999",
        "0",
        "1e400",
        "NaN",
        "T",
        "Z",
        "+14:00",
        ":60",
        "Feb",
        "31",
        "12/31/",
        "2026-W53",
        "Q5",
        "..",
        "yesterday",
        "next-",
        "fri",
        "-999999d",
        "99999",
        "٣",
        "½",
    ],
    short: 8_000,
    weight: 1,
    longest: 60,
};

fn typing() -> Typing {
    Typing {
        now: Instant::parse("2026-11-24T10:05:00Z", Zurich).unwrap(),
        zone: Zurich,
        currency: "CHF".parse().unwrap(),
    }
}

fn cells(cell: &str) {
    let orders = [None, Some(Order::Dmy), Some(Order::Mdy), Some(Order::Ymd)];
    for order in orders {
        if let Ok(Some(when)) = date::read(cell, order) {
            let _ = (when.instant(Zurich), when.date(Zurich));
        }
    }
    let _ = date::decide([cell, "31.12.2026"]);
    let _ = (flag(cell), is_blank(cell), is_damaged_id(cell));
    for form in [NumberForm::PLAIN, NumberForm::decide([cell, "1.234,5"])] {
        let _ = (number::whole(cell, form), number::percent(cell, form));
        for code in ["CHF", "JPY", "KWD"] {
            let currency: Currency = code.parse().unwrap();
            if let Ok(Some((minor, currency))) = number::money(cell, form, currency) {
                reads_back(Money::new(minor, currency));
            }
        }
    }
}

/// What is written without grouping is read as the same amount.
fn reads_back(money: Money) {
    assert_eq!(
        parse_decimal(&money.decimal(), money.currency.digits()),
        Some(money.minor),
        "{money:?}"
    );
    let _ = (money.grouped(), money.short(), money.to_string());
}

fn typed(text: &str) {
    let typing = typing();
    let today = typing.today();
    if let Ok(money) = parse_money(text, typing.currency) {
        reads_back(money);
    }
    let _ = (
        ungroup(text),
        parse_date(text, today),
        Instant::parse(text, Zurich),
    );
    for month in [1, 7, 12] {
        if let Ok(period) = Period::parse(text, today, month) {
            let _ = (period.name(month), period.span(Zurich), period.holds(today));
        }
    }
    let _ = (
        RecordId::parse(text),
        IdPrefix::parse(text),
        text.parse::<Currency>(),
    );
    let kinds = ENTITIES
        .iter()
        .flat_map(|noun| noun.fields())
        .map(|def| def.kind);
    let mut seen: Vec<Kind> = Vec::new();
    for kind in kinds {
        if seen.contains(&kind) {
            continue;
        }
        seen.push(kind);
        if let Ok(value) = parse_typed(kind, text, &typing) {
            // What a form shows of a value is read as that value again.
            let shown = as_typed(kind, &value, &typing);
            if !matches!(kind, Kind::Ref(_) | Kind::AnyRef | Kind::Json) {
                assert_eq!(
                    parse_typed(kind, &shown, &typing),
                    Ok(value),
                    "{kind:?}: `{shown}`"
                );
            }
        }
    }
}

#[test]
fn any_text_is_a_value_or_a_sentence() {
    VALUES.run(|input| {
        let text = text(input);
        cells(&text);
        typed(&text);
    });
}
