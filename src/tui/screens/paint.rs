//! What several screens draw alike: boxes, panels, the one sentence of an empty screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;

use crate::domain::id::RecordId;
use crate::domain::time::Instant;
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::others::ByOthers;
use crate::tui::theme::{Glyphs, Role};
use crate::tui::widgets::clip::{clip, columns, left, paint, wrap};

/// A box, without its inside. Nothing is drawn where there is no room for one.
pub fn frame(buffer: &mut Buffer, area: Rect, set: border::Set<'_>, style: Style) {
    if area.width < 2 || area.height < 2 {
        return;
    }
    let (left, right) = (area.x, area.right() - 1);
    let (top, bottom) = (area.y, area.bottom() - 1);
    let across = usize::from(area.width - 2);
    paint(
        buffer,
        area,
        left + 1,
        top,
        &set.horizontal_top.repeat(across),
        style,
    );
    paint(
        buffer,
        area,
        left + 1,
        bottom,
        &set.horizontal_bottom.repeat(across),
        style,
    );
    for y in top + 1..bottom {
        paint(buffer, area, left, y, set.vertical_left, style);
        paint(buffer, area, right, y, set.vertical_right, style);
    }
    for (x, y, corner) in [
        (left, top, set.top_left),
        (right, top, set.top_right),
        (left, bottom, set.bottom_left),
        (right, bottom, set.bottom_right),
    ] {
        paint(buffer, area, x, y, corner, style);
    }
}

/// A panel with a name at its left and something to say at its right. Returns what is inside.
pub fn panel(
    buffer: &mut Buffer,
    area: Rect,
    (title, aside): (&str, &str),
    focus: bool,
    look: &Look<'_>,
) -> Rect {
    let glyphs = look.theme.glyphs();
    let (set, border, name) = if focus {
        (glyphs.frame_focus, Role::Focus, Role::Focus)
    } else {
        (glyphs.frame, Role::Border, Role::Title)
    };
    frame(buffer, area, set, look.theme.style(border));
    let inner = area.inner(ratatui::layout::Margin::new(1, 1));
    let line = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let style = look.theme.style(name);
    let mut end = line.x + 1;
    if !title.is_empty() {
        end += paint(
            buffer,
            line,
            line.x + 1,
            line.y,
            &format!(" {title} "),
            style,
        );
    }
    if !aside.is_empty() {
        let text = format!(" {aside} ");
        let x = line.right().saturating_sub(columns(&text) + 1);
        if x > end {
            paint(buffer, line, x, line.y, &text, style);
        }
    }
    inner
}

/// One sentence in the middle of an area.
pub fn sentence(buffer: &mut Buffer, area: Rect, look: &Look<'_>, text: &str, role: Role) {
    let lines = wrap(text, usize::from(area.width.saturating_sub(4)));
    let top = area.y + area.height / 3;
    for (y, line) in (top..area.bottom()).zip(lines) {
        let text = text[line].trim_end();
        let x = area.x + area.width.saturating_sub(columns(text)) / 2;
        paint(buffer, area, x, y, text, look.theme.style(role));
    }
}

/// A screen that the book has told nothing of yet: its name, its frame, and in it that it is being read, once that takes a while, or why
/// it cannot be. What was read comes into the same frame.
pub fn unread(
    buffer: &mut Buffer,
    area: Rect,
    (title, reading, fault): (&str, &str, Option<&str>),
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    let style = look.theme.style(Role::Title);
    paint(buffer, area, area.x + 1, area.y, title, style);
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let inner = panel(buffer, below, (title, ""), true, look);
    why_unread(buffer, inner, (reading, fault), scene);
}

/// In place of what the book has not told yet: what is being read, once that takes a while, or why it cannot be.
pub fn why_unread(
    buffer: &mut Buffer,
    area: Rect,
    (reading, fault): (&str, Option<&str>),
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    if let Some(fault) = fault {
        sentence(buffer, area, look, fault, Role::Error);
    } else if scene.slow {
        let text = format!("{reading} {}", look.theme.glyphs().ellipsis);
        sentence(buffer, area, look, &text, Role::Dim);
    }
}

/// Why what is shown is older than it could be, in a line of so many columns; what was read stays on the screen below it.
#[must_use]
pub fn older(fault: &str, room: usize, glyphs: &Glyphs) -> String {
    let text = format!("not read again: {fault}");
    clip(&text, room, glyphs.ellipsis).into_owned()
}

/// From so many columns on a row of a list is one line.
const ONE_LINE_FROM: u16 = 60;

/// How many lines a row of a list takes in an area.
#[must_use]
pub const fn lines_of_a_row(area: Rect) -> u16 {
    if area.width < ONE_LINE_FROM { 2 } else { 1 }
}

/// A name and what belongs to it in one line: three fifths for the name, or all where it stands alone. The last column stays free, so
/// that no text touches the frame.
pub fn pair(
    buffer: &mut Buffer,
    line: Rect,
    [(name, role), (other, other_role)]: [(String, Role); 2],
    look: &Look<'_>,
) {
    let ellipsis = look.theme.glyphs().ellipsis;
    let all = usize::from(line.width.saturating_sub(1));
    let room = if other.is_empty() {
        all + 1
    } else {
        all * 3 / 5
    };
    let text = left(&name, room.saturating_sub(1), ellipsis);
    let style = look.theme.style(role);
    let used = paint(buffer, line, line.x, line.y, &text, style) + 1;
    let other = clip(&other, all.saturating_sub(room), ellipsis);
    let style = look.theme.style(other_role);
    paint(buffer, line, line.x + used, line.y, &other, style);
}

/// Texts side by side in one line with dots between them, each in its style; the last that has room is cut. The last column stays
/// free.
pub fn pieces(
    buffer: &mut Buffer,
    line: Rect,
    all: impl Iterator<Item = (String, Role)>,
    look: &Look<'_>,
) {
    let glyphs = look.theme.glyphs();
    let dot = format!(" {} ", glyphs.dot);
    let end = line.right().saturating_sub(1);
    let mut x = line.x;
    for (place, (text, role)) in all.enumerate() {
        if place > 0 {
            // A dot with nothing to read behind it says nothing.
            if x + columns(&dot) + 2 > end {
                return;
            }
            x += paint(buffer, line, x, line.y, &dot, look.theme.style(Role::Dim));
        }
        let room = usize::from(end.saturating_sub(x));
        let text = clip(&text, room, glyphs.ellipsis);
        x += paint(buffer, line, x, line.y, &text, look.theme.style(role));
    }
}

/// Where the rows of a framed list stand in its area.
#[derive(Clone, Copy, Debug)]
pub struct Placed {
    /// Lines before the first row: the head, the frame, the names of the columns.
    pub above: u16,
    /// Lines that a row takes.
    pub tall: u16,
}

impl Placed {
    /// How many an area shows; one at the least, so that there is something to page by.
    #[must_use]
    pub fn count(self, area: Rect) -> usize {
        let inside = area.height.saturating_sub(self.above + 1);
        usize::from(inside / self.tall).max(1)
    }

    /// The row at a cell, counted from the first in sight.
    #[must_use]
    pub fn at(self, x: u16, y: u16, area: Rect) -> Option<usize> {
        let inside = x > area.x && x + 1 < area.right();
        let row = usize::from(y.checked_sub(area.y + self.above)? / self.tall);
        (inside && row < self.count(area)).then_some(row)
    }
}

/// What is to be told of a row by a sign before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing.
    None,
    /// It is marked.
    Marked,
    /// Somebody else changed it a moment ago.
    ByOthers,
    /// It is on its way to the book.
    Pending,
}

impl Sign {
    /// The sign of a record: that it is on its way counts more than that somebody else changed it.
    #[must_use]
    pub fn of(record: RecordId, pending: bool, by_others: &ByOthers, real: Instant) -> Self {
        if pending {
            Self::Pending
        } else if by_others.has(record, real) {
            Self::ByOthers
        } else {
            Self::None
        }
    }
}

/// Columns that the signs before a row take.
pub const SIGNS: u16 = 3;

/// Draws the signs before a row, the cursor's first, and returns the column at which its text begins.
pub fn signs(
    buffer: &mut Buffer,
    area: Rect,
    y: u16,
    (cursor, sign): (bool, Sign),
    look: &Look<'_>,
) -> u16 {
    let glyphs = look.theme.glyphs();
    if cursor {
        let style = look.theme.style(Role::Focus);
        paint(buffer, area, area.x, y, glyphs.cursor, style);
    }
    let drawn = match sign {
        Sign::None => None,
        Sign::Marked => Some((glyphs.mark, Role::Mark)),
        Sign::ByOthers => Some((glyphs.by_others, Role::ByOthers)),
        Sign::Pending => Some((glyphs.pending, Role::Pending)),
    };
    if let Some((glyph, role)) = drawn {
        let style = look.theme.style(role);
        paint(buffer, area, area.x + 1, y, glyph, style);
    }
    area.x + SIGNS
}

/// Lays the cursor over lines that are drawn.
pub fn under_cursor(buffer: &mut Buffer, lines: Rect, look: &Look<'_>) {
    look.theme.lay_cursor(buffer, lines);
}

/// The same over one line, from edge to edge of what is inside a panel.
pub fn row_under_cursor(buffer: &mut Buffer, inner: Rect, y: u16, look: &Look<'_>) {
    let height = 1;
    under_cursor(buffer, Rect { y, height, ..inner }, look);
}
