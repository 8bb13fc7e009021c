//! The keys that a popup names in its last line: drawn there, and clicked there.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::clip::{columns, paint};
use crate::tui::theme::{Role, Theme};

/// What a click on a word of the line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// That key.
    Key(KeyEvent),
    /// That text, typed.
    Text(String),
    /// What is offered at that place.
    Offer(usize),
}

/// Where the words of the line stand that can be clicked, since it was drawn.
#[derive(Clone, Debug, Default)]
pub struct Hints(Vec<(Rect, Press)>);

impl Hints {
    /// Draws what the keys do into one row, the more important first; what does not fit is left out, the last first. A word that is
    /// no key and no text to type only explains, and looks so.
    #[must_use]
    pub fn draw(frame: &mut Frame, row: Rect, keys: &[(&str, &str)], theme: &Theme) -> Self {
        let mut drawn = Self::default();
        let mut x = row.x;
        for (key, does) in keys {
            let gap = if x == row.x { 0 } else { 2 };
            let wide = gap + columns(key) + 1 + columns(does);
            if x.saturating_add(wide) > row.right() {
                break;
            }
            x += gap;
            let from = x;
            for (at, word) in key.split(' ').enumerate() {
                x += u16::from(at > 0);
                let press = press(word);
                let role = if press.is_some() {
                    Role::Key
                } else {
                    Role::Text
                };
                let begin = x;
                x += paint(frame.buffer_mut(), row, x, row.y, word, theme.style(role));
                if let Some(press) = press {
                    drawn.add(Rect::new(begin, row.y, x - begin, 1), press);
                }
            }
            let buffer = frame.buffer_mut();
            x += paint(buffer, row, x, row.y, " ", Style::new());
            x += paint(buffer, row, x, row.y, does, theme.style(Role::Dim));
            // What one key does can be clicked too.
            if !key.contains(' ')
                && let Some(press) = press(key)
            {
                drawn.add(Rect::new(from, row.y, x - from, 1), press);
            }
        }
        drawn
    }

    /// One more place to click.
    pub fn add(&mut self, place: Rect, press: Press) {
        self.0.push((place, press));
    }

    /// What a click at a cell stands for.
    #[must_use]
    pub fn at(&self, x: u16, y: u16) -> Option<&Press> {
        let hit = self
            .0
            .iter()
            .find(|(place, _)| place.contains((x, y).into()));
        hit.map(|(_, press)| press)
    }
}

/// What a word in the place of a key stands for: `Enter`, `Ctrl-S`, `W`, `owner:me`; `None` where it only explains.
fn press(word: &str) -> Option<Press> {
    let plain = |code| Some(Press::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    let letter = |text: &str| {
        let mut letters = text.chars();
        letters.next().filter(|_| letters.next().is_none())
    };
    match word {
        "Enter" => plain(KeyCode::Enter),
        "Esc" => plain(KeyCode::Esc),
        "Tab" => plain(KeyCode::Tab),
        "Space" => plain(KeyCode::Char(' ')),
        _ => match (word.strip_prefix("Ctrl-").and_then(letter), letter(word)) {
            (Some(key), _) => {
                let key = KeyCode::Char(key.to_ascii_lowercase());
                Some(Press::Key(KeyEvent::new(key, KeyModifiers::CONTROL)))
            }
            (None, Some(key)) => plain(KeyCode::Char(key)),
            (None, None) => word
                .contains([':', '<', '>'])
                .then(|| Press::Text(word.to_owned())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{draw, keys, text};

    #[test]
    fn the_last_keys_are_left_out_first() {
        let shown = |wide| {
            let terminal = draw(wide, 1, |screen| {
                let all = [("Enter", "save"), ("Tab", "more"), ("Esc", "leave")];
                let _ = Hints::draw(screen, screen.area(), &all, &Theme::default());
            });
            text(&terminal)
        };
        assert_eq!(shown(40), "Enter save  Tab more  Esc leave");
        assert_eq!(shown(30), "Enter save  Tab more");
        assert_eq!(shown(9), "");
    }

    #[test]
    fn a_key_is_pressed_by_its_name_and_by_what_it_does() {
        let mut hints = Hints::default();
        draw(60, 1, |screen| {
            let all = [
                ("Ctrl-S", "save"),
                ("J K", "move"),
                ("owner:me", "mine"),
                ("words", "of the text"),
            ];
            hints = Hints::draw(screen, screen.area(), &all, &Theme::default());
        });
        let key = |script: &str| Some(Press::Key(keys(script)[0]));
        for (x, press) in [
            (0, key("<c-s>")),
            (5, key("<c-s>")),
            (10, key("<c-s>")),
            (11, None),
            (13, key("J")),
            (15, key("K")),
            (17, None),
            (23, Some(Press::Text("owner:me".to_owned()))),
            (39, None),
            (41, None),
        ] {
            assert_eq!(hints.at(x, 0).cloned(), press, "{x}");
        }
        assert_eq!(hints.at(0, 1), None);
    }
}
