//! What waits until nothing else does: the first frame is not held up by it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::super::book::{Book, Offered};
use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::who::real_now;
use super::keeper::Keeper;
use super::{Event, LOCKS, Offer};

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chore {
    /// Begin to notice others' commits.
    Notice,
    /// Take back imports of this user whose process is gone.
    TakeBack,
    /// Say which steps of earlier runs are not in the book.
    Offer,
    /// Look whether what the book has taken is still in it.
    Verify,
    /// Make the backup of the day.
    BackUp,
}

/// All that is to be done.
#[derive(Debug)]
pub(super) struct Chores {
    first: VecDeque<Chore>,
    /// Not before; a lock was met.
    at: Instant,
    verify_at: Option<Instant>,
}

impl Default for Chores {
    fn default() -> Self {
        Self {
            first: VecDeque::from([
                Chore::Notice,
                Chore::TakeBack,
                Chore::Offer,
                Chore::Verify,
                Chore::BackUp,
            ]),
            at: Instant::now(),
            verify_at: None,
        }
    }
}

/// How long a backup may take before the drive counts as silent: the largest that is made by itself, at 10 MB/s.
const BACKUP: Duration = Duration::from_secs(30);
/// After a lock was met.
const AGAIN: Duration = Duration::from_secs(1);

impl Chores {
    /// When there is something to do.
    pub fn next(&self) -> Option<Instant> {
        if self.first.is_empty() {
            self.verify_at
        } else {
            Some(self.at)
        }
    }

    pub fn are_due(&self, now: Instant) -> bool {
        self.next().is_some_and(|at| at <= now)
    }

    /// A step was committed: it is looked for a while later.
    pub fn committed(&mut self, verify: Duration) {
        self.verify_at
            .get_or_insert_with(|| Instant::now() + verify);
    }

    /// The book was opened anew.
    pub fn notice_again(&mut self) {
        if !self.first.contains(&Chore::Notice) {
            self.first.push_front(Chore::Notice);
        }
    }

    /// What the book has taken could not be looked for now.
    pub fn verify_soon(&mut self) {
        self.verify_at = Some(Instant::now() + AGAIN);
    }

    #[cfg(test)]
    pub fn none(&mut self) {
        self.first.clear();
    }
}

impl Keeper<'_> {
    /// Does the first of them.
    pub(super) fn chore(&mut self) {
        let chore = self.chores.first.pop_front().unwrap_or(Chore::Verify);
        let done = match chore {
            Chore::Notice => {
                self.notice();
                Ok(())
            }
            Chore::TakeBack => self.take_back(),
            Chore::Offer => self.offer(),
            Chore::Verify => self.verify(),
            Chore::BackUp => {
                self.back_up();
                Ok(())
            }
        };
        if let Err(fault) = done {
            let passes = matches!(fault, StoreError::Busy) || self.is_trouble(&fault);
            // Any other fault comes up again, with words, where somebody waits for an answer.
            if passes {
                self.chores.first.push_front(chore);
                self.chores.at = Instant::now() + AGAIN;
            } else if chore == Chore::Verify && matches!(fault, StoreError::Outbox { .. }) {
                self.say(Event::NotVerified(fault));
            }
        }
    }

    fn take_back(&mut self) -> Result<(), StoreError> {
        if self.book.read_only().is_some() {
            return Ok(());
        }
        // It waits for locks by itself.
        let book = &mut self.book;
        self.watchdog
            .during(LOCKS, || book.take_back_unfinished())
            .map(drop)
    }

    /// One that fails is told and holds up nothing; it is tried again by the next run.
    fn back_up(&mut self) {
        let book = &mut self.book;
        let done = self
            .watchdog
            .during(BACKUP, || book.back_up_if_due(real_now()));
        if let Err(fault) = done {
            self.say(Event::NotBackedUp(fault));
        }
    }

    fn offer(&mut self) -> Result<(), StoreError> {
        let offered = self.with(Book::offered)?;
        if !offered.is_empty() {
            let offers = self.with(|book| {
                offered
                    .into_iter()
                    .map(|step| in_words(book, step))
                    .collect()
            });
            self.say(Event::Offered(offers));
        }
        Ok(())
    }

    /// Looks for the steps that the book has taken. On a share it is done again and again: a drive that lies does it at any time.
    pub(super) fn verify(&mut self) -> Result<(), StoreError> {
        // Whatever comes of this one: the next look waits for its time.
        self.chores.verify_at =
            (self.book.manner() != Manner::Local).then(|| Instant::now() + self.pace.verify);
        let verified = self.with(Book::verify)?;
        if verified.lost() > 0 || !verified.damaged.is_empty() {
            self.say(Event::LostAndFound(verified));
        }
        Ok(())
    }
}

fn in_words(book: &mut Book, step: Offered) -> Offer {
    // Without the book's names there is the label, if anything.
    let words = book.words(&step.draft).ok();
    let words = words.or_else(|| step.draft.label.clone());
    Offer {
        words: words.unwrap_or_else(|| "A change".to_owned()),
        step,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Opening;
    use super::super::others::tests::keeper_of;
    use super::*;

    #[test]
    fn an_outbox_that_cannot_be_read_is_not_looked_into_again_and_again() {
        let outboxes = tempfile::tempdir().unwrap();
        let on_share = |usual| Opening {
            outboxes: Some(outboxes.path().to_owned()),
            manner: Some(Manner::Share),
            ..usual
        };
        keeper_of(on_share, |mut keeper| {
            let id = keeper.book.meta.book.to_string();
            std::fs::write(outboxes.path().join(id), "no folder").unwrap();
            keeper.chores.committed(Duration::ZERO);
            assert!(keeper.chores.are_due(Instant::now()));
            assert!(matches!(keeper.verify(), Err(StoreError::Outbox { .. })));
            assert!(!keeper.chores.are_due(Instant::now()));
        });
    }
}
