//! The picture of the search for any record.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::tui::layers::Find;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{columns, paint};
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::popup;

use super::find::state;

/// Columns and rows of the popup, where there is room.
const SIZE: (u16, u16) = (96, 22);
/// Below so many rows it takes them all.
const SHORT: u16 = 14;

pub(super) fn draw(frame: &mut Frame, area: Rect, find: &mut Find, theme: &Theme) {
    let place = popup::centred(
        area,
        SIZE.0.min(area.width.saturating_sub(4)),
        if area.height < SHORT {
            area.height
        } else {
            area.height.saturating_sub(4).min(SIZE.1)
        },
    );
    let inner = popup::frame(frame, place, "Find any record", theme);
    find.hints = Hints::default();
    if inner.is_empty() {
        return;
    }
    let field = Rect { height: 1, ..inner };
    let style = theme.style(Role::FieldFocus);
    find.field
        .draw(frame, field, style, theme.glyphs().ellipsis, true);
    let typed = !find.field.text().trim().is_empty();
    if find.field.text().is_empty() {
        let hint = "name, company, e-mail or phone: a few letters of each will do";
        let style = theme.style(Role::Placeholder);
        paint(frame.buffer_mut(), field, field.x, field.y, hint, style);
    }
    let list = Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if find.rows.is_empty() {
        let hint = match (typed, find.answered) {
            (false, false) => "",
            (false, true) => "What you open and change is listed here, the last first",
            (true, _) if find.found.text != find.asked => "Searching",
            (true, _) if find.found.reading.is_some() => "Nothing so far",
            (true, _) if !find.found.done => "Searching for what is nearly that",
            (true, _) => "Nothing was found: one word less may do, or another",
        };
        let style = theme.style(Role::Placeholder);
        paint(frame.buffer_mut(), list, list.x, list.y, hint, style);
    } else {
        // The terminal's cursor stays in the field, where the next letter will come.
        find.rows.draw(frame, list, theme);
    }
    if inner.height < 2 {
        return;
    }
    let foot = Rect {
        y: inner.bottom() - 1,
        height: 1,
        ..inner
    };
    let state = if find.held.is_empty() {
        state(&find.found, find.rows.len())
    } else {
        "opens it when it is found".to_owned()
    };
    let room = columns(&state).saturating_add(1);
    let keys = Rect {
        width: foot.width.saturating_sub(room),
        ..foot
    };
    let all = [("Enter", "open"), ("Esc", "leave")];
    find.hints = Hints::draw(frame, keys, &all, theme);
    if room <= foot.width {
        let x = foot.right() - (room - 1);
        let style = theme.style(Role::Dim);
        paint(frame.buffer_mut(), foot, x, foot.y, &state, style);
    }
}
