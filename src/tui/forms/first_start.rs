//! The first start without a book: three questions, and who you are if you like.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::money::Currency;
use crate::domain::text::{clean_line, fold};
use crate::domain::time::Zone;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Answer;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::picker::{Key, Picked, Picker};
use crate::tui::widgets::text_field::TextField;

use super::editor::{Content, Editor};
use super::sheet::{Heard, Row, Sheet, SheetOwner};

const PATH: usize = 0;
const CURRENCY: usize = 1;
const ZONE: usize = 2;
const REP: usize = 3;

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Where the book is to be, as typed.
    pub path: String,
    /// What it is called: its file's name without the ending.
    pub name: String,
    /// The currency of sums.
    pub base: Currency,
    /// The team's time zone.
    pub zone: Zone,
    /// Who the user is, where they said so.
    pub rep: Option<String>,
}

/// The questions.
#[derive(Clone, Debug)]
pub struct FirstStart {
    pub(super) sheet: Sheet,
}

impl FirstStart {
    /// Asks, with guesses in the fields: the default place of the book, the currency and the zone of this machine, the user's
    /// name.
    #[must_use]
    pub fn new(path: &str, currency: Option<Currency>, zone: Option<Zone>, rep: &str) -> Self {
        let zones = chrono_tz::TZ_VARIANTS
            .iter()
            .map(|zone| Item::new(Key::Word(zone.name().to_owned()), zone.name()))
            .collect();
        let mut picker = Picker::new(zones);
        if let Some(zone) = zone {
            picker.set(named(zone));
        }
        let code = currency.map_or_else(String::new, |currency| currency.code().to_owned());
        let line = |label: &str, hint: &str, text: &str| {
            let mut row = Row::new(label, Editor::Line(TextField::new(text)));
            hint.clone_into(&mut row.hint);
            row
        };
        let mut zone = Row::new("Time zone", Editor::Pick(picker));
        "type a city: Zurich, New York".clone_into(&mut zone.hint);
        let rows = vec![
            line("Book", "a file, such as ~/team.db", path),
            line("Currency", "of sums: USD, EUR or CHF", &code),
            zone,
            line("Your name", "may stay empty", rep),
        ];
        let mut sheet = Sheet::new("Welcome to clinch: a new book", rows);
        sheet.verb = "make the book";
        sheet.leave = "quit";
        let message = "A book is one file. Nothing is made before you say so.";
        sheet.message = Some((message.to_owned(), Role::Dim));
        Self { sheet }
    }

    /// What cannot be had as it was answered, such as a file that is there already: shown at the question of where.
    pub fn refuse(&mut self, why: &str) {
        self.sheet.rows[PATH].fault = Some(why.to_owned());
        self.sheet.put_focus(PATH);
    }

    /// Draws the questions in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        self.sheet.draw(frame, area, theme);
    }

    fn submit(&mut self) -> Answer<Answers> {
        let mut first = None;
        for at in 0..self.sheet.rows.len() {
            let fault = self.fault(at);
            if fault.is_some() {
                first.get_or_insert(at);
            }
            self.sheet.rows[at].fault = fault;
        }
        if let Some(at) = first {
            self.sheet.put_focus(at);
            return Answer::Stay;
        }
        match (self.path(), self.currency(), self.zone()) {
            (Ok(path), Ok(base), Ok(zone)) => {
                let rep = self.text(REP);
                Answer::Submit(Answers {
                    name: name_of(&path),
                    path,
                    base,
                    zone,
                    rep: (!rep.is_empty()).then_some(rep),
                })
            }
            // Faults were looked for above.
            _ => Answer::Stay,
        }
    }

    pub(super) fn fault(&self, at: usize) -> Option<String> {
        match at {
            PATH => self.path().err(),
            CURRENCY => self.currency().err(),
            ZONE => self.zone().err(),
            _ => None,
        }
    }

    fn text(&self, at: usize) -> String {
        clean_line(self.sheet.content(at).text())
    }

    fn path(&self) -> Result<String, String> {
        let path = self.text(PATH);
        if path.is_empty() {
            return Err("The book is a file: say where, such as ~/team.db".to_owned());
        }
        if path.ends_with(['/', '\\']) {
            return Err("That is a folder: add the name of a file, such as team.db".to_owned());
        }
        Ok(path)
    }

    fn currency(&self) -> Result<Currency, String> {
        let text = self.text(CURRENCY);
        Currency::of_symbol(&text).map_or_else(|| text.parse(), Ok)
    }

    fn zone(&self) -> Result<Zone, String> {
        match self.sheet.content(ZONE) {
            Content::Picked(Picked::Known(Key::Word(name), _)) => name
                .parse()
                .map_err(|_| format!("`{name}` is not a time zone")),
            Content::Picked(Picked::Typed(text)) => Err(format!(
                "`{text}` is not a time zone: type a large city of yours, and pick it"
            )),
            _ => Err("Pick the time zone of your team: type a large city of it".to_owned()),
        }
    }
}

impl SheetOwner for FirstStart {
    type Made = Answers;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn hear(&mut self, heard: Heard) -> Answer<Answers> {
        match heard {
            Heard::Nothing | Heard::Outside => Answer::Stay,
            Heard::Edited => {
                let at = self.sheet.focus();
                // A fault goes as soon as it is mended.
                if self.fault(at).is_none() {
                    self.sheet.rows[at].fault = None;
                }
                Answer::Stay
            }
            Heard::Left(at) => {
                self.sheet.rows[at].fault = self.fault(at);
                Answer::Stay
            }
            Heard::Cancel => Answer::Cancel,
            Heard::Submit => self.submit(),
        }
    }
}

fn named(zone: Zone) -> Picked {
    Picked::Known(Key::Word(zone.name().to_owned()), zone.name().to_owned())
}

/// A book is called as its file is, without folder and ending.
fn name_of(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if fold(stem).is_empty() {
        file.to_owned()
    } else {
        stem.to_owned()
    }
}
