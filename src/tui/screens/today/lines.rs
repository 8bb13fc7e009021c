//! The lines of Today's panels.

use crate::domain::records::Link;
use crate::domain::today::{Bucket, Other, Rotting, Step, Waiting};
use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{left, right, width};

/// A piece of a line and how it looks.
pub type Piece = (String, Role);

/// A column: how wide, and what stands in it.
struct Cell {
    wide: usize,
    text: String,
    role: Role,
    /// Whether it stands at the right of its column.
    right: bool,
}

const fn cell(wide: usize, text: String, role: Role) -> Cell {
    Cell {
        wide,
        text,
        role,
        right: false,
    }
}

const fn at_right(wide: usize, text: String, role: Role) -> Cell {
    Cell {
        wide,
        text,
        role,
        right: true,
    }
}

/// Cells side by side, each cut to its width.
fn row(cells: Vec<Cell>, look: &Look<'_>) -> Vec<Piece> {
    let ellipsis = look.theme.glyphs().ellipsis;
    let piece = |cell: Cell| {
        let text = if cell.right {
            right(&cell.text, cell.wide, ellipsis)
        } else {
            left(&cell.text, cell.wide, ellipsis)
        };
        (format!("{text} "), cell.role)
    };
    let seen = |cell: &Cell| cell.wide > 0;
    cells.into_iter().filter(seen).map(piece).collect()
}

fn name<T>(link: Option<&Link<T>>) -> Option<String> {
    link.map(|link| link.name.clone())
}

/// The word for a kind of activity, of four letters where one is known.
pub fn kind(kind: &str) -> String {
    match kind {
        "meeting" => "Meet".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        }
    }
}

/// Where in its bucket a step stands: the hour, or the day where that is not the bucket's.
fn when(step: &Step, look: &Look<'_>) -> String {
    let day = step.due.day(look.zone);
    let of_day = || {
        let at = step.due.at.map(|at| at.local(look.zone));
        at.map_or_else(String::new, |at| at.format("%H:%M").to_string())
    };
    match step.bucket {
        Bucket::Today | Bucket::Tomorrow => of_day(),
        Bucket::Overdue if day == Some(look.today()) => of_day(),
        Bucket::Overdue | Bucket::Week => {
            day.map_or_else(String::new, |day| day.format("%a %d").to_string())
        }
        Bucket::Later => day.map_or_else(String::new, |day| day.format("%d %b").to_string()),
        Bucket::Undated => String::new(),
    }
}

/// A planned activity: when, what, who, about, due; where there is room also the deal or company, the amount and, of everybody's,
/// who does it.
pub fn step(step: &Step, wide: usize, everybody: bool, look: &Look<'_>) -> Vec<Piece> {
    let unknown = look.theme.glyphs().unknown;
    let (due, late) = look
        .due(step.due.at, step.due.date)
        .unwrap_or((unknown.to_owned(), false));
    let deal = step.deal.as_ref();
    let contact = step.contact.as_ref().map(|person| person.link.name.clone());
    let company = name(step.company.as_ref());
    let about = step
        .subject
        .clone()
        .or_else(|| deal.map(|deal| deal.link.name.clone()));
    let has_where = wide >= 76;
    let has_by = everybody && wide >= 60;
    let fixed = 7 + 5 + 10 + if has_by { 11 } else { 0 } + if has_where { 9 } else { 0 };
    let rest = wide.saturating_sub(fixed);
    let (who, told, at) = if has_where {
        (rest / 4, rest / 2, rest - rest / 4 - rest / 2)
    } else if rest >= 24 {
        (rest * 2 / 5, rest - rest * 2 / 5, 0)
    } else {
        (0, rest, 0)
    };
    let amount = deal.and_then(|deal| deal.amount);
    let mut cells = vec![
        cell(6, when(step, look), Role::Dim),
        cell(4, kind(&step.kind), Role::Text),
        cell(
            who.saturating_sub(1),
            contact
                .or(company.clone())
                .unwrap_or_else(|| unknown.to_owned()),
            Role::Title,
        ),
        cell(
            told.saturating_sub(1),
            about.unwrap_or_else(|| unknown.to_owned()),
            Role::Text,
        ),
    ];
    if has_where {
        let place = deal.map(|deal| deal.link.name.clone()).or(company);
        cells.push(cell(
            at.saturating_sub(1),
            place.unwrap_or_default(),
            Role::Text,
        ));
        let amount = amount.map_or_else(String::new, |amount| look.money(amount));
        cells.push(at_right(8, amount, Role::Money));
    }
    if has_by {
        let by = name(step.performer.as_ref()).unwrap_or_else(|| unknown.to_owned());
        cells.push(cell(10, by, Role::Dim));
    }
    let role = if late { Role::Late } else { Role::Text };
    cells.push(at_right(9, due, role));
    row(cells, look)
}

/// How pressing it is that a deal is quiet.
pub fn rot(deal: &Rotting, look: &Look<'_>) -> (&'static str, Role) {
    let glyphs = look.theme.glyphs();
    match (deal.planned, deal.is_urgent()) {
        (true, _) => (glyphs.fresh, Role::Dim),
        (false, true) => (glyphs.late, Role::Late),
        (false, false) => (glyphs.soon, Role::Soon),
    }
}

/// A deal gone quiet: its sign, what, stage, how long against the limit.
pub fn rotting(deal: &Rotting, wide: usize, look: &Look<'_>) -> Vec<Piece> {
    let glyphs = look.theme.glyphs();
    let (sign, role) = rot(deal, look);
    let has_amount = wide >= 50;
    let rest = wide.saturating_sub(2 + 9 + if has_amount { 9 } else { 0 });
    let title = match &deal.company {
        Some(company) if rest >= 40 => {
            format!("{} {} {}", company.name, glyphs.dot, deal.deal.link.name)
        }
        _ => deal.deal.link.name.clone(),
    };
    let stage = rest / 3;
    let amount = deal.deal.amount;
    let amount = amount.map_or_else(|| glyphs.unknown.to_owned(), |amount| look.money(amount));
    row(
        vec![
            cell(1, sign.to_owned(), role),
            cell((rest - stage).saturating_sub(1), title, Role::Title),
            cell(
                stage.saturating_sub(1),
                deal.deal.stage.name.clone(),
                Role::Text,
            ),
            at_right(if has_amount { 8 } else { 0 }, amount, Role::Money),
            at_right(8, format!("{}d /{}", deal.quiet, deal.limit), role),
        ],
        look,
    )
}

/// A lead without an answer: since when, who, from where.
pub fn waiting(lead: &Waiting, wide: usize, look: &Look<'_>) -> Vec<Piece> {
    let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
    let (waits, role) = lead.since.map_or_else(unknown, |since| look.wait(since));
    let rest = wide.saturating_sub(8);
    let who = rest * 3 / 5;
    let from = name(lead.company.as_ref()).or_else(|| lead.source.clone());
    row(
        vec![
            at_right(7, waits, role),
            cell(
                who.saturating_sub(1),
                lead.contact.link.name.clone(),
                Role::Title,
            ),
            cell(
                (rest - who).saturating_sub(1),
                from.unwrap_or_default(),
                Role::Dim,
            ),
        ],
        look,
    )
}

/// When somebody else did something: the hour of today, the day of others.
pub fn when_done(other: &Other, look: &Look<'_>) -> String {
    let day = other.at.date(look.zone);
    if day == look.today() {
        other.at.local(look.zone).format("%H:%M").to_string()
    } else {
        look.date(day)
    }
}

/// What somebody else did: when, who, what.
pub fn other(other: &Other, wide: usize, look: &Look<'_>) -> Vec<Piece> {
    let by = other.by.as_deref().unwrap_or("somebody");
    let when = when_done(other, look);
    let by_wide = if wide >= 50 { 14 } else { 9 };
    // Where the whole name has no room, colleagues go by their first one.
    let by = if width(by) > by_wide {
        by.split_whitespace().next().unwrap_or(by)
    } else {
        by
    };
    row(
        vec![
            cell(9, when, Role::Dim),
            cell(by_wide, by.to_owned(), Role::ByOthers),
            cell(
                wide.saturating_sub(9 + by_wide + 3),
                other.label.clone(),
                Role::Text,
            ),
        ],
        look,
    )
}
