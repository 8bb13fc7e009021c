//! The picture of a list. Only the rows in sight are looked at.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::id::RecordId;
use crate::domain::money::grouped;
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::head::Head;
use crate::tui::screens::paint::{
    Placed, SIGNS, Sign, lines_of_a_row, older, panel, sentence, signs, under_cursor, unread,
};
use crate::tui::theme::{Glyphs, Role};
use crate::tui::widgets::clip::{clip, columns, left, paint, right, width};

use super::columns::{ListColumn, widths};
use super::face::Face;
use super::state::ListScreen;
use super::{narrow, preview};

/// Lines above the rows, where the columns have no names and where they have: the head, the frame, the names.
const ABOVE: (u16, u16) = (2, 3);

/// Columns of that panel at the least, and the share of the area that it takes.
const PREVIEW: (u16, u16) = (34, 3);

/// Whether the panel that tells more has room in an area.
#[must_use]
pub const fn tells_more(face: &Face, area: Rect) -> bool {
    area.width >= face.preview.from
}

/// Where the list stands in an area: left of the panel that tells more, where there is one.
#[must_use]
pub fn list(face: &Face, area: Rect) -> Rect {
    let (least, share) = PREVIEW;
    let beside = if tells_more(face, area) {
        least.max(area.width / share)
    } else {
        0
    };
    Rect {
        width: area.width - beside,
        ..area
    }
}

/// Where the rows stand. Where one takes two lines there is no line for the names of the columns.
const fn placed(area: Rect) -> Placed {
    let tall = lines_of_a_row(area);
    let above = if tall > 1 { ABOVE.0 } else { ABOVE.1 };
    Placed { above, tall }
}

/// The line of the first row.
const fn first_row(area: Rect) -> u16 {
    area.y + placed(area).above
}

/// How many rows an area shows.
#[must_use]
pub fn rows(area: Rect) -> usize {
    placed(area).count(area)
}

/// The row at a cell, counted from the first in sight.
#[must_use]
pub fn row_at(x: u16, y: u16, area: Rect) -> Option<usize> {
    placed(area).at(x, y, area)
}

/// Whether a cell is where the signs of a row stand, left of its name.
#[must_use]
pub const fn is_beside_names(x: u16, list: Rect) -> bool {
    x > list.x && x <= list.x + SIGNS
}

/// The name in an order of the column whose heading stands at a cell.
#[must_use]
pub fn heading_at(x: u16, y: u16, area: Rect, screen: &ListScreen) -> Option<String> {
    let place = list(screen.face, area);
    let has_headings = lines_of_a_row(area) == 1 && screen.order.is_some();
    if !has_headings || y + 1 != first_row(area) || x >= place.right() {
        return None;
    }
    let shown = screen.shown_columns();
    let inside = place.width.saturating_sub(2);
    let (widths, _) = widths(screen.face, &shown, screen.columns.is_empty(), inside);
    let mut from = place.x + 1 + SIGNS;
    let at = widths.into_iter().find(|(_, wide)| {
        let here = (from..from + wide).contains(&x);
        from += wide + 1;
        here
    });
    at.map(|(column, _)| column.key.clone().into_owned())
}

/// Draws the list; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &ListScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let Some(ids) = &screen.order else {
        let why = (
            screen.face.title,
            screen.face.reading,
            screen.fault.as_deref(),
        );
        unread(buffer, area, why, scene);
        return None;
    };
    let line = Rect { height: 1, ..area };
    head(line, screen, look.theme.glyphs()).draw(buffer, look);
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let (below, beside) = (list(screen.face, below), below);
    if below.width < beside.width {
        let beside = Rect {
            x: below.right(),
            width: beside.width - below.width,
            ..beside
        };
        preview::draw(buffer, beside, screen, look);
    }
    let ellipsis = look.theme.glyphs().ellipsis;
    let is_late = screen.is_stale && screen.fault.is_none() && scene.slow;
    let aside = match ids.len() {
        _ if is_late || !screen.beyond.is_empty() => format!("reading {ellipsis}"),
        0 => String::new(),
        _ if !screen.is_whole && !screen.is_stale => {
            format!("{} of {ellipsis}", grouped(screen.cursor as u64 + 1))
        }
        all => format!(
            "{} of {}",
            grouped(screen.cursor as u64 + 1),
            grouped(all as u64)
        ),
    };
    let inner = panel(buffer, below, (screen.face.title, &aside), true, look);
    let chosen = || (!screen.columns.is_empty()).then(|| screen.shown_columns());
    let shown = screen.shown_columns();
    let laid = if lines_of_a_row(area) > 1 {
        Laid::Lines(narrow::columns(screen.face, chosen()))
    } else {
        Laid::Columns(headings(buffer, inner, screen, &shown, look))
    };
    if ids.is_empty() {
        sentence(buffer, inner, look, empty_sentence(screen), Role::Text);
        return None;
    }
    let top = first_row(area);
    let place = |row: usize| {
        let down = u16::try_from(row).unwrap_or(u16::MAX);
        let high = lines_of_a_row(area);
        let y = top.saturating_add(down.saturating_mul(high));
        Rect {
            y,
            height: high.min(inner.bottom().saturating_sub(y)),
            ..inner
        }
    };
    let in_sight = ids.iter().enumerate().skip(screen.top).take(rows(area));
    for (at, id) in in_sight {
        let row = (*id, at == screen.cursor);
        draw_row(buffer, place(at - screen.top), row, &laid, screen, scene);
    }
    let y = place(screen.cursor.saturating_sub(screen.top)).y;
    (y < inner.bottom()).then_some((inner.x, y))
}

/// How a row is laid out.
enum Laid<'a> {
    /// In columns of a width.
    Columns(Vec<(&'a ListColumn, u16)>),
    /// In two lines.
    Lines([Vec<ListColumn>; 2]),
}

/// Draws the names of the columns; gives those that have room, with their widths.
fn headings<'a>(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &ListScreen,
    shown: &'a [ListColumn],
    look: &Look<'_>,
) -> Vec<(&'a ListColumn, u16)> {
    let (widths, more) = widths(screen.face, shown, screen.columns.is_empty(), inner.width);
    let mut x = inner.x + SIGNS;
    for (column, wide) in &widths {
        let side = if column.is_figure() { right } else { left };
        let text = side(
            &column.name,
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
    if more && !screen.columns.is_empty() {
        // Columns that were chosen and have no room.
        let x = inner.right().saturating_sub(1);
        let style = look.theme.style(Role::Dim);
        paint(
            buffer,
            inner,
            x,
            inner.y,
            look.theme.glyphs().ellipsis,
            style,
        );
    }
    widths
}

/// What an empty list is told: why, and the key that fixes it.
const fn empty_sentence(screen: &ListScreen) -> &'static str {
    if screen.filter.is_some() {
        screen.face.no_match
    } else {
        screen.face.empty
    }
}

/// The first line: what is shown, under which filter, in which order.
#[must_use]
pub fn head(line: Rect, screen: &ListScreen, glyphs: &Glyphs) -> Head {
    let keys: Vec<String> = screen
        .order_keys()
        .iter()
        .map(|(key, down)| {
            let way = if *down { glyphs.down } else { glyphs.up };
            format!("{} {way}", screen.key_name(key))
        })
        .collect();
    let order = format!("sort: {}", keys.join(", "));
    let right = line.right().saturating_sub(columns(&order) + 1);
    let mut head = Head::new(line);
    head.add(screen.face.title, Role::Title, Some("view"));
    if let Some(shown) = screen.shown_as() {
        head.add(format!("  view: {shown}"), Role::Dim, Some("view"));
    }
    if let Some(filter) = &screen.filter {
        head.add("  filter: ", Role::Dim, Some("filter"));
        let room = head.room(right).saturating_sub(2);
        let text = clip(&filter.text, room.max(8), glyphs.ellipsis);
        head.add(text, Role::Match, Some("filter"));
        if screen.unknown > 0 {
            let unknown = format!(" ({} of them unknown there)", grouped(screen.unknown));
            if width(&unknown) < head.room(right) {
                head.add(unknown, Role::Dim, Some("explain"));
            }
        }
    }
    if !screen.marks.is_empty() {
        let marked = grouped(screen.marks.len() as u64);
        head.add(
            format!("  {} {marked} marked", glyphs.mark),
            Role::Mark,
            None,
        );
    }
    if let Some(fault) = &screen.fault {
        let room = head.room(right).saturating_sub(3);
        let text = older(fault, room, glyphs);
        head.add(format!("  {text}"), Role::Error, None);
    }
    head.add_at_right(order, Role::Dim, Some("sort"));
    head
}

fn draw_row(
    buffer: &mut Buffer,
    place: Rect,
    (id, cursor): (RecordId, bool),
    laid: &Laid<'_>,
    screen: &ListScreen,
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    let sign = match Sign::of(id, screen.is_pending(id), &screen.by_others, scene.real) {
        Sign::None if screen.marks.contains(&id) => Sign::Marked,
        sign => sign,
    };
    let mut x = signs(buffer, place, place.y, (cursor, sign), look);
    match (screen.row(id), laid) {
        (None, _) => {
            let style = look.theme.style(Role::Dim);
            paint(
                buffer,
                place,
                x,
                place.y,
                look.theme.glyphs().ellipsis,
                style,
            );
        }
        (Some(row), Laid::Lines(lines)) => narrow::draw(buffer, place, row, lines, look),
        (Some(row), Laid::Columns(widths)) => {
            for (column, wide) in widths {
                let (text, role) = column.cell(row, look);
                let (room, ellipsis) = (usize::from(*wide), look.theme.glyphs().ellipsis);
                let text = if column.is_figure() {
                    right(&text, room, ellipsis).into()
                } else {
                    clip(&text, room, ellipsis)
                };
                paint(buffer, place, x, place.y, &text, look.theme.style(role));
                x += wide + 1;
            }
        }
    }
    if cursor {
        under_cursor(buffer, place, look);
    }
}
