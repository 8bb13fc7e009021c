//! The picture of one row of a list.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Item;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{clip, columns, fill, paint, width};
use crate::tui::widgets::matching::Needle;

/// A row that is being drawn: where its text begins, and the style under the cursor.
pub(super) struct Row<'a> {
    area: Rect,
    x: u16,
    y: u16,
    under: bool,
    theme: &'a Theme,
}

impl<'a> Row<'a> {
    pub fn start(frame: &mut Frame, area: Rect, y: u16, under: bool, theme: &'a Theme) -> Self {
        let buffer = frame.buffer_mut();
        if under {
            let style = theme.style(Role::Cursor);
            fill(buffer, area, area.x, y, style);
            paint(buffer, area, area.x, y, theme.glyphs().cursor, style);
        } else {
            fill(buffer, area, area.x, y, Style::default());
        }
        Self {
            area,
            x: area.x.saturating_add(2),
            y,
            under,
            theme,
        }
    }

    fn style(&self, role: Role) -> Style {
        if self.under {
            self.theme.under_cursor(role)
        } else {
            self.theme.style(role)
        }
    }

    /// Paints a text in its role, patched with the cursor's style, cut at the edge.
    pub fn text(&self, frame: &mut Frame, text: &str, role: Role) -> Self {
        let room = usize::from(self.area.right().saturating_sub(self.x));
        let text = clip(text, room, self.theme.glyphs().ellipsis);
        let style = self.style(role);
        let taken = paint(frame.buffer_mut(), self.area, self.x, self.y, &text, style);
        Self {
            x: self.x.saturating_add(taken),
            ..*self
        }
    }

    /// The same as [`marked`](Self::marked), within so many columns of the row.
    fn marked_within(
        &self,
        frame: &mut Frame,
        text: &str,
        role: Role,
        needle: &Needle,
        wide: u16,
    ) -> Self {
        let narrow = Row {
            area: Rect {
                width: wide,
                ..self.area
            },
            ..*self
        };
        Self {
            area: self.area,
            ..narrow.marked(frame, text, role, needle)
        }
    }

    /// The same, with the pieces that fit marked.
    pub fn marked(&self, frame: &mut Frame, text: &str, role: Role, needle: &Needle) -> Self {
        let behind = self.text(frame, text, role);
        // In a text that was cut, the columns of its letters are no longer sure.
        if width(text) == usize::from(behind.x - self.x) {
            let style = self.style(Role::Match);
            for piece in needle.pieces(text) {
                let x = self.x + columns(&text[..piece.start]);
                paint(
                    frame.buffer_mut(),
                    self.area,
                    x,
                    self.y,
                    &text[piece],
                    style,
                );
            }
        }
        behind
    }
}

pub(super) fn draw_item<T>(
    frame: &mut Frame,
    area: Rect,
    y: u16,
    (item, lit): (&Item<T>, bool),
    under: bool,
    needle: &Needle,
    theme: &Theme,
) {
    let row = Row::start(frame, area, y, under, theme);
    let role = if item.barred.is_some() {
        Role::Dim
    } else {
        Role::Text
    };
    let aside = item.aside();
    let kept = item.keeps_detail || item.barred.is_some();
    let room = if kept && !aside.is_empty() {
        area.width - (columns(aside) + 2).min(area.width / 2)
    } else {
        area.width
    };
    let behind = row.marked_within(frame, &item.label, role, needle, room);
    if !aside.is_empty() {
        let behind = behind.text(frame, "  ", role);
        if lit || item.also.is_some() && item.barred.is_none() {
            behind.marked(frame, aside, Role::Dim, needle);
        } else {
            behind.text(frame, aside, Role::Dim);
        }
    }
}
