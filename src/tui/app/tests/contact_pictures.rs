//! Pictures of the list of contacts and of a contact, as text and as runs of styles, at three sizes.

use crate::domain::history::History;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Outcome;
use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::for_tests::picture;

use super::people::{id, lively};
use super::shots::{owner_clash, shots, unreadable};
use super::{Harness, change};

fn pictures(name: &str, prepare: impl Fn(u16, u16) -> Harness) {
    for (size, shot) in shots(prepare) {
        insta::assert_snapshot!(format!("{name}-{size}"), shot);
    }
}

#[test]
fn the_list() {
    pictures("contacts-empty", |c, r| Harness::listing(0, c, r));
    pictures("contacts-loading", Harness::at_contacts);
    pictures("contacts-one", |c, r| Harness::listing(1, c, r));
    pictures("contacts-many", |c, r| {
        let mut harness = Harness::listing(1_234, c, r);
        harness.press("<pgdn>j<space><space>");
        harness.hear(Event::Others(vec![change(31, "Edit Contact 31")]));
        harness
    });
    pictures("contacts-error", |c, r| {
        let mut harness = Harness::at_contacts(c, r);
        harness.hear(Event::Read(views::ORDER, Err(unreadable())));
        harness
    });
    pictures("contacts-pending", |c, r| {
        let mut harness = Harness::listing(3, c, r);
        harness.press("joBen<enter>");
        harness
    });
    pictures("contacts-conflict", |c, r| {
        let mut harness = Harness::listing(3, c, r);
        harness.press("oChlo<enter>");
        let (ticket, ..) = harness.write();
        let outcome = Outcome::Conflict(vec![owner_clash(Entity::Contact, id(1), "Contact 1")]);
        harness.hear(Event::Written(ticket, Ok(outcome)));
        harness
    });
}

#[test]
fn a_contact() {
    pictures("contact-loading", |c, r| {
        let mut harness = Harness::listing(5, c, r);
        harness.press("<enter>");
        harness
    });
    pictures("contact-empty", |c, r| {
        let mut harness = Harness::on_nora(c, r);
        harness.history(1, History::default());
        harness
    });
    pictures("contact-one", |c, r| {
        let mut harness = Harness::on_nora(c, r);
        let one = History {
            happened: lively().happened.into_iter().take(1).collect(),
            ..History::default()
        };
        harness.history(1, one);
        harness
    });
    pictures("contact-many", |c, r| {
        let mut harness = Harness::on_nora(c, r);
        harness.press("j");
        harness
    });
    pictures("contact-error", |c, r| {
        let mut harness = Harness::listing(5, c, r);
        harness.press("<enter>");
        harness.hear(Event::Read(views::PROFILE, Err(unreadable())));
        harness.hear(Event::Read(views::HISTORY, Err(unreadable())));
        harness
    });
    pictures("contact-pending", |c, r| {
        let mut harness = Harness::on_nora(c, r);
        harness.press("cr<tab>Asked for the offer<tab>Send it<tab>fri<enter>");
        harness
    });
    pictures("contact-conflict", |c, r| {
        let mut harness = Harness::on_nora(c, r);
        harness.press("oChlo<enter>");
        let (ticket, ..) = harness.write();
        let outcome = Outcome::Conflict(vec![owner_clash(Entity::Contact, id(1), "Contact 1")]);
        harness.hear(Event::Written(ticket, Ok(outcome)));
        harness
    });
}

#[test]
fn forms_and_panels_of_a_contact() {
    for (name, keys) in [
        ("call", "cn"),
        ("parts", "V"),
        ("profile", "<s-tab>"),
        ("deals", "<tab>"),
        ("tags", "+vip"),
        ("in-full", "j<enter>"),
    ] {
        let mut harness = Harness::on_nora(80, 24);
        harness.press(keys);
        insta::assert_snapshot!(format!("contact-{name}-80x24"), picture(harness.screen()));
    }
    let mut harness = Harness::listing(3, 80, 24);
    harness.press("S");
    insta::assert_snapshot!("contacts-sort-80x24", picture(harness.screen()));
    harness.press("<esc>a");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(Answer::Choices(Vec::new())),
    ));
    insta::assert_snapshot!("contacts-add-80x24", picture(harness.screen()));
}
