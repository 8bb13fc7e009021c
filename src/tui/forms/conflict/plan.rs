//! Where the values of a conflict go on a screen, and how they look.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::rows::{Row, SIDES};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{clip, columns, fill, paint, prefix, wrap};

/// Labels are cut beyond this.
const LABEL_MAX: u16 = 16;
/// Lines of one value at the most, where values stand under each other.
const VALUE_LINES: usize = 3;

/// Where the values of the rows go at a width: beside each other where all of them fit, else under each other.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    wide: u16,
    label: u16,
    /// The widths of the three values, where they stand beside each other.
    beside: Option<[u16; 3]>,
}

/// Columns before the label: the cursor and a blank.
const GUTTER: u16 = 2;
/// Columns before a value: the sign of the picked one and a blank.
const SIGN: u16 = 2;
/// Columns from a value to the next: a blank, a line, a blank.
const BETWEEN: u16 = 3;

impl Plan {
    pub(super) fn of(rows: &[Row], wide: u16) -> Self {
        let longest = rows.iter().map(|row| columns(&row.label)).max();
        let label = longest.unwrap_or(0).min(LABEL_MAX).min(wide / 2);
        let mut widths = [0; 3];
        let mut lines = false;
        for row in rows {
            for (wide, cell) in widths.iter_mut().zip(row.cells()) {
                *wide = columns(&cell).max(*wide);
                lines |= cell.contains('\n');
            }
        }
        let values: usize = widths.iter().map(|wide| usize::from(*wide + SIGN)).sum();
        let taken = usize::from(GUTTER + label + 1) + values + 2 * usize::from(BETWEEN);
        let fits = !lines && taken <= usize::from(wide);
        Self {
            wide,
            label,
            beside: fits.then_some(widths),
        }
    }

    fn value_width(self) -> usize {
        usize::from(self.wide.saturating_sub(GUTTER + 2).max(1))
    }

    pub(super) fn lines(self, row: &Row) -> usize {
        if self.beside.is_some() {
            return 1;
        }
        let values = row.cells();
        1 + values
            .iter()
            .map(|cell| wrap(cell, self.value_width()).len().min(VALUE_LINES))
            .sum::<usize>()
    }

    pub(super) fn draw(
        self,
        frame: &mut Frame,
        place: Rect,
        row: &mut Row,
        under: bool,
        theme: &Theme,
    ) {
        let glyphs = theme.glyphs();
        let buffer = frame.buffer_mut();
        let base = if under {
            let style = theme.style(Role::Cursor);
            fill(buffer, place, place.x, place.y, style);
            paint(buffer, place, place.x, place.y, glyphs.cursor, style);
            style
        } else {
            theme.style(Role::Text)
        };
        let label = clip(&row.label, usize::from(self.label), glyphs.ellipsis);
        let x = place.x.saturating_add(GUTTER);
        paint(buffer, place, x, place.y, &label, base);
        match self.beside {
            Some(widths) => self.draw_beside(frame, place, row, widths, base, theme),
            None => self.draw_under(frame, place, row, theme),
        }
    }

    fn draw_beside(
        self,
        frame: &mut Frame,
        place: Rect,
        row: &mut Row,
        widths: [u16; 3],
        base: Style,
        theme: &Theme,
    ) {
        let glyphs = theme.glyphs();
        let buffer = frame.buffer_mut();
        let mut x = place.x + GUTTER + self.label + 1;
        for (at, cell) in row.cells().into_iter().enumerate() {
            if at > 0 {
                paint(buffer, place, x + 1, place.y, glyphs.vertical, base);
                x += BETWEEN;
            }
            let (sign, role) = signed(row, at, theme);
            let style = theme.style(role).patch(base);
            paint(buffer, place, x, place.y, sign, style);
            paint(buffer, place, x + SIGN, place.y, &cell, style);
            row.drawn[at] = Rect::new(x, place.y, SIGN + widths[at], 1).intersection(place);
            x += SIGN + widths[at];
        }
    }

    fn draw_under(self, frame: &mut Frame, place: Rect, row: &mut Row, theme: &Theme) {
        let ellipsis = theme.glyphs().ellipsis;
        let buffer = frame.buffer_mut();
        let x = place.x.saturating_add(GUTTER);
        let mut y = place.y.saturating_add(1);
        for (at, cell) in row.cells().into_iter().enumerate() {
            let (sign, role) = signed(row, at, theme);
            let style = theme.style(role);
            let first = y;
            let lines = wrap(&cell, self.value_width());
            let cut = lines.len() > VALUE_LINES;
            for (line, range) in lines.into_iter().take(VALUE_LINES).enumerate() {
                let mut text = cell[range].trim_end().to_owned();
                if cut && line + 1 == VALUE_LINES {
                    text.truncate(prefix(&text, self.value_width().saturating_sub(1)));
                    text.push_str(ellipsis);
                }
                paint(buffer, place, x.saturating_add(SIGN), y, &text, style);
                y = y.saturating_add(1);
            }
            paint(buffer, place, x, first, sign, style);
            row.drawn[at] = Rect::new(place.x, first, place.width, y - first).intersection(place);
        }
    }
}

/// The sign and the role of a value: the picked one is marked.
fn signed(row: &Row, at: usize, theme: &Theme) -> (&'static str, Role) {
    if SIDES[at] == row.side {
        (theme.glyphs().mark, Role::Mark)
    } else {
        (" ", Role::Text)
    }
}
