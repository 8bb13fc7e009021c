//! The signs that there is more, up or down, are clicked: a page of what is read, the next cards of a lane, the next keys that may follow.

use crossterm::event::{KeyCode, KeyModifiers, MouseEvent, MouseEventKind};

use crate::domain::nouns::Entity;
use crate::tui::for_tests::{draw, text};
use crate::tui::forms::offers::{OffersForm, Row};
use crate::tui::layers::{Detail, Layer};
use crate::tui::msg::Msg;
use crate::tui::notices::Tone;
use crate::tui::theme::Theme;
use crate::tui::widgets::hints::Press;

use super::mouse::{Opens, by_clicks, by_keys, coloured, pressed};
use super::people::{at, id, record};
use super::{Harness, board};

fn long_text() -> Harness {
    let mut harness = pressed("");
    let lines = (1..=90).map(|line| format!("Line {line}")).collect();
    harness
        .app
        .layers
        .push(Layer::Text("Long".to_owned(), lines, 0));
    harness
}

fn many_messages() -> Harness {
    let mut harness = pressed("");
    for number in 1..=90 {
        harness.app.say(Tone::Plain, format!("Message {number}"));
    }
    harness.press("!");
    harness
}

fn long_record() -> Harness {
    let mut harness = pressed("");
    let call = |raw: i64| {
        record(
            Entity::Activity,
            raw,
            &[
                ("kind", "call".into(), None),
                ("subject", format!("Call {raw}").as_str().into(), None),
                ("done_at", at("2026-11-20 14:05").into(), None),
            ],
        )
    };
    let deal = record(Entity::Deal, 1, &[("title", "Deal 1".into(), None)]);
    harness.app.layers.push(Layer::Detail(Detail {
        entity: Entity::Deal,
        id: id(1),
        name: "Deal 1".to_owned(),
        record: Some(Some(Box::new(deal))),
        timeline: Some((1..=90).map(call).collect()),
        lines: None,
        top: 0,
    }));
    harness
}

#[test]
fn the_signs_of_whatever_is_read_turn_the_page() {
    let read: [Opens; 3] = [long_text, many_messages, long_record];
    for open in read {
        let (x, y) = coloured(open).place_of("↓").unwrap();
        assert_eq!(by_clicks(open, &[(x, y)]), by_keys(open, "<pgdn>"));
        let mut harness = coloured(open);
        harness.press("<pgdn>");
        let second = harness.text();
        harness.press("<pgdn>");
        let (x, y) = harness.place_of("↑").unwrap();
        harness.click(x, y);
        assert_eq!(harness.text(), second);
    }
}

#[test]
fn the_signs_of_what_is_offered_from_an_earlier_run_move_it() {
    let row = |number: i32| Row {
        at: "10:05".to_owned(),
        words: format!("Log call {number}"),
        obstacle: None,
    };
    let mut form = OffersForm::new((1..=30).map(row).collect());
    let drawn = |form: &mut OffersForm| {
        text(&draw(76, 10, |frame| {
            form.draw(frame, frame.area(), &Theme::default());
        }))
    };
    let first = drawn(&mut form);
    let press = form.hints().at(73, 7).cloned();
    let Some(Press::Key(key)) = press else {
        panic!("{first}\n{press:?}");
    };
    assert_eq!(key.code, KeyCode::Down);
    form.key(key);
    let second = drawn(&mut form);
    assert!(
        !second.contains("Log call 1\n") && second.contains('↑'),
        "{second}"
    );
}

#[test]
fn the_signs_of_a_profile_show_its_next_lines_and_those_before() {
    let open: Opens = || {
        let mut harness = Harness::on_nora(60, 12);
        harness.press("<s-tab>");
        harness
    };
    let mut harness = coloured(open);
    assert!(harness.text().contains("Head of Purchasing"));
    let (x, y) = harness.place_of("↓").unwrap();
    harness.click(x, y);
    assert!(
        !harness.text().contains("Title     Head"),
        "{}",
        harness.text()
    );
    let (x, y) = harness.place_of("↑").unwrap();
    harness.click(x, y);
    assert!(
        harness.text().contains("Head of Purchasing"),
        "{}",
        harness.text()
    );
}

#[test]
fn how_many_cards_are_more_is_clicked_for_the_next_of_them() {
    let open: Opens = || Harness::on(board("1 2 3 4 5 6 7 8 9 | 10"));
    let mut harness = coloured(open);
    let (x, y) = harness.place_of("+4 more").unwrap();
    harness.click(x, y);
    let text = harness.text();
    assert!(
        text.contains("Deal 9") && text.contains("end of column"),
        "{text}"
    );
    // Where nothing is more it is only text.
    let before = harness.text();
    harness.click(x, y);
    assert_eq!(harness.text(), before);
}

/// What is seen of the keys that may follow `g`, of a terminal of that size.
fn following(harness: &mut Harness) -> Vec<String> {
    let drawn = harness.keys_drawn();
    let last = harness.app.size.1 - 2;
    let shown = drawn.into_iter().filter(|(_, y, _)| *y > 0 && *y < last);
    shown.map(|(.., text)| text).collect()
}

#[test]
fn keys_that_may_follow_are_all_reached_where_not_all_have_room() {
    let open: Opens = || {
        let mut harness = Harness::sized(board("1 2 | 3"), 40, 10);
        harness.press("g");
        harness.tell(Msg::Pause);
        harness
    };
    let all = {
        let mut tall = pressed("g");
        tall.tell(Msg::Pause);
        let mut tall = {
            let colours = coloured(open).app.theme;
            tall.app.theme = colours;
            tall
        };
        following(&mut tall)
    };
    let mut harness = coloured(open);
    let says = format!("of {}", all.len());
    assert!(harness.text().contains(&says), "{}", harness.text());
    let first = following(&mut harness);
    let mut seen = first.clone();
    for _ in 0..9 {
        harness.press("<down>");
        let page = following(&mut harness);
        if page == first {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, all);
    // The way back, the wheel and a click on the line do the same.
    let mut back = coloured(open);
    back.press("<down><up>");
    assert_eq!(following(&mut back), first);
    let (x, y) = coloured(open).place_of("1-").unwrap();
    let mut clicked = coloured(open);
    clicked.click(x, y);
    let mut wheeled = coloured(open);
    wheeled.tell(Msg::Mouse(MouseEvent {
        kind: MouseEventKind::ScrollDown,
        column: x,
        row: y,
        modifiers: KeyModifiers::NONE,
    }));
    let mut typed = coloured(open);
    typed.press("<pgdn>");
    let second = typed.text();
    assert_eq!([clicked.text(), wheeled.text()], [second.clone(), second]);
    // A key that is not in sight works all the same, and a row that is can be clicked.
    let (x, y, key) = {
        let drawn = typed.keys_drawn();
        drawn
            .into_iter()
            .find(|(_, y, _)| *y > 2 && *y < 8)
            .unwrap()
    };
    typed.click(x, y);
    let mut pressed_at_once = coloured(open);
    pressed_at_once.press(&key);
    assert_eq!(typed.text(), pressed_at_once.text());
}
