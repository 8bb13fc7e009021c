//! Rows of two lines, for terminals without room for columns: who on the first line, how it stands on the second.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::history::ListRow;
use crate::tui::look::Look;
use crate::tui::screens::paint::{SIGNS, pair, pieces};
use crate::tui::theme::Role;

use super::columns::{ListColumn, usual_at};
use super::face::{Cell, Face};

/// The columns of the first and of the second line: those that the list is born with, or what was chosen, with the name first.
#[must_use]
pub fn columns(face: &'static Face, chosen: Option<Vec<ListColumn>>) -> [Vec<ListColumn>; 2] {
    let Some(mut all) = chosen else {
        return face.narrow.map(|places| usual_at(face, places));
    };
    if let Some(name) = all.iter().position(|column| column.key == "name") {
        all[..=name].rotate_right(1);
    }
    let second = all.split_off(all.len().min(2));
    [all, second]
}

/// Draws a row into two lines.
pub fn draw(
    buffer: &mut Buffer,
    place: Rect,
    row: &ListRow,
    [first, second]: &[Vec<ListColumn>; 2],
    look: &Look<'_>,
) {
    let line = Rect {
        x: place.x + SIGNS,
        width: place.width.saturating_sub(SIGNS),
        height: 1,
        ..place
    };
    let cell = |place: usize| {
        let column = first.get(place);
        column.map_or_else(
            || (String::new(), Role::Text),
            |column| column.cell(row, look),
        )
    };
    pair(buffer, line, [cell(0), cell(1)], look);
    let line = Rect {
        y: line.y + 1,
        ..line
    };
    let cells = second.iter().map(|column| told(column, row, look));
    pieces(
        buffer,
        line,
        cells.filter(|(text, _)| !text.is_empty()),
        look,
    );
}

/// What a column says, with its name where that is not plain without a heading.
fn told(column: &ListColumn, row: &ListRow, look: &Look<'_>) -> Cell {
    let (text, role) = column.cell(row, look);
    let plain = !column.is_figure() && text != look.theme.glyphs().unknown;
    if plain || text.is_empty() {
        return (text, role);
    }
    (format!("{} {text}", column.name.to_lowercase()), role)
}

#[cfg(test)]
mod tests {
    use super::super::columns::named;
    use super::super::people::CONTACTS;
    use super::*;
    use crate::domain::nouns::Entity;

    #[test]
    fn chosen_columns_stand_with_the_name_first() {
        let keys = ["city", "owner", "name", "emails"].map(str::to_owned);
        let chosen = named(&CONTACTS, Entity::Contact, &keys, &[]);
        let names = columns(&CONTACTS, Some(chosen))
            .map(|line| line.iter().map(|c| c.key.to_string()).collect::<Vec<_>>());
        assert_eq!(names, [["name", "city"], ["owner", "emails"]]);
        let born = columns(&CONTACTS, None).map(|line| line.len());
        assert_eq!(born, [2, 3]);
    }
}
