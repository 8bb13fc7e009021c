//! What a half-typed filter can go on with: names of fields, and what stands in them.

use super::ast::{Flag, Op};
use super::places::{self, Place};
use super::print::breaks;
use crate::domain::nouns::{Entity, Kind};
use crate::domain::text::fold;

/// Ways to go on that are offered at the most.
const MOST: usize = 40;

/// How a text can go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte from which on the text is replaced.
    pub from: usize,
    /// What may stand there instead, the likeliest first.
    pub options: Vec<String>,
}

/// How a text can go on behind its end. `custom` are the names of the noun's custom fields, `words` what is known to stand in fields,
/// by any name of the field.
#[must_use]
pub fn complete(
    text: &str,
    entity: Entity,
    custom: &[String],
    words: &[(String, Vec<String>)],
) -> Completion {
    if text.matches('"').count() % 2 == 1 {
        return Completion::default();
    }
    let from = text.rfind(breaks).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let run = &text[from..];
    let sign = run.len() - run.trim_start_matches('-').len();
    let (from, run) = (from + sign, &run[sign..]);
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let end = run.find(|c| !inside(c)).unwrap_or(run.len());
    let (name, behind) = run.split_at(end);
    let Some(op) = Op::leading(behind) else {
        if name.is_empty() || !behind.is_empty() {
            return Completion::default();
        }
        return named(from, name, entity, custom, ":");
    };
    let values = &behind[op.sign().len()..];
    let last = values.rfind(',').map_or(0, |at| at + 1);
    let from = from + name.len() + op.sign().len() + last;
    let typed = &values[last..];
    match name.to_lowercase().as_str() {
        "has" | "no" if op == Op::Is => named(from, typed, entity, custom, ""),
        "is" if op == Op::Is => {
            let flags = Flag::ALL.map(|flag| flag.name().to_owned());
            of_words(from, typed, flags.iter())
        }
        _ => valued(from, name, typed, entity, words),
    }
}

/// Names of fields that begin so.
fn named(from: usize, typed: &str, entity: Entity, custom: &[String], behind: &str) -> Completion {
    let plain = places::plain(typed);
    let own = places::names(entity).map(|(name, _)| name.to_owned());
    let custom = custom
        .iter()
        .filter_map(|name| super::parse::field_name(name));
    let mut options: Vec<String> = Vec::new();
    for name in own.chain(custom) {
        let begins = places::plain(&name).starts_with(&plain);
        let option = format!("{name}{behind}");
        if begins && !options.contains(&option) {
            options.push(option);
        }
    }
    options.truncate(MOST);
    Completion { from, options }
}

/// What stands in a field and begins so.
fn valued(
    from: usize,
    name: &str,
    typed: &str,
    entity: Entity,
    words: &[(String, Vec<String>)],
) -> Completion {
    let place = places::place(entity, name);
    let same = |other: &str| {
        places::plain(other) == places::plain(name)
            || (place.is_some() && places::place(entity, other) == place)
    };
    let known = words.iter().filter(|(field, _)| same(field));
    let mut all: Vec<String> = known.flat_map(|(_, words)| words.iter().cloned()).collect();
    match place {
        Some(Place::Column(def)) => {
            if let Kind::Choice(choices) = def.kind {
                all.extend(choices.iter().map(|word| (*word).to_owned()));
            }
            if let Kind::Date | Kind::Instant = def.kind {
                all.extend(DAYS.iter().map(|word| (*word).to_owned()));
            }
        }
        Some(Place::State) => all.extend(
            crate::domain::nouns::STAGE_KINDS
                .iter()
                .map(|word| (*word).to_owned()),
        ),
        Some(Place::CreatedAt | Place::Due) => {
            all.extend(DAYS.iter().map(|word| (*word).to_owned()));
        }
        _ => {}
    }
    of_words(from, typed, all.iter())
}

/// Words for days and periods.
const DAYS: &[&str] = &[
    "today",
    "yesterday",
    "this-week",
    "this-month",
    "this-quarter",
    "this-year",
];

fn of_words<'a>(from: usize, typed: &str, words: impl Iterator<Item = &'a String>) -> Completion {
    let typed = fold(typed);
    let options = words
        .filter(|word| fold(word).starts_with(&typed))
        .map(|word| written(word))
        .take(MOST)
        .collect();
    Completion { from, options }
}

/// A word as a value is written.
fn written(word: &str) -> String {
    let plain = !word.is_empty()
        && !word
            .chars()
            .any(|c| breaks(c) || matches!(c, ',' | '.' | '\\'));
    if plain {
        word.to_owned()
    } else {
        format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::parse;
    use proptest::prelude::*;

    fn words() -> Vec<(String, Vec<String>)> {
        let of = |field: &str, words: &[&str]| {
            (
                field.to_owned(),
                words.iter().map(|word| (*word).to_owned()).collect(),
            )
        };
        vec![
            of("owner", &["me", "Ana Meier", "Ben Kaya"]),
            of("tag", &["vip", "Zürich", "a \"b\""]),
        ]
    }

    #[test]
    fn a_text_goes_on_with_fields_and_with_what_stands_in_them() {
        for (text, from, options) in [
            ("ow", 0, "owner:"),
            ("-(ow", 2, "owner:"),
            ("a owner:", 8, "me \"Ana Meier\" \"Ben Kaya\""),
            ("owner:me,b", 9, "\"Ben Kaya\""),
            ("tags:ZU", 5, "Zürich"),
            ("no:own", 3, "owner"),
            ("is:r", 3, "rotting"),
            ("state:nu", 6, "nurturing"),
            ("regi", 0, "region:"),
            ("nothing:x", 8, ""),
            ("\"ow", 0, ""),
            ("", 0, ""),
            ("a ", 0, ""),
        ] {
            let custom = ["Region".to_owned()];
            let found = complete(text, Entity::Contact, &custom, &words());
            assert_eq!(found.options.join(" "), options, "{text}");
            assert!(
                options.is_empty() || found.from == from,
                "{text}: {}",
                found.from
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_offered_can_be_read(text in "[a-z:,\"(üÜ -]{0,14}", word in "[a-zü][a-z ,.()\\\\\"-]{0,7}") {
            let words = [("tag".to_owned(), vec![word])];
            for text in [text, "tag:".to_owned()] {
                let found = complete(&text, Entity::Contact, &[], &words);
                prop_assert!(text.is_char_boundary(found.from));
                for option in found.options.iter().filter(|option| !option.ends_with(':')) {
                    if text == "tag:" {
                        prop_assert!(parse(&format!("tag:{option}")).is_ok(), "{option}");
                    }
                }
            }
        }
    }
}
