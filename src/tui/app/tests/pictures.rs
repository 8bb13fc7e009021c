//! Pictures of the board with a card of every kind, of a deal, and of the layers, at the sizes of the ladder.

use crate::domain::board::{Board, Sum};
use crate::domain::money::Money;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::for_tests::picture;

use super::{Harness, board_of, card, change, column, link, step};

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (100, 30), (160, 45)];

/// Takes a picture at every size of an app that `prepare` has brought into its state.
fn pictures(name: &str, prepare: impl Fn(&mut Harness)) {
    for (columns, rows) in SIZES {
        let mut harness = Harness::opened(columns, rows);
        prepare(&mut harness);
        let shot = picture(harness.screen());
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), shot);
    }
}

/// A board with one card of every kind.
pub(super) fn lively() -> Board {
    let mut alpina = card(3, "Alpina AG cable");
    alpina.last_touch = alpina
        .created_at
        .map(|at| crate::domain::time::Instant::from_millis(at.millis() + 15 * 86_400_000));
    let mut roth = card(1, "Rollout");
    roth.company = Some(link(600, "Roth Metall"));
    roth.last_touch = roth.created_at;
    let mut longteng = card(4, "Longteng 龍騰");
    longteng.next_step = Some(step("2026-11-24 08:30"));
    longteng.amount = Some(Money::new(6_000_000, "EUR".parse().unwrap()));
    let mut keller = card(5, "Keller & Co service contract for two sites in January");
    keller.next_step = Some(step("2026-11-24 10:30"));
    let mut tanner = card(6, "Tanner AG");
    tanner.expected_close = "2026-11-20".parse().ok();
    tanner.owner = None;
    tanner.initials = None;
    let mut laine = card(7, "Laine Oy");
    laine.amount = None;
    laine.expected_close = None;
    let mut board = board_of(vec![
        column(101, "Qualify", vec![card(2, "Sella SpA")], 1),
        column(102, "Discovery", vec![roth, laine], 2),
        column(103, "Proposal", vec![alpina, longteng, keller], 3),
        column(104, "Negotiate", vec![tanner], 1),
    ]);
    board.columns[1].weighted = Sum {
        without_amount: 1,
        without_probability: 1,
        ..Sum::default()
    };
    board.columns[1].probability = None;
    board
}

/// A board with more columns and cards than there is room for.
pub(super) fn crowded() -> Board {
    let cards = |from: i64| {
        (from..from + 60)
            .map(|id| card(id, &format!("Deal {id}")))
            .collect()
    };
    board_of(vec![
        column(101, "Prospecting", cards(1_000), 500),
        column(102, "Engaging", cards(2_000), 1_589),
        column(103, "Proposal", cards(3_000), 60),
        column(104, "Negotiate", cards(4_000), 61),
        column(105, "Contract", cards(5_000), 60),
        column(106, "Signature", cards(6_000), 60),
        column(107, "Waiting for the budget of next year", cards(7_000), 60),
    ])
}

#[test]
fn lively_board() {
    pictures("lively", |harness| {
        harness.show(lively());
        harness.press("ll");
        harness.hear(Event::Others(vec![change(1, "Move Rollout to Discovery")]));
    });
}

#[test]
fn a_move_that_is_refused() {
    pictures("refused", |harness| {
        harness.show(lively());
        harness.press("ll>");
        let (ticket, ..) = harness.write();
        harness.fail(ticket);
    });
}

#[test]
fn a_popup_of_a_deal() {
    pictures("detail", |harness| {
        harness.show(lively());
        harness.press("ll<enter>");
        harness.hear(Event::Read(
            views::SHOW,
            Ok(Answer::Show(Some(Box::new(deal())))),
        ));
        let timeline = vec![
            activity("call", Some("2026-11-20 14:05")),
            activity("meeting", None),
        ];
        harness.hear(Event::Read(views::TIMELINE, Ok(Answer::Timeline(timeline))));
    });
}

#[test]
fn layers() {
    for (name, keys) in [
        ("help", "?"),
        ("palette", ":mov"),
        ("filter", "/value>10k"),
        ("stages", "s"),
        ("find", "fx"),
        ("messages", ">!"),
        ("explain", "i"),
        ("continuations", "y"),
    ] {
        let mut harness = Harness::sized(lively(), 80, 24);
        harness.press(keys);
        harness.tell(crate::tui::msg::Msg::Pause);
        insta::assert_snapshot!(format!("layer-{name}-80x24"), picture(harness.screen()));
    }
}

/// A record of the card that [`lively`] has in Proposal.
fn deal() -> Record {
    let mut record = blank(Entity::Deal, 3);
    set(&mut record, "title", "Alpina AG cable");
    set(&mut record, "stage", 103);
    set(&mut record, "amount", 1_000_000);
    set(&mut record, "currency", "CHF");
    set(&mut record, "expected_close", "2026-12-18");
    set(&mut record, "note", "Two sites in January.");
    let stage = Entity::Deal
        .fields()
        .iter()
        .position(|def| def.name == "stage");
    record.names[stage.unwrap()] = Some("Proposal".to_owned());
    record
}

fn activity(kind: &str, done: Option<&str>) -> Record {
    let zurich = chrono_tz::Europe::Zurich;
    let at = |text: &str| {
        crate::domain::time::Instant::parse(text, zurich)
            .unwrap()
            .millis()
    };
    let mut record = blank(Entity::Activity, 70);
    set(&mut record, "kind", kind);
    set(&mut record, "subject", "Rollout plan");
    match done {
        Some(text) => {
            set(&mut record, "done_at", at(text));
            set(&mut record, "body", "Asked for references.");
        }
        None => set(&mut record, "due_at", at("2026-11-24 10:30")),
    }
    record
}

fn blank(entity: Entity, raw: i64) -> Record {
    let fields = entity.fields().len();
    Record {
        entity,
        id: crate::domain::id::RecordId::from_raw(raw),
        created_at: None,
        trashed_at: None,
        values: vec![Value::Null; fields],
        names: vec![None; fields],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: None,
        seq: 1,
    }
}

fn set(record: &mut Record, field: &str, value: impl Into<Value>) {
    let place = record
        .entity
        .fields()
        .iter()
        .position(|def| def.name == field);
    record.values[place.unwrap()] = value.into();
}

#[test]
fn the_ascii_set_has_the_same_layout() {
    let mut harness = Harness::sized(lively(), 100, 30);
    let built_in = crate::config::theme::Theme::load(None, true).unwrap();
    harness.app.theme = crate::tui::theme::Theme::new(&built_in, true);
    harness.press("ll<space>k");
    insta::assert_snapshot!("ascii-mono-100x30", picture(harness.screen()));
}
