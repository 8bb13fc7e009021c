//! A text of several lines: wrapped at the width of its area, scrolled so that the cursor is seen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::clip::{cells, fill, paint, width, wrap};
use super::edit::{Edit, TooLong};

/// An area of several lines.
#[derive(Clone, Debug)]
pub struct TextArea {
    edit: Edit,
    /// The first wrapped line that is shown.
    top: usize,
    /// The column that moves up and down keep to.
    goal: Option<usize>,
    area: Rect,
}

/// The width at which lines are taken to be wrapped as long as nothing was drawn.
const UNDRAWN: usize = 60;

impl TextArea {
    /// An area with a text, the cursor behind it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            edit: Edit::block(text),
            top: 0,
            goal: None,
            area: Rect::default(),
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.edit.text()
    }

    /// Takes another text, the cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.edit.set(text);
        self.goal = None;
    }

    /// Does what a key says; `Ok(false)` where it says nothing to a text, or moves up out of the first or down out of the last
    /// line.
    pub fn key(&mut self, key: KeyEvent) -> Result<bool, TooLong> {
        let page = i32::from(self.area.height.max(2)) - 1;
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Up => return Ok(self.move_lines(-1)),
            KeyCode::Down => return Ok(self.move_lines(1)),
            KeyCode::PageUp => return Ok(self.move_lines(-page)),
            KeyCode::PageDown => return Ok(self.move_lines(page)),
            _ => self.goal = None,
        }
        match key.code {
            KeyCode::Enter => self.edit.insert("\n").map(|()| true),
            KeyCode::Home if ctrl => {
                self.edit.put_cursor(0);
                Ok(true)
            }
            KeyCode::End if ctrl => {
                self.edit.put_cursor(self.text().len());
                Ok(true)
            }
            _ => self.edit.key(key),
        }
    }

    /// Takes a pasted text with its lines.
    pub fn paste(&mut self, text: &str) -> Result<(), TooLong> {
        self.goal = None;
        self.edit.insert(text)
    }

    /// Puts the cursor where the mouse was pressed; says whether that was in the area.
    pub fn click(&mut self, x: u16, y: u16) -> bool {
        if !self.area.contains((x, y).into()) {
            return false;
        }
        let lines = wrap(self.text(), self.wide());
        let line = (self.top + usize::from(y - self.area.y)).min(lines.len() - 1);
        self.goal = None;
        let column = usize::from(x - self.area.x);
        self.edit.put_cursor(self.at(&lines, line, column));
        true
    }

    /// How many lines the text has at a width.
    #[must_use]
    pub fn lines_at(&self, wide: u16) -> usize {
        wrap(self.text(), usize::from(wide)).len()
    }

    /// Draws the lines around the cursor; with `focused` the terminal's cursor is put where the next letter will come.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, style: Style, focused: bool) {
        self.area = area;
        if area.is_empty() {
            return;
        }
        let lines = wrap(self.text(), self.wide());
        let (line, column) = self.place(&lines);
        let height = usize::from(area.height);
        let lowest = lines.len().saturating_sub(height);
        self.top = self
            .top
            .clamp((line + 1).saturating_sub(height), line)
            .min(lowest);
        let buffer = frame.buffer_mut();
        for (row, y) in (self.top..).zip(area.top()..area.bottom()) {
            fill(buffer, area, area.x, y, style);
            if let Some(range) = lines.get(row) {
                paint(
                    buffer,
                    area,
                    area.x,
                    y,
                    &self.edit.text()[range.clone()],
                    style,
                );
            }
        }
        if focused {
            let last = area.width - 1;
            let x = area.x + u16::try_from(column).unwrap_or(last).min(last);
            let y = area.y + u16::try_from(line - self.top).unwrap_or(0);
            frame.set_cursor_position((x, y.min(area.bottom() - 1)));
        }
    }

    fn wide(&self) -> usize {
        if self.area.width == 0 {
            UNDRAWN
        } else {
            usize::from(self.area.width)
        }
    }

    /// The wrapped line and the column of the cursor.
    fn place(&self, lines: &[std::ops::Range<usize>]) -> (usize, usize) {
        let cursor = self.edit.cursor();
        let line = lines
            .iter()
            .rposition(|range| range.start <= cursor)
            .unwrap_or(0);
        (line, width(&self.text()[lines[line].start..cursor]))
    }

    /// The byte at a column of a line; at the end of a wrapped line, before its last letter, because behind it is the next line.
    fn at(&self, lines: &[std::ops::Range<usize>], line: usize, column: usize) -> usize {
        let range = lines[line].clone();
        let wrapped = lines
            .get(line + 1)
            .is_some_and(|next| next.start == range.end);
        let mut used = 0;
        for (start, grapheme) in self.text()[range.clone()].grapheme_indices(true) {
            let at = range.start + start;
            let last = wrapped && at + grapheme.len() == range.end;
            if used + cells(grapheme) > column || last {
                return at;
            }
            used += cells(grapheme);
        }
        range.end
    }

    fn move_lines(&mut self, by: i32) -> bool {
        let lines = wrap(self.text(), self.wide());
        let (line, column) = self.place(&lines);
        let to = line.saturating_add_signed(by as isize).min(lines.len() - 1);
        if to == line {
            self.goal = None;
            return false;
        }
        let goal = *self.goal.get_or_insert(column);
        self.edit.put_cursor(self.at(&lines, to, goal));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{any_keys, draw, keys, text};
    use proptest::prelude::*;

    fn drawn(area: &mut TextArea, wide: u16, high: u16) -> (String, (u16, u16)) {
        let mut terminal = draw(wide, high, |frame| {
            area.draw(frame, frame.area(), Style::new(), true);
        });
        let at = terminal.get_cursor_position().unwrap();
        (text(&terminal), (at.x, at.y))
    }

    #[test]
    fn a_note_wraps_and_scrolls_with_its_cursor() {
        let mut area = TextArea::new("Two sites in January\nwould suit us.");
        let (screen, at) = drawn(&mut area, 10, 2);
        assert_eq!(screen, "would suit\nus.");
        assert_eq!(at, (3, 1));
        for key in keys("<up><up><up>") {
            area.key(key).unwrap();
        }
        let (screen, at) = drawn(&mut area, 10, 2);
        assert_eq!(screen, "Two sites\nin January");
        assert_eq!(at, (3, 0));
    }

    #[test]
    fn up_and_down_keep_their_column_and_end_at_the_edges() {
        let mut area = TextArea::new("first line\nx\nthird line");
        for key in keys("<up><up>") {
            assert_eq!(area.key(key), Ok(true));
        }
        area.key(keys("!")[0]).unwrap();
        assert_eq!(area.text(), "first line!\nx\nthird line");
        assert_eq!(area.key(keys("<up>")[0]), Ok(false));
    }

    #[test]
    fn enter_makes_a_line_and_a_paste_keeps_its_own() {
        let mut area = TextArea::new("");
        for key in keys("a<enter>b") {
            area.key(key).unwrap();
        }
        area.paste("\r\nc\u{1b}").unwrap();
        assert_eq!(area.text(), "a\nb\nc");
    }

    #[test]
    fn a_click_finds_the_line_and_the_letter() {
        let mut area = TextArea::new("one two three");
        drawn(&mut area, 5, 3);
        assert!(area.click(1, 1));
        area.key(keys("|")[0]).unwrap();
        assert_eq!(area.text(), "one t|wo three");
    }

    proptest! {
        #[test]
        fn any_text_is_drawn_at_any_size_with_its_cursor_inside(
            text in "(?s).{0,40}", pressed in any_keys(), wide in 1_u16..12, high in 1_u16..6
        ) {
            let mut area = TextArea::new(&text);
            for key in pressed {
                let _ = area.key(key);
                let (x, y) = drawn(&mut area, wide, high).1;
                prop_assert!(x < wide && y < high);
            }
        }
    }
}
