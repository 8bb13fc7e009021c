//! How typed words find a name: case and accents aside, each word anywhere in it, the better the earlier; letters in order with
//! gaps between them (`alpn` for `Alpina`) last.

use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::fold;

/// Points for a name that is what was typed, and for a word by where it stands. A scattered word has below [`INSIDE`].
const WHOLE: i64 = 4_000;
const FRONT: i64 = 3_000;
const WORD: i64 = 2_000;
const INSIDE: i64 = 1_000;

/// What was typed, ready to be looked for.
pub struct Needle {
    whole: String,
    scattered: SkimMatcherV2,
    /// Whether only words in one piece fit.
    in_pieces: bool,
}

impl Needle {
    /// Takes typed text apart.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self {
            whole: fold(typed),
            scattered: SkimMatcherV2::default().ignore_case(),
            in_pieces: false,
        }
    }

    /// The same, for what fits with every word in one piece.
    #[must_use]
    pub fn in_pieces(typed: &str) -> Self {
        Self {
            in_pieces: true,
            ..Self::new(typed)
        }
    }

    /// Whether nothing was typed: every name fits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.whole.is_empty()
    }

    /// How well a folded name fits, more is better; `None` when a word is not in it.
    #[must_use]
    pub fn score(&self, folded: &str) -> Option<i64> {
        if self.whole == folded {
            return Some(WHOLE);
        }
        let mut words = 0;
        let mut sum = 0;
        for word in self.whole.split(' ').filter(|word| !word.is_empty()) {
            sum += self.score_word(folded, word)?;
            words += 1;
        }
        Some(sum / words.max(1))
    }

    fn score_word(&self, folded: &str, word: &str) -> Option<i64> {
        match find(folded, word) {
            Some(0) => Some(FRONT),
            Some(at) if starts_word(folded, at) => Some(WORD),
            Some(_) => Some(INSIDE),
            None => self
                .scattered
                .fuzzy_match(folded, word)
                .map(|score| score.clamp(0, INSIDE - 1)),
        }
    }

    /// Whether what was typed stands in one piece at the start of a word of a folded name.
    #[must_use]
    pub fn begins_a_word(&self, folded: &str) -> bool {
        find(folded, &self.whole).is_some_and(|at| starts_word(folded, at))
    }

    /// The pieces of a name, as written, that fit.
    #[must_use]
    pub fn pieces(&self, name: &str) -> Vec<Range<usize>> {
        let mut letters: Vec<(char, Range<usize>)> = Vec::new();
        for (start, grapheme) in name.grapheme_indices(true) {
            let range = start..start + grapheme.len();
            let folded = fold(grapheme);
            let folded = if folded.is_empty() { " " } else { &folded };
            letters.extend(folded.chars().map(|c| (c, range.clone())));
        }
        let plain: String = letters.iter().map(|(c, _)| *c).collect();
        let mut found: Vec<usize> = Vec::new();
        for word in self.whole.split(' ').filter(|word| !word.is_empty()) {
            if let Some(at) = find(&plain, word) {
                let first = plain[..at].chars().count();
                found.extend(first..first + word.chars().count());
            } else if !self.in_pieces
                && let Some((_, places)) = self.scattered.fuzzy_indices(&plain, word)
            {
                found.extend(places);
            }
        }
        found.sort_unstable();
        let mut pieces: Vec<Range<usize>> = Vec::new();
        for place in found {
            let Some((_, range)) = letters.get(place) else {
                continue;
            };
            match pieces.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => pieces.push(range.clone()),
            }
        }
        pieces
    }
}

/// Where a word stands: at the start of a word, if it does anywhere.
fn find(folded: &str, word: &str) -> Option<usize> {
    let mut places = folded.match_indices(word).map(|(at, _)| at);
    let first = places.next()?;
    if starts_word(folded, first) {
        return Some(first);
    }
    Some(places.find(|at| starts_word(folded, *at)).unwrap_or(first))
}

fn starts_word(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_none_or(|before| !before.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn best<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
        let needle = Needle::new(typed);
        let mut found: Vec<(i64, &str)> = names
            .iter()
            .filter_map(|name| needle.score(&fold(name)).map(|score| (score, *name)))
            .collect();
        found.sort_by_key(|(score, _)| -score);
        found.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(best("muller", &["Müller AG", "Weber"]), ["Müller AG"]);
        assert_eq!(best("STRASSE", &["Straße"]), ["Straße"]);
        assert_eq!(best("龍", &["Longteng 龍騰"]), ["Longteng 龍騰"]);
    }

    #[test]
    fn the_start_of_a_name_beats_the_start_of_a_word_beats_the_inside_beats_gaps() {
        assert_eq!(
            best(
                "roth",
                &["Brother", "Metall Roth", "Rothorn", "Roth", "River of the"]
            ),
            ["Roth", "Rothorn", "Metall Roth", "Brother", "River of the"]
        );
    }

    #[test]
    fn words_are_found_in_any_order() {
        assert_eq!(
            best("keller nora", &["Nora Keller", "Nora Kern"]),
            ["Nora Keller"]
        );
        assert_eq!(best("zz", &["Nora Keller"]), Vec::<&str>::new());
    }

    #[test]
    fn the_pieces_that_fit_are_told_in_the_name_as_written() {
        let pieces = |typed: &str, name: &str| -> Vec<String> {
            let found = Needle::new(typed).pieces(name);
            found
                .into_iter()
                .map(|range| name[range].to_owned())
                .collect()
        };
        assert_eq!(pieces("mull", "Die Müller AG"), ["Müll"]);
        assert_eq!(pieces("ss", "Straße"), ["ß"]);
        assert_eq!(pieces("aa", "Alpina"), ["A", "a"]);
    }

    proptest! {
        #[test]
        fn any_text_is_looked_for_in_any_text(typed in ".{0,8}", name in ".{0,20}") {
            let needle = Needle::new(&typed);
            let _ = needle.score(&fold(&name));
            for piece in needle.pieces(&name) {
                prop_assert!(name.get(piece).is_some());
            }
        }
    }
}
