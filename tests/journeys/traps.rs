//! The traps that terminals set: which test goes into each, and those that only a terminal can set.

use std::path::Path;

use crate::terminal::World;

/// The trap, the file of its test, the test.
const TRAPS: [(&str, &str, &str); 21] = [
    (
        "NO_COLOR resets the reversed line",
        "tests/journeys/traps.rs",
        "without_colours_the_cursor_is_still_to_be_seen",
    ),
    (
        "colours that a terminal does not have",
        "src/config/theme/colour.rs",
        "a_colour_is_taken_down_to_the_nearest_that_can_be_read",
    ),
    (
        "yellow on white",
        "src/config/theme/tests.rs",
        "text_of_every_built_in_theme_can_be_read_on_its_background",
    ),
    (
        "an answer about the background that comes late or in pieces",
        "src/tui/terminal/decode/tests.rs",
        "the_background_is_read_however_it_is_cut_and_types_nothing",
    ),
    (
        "signs that are two columns wide",
        "tests/journeys/traps.rs",
        "a_terminal_with_wide_signs_gets_ascii",
    ),
    (
        "ratios above one in a bar",
        "tests/journeys/traps.rs",
        "no_widget_that_panics_on_a_ratio_is_used",
    ),
    (
        "links whose escape is dropped",
        "src/tui/app/finish.rs",
        "a_link_goes_and_comes_without_a_trace",
    ),
    (
        "links to anything",
        "src/tui/app/finish.rs",
        "only_mail_phone_and_web_over_https_are_linked",
    ),
    (
        "hostile data",
        "tests/journeys/hostile.rs",
        "hostile_names_are_letters_on_every_screen",
    ),
    (
        "an Esc that is split from its sequence",
        "src/tui/terminal/decode/tests.rs",
        "the_rest_of_a_sequence_that_comes_too_late_types_nothing",
    ),
    (
        "Esc and a key in one read",
        "src/tui/terminal/decode/tests.rs",
        "an_esc_and_a_key_in_one_read_are_two_keys",
    ),
    (
        "a paste that is not marked",
        "src/tui/app/tests/flows.rs",
        "a_paste_that_the_terminal_did_not_mark_runs_nothing",
    ),
    (
        "a paste that is marked",
        "tests/journeys/journeys.rs",
        "a_pasted_text_is_typed_and_never_run_as_keys",
    ),
    (
        "a clipboard that is too small, kept by tmux, or not there",
        "src/tui/app/tests/terminal.rs",
        "what_is_copied_is_sent_or_shown_and_never_both",
    ),
    (
        "a click that brings the window to the front",
        "src/tui/app/tests/flows.rs",
        "the_click_that_brings_the_window_to_the_front_does_nothing_else",
    ),
    (
        "a mouse that cannot select text",
        "src/tui/app/tests/flows.rs",
        "percent_leaves_the_mouse_to_the_terminal_and_takes_it_back",
    ),
    (
        "wide letters that tear frames",
        "tests/monkey/surfaces.rs",
        "no_name_tears_a_screen_at_any_size",
    ),
    (
        "windows without room",
        "tests/monkey/surfaces.rs",
        "no_name_tears_what_lies_over_a_screen",
    ),
    (
        "keys that terminals mix up",
        "src/tui/keys.rs",
        "the_default_keymap_keeps_off_keys_that_terminals_mix_up",
    ),
    (
        "an end from outside",
        "tests/journeys/journeys.rs",
        "an_app_that_is_ended_from_outside_gives_the_terminal_back",
    ),
    (
        "an editor in the same terminal",
        "tests/journeys/traps.rs",
        "the_editor_gets_the_terminal_and_gives_it_back",
    ),
];

#[test]
fn each_trap_has_its_test() {
    for (trap, file, test) in TRAPS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let source = std::fs::read_to_string(path).unwrap();
        assert!(
            source.contains(&format!("fn {test}()")),
            "{trap}: {test} is not in {file}"
        );
    }
}

#[test]
fn no_widget_that_panics_on_a_ratio_is_used() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tui")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                assert!(!source.contains("Gauge"), "{}", path.display());
            }
        }
    }
}

#[test]
fn without_colours_the_cursor_is_still_to_be_seen() {
    let world = World::with_deals();
    let mut app = world.app_with(&[("NO_COLOR", "1")], 100, 30);
    app.see("▶ Alpina · Renewal");
    assert!(app.is_reversed("Alpina · Renewal"), "{}", app.text());
    assert!(!app.is_reversed("Alpina · Pilot"));
    app.press("q");
    let (code, written) = app.end_and_tell();
    assert_eq!(code, 0);
    let text = String::from_utf8(written).unwrap();
    assert!(
        !text.contains("\u{1b}[38;") && !text.contains("\u{1b}[48;"),
        "there are colours"
    );
}

#[test]
fn a_light_background_gets_colours_that_can_be_read_on_it() {
    let world = World::with_deals();
    let mut app = world.app_with(&[("COLORTERM", "truecolor")], 100, 30);
    app.see("Renewal")
        .press("\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\");
    // The answer types nothing, and what is typed behind it counts.
    app.press("j").see("▶ Alpina · Pilot").press("q");
    let (code, written) = app.end_and_tell();
    assert_eq!(code, 0);
    let text = String::from_utf8(written).unwrap();
    assert!(text.contains("\u{1b}]11;?"), "the terminal was not asked");
    assert!(
        text.contains("38;2;0;99;156"),
        "the colours for a light background are not there"
    );
}

#[test]
fn a_terminal_with_wide_signs_gets_ascii() {
    let world = World::with_deals();
    let mut app = world.app_with(&[], 100, 30);
    app.see("▶ Alpina")
        .press("\u{1b}[2;3R")
        .miss("▶")
        .see("> Alpina");
    assert!(app.text().is_ascii(), "{}", app.text());
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn the_editor_gets_the_terminal_and_gives_it_back() {
    let world = World::with_deals();
    let mut app = world.app_with(&[("EDITOR", "printf 'written outside' >")], 100, 30);
    app.see("Renewal").press("n").see("Log a note");
    // Ctrl-O opens the editor for the longer text, Ctrl-S saves.
    app.press("Short\t")
        .see("Short")
        .press("\u{f}")
        .see("written outside");
    app.press("\u{13}")
        .miss("written outside")
        .see("Renewal")
        .press("q");
    assert_eq!(app.end(), 0);
    let deal = world.shell(&["deals", "show", "Renewal"]);
    assert!(deal.contains("written outside"), "{deal}");
}
