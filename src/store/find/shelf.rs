//! The lines of one noun: put in, taken out, searched.
//!
//! Lines lie in blocks, those that were read in the order of their ids first, so that a line is found by its id without an index
//! of its own. What changes later is blanked out where it lies and put behind; when that is much, the copy is worn and is read anew.

use std::collections::HashMap;

use crate::domain::id::RecordId;

use super::line::{END, MARK};
use super::wanted::{Class, EXACT, FRONT, Needle, Wanted};

/// Bytes of text in a block.
const BLOCK: usize = 1 << 18;
/// Of so many lines it is not looked whether one more among thousands that begin alike is called just what was typed: people's names
/// are longer than what thousands of them begin with.
const HUGE: usize = 200_000;
/// A line that was blanked out holds these.
const GONE: u8 = 0;

/// A stretch of lines.
#[derive(Debug, Default)]
struct Block {
    /// `\n`, then every line with `\n` behind it.
    text: Vec<u8>,
    /// Where each line begins.
    starts: Vec<u32>,
    ids: Vec<RecordId>,
}

impl Block {
    fn with_room(bytes: usize) -> Self {
        let mut text = Vec::with_capacity(bytes);
        text.push(END);
        Self {
            text,
            ..Self::default()
        }
    }

    fn has_room(&self, line: &[u8]) -> bool {
        self.text.len() + line.len() < self.text.capacity()
    }

    fn push(&mut self, id: RecordId, line: &[u8]) {
        // A block is far below the range.
        self.starts
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.ids.push(id);
        self.text.extend_from_slice(line);
        self.text.push(END);
    }

    fn ends(&self, row: usize) -> usize {
        let next = self.starts.get(row + 1);
        next.map_or(self.text.len(), |start| *start as usize) - 1
    }

    fn line(&self, row: usize) -> &[u8] {
        &self.text[self.starts[row] as usize..self.ends(row)]
    }

    fn blank_out(&mut self, row: usize) -> bool {
        let (from, to) = (self.starts[row] as usize, self.ends(row));
        let lived = self.text[from] != GONE;
        self.text[from..to].fill(GONE);
        lived
    }

    fn bytes(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * 4 + self.ids.capacity() * 8
    }
}

/// A stack of blocks.
#[derive(Debug, Default)]
struct Stack(Vec<Block>);

impl Stack {
    fn push(&mut self, id: RecordId, line: &[u8]) -> (u32, u32) {
        if !self.0.last().is_some_and(|block| block.has_room(line)) {
            if let Some(full) = self.0.last_mut() {
                full.text.shrink_to_fit();
                full.starts.shrink_to_fit();
                full.ids.shrink_to_fit();
            }
            // A small shelf stays small.
            let bytes = if self.0.is_empty() { BLOCK / 64 } else { BLOCK };
            self.0.push(Block::with_room(bytes.max(line.len() + 2)));
        }
        let block = self.0.len() - 1;
        self.0[block].push(id, line);
        let row = self.0[block].ids.len() - 1;
        let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        (short(block), short(row))
    }

    fn last(&self) -> Option<RecordId> {
        self.0.last()?.ids.last().copied()
    }

    /// The place of an id, where all lie in order.
    fn find(&self, id: RecordId) -> Option<(u32, u32)> {
        let block = self
            .0
            .partition_point(|block| block.ids.first().is_some_and(|first| *first <= id))
            .checked_sub(1)?;
        let row = self.0[block].ids.binary_search(&id).ok()?;
        let short = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Some((short(block), short(row)))
    }
}

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
        let blocks = self.old.0.iter().chain(&self.young.0);
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

    /// Whether there is a line of an id.
    #[must_use]
    pub fn has(&self, id: RecordId) -> bool {
        self.places.contains_key(&id)
            || self.old.find(id).is_some_and(|(block, row)| {
                self.old.0[block as usize].line(row as usize)[0] != GONE
            })
    }

    /// Every line with its id, in no order.
    pub fn lines(&self) -> impl Iterator<Item = (RecordId, &[u8])> {
        let blocks = self.old.0.iter().chain(&self.young.0);
        blocks
            .flat_map(|block| {
                let rows = 0..block.ids.len();
                rows.map(|row| (block.ids[row], block.line(row)))
            })
            .filter(|(_, line)| line[0] != GONE)
    }

    /// How often bytes stand in a sample of the text: what is rarer is looked for first.
    #[must_use]
    pub fn sample(&self, needle: &Needle) -> usize {
        const PIECES: usize = 8;
        const PIECE: usize = 1 << 14;
        let step = self.old.0.len().div_ceil(PIECES).max(1);
        let pieces = self.old.0.iter().step_by(step);
        pieces
            .map(|block| &block.text[..block.text.len().min(PIECE)])
            .map(|piece| needle.finder().find_iter(piece).count())
            .sum()
    }

    /// Every line with those bytes, until `fits` says that it is enough.
    fn scan(
        &self,
        needle: &Needle,
        mut fits: impl FnMut(RecordId, &[u8], (bool, u32, u32)) -> bool,
    ) {
        for (young, stack) in [(false, &self.old), (true, &self.young)] {
            for (block, number) in stack.0.iter().zip(0_u32..) {
                let mut behind = 0;
                let mut row = 0;
                for at in needle.finder().find_iter(&block.text) {
                    // The mark before a line is not of it.
                    let at = at + usize::from(needle.bytes().first() == Some(&END));
                    if at < behind {
                        continue;
                    }
                    row += block.starts[row..].partition_point(|start| *start as usize <= at);
                    row = row.saturating_sub(1);
                    behind = block.ends(row) + 1;
                    let place = (young, number, u32::try_from(row).unwrap_or(u32::MAX));
                    if !fits(block.ids[row], block.line(row), place) {
                        return;
                    }
                }
            }
        }
    }

    /// The lines that fit, up to `enough` of them and of those whose name begins with what was typed as many again; on a shelf that
    /// is not [huge](HUGE) none of those whose name is what was typed is left out. True where there are more. No order; a line may
    /// come twice.
    pub fn search(&self, wanted: &Wanted, enough: usize, found: &mut Vec<Fit>) -> bool {
        let mut more = false;
        for needle in self.rarest(wanted) {
            let begin = found.len();
            self.scan(needle, |id, line, place| {
                if let Some(class) = wanted.fits(line) {
                    found.push(fit(class, id, line, place));
                }
                let goes_on = found.len() - begin < enough;
                more |= !goes_on;
                goes_on
            });
        }
        if more {
            let mut front = vec![END];
            front.extend_from_slice(wanted.whole.as_bytes());
            let begin = found.len();
            self.scan(&Needle::new(&front), |id, line, place| {
                let rest = line.get(wanted.whole.len());
                let exact = rest.is_none_or(|byte| *byte == MARK);
                if exact || found.len() - begin < enough {
                    let class = if exact { EXACT } else { FRONT };
                    found.push(fit(class, id, line, place));
                }
                self.live < HUGE || found.len() - begin < enough
            });
        }
        more
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
        needles.extend(&wanted.phone);
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
