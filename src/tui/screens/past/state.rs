//! What the trash and the list of steps show, where their cursor stands, what is marked and what is on its way.

use std::collections::BTreeSet;

use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::domain::past::{PastAct, Trash, Trashed};
use crate::store::handle::Ticket;
use crate::tui::action::Motion;
use crate::tui::screens::{Filtered, Shown};

/// The nouns of which the trash can be shown alone.
pub const NOUNS: [(Entity, &str); 6] = [
    (Entity::Contact, "Contacts"),
    (Entity::Company, "Companies"),
    (Entity::Deal, "Deals"),
    (Entity::Activity, "Activities"),
    (Entity::Product, "Products"),
    (Entity::Field, "Custom fields"),
];

/// What is listed.
#[derive(Debug)]
pub enum Rows {
    /// Records in the trash.
    Trash(Trash),
    /// Steps.
    Steps(Vec<PastAct>),
}

impl Rows {
    fn len(&self) -> usize {
        match self {
            Self::Trash(trash) => trash.records.len(),
            Self::Steps(acts) => acts.len(),
        }
    }
}

/// What is on its way to the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Going {
    Record(RecordId),
    Step(StepId),
}

/// One of the two lists.
#[derive(Debug, Default)]
pub struct PastScreen {
    /// Whether it is the trash; else it lists steps.
    pub is_trash: bool,
    /// What is listed; `None` before the first answer.
    pub rows: Option<Rows>,
    /// Why there is no newer answer.
    pub fault: Option<String>,
    /// The words that rows must have.
    pub search: Option<Filtered>,
    /// Whether more is shown: of the trash also what is older, of the steps everybody's.
    pub all: bool,
    /// The only noun of the trash that is shown.
    pub noun: Option<Entity>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row in sight.
    pub top: usize,
    /// What is marked in the trash.
    pub marks: BTreeSet<RecordId>,
    /// The screen that Esc goes back to.
    pub back: Shown,
    pub(super) ahead: Vec<(Ticket, Going)>,
}

impl PastScreen {
    /// The trash.
    #[must_use]
    pub fn trash() -> Self {
        Self {
            is_trash: true,
            ..Self::default()
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.as_ref().map_or(0, Rows::len)
    }

    /// Whether nothing is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records of the trash.
    #[must_use]
    pub fn trashed(&self) -> &[Trashed] {
        match &self.rows {
            Some(Rows::Trash(trash)) => &trash.records,
            _ => &[],
        }
    }

    /// The steps.
    #[must_use]
    pub fn acts(&self) -> &[PastAct] {
        match &self.rows {
            Some(Rows::Steps(acts)) => acts,
            _ => &[],
        }
    }

    /// The step under the cursor.
    #[must_use]
    pub fn act(&self) -> Option<&PastAct> {
        self.acts().get(self.cursor)
    }

    /// The records that are to be taken out: those that are marked, else the one under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Vec<&Trashed> {
        let all = self.trashed();
        if self.marks.is_empty() {
            return all.get(self.cursor).into_iter().collect();
        }
        let marked = |record: &&Trashed| self.marks.contains(&record.id);
        all.iter().filter(marked).collect()
    }

    /// Takes what was read. The cursor stays on its row; marks of what is no longer listed go.
    pub fn take_rows(&mut self, rows: Rows, shown: usize) {
        let record = self.trashed().get(self.cursor).map(|record| record.id);
        let step = self.act().map(|act| act.group);
        self.rows = Some(rows);
        self.fault = None;
        let same = match (record, step) {
            (Some(id), _) => self.trashed().iter().position(|known| known.id == id),
            (_, Some(group)) => self.acts().iter().position(|act| act.group == group),
            _ => None,
        };
        self.cursor = same.unwrap_or(self.cursor);
        let there: BTreeSet<RecordId> = self.trashed().iter().map(|record| record.id).collect();
        self.marks.retain(|id| there.contains(id));
        self.keep_in_sight(shown);
    }

    /// Moves the cursor.
    pub fn go_in(&mut self, motion: Motion, shown: usize) {
        let page = shown.saturating_sub(1).max(1);
        self.cursor = motion.moved(self.cursor, page, shown.div_ceil(2));
        self.keep_in_sight(shown);
    }

    pub(super) fn keep_in_sight(&mut self, shown: usize) {
        let last = self.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        let lowest = (self.cursor + 1).saturating_sub(shown.max(1));
        self.top = self
            .top
            .clamp(lowest, self.cursor)
            .min((last + 1).saturating_sub(shown.max(1)));
    }

    /// Something else is listed: the cursor begins on top.
    pub(super) fn look_elsewhere(&mut self) {
        self.marks.clear();
        (self.cursor, self.top) = (0, 0);
    }

    pub(super) fn is_going(&self, what: Going) -> bool {
        self.ahead.iter().any(|(_, going)| *going == what)
    }
}
