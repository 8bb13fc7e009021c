//! A text of one line: typed, pasted, scrolled sideways where it is longer than its field.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::clip::{cells, fill, paint, width};
use super::edit::{Edit, TooLong};

/// A field of one line.
#[derive(Clone, Debug, Default)]
pub struct TextField {
    edit: Edit,
    /// How many cells of the text lie left of the field.
    scrolled: usize,
    area: Rect,
}

impl TextField {
    /// A field with a text, the cursor behind it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            edit: Edit::line(text),
            ..Self::default()
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
        self.scrolled = 0;
    }

    /// Does what a key says; `Ok(false)` where it says nothing to a text.
    pub fn key(&mut self, key: KeyEvent) -> Result<bool, TooLong> {
        self.edit.key(key)
    }

    /// Takes a pasted text; line ends become blanks.
    pub fn paste(&mut self, text: &str) -> Result<(), TooLong> {
        self.edit.insert(text)
    }

    /// Puts the cursor where the mouse was pressed; says whether that was in the field.
    pub fn click(&mut self, x: u16, y: u16) -> bool {
        if !self.area.contains((x, y).into()) {
            return false;
        }
        let wanted = self.scrolled + usize::from(x - self.area.x);
        let mut column = 0;
        let mut at = self.text().len();
        for (start, grapheme) in self.text().grapheme_indices(true) {
            column += cells(grapheme);
            if column > wanted {
                at = start;
                break;
            }
        }
        self.edit.put_cursor(at);
        true
    }

    /// Draws the text over the whole width of `area`'s first row, a sign at each side where it goes on; with `focused` the
    /// terminal's cursor is put where the next letter will come.
    pub fn draw(
        &mut self,
        frame: &mut Frame,
        area: Rect,
        style: Style,
        ellipsis: &str,
        focused: bool,
    ) {
        self.area = Rect {
            height: area.height.min(1),
            ..area
        };
        if self.area.is_empty() {
            return;
        }
        let room = usize::from(area.width);
        let cursor = width(&self.text()[..self.edit.cursor()]);
        let whole = width(self.text());
        self.scroll(cursor, whole, room);
        let (shown, skipped) = self.window(whole, room, ellipsis);
        let buffer = frame.buffer_mut();
        fill(buffer, self.area, area.x, area.y, style);
        let start = area.x.saturating_add(skipped);
        paint(buffer, self.area, start, area.y, &shown, style);
        if focused {
            let column = u16::try_from(cursor - self.scrolled).unwrap_or(u16::MAX);
            let x = area
                .x
                .saturating_add(column)
                .min(area.right().saturating_sub(1));
            frame.set_cursor_position((x, area.y));
        }
    }

    /// Scrolls as little as shows the cursor, with one cell to spare for the sign at a side where the text goes on.
    fn scroll(&mut self, cursor: usize, whole: usize, room: usize) {
        if whole < room || room < 3 {
            self.scrolled = if whole < room {
                0
            } else {
                (cursor + 1).saturating_sub(room)
            };
            return;
        }
        let spare = if cursor == whole { 1 } else { 2 };
        let first = (cursor + spare).saturating_sub(room);
        let last = cursor.saturating_sub(1);
        self.scrolled = self.scrolled.clamp(first.min(last), last);
    }

    /// The part of the text that is in the field, and how many blank cells come before it.
    fn window(&self, whole: usize, room: usize, ellipsis: &str) -> (String, u16) {
        let marks = room >= 3;
        let cut_front = marks && self.scrolled > 0;
        let cut_back = marks && whole > self.scrolled + room;
        let from = self.scrolled + usize::from(cut_front);
        let to = self.scrolled + room - usize::from(cut_back);
        let mut shown = String::new();
        let mut column = 0;
        let mut begin = None;
        for grapheme in self.text().graphemes(true) {
            let size = cells(grapheme);
            if column >= from && column + size <= to {
                begin.get_or_insert(column);
                shown.push_str(grapheme);
            }
            column += size;
        }
        // A wide letter that is cut in two leaves blank cells at the edge.
        let lead = begin.map_or(0, |begin| begin - from);
        if cut_front {
            shown.insert_str(0, &format!("{ellipsis}{}", " ".repeat(lead)));
        }
        if cut_back {
            let gap = room.saturating_sub(1 + width(&shown));
            shown.push_str(&" ".repeat(gap));
            shown.push_str(ellipsis);
        }
        let skipped = if cut_front { 0 } else { lead };
        (shown, u16::try_from(skipped).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{any_keys, draw, keys, text};
    use proptest::prelude::*;

    /// What is on the row, and the column of the cursor.
    fn drawn(field: &mut TextField, wide: u16) -> (String, u16) {
        let mut terminal = draw(wide, 1, |frame| {
            field.draw(frame, frame.area(), Style::new(), "…", true);
        });
        let at = terminal.get_cursor_position().unwrap();
        (text(&terminal), at.x)
    }

    fn typed(start: &str, script: &str) -> TextField {
        let mut field = TextField::new(start);
        for key in keys(script) {
            field.key(key).unwrap();
        }
        field
    }

    #[test]
    fn a_long_text_scrolls_with_its_cursor() {
        let mut field = typed("Rollout of forty scanners", "");
        assert_eq!(drawn(&mut field, 10), ("…scanners".to_owned(), 9));
        for _ in 0..4 {
            field.key(keys("<left>")[0]).unwrap();
        }
        assert_eq!(drawn(&mut field, 10), ("…scanners".to_owned(), 5));
        field.key(keys("<home>")[0]).unwrap();
        assert_eq!(drawn(&mut field, 10), ("Rollout o…".to_owned(), 0));
        field.key(keys("<end>")[0]).unwrap();
        assert_eq!(
            drawn(&mut field, 30),
            ("Rollout of forty scanners".to_owned(), 25)
        );
    }

    #[test]
    fn wide_letters_keep_the_cursor_in_its_column() {
        let mut field = typed("龍騰龍騰龍騰", "<left>");
        assert_eq!(drawn(&mut field, 7), ("…騰龍騰".to_owned(), 5));
        let mut field = typed("龍騰龍騰龍騰", "<left>");
        assert_eq!(drawn(&mut field, 8), ("… 騰龍騰".to_owned(), 6));
        let mut short = typed("龍騰", "");
        assert_eq!(drawn(&mut short, 6).1, 4);
    }

    #[test]
    fn a_click_puts_the_cursor_between_letters() {
        let mut field = TextField::new("a龍b");
        drawn(&mut field, 10);
        assert!(field.click(2, 0));
        field.key(keys("x")[0]).unwrap();
        assert_eq!(field.text(), "ax龍b");
        assert!(!field.click(2, 1));
    }

    proptest! {
        #[test]
        fn any_text_is_drawn_at_any_width_with_its_cursor_inside(text in ".{0,20}", pressed in any_keys(), wide in 1_u16..12) {
            let mut field = TextField::new(&text);
            for key in pressed {
                let _ = field.key(key);
                prop_assert!(drawn(&mut field, wide).1 < wide);
            }
        }
    }
}
