//! The order of the cards, their forecast category, and what a win asks for.

use crate::domain::board::{Board, CardOrder};
use crate::domain::command::{Base, Command, Input, Origin};
use crate::domain::history::ListRow;
use crate::domain::id::{Id, RecordId};
use crate::domain::lead::Waiting;
use crate::domain::money::Money;
use crate::domain::nouns::deal;
use crate::domain::value::Value;
use crate::domain::view::Setup;
use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::for_tests::picture;
use crate::tui::screens::Screen;

use super::setup::deal_record;
use super::{Harness, board, chf};

/// `1:30 2:20 | 3:40`: cards in order of their amounts, in thousands.
fn by_amount(columns: &[&[(i64, i64)]]) -> Board {
    let ids = |column: &&[(i64, i64)]| -> Vec<String> {
        column.iter().map(|(id, _)| id.to_string()).collect()
    };
    let ids: Vec<String> = columns.iter().map(|column| ids(column).join(" ")).collect();
    let mut board = board(&ids.join(" | "));
    board.order = CardOrder::Amount;
    for (column, amounts) in board.columns.iter_mut().zip(columns) {
        for (card, (_, thousands)) in column.cards.iter_mut().zip(*amounts) {
            card.amount = (*thousands > 0).then(|| Money::new(thousands * 100_000, chf()));
        }
    }
    board
}

/// A board in order of the amounts.
fn sorted(columns: u16, rows: u16) -> Harness {
    let mut harness = Harness::sized(board("1 2 3 | 4 5 | |"), columns, rows);
    harness.press("Samount<enter>");
    harness.show(by_amount(&[
        &[(3, 90), (1, 30), (2, 0)],
        &[(5, 60), (4, 20)],
        &[],
        &[],
    ]));
    harness
}

#[test]
fn the_menu_of_orders_asks_for_the_cards_anew_and_the_cursor_stays_on_its_card() {
    for (typed, order) in [
        ("own", CardOrder::Own),
        ("amount", CardOrder::Amount),
        ("close", CardOrder::Close),
        ("quiet", CardOrder::Quiet),
        ("next", CardOrder::NextStep),
    ] {
        let mut harness = Harness::on(board("1 2 3 | 4"));
        harness.press("j");
        harness.asked();
        harness.press(&format!("S{typed}<enter>"));
        let query = harness.board_query().unwrap();
        assert_eq!(query.order, order, "{typed}");
        assert_eq!(query.keep.map(Id::raw), Some(2), "{typed}");
        let mut answer = board("3 1 2 | 4");
        answer.order = order;
        harness.show(answer);
        assert_eq!(harness.cards(), "3 1 >2 | 4", "{typed}");
    }
}

#[test]
fn a_card_that_moves_falls_where_the_order_puts_it_and_is_not_placed_by_hand() {
    let mut harness = sorted(100, 30);
    assert_eq!(harness.cards(), "3 >1 2 | 5 4 |  | ");
    harness.asked();
    harness.press("J");
    assert!(harness.writes().is_empty());
    assert_eq!(
        harness.status(),
        "The cards are in order of amount; S, own order lets you place them"
    );
    harness.press(">");
    assert_eq!(harness.cards(), "3 2 | 5 >?1 4 |  | ");
    let (ticket, ..) = harness.write();
    harness.fail(ticket);
    assert_eq!(harness.cards(), "3 >1 2 | 5 4 |  | ");
    harness.press("j");
    harness.asked();
    harness.press(">");
    assert_eq!(
        harness.cards(),
        "3 1 | 5 4 >?2 |  | ",
        "an unknown amount falls to the end"
    );
}

#[test]
fn a_view_of_the_pipeline_keeps_its_order_and_a_built_in_one_gives_the_own_back() {
    let mut harness = sorted(100, 30);
    assert_eq!(
        harness.app.board.setup().sort_line().as_deref(),
        Some("-amount")
    );
    let saved = Setup::read("owner:me", "", "expected_close").unwrap();
    harness
        .app
        .board
        .wear(Some(RecordId::from_raw(7)), "Closing", &saved);
    assert_eq!(harness.app.board.order, CardOrder::Close);
    let shown = harness.app.board.setup();
    assert_eq!(shown.pipeline.map(Id::raw), Some(500));
    assert_eq!(
        Setup {
            pipeline: None,
            ..shown
        },
        saved
    );
    let mine = Setup::read("owner:me", "", "").unwrap();
    harness.app.board.wear(None, "Mine", &mine);
    assert_eq!(harness.app.board.order, CardOrder::Amount);
    let unknown = Setup::read("", "", "colour").unwrap();
    harness
        .app
        .board
        .wear(Some(RecordId::from_raw(8)), "Odd", &unknown);
    assert_eq!(harness.app.board.order, CardOrder::Own);
}

#[test]
fn a_forecast_category_is_chosen_for_one_deal_or_for_all_that_are_marked() {
    let edits = |commands: &[Command]| -> Vec<(Base, Input)> {
        let edit = |command: &Command| match command {
            Command::Edit { edits, .. } => {
                assert_eq!(edits[0].field, (&deal::CATEGORY).into());
                (edits[0].base.clone(), edits[0].new.clone())
            }
            other => panic!("{other:?}"),
        };
        commands.iter().map(edit).collect()
    };
    let null = || Base::Seen(Value::Null);
    for (typed, category) in [
        ("pipe", Value::from("pipeline")),
        ("best", "best_case".into()),
        ("commit", "commit".into()),
        ("omit", "omitted".into()),
    ] {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.press(&format!("p{typed}<enter>"));
        let (_, commands, origin) = harness.write();
        assert_eq!(edits(&commands), [(null(), Input::Value(category))]);
        assert_eq!(origin, Origin::Human);
    }
    let mut shown = board("1 2 | 3");
    shown.columns[0].cards[0].category = Some("commit".to_owned());
    let mut harness = Harness::on(shown);
    harness.press("<space><space>pcommit<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(commands.len(), 1, "one of them is so already");
    harness.press("ggpown<enter>");
    let (_, commands, _) = harness.write();
    let was = Base::Seen("commit".into());
    assert_eq!(edits(&commands), [(was, Input::Value(Value::Null))]);
}

#[test]
fn marked_deals_are_asked_for_their_amounts_one_after_the_other_and_won_in_one_step() {
    let mut harness = Harness::on(by_amount(&[&[(1, 0), (2, 30), (3, 0)]]));
    harness.press("<space><space><space>W");
    harness.form_read();
    assert!(harness.writes().is_empty());
    harness.press("42k<enter>");
    assert!(harness.writes().is_empty(), "the next one is asked");
    harness.form_read();
    harness.press("<enter>");
    let (_, commands, origin) = harness.write();
    assert_eq!(origin, Origin::Bulk);
    let wins = commands
        .iter()
        .filter(|one| matches!(one, Command::WinDeal { .. }));
    let unpriced = commands
        .iter()
        .filter(|one| matches!(one, Command::WithoutAmount { deal } if *deal == RecordId::from_raw(3).into()));
    assert_eq!(
        (commands.len(), wins.count(), unpriced.count()),
        (5, 3, 1),
        "{commands:?}"
    );
    assert_eq!(harness.cards(), "");
    assert_eq!(harness.app.board.marks.len(), 0);
}

#[test]
fn an_amount_that_was_typed_for_one_of_them_is_there_again_when_another_is_left() {
    let mut harness = Harness::on(by_amount(&[&[(1, 0), (2, 30), (3, 0)]]));
    harness.press("<space><space><space>W");
    harness.form_read();
    harness.press("42k<enter>");
    harness.form_read();
    harness.press("<esc>");
    assert_eq!(harness.status(), "Left; no deal was moved");
    assert!(harness.writes().is_empty());
    harness.press("W");
    harness.form_read();
    assert!(harness.text().contains("42k"), "{}", harness.text());
    harness.press("<enter>");
    harness.form_read();
    harness.press("<enter>");
    let (ticket, commands, _) = harness.write();
    assert_eq!(commands.len(), 5, "{commands:?}");
    assert!(!harness.app.drafts.nothing_left(), "the book may say no");
    harness.save(ticket, "Win: 3 deals");
    assert!(harness.app.drafts.nothing_left());
}

#[test]
fn many_deals_without_an_amount_are_one_question() {
    let cards: Vec<(i64, i64)> = (1..=8).map(|id| (id, 0)).collect();
    let mut harness = Harness::on(by_amount(&[&cards]));
    harness.press("*W");
    assert!(harness.writes().is_empty());
    assert!(
        harness.text().contains("8 of them without"),
        "{}",
        harness.text()
    );
    harness.press("<esc>");
    assert!(harness.writes().is_empty());
}

#[test]
fn a_deal_that_the_board_has_not_loaded_is_read_before_it_is_won() {
    for (amount, asks) in [(Value::Int(500_000), false), (Value::Null, true)] {
        let mut harness = Harness::on(board("1 | |"));
        harness.app.open_record(
            crate::domain::nouns::Entity::Deal,
            RecordId::from_raw(77),
            "Rollout".to_owned(),
        );
        harness.asked();
        harness.press("W");
        assert!(harness.writes().is_empty());
        let mut record = deal_record(77);
        let place = deal::ALL
            .iter()
            .position(|def| **def == deal::AMOUNT)
            .unwrap();
        record.values[place] = amount;
        let row = ListRow {
            record: record.clone(),
            next_step: None,
            waiting: Waiting::No,
            deal: None,
            firm: None,
        };
        harness.hear(Event::Read(views::SEEN, Ok(Answer::Rows(vec![row]))));
        assert_eq!(harness.writes().is_empty(), asks);
        if asks {
            for view in [views::COMPANIES, views::CONTACTS] {
                harness.hear(Event::Read(view, Ok(Answer::Choices(Vec::new()))));
            }
            let record = Some(Box::new(record));
            harness.hear(Event::Read(views::FORM, Ok(Answer::Show(record))));
            harness.press("<enter>");
            assert_eq!(harness.writes().len(), 1);
        }
    }
}

#[test]
fn pictures_of_the_order_and_the_forecast() {
    for (columns, rows) in [(100, 30), (80, 24), (160, 45)] {
        let mut harness = sorted(columns, rows);
        let mut shown = by_amount(&[&[(3, 90), (1, 30), (2, 0)], &[(5, 60), (4, 20)], &[], &[]]);
        shown.columns[0].cards[0].category = Some("commit".to_owned());
        shown.columns[1].cards[0].category = Some("best_case".to_owned());
        harness.show(shown);
        let shot = picture(harness.screen());
        insta::assert_snapshot!(format!("board-by-amount-{columns}x{rows}"), shot);
        harness.press("p");
        let shot = picture(harness.screen());
        insta::assert_snapshot!(format!("board-forecast-{columns}x{rows}"), shot);
        harness.press("<esc>S");
        let shot = picture(harness.screen());
        insta::assert_snapshot!(format!("board-orders-{columns}x{rows}"), shot);
    }
}

#[test]
fn what_is_marked_stays_marked_in_an_order_that_has_not_loaded_it() {
    let cards = |ids: &[i64]| -> Vec<_> {
        ids.iter()
            .map(|id| super::card(*id, &format!("Deal {id}")))
            .collect()
    };
    let long = |ids: &[i64], count| {
        super::board_of(vec![
            super::column(101, "Qualify", cards(ids), count),
            super::column(102, "Discovery", cards(&[9]), 1),
        ])
    };
    let mut harness = Harness::on(long(&[1, 2, 3], 70));
    harness.press("<space><space>");
    harness.press("Samount<enter>");
    let mut other = long(&[2, 5, 6], 70);
    other.order = CardOrder::Amount;
    harness.show(other);
    assert!(
        harness.text().contains("2 marked, 1 not loaded"),
        "{}",
        harness.text()
    );
    // What is done is done to both, by the values that were seen.
    harness.press(">");
    let (ticket, commands, _) = harness.write();
    let moved: Vec<_> = commands
        .iter()
        .map(|command| match command {
            Command::MoveDeal { deal, base, .. } => (deal.raw(), base.map(Id::raw)),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(moved, [(1, Some(101)), (2, Some(101))]);
    assert_eq!(harness.app.board.marks.len(), 0);
    harness.save(ticket, "Move 2 deals");
    // What a whole board does not have is on it no more.
    let mut harness = Harness::on(long(&[1, 2, 3], 3));
    harness.press("<space><space>");
    harness.show(long(&[2, 3], 2));
    assert_eq!(harness.app.board.marks.len(), 1);
    // Another filter marks nothing.
    harness.press("/x<enter>");
    assert_eq!(harness.app.board.marks.len(), 0);
}
