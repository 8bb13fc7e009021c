//! Any keys, any answers, any size: nothing panics, the cursor stays on the board, and what is drawn fits.

use proptest::prelude::*;

use crate::store::handle::Event;
use crate::tui::for_tests::any_keys;
use crate::tui::msg::Msg;

use super::people::lively;
use super::{Harness, board, change};

fn sizes() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        prop::sample::select(vec![
            (0, 0),
            (1, 1),
            (3, 2),
            (39, 10),
            (40, 9),
            (40, 10),
            (60, 20),
            (80, 24),
            (100, 30)
        ]),
        (0..170_u16, 0..50_u16),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_keys_at_any_size_leave_a_screen_that_can_be_drawn(
        keys in any_keys(),
        first in sizes(),
        second in sizes(),
        after in prop::sample::select(vec!["", "1", "1 2 3 | 4 5 |", "9 | 3 1 | 4 | 5", "|||"]),
    ) {
        let mut harness = Harness::sized(board("1 2 3 | 4 5 | | 6"), first.0, first.1);
        harness.screen();
        for (place, key) in keys.into_iter().enumerate() {
            harness.tell(Msg::Keys(vec![key]));
            if place % 5 == 4 {
                harness.screen();
            }
        }
        harness.hear(Event::Others(vec![change(4, "Move")]));
        harness.show(board(after));
        harness.screen();
        harness.tell(Msg::Resize(second.0, second.1));
        harness.screen();
        let screen = &harness.app.board;
        prop_assert!(screen.columns().is_empty() || screen.column < screen.columns().len());
        for (column, lane) in screen.columns().iter().zip(&screen.lanes) {
            prop_assert!(column.cards.is_empty() || lane.cursor < column.cards.len());
        }
        prop_assert_eq!(harness.app.target_count(), harness.app.targets().len());
        for write in harness.writes() {
            let ticket = write.0;
            harness.fail(ticket);
        }
        harness.screen();
        prop_assert!(harness.app.board.ahead.is_empty());
    }
}

#[test]
fn a_terminal_too_small_says_what_it_needs() {
    for (columns, rows) in [(0, 0), (1, 1), (39, 30), (100, 9)] {
        let mut harness = Harness::sized(board("1 2 | 3"), columns, rows);
        let text = harness.text();
        assert!(
            rows < 3 || text.contains("40x10"),
            "{columns}x{rows}: {text}"
        );
    }
}

#[test]
fn nothing_is_done_unseen() {
    let mut harness = Harness::sized(board("1 2 | 3"), 39, 30);
    harness.press(">W#");
    assert_eq!(harness.writes().len(), 0);
    harness.press("q");
    assert!(harness.effects.contains(&crate::tui::msg::Effect::Quit));
}

#[test]
fn esc_and_q_lead_out_even_where_nothing_can_be_shown() {
    let mut harness = Harness::sized(board("1 2 | 3"), 100, 30);
    harness.press("!/x");
    harness.tell(Msg::Resize(2, 33));
    harness.press("<esc><esc>q");
    assert!(harness.effects.contains(&crate::tui::msg::Effect::Quit));
}

#[test]
fn what_is_opened_again_comes_to_the_top_and_does_not_pile_up() {
    let mut harness = Harness::sized(board("1 2 | 3"), 100, 30);
    harness.press("!!!");
    assert_eq!(harness.app.layers.len(), 1);
    harness.press("<esc>");
    assert!(harness.app.layers.is_empty());
}

#[test]
fn the_footer_fits_at_every_width_and_keeps_help() {
    for columns in 40..170 {
        let mut harness = Harness::sized(board("1 2 | 3"), columns, 24);
        let text = harness.text();
        let footer = text.lines().last().unwrap();
        assert!(footer.contains("? help"), "{columns}: {footer}");
    }
}

#[test]
fn the_footer_says_what_is_done_with_marks() {
    let mut harness = Harness::listing(30, 100, 30);
    harness.press("<space>j<space>");
    let text = harness.text();
    let footer = text.lines().last().unwrap();
    for hint in [
        "e edit",
        "o owner",
        "+ tag",
        "# trash",
        "x export",
        "Esc unmark",
        "? help",
    ] {
        assert!(footer.contains(hint), "{hint}: {footer}");
    }
    harness.press("<esc>");
    let text = harness.text();
    assert!(!text.lines().last().unwrap().contains("unmark"), "{text}");
}

#[test]
fn every_hint_of_the_footer_is_bound_to_its_action() {
    let harness = Harness::sized(board("1 2 | 3"), 400, 24);
    for hint in harness.app.hints_for_tests() {
        assert!(!hint.0.is_empty(), "{}", hint.1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_keys_on_contacts_leave_a_screen_that_can_be_drawn(
        keys in any_keys(),
        first in sizes(),
        second in sizes(),
        opened in any::<bool>(),
        after in prop::sample::select(vec![0, 1, 7, 400]),
    ) {
        let mut harness = if opened {
            Harness::on_nora(first.0, first.1)
        } else {
            Harness::listing(40, first.0, first.1)
        };
        harness.screen();
        for (place, key) in keys.into_iter().enumerate() {
            harness.tell(Msg::Keys(vec![key]));
            if place % 5 == 4 {
                harness.screen();
            }
        }
        harness.hear(Event::Others(vec![change(1, "Edit")]));
        harness.order(&(1..=after).collect::<Vec<_>>());
        harness.profile(1, "Nora Keller");
        harness.history(1, lively());
        harness.screen();
        harness.tell(Msg::Resize(second.0, second.1));
        harness.screen();
        let list = &harness.app.contacts;
        prop_assert!(list.ids().is_empty() || list.cursor < list.ids().len());
        prop_assert!(list.top <= list.cursor);
        prop_assert!(list.ids().len() <= usize::try_from(after).unwrap().max(40));
        prop_assert_eq!(harness.app.target_count(), harness.app.targets().len());
        prop_assert_eq!(harness.app.subject_count(), harness.app.subjects().len());
        for write in harness.writes() {
            let ticket = write.0;
            harness.fail(ticket);
        }
        harness.screen();
    }
}

#[test]
fn a_message_that_is_too_long_for_its_line_is_told_in_two() {
    let why = "What was typed cannot be kept on the disk: no space is left there for so much as one more line, so make room.";
    for (columns, open) in [(80, ""), (80, "n"), (80, "a"), (100, ""), (100, "f")] {
        let mut harness = Harness::sized(board("1 2 | 3"), columns, 24);
        harness.press(open);
        harness.tell(Msg::Kept(Err(why.to_owned())));
        let text = harness.text();
        let told = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(why), "{columns} {open}: {text}");
        // What fits is where it always was, and the screen is whole again.
        harness.tell(Msg::Kept(Err("No space.".to_owned())));
        let text = harness.text();
        let told: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("No space"))
            .collect();
        assert_eq!(told, [" ! No space."], "{text}");
    }
}
