//! The trash and the list of steps, line by line.

use ratatui::layout::Rect;

use crate::domain::past::{PastAct, Trashed};
use crate::tui::look::Look;
use crate::tui::screens::lines::{Key, Lines, Told};
use crate::tui::words;

use super::draw;
use super::state::PastScreen;

fn told_record(record: &Trashed, look: &Look<'_>) -> String {
    words::sentence([
        Some(record.name.clone()),
        Some(record.entity.name().replace('_', " ")),
        Some(words::moment(record.at, look)),
        record.by.as_ref().map(|by| format!("by {by}")),
        record.step.as_ref().map(|step| format!("step {step}")),
    ])
}

fn told_act(act: &PastAct, look: &Look<'_>) -> String {
    words::sentence([
        Some(act.label.clone()),
        act.undone.then(|| "undone since".to_owned()),
        Some(words::moment(act.at, look)),
        Some(words::count(act.records, "record", "records")),
        Some(format!("by {}", act.by)),
    ])
}

impl Lines for PastScreen {
    fn head(&self, _: &Look<'_>) -> Vec<String> {
        let what = match (self.is_trash, self.all) {
            (true, false) => "The trash of the last 30 days",
            (true, true) => "The trash of all time",
            (false, false) => "My last steps",
            (false, true) => "Everybody's last steps",
        };
        let mut lines = vec![format!(
            "{what}: {}.",
            words::count(self.len() as u64, "line", "lines")
        )];
        lines.extend(self.fault.as_deref().map(words::stopped));
        if let Some(search) = &self.search {
            lines.push(format!("Filter {}.", search.text));
        }
        if self.is_empty() && self.rows.is_some() && self.fault.is_none() {
            lines.push(draw::empty(self).replace("Esc takes", "back takes"));
        }
        lines
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn line(&self, place: usize, look: &Look<'_>) -> Option<Told> {
        let record = self.trashed().get(place);
        let record = record.map(|record| told_record(record, look));
        let act = || self.acts().get(place).map(|act| told_act(act, look));
        Some(Told {
            group: String::new(),
            text: record.or_else(act)?,
        })
    }

    fn key(&self, place: usize) -> Option<Key> {
        if let Some(record) = self.trashed().get(place) {
            return Some(Key(0, record.id.raw()));
        }
        // Of a step's random id half is more than enough to tell it from the others of a list.
        let group = self.acts().get(place)?.group.0;
        let (half, _) = group.split_first_chunk::<8>()?;
        Some(Key(1, i64::from_be_bytes(*half)))
    }

    fn point(&mut self, place: usize, area: Rect) {
        self.cursor = place;
        self.keep_in_sight(draw::rows(area));
    }
}
