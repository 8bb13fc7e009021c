//! The picture of the pipelines, their stages and the lost reasons.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::money::grouped;
use crate::domain::requirement;
use crate::domain::setup::StageRow;
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::paint::{
    Placed, SIGNS, Sign, older, panel, row_under_cursor, signs, why_unread,
};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, left, paint, right};
use crate::tui::words;

use super::state::{Line, SetupScreen};

/// What it is called.
const TITLE: &str = "Pipelines and lost reasons";
/// Below the frame, the names of the columns.
const ROWS: Placed = Placed { above: 2, tall: 1 };
/// Columns of the names at the least.
const NAME: u16 = 16;
/// Columns of the names at the most.
const NAME_MOST: u16 = 34;

/// A column of the stages.
struct Column {
    name: &'static str,
    wide: u16,
    text: fn(&StageRow) -> Option<String>,
    numeric: bool,
}

/// In their order; where there is no room the last ones give way.
const COLUMNS: [Column; 6] = [
    Column {
        name: "deals",
        wide: 6,
        text: |row| Some(grouped(row.deals)),
        numeric: true,
    },
    Column {
        name: "kind",
        wide: 4,
        text: |row| Some(row.kind.name().to_owned()),
        numeric: false,
    },
    Column {
        name: "prob",
        wide: 5,
        text: |row| row.probability.map(|percent| format!("{percent} %")),
        numeric: true,
    },
    Column {
        name: "rots",
        wide: 5,
        text: |row| row.rot_days.map(|days| format!("{days}d")),
        numeric: true,
    },
    Column {
        name: "category",
        wide: 9,
        text: |row| row.category.as_ref().map(|word| word.replace('_', " ")),
        numeric: false,
    },
    Column {
        name: "a deal needs",
        wide: 14,
        text: |row| Some(requirement::words(&row.required)).filter(|words| !words.is_empty()),
        numeric: false,
    },
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

/// Draws the screen; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &SetupScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let Some(setup) = &screen.setup else {
        let inner = panel(buffer, area, (TITLE, ""), true, look);
        let why = ("Reading the pipelines", screen.fault.as_deref());
        why_unread(buffer, inner, why, scene);
        return None;
    };
    let aside = match (&screen.fault, setup.pipelines.len()) {
        (Some(fault), _) => older(
            fault,
            usize::from(area.width).saturating_sub(TITLE.len() + 10),
            look.theme.glyphs(),
        ),
        (None, 0) => "none yet: Enter makes one".to_owned(),
        (None, 1) => "1 pipeline".to_owned(),
        (None, many) => format!("{many} pipelines"),
    };
    let inner = panel(buffer, area, (TITLE, &aside), true, look);
    if inner.is_empty() {
        return None;
    }
    let (name, fit) = widths(inner.width);
    draw_names(buffer, inner, name, fit, look);
    let lines = screen.lines();
    for (y, row) in (inner.y + 1..inner.bottom()).zip(screen.top..) {
        if row == screen.heading() {
            draw_heading(buffer, inner, y, look);
        }
        let Some((place, line)) = screen
            .line_in(row)
            .and_then(|place| Some((place, lines.get(place)?)))
        else {
            continue;
        };
        draw_line(
            buffer,
            inner,
            y,
            line,
            (place == screen.cursor, name, fit),
            screen,
            scene,
        );
    }
    let row = screen.row_of(screen.cursor).saturating_sub(screen.top);
    let y = inner.y + 1 + u16::try_from(row).unwrap_or(0);
    (y < inner.bottom()).then_some((inner.x, y))
}

/// The line between the pipelines and the lost reasons.
fn draw_heading(buffer: &mut Buffer, area: Rect, y: u16, look: &Look<'_>) {
    let line = look
        .theme
        .glyphs()
        .horizontal
        .repeat(usize::from(area.width));
    paint(
        buffer,
        area,
        area.x,
        y,
        &line,
        look.theme.style(Role::Border),
    );
    let style = look.theme.style(Role::Title);
    paint(buffer, area, area.x + 2, y, " Lost reasons ", style);
}

/// The width of the names, and how many columns fit beside them.
fn widths(wide: u16) -> (u16, usize) {
    // A blank stands before the frame.
    let room = wide.saturating_sub(SIGNS + 1);
    let taken = |fit: usize| -> u16 { COLUMNS[..fit].iter().map(|column| column.wide + 2).sum() };
    let mut fit = COLUMNS.len();
    while fit > 0 && NAME + taken(fit) > room {
        fit -= 1;
    }
    (room.saturating_sub(taken(fit)).min(NAME_MOST), fit)
}

fn draw_names(buffer: &mut Buffer, area: Rect, name: u16, fit: usize, look: &Look<'_>) {
    let mut x = area.x + SIGNS + name + 2;
    for column in &COLUMNS[..fit] {
        let text = if column.numeric {
            right(
                column.name,
                usize::from(column.wide),
                look.theme.glyphs().ellipsis,
            )
        } else {
            column.name.to_owned()
        };
        paint(buffer, area, x, area.y, &text, look.theme.style(Role::Dim));
        x += column.wide + 2;
    }
}

fn draw_line(
    buffer: &mut Buffer,
    area: Rect,
    y: u16,
    line: &Line<'_>,
    (cursor, name, fit): (bool, u16, usize),
    screen: &SetupScreen,
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    let sign = match line.record() {
        Some((_, id)) => Sign::of(id, screen.is_pending(id), &screen.by_others, scene.real),
        None => Sign::None,
    };
    let ellipsis = look.theme.glyphs().ellipsis;
    let mut x = signs(buffer, area, y, (cursor, sign), look);
    let (indent, role) = match line {
        Line::Pipeline(_) => (0, Role::Title),
        Line::Stage(_, row) if row.is_archived() => (2, Role::Dim),
        Line::Stage(..) | Line::Reason(_) => (2, Role::Text),
        Line::NewPipeline | Line::NewReason => (0, Role::Dim),
    };
    let text = match line {
        Line::NewPipeline | Line::NewReason => format!("+ {}", line.name()),
        Line::Stage(_, row) if row.is_archived() => format!("{} (archived)", line.name()),
        _ => line.name().to_owned(),
    };
    let room = match line {
        Line::Stage(..) => usize::from(name.saturating_sub(indent)),
        _ => usize::from((area.right()).saturating_sub(x + indent)),
    };
    let text = clip(&text, room, ellipsis);
    let after = x + indent + paint(buffer, area, x + indent, y, &text, look.theme.style(role));
    match line {
        Line::Stage(_, row) => {
            x += name + 2;
            for (place, column) in COLUMNS[..fit].iter().enumerate() {
                let is_last = place + 1 == COLUMNS.len();
                let wide = if is_last {
                    area.right().saturating_sub(x + 1)
                } else {
                    column.wide
                };
                let known = (column.text)(row);
                let role = if known.is_some() { role } else { Role::Dim };
                let text = known.unwrap_or_else(|| look.theme.glyphs().unknown.to_owned());
                let text = if column.numeric {
                    right(&text, usize::from(wide), ellipsis)
                } else {
                    left(&text, usize::from(wide), ellipsis)
                };
                paint(buffer, area, x, y, &text, look.theme.style(role));
                x += column.wide + 2;
            }
        }
        Line::Reason(row) => {
            let real = if row.real { "" } else { "no real loss, " };
            let text = format!("{real}{} lost", grouped(row.deals));
            let x = (area.x + SIGNS + name + 2).max(after + 2);
            let text = clip(&text, usize::from(area.right().saturating_sub(x)), ellipsis);
            paint(buffer, area, x, y, &text, look.theme.style(Role::Dim));
        }
        Line::Pipeline(row) => {
            let open: u64 = row
                .stages
                .iter()
                .filter(|stage| !stage.kind.is_closed())
                .map(|stage| stage.deals)
                .sum();
            let text = words::count(open, "open deal", "open deals");
            if after + 2 + columns(&text) <= area.right() {
                let style = look.theme.style(Role::Dim);
                paint(buffer, area, after + 2, y, &text, style);
            }
        }
        Line::NewPipeline | Line::NewReason => {}
    }
    if cursor {
        row_under_cursor(buffer, area, y, look);
    }
}
