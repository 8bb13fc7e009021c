//! Names written from right to left, kept apart from what stands beside them.
//!
//! A terminal that puts such letters into their order does it line by line, and takes the cells around them along: figures change
//! places, frames break. A text between U+2068 and U+2069 stays within its own cells. Painting marks such texts; here, when the picture
//! is finished, the marks are taken away again, or every one gets its other half.

use ratatui::buffer::{Buffer, Cell, CellWidth};

use crate::domain::text::is_right_to_left;
use crate::tui::widgets::clip::{ISOLATE, ISOLATE_END};

/// Whether a cell has a mark.
fn is_marked(cell: &Cell) -> bool {
    cell.symbol().contains([ISOLATE, ISOLATE_END])
}

/// What is in a cell without its marks.
pub(super) fn bare(symbol: &str) -> &str {
    symbol.trim_matches([ISOLATE, ISOLATE_END])
}

/// Takes all marks away: of most terminals nobody knows what they make of them.
pub(super) fn unmark(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if is_marked(cell) {
            let symbol = bare(cell.symbol()).to_owned();
            cell.set_symbol(&symbol);
        }
    }
}

/// Gives every text from right to left a mark before and behind it: also where something lies over its beginning or its end.
pub(super) fn isolate(buffer: &mut Buffer) {
    let wide = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(wide) {
        if row.iter().all(|cell| cell.symbol().is_ascii()) {
            continue;
        }
        for (first, last) in texts(row) {
            let symbol = format!("{}{ISOLATE_END}", row[last].symbol());
            row[last].set_symbol(&symbol);
            // A mark has no cell of its own: a terminal keeps it in the cell before, and so it is written with that one.
            let (place, symbol) = match before(row, first) {
                Some(before) => (before, format!("{}{ISOLATE}", row[before].symbol())),
                None => (first, format!("{ISOLATE}{}", row[first].symbol())),
            };
            row[place].set_symbol(&symbol);
        }
    }
}

/// The cell that is drawn before another one: of a wide letter the first.
fn before(row: &[Cell], place: usize) -> Option<usize> {
    let before = place.checked_sub(1)?;
    let wide = before
        .checked_sub(1)
        .filter(|first| row[*first].cell_width() > 1);
    Some(wide.unwrap_or(before))
}

/// The first and last cell of each text from right to left in a row, whose marks are taken away.
fn texts(row: &mut [Cell]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    for (place, cell) in row.iter_mut().enumerate() {
        let symbol = cell.symbol();
        let (begins, ends) = (symbol.contains(ISOLATE), symbol.contains(ISOLATE_END));
        let is_letter = symbol.contains(is_right_to_left);
        if begins || ends {
            let symbol = bare(symbol).to_owned();
            cell.set_symbol(&symbol);
        }
        if begins {
            found.extend(open.take());
            open = Some((place, place));
        }
        if is_letter {
            // The last letter so far, in case that the end of the text lies under something.
            open = Some((open.map_or(place, |(first, _)| first), place));
        }
        if ends {
            found.extend(open.take().map(|(first, _)| (first, place)));
        }
    }
    found.extend(open);
    found
}
