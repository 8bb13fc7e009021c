//! The picture of the list of contacts. Only the rows in sight are looked at.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::history::ListRow;
use crate::domain::id::RecordId;
use crate::domain::money::grouped;
use crate::domain::nouns::{Set, contact};
use crate::domain::records::{Company, Rep};
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::paint::{SIGNS, Sign, panel, sentence, signs, under_cursor};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, left, paint, width};

use super::state::{ContactsScreen, SORTS};

/// More rows than any terminal shows: rows are read for so many.
pub const MOST_ROWS: usize = 120;
/// Lines that are no rows: the head, the frame, the names of the columns.
const AROUND: u16 = 4;

/// The columns: the name, the least width, and the share of what is left over. The last ones give way first.
const COLUMNS: [(&str, u16, u16); 7] = [
    ("Name", 20, 4),
    ("Company", 16, 4),
    ("Touched", 8, 0),
    ("Next step", 15, 3),
    ("Owner", 9, 1),
    ("Title", 13, 3),
    ("Tags", 10, 2),
];
/// Their order on the screen.
const PLACES: [usize; 7] = [0, 1, 5, 4, 2, 3, 6];

/// How many rows an area shows.
#[must_use]
pub fn rows(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(AROUND)).max(1)
}

fn first_row(area: Rect) -> u16 {
    area.y + AROUND - 1
}

/// The row at a cell, counted from the first in sight.
#[must_use]
pub fn row_at(x: u16, y: u16, area: Rect) -> Option<usize> {
    let inside = x > area.x && x + 1 < area.right();
    let row = y.checked_sub(first_row(area))?;
    (inside && usize::from(row) < rows(area)).then_some(usize::from(row))
}

/// The widths of the columns that fit, by their place in [`COLUMNS`].
fn widths(wide: u16) -> Vec<(usize, u16)> {
    let room = wide.saturating_sub(SIGNS);
    let mut fit = COLUMNS.len();
    let wanted =
        |count: usize| -> u16 { COLUMNS[..count].iter().map(|(_, least, _)| least + 1).sum() };
    while fit > 1 && wanted(fit) > room {
        fit -= 1;
    }
    let over = room.saturating_sub(wanted(fit));
    let all: u16 = COLUMNS[..fit].iter().map(|(_, _, share)| share).sum();
    PLACES
        .into_iter()
        .filter(|place| *place < fit)
        .map(|place| {
            let (_, least, share) = COLUMNS[place];
            (place, least + over * share / all.max(1))
        })
        .collect()
}

/// Draws the list; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &ContactsScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let Some(ids) = &screen.order else {
        let (text, role) = match &screen.fault {
            Some(fault) => (fault.as_str(), Role::Error),
            None => ("Reading the contacts …", Role::Dim),
        };
        sentence(buffer, area, look, text, role);
        return None;
    };
    draw_head(buffer, Rect { height: 1, ..area }, screen, look);
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let aside = match ids.len() {
        _ if screen.is_stale && screen.fault.is_none() => "reading …".to_owned(),
        0 => String::new(),
        all => format!(
            "{} of {}",
            grouped(screen.cursor as u64 + 1),
            grouped(all as u64)
        ),
    };
    let inner = panel(buffer, below, ("Contacts", &aside), true, look);
    let widths = widths(inner.width);
    let mut x = inner.x + SIGNS;
    for (place, wide) in &widths {
        let text = left(
            COLUMNS[*place].0,
            usize::from(*wide),
            look.theme.glyphs().ellipsis,
        );
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
    if ids.is_empty() {
        sentence(buffer, inner, look, empty_sentence(screen), Role::Text);
        return None;
    }
    let top = first_row(area);
    for (y, (place, id)) in (top..inner.bottom()).zip(ids.iter().enumerate().skip(screen.top)) {
        draw_row(
            buffer,
            inner,
            y,
            (*id, place == screen.cursor),
            &widths,
            screen,
            scene,
        );
    }
    let y = top + u16::try_from(screen.cursor.saturating_sub(screen.top)).unwrap_or(0);
    (y < inner.bottom()).then_some((inner.x, y))
}

/// What an empty list is told: why, and the key that fixes it.
fn empty_sentence(screen: &ContactsScreen) -> &'static str {
    if screen.filter.is_some() {
        "No contact fits the filter. Esc takes it away, / changes it."
    } else {
        "No contacts here. a adds one; `clinch import FILE` brings yours."
    }
}

fn draw_head(buffer: &mut Buffer, area: Rect, screen: &ContactsScreen, look: &Look<'_>) {
    let glyphs = look.theme.glyphs();
    let style = |role| look.theme.style(role);
    let (name, _, descending) = SORTS[screen.sort];
    let way = if descending == screen.reversed {
        glyphs.up
    } else {
        glyphs.down
    };
    let order = format!("sort: {} {way}", name.to_lowercase());
    let right = area.right().saturating_sub(columns(&order) + 1);
    let mut x = area.x + 1;
    x += paint(buffer, area, x, area.y, "Contacts", style(Role::Title));
    if let Some(filter) = &screen.filter {
        x += paint(buffer, area, x, area.y, "  filter: ", style(Role::Dim));
        let room = usize::from(right.saturating_sub(x + 2));
        let text = clip(&filter.text, room.max(8), glyphs.ellipsis);
        x += paint(buffer, area, x, area.y, &text, style(Role::Match));
        if screen.unknown > 0 {
            let unknown = format!(" ({} of them unknown there)", grouped(screen.unknown));
            if x + columns(&unknown) < right {
                x += paint(buffer, area, x, area.y, &unknown, style(Role::Dim));
            }
        }
    }
    if !screen.marks.is_empty() {
        let marked = format!(
            "  {} {} marked",
            glyphs.mark,
            grouped(screen.marks.len() as u64)
        );
        x += paint(buffer, area, x, area.y, &marked, style(Role::Mark));
    }
    if let Some(fault) = &screen.fault {
        let room = usize::from(right.saturating_sub(x + 3));
        let text = clip(fault, room, glyphs.ellipsis);
        x += paint(buffer, area, x + 2, area.y, &text, style(Role::Error)) + 2;
    }
    if x < right {
        paint(buffer, area, right, area.y, &order, style(Role::Dim));
    }
}

fn draw_row(
    buffer: &mut Buffer,
    inner: Rect,
    y: u16,
    (id, cursor): (RecordId, bool),
    widths: &[(usize, u16)],
    screen: &ContactsScreen,
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    let sign = if screen.is_pending(id) {
        Sign::Pending
    } else if screen.by_others.has(id, scene.real) {
        Sign::ByOthers
    } else if screen.marks.contains(&id) {
        Sign::Marked
    } else {
        Sign::None
    };
    let mut x = signs(buffer, inner, y, (cursor, sign), look);
    match screen.row(id) {
        None => {
            paint(buffer, inner, x, y, "…", look.theme.style(Role::Dim));
        }
        Some(row) => {
            for (place, wide) in widths {
                let (text, role) = cell(*place, row, look);
                let text = clip(&text, usize::from(*wide), look.theme.glyphs().ellipsis);
                paint(buffer, inner, x, y, &text, look.theme.style(role));
                x += wide + 1;
            }
        }
    }
    if cursor {
        under_cursor(
            buffer,
            Rect {
                y,
                height: 1,
                ..inner
            },
            look,
        );
    }
}

/// What stands in a column of a row.
fn cell(place: usize, row: &ListRow, look: &Look<'_>) -> (String, Role) {
    let record = &row.record;
    let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
    let known = |text: Option<String>, role| text.map_or_else(unknown, |text| (text, role));
    match place {
        0 => (record.name(), Role::Title),
        1 => known(
            record
                .link::<Company>(&contact::COMPANY)
                .map(|link| link.name),
            Role::Text,
        ),
        2 => known(
            record
                .instant(&contact::LAST_TOUCH)
                .map(|at| look.since(at)),
            Role::Text,
        ),
        3 => row.next_step.as_ref().map_or_else(unknown, |step| {
            let what = step.subject.clone().unwrap_or_else(|| step.kind.clone());
            match look.due(step.due_at, step.due_date) {
                Some((due, true)) => (format!("{due} {what}"), Role::Late),
                Some((due, false)) => (format!("{due} {what}"), Role::Text),
                None => (what, Role::Text),
            }
        }),
        4 => known(
            record
                .link::<Rep>(&contact::OWNER)
                .map(|link| short_name(&link.name)),
            Role::Text,
        ),
        5 => known(record.text(&contact::TITLE).map(str::to_owned), Role::Text),
        _ => (record.set(Set::Tag).join(" "), Role::Dim),
    }
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
    fn columns_give_way_from_the_least_needed_on_and_never_overflow() {
        for wide in 10..200 {
            let widths = widths(wide);
            let all: u16 = widths.iter().map(|(_, wide)| wide + 1).sum();
            assert!(all + SIGNS <= wide || widths.len() == 1, "{wide}");
        }
        let names = |wide| -> Vec<&str> {
            widths(wide)
                .iter()
                .map(|(place, _)| COLUMNS[*place].0)
                .collect()
        };
        assert_eq!(names(58), ["Name", "Company", "Touched"]);
        assert_eq!(
            names(98),
            ["Name", "Company", "Title", "Owner", "Touched", "Next step"]
        );
        assert_eq!(names(158).len(), 7);
    }
}
