//! The app without a terminal and without a store: keys go in, effects come out, and a test plays the book.

mod bases;
mod clicks;
mod companies;
mod company_pictures;
mod conflicts;
mod contact_pictures;
mod contacts;
mod days;
mod doubled;
mod drafts;
mod exports;
mod fields;
mod filter_bar;
mod find;
mod firms;
mod flows;
mod heads;
mod leads;
mod lines;
mod link;
mod matrix;
mod mouse;
mod moves;
mod narrow;
mod ordered;
mod past;
mod people;
mod pickers;
mod pictures;
mod quota;
mod reading;
mod right_to_left;
mod saved_views;
mod setup;
mod shots;
mod signs;
mod terminal;
mod today;
mod today_pictures;
mod trashed;
mod windows;

use std::mem::take;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{App, FirstGuess, Start, views};
use crate::config::keymap::Preset;
use crate::config::theme::Looks;
use crate::domain::board::{Board, Card, CardOrder, Column, Foot, NextStep, Sum};
use crate::domain::command::{Command, Origin};
use crate::domain::id::{Id, StepId};
use crate::domain::money::{Currency, Money};
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Change, Clash, Outcome, Receipt};
use crate::domain::period::Period;
use crate::domain::records::{Deal, Link};
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::store::StoreError;
use crate::store::handle::{Event, Ticket, View};
use crate::store::query::{Answer, BoardQuery, BookInfo, Choice, Query};
use crate::tui::for_tests;
use crate::tui::keys::Bindings;
use crate::tui::msg::{Effect, Msg};
use crate::tui::screens::Shown;
use crate::tui::terminal::abilities::Abilities;
use crate::tui::theme::Theme;

/// The app on a screen, in a terminal of so many columns and rows.
type OfSize = fn(u16, u16) -> Harness;

/// The app, what it asked for since somebody looked, and the real clock.
pub(super) struct Harness {
    pub app: App,
    pub effects: Vec<Effect>,
    pub at: Instant,
    pub disk: windows::Disk,
}

/// 24 November 2026, 10:05 in Zurich.
pub(super) fn now() -> Instant {
    Instant::parse("2026-11-24T09:05:00Z", chrono_tz::UTC).unwrap()
}

fn chf() -> Currency {
    "CHF".parse().unwrap()
}

impl Harness {
    /// An app on a terminal of that size whose book is still being opened.
    pub fn opening(columns: u16, rows: u16) -> Self {
        let start = Start {
            rep: Some("Ana Meier".to_owned()),
            now: None,
            first_start: FirstGuess {
                book: "~/team.db".to_owned(),
                currency: Some(chf()),
                zone: Some(chrono_tz::Europe::Zurich),
                rep: String::new(),
            },
            real: now(),
            foot: "this-quarter".to_owned(),
            mouse: true,
            shown: Shown::Pipeline,
            size: (columns, rows),
            looks: Looks::default(),
            can: Abilities::default(),
        };
        Self {
            app: App::new(
                start,
                Bindings::load(Preset::Standard, None).unwrap(),
                Theme::default(),
            ),
            effects: Vec::new(),
            at: now(),
            disk: windows::Disk::default(),
        }
    }

    /// An app on a book that has answered nothing yet.
    pub fn opened(columns: u16, rows: u16) -> Self {
        let mut harness = Self::opening(columns, rows);
        harness.hear(Event::Opened(Box::new(info())));
        harness.know_me();
        harness.effects.clear();
        harness
    }

    /// The answers that follow the opening: who there is, why deals are lost, who acts.
    pub fn know_me(&mut self) {
        let harness = self;
        harness.choices(views::REPS, &["Ana Meier", "Ben Kaya", "Chloé Dubois"]);
        harness.choices(views::REASONS, &["Price", "No decision"]);
        let ana = crate::domain::records::Candidate {
            entity: Entity::Rep,
            id: Id::<Deal>::from_raw(900).record(),
            name: "Ana Meier".to_owned(),
            detail: None,
        };
        let me = crate::store::query::Resolved::One(ana);
        harness.hear(Event::Read(views::ME, Ok(Answer::Resolve(me))));
    }

    /// An app at 100x30 on a board.
    pub fn on(board: Board) -> Self {
        Self::sized(board, 100, 30)
    }

    pub fn sized(board: Board, columns: u16, rows: u16) -> Self {
        let mut harness = Self::opened(columns, rows);
        harness.show(board);
        harness
    }

    fn choices(&mut self, view: View, names: &[&str]) {
        let choices = (900..)
            .zip(names)
            .map(|(raw, name)| choice(raw, name))
            .collect();
        self.hear(Event::Read(view, Ok(Answer::Choices(choices))));
    }

    pub fn tell(&mut self, message: Msg) {
        self.disk.hear(&message);
        for effect in self.app.update(self.at, message) {
            let answer = self.disk.answer(&effect);
            self.effects.push(effect);
            if let Some(answer) = answer {
                self.tell(answer);
            }
        }
    }

    pub fn hear(&mut self, event: Event) {
        self.tell(Msg::Store(event));
    }

    /// The book answers the board.
    pub fn show(&mut self, board: Board) {
        self.hear(Event::Read(
            views::BOARD,
            Ok(Answer::Board(Box::new(board))),
        ));
    }

    /// Presses keys, one after the other.
    pub fn press(&mut self, script: &str) -> &mut Self {
        for key in for_tests::keys(script) {
            self.tell(Msg::Keys(vec![key]));
        }
        self
    }

    /// What was asked for since the last look.
    pub fn asked(&mut self) -> Vec<Effect> {
        take(&mut self.effects)
    }

    /// The writes that were asked for since the last look.
    pub fn writes(&mut self) -> Vec<(Ticket, Vec<Command>, Origin)> {
        self.asked()
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::Write {
                    ticket,
                    commands,
                    origin,
                    ..
                } => Some((ticket, commands, origin)),
                _ => None,
            })
            .collect()
    }

    /// The one write that was asked for since the last look.
    pub fn write(&mut self) -> (Ticket, Vec<Command>, Origin) {
        let mut writes = self.writes();
        assert_eq!(writes.len(), 1, "{writes:?}");
        writes.remove(0)
    }

    /// The board that was asked for last.
    pub fn board_query(&mut self) -> Option<BoardQuery> {
        self.asked()
            .into_iter()
            .rev()
            .find_map(|effect| match effect {
                Effect::Read {
                    query: Query::Board(query),
                    ..
                } => Some(query),
                _ => None,
            })
    }

    /// The book takes a write.
    pub fn save(&mut self, ticket: Ticket, label: &str) {
        self.hear(Event::Written(ticket, Ok(Outcome::Saved(receipt(label)))));
    }

    /// The book does not understand the filter.
    pub fn refuse_filter(&mut self) {
        let error = StoreError::Invalid {
            field: None,
            what: "`stge` is no field of a deal; did you mean `stage`?".to_owned(),
        };
        self.hear(Event::Read(views::BOARD, Err(error)));
    }

    /// The book refuses a write.
    pub fn fail(&mut self, ticket: Ticket) {
        self.hear(Event::Written(ticket, Err(StoreError::Full)));
    }

    /// Cards by column: the ids, the one under the cursor with `>`, marked ones with `*`, those on their way with `?`.
    pub fn cards(&self) -> String {
        let board = &self.app.board;
        let columns: Vec<String> = board
            .columns()
            .iter()
            .map(|column| {
                let cards: Vec<String> = column
                    .cards
                    .iter()
                    .map(|card| {
                        let under = board.card().is_some_and(|known| known.id == card.id);
                        let signs = [
                            (under, ">"),
                            (board.marks.contains(&card.id), "*"),
                            (board.is_pending(card.id), "?"),
                        ];
                        let signs: String = signs
                            .into_iter()
                            .filter_map(|(on, sign)| on.then_some(sign))
                            .collect();
                        format!("{signs}{}", card.id.raw())
                    })
                    .collect();
                cards.join(" ")
            })
            .collect();
        columns.join(" | ")
    }

    /// What the status line says.
    pub fn status(&self) -> &str {
        self.app
            .notices
            .shown(self.at)
            .map_or("", |notice| notice.text.as_str())
    }

    /// One frame, on the terminal's size.
    pub fn screen(&mut self) -> Terminal<TestBackend> {
        let (columns, rows) = self.app.size;
        for_tests::draw(columns, rows, |frame| self.app.draw(frame))
    }

    /// One frame as text.
    pub fn text(&mut self) -> String {
        for_tests::text(&self.screen())
    }
}

pub(super) fn info() -> BookInfo {
    BookInfo {
        path: "team.db".into(),
        book: StepId([7; 16]),
        schema: (1, 1),
        epoch: 0,
        name: "team".to_owned(),
        base: chf(),
        zone: chrono_tz::Europe::Zurich,
        fiscal_start: 1,
        seq: 1,
        counts: Vec::new(),
        steps: 1,
        bytes: 4096,
        journal_mode: "persist".to_owned(),
        pending_links: 0,
    }
}

fn choice(raw: i64, name: &str) -> Choice {
    Choice {
        id: Id::<Deal>::from_raw(raw).record(),
        name: name.to_owned(),
        detail: None,
        parent: None,
        kind: None,
        retired: false,
    }
}

pub(super) fn receipt(label: &str) -> Receipt {
    Receipt {
        step: StepId([1; 16]),
        group: StepId([1; 16]),
        label: label.to_owned(),
        seq: 9,
        created: Vec::new(),
        changes: 1,
        again: false,
        kept: Vec::new(),
    }
}

/// A change that somebody else made to a deal.
pub(super) fn change(deal: i64, label: &str) -> Change {
    Change {
        seq: 10,
        step: StepId([2; 16]),
        rep: None,
        by: Some("Ben".to_owned()),
        at: now(),
        origin: Origin::Human,
        label: label.to_owned(),
        seat: 2,
        entity: Entity::Deal,
        record: Id::<Deal>::from_raw(deal).record(),
        last: None,
        field: Some("stage".to_owned()),
        old: Value::Null,
        new: Value::Null,
    }
}

/// Ben has put deal 1 into Proposal, which its author saw in Qualify and wants in Discovery.
pub(super) fn clash() -> Clash {
    Clash {
        entity: Entity::Deal,
        record: Id::<Deal>::from_raw(1).record(),
        name: "Deal 1".to_owned(),
        field: "stage".to_owned(),
        base: Value::Int(101),
        theirs: Value::Int(103),
        mine: Value::Int(102),
        names: [None, None, None],
        by: Some("Ben".to_owned()),
        at: None,
    }
}

pub(super) fn link<T>(raw: i64, name: &str) -> Link<T> {
    Link {
        id: Id::from_raw(raw),
        name: name.to_owned(),
    }
}

/// A deal of 10.0k, quiet for some days.
pub(super) fn card(raw: i64, title: &str) -> Card {
    let day = 86_400_000;
    Card {
        id: Id::from_raw(raw),
        title: title.to_owned(),
        company: None,
        company_gone: false,
        contact: None,
        owner: Some(link(900, "Ana Meier")),
        initials: Some("AM".to_owned()),
        amount: Some(Money::new(1_000_000, chf())),
        probability: None,
        category: None,
        expected_close: "2026-12-18".parse().ok(),
        created_at: Some(Instant::from_millis(now().millis() - 30 * day)),
        last_touch: Some(Instant::from_millis(now().millis() - 2 * day)),
        next_step: None,
        position: "i".to_owned(),
    }
}

/// A column with those cards, of `count` in all.
pub(super) fn column(raw: i64, name: &str, cards: Vec<Card>, count: u64) -> Column {
    let n = cards.iter().filter(|card| card.amount.is_some()).count() as u64;
    let minor = cards
        .iter()
        .filter_map(|card| card.amount)
        .map(|m| m.minor)
        .sum();
    let sum = Sum {
        minor,
        n,
        without_amount: cards.len() as u64 - n,
        ..Sum::default()
    };
    Column {
        stage: link(raw, name),
        probability: Some(50),
        rot_days: Some(14),
        count,
        sum,
        weighted: Sum {
            minor: minor / 2,
            ..sum
        },
        cards,
    }
}

/// A board of those columns.
pub(super) fn board_of(columns: Vec<Column>) -> Board {
    let period = Period::parse("2026-Q4", "2026-11-24".parse().unwrap(), 1).unwrap();
    let sum = |minor, n| Sum {
        minor,
        n,
        ..Sum::default()
    };
    Board {
        pipeline: Some(link(500, "New business")),
        pipelines: vec![link(500, "New business")],
        columns,
        order: CardOrder::Own,
        won_stage: Some(link(108, "Won")),
        lost_stage: Some(link(109, "Lost")),
        foot: Foot {
            period,
            won: (14, sum(18_200_000, 14)),
            lost: (22, sum(24_000_000, 22)),
            ever: Some((40, 60)),
        },
        filtered_out: 0,
        base: chf(),
    }
}

/// `1 2 3 | 4 5 |`: cards by id in columns 101, 102, …, which are called Qualify, Discovery, Proposal, Negotiate.
pub(super) fn board(columns: &str) -> Board {
    let names = ["Qualify", "Discovery", "Proposal", "Negotiate"];
    let columns = columns
        .split('|')
        .zip(101..)
        .zip(names)
        .map(|((ids, raw), name)| {
            let cards: Vec<Card> = ids
                .split_whitespace()
                .map(|id| card(id.parse().unwrap(), &format!("Deal {id}")))
                .collect();
            let count = cards.len() as u64;
            column(raw, name, cards, count)
        })
        .collect();
    board_of(columns)
}

/// A planned call at that moment.
pub(super) fn step(at: &str) -> NextStep {
    NextStep {
        id: Id::from_raw(700),
        kind: "call".to_owned(),
        subject: None,
        due_at: Instant::parse(at, chrono_tz::Europe::Zurich).ok(),
        due_date: None,
    }
}
