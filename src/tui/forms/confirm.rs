//! A question before what cannot be undone, or touches very much. The verb is on the button; Cancel has the keys.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Answer;
use crate::tui::widgets::clip::{clip, columns, paint, wrap};
use crate::tui::widgets::popup;

const WIDE: u16 = 56;
const CANCEL: &str = "Cancel";

/// The question.
#[derive(Clone, Debug)]
pub struct Confirm {
    title: String,
    text: String,
    verb: String,
    on_verb: bool,
    buttons: [Rect; 2],
}

impl Confirm {
    /// Asks whether to do it. `verb` says what, with its number: `Delete 34 leads`.
    #[must_use]
    pub fn new(title: &str, text: &str, verb: &str) -> Self {
        Self {
            title: title.to_owned(),
            text: text.to_owned(),
            verb: verb.to_owned(),
            on_verb: false,
            buttons: [Rect::default(); 2],
        }
    }

    /// What it asks in words: what it is about, what is to be known, what will be done.
    #[must_use]
    pub fn words(&self) -> [&str; 3] {
        [&self.title, &self.text, &self.verb]
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Answer<()> {
        match key.code {
            KeyCode::Char('y' | 'Y') => Answer::Submit(()),
            KeyCode::Enter if self.on_verb => Answer::Submit(()),
            KeyCode::Esc | KeyCode::Char('n' | 'N') | KeyCode::Enter => Answer::Cancel,
            KeyCode::Left | KeyCode::Right | KeyCode::Tab | KeyCode::BackTab => {
                self.on_verb = !self.on_verb;
                Answer::Stay
            }
            _ => Answer::Stay,
        }
    }

    /// Takes a click on a button.
    pub fn click(&mut self, x: u16, y: u16) -> Answer<()> {
        let at = (x, y).into();
        if self.buttons[0].contains(at) {
            Answer::Cancel
        } else if self.buttons[1].contains(at) {
            Answer::Submit(())
        } else {
            Answer::Stay
        }
    }

    /// Draws the question in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let wide = WIDE.min(area.width);
        let lines = wrap(&self.text, usize::from(wide.saturating_sub(4)));
        // The border, a blank line, the buttons.
        let high = u16::try_from(lines.len() + 4).unwrap_or(u16::MAX);
        let place = popup::centred(area, wide, high);
        let inner = popup::frame(frame, place, &self.title, theme);
        self.buttons = [Rect::default(); 2];
        if inner.is_empty() {
            return;
        }
        let foot = inner.bottom() - 1;
        for (line, y) in lines.into_iter().zip(inner.top()..foot) {
            let style = theme.style(Role::Text);
            paint(
                frame.buffer_mut(),
                inner,
                inner.x,
                y,
                &self.text[line],
                style,
            );
        }
        let mut x = inner.x;
        for (at, text) in [CANCEL, &self.verb].into_iter().enumerate() {
            let chosen = self.on_verb == (at == 1);
            let room = usize::from(inner.right().saturating_sub(x)).saturating_sub(4);
            let text = clip(text, room, theme.glyphs().ellipsis);
            let sign = if chosen { theme.glyphs().cursor } else { " " };
            let label = format!("{sign}[{text}]");
            let role = if chosen { Role::Cursor } else { Role::Text };
            if chosen {
                frame.set_cursor_position((x.min(inner.right() - 1), foot));
            }
            paint(
                frame.buffer_mut(),
                inner,
                x,
                foot,
                &label,
                theme.style(role),
            );
            let button = Rect::new(x, foot, columns(&label), 1);
            self.buttons[at] = button.intersection(inner);
            x = x.saturating_add(columns(&label) + 2);
        }
    }
}
