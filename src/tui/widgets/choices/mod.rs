//! A list to choose from: narrowed by typing, a cursor, rows that cannot be chosen with the reason why, and where the list
//! permits it one more row that makes what was typed (`create Acme`).

mod row;
mod told;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::clip::paint;
use super::matching::Needle;
use crate::domain::text::{clean_line, fold, may_name_a_person};
use crate::tui::theme::{Role, Theme};
use row::{Row, draw_item};

/// One row of a list.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// What is chosen with it.
    pub value: T,
    /// What it is called.
    pub label: String,
    /// What tells it from its namesakes.
    pub detail: String,
    /// Why it cannot be chosen now.
    pub barred: Option<String>,
    /// The sentence that its row has no room for, where it has one.
    whole: String,
    /// Whether the detail is to be seen whole, and the label is cut for it.
    keeps_detail: bool,
    folded: String,
    /// The detail, folded, where a row is found by it as well.
    also: Option<String>,
}

impl<T> Item<T> {
    /// A row that can be chosen.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        let label = label.into();
        Self {
            value,
            folded: fold(&label),
            label,
            detail: String::new(),
            barred: None,
            whole: String::new(),
            also: None,
            keeps_detail: false,
        }
    }

    /// The same with what tells it from its namesakes.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same, found by its detail as well as by what it is called.
    #[must_use]
    pub fn found_by_detail(mut self) -> Self {
        self.also = Some(fold(&self.detail));
        self
    }

    /// What stands beside its label: why it cannot be chosen, else its detail.
    #[must_use]
    pub fn aside(&self) -> &str {
        self.barred.as_deref().unwrap_or(&self.detail)
    }

    /// How well what was typed fits.
    fn score(&self, needle: &Needle) -> Option<i64> {
        let also = self.also.as_ref().and_then(|also| needle.score(also));
        needle.score(&self.folded).max(also)
    }

    /// The same; in a narrow list its label is cut, and not its detail.
    #[must_use]
    pub const fn keeps_detail(mut self) -> Self {
        self.keeps_detail = true;
        self
    }

    /// The same with the sentence that its row may have no room for.
    #[must_use]
    pub fn whole(mut self, sentence: impl Into<String>) -> Self {
        self.whole = sentence.into();
        self
    }

    /// The same, but it cannot be chosen, for that reason.
    #[must_use]
    pub fn barred(mut self, why: impl Into<String>) -> Self {
        self.barred = Some(why.into());
        self
    }
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen<T> {
    /// One of the rows.
    Known(T),
    /// What was typed, as something new.
    New(String),
}

/// A list, what is shown of it, and the cursor.
#[derive(Clone, Debug)]
pub struct Choices<T> {
    items: Vec<Item<T>>,
    /// The items that fit what was typed, best first.
    shown: Vec<usize>,
    typed: String,
    /// Whether more rows are being looked for: until they are there nothing is new.
    looking: bool,
    /// Whether somebody moved the cursor since they typed.
    moved: bool,
    /// Whether the items were found elsewhere by what was typed, so that only whole pieces of it are marked.
    lit: bool,
    /// What is called that was typed and is no item, where the list takes such a thing: then there is a row for it.
    new: Option<fn(&str) -> Option<String>>,
    /// The row under the cursor; the row behind the last item is the new one.
    cursor: Option<usize>,
    top: usize,
    area: Rect,
}

impl<T: Clone> Choices<T> {
    /// A list in its own order, the cursor on the first row that can be chosen.
    #[must_use]
    pub fn new(items: Vec<Item<T>>) -> Self {
        let mut choices = Self {
            shown: (0..items.len()).collect(),
            items,
            typed: String::new(),
            looking: false,
            moved: false,
            lit: false,
            new: None,
            cursor: None,
            top: 0,
            area: Rect::default(),
        };
        choices.cursor = choices.first();
        choices
    }

    /// The same list, which takes what was typed as something new as well.
    #[must_use]
    pub fn open_ended(self) -> Self {
        self.takes(|typed| Some(format!("create {typed}")))
    }

    /// The same list, which takes as something new what may be the name of a person.
    #[must_use]
    pub fn open_to_people(self) -> Self {
        self.takes(|typed| may_name_a_person(typed).then(|| format!("create {typed}")))
    }

    /// The same list, which takes what was typed where `row` has a row for it: what that says.
    #[must_use]
    pub fn takes(mut self, row: fn(&str) -> Option<String>) -> Self {
        self.new = Some(row);
        self
    }

    /// What the item under the cursor is called.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        let item = self.shown.get(self.cursor?)?;
        Some(&self.items[*item].label)
    }

    /// What is to be told in full of the item under the cursor: why it cannot be chosen, else its sentence.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let item = &self.items[*self.shown.get(self.cursor?)?];
        Some(match &item.barred {
            Some(why) => format!("Not now: {why}"),
            None => item.whole.clone(),
        })
    }

    /// The same list, whose items were found by what was typed: its pieces are marked, nothing is narrowed.
    #[must_use]
    pub fn lit(mut self, typed: &str) -> Self {
        clean_line(typed).clone_into(&mut self.typed);
        self.lit = true;
        self
    }

    /// Whether the cursor is on another row than the first.
    #[must_use]
    pub fn is_moved(&self) -> bool {
        self.cursor.is_some_and(|row| row > 0)
    }

    /// The items, in their own order.
    #[must_use]
    pub fn items(&self) -> &[Item<T>] {
        &self.items
    }

    /// How many rows there are now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.len() + usize::from(self.offers_new())
    }

    /// How many lines the list wants: its rows, and one that says that more are being looked for.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.len() + usize::from(self.looking)
    }

    /// Whether nothing fits what was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the cursor off the list, so that nothing is chosen by mere Enter.
    pub const fn unchoose(&mut self) {
        self.cursor = None;
    }

    /// Puts the cursor on the first row for which `is` holds.
    pub fn put_cursor(&mut self, is: impl Fn(&T) -> bool) {
        let row = self
            .shown
            .iter()
            .position(|item| is(&self.items[*item].value));
        if row.is_some() {
            self.cursor = row;
        }
    }

    /// More rows are being looked for, or all that fit are there.
    pub const fn look(&mut self, looking: bool) {
        self.looking = looking;
    }

    /// Takes other rows. What was typed narrows them; where somebody moved the cursor it stays on its row.
    pub fn replace(&mut self, items: Vec<Item<T>>)
    where
        T: PartialEq,
    {
        let under = match self.chosen() {
            Some(Ok(Chosen::Known(value))) if self.moved => Some(value),
            _ => None,
        };
        let typed = std::mem::take(&mut self.typed);
        self.items = items;
        self.narrow(&typed);
        if let Some(value) = under {
            self.put_cursor(|other| *other == value);
            self.moved = true;
        }
    }

    /// Shows what fits the typed text. The cursor goes to the best row; where something new may be meant, and the typed text is
    /// not the start of a word of any name, to the new row.
    pub fn narrow(&mut self, typed: &str) {
        let before = std::mem::replace(&mut self.typed, clean_line(typed));
        self.top = 0;
        self.moved = false;
        let needle = Needle::new(&self.typed);
        if needle.is_empty() {
            self.shown = (0..self.items.len()).collect();
            self.cursor = self.first();
            return;
        }
        // What does not fit the beginning does not fit the whole, so that a long list is gone through only once.
        let among = if !before.is_empty() && self.typed.starts_with(&before) {
            std::mem::take(&mut self.shown)
        } else {
            (0..self.items.len()).collect()
        };
        let score = |at: usize| self.items[at].score(&needle);
        let mut found: Vec<(i64, usize)> = among
            .into_iter()
            .filter_map(|at| score(at).map(|score| (score, at)))
            .collect();
        found.sort_by_key(|(score, at)| (-score, *at));
        self.shown = found.into_iter().map(|(_, at)| at).collect();
        let best = self.first();
        let sure = best.is_some_and(|row| {
            self.shown
                .get(row)
                .is_some_and(|item| needle.begins_a_word(&self.items[*item].folded))
        });
        self.cursor = if self.offers_new() && !sure {
            Some(self.shown.len())
        } else {
            best
        };
    }

    /// What is under the cursor: chosen, or why it cannot be; nothing where the cursor is nowhere.
    pub fn chosen(&self) -> Option<Result<Chosen<T>, &str>> {
        let row = self.cursor?;
        match self.shown.get(row).map(|item| &self.items[*item]) {
            Some(item) => Some(match &item.barred {
                Some(why) => Err(why),
                None => Ok(Chosen::Known(item.value.clone())),
            }),
            None => self
                .offers_new()
                .then(|| Ok(Chosen::New(self.typed.clone()))),
        }
    }

    /// Moves the cursor; false where the key is no move.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let page = isize::try_from(self.area.height.max(2) - 1).unwrap_or(1);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Up => self.step(-1),
            KeyCode::Down => self.step(1),
            KeyCode::Char('p') if ctrl => self.step(-1),
            KeyCode::Char('n') if ctrl => self.step(1),
            KeyCode::PageUp => self.page(-page),
            KeyCode::PageDown => self.page(page),
            _ => return false,
        }
        self.moved = true;
        true
    }

    /// Puts the cursor on the row that was clicked; false outside.
    pub fn click(&mut self, x: u16, y: u16) -> bool {
        if !self.area.contains((x, y).into()) {
            return false;
        }
        let row = self.top + usize::from(y - self.area.y);
        let hit = row < self.len();
        if hit {
            self.cursor = Some(row);
        }
        hit
    }

    /// Moves the cursor by a turn of the wheel.
    pub fn scroll(&mut self, by: isize) {
        self.page(by);
    }

    fn offers_new(&self) -> bool {
        self.new_row().is_some()
    }

    /// The row for what was typed.
    fn new_row(&self) -> Option<String> {
        let row = self.new.filter(|_| !self.looking)?;
        let typed = fold(&self.typed);
        let is_known = || self.items.iter().any(|item| item.folded == typed);
        if typed.is_empty() || is_known() {
            return None;
        }
        row(&self.typed)
    }

    /// The row that Enter is about to take: the first that can be chosen. What somebody typed for is the best row even where that
    /// cannot be chosen, and then Enter says why; it never takes a worse one in its place.
    fn first(&self) -> Option<usize> {
        let free = |row: &usize| self.items[*row].barred.is_none();
        let any = (!self.shown.is_empty()).then_some(0);
        if self.typed.is_empty() {
            self.shown.iter().position(free).or(any)
        } else {
            any
        }
    }

    /// One row on, round the ends.
    fn step(&mut self, by: isize) {
        let rows = self.len();
        if rows == 0 {
            return;
        }
        self.cursor = Some(match self.cursor {
            None if by > 0 => 0,
            None => rows - 1,
            Some(row) => (row.min(rows - 1) + rows).saturating_add_signed(by) % rows,
        });
    }

    /// Several rows on, up to the ends.
    fn page(&mut self, by: isize) {
        if let Some(last) = self.len().checked_sub(1) {
            let row = self.cursor.unwrap_or(0).saturating_add_signed(by);
            self.cursor = Some(row.min(last));
        }
    }

    /// Draws the rows around the cursor and returns where the cursor's row is.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) -> Option<(u16, u16)> {
        self.area = area;
        if area.is_empty() {
            return None;
        }
        let height = usize::from(area.height);
        let row = self.cursor.unwrap_or(0);
        let lowest = self.len().saturating_sub(height);
        self.top = self
            .top
            .clamp((row + 1).saturating_sub(height), row)
            .min(lowest);
        let needle = if self.lit {
            Needle::in_pieces(&self.typed)
        } else {
            Needle::new(&self.typed)
        };
        let mut at = None;
        for (row, y) in (self.top..self.len()).zip(area.top()..area.bottom()) {
            let under = self.cursor == Some(row);
            if under {
                at = Some((area.x, y));
            }
            if let Some(item) = self.shown.get(row) {
                let item = &self.items[*item];
                draw_item(frame, area, y, (item, self.lit), under, &needle, theme);
            } else if let Some(label) = self.new_row() {
                Row::start(frame, area, y, under, theme).text(frame, &label, Role::Good);
            }
        }
        let below = u16::try_from(self.len() - self.top).unwrap_or(u16::MAX);
        if self.is_empty() || self.looking && below < area.height {
            let word = match (self.typed.is_empty(), self.new.is_some()) {
                _ if self.looking => "looking …",
                (true, true) => "none yet: what you type is the first",
                (true, false) => "nothing to choose from",
                (false, _) => "nothing fits",
            };
            paint(
                frame.buffer_mut(),
                area,
                area.x.saturating_add(2),
                area.y.saturating_add(below),
                word,
                theme.style(Role::Dim),
            );
        }
        at
    }
}

impl<T: Clone> Default for Choices<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

#[cfg(test)]
mod tests;
