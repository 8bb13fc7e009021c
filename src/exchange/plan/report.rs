//! What an import did or would do, for people, scripts and the book.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::nouns::Entity;

/// How many rows and records of a noun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Rows that were read.
    pub read: usize,
    /// Records that are new: from rows, or because a row names them.
    pub create: usize,
    /// Records that change.
    pub update: usize,
    /// Rows that say nothing new.
    pub unchanged: usize,
    /// Rows that cannot be taken.
    pub rejected: usize,
    /// Rows that their source calls deleted.
    pub deleted: usize,
    /// Links that wait for their record.
    pub pending: usize,
    /// Fields that were left as somebody edited them by hand.
    pub kept: usize,
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Which of the import's files, from 0.
    pub sheet: usize,
    /// Its name.
    pub file: String,
    /// The row's first physical line.
    pub line: usize,
    /// The row's number among the records behind the header.
    pub record: usize,
    /// The column at fault, where it is one.
    pub column: Option<String>,
    /// What stands there.
    pub value: String,
    /// What is wrong.
    pub reason: String,
    /// The cells of the row.
    #[serde(skip)]
    pub cells: Vec<String>,
}

impl Reject {
    /// In one line: `deals.csv line 7 (record 6), amount: `abc` is not an amount`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let place = format!("{} line {} (record {})", self.file, self.line, self.record);
        match &self.column {
            Some(column) => format!("{place}, {column}: `{}` {}", self.value, self.reason),
            None => format!("{place}: {}", self.reason),
        }
    }
}

/// A name that is near a known one, once for all rows that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The noun of the record that is meant.
    pub entity: Entity,
    /// The name in the file.
    pub text: String,
    /// The near name, where there is one.
    pub near: Option<String>,
    /// How many links wait for the answer.
    pub count: usize,
}

/// What a column became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MappedColumn {
    /// The column.
    pub column: String,
    /// The field, in the word of the table of columns.
    pub field: String,
    /// How its values were read: `dates dmy`, `decimal comma`; nothing where there is nothing to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
}

/// One file of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub hash: String,
    /// The noun of its rows, in the plural.
    pub kind: &'static str,
    /// The source.
    pub source: String,
    /// The encoding.
    pub encoding: String,
    /// The delimiter, in words.
    pub delimiter: &'static str,
    /// What its columns became.
    pub mapping: Vec<MappedColumn>,
    /// Its rows.
    pub counts: Counts,
}

/// The whole report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// By file, in the order given.
    pub files: Vec<FileReport>,
    /// By noun.
    pub counts: BTreeMap<Entity, Counts>,
    /// Rows that cannot be taken.
    pub rejects: Vec<Reject>,
    /// Names that wait for an answer.
    pub suggestions: Vec<Suggestion>,
    /// Sentences about what is worth a look and stops nothing.
    pub warnings: Vec<String>,
}

impl Report {
    /// The counts of a noun.
    pub(super) fn of(&mut self, entity: Entity) -> &mut Counts {
        self.counts.entry(entity).or_default()
    }

    /// The counts of a noun; zeros where nothing of it was met.
    #[must_use]
    pub fn counts(&self, entity: Entity) -> Counts {
        self.counts.get(&entity).copied().unwrap_or_default()
    }

    /// Rows of all files.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.files.iter().map(|file| file.counts.read).sum()
    }
}
