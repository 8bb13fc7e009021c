//! The filter bar: what the book refuses, and how a text was read.

use crate::store::handle::Event;
use crate::store::query::{Answer, Clauses, Query};
use crate::tui::app::views;
use crate::tui::for_tests::picture;
use crate::tui::msg::{Effect, Msg};

use super::{Harness, board};

#[test]
fn a_filter_that_the_book_refuses_is_told_in_the_bar_and_the_one_before_is_on_again() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/nora<enter>/");
    harness.press("<c-u>stge:x");
    harness.asked();
    harness.refuse_filter();
    assert!(harness.text().contains("did you mean `stage`?"));
    assert_eq!(harness.cards(), ">1 2 | 3", "the board stays");
    let asked = harness.board_query().unwrap().filter.unwrap();
    assert_eq!(asked.to_string(), "nora");
    harness.show(board("1 2 | 3"));
    harness.press("<enter>");
    assert!(harness.text().contains("did you mean `stage`?"));
    harness.press("<bs><bs><bs><bs><bs><bs>");
    assert!(!harness.text().contains("did you mean"));
}

#[test]
fn a_filter_that_is_refused_when_its_bar_is_closed_is_taken_off() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/stge:x<enter>");
    harness.asked();
    harness.refuse_filter();
    assert!(harness.text().contains("did you mean `stage`?"));
    assert_eq!(harness.board_query().unwrap().filter, None);
    assert!(harness.app.board.filter.is_none());
}

#[test]
fn or_beside_words_shows_how_it_was_read() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/a b or c");
    assert!(harness.text().contains("read as (a b) or c"));
    harness.press("<bs><bs><bs><bs><bs>");
    assert!(!harness.text().contains("read as"));
}

#[test]
fn what_is_wrong_is_said_when_the_typing_stops_and_the_list_stays() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/(nora");
    assert!(harness.app.waits_for_text());
    assert!(!harness.text().contains("not closed"));
    assert_eq!(harness.cards(), ">1 2 | 3");
    harness.tell(Msg::Pause);
    assert!(harness.text().contains("not closed"));
    harness.press("<bs>");
    assert!(
        !harness.text().contains("not closed"),
        "somebody types again"
    );
    harness.press("<enter>");
    assert!(harness.text().contains("not closed"), "Enter wants to know");
    harness.press("x)<enter>");
    let asked = harness.board_query().unwrap().filter.unwrap();
    assert_eq!(asked.to_string(), "norx");
}

#[test]
fn filters_of_this_session_come_back_with_the_arrows() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/anna<enter>/<c-u>ben<enter>/<c-u><up><up>");
    assert!(harness.text().contains("/ anna"));
    harness.press("<up><down>");
    assert!(harness.text().contains("/ ben"));
    harness.press("<down><enter>");
    assert!(harness.app.board.filter.is_none());
}

#[test]
fn tab_goes_on_with_fields_and_with_what_stands_in_them() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/");
    let asks = harness.asked();
    let words =
        |effect: &Effect| matches!(effect, Effect::Read { view, .. } if *view == views::WORDS);
    assert!(asks.iter().any(words));
    let known = vec![(
        "stage".to_owned(),
        vec!["Proposal".to_owned(), "Pre sale".to_owned()],
    )];
    harness.hear(Event::Read(views::WORDS, Ok(Answer::Words(known))));
    harness.press("stag");
    assert!(harness.text().contains("Tab stage:"));
    harness.press("<tab>");
    assert!(harness.text().contains("/ stage:"));
    harness.press("p");
    assert!(
        harness.text().contains("Tab Proposal"),
        "{}",
        harness.text()
    );
    harness.press("<tab>");
    assert_eq!(
        harness.board_query().unwrap().filter.unwrap().to_string(),
        "stage:Proposal"
    );
    harness.press("<tab><enter>");
    assert_eq!(
        harness.board_query().unwrap().filter.unwrap().to_string(),
        "stage:\"Pre sale\""
    );
    harness.press("/<c-u>owner:m<tab>");
    assert!(harness.text().contains("/ owner:me"));
}

#[test]
fn me_is_not_offered_where_nobody_has_said_who_they_are() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.app.me = None;
    harness.press("/");
    harness.hear(Event::Read(views::WORDS, Ok(Answer::Words(Vec::new()))));
    harness.press("owner:m<tab>");
    assert!(!harness.text().contains("/ owner:me"), "{}", harness.text());
}

#[test]
fn a_list_explains_its_filter_clause_by_clause() {
    let mut harness = Harness::listing(9, 100, 30);
    harness.press("/-city:Bern tag:vip<enter>");
    harness.asked();
    harness.press("i");
    let asks = harness.asked();
    let clauses = asks.iter().any(|effect| {
        matches!(effect, Effect::Read { query: Query::Clauses(list), .. } if list.filter.is_some())
    });
    assert!(clauses, "{asks:?}");
    let found = Clauses {
        all: 1_200,
        fit: 9,
        parts: vec![
            ("-city:Bern".to_owned(), 1_100, 300),
            ("tag:vip".to_owned(), 12, 0),
        ],
    };
    harness.hear(Event::Read(views::CLAUSES, Ok(Answer::Clauses(found))));
    let text = harness.text();
    assert!(text.contains("Shown: 9 of 1,200"), "{text}");
    assert!(
        text.contains("-city:Bern  1,100 of 1,200 (300 of them without a value)"),
        "{text}"
    );
}

#[test]
fn the_bar_in_pictures() {
    for (name, keys) in [("completion", "/stag"), ("error", "/(nora<enter>")] {
        for (columns, rows) in [(80, 24), (100, 30), (160, 45)] {
            let mut harness = Harness::sized(board("1 2 | 3"), columns, rows);
            harness.press(keys);
            let shot = picture(harness.screen());
            insta::assert_snapshot!(format!("bar-{name}-{columns}x{rows}"), shot);
        }
    }
}

#[test]
fn what_was_ever_won_under_a_filter_is_asked_for_behind_the_board() {
    let ever = |harness: &mut Harness| {
        let asked = harness.asked().into_iter();
        let mut queries = asked.filter_map(|effect| match effect {
            Effect::Read {
                view: views::EVER,
                query: Query::Ever(query),
            } => Some(query),
            _ => None,
        });
        queries.next()
    };
    let empty = || {
        let mut board = board("1 2 | 3");
        board.foot.ever = None;
        (board.foot.won.0, board.foot.lost.0) = (0, 0);
        board
    };
    let mut harness = Harness::on(board("1 2 | 3"));
    assert_eq!(ever(&mut harness), None, "the period has some");
    harness.press("/nora<enter>");
    harness.show(empty());
    let nora = ever(&mut harness).unwrap();
    assert_eq!(nora.filter.as_ref().unwrap().to_string(), "nora");
    assert!(!harness.text().contains("Won ever"));
    harness.hear(Event::Read(
        views::EVER,
        Ok(Answer::Ever(nora.clone(), (12, 3))),
    ));
    assert!(harness.text().contains("Won ever 12"));
    // The same again: what is known stands until there is a newer answer.
    harness.show(empty());
    assert!(harness.text().contains("Won ever 12"));
    assert_eq!(ever(&mut harness), Some(nora.clone()));
    // Another filter, and an answer that comes late.
    harness.press("/<c-u>acme<enter>");
    harness.show(empty());
    assert!(ever(&mut harness).is_some());
    harness.hear(Event::Read(views::EVER, Ok(Answer::Ever(nora, (13, 3)))));
    assert!(!harness.text().contains("Won ever"));
}
