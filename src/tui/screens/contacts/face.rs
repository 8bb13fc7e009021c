//! What one list of contacts has and another has not: which of them it shows, its columns, its orders, its words.

use crate::domain::filter::{self, Expr, Filter, Test, place};
use crate::domain::history::ListRow;
use crate::domain::lead::{OPEN_STATES, Waiting};
use crate::domain::nouns::{Entity, Set, contact};
use crate::domain::records::{Company, Rep};
use crate::domain::text::initials;
use crate::store::handle::View;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::views;
use crate::tui::screens::worn::{BuiltIn, built_in};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::width;

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

/// One list of contacts.
#[derive(Debug)]
pub struct Face {
    /// The noun that it lists.
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
    /// The place of its order among the views of the store.
    pub order: View,
    /// The place of its rows.
    pub rows: View,
    /// Its columns; the last ones give way first.
    pub columns: &'static [Column],
    /// The order of the columns on the screen.
    pub places: &'static [usize],
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
    /// Whether a panel beside it tells more of the one under the cursor.
    pub preview: bool,
}

/// All contacts.
pub static CONTACTS: Face = Face {
    entity: Entity::Contact,
    title: "Contacts",
    singular: "contact",
    reading: "Reading the contacts …",
    still_reading: "The contacts are still being read",
    empty: "No contacts here. a adds one; `clinch import FILE` brings yours.",
    no_match: "No contact fits the filter. Esc takes it away, / changes it.",
    not_shown: "The new contact is not shown: Esc takes the filter away",
    order: views::ORDER,
    rows: views::ROWS,
    columns: &[
        column("Name", 20, 4, name),
        column("Company", 15, 4, company),
        column("Touched", 9, 0, touched),
        column("Next step", 15, 3, next_step),
        column("Owner", 9, 1, owner),
        column("Title", 13, 3, title),
        column("Tags", 10, 2, tags),
    ],
    places: &[0, 1, 5, 4, 2, 3, 6],
    sorts: &[
        sort("Name", "name", false, ""),
        sort("Company", "company", false, ""),
        sort("Title", "title", false, ""),
        sort("Owner", "owner", false, ""),
        sort("Last touch", "last_touch", true, "newest first"),
        sort("Next step", "next_step", false, ""),
        sort("Added", "id", true, "newest first"),
    ],
    parts: &[],
    screen: "contacts",
    views: &[
        built_in("All", ""),
        built_in("Mine", "owner:me"),
        built_in("Unassigned", "no:owner"),
        built_in("No next step", "no:next_step"),
        built_in("Quiet for 60 days", "touched>60d"),
    ],
    hints: &[
        ("owner:me", "mine"),
        ("touched>60d", "quiet"),
        ("no:next_step", "nothing planned"),
        ("tag:vip", "tagged"),
    ],
    adds: FormOf::NewContact,
    preview: false,
};

/// The contacts that have a lead state.
pub static LEADS: Face = Face {
    entity: Entity::Contact,
    title: "Leads",
    singular: "lead",
    reading: "Reading the leads …",
    still_reading: "The leads are still being read",
    empty: "No leads here. a adds one; `clinch import FILE` brings yours; V shows the settled ones.",
    no_match: "No lead fits the filter. Esc takes it away, / changes it, V shows the settled ones.",
    not_shown: "The new lead is not shown: Esc takes the filter away",
    order: views::LEADS,
    rows: views::LEAD_ROWS,
    columns: &[
        column("Name", 13, 4, name),
        column("Company", 11, 4, company),
        column("State", 9, 0, state),
        column("Waits", 8, 0, waits),
        column("Own", 3, 0, owner_initials),
        column("Source", 8, 2, source),
        column("Sc", 2, 0, score),
    ],
    places: &[0, 1, 5, 6, 2, 3, 4],
    sorts: &[
        sort("Waits", "waits", false, "longest first"),
        sort("Score", "score", true, "highest first"),
        sort("Name", "name", false, ""),
        sort("Company", "company", false, ""),
        sort("Source", "lead_source", false, ""),
        sort("State", "lead_state", false, ""),
        sort("Owner", "owner", false, ""),
        sort("Last touch", "last_touch", true, "newest first"),
        sort("Added", "id", true, "newest first"),
    ],
    parts: &[
        part("Open", "state:new,working,nurturing", &OPEN_STATES),
        part("New", "state:new", &["new"]),
        part("Working", "state:working", &["working"]),
        part("Nurturing", "state:nurturing", &["nurturing"]),
        part("Qualified", "state:qualified", &["qualified"]),
        part("Dropped", "state:dropped", &["dropped"]),
        part("All", ALL, crate::domain::nouns::LEAD_STATES),
    ],
    screen: "leads",
    views: &[
        built_in("Mine", "owner:me"),
        built_in("Unassigned", "no:owner"),
        built_in("No next step", "no:next_step"),
        built_in("Waiting for a day", "waits>1d"),
    ],
    hints: &[
        ("owner:me", "mine"),
        ("waits>1h", "waiting"),
        ("no:owner", "nobody's"),
        ("state:dropped", "given up"),
    ],
    adds: FormOf::NewLead,
    preview: true,
};

/// The condition of every lead.
const ALL: &str = "has:state";

const fn column(
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
    }
}

const fn sort(
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

const fn part(name: &'static str, filter: &'static str, states: &'static [&'static str]) -> Part {
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
        let text = if says_state { ALL } else { part.filter };
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

fn known(text: Option<String>, role: Role, look: &Look<'_>) -> Cell {
    let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
    text.map_or_else(unknown, |text| (text, role))
}

fn name(row: &ListRow, _: &Look<'_>) -> Cell {
    (row.record.name(), Role::Title)
}

fn company(row: &ListRow, look: &Look<'_>) -> Cell {
    let company = row.record.link::<Company>(&contact::COMPANY);
    known(company.map(|link| link.name), Role::Text, look)
}

fn touched(row: &ListRow, look: &Look<'_>) -> Cell {
    let at = row.record.instant(&contact::LAST_TOUCH);
    known(at.map(|at| look.since(at)), Role::Text, look)
}

/// What comes next with a contact, and when.
pub fn next_step(row: &ListRow, look: &Look<'_>) -> Cell {
    let Some(step) = &row.next_step else {
        return known(None, Role::Text, look);
    };
    let what = step.subject.clone().unwrap_or_else(|| step.kind.clone());
    match look.due(step.due_at, step.due_date) {
        Some((due, true)) => (format!("{due} {what}"), Role::Late),
        Some((due, false)) => (format!("{due} {what}"), Role::Text),
        None => (what, Role::Text),
    }
}

fn owner(row: &ListRow, look: &Look<'_>) -> Cell {
    let owner = row.record.link::<Rep>(&contact::OWNER);
    known(owner.map(|link| short_name(&link.name)), Role::Text, look)
}

fn owner_initials(row: &ListRow, look: &Look<'_>) -> Cell {
    let owner = row.record.link::<Rep>(&contact::OWNER);
    known(owner.map(|link| initials(&link.name)), Role::Text, look)
}

fn title(row: &ListRow, look: &Look<'_>) -> Cell {
    let title = row.record.text(&contact::TITLE);
    known(title.map(str::to_owned), Role::Text, look)
}

fn tags(row: &ListRow, _: &Look<'_>) -> Cell {
    (row.record.set(Set::Tag).join(" "), Role::Dim)
}

fn state(row: &ListRow, look: &Look<'_>) -> Cell {
    let state = row.record.text(&contact::LEAD_STATE);
    known(state.map(str::to_owned), Role::Text, look)
}

/// How long a lead waits for us: what nobody knows is no zero, and who was answered does not wait.
pub fn waits(row: &ListRow, look: &Look<'_>) -> Cell {
    let state = row.record.text(&contact::LEAD_STATE);
    let is_open = state.is_some_and(|state| OPEN_STATES.contains(&state));
    match row.waiting {
        Waiting::Since(at) => look.wait(at),
        Waiting::Unknown => known(None, Role::Dim, look),
        Waiting::No if is_open => ("answered".to_owned(), Role::Dim),
        Waiting::No => (String::new(), Role::Dim),
    }
}

/// Where a lead came from: what was said of it, else the system that it was read from.
pub fn source(row: &ListRow, look: &Look<'_>) -> Cell {
    let said = row.record.text(&contact::LEAD_SOURCE).map(str::to_owned);
    let read = || row.record.source.as_ref().map(|(source, _)| source.clone());
    known(said.or_else(read), Role::Text, look)
}

fn score(row: &ListRow, look: &Look<'_>) -> Cell {
    let score = row.record.int(&contact::SCORE);
    known(score.map(|score| score.to_string()), Role::Text, look)
}

/// `Ana M.`: enough to tell a colleague.
fn short_name(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    match words.next_back().and_then(|last| last.chars().next()) {
        Some(letter) if width(name) > 9 => format!("{first} {letter}."),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_a_filter_and_gives_way_to_a_filter_on_the_state() {
        for (place, part) in LEADS.parts.iter().enumerate() {
            let condition = LEADS.condition(place, None);
            assert_eq!(condition, filter::parse(part.filter).ok(), "{}", part.name);
            assert!(condition.is_some(), "{}", part.name);
        }
        let on = |text: &str| {
            let typed = filter::parse(text).unwrap();
            LEADS
                .condition(0, Some(&typed))
                .map(|filter| filter.to_string())
        };
        assert_eq!(
            on("owner:me").as_deref(),
            Some("state:new,working,nurturing")
        );
        for text in ["state:dropped", "-lead_state:new", "(marta or no:state)"] {
            assert_eq!(on(text).as_deref(), Some(ALL), "{text}");
        }
        assert_eq!(CONTACTS.condition(0, None), None);
    }
}
