//! What a deal must have when it enters a stage: which fields a team may ask for, how they are kept and typed, what is missing.

use super::nouns::{Entity, FieldDef, deal};
use super::text::squeeze;
use super::value::Value;

/// The fields of a deal that a stage may require, in the order in which they are asked for. Why a deal was lost can be required of
/// a stage for lost deals alone: no other deal has it.
pub static REQUIRABLE: &[&FieldDef] = &[
    &deal::COMPANY,
    &deal::CONTACT,
    &deal::OWNER,
    &deal::AMOUNT,
    &deal::EXPECTED_CLOSE,
    &deal::PROBABILITY,
    &deal::CATEGORY,
    &deal::LEAD_SOURCE,
    &deal::NOTE,
    &deal::LOST_REASON,
];

/// The fields that a stage requires, out of what it holds. Names that only a newer program knows are passed over.
#[must_use]
pub fn fields(kept: &Value) -> Vec<&'static FieldDef> {
    let names = kept.as_text().and_then(names).unwrap_or_default();
    named(&names).unwrap_or_else(|_| {
        let known = names.iter().filter_map(|name| named(&[name]).ok());
        known.flatten().collect()
    })
}

/// The value that a stage holds for these fields; none is null.
#[must_use]
pub fn kept(fields: &[&'static FieldDef]) -> Value {
    let names: Vec<&str> = REQUIRABLE
        .iter()
        .filter(|def| fields.contains(def))
        .map(|def| def.name)
        .collect();
    // A list of words: nothing in it can fail to serialise.
    (!names.is_empty())
        .then(|| serde_json::to_string(&names).unwrap_or_default())
        .into()
}

/// A list as some program wrote it, in the one form in which it is kept.
///
/// # Errors
/// A sentence that says what can be required.
pub fn checked(list: &str) -> Result<Value, String> {
    let names = names(list).ok_or_else(|| format!("`{list}` is no list of fields."))?;
    named(&names).map(|fields| kept(&fields))
}

/// Reads what somebody typed: `amount, expected close`. Nothing typed requires nothing.
///
/// # Errors
/// A sentence that says what can be required.
pub fn typed(text: &str) -> Result<Value, String> {
    let names: Vec<&str> = text
        .split([',', ';'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    named(&names).map(|fields| kept(&fields))
}

/// The words for a list that is kept: `amount, expected close`.
#[must_use]
pub fn words(value: &Value) -> String {
    let names = fields(value).into_iter().map(word);
    names.collect::<Vec<_>>().join(", ")
}

/// The word for a field within a sentence: `expected close`.
#[must_use]
pub fn word(def: &FieldDef) -> String {
    def.name.replace('_', " ")
}

/// Why a deal cannot enter a stage.
#[must_use]
pub fn refusal(deal: &str, stage: &str, missing: &[&FieldDef]) -> String {
    let missing: Vec<String> = missing
        .iter()
        .map(|def| format!("no {}", word(def)))
        .collect();
    let (last, rest) = match missing.split_last() {
        Some((last, [])) => (last.clone(), String::new()),
        Some((last, rest)) => (last.clone(), format!("{} and ", rest.join(", "))),
        None => return format!("{deal} has all that {stage} requires."),
    };
    format!("{deal} cannot enter {stage}: it has {rest}{last}.")
}

fn names(list: &str) -> Option<Vec<String>> {
    serde_json::from_str(list).ok()
}

fn named(names: &[impl AsRef<str>]) -> Result<Vec<&'static FieldDef>, String> {
    let find = |name: &str| {
        let wanted = squeeze(name);
        let mut all = REQUIRABLE.iter().copied();
        all.find(|def| squeeze(def.name) == wanted).ok_or_else(|| {
            let all: Vec<String> = REQUIRABLE.iter().map(|def| word(def)).collect();
            format!(
                "`{name}` is no field that a stage can require of a {}: these are {}.",
                Entity::Deal,
                all.join(", ")
            )
        })
    };
    names.iter().map(|name| find(name.as_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_typed_is_kept_in_one_order_and_told_in_words() {
        let kept = typed("expected close, Amount,amount").unwrap();
        assert_eq!(kept.as_text(), Some("[\"amount\",\"expected_close\"]"));
        assert_eq!(words(&kept), "amount, expected close");
        assert_eq!(typed(" , "), Ok(Value::Null));
        let fault = typed("amount, colour").unwrap_err();
        assert!(fault.contains("colour") && fault.contains("expected close"));
    }

    #[test]
    fn a_list_of_a_newer_program_requires_what_is_known_of_it() {
        let kept = Value::from("[\"colour\",\"amount\"]");
        assert_eq!(fields(&kept), [&deal::AMOUNT]);
        assert!(checked("[\"colour\"]").is_err() && checked("amount").is_err());
        assert!(fields(&"{".into()).is_empty());
    }

    #[test]
    fn a_refusal_names_all_that_is_missing() {
        assert_eq!(
            refusal("Pilot", "Proposal", &[&deal::AMOUNT, &deal::OWNER]),
            "Pilot cannot enter Proposal: it has no amount and no owner."
        );
    }

    proptest! {
        #[test]
        fn any_choice_of_fields_is_read_back(chosen in prop::collection::vec(0..REQUIRABLE.len(), 0..6)) {
            let mut chosen: Vec<usize> = chosen;
            let some: Vec<&'static FieldDef> = chosen.iter().map(|place| REQUIRABLE[*place]).collect();
            chosen.sort_unstable();
            chosen.dedup();
            let sorted: Vec<&'static FieldDef> = chosen.iter().map(|place| REQUIRABLE[*place]).collect();
            let value = kept(&some);
            prop_assert_eq!(fields(&value), sorted);
            prop_assert_eq!(typed(&words(&value)), Ok(value.clone()));
            if let Some(text) = value.as_text() {
                prop_assert_eq!(checked(text), Ok(value.clone()));
            }
        }
    }
}
