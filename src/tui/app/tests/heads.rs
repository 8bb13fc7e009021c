//! Long lists: the first of one are shown before all are known, and who goes on beyond them waits for the others.

use crate::domain::history::{Head, Order};
use crate::store::StoreError;
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

/// The first of a list that is long.
fn begun() -> Harness {
    let mut harness = Harness::at_contacts(100, 30);
    head(&mut harness, 200, false);
    harness
}

#[test]
fn the_first_are_asked_for_where_nothing_of_a_list_is_shown() {
    let mut harness = Harness::at_contacts(100, 30);
    assert_eq!(asked(&mut harness)[0].limit, Some(100));
    head(&mut harness, 200, false);
    harness.press("3 4");
    assert_eq!(asked(&mut harness)[0].limit, None);
    harness.press("SLast touch<enter>");
    assert_eq!(asked(&mut harness)[0].limit, Some(100));
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
fn keys_that_lead_to_the_end_of_another_order_wait_for_all_of_it() {
    for keys in ["SLast touch<enter>G", "/city:zug<enter>G"] {
        let mut harness = Harness::listing(1_000, 100, 30);
        harness.press(keys);
        head(&mut harness, 100, false);
        harness.order(&(1..=900).collect::<Vec<_>>());
        let contacts = &harness.app.contacts;
        assert_eq!(contacts.under_cursor(), Some(id(900)), "{keys}");
    }
}

#[test]
fn what_is_marked_stays_marked_while_the_first_of_another_order_are_there_alone() {
    let mut harness = Harness::listing(1_000, 100, 30);
    harness.press("G<space>SLast touch<enter>");
    head(&mut harness, 100, false);
    assert_eq!(harness.app.contacts.marked(), 1);
    harness.order(&(1..=1_000).collect::<Vec<_>>());
    assert_eq!(harness.app.contacts.marked(), 1);
    harness.order(&(1..=900).collect::<Vec<_>>());
    assert_eq!(harness.app.contacts.marked(), 0);
}

#[test]
fn who_clicks_on_one_of_the_first_goes_nowhere_else() {
    let mut harness = begun();
    harness.press("G");
    harness.click(20, 8);
    let under = harness.app.contacts.under_cursor();
    assert!(under.is_some_and(|under| under < id(30)), "{under:?}");
    harness.order(&(1..=1_000).collect::<Vec<_>>());
    assert_eq!(harness.app.contacts.under_cursor(), under);
}

#[test]
fn nothing_waits_for_others_that_could_not_be_read() {
    let mut harness = begun();
    harness.press("G");
    harness.hear(Event::Read(views::ORDER, Err(StoreError::Full)));
    harness.press("Gk");
    assert_eq!(harness.app.contacts.under_cursor(), Some(id(199)));
    harness.press("*");
    let status = harness.status();
    assert!(!status.contains("still being read"), "{status}");
    assert_eq!(harness.app.contacts.marked(), 0);
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
fn a_late_order_of_before_gives_way_to_the_first_of_the_one_that_is_asked_for() {
    let mut harness = Harness::listing(1_000, 100, 30);
    harness.press("SLast touch<enter>");
    harness.order(&(1..=900).rev().collect::<Vec<_>>());
    head(&mut harness, 50, false);
    assert!(harness.text().contains("1 of …"), "{}", harness.text());
    assert_eq!(harness.app.contacts.ids().len(), 50);
}

#[test]
fn rows_in_sight_are_asked_for_before_those_around_them() {
    let mut harness = Harness::at_contacts(100, 30);
    harness.asked();
    let ids = (1..=1_000).map(id).collect();
    let order = Answer::Order(Order { ids, unknown: 0 });
    harness.hear(Event::Read(views::ORDER, Ok(order)));
    let rows = |harness: &Harness| -> Vec<usize> {
        let asked = harness.effects.iter();
        asked
            .filter_map(|effect| match effect {
                Effect::Read {
                    query: Query::Rows { ids, .. },
                    ..
                } => Some(ids.len()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(rows(&harness), [23]);
    harness.answer_rows();
    assert_eq!(rows(&harness), [23, 157]);
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

/// The list is exported, and not as far as it is known.
fn all_is_exported(mut harness: Harness) {
    harness.press("x<enter>");
    assert!(!harness.text().contains("200 contacts"));
    harness.asked();
    harness.tell(Msg::Exporting(Exporting::Ready));
    assert_eq!(asked(&mut harness)[0].limit, None);
}

#[test]
fn an_export_of_a_list_that_is_not_read_yet_asks_for_all_of_it() {
    all_is_exported(begun());
    let mut filtered = Harness::listing(200, 100, 30);
    filtered.press("/city:zug<enter>");
    all_is_exported(filtered);
}
