//! The list of companies.

use crate::domain::history::{ListRow, Tally};
use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, Set, company};
use crate::domain::records::{Company, Rep};
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::board::head::left_out;
use crate::tui::screens::views;
use crate::tui::screens::worn::built_in;
use crate::tui::theme::Role;
use crate::tui::words;

use super::face::{Cell, Face, Preview, column, figures, known, sort};
use super::people::{name, next_step, short_name, tags};

/// All companies.
pub static COMPANIES: Face = Face {
    entity: Entity::Company,
    title: "Companies",
    singular: "company",
    reading: "Reading the companies",
    still_reading: "The companies are still being read",
    empty: "No companies here. a adds one; `clinch import FILE` brings yours.",
    no_match: "No company fits the filter. Esc takes it away, / changes it.",
    not_shown: "The new company is not shown: Esc takes the filter away",
    no_turn: "The next and the previous company are there on a company: Enter opens it",
    order: views::COMPANY_ORDER,
    rows: views::COMPANY_ROWS,
    columns: &[
        column("Name", 16, 5, name),
        figures("People", 6, people),
        figures("Open", 4, open),
        figures("Value", 9, value),
        column("Touched", 9, 0, touched),
        column("City", 9, 2, city),
        column("Owner", 8, 1, owner),
        column("Industry", 10, 2, industry),
        column("Tags", 10, 2, tags),
        column("Next step", 15, 3, next_step),
    ],
    places: &[0, 5, 7, 1, 2, 3, 6, 4, 9, 8],
    narrow: [&[0, 5], &[6, 3, 9]],
    sorts: &[
        sort("Name", "name", false, ""),
        sort("Open value", "value", true, "greatest first"),
        sort("Open deals", "deals", true, "most first"),
        sort("People", "people", true, "most first"),
        sort("Last touch", "last_touch", true, "newest first"),
        sort("Next step", "next_step", false, ""),
        sort("City", "city", false, ""),
        sort("Industry", "industry", false, ""),
        sort("Owner", "owner", false, ""),
        sort("Added", "id", true, "newest first"),
    ],
    parts: &[],
    screen: "companies",
    views: &[
        built_in("All", ""),
        built_in("Mine", "owner:me"),
        built_in("Unassigned", "no:owner"),
        built_in("No next step", "no:next_step"),
    ],
    hints: &[
        ("owner:me", "mine"),
        ("industry:tech", "of a trade"),
        ("no:next_step", "nothing planned"),
        ("tag:key", "tagged"),
    ],
    adds: FormOf::NewCompany,
    preview: Preview {
        lately: views::COMPANY_LATELY,
        from: 100,
        lines: told,
    },
};

fn people(row: &ListRow, look: &Look<'_>) -> Cell {
    let people = row.firm.map(|firm| grouped(firm.people));
    known(people, Role::Text, look)
}

fn open(row: &ListRow, look: &Look<'_>) -> Cell {
    let open = row.firm.map(|firm| grouped(firm.open.count));
    known(open, Role::Text, look)
}

/// What the open deals come to; nothing where there are none.
fn value(row: &ListRow, look: &Look<'_>) -> Cell {
    match row.firm {
        Some(firm) if firm.open.count == 0 => (String::new(), Role::Dim),
        Some(firm) => (look.sum(firm.open.sum), Role::Text),
        None => known(None, Role::Text, look),
    }
}

fn touched(row: &ListRow, look: &Look<'_>) -> Cell {
    let at = row.firm.and_then(|firm| firm.last_touch);
    known(at.map(|at| look.since(at)), Role::Text, look)
}

fn city(row: &ListRow, look: &Look<'_>) -> Cell {
    let city = row.record.text(&company::CITY);
    known(city.map(str::to_owned), Role::Text, look)
}

fn industry(row: &ListRow, look: &Look<'_>) -> Cell {
    let industry = row.record.text(&company::INDUSTRY);
    known(industry.map(str::to_owned), Role::Text, look)
}

fn owner(row: &ListRow, look: &Look<'_>) -> Cell {
    let owner = row.record.link::<Rep>(&company::OWNER);
    known(owner.map(|link| short_name(&link.name)), Role::Text, look)
}

/// `3 open · 45.0k · 1 no amount`.
fn tallied(tally: Tally, what: &str, look: &Look<'_>) -> String {
    let mut parts = vec![format!("{} {what}", grouped(tally.count))];
    if tally.count > 0 {
        parts.push(look.known_sum(tally.sum));
        parts.extend(left_out(tally.sum));
    }
    parts.join(&format!(" {} ", look.theme.glyphs().dot))
}

/// What is told of a company; an empty text is a gap.
fn told(row: &ListRow, look: &Look<'_>) -> Vec<Cell> {
    let record = &row.record;
    let text = |def| record.text(def).map(str::to_owned);
    let gap = || (String::new(), Role::Dim);
    let dot = format!(" {} ", look.theme.glyphs().dot);
    let owner = record.link::<Rep>(&company::OWNER);
    let owner = owner.map_or_else(|| "nobody's".to_owned(), |owner| owner.name);
    let first = [text(&company::INDUSTRY), Some(owner)];
    let first: Vec<String> = first.into_iter().flatten().collect();
    let mut lines = vec![(first.join(&dot), Role::Title)];
    if let Some(parent) = record.link::<Company>(&company::PARENT) {
        lines.push((
            format!(
                "belongs to {}",
                words::named(&parent.name, record.is_gone(&company::PARENT))
            ),
            Role::Text,
        ));
    }
    lines.push(gap());
    let place = [
        text(&company::ADDRESS),
        text(&company::CITY),
        text(&company::COUNTRY),
    ];
    let place: Vec<String> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        lines.push((place.join(", ").replace('\n', ", "), Role::Text));
    }
    for domain in record.set(Set::Domain) {
        lines.push((domain.clone(), Role::Link));
    }
    if let Some(phone) = text(&company::PHONE) {
        lines.push((phone, Role::Link));
    }
    let tags = record.set(Set::Tag).join(" ");
    if !tags.is_empty() {
        lines.push((format!("tags: {tags}"), Role::Dim));
    }
    if let Some(firm) = row.firm {
        lines.push(gap());
        let people = match firm.people {
            1 => "1 person".to_owned(),
            many => format!("{} people", grouped(many)),
        };
        lines.push((people, Role::Text));
        for (tally, what, role) in [
            (firm.open, "open", Role::Text),
            (firm.won, "won", Role::Good),
            (firm.lost, "lost", Role::Dim),
        ] {
            if tally.count > 0 {
                lines.push((tallied(tally, what, look), role));
            }
        }
        if firm.open.count + firm.won.count + firm.lost.count == 0 {
            lines.push(("no deals yet".to_owned(), Role::Dim));
        }
    }
    if row.next_step.is_some() {
        let (next, role) = next_step(row, look);
        lines.push((format!("next step: {next}"), role));
    } else {
        let none = "next step: none; t plans one, c logs a call";
        lines.push((none.to_owned(), Role::Dim));
    }
    if let Some(note) = text(&company::NOTE) {
        lines.push(gap());
        lines.extend(note.lines().map(|line| (line.to_owned(), Role::Text)));
    }
    lines
}
