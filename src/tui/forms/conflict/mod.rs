//! Somebody changed the same fields while you edited: mine, theirs, original, field by field.
//!
//! ```text
//! ╔ Alpina AG changed while you edited (Ben, 2 min ago) ═════════╗
//! ║ ▶ Amount    was 40,000  │ Ben 42,000  │ ● you 45,000         ║
//! ║   Owner     was Ana     │ ● Ben Luca  │ you Zoë              ║
//! ║                                                              ║
//! ║ taken from Ben: Stage                                        ║
//! ║ Space pick  W save choice  X drop mine  Esc keep draft       ║
//! ╚══════════════════════════════════════════════════════════════╝
//! ```
//!
//! Only fields that clash have a row. What is saved is asked of the book again with what it holds now as the base, so that a
//! third person who came in between is met in the same way.

mod plan;
mod rows;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::outcome::Clash;
use crate::domain::resolve::{Settled, Side, resolve};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Answer;
use crate::tui::widgets::clip::{clip, paint};
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::popup;

use plan::Plan;
use rows::{Row, SIDES, currencies, row, title};

pub use rows::Telling;

const WIDE: u16 = 76;

/// What its author decides.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Ask the book for these; nothing where theirs was picked everywhere.
    Save(Vec<Command>),
    /// Leave the book as it is and forget the draft.
    Drop,
}

/// The dialog.
#[derive(Clone, Debug)]
pub struct ConflictForm {
    title: String,
    commands: Vec<Command>,
    rows: Vec<Row>,
    taken: Option<String>,
    /// What Esc does.
    leave: &'static str,
    cursor: usize,
    top: usize,
    hints: Hints,
}

impl ConflictForm {
    /// The dialog over the clashes that a draft of these commands met.
    #[must_use]
    pub fn new(commands: Vec<Command>, clashes: Vec<Clash>, telling: &Telling<'_>) -> Self {
        let title = title(&clashes, telling.now);
        let several = clashes
            .iter()
            .any(|clash| Some(clash.record) != clashes.first().map(|first| first.record));
        let currencies = currencies(&clashes, telling.currency);
        let rows = clashes
            .into_iter()
            .map(|clash| row(clash, several, currencies, &commands, telling))
            .collect();
        Self {
            title,
            commands,
            rows,
            taken: None,
            leave: "keep draft",
            cursor: 0,
            top: 0,
            hints: Hints::default(),
        }
    }

    /// The same dialog, which also tells what others changed that did not clash: it is in the book, and stays.
    #[must_use]
    pub fn taken(mut self, by: &str, fields: &[String]) -> Self {
        if !fields.is_empty() {
            self.taken = Some(format!("taken from {by}: {}", fields.join(", ")));
        }
        self
    }

    /// Its line of keys.
    #[must_use]
    pub const fn hints(&self) -> &Hints {
        &self.hints
    }

    /// The same dialog over an act that was typed into no form: nothing of it is kept where it is left.
    #[must_use]
    pub fn without_draft(mut self) -> Self {
        self.leave = "leave";
        self
    }

    /// What it is about.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What others changed that did not clash.
    #[must_use]
    pub fn taken_over(&self) -> Option<&str> {
        self.taken.as_deref()
    }

    /// The clashes: what each is about, then what it was, theirs and mine in words.
    #[must_use]
    pub fn clashes(&self) -> Vec<(&str, [String; 3])> {
        let rows = self.rows.iter();
        rows.map(|row| (row.label.as_str(), row.cells())).collect()
    }

    /// Picks a side of a clash; false where that side cannot be picked.
    pub fn pick(&mut self, at: usize, side: Side) -> bool {
        match self.rows.get_mut(at) {
            Some(row) if row.offers(side) => {
                row.side = side;
                true
            }
            _ => false,
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Answer<Decision> {
        match key.code {
            KeyCode::Esc => return Answer::Cancel,
            KeyCode::Char('W') => {
                let settled: Vec<Settled> = self
                    .rows
                    .iter()
                    .map(|row| (row.clash.clone(), row.side))
                    .collect();
                return Answer::Submit(Decision::Save(resolve(&self.commands, &settled)));
            }
            KeyCode::Char('X') => return Answer::Submit(Decision::Drop),
            KeyCode::Up | KeyCode::BackTab | KeyCode::Char('k') => {
                self.cursor = self.cursor.saturating_sub(1);
            }
            KeyCode::Down | KeyCode::Tab | KeyCode::Char('j') => {
                self.cursor = (self.cursor + 1).min(self.rows.len().saturating_sub(1));
            }
            KeyCode::Char(' ') | KeyCode::Enter => self.pick_next(),
            KeyCode::Left | KeyCode::Char('h') => self.pick_beside(-1),
            KeyCode::Right | KeyCode::Char('l') => self.pick_beside(1),
            _ => {}
        }
        Answer::Stay
    }

    /// Picks the value that was clicked.
    pub fn click(&mut self, x: u16, y: u16) {
        for (at, row) in self.rows.iter_mut().enumerate() {
            let hit = row
                .drawn
                .iter()
                .position(|area| area.contains((x, y).into()));
            if let Some(side) = hit.map(|hit| SIDES[hit]).filter(|side| row.offers(*side)) {
                row.side = side;
                self.cursor = at;
                return;
            }
        }
    }

    /// Mine, theirs, what it was, mine again.
    fn pick_next(&mut self) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.side = match row.side {
                Side::Mine => Side::Theirs,
                Side::Theirs if row.offers(Side::Original) => Side::Original,
                Side::Theirs | Side::Original => Side::Mine,
            };
        }
    }

    fn pick_beside(&mut self, by: isize) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            let at = SIDES.iter().position(|side| *side == row.side).unwrap_or(0);
            let side = SIDES[at.saturating_add_signed(by).min(SIDES.len() - 1)];
            if row.offers(side) {
                row.side = side;
            }
        }
    }

    /// Draws the dialog in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let wide = WIDE.min(area.width);
        let plan = Plan::of(&self.rows, wide.saturating_sub(4));
        let lines: usize = self.rows.iter().map(|row| plan.lines(row)).sum();
        // The border, a blank line, what was taken, the keys.
        let high = lines + 4 + usize::from(self.taken.is_some());
        let place = popup::centred(area, wide, u16::try_from(high).unwrap_or(u16::MAX));
        let inner = popup::frame(frame, place, &self.title, theme);
        self.hints = Hints::default();
        for row in &mut self.rows {
            row.drawn = [Rect::default(); 3];
        }
        if inner.is_empty() {
            return;
        }
        let foot = (1 + u16::from(self.taken.is_some())).min(inner.height - 1);
        let view = Rect {
            height: inner.height - foot,
            ..inner
        };
        self.draw_rows(frame, view, Plan::of(&self.rows, inner.width), theme);
        self.draw_foot(frame, inner, foot, theme);
    }

    fn draw_rows(&mut self, frame: &mut Frame, view: Rect, plan: Plan, theme: &Theme) {
        // Rows are scrolled whole; at least the one under the cursor begins in the view.
        self.top = self.top.min(self.cursor);
        let height = usize::from(view.height);
        while self.top < self.cursor
            && self.rows[self.top..=self.cursor]
                .iter()
                .map(|row| plan.lines(row))
                .sum::<usize>()
                > height
        {
            self.top += 1;
        }
        let mut y = view.y;
        for (at, row) in self.rows.iter_mut().enumerate().skip(self.top) {
            let lines = u16::try_from(plan.lines(row)).unwrap_or(u16::MAX);
            let place = Rect {
                y,
                height: lines,
                ..view
            }
            .intersection(view);
            if place.is_empty() {
                return;
            }
            if at == self.cursor {
                frame.set_cursor_position((place.x, place.y));
            }
            plan.draw(frame, place, row, at == self.cursor, theme);
            y = y.saturating_add(lines);
        }
    }

    fn draw_foot(&mut self, frame: &mut Frame, inner: Rect, foot: u16, theme: &Theme) {
        let line = |from_end: u16| Rect {
            y: inner.bottom() - from_end,
            height: 1,
            ..inner
        };
        if foot == 0 {
            return;
        }
        let keys = [
            ("Space", "pick"),
            ("W", "save choice"),
            ("X", "drop mine"),
            ("Esc", self.leave),
        ];
        self.hints = Hints::draw(frame, line(1), &keys, theme);
        if let (Some(taken), true) = (&self.taken, foot > 1) {
            let text = clip(taken, usize::from(inner.width), theme.glyphs().ellipsis);
            let style = theme.style(Role::ByOthers);
            paint(frame.buffer_mut(), inner, inner.x, line(2).y, &text, style);
        }
    }
}
