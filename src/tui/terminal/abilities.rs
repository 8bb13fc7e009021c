//! What a terminal is known to be able to, and what not: read from its environment, since few terminals can be asked and those that
//! can answer late.

use crate::config::settings::{Ascii, Bidi, Links, Settings};

/// What the app may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an ability that a terminal has or not, whatever the others are"
)]
pub struct Abilities {
    /// It may be asked: for its background, for the width of a sign.
    pub answers: bool,
    /// The signs are a matter of what the terminal does with them: nobody has said which to take.
    pub may_turn_ascii: bool,
    /// Addresses may be links (OSC 8).
    pub links: bool,
    /// What is copied goes to its clipboard (OSC 52).
    pub clipboard: bool,
    /// It puts letters from right to left into their order, and shall leave the cells around them alone.
    pub isolates: bool,
    /// It is within tmux, which passes the clipboard on only where it is told to.
    pub tmux: bool,
}

impl Abilities {
    /// What the environment says, and the settings.
    #[must_use]
    pub fn of(environment: impl Fn(&str) -> Option<String>, settings: &Settings) -> Self {
        let said = |name: &str| environment(name).unwrap_or_default();
        let (term, program) = (said("TERM"), said("TERM_PROGRAM"));
        // Consoles and old terminals print of a sequence what they do not know.
        let prints = ["linux", "dumb", "vt100", "vt102", "vt220", "cons25", "ansi"]
            .contains(&term.as_str())
            || term.starts_with("eterm");
        // GNU screen passes neither the question on nor links, and some versions print them.
        let tmux = environment("TMUX").is_some() || term.starts_with("tmux");
        let screen = environment("STY").is_some() || term.starts_with("screen") && !tmux;
        let silent = prints || screen;
        Self {
            answers: !silent,
            may_turn_ascii: settings.ascii == Ascii::Auto,
            links: match settings.links {
                Links::Yes => true,
                Links::No => false,
                // Apple's Terminal did not know links for long, and shows none.
                Links::Auto => !silent && program != "Apple_Terminal",
            },
            clipboard: settings.clipboard && !prints,
            isolates: settings.bidi == Bidi::Isolate && !prints,
            tmux,
        }
    }
}

impl Default for Abilities {
    /// A terminal that answers and has a clipboard, and nobody said that it knows links.
    fn default() -> Self {
        Self {
            answers: true,
            may_turn_ascii: true,
            links: false,
            clipboard: true,
            isolates: false,
            tmux: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(environment: &[(&str, &str)], links: Links) -> Abilities {
        let find = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let settings = Settings {
            links,
            ..Settings::load(None).unwrap()
        };
        Abilities::of(find, &settings)
    }

    #[test]
    fn terminals_that_print_what_they_do_not_know_are_asked_nothing() {
        for term in ["linux", "dumb", "vt220", "screen", "screen-256color"] {
            let can = of(&[("TERM", term)], Links::Auto);
            assert!(!can.answers && !can.links, "{term}");
        }
        let known = Abilities {
            links: true,
            ..Abilities::default()
        };
        assert_eq!(of(&[("TERM", "xterm-256color")], Links::Auto), known);
        let can = of(
            &[("TERM", "screen-256color"), ("TMUX", "/tmp/t,1,0")],
            Links::Auto,
        );
        assert!(can.tmux && can.links && can.answers && can.clipboard);
    }

    #[test]
    fn the_settings_win_over_what_is_known_of_links() {
        assert!(of(&[("TERM", "linux")], Links::Yes).links);
        assert!(!of(&[("TERM", "xterm")], Links::No).links);
        let apple = [
            ("TERM", "xterm-256color"),
            ("TERM_PROGRAM", "Apple_Terminal"),
        ];
        assert!(!of(&apple, Links::Auto).links);
    }

    #[test]
    fn marks_for_right_to_left_are_sent_only_where_that_was_said() {
        let find = |term: &'static str| move |name: &str| (name == "TERM").then(|| term.to_owned());
        let said = Settings::load(Some("bidi = 'isolate'")).unwrap();
        assert!(Abilities::of(find("xterm"), &said).isolates);
        assert!(!Abilities::of(find("linux"), &said).isolates);
        let silent = Settings::load(None).unwrap();
        assert!(!Abilities::of(find("xterm"), &silent).isolates);
    }

    #[test]
    fn without_the_setting_nothing_goes_to_the_clipboard() {
        let settings = Settings::load(Some("clipboard = false")).unwrap();
        let can = Abilities::of(|_| None, &settings);
        assert!(!can.clipboard);
        assert!(!of(&[("TERM", "linux")], Links::Auto).clipboard);
    }
}
