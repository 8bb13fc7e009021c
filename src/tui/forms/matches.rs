//! Pickers whose records are too many to be in the form: what fits is looked for in the book while somebody types, and a key that
//! would choose waits until it is found.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::nouns::{Entity, FieldDef, Kind};
use crate::store::query::{Choice, Matches};

use super::choose;
use super::editor::Editor;
use super::entry::Place;
use super::form::RecordForm;

impl RecordForm {
    /// The same form; of these nouns its lists hold only a part.
    #[must_use]
    pub fn holding_parts(mut self, nouns: &[Entity]) -> Self {
        for at in 0..self.lines.len() {
            if self.picks(at).is_some_and(|noun| nouns.contains(&noun))
                && let Editor::Pick(picker) = &mut self.sheet.rows[at].editor
            {
                picker.hold_a_part();
            }
        }
        self
    }

    /// The noun of which a field picks one.
    fn picks(&self, at: usize) -> Option<Entity> {
        match self.lines.get(at)?.entry.place {
            Place::Field(FieldDef {
                kind: Kind::Ref(noun),
                ..
            }) => Some(*noun),
            _ => None,
        }
    }

    /// What is to be looked for now: the noun and the text, once for each text.
    pub fn looks_for(&mut self) -> Option<(Entity, String)> {
        let at = self.sheet.focus();
        let now = match self.sheet.rows.get(at).map(|row| &row.editor) {
            Some(Editor::Pick(picker)) => self.picks(at).zip(picker.looks_for()),
            _ => None,
        };
        if now == self.looked_for {
            return None;
        }
        self.looked_for.clone_from(&now);
        now
    }

    /// Takes what was found, and gives back the keys that waited for it.
    pub fn take_found(&mut self, found: &Matches) -> Vec<KeyEvent> {
        for at in 0..self.lines.len() {
            if self.picks(at) == Some(found.entity) {
                self.offer(at, &found.choices, &found.text, found.all);
            }
        }
        self.looked_for = None;
        self.let_go()
    }

    fn offer(&mut self, at: usize, choices: &[Choice], text: &str, all: bool) {
        let Editor::Pick(picker) = &mut self.sheet.rows[at].editor else {
            return;
        };
        if picker.holds_a_part() {
            let items = choose::records(choices, None);
            self.lines[at].entry.items.clone_from(&items);
            picker.found(text, items, all);
            self.reread(at);
        }
    }

    /// Nothing could be looked for: nothing is chosen by keys that were pressed before that was known.
    pub fn nothing_found(&mut self) {
        self.held.clear();
        self.looked_for = None;
        let at = self.sheet.focus();
        if let Some(row) = self.sheet.rows.get_mut(at)
            && let Editor::Pick(picker) = &mut row.editor
        {
            picker.not_found();
        }
    }

    /// Whether a key waits: it would choose, and what there is to choose from is still being looked for. So do those behind it.
    pub(super) fn holds_back(&mut self, key: KeyEvent) -> bool {
        if key.code == KeyCode::Esc {
            self.held.clear();
            return false;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let chooses = matches!(key.code, KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab)
            || ctrl && key.code == KeyCode::Char('s');
        let waits = !self.held.is_empty() || chooses && self.is_looking();
        if waits {
            self.held.push(key);
        }
        waits
    }

    fn is_looking(&self) -> bool {
        let row = self.sheet.rows.get(self.sheet.focus());
        match row.map(|row| &row.editor) {
            Some(Editor::Pick(picker)) => picker.looks_for().is_some_and(|text| !text.is_empty()),
            _ => false,
        }
    }

    /// The keys that wait, where what they waited for is there.
    fn let_go(&mut self) -> Vec<KeyEvent> {
        if self.is_looking() {
            Vec::new()
        } else {
            std::mem::take(&mut self.held)
        }
    }
}
