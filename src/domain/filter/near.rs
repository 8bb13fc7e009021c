//! What `~` means: a slip of the keyboard apart.

use super::places::nearest;
use crate::domain::text::fold;

/// Whether each word of `wanted` is near to a word of `text` or to the beginning of one; both are folded. Words of up to three
/// letters are near only to themselves, words of up to seven a slip apart, longer ones two.
#[must_use]
pub fn is_near(text: &str, wanted: &str) -> bool {
    let mut words = wanted
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some()
        && words.all(|word| {
            text.split(|c: char| !c.is_alphanumeric())
                .any(|other| is_near_word(other, word))
        })
}

/// Of the words that can stand in a field the one that is nearest to a typed one; also one that only begins nearly so.
pub(super) fn nearest_word<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let wanted = fold(typed);
    let begins = || known.iter().find(|word| is_near(&fold(word), &wanted));
    nearest(typed, known.iter().copied()).or_else(|| begins().copied())
}

fn is_near_word(other: &str, word: &str) -> bool {
    if other.starts_with(word) {
        return true;
    }
    let letters = word.chars().count();
    let slips = match letters {
        0..=3 => return false,
        4..=7 => 1,
        _ => 2,
    };
    // A beginning may be as long as the word, or a dropped or doubled letter shorter or longer.
    (letters.saturating_sub(slips)..=letters + slips).any(|length| {
        let end = other
            .char_indices()
            .nth(length)
            .map_or(other.len(), |(end, _)| end);
        strsim::damerau_levenshtein(&other[..end], word) <= slips
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_apart_is_near() {
        for (text, wanted) in [
            ("darcel schlecht", "schlect"),
            ("darcel schlecht", "dracel"),
            ("alpina ag", "alpina"),
            ("internationale spedition", "internatoinal"),
            ("nora keller", "keler nora"),
        ] {
            assert!(is_near(text, wanted), "{text} ~ {wanted}");
        }
        for (text, wanted) in [
            ("ana", "ann"),
            ("keller", "miller"),
            ("nora", "nora keller"),
            ("nora", ""),
            ("", "nora"),
        ] {
            assert!(!is_near(text, wanted), "{text} ~ {wanted}");
        }
    }
}
