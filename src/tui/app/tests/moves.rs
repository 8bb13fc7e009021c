//! Cursors, moves, marks: what keys do to the board, and what the book is asked.

use crate::domain::command::{Command, Origin, Place, Reason};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::outcome::Outcome;
use crate::store::handle::Event;

use super::{Harness, board, board_of, card, change, clash, column};

#[test]
fn keys_move_the_cursor() {
    for (keys, cards) in [
        ("", ">1 2 3 | 4 5 | "),
        ("j", "1 >2 3 | 4 5 | "),
        ("jjjjj", "1 2 >3 | 4 5 | "),
        ("jk", ">1 2 3 | 4 5 | "),
        ("G", "1 2 >3 | 4 5 | "),
        ("<end>gg", ">1 2 3 | 4 5 | "),
        ("Gl", "1 2 3 | >4 5 | "),
        ("jl<down>h", "1 >2 3 | 4 5 | "),
        ("<tab>j", "1 2 3 | 4 >5 | "),
        ("<tab><s-tab>", ">1 2 3 | 4 5 | "),
        ("lllll", "1 2 3 | 4 5 | "),
        ("hhh", ">1 2 3 | 4 5 | "),
        ("<pgdn>", "1 2 >3 | 4 5 | "),
        ("G<c-u>", ">1 2 3 | 4 5 | "),
    ] {
        let mut harness = Harness::on(board("1 2 3 | 4 5 | "));
        harness.press(keys);
        assert_eq!(harness.cards(), cards, "{keys}");
        assert!(harness.writes().is_empty(), "{keys}");
    }
}

#[test]
fn a_move_shows_in_the_same_frame_and_the_cursor_goes_along() {
    for (keys, cards, to, base) in [
        ("j>", "1 3 | >?2 4 5 | ", 102, 101),
        ("l<lt>", ">?4 1 2 3 | 5 | ", 101, 102),
        ("lj<s-right>", "1 2 3 | 4 | >?5", 103, 102),
        ("l<s-left>", ">?4 1 2 3 | 5 | ", 101, 102),
        ("sProp<enter>", "2 3 | 4 5 | >?1", 103, 101),
    ] {
        let mut harness = Harness::on(board("1 2 3 | 4 5 | "));
        harness.press(keys);
        assert_eq!(harness.cards(), cards, "{keys}");
        let (_, commands, origin) = harness.write();
        assert_eq!(origin, Origin::Human);
        let [
            Command::MoveDeal {
                base: seen,
                stage,
                place,
                ..
            },
        ] = commands.as_slice()
        else {
            panic!("{commands:?}")
        };
        assert_eq!(
            (*seen, *stage),
            (Some(Id::from_raw(base)), Id::from_raw(to)),
            "{keys}"
        );
        assert_eq!(*place, Some(Place::Top));
    }
}

#[test]
fn counts_and_sums_move_with_the_card() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    let columns = harness.app.board.columns();
    let seen: Vec<_> = columns
        .iter()
        .map(|c| (c.count, c.sum.minor, c.weighted.minor))
        .collect();
    assert_eq!(seen, [(1, 1_000_000, 500_000), (2, 2_000_000, 1_000_000)]);
}

#[test]
fn the_edges_of_the_pipeline_say_so() {
    let mut harness = Harness::on(board("1 | 2"));
    harness.press("<lt>");
    assert_eq!(harness.status(), "Qualify is the first stage");
    harness.press("l>");
    assert_eq!(
        harness.status(),
        "Discovery is the last open stage: W wins, X loses"
    );
    assert!(harness.writes().is_empty());
}

#[test]
fn a_card_moved_twice_at_once_says_where_it_was_each_time() {
    let mut harness = Harness::on(board("1 | 2 | 3"));
    harness.press(">>");
    let bases: Vec<_> = harness
        .writes()
        .into_iter()
        .map(|(_, commands, _)| match commands[0] {
            Command::MoveDeal { base, stage, .. } => (base.unwrap().raw(), stage.raw()),
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(bases, [(101, 102), (102, 103)]);
    assert_eq!(harness.cards(), " | 2 | >?1 3");
}

#[test]
fn saved_clears_the_mark_and_reads_the_board_again() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    let (ticket, ..) = harness.write();
    harness.save(ticket, "Move Deal 1 to Discovery");
    assert_eq!(harness.cards(), "2 | >1 3");
    assert_eq!(harness.status(), "Move Deal 1 to Discovery · u undoes it");
    assert!(harness.board_query().is_some());
}

#[test]
fn failed_puts_the_card_back_with_its_counts_and_the_cursor() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let before = harness.app.board.board.clone();
    harness.press("j>");
    let (ticket, ..) = harness.write();
    harness.fail(ticket);
    assert_eq!(harness.cards(), "1 >2 | 3");
    assert_eq!(harness.app.board.board, before);
    assert!(
        harness
            .status()
            .starts_with("Not saved: Move one stage on: Deal 2. "),
        "{}",
        harness.status()
    );
    assert!(harness.status().contains("Make room and try again."));
}

#[test]
fn a_conflict_puts_the_card_back_and_names_who() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    let (ticket, ..) = harness.write();
    harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash()]))));
    assert_eq!(harness.cards(), ">1 2 | 3");
    assert!(harness.board_query().is_some());
    assert!(
        harness
            .text()
            .contains("Deal 1 changed while you edited (Ben)")
    );
    // My choice is asked for again, over what the book holds now.
    harness.press("W");
    let (_, commands, _) = harness.write();
    let [Command::MoveDeal { base, stage, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((*base, stage.raw()), (Some(Id::from_raw(103)), 102));
    assert_eq!(harness.cards(), "2 | >?1 3");
}

#[test]
fn an_answer_from_before_the_write_does_not_move_the_card_back() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    harness.show(board("1 2 9 | 3"));
    assert_eq!(harness.cards(), "2 9 | >?1 3");
}

#[test]
fn the_cursor_stays_on_its_deal_whatever_others_do() {
    for (after, cards) in [
        ("9 1 2 3 | 4", "9 1 >2 3 | 4"),
        ("1 3 | 2 4", "1 3 | >2 4"),
        ("1 3 | 4", "1 >3 | 4"),
        ("1 | 4", ">1 | 4"),
    ] {
        let mut harness = Harness::on(board("1 2 3 | 4"));
        harness.press("j");
        harness.show(board(after));
        assert_eq!(harness.cards(), cards, "{after}");
    }
}

#[test]
fn a_card_stays_on_its_line_of_the_screen_when_cards_come_above_it() {
    let ids: Vec<String> = (1..=40).map(|id| id.to_string()).collect();
    let mut harness = Harness::on(board(&format!("{} | 90", ids.join(" "))));
    harness.press("<pgdn><pgdn>kk");
    let line = |harness: &Harness| {
        let lane = harness.app.board.lanes[0];
        lane.cursor - lane.top
    };
    let before = line(&harness);
    harness.show(board(&format!("80 81 {} | 90", ids.join(" "))));
    assert_eq!(line(&harness), before);
}

#[test]
fn marked_deals_move_as_one_step() {
    let mut harness = Harness::on(board("1 2 3 | 4 | "));
    harness.press("<space>j<space>");
    assert_eq!(harness.cards(), "*1 2 >*3 | 4 | ");
    harness.press(">");
    assert_eq!(harness.cards(), "2 | >?3 ?1 4 | ");
    let (_, commands, origin) = harness.write();
    assert_eq!((commands.len(), origin), (2, Origin::Bulk));
    assert!(harness.app.board.marks.is_empty());
}

#[test]
fn many_marked_deals_are_asked_about_with_cancel_in_front() {
    let ids: Vec<String> = (1..=25).map(|id| id.to_string()).collect();
    let mut harness = Harness::on(board(&format!("{} | 90", ids.join(" "))));
    harness.press("*>");
    assert!(harness.writes().is_empty());
    harness.press("<enter>");
    assert!(harness.writes().is_empty());
    assert_eq!(harness.app.board.marks.len(), 25);
    harness.press(">y");
    let (_, commands, origin) = harness.write();
    assert_eq!((commands.len(), origin), (25, Origin::Bulk));
}

#[test]
fn esc_takes_popups_then_marks_then_the_filter() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/deal<enter><space><enter>");
    assert!(!harness.app.layers.is_empty());
    harness.press("<esc>");
    assert!(harness.app.layers.is_empty() && !harness.app.board.marks.is_empty());
    harness.press("<esc>");
    assert!(harness.app.board.marks.is_empty() && harness.app.board.filter.is_some());
    harness.press("<esc>");
    assert!(harness.app.board.filter.is_none());
}

#[test]
fn a_won_deal_leaves_and_comes_back_when_the_book_says_no() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("W");
    assert_eq!(harness.cards(), ">2 | 3");
    let (ticket, commands, _) = harness.write();
    assert!(matches!(commands[0], Command::WinDeal { base: Some(base), .. } if base.raw() == 101));
    harness.fail(ticket);
    assert_eq!(harness.cards().replace('>', ""), "1 2 | 3");
}

#[test]
fn a_loss_asks_why_in_the_same_gesture() {
    let reason = |commands: &[Command]| match &commands[0] {
        Command::LoseDeal { reason, .. } => reason.clone(),
        other => panic!("{other:?}"),
    };
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("XPri<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(reason(&commands), Some(Reason::Known(Id::from_raw(900))));
    assert_eq!(harness.cards(), ">2 | 3");
    harness.press("XToo slow<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(
        reason(&commands),
        Some(Reason::Named("Too slow".to_owned()))
    );
    harness.show(board("7 | 8"));
    harness.press("X<esc>");
    assert!(harness.writes().is_empty());
    assert_eq!(harness.cards(), ">7 | 8");
}

#[test]
fn cards_are_put_in_order_within_their_column() {
    let mut harness = Harness::on(board("1 2 3 | 4"));
    harness.press("J");
    assert_eq!(harness.cards(), "2 >?1 3 | 4");
    let (_, commands, _) = harness.write();
    let Command::MoveDeal { place, stage, .. } = commands[0] else {
        panic!("{commands:?}")
    };
    assert_eq!(
        (place, stage.raw()),
        (Some(Place::After(Id::from_raw(2))), 101)
    );
    harness.press("K");
    assert_eq!(harness.cards(), ">?1 2 3 | 4");
    harness.press("K");
    assert_eq!(harness.status(), "Already on top");
}

#[test]
fn others_changes_are_said_marked_for_ten_seconds_and_read() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.hear(Event::Others(vec![change(3, "Move Deal 3 to Proposal")]));
    assert_eq!(harness.status(), "Ben: Move Deal 3 to Proposal · 10:05");
    assert!(harness.board_query().is_some());
    let three = Id::from_raw(3);
    assert!(harness.app.board.is_by_others(three, harness.at));
    let later = crate::domain::time::Instant::from_millis(harness.at.millis() + 10_000);
    assert!(!harness.app.board.is_by_others(three, later));
}

#[test]
fn cards_are_loaded_before_the_cursor_comes_to_their_end() {
    let cards: Vec<_> = (1..=60).map(|id| card(id, "Deal")).collect();
    let mut harness = Harness::on(board_of(vec![column(101, "Engaging", cards, 1_589)]));
    assert!(harness.board_query().is_none());
    for _ in 0..40 {
        harness.press("j");
    }
    let query = harness.board_query().unwrap();
    assert_eq!(query.limits, [(Id::from_raw(101), 120)]);
    harness.press("j");
    assert!(harness.board_query().is_none(), "asked once");
}

#[test]
fn end_goes_to_the_very_end() {
    let cards = |count: i64| (1..=count).map(|id| card(id, "Deal")).collect();
    let mut harness = Harness::on(board_of(vec![column(101, "Engaging", cards(60), 1_589)]));
    harness.press("<end>");
    let query = harness.board_query().unwrap();
    assert_eq!(query.limits, [(Id::from_raw(101), 1_589)]);
    harness.show(board_of(vec![column(101, "Engaging", cards(1_589), 1_589)]));
    assert_eq!(harness.app.board.card().unwrap().id.raw(), 1_589);
    harness.press("kk");
    harness.show(board_of(vec![column(101, "Engaging", cards(1_589), 1_589)]));
    assert_eq!(harness.app.board.card().unwrap().id.raw(), 1_587);
}

#[test]
fn what_is_done_before_the_app_knows_who_acts_is_done_by_them_and_not_by_nobody() {
    let mut harness = Harness::opening(100, 30);
    harness.hear(Event::Opened(Box::new(super::info())));
    harness.show(board("1 2 | 3"));
    harness.press(">");
    assert_eq!(harness.writes().len(), 0);
    harness.know_me();
    assert_eq!(harness.writes().len(), 1);
}

#[test]
fn a_filter_that_leaves_the_column_of_the_cursor_empty_takes_it_to_the_next_card() {
    let mut harness = Harness::on(board("1 2 | 3 | 4"));
    harness.press("/deal<enter>");
    harness.show(board(" | 3 | 4"));
    assert_eq!(harness.cards(), " | >3 | 4");
    // What a colleague takes away does not put another deal under the fingers.
    harness.show(board("1 | | 4"));
    assert_eq!(harness.cards(), "1 |  | 4");
    harness.press("/<c-u>other<enter>");
    harness.show(board("1 | | "));
    assert_eq!(harness.cards(), ">1 |  | ");
}

#[test]
fn the_cursor_goes_to_what_was_just_made_unless_it_was_moved_since() {
    for (keys, cards) in [("", ">9 1 2 3 | "), ("j", "9 1 >2 3 | ")] {
        let mut harness = Harness::on(board("1 2 3 | "));
        harness
            .app
            .screen_mut()
            .made(Entity::Deal, RecordId::from_raw(9));
        harness.press(keys);
        harness.show(board("9 1 2 3 | "));
        assert_eq!(harness.cards(), cards, "{keys}");
    }
    for (keys, name) in [("", "▶  Contact 9"), ("j", "▶  Contact 2")] {
        let mut harness = Harness::listing(3, 100, 30);
        harness
            .app
            .screen_mut()
            .made(Entity::Contact, RecordId::from_raw(9));
        harness.press(keys);
        harness.order(&[9, 1, 2, 3]);
        assert!(harness.text().contains(name), "{}", harness.text());
    }
}
