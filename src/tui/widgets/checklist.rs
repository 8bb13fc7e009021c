//! A popup with rows to tick and to put in order: Space ticks, J and K (or Shift with the arrows) move the row, Enter keeps, Esc leaves.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::Answer;
use super::clip::{clip, columns, fill, paint};
use super::hints::Hints;
use super::popup;
use crate::tui::theme::{Role, Theme};

/// Rows beside the list: the border and the line of keys.
const AROUND: u16 = 4;
/// Columns of the popup.
const WIDE: u16 = 60;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// What it stands for.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Whether it is ticked.
    pub on: bool,
}

/// Rows to tick, over the screen.
#[derive(Clone, Debug)]
pub struct Checklist {
    title: String,
    rows: Vec<Tick>,
    cursor: usize,
    top: usize,
    area: Rect,
    hints: Hints,
}

impl Checklist {
    /// A list of these rows.
    #[must_use]
    pub fn new(title: impl Into<String>, rows: Vec<Tick>) -> Self {
        Self {
            title: title.into(),
            rows,
            cursor: 0,
            top: 0,
            area: Rect::default(),
            hints: Hints::default(),
        }
    }

    /// The keys of the rows that are ticked, in their order.
    #[must_use]
    pub fn ticked(&self) -> Vec<String> {
        let on = self.rows.iter().filter(|row| row.on);
        on.map(|row| row.key.clone()).collect()
    }

    /// Its line of keys.
    #[must_use]
    pub const fn hints(&self) -> &Hints {
        &self.hints
    }

    /// The rows in their order.
    #[must_use]
    pub fn rows(&self) -> &[Tick] {
        &self.rows
    }

    /// Ticks the rows at these places and no other, and puts them first in this order.
    pub fn put(&mut self, places: &[usize]) {
        let mut rows: Vec<Tick> = Vec::with_capacity(self.rows.len());
        let at = |place: &usize| self.rows.get(*place).cloned();
        rows.extend(
            places
                .iter()
                .filter_map(at)
                .map(|row| Tick { on: true, ..row }),
        );
        let rest = (self.rows.iter().enumerate()).filter(|(place, _)| !places.contains(place));
        rows.extend(rest.map(|(_, row)| Tick {
            on: false,
            ..row.clone()
        }));
        self.rows = rows;
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Answer<()> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        match key.code {
            KeyCode::Esc => return Answer::Cancel,
            KeyCode::Enter => return Answer::Submit(()),
            KeyCode::Char('s') if ctrl => return Answer::Submit(()),
            KeyCode::Char(' ') => {
                self.tick();
                self.step(1);
            }
            KeyCode::Up if shift => self.shift(-1),
            KeyCode::Down if shift => self.shift(1),
            KeyCode::Char('K') => self.shift(-1),
            KeyCode::Char('J') => self.shift(1),
            KeyCode::Up | KeyCode::Char('k') | KeyCode::BackTab => self.step(-1),
            KeyCode::Down | KeyCode::Char('j') | KeyCode::Tab => self.step(1),
            KeyCode::PageUp => self.step(-10),
            KeyCode::PageDown => self.step(10),
            KeyCode::Home | KeyCode::Char('g') => self.cursor = 0,
            KeyCode::End | KeyCode::Char('G') => self.cursor = self.last(),
            _ => {}
        }
        Answer::Stay
    }

    /// Ticks the row that was clicked, or takes its tick away.
    pub fn click(&mut self, x: u16, y: u16) {
        if self.area.contains((x, y).into()) {
            let row = self.top + usize::from(y - self.area.y);
            if row < self.rows.len() {
                self.cursor = row;
                self.tick();
            }
        }
    }

    /// Moves the cursor by a turn of the wheel.
    pub fn scroll(&mut self, by: isize) {
        self.step(by);
    }

    fn last(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }

    fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.last());
    }

    fn tick(&mut self) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.on = !row.on;
        }
    }

    /// Moves the row under the cursor past its neighbour.
    fn shift(&mut self, by: isize) {
        let to = self.cursor.saturating_add_signed(by).min(self.last());
        if self.cursor < self.rows.len() {
            self.rows.swap(self.cursor, to);
            self.cursor = to;
        }
    }

    /// Draws the list in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let rows = u16::try_from(self.rows.len()).unwrap_or(u16::MAX);
        let high = rows.saturating_add(AROUND).min(area.height);
        let place = popup::centred(area, WIDE, high);
        let inner = popup::frame(frame, place, &self.title, theme);
        self.hints = Hints::default();
        let shown = usize::from(inner.height.saturating_sub(2)).max(1);
        self.top = self
            .top
            .clamp((self.cursor + 1).saturating_sub(shown), self.cursor);
        self.area = Rect {
            height: inner.height.saturating_sub(2),
            ..inner
        };
        let glyphs = theme.glyphs();
        for (y, (place, row)) in
            (self.area.top()..self.area.bottom()).zip(self.rows.iter().enumerate().skip(self.top))
        {
            let here = place == self.cursor;
            let sign = if here { glyphs.cursor } else { " " };
            let tick = if row.on { "[x]" } else { "[ ]" };
            let room = usize::from(inner.width);
            let text = clip(
                &format!("{sign} {tick} {}", row.name),
                room,
                glyphs.ellipsis,
            )
            .into_owned();
            let style = theme.style(if here { Role::Cursor } else { Role::Text });
            if here {
                fill(frame.buffer_mut(), inner, inner.x, y, style);
                frame.set_cursor_position((inner.x, y));
            }
            paint(frame.buffer_mut(), inner, inner.x, y, &text, style);
        }
        if inner.height > 2 {
            self.draw_foot(frame, inner, theme);
        }
    }

    fn draw_foot(&mut self, frame: &mut Frame, inner: Rect, theme: &Theme) {
        let y = inner.bottom() - 1;
        let on = self.rows.iter().filter(|row| row.on).count();
        let count = format!("{on} of {}", self.rows.len());
        let x = inner.right().saturating_sub(columns(&count));
        if columns(&count) < inner.width {
            paint(
                frame.buffer_mut(),
                inner,
                x,
                y,
                &count,
                theme.style(Role::Dim),
            );
        }
        let keys = Rect {
            y,
            height: 1,
            width: x.saturating_sub(inner.x + 2),
            ..inner
        };
        let all = [
            ("Space", "show"),
            ("J K", "move"),
            ("Enter", "keep"),
            ("Esc", "leave"),
        ];
        self.hints = Hints::draw(frame, keys, &all, theme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{any_keys, draw, keys};
    use proptest::prelude::*;

    fn list() -> Checklist {
        let row = |key: &str, on| Tick {
            key: key.to_owned(),
            name: key.to_uppercase(),
            on,
        };
        Checklist::new(
            "Columns",
            vec![row("a", true), row("b", true), row("c", false)],
        )
    }

    #[test]
    fn rows_are_ticked_and_put_in_order() {
        for (script, ticked) in [
            ("", "a b"),
            ("<space>", "b"),
            ("J", "b a"),
            ("G<space>KK", "c a b"),
            ("JJJ", "b a"),
            ("<pgdn><space>", "a b c"),
        ] {
            let mut list = list();
            for key in keys(script) {
                assert_eq!(list.key(key), Answer::Stay);
            }
            assert_eq!(list.ticked().join(" "), ticked, "{script}");
        }
        assert_eq!(list().key(keys("<enter>")[0]), Answer::Submit(()));
        assert_eq!(list().key(keys("<esc>")[0]), Answer::Cancel);
    }

    proptest! {
        #[test]
        fn any_keys_on_any_size(pressed in any_keys(), w in 0_u16..60, h in 0_u16..12) {
            let mut list = list();
            for key in pressed {
                list.key(key);
                list.click(3, 2);
                draw(w, h, |frame| list.draw(frame, frame.area(), &Theme::default()));
            }
            prop_assert_eq!(list.rows.len(), 3);
        }
    }
}
