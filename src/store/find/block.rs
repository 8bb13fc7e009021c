//! Lines lie in blocks. A block that is full has its rows in the order of their lines too, so that names are found by their
//! beginning without reading the others.

use crate::domain::id::RecordId;

use super::line::END;

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

    /// The row of a place that is not before row `from`.
    pub fn row(&self, from: usize, at: usize) -> usize {
        // Where many lines are found the next one is near.
        let mut row = from;
        for _ in 0..4 {
            if self.ends(row) >= at {
                return row;
            }
            row += 1;
        }
        row += self.starts[row..].partition_point(|start| *start as usize <= at);
        row.saturating_sub(1)
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
