//! Pictures of the board, as text and as runs of styles, at the sizes of the ladder.

use crate::domain::board::{Board, Sum};
use crate::domain::money::Money;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::tui::app::views;
use crate::tui::for_tests::picture;

use super::{Harness, board, board_of, card, change, column, link, step};

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
fn lively() -> Board {
    let mut alpina = card(3, "Alpina AG cable");
    alpina.last_touch = alpina
        .created_at
        .map(|at| crate::domain::time::Instant::from_millis(at.millis() + 15 * 86_400_000));
    let mut roth = card(1, "Rollout");
    roth.company = Some(link(600, "Roth Metall"));
    roth.last_touch = roth.created_at;
    let mut longteng = card(4, "Longteng 龍騰");
    longteng.next_step = step("2026-11-24 08:30");
    longteng.amount = Some(Money::new(6_000_000, "EUR".parse().unwrap()));
    let mut keller = card(5, "Keller & Co service contract for two sites in January");
    keller.next_step = step("2026-11-24 10:30");
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

#[test]
fn empty() {
    pictures("empty", |harness| harness.show(board(" | | | ")));
}

#[test]
fn loading() {
    pictures("loading", |_| {});
}

#[test]
fn one() {
    pictures("one", |harness| harness.show(board("1 | | | ")));
}

#[test]
fn many() {
    pictures("many", |harness| {
        let cards = |from: i64| {
            (from..from + 60)
                .map(|id| card(id, &format!("Deal {id}")))
                .collect()
        };
        harness.show(board_of(vec![
            column(101, "Prospecting", cards(1_000), 500),
            column(102, "Engaging", cards(2_000), 1_589),
            column(103, "Proposal", cards(3_000), 60),
            column(104, "Negotiate", cards(4_000), 61),
            column(105, "Contract", cards(5_000), 60),
            column(106, "Signature", cards(6_000), 60),
            column(107, "Waiting for the budget of next year", cards(7_000), 60),
        ]));
        harness.press("l<pgdn>j<space>");
    });
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
fn pending() {
    pictures("pending", |harness| {
        harness.show(lively());
        harness.press("ll>");
    });
}

#[test]
fn error() {
    pictures("error", |harness| {
        harness.show(lively());
        harness.press("ll>");
        let (ticket, ..) = harness.write();
        harness.fail(ticket);
    });
}

#[test]
fn unreadable() {
    pictures("unreadable", |harness| {
        let error = StoreError::Damaged {
            path: "team.db".into(),
            what: "page 7 is no page".to_owned(),
        };
        harness.hear(Event::Read(views::BOARD, Err(error)));
    });
}

#[test]
fn the_ascii_set_has_the_same_layout() {
    let mut harness = Harness::sized(lively(), 100, 30);
    let built_in = crate::config::theme::Theme::load(None, true).unwrap();
    harness.app.theme = crate::tui::theme::Theme::new(&built_in, true);
    harness.press("ll<space>k");
    insta::assert_snapshot!("ascii-mono-100x30", picture(harness.screen()));
}
