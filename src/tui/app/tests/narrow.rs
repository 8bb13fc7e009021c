//! Lists in terminals without room for columns: an item takes two lines, and cursor, marks, paging and mouse count items.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::tui::for_tests::picture;
use crate::tui::msg::Msg;
use crate::tui::screens::today::state::Panel;

use super::days::busy;
use super::past::trash;
use super::pictures::crowded;
use super::{Harness, OfSize};

const SIZES: [(u16, u16); 2] = [(50, 20), (40, 10)];

fn click(harness: &mut Harness, column: u16, row: u16) {
    harness.tell(Msg::Mouse(MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column,
        row,
        modifiers: KeyModifiers::NONE,
    }));
}

/// The cell at which a text begins.
fn cell_of(harness: &mut Harness, text: &str) -> (u16, u16) {
    let shown = harness.text();
    let found = shown.lines().zip(0_u16..).find_map(|(line, y)| {
        let at = line.find(text)?;
        let x = u16::try_from(line[..at].chars().count()).ok()?;
        Some((x, y))
    });
    found.unwrap_or_else(|| panic!("{text} is not to be seen:\n{shown}"))
}

#[test]
fn lists_of_two_lines() {
    for (columns, rows) in SIZES {
        let screens: [(&str, OfSize); 8] = [
            ("contacts", |c, r| Harness::listing(20, c, r)),
            ("leads", |c, r| Harness::leads(20, c, r)),
            ("companies", |c, r| Harness::listing_companies(20, c, r)),
            ("today", |c, r| Harness::on_day(busy(), c, r)),
            ("pipeline", |c, r| Harness::sized(crowded(), c, r)),
            ("contact", Harness::on_nora),
            ("company", Harness::on_keller),
            ("trash", |c, r| Harness::on_trash(trash(20), c, r)),
        ];
        for (name, open) in screens {
            let mut harness = open(columns, rows);
            harness.press("j<space>");
            if columns == 50 {
                let shot = picture(harness.screen());
                insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), shot);
            }
            let text = harness.text();
            let foot = text.lines().last().unwrap().trim();
            assert_eq!(foot, "? help", "{name} at {columns}x{rows}");
            for line in text.lines().filter(|line| line.ends_with('║')) {
                let before = line.chars().rev().nth(1);
                assert!(
                    matches!(before, Some(' ' | '─')),
                    "{name} at {columns}x{rows} touches the frame: {line}"
                );
            }
        }
        let mut harness = Harness::on_day(busy(), columns, rows);
        for panel in ["rotting", "waiting", "others"] {
            harness.press("<tab>");
            let shot = picture(harness.screen());
            insta::assert_snapshot!(format!("today-{panel}-{columns}x{rows}"), shot);
        }
    }
}

#[test]
fn pages_and_clicks_count_items() {
    // 17 lines between tabs and status; the head and the frame leave 14, which are 7 items.
    let mut harness = Harness::listing(20, 50, 20);
    harness.press("<pgdn>");
    assert_eq!(harness.app.contacts.cursor, 6);
    harness.press("<pgdn>");
    assert_eq!(
        (harness.app.contacts.cursor, harness.app.contacts.top),
        (12, 6)
    );
    for (y, place) in [(3, 6), (4, 6), (5, 7), (16, 12)] {
        click(&mut harness, 10, y);
        assert_eq!(harness.app.contacts.cursor, place, "line {y}");
    }
    click(&mut harness, 10, 17);
    assert_eq!(harness.app.contacts.cursor, 12, "the frame is no item");
}

#[test]
fn on_today_the_cursor_stays_in_sight_with_both_its_lines_where_there_is_room() {
    for (columns, rows) in SIZES {
        let mut harness = Harness::on_day(busy(), columns, rows);
        let all = harness.app.today.items(Panel::Steps).len();
        assert!(all > 3);
        for key in ["j", "k", "<pgdn>", "<pgup>"] {
            for _ in 0..all {
                harness.press(key);
                let text = harness.text();
                let shown = text.lines().filter(|line| line.contains('▶')).count();
                assert_eq!(shown, 1, "{key} at {columns}x{rows}:\n{text}");
            }
        }
        if rows < 20 {
            continue;
        }
        harness.press("<home>");
        let at = |harness: &Harness| harness.app.today.cursors[Panel::Steps as usize];
        // Both lines of the first item are its own.
        let (_, y) = cell_of(&mut harness, "▶");
        harness.press("j");
        for line in [y, y + 1] {
            harness.press("j");
            click(&mut harness, 8, line);
            assert_eq!(at(&harness), 0, "line {line} at {columns}x{rows}");
        }
    }
}

#[test]
fn a_click_on_a_heading_sorts_by_it_and_another_turns_the_order_round() {
    let sorted = |harness: &Harness| harness.app.contacts.order_keys();
    let mut harness = Harness::listing(5, 80, 24);
    let (x, y) = cell_of(&mut harness, "Company ");
    harness.effects.clear();
    click(&mut harness, x + 3, y);
    assert_eq!(sorted(&harness)[0], ("company".to_owned(), false));
    assert!(!harness.effects.is_empty(), "the list is asked for again");
    click(&mut harness, x, y);
    assert_eq!(sorted(&harness)[0], ("company".to_owned(), true));
    click(&mut harness, 2, y);
    assert_eq!(sorted(&harness)[0].0, "company", "left of all headings");
}
