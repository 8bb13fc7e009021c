//! What was typed with a slip of a finger in one of its words, or in two: a line fits that has one of the words which may have been
//! meant, and all the others as they were typed.

use super::near::Words;
use super::wanted::{BESIDE, Class, EXACT, FRONT, Needle, WORDS, Wanted, Word};

/// A word of what was typed.
#[derive(Clone, Debug)]
enum Part {
    /// Right.
    Right(Box<Word>),
    /// What it may have been, the likeliest first.
    Slipped(Vec<Needle>),
}

/// One reading of what was typed.
#[derive(Clone, Debug)]
pub struct Slip {
    parts: Vec<Part>,
}

/// How well a line fits: how unlikely what was meant is, then how well that stands in the line.
pub(super) type Near = (u8, Class);

impl Slip {
    /// All readings: first those of a slip in one word, then of one in each of two.
    pub(super) fn all(wanted: &Wanted, words: &Words) -> Vec<Self> {
        let typed: Vec<&str> = wanted.whole.split(' ').collect();
        let several = typed.len() > 1;
        let meant: Vec<Vec<Needle>> = typed
            .iter()
            .map(|word| {
                let ways = words.ways(word, several);
                ways.iter().map(|way| Needle::new(way.as_bytes())).collect()
            })
            .collect();
        let reading = |slipped: &[usize]| {
            let parts = typed.iter().enumerate().map(|(place, word)| {
                if slipped.contains(&place) {
                    Part::Slipped(meant[place].clone())
                } else {
                    Part::Right(Box::new(Word::new(word)))
                }
            });
            Self {
                parts: parts.collect(),
            }
        };
        let places: Vec<usize> = (0..typed.len())
            .filter(|place| !meant[*place].is_empty())
            .collect();
        let one = places.iter().map(|place| reading(&[*place]));
        let two = places.iter().enumerate().flat_map(|(number, place)| {
            let others = places[number + 1..].iter();
            others.map(|other| reading(&[*place, *other]))
        });
        one.chain(two).collect()
    }

    /// For every word what to look for so that every line with it is found.
    pub(super) fn needles(&self) -> impl Iterator<Item = Vec<&Needle>> {
        self.parts.iter().map(|part| match part {
            Part::Right(word) => word.needles(),
            Part::Slipped(needles) => needles.iter().collect(),
        })
    }

    /// How well a line fits; `None` where it does not, or has something in the middle of a word.
    pub(super) fn fits(&self, line: &[u8]) -> Option<Near> {
        let mut unlikely = 0;
        let mut worst = EXACT;
        // How far the name is what was typed, word by word.
        let mut front = Some(0);
        for part in &self.parts {
            let (way, needle, class) = part.fits(line)?;
            unlikely += way;
            worst = worst.max(class);
            front = front.filter(|at| line[*at..].starts_with(needle.bytes()));
            front = front.map(|at| (at + needle.bytes().len() + 1).min(line.len()));
        }
        let class = match front {
            Some(_) if worst == WORDS => FRONT,
            _ => worst,
        };
        Some((u8::try_from(unlikely).unwrap_or(u8::MAX), class))
    }

    /// What was meant where a line fits.
    pub(super) fn meant(&self, line: &[u8]) -> String {
        let words = self.parts.iter().filter_map(|part| part.fits(line));
        let words = words.map(|(_, needle, _)| String::from_utf8_lossy(needle.bytes()));
        words.collect::<Vec<_>>().join(" ")
    }
}

impl Part {
    /// Which of the ways of a word a line has, and how well.
    fn fits(&self, line: &[u8]) -> Option<(usize, &Needle, Class)> {
        match self {
            Self::Right(word) => {
                let (class, _) = word.fits(line)?;
                (class <= BESIDE).then_some((0, &word.text, class))
            }
            Self::Slipped(needles) => needles.iter().enumerate().find_map(|(way, needle)| {
                let (class, _) = needle.best(line, 0)?;
                (class <= BESIDE).then_some((way, needle, class))
            }),
        }
    }
}
