//! Forms field by field, for who is asked one question after the other: what a field is called and holds, and what it takes.

use crate::tui::widgets::choices::Item;
use crate::tui::widgets::picker::{Key, Picked, Picker};

use super::editor::{Content, Editor};
use super::export::ExportForm;
use super::first_start::FirstStart;
use super::form::RecordForm;
use super::sheet::{Row, Sheet};

/// A field as it is asked for.
#[derive(Clone, Debug)]
pub struct Field {
    /// What it is called.
    pub label: String,
    /// What it holds.
    pub holds: String,
    /// What helps to fill it.
    pub hint: String,
    /// What it can be chosen from; `None` where it is typed freely.
    pub choices: Option<Vec<Item<Key>>>,
    /// Whether the choices are only a part of what there is, and the rest is to be looked for.
    pub part: bool,
    /// Whether what is not among the choices is taken too.
    pub open_ended: bool,
    /// Whether it may have several lines.
    pub long: bool,
    /// What is understood, where that looks otherwise than what was typed.
    pub preview: Option<String>,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// What others did to it meanwhile.
    pub note: Option<String>,
    /// What speaks against it, although it is not wrong.
    pub doubt: Option<String>,
}

impl Field {
    fn of(row: &Row) -> Self {
        let picker = match &row.editor {
            Editor::Pick(picker) => Some(picker),
            Editor::Line(_) | Editor::Block(_) => None,
        };
        Self {
            label: row.label.clone(),
            holds: row.editor.content().text().to_owned(),
            hint: row.hint.clone(),
            choices: picker.map(|picker| picker.items().to_vec()),
            part: picker.is_some_and(Picker::holds_a_part),
            open_ended: picker.is_some_and(Picker::is_open_ended),
            long: matches!(row.editor, Editor::Block(_)),
            preview: row.preview.clone(),
            fault: row.fault.clone(),
            note: row.note.clone(),
            doubt: row.doubt.clone(),
        }
    }
}

/// A form that can be asked field by field.
pub trait Spoken {
    /// The sheet of its fields.
    fn fields(&self) -> &Sheet;
    /// Puts something into a field.
    ///
    /// # Errors
    /// What is wrong with it; it stands there all the same, unless it is too long.
    fn put(&mut self, at: usize, content: &Content) -> Result<(), String>;

    /// Why a field cannot be passed as it is.
    fn missing(&self, at: usize) -> Option<String>;

    /// Begins to look for what fits a text in a field whose choices are only a part of what there is.
    fn seek(&mut self, at: usize, text: &str);

    /// What the form is called.
    fn title(&self) -> &str {
        &self.fields().title
    }
    /// How many fields it has.
    fn count(&self) -> usize {
        self.fields().rows.len()
    }
    /// A field.
    fn field(&self, at: usize) -> Option<Field> {
        self.fields().rows.get(at).map(Field::of)
    }
    /// The first field with a fault that is shown.
    fn first_fault(&self) -> Option<usize> {
        let mut rows = self.fields().rows.iter();
        rows.position(|row| row.fault.is_some())
    }
    /// What of a field's choices fits a text, the best first; the only one where it is its name.
    fn fitting(&self, at: usize, text: &str) -> Vec<Picked> {
        match self.fields().rows.get(at).map(|row| &row.editor) {
            Some(Editor::Pick(picker)) => match picker.named(text) {
                Some(picked) => vec![picked],
                None => picker.fitting(text),
            },
            _ => Vec::new(),
        }
    }
}

/// Puts a content into a row as if it was typed there: cleaned, and no longer than a field may be.
fn put(sheet: &mut Sheet, at: usize, content: &Content) -> Result<(), String> {
    sheet.put_focus(at);
    let Some(row) = sheet.rows.get_mut(at) else {
        return Ok(());
    };
    match content {
        Content::Text(text) if !matches!(row.editor, Editor::Pick(_)) => {
            let before = row.editor.content();
            row.editor.set(&Content::Text(String::new()));
            if let Err(too_long) = row.editor.paste(text) {
                row.editor.set(&before);
                return Err(too_long.to_string());
            }
        }
        other => row.editor.set(other),
    }
    Ok(())
}

/// Types what is looked for into a row with a list.
fn seek(sheet: &mut Sheet, at: usize, text: &str) {
    sheet.put_focus(at);
    if let Some(Row {
        editor: Editor::Pick(picker),
        ..
    }) = sheet.rows.get_mut(at)
    {
        let picked = picker.picked().clone();
        picker.set(picked);
        // What is too long to be typed there fits nothing.
        let _ = picker.paste(text);
    }
}

impl Spoken for RecordForm {
    fn fields(&self) -> &Sheet {
        &self.sheet
    }

    fn put(&mut self, at: usize, content: &Content) -> Result<(), String> {
        put(&mut self.sheet, at, content)?;
        self.sheet.rows[at].fault = None;
        self.reread(at);
        self.read(at).map(|_| ())
    }

    fn seek(&mut self, at: usize, text: &str) {
        seek(&mut self.sheet, at, text);
    }

    fn missing(&self, at: usize) -> Option<String> {
        self.record()
            .is_none()
            .then(|| self.read(at).err())
            .flatten()
    }
}

impl Spoken for ExportForm {
    fn fields(&self) -> &Sheet {
        &self.sheet
    }

    fn put(&mut self, at: usize, content: &Content) -> Result<(), String> {
        put(&mut self.sheet, at, content)?;
        self.sheet.rows[at].fault = None;
        self.fault(at).map_or(Ok(()), Err)
    }

    fn seek(&mut self, at: usize, text: &str) {
        seek(&mut self.sheet, at, text);
    }

    fn missing(&self, at: usize) -> Option<String> {
        self.fault(at)
    }
}

impl Spoken for FirstStart {
    fn fields(&self) -> &Sheet {
        &self.sheet
    }

    fn put(&mut self, at: usize, content: &Content) -> Result<(), String> {
        put(&mut self.sheet, at, content)?;
        self.sheet.rows[at].fault = None;
        self.missing(at).map_or(Ok(()), Err)
    }

    fn seek(&mut self, at: usize, text: &str) {
        seek(&mut self.sheet, at, text);
    }

    fn missing(&self, at: usize) -> Option<String> {
        self.fault(at)
    }
}
