//! How the folded copy gets its rows: the store thread reads them for the finder in slices that are short enough to hold up nobody,
//! when nothing else waits and the first answers have been given; then what has changed, by the log.
//!
//! Every slice is a moment of its own. What changes between two of them is in the log behind the `seq` at which the reading began,
//! and is read again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Candidate;

use super::super::drive::Manner;
use super::super::error::StoreError;
use super::super::find::copy::NOUNS;
use super::super::find::{Field, Found};
use super::super::query::{Answer, FoundRow, FoundRows};
use super::super::read::folded::Touched;
use super::Event;
use super::finder::{Finder, ToTell, Told};
use super::keeper::Keeper;

/// No slice takes much longer.
const SLICE: Duration = Duration::from_millis(4);
/// Rows of the first slice. The later ones are as long as the time allows.
const ROWS: usize = 256;
/// Rows of any slice: what waits for the finder shall take no more memory than that.
const MOST: usize = 4_096;
/// Rows that are counted in one go.
const COUNTED: usize = 50_000;
/// Entries of the log that are gone through in one go.
const ENTRIES: usize = 500;
/// Records that are read again in one go.
const AGAIN: usize = 200;
/// So many records that have changed take longer than reading all anew.
const MUCH: usize = 100_000;
/// After a lock was met.
const PAUSE: Duration = Duration::from_secs(1);

/// How far the copy is.
#[derive(Debug)]
enum Stage {
    /// Nobody has been answered yet.
    Waiting,
    /// The records are counted: those of the nouns before this one are, and those up to an id.
    Counting(usize, RecordId, u64),
    /// They are read: in the same way; with their number, where it is known.
    Reading(usize, RecordId, Option<u64>),
    /// All is read.
    Ready,
}

/// What is to be done for the copy.
#[derive(Debug)]
pub(super) struct Folding {
    finder: Finder,
    stage: Stage,
    /// The log has been gone through up to here.
    seq: i64,
    touched: VecDeque<Touched>,
    records: VecDeque<(Entity, RecordId)>,
    rows: usize,
    at: Instant,
}

const FIRST: RecordId = RecordId::from_raw(i64::MIN);

impl Folding {
    pub fn new(finder: Finder) -> Self {
        Self {
            finder,
            stage: Stage::Waiting,
            seq: 0,
            touched: VecDeque::new(),
            records: VecDeque::new(),
            rows: ROWS,
            at: Instant::now(),
        }
    }

    /// Somebody has been answered: from now on there is time.
    pub const fn begin(&mut self, seq: i64) {
        if matches!(self.stage, Stage::Waiting) {
            self.stage = Stage::Counting(0, FIRST, 0);
            self.seq = seq;
        }
    }

    /// Records of which the finder lacks something: they are read again.
    pub fn lacks(&mut self, records: Vec<(Entity, RecordId)>) {
        if !matches!(self.stage, Stage::Waiting) {
            self.records.extend(records);
        }
    }

    /// Nothing of the copy holds any more.
    pub fn throw_away(&mut self) {
        self.finder.tell(Told::Anew);
        *self = Self::new(self.finder.clone());
    }

    fn waits(&self, seen: i64) -> bool {
        match self.stage {
            Stage::Waiting => false,
            Stage::Counting(..) => true,
            // All is read when the finder has told what it lacks.
            Stage::Reading(noun, ..) if noun >= NOUNS.len() => {
                self.is_behind(seen) || self.finder.is_up()
            }
            Stage::Reading(..) => self.finder.has_room(),
            Stage::Ready => self.is_behind(seen),
        }
    }

    fn is_behind(&self, seen: i64) -> bool {
        self.seq < seen || !self.touched.is_empty() || !self.records.is_empty()
    }

    /// Whether something is to be done now. `seen` is the last `seq` that is known.
    pub fn is_due(&self, now: Instant, seen: i64) -> bool {
        self.at <= now && self.waits(seen)
    }

    /// When something is to be done.
    pub fn next(&self, seen: i64) -> Option<Instant> {
        self.waits(seen).then_some(self.at)
    }
}

impl Keeper<'_> {
    /// Does the next piece of work for the copy.
    pub(super) fn fold(&mut self) {
        if let Err(fault) = self.fold_some() {
            self.folding.at = Instant::now() + PAUSE;
            if !matches!(fault, StoreError::Busy) {
                self.is_trouble(&fault);
            }
        }
    }

    fn fold_some(&mut self) -> Result<(), StoreError> {
        match self.folding.stage {
            Stage::Waiting => Ok(()),
            Stage::Counting(noun, after, count) => self.count_some(noun, after, count),
            Stage::Reading(noun, after, of) => self.read_some(noun, after, of),
            Stage::Ready => self.catch_up(),
        }
    }

    /// Counts records for who waits for them. On a share that would be as much to read as the records themselves.
    fn count_some(&mut self, noun: usize, after: RecordId, count: u64) -> Result<(), StoreError> {
        let reading = |of| Stage::Reading(0, FIRST, of);
        let Some(entity) = NOUNS.get(noun).copied() else {
            self.folding.stage = reading(Some(count));
            return Ok(());
        };
        if self.book.manner() != Manner::Local {
            self.folding.stage = reading(None);
            return Ok(());
        }
        let (more, last) = self.with(|book| book.count_behind(entity, after, COUNTED))?;
        self.folding.stage = if more == 0 {
            Stage::Counting(noun + 1, FIRST, count)
        } else {
            Stage::Counting(noun, last, count + more)
        };
        Ok(())
    }

    fn read_some(
        &mut self,
        noun: usize,
        after: RecordId,
        of: Option<u64>,
    ) -> Result<(), StoreError> {
        let Some(entity) = NOUNS.get(noun).copied() else {
            self.catch_up()?;
            if !self.folding.is_behind(self.seen) && self.folding.finder.is_up() {
                self.folding.stage = Stage::Ready;
                self.folding.finder.tell(Told::All);
            }
            return Ok(());
        };
        let began = Instant::now();
        let rows = self.folding.rows;
        let slice = self.with(|book| book.slice_behind(entity, after, rows))?;
        let took = began.elapsed();
        self.folding.rows = if took > SLICE {
            (rows / 2).max(32)
        } else if took < SLICE / 2 {
            (rows * 2).min(MOST)
        } else {
            rows
        };
        self.folding.stage = match slice.last() {
            Some(last) => Stage::Reading(noun, last, of),
            None => Stage::Reading(noun + 1, FIRST, of),
        };
        if slice.last().is_some() {
            self.folding.finder.tell(Told::Slice(slice, of));
        }
        Ok(())
    }

    /// Reads what has changed since.
    fn catch_up(&mut self) -> Result<(), StoreError> {
        let folding = &mut self.folding;
        if folding.records.len() > MUCH {
            folding.throw_away();
            folding.begin(self.seen);
            return Ok(());
        }
        if folding.records.is_empty() {
            if let Some(touched) = folding.touched.pop_front() {
                let records = self.with(|book| book.records_touched(touched));
                match records {
                    Ok(records) => self.folding.records.extend(records),
                    Err(fault) => {
                        self.folding.touched.push_front(touched);
                        return Err(fault);
                    }
                }
            } else if folding.seq < self.seen {
                let after = folding.seq;
                let (touched, seq) = self.with(|book| book.touched_behind(after, ENTRIES))?;
                self.folding.touched.extend(touched);
                // A log that ends before what was seen has nothing more to say.
                self.folding.seq = if seq == after { self.seen } else { seq };
            }
            return Ok(());
        }
        let some: Vec<(Entity, RecordId)> = folding.records.iter().take(AGAIN).copied().collect();
        let rows = self.with(|book| book.rows_of(&some))?;
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for (record, row) in some.iter().zip(rows) {
            match row {
                Some(row) => changed.push(row),
                None => gone.push(*record),
            }
        }
        self.folding.records.drain(..some.len());
        self.folding.finder.tell(Told::Changed(changed));
        self.folding.finder.tell(Told::Gone(gone));
        Ok(())
    }

    /// Tells what the finder has found. Without the book, which is away, in the letters of the copy.
    pub(super) fn tell_found(&mut self, told: ToTell) {
        let ToTell {
            view,
            text,
            found,
            reading,
            done,
        } = told;
        let dressed = if self.outage.is_some() {
            Ok(undressed(&text, &found))
        } else {
            self.with(|book| book.dress(&text, &found))
        };
        let rows = match dressed {
            Ok(rows) => rows,
            Err(fault) => {
                if !matches!(fault, StoreError::Busy) && !self.is_trouble(&fault) {
                    self.say(Event::Read(view, Err(fault)));
                    return;
                }
                undressed(&text, &found)
            }
        };
        let rows = FoundRows {
            reading,
            done,
            ..rows
        };
        self.say(Event::Read(view, Ok(Answer::Search(rows))));
    }
}

/// What was found as the copy has it: without capitals and accents.
fn undressed(text: &str, found: &Found) -> FoundRows {
    let piece = |field: Field, line: &[u8]| String::from_utf8_lossy(field.of(line)).into_owned();
    let rows = found.best.iter().map(|finding| FoundRow {
        record: Candidate {
            entity: finding.entity,
            id: finding.id,
            name: piece(Field::Name, &finding.line),
            detail: Some(piece(Field::Beside, &finding.line)).filter(|text| !text.is_empty()),
        },
        lead: false,
        matched: None,
        near: finding.near.clone(),
    });
    FoundRows {
        text: text.to_owned(),
        rows: rows.collect(),
        fit: found.fit,
        more: found.more,
        reading: None,
        done: true,
    }
}
