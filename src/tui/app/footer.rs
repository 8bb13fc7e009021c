//! The keys in the last line: generated from the table of actions and the keymap, clickable.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::action::{ACTIONS, Context};
use crate::tui::layers::Layer;
use crate::tui::screens::Shown;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{columns, paint};

use super::App;

/// Below this many columns the keys give way to the one that lists them.
const KEYS_FROM: u16 = 60;
/// By how much the keys of deals rank lower on Today, and those of one record while several are marked.
const LATER: u8 = 20;
/// Keys of moving about and of everywhere up to this rank keep their place while several records are marked.
const KEPT: u8 = 3;
/// What stands in the footer of the list of steps alone.
const REDO: &str = "redo";
/// With marks: what is done with all that is marked, the most important first, and its word.
const WITH_MARKS: [(&str, &str); 8] = [
    ("back", "unmark"),
    ("stage", "stage"),
    ("state", "state"),
    ("edit", "edit"),
    ("owner", "owner"),
    ("tag", "tag"),
    ("to-trash", "trash"),
    ("export", "export"),
];

impl App {
    pub(super) fn draw_keys(&self, buffer: &mut Buffer, area: Rect) {
        let glyphs = self.theme.glyphs();
        for hint in self.hints(area.width) {
            let mut x = hint.x;
            if hint.divided {
                paint(
                    buffer,
                    area,
                    x - 2,
                    area.y,
                    glyphs.vertical,
                    self.theme.style(Role::Border),
                );
            }
            x += paint(
                buffer,
                area,
                x,
                area.y,
                &hint.keys,
                self.theme.style(Role::Key),
            );
            paint(
                buffer,
                area,
                x + 1,
                area.y,
                hint.word,
                self.theme.style(Role::Dim),
            );
        }
    }

    /// The keys of the footer: the most important ones that fit, in the order of the table; `?` always stays.
    fn hints(&self, wide: u16) -> Vec<Hint> {
        if self.layers.last().is_some_and(Layer::takes_text) {
            return Vec::new();
        }
        let scope = self.scope();
        let marks = self.layers.is_empty() && self.screen().marked() > 0;
        let mut hints: Vec<(u8, usize, &'static str)> = ACTIONS
            .iter()
            .enumerate()
            .filter(|(_, action)| scope.has(action.context) && (action.allowed)(self).is_ok())
            .filter_map(|(number, action)| {
                let of_marks = || WITH_MARKS.iter().position(|(name, _)| *name == action.name);
                if let Some(place) = marks.then(of_marks).flatten() {
                    // The key that lists the keys stays before them.
                    let rank = u8::try_from(place + 1).unwrap_or(LATER);
                    return Some((rank, number, WITH_MARKS[place].1));
                }
                // Elsewhere the message of an undo names the key that takes it back.
                if action.name == REDO && self.shown != Shown::Steps {
                    return None;
                }
                let (rank, word) = action.hint?;
                // On Today what is planned comes before what is done with its deal.
                let later = match action.context {
                    Context::Board => self.shown == Shown::Today,
                    Context::Record => marks,
                    Context::Move | Context::Global => marks && rank > KEPT,
                    _ => false,
                };
                Some((rank + if later { LATER } else { 0 }, number, word))
            })
            .collect();
        hints.sort_unstable();
        if wide < KEYS_FROM {
            hints.truncate(1);
        }
        while !hints.is_empty() {
            let mut words: Vec<(usize, &'static str)> = hints
                .iter()
                .map(|(_, number, word)| (*number, *word))
                .collect();
            words.sort_unstable();
            let laid = self.lay_hints(&words);
            let end = laid.last().map_or(0, |hint| hint.x + hint.wide());
            if end < wide || hints.len() == 1 {
                return laid;
            }
            hints.pop();
        }
        Vec::new()
    }

    /// The keys and words of the footer where it has all the room it wants.
    #[cfg(test)]
    pub(super) fn hints_for_tests(&self) -> Vec<(String, &'static str)> {
        self.hints(u16::MAX)
            .into_iter()
            .map(|hint| (hint.keys, hint.word))
            .collect()
    }

    fn lay_hints(&self, words: &[(usize, &'static str)]) -> Vec<Hint> {
        let mut x = 1;
        let mut laid: Vec<Hint> = Vec::new();
        for (number, word) in words {
            let action = &ACTIONS[*number];
            let Some(keys) = self.bindings.shown(*number) else {
                continue;
            };
            let global = action.context == Context::Global;
            let divided = global
                && laid
                    .last()
                    .is_some_and(|last| ACTIONS[last.action].context != Context::Global);
            x += if divided { 2 } else { 0 };
            let hint = Hint {
                action: *number,
                x,
                keys,
                word,
                divided,
            };
            x += hint.wide() + 2;
            laid.push(hint);
        }
        laid
    }
}

/// One key of the footer.
struct Hint {
    action: usize,
    x: u16,
    keys: String,
    word: &'static str,
    /// A line stands before it.
    divided: bool,
}

impl Hint {
    fn wide(&self) -> u16 {
        columns(&self.keys) + 1 + columns(self.word)
    }
}

/// The action whose key stands in the footer at a cell.
pub(super) fn key_at(app: &App, x: u16, y: u16) -> Option<usize> {
    if y + 1 != app.size.1 {
        return None;
    }
    app.hints(app.size.0)
        .into_iter()
        .find(|hint| (hint.x..hint.x + hint.wide()).contains(&x))
        .map(|hint| hint.action)
}
