//! What several screens draw alike: boxes, panels, the one sentence of an empty screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;

use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{columns, paint, wrap};

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
    buffer.set_style(lines, look.theme.style(Role::Cursor));
}

/// The same over one line, from edge to edge of what is inside a panel.
pub fn row_under_cursor(buffer: &mut Buffer, inner: Rect, y: u16, look: &Look<'_>) {
    let height = 1;
    under_cursor(buffer, Rect { y, height, ..inner }, look);
}
