//! Changes of earlier runs that are not in the book: what shall become of them.
//!
//! ```text
//! ╔ 2 changes of an earlier run are not in the book ═════════════╗
//! ║ Nothing of them is written unless you say so.                ║
//! ║                                                              ║
//! ║ 10:02         Move Renewal to Discovery                      ║
//! ║ 23 Nov 17:40  Log call on Pilot                              ║
//! ║ W write them  X throw away  Esc later                        ║
//! ╚══════════════════════════════════════════════════════════════╝
//! ```

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Answer;
use crate::tui::widgets::clip::{clip, columns, paint, width};
use crate::tui::widgets::hints::{Hints, Press};
use crate::tui::widgets::popup;

use super::confirm::Confirm;

const WIDE: u16 = 76;

/// What its author decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Write them, as anything that is written.
    Write,
    /// They are not wanted any more.
    ThrowAway,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// When it was made.
    pub at: String,
    /// What it does.
    pub words: String,
    /// Why it cannot be written as it is.
    pub obstacle: Option<&'static str>,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct OffersForm {
    rows: Vec<Row>,
    top: usize,
    /// Whether they shall really be thrown away.
    sure: Option<Confirm>,
    hints: Hints,
}

impl OffersForm {
    /// The dialog over these changes, the oldest first.
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Self {
        Self {
            rows,
            top: 0,
            sure: None,
            hints: Hints::default(),
        }
    }

    /// Its line of keys.
    #[must_use]
    pub const fn hints(&self) -> &Hints {
        &self.hints
    }

    /// The changes.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether it asks whether they shall really be thrown away.
    #[must_use]
    pub const fn is_sure(&self) -> bool {
        self.sure.is_some()
    }

    /// `3 changes`.
    fn count(&self) -> String {
        changes(self.rows.len())
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Answer<Decision> {
        if let Some(sure) = &mut self.sure {
            let answer = sure.key(key);
            return self.sure(&answer);
        }
        match key.code {
            KeyCode::Esc => return Answer::Cancel,
            KeyCode::Char('W') => return Answer::Submit(Decision::Write),
            KeyCode::Char('X') => {
                self.sure = Some(Confirm::new(
                    "Nothing brings them back",
                    "They are in no book, and are taken out of the outbox.",
                    &format!("Throw away {}", self.count()),
                ));
            }
            KeyCode::Up | KeyCode::Char('k') => self.top = self.top.saturating_sub(1),
            KeyCode::Down | KeyCode::Char('j') => self.top = self.top.saturating_add(1),
            _ => {}
        }
        Answer::Stay
    }

    /// Takes a click.
    pub fn click(&mut self, x: u16, y: u16) -> Answer<Decision> {
        let Some(sure) = &mut self.sure else {
            return Answer::Stay;
        };
        let answer = sure.click(x, y);
        self.sure(&answer)
    }

    fn sure(&mut self, answer: &Answer<()>) -> Answer<Decision> {
        match answer {
            Answer::Stay => return Answer::Stay,
            Answer::Submit(()) => return Answer::Submit(Decision::ThrowAway),
            Answer::Cancel => self.sure = None,
        }
        Answer::Stay
    }

    /// Draws the dialog in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let title = format!("{} not in the book", of_an_earlier_run(self.rows.len()));
        let lines = self.lines();
        // The border, the sentence, a blank line, the keys.
        let high = u16::try_from(lines.len() + 5).unwrap_or(u16::MAX);
        let place = popup::centred(area, WIDE, high);
        let inner = popup::frame(frame, place, &title, theme);
        self.hints = Hints::default();
        if inner.is_empty() {
            return;
        }
        let list = Rect {
            y: inner.y + 2,
            height: inner.height.saturating_sub(3),
            ..inner
        };
        let room = usize::from(list.height);
        self.top = self.top.min(lines.len().saturating_sub(room));
        let buffer = frame.buffer_mut();
        let intro = "Nothing of them is written unless you say so.";
        paint(
            buffer,
            inner,
            inner.x,
            inner.y,
            intro,
            theme.style(Role::Text),
        );
        let ellipsis = theme.glyphs().ellipsis;
        for (y, (indent, text, role)) in (list.y..list.bottom()).zip(lines.iter().skip(self.top)) {
            let room = usize::from(list.width.saturating_sub(*indent));
            let text = clip(text, room, ellipsis);
            paint(buffer, list, list.x + indent, y, &text, theme.style(*role));
        }
        let more = theme.style(Role::Key);
        let edge = list.right().saturating_sub(1);
        if self.top > 0 {
            paint(buffer, list, edge, list.y, theme.glyphs().up, more);
        }
        if self.top + room < lines.len() && room > 0 {
            let bottom = list.bottom() - 1;
            paint(buffer, list, edge, bottom, theme.glyphs().down, more);
        }
        let foot = Rect {
            y: inner.bottom() - 1,
            height: 1,
            ..inner
        };
        frame.set_cursor_position((list.x, list.y.min(foot.y)));
        let keys = [("W", "write them"), ("X", "throw away"), ("Esc", "later")];
        self.hints = Hints::draw(frame, foot, &keys, theme);
        let signs = [
            (self.top > 0, list.y, KeyCode::Up),
            (
                self.top + room < lines.len() && room > 0,
                list.bottom().saturating_sub(1),
                KeyCode::Down,
            ),
        ];
        for (_, y, key) in signs.into_iter().filter(|(more, ..)| *more) {
            (self.hints).add(Rect::new(edge, y, 1, 1), Press::Key(key.into()));
        }
        if let Some(sure) = &mut self.sure {
            sure.draw(frame, area, theme);
            // The question lies over them.
            self.hints = Hints::default();
        }
    }

    /// Lines of text with their indent.
    fn lines(&self) -> Vec<(u16, String, Role)> {
        let at_wide = self.rows.iter().map(|row| width(&row.at)).max();
        let at_wide = at_wide.unwrap_or_default();
        let indent = u16::try_from(at_wide + 2).unwrap_or_default();
        let mut lines = Vec::new();
        for row in &self.rows {
            let gap = " ".repeat(at_wide + 2 - usize::from(columns(&row.at)));
            let text = format!("{}{gap}{}", row.at, row.words);
            lines.push((0, text, Role::Text));
            if let Some(obstacle) = row.obstacle {
                lines.push((indent, obstacle.to_owned(), Role::Soon));
            }
        }
        lines
    }
}

/// `1 change`, `3 changes`.
#[must_use]
pub fn changes(count: usize) -> String {
    if count == 1 {
        "1 change".to_owned()
    } else {
        format!("{count} changes")
    }
}

/// `3 changes of an earlier run are`.
#[must_use]
pub fn of_an_earlier_run(count: usize) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("{} of an earlier run {are}", changes(count))
}
