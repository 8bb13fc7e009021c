//! Companies to test with: one of them, with its people and what happened, and an app that shows them.

use crate::domain::board::Sum;
use crate::domain::history::{Firm, History, ListRow, Order, Profile, Tally, What};
use crate::domain::lead::Waiting;
use crate::domain::nouns::{Entity, Set};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;

use super::people::{contact as nora, deal, id, lively, record};
use super::{Harness, link};

/// A company of that number.
pub(super) fn company(raw: i64, name: &str) -> Record {
    let mut record = record(
        Entity::Company,
        raw,
        &[
            ("name", name.into(), None),
            ("industry", "Machines".into(), None),
            ("city", "Zug".into(), None),
            ("owner", 900.into(), Some("Ana Meier")),
            ("parent", 699.into(), Some("Keller Holding SA")),
            ("phone", "+41 41 555 01 00".into(), None),
            ("size", 1_200.into(), None),
        ],
    );
    record.sets = vec![
        (Set::Domain, vec!["keller.ch".to_owned()]),
        (Set::Tag, vec!["key".to_owned()]),
    ];
    record
}

pub(super) fn firm(open: u64) -> Firm {
    let sum = |minor, n, without_amount| Sum {
        minor,
        n,
        without_amount,
        ..Sum::default()
    };
    Firm {
        people: 3,
        open: Tally {
            count: open,
            sum: sum(4_500_000, open.min(2), open.saturating_sub(2)),
        },
        won: Tally {
            count: 1,
            sum: sum(1_800_000, 1, 0),
        },
        lost: Tally::default(),
        last_touch: Some(super::people::at("2026-11-24 08:12")),
    }
}

fn row(raw: i64) -> ListRow {
    ListRow {
        record: company(raw, &format!("Company {raw}")),
        next_step: None,
        waiting: Waiting::No,
        deal: None,
        firm: Some(firm(raw.unsigned_abs() % 4)),
    }
}

pub(super) fn keller() -> Profile {
    let mut zoe = nora(12, "Zoë Brunner");
    zoe.values[0] = "Zoë Brunner".into();
    Profile {
        record: company(600, "Keller & Co AG"),
        sources: vec![("hubspot".to_owned(), "77".to_owned())],
        deals: vec![
            deal(81, "Rollout", StageKind::Open),
            deal(82, "Pilot", StageKind::Won),
        ],
        people: vec![nora(11, "Nora Keller"), zoe],
        subsidiaries: vec![link(601, "Keller Service GmbH")],
        firm: Some(firm(3)),
    }
}

/// What happened with a company: a mail of one of its people, and older things.
pub(super) fn joint() -> History {
    let mut history = lively();
    for happening in &mut history.happened {
        if let What::Deed(deed) = &mut happening.what {
            deed.contact = Some(link(11, "Nora Keller"));
        }
    }
    history
}

impl Harness {
    /// An app on the list of companies, which has been asked for and not answered.
    pub fn at_companies(columns: u16, rows: u16) -> Self {
        let mut harness = Self::opened(columns, rows);
        harness.press("gC");
        harness
    }

    /// An app on a list of companies with the ids from 1 on.
    pub fn listing_companies(count: i64, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_companies(columns, rows);
        let order = Order {
            ids: (1..=count).map(id).collect(),
            unknown: 0,
        };
        harness.hear(Event::Read(views::COMPANY_ORDER, Ok(Answer::Order(order))));
        let rows = (1..=count.min(100)).map(row).collect();
        harness.hear(Event::Read(views::COMPANY_ROWS, Ok(Answer::Rows(rows))));
        harness
    }

    /// The book answers the company that is shown.
    pub fn on_company(&mut self, profile: Profile, history: History) {
        let of = self.app.company.of;
        self.hear(Event::Read(
            views::COMPANY_PROFILE,
            Ok(Answer::Profile(Some(Box::new(profile)))),
        ));
        let history = History {
            of,
            part: self.app.company.part(),
            ..history
        };
        self.hear(Event::Read(
            views::COMPANY_HISTORY,
            Ok(Answer::History(history)),
        ));
    }

    /// An app on Keller & Co AG, all of which is read.
    pub fn on_keller(columns: u16, rows: u16) -> Self {
        let mut harness = Self::listing_companies(5, columns, rows);
        let (entity, name) = (Entity::Company, "Keller & Co AG".to_owned());
        harness.app.open_record(entity, id(600), name);
        harness.on_company(keller(), joint());
        harness.effects.clear();
        harness
    }

    pub fn answer_going(&mut self, profile: Profile) {
        self.hear(Event::Read(
            views::GOING,
            Ok(Answer::Profile(Some(Box::new(profile)))),
        ));
    }

    pub fn copied(&mut self) -> Option<String> {
        self.asked().into_iter().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text),
            _ => None,
        })
    }

    /// What the list on top is called.
    pub fn menu(&mut self) -> bool {
        matches!(self.app.layers.last(), Some(Layer::Menu(..)))
    }
}
