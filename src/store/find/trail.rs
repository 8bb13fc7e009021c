//! What was found with a letter less: where that was all there is, what is typed now is among it.

use super::shelf::Fit;
use super::wanted::Wanted;

/// How many shelves there are.
const SHELVES: usize = super::copy::NOUNS.len();

/// What was found on every shelf, where it was all.
pub(super) type All = [Option<Vec<Fit>>; SHELVES];

/// What was found on the way to what is typed, from the first letters on. It is of one [`Copy`](super::Copy) and forgets when that
/// changes; for another copy a new one is begun.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    steps: Vec<(Wanted, All)>,
    /// The changes of the copy when the steps were taken.
    changes: u64,
}

impl Trail {
    /// Goes back to the last step on the way to `wanted`.
    pub(super) fn back_to(&mut self, wanted: &Wanted, changes: u64) {
        if self.changes != changes {
            self.steps.clear();
            self.changes = changes;
        }
        while let Some((step, _)) = self.steps.last() {
            if wanted.is_of(step) {
                return;
            }
            self.steps.pop();
        }
    }

    /// The lines of a shelf among which all that fit are.
    pub(super) fn among(&self, place: usize) -> Option<&[Fit]> {
        let mut steps = self.steps.iter().rev();
        steps.find_map(|(_, all)| all[place].as_deref())
    }

    /// Takes a step, where it leads on: what is not much less than before is not worth its memory.
    pub(super) fn go(&mut self, wanted: &Wanted, mut all: All) {
        for (place, fits) in all.iter_mut().enumerate() {
            let before = self.among(place).map(<[Fit]>::len);
            let leads_on = |fits: &Vec<Fit>| before.is_none_or(|before| fits.len() * 2 <= before);
            if !fits.as_ref().is_some_and(leads_on) {
                *fits = None;
            }
        }
        if all.iter().any(Option::is_some) {
            self.steps.push((wanted.clone(), all));
        }
    }
}
