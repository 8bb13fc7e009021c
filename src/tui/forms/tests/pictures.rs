//! What forms look like, text and styles, on a usual and on a small screen; and that none panics at any size.

use proptest::prelude::*;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::*;
use crate::tui::for_tests::{any_keys, draw, picture};
use crate::tui::forms::log::{About, Logged};
use crate::tui::theme::Theme;

const SIZES: [(u16, u16); 2] = [(80, 24), (60, 20)];

fn shot(name: &str, mut paint: impl FnMut(&mut Frame, Rect, &Theme)) {
    let theme = Theme::default();
    for (wide, high) in SIZES {
        let screen = draw(wide, high, |frame| paint(frame, frame.area(), &theme));
        insta::assert_snapshot!(format!("{name}-{wide}x{high}"), picture(screen));
    }
}

fn shot_form(name: &str, form: &mut RecordForm) {
    shot(name, |frame, area, theme| form.draw(frame, area, theme));
}

#[test]
fn a_new_deal() {
    let mut form = adding();
    shot_form("deal-empty", &mut form);
    press(
        &mut form,
        "Rollout of forty scanners<tab>Acme<tab><tab><tab><tab>10k eur<tab>fri",
    );
    shot_form("deal-filled", &mut form);
    press(&mut form, "<s-tab><c-u>much<tab>");
    shot_form("deal-error", &mut form);
}

#[test]
fn a_deal_that_somebody_changed() {
    let mut form = editing();
    press(&mut form, "<tab><tab><tab><tab><tab><c-u>45k");
    let mut theirs = record();
    put(&mut theirs, &deal::AMOUNT, 4_300_000, None);
    put(&mut theirs, &deal::STAGE, QUALIFY, Some("Qualify"));
    theirs.trashed_at = Some(typing().now);
    form.follow(&theirs, Some("Ben"));
    shot_form("deal-changed", &mut form);
}

#[test]
fn a_list_under_a_field() {
    let mut form = editing();
    press(&mut form, "<tab>ro");
    shot_form("deal-list", &mut form);
}

fn calling() -> RecordForm {
    let about = About {
        name: "Alpina AG".to_owned(),
        ..About::default()
    };
    crate::tui::forms::log::form(Logged::Call, &about, typing())
}

#[test]
fn a_call() {
    let mut form = calling();
    shot_form("call-empty", &mut form);
    press(
        &mut form,
        "reached<tab>Asked for references<tab>Send them<tab>fri<tab>Two sites in January would suit them. They also want to see the service contract before they sign anything.<tab><tab>7m<tab>",
    );
    shot_form("call-error", &mut form);
}

#[test]
fn the_dialogs() {
    let mut lose = dialogs::losing();
    shot("lose-empty", |frame, area, theme| {
        lose.draw(frame, area, theme);
    });
    for key in keys("comp<tab>half of our price") {
        let _ = lose.key(key);
    }
    shot("lose-filled", |frame, area, theme| {
        lose.draw(frame, area, theme);
    });
    let mut question = dialogs::question();
    shot("confirm", |frame, area, theme| {
        question.draw(frame, area, theme);
    });
    let mut conflict = conflict::two_fields();
    shot("conflict", |frame, area, theme| {
        conflict.draw(frame, area, theme);
    });
    let mut conflict = conflict::long_values();
    shot("conflict-long", |frame, area, theme| {
        conflict.draw(frame, area, theme);
    });
    let mut first = dialogs::first();
    shot("first-start", |frame, area, theme| {
        first.draw(frame, area, theme);
    });
    for key in keys("<tab>xx<tab>zur") {
        let _ = first.key(key);
    }
    shot("first-start-list", |frame, area, theme| {
        first.draw(frame, area, theme);
    });
}

#[test]
fn a_narrow_form_says_what_is_understood_under_the_field() {
    let mut form = adding();
    press(
        &mut form,
        "Rollout<tab>Acme<tab><tab><tab><tab>much<tab>fri",
    );
    let theme = Theme::default();
    for (wide, high) in [(44, 14), (30, 6)] {
        let screen = draw(wide, high, |frame| form.draw(frame, frame.area(), &theme));
        insta::assert_snapshot!(format!("deal-narrow-{wide}x{high}"), picture(screen));
    }
}

#[test]
fn without_colours_and_signs_a_form_says_the_same() {
    let mono = crate::config::theme::Theme::load(None, true).unwrap();
    let theme = Theme::new(&mono, true);
    let mut form = editing();
    press(&mut form, "<tab>ro");
    let screen = draw(60, 20, |frame| form.draw(frame, frame.area(), &theme));
    insta::assert_snapshot!("deal-ascii-60x20", picture(screen));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_keys_on_any_size(pressed in any_keys(), w in 0_u16..90, h in 0_u16..26, which in 0_usize..3) {
        let mut form = match which {
            0 => adding(),
            1 => editing(),
            _ => calling(),
        };
        let theme = Theme::default();
        for chunk in pressed.chunks(3) {
            any_key(&mut form, chunk);
            form.follow(&record(), None);
            let screen = draw(w, h, |frame| form.draw(frame, frame.area(), &theme));
            prop_assert_eq!(screen.backend().buffer().area.width, w);
            if let Some(draft) = form.draft() {
                form.restore(&draft);
            }
        }
    }

    #[test]
    fn any_keys_on_any_dialog(pressed in any_keys(), w in 0_u16..70, h in 0_u16..20) {
        let theme = Theme::default();
        let (mut lose, mut question, mut first) = (dialogs::losing(), dialogs::question(), dialogs::first());
        for key in pressed {
            let _ = (lose.key(key), question.key(key), first.key(key));
            lose.paste("p\u{202e}");
            first.paste("x");
            lose.click(12, 5);
            first.click(30, 8);
            let _ = question.click(9, 9);
            draw(w, h, |frame| lose.draw(frame, frame.area(), &theme));
            draw(w, h, |frame| question.draw(frame, frame.area(), &theme));
            draw(w, h, |frame| first.draw(frame, frame.area(), &theme));
        }
    }
}
