//! Words of a filter that nothing holds: what is open to any word is no error, but a slip is told.

use super::ast::{Expr, Filter, Op, Operand, Test};
use super::near::nearest_word;
use super::places::{self, Place};
use crate::domain::nouns::Entity;
use crate::domain::text::fold;

/// What is told of words that no record is known to hold, one sentence each. `words` are the known ones by field; of a field with
/// `most` of them there may be more that are not known here, and nothing is told.
#[must_use]
pub fn strangers(
    filter: &Filter,
    entity: Entity,
    words: &[(String, Vec<String>)],
    most: usize,
) -> Vec<String> {
    let mut told = Vec::new();
    if let Some(root) = filter.root() {
        look(root, entity, words, most, &mut told);
    }
    told
}

fn look(
    expr: &Expr,
    entity: Entity,
    words: &[(String, Vec<String>)],
    most: usize,
    told: &mut Vec<String>,
) {
    let term = match expr {
        Expr::All(parts) | Expr::Any(parts) => {
            for part in parts {
                look(part, entity, words, most, told);
            }
            return;
        }
        Expr::Not(inner) => return look(inner, entity, words, most, told),
        Expr::Term(term) => term,
    };
    let Test::Field { name, op, values } = &term.test else {
        return;
    };
    let Some((field, whole)) = open_to_words(entity, name) else {
        return;
    };
    let whole = match op {
        Op::Is => whole,
        Op::Eq | Op::Ne => true,
        _ => return,
    };
    let Some((_, known)) = words
        .iter()
        .find(|(of, known)| of == field && known.len() < most)
    else {
        return;
    };
    for value in values {
        let Operand::One(typed) = value else {
            continue;
        };
        let wanted = fold(typed);
        let fits = |word: &String| {
            let word = fold(word);
            if whole {
                word == wanted
            } else {
                word.contains(&wanted)
            }
        };
        if known.iter().any(fits) {
            continue;
        }
        let field = field.replace('_', " ");
        let all: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = match nearest_word(typed, &all) {
            Some(near) => format!("; the nearest is `{near}`"),
            None => String::new(),
        };
        let sentence = format!("No {field} here is `{typed}`{hint}.");
        if !told.contains(&sentence) {
            told.push(sentence);
        }
    }
}

/// The field that a name means, where it holds words that anybody may make up, and whether `:` asks for the whole word.
fn open_to_words(entity: Entity, name: &str) -> Option<(&'static str, bool)> {
    match places::place(entity, name)? {
        Place::Source => Some(("source", true)),
        Place::Set(set) if set.name() == "tag" => Some(("tag", true)),
        Place::Column(def) => ["lead_source", "city", "country", "industry"]
            .into_iter()
            .find(|known| *known == def.name)
            .map(|known| (known, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::parse;

    fn told(filter: &str) -> String {
        let of = |field: &str, words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            (field.to_owned(), words)
        };
        let words = [
            of("source", &["hubspot", "Referral"]),
            of("tag", &["vip"]),
            of("city", &["Zürich", "Bern"]),
            of("industry", &["Food", "Steel", "Wood"]),
        ];
        strangers(&parse(filter).unwrap(), Entity::Company, &words, 3).join(" ")
    }

    #[test]
    fn a_word_that_nothing_holds_is_told_with_the_nearest() {
        for (filter, said) in [
            (
                "source:reff",
                "No source here is `reff`; the nearest is `Referral`.",
            ),
            ("source:blog", "No source here is `blog`."),
            (
                "source:referal",
                "No source here is `referal`; the nearest is `Referral`.",
            ),
            (
                "source:ref",
                "No source here is `ref`; the nearest is `Referral`.",
            ),
            (
                "-tag:vipp name:a",
                "No tag here is `vipp`; the nearest is `vip`.",
            ),
            ("tags:VIP or source:referral", ""),
            ("city:zur country:X", ""),
            (
                "city=zur",
                "No city here is `zur`; the nearest is `Zürich`.",
            ),
            ("industry:foo", ""),
            ("industry:stell", ""),
            ("name:nobody", ""),
            ("city~bren", ""),
            ("", ""),
        ] {
            assert_eq!(told(filter), said, "{filter}");
        }
    }
}
