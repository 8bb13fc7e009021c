//! What one list has and another has not: which records it shows, its columns, its orders, its words.

use crate::domain::filter::{self, Expr, Filter, Test, place};
use crate::domain::history::ListRow;
use crate::domain::nouns::{Entity, contact};
use crate::store::handle::View;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::worn::BuiltIn;
use crate::tui::theme::Role;

use super::people::CONTACTS;

/// What stands in a cell, and its style.
pub type Cell = (String, Role);

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// The least width.
    pub least: u16,
    /// Its share of what is left over.
    pub share: u16,
    /// What it says of a row.
    pub cell: fn(&ListRow, &Look<'_>) -> Cell,
    /// Whether it is a figure: those stand at the right of their column.
    pub figure: bool,
}

/// The panel beside a list, which tells more of the record under the cursor.
#[derive(Debug)]
pub struct Preview {
    /// The place of what happened lately among the views of the store.
    pub lately: View,
    /// From so many columns of the screen on there is room for it.
    pub from: u16,
    /// What is told; an empty text is a gap.
    pub lines: fn(&ListRow, &Look<'_>) -> Vec<Cell>,
}

/// An order that a list can be in.
#[derive(Debug)]
pub struct Sort {
    /// What people call it.
    pub name: &'static str,
    /// The field.
    pub field: &'static str,
    /// Whether the greatest come first.
    pub descending: bool,
    /// What is told of it, where its name does not say it.
    pub detail: &'static str,
}

/// A part of the list that can be shown alone.
#[derive(Debug)]
pub struct Part {
    /// What people call it.
    pub name: &'static str,
    /// The condition, in the language of the bar.
    pub filter: &'static str,
    /// The lead states that it has.
    pub states: &'static [&'static str],
}

/// One list of records.
#[derive(Debug)]
pub struct Face {
    /// The noun of its records.
    pub entity: Entity,
    /// What it is called.
    pub title: &'static str,
    /// One of its records.
    pub singular: &'static str,
    /// Said until it is read.
    pub reading: &'static str,
    /// Why nothing can be done until it is read.
    pub still_reading: &'static str,
    /// Said where it is empty.
    pub empty: &'static str,
    /// Said where nothing fits the filter.
    pub no_match: &'static str,
    /// Said of a new record that does not fit the filter.
    pub not_shown: &'static str,
    /// Why there is no next or previous of its kind here.
    pub no_turn: &'static str,
    /// The place of its order among the views of the store.
    pub order: View,
    /// The place of its rows.
    pub rows: View,
    /// Its columns; the last ones give way first.
    pub columns: &'static [Column],
    /// The order of the columns on the screen.
    pub places: &'static [usize],
    /// The columns of the first and of the second line, where a row takes two.
    pub narrow: [&'static [usize]; 2],
    /// Its orders; the first is the one that it begins with.
    pub sorts: &'static [Sort],
    /// Its parts; the first is the one that it begins with.
    pub parts: &'static [Part],
    /// Its name among the screens that have views.
    pub screen: &'static str,
    /// The views that it is born with.
    pub views: &'static [BuiltIn],
    /// What can be typed into the bar.
    pub hints: &'static [(&'static str, &'static str)],
    /// The form that adds one.
    pub adds: FormOf,
    /// The panel beside it.
    pub preview: Preview,
}

/// The condition of every lead.
pub(super) const ALL_LEADS: &str = "has:state";

pub(super) const fn column(
    name: &'static str,
    least: u16,
    share: u16,
    cell: fn(&ListRow, &Look<'_>) -> Cell,
) -> Column {
    Column {
        name,
        least,
        share,
        cell,
        figure: false,
    }
}

/// A column of figures.
pub(super) const fn figures(
    name: &'static str,
    least: u16,
    cell: fn(&ListRow, &Look<'_>) -> Cell,
) -> Column {
    Column {
        name,
        least,
        share: 0,
        cell,
        figure: true,
    }
}

pub(super) const fn sort(
    name: &'static str,
    field: &'static str,
    descending: bool,
    detail: &'static str,
) -> Sort {
    Sort {
        name,
        field,
        descending,
        detail,
    }
}

pub(super) const fn part(
    name: &'static str,
    filter: &'static str,
    states: &'static [&'static str],
) -> Part {
    Part {
        name,
        filter,
        states,
    }
}

impl Default for &'static Face {
    fn default() -> Self {
        &CONTACTS
    }
}

impl Face {
    /// The part of the list that is asked for: the one that is shown, or all where the filter itself asks about the state.
    #[must_use]
    pub fn condition(&self, part: usize, typed: Option<&Filter>) -> Option<Filter> {
        let part = self.parts.get(part)?;
        let says_state = typed.and_then(Filter::root).is_some_and(asks_state);
        let text = if says_state { ALL_LEADS } else { part.filter };
        filter::parse(text).ok()
    }
}

/// Whether a part of a filter asks about the lead state.
fn asks_state(part: &Expr) -> bool {
    let is_state = |name: &str| {
        place(Entity::Contact, name) == Some(filter::Place::Column(&contact::LEAD_STATE))
    };
    match part {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(asks_state),
        Expr::Not(part) => asks_state(part),
        Expr::Term(term) => match &term.test {
            Test::Field { name, .. } | Test::Has(name) | Test::No(name) => is_state(name),
            Test::Word(_) | Test::Is { .. } => false,
        },
    }
}

/// A cell that may be unknown.
pub(super) fn known(text: Option<String>, role: Role, look: &Look<'_>) -> Cell {
    let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
    text.map_or_else(unknown, |text| (text, role))
}
