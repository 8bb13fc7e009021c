//! Tables for people: columns aligned by what they take up on the screen, figures to the right.

use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::output::one_line;

/// What stands where nothing is known.
pub const UNKNOWN: &str = "—";
/// Blanks between two columns.
const GAP: usize = 2;
/// A column that is narrowed keeps at least so much.
const LEAST: usize = 8;

/// On which side a column's values stand, and whether they may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Text, cut where the terminal is narrow.
    Left,
    /// Text that is nothing when cut: ids, dates.
    Whole,
    /// Figures, never cut.
    Right,
}

/// A table that is being filled.
#[derive(Clone, Debug)]
pub struct Table {
    heads: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new<S: Into<String>>(heads: impl IntoIterator<Item = (S, Side)>) -> Self {
        Self {
            heads: heads
                .into_iter()
                .map(|(head, side)| (one_line(&head.into()), side))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. A value of several lines becomes one.
    pub fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(
            cells
                .into_iter()
                .map(|cell| one_line(cell.as_ref()))
                .collect(),
        );
    }

    /// Prints it. `columns` is the width of the terminal: text columns are narrowed to fit, widest first; `None` narrows nothing.
    /// `bold` sets the header off.
    pub fn print(&self, to: &mut dyn Write, columns: Option<usize>, bold: bool) -> io::Result<()> {
        let widths = self.widths(columns);
        let heads: Vec<String> = self.heads.iter().map(|(head, _)| head.clone()).collect();
        let line = self.line(&heads, &widths);
        if bold {
            writeln!(to, "\u{1b}[1m{line}\u{1b}[0m")?;
        } else {
            writeln!(to, "{line}")?;
        }
        for row in &self.rows {
            writeln!(to, "{}", self.line(row, &widths))?;
        }
        Ok(())
    }

    fn widths(&self, columns: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.heads.iter().map(|(head, _)| head.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        if let Some(columns) = columns {
            self.narrow(&mut widths, columns);
        }
        widths
    }

    /// Takes from heads that are wider than their values, then from the widest text columns, until the table fits or nothing is
    /// left to take.
    fn narrow(&self, widths: &mut [usize], columns: usize) {
        let gaps = GAP * widths.len().saturating_sub(1);
        let cells = |place: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(place));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let least: Vec<usize> = (0..widths.len())
            .map(|place| match self.heads[place].1 {
                Side::Left => LEAST,
                Side::Whole | Side::Right => cells(place).max(LEAST),
            })
            .collect();
        while widths.iter().sum::<usize>() + gaps > columns {
            let widest = (0..widths.len())
                .filter(|place| widths[*place] > least[*place])
                .max_by_key(|place| widths[*place]);
            match widest {
                Some(place) => widths[place] -= 1,
                None => break,
            }
        }
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            let width = widths.get(place).copied().unwrap_or(0);
            let cell = clip(cell, width);
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            match self.heads.get(place).map(|(_, side)| side) {
                Some(Side::Right) => line.extend([pad.as_str(), &cell]),
                _ => line.extend([cell.as_str(), &pad]),
            }
        }
        line.truncate(line.trim_end_matches(' ').len());
        line
    }
}

/// A text cut to a width, at a whole character, with `…` where something was left out.
fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used > width {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(table: &Table, columns: Option<usize>) -> String {
        let mut bytes = Vec::new();
        table.print(&mut bytes, columns, false).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn people() -> Table {
        let mut table = Table::new([
            ("id", Side::Whole),
            ("company", Side::Left),
            ("amount", Side::Right),
        ]);
        table.row(["7k2m", "田中製作所", "1,200.00"]);
        table.row(["9xq4", "Keller & Co Verwaltungsgesellschaft", UNKNOWN]);
        table
    }

    #[test]
    fn wide_characters_keep_the_columns_straight() {
        insta::assert_snapshot!(printed(&people(), None), @r"
        id    company                                amount
        7k2m  田中製作所                           1,200.00
        9xq4  Keller & Co Verwaltungsgesellschaft         —
        ");
    }

    #[test]
    fn a_narrow_terminal_cuts_text_and_never_figures() {
        insta::assert_snapshot!(printed(&people(), Some(30)), @r"
        id    company           amount
        7k2m  田中製作所      1,200.00
        9xq4  Keller & Co V…         —
        ");
    }

    #[test]
    fn the_cut_never_splits_a_wide_character() {
        assert_eq!(clip("田中製作所", 6), "田中…");
        assert_eq!(clip("e\u{301}tude", 3), "e\u{301}t…");
    }

    #[test]
    fn a_value_of_several_lines_stays_on_its_row() {
        let mut table = Table::new([("note", Side::Left)]);
        table.row(["one\ntwo\u{1b}[0m"]);
        assert_eq!(printed(&table, None), "note\none two[0m\n");
    }
}
