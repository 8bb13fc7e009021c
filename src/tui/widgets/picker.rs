//! A field of a form that holds one of many: closed it shows what is picked, typing opens a list under it.
//!
//! Typing or a blank opens the list; Enter or Tab takes the row under the cursor; Esc closes the list and leaves what was picked
//! before; Backspace on the closed field makes it unknown.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use serde::{Deserialize, Serialize};

use super::choices::{Choices, Chosen, Item};
use super::clip::{fill, left, paint};
use super::edit::TooLong;
use super::text_field::TextField;
use crate::domain::id::RecordId;
use crate::domain::text::{clean_line, fold};
use crate::tui::theme::Theme;

/// Rows of the open list.
const ROWS: u16 = 6;

/// What a row of a picker stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// A record of the book.
    Record(RecordId),
    /// A word of a fixed list.
    Word(String),
}

/// What is picked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picked {
    /// Nothing: unknown.
    #[default]
    Nothing,
    /// One of the rows, and what it is called.
    Known(Key, String),
    /// Something new of that name.
    New(String),
    /// Typed text that is neither: left so that nothing typed is lost.
    Typed(String),
}

impl Picked {
    /// What the closed field shows.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Nothing => "",
            Self::Known(_, text) | Self::New(text) | Self::Typed(text) => text,
        }
    }
}

/// A field with a list.
#[derive(Clone, Debug)]
pub struct Picker {
    picked: Picked,
    choices: Choices<Key>,
    /// What is typed while the list is open.
    field: TextField,
    open: bool,
    /// Of which typed text the list has what fits; `None` where it has all that there is.
    part: Option<Part>,
    area: Rect,
}

/// A list that holds a part of what could be picked: more is looked for outside while somebody types.
#[derive(Clone, Debug, Default)]
struct Part {
    /// What was typed when it was looked for.
    of: String,
    /// Whether all that fits that is there, so that no more fits a longer text.
    all: bool,
}

impl Picker {
    /// A closed field without a value.
    #[must_use]
    pub fn new(items: Vec<Item<Key>>) -> Self {
        Self {
            picked: Picked::Nothing,
            choices: Choices::new(items),
            field: TextField::default(),
            open: false,
            part: None,
            area: Rect::default(),
        }
    }

    /// From now on the list holds only a part of what there is: what is used most.
    pub fn hold_a_part(&mut self) {
        self.part = Some(Part::default());
    }

    /// Whether the list holds only a part of what there is.
    #[must_use]
    pub const fn holds_a_part(&self) -> bool {
        self.part.is_some()
    }

    /// The text that more is to be looked for, where the list may lack something that fits what is typed.
    #[must_use]
    pub fn looks_for(&self) -> Option<String> {
        let part = self.part.as_ref().filter(|_| self.open)?;
        let typed = clean_line(self.field.text());
        let (now, then) = (fold(&typed), fold(&part.of));
        let known = now == then || part.all && !then.is_empty() && now.starts_with(&then);
        (!known).then_some(typed)
    }

    /// Takes what was found for a typed text, and whether that is all that fits it.
    pub fn found(&mut self, of: &str, items: Vec<Item<Key>>, all: bool) {
        if let Some(part) = &mut self.part {
            *part = Part {
                of: of.to_owned(),
                all,
            };
            self.choices.look(false);
            self.choices.replace(items);
            self.look();
        }
    }

    /// Nothing could be looked for: what is known is all there is for now.
    pub fn not_found(&mut self) {
        if let Some(part) = &mut self.part {
            part.of = clean_line(self.field.text());
            self.choices.look(false);
            self.choices.replace(self.choices.items().to_vec());
        }
    }

    fn look(&mut self) {
        let looks = self.looks_for().is_some();
        self.choices.look(looks);
    }

    /// The same field, which takes a name that is not in the list as something new.
    #[must_use]
    pub fn open_ended(mut self) -> Self {
        self.choices = self.choices.open_ended();
        self
    }

    /// The same field, which takes as something new what may be the name of a person.
    #[must_use]
    pub fn open_to_people(mut self) -> Self {
        self.choices = self.choices.open_to_people();
        self
    }

    /// What is picked; while the list is open, what was picked before.
    #[must_use]
    pub const fn picked(&self) -> &Picked {
        &self.picked
    }

    /// Picks, and closes the list.
    pub fn set(&mut self, picked: Picked) {
        self.picked = picked;
        self.close();
    }

    /// Whether the list is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Rows that the open list takes under the field.
    #[must_use]
    pub fn rows(&self) -> u16 {
        if self.open {
            u16::try_from(self.choices.lines().max(1)).map_or(ROWS, |rows| rows.min(ROWS))
        } else {
            0
        }
    }

    /// The row of a key, for a value that comes from elsewhere.
    #[must_use]
    pub fn row_of(&self, key: &Key) -> Option<Picked> {
        let item = self
            .choices
            .items()
            .iter()
            .find(|item| item.value == *key)?;
        Some(Picked::Known(key.clone(), item.label.clone()))
    }

    /// Does what a key says; `Ok(false)` where it says nothing here. Enter and Tab are the form's, which [`take`](Self::take)s.
    pub fn key(&mut self, key: KeyEvent) -> Result<bool, TooLong> {
        if !self.open {
            return self.key_closed(key);
        }
        if key.code == KeyCode::Esc {
            self.close();
            return Ok(true);
        }
        if self.choices.key(key) {
            return Ok(true);
        }
        let before = self.field.text().to_owned();
        let taken = self.field.key(key)?;
        self.narrowed(&before);
        Ok(taken)
    }

    fn key_closed(&mut self, key: KeyEvent) -> Result<bool, TooLong> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Backspace | KeyCode::Delete => self.picked = Picked::Nothing,
            KeyCode::Char('u' | 'w' | 'h' | 'd' | 'k') if ctrl => self.picked = Picked::Nothing,
            KeyCode::Char(' ') if !ctrl => self.open_list(),
            KeyCode::Char(_) => {
                self.open_list();
                let taken = self.field.key(key)?;
                if !taken {
                    self.close();
                }
                self.narrowed("");
                return Ok(taken);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Takes a pasted text for what is looked for.
    pub fn paste(&mut self, text: &str) -> Result<(), TooLong> {
        if !self.open {
            self.open_list();
        }
        let before = self.field.text().to_owned();
        self.field.paste(text)?;
        self.narrowed(&before);
        Ok(())
    }

    /// Takes the row under the cursor and closes the list. With `only_typed`, only where something was typed (Tab over an open
    /// list is no choice). A barred row is not taken: why is returned, and the list stays.
    pub fn take(&mut self, only_typed: bool) -> Result<(), String> {
        let typed = clean_line(self.field.text());
        if !self.open || (only_typed && typed.is_empty()) {
            self.close();
            return Ok(());
        }
        let picked = match self.choices.chosen() {
            Some(Ok(Chosen::Known(key))) => self.row_of(&key).unwrap_or_default(),
            Some(Ok(Chosen::New(name))) => Picked::New(name),
            Some(Err(why)) => return Err(why.to_owned()),
            None if typed.is_empty() => self.picked.clone(),
            None => Picked::Typed(typed),
        };
        self.set(picked);
        Ok(())
    }

    /// A click: on a row of the list takes it, on the field opens or closes the list. False elsewhere.
    pub fn click(&mut self, x: u16, y: u16) -> Result<bool, String> {
        if self.open && self.choices.click(x, y) {
            return self.take(false).map(|()| true);
        }
        let hit = self.area.contains((x, y).into());
        if hit && self.open {
            self.close();
        } else if hit {
            self.open_list();
        }
        Ok(hit)
    }

    /// Moves the cursor of the list by a turn of the wheel.
    pub fn scroll(&mut self, by: isize) {
        self.choices.scroll(by);
    }

    fn open_list(&mut self) {
        self.open = true;
        self.field.set("");
        self.look();
        self.choices.narrow("");
        match &self.picked {
            Picked::Known(key, _) => {
                let key = key.clone();
                self.choices.put_cursor(|other| *other == key);
            }
            Picked::Typed(text) => {
                let text = text.clone();
                self.field.set(&text);
                self.look();
                self.choices.narrow(&text);
            }
            Picked::Nothing | Picked::New(_) => {}
        }
    }

    fn close(&mut self) {
        self.open = false;
        self.field.set("");
    }

    fn narrowed(&mut self, before: &str) {
        if self.field.text() != before {
            self.look();
            self.choices.narrow(self.field.text());
        }
    }

    /// Draws the field over the whole width of one row.
    pub fn draw(
        &mut self,
        frame: &mut Frame,
        area: Rect,
        style: Style,
        theme: &Theme,
        focused: bool,
    ) {
        self.area = Rect {
            height: area.height.min(1),
            ..area
        };
        if self.area.is_empty() {
            return;
        }
        let glyphs = theme.glyphs();
        let sign = area.width.saturating_sub(2);
        let text = Rect {
            width: sign,
            ..self.area
        };
        let buffer = frame.buffer_mut();
        fill(buffer, self.area, area.x, area.y, style);
        paint(buffer, self.area, area.x + sign, area.y, " ", style);
        let x = area.x.saturating_add(sign + 1);
        paint(buffer, self.area, x, area.y, glyphs.menu, style);
        if self.open {
            self.field
                .draw(frame, text, style, glyphs.ellipsis, focused);
        } else {
            let shown = left(self.picked.text(), usize::from(sign), glyphs.ellipsis);
            paint(frame.buffer_mut(), text, text.x, text.y, &shown, style);
            if focused {
                frame.set_cursor_position((area.x, area.y));
            }
        }
    }

    /// Draws the open list.
    pub fn draw_list(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let row = self.choices.draw(frame, area, theme);
        if let Some(row) = row.filter(|_| self.field.text().is_empty()) {
            frame.set_cursor_position(row);
        }
    }

    /// The rows, in their own order.
    #[must_use]
    pub fn items(&self) -> &[Item<Key>] {
        self.choices.items()
    }

    /// Whether a name that is not in the list is taken as something new.
    #[must_use]
    pub const fn is_open_ended(&self) -> bool {
        self.choices.is_open_ended()
    }

    /// What fits a typed text and can be picked, the best first.
    #[must_use]
    pub fn fitting(&self, text: &str) -> Vec<Picked> {
        let mut choices = self.choices.clone();
        choices.narrow(text);
        let known = choices.fitting().filter(|item| item.barred.is_none());
        known
            .map(|item| Picked::Known(item.value.clone(), item.label.clone()))
            .collect()
    }

    /// The one row whose name is the text, case and accents aside.
    #[must_use]
    pub fn named(&self, text: &str) -> Option<Picked> {
        let wanted = fold(text);
        let mut found = self
            .choices
            .items()
            .iter()
            .filter(|item| fold(&item.label) == wanted);
        let item = found.next()?;
        found
            .next()
            .is_none()
            .then(|| Picked::Known(item.value.clone(), item.label.clone()))
    }
}

#[cfg(test)]
mod tests;
