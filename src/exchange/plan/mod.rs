//! From sheets and what the book knows to a plan: a pure function.
//!
//! In two strides, so that little is read of a large book. [`Run::open`] matches every row to a record by its key in the source,
//! else by what identifies it, and tells rows that say nothing new from the others. [`Run::wanted`] names the records whose
//! content must be seen for that; [`Run::plan`] then works out what to do: creations, a three-way merge per field (what the source
//! said before, what the book holds, what the source says now), links that wait, rejects. A dry run stops here.
//!
//! | module | holds |
//! |---|---|
//! | [`sheet`] | a table with the forms of its columns |
//! | [`reading`], [`together`] | one row to values |
//! | [`index`] | who is there, by key, name and address |
//! | [`rows`] | which rows are new, changed, unchanged |
//! | [`facts`] | values with their links resolved |
//! | [`stages`] | pipelines and stages that deals name |
//! | [`merge`] | the three-way merge |
//! | [`planner`], [`emit`], [`close`] | noun by noun to commands, commands to batches |
//! | [`planned`] | commands of a plan, and how they become commands of drafts |
//! | [`report`] | counts, rejects, suggestions, mapping |

mod close;
mod emit;
mod facts;
mod index;
mod merge;
mod planned;
mod planner;
mod reading;
mod report;
mod rows;
mod sheet;
mod stages;
mod together;

pub use index::{NO_ROW, named_key};
pub use planned::{FieldRef, Made, Planned, PlannedCreate, PlannedEdit, bind};
pub use report::{Counts, FileReport, MappedColumn, Reject, Report, Suggestion};
pub use sheet::{Column, FileInfo, Form, Sheet, SheetFault};

use crate::domain::command::Slot;
use crate::domain::id::RecordId;
use crate::domain::known::{Known, KnownLine};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::domain::time::Instant;

use planner::Planner;
use rows::RowState;

/// The most rows of one batch: its pages stay well below the book's page cache, so that no spill blocks readers.
pub const ROWS_PER_BATCH: usize = 3_000;

/// What the user says about an import as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The name of the pipeline that deals come into, whatever the file says.
    pub pipeline: Option<String>,
    /// The currency of amounts that do not say theirs; `None` is the book's.
    pub currency: Option<Currency>,
    /// As of when: what lies after it is planned, not done.
    pub now: Instant,
}

/// Commands that are committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The sheet whose rows they are; `None` for what comes before all rows, and for rows of several sheets.
    pub sheet: Option<usize>,
    /// How many rows.
    pub rows: usize,
    /// What to do.
    pub commands: Vec<Planned>,
}

/// What to do, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The batches; none where the files say nothing new.
    pub batches: Vec<Batch>,
    /// For each sheet the import record that the first batch makes.
    pub imports: Vec<Option<Slot>>,
    /// What it comes to.
    pub report: Report,
}

/// Records whose content a run must see before it can plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Ids by noun.
    pub records: Vec<(Entity, Vec<RecordId>)>,
    /// Deals whose lines are asked for.
    pub lines_of: Vec<RecordId>,
}

/// An import that is being planned.
#[derive(Debug)]
pub struct Run<'a> {
    sheets: &'a [Sheet],
    known: Known,
    options: Options,
    index: index::Index,
    rows: Vec<Vec<RowState>>,
    report: Report,
}

impl<'a> Run<'a> {
    /// Matches the rows of all sheets to the records of the book.
    #[must_use]
    pub fn open(sheets: &'a [Sheet], known: Known, options: Options) -> Self {
        let index = index::Index::new(&known);
        let mut report = Report::default();
        let mut run = Self {
            sheets,
            rows: Vec::with_capacity(sheets.len()),
            report: Report::default(),
            options,
            index,
            known,
        };
        for (place, sheet) in sheets.iter().enumerate() {
            let (states, counts) = rows::classify(&run, place, &mut report.rejects);
            report.files.push(rows::file_report(sheet, counts));
            run.rows.push(states);
        }
        run.report = report;
        run
    }

    /// Which records must be seen.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        rows::wanted(self)
    }

    /// Takes them in.
    pub fn take(&mut self, records: impl IntoIterator<Item = Record>, lines: Vec<KnownLine>) {
        self.known
            .current
            .extend(records.into_iter().map(|record| (record.id, record)));
        self.known.lines = lines;
    }

    /// Works out what to do.
    #[must_use]
    pub fn plan(self) -> Plan {
        Planner::new(
            self.sheets,
            &self.known,
            self.options,
            self.index,
            self.report,
        )
        .plan(&self.rows)
    }

    fn setting(&self) -> reading::Setting {
        setting(&self.known, &self.options)
    }
}

fn setting(known: &Known, options: &Options) -> reading::Setting {
    reading::Setting {
        zone: known.zone,
        base: known.base,
        currency: options.currency.unwrap_or(known.base),
        own: false,
    }
}

#[cfg(test)]
mod tests;
