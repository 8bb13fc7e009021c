//! Pictures of the panels, menus and forms of a company and of the list of companies.

use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;
use crate::tui::for_tests::picture;

use super::Harness;

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
