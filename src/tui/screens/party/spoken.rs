//! A contact or company, line by line: who it is, who works there, what it may buy, what is planned and what happened.

use ratatui::layout::Rect;

use crate::domain::history::{Deed, Party, Turn};
use crate::domain::nouns::{contact, deal};
use crate::domain::records::{Record, Stage};
use crate::tui::look::Look;
use crate::tui::screens::lines::{Key, Lines, Told};
use crate::tui::words;

use super::draw;
use super::entries::{Entry, Key as EntryKey};
use super::state::{Panel, PartyScreen};
use super::timeline;

/// The lines of the people, of the deals, of what is planned or on its way, of what happened.
const PERSON: u8 = 5;
const DEAL: u8 = 0;
const PLANNED: u8 = 1;
const GOING: u8 = 2;
const DEED: u8 = 3;
const TURN: u8 = 4;

fn told_deal(record: &Record, look: &Look<'_>) -> String {
    let stage = record.link::<Stage>(&deal::STAGE);
    let amount = look.base.and_then(|base| record.money(&deal::AMOUNT, base));
    let standing = record.state.map(|state| state.name().to_owned());
    words::sentence([
        Some(record.name()),
        stage.map(|stage| format!("stage {}", stage.name)),
        standing,
        Some(words::money(amount)),
        record
            .date(&deal::EXPECTED_CLOSE)
            .map(|date| format!("closes {}", words::day(date, look))),
    ])
}

fn told_deed(deed: &Deed, look: &Look<'_>) -> String {
    let direction = match deed.direction.as_deref() {
        Some("out") => " by us",
        Some("in") => " by them",
        _ => "",
    };
    let minutes = deed
        .minutes
        .map(|minutes| words::count(minutes.unsigned_abs(), "minute", "minutes"));
    let at = deed
        .done_at
        .map(|at| at.local(look.zone).format("%H:%M").to_string());
    let due = || {
        let due = words::due(deed.due_at, deed.due_date, look);
        due.unwrap_or_else(|| "some day".to_owned())
    };
    let body: Vec<&str> = deed
        .body
        .iter()
        .flat_map(|body| body.split_whitespace())
        .collect();
    let mut text = words::sentence([
        Some(format!("{}{direction}", deed.kind)),
        Some(at.unwrap_or_else(due)),
        deed.subject.clone(),
        deed.outcome.clone(),
        minutes,
        deed.deal.as_ref().map(|deal| format!("deal {}", deal.name)),
        deed.performer.as_ref().map(|who| format!("by {who}")),
    ]);
    if !body.is_empty() {
        text.push(' ');
        text.push_str(&words::stopped(&body.join(" ")));
    }
    text
}

fn told_turn(turn: &Turn, of: Option<Party>, at: String, look: &Look<'_>) -> String {
    words::sentence([
        Some(format!("change of the {}", turn.entity)),
        Some(at),
        Some(timeline::told(turn, of, look)),
        turn.by.as_ref().map(|by| format!("by {by}")),
    ])
}

fn told_person(record: &Record) -> String {
    let title = record.text(&contact::TITLE).map(str::to_owned);
    words::sentence([Some(record.name()), title])
}

fn key_of(entry: &Entry<'_>) -> Key {
    match entry.key() {
        EntryKey::Planned(id) => Key(PLANNED, id.raw()),
        EntryKey::Going(ticket) => Key(GOING, i64::try_from(ticket.0).unwrap_or(i64::MAX)),
        EntryKey::Happened(mark) => Key(if mark.activity { DEED } else { TURN }, mark.id),
    }
}

impl Lines for PartyScreen {
    fn head(&self, look: &Look<'_>) -> Vec<String> {
        let noun = self.face.singular;
        let noun = words::capital(noun);
        let mut lines = vec![words::stopped(&format!("{noun} {}", self.called()))];
        if let Some(fault) = &self.fault {
            lines.push(words::stopped(fault));
        }
        if matches!(self.profile, Some(None)) {
            lines.push(words::stopped(self.face.gone));
            return lines;
        }
        let mut name = String::new();
        for line in (self.face.lines)(self) {
            if !line.name.is_empty() {
                name = line.name;
            }
            if name == "Name" || name == "Id" {
                continue;
            }
            let text = line.figure.map_or(line.text, |figure| figure.text(look));
            let text = words::stopped(&text);
            lines.push(if name.is_empty() {
                text
            } else {
                format!("{name}: {text}")
            });
        }
        if let Some(search) = &self.search {
            lines.push(format!("Only entries with: {}.", search.text));
        }
        // Of a company it is told above how many it has.
        if self.profile.is_some() && self.firm().is_none() && self.deals().is_empty() {
            lines.push("No deals.".to_owned());
        }
        if self.is_read && self.entries().is_empty() {
            lines.push(words::stopped(timeline::nothing(self)));
        }
        lines
    }

    fn count(&self) -> usize {
        self.people().len() + self.deals().len() + self.entries().len()
    }

    fn line(&self, place: usize, look: &Look<'_>) -> Option<Told> {
        let (people, deals) = (self.people(), self.deals());
        if let Some(record) = people.get(place) {
            return Some(Told {
                group: format!("People, {}", people.len()),
                text: told_person(record),
            });
        }
        let place = place - people.len();
        if let Some(record) = deals.get(place) {
            return Some(Told {
                group: format!("Deals, {}", deals.len()),
                text: told_deal(record, look),
            });
        }
        let entries = self.entries();
        let entry = entries.get(place - deals.len())?;
        let group = match entry.at() {
            None => "Planned".to_owned(),
            Some(at) => {
                let day = words::day(at.date(look.zone), look);
                format!("Happened {day}")
            }
        };
        let text = match entry {
            Entry::Turn(mark, turn) => {
                let at = mark.at.local(look.zone).format("%H:%M").to_string();
                told_turn(turn, self.of, at, look)
            }
            Entry::Planned(deed) | Entry::Going(_, deed) | Entry::Deed(_, deed) => {
                told_deed(deed, look)
            }
        };
        Some(Told { group, text })
    }

    fn key(&self, place: usize) -> Option<Key> {
        let (people, deals) = (self.people(), self.deals());
        if let Some(person) = people.get(place) {
            return Some(Key(PERSON, person.id.raw()));
        }
        let place = place - people.len();
        match deals.get(place) {
            Some(deal) => Some(Key(DEAL, deal.id.raw())),
            None => self.entries().get(place - deals.len()).map(key_of),
        }
    }

    fn place(&self, key: Key) -> Option<usize> {
        let (people, deals) = (self.people(), self.deals());
        let among = |records: &[Record]| records.iter().position(|one| one.id.raw() == key.1);
        match key.0 {
            PERSON => among(people),
            DEAL => among(deals).map(|place| people.len() + place),
            _ => {
                let entry = self.entries().iter().position(|entry| key_of(entry) == key);
                entry.map(|place| people.len() + deals.len() + place)
            }
        }
    }

    fn point(&mut self, place: usize, area: Rect) {
        let (people, deals) = (self.people().len(), self.deals().len());
        if place < people {
            self.focus = Panel::People;
            self.person = place;
        } else if place < people + deals {
            self.focus = Panel::Deals;
            self.deal = place - people;
        } else {
            self.focus = Panel::Timeline;
            self.cursor = place - people - deals;
        }
        let layout = draw::layout(self, area);
        self.keep_in_sight(&layout);
    }

    fn point_nowhere(&mut self) -> bool {
        self.focus = Panel::Profile;
        true
    }

    fn may_have_more(&self) -> bool {
        self.more
    }
}
