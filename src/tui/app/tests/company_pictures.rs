//! Pictures of the list of companies and of a company, as text and as runs of styles, at three sizes.

use crate::domain::history::{History, Profile};
use crate::domain::nouns::Entity;
use crate::domain::outcome::Outcome;
use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::for_tests::picture;

use super::firms::{company, joint, keller};
use super::people::id;
use super::shots::{owner_clash, shots, unreadable};
use super::{Harness, change};

fn pictures(name: &str, prepare: impl Fn(u16, u16) -> Harness) {
    for (size, shot) in shots(prepare) {
        insta::assert_snapshot!(format!("{name}-{size}"), shot);
    }
}

fn clashed(mut harness: Harness, raw: i64) -> Harness {
    harness.press("oChlo<enter>");
    let (ticket, ..) = harness.write();
    let outcome = Outcome::Conflict(vec![owner_clash(
        Entity::Company,
        id(raw),
        "Keller & Co AG",
    )]);
    harness.hear(Event::Written(ticket, Ok(outcome)));
    harness
}

#[test]
fn the_list() {
    pictures("companies-empty", |c, r| {
        Harness::listing_companies(0, c, r)
    });
    pictures("companies-loading", Harness::at_companies);
    pictures("companies-one", |c, r| Harness::listing_companies(1, c, r));
    pictures("companies-many", |c, r| {
        let mut harness = Harness::listing_companies(1_234, c, r);
        harness.press("<pgdn>j<space><space>");
        harness.hear(Event::Others(vec![change(31, "Edit Company 31")]));
        harness
    });
    pictures("companies-error", |c, r| {
        let mut harness = Harness::at_companies(c, r);
        harness.hear(Event::Read(views::COMPANY_ORDER, Err(unreadable())));
        harness
    });
    pictures("companies-pending", |c, r| {
        let mut harness = Harness::listing_companies(3, c, r);
        harness.press("joBen<enter>");
        harness
    });
    pictures("companies-conflict", |c, r| {
        clashed(Harness::listing_companies(3, c, r), 1)
    });
}

#[test]
fn a_company() {
    pictures("company-loading", |c, r| {
        let mut harness = Harness::listing_companies(5, c, r);
        harness.press("<enter>");
        harness
    });
    pictures("company-empty", |c, r| {
        let mut harness = Harness::listing_companies(5, c, r);
        harness.press("<enter>");
        let empty = Profile {
            record: company(1, "Company 1"),
            sources: Vec::new(),
            deals: Vec::new(),
            people: Vec::new(),
            subsidiaries: Vec::new(),
            firm: Some(crate::domain::history::Firm::default()),
        };
        harness.on_company(empty, History::default());
        harness
    });
    pictures("company-one", |c, r| {
        let mut harness = Harness::on_keller(c, r);
        let mut one = joint();
        one.planned.clear();
        one.happened.truncate(1);
        harness.on_company(keller(), one);
        harness
    });
    pictures("company-many", |c, r| {
        let mut harness = Harness::on_keller(c, r);
        harness.press("j");
        harness
    });
    pictures("company-error", |c, r| {
        let mut harness = Harness::listing_companies(5, c, r);
        harness.press("<enter>");
        harness.hear(Event::Read(views::COMPANY_PROFILE, Err(unreadable())));
        harness.hear(Event::Read(views::COMPANY_HISTORY, Err(unreadable())));
        harness
    });
    pictures("company-pending", |c, r| {
        let mut harness = Harness::on_keller(c, r);
        harness.press("<tab>cr<tab>Asked for the offer<tab>Send it<tab>fri<enter>");
        harness
    });
    pictures("company-conflict", |c, r| {
        clashed(Harness::on_keller(c, r), 600)
    });
}

#[test]
fn forms_panels_and_where_one_can_go() {
    for (name, keys) in [
        ("parts", "V"),
        ("profile", "<s-tab>"),
        ("people", "<tab>"),
        ("deals", "<tab><tab>"),
        ("in-full", "j<enter>"),
        ("reply", "jr"),
    ] {
        let mut harness = Harness::on_keller(80, 24);
        harness.press(keys);
        insta::assert_snapshot!(format!("company-{name}-80x24"), picture(harness.screen()));
    }
    let mut harness = Harness::listing_companies(3, 80, 24);
    harness.press("a");
    let choices = Answer::Choices(Vec::new());
    harness.hear(Event::Read(views::COMPANIES, Ok(choices)));
    insta::assert_snapshot!("companies-add-80x24", picture(harness.screen()));
    let mut harness = Harness::on_keller(100, 30);
    harness.press("g");
    harness.tell(crate::tui::msg::Msg::Pause);
    insta::assert_snapshot!("company-go-100x30", picture(harness.screen()));
}

#[test]
fn any_size_will_do() {
    for (columns, rows) in [(60, 20), (40, 10), (41, 11), (1, 1), (200, 12)] {
        for keys in ["", "<tab>", "<tab><tab>", "<s-tab>", "G", "gC"] {
            let mut harness = Harness::on_keller(100, 30);
            harness.press(keys);
            harness.tell(crate::tui::msg::Msg::Resize(columns, rows));
            harness.press("jjkk<pgdn><home>");
            harness.screen();
        }
    }
}
