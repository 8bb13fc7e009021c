//! The picture of the trash and of the list of steps.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::command::Origin;
use crate::domain::money::grouped;
use crate::domain::past::{PastAct, Trashed};
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::paint::{
    Placed, SIGNS, Sign, older, panel, row_under_cursor, sentence, signs, unread,
};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, left, paint};

use super::state::{Going, NOUNS, PastScreen, Rows};

/// Below the head, the frame, the names of the columns.
const ROWS: Placed = Placed { above: 3, tall: 1 };

/// A column: its name, its least width, its share of what is left over.
type Column = (&'static str, u16, u16);

/// The columns of the trash and of the steps; the last ones give way first.
const TRASH: [Column; 5] = [
    ("When", 13, 0),
    ("Name", 16, 3),
    ("What", 9, 0),
    ("Who", 12, 1),
    ("Step", 20, 4),
];
const STEPS: [Column; 5] = [
    ("When", 13, 0),
    ("What was done", 20, 5),
    ("Records", 7, 0),
    ("State", 8, 0),
    ("Who", 12, 1),
];

/// How many rows an area shows.
#[must_use]
pub fn rows(area: Rect) -> usize {
    ROWS.count(area)
}

/// The row at a cell, counted from the first in sight.
#[must_use]
pub fn row_at(x: u16, y: u16, area: Rect) -> Option<usize> {
    ROWS.at(x, y, area)
}

/// The widths of the columns that fit.
fn widths(all: &[Column], wide: u16) -> Vec<u16> {
    let room = wide.saturating_sub(SIGNS);
    let wanted = |count: usize| -> u16 { all[..count].iter().map(|(_, least, _)| least + 1).sum() };
    let mut fit = all.len();
    while fit > 1 && wanted(fit) > room {
        fit -= 1;
    }
    let over = room.saturating_sub(wanted(fit));
    let shares: u16 = all[..fit].iter().map(|(.., share)| share).sum();
    let wide = |(_, least, share): &Column| least + over * share / shares.max(1);
    all[..fit].iter().map(wide).collect()
}

/// Draws the list; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &PastScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let title = if screen.is_trash { "Trash" } else { "Steps" };
    let Some(rows) = &screen.rows else {
        let reading = if screen.is_trash {
            "Reading the trash"
        } else {
            "Reading the steps"
        };
        unread(
            buffer,
            area,
            (title, reading, screen.fault.as_deref()),
            scene,
        );
        return None;
    };
    head(buffer, Rect { height: 1, ..area }, screen, title, look);
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let aside = match screen.len() {
        0 => String::new(),
        all => format!(
            "{} of {}",
            grouped(screen.cursor as u64 + 1),
            grouped(all as u64)
        ),
    };
    let inner = panel(buffer, below, (title, &aside), true, look);
    if screen.is_empty() {
        sentence(buffer, inner, look, empty(screen), Role::Text);
        return None;
    }
    let all = if screen.is_trash { &TRASH } else { &STEPS };
    let widths = widths(all, inner.width);
    let mut x = inner.x + SIGNS;
    for ((name, ..), wide) in all.iter().zip(&widths) {
        let text = left(name, usize::from(*wide), look.theme.glyphs().ellipsis);
        paint(
            buffer,
            inner,
            x,
            inner.y,
            &text,
            look.theme.style(Role::Dim),
        );
        x += wide + 1;
    }
    for (y, place) in (inner.y + 1..inner.bottom()).zip(screen.top..screen.len()) {
        let cells = match rows {
            Rows::Trash(trash) => trash.records.get(place).map(|record| trashed(record, look)),
            Rows::Steps(acts) => acts.get(place).map(|act| step(act, look)),
        };
        let cursor = place == screen.cursor;
        let mut x = signs(buffer, inner, y, (cursor, sign(screen, place)), look);
        for ((text, role), wide) in cells.into_iter().flatten().zip(&widths) {
            let text = clip(&text, usize::from(*wide), look.theme.glyphs().ellipsis);
            paint(buffer, inner, x, y, &text, look.theme.style(role));
            x += wide + 1;
        }
        if cursor {
            row_under_cursor(buffer, inner, y, look);
        }
    }
    let y = inner.y + 1 + u16::try_from(screen.cursor.saturating_sub(screen.top)).unwrap_or(0);
    (y < inner.bottom()).then_some((inner.x, y))
}

fn sign(screen: &PastScreen, place: usize) -> Sign {
    if let Some(record) = screen.trashed().get(place) {
        if screen.is_going(Going::Record(record.id)) {
            return Sign::Pending;
        }
        if screen.marks.contains(&record.id) {
            return Sign::Marked;
        }
    }
    let act = screen.acts().get(place);
    if act.is_some_and(|act| screen.is_going(Going::Step(act.group))) {
        return Sign::Pending;
    }
    Sign::None
}

/// What an empty list is told: why, and the key that helps.
pub(super) fn empty(screen: &PastScreen) -> &'static str {
    match (&screen.search, &screen.rows) {
        (Some(_), _) => "Nothing here has these words. Esc takes the filter away, / changes it.",
        (None, Some(Rows::Trash(trash))) if trash.older > 0 => {
            "Nothing was put into the trash in the last 30 days. V shows what is older."
        }
        (None, Some(Rows::Trash(_))) if screen.noun.is_some() => {
            "None of these is in the trash. V shows the others."
        }
        (None, Some(Rows::Trash(_))) => {
            "The trash is empty. # puts the record under the cursor of a list into it."
        }
        (None, _) if screen.all => "Nothing was done in this book yet.",
        (None, _) => "You have done nothing in this book yet. V shows everybody's steps.",
    }
}

type Cell = (String, Role);

fn trashed(record: &Trashed, look: &Look<'_>) -> Vec<Cell> {
    vec![
        (look.moment(record.at), Role::Text),
        (record.name.clone(), Role::Text),
        (record.entity.name().replace('_', " "), Role::Dim),
        (record.by.clone().unwrap_or_default(), Role::Text),
        (by_step(record), Role::Dim),
    ]
}

/// The step that put a record into the trash, without its name where that stands beside it.
fn by_step(record: &Trashed) -> String {
    let step = record.step.as_deref().unwrap_or_default();
    let verb = step.strip_suffix(&record.name).map(str::trim_end);
    verb.filter(|verb| !verb.is_empty())
        .unwrap_or(step)
        .to_owned()
}

fn step(act: &PastAct, look: &Look<'_>) -> Vec<Cell> {
    let state = match act.origin {
        _ if act.undone => ("undone", Role::Late),
        Origin::Undo => ("undo", Role::Dim),
        Origin::Redo => ("redo", Role::Dim),
        Origin::Bulk => ("bulk", Role::Dim),
        Origin::Import => ("import", Role::Dim),
        Origin::Rule => ("rule", Role::Dim),
        Origin::Human => ("", Role::Dim),
    };
    let role = if act.undone { Role::Dim } else { Role::Text };
    vec![
        (look.moment(act.at), Role::Text),
        (act.label.clone(), role),
        (format!("{:>7}", grouped(act.records)), Role::Text),
        (state.0.to_owned(), state.1),
        (act.by.clone(), Role::Text),
    ]
}

fn head(buffer: &mut Buffer, area: Rect, screen: &PastScreen, title: &str, look: &Look<'_>) {
    let style = |role| look.theme.style(role);
    let aside = match &screen.rows {
        Some(Rows::Trash(trash)) if trash.older > 0 => {
            format!("{} older: V shows them", grouped(trash.older))
        }
        _ => String::new(),
    };
    let right = area.right().saturating_sub(columns(&aside) + 1);
    let mut x = area.x + 1;
    x += paint(buffer, area, x, area.y, title, style(Role::Title));
    let what = match (screen.is_trash, screen.all) {
        (true, false) => "of the last 30 days",
        (true, true) => "of all time",
        (false, false) => "mine",
        (false, true) => "everybody's",
    };
    x += paint(buffer, area, x + 2, area.y, what, style(Role::Dim)) + 2;
    let noun = NOUNS.iter().find(|(noun, _)| Some(*noun) == screen.noun);
    if let Some((_, name)) = noun {
        let name = format!("only {}", name.to_lowercase());
        x += paint(buffer, area, x + 2, area.y, &name, style(Role::Match)) + 2;
    }
    if let Some(search) = &screen.search {
        x += paint(buffer, area, x, area.y, "  filter: ", style(Role::Dim));
        let room = usize::from(right.saturating_sub(x + 2));
        let text = clip(&search.text, room.max(8), look.theme.glyphs().ellipsis);
        x += paint(buffer, area, x, area.y, &text, style(Role::Match));
    }
    if !screen.marks.is_empty() {
        let mark = look.theme.glyphs().mark;
        let marked = format!("  {mark} {} marked", grouped(screen.marks.len() as u64));
        x += paint(buffer, area, x, area.y, &marked, style(Role::Mark));
    }
    if let Some(fault) = &screen.fault {
        let room = usize::from(right.saturating_sub(x + 3));
        let text = older(fault, room, look.theme.glyphs());
        x += paint(buffer, area, x + 2, area.y, &text, style(Role::Error)) + 2;
    }
    if x < right {
        paint(buffer, area, right, area.y, &aside, style(Role::Dim));
    }
}
