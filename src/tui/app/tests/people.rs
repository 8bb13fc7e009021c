//! For the tests of contacts: records, rows, a profile and its history, as the book would answer them.

use crate::domain::board::NextStep;
use crate::domain::history::{
    Deed, Happening, History, ListRow, Mark, Order, Part, Party, Profile, Turn, What,
};
use crate::domain::id::{Id, RecordId};
use crate::domain::lead::Waiting;
use crate::domain::nouns::{Entity, Set};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::store::handle::{Event, View};
use crate::store::query::{Answer, Query};
use crate::tui::app::views;
use crate::tui::msg::Effect;

use super::Harness;

pub(super) fn id(raw: i64) -> RecordId {
    RecordId::from_raw(raw)
}

/// A record with these fields; a text after a number is the name of the record that the number means.
pub(super) fn record(entity: Entity, raw: i64, fields: &[(&str, Value, Option<&str>)]) -> Record {
    let count = entity.fields().len();
    let mut record = Record {
        entity,
        id: id(raw),
        created_at: None,
        trashed_at: None,
        values: vec![Value::Null; count],
        names: vec![None; count],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: None,
        seq: 1,
    };
    for (name, value, of) in fields {
        let place = entity
            .fields()
            .iter()
            .position(|def| def.name == *name)
            .unwrap();
        record.values[place] = value.clone();
        record.names[place] = of.map(str::to_owned);
    }
    record
}

pub(super) fn at(text: &str) -> Instant {
    Instant::parse(text, chrono_tz::Europe::Zurich).unwrap()
}

/// A contact of Keller & Co that belongs to Ana.
pub(super) fn contact(raw: i64, name: &str) -> Record {
    let mut record = record(
        Entity::Contact,
        raw,
        &[
            ("name", name.into(), None),
            ("title", "Head of Purchasing".into(), None),
            ("company", 600.into(), Some("Keller & Co AG")),
            ("owner", 900.into(), Some("Ana Meier")),
            ("last_touch", at("2026-11-20 14:05").into(), None),
            ("city", "Zug".into(), None),
        ],
    );
    record.sets = vec![
        (Set::Email, vec!["nora@keller.ch".to_owned()]),
        (
            Set::Phone,
            vec!["+41 41 555 01 77".to_owned(), "+41 79 555 00 12".to_owned()],
        ),
        (Set::Tag, vec!["vip".to_owned(), "german".to_owned()]),
    ];
    record
}

/// A row of the list; every third has something planned.
pub(super) fn row(raw: i64) -> ListRow {
    let next_step = (raw % 3 == 1).then(|| NextStep {
        id: Id::from_raw(7_000 + raw),
        kind: "call".to_owned(),
        subject: Some("Call about the offer".to_owned()),
        due_at: None,
        due_date: "2026-11-27".parse().ok(),
    });
    ListRow {
        record: contact(raw, &format!("Contact {raw}")),
        next_step,
        waiting: Waiting::No,
        deal: None,
        firm: None,
    }
}

pub(super) fn deed(raw: i64, kind: &str, subject: &str, done: Option<&str>) -> Deed {
    Deed {
        id: id(raw),
        kind: kind.to_owned(),
        direction: matches!(kind, "call" | "mail").then(|| "out".to_owned()),
        subject: Some(subject.to_owned()),
        body: None,
        outcome: None,
        minutes: None,
        performer: Some("Ana Meier".to_owned()),
        deal: None,
        contact: None,
        due_at: done.is_none().then(|| at("2026-11-27 14:00")),
        due_date: None,
        done_at: done.map(at),
    }
}

pub(super) fn done(raw: i64, kind: &str, subject: &str, when: &str) -> Happening {
    Happening {
        mark: Mark {
            at: at(when),
            activity: true,
            id: raw,
        },
        what: What::Deed(deed(raw, kind, subject, Some(when))),
    }
}

fn stage_move(seq: i64, when: &str) -> Happening {
    Happening {
        mark: Mark {
            at: at(when),
            activity: false,
            id: seq,
        },
        what: What::Turn(Turn {
            line: None,
            custom: None,
            entity: Entity::Deal,
            record: id(81),
            name: "Rollout".to_owned(),
            field: Some("stage".to_owned()),
            old: (102.into(), Some("Discovery".to_owned())),
            new: (103.into(), Some("Proposal".to_owned())),
            currency: "CHF".parse().ok(),
            by: Some("Ana Meier".to_owned()),
            imported: false,
            others: 0,
        }),
    }
}

/// A lively history: something planned, something of today with a text, a deal's move, older things.
pub(super) fn lively() -> History {
    let mut mail = deed(72, "mail", "Re: delivery dates", Some("2026-11-24 08:12"));
    mail.direction = Some("in".to_owned());
    mail.body = Some(
        "Two sites in January would suit us. Can you also quote the service contract?".to_owned(),
    );
    let mut call = deed(73, "call", "Asked for references", Some("2026-11-20 14:05"));
    call.outcome = Some("reached".to_owned());
    call.minutes = Some(7);
    let as_done = |deed: Deed| Happening {
        mark: Mark {
            at: deed.done_at.unwrap(),
            activity: true,
            id: deed.id.raw(),
        },
        what: What::Deed(deed),
    };
    History {
        planned: vec![deed(71, "meeting", "Rollout plan, Zug office", None)],
        happened: vec![
            as_done(mail),
            as_done(call),
            done(74, "note", "Budget approved by CFO", "2026-11-20 09:30"),
            stage_move(40, "2026-11-18 11:18"),
            done(75, "mail", "Offer v2 sent", "2025-11-18 11:00"),
        ],
        ..History::default()
    }
}

pub(super) fn deal(raw: i64, title: &str, state: StageKind) -> Record {
    let mut record = record(
        Entity::Deal,
        raw,
        &[
            ("title", title.into(), None),
            ("stage", 103.into(), Some("Proposal")),
            ("amount", 1_850_000.into(), None),
            ("currency", "CHF".into(), None),
            ("expected_close", "2026-12-11".into(), None),
        ],
    );
    record.state = Some(state);
    record
}

impl Harness {
    /// An app on the list of contacts, which has been asked for and not answered.
    pub fn at_contacts(columns: u16, rows: u16) -> Self {
        let mut harness = Self::opened(columns, rows);
        harness.press("4");
        harness
    }

    /// An app on a list of contacts with the ids from 1 on.
    pub fn listing(count: i64, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_contacts(columns, rows);
        harness.order(&(1..=count).collect::<Vec<_>>());
        harness
    }

    /// The book answers the list, and the rows that are then asked for.
    pub fn order(&mut self, ids: &[i64]) {
        let order = Order {
            ids: ids.iter().copied().map(id).collect(),
            unknown: 0,
        };
        self.hear(Event::Read(views::ORDER, Ok(Answer::Order(order))));
        self.answer_rows();
    }

    /// The book answers the rows that were asked for last, and those that are asked for then; gives how many.
    pub fn answer_rows(&mut self) -> usize {
        self.answer_rows_of(views::ROWS, row)
    }

    /// The same for any list.
    pub fn answer_rows_of(&mut self, of: View, row: impl Fn(i64) -> ListRow) -> usize {
        let (mut count, mut from) = (0, 0);
        loop {
            let asked = self.effects.iter().enumerate().skip(from);
            let last = asked.rev().find_map(|(place, effect)| match effect {
                Effect::Read {
                    view,
                    query: Query::Rows { ids, .. },
                } if *view == of => Some((place, ids.clone())),
                _ => None,
            });
            let Some((place, ids)) = last else {
                return count;
            };
            (count, from) = (count + ids.len(), place + 1);
            let rows = ids.iter().map(|id| row(id.raw())).collect();
            self.hear(Event::Read(of, Ok(Answer::Rows(rows))));
        }
    }

    /// An app on the first contact of five, Nora Keller, all of whom is read.
    pub fn on_nora(columns: u16, rows: u16) -> Self {
        let mut harness = Self::listing(5, columns, rows);
        harness.press("<enter>");
        harness.profile(1, "Nora Keller");
        harness.history(1, lively());
        harness.effects.clear();
        harness
    }

    pub fn profile(&mut self, raw: i64, name: &str) {
        let profile = Profile {
            record: contact(raw, name),
            sources: vec![("hubspot".to_owned(), "42".to_owned())],
            deals: vec![
                deal(81, "Rollout", StageKind::Open),
                deal(82, "Pilot", StageKind::Won),
            ],
            people: Vec::new(),
            subsidiaries: Vec::new(),
            firm: None,
        };
        let answer = Answer::Profile(Some(Box::new(profile)));
        self.hear(Event::Read(views::PROFILE, Ok(answer)));
    }

    pub fn history(&mut self, raw: i64, history: History) {
        let history = History {
            of: Some(Party::Contact(Id::from_raw(raw))),
            part: Part {
                sorts: self.app.contact.sorts.clone(),
                words: self.app.contact.part().words,
            },
            ..history
        };
        self.hear(Event::Read(views::HISTORY, Ok(Answer::History(history))));
    }
}
