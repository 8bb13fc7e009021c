//! The lines of one noun: put in, taken out, searched.
//!
//! Those that were read in the order of their ids come first, so that a line is found by its id without an index of its own. What
//! changes later is blanked out where it lies and put behind; when that is much, the copy is worn and is read anew.

use std::collections::HashMap;

use memchr::memmem::Finder;

use crate::domain::id::RecordId;

use super::block::{Block, GONE, Stack, short};
use super::line::MARK;
use super::pair;
use super::phone::Phone;
use super::slip::{Near, Slip};
use super::wanted::{Class, EXACT, FRONT, Needle, Wanted};

/// To look at a line once more costs as much as to search so many bytes of text.
const AGAIN: usize = 4_096;
/// In a text of so many bytes it is worth while to choose what to look for first.
const MUCH: usize = 1 << 20;

/// A line that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// How well.
    pub class: Class,
    /// Bytes of its name: of two that fit alike the shorter one is meant.
    pub name: u16,
    /// The record.
    pub id: RecordId,
    /// Which stack, block and row.
    place: (bool, u32, u32),
}

/// The lines of a noun.
#[derive(Debug, Default)]
pub struct Shelf {
    /// In the order of their ids.
    old: Stack,
    /// What has changed since, in the order of its coming.
    young: Stack,
    places: HashMap<RecordId, (u32, u32)>,
    live: usize,
    gone: usize,
}

impl Shelf {
    /// How many lines there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.live
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Bytes of memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let blocks = self.blocks().map(|(_, _, block)| block);
        blocks.map(Block::bytes).sum::<usize>() + self.places.capacity() * 18
    }

    /// Whether so much has changed that reading it anew is cheaper than going on.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.gone.max(self.places.len()) > self.live / 4 + 20_000
    }

    /// Puts a line that is read in the order of the ids. What has come by a change already is as new.
    pub fn load(&mut self, id: RecordId, line: &[u8]) {
        if self.places.contains_key(&id) {
            return;
        }
        if self.old.last().is_none_or(|last| last < id) {
            self.old.push(id, line);
            self.live += 1;
        } else {
            self.put(id, line);
        }
    }

    /// Puts a line in the place of an older one.
    pub fn put(&mut self, id: RecordId, line: &[u8]) {
        self.take(id);
        self.places.insert(id, self.young.push(id, line));
        self.live += 1;
    }

    /// Takes a line out, if there is one.
    pub fn take(&mut self, id: RecordId) {
        let lived = if let Some((block, row)) = self.places.remove(&id) {
            self.young.0[block as usize].blank_out(row as usize)
        } else if let Some((block, row)) = self.old.find(id) {
            self.old.0[block as usize].blank_out(row as usize)
        } else {
            false
        };
        if lived {
            self.live -= 1;
            self.gone += 1;
        }
    }

    /// A line that was found.
    #[must_use]
    pub fn line(&self, fit: &Fit) -> &[u8] {
        let (young, block, row) = fit.place;
        let stack = if young { &self.young } else { &self.old };
        stack.0[block as usize].line(row as usize)
    }

    /// The line of an id.
    #[must_use]
    pub fn line_of(&self, id: RecordId) -> Option<&[u8]> {
        let line = if let Some((block, row)) = self.places.get(&id) {
            self.young.0[*block as usize].line(*row as usize)
        } else {
            let (block, row) = self.old.find(id)?;
            self.old.0[block as usize].line(row as usize)
        };
        (line[0] != GONE).then_some(line)
    }

    /// Every line with its id, in no order.
    pub fn lines(&self) -> impl Iterator<Item = (RecordId, &[u8])> {
        self.blocks()
            .flat_map(|(_, _, block)| {
                let rows = 0..block.ids.len();
                rows.map(|row| (block.ids[row], block.line(row)))
            })
            .filter(|(_, line)| line[0] != GONE)
    }

    /// How often bytes stand in a sample of the text: what is rarer is looked for first.
    #[must_use]
    pub fn sample(&self, needle: &Needle) -> usize {
        let pieces = self.pieces(1 << 14).into_iter();
        pieces
            .map(|piece| needle.finder().find_iter(piece).count())
            .sum()
    }

    /// A sample of the text: pieces of so many bytes.
    fn pieces(&self, bytes: usize) -> Vec<&[u8]> {
        const PIECES: usize = 8;
        let step = self.old.0.len().div_ceil(PIECES).max(1);
        let pieces = self.old.0.iter().step_by(step);
        pieces
            .map(|block| &block.text[..block.text.len().min(bytes)])
            .collect()
    }

    /// What looks for bytes in all of the text.
    fn finder(&self, needle: &Needle) -> Finder<'static> {
        if self.text() < MUCH {
            needle.finder().clone()
        } else {
            pair::finder(needle, &self.pieces(1 << 12))
        }
    }

    /// Every block with its place.
    fn blocks(&self) -> impl Iterator<Item = (bool, u32, &Block)> {
        let old = self.old.0.iter().zip(0_u32..);
        let young = self.young.0.iter().zip(0_u32..);
        old.map(|(block, number)| (false, number, block))
            .chain(young.map(|(block, number)| (true, number, block)))
    }

    /// The lines whose name begins with what was typed, up to `enough`, and as many whose name it is.
    fn fronts(&self, wanted: &Wanted, enough: usize, found: &mut Vec<Fit>) {
        let typed = wanted.whole.as_bytes();
        let (mut exact, mut begin) = (0, 0);
        for (young, number, block) in self.blocks() {
            for row in block.fronts(typed) {
                let line = block.line(row);
                let place = (young, number, short(row));
                // In a block what is just so called comes first.
                let is_exact = line.get(typed.len()).is_none_or(|byte| *byte == MARK);
                let (class, count) = if is_exact {
                    (EXACT, &mut exact)
                } else {
                    (FRONT, &mut begin)
                };
                if *count >= enough {
                    if is_exact {
                        continue;
                    }
                    break;
                }
                *count += 1;
                found.push(fit(class, block.ids[row], line, place));
            }
        }
    }

    /// Every other line with those bytes that fits, until there are `enough` in all.
    fn scan(&self, needle: &Needle, wanted: &Wanted, enough: usize, found: &mut Vec<Fit>) {
        let finder = self.finder(needle);
        for (young, number, block) in self.blocks() {
            block.scan((needle, &finder), wanted, |row, class| {
                let place = (young, number, short(row));
                found.push(fit(class, block.ids[row], block.line(row), place));
                found.len() < enough
            });
            if found.len() >= enough {
                return;
            }
        }
    }

    /// The lines that fit, up to `enough` of them; where more begin with what was typed, of those. As many of those whose name is what
    /// was typed are never left out. True where there are more. No order.
    ///
    /// `among` are the lines that may fit, where they are known.
    pub fn search(
        &self,
        wanted: &Wanted,
        enough: usize,
        among: Option<&[Fit]>,
        found: &mut Vec<Fit>,
    ) -> bool {
        if let Some(among) = among
            && among.len() * AGAIN <= self.text()
        {
            found.extend(among.iter().filter_map(|fit| {
                let class = wanted.fits(self.line(fit))?;
                Some(Fit { class, ..*fit })
            }));
            return false;
        }
        self.fronts(wanted, enough, found);
        if found.len() >= enough {
            return true;
        }
        let needles = self.rarest(wanted);
        let fronts = found.len();
        for needle in &needles {
            self.scan(needle, wanted, enough, found);
            if found.len() >= enough {
                return true;
            }
        }
        if needles.len() > 1 {
            let others = &mut found[fronts..];
            others.sort_unstable_by_key(|fit| fit.place);
            found.dedup_by_key(|fit| fit.place);
        }
        false
    }

    /// The lines that fit a reading of what was typed, up to `enough` of them and some, each once.
    pub(super) fn search_near(
        &self,
        slip: &Slip,
        enough: usize,
        goes_on: &mut impl FnMut() -> bool,
    ) -> Vec<(Near, Fit)> {
        let count = |needles: &Vec<&Needle>| {
            let often = needles.iter().map(|needle| self.sample(needle));
            (often.sum::<usize>(), needles.len())
        };
        let needles = slip.needles().min_by_key(count).unwrap_or_default();
        let mut found: Vec<(Near, Fit)> = Vec::new();
        for needle in needles {
            if found.len() >= enough || !goes_on() {
                break;
            }
            let finder = self.finder(needle);
            for (young, number, block) in self.blocks() {
                block.each(&finder, |row, line, _| {
                    if let Some(near) = slip.fits(line) {
                        let place = (young, number, short(row));
                        found.push((near, fit(near.1, block.ids[row], line, place)));
                    }
                    found.len() < enough
                });
            }
        }
        found.sort_unstable_by_key(|(_, fit)| fit.place);
        found.dedup_by_key(|(_, fit)| fit.place);
        found
    }

    /// Bytes of all lines.
    fn text(&self) -> usize {
        self.blocks().map(|(_, _, block)| block.text.len()).sum()
    }

    /// What to look for: of the words the rarest, and the whole where it is a phone number.
    fn rarest<'w>(&self, wanted: &'w Wanted) -> Vec<&'w Needle> {
        let words = wanted.words.iter().map(super::wanted::Word::needles);
        let mut needles = if wanted.words.len() == 1 {
            words.flatten().collect()
        } else {
            let count = |needles: &Vec<&Needle>| {
                let often: usize = needles.iter().map(|needle| self.sample(needle)).sum();
                let longest = needles.iter().map(|needle| needle.bytes().len()).min();
                (often, usize::MAX - longest.unwrap_or_default())
            };
            words.min_by_key(count).unwrap_or_default()
        };
        needles.extend(wanted.phone.iter().flat_map(Phone::needles));
        needles
    }
}

fn fit(class: Class, id: RecordId, line: &[u8], place: (bool, u32, u32)) -> Fit {
    let name = memchr::memchr(MARK, line).unwrap_or(line.len());
    Fit {
        class,
        name: u16::try_from(name).unwrap_or(u16::MAX),
        id,
        place,
    }
}
