//! Narrowing, the cursor, something new.

use super::*;
use crate::tui::for_tests::{any_keys, keys};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn stages() -> Choices<u8> {
    Choices::new(vec![
        Item::new(1, "Qualify"),
        Item::new(2, "Discovery").detail("New business"),
        Item::new(3, "Won").barred("win it with W"),
    ])
}

fn chosen<T: Clone>(choices: &Choices<T>) -> Option<T> {
    match choices.chosen() {
        Some(Ok(Chosen::Known(value))) => Some(value),
        _ => None,
    }
}

#[test]
fn typing_narrows_and_the_cursor_is_on_the_best() {
    let mut list = stages();
    list.narrow("di");
    assert_eq!(chosen(&list), Some(2));
    list.narrow("");
    assert_eq!(list.len(), 3);
    assert_eq!(chosen(&list), Some(1));
}

#[test]
fn a_row_that_is_barred_says_why() {
    let mut list = stages();
    list.narrow("won");
    assert_eq!(list.chosen(), Some(Err("win it with W")));
}

#[test]
fn what_was_typed_for_is_under_the_cursor_even_where_it_is_barred() {
    let mut list = Choices::new(vec![
        Item::new(1, "next pipeline, or the next contact to expose"),
        Item::new(2, "export").barred("nothing is shown"),
    ]);
    list.narrow("expo");
    assert_eq!(list.chosen(), Some(Err("nothing is shown")));
    // Before something is typed it is the first that can be chosen.
    assert_eq!(chosen(&stages()), Some(1));
}

#[test]
fn the_cursor_goes_round() {
    let mut list = stages();
    list.key(keys("<up>")[0]);
    assert_eq!(list.chosen(), Some(Err("win it with W")));
    list.key(keys("<down>")[0]);
    assert_eq!(chosen(&list), Some(1));
    list.key(keys("<pgdn>")[0]);
    list.key(keys("<pgdn>")[0]);
    list.key(keys("<c-p>")[0]);
    assert_eq!(chosen(&list), Some(2));
}

#[test]
fn something_new_is_offered_unless_it_is_there() {
    let companies = vec![Item::new(1, "Roth Metall"), Item::new(2, "Müller")];
    let mut list = Choices::new(companies).open_ended();
    for (typed, meant) in [
        ("roth", Some(Ok(Chosen::Known(1)))),
        ("rtm", Some(Ok(Chosen::New("rtm".to_owned())))),
        ("Acme\u{202e} ", Some(Ok(Chosen::New("Acme".to_owned())))),
        ("MULLER", Some(Ok(Chosen::Known(2)))),
    ] {
        list.narrow(typed);
        assert_eq!(list.chosen(), meant, "{typed}");
    }
    list.narrow("muller");
    assert_eq!(list.len(), 1, "a name that is there is not offered as new");
    list.narrow("\u{200b}");
    assert_eq!(list.len(), 2, "nothing typed is nothing new");
}

#[test]
fn the_letters_that_fit_are_marked() {
    let mut terminal = Terminal::new(TestBackend::new(30, 3)).unwrap();
    let theme = Theme::default();
    let mut list = stages();
    list.narrow("sc");
    terminal
        .draw(|frame| {
            list.draw(frame, frame.area(), &theme);
        })
        .unwrap();
    let buffer = terminal.backend().buffer();
    assert_eq!(buffer[(4, 0)].symbol(), "s");
    assert_eq!(buffer[(4, 0)].fg, theme.style(Role::Match).fg.unwrap());
    assert_eq!(
        terminal.backend().to_string().lines().next(),
        Some("\"▶ Discovery  New business     \"")
    );
}

proptest! {
    #[test]
    fn typing_on_finds_what_typing_at_once_finds(names in prop::collection::vec("[ab éß]{0,6}", 0..12), typed in "[abes ]{0,5}") {
        let items = |names: &[String]| names.iter().enumerate().map(|(at, name)| Item::new(at, name.clone())).collect();
        let (mut on, mut once) = (Choices::new(items(&names)), Choices::new(items(&names)));
        for (at, _) in typed.char_indices().chain([(typed.len(), ' ')]) {
            on.narrow(&typed[..at]);
        }
        once.narrow(&typed);
        prop_assert_eq!(on.shown, once.shown);
    }

    #[test]
    fn any_keys_on_any_size(names in prop::collection::vec(".{0,9}", 0..9), typed in ".{0,4}", pressed in any_keys(),
        w in 0_u16..20, h in 0_u16..6, open: bool) {
        let items = names.iter().enumerate().map(|(at, name)| Item::new(at, name.clone())).collect();
        let mut list = Choices::new(items);
        if open {
            list = list.open_ended();
        }
        list.narrow(&typed);
        let mut terminal = Terminal::new(TestBackend::new(20, 5)).unwrap();
        for key in pressed {
            list.key(key);
            list.click(4, 2);
            let _ = list.chosen();
            terminal.draw(|frame| { list.draw(frame, Rect::new(3, 1, w, h).intersection(frame.area()), &Theme::default()); }).unwrap();
        }
    }
}
