//! The form of a record: make one, or change one.
//!
//! It yields commands for what was touched, each field with the base value that its author saw. While it is open the record may
//! change under it: untouched fields follow, touched ones say who changed what.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::{Command, Input, Slot};
use crate::domain::history::Holder;
use crate::domain::id::RecordId;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, Field, FieldDef};
use crate::domain::records::{Record, Rep};
use crate::domain::time::Instant;
use crate::domain::typed::Typing;
use crate::store::query::HoldersQuery;
use crate::tui::target::Target;
use crate::tui::theme::Theme;
use crate::tui::widgets::Answer;
use crate::tui::widgets::picker::{Key, Picked};

use super::asked::Asked;
use super::editor::Content;
use super::entry::{Entry, Place, Seen, Wanted};
use super::sheet::{Heard, Row, Sheet, SheetOwner};

/// The slot of the record that a form makes; records that it makes by name have the ones behind it.
pub const OWN: Slot = Slot(0);

/// Which record a form is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// One that is to be made.
    New(Entity),
    /// One that is in the book.
    Known(Entity, RecordId),
    /// Several that are in the book, as they were read: their one field becomes the same.
    Several(Vec<Record>),
}

/// A field of the form beside its row of the sheet.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) entry: Entry,
    /// What its author saw, and goes on to see as long as the field is untouched.
    pub(super) seen: Seen,
    /// What the editor showed for it.
    pub(super) initial: Content,
}

/// The form of a record.
#[derive(Clone, Debug)]
pub struct RecordForm {
    pub(super) sheet: Sheet,
    pub(super) lines: Vec<Line>,
    pub(super) subject: Subject,
    pub(super) typing: Typing,
    pub(super) fixed: Vec<(Field, Input)>,
    pub(super) finish: Finish,
    outside: bool,
    /// Whether what is needed is asked for though nobody touched it.
    pub(super) requires_all: bool,
    /// The fields that followed somebody's change, and whose.
    pub(super) taken: Vec<String>,
    pub(super) taken_from: String,
    /// Of what was asked who has it, and who has some of it.
    pub(super) asked_for: HoldersQuery,
    pub(super) holders: Vec<Holder>,
    /// It is to be saved once it is known who has what stands in it.
    pub(super) saves: bool,
    /// What was looked for last to pick from, and the keys that wait until it is found.
    pub(super) looked_for: Option<(Entity, String)>,
    pub(super) held: Vec<KeyEvent>,
    /// The records with which the same is to be made, where they are several.
    with_each: Vec<Target>,
    /// What the record that it is about is called.
    about: String,
}

/// What a noun's form does to its commands before it hands them out.
pub type Finish = fn(&RecordForm, &mut Vec<Command>);

impl RecordForm {
    /// A form that makes a record.
    #[must_use]
    pub fn create(title: &str, entity: Entity, entries: Vec<Entry>, typing: Typing) -> Self {
        let lines = entries
            .into_iter()
            .map(|entry| {
                let seen = entry.unseen(&typing);
                let initial = entry.content(&seen, None, &typing);
                Line {
                    entry,
                    seen,
                    initial,
                }
            })
            .collect();
        Self::of(title, Subject::New(entity), lines, typing)
    }

    /// A form that changes a record.
    #[must_use]
    pub fn edit(title: &str, record: &Record, entries: Vec<Entry>, typing: Typing) -> Self {
        let lines = entries
            .into_iter()
            .map(|entry| {
                let seen = entry.seen(record, &typing);
                let initial = entry.content(&seen, name_in(record, &entry).as_deref(), &typing);
                Line {
                    entry,
                    seen,
                    initial,
                }
            })
            .collect();
        let subject = Subject::Known(record.entity, record.id);
        let mut form = Self::of(title, subject, lines, typing).about_what(&record.name());
        form.follow(record, None);
        form
    }

    fn of(title: &str, subject: Subject, lines: Vec<Line>, typing: Typing) -> Self {
        let rows: Vec<Row> = lines.iter().map(|line| line.entry.row()).collect();
        let mut form = Self {
            sheet: Sheet::new(title, rows),
            lines,
            subject,
            typing,
            fixed: Vec::new(),
            finish: |_, _| {},
            outside: false,
            requires_all: false,
            taken: Vec::new(),
            taken_from: "somebody else".to_owned(),
            asked_for: HoldersQuery::default(),
            holders: Vec::new(),
            saves: false,
            looked_for: None,
            held: Vec::new(),
            with_each: Vec::new(),
            about: String::new(),
        };
        for at in 0..form.lines.len() {
            form.sheet.rows[at].editor.set(&form.lines[at].initial);
            form.reread(at);
        }
        form
    }

    /// The same form, about a record that is called so.
    #[must_use]
    pub(super) fn about_what(mut self, name: &str) -> Self {
        name.clone_into(&mut self.about);
        self
    }

    /// What the record that it is about is called; empty where that is new.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The form of what is to be made with each of these; none or one is what it is about anyway.
    #[must_use]
    pub fn with_each(mut self, targets: Vec<Target>) -> Self {
        self.with_each = targets;
        self
    }

    /// With which records the same is to be made, where they are several.
    #[must_use]
    pub fn several(&self) -> Option<&[Target]> {
        Some(&*self.with_each).filter(|all| all.len() > 1)
    }

    /// The record; `None` is one that is to be made.
    #[must_use]
    pub const fn record(&self) -> Option<RecordId> {
        match self.subject {
            Subject::New(_) | Subject::Several(_) => None,
            Subject::Known(_, id) => Some(id),
        }
    }

    /// What its first field is called, as in the middle of a sentence.
    #[must_use]
    pub fn label(&self) -> String {
        let first = self.sheet.rows.first();
        first.map_or_else(String::new, |row| row.label.to_lowercase())
    }

    /// Whether nothing of it is in the book.
    pub(super) const fn is_new(&self) -> bool {
        matches!(self.subject, Subject::New(_))
    }

    /// The noun.
    #[must_use]
    pub fn entity(&self) -> Entity {
        match &self.subject {
            Subject::New(entity) | Subject::Known(entity, _) => *entity,
            Subject::Several(records) => records.first().map_or(Entity::Deal, |one| one.entity),
        }
    }

    /// The as-of moment has moved on: `now` and `fri` are read as of it.
    pub fn as_of(&mut self, now: Instant) {
        self.typing.now = now;
        for at in 0..self.lines.len() {
            self.reread(at);
        }
    }

    /// The as-of moment at which it was last read.
    #[must_use]
    pub const fn now(&self) -> Instant {
        self.typing.now
    }

    /// The currency of the record's amounts, as far as the form shows one.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        self.lines.iter().find_map(|line| match line.seen {
            Seen::Values(_, currency) => currency,
            Seen::Elements(_) => None,
        })
    }

    /// The name of a record that one of the lists of the form offers, or that one of its fields names.
    #[must_use]
    pub fn name_of(&self, id: RecordId) -> Option<String> {
        let key = Key::Record(id);
        let shown = self.lines.iter().find_map(|line| match &line.initial {
            Content::Picked(Picked::Known(known, name)) if *known == key => Some(name.clone()),
            _ => None,
        });
        let typed = || {
            self.sheet
                .rows
                .iter()
                .find_map(|row| match row.editor.content() {
                    Content::Picked(Picked::Known(known, name)) if known == key => Some(name),
                    _ => None,
                })
        };
        shown
            .or_else(typed)
            .or_else(|| self.lines.iter().find_map(|line| line.entry.name_of(&key)))
    }

    /// What is in a field, as far as it can be read.
    #[must_use]
    pub fn wanted(&self, def: &FieldDef) -> Option<Wanted> {
        let at = self.position(def)?;
        self.read(at).ok()
    }

    /// Whether something is wrong with the field that has the keys and was not said yet: then typing may only have paused.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        let at = self.sheet.focus();
        let silent = |row: &Row| row.fault.is_none() && !row.editor.is_open();
        self.sheet.rows.get(at).is_some_and(silent) && self.fault(at).is_some()
    }

    /// Typing has stopped for a moment: what is wrong with the field is said now.
    pub fn settle(&mut self) {
        if self.is_unsettled() {
            self.judge(self.sheet.focus());
        }
    }

    /// The text that the user wants to write in an editor of their own, once after they asked.
    pub fn take_outside(&mut self) -> Option<String> {
        std::mem::take(&mut self.outside)
            .then(|| self.sheet.text_for_outside())
            .flatten()
    }

    /// Takes that text back.
    pub fn put_outside(&mut self, text: &str) {
        let heard = self.sheet.text_from_outside(text);
        self.hear(heard);
    }

    /// The cell of the screen that the form belongs to: it stands beside it, where there is room.
    pub const fn stand_by(&mut self, cell: Option<(u16, u16)>) {
        self.sheet.cell = cell;
    }

    /// Draws the form as a popup in an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        self.sheet.draw(frame, area, theme);
    }

    /// What every record of this form has unseen.
    pub(super) fn fixed(&self) -> &[(Field, Input)] {
        &self.fixed
    }

    pub(super) fn named(&self, name: &str) -> Option<usize> {
        let is = |line: &Line| line.entry.place.name() == name;
        self.lines.iter().position(is)
    }

    pub(super) fn position(&self, def: &FieldDef) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| matches!(line.entry.place, Place::Field(own) if own == def))
    }

    pub(super) fn read(&self, at: usize) -> Result<Wanted, String> {
        let line = &self.lines[at];
        let wanted = line
            .entry
            .read(&self.sheet.content(at), &line.seen, &self.typing)?;
        self.fault_of_all(at)?;
        Ok(wanted)
    }

    /// Whether a field holds something else than it was given.
    pub(super) fn is_touched(&self, at: usize) -> bool {
        let line = &self.lines[at];
        if self.sheet.content(at) == line.initial {
            return false;
        }
        let known = self.record().is_some();
        !(known && self.read(at).is_ok_and(|wanted| wanted.is(&line.seen)))
    }

    /// Takes note of what is in a field now. A fault that was shown goes when it is mended; a new one waits.
    pub(super) fn reread(&mut self, at: usize) {
        let line = &self.lines[at];
        let content = self.sheet.content(at);
        let preview = line.entry.preview(&content, &line.seen, &self.typing);
        let doubt = line
            .entry
            .doubt(&content)
            .or_else(|| self.doubt_of_holder(at));
        let touched = self.is_touched(at);
        let right = self.read(at).is_ok();
        let row = &mut self.sheet.rows[at];
        row.preview = preview;
        row.doubt = doubt;
        row.unsaved = touched;
        if right {
            row.fault = None;
        }
        if !touched {
            row.note = None;
        }
    }

    /// What is wrong with a field. An empty field of a new record is not yet wrong, and an untouched one never is.
    fn fault(&self, at: usize) -> Option<String> {
        let fresh = self.is_new() && self.sheet.content(at).is_empty();
        if fresh || !self.is_touched(at) {
            return None;
        }
        self.read(at).err()
    }

    fn judge(&mut self, at: usize) {
        if let Some(fault) = self.fault(at) {
            self.sheet.rows[at].fault = Some(fault);
        }
    }

    fn submit(&mut self) -> Answer<Vec<Command>> {
        let new = !matches!(self.subject, Subject::Known(..));
        let mut first = None;
        for at in 0..self.lines.len() {
            self.reread(at);
            if new || self.requires_all || self.is_touched(at) {
                let fault = self.read(at).err();
                if fault.is_some() {
                    first.get_or_insert(at);
                }
                self.sheet.rows[at].fault = fault;
            }
        }
        match first {
            Some(at) => {
                self.sheet.put_focus(at);
                Answer::Stay
            }
            None => Answer::Submit(self.commands()),
        }
    }

    /// What is asked of the book: nothing where nothing was touched.
    fn commands(&self) -> Vec<Command> {
        let mut asked = Asked::default();
        for at in 0..self.lines.len() {
            if self.is_new() || self.is_touched(at) {
                let line = &self.lines[at];
                if let Ok(wanted) = self.read(at) {
                    asked.add(line.entry.place, &line.seen, wanted);
                }
            }
        }
        let now = self.typing.now;
        let mut commands = match &self.subject {
            Subject::New(entity) => asked.create(*entity, now, &self.fixed),
            Subject::Known(entity, id) => asked.edit(*entity, *id, now),
            Subject::Several(records) => return self.commands_of_all(records),
        };
        (self.finish)(self, &mut commands);
        commands
    }
}

impl SheetOwner for RecordForm {
    type Made = Vec<Command>;

    fn sheet(&mut self) -> &mut Sheet {
        &mut self.sheet
    }

    fn key(&mut self, key: KeyEvent) -> Answer<Vec<Command>> {
        if self.holds_back(key) {
            return Answer::Stay;
        }
        let heard = self.sheet.key(key);
        self.hear(heard)
    }

    fn hear(&mut self, heard: Heard) -> Answer<Vec<Command>> {
        match heard {
            Heard::Nothing => {}
            Heard::Edited => self.reread(self.sheet.focus()),
            Heard::Left(at) => {
                self.reread(at);
                self.judge(at);
                self.reread(self.sheet.focus());
            }
            Heard::Outside => self.outside = true,
            Heard::Cancel => return Answer::Cancel,
            Heard::Submit => return self.submit(),
        }
        Answer::Stay
    }
}

/// The name of the record that a reference of a record names.
pub(super) fn name_in(record: &Record, entry: &Entry) -> Option<String> {
    let Place::Field(def) = entry.place else {
        return None;
    };
    let link = record.link::<Rep>(def)?;
    (!link.name.is_empty()).then_some(link.name)
}
