//! The first line: the screens, who the user is, how things stand with the book.
//!
//! ```text
//!  1 Today  2 Leads [3 Pipeline] 4 Contacts  5 Tickets  6 Segments  7 Reports  8 Import      Ana ●
//!  1 Today  2 Leads [3 Pipeline] 4 Contacts  5 Tick  6 Segm  7 Rep  8 Imp   Ana ●
//!  1 Today  2 Leads [3 Pipeline] 4 Cont  5 Tick  6  7  8   Ana ●
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::screens::SCREENS;
use crate::tui::screens::shown::SHORT;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{columns, paint};

use super::App;

/// How much of a screen's name there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Whole,
    Short,
    None,
}

/// A tab: the number of its screen, its column, its text.
type Tab = (usize, u16, String);

impl App {
    pub(super) fn draw_tabs(&self, buffer: &mut Buffer, area: Rect) {
        let shown = self.shown.tab();
        for (number, x, text) in self.tabs() {
            let role = if number == shown {
                Role::TabActive
            } else {
                Role::Tab
            };
            paint(buffer, area, x, area.y, &text, self.theme.style(role));
        }
        let mut x = self.right_of_tabs();
        for (text, role) in self.who_and_link() {
            x += paint(buffer, area, x, area.y, &text, self.theme.style(role));
        }
    }

    /// The column at which begins what stands at the right.
    fn right_of_tabs(&self) -> u16 {
        let wide: u16 = self
            .who_and_link()
            .iter()
            .map(|(text, _)| columns(text))
            .sum();
        self.size.0.saturating_sub(wide.saturating_add(1))
    }

    fn tabs(&self) -> Vec<Tab> {
        fitting(self.right_of_tabs(), self.shown.tab())
    }

    /// The number of the screen whose tab stands at a column.
    pub(super) fn tab_at(&self, x: u16) -> Option<usize> {
        let mut tabs = self.tabs().into_iter();
        tabs.find(|(_, at, text)| (*at..*at + columns(text)).contains(&x))
            .map(|(number, ..)| number)
    }
}

/// The tabs in so many columns. Names become short, and then give way to their numbers, the last first; that of the shown screen is
/// the last of all.
fn fitting(room: u16, shown: usize) -> Vec<Tab> {
    let mut names = [Name::Whole; SCREENS.len()];
    let others = || {
        (1..=SCREENS.len())
            .rev()
            .filter(move |number| *number != shown)
    };
    let shorter = [Name::Short, Name::None].into_iter();
    let mut steps = shorter.flat_map(|name| others().map(move |number| (number, name)));
    loop {
        let tabs = laid(names, shown);
        let end = tabs.last().map_or(0, |(_, x, text)| x + columns(text));
        if end < room {
            return tabs;
        }
        match steps.next() {
            Some((number, name)) => names[number - 1] = name,
            // Not even the numbers have room: those that have are shown.
            None => {
                return tabs
                    .into_iter()
                    .filter(|(_, x, text)| x + columns(text) < room)
                    .collect();
            }
        }
    }
}

fn laid(names: [Name; SCREENS.len()], shown: usize) -> Vec<Tab> {
    let mut x = 0;
    let screens = (1..).zip(names).zip(SCREENS.iter().zip(SHORT));
    screens
        .map(|((number, name), ((whole, _), short))| {
            let words = match name {
                Name::Whole => format!("{number} {whole}"),
                Name::Short => format!("{number} {short}"),
                Name::None => number.to_string(),
            };
            let text = if number == shown {
                format!("[{words}]")
            } else {
                format!(" {words} ")
            };
            let at = x;
            x += columns(&text);
            (number, at, text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(room: u16, shown: usize) -> String {
        fitting(room, shown)
            .into_iter()
            .map(|(.., text)| text)
            .collect()
    }

    #[test]
    fn names_become_short_and_then_give_way_the_last_first() {
        for (room, shown, text) in [
            (
                94,
                3,
                " 1 Today  2 Leads [3 Pipeline] 4 Contacts  5 Tickets  6 Segments  7 Reports  8 Import ",
            ),
            (
                74,
                3,
                " 1 Today  2 Leads [3 Pipeline] 4 Contacts  5 Tick  6 Segm  7 Rep  8 Imp ",
            ),
            (
                74,
                7,
                " 1 Today  2 Leads  3 Pipeline  4 Cont  5 Tick  6 Segm [7 Reports] 8 Imp ",
            ),
            (54, 1, "[1 Today] 2 Leads  3 Pipe  4 Cont  5 Tick  6  7  8 "),
            (34, 4, " 1  2  3 [4 Contacts] 5  6  7  8 "),
            (20, 4, " 1  2  3 "),
            (0, 4, ""),
        ] {
            assert_eq!(line(room, shown), text, "{room}");
        }
    }
}
