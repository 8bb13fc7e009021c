//! Pictures of Today: its panels in a small terminal, everybody's day, a quota that is reached.

use crate::domain::money::Money;
use crate::domain::period::Period;
use crate::domain::today::{Quota, Today};
use crate::tui::for_tests::picture;

use super::days::busy;
use super::{Harness, chf};

#[test]
fn the_other_panels_of_a_small_terminal_and_everybodys_day() {
    let mut harness = Harness::on_day(busy(), 80, 24);
    for panel in ["rotting", "waiting", "others"] {
        harness.press("<tab>");
        insta::assert_snapshot!(format!("today-{panel}-80x24"), picture(harness.screen()));
    }
    let mut everybody = Harness::on_day(Today { of: None, ..busy() }, 160, 45);
    insta::assert_snapshot!("today-everybody-160x45", picture(everybody.screen()));
    let quota = Quota {
        period: Period::parse("2026-Q4", "2026-11-24".parse().unwrap(), 1).unwrap(),
        target: Money::new(30_000_000, chf()),
        won: Money::new(33_000_000, chf()),
        left_out: 1,
    };
    let quota = Some(quota);
    let mut over = Harness::on_day(Today { quota, ..busy() }, 100, 30);
    insta::assert_snapshot!("today-quota-100x30", picture(over.screen()));
}
