//! The way of a step into the book: kept in the outbox, judged in one transaction, marked.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::domain::command::{Origin, StepDraft};
use crate::domain::id::StepId;
use crate::domain::outcome::{Outcome, Receipt};

use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::outbox::{Entry, Taken, is_of_the_last};
use super::super::patience::Pauses;
use super::super::sql;
use super::super::who::real_now;
use super::super::write::{self, Sent, Stop};
use super::{AT_HAND, Book, connected, reading};

/// What becomes of a step in the outbox that was judged and not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unwritten {
    /// Its author is told now, and has it before them.
    Settled,
    /// It goes on being offered.
    Stays,
}

impl Book {
    /// Judges a step in one transaction: all of it is in the book afterwards, or nothing. It is in the outbox before that. Trying
    /// again is always safe. [`StoreError::Busy`] when another program holds the lock: nothing was written.
    /// [`StoreError::Unreachable`] when the drive failed: whether it was written is not known. After these two the step stays in the
    /// outbox, for its caller goes on trying, or [forgets](Self::forget) it.
    pub fn commit(&mut self, draft: &StepDraft) -> Result<Outcome, StoreError> {
        let outcomes = self.commit_all(std::slice::from_ref(draft))?;
        Ok(only(outcomes))
    }

    /// Judges several steps in one transaction, in order: all of them are in the book afterwards, or none. Where one of them
    /// clashes, or finds nothing to undo, its outcome is the last of the answer and nothing was written.
    pub fn commit_all(&mut self, drafts: &[StepDraft]) -> Result<Vec<Outcome>, StoreError> {
        self.put(drafts, Unwritten::Settled)
    }

    /// [`commit`](Self::commit), and while the book is locked or the drive is away again after growing, random pauses, for up to
    /// `patience`. After that the step is given up, unless it may have been written after all: then it stays in the outbox.
    pub fn commit_patiently(
        &mut self,
        draft: &StepDraft,
        patience: Duration,
    ) -> Result<Outcome, StoreError> {
        let written = self.put_patiently(draft, patience, Unwritten::Settled);
        if written.as_ref().is_err_and(StoreError::is_certain) {
            self.settle(draft.id);
        }
        written
    }

    /// [`commit_patiently`](Self::commit_patiently) of a step that the outbox [offers](Self::offered). Where it cannot be written it
    /// goes on being offered.
    pub fn apply(&mut self, draft: &StepDraft, patience: Duration) -> Result<Outcome, StoreError> {
        self.put_patiently(draft, patience, Unwritten::Stays)
    }

    fn put_patiently(
        &mut self,
        draft: &StepDraft,
        patience: Duration,
        unwritten: Unwritten,
    ) -> Result<Outcome, StoreError> {
        let mut unknown = None;
        let written = Pauses::for_up_to(patience).run_while(
            |fault| matches!(fault, StoreError::Busy | StoreError::Unreachable { .. }),
            || match self.put(std::slice::from_ref(draft), unwritten) {
                Err(StoreError::Unreachable { path, what }) => {
                    unknown = Some((path.clone(), what.clone()));
                    Err(StoreError::Unreachable { path, what })
                }
                other => other.map(only),
            },
        );
        match (written, unknown) {
            // An earlier try may have got through: nobody may be told that nothing was written.
            (Err(fault), Some((path, what))) if is_about_this_try(&fault) => {
                Err(StoreError::Unreachable { path, what })
            }
            (written, _) => written,
        }
    }

    fn put(
        &mut self,
        drafts: &[StepDraft],
        unwritten: Unwritten,
    ) -> Result<Vec<Outcome>, StoreError> {
        self.may_write()?;
        for draft in drafts {
            self.keep(draft)?;
        }
        if self.turn.is_others() {
            return Err(StoreError::Busy);
        }
        let written = match self.send(drafts) {
            Err(stop) => {
                let in_doubt = matches!(stop, Stop::Commit(_));
                match writing(&self.opening.path, stop) {
                    // Whoever still reads keeps the commit from beginning.
                    StoreError::Busy => Err(StoreError::Busy),
                    fault @ (StoreError::Unreachable { .. } | StoreError::Full) => {
                        self.send_anew(drafts, fault)
                    }
                    fault if in_doubt => self.send_anew(drafts, fault),
                    fault => Err(fault),
                }
            }
            Ok(outcomes) => Ok(outcomes),
        };
        if self.manner == Manner::Share {
            self.turn.ended(&written);
        }
        self.note(drafts, &written, unwritten);
        self.seen(written)
    }

    /// One transaction.
    fn send(&mut self, drafts: &[StepDraft]) -> Result<Vec<Outcome>, Stop> {
        self.at_hand()?;
        self.is_still_there()?;
        let outboxes = self.outboxes.as_ref();
        let steps: Vec<Sent<'_>> = drafts
            .iter()
            .map(|draft| Sent {
                draft,
                made: outboxes
                    .and_then(|outboxes| outboxes.had(draft.id))
                    .map_or(&[], |taken| &taken.created),
            })
            .collect();
        let conn = connected(&mut self.conn, &self.opening.path)?;
        write::commit_all(conn, &self.author, &self.meta, &steps, real_now())
    }

    /// One transaction of steps whose outbox is borrowed.
    pub(super) fn send_steps(&mut self, steps: &[Sent<'_>]) -> Result<Vec<Outcome>, StoreError> {
        let conn = connected(&mut self.conn, &self.opening.path)?;
        write::commit_all(conn, &self.author, &self.meta, steps, real_now())
            .map_err(|stop| writing(&self.opening.path, stop))
    }

    /// After a failure of the drive, or one in the commit, nobody knows whether the transaction got through (even on a full disk the
    /// last flush comes after the decision). Over a new connection the step is looked up by its id. Where it is not there, it is
    /// written after a failure of the drive; any other fault holds.
    fn send_anew(
        &mut self,
        drafts: &[StepDraft],
        fault: StoreError,
    ) -> Result<Vec<Outcome>, StoreError> {
        let looked = self
            .connect_anew(AT_HAND)
            .and_then(|()| self.look_up(drafts));
        let known = match looked {
            Ok(Some(outcomes)) => return Ok(outcomes),
            // It is not there: a book that has it needs no room to be opened.
            Err(StoreError::Full) if matches!(fault, StoreError::Full) => return Err(fault),
            Ok(None) if !matches!(fault, StoreError::Unreachable { .. }) => return Err(fault),
            Ok(None) => self
                .send(drafts)
                .map_err(|stop| writing(&self.opening.path, stop)),
            Err(again) => Err(again),
        };
        match known {
            Err(again) if is_about_this_try(&again) => Err(self.unknown(fault)),
            known => known,
        }
    }

    /// A fault after which nobody knows whether the step is in the book.
    fn unknown(&self, fault: StoreError) -> StoreError {
        let what = match fault {
            StoreError::Unreachable { .. } => return fault,
            StoreError::Full => "it is full".to_owned(),
            StoreError::NoLocks { what, .. } => format!("it keeps no locks: {what}"),
            other => other.to_string().trim_end_matches('.').to_owned(),
        };
        StoreError::Unreachable {
            path: self.opening.path.clone(),
            what,
        }
    }

    /// The outcomes of steps that are in the book, if all of them are.
    fn look_up(&mut self, drafts: &[StepDraft]) -> Result<Option<Vec<Outcome>>, StoreError> {
        let look = |conn: &mut Connection| -> Result<Option<Vec<Outcome>>, Stop> {
            let tx = conn.transaction()?;
            let receipts = drafts.iter().map(|draft| write::receipt(&tx, draft));
            let receipts: Option<Vec<Receipt>> = receipts.collect::<Result<_, _>>()?;
            tx.commit()?;
            Ok(receipts.map(|receipts| receipts.into_iter().map(Outcome::Saved).collect()))
        };
        let conn = connected(&mut self.conn, &self.opening.path)?;
        look(conn).map_err(|stop| reading(&self.opening.path, stop))
    }

    /// Marks in the outbox what became of steps.
    fn note(
        &mut self,
        drafts: &[StepDraft],
        written: &Result<Vec<Outcome>, StoreError>,
        unwritten: Unwritten,
    ) {
        let receipts: Option<Vec<&Receipt>> = written.as_ref().ok().and_then(|outcomes| {
            let receipts = outcomes.iter().map(|outcome| match outcome {
                Outcome::Saved(receipt) => Some(receipt),
                _ => None,
            });
            receipts.collect()
        });
        if let Some(receipts) = receipts {
            self.give_notice(&receipts);
            for (draft, receipt) in drafts.iter().zip(receipts) {
                self.note_saved(draft, receipt);
            }
            return;
        }
        let judged = match written {
            Ok(_) => true,
            Err(fault) => is_verdict(fault),
        };
        if judged && unwritten == Unwritten::Settled {
            for draft in drafts {
                self.settle(draft.id);
            }
        }
    }

    fn note_saved(&mut self, draft: &StepDraft, receipt: &Receipt) {
        // What changed nothing leaves no trace in the book, and is not looked for.
        let entry = if receipt.changes == 0 {
            Entry::Settled { step: draft.id }
        } else {
            Entry::Saved {
                step: draft.id,
                taken: self.taken(draft, receipt),
            }
        };
        if let Some(outboxes) = &mut self.outboxes {
            outboxes.mark(entry);
        }
    }

    /// What the outbox remembers of a step that the book has taken.
    pub(super) fn taken(&self, draft: &StepDraft, receipt: &Receipt) -> Taken {
        let undid = self
            .conn
            .as_ref()
            .filter(|_| draft.commands.iter().any(is_of_the_last));
        Taken {
            epoch: self.meta.epoch,
            seq: receipt.seq,
            // An import is not written again by itself.
            created: if draft.origin == Origin::Import {
                Vec::new()
            } else {
                receipt.created.clone()
            },
            // Without it the undo of a step that was lost is offered, and not written again.
            undid: undid.and_then(|conn| write::undid(conn, draft.id).ok().flatten()),
        }
    }

    fn settle(&mut self, step: StepId) {
        if let Some(outboxes) = &mut self.outboxes {
            outboxes.mark(Entry::Settled { step });
        }
    }
}

/// Whether the book looked at the step and will not have it.
pub(super) fn is_verdict(fault: &StoreError) -> bool {
    matches!(
        fault,
        StoreError::Invalid { .. } | StoreError::NoRecord { .. } | StoreError::Raced { .. }
    )
}

/// Whether it says nothing of what became of earlier tries.
fn is_about_this_try(fault: &StoreError) -> bool {
    !is_verdict(fault) && !matches!(fault, StoreError::Restored)
}

fn writing(path: &Path, stop: Stop) -> StoreError {
    match stop {
        Stop::Sql(fault) | Stop::Commit(fault) => sql::fault(path, "Writing the step", fault),
        Stop::Store(fault) => fault,
    }
}

/// One draft, one outcome.
fn only(mut outcomes: Vec<Outcome>) -> Outcome {
    outcomes.pop().unwrap_or(Outcome::Nothing)
}
