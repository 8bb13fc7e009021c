//! What was made together: the log has one hash for a single creation and for a whole batch of an import.

use std::collections::HashMap;

use crate::domain::id::{RecordId, Seat};
use crate::domain::nouns::Entity;
use crate::domain::value::Value;

use super::super::birth::{Births, PRINT};
use super::lines::Line;
use super::{Check, Finding, Kind};

/// How many records of one batch are named as not being as they were made.
const NAMED: usize = 100;

/// A creation whose records are being read. Those of two seats may lie among each other, those of one seat never.
pub(super) struct Batch {
    last: RecordId,
    /// The record that comes next.
    next: RecordId,
    step: i64,
    hash: Value,
    prints: String,
    births: Births,
    /// Records whose print is another.
    others: Vec<RecordId>,
    whole: bool,
}

/// The creations of one noun that are open, by seat.
#[derive(Default)]
pub(super) struct Open(HashMap<Seat, Batch>);

impl Open {
    /// Whether this record is of an open creation.
    pub fn has(&self, record: RecordId) -> bool {
        self.0
            .get(&record.seat())
            .is_some_and(|batch| batch.next <= record && record <= batch.last)
    }

    pub fn step(&self, record: RecordId) -> Option<i64> {
        self.0.get(&record.seat()).map(|batch| batch.step)
    }

    /// Opens a creation; what it interrupts of the same seat is returned.
    pub fn begin(&mut self, line: &Line) -> Option<Batch> {
        let batch = Batch {
            last: line.last.unwrap_or(line.record),
            next: line.record,
            step: line.step,
            hash: line.new.clone(),
            prints: line.old.as_text().unwrap_or_default().to_owned(),
            births: Births::default(),
            others: Vec::new(),
            whole: true,
        };
        self.0.insert(line.record.seat(), batch)
    }

    /// Those that are open still.
    pub fn take_all(&mut self) -> Vec<Batch> {
        let mut all: Vec<Batch> = self.0.drain().map(|(_, batch)| batch).collect();
        all.sort_by_key(|batch| batch.step);
        all
    }
}

impl Check<'_> {
    /// Takes a record into its creation: with the hash that it had at birth, or without where its row is gone.
    pub(super) fn born(
        &mut self,
        entity: Entity,
        open: &mut Open,
        record: RecordId,
        hash: Option<&[u8; 32]>,
    ) -> rusqlite::Result<()> {
        let Some(batch) = open.0.get_mut(&record.seat()) else {
            return Ok(());
        };
        let missing = (batch.next < record).then_some((batch.next, batch.step));
        let place = batch.births.prints().len();
        match hash {
            Some(hash) => {
                batch.births.add(hash);
                let print = &batch.births.prints()[place..];
                let known = batch.prints.get(place..place + PRINT);
                if known.is_some_and(|known| known != print) && batch.others.len() < NAMED {
                    batch.others.push(record);
                }
            }
            None => batch.whole = false,
        }
        batch.whole &= missing.is_none();
        batch.next = record.next();
        let ended = record >= batch.last;
        if let Some((first, step)) = missing {
            self.gone(entity, first, step)?;
        }
        if ended && let Some(batch) = open.0.remove(&record.seat()) {
            self.end(entity, batch)?;
        }
        Ok(())
    }

    /// A creation has no more records: its hash must be the one in the log.
    pub(super) fn end(&mut self, entity: Entity, batch: Batch) -> rusqlite::Result<()> {
        if batch.next <= batch.last {
            return self.gone(entity, batch.next, batch.step);
        }
        if !batch.whole || batch.hash.as_text() == Some(&batch.births.hash()) {
            return Ok(());
        }
        let found = |record| Finding::new(Kind::Birth, entity.name()).of(record);
        if batch.others.is_empty() {
            let what = if batch.births.prints().len() == PRINT {
                "a field that nobody changed here is not as it was when the record was made"
            } else {
                "a field of this record, or of one that was made with it, is not as it was when it was made"
            };
            return self.found_since(found(batch.last).says(what), batch.step);
        }
        for record in batch.others {
            let what = "a field that nobody changed here is not as it was when the record was made";
            self.found_since(found(record).says(what), batch.step)?;
        }
        Ok(())
    }

    pub(super) fn gone(
        &mut self,
        entity: Entity,
        record: RecordId,
        step: i64,
    ) -> rusqlite::Result<()> {
        self.found_since(Finding::new(Kind::Gone, entity.name()).of(record), step)
    }
}
