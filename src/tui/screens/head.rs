//! The first line of a screen, part by part: what is shown and how. A part that a key changes is clicked for that key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{columns, paint};

/// One part.
#[derive(Clone, Debug)]
struct Part {
    x: u16,
    text: String,
    role: Role,
    action: Option<&'static str>,
}

/// The line, filled from the left.
#[derive(Clone, Debug)]
pub struct Head {
    line: Rect,
    x: u16,
    parts: Vec<Part>,
}

impl Head {
    /// A line without parts.
    #[must_use]
    pub const fn new(line: Rect) -> Self {
        Self {
            line,
            x: line.x.saturating_add(1),
            parts: Vec::new(),
        }
    }

    /// How many columns are left to the right edge, or to a column before it.
    #[must_use]
    pub fn room(&self, end: u16) -> usize {
        usize::from(end.min(self.line.right()).saturating_sub(self.x))
    }

    /// Adds a part behind the others. `action` is the name of what a click on it runs.
    pub fn add(&mut self, text: impl Into<String>, role: Role, action: Option<&'static str>) {
        let text = text.into();
        let x = self.x;
        self.x = x.saturating_add(columns(&text));
        self.parts.push(Part {
            x,
            text,
            role,
            action,
        });
    }

    /// Adds a part at the right edge, where that leaves a column free before it.
    pub fn add_at_right(
        &mut self,
        text: impl Into<String>,
        role: Role,
        action: Option<&'static str>,
    ) {
        let text = text.into();
        let x = self.line.right().saturating_sub(columns(&text) + 1);
        if self.x < x {
            self.parts.push(Part {
                x,
                text,
                role,
                action,
            });
        }
    }

    /// Draws it.
    pub fn draw(&self, buffer: &mut Buffer, look: &Look<'_>) {
        for part in &self.parts {
            let style = look.theme.style(part.role);
            paint(buffer, self.line, part.x, self.line.y, &part.text, style);
        }
    }

    /// The name of the action of the part at a cell.
    #[must_use]
    pub fn action_at(&self, x: u16, y: u16) -> Option<&'static str> {
        if !self.line.contains((x, y).into()) {
            return None;
        }
        let hit = self
            .parts
            .iter()
            .find(|part| (part.x..part.x.saturating_add(columns(&part.text))).contains(&x));
        hit?.action
    }
}
