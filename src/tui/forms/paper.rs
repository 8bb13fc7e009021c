//! Draws a [`Sheet`]: where labels, fields, previews, faults and notes go at a given size, and which part of a long sheet is seen.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::editor::Editor;
use super::sheet::{Row, Sheet};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{clip, columns, paint, wrap};
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::popup;

/// The width of a form where the screen has room.
const WIDE: u16 = 76;
/// Columns left of the label: the cursor, the sign of the row, a blank.
const GUTTER: u16 = 3;
/// Labels are cut beyond this.
const LABEL_MAX: u16 = 18;
/// Columns kept for what is understood, with its arrow: `→ EUR 1,234,567.00`.
const PREVIEW: u16 = 20;
/// Below this width inside the frame, what is understood stands under the field.
const BESIDE: u16 = 52;
/// Lines that a fault or a note takes at the most.
const ASIDE_LINES: usize = 4;

/// The columns of a sheet at a width.
#[derive(Clone, Copy)]
struct Columns {
    label: u16,
    field_x: u16,
    field: u16,
    beside: bool,
}

impl Columns {
    fn of(sheet: &Sheet, wide: u16) -> Self {
        let longest = sheet.rows.iter().map(|row| columns(&row.label)).max();
        // A narrow sheet gives half of its room to the labels at the most.
        let label = longest.unwrap_or(0).min(LABEL_MAX).min(wide / 2);
        let field_x = (GUTTER + label + 1).min(wide);
        Self {
            label,
            field_x,
            field: wide - field_x,
            beside: wide >= BESIDE,
        }
    }

    /// The width of the field of a row.
    fn field_of(self, row: &Row) -> u16 {
        if (row.previews || row.preview.is_some()) && self.beside {
            self.field.saturating_sub(PREVIEW + 1)
        } else {
            self.field
        }
    }
}

/// A line under a field, with its role.
type Aside = (String, Role);

/// What stands under the field of a row.
fn asides(row: &Row, focused: bool, columns: Columns) -> Vec<Aside> {
    let mut lines = Vec::new();
    let wide = usize::from(columns.field);
    let mut add = |text: &str, role| {
        let ranges = wrap(text, wide);
        let texts = ranges.into_iter().take(ASIDE_LINES);
        lines.extend(texts.map(|range| (text[range].to_owned(), role)));
    };
    if let Some(fault) = &row.fault {
        add(fault, Role::Error);
    }
    if let Some(note) = &row.note {
        add(note, Role::ByOthers);
    }
    if let Some(doubt) = &row.doubt {
        add(doubt, Role::Soon);
    }
    if let Some(preview) = &row.preview
        && focused
        && !columns.beside
    {
        add(preview, Role::Dim);
    }
    lines
}

/// A place below a cell, or above it where there is more room.
fn beside(place: Rect, area: Rect, (x, y): (u16, u16)) -> Rect {
    let below = y.saturating_add(1);
    let above = y.saturating_sub(place.height);
    let y = if below.saturating_add(place.height) <= area.bottom() {
        below
    } else if above >= area.y && y >= place.height {
        above
    } else {
        place.y
    };
    let last = area.right().saturating_sub(place.width);
    Rect {
        x: x.saturating_add(2).clamp(area.x, last.max(area.x)),
        y,
        ..place
    }
}

impl Sheet {
    /// Draws the sheet as a popup in an area and puts the terminal's cursor into the field that has the keys.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let wide = WIDE.min(area.width);
        let columns = Columns::of(self, wide.saturating_sub(4));
        let rows: u16 = (0..self.rows.len())
            .map(|at| self.height(at, columns))
            .fold(0, u16::saturating_add);
        let foot = 1 + u16::from(self.message.is_some());
        let high = rows.saturating_add(2 + foot);
        let place = match self.cell {
            Some(cell) => beside(popup::centred(area, wide, high), area, cell),
            None => popup::centred(area, wide, high),
        };
        let inner = popup::frame(frame, place, &self.title, theme);
        self.hints = Hints::default();
        // A frame without room for a field is all that can be shown.
        if inner.is_empty() {
            return;
        }
        let foot = if inner.height > foot { foot } else { 0 };
        let view = Rect {
            height: inner.height - foot,
            ..inner
        };
        self.draw_rows(frame, view, Columns::of(self, inner.width), theme);
        if foot > 0 {
            self.draw_foot(frame, inner, theme);
        }
    }

    fn height(&self, at: usize, columns: Columns) -> u16 {
        let row = &self.rows[at];
        let under = asides(row, at == self.focus, columns).len();
        row.editor.rows(columns.field_of(row))
            + row.editor.list_rows()
            + u16::try_from(under).unwrap_or(0)
    }

    fn draw_rows(&mut self, frame: &mut Frame, view: Rect, columns: Columns, theme: &Theme) {
        let mut starts = Vec::with_capacity(self.rows.len());
        let mut whole: u16 = 0;
        for at in 0..self.rows.len() {
            starts.push(whole);
            whole = whole.saturating_add(self.height(at, columns));
        }
        if let Some(start) = starts.get(self.focus) {
            let end = start + self.height(self.focus, columns);
            let least = end.saturating_sub(view.height).min(*start);
            self.top = self
                .top
                .clamp(least, *start)
                .min(whole.saturating_sub(view.height).max(least));
        }
        for (at, start) in starts.into_iter().enumerate() {
            let mut pen = Pen {
                view,
                columns,
                line: i32::from(start) - i32::from(self.top),
                focused: at == self.focus,
                theme,
            };
            pen.row(frame, &mut self.rows[at]);
        }
    }

    fn draw_foot(&mut self, frame: &mut Frame, inner: Rect, theme: &Theme) {
        let foot = Rect {
            y: inner.bottom() - 1,
            height: 1,
            ..inner
        };
        let open = self
            .rows
            .get(self.focus)
            .is_some_and(|row| row.editor.is_open());
        let block = matches!(
            self.rows.get(self.focus).map(|row| &row.editor),
            Some(Editor::Block(_))
        );
        let at_once =
            self.enter_submits && self.rows.get(self.focus).is_some_and(|row| row.at_once);
        let keys: &[(&str, &str)] = if open && at_once {
            &[
                ("Enter", self.verb),
                ("Tab", "choose, next field"),
                ("Esc", "close the list"),
            ]
        } else if open {
            &[("Enter", "choose"), ("Esc", "close the list")]
        } else if block {
            &[
                ("Ctrl-S", self.verb),
                ("Tab", "next"),
                ("Ctrl-O", "your editor"),
                ("Esc", self.leave),
            ]
        } else if self.enter_submits {
            &[
                ("Enter", self.verb),
                ("Tab", "next field"),
                ("Esc", self.leave),
            ]
        } else {
            &[
                ("Ctrl-S", self.verb),
                ("Enter", "next"),
                ("Esc", self.leave),
            ]
        };
        self.hints = Hints::draw(frame, foot, keys, theme);
        if let Some((message, role)) = &self.message
            && let Some(y) = foot.y.checked_sub(1)
        {
            let text = clip(message, usize::from(inner.width), theme.glyphs().ellipsis);
            let style = theme.style(*role);
            paint(frame.buffer_mut(), inner, inner.x, y, &text, style);
        }
    }
}

/// Draws one row, line by line, into the part of the sheet that is seen.
struct Pen<'a> {
    view: Rect,
    columns: Columns,
    /// The line that is drawn next, counted from the top of the view; negative above it.
    line: i32,
    focused: bool,
    theme: &'a Theme,
}

impl Pen<'_> {
    /// The seen part of so many next lines, from a column on.
    fn take(&mut self, lines: u16, x: u16, wide: u16) -> Rect {
        let (from, to) = (self.line, self.line + i32::from(lines));
        self.line = to;
        let height = i32::from(self.view.height);
        let clamped = |line: i32| u16::try_from(line.clamp(0, height)).unwrap_or(0);
        let area = Rect {
            x: self.view.x.saturating_add(x),
            y: self.view.y + clamped(from),
            width: wide,
            height: clamped(to) - clamped(from),
        };
        area.intersection(self.view)
    }

    fn row(&mut self, frame: &mut Frame, row: &mut Row) {
        let first = self.line;
        let field = self.columns.field_of(row);
        let under = asides(row, self.focused, self.columns);
        let lines = row.editor.rows(field);
        let place = self.take(lines, self.columns.field_x, field);
        if first >= 0 && !place.is_empty() {
            self.label(frame, row, place.y);
            self.preview(frame, row, place);
        }
        self.field(frame, row, place);
        let list = row.editor.list_rows();
        let place = self.take(list, self.columns.field_x, self.columns.field);
        if let Editor::Pick(picker) = &mut row.editor
            && !place.is_empty()
        {
            picker.draw_list(frame, place, self.theme);
        }
        for (text, role) in under {
            let place = self.take(1, self.columns.field_x, self.columns.field);
            if !place.is_empty() {
                let style = self.theme.style(role);
                paint(frame.buffer_mut(), place, place.x, place.y, &text, style);
            }
        }
        let lines = u16::try_from(self.line - first).unwrap_or(0);
        self.line = first;
        row.drawn.whole = self.take(lines, 0, self.view.width);
    }

    fn label(&self, frame: &mut Frame, row: &Row, y: u16) {
        let glyphs = self.theme.glyphs();
        let (view, x) = (self.view, self.view.x);
        let sign = if row.fault.is_some() {
            Some((glyphs.late, Role::Error))
        } else if row.note.is_some() {
            Some((glyphs.by_others, Role::ByOthers))
        } else if row.unsaved {
            Some((glyphs.unsaved, Role::Pending))
        } else {
            None
        };
        let buffer = frame.buffer_mut();
        if self.focused {
            let style = self.theme.style(Role::Focus);
            paint(buffer, view, x, y, glyphs.cursor, style);
        }
        if let Some((sign, role)) = sign {
            let style = self.theme.style(role);
            paint(buffer, view, x.saturating_add(1), y, sign, style);
        }
        let role = if self.focused { Role::Title } else { Role::Dim };
        let label = clip(&row.label, usize::from(self.columns.label), glyphs.ellipsis);
        let x = x.saturating_add(GUTTER);
        paint(buffer, view, x, y, &label, self.theme.style(role));
    }

    fn preview(&self, frame: &mut Frame, row: &Row, place: Rect) {
        let Some(preview) = row.preview.as_ref().filter(|_| self.columns.beside) else {
            return;
        };
        let glyphs = self.theme.glyphs();
        let x = place.right() + 1;
        let room = usize::from(self.view.right().saturating_sub(x));
        let text = format!("{} {preview}", glyphs.arrow);
        let text = clip(&text, room, glyphs.ellipsis);
        let style = self.theme.style(Role::Dim);
        paint(frame.buffer_mut(), self.view, x, place.y, &text, style);
    }

    fn field(&self, frame: &mut Frame, row: &mut Row, place: Rect) {
        if place.is_empty() {
            return;
        }
        let style = self.theme.style(if self.focused {
            Role::FieldFocus
        } else {
            Role::Field
        });
        let glyphs = self.theme.glyphs();
        match &mut row.editor {
            Editor::Line(field) => field.draw(frame, place, style, glyphs.ellipsis, self.focused),
            Editor::Block(area) => area.draw(frame, place, style, self.focused),
            Editor::Pick(picker) => picker.draw(frame, place, style, self.theme, self.focused),
        }
        if !row.hint.is_empty() && !row.editor.is_open() && row.editor.content().text().is_empty() {
            let room = usize::from(place.width).saturating_sub(2);
            let hint = clip(&row.hint, room, glyphs.ellipsis);
            let style = self.theme.style(Role::Placeholder);
            paint(frame.buffer_mut(), place, place.x, place.y, &hint, style);
        }
    }
}
