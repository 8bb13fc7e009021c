//! Somebody has the address of a new record already, and its author saves before that is known.

use crate::store::StoreError;
use crate::store::handle::{Event, Health};
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::msg::Msg;

use super::{Harness, now};

#[test]
fn a_new_lead_is_saved_when_nobody_has_its_address_and_at_once_where_that_cannot_be_asked() {
    let typed = || {
        let mut harness = Harness::leads(3, 100, 30);
        harness.press("a");
        harness.hear(Event::Read(
            views::COMPANIES,
            Ok(Answer::Choices(Vec::new())),
        ));
        harness.press("Marta<enter><enter><enter>m@o.pt");
        harness.asked();
        harness
    };
    for answer in [Ok(Answer::Holders(Vec::new())), Err(StoreError::Busy)] {
        let mut harness = typed();
        harness.press("<c-s>");
        assert!(harness.writes().is_empty());
        harness.hear(Event::Read(views::SAVING, answer));
        harness.write();
    }
    let mut harness = typed();
    let (since, what) = (now(), "gone".to_owned());
    harness.hear(Event::Health(Health::Unreachable { since, what }));
    harness.press("<c-s>");
    harness.write();
    // Who goes on typing has not saved.
    let mut harness = typed();
    harness.press("<c-s>x");
    harness.hear(Event::Read(views::SAVING, Ok(Answer::Holders(Vec::new()))));
    assert!(harness.writes().is_empty());
}

#[test]
fn who_saves_is_told_that_the_book_is_looked_into_where_that_takes_more_than_a_moment() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("a");
    let none = Answer::Choices(Vec::new());
    harness.hear(Event::Read(views::COMPANIES, Ok(none)));
    harness.press("Marta<enter><enter><enter>m@o.pt");
    harness.tell(Msg::Pause);
    harness.press("<c-s>");
    assert!(!harness.status().contains("Looking"), "not at once");
    assert!(harness.app.waits_for_answers(), "a pause is waited for");
    harness.tell(Msg::Pause);
    assert!(
        harness.status().contains("Looking whether"),
        "{}",
        harness.status()
    );
    assert!(!harness.app.waits_for_answers(), "once said nothing wakes");
    harness.hear(Event::Read(views::SAVING, Ok(Answer::Holders(Vec::new()))));
    harness.write();
}
