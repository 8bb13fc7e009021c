//! Where what is shown is exported to, and for whom.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::text::clean_line;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Answer;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::picker::{Key, Picked, Picker};
use crate::tui::widgets::text_field::TextField;

use super::editor::{Content, Editor};
use super::sheet::{Heard, Row, Sheet, SheetOwner};

const PATH: usize = 0;
const EXCEL: usize = 1;
/// The endings that say what is written.
const ENDINGS: [&str; 3] = [".csv", ".tsv", ".jsonl"];

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whither {
    /// The file as typed.
    pub path: String,
    /// For spreadsheets.
    pub excel: bool,
}

/// The form.
#[derive(Clone, Debug)]
pub struct ExportForm {
    pub(super) sheet: Sheet,
}

impl ExportForm {
    /// Asks where `what` (`1,204 contacts`) goes, with a guess.
    #[must_use]
    pub fn new(what: &str, path: &str) -> Self {
        let mut file = Row::new("File", Editor::Line(TextField::new(path)));
        "its ending says what is written: .csv, .tsv or .jsonl".clone_into(&mut file.hint);
        let word = |word: &str| Item::new(Key::Word(word.to_owned()), word);
        let mut picker = Picker::new(vec![word("no"), word("yes")]);
        picker.set(Picked::Known(Key::Word("no".to_owned()), "no".to_owned()));
        let excel = Row::new("Spreadsheet", Editor::Pick(picker));
        let mut sheet = Sheet::new(format!("Export {what}"), vec![file, excel]);
        sheet.verb = "export";
        sheet.leave = "leave";
        sheet.enter_submits = true;
        let message = "Spreadsheet: a byte-order mark, and no cell runs as a formula.";
        sheet.message = Some((message.to_owned(), Role::Dim));
        Self { sheet }
    }

    /// Draws the form in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        self.sheet.draw(frame, area, theme);
    }

    fn path(&self) -> Result<String, String> {
        let path = clean_line(self.sheet.content(PATH).text());
        let name = path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let fits = |ending: &&str| name.ends_with(*ending) && name.len() > ending.len();
        if ENDINGS.iter().any(fits) {
            Ok(path)
        } else {
            Err(format!(
                "The file's ending says what is written: {}",
                ENDINGS.join(", ")
            ))
        }
    }

    /// What is wrong with a field.
    pub(super) fn fault(&self, at: usize) -> Option<String> {
        self.path().err().filter(|_| at == PATH)
    }

    fn excel(&self) -> bool {
        matches!(self.sheet.content(EXCEL), Content::Picked(Picked::Known(Key::Word(word), _)) if word == "yes")
    }
}

impl SheetOwner for ExportForm {
    type Made = Whither;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn hear(&mut self, heard: Heard) -> Answer<Whither> {
        match heard {
            Heard::Nothing | Heard::Outside => Answer::Stay,
            Heard::Edited => {
                if self.path().is_ok() {
                    self.sheet.rows[PATH].fault = None;
                }
                Answer::Stay
            }
            Heard::Left(_) => {
                self.sheet.rows[PATH].fault = self.path().err();
                Answer::Stay
            }
            Heard::Cancel => Answer::Cancel,
            Heard::Submit => match self.path() {
                Ok(path) => Answer::Submit(Whither {
                    path,
                    excel: self.excel(),
                }),
                Err(why) => {
                    self.sheet.rows[PATH].fault = Some(why);
                    self.sheet.put_focus(PATH);
                    Answer::Stay
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::keys;

    fn pressed(script: &str) -> Answer<Whither> {
        let mut form = ExportForm::new("3 contacts", "contacts.csv");
        let mut answer = Answer::Stay;
        for key in keys(script) {
            answer = form.key(key);
        }
        answer
    }

    #[test]
    fn the_ending_says_what_is_written() {
        let whither = |path: &str, excel| {
            let path = path.to_owned();
            Answer::Submit(Whither { path, excel })
        };
        assert_eq!(pressed("<enter>"), whither("contacts.csv", false));
        assert_eq!(
            pressed("<c-u>~/a.JSONL<enter>"),
            whither("~/a.JSONL", false)
        );
        assert_eq!(pressed("<c-u>a.xlsx<enter>"), Answer::Stay);
        assert_eq!(pressed("<c-u>.csv<enter>"), Answer::Stay);
        assert_eq!(pressed("<c-u><enter>"), Answer::Stay);
        assert_eq!(pressed("<tab>yes<tab><c-s>"), whither("contacts.csv", true));
        assert_eq!(pressed("<esc>"), Answer::Cancel);
    }
}
