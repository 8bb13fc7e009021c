//! After a pause in a sequence of keys: what may follow, in a popup, to be read and to be clicked.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::config::keymap::Found;
use crate::config::keys::{Key, Keys};
use crate::tui::action::ACTIONS;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, paint};
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
        let glyphs = self.theme.glyphs();
        let shown = self.follows_in_sight(place, all.len());
        for (y, follows) in (inner.y..inner.bottom()).zip(&all[shown.clone()]) {
            let buffer = frame.buffer_mut();
            let key = follows.0.to_string();
            let style = self.theme.style(Role::Key);
            let x = inner.x + paint(buffer, inner, inner.x, y, &key, style) + 2;
            let style = self.theme.style(Role::Text);
            let room = usize::from(inner.right().saturating_sub(x));
            let text = clip(doc(follows), room, glyphs.ellipsis);
            paint(buffer, inner, x, y, &text, style);
        }
        if shown.len() < all.len() && inner.height > 0 {
            let (from, to) = (shown.start + 1, shown.end);
            let text = format!("{} {from}-{to} of {} {}", glyphs.up, all.len(), glyphs.down);
            let style = self.theme.style(Role::Dim);
            paint(
                frame.buffer_mut(),
                inner,
                inner.x,
                inner.bottom() - 1,
                &text,
                style,
            );
        }
    }

    /// The rows that have room: all of them, or a page of them above the line that says which these are.
    fn follows_in_sight(&self, place: Rect, all: usize) -> Range<usize> {
        let high = usize::from(place.height.saturating_sub(2));
        if all <= high {
            return 0..all;
        }
        let page = high.saturating_sub(1).max(1);
        let from = self.follows_page * page % (all.div_ceil(page) * page);
        from..(from + page).min(all)
    }

    /// Where not all has room, the arrows and the wheel show the next rows or those before, round and round. Says whether they did.
    pub(super) fn turn_follows(&mut self, by: isize) -> bool {
        let Some((place, all)) = self.follows() else {
            return false;
        };
        let shown = self.follows_in_sight(place, all.len());
        if shown.len() == all.len() {
            return false;
        }
        let page = usize::from(place.height.saturating_sub(3)).max(1);
        let pages = all.len().div_ceil(page);
        self.follows_page = (self.follows_page + pages).saturating_add_signed(by) % pages;
        true
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
        let in_sight = self.follows_in_sight(place, all.len());
        if in_sight.len() < all.len() && y + 2 == place.bottom() {
            return self.turn_follows(1);
        }
        let hit = row.and_then(|row| all.get(in_sight)?.get(usize::from(row)));
        match hit.copied() {
            Some((key, None)) => self.typed.push(key),
            Some((_, Some(action))) => {
                self.forget_typed();
                self.run(action);
            }
            None => self.forget_typed(),
        }
        true
    }
}
