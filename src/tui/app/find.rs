//! Any record, found as its name is typed: what is asked, what is shown of the answers, what Enter opens.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::id::RecordId;
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::domain::records::Candidate;
use crate::store::handle::View;
use crate::store::query::{FoundRow, FoundRows, Query};
use crate::tui::layers::{Find, Layer};
use crate::tui::notices::Tone;
use crate::tui::widgets::choices::{Choices, Chosen, Item};

use super::{App, views};

/// Records that a search shows.
const FOUND: usize = 50;
/// Records that were opened in this session and are remembered.
const OPENED: usize = 50;

impl App {
    /// Opens the search for any record: before something is typed it shows what the user works on.
    pub fn find(&mut self) {
        self.lay_over(Layer::Find(Box::default()));
        self.read_lately();
    }

    fn read_lately(&mut self) {
        let query = Query::Lately {
            rep: self.me(),
            opened: self.opened.clone(),
            limit: FOUND,
        };
        self.read(views::LATELY, query);
    }

    /// Remembers that a record was opened.
    pub(super) fn note_opened(&mut self, entity: Entity, id: RecordId) {
        if matches!(entity, Entity::Company | Entity::Contact | Entity::Deal) {
            self.opened.retain(|known| *known != (entity, id));
            self.opened.insert(0, (entity, id));
            self.opened.truncate(OPENED);
        }
    }

    pub(super) fn find_key(&mut self, mut find: Box<Find>, key: KeyEvent) {
        if find.holds_back(key) {
            self.layers.push(Layer::Find(find));
            return;
        }
        match key.code {
            KeyCode::Esc => {}
            KeyCode::Enter => self.find_entered(find),
            _ => {
                if find.rows.key(key) {
                    self.layers.push(Layer::Find(find));
                    return;
                }
                let typed = find.field.key(key);
                self.layers.push(Layer::Find(find));
                match typed {
                    Ok(_) => self.find_typed(),
                    Err(refused) => self.say(Tone::Bad, refused.to_string()),
                }
            }
        }
    }

    /// Opens the record under the cursor of a search.
    pub(super) fn find_entered(&mut self, find: Box<Find>) {
        if let Some(Ok(Chosen::Known(record))) = find.rows.chosen() {
            self.open_record(record.entity, record.id, record.name);
        } else {
            self.layers.push(Layer::Find(find));
        }
    }

    /// Searches for what is typed.
    pub(super) fn find_typed(&mut self) {
        let Some(Layer::Find(find)) = self.layers.last_mut() else {
            return;
        };
        let text = find.field.text().trim().to_owned();
        if text == find.asked {
            return;
        }
        find.asked.clone_from(&text);
        if text.is_empty() {
            self.read_lately();
        } else {
            self.read(views::SEARCH, Query::Search { text, limit: FOUND });
        }
    }

    /// Shows what was found, where somebody still looks for that. The keys that waited for it are pressed now.
    pub(super) fn show_found(&mut self, found: FoundRows) {
        let Some(Layer::Find(find)) = self.layers.last_mut() else {
            return;
        };
        if found.text != find.asked {
            return;
        }
        // Of an answer that is told again the cursor stays on its record.
        let kept = match find.rows.chosen() {
            Some(Ok(Chosen::Known(record))) if find.rows.is_moved() => Some(record.id),
            _ => None,
        };
        let kept = kept.filter(|_| find.found.text == found.text);
        let items = found.rows.iter().map(item).collect();
        find.rows = Choices::new(items).lit(&found.text);
        if let Some(kept) = kept {
            find.rows.put_cursor(|record| record.id == kept);
        }
        find.found = FoundRows {
            rows: Vec::new(),
            ..found
        };
        find.answered = true;
        for key in find.let_go() {
            self.key(key);
        }
    }

    /// Nothing could be looked for: nothing is opened by keys that were pressed before that was known.
    pub(super) fn not_found(&mut self, view: View) {
        if matches!(view, views::SEARCH | views::LATELY)
            && let Some(Layer::Find(find)) = self.layers.last_mut()
        {
            find.held.clear();
        }
    }
}

fn item(row: &FoundRow) -> Item<Candidate> {
    let noun = if row.lead {
        "lead".to_owned()
    } else {
        row.record.entity.to_string()
    };
    let near = row.near.as_ref().map(|near| format!("near: {near}"));
    let beside = [
        Some(noun),
        row.record.detail.clone(),
        row.matched.clone(),
        near,
    ];
    let beside: Vec<String> = beside.into_iter().flatten().collect();
    Item::new(row.record.clone(), row.record.name.clone()).detail(beside.join(" · "))
}

/// How far the search is, in words; empty where there is nothing to say.
pub(super) fn state(found: &FoundRows, shown: usize) -> String {
    if let Some(reading) = found.reading {
        let of = reading.of.map(|of| format!(" of {}", grouped(of)));
        let of = of.unwrap_or_default();
        return format!("still reading, {}{of}", grouped(reading.read));
    }
    if found.fit > shown && !found.text.is_empty() {
        let more = if found.more { "+" } else { "" };
        let fit = u64::try_from(found.fit).unwrap_or(u64::MAX);
        return format!("{shown} best of {}{more}", grouped(fit));
    }
    String::new()
}
