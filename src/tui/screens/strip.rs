//! The names of what has no room beside each other: one line, the shown one in brackets, each to be clicked.
//!
//! ```text
//!  Qualify 6 · Discovery 6 · [Proposal 5] · Negotiate 4
//! ◂ Discovery 6 · [Proposal 5] · Neg…
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, paint, width};

/// Columns between two names: a dot with a blank at each side.
const BETWEEN: u16 = 3;

/// The names, and which of them is shown.
#[derive(Clone, Debug)]
pub struct Strip {
    names: Vec<String>,
    on: usize,
}

impl Strip {
    /// A strip of these names.
    #[must_use]
    pub fn new(names: impl Iterator<Item = String>, on: usize) -> Self {
        let bracketed = |(place, name): (usize, String)| {
            if place == on {
                format!("[{name}]")
            } else {
                name
            }
        };
        Self {
            names: names.enumerate().map(bracketed).collect(),
            on,
        }
    }

    /// The first name that is drawn: so far right that the shown one is whole, where it can be.
    fn first(&self, line: Rect) -> usize {
        let fits = |from: &usize| {
            let names = self.names.get(*from..=self.on).unwrap_or_default();
            let cells: usize = names.iter().map(|name| width(name) + 3).sum();
            cells + 4 <= usize::from(line.width)
        };
        (0..=self.on).find(fits).unwrap_or(self.on)
    }

    /// The names from the first that is drawn on, each with its place and its column.
    fn laid(&self, line: Rect) -> impl Iterator<Item = (usize, u16, &str)> {
        let first = self.first(line);
        // A sign that there are others at the left, and a blank.
        let mut x = line.x + if first > 0 { 3 } else { 1 };
        self.names
            .iter()
            .enumerate()
            .skip(first)
            .map(move |(place, name)| {
                let at = x;
                x = x.saturating_add(columns(name) + BETWEEN);
                (place, at, name.as_str())
            })
    }

    /// Draws it into a line.
    pub fn draw(&self, buffer: &mut Buffer, line: Rect, look: &Look<'_>) {
        let glyphs = look.theme.glyphs();
        let dim = look.theme.style(Role::Dim);
        let first = self.first(line);
        if first > 0 {
            paint(buffer, line, line.x + 1, line.y, glyphs.left, dim);
        }
        for (place, x, name) in self.laid(line) {
            let room = usize::from(line.right().saturating_sub(x));
            if room == 0 {
                return;
            }
            if place > first {
                paint(buffer, line, x - 2, line.y, glyphs.dot, dim);
            }
            let role = if place == self.on {
                Role::TabActive
            } else {
                Role::Tab
            };
            let text = clip(name, room, glyphs.ellipsis);
            paint(buffer, line, x, line.y, &text, look.theme.style(role));
        }
    }

    /// The place of the name at a cell; the sign at the left stands for the last of those before.
    #[must_use]
    pub fn at(&self, x: u16, y: u16, line: Rect) -> Option<usize> {
        if !line.contains((x, y).into()) {
            return None;
        }
        let first = self.first(line);
        if first > 0 && x <= line.x + 1 {
            return Some(first - 1);
        }
        self.laid(line)
            .find(|(_, at, name)| (*at..*at + columns(name)).contains(&x))
            .map(|(place, ..)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_hit_where_it_is_drawn() {
        let names = ["Qualify 6", "Discovery 6", "Proposal 5", "Negotiate 4"];
        let strip = |on| Strip::new(names.into_iter().map(str::to_owned), on);
        let line = Rect::new(0, 2, 60, 1);
        for (x, place) in [
            (0, None),
            (1, Some(0)),
            (11, Some(0)),
            (12, None),
            (15, Some(1)),
            (56, None),
        ] {
            assert_eq!(strip(0).at(x, 2, line), place, "{x}");
        }
        assert_eq!(strip(0).at(1, 3, line), None);
        let narrow = Rect { width: 34, ..line };
        // `◂ Proposal 5 · [Negotiate 4]`.
        assert_eq!(strip(3).at(1, 2, narrow), Some(1));
        assert_eq!(strip(3).at(3, 2, narrow), Some(2));
        assert_eq!(strip(3).at(16, 2, narrow), Some(3));
        assert_eq!(Strip::new(std::iter::empty(), 0).at(1, 2, line), None);
    }
}
