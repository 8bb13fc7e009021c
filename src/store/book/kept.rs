//! What an outbox keeps of this user's steps: those that wait, and those that the drive may have lost.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

use crate::domain::command::{Origin, StepDraft};
use crate::domain::id::StepId;
use crate::domain::outcome::{Clash, Outcome, Receipt};
use crate::domain::time::Instant;

use super::super::error::StoreError;
use super::super::outbox::{Body, Entry, Outbox, Outboxes, State, Step, Taken, is_of_the_last};
use super::super::patience::Pauses;
use super::super::who::real_now;
use super::super::write::{self, Sent, Stop};
use super::commit::is_verdict;
use super::offer::{is_offered, is_open, named_by, offers, words_of_import};
use super::{Book, connected, reading};

/// A step that an outbox keeps and that is not in the book: it is written only when its author says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The step. Of an import it has no commands: its rows are in the files.
    pub draft: StepDraft,
    /// When it was kept, by the real clock.
    pub kept_at: Instant,
    /// Whether the book had taken it, before it was restored from a backup or was lost by the drive and clashes now.
    pub acknowledged: bool,
}

impl Offered {
    /// Why it cannot be written as it is, with what to do instead.
    #[must_use]
    pub fn obstacle(&self) -> Option<&'static str> {
        if self.draft.origin == Origin::Import {
            Some("The rows of an import are not kept: import its files again.")
        } else if self.draft.commands.iter().any(is_of_the_last) {
            Some("It would take back what is the last step now: `clinch undo` does.")
        } else {
            None
        }
    }
}

/// What a look for acknowledged steps found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// How many steps were looked for.
    pub looked_for: usize,
    /// Those that were missing, and are written again.
    pub again: Vec<Receipt>,
    /// Those that were missing, and clash now with what is in the book: they are offered.
    pub clashes: Vec<(StepDraft, Vec<Clash>)>,
    /// Those that were missing, and that the book does not take any more, with its words: they are offered.
    pub refused: Vec<(StepDraft, String)>,
    /// Imports of which batches were missing, in words: their files must be imported again.
    pub imports: Vec<String>,
    /// How many steps [wait](Book::offered) for their author.
    pub waiting: usize,
    /// Files in which lines of the outbox were put that could not be read.
    pub damaged: Vec<PathBuf>,
    /// How many lines of the outbox are of a newer clinch, which alone can read them.
    pub newer: usize,
}

impl Verified {
    /// How many acknowledged steps the drive had lost; an import counts as one.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.again.len() + self.clashes.len() + self.refused.len() + self.imports.len()
    }
}

/// An outbox of which the book has lost steps.
struct Bereft {
    number: u32,
    outbox: Outbox,
    lost: Vec<StepId>,
}

impl Book {
    /// Puts a step into the outbox, flushed to the local disk, without sending it. [`commit`](Self::commit) does it by itself; this is
    /// for steps that wait behind others, or for a drive that is gone. Once kept, a step is not kept again.
    pub fn keep(&mut self, draft: &StepDraft) -> Result<(), StoreError> {
        match &mut self.outboxes {
            Some(outboxes) => outboxes.keep(draft, real_now()),
            None => Ok(()),
        }
    }

    /// The steps in this user's outboxes that are not in the book and whose process is gone, oldest first. Those that this process
    /// kept are not among them, unless the drive lost them and they cannot be written again by themselves.
    pub fn offered(&mut self) -> Result<Vec<Offered>, StoreError> {
        let mut offered = Vec::new();
        self.with_outboxes(|book, outboxes| {
            let mut had = Vec::new();
            outboxes.each(|outbox| {
                book.look(outbox)?;
                offered.extend(offers(outbox));
                let steps = outbox.steps().iter().filter(|step| is_offered(step));
                had.extend(steps.filter_map(|step| Some((step.id(), step.taken.clone()?))));
                Ok(())
            })?;
            for (step, taken) in had {
                outboxes.remember(step, taken);
            }
            Ok(())
        })?;
        offered.sort_by_key(|step| (step.kept_at, !step.acknowledged));
        let mut seen = HashSet::new();
        offered.retain(|step| seen.insert(step.draft.id));
        Ok(offered)
    }

    /// Takes steps out of the outboxes: their author does not want them any more.
    pub fn forget(&mut self, steps: &[StepId]) -> Result<(), StoreError> {
        self.with_outboxes(|_, outboxes| {
            outboxes.each(|outbox| {
                let gone = named_by(outbox, steps)
                    .map(|step| Entry::Settled { step })
                    .collect();
                outbox.mark(gone)
            })
        })
    }

    /// Looks for the acknowledged steps of this user's outboxes that no look has found yet, and for the newest of those that one
    /// has; what is missing is written again, by its id. Where something was missing, this book is read-only from then on. After
    /// [`StoreError::Busy`] it must be called again: nothing that was found out by then is forgotten.
    pub fn verify(&mut self) -> Result<Verified, StoreError> {
        if self.opening.read_only {
            return Ok(Verified::default());
        }
        self.verified = Verified {
            looked_for: 0,
            waiting: 0,
            newer: 0,
            ..std::mem::take(&mut self.verified)
        };
        self.with_outboxes(|book, outboxes| {
            let mut bereft = Vec::new();
            let done = book
                .look_through(outboxes, &mut bereft)
                .and_then(|()| book.write_again(&mut bereft));
            for Bereft { number, outbox, .. } in bereft {
                outboxes.give_back(number, outbox, real_now());
            }
            done
        })?;
        Ok(std::mem::take(&mut self.verified))
    }

    /// [`verify`](Self::verify), again after pauses while the book is locked, for up to `patience`.
    pub fn verify_patiently(&mut self, patience: Duration) -> Result<Verified, StoreError> {
        Pauses::for_up_to(patience).run(|| self.verify())
    }

    /// Closes the connection and opens it anew, after the drive was gone or what was read looked damaged. The outbox stays.
    /// [`StoreError::Restored`] where the book has come out of a backup meanwhile: then it is opened as if for the first time, since
    /// nothing of what was known of it holds.
    pub fn reconnect(&mut self) -> Result<(), StoreError> {
        self.connect_anew(self.opening.patience)
    }

    /// Why nothing may be written in this run, where that is so.
    #[must_use]
    pub fn read_only(&self) -> Option<&str> {
        if self.opening.read_only {
            return Some("It was opened to be looked at only.");
        }
        self.doubt.as_deref()
    }

    /// The outboxes, for who keeps steps in this process beside the book.
    pub(in crate::store) fn more_outboxes(&self) -> Option<Outboxes> {
        self.outboxes.as_ref().map(Outboxes::another)
    }

    /// What a step that is not in the book would do, in words.
    pub fn words(&mut self, draft: &StepDraft) -> Result<String, StoreError> {
        self.at_hand()?;
        let path = &self.opening.path;
        let conn = connected(&mut self.conn, path)?;
        write::words(conn, draft).map_err(|stop| reading(path, stop))
    }

    /// Before a write: whether it is allowed in this run.
    pub(super) fn may_write(&self) -> Result<(), StoreError> {
        if self.opening.read_only {
            return Err(StoreError::OnlyLooked {
                what: "it was opened to be looked at only",
            });
        }
        if let Some(what) = &self.damage {
            return Err(StoreError::Damaged {
                path: self.opening.path.clone(),
                what: what.clone(),
            });
        }
        match &self.doubt {
            Some(what) => Err(StoreError::Doubted { what: what.clone() }),
            None => Ok(()),
        }
    }

    /// Lends the outboxes, with the book beside them.
    fn with_outboxes(
        &mut self,
        act: impl FnOnce(&mut Self, &mut Outboxes) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(mut outboxes) = self.outboxes.take() else {
            return Ok(());
        };
        let done = act(self, &mut outboxes);
        self.outboxes = Some(outboxes);
        done
    }

    /// Looks through every outbox; those of which something is lost are held back.
    fn look_through(
        &mut self,
        outboxes: &mut Outboxes,
        bereft: &mut Vec<Bereft>,
    ) -> Result<(), StoreError> {
        // What a stand-in kept beside its author's own outbox waits once.
        let mut waiting = HashSet::new();
        for number in outboxes.numbers()? {
            let Some(mut outbox) = outboxes.borrow(number)? else {
                continue;
            };
            let looked = self.look(&mut outbox);
            waiting.extend(offers(&outbox).iter().map(|offer| offer.draft.id));
            self.verified.waiting = waiting.len();
            self.verified.newer += outbox.newer();
            if outbox.take_damaged() > 0 {
                self.verified.damaged.push(outbox.aside());
            }
            match looked {
                Ok(lost) if !lost.is_empty() => bereft.push(Bereft {
                    number,
                    outbox,
                    lost,
                }),
                looked => {
                    outboxes.give_back(number, outbox, real_now());
                    looked?;
                }
            }
        }
        Ok(())
    }

    /// Looks for the steps of an outbox, and marks what it found and what its author must decide. Returns those that the book has
    /// lost and that can be written again by themselves.
    fn look(&mut self, outbox: &mut Outbox) -> Result<Vec<StepId>, StoreError> {
        let epoch = self.meta.epoch;
        // Of a book that lay elsewhere only what waits counts: this may be a copy, which has lost nothing.
        let counts = |step: &&Step| is_open(step, epoch) && (!outbox.moved() || is_offered(step));
        let canary = outbox.steps().canary().filter(|_| !outbox.moved()).cloned();
        let is_canary = |step: &Step| canary.as_ref().is_some_and(|bird| bird.id() == step.id());
        let mut wanted: Vec<Step> = outbox
            .steps()
            .iter()
            .filter(|step| counts(step) || is_canary(step))
            .cloned()
            .collect();
        let mut there = self.find(&wanted)?;
        if let Some(bird) = &canary
            && !(there.contains_key(&bird.id()) && bird.epoch() == Some(epoch))
        {
            // Where the newest is gone, or the book is another one, all may be.
            let earlier = outbox.earlier().map_err(|fault| outbox.fault(fault))?;
            let found: Vec<Step> = outbox
                .steps()
                .iter()
                .filter(|step| matches!(step.state, State::Found { .. }))
                .chain(&earlier)
                .cloned()
                .collect();
            there.extend(self.find(&found)?);
            // Those of earlier days that are gone count again.
            let gone = earlier
                .iter()
                .filter(|step| !there.contains_key(&step.id()));
            outbox.mark(gone.flat_map(Step::entries).collect())?;
            wanted.extend(found);
        }
        self.verified.looked_for += wanted.len();
        let mut marks = Vec::new();
        let mut lost = Vec::new();
        let mut seen = HashSet::new();
        for step in wanted.iter().filter(|step| seen.insert(step.id())) {
            match there.remove(&step.id()) {
                Some(taken) => {
                    let step_id = step.id();
                    marks.extend(taken.map(|taken| Entry::Saved {
                        step: step_id,
                        taken,
                    }));
                    if step.state != (State::Found { epoch }) {
                        marks.push(Entry::Found {
                            step: step_id,
                            epoch,
                        });
                    }
                }
                None if step.epoch().is_none() || step.state == State::Asked => {}
                None if step.epoch() == Some(epoch) => lost.push(step.id()),
                None => marks.push(Entry::Asked { step: step.id() }),
            }
        }
        outbox.mark(marks)?;
        Ok(lost)
    }

    /// Those of some steps that are in the book, by a look with nothing remembered of earlier ones; with what the book says of them
    /// where the outbox does not know that.
    fn find(&mut self, steps: &[Step]) -> Result<HashMap<StepId, Option<Taken>>, StoreError> {
        let mut there = HashMap::new();
        if steps.is_empty() {
            return Ok(there);
        }
        self.at_hand()?;
        let mut receipts = Vec::new();
        let mut look = || -> Result<(), Stop> {
            let conn = connected(&mut self.conn, &self.opening.path)?;
            // Pages that this connection remembers would show what is no longer there.
            conn.execute_batch("PRAGMA shrink_memory")?;
            let tx = conn.transaction()?;
            self.meta.same_epoch(&tx)?;
            for step in steps {
                if !tx
                    .prepare_cached("SELECT 1 FROM step WHERE id = ?1")?
                    .exists([step.id()])?
                {
                    continue;
                }
                there.insert(step.id(), None);
                if let (None, Body::Draft(draft)) = (&step.taken, &step.body) {
                    match write::receipt(&tx, draft) {
                        Ok(receipt) => receipts.extend(receipt.map(|receipt| (draft, receipt))),
                        // The same id with another content: this one is not there.
                        Err(Stop::Store(_)) => drop(there.remove(&draft.id)),
                        Err(fault) => return Err(fault),
                    }
                }
            }
            Ok(tx.commit()?)
        };
        look().map_err(|stop| reading(&self.opening.path, stop))?;
        for (draft, receipt) in receipts {
            there.insert(draft.id, Some(self.taken(draft, &receipt)));
        }
        Ok(there)
    }

    /// Writes steps again that the book had taken and has lost, in the order in which it had them.
    ///
    /// This is the one place that brings steps back without asking. Erasure, once there is one, is checked here: what names an
    /// erased person is not written again.
    fn write_again(&mut self, bereft: &mut [Bereft]) -> Result<(), StoreError> {
        let mut order = Vec::new();
        for (place, of) in bereft.iter().enumerate() {
            let lost = of.lost.iter().filter_map(|id| of.outbox.steps().get(*id));
            order.extend(lost.map(|step| (step.seq(), step.at, place, step.clone())));
        }
        if order.is_empty() {
            return Ok(());
        }
        order.sort_by_key(|(seq, at, ..)| (*seq, *at));
        self.doubt = Some(format!(
            "The book {} no longer had steps that it had taken: the drive lost them, or an older copy was put in its place. They were written again as far as they could be; nothing else is written in this run.",
            self.opening.path.display()
        ));
        self.is_still_there()?;
        for (.., place, step) in order {
            let mark = if let Some(draft) = step.draft() {
                self.write_one_again(&mut bereft[place].outbox, &step, draft)?
            } else {
                let words = words_of_import(&step);
                if !self.verified.imports.contains(&words) {
                    self.verified.imports.push(words);
                }
                Entry::Asked { step: step.id() }
            };
            bereft[place].outbox.mark(vec![mark])?;
        }
        Ok(())
    }

    fn write_one_again(
        &mut self,
        outbox: &mut Outbox,
        step: &Step,
        draft: StepDraft,
    ) -> Result<Entry, StoreError> {
        let asked = Entry::Asked { step: draft.id };
        if draft.commands.iter().any(is_of_the_last) {
            let why = "What it took back is not known any more.".to_owned();
            self.verified.refused.push((draft, why));
            return Ok(asked);
        }
        let body = Body::Draft(Box::new(draft.clone()));
        if body != step.body {
            // The book will know the step by this content.
            outbox.mark(vec![Entry::Kept { at: step.at, body }])?;
        }
        let made = step.taken.as_ref().map_or(&[][..], |taken| &taken.created);
        match self.send_steps(&[Sent {
            draft: &draft,
            made,
        }]) {
            Ok(mut outcomes) => match outcomes.pop() {
                Some(Outcome::Saved(receipt)) => {
                    self.give_notice(&[&receipt]);
                    let taken = self.taken(&draft, &receipt);
                    self.verified.again.push(receipt);
                    return Ok(Entry::Saved {
                        step: draft.id,
                        taken,
                    });
                }
                Some(Outcome::Conflict(clashes)) => self.verified.clashes.push((draft, clashes)),
                Some(Outcome::Nothing) | None => {
                    let why = "There is nothing to take back any more.".to_owned();
                    self.verified.refused.push((draft, why));
                }
            },
            Err(fault) if is_verdict(&fault) => {
                self.verified.refused.push((draft, fault.to_string()));
            }
            Err(fault) => return Err(fault),
        }
        Ok(asked)
    }
}
