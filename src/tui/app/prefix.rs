//! After a pause in a sequence of keys: what may follow, in a popup, to be read and to be clicked.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::config::keymap::Found;
use crate::config::keys::{Key, Keys};
use crate::tui::action::ACTIONS;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{columns, paint};
use crate::tui::widgets::popup;

use super::App;

/// A key that may follow, and its action where it ends the sequence.
type Follows = (Key, Option<usize>);

fn doc((_, action): &Follows) -> &'static str {
    action
        .and_then(|number| ACTIONS.get(number))
        .map_or("…", |action| action.doc)
}

impl App {
    /// What may follow, where that is shown, and where the popup stands.
    fn follows(&self) -> Option<(Rect, Vec<Follows>)> {
        if !self.show_continuations {
            return None;
        }
        let Found::More(node) = self.bindings.find(self.scope(), &self.typed) else {
            return None;
        };
        let all: Vec<Follows> = node.following().collect();
        let wide = all
            .iter()
            .map(|follows| columns(&follows.0.to_string()) + columns(doc(follows)) + 8)
            .max();
        let high = u16::try_from(all.len())
            .unwrap_or(u16::MAX)
            .saturating_add(2);
        let area = self.body();
        let place = popup::centred(area, wide.unwrap_or(0), high);
        let y = area.bottom().saturating_sub(place.height);
        Some((Rect { y, ..place }, all))
    }

    pub(super) fn draw_follows(&self, frame: &mut Frame) {
        let Some((place, all)) = self.follows() else {
            return;
        };
        let title = Keys(self.typed.clone()).to_string();
        let inner = popup::frame(frame, place, &title, &self.theme);
        for (y, follows) in (inner.y..inner.bottom()).zip(&all) {
            let buffer = frame.buffer_mut();
            let key = follows.0.to_string();
            let style = self.theme.style(Role::Key);
            let x = inner.x + paint(buffer, inner, inner.x, y, &key, style);
            let style = self.theme.style(Role::Text);
            paint(buffer, inner, x + 2, y, doc(follows), style);
        }
    }

    /// A click while the popup is shown goes on with the key of the row. Where it is not in the popup the sequence is given up, and the
    /// click does what it does without one: then false.
    pub(super) fn press_follows(&mut self, x: u16, y: u16) -> bool {
        let shown = self.follows();
        let Some((place, all)) = shown.filter(|(place, _)| place.contains((x, y).into())) else {
            self.forget_typed();
            return false;
        };
        let row = y.checked_sub(place.y + 1);
        match row.and_then(|row| all.get(usize::from(row))) {
            Some((key, None)) => self.typed.push(*key),
            Some((_, Some(action))) => {
                self.forget_typed();
                self.run(*action);
            }
            None => self.forget_typed(),
        }
        true
    }
}
