//! What was typed, and how well a line fits it.

use memchr::memmem::Finder;

use crate::domain::text::fold;

use super::line::{Field, MARK};
use super::phone::Phone;

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
    /// Where all of it is one phone number. A line that has it fits, whatever the words.
    pub phone: Option<Phone>,
}

/// One word.
#[derive(Clone, Debug)]
pub struct Word {
    /// As it was typed, folded.
    pub text: Needle,
    /// Where it may be a phone number, and as such is not looked for as it was typed.
    pub phone: Option<Phone>,
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
    pub(super) fn best(&self, line: &[u8], from: usize) -> Option<(Class, usize)> {
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

    /// Whether other bytes stand in these.
    pub(super) fn holds(&self, other: &Self) -> bool {
        other.finder.find(&self.bytes).is_some()
    }
}

impl Word {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: Needle::new(text.as_bytes()),
            phone: Phone::new(text).filter(|phone| !phone.is_plain(text)),
        }
    }

    /// What to look for so that every line with this word is found.
    pub fn needles(&self) -> Vec<&Needle> {
        let Some(phone) = &self.phone else {
            return vec![&self.text];
        };
        let mut needles = phone.needles();
        // `044` holds `44`: who looks for that finds both.
        if !needles.iter().any(|needle| self.text.holds(needle)) {
            needles.push(&self.text);
        }
        needles
    }

    /// How well it stands in a line, and where; `None` where it does not.
    pub(super) fn fits(&self, line: &[u8]) -> Option<(Class, usize)> {
        let own = self.text.best(line, 0);
        let phone = self.phone.as_ref();
        match (own, phone.and_then(|phone| phone.best(line))) {
            (Some(own), Some(phone)) => Some(if phone.0 < own.0 { phone } else { own }),
            (one, other) => one.or(other),
        }
    }

    /// Whether it stands in a line at all: no line that it fits is without.
    fn is_in(&self, line: &[u8]) -> bool {
        self.phone.is_some() || self.text.finder.find(line).is_some()
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
        Some(Self {
            phone: (words.len() > 1).then(|| Phone::new(&whole)).flatten(),
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
        // Most lines with one of the words lack another.
        let has_all = || self.words.iter().all(|word| word.is_in(line));
        let as_words = if self.words.len() == 1 || has_all() {
            self.words.iter().try_fold(EXACT, |worst, word| {
                word.fits(line).map(|(class, _)| class.max(worst))
            })
        } else {
            None
        };
        let as_phone = self.in_phone(line).map(|(class, _)| class);
        match (as_words, as_phone) {
            (Some(words), Some(phone)) => Some(words.min(phone)),
            (one, other) => one.or(other),
        }
    }

    fn in_phone(&self, line: &[u8]) -> Option<(Class, usize)> {
        self.phone.as_ref()?.best(line)
    }

    /// Whether it is one word, and looked for as it is.
    #[must_use]
    pub fn is_word(&self) -> bool {
        matches!(&self.words[..], [word] if word.phone.is_none()) && self.phone.is_none()
    }

    /// Whether every line that fits this fits `other` too: then only those have to be looked at.
    #[must_use]
    pub fn is_of(&self, other: &Self) -> bool {
        let in_word = |phone: &Phone, word: &Word| {
            phone.is_with(&word.text) || word.phone.iter().any(|other| phone.is_of(other))
        };
        let words = other.words.iter().all(|word| {
            self.words.iter().any(|own| {
                own.text.holds(&word.text) && own.phone.iter().all(|phone| in_word(phone, word))
            })
        });
        let phone = self.phone.iter().all(|phone| {
            other.phone.iter().any(|other| phone.is_of(other))
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
