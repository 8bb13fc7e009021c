//! Imports: files to sheets, sheets to a plan, a plan to steps of one group.
//!
//! Files in the book's own form (JSON lines of `export`) go a way of their own: they are taken whole or not at all, and bring every
//! noun with its ids.
//!
//! A dry run stops after the plan. What is committed is one group of steps, so that one undo takes it back; an import that is
//! cancelled or fails takes back what it has committed by itself.

mod fault;
mod files;
mod own;
mod run;

pub use fault::ImportFault;
pub use files::Source;
pub use run::{Done, Phase, Progress, run};

use std::path::PathBuf;

use crate::domain::id::Id;
use crate::domain::records::Rep;
use crate::exchange::plan::Options;
use crate::exchange::recognise::Told;
use crate::exchange::value::date::Order;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The files.
    pub files: Vec<Source>,
    /// What the user says of the columns.
    pub told: Told,
    /// What the user says of dates.
    pub dates: Option<Order>,
    /// What the user says of the whole.
    pub options: Options,
    /// Who imports.
    pub rep: Option<Id<Rep>>,
    /// Whether to stop after the plan.
    pub dry_run: bool,
    /// Where rejected rows go. The file must not be there yet.
    pub rejects: Option<PathBuf>,
}

#[cfg(test)]
mod tests;
