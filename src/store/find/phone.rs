//! A phone number, or the beginning of one, as it was typed: found however it is written in the book.
//!
//! A book has `+41 44 668 00 13` of one person and `044 668 00 13` of another, and whoever types one of them means both. How many
//! digits the code of a country has is told by its first ones, for all the world alike; what stands behind it is compared with what
//! stands behind the zero of a number without one.

use super::line::{Field, MARK};
use super::wanted::{ADDRESS, Class, Needle};

/// Digits behind the code of a country that tell something.
const TELLING: usize = 2;
/// So many of them stand in few enough lines that they are looked for alone.
const RARE: usize = 4;

/// What of a number is looked for.
#[derive(Clone, Debug)]
pub struct Phone {
    /// Its digits, without the zeros in front that stand for a country or a trunk line.
    digits: Needle,
    /// It begins with one zero: the number of a country, whichever.
    trunk: bool,
    /// What stands behind the code of a country, in every way in which a line may have it without that code: first by itself.
    behind: Option<[Needle; 4]>,
}

impl Phone {
    /// Takes a text apart that may be a number: digits, and what people write between them. `None` where it is none, or has fewer than
    /// two digits that tell something.
    pub fn new(text: &str) -> Option<Self> {
        let number = text.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b' ' | b'+' | b'-' | b'/' | b'.' | b'(' | b')')
        });
        if !number {
            return None;
        }
        let plain = text.replace("(0)", "");
        let written: String = plain.chars().filter(char::is_ascii_digit).collect();
        let digits = written.trim_start_matches('0');
        if digits.len() < 2 {
            return None;
        }
        let abroad =
            plain.trim_start_matches(['(', ' ']).starts_with('+') || written.starts_with("00");
        let behind = digits
            .get(code_len(digits.as_bytes())..)
            .filter(|behind| abroad && behind.len() >= TELLING);
        Some(Self {
            trunk: !abroad && written.starts_with('0'),
            behind: behind.map(|behind| {
                [&b""[..], b"0", b" ", &[MARK]]
                    .map(|before| Needle::new(&[before, behind.as_bytes()].concat()))
            }),
            digits: Needle::new(digits.as_bytes()),
        })
    }

    /// Whether it is looked for as it was typed.
    pub fn is_plain(&self, text: &str) -> bool {
        self.digits.bytes() == text.as_bytes()
    }

    /// The digits.
    pub const fn digits(&self) -> &Needle {
        &self.digits
    }

    /// What to look for so that every line with this number is found.
    pub fn needles(&self) -> Vec<&Needle> {
        match &self.behind {
            None => vec![&self.digits],
            // It stands in all the others.
            Some([behind, ..]) if behind.bytes().len() >= RARE => vec![behind],
            Some([_, others @ ..]) => std::iter::once(&self.digits).chain(others).collect(),
        }
    }

    /// How well it stands in the numbers of a line, and where.
    pub fn best(&self, line: &[u8]) -> Option<(Class, usize)> {
        let from = Field::Phone.begins(line)?;
        let found = self.digits.best(line, from);
        if found.is_some_and(|(class, _)| class <= ADDRESS) || !self.trunk && self.behind.is_none()
        {
            return found;
        }
        self.begins(line, from).map(|at| (ADDRESS, at)).or(found)
    }

    /// Where a number of a line begins with it, but for the code of a country that one of the two has.
    fn begins(&self, line: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        for number in line.get(from..)?.split(|byte| *byte == b' ') {
            let here = at;
            at += number.len() + 1;
            let begins = match (&self.behind, number) {
                (Some([behind, ..]), [b'0', rest @ ..]) if rest.starts_with(behind.bytes()) => true,
                (Some([behind, ..]), _) => number.starts_with(behind.bytes()),
                (None, _) => {
                    let own = number.get(code_len(number)..).unwrap_or_default();
                    own.starts_with(self.digits.bytes())
                }
            };
            if begins {
                return Some(here);
            }
        }
        None
    }

    /// Whether every number that is found by this is found by `other` too.
    pub fn is_of(&self, other: &Self) -> bool {
        let behind = match (&self.behind, &other.behind) {
            (None, _) => true,
            (Some([own, ..]), Some([other, ..])) => own.bytes().starts_with(other.bytes()),
            (Some([own, ..]), None) => own.holds(&other.digits),
        };
        behind && self.digits.holds(&other.digits)
    }

    /// Whether every number that is found by this holds some bytes.
    pub fn is_with(&self, needle: &Needle) -> bool {
        let behind = self.behind.as_ref();
        self.digits.holds(needle) && behind.is_none_or(|[behind, ..]| behind.holds(needle))
    }
}

/// How many digits the code of a country has, of a number that begins with one: so the plan of the world's numbers has it.
fn code_len(digits: &[u8]) -> usize {
    match digits {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0' | b'1' | b'2' | b'3' | b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        [b'0', ..] => 0,
        _ => 3,
    }
}
