//! What stands behind a label of a form: a line, a text of several lines, or one of many.

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};

use crate::tui::widgets::edit::TooLong;
use crate::tui::widgets::picker::{Picked, Picker};
use crate::tui::widgets::text_area::TextArea;
use crate::tui::widgets::text_field::TextField;

/// The rows that a text of several lines takes at least, and at most.
const BLOCK_ROWS: (usize, usize) = (2, 5);

/// What is in an editor; also what a draft keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// As typed.
    Text(String),
    /// As picked.
    Picked(Picked),
}

impl Content {
    /// The text that is seen.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Picked(picked) => picked.text(),
        }
    }

    /// Whether nothing is seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text().trim().is_empty()
    }
}

/// One editor.
#[derive(Clone, Debug)]
pub enum Editor {
    /// A text of one line.
    Line(TextField),
    /// A text of several lines.
    Block(TextArea),
    /// One of many.
    Pick(Picker),
}

impl Editor {
    /// What is in it.
    #[must_use]
    pub fn content(&self) -> Content {
        match self {
            Self::Line(field) => Content::Text(field.text().to_owned()),
            Self::Block(area) => Content::Text(area.text().to_owned()),
            Self::Pick(picker) => Content::Picked(picker.picked().clone()),
        }
    }

    /// Takes another content. A text in a picker is looked up by name; what is picked shows its name in a text.
    pub fn set(&mut self, content: &Content) {
        match (self, content) {
            (Self::Line(field), content) => field.set(content.text()),
            (Self::Block(area), content) => area.set(content.text()),
            (Self::Pick(list), Content::Picked(picked)) => list.set(picked.clone()),
            (Self::Pick(list), Content::Text(text)) if text.is_empty() => list.set(Picked::Nothing),
            (Self::Pick(list), Content::Text(text)) => {
                let picked = list.named(text);
                list.set(picked.unwrap_or_else(|| Picked::Typed(text.clone())));
            }
        }
    }

    /// Does what a key says; `Ok(false)` where it says nothing here.
    pub fn key(&mut self, key: KeyEvent) -> Result<bool, TooLong> {
        match self {
            Self::Line(field) => field.key(key),
            Self::Block(area) => area.key(key),
            Self::Pick(picker) => picker.key(key),
        }
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) -> Result<(), TooLong> {
        match self {
            Self::Line(field) => field.paste(text),
            Self::Block(area) => area.paste(text),
            Self::Pick(picker) => picker.paste(text),
        }
    }

    /// Takes a click; an error says why what was clicked cannot be picked.
    pub fn click(&mut self, x: u16, y: u16) -> Result<bool, String> {
        match self {
            Self::Line(field) => Ok(field.click(x, y)),
            Self::Block(area) => Ok(area.click(x, y)),
            Self::Pick(picker) => picker.click(x, y),
        }
    }

    /// Whether a list is open under it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Pick(picker) if picker.is_open())
    }

    /// The rows that it takes at a width, without an open list.
    #[must_use]
    pub fn rows(&self, wide: u16) -> u16 {
        match self {
            Self::Block(area) => {
                let rows = area.lines_at(wide).clamp(BLOCK_ROWS.0, BLOCK_ROWS.1);
                u16::try_from(rows).unwrap_or(1)
            }
            Self::Line(_) | Self::Pick(_) => 1,
        }
    }

    /// The rows of the open list under it.
    #[must_use]
    pub fn list_rows(&self) -> u16 {
        match self {
            Self::Pick(picker) => picker.rows(),
            Self::Line(_) | Self::Block(_) => 0,
        }
    }
}

/// Where a row of a form was drawn, for the mouse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawn {
    /// Label, field, list and what stands under it.
    pub whole: Rect,
}
