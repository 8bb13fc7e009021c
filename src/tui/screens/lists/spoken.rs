//! The lists of contacts, leads and companies, line by line.

use ratatui::layout::Rect;

use crate::domain::history::ListRow;
use crate::domain::lead::{OPEN_STATES, Waiting};
use crate::domain::nouns::{Entity, Set, contact};
use crate::domain::records::{Company, Rep};
use crate::tui::look::Look;
use crate::tui::screens::lines::{Key, Lines, Told};
use crate::tui::words;

use super::columns::ListColumn;
use super::draw;
use super::people::source;
use super::state::ListScreen;

fn told(row: &ListRow, leads: bool, look: &Look<'_>) -> String {
    let record = &row.record;
    let text = |def| record.text(def).map(str::to_owned);
    let company = record.link::<Company>(&contact::COMPANY);
    let owner = record.link::<Rep>(&contact::OWNER);
    let owner = owner.map_or_else(
        || "nobody's".to_owned(),
        |owner| format!("owner {}", owner.name),
    );
    let next = row.next_step.as_ref().map(|step| {
        let what = step.subject.as_deref().unwrap_or(&step.kind);
        let due = words::due(step.due_at, step.due_date, look);
        format!(
            "next step {what}{}",
            due.map_or_else(String::new, |due| format!(", {due}"))
        )
    });
    let touched = record
        .instant(&contact::LAST_TOUCH)
        .map(|at| format!("touched {}", words::day(at.date(look.zone), look)));
    let state = text(&contact::LEAD_STATE);
    let is_open = state
        .as_deref()
        .is_some_and(|state| OPEN_STATES.contains(&state));
    let waits = match row.waiting {
        Waiting::Since(at) => Some(format!(
            "waits for {}",
            words::length(look.now.millis() - at.millis())
        )),
        Waiting::Unknown => Some("waits, nobody knows since when".to_owned()),
        Waiting::No if is_open => Some("answered".to_owned()),
        Waiting::No => None,
    };
    let from = row.record.text(&contact::LEAD_SOURCE).is_some() || record.source.is_some();
    let from = from.then(|| format!("from {}", source(row, look).0));
    let tags = record.set(Set::Tag);
    words::sentence([
        Some(record.name()),
        text(&contact::TITLE),
        company.map(|company| words::named(&company.name, record.is_gone(&contact::COMPANY))),
        state
            .filter(|_| leads)
            .map(|state| format!("state {state}")),
        waits.filter(|_| leads),
        from.filter(|_| leads),
        Some(owner),
        touched.filter(|_| !leads),
        next,
        row.deal.as_ref().map(|deal| format!("deal {}", deal.name)),
        (!tags.is_empty()).then(|| format!("tags {}", tags.join(" "))),
    ])
}

/// What columns say, each with its name.
fn told_columns(row: &ListRow, columns: &[ListColumn], look: &Look<'_>) -> String {
    let unknown = look.theme.glyphs().unknown;
    let parts = columns.iter().filter_map(|column| {
        let (text, _) = column.cell(row, look);
        // The sign of what is in the trash is for the eye.
        let sign = look.theme.glyphs().trashed;
        let text = match text.strip_prefix(sign) {
            Some(name) if column.key == "company" && row.record.is_gone(&contact::COMPANY) => {
                words::named(name.trim_start(), true)
            }
            _ => text,
        };
        let is_said = !text.is_empty() && text != unknown;
        is_said.then(|| match column.name.as_ref() {
            "Name" => text,
            name => format!("{} {text}", name.to_lowercase()),
        })
    });
    words::stopped(&parts.collect::<Vec<_>>().join(", "))
}

impl ListScreen {
    const fn has_leads(&self) -> bool {
        !self.face.parts.is_empty()
    }
}

impl Lines for ListScreen {
    fn head(&self, _: &Look<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(fault) = &self.fault {
            lines.push(words::stopped(fault));
        }
        let Some(ids) = &self.order else {
            return lines;
        };
        let part = self
            .shown_part()
            .map_or_else(String::new, |part| format!(", {}", part.to_lowercase()));
        let keys = self.order_keys();
        let keys: Vec<String> = (keys.iter())
            .map(|(key, down)| {
                let way = if *down { ", descending" } else { "" };
                format!("{}{way}", self.key_name(key))
            })
            .collect();
        let sort = format!(", by {}", keys.join(", then "));
        let plural = self.face.title.to_lowercase();
        lines.push(format!(
            "{}{part}: {}{sort}.",
            self.face.title,
            words::count(ids.len() as u64, self.face.singular, &plural)
        ));
        if let Some(filter) = &self.filter {
            lines.push(format!("Filter {}.", filter.text));
        }
        if self.unknown > 0 {
            lines.push(format!(
                "Of {} nothing is known there.",
                words::count(self.unknown, "of them", "of them")
            ));
        }
        if ids.is_empty() && self.fault.is_none() {
            let nothing = if self.filter.is_some() {
                self.face.no_match
            } else {
                self.face.empty
            };
            lines.push(nothing.replace("Esc takes", "back takes"));
        }
        lines
    }

    fn count(&self) -> usize {
        self.ids().len()
    }

    fn line(&self, place: usize, look: &Look<'_>) -> Option<Told> {
        let row = self.row(*self.ids().get(place)?)?;
        Some(Told {
            group: String::new(),
            // Who chose columns wants to hear these.
            text: if self.face.entity == Entity::Company || !self.columns.is_empty() {
                told_columns(row, &self.shown_columns(), look)
            } else {
                told(row, self.has_leads(), look)
            },
        })
    }

    fn key(&self, place: usize) -> Option<Key> {
        self.ids().get(place).map(|id| Key(0, id.raw()))
    }

    fn place(&self, key: Key) -> Option<usize> {
        self.ids().iter().position(|id| id.raw() == key.1)
    }

    fn point(&mut self, place: usize, area: Rect) {
        self.cursor = place;
        self.keep_in_sight(draw::rows(area));
    }
}
