//! Marked cards. A mark is on a deal, not on a place: in a new order, or while a column is read anew, its card may not be loaded, and it
//! stays marked as it was seen last. What is done then is judged by the values that were seen, as ever.

use std::collections::BTreeMap;

use crate::domain::board::Card;
use crate::domain::id::Id;
use crate::domain::records::{Deal, Stage};

use super::state::BoardScreen;

/// Marked cards with their stages, as they were seen last.
pub(super) type Seen = BTreeMap<Id<Deal>, (Id<Stage>, Card)>;

impl BoardScreen {
    /// A card as it is loaded, or as it was seen when it was marked, with its stage.
    #[must_use]
    pub fn seen(&self, deal: Id<Deal>) -> Option<(Id<Stage>, &Card)> {
        if let Some((column, card)) = self.find(deal) {
            return Some((column.stage.id, card));
        }
        let (stage, card) = self
            .unloaded
            .get(&deal)
            .filter(|_| self.marks.contains(&deal))?;
        Some((*stage, card))
    }

    /// How many of the marked cards are not loaded.
    #[must_use]
    pub fn marked_beyond(&self) -> usize {
        let loaded = |deal: &&Id<Deal>| self.find(**deal).is_some();
        self.marks.len() - self.marks.iter().filter(loaded).count()
    }

    /// The marked cards, before another board is taken.
    pub(super) fn marked_cards(&self) -> Seen {
        let marked = self.marks.iter();
        marked
            .filter_map(|deal| {
                let (stage, card) = self.seen(*deal)?;
                Some((*deal, (stage, card.clone())))
            })
            .collect()
    }

    /// Keeps the marks in a board that was just taken. Where all of it is loaded, what is not there is on the board no more.
    pub(super) fn keep_marks(&mut self, mut seen: Seen) {
        if self.marks.is_empty() {
            self.unloaded.clear();
            return;
        }
        let columns = self.columns().iter();
        for card in columns.clone().flat_map(|column| &column.cards) {
            seen.remove(&card.id);
        }
        let all = columns
            .clone()
            .all(|column| column.cards.len() as u64 >= column.count);
        if all {
            self.marks.retain(|deal| !seen.contains_key(deal));
            seen.clear();
        }
        self.unloaded = seen;
    }
}
