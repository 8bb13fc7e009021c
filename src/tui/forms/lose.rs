//! Losing a deal or dropping a lead and saying why, in one gesture: type or point at a reason, Enter. Of a deal a note is one Tab
//! away.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::{Command, Reason};
use crate::domain::id::Id;
use crate::domain::records::{Deal, Stage};
use crate::domain::text::clean_line;
use crate::store::query::Choice;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Answer;
use crate::tui::widgets::choices::{Choices, Chosen, Item};
use crate::tui::widgets::clip::{clip, paint};
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::popup;
use crate::tui::widgets::text_field::TextField;

const WIDE: u16 = 56;
/// Rows of reasons at the most.
const ROWS: usize = 10;
/// Columns before the fields: the words `Reason` and `Note`.
const LABEL: u16 = 8;

/// Why a deal was lost or a lead dropped, as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The reason; `None` is "not given".
    pub reason: Option<Reason>,
    /// In the rep's words.
    pub note: Option<String>,
}

impl Lost {
    /// The command that loses a deal for it. `base` is the stage that the deal was seen in.
    #[must_use]
    pub fn command(self, deal: Id<Deal>, base: Option<Id<Stage>>) -> Command {
        Command::LoseDeal {
            deal,
            base,
            reason: self.reason,
            note: self.note,
            closed_at: None,
        }
    }
}

/// The popup that asks for the reason.
#[derive(Clone, Debug)]
pub struct LoseForm {
    title: String,
    reason: TextField,
    reasons: Choices<Option<Reason>>,
    note: TextField,
    in_note: bool,
    /// Whether a note can follow the reason.
    has_note: bool,
    /// What Enter does.
    verb: &'static str,
    fault: Option<String>,
    hints: Hints,
}

impl LoseForm {
    /// Asks why a deal of that name was lost. No reason is chosen by mere Enter: a guess would spoil the report.
    #[must_use]
    pub fn new(deal: &str, reasons: &[Choice]) -> Self {
        let mut items: Vec<Item<Option<Reason>>> = reasons
            .iter()
            .filter(|reason| !reason.retired)
            .map(|reason| {
                let known = Reason::Known(Id::new(reason.id));
                Item::new(Some(known), reason.name.clone())
            })
            .collect();
        items.push(Item::new(None, "not given"));
        let mut reasons = Choices::new(items).open_ended();
        reasons.unchoose();
        Self {
            title: format!("Lost: {deal}. Why?"),
            reason: TextField::default(),
            reasons,
            note: TextField::default(),
            in_note: false,
            has_note: true,
            verb: "lose it",
            fault: None,
            hints: Hints::default(),
        }
    }

    /// Asks why a lead of that name is given up: one of these reasons, or any other words.
    #[must_use]
    pub fn dropping(lead: &str, reasons: &[&str]) -> Self {
        let items = reasons.iter().map(|reason| {
            let named = Reason::Named((*reason).to_owned());
            Item::new(Some(named), *reason)
        });
        let mut reasons = Choices::new(items.collect()).open_ended();
        reasons.unchoose();
        Self {
            title: format!("Dropped: {lead}. Why?"),
            reasons,
            has_note: false,
            verb: "drop it",
            ..Self::new(lead, &[])
        }
    }

    /// Its line of keys.
    #[must_use]
    pub const fn hints(&self) -> &Hints {
        &self.hints
    }

    /// What it asks.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The reasons to choose from, by name; any other words can be typed.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let items = self.reasons.items().iter();
        items.map(|item| item.label.clone()).collect()
    }

    /// Whether a note can follow the reason.
    #[must_use]
    pub const fn has_note(&self) -> bool {
        self.has_note
    }

    /// Takes a reason by its place among them, or by its words.
    pub fn put_reason(&mut self, reason: Result<usize, &str>) {
        self.in_note = false;
        self.reason.set("");
        self.reasons.narrow("");
        match reason {
            Ok(place) => self.reasons.put_at(place),
            Err(words) => self.paste(words),
        }
    }

    /// Takes a note.
    pub fn put_note(&mut self, note: &str) {
        self.in_note = self.has_note;
        self.note.set("");
        self.paste(note);
    }

    /// What is wrong.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Answer<Lost> {
        self.fault = None;
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => return Answer::Cancel,
            KeyCode::Enter => return self.done(),
            KeyCode::Char('s') if ctrl => return self.done(),
            KeyCode::Tab | KeyCode::BackTab => self.in_note = self.has_note && !self.in_note,
            _ if self.in_note => self.key_note(key),
            _ if self.reasons.key(key) => {}
            _ => {
                let before = self.reason.text().to_owned();
                self.fault = self.reason.key(key).err().map(|fault| fault.to_string());
                self.narrowed(&before);
            }
        }
        Answer::Stay
    }

    fn key_note(&mut self, key: KeyEvent) {
        match self.note.key(key) {
            Ok(false) if key.code == KeyCode::Up => self.in_note = false,
            Ok(_) => {}
            Err(fault) => self.fault = Some(fault.to_string()),
        }
    }

    /// Takes a pasted text into the field that has the keys.
    pub fn paste(&mut self, text: &str) {
        let before = self.reason.text().to_owned();
        let field = if self.in_note {
            &mut self.note
        } else {
            &mut self.reason
        };
        self.fault = field.paste(text).err().map(|fault| fault.to_string());
        self.narrowed(&before);
    }

    /// Takes a click: a reason is chosen by it, and waits for Enter so that a note can follow.
    pub fn click(&mut self, x: u16, y: u16) {
        if self.has_note && self.note.click(x, y) {
            self.in_note = true;
        } else if self.reason.click(x, y) || self.reasons.click(x, y) {
            self.in_note = false;
        }
    }

    /// Moves among the reasons by a turn of the wheel.
    pub fn scroll(&mut self, by: isize) {
        self.reasons.scroll(by);
    }

    fn narrowed(&mut self, before: &str) {
        if self.reason.text() == before {
            return;
        }
        self.reasons.narrow(self.reason.text());
        if self.reason.text().is_empty() {
            self.reasons.unchoose();
        }
    }

    fn done(&mut self) -> Answer<Lost> {
        let reason = match self.reasons.chosen() {
            Some(Ok(Chosen::Known(reason))) => reason,
            Some(Ok(Chosen::New(name))) => Some(Reason::Named(name)),
            Some(Err(why)) => {
                self.fault = Some(why.to_owned());
                return Answer::Stay;
            }
            None => {
                self.in_note = false;
                self.fault = Some(self.no_reason().to_owned());
                return Answer::Stay;
            }
        };
        let note = clean_line(self.note.text());
        Answer::Submit(Lost {
            reason,
            note: (!note.is_empty()).then_some(note),
        })
    }

    const fn no_reason(&self) -> &'static str {
        if self.has_note {
            "Choose a reason first; `not given` is one too."
        } else {
            "Choose a reason first, or type your own."
        }
    }

    /// Draws the popup in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let rows = self.reasons.items().len().clamp(1, ROWS) + 1;
        // The border, the two fields, the line of keys.
        let high = u16::try_from(rows + 5).unwrap_or(u16::MAX);
        let place = popup::centred(area, WIDE, high);
        let inner = popup::frame(frame, place, &self.title, theme);
        self.hints = Hints::default();
        if inner.is_empty() {
            return;
        }
        let line = |y: u16| Rect {
            y,
            height: 1,
            ..inner
        };
        draw_field(
            frame,
            line(inner.y),
            "Reason",
            &mut self.reason,
            !self.in_note,
            theme,
        );
        let foot = inner.bottom() - 1;
        let list_end = if inner.height >= 4 {
            foot - 1
        } else {
            inner.bottom()
        };
        let list = Rect {
            y: inner.y + 1,
            height: list_end.saturating_sub(inner.y + 1),
            ..inner
        };
        let row = self.reasons.draw(frame, list, theme);
        if let Some(row) = row
            && !self.in_note
            && self.reason.text().is_empty()
        {
            frame.set_cursor_position(row);
        }
        if inner.height >= 4 {
            if self.has_note {
                draw_field(
                    frame,
                    line(foot - 1),
                    "Note",
                    &mut self.note,
                    self.in_note,
                    theme,
                );
            }
            self.draw_foot(frame, line(foot), theme);
        }
    }

    fn draw_foot(&mut self, frame: &mut Frame, foot: Rect, theme: &Theme) {
        let Some(fault) = &self.fault else {
            let other = if self.in_note { "reason" } else { "note" };
            let mut keys = vec![("Enter", self.verb), ("Tab", other), ("Esc", "leave")];
            keys.retain(|(key, _)| self.has_note || *key != "Tab");
            self.hints = Hints::draw(frame, foot, &keys, theme);
            return;
        };
        let text = clip(fault, usize::from(foot.width), theme.glyphs().ellipsis);
        let style = theme.style(Role::Error);
        paint(frame.buffer_mut(), foot, foot.x, foot.y, &text, style);
    }
}

fn draw_field(
    frame: &mut Frame,
    line: Rect,
    label: &str,
    field: &mut TextField,
    focused: bool,
    theme: &Theme,
) {
    let (label_role, role) = if focused {
        (Role::Title, Role::FieldFocus)
    } else {
        (Role::Dim, Role::Field)
    };
    let style = theme.style(label_role);
    paint(frame.buffer_mut(), line, line.x, line.y, label, style);
    let gap = LABEL.min(line.width);
    let place = Rect {
        x: line.x + gap,
        width: line.width - gap,
        ..line
    };
    field.draw(
        frame,
        place,
        theme.style(role),
        theme.glyphs().ellipsis,
        focused,
    );
}
