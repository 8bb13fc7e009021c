//! What is said of terminals of all kinds.

use super::*;
use crate::config::theme::Rgb;

fn seen() -> Seen {
    Seen {
        is_terminal: true,
        answers: Some(Answers {
            ground: Some(Rgb(255, 255, 255)),
            ambiguous: Some(1),
            answered: true,
            ..Answers::default()
        }),
        size: Some((100, 30)),
        locale: Some("de_CH.UTF-8".to_owned()),
        wants_no_colours: false,
        depth: Depth::True,
        tmux: None,
    }
}

fn about(seen: &Seen, settings: &str, name: &str) -> Finding {
    let settings = Settings::load(Some(settings)).unwrap();
    let looks = Looks {
        choice: settings.theme.clone(),
        depth: seen.depth,
        files: Vec::new(),
    };
    let can = Abilities {
        clipboard: settings.clipboard,
        ..Abilities::default()
    };
    let mut found = findings(seen, &settings, &looks, can).unwrap();
    let place = found
        .iter()
        .position(|finding| finding.name == name)
        .unwrap();
    found.remove(place)
}

#[test]
fn the_background_says_which_colours_are_taken() {
    let on = |settings| about(&seen(), settings, "background").used;
    assert_eq!(on(""), "colours for a light one");
    assert!(on("theme = 'dark'").contains("no difference"));
    let grey = Seen {
        answers: Some(Answers {
            ground: Some(Rgb(190, 190, 190)),
            ..Answers::default()
        }),
        ..seen()
    };
    assert!(
        about(&grey, "", "background")
            .used
            .contains("its own, #fbfaf7")
    );
    let silent = Seen {
        answers: None,
        ..seen()
    };
    assert!(
        about(&silent, "", "background")
            .used
            .contains("theme = \"light\"")
    );
}

#[test]
fn signs_follow_the_settings_then_the_locale_then_what_was_measured() {
    let wide = Seen {
        answers: Some(Answers {
            ambiguous: Some(2),
            ..Answers::default()
        }),
        ..seen()
    };
    let latin = Seen {
        locale: Some("de_CH.ISO-8859-1".to_owned()),
        ..seen()
    };
    for (seen, settings, used) in [
        (&seen(), "", "Unicode"),
        (&wide, "", "ASCII: two columns"),
        (&wide, "ascii = 'no'", "Unicode, by the settings"),
        (&latin, "", "ASCII: the locale"),
        (&latin, "ascii = 'yes'", "ASCII, by the settings"),
    ] {
        let found = about(seen, settings, "ambiguous_width");
        assert!(found.used.starts_with(used), "{found:?}");
    }
}

#[test]
fn tmux_is_told_what_to_set() {
    let tmux = |escape_time, clipboard: &str| Seen {
        tmux: Some(Tmux {
            escape_time: Some(escape_time),
            set_clipboard: Some(clipboard.to_owned()),
        }),
        ..seen()
    };
    assert!(
        about(&tmux(500, "on"), "", "tmux_escape_time")
            .cure
            .contains("escape-time 10")
    );
    assert_eq!(about(&tmux(10, "on"), "", "tmux_escape_time").cure, "");
    assert!(
        about(&tmux(10, "external"), "", "clipboard")
            .cure
            .contains("set-clipboard on")
    );
    assert_eq!(about(&tmux(10, "on"), "", "clipboard").cure, "");
    assert!(
        about(&seen(), "clipboard = false", "clipboard")
            .used
            .contains("by the settings")
    );
}
