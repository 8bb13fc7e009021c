//! The columns of a panel of Today: each as wide as what stands in it. Where that is too much the less useful ones give way first, and
//! then the long ones share what is left.

use crate::tui::theme::Role;
use crate::tui::widgets::clip::{left, right, width};

/// A piece of a line and how it looks.
pub type Piece = (String, Role);

/// Columns of a text that is long: no more than that is kept for it before others give way.
const LONG: usize = 24;
/// Columns that a text is given at the least.
const SHORT: usize = 8;

/// How a column gives way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// Not at all.
    Never,
    /// It is cut.
    Cut,
    /// It is cut, and left out where not even its beginning has room.
    Last,
    /// It takes what the others leave, and is left out where not even its beginning has room.
    Rest,
    /// It is left out, the lower number first.
    Way(u8),
}

/// What stands in a column of one line.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// How it looks.
    pub role: Role,
    /// Whether it stands at the right of its column.
    pub right: bool,
    /// How its column gives way.
    pub gives: Gives,
}

/// A text at the left of its column.
pub const fn cell(text: String, role: Role, gives: Gives) -> Cell {
    Cell {
        text,
        role,
        right: false,
        gives,
    }
}

/// A text at the right of its column.
pub const fn at_right(text: String, role: Role, gives: Gives) -> Cell {
    Cell {
        text,
        role,
        right: true,
        gives,
    }
}

/// The widths of the columns in so many cells; 0 is a column that is not shown. Every line has the same columns.
pub fn widths(lines: &[Vec<Cell>], room: usize) -> Vec<usize> {
    let Some(first) = lines.first() else {
        return Vec::new();
    };
    let gives: Vec<Gives> = first.iter().map(|cell| cell.gives).collect();
    let need = |column: usize| {
        let texts = lines.iter().filter_map(|line| line.get(column));
        texts.map(|cell| width(&cell.text)).max().unwrap_or(0)
    };
    let mut wide: Vec<usize> = (0..gives.len())
        .map(|column| match gives[column] {
            Gives::Way(_) => need(column).min(LONG),
            _ => need(column),
        })
        .collect();
    let is_text = |column: usize| matches!(gives[column], Gives::Cut | Gives::Last);
    let is_rest = |column: usize| gives[column] == Gives::Rest;
    // A column and the blank behind it.
    let sum = |wide: &[usize], most: usize| -> usize {
        let columns = wide.iter().enumerate().filter(|(_, wide)| **wide > 0);
        columns
            .map(|(column, wide)| match gives[column] {
                Gives::Cut | Gives::Last => (*wide).min(most) + 1,
                Gives::Rest => (*wide).min(SHORT) + 1,
                _ => *wide + 1,
            })
            .sum()
    };
    let mut ways: Vec<(u8, usize)> = gives
        .iter()
        .enumerate()
        .filter_map(|(column, gives)| match gives {
            Gives::Way(order) => Some((*order, column)),
            _ => None,
        })
        .collect();
    ways.sort_unstable();
    for (_, column) in ways {
        if sum(&wide, LONG) > room {
            wide[column] = 0;
        }
    }
    for column in 0..gives.len() {
        if matches!(gives[column], Gives::Last | Gives::Rest) && sum(&wide, SHORT) > room {
            wide[column] = 0;
        }
    }
    // What takes the rest is sure of its beginning.
    let rest = (0..gives.len()).find(|column| is_rest(*column) && wide[*column] > 0);
    let needed = rest.map(|column| wide[column]);
    if let Some(column) = rest {
        wide[column] = wide[column].min(SHORT);
    }
    let mut left = share(&mut wide, room, is_text);
    if let (Some(column), Some(needed)) = (rest, needed) {
        let more = needed.saturating_sub(wide[column]).min(left);
        wide[column] += more;
        left -= more;
    }
    // What is spare stands before what is at the right.
    let last = (0..wide.len()).rfind(|column| wide[*column] > 0 && !first[*column].right);
    if let Some(last) = last {
        wide[last] += left;
    }
    wide
}

/// Gives the texts what the others leave: each what it needs, as far as that is no more than its share. Gives what is spare.
fn share(wide: &mut [usize], room: usize, is_text: impl Fn(usize) -> bool) -> usize {
    let shown = wide.iter().filter(|wide| **wide > 0).count();
    let others = wide
        .iter()
        .enumerate()
        .filter(|(column, _)| !is_text(*column));
    let taken: usize = others.map(|(_, wide)| *wide).sum();
    let mut left = room.saturating_sub(taken + shown);
    let mut texts: Vec<usize> = (0..wide.len())
        .filter(|column| is_text(*column) && wide[*column] > 0)
        .collect();
    texts.sort_by_key(|column| wide[*column]);
    let mut open = texts.len();
    for column in texts {
        wide[column] = wide[column].min(left / open.max(1));
        left -= wide[column];
        open -= 1;
    }
    left
}

/// A line with columns of these widths. A text that is longer than its column goes on over columns that have nothing to say in this line.
pub fn line(cells: Vec<Cell>, widths: &[usize], ellipsis: &str) -> Vec<Piece> {
    let shown = cells.into_iter().zip(widths).filter(|(_, wide)| **wide > 0);
    let mut pieces = Vec::new();
    let mut rest = shown.map(|(cell, wide)| (cell, *wide)).peekable();
    while let Some((cell, mut wide)) = rest.next() {
        while !cell.right && width(&cell.text) > wide {
            match rest.next_if(|(next, _)| next.text.is_empty()) {
                Some((_, more)) => wide += more + 1,
                None => break,
            }
        }
        let text = if cell.right {
            right(&cell.text, wide, ellipsis)
        } else {
            left(&cell.text, wide, ellipsis)
        };
        pieces.push((format!("{text} "), cell.role));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn deal(title: &str, stage: &str, amount: &str) -> Vec<Cell> {
        vec![
            cell("!".to_owned(), Role::Late, Gives::Never),
            cell(title.to_owned(), Role::Title, Gives::Cut),
            cell(stage.to_owned(), Role::Text, Gives::Cut),
            at_right(amount.to_owned(), Role::Money, Gives::Way(0)),
            at_right("19d".to_owned(), Role::Late, Gives::Never),
            at_right("/10".to_owned(), Role::Late, Gives::Way(1)),
        ]
    }

    fn lines(room: usize) -> Vec<String> {
        let all = [
            deal("Roth Metall", "Discovery", "24.0k"),
            deal("Novak d.o.o.", "Negotiation", "9.9k"),
        ];
        let widths = widths(&all, room);
        let text = |cells| {
            line(cells, &widths, "…")
                .into_iter()
                .map(|(text, _)| text)
                .collect()
        };
        all.into_iter().map(text).collect()
    }

    #[test]
    fn columns_get_what_they_need_and_the_less_useful_give_way() {
        for (room, first, second) in [
            (
                44,
                "! Roth Metall  Discovery   24.0k 19d /10 ",
                "! Novak d.o.o. Negotiation  9.9k 19d /10 ",
            ),
            (
                36,
                "! Roth Metall  Discovery   19d /10 ",
                "! Novak d.o.o. Negotiation 19d /10 ",
            ),
            (
                31,
                "! Roth Metall  Discovery   19d ",
                "! Novak d.o.o. Negotiation 19d ",
            ),
            (
                27,
                "! Roth Meta… Discovery 19d ",
                "! Novak d.o… Negotiat… 19d ",
            ),
        ] {
            let trimmed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let shown = lines(room);
            assert_eq!(trimmed(&shown[0]), trimmed(first), "{room}");
            assert_eq!(trimmed(&shown[1]), trimmed(second), "{room}");
        }
    }

    #[test]
    fn a_title_is_whole_before_what_takes_the_rest_and_runs_on_where_nothing_stands_behind_it() {
        let lead = |name: &str, from: &str, due: &str| {
            vec![
                cell(name.to_owned(), Role::Title, Gives::Cut),
                cell(from.to_owned(), Role::Dim, Gives::Rest),
                at_right(due.to_owned(), Role::Text, Gives::Never),
            ]
        };
        let shown = |room: usize| -> Vec<String> {
            let all = [
                lead("Celia Østergaard", "Nordwind Textil", "2d"),
                lead("Kofi", "Fjord", "1h"),
                lead("Celia Østergaard of the north", "", "1h"),
            ];
            let widths = widths(&all[..2], room);
            let text = |cells| {
                line(cells, &widths, "…")
                    .into_iter()
                    .map(|(text, _)| text)
                    .collect()
            };
            all.into_iter().map(text).collect()
        };
        assert_eq!(
            shown(36),
            [
                "Celia Østergaard Nordwind Textil 2d ",
                "Kofi             Fjord           1h ",
                "Celia Østergaard of the north    1h ",
            ]
        );
        assert_eq!(shown(30)[0], "Celia Østergaard Nordwind… 2d ");
        assert_eq!(shown(12)[0], "Celia Ø… 2d ");
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_its_room(title in ".{0,40}", stage in ".{0,40}", amount in ".{0,9}", room in 14_usize..90) {
            let all = [deal(&title, &stage, &amount), deal("Alpina AG", "Won", "")];
            let widths = widths(&all, room);
            for cells in all {
                let text: String = line(cells, &widths, "…").into_iter().map(|(text, _)| text).collect();
                prop_assert!(width(&text) <= room, "{text:?} {room}");
            }
        }
    }
}
