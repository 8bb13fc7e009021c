//! A sheet of labelled fields: labels left, one field a line, what is wrong under the field, what is understood beside it.
//!
//! ```text
//! ╔ New deal ════════════════════════════════════╗
//! ║    Title      Rollout of 40 scanners         ║
//! ║  * Company    Alpina AG                    ▾ ║
//! ║ ▶! Amount     much                           ║
//! ║               `much` is not an amount: write ║
//! ║               42000, 42,000.50 or 10k EUR    ║
//! ║  * Close      fri         → Fri 27 Nov 2026  ║
//! ║ Ctrl-S save  Tab next  Esc keep as draft     ║
//! ╚══════════════════════════════════════════════╝
//! ```
//!
//! The sheet moves between its fields and draws them. What a field means, and whether it is right, is its owner's business: the
//! sheet says what happened ([`Heard`]), its owner reads the field and writes back preview, fault and note.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::editor::{Content, Drawn, Editor};
use crate::tui::theme::Role;
use crate::tui::widgets::Answer;
use crate::tui::widgets::edit::TooLong;
use crate::tui::widgets::hints::Hints;

/// One field.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is called.
    pub label: String,
    /// What stands in it while it is empty.
    pub hint: String,
    /// Where it is typed or picked.
    pub editor: Editor,
    /// Whether what is typed there is understood as something that looks otherwise (dates, amounts): room is kept beside it.
    pub previews: bool,
    /// What is understood, where that looks otherwise than what was typed.
    pub preview: Option<String>,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// What others did to it meanwhile.
    pub note: Option<String>,
    /// What speaks against it, although it is not wrong.
    pub doubt: Option<String>,
    /// Whether it holds something that is not in the book.
    pub unsaved: bool,
    /// Whether choosing in its list is enough, where Enter in any line is done.
    pub at_once: bool,
    pub(super) drawn: Drawn,
}

impl Row {
    /// A field without anything to say.
    #[must_use]
    pub fn new(label: impl Into<String>, editor: Editor) -> Self {
        Self {
            label: label.into(),
            hint: String::new(),
            editor,
            previews: false,
            preview: None,
            fault: None,
            note: None,
            doubt: None,
            unsaved: false,
            at_once: false,
            drawn: Drawn::default(),
        }
    }
}

/// What happened to a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that its owner must know.
    Nothing,
    /// The field that has the keys was changed.
    Edited,
    /// The keys have gone on from that field.
    Left(usize),
    /// The user is done.
    Submit,
    /// The user leaves.
    Cancel,
    /// The user wants to write the text of the field that has the keys in an editor of their own.
    Outside,
}

/// Who a sheet belongs to. What a terminal sends goes to the sheet, and its owner hears what came of it.
pub trait SheetOwner {
    /// What it is for, once it is submitted.
    type Made;

    /// The sheet.
    fn sheet(&mut self) -> &mut Sheet;

    /// Does what is to be done when that has happened to the sheet.
    fn hear(&mut self, heard: Heard) -> Answer<Self::Made>;

    /// Takes a key.
    fn key(&mut self, key: KeyEvent) -> Answer<Self::Made> {
        let heard = self.sheet().key(key);
        self.hear(heard)
    }

    /// Takes a pasted text.
    fn paste(&mut self, text: &str) {
        let heard = self.sheet().paste(text);
        self.hear(heard);
    }

    /// Takes a click.
    fn click(&mut self, x: u16, y: u16) {
        let heard = self.sheet().click(x, y);
        self.hear(heard);
    }

    /// Takes a turn of the wheel.
    fn scroll(&mut self, by: isize) {
        let heard = self.sheet().scroll(by);
        self.hear(heard);
    }
}

/// The fields, and which one has the keys.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What stands in the frame.
    pub title: String,
    /// The fields, in order.
    pub rows: Vec<Row>,
    /// What concerns the whole of it.
    pub message: Option<(String, Role)>,
    /// Enter in any line is done, not only in the last: for what is logged in three keys.
    pub enter_submits: bool,
    /// What Ctrl-S does here, for the line of keys.
    pub verb: &'static str,
    /// What Esc does here.
    pub leave: &'static str,
    /// The cell of the screen that it stands beside; `None` puts it in the middle.
    pub cell: Option<(u16, u16)>,
    pub(super) focus: usize,
    pub(super) top: u16,
    pub(super) hints: Hints,
}

impl Sheet {
    /// A sheet with the keys in its first field.
    #[must_use]
    pub fn new(title: impl Into<String>, rows: Vec<Row>) -> Self {
        Self {
            title: title.into(),
            rows,
            message: None,
            enter_submits: false,
            verb: "save",
            leave: "leave, draft kept",
            cell: None,
            focus: 0,
            top: 0,
            hints: Hints::default(),
        }
    }

    /// The field that has the keys.
    #[must_use]
    pub const fn focus(&self) -> usize {
        self.focus
    }

    /// Its line of keys.
    #[must_use]
    pub const fn hints(&self) -> &Hints {
        &self.hints
    }

    /// What is in a field.
    #[must_use]
    pub fn content(&self, row: usize) -> Content {
        self.rows
            .get(row)
            .map_or_else(|| Content::Text(String::new()), |row| row.editor.content())
    }

    /// Gives the keys to a field.
    pub fn put_focus(&mut self, row: usize) {
        self.focus = row.min(self.rows.len().saturating_sub(1));
    }

    fn row(&mut self) -> Option<&mut Row> {
        self.rows.get_mut(self.focus)
    }

    fn editor(&self) -> Option<&Editor> {
        self.rows.get(self.focus).map(|row| &row.editor)
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Heard {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let open = self.editor().is_some_and(Editor::is_open);
        match key.code {
            KeyCode::Char('s') if ctrl => self.done(),
            KeyCode::Char('o') if ctrl => self.outside(),
            KeyCode::Esc if !open => Heard::Cancel,
            KeyCode::Tab => self.leave(1, true),
            KeyCode::BackTab => self.leave(-1, true),
            KeyCode::Enter if !matches!(self.editor(), Some(Editor::Block(_))) => self.enter(open),
            _ => self.edit(key),
        }
    }

    /// Takes a pasted text into the field that has the keys.
    pub fn paste(&mut self, text: &str) -> Heard {
        let Some(row) = self.row() else {
            return Heard::Nothing;
        };
        match row.editor.paste(text) {
            Ok(()) => Heard::Edited,
            Err(fault) => self.refuse(fault),
        }
    }

    /// Takes a click: gives the keys to the field and passes it on.
    pub fn click(&mut self, x: u16, y: u16) -> Heard {
        let at = (x, y).into();
        let Some(hit) = self
            .rows
            .iter()
            .position(|row| row.drawn.whole.contains(at))
        else {
            return Heard::Nothing;
        };
        let before = self.focus;
        if hit != before && self.close(true).is_err() {
            return Heard::Nothing;
        }
        self.focus = hit;
        let row = &mut self.rows[hit];
        if let Err(why) = row.editor.click(x, y) {
            row.fault = Some(why);
        }
        if hit == before {
            Heard::Edited
        } else {
            Heard::Left(before)
        }
    }

    /// Takes a turn of the wheel: the open list moves, else the keys go to a neighbour.
    pub fn scroll(&mut self, by: isize) -> Heard {
        if let Some(Editor::Pick(picker)) = self.row().map(|row| &mut row.editor)
            && picker.is_open()
        {
            picker.scroll(by);
            return Heard::Nothing;
        }
        self.step(by)
    }

    /// The text of the field that has the keys, for an editor outside.
    #[must_use]
    pub fn text_for_outside(&self) -> Option<String> {
        matches!(self.editor(), Some(Editor::Block(_)))
            .then(|| self.content(self.focus).text().to_owned())
    }

    /// Takes a text back from an editor outside.
    pub fn text_from_outside(&mut self, text: &str) -> Heard {
        match self.row().map(|row| &mut row.editor) {
            Some(Editor::Block(area)) => {
                area.set(text.trim_end_matches('\n'));
                Heard::Edited
            }
            _ => Heard::Nothing,
        }
    }

    fn done(&mut self) -> Heard {
        if self.close(true).is_err() {
            return Heard::Nothing;
        }
        Heard::Submit
    }

    fn outside(&self) -> Heard {
        if matches!(self.editor(), Some(Editor::Block(_))) {
            Heard::Outside
        } else {
            Heard::Nothing
        }
    }

    fn enter(&mut self, open: bool) -> Heard {
        if open {
            let at_once = self.enter_submits && self.row().is_some_and(|row| row.at_once);
            return if at_once {
                self.take_and_submit()
            } else {
                self.leave_open()
            };
        }
        if self.enter_submits || self.focus + 1 >= self.rows.len() {
            return Heard::Submit;
        }
        self.step(1)
    }

    /// Enter in an open list takes its row and goes on; from the last field there is nowhere to go.
    fn leave_open(&mut self) -> Heard {
        if self.close(false).is_err() {
            return Heard::Nothing;
        }
        if self.focus + 1 < self.rows.len() {
            self.step(1)
        } else {
            Heard::Edited
        }
    }

    /// Enter in an open list takes its row, and that is all that was to be said.
    fn take_and_submit(&mut self) -> Heard {
        match self.close(false) {
            Ok(()) => Heard::Submit,
            Err(()) => Heard::Nothing,
        }
    }

    /// Closes an open list, taking its row.
    fn close(&mut self, only_typed: bool) -> Result<(), ()> {
        let Some(row) = self.row() else {
            return Ok(());
        };
        if let Editor::Pick(picker) = &mut row.editor
            && let Err(why) = picker.take(only_typed)
        {
            row.fault = Some(why);
            return Err(());
        }
        Ok(())
    }

    /// Tab: on to a neighbour, round the ends.
    fn leave(&mut self, by: isize, only_typed: bool) -> Heard {
        if self.close(only_typed).is_err() || self.rows.is_empty() {
            return Heard::Nothing;
        }
        let before = self.focus;
        let rows = self.rows.len();
        self.focus = (before + rows).saturating_add_signed(by) % rows;
        Heard::Left(before)
    }

    /// Arrows: on to a neighbour, up to the ends.
    fn step(&mut self, by: isize) -> Heard {
        let before = self.focus;
        self.put_focus(before.saturating_add_signed(by));
        if self.focus == before {
            Heard::Nothing
        } else {
            Heard::Left(before)
        }
    }

    fn edit(&mut self, key: KeyEvent) -> Heard {
        let Some(row) = self.row() else {
            return Heard::Nothing;
        };
        match row.editor.key(key) {
            Ok(true) => Heard::Edited,
            Ok(false) => match key.code {
                KeyCode::Up => self.step(-1),
                KeyCode::Down => self.step(1),
                _ => Heard::Nothing,
            },
            Err(fault) => self.refuse(fault),
        }
    }

    fn refuse(&mut self, fault: TooLong) -> Heard {
        if let Some(row) = self.row() {
            row.fault = Some(fault.to_string());
        }
        Heard::Nothing
    }
}
