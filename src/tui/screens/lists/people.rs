//! The lists of people: all contacts, and those that are leads.

use crate::domain::history::ListRow;
use crate::domain::lead::{DROPPED, OPEN_STATES, Waiting};
use crate::domain::nouns::{Entity, Set, contact};
use crate::domain::records::{Company, Rep};
use crate::domain::text::initials;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::views;
use crate::tui::screens::worn::built_in;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::width;
use crate::tui::words;

use super::face::{ALL_LEADS, Cell, Face, Preview, column, known, part, sort};
use super::preview::TAB;

/// All contacts.
pub static CONTACTS: Face = Face {
    entity: Entity::Contact,
    title: "Contacts",
    singular: "contact",
    reading: "Reading the contacts",
    still_reading: "The contacts are still being read",
    empty: "No contacts here. a adds one; `clinch import FILE` brings yours.",
    no_match: "No contact fits the filter. Esc takes it away, / changes it.",
    not_shown: "The new contact is not shown: Esc takes the filter away",
    no_turn: "The next and the previous contact are there on a contact: Enter opens it",
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
    narrow: [&[0, 1], &[4, 2, 3]],
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
    preview: Preview {
        lately: views::CONTACT_LATELY,
        // The list has a title, tags and a next step to show.
        from: 120,
        lines: told_of_person,
    },
};

/// The contacts that have a lead state.
pub static LEADS: Face = Face {
    entity: Entity::Contact,
    title: "Leads",
    singular: "lead",
    reading: "Reading the leads",
    still_reading: "The leads are still being read",
    empty: "No leads here. a adds one; `clinch import FILE` brings yours; V shows the settled ones.",
    no_match: "No lead fits the filter. Esc takes it away, / changes it, V shows the settled ones.",
    not_shown: "The new lead is not shown: Esc takes the filter away",
    no_turn: "The next and the previous contact are there on a contact: Enter opens it",
    order: views::LEADS,
    rows: views::LEAD_ROWS,
    columns: &[
        column("Name", 15, 4, name),
        column("Company", 10, 4, company),
        column("State", 9, 0, state),
        column("Waits", 8, 0, waits),
        column("Own", 3, 0, owner_initials),
        column("Source", 10, 2, source),
        column("Sc", 2, 0, score),
        column("Next step", 15, 3, next_step),
    ],
    places: &[0, 1, 5, 6, 2, 3, 4],
    narrow: [&[0, 1], &[2, 3, 4, 7]],
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
        part("All", ALL_LEADS, crate::domain::nouns::LEAD_STATES),
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
    preview: Preview {
        lately: views::LEAD_HISTORY,
        from: 100,
        lines: told_of_person,
    },
};

pub(super) fn name(row: &ListRow, _: &Look<'_>) -> Cell {
    (row.record.name(), Role::Title)
}

fn company(row: &ListRow, look: &Look<'_>) -> Cell {
    let company = row.record.link::<Company>(&contact::COMPANY);
    let is_gone = row.record.is_gone(&contact::COMPANY);
    let sign = look.theme.glyphs().trashed;
    let name = company.map(|link| {
        if is_gone {
            format!("{sign} {}", link.name)
        } else {
            link.name
        }
    });
    known(name, Role::Text, look)
}

fn touched(row: &ListRow, look: &Look<'_>) -> Cell {
    let at = row.record.instant(&contact::LAST_TOUCH);
    known(at.map(|at| look.since(at)), Role::Text, look)
}

/// What comes next with a contact, and when.
pub(super) fn next_step(row: &ListRow, look: &Look<'_>) -> Cell {
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

pub(super) fn tags(row: &ListRow, _: &Look<'_>) -> Cell {
    (row.record.set(Set::Tag).join(" "), Role::Dim)
}

fn state(row: &ListRow, look: &Look<'_>) -> Cell {
    let state = row.record.text(&contact::LEAD_STATE);
    known(state.map(str::to_owned), Role::Text, look)
}

/// How long a lead waits for us: what nobody knows is no zero, and who was answered does not wait.
pub(super) fn waits(row: &ListRow, look: &Look<'_>) -> Cell {
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
pub(super) fn source(row: &ListRow, look: &Look<'_>) -> Cell {
    let said = row.record.text(&contact::LEAD_SOURCE).map(str::to_owned);
    let read = || row.record.source.as_ref().map(|(source, _)| source.clone());
    known(said.or_else(read), Role::Text, look)
}

fn score(row: &ListRow, look: &Look<'_>) -> Cell {
    let score = row.record.int(&contact::SCORE);
    known(score.map(|score| score.to_string()), Role::Text, look)
}

/// What is told of a contact, and more where it is a lead; an empty text is a gap.
fn told_of_person(row: &ListRow, look: &Look<'_>) -> Vec<Cell> {
    let record = &row.record;
    let text = |def| record.text(def).map(str::to_owned);
    let dot = format!(" {} ", look.theme.glyphs().dot);
    let gap = || (String::new(), Role::Dim);
    let state = text(&contact::LEAD_STATE).unwrap_or_default();
    let score = record.int(&contact::SCORE);
    let score = score.map_or_else(
        || "no score yet".to_owned(),
        |score| format!("score {score}"),
    );
    let owner = record.link::<Rep>(&contact::OWNER);
    let owner = owner.map_or_else(|| "nobody's".to_owned(), |owner| owner.name);
    let is_lead = !state.is_empty();
    let first = if is_lead {
        [state.clone(), score, owner].join(&dot)
    } else {
        let at = record.instant(&contact::LAST_TOUCH);
        let touched = at.map(|at| format!("touched {}", look.since(at)));
        [Some(owner), touched]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(&dot)
    };
    let mut lines = vec![(first, Role::Title)];
    if let Some(deal) = &row.deal {
        lines.push((format!("converted: deal {}", deal.name), Role::Good));
    }
    if let Some(reason) = text(&contact::DROP_REASON).filter(|_| state == DROPPED) {
        lines.push((format!("dropped: {reason}"), Role::Late));
    }
    lines.push(gap());
    let company = record
        .link::<Company>(&contact::COMPANY)
        .map(|link| words::named(&link.name, record.is_gone(&contact::COMPANY)));
    let place: Vec<String> = [text(&contact::CITY), text(&contact::COUNTRY)]
        .into_iter()
        .flatten()
        .collect();
    let place = Some(place.join(" ")).filter(|place| !place.is_empty());
    let at: Vec<String> = [text(&contact::TITLE), company, place]
        .into_iter()
        .flatten()
        .collect();
    if !at.is_empty() {
        lines.push((at.join(", "), Role::Text));
    }
    for (set, keys) in [(Set::Email, "y e"), (Set::Phone, "y p")] {
        for (place, element) in record.set(set).iter().enumerate() {
            // What copies it stands at the right.
            let hint = if place == 0 {
                format!("{TAB}{keys}")
            } else {
                String::new()
            };
            lines.push((format!("{element}{hint}"), Role::Link));
        }
    }
    let tags = record.set(Set::Tag).join(" ");
    if !tags.is_empty() {
        lines.push((format!("tags: {tags}"), Role::Dim));
    }
    lines.push(gap());
    if is_lead {
        let (from, role) = source(row, look);
        lines.push((format!("source: {from}"), role));
    }
    let (wait, role) = waits(row, look);
    if is_lead && !wait.is_empty() {
        lines.push((format!("waits: {wait}"), role));
    }
    let (next, role) = next_step(row, look);
    if row.next_step.is_some() {
        lines.push((format!("next step: {next}"), role));
    } else {
        lines.push((
            "next step: none; t plans one, c logs a call".to_owned(),
            Role::Dim,
        ));
    }
    if let Some(note) = text(&contact::NOTE) {
        lines.push(gap());
        lines.extend(note.lines().map(|line| (line.to_owned(), Role::Text)));
    }
    lines
}

/// `Ana M.`: enough to tell a colleague.
pub(super) fn short_name(name: &str) -> String {
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
    use crate::domain::filter;

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
            assert_eq!(on(text).as_deref(), Some(ALL_LEADS), "{text}");
        }
        assert_eq!(CONTACTS.condition(0, None), None);
    }
}
