//! What was typed, and how well a line fits it.

use memchr::memmem::Finder;

use crate::domain::text::fold;

use super::line::{Field, MARK};

/// How well a record fits: the lower, the better.
pub type Class = u8;

/// The name is what was typed.
pub const EXACT: Class = 0;
/// The name begins with what was typed.
pub const FRONT: Class = 1;
/// Every word typed begins a word of the name.
pub const WORDS: Class = 2;
/// An address begins with it; a phone number ends or begins with it.
pub const ADDRESS: Class = 3;
/// It begins a word of the company, the title or an address.
pub const BESIDE: Class = 4;
/// It stands inside the name or a number.
pub const INSIDE: Class = 5;
/// It stands inside something else.
pub const ANYWHERE: Class = 6;

/// A text that was typed, taken apart.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// All of it, folded.
    pub whole: String,
    /// Its words, each of which a line must have.
    pub words: Vec<Word>,
    /// Where all of it is one phone number: its digits. A line that has them fits, whatever the words.
    pub phone: Option<Needle>,
}

/// One word.
#[derive(Clone, Debug)]
pub struct Word {
    /// As it was typed, folded.
    pub text: Needle,
    /// Where it may be a phone number: its digits without the zeros that stand for a country or a trunk line.
    pub digits: Option<Needle>,
}

/// Bytes to look for.
#[derive(Clone, Debug)]
pub struct Needle {
    bytes: Vec<u8>,
    finder: Finder<'static>,
}

impl Needle {
    /// Makes ready to look for bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.to_vec(),
            finder: Finder::new(bytes).into_owned(),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What looks for them.
    #[must_use]
    pub const fn finder(&self) -> &Finder<'static> {
        &self.finder
    }

    /// How well they stand in a line, and where, from a place on.
    fn best(&self, line: &[u8], from: usize) -> Option<(Class, usize)> {
        let rest = line.get(from..)?;
        let name = memchr::memchr(MARK, line).unwrap_or(line.len());
        let mut best: Option<(Class, usize)> = None;
        for at in self.finder.find_iter(rest).map(|at| from + at) {
            let class = class_at(line, name, at, self.bytes.len());
            if best.is_none_or(|best| class < best.0) {
                best = Some((class, at));
            }
            // The name comes first: behind an address nothing is better.
            if class <= ADDRESS {
                break;
            }
        }
        best
    }

    /// How well they stand in a line, of which the places are known.
    pub(super) fn best_of(
        &self,
        line: &[u8],
        places: impl Iterator<Item = usize>,
    ) -> Option<Class> {
        let name = memchr::memchr(MARK, line).unwrap_or(line.len());
        let mut best = None;
        for at in places {
            // The name comes first: behind an address nothing is better.
            if best.is_none_or(|best| best > ADDRESS) {
                let class = class_at(line, name, at, self.bytes.len());
                best = Some(best.map_or(class, |best: Class| best.min(class)));
            }
        }
        best
    }

    /// The same in the phone numbers alone.
    fn best_in_phone(&self, line: &[u8]) -> Option<(Class, usize)> {
        self.best(line, Field::Phone.begins(line)?)
    }

    fn holds(&self, other: &Self) -> bool {
        other.finder.find(&self.bytes).is_some()
    }
}

/// The digits that tell a number whatever its prefix: without blanks and signs, `(0)` and the zeros in front. `None` where the text
/// is no number, or has fewer than two such digits.
fn digits_of(text: &str) -> Option<String> {
    let number = text.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b' ' | b'+' | b'-' | b'/' | b'.' | b'(' | b')')
    });
    if !number {
        return None;
    }
    let plain = text.replace("(0)", "");
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    (digits.len() >= 2).then(|| digits.to_owned())
}

impl Word {
    fn new(text: &str) -> Self {
        Self {
            text: Needle::new(text.as_bytes()),
            digits: digits_of(text)
                .filter(|digits| digits != text)
                .map(|digits| Needle::new(digits.as_bytes())),
        }
    }

    /// What to look for so that every line with this word is found.
    pub fn needles(&self) -> Vec<&Needle> {
        match &self.digits {
            None => vec![&self.text],
            // `044` holds `44`: who looks for that finds both.
            Some(digits) if digits.finder.find(&self.text.bytes).is_some() => vec![digits],
            Some(digits) => vec![&self.text, digits],
        }
    }

    /// How well it stands in a line, and where; `None` where it does not.
    fn fits(&self, line: &[u8]) -> Option<(Class, usize)> {
        let own = self.text.best(line, 0);
        let digits = self.digits.as_ref();
        match (own, digits.and_then(|digits| digits.best_in_phone(line))) {
            (Some(own), Some(digits)) => Some(if digits.0 < own.0 { digits } else { own }),
            (one, other) => one.or(other),
        }
    }
}

/// How well a word stands at a place of a line whose name ends at `name`.
fn class_at(line: &[u8], name: usize, at: usize, len: usize) -> Class {
    let before = at.checked_sub(1).map(|place| line[place]);
    let after = line.get(at + len).copied();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80;
    let begins = before.is_none_or(|byte| !is_word(byte));
    let piece = |byte: Option<u8>| byte.is_none_or(|byte| matches!(byte, b' ' | MARK));
    let field = if at < name {
        Field::Name
    } else {
        Field::at(line, at)
    };
    match (field, begins) {
        (Field::Name, true) => WORDS,
        (Field::Address, true) if piece(before) => ADDRESS,
        (Field::Phone, _) if piece(before) || piece(after) => ADDRESS,
        (Field::Name | Field::Phone, _) => INSIDE,
        (_, true) => BESIDE,
        (_, false) => ANYWHERE,
    }
}

impl Wanted {
    /// Takes a text apart; `None` where nothing is left to look for.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let whole = fold(typed);
        let whole: String = whole.chars().filter(|c| *c >= ' ').collect();
        Self::of_folded(whole)
    }

    pub(super) fn of_folded(whole: String) -> Option<Self> {
        let words: Vec<Word> = whole
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(Word::new)
            .collect();
        if words.is_empty() {
            return None;
        }
        let phone = (words.len() > 1).then(|| digits_of(&whole)).flatten();
        Some(Self {
            phone: phone.map(|digits| Needle::new(digits.as_bytes())),
            words,
            whole,
        })
    }

    /// How well a line fits; `None` where it does not.
    #[must_use]
    pub fn fits(&self, line: &[u8]) -> Option<Class> {
        if let Some(rest) = line.strip_prefix(self.whole.as_bytes()) {
            return Some(if rest.first().is_none_or(|byte| *byte == MARK) {
                EXACT
            } else {
                FRONT
            });
        }
        let as_words = self.words.iter().try_fold(EXACT, |worst, word| {
            word.fits(line).map(|(class, _)| class.max(worst))
        });
        let as_phone = self.in_phone(line).map(|(class, _)| class);
        match (as_words, as_phone) {
            (Some(words), Some(phone)) => Some(words.min(phone)),
            (one, other) => one.or(other),
        }
    }

    fn in_phone(&self, line: &[u8]) -> Option<(Class, usize)> {
        self.phone.as_ref()?.best_in_phone(line)
    }

    /// Whether it is one word, and looked for as it is.
    #[must_use]
    pub fn is_word(&self) -> bool {
        matches!(&self.words[..], [word] if word.digits.is_none()) && self.phone.is_none()
    }

    /// Whether every line that fits this fits `other` too: then only those have to be looked at.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        let in_word = |needle: &Needle, word: &Word| {
            needle.holds(&word.text) || word.digits.iter().any(|digits| needle.holds(digits))
        };
        let words = other.words.iter().all(|word| {
            self.words.iter().any(|own| {
                own.text.holds(&word.text) && own.digits.iter().all(|digits| in_word(digits, word))
            })
        });
        let phone = self.phone.iter().all(|phone| {
            other.phone.iter().any(|other| phone.holds(other))
                || other.words.iter().all(|word| in_word(phone, word))
        });
        words && phone
    }

    /// What of a line fits, where it is not the name alone: the field, and the piece of it.
    #[must_use]
    pub fn beside_name<'a>(&self, line: &'a [u8]) -> Option<(Field, &'a [u8])> {
        if line.starts_with(self.whole.as_bytes()) {
            return None;
        }
        let words = self.words.iter().map(|word| word.fits(line));
        let places: Option<Vec<(Class, usize)>> = words.collect();
        let places = places.or_else(|| self.in_phone(line).map(|found| vec![found]))?;
        let place = places
            .into_iter()
            .map(|(_, at)| at)
            .find(|at| Field::at(line, *at) != Field::Name)?;
        let field = Field::at(line, place);
        let apart = |byte: &u8| {
            *byte == MARK || matches!(field, Field::Address | Field::Phone) && *byte == b' '
        };
        let from = line[..place].iter().rposition(apart).map_or(0, |at| at + 1);
        let to = line[place..]
            .iter()
            .position(apart)
            .map_or(line.len(), |at| place + at);
        Some((field, &line[from..to]))
    }
}
