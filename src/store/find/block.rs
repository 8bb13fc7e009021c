//! Lines lie in blocks. A block that is full has its rows in the order of their lines too, so that names are found by their
//! beginning without reading the others.

use memchr::memmem::Finder;

use crate::domain::id::RecordId;

use super::line::END;
use super::wanted::{Class, Needle, Wanted};

/// Bytes of text in a block.
const BLOCK: usize = 1 << 18;
/// Lines in a block.
const ROWS: usize = 1 << 16;
/// A line that was blanked out holds these.
pub(super) const GONE: u8 = 0;

/// A stretch of lines.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// `\n`, then every line with `\n` behind it.
    pub text: Vec<u8>,
    /// Where each line begins.
    starts: Vec<u32>,
    pub ids: Vec<RecordId>,
    /// The rows in the order of their lines, once the block is full; empty before.
    order: Vec<u16>,
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
        self.text.len() + line.len() < self.text.capacity() && self.ids.len() < ROWS
    }

    fn push(&mut self, id: RecordId, line: &[u8]) {
        // A block is far below the range.
        self.starts
            .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.ids.push(id);
        self.text.extend_from_slice(line);
        self.text.push(END);
    }

    /// Where a line ends.
    pub fn ends(&self, row: usize) -> usize {
        let next = self.starts.get(row + 1);
        next.map_or(self.text.len(), |start| *start as usize) - 1
    }

    /// A line without its end.
    pub fn line(&self, row: usize) -> &[u8] {
        &self.text[self.starts[row] as usize..self.ends(row)]
    }

    /// Blanks a line out. True where it had not been.
    pub fn blank_out(&mut self, row: usize) -> bool {
        let (from, to) = (self.starts[row] as usize, self.ends(row));
        let lived = self.text[from] != GONE;
        self.text[from..to].fill(GONE);
        // What is in order stays so without it.
        self.order.retain(|other| usize::from(*other) != row);
        lived
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.text.capacity()
            + self.starts.capacity() * 4
            + self.ids.capacity() * 8
            + self.order.capacity() * 2
    }

    /// Where a line begins.
    pub fn start(&self, row: usize) -> usize {
        self.starts[row] as usize
    }

    /// The row of a place of the text.
    fn row(&self, at: usize) -> usize {
        // Lines are about as long as one another: a guess, and from there to both sides, touches less memory than halving would.
        let rows = self.starts.len();
        let guess = (at * rows / self.text.len()).min(rows - 1);
        let (mut low, mut high, mut step) = (guess, guess + 1, 8);
        while low > 0 && self.start(low) > at {
            low = low.saturating_sub(step);
            step *= 2;
        }
        while high < rows && self.start(high) <= at {
            high = (high + step).min(rows);
            step *= 2;
        }
        let behind = self.starts[low..high].partition_point(|start| *start as usize <= at);
        (low + behind).saturating_sub(1)
    }

    /// Nothing more comes: gives back what is not needed, and puts the rows in order.
    fn close(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.ids.shrink_to_fit();
        let rows = (0..=u16::MAX).take(self.ids.len());
        let mut order: Vec<(u64, u16)> = rows
            .map(|row| (head(self.line(row.into())), row))
            .filter(|(head, _)| head.to_be_bytes()[0] != GONE)
            .collect();
        order.sort_unstable_by(|(head, row), (other_head, other)| {
            let line = |row: u16| self.line(row.into());
            head.cmp(other_head)
                .then_with(|| line(*row).cmp(line(*other)))
        });
        self.order = order.into_iter().map(|(_, row)| row).collect();
    }

    /// Every row with those bytes that fits and does not begin with what was typed, until `found` says that it is enough.
    pub fn scan(
        &self,
        (needle, finder): (&Needle, &Finder<'_>),
        wanted: &Wanted,
        mut found: impl FnMut(usize, Class) -> bool,
    ) {
        self.each(finder, |row, line, places| {
            let class = if line.starts_with(wanted.whole.as_bytes()) {
                None
            } else if wanted.is_word() {
                needle.best_of(line, places)
            } else {
                wanted.fits(line)
            };
            class.is_none_or(|class| found(row, class))
        });
    }

    /// Every row with the bytes of a finder, with its line and their places in that, until `look` says that it is enough.
    pub fn each(
        &self,
        finder: &Finder<'_>,
        mut look: impl FnMut(usize, &[u8], &mut dyn Iterator<Item = usize>) -> bool,
    ) {
        let mut hits = finder.find_iter(&self.text).peekable();
        while let Some(at) = hits.next() {
            let row = self.row(at);
            let (start, end) = (self.start(row), self.ends(row));
            let mut here = std::iter::once(at)
                .chain(std::iter::from_fn(|| hits.next_if(|at| *at < end)))
                .map(|at| at - start);
            let goes_on = look(row, &self.text[start..end], &mut here);
            here.for_each(drop);
            if !goes_on {
                return;
            }
        }
    }

    /// The rows whose line begins with `typed`, those first whose name it is.
    pub fn fronts(&self, typed: &[u8]) -> Vec<usize> {
        if self.order.is_empty() {
            // Not full yet.
            let rows = 0..self.ids.len();
            let mut rows: Vec<usize> = rows
                .filter(|row| self.line(*row).starts_with(typed))
                .collect();
            rows.sort_by_key(|row| self.line(*row).get(typed.len()).copied());
            return rows;
        }
        let line = |row: &u16| self.line(usize::from(*row));
        let first = self.order.partition_point(|row| line(row) < typed);
        let behind = &self.order[first..];
        let many = behind.partition_point(|row| line(row).starts_with(typed));
        behind[..many].iter().map(|row| usize::from(*row)).collect()
    }
}

/// A stack of blocks.
#[derive(Debug, Default)]
pub(super) struct Stack(pub Vec<Block>);

impl Stack {
    /// Puts a line on top: its place.
    pub fn push(&mut self, id: RecordId, line: &[u8]) -> (u32, u32) {
        if !self.0.last().is_some_and(|block| block.has_room(line)) {
            if let Some(full) = self.0.last_mut() {
                full.close();
            }
            // A small shelf stays small.
            let bytes = if self.0.is_empty() { BLOCK / 64 } else { BLOCK };
            self.0.push(Block::with_room(bytes.max(line.len() + 2)));
        }
        let block = self.0.len() - 1;
        self.0[block].push(id, line);
        let row = self.0[block].ids.len() - 1;
        (short(block), short(row))
    }

    /// The id that came last.
    pub fn last(&self) -> Option<RecordId> {
        self.0.last()?.ids.last().copied()
    }

    /// The place of an id, where all lie in order.
    pub fn find(&self, id: RecordId) -> Option<(u32, u32)> {
        let block = self
            .0
            .partition_point(|block| block.ids.first().is_some_and(|first| *first <= id))
            .checked_sub(1)?;
        let row = self.0[block].ids.binary_search(&id).ok()?;
        Some((short(block), short(row)))
    }
}

/// The first letters of a line, so that most lines are told apart by one number.
fn head(line: &[u8]) -> u64 {
    let mut head = [0; 8];
    for (to, from) in head.iter_mut().zip(line) {
        *to = *from;
    }
    u64::from_be_bytes(head)
}

/// A place in the range of which a shelf is.
pub(super) fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
