//! Which two bytes of what is looked for to look for first: those that are the rarest together in this very text.
//!
//! The search for bytes looks at two of them until both are there, and then at all. Which are rare it guesses by what people write
//! everywhere; in a book of Schneiders `ch` is not rare.

use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::{Finder, FinderBuilder};

use super::wanted::Needle;

/// Bytes that are compared in pairs.
const RAREST: usize = 5;
/// Bytes that are counted.
const COUNTED: usize = 12;

/// Two bytes that are looked for first.
struct First([u8; 2]);

impl HeuristicFrequencyRank for First {
    fn rank(&self, byte: u8) -> u8 {
        let place = self.0.iter().position(|first| *first == byte);
        place
            .and_then(|place| u8::try_from(place).ok())
            .unwrap_or(u8::MAX)
    }
}

/// What looks for a needle in a text of which there are pieces.
pub(super) fn finder(needle: &Needle, pieces: &[&[u8]]) -> Finder<'static> {
    match rarest(needle.bytes(), pieces) {
        Some(first) => {
            FinderBuilder::new().build_forward_with_ranker_owned(First(first), needle.bytes())
        }
        None => needle.finder().clone(),
    }
}

/// The two; `None` where there is no choice.
fn rarest(needle: &[u8], pieces: &[&[u8]]) -> Option<[u8; 2]> {
    let mut singles: Vec<(usize, u8, usize)> = Vec::new();
    for (place, byte) in needle.iter().enumerate().take(COUNTED) {
        if singles.iter().all(|(_, other, _)| other != byte) {
            let often = pieces.iter().map(|piece| count(piece, *byte)).sum();
            singles.push((often, *byte, place));
        }
    }
    singles.sort_unstable();
    singles.truncate(RAREST);
    let mut best: Option<(usize, [u8; 2])> = None;
    for (number, (_, one, at)) in singles.iter().enumerate() {
        for (_, other, place) in &singles[number + 1..] {
            let often: usize = pieces
                .iter()
                .map(|piece| {
                    let far = at.abs_diff(*place).min(piece.len());
                    let (near, behind) = if at < place {
                        (*one, *other)
                    } else {
                        (*other, *one)
                    };
                    both(piece, near, &piece[far..], behind)
                })
                .sum();
            if best.is_none_or(|(least, _)| often < least) {
                best = Some((often, [*one, *other]));
            }
        }
    }
    (singles.len() > 2).then_some(best?.1)
}

/// Bytes of a text that are counted at once: no more than a byte can count.
const AT_ONCE: usize = 128;

fn count(text: &[u8], byte: u8) -> usize {
    let chunks = text.chunks(AT_ONCE);
    chunks
        .map(|chunk| usize::from(chunk.iter().map(|here| u8::from(*here == byte)).sum::<u8>()))
        .sum()
}

/// How often a byte of one text and a byte of the other are at the same place.
fn both(text: &[u8], byte: u8, other: &[u8], behind: u8) -> usize {
    let chunks = text.chunks(AT_ONCE).zip(other.chunks(AT_ONCE));
    chunks
        .map(|(chunk, other)| {
            let pairs = chunk.iter().zip(other);
            let here = pairs.map(|(a, b)| u8::from(*a == byte) & u8::from(*b == behind));
            usize::from(here.sum::<u8>())
        })
        .sum()
}
