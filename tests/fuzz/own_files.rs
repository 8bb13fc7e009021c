//! The user's own files: keymap, theme, settings.

use clinch::config::keymap::Preset;
use clinch::config::settings::Settings;
use clinch::config::theme::Theme;
use clinch::tui::keys::Bindings;

use crate::harness::{Target, text};

const KEYMAP: Target = Target {
    name: "keymap",
    words: &[
        "[board]\n",
        "[global]\n",
        "quit = ",
        "\"q\"",
        "[\"<C-s>\"]",
        "[]",
        "\"\"",
        "\"g g\"",
        "\"<S-Left>\"",
        "\"<C->\"",
        "\"<F99>\"",
        "<",
        ">",
        "<lt>",
        "<C-S-x>",
        "= false\n",
        "\"\u{1b}\"",
        "\"é\"",
        "'''",
        "\n[[board]]\n",
        "# ",
    ],
    short: 3_000,
    weight: 1,
    longest: 4_000,
};

const THEME: Target = Target {
    name: "theme",
    words: &[
        "[roles]\n",
        "[mono]\n",
        "text = ",
        "\"bold\"",
        " on ",
        "bright-",
        "bright-red",
        "on on",
        "default",
        "= -1\n",
        "\"\"",
        "#ff0000",
    ],
    short: 3_000,
    weight: 1,
    longest: 4_000,
};

const SETTINGS: Target = Target {
    name: "settings",
    words: &[
        "book = ",
        "rep = ",
        "mouse = ",
        "ascii = ",
        "preset = ",
        "foot = ",
        "\"vim\"",
        "true\n",
        "\"auto\"",
        "\"\"\"",
        "\u{feff}",
        "[x]\n",
    ],
    short: 3_000,
    weight: 1,
    longest: 2_000,
};

/// A fault about a file is words, in few lines.
fn is_said(fault: &str) {
    assert!(!fault.trim().is_empty());
    assert!(fault.len() < 6_000, "{fault}");
}

#[test]
fn any_keymap_is_a_keymap_or_a_sentence() {
    KEYMAP.run(|input| {
        for preset in [Preset::Standard, Preset::Vim, Preset::PlainArrows] {
            if let Err(fault) = Bindings::load(preset, Some(&text(input))) {
                is_said(&fault.to_string());
            }
        }
    });
}

#[test]
fn any_theme_is_a_theme_or_a_sentence() {
    THEME.run(|input| {
        for mono in [false, true] {
            if let Err(fault) = Theme::load(Some(&text(input)), mono) {
                is_said(&fault.to_string());
            }
        }
    });
}

#[test]
fn any_settings_are_settings_or_a_sentence() {
    SETTINGS.run(|input| {
        if let Err(fault) = Settings::load(Some(&text(input))) {
            is_said(&fault.to_string());
        }
    });
}
