//! What people type into a field, in a form or behind a flag of the command line, and the value that it means.
//!
//! One set of rules for every screen and for the shell: [`parse_typed`] by the kind of a field, [`parse_field`] for one field of
//! a noun with its own limits, [`as_typed`] back again. Nothing typed means unknown. Text that means nothing is refused with a
//! sentence that says what was expected; nothing is guessed and nothing is cut.

mod when;

use super::check::checked;
use super::custom;
use super::id::RecordId;
use super::money::{Currency, Money, parse_money, parse_rate, ungroup};
use super::nouns::{Entity, FieldDef, Kind, activity, company, rate, stage};
use super::requirement;
use super::text::{clean_block, clean_line, squeeze};
use super::time::{Date, Instant, Zone};
use super::value::Value;
use when::{no_time_after_the_day, parse_day, typed_moment};

pub use when::{parse_minutes, parse_moment};

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
        Kind::Fields => requirement::typed(text),
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
    if *def == rate::RATE && !clean_block(text).is_empty() {
        return Ok(vec![(def, parse_rate(text)?.into())]);
    }
    let mut value = match custom::typed(def, text)? {
        Some(value) => value,
        None => parse_typed(def.kind, text, ctx)?,
    };
    if matches!(def.entity, Entity::View | Entity::Quota) {
        // A filter or period that is typed in another spelling is the same one.
        value = checked(def, value)?;
    }
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

/// Reads when something is due: a date, or a moment where a time is typed. Nothing is [`Value::Null`].
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_due(text: &str, ctx: &Typing) -> Result<Value, String> {
    parse_typed(Kind::Date, text, ctx).or_else(|fault| {
        let moment = parse_typed(Kind::Instant, text, ctx);
        moment.map_err(|_| no_time_after_the_day(text, ctx).unwrap_or(fault))
    })
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
        (Kind::Fields, value) => requirement::words(value),
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

/// Reads yes or no.
fn parse_flag(text: &str) -> Result<bool, String> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "1" => Ok(true),
        "no" | "n" | "false" | "off" | "0" => Ok(false),
        _ => Err(format!("`{}` is neither yes nor no", text.trim())),
    }
}

/// The one of `words` that was typed, in any spelling, or of which it is the beginning and no other's.
pub(super) fn parse_choice<'a>(text: &str, words: &[&'a str]) -> Result<&'a str, String> {
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
mod tests;
