//! What a screen tells line by line, for who has it read aloud ([`plain`](crate::tui::plain)).

use ratatui::layout::Rect;

use crate::tui::look::Look;

/// What a line stands for: through all answers it means the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u8, pub i64);

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it stands under: said once before the first of several.
    pub group: String,
    /// The line itself.
    pub text: String,
}

/// A screen whose content can be told in lines, each of which can be chosen.
pub trait Lines {
    /// What is shown, how much of it, and by what it is filtered.
    fn head(&self, look: &Look<'_>) -> Vec<String>;
    /// How many lines there are, those that were not read included.
    fn count(&self) -> usize;
    /// One of them; `None` where it was not read yet.
    fn line(&self, place: usize, look: &Look<'_>) -> Option<Told>;
    /// What one of them stands for.
    fn key(&self, place: usize) -> Option<Key>;
    /// Where a line is now.
    fn place(&self, key: Key) -> Option<usize> {
        (0..self.count()).find(|place| self.key(*place) == Some(key))
    }
    /// Puts the cursor on a line; those around it are read.
    fn point(&mut self, place: usize, area: Rect);
    /// Puts the cursor on no line: acts are about the whole. False where there is no whole.
    fn point_nowhere(&mut self) -> bool {
        false
    }
    /// Whether there may be more lines than those that are counted, which come when the cursor is near the last.
    fn may_have_more(&self) -> bool {
        false
    }
}
