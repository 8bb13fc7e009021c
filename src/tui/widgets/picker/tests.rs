//! Typing, taking, what is looked for outside.

use super::*;
use crate::tui::for_tests::{any_keys, keys};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn record(raw: i64) -> Key {
    Key::Record(RecordId::from_raw(raw))
}

fn companies() -> Picker {
    Picker::new(vec![
        Item::new(record(1), "Alpina AG"),
        Item::new(record(2), "Roth Metall"),
        Item::new(record(3), "Old Co").barred("in the trash"),
    ])
}

fn known(raw: i64, name: &str) -> Picked {
    Picked::Known(record(raw), name.to_owned())
}

/// What is picked after keys; `>` stands for Tab, `!` for Enter.
fn after(mut picker: Picker, script: &str) -> (Picked, bool) {
    for key in keys(script) {
        match key.code {
            KeyCode::Tab => {
                let _ = picker.take(true);
            }
            KeyCode::Enter => {
                let _ = picker.take(false);
            }
            _ => {
                picker.key(key).unwrap();
            }
        }
    }
    (picker.picked.clone(), picker.open)
}

#[test]
fn typing_finds_and_enter_or_tab_takes() {
    let mut with = companies();
    with.set(known(1, "Alpina AG"));
    for (picker, script, picked, open) in [
        (companies(), "met<tab>", known(2, "Roth Metall"), false),
        (companies(), "met<enter>", known(2, "Roth Metall"), false),
        (companies(), "<space><tab>", Picked::Nothing, false),
        (companies(), "<space><enter>", known(1, "Alpina AG"), false),
        (
            companies(),
            "<space><down><enter>",
            known(2, "Roth Metall"),
            false,
        ),
        (
            companies(),
            "zzz<tab>",
            Picked::Typed("zzz".to_owned()),
            false,
        ),
        (
            companies(),
            "zzz<tab><space><bs><bs><bs>met<tab>",
            known(2, "Roth Metall"),
            false,
        ),
        (companies(), "old<enter>", Picked::Nothing, true),
        (
            companies().open_ended(),
            "Acme<tab>",
            Picked::New("Acme".to_owned()),
            false,
        ),
        (with.clone(), "met<esc>", known(1, "Alpina AG"), false),
        (with.clone(), "<bs>", Picked::Nothing, false),
        (with.clone(), "<space><enter>", known(1, "Alpina AG"), false),
        (with, "<down>", known(1, "Alpina AG"), false),
    ] {
        assert_eq!(after(picker, script), (picked, open), "{script}");
    }
}

#[test]
fn a_name_that_two_have_is_nobodys() {
    let twins = Picker::new(vec![
        Item::new(record(1), "Weber"),
        Item::new(record(2), "WEBER"),
        Item::new(record(3), "Müller"),
    ]);
    assert_eq!(twins.named("weber"), None);
    assert_eq!(twins.named("muller"), Some(known(3, "Müller")));
}

/// A field whose list holds a part: Roth alone, of what was used lately.
fn partly() -> Picker {
    let mut picker = Picker::new(vec![Item::new(record(2), "Roth Metall")]).open_ended();
    picker.hold_a_part();
    picker
}

fn typed(picker: &mut Picker, script: &str) {
    for key in keys(script) {
        picker.key(key).unwrap();
    }
}

#[test]
fn what_a_list_may_lack_is_looked_for_and_until_then_nothing_is_new() {
    let mut picker = partly();
    assert_eq!(picker.looks_for(), None);
    typed(&mut picker, "alp");
    assert_eq!(picker.looks_for().as_deref(), Some("alp"));
    picker.take(false).unwrap();
    assert_eq!(
        *picker.picked(),
        Picked::Typed("alp".to_owned()),
        "not yet new"
    );
    let alpina = vec![Item::new(record(1), "Alpina AG")];
    let mut picker = partly();
    typed(&mut picker, "alp");
    picker.found("alp", alpina.clone(), true);
    typed(&mut picker, "i");
    assert_eq!(picker.looks_for(), None, "all that begins so is there");
    typed(&mut picker, "<bs><bs>");
    assert_eq!(picker.looks_for().as_deref(), Some("al"));
    picker.found("al", alpina, true);
    picker.take(false).unwrap();
    assert_eq!(*picker.picked(), known(1, "Alpina AG"));
    let mut picker = partly();
    typed(&mut picker, "Zeta");
    picker.found("Zeta", Vec::new(), true);
    picker.take(false).unwrap();
    assert_eq!(*picker.picked(), Picked::New("Zeta".to_owned()));
}

#[test]
fn a_late_answer_leaves_the_cursor_where_somebody_put_it() {
    let mut picker = partly();
    typed(&mut picker, "m");
    let rows = |raw: &[i64]| {
        raw.iter()
            .map(|raw| Item::new(record(*raw), format!("M{raw}")))
            .collect::<Vec<_>>()
    };
    picker.found("m", rows(&[5, 6, 7]), false);
    typed(&mut picker, "<down>");
    picker.found("m", rows(&[4, 5, 6, 7]), false);
    picker.take(false).unwrap();
    assert_eq!(*picker.picked(), known(6, "M6"));
}

proptest! {
    #[test]
    fn any_keys_on_any_size(pressed in any_keys(), w in 0_u16..30, h in 0_u16..6, open: bool) {
        let mut picker = if open { companies().open_ended() } else { companies() };
        let mut terminal = Terminal::new(TestBackend::new(30, 6)).unwrap();
        for key in pressed {
            let _ = picker.key(key);
            let _ = picker.take(key.code == KeyCode::Tab);
            let _ = picker.click(2, 1);
            terminal.draw(|frame| {
                let area = Rect::new(0, 0, w, h);
                picker.draw(frame, area, Style::new(), &Theme::default(), true);
                picker.draw_list(frame, Rect { y: 1, height: h.saturating_sub(1), ..area }, &Theme::default());
            }).unwrap();
        }
    }
}
