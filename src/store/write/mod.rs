//! From a draft to changes: one IMMEDIATE transaction, compare-and-set, the log.
//!
//! | module | holds |
//! |---|---|
//! | this | the transaction around a step, and who does what in it |
//! | [`again`] | a step is done once, however often it is sent; from which seat |
//! | [`lines`] | the prices of a deal's lines stay in the currency that they were given in |
//! | [`log`] | changes on their way into the log |
//! | [`bulk`] | acts over many records, judged one by one |
//! | [`brought`] | records that come from another book |
//! | [`records`] | creations, edits, trash of any noun |
//! | [`sets`] | tags, addresses, domains: element by element |
//! | [`version`] | steps that rest on a version of a record |
//! | [`rules`] | what a deal needs to enter a stage, what a team may not do to its stages |
//! | [`deals`] | moves, closes and the facts that a close freezes |
//! | [`undo`] | the inverse of a group of steps |
//! | [`stays`] | what an undo leaves where it is, and why |
//! | [`derived`] | what follows from the log: last touch, next step |
//! | [`label`] | a step in words |

mod again;
mod brought;
mod bulk;
mod deals;
mod derived;
mod holds;
mod label;
mod lines;
mod log;
mod records;
mod rules;
mod sets;
mod single;
mod stays;
mod undo;
mod version;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::domain::command::{Command, Input, Origin, Slot, StepDraft, Target};
use crate::domain::id::{RecordId, Seat, StepId};
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Clash, Kept, Outcome};
use crate::domain::time::Instant;
use crate::domain::value::Value;

pub(super) use again::{receipt, undid};
pub(super) use derived::{contact_touch, deal_next_step, deal_touch};
pub(super) use label::words;
pub(super) use records::{Custom, custom_text, custom_value, json};
pub(super) use sets::element_of;

use again::{body_hash, done_before, may_go_on, take_seat};
use bulk::is_whole;
use log::{Batch, Logged};

use super::book::Meta;
use super::error::StoreError;
use super::patience::Pauses;
use super::read::names;
use super::sql::is_busy;
use super::tables;

/// Who writes: a user on a host has a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Author {
    pub os_user: String,
    pub host: String,
}

/// What ends a step.
pub(super) enum Stop {
    /// Before its commit.
    Sql(rusqlite::Error),
    /// Before its commit.
    Store(StoreError),
    /// In its commit, which may have got through for all that: the last flush and the lock come after the decision.
    Commit(rusqlite::Error),
}

impl From<rusqlite::Error> for Stop {
    fn from(fault: rusqlite::Error) -> Self {
        Self::Sql(fault)
    }
}
impl From<StoreError> for Stop {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

type Res<T> = Result<T, Stop>;

fn invalid<T>(what: impl Into<String>) -> Res<T> {
    Err(StoreError::invalid(what).into())
}

/// A step under way.
struct Writer<'a> {
    conn: &'a Connection,
    meta: &'a Meta,
    draft: &'a StepDraft,
    made: &'a [(Slot, Entity, RecordId)],
    origin: Origin,
    seat: Seat,
    last_id: RecordId,
    slots: HashMap<Slot, (Entity, RecordId)>,
    created: Vec<(Slot, Entity, RecordId)>,
    log: Vec<Logged>,
    batch: Option<Batch>,
    clashes: Vec<Clash>,
    kept: Vec<Kept>,
    /// References that were seen to exist in this transaction.
    seen: HashSet<(Entity, RecordId)>,
    /// Deals and contacts whose derived values may have changed, with the latest touch that may have been taken from them.
    stale: BTreeMap<(Entity, RecordId), Option<i64>>,
    /// Deals that the command under way has put into a stage.
    entered: Vec<RecordId>,
    /// Deals that may be won without an amount.
    unpriced: Vec<Target>,
    /// The group that this step takes back, and the words for it.
    undoes: Option<(StepId, String)>,
    /// Whether the step was an undo or redo that found nothing.
    nothing: bool,
}

/// A step on its way into the book.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub draft: &'a StepDraft,
    /// The records that it made when the book took it before and then lost it: they get these ids again.
    pub made: &'a [(Slot, Entity, RecordId)],
}

/// Judges several drafts, in order, in one transaction. It is rolled back where one of them is not `Saved`, and that one is the
/// last of the outcomes.
pub(super) fn commit_all(
    conn: &mut Connection,
    author: &Author,
    meta: &Meta,
    steps: &[Sent<'_>],
    now: Instant,
) -> Res<Vec<Outcome>> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    meta.still_holds(&tx)?;
    let mut outcomes = Vec::with_capacity(steps.len());
    let mut wrote = false;
    for step in steps {
        let outcome = judge(&tx, author, meta, *step, now, &mut wrote)?;
        match outcome {
            Outcome::Saved(_) => outcomes.push(outcome),
            Outcome::Nothing => {
                outcomes.push(outcome);
                return Ok(outcomes);
            }
            Outcome::Conflict(mut clashes) => {
                tx.rollback()?;
                // By now the names are those of the book again, not those that the step would have given.
                for clash in &mut clashes {
                    clash.name = names::of(conn, clash.entity, clash.record)?;
                }
                outcomes.push(Outcome::Conflict(clashes));
                return Ok(outcomes);
            }
        }
    }
    if wrote {
        commit(&tx).map_err(Stop::Commit)?;
    }
    Ok(outcomes)
}

/// How long a commit waits for those who still read.
const COMMIT_PATIENCE: Duration = Duration::from_secs(2);

/// Commits. Where somebody still reads, the commit is tried again, and not the transaction: no new reader gets in meanwhile, while
/// a transaction begun anew would come behind all of them.
fn commit(tx: &Connection) -> rusqlite::Result<()> {
    let mut pauses = Pauses::for_up_to(COMMIT_PATIENCE);
    loop {
        match tx.execute_batch("COMMIT") {
            Err(fault) if is_busy(&fault) && pauses.waited() < COMMIT_PATIENCE => {
                std::thread::sleep(pauses.next_pause());
            }
            done => return done,
        }
    }
}

/// Judges a draft inside a transaction; `wrote` is set where there is something to commit.
fn judge(
    tx: &Connection,
    author: &Author,
    meta: &Meta,
    Sent { draft, made }: Sent<'_>,
    now: Instant,
    wrote: &mut bool,
) -> Res<Outcome> {
    let body = body_hash(draft);
    if let Some(receipt) = done_before(tx, draft, &body)? {
        return Ok(Outcome::Saved(receipt));
    }
    if draft.origin == Origin::Import {
        may_go_on(tx, draft)?;
    }
    let (seat, last_id) = take_seat(tx, author, now)?;
    let mut writer = Writer {
        conn: tx,
        meta,
        draft,
        made,
        origin: draft.origin,
        seat,
        last_id: RecordId::before(now, seat, last_id),
        slots: HashMap::new(),
        created: Vec::new(),
        log: Vec::new(),
        batch: None,
        clashes: Vec::new(),
        kept: Vec::new(),
        seen: HashSet::new(),
        stale: BTreeMap::new(),
        entered: Vec::new(),
        unpriced: Vec::new(),
        undoes: None,
        nothing: false,
    };
    for command in &draft.commands {
        if writer.judges_by_record() && !is_whole(command) {
            writer.apply_or_keep(command)?;
        } else {
            writer.apply(command)?;
        }
    }
    if writer.nothing {
        return Ok(Outcome::Nothing);
    }
    if !writer.clashes.is_empty() {
        return Ok(Outcome::Conflict(writer.clashes));
    }
    // An undo is noted even where all was kept, so that the next one goes further back. Anything else that changed nothing
    // leaves no trace.
    let stays = writer.undoes.is_some();
    let receipt = writer.finish(&body, now, stays)?;
    *wrote |= receipt.changes > 0 || stays;
    Ok(Outcome::Saved(receipt))
}

impl Writer<'_> {
    /// Applies a command, and judges what it has made of deals and stages.
    fn apply(&mut self, command: &Command) -> Res<()> {
        self.entered.clear();
        let before = self.stage_before(command)?;
        self.carry_out(command)?;
        self.hold_to_rules(command, before)
    }

    fn carry_out(&mut self, command: &Command) -> Res<()> {
        match command {
            Command::Create(create) => self.create(create),
            Command::Bring(brought) => self.bring(brought),
            Command::Edit {
                entity,
                target,
                edits,
            } => self.edit(*entity, *target, edits),
            Command::Add {
                entity,
                target,
                set,
                element,
            } => {
                let id = self.existing(*entity, *target)?;
                self.add_element(*entity, id, *set, element)
            }
            Command::Remove {
                entity,
                target,
                set,
                element,
            } => {
                let id = self.existing(*entity, *target)?;
                self.remove_element(*entity, id, *set, element)
            }
            Command::Trash { entity, target } => self.trash(*entity, *target),
            Command::Restore { entity, target } => self.restore(*entity, *target),
            Command::MoveDeal {
                deal,
                base,
                stage,
                place,
            } => self.move_deal(*deal, *base, *stage, *place),
            Command::MoveAll { from, to } => self.move_all(*from, *to),
            Command::WithoutAmount { deal } => {
                self.unpriced.push(*deal);
                Ok(())
            }
            Command::WinDeal {
                deal,
                base,
                closed_at,
            } => self.win_deal(*deal, *base, *closed_at),
            Command::LoseDeal {
                deal,
                base,
                reason,
                note,
                closed_at,
            } => self.lose_deal(*deal, *base, reason.as_ref(), note.as_deref(), *closed_at),
            Command::ReopenDeal { deal, base, stage } => self.reopen_deal(*deal, *base, *stage),
            Command::Require {
                entity,
                target,
                seq,
            } => self.require(*entity, *target, *seq),
            Command::Undo(which) => self.undo(*which),
            Command::Redo(which) => self.redo(*which),
        }
    }

    /// The id of a record that the step makes: the next one, or the one that it had before.
    fn id_for(&mut self, slot: Slot, entity: Entity) -> Res<RecordId> {
        let before = self
            .made
            .iter()
            .find(|(made, of, _)| (*made, *of) == (slot, entity));
        let Some((_, _, id)) = before else {
            return Ok(self.next_id());
        };
        if tables::exists(self.conn, entity, *id)? {
            return invalid(format!(
                "Another {entity} has taken the id {id} since: make this one anew."
            ));
        }
        Ok(*id)
    }

    /// The next id of this seat.
    fn next_id(&mut self) -> RecordId {
        self.last_id = self.last_id.next();
        self.last_id
    }

    /// The record that a target means.
    fn id_of(&self, entity: Entity, target: Target) -> Res<RecordId> {
        match target {
            Target::Known(id) => Ok(id),
            Target::New(slot) => match self.slots.get(&slot) {
                Some((noun, id)) if *noun == entity => Ok(*id),
                Some((noun, _)) => invalid(format!("The step names its new {noun} as a {entity}.")),
                None => invalid(format!("The step names a new {entity} before it makes it.")),
            },
        }
    }

    /// [`id_of`](Self::id_of), and the record is there.
    fn existing(&mut self, entity: Entity, target: Target) -> Res<RecordId> {
        let id = self.id_of(entity, target)?;
        self.must_exist(entity, id)?;
        Ok(id)
    }

    fn must_exist(&mut self, entity: Entity, id: RecordId) -> Res<()> {
        if self.seen.contains(&(entity, id)) {
            return Ok(());
        }
        if !tables::exists(self.conn, entity, id)? {
            return Err(StoreError::NoRecord {
                noun: entity.to_string(),
                id: id.to_string(),
            }
            .into());
        }
        self.seen.insert((entity, id));
        Ok(())
    }

    fn value_of(&self, input: &Input) -> Res<Value> {
        match input {
            Input::Value(value) => Ok(value.clone()),
            Input::New(slot) => match self.slots.get(slot) {
                Some((_, id)) => Ok((*id).into()),
                None => invalid("The step refers to a record before it makes it."),
            },
        }
    }
}
