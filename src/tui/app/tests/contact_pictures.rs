//! Pictures of the panels, menus and forms of a contact and of the list of contacts.

use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::for_tests::picture;

use super::Harness;

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
