//! The filter bar: what the book refuses, and how a text was read.

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
