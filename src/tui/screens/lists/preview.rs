//! The panel beside a list: more of the record under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::history::History;
use crate::tui::look::Look;
use crate::tui::screens::paint::panel;
use crate::tui::screens::party::timeline::brief;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, paint, wrap};

use super::face::Cell;
use super::state::ListScreen;

/// What stands behind it in a line that is told is no part of it, and goes to the right.
pub(super) const TAB: char = '\t';

/// Draws the panel.
pub fn draw(buffer: &mut Buffer, area: Rect, screen: &ListScreen, look: &Look<'_>) {
    let row = screen.previewed().and_then(|id| screen.row(id));
    let name = row.map(|row| row.record.name()).unwrap_or_default();
    let aside = if screen.is_pinned() { "pinned" } else { "" };
    let room = usize::from(area.width).saturating_sub(6 + aside.len() + 3);
    let name = clip(&name, room, look.theme.glyphs().ellipsis);
    let inner = panel(buffer, area, (&name, aside), false, look);
    let inner = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let Some(row) = row else {
        return;
    };
    let mut y = inner.y;
    let history = screen.lately(row.record.id);
    let mut told = (screen.face.preview.lines)(row, look);
    told.extend(lately(history, usize::from(inner.width), look));
    for (text, role) in told {
        if text.is_empty() {
            y += 1;
            continue;
        }
        let (text, hint) = text.split_once(TAB).unwrap_or((&text, ""));
        let mut end = inner.x;
        for part in wrap(text, usize::from(inner.width)) {
            if y >= inner.bottom() {
                return;
            }
            let style = look.theme.style(role);
            end = inner.x + paint(buffer, inner, inner.x, y, text[part].trim_end(), style);
            y += 1;
        }
        let x = inner.right().saturating_sub(columns(hint));
        if x > end {
            paint(buffer, inner, x, y - 1, hint, look.theme.style(Role::Dim));
        }
    }
}

/// The same to read in a popup, for terminals without room for the panel.
pub fn told(screen: &ListScreen, look: &Look<'_>) -> Option<(String, Vec<String>)> {
    let row = screen.previewed().and_then(|id| screen.row(id))?;
    let mut told = (screen.face.preview.lines)(row, look);
    told.extend(lately(screen.lately(row.record.id), usize::MAX, look));
    let told = (told.into_iter())
        .map(|(text, _)| text.replace(TAB, "  "))
        .collect();
    Some((row.record.name(), told))
}

/// What happened with the record, the newest first, a line each.
fn lately(history: Option<&History>, wide: usize, look: &Look<'_>) -> Vec<Cell> {
    let mut lines = vec![(String::new(), Role::Dim)];
    match history {
        None => lines.push((look.theme.glyphs().ellipsis.to_owned(), Role::Dim)),
        Some(history) if history.happened.is_empty() => {
            lines.push(("Nothing happened yet".to_owned(), Role::Dim));
        }
        Some(history) => lines.extend(history.happened.iter().map(|happening| {
            let text = brief(happening, history.of, look);
            let text = clip(&text, wide, look.theme.glyphs().ellipsis);
            (text.into_owned(), Role::Text)
        })),
    }
    lines
}
