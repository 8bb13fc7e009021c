//! From a draft to changes: one IMMEDIATE transaction, compare-and-set, the log.
//!
//! | module | holds |
//! |---|---|
//! | this | the transaction around a step: its id, its seat, the log |
//! | [`records`] | creations, edits, trash of any noun |
//! | [`sets`] | tags, addresses, domains: element by element |
//! | [`deals`] | moves, closes and the facts that a close freezes |
//! | [`undo`] | the inverse of a group of steps |
//! | [`derived`] | what follows from the log: last touch, next step |
//! | [`label`] | a step in words |

mod deals;
mod derived;
mod label;
mod records;
mod sets;
mod undo;

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

use crate::domain::command::{Command, Input, Origin, Slot, StepDraft, Target};
use crate::domain::id::{RecordId, SEATS, Seat, StepId};
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Clash, Kept, Outcome, Receipt};
use crate::domain::time::Instant;
use crate::domain::value::Value;

pub(super) use records::{custom_value, feed};

use super::book::Meta;
use super::error::StoreError;
use super::read::names;
use super::tables;

/// Who writes: a user on a host has a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Author {
    pub os_user: String,
    pub host: String,
}

/// What ends a step before its commit.
pub(super) enum Stop {
    Sql(rusqlite::Error),
    Store(StoreError),
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

/// A change that is not yet in the log.
struct Logged {
    entity: Entity,
    record: RecordId,
    last: Option<RecordId>,
    field: Option<String>,
    old: Value,
    new: Value,
}

/// Creations of one noun that follow each other: logged as one change with their range and one hash.
struct Batch {
    entity: Entity,
    first: RecordId,
    last: RecordId,
    hash: Sha256,
}

/// A step under way.
struct Writer<'a> {
    conn: &'a Connection,
    meta: &'a Meta,
    draft: &'a StepDraft,
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
    /// Deals and contacts whose derived values may have changed.
    stale: BTreeSet<(Entity, RecordId)>,
    /// The group that this step takes back, and the words for it.
    undoes: Option<(StepId, String)>,
    /// Whether the step was an undo or redo that found nothing.
    nothing: bool,
}

/// Judges a draft. The transaction is rolled back on every way out but `Saved`.
pub(super) fn commit(
    conn: &mut Connection,
    author: &Author,
    meta: &Meta,
    draft: &StepDraft,
    now: Instant,
) -> Res<Outcome> {
    // One draft, one outcome.
    let mut outcomes = commit_all(conn, author, meta, std::slice::from_ref(draft), now)?;
    Ok(outcomes.pop().unwrap_or(Outcome::Nothing))
}

/// Judges several drafts, in order, in one transaction. It is rolled back where one of them is not `Saved`, and that one is the
/// last of the outcomes.
pub(super) fn commit_all(
    conn: &mut Connection,
    author: &Author,
    meta: &Meta,
    drafts: &[StepDraft],
    now: Instant,
) -> Res<Vec<Outcome>> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    meta.still_holds(&tx)?;
    let mut outcomes = Vec::with_capacity(drafts.len());
    let mut wrote = false;
    for draft in drafts {
        let outcome = judge(&tx, author, meta, draft, now, &mut wrote)?;
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
        tx.commit()?;
    }
    Ok(outcomes)
}

/// Judges a draft inside a transaction; `wrote` is set where there is something to commit.
fn judge(
    tx: &Connection,
    author: &Author,
    meta: &Meta,
    draft: &StepDraft,
    now: Instant,
    wrote: &mut bool,
) -> Res<Outcome> {
    let body = body_hash(draft);
    if let Some(receipt) = done_before(tx, draft, &body)? {
        return Ok(Outcome::Saved(receipt));
    }
    let (seat, last_id) = take_seat(tx, author, now)?;
    let mut writer = Writer {
        conn: tx,
        meta,
        draft,
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
        stale: BTreeSet::new(),
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

/// SHA-256 of the draft as it would be sent.
fn body_hash(draft: &StepDraft) -> [u8; 32] {
    // A draft is made of names, numbers and texts: nothing in it can fail to serialise.
    let body = serde_json::to_vec(draft).unwrap_or_default();
    Sha256::digest(&body).into()
}

/// Whether a command stands or falls with its step even where others are judged by record: what later ones refer to, what the
/// whole step rests on, and undo.
const fn is_whole(command: &Command) -> bool {
    matches!(
        command,
        Command::Create(_) | Command::Require { .. } | Command::Undo(_) | Command::Redo(_)
    )
}

/// The record that a command is about.
fn subject(command: &Command) -> (Entity, Target) {
    match command {
        Command::Create(create) => (create.entity, Target::New(create.slot)),
        Command::Edit { entity, target, .. }
        | Command::Add { entity, target, .. }
        | Command::Remove { entity, target, .. }
        | Command::Trash { entity, target }
        | Command::Restore { entity, target }
        | Command::Require { entity, target, .. } => (*entity, *target),
        Command::MoveDeal { deal, .. }
        | Command::WinDeal { deal, .. }
        | Command::LoseDeal { deal, .. }
        | Command::ReopenDeal { deal, .. } => (Entity::Deal, (*deal).into()),
        // Whole steps: never asked for.
        Command::Undo(_) | Command::Redo(_) => (Entity::Import, Target::New(Slot(u32::MAX))),
    }
}

/// The receipt of an earlier try of the same step.
fn done_before(conn: &Connection, draft: &StepDraft, body: &[u8; 32]) -> Res<Option<Receipt>> {
    let found = conn
        .prepare_cached("SELECT n, body, label FROM step WHERE id = ?1")?
        .query_row([draft.id], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .optional()?;
    let Some((n, known, label)) = found else {
        return Ok(None);
    };
    if known != body {
        return invalid(format!(
            "Step {} is in the book already with another content: it was not repeated.",
            draft.id
        ));
    }
    let (seq, changes): (i64, i64) = conn.query_row(
        "SELECT coalesce(max(seq), 0), count(*) FROM change WHERE step = ?1",
        [n],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Some(Receipt {
        step: draft.id,
        group: draft.group,
        label,
        seq,
        created: created_by(conn, n, draft)?,
        changes: usize::try_from(changes).unwrap_or_default(),
        again: true,
        kept: Vec::new(),
    }))
}

/// The records that a step made, for the slots of its draft: both stand in the same order.
fn created_by(conn: &Connection, n: i64, draft: &StepDraft) -> Res<Vec<(Slot, Entity, RecordId)>> {
    let batches: Vec<(Entity, RecordId, Option<RecordId>)> = conn
        .prepare_cached("SELECT entity, record, last FROM change WHERE step = ?1 AND field IS NULL ORDER BY seq")?
        .query_map([n], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut ids = Vec::new();
    for (entity, first, last) in batches {
        let records = tables::between(conn, entity, first, last.unwrap_or(first))?;
        ids.extend(records.into_iter().map(|id| (entity, id)));
    }
    let mut ids = ids.into_iter();
    let mut created = Vec::new();
    for command in &draft.commands {
        if let Command::Create(create) = command {
            // What a command made on its own account (a lost reason by name) has no slot.
            if let Some((entity, id)) = ids.by_ref().find(|(entity, _)| *entity == create.entity) {
                created.push((create.slot, entity, id));
            }
        }
    }
    Ok(created)
}

/// The seat of this user on this host, taken now if need be, and the last id that it took.
fn take_seat(conn: &Connection, author: &Author, now: Instant) -> Res<(Seat, RecordId)> {
    let known = conn
        .prepare_cached("SELECT number, last_id FROM seat WHERE os_user = ?1 AND host = ?2")?
        .query_row((&author.os_user, &author.host), |row| {
            Ok((row.get::<_, u16>(0)?, row.get(1)?))
        })
        .optional()?;
    if let Some((number, last_id)) = known {
        return Ok((Seat(number), last_id));
    }
    let number: u16 =
        conn.query_row("SELECT coalesce(max(number) + 1, 0) FROM seat", [], |row| {
            row.get(0)
        })?;
    if number >= SEATS {
        return invalid("All 1024 seats of this book are taken: no further host can write to it.");
    }
    let seat = Seat(number);
    let none = RecordId::from_raw(0);
    conn.execute(
        "INSERT INTO seat (number, os_user, host, last_id, last_seen) VALUES (?1, ?2, ?3, ?4, ?5)",
        (number, &author.os_user, &author.host, none, now),
    )?;
    Ok((seat, none))
}

impl Writer<'_> {
    fn apply(&mut self, command: &Command) -> Res<()> {
        match command {
            Command::Create(create) => self.create(create),
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

    /// A bulk act and an import are judged record by record: what clashed is listed, the rest is done.
    fn judges_by_record(&self) -> bool {
        matches!(self.origin, Origin::Bulk | Origin::Import)
    }

    /// Applies a command whole, or leaves its record as it is and notes why.
    fn apply_or_keep(&mut self, command: &Command) -> Res<()> {
        self.flush();
        let (logged, created, taken) = (self.log.len(), self.created.len(), self.last_id);
        self.conn.prepare_cached("SAVEPOINT command")?.execute([])?;
        let why = match self.apply(command) {
            Ok(()) => self.clashes.first().map(|clash| {
                let who = clash.by.as_deref().unwrap_or("somebody");
                match clash.field.as_str() {
                    "trashed_at" => format!("{who} put it into the trash since"),
                    field => format!("{who} changed its {} since", field.replace('_', " ")),
                }
            }),
            Err(Stop::Store(
                fault @ (StoreError::Invalid { .. } | StoreError::NoRecord { .. }),
            )) => Some(fault.to_string()),
            Err(stop) => return Err(stop),
        };
        if let Some(why) = why {
            self.conn
                .prepare_cached("ROLLBACK TO command")?
                .execute([])?;
            self.clashes.clear();
            self.batch = None;
            self.log.truncate(logged);
            for (slot, noun, id) in self.created.drain(created..) {
                self.slots.remove(&slot);
                self.seen.remove(&(noun, id));
            }
            self.last_id = taken;
            let (entity, target) = subject(command);
            let record = self.id_of(entity, target)?;
            self.keep(entity, record, why)?;
        }
        self.conn.prepare_cached("RELEASE command")?.execute([])?;
        Ok(())
    }

    /// Notes a record that a bulk act, an import or their undo leaves as it is.
    fn keep(&mut self, entity: Entity, record: RecordId, why: String) -> Res<()> {
        let name = names::of(self.conn, entity, record)?;
        self.kept.push(Kept {
            entity,
            record,
            name,
            why,
        });
        Ok(())
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

    /// Notes a change of a field or an element.
    fn note(
        &mut self,
        entity: Entity,
        record: RecordId,
        field: impl Into<String>,
        old: Value,
        new: Value,
    ) {
        self.flush();
        self.log.push(Logged {
            entity,
            record,
            last: None,
            field: Some(field.into()),
            old,
            new,
        });
    }

    /// Notes a creation, in one batch with the ones of the same noun just before it.
    fn note_creation(&mut self, entity: Entity, record: RecordId, hash: &[u8; 32]) {
        let may_join = matches!(self.origin, Origin::Import | Origin::Bulk);
        match &mut self.batch {
            Some(batch) if may_join && batch.entity == entity && batch.last.next() == record => {
                batch.last = record;
                batch.hash.update(hash);
            }
            _ => {
                self.flush();
                let hash = Sha256::new_with_prefix(hash);
                self.batch = Some(Batch {
                    entity,
                    first: record,
                    last: record,
                    hash,
                });
            }
        }
    }

    /// Ends the batch of creations under way.
    fn flush(&mut self) {
        let Some(batch) = self.batch.take() else {
            return;
        };
        let hash: String = batch.hash.finalize().iter().take(16).fold(
            String::with_capacity(32),
            |mut text, byte| {
                use std::fmt::Write;
                let _ = write!(text, "{byte:02x}");
                text
            },
        );
        self.log.push(Logged {
            entity: batch.entity,
            record: batch.first,
            last: (batch.last != batch.first).then_some(batch.last),
            field: None,
            old: Value::Null,
            new: hash.into(),
        });
    }

    /// Writes the step and its changes.
    fn finish(mut self, body: &[u8; 32], now: Instant, stays: bool) -> Res<Receipt> {
        self.flush();
        let label = self.label()?;
        let kept = std::mem::take(&mut self.kept);
        let mut receipt = Receipt {
            step: self.draft.id,
            group: self.draft.group,
            label,
            seq: 0,
            created: std::mem::take(&mut self.created),
            changes: self.log.len(),
            again: false,
            kept,
        };
        if self.log.is_empty() && !stays {
            return Ok(receipt);
        }
        let n: i64 =
            self.conn
                .query_row("SELECT coalesce(max(n), 0) + 1 FROM step", [], |row| {
                    row.get(0)
                })?;
        let mut seq: i64 =
            self.conn
                .query_row("SELECT coalesce(max(seq), 0) FROM change", [], |row| {
                    row.get(0)
                })?;
        self.conn
            .prepare_cached(
                "INSERT INTO step (n, id, grp, body, rep, seat, at, committed_at, origin, label, import, undoes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?
            .execute(rusqlite::params![
                n,
                self.draft.id,
                self.draft.group,
                body,
                self.draft.rep.map(|rep| rep.record()),
                self.seat.0,
                self.draft.at,
                now,
                self.origin.name(),
                receipt.label,
                self.draft.import,
                self.undoes.as_ref().map(|(group, _)| *group),
            ])?;
        {
            let mut insert = self.conn.prepare_cached(
                "INSERT INTO change (seq, step, entity, record, last, field, old, new) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?;
            for logged in &self.log {
                seq += 1;
                insert.execute((
                    seq,
                    n,
                    logged.entity,
                    logged.record,
                    logged.last,
                    &logged.field,
                    &logged.old,
                    &logged.new,
                ))?;
            }
        }
        self.refresh_derived()?;
        self.conn
            .prepare_cached("UPDATE seat SET last_id = ?2, last_seen = ?3 WHERE number = ?1")?
            .execute((self.seat.0, self.last_id, now))?;
        receipt.seq = seq;
        Ok(receipt)
    }
}
