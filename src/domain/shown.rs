//! How values look to people: one form for every screen and for the shell's tables.
//!
//! What a form shows for editing is another thing ([`super::typed::as_typed`]), and so is what a program reads (JSON).

use super::money::{Currency, Money, grouped};
use super::nouns::Kind;
use super::time::{Date, Instant, Zone};
use super::value::Value;

/// In whose terms values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Showing<'a> {
    /// The currency of an amount: the record's own, or the book's.
    pub currency: Currency,
    /// The team's time zone.
    pub zone: Zone,
    /// The name of the record that a reference names, where it is known.
    pub name: Option<&'a str>,
}

/// A value for people; `None` where it is unknown, so that whoever shows it chooses the sign for that.
#[must_use]
pub fn show(kind: Kind, value: &Value, by: &Showing<'_>) -> Option<String> {
    Some(match (kind, value) {
        (_, Value::Null) => return None,
        (Kind::Money, Value::Int(minor)) => Money::new(*minor, by.currency).to_string(),
        (Kind::Percent, Value::Int(percent)) => format!("{percent} %"),
        (Kind::Number, Value::Int(number)) => grouped(*number),
        (Kind::Flag, Value::Int(flag)) => if *flag == 0 { "no" } else { "yes" }.to_owned(),
        (Kind::Instant, Value::Int(millis)) => moment(Instant::from_millis(*millis), by.zone),
        (Kind::Ref(_) | Kind::AnyRef, Value::Int(raw)) => by.name.map_or_else(
            || super::id::RecordId::from_raw(*raw).to_string(),
            str::to_owned,
        ),
        (Kind::Date, Value::Text(text)) => text.parse::<Date>().map_or_else(|_| text.clone(), day),
        (Kind::Choice(_), Value::Text(word)) => word.replace('_', " "),
        (Kind::Fields, value) => super::requirement::words(value),
        (_, Value::Int(number)) => number.to_string(),
        (_, Value::Text(text)) => text.clone(),
    })
}

/// An amount in few cells, for who compares several of one currency: without it, and without a fraction that is zero.
#[must_use]
pub fn bare_amount(money: Money) -> String {
    let grouped = money.grouped();
    let zeros = format!(".{}", "0".repeat(money.currency.digits() as usize));
    match grouped.strip_suffix(&zeros) {
        Some(whole) => whole.to_owned(),
        None => grouped,
    }
}

/// A date with its weekday: `Fri 27 Nov 2026`.
#[must_use]
pub fn day(date: Date) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// A moment on the team's clock: `Tue 24 Nov 2026 10:05`.
#[must_use]
pub fn moment(at: Instant, zone: Zone) -> String {
    at.local(zone).format("%a %-d %b %Y %H:%M").to_string()
}

/// How long ago something was, in its largest whole unit: `just now`, `2 min ago`, `3 h ago`, `5 d ago`. What lies ahead (clocks
/// of two laptops differ) is just now.
#[must_use]
pub fn ago(then: Instant, now: Instant) -> String {
    let minutes = now.millis().saturating_sub(then.millis()) / 60_000;
    match minutes {
        ..=0 => "just now".to_owned(),
        1..=59 => format!("{minutes} min ago"),
        60..=1439 => format!("{} h ago", minutes / 60),
        _ => format!("{} d ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::{self, Entity};
    use proptest::prelude::*;

    fn by(name: Option<&str>) -> Showing<'_> {
        Showing {
            currency: "USD".parse().unwrap(),
            zone: chrono_tz::Europe::Zurich,
            name,
        }
    }

    #[test]
    fn each_kind_has_one_form_for_people() {
        let at = Instant::parse("2026-11-24T09:05:00Z", chrono_tz::Europe::Zurich).unwrap();
        for (kind, value, shown) in [
            (Kind::Money, 4_200_000.into(), "USD 42,000.00"),
            (Kind::Percent, 60.into(), "60 %"),
            (Kind::Number, 1589.into(), "1,589"),
            (Kind::Date, "2026-11-27".into(), "Fri 27 Nov 2026"),
            (Kind::Date, "soon".into(), "soon"),
            (Kind::Instant, at.into(), "Tue 24 Nov 2026 10:05"),
            (Kind::Flag, true.into(), "yes"),
            (
                Kind::Choice(nouns::CATEGORIES),
                "best_case".into(),
                "best case",
            ),
            (Kind::Ref(Entity::Rep), 7.into(), "Ana Meier"),
        ] {
            assert_eq!(
                show(kind, &value, &by(Some("Ana Meier"))).as_deref(),
                Some(shown)
            );
        }
        assert_eq!(show(Kind::Money, &Value::Null, &by(None)), None);
        assert_eq!(
            show(Kind::Ref(Entity::Rep), &7.into(), &by(None)).map(|id| id.len()),
            Some(13)
        );
    }

    #[test]
    fn a_bare_amount_drops_only_a_fraction_that_is_zero() {
        let bare = |minor, code: &str| bare_amount(Money::new(minor, code.parse().unwrap()));
        assert_eq!(bare(4_200_000, "CHF"), "42,000");
        assert_eq!(bare(4_200_050, "CHF"), "42,000.50");
        assert_eq!(bare(4_200, "JPY"), "4,200");
    }

    #[test]
    fn ages_are_told_in_their_largest_unit() {
        let now = Instant::from_millis(1_000_000_000_000);
        for (minutes, told) in [
            (-5, "just now"),
            (0, "just now"),
            (2, "2 min ago"),
            (59, "59 min ago"),
            (119, "1 h ago"),
            (2880, "2 d ago"),
        ] {
            let then = Instant::from_millis(now.millis() - minutes * 60_000);
            assert_eq!(ago(then, now), told);
        }
    }

    proptest! {
        #[test]
        fn any_value_of_any_kind_can_be_shown(number: i64, text in ".{0,20}") {
            for kind in [Kind::Line, Kind::Number, Kind::Money, Kind::Percent, Kind::Date, Kind::Instant, Kind::Flag, Kind::AnyRef] {
                let _ = show(kind, &Value::Int(number), &by(None));
                let _ = show(kind, &Value::Text(text.clone()), &by(None));
            }
        }
    }
}
