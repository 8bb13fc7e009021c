//! One slip of a finger: a letter too many, one too few, one wrong, two swapped. Words that are nearly what was typed are looked up in
//! the list of all words of the copy.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use super::line::Field;

/// Letters that a word must have so that a slip in it can be told from another word.
pub const LETTERS: usize = 4;
/// Letters of a word among others in which two may be swapped.
const FEW: usize = LETTERS - 1;
/// The most ways to put a word right that are tried.
const WAYS: usize = 16;

/// How a word of the list is near to what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// All of it is, and has so many letters.
    Whole(usize),
    /// It begins with so many letters that are: the word is not typed to its end.
    Begins(usize),
}

/// Whether a word, or its beginning, is one slip away from what was typed. What is typed right is not near.
#[must_use]
pub fn near<T: PartialEq>(typed: &[T], word: &[T]) -> Option<Near> {
    let same = typed.iter().zip(word).take_while(|(a, b)| a == b).count();
    if same == typed.len() {
        // A letter of the word was typed once too often at its end only where the word has ended: it cannot be, all of it is there.
        return None;
    }
    let rest = &typed[same..];
    let here = &word[same..];
    let told = |letters: usize| {
        if letters == word.len() {
            Near::Whole(letters)
        } else {
            Near::Begins(letters)
        }
    };
    // One letter is wrong.
    let wrong = here.len() >= rest.len() && here[1..].starts_with(&rest[1..]);
    // One is missing.
    let missing = here.len() > rest.len() && here[1..].starts_with(rest);
    // One is too many.
    let many = here.starts_with(&rest[1..]);
    // Two are swapped.
    let swapped = rest.len() >= 2
        && here.len() >= rest.len()
        && rest[0] == here[1]
        && rest[1] == here[0]
        && here[2..].starts_with(&rest[2..]);
    let len = typed.len();
    let ways = [
        wrong.then(|| told(len)),
        swapped.then(|| told(len)),
        missing.then(|| told(len + 1)),
        many.then(|| told(len - 1)),
    ];
    let whole = |way: &&Near| matches!(way, Near::Whole(_));
    let mut told = ways.iter().flatten();
    ways.iter()
        .flatten()
        .find(whole)
        .or_else(|| told.next())
        .copied()
}

/// The words of all names.
#[derive(Debug, Default)]
pub struct Words {
    /// Every word with a line end behind it.
    text: Vec<u8>,
    seen: HashSet<u64>,
    hasher: RandomState,
}

impl Words {
    /// Takes the words of a line's name.
    pub fn take(&mut self, line: &[u8]) {
        for word in Field::Name.of(line).split(|byte| is_apart(*byte)) {
            let plain = word.len() >= FEW && !word.iter().any(u8::is_ascii_digit);
            if plain && self.seen.insert(self.hasher.hash_one(word)) {
                self.text.extend_from_slice(word);
                self.text.push(b'\n');
            }
        }
    }

    /// Bytes of memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.capacity() + self.seen.capacity() * 10
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// The ways to put a typed word right, those that make a whole word first. Of a word of three letters that is one of `several`
    /// only whole words with the same letters.
    #[must_use]
    pub fn ways(&self, typed: &str, several: bool) -> Vec<String> {
        let letters: Vec<char> = typed.chars().collect();
        let least = if several { FEW } else { LETTERS };
        if letters.len() < least || typed.bytes().any(|byte| byte.is_ascii_digit()) {
            return Vec::new();
        }
        let same = |right: &str| {
            let mut other: Vec<char> = right.chars().collect();
            let mut own = letters.clone();
            other.sort_unstable();
            own.sort_unstable();
            other == own
        };
        let mut ways: Vec<(bool, usize, String)> = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        let from = typed.as_bytes();
        for word in self.text.split(|byte| *byte == b'\n') {
            let found = if typed.is_ascii() && word.is_ascii() {
                near(from, word).map(|way| cut(way, |letters| letters))
            } else {
                let text = String::from_utf8_lossy(word);
                let chars: Vec<char> = text.chars().collect();
                near(&letters, &chars).map(|way| {
                    cut(way, |letters| {
                        chars[..letters].iter().map(|c| c.len_utf8()).sum()
                    })
                })
            };
            let Some((begins, bytes)) = found else {
                continue;
            };
            let right = String::from_utf8_lossy(&word[..bytes]).into_owned();
            if letters.len() == FEW && (begins || !same(&right)) {
                continue;
            }
            if begins || seen.insert(right.clone()) {
                let off = right.chars().count().abs_diff(letters.len());
                ways.push((begins, off, right));
            }
        }
        ways.sort_unstable();
        ways.dedup();
        // What is a whole word and the beginning of another is tried once.
        ways.retain(|(begins, _, right)| !begins || !seen.contains(right));
        ways.truncate(WAYS);
        ways.into_iter().map(|(_, _, right)| right).collect()
    }
}

fn cut(way: Near, bytes: impl Fn(usize) -> usize) -> (bool, usize) {
    match way {
        Near::Whole(letters) => (false, bytes(letters)),
        Near::Begins(letters) => (true, bytes(letters)),
    }
}

/// Whether a byte stands between words. Bytes of other scripts are letters here.
const fn is_apart(byte: u8) -> bool {
    byte < 0x80 && !byte.is_ascii_alphanumeric()
}
