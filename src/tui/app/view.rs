//! The picture of the app: tabs, the screen, the layers over it, the status line, the keys.
//!
//! ```text
//!  1 Today  2 Leads [3 Pipeline] 4 Contacts  …                              Ana ●     tabs
//!  … the screen …                                                                     body
//!  Move Alpina AG to Proposal · u undoes it                                           status
//!  < back  > on  W won  X lost  s stage │ / filter  f find  : commands  ? help        keys
//! ```

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::layers::Layer;
use crate::tui::notices::Tone;
use crate::tui::screens::Scene;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{columns, fill, lines, paint, wrap};
use crate::tui::widgets::hints::{Hints, Press};

use super::App;

/// Below this many columns and rows only a sentence is shown.
const SMALLEST: (u16, u16) = (40, 10);

/// Whether a terminal of so many columns and rows shows nothing but that sentence.
pub(super) const fn is_too_small(size: (u16, u16)) -> bool {
    size.0 < SMALLEST.0 || size.1 < SMALLEST.1
}

/// The part of the terminal between the tabs and the status line.
pub(super) fn body(area: Rect) -> Rect {
    Rect {
        y: area.y + area.height.min(1),
        height: area.height.saturating_sub(3),
        ..area
    }
}

fn row(area: Rect, from_bottom: u16) -> Rect {
    Rect {
        y: area.bottom().saturating_sub(from_bottom).max(area.y),
        height: area.height.min(1),
        ..area
    }
}

impl App {
    /// Draws everything, and nothing that would play with the terminal: texts of the book are clean, unless another program wrote
    /// them there.
    pub fn draw(&mut self, frame: &mut Frame) {
        self.draw_all(frame);
        super::finish::finish(frame.buffer_mut(), &self.theme, self.can.isolates);
        if self.can.links {
            super::finish::link(frame.buffer_mut(), &self.addresses());
        }
    }

    fn draw_all(&mut self, frame: &mut Frame) {
        let area = frame.area();
        if is_too_small((area.width, area.height)) {
            let text = format!(
                "clinch needs {}x{}; this is {}x{}. clinch deals list works at any size.",
                SMALLEST.0, SMALLEST.1, area.width, area.height
            );
            let lines = wrap(&text, usize::from(area.width));
            for (y, line) in (area.y..area.bottom()).zip(lines) {
                let style = self.theme.style(Role::Text);
                paint(
                    frame.buffer_mut(),
                    area,
                    area.x,
                    y,
                    text[line].trim_end(),
                    style,
                );
            }
            return;
        }
        self.draw_tabs(frame.buffer_mut(), Rect { height: 1, ..area });
        let scene = Scene {
            look: self.look(),
            real: self.real,
            period: &self.period_short,
            drop: self.mouse.over(),
            slow: self.slow,
        };
        let mut cursor = self.screen().draw(frame, body(area), &scene);
        self.draw_status(frame.buffer_mut(), area, &mut cursor);
        self.draw_keys(frame.buffer_mut(), row(area, 1));
        // The terminal's own cursor stands on the row that has the keys, so that a screen reader reads it.
        if let Some(place) = cursor.filter(|_| self.layers.is_empty()) {
            frame.set_cursor_position(place);
        }
        self.draw_layers(frame, area, cursor);
        self.draw_follows(frame);
    }

    /// The message of the moment. One that is too long for the line takes two: the one below it where a popup leaves that free, else
    /// the one above it, for which the foot of the screen moves up.
    fn draw_status(&self, buffer: &mut Buffer, all: Rect, cursor: &mut Option<(u16, u16)>) {
        let area = row(all, 2);
        let aside = self.aside();
        let aside_x = area.right().saturating_sub(columns(&aside) + 1);
        let style = |role| self.theme.style(role);
        paint(buffer, area, aside_x, area.y, &aside, style(Role::Pending));
        let Some(notice) = self.notices.shown(self.real) else {
            return;
        };
        let glyphs = self.theme.glyphs();
        let (sign, role) = match notice.tone {
            Tone::Plain => ("", Role::Status),
            Tone::Good => (glyphs.good, Role::Good),
            Tone::Bad => (glyphs.late, Role::Error),
            Tone::Others => (glyphs.by_others, Role::ByOthers),
        };
        let mut x = area.x + 1;
        if !sign.is_empty() {
            x += paint(buffer, area, x, area.y, sign, style(role)) + 1;
        }
        let room = usize::from(aside_x.saturating_sub(x + 1));
        let text_role = if notice.tone == Tone::Bad {
            Role::Error
        } else {
            Role::Status
        };
        let most = if self.types_into_status() { 1 } else { 2 };
        let text = lines(&notice.text, room, most, glyphs.ellipsis);
        let [begin, rest] = text.as_slice() else {
            let text = text.first().map_or("", AsRef::as_ref);
            paint(buffer, area, x, area.y, text, style(text_role));
            return;
        };
        let (upper, lower) = if self.takes_text() {
            (area, row(all, 1))
        } else {
            let above = row(all, 3);
            move_up(buffer, above, cursor);
            fill(buffer, above, above.x, above.y, style(Role::Text));
            (above, area)
        };
        // The sign stands before the beginning.
        if upper.y != area.y && !sign.is_empty() {
            fill(
                buffer,
                Rect { width: x, ..area },
                area.x,
                area.y,
                style(Role::Text),
            );
            paint(buffer, upper, upper.x + 1, upper.y, sign, style(role));
        }
        paint(buffer, upper, x, upper.y, begin, style(text_role));
        paint(buffer, lower, x, lower.y, rest, style(text_role));
    }

    /// Whether something is typed into the status line, which is no place for messages then.
    fn types_into_status(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Filter(_) | Layer::Tags(..)))
    }
}

/// Moves the foot of a screen up by a line, over the last line of what it shows; where that is under the cursor, over the one before.
fn move_up(buffer: &mut Buffer, foot: Rect, cursor: &mut Option<(u16, u16)>) {
    let last = foot.y.saturating_sub(1);
    let is_last = |(_, y): &(u16, u16)| *y == last;
    let first = cursor
        .filter(is_last)
        .map_or(last, |(_, y)| y.saturating_sub(1));
    for y in first..foot.y {
        for x in foot.left()..foot.right() {
            buffer[(x, y)] = buffer[(x, y + 1)].clone();
        }
    }
    if let Some((_, y)) = cursor.as_mut().filter(|place| is_last(place)) {
        *y = first;
    }
}

/// A line to read; where it is longer than the popup is wide its rest is indented too.
pub(super) struct Line {
    pub text: String,
    pub style: Style,
    pub indent: u16,
}

impl Line {
    pub(super) fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
            indent: 0,
        }
    }

    pub(super) const fn indented(mut self, indent: u16) -> Self {
        self.indent = indent;
        self
    }

    /// How many lines of the screen it takes.
    pub(super) fn height(&self, wide: u16) -> usize {
        self.wrapped(wide).len()
    }

    fn wrapped(&self, wide: u16) -> Vec<std::ops::Range<usize>> {
        let room = wide.saturating_sub(self.indent).max(1);
        wrap(&self.text, usize::from(room))
    }
}

/// Draws lines, wrapped, from line `top` on, and returns where it really begins, and the signs that there is more: a click on one
/// turns the page.
pub(super) fn draw_lines(
    buffer: &mut Buffer,
    area: Rect,
    lines: &[Line],
    top: usize,
    theme: &Theme,
) -> (usize, Hints) {
    let wrapped: Vec<(&str, &Line)> = lines
        .iter()
        .flat_map(|line| {
            let pieces = line.wrapped(area.width).into_iter();
            pieces.map(move |piece| (line.text[piece].trim_end(), line))
        })
        .collect();
    let top = top.min(wrapped.len().saturating_sub(usize::from(area.height)));
    for (y, (text, line)) in (area.y..area.bottom()).zip(wrapped.iter().skip(top)) {
        let x = area.x.saturating_add(line.indent);
        paint(buffer, area, x, y, text, line.style);
    }
    let edge = area.right().saturating_sub(1);
    let bottom = area.bottom().saturating_sub(1);
    let mut signs = Hints::default();
    for (more, y, glyph, key) in [
        (top > 0, area.y, theme.glyphs().up, KeyCode::PageUp),
        (
            top + usize::from(area.height) < wrapped.len(),
            bottom,
            theme.glyphs().down,
            KeyCode::PageDown,
        ),
    ] {
        if more {
            paint(buffer, area, edge, y, glyph, theme.style(Role::Key));
            signs.add(Rect::new(edge, y, 1, 1), Press::Key(key.into()));
        }
    }
    (top, signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands above a message of two lines, and where the cursor is.
    fn moved_up(cursor: Option<(u16, u16)>) -> (String, Option<(u16, u16)>) {
        let mut buffer = Buffer::with_lines(["one", "two", "three", "foot"]);
        let mut cursor = cursor;
        move_up(&mut buffer, Rect::new(0, 3, 5, 1), &mut cursor);
        let rows = buffer.content.chunks(5).take(3);
        let rows = rows.map(|row| {
            row.iter()
                .map(ratatui::buffer::Cell::symbol)
                .collect::<String>()
        });
        let rows: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
        (rows.join(" "), cursor)
    }

    #[test]
    fn a_message_of_two_lines_hides_neither_the_foot_nor_what_is_under_the_cursor() {
        let here = |y| Some((0, y));
        assert_eq!(moved_up(None), ("one two foot".to_owned(), None));
        assert_eq!(moved_up(here(1)), ("one two foot".to_owned(), here(1)));
        assert_eq!(moved_up(here(2)), ("one three foot".to_owned(), here(1)));
    }
}
