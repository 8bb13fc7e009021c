//! The list for who has it told: what fits, and choosing by a number.

use super::{Choices, Item};

impl<T: Clone> Choices<T> {
    /// The items that fit what was typed, the best first.
    pub fn fitting(&self) -> impl Iterator<Item = &Item<T>> {
        self.shown.iter().map(|item| &self.items[*item])
    }

    /// Whether what was typed is taken as something new as well.
    #[must_use]
    pub const fn is_open_ended(&self) -> bool {
        self.new.is_some()
    }

    /// Puts the cursor on a row, by its place among those shown.
    pub fn put_at(&mut self, row: usize) {
        self.cursor = (row < self.len()).then_some(row);
    }
}
