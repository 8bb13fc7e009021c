//! What a field can hold: the one door that every value passes, typed, imported or from another program.

use super::money::Currency;
use super::nouns::{Care, Entity, FieldDef, Kind, quota, rate};
use super::period;
use super::requirement;
use super::text::{clean_block, clean_line};
use super::time::Date;
use super::value::Value;
use super::view;

/// A value made fit for a field: text cleaned (empty is unknown), the rest checked.
///
/// # Errors
/// A sentence that says what the field can hold.
pub fn checked(field: &FieldDef, value: Value) -> Result<Value, String> {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let name = field.name;
    match (field.kind, value) {
        (Kind::Line, Value::Text(text)) if field.entity == Entity::View => {
            view::checked(field, &clean_line(&text)).map(known)
        }
        (Kind::Line, Value::Text(text)) if *field == quota::PERIOD => {
            period::fixed(&clean_line(&text)).map(known)
        }
        (Kind::Line, Value::Text(text)) => Ok(known(clean_line(&text))),
        (Kind::Money, Value::Int(..=0)) if *field == quota::AMOUNT => {
            Err("A quota is an amount above zero; `clinch quotas rm` takes one away.".to_owned())
        }
        (Kind::Number, Value::Int(..=0)) if *field == rate::RATE => {
            Err("A rate is above zero; `clinch rates rm` takes one away.".to_owned())
        }
        (Kind::Block, Value::Text(text)) => Ok(known(clean_block(&text))),
        (
            Kind::Number | Kind::Money | Kind::Instant | Kind::Ref(_) | Kind::AnyRef,
            Value::Int(number),
        )
        | (Kind::Flag, Value::Int(number @ (0 | 1))) => Ok(Value::Int(number)),
        (Kind::Percent, Value::Int(number)) if (0..=100).contains(&number) => {
            Ok(Value::Int(number))
        }
        (Kind::Percent, _) => Err(format!("`{name}` is a whole percentage from 0 to 100.")),
        (Kind::Currency, Value::Text(text)) => text
            .parse::<Currency>()
            .map(|code| Value::from(code.code())),
        (Kind::Date, Value::Text(text)) => text
            .parse::<Date>()
            .map(Value::from)
            .map_err(|_| format!("`{text}` is not a date: `{name}` is written 2026-11-24.")),
        (Kind::Choice(words), Value::Text(text)) if words.contains(&text.as_str()) => {
            Ok(Value::Text(text))
        }
        (Kind::Choice(words), Value::Text(text)) => Err(format!(
            "`{text}` is none of {}: `{name}` is one of these.",
            words.join(", ")
        )),
        (Kind::Fields, Value::Text(text)) => requirement::checked(&text),
        (Kind::Json, Value::Text(text)) => serde_json::from_str::<serde_json::Value>(&text)
            .map(|_| Value::Text(text))
            .map_err(|fault| format!("`{name}` is no JSON: {fault}.")),
        (_, _) => Err(format!("`{name}` cannot hold a value of that kind.")),
    }
}

fn known(text: String) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::Text(text)
    }
}

/// Whether an edit may name the field; what the book keeps by its own rules no author writes.
#[must_use]
pub fn is_editable(field: &FieldDef) -> bool {
    field.care != Care::Kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::{contact, deal, stage};

    #[test]
    fn text_is_cleaned_and_empty_text_is_unknown() {
        assert_eq!(
            checked(&deal::TITLE, " a\u{202e}b\n".into()),
            Ok("ab".into())
        );
        assert_eq!(checked(&deal::TITLE, "\u{7}".into()), Ok(Value::Null));
    }

    #[test]
    fn what_a_field_cannot_hold_is_refused_with_its_name() {
        for (field, value) in [
            (&deal::PROBABILITY, Value::Int(101)),
            (&deal::EXPECTED_CLOSE, "2026-02-31".into()),
            (&deal::CURRENCY, "XYZ".into()),
            (&contact::LEAD_STATE, "asleep".into()),
            (&stage::ARCHIVED, Value::Int(2)),
            (&deal::AMOUNT, "12".into()),
            (&deal::TITLE, Value::Int(1)),
        ] {
            assert!(
                checked(field, value.clone()).is_err(),
                "{} {value:?}",
                field.name
            );
        }
    }

    #[test]
    fn a_currency_is_written_in_capitals() {
        assert_eq!(checked(&deal::CURRENCY, "chf".into()), Ok("CHF".into()));
    }
}
