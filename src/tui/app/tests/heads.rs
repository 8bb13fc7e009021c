//! Long lists: the first of one are shown before all are known, and who goes on beyond them waits for the others.

use crate::domain::history::Head;
use crate::store::handle::Event;
use crate::store::query::{Answer, ListQuery, Query};
use crate::tui::app::views;
use crate::tui::exporter::Exporting;
use crate::tui::msg::{Effect, Msg};
use crate::tui::screens::{Screen, Shown};

use super::Harness;
use super::people::id;

/// What is asked of the list, since it was asked last.
fn asked(harness: &mut Harness) -> Vec<ListQuery> {
    let asked = harness.asked().into_iter();
    asked
        .filter_map(|effect| match effect {
            Effect::Read {
                query: Query::Order(list),
                ..
            } => Some(list),
            _ => None,
        })
        .collect()
}

fn head(harness: &mut Harness, count: i64, is_all: bool) {
    let ids = (1..=count).map(id).collect();
    let head = Answer::Head(Some(Head { ids, is_all }));
    harness.hear(Event::Read(views::ORDER, Ok(head)));
    harness.answer_rows();
}

/// The first 200 of a list that is long.
fn begun() -> Harness {
    let mut harness = Harness::at_contacts(100, 30);
    head(&mut harness, 200, false);
    harness
}

#[test]
fn the_first_are_asked_for_where_nothing_of_a_list_is_shown() {
    let mut harness = Harness::at_contacts(100, 30);
    assert_eq!(asked(&mut harness)[0].limit, Some(200));
    head(&mut harness, 200, false);
    harness.press("3 4");
    assert_eq!(asked(&mut harness)[0].limit, None);
    harness.press("SLast touch<enter>");
    assert_eq!(asked(&mut harness)[0].limit, Some(200));
}

#[test]
fn the_first_are_shown_and_acted_on_and_stay_where_they_are() {
    let mut harness = begun();
    let text = harness.text();
    assert!(text.contains("1 of …"), "{text}");
    harness.press("jj<space>");
    let under = harness.app.contacts.under_cursor();
    assert_eq!(under, Some(id(4)));
    harness.order(&(1..=1_000).collect::<Vec<_>>());
    assert_eq!(harness.app.contacts.under_cursor(), under);
    assert_eq!(harness.app.contacts.marked(), 1);
    assert!(harness.text().contains("4 of 1,000"), "{}", harness.text());
}

#[test]
fn keys_that_lead_beyond_the_first_wait_for_the_others() {
    for (keys, place) in [
        ("G", 999),
        ("Gk", 998),
        ("G<pgup>", 977),
        ("Ggg", 0),
        (&"<pgdn>".repeat(10), 220),
    ] {
        let mut harness = begun();
        harness.press(keys);
        let there = place == 0;
        assert_eq!(harness.text().contains("reading …"), !there, "{keys}");
        assert_eq!(harness.app.target_count(), usize::from(there), "{keys}");
        harness.order(&(1..=1_000).collect::<Vec<_>>());
        let contacts = &harness.app.contacts;
        assert_eq!(contacts.under_cursor(), Some(id(place + 1)), "{keys}");
        assert!(contacts.row(id(place + 1)).is_some(), "{keys}");
    }
}

#[test]
fn acts_on_what_is_not_read_yet_say_so() {
    for keys in ["G#", "G<enter>", "*", "Gx"] {
        let mut harness = begun();
        harness.asked();
        harness.press(keys);
        let status = harness.status();
        assert!(status.contains("still being read"), "{keys}: {status}");
        assert_eq!(harness.app.contacts.marked(), 0, "{keys}");
        assert_eq!(harness.app.shown, Shown::Contacts, "{keys}");
        assert!(harness.writes().is_empty(), "{keys}");
    }
}

#[test]
fn a_whole_order_is_not_given_up_for_the_first_of_a_newer_one() {
    let mut harness = Harness::listing(1_000, 100, 30);
    head(&mut harness, 200, false);
    assert_eq!(harness.app.contacts.ids().len(), 1_000);
}

#[test]
fn the_first_are_the_list_where_there_are_no_others() {
    let mut harness = Harness::at_contacts(100, 30);
    head(&mut harness, 3, true);
    harness.press("G");
    assert!(harness.text().contains("3 of 3"), "{}", harness.text());
}

#[test]
fn a_contact_that_is_opened_from_the_first_knows_that_the_list_goes_on() {
    let mut harness = begun();
    harness.press(&"<pgdn>".repeat(8));
    harness.press("<enter>");
    assert!(harness.text().contains("177 of …"), "{}", harness.text());
    harness.press(&".".repeat(200));
    let status = harness.status();
    assert!(status.contains("list goes on"), "{status}");
}

#[test]
fn an_export_of_a_list_that_is_not_read_yet_asks_for_all_of_it() {
    let mut harness = begun();
    harness.press("x<enter>");
    assert!(!harness.text().contains("200 contacts"));
    harness.asked();
    harness.tell(Msg::Exporting(Exporting::Ready));
    assert_eq!(asked(&mut harness)[0].limit, None);
}
