//! What a terminal is known to be able to, and what not: read from its environment, since few terminals can be asked and those that
//! can answer late.

use crate::config::settings::Links;

/// What the app may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an ability that a terminal has or not, whatever the others are"
)]
pub struct Abilities {
    /// It may be asked for its background (OSC 11).
    pub tells_its_ground: bool,
    /// Addresses may be links (OSC 8).
    pub links: bool,
    /// What is copied goes to its clipboard (OSC 52).
    pub clipboard: bool,
    /// It is within tmux, which passes the clipboard on only where it is told to.
    pub tmux: bool,
}

impl Abilities {
    /// What the environment says, and the settings.
    #[must_use]
    pub fn of(environment: impl Fn(&str) -> Option<String>, links: Links, clipboard: bool) -> Self {
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
            tells_its_ground: !silent,
            links: match links {
                Links::Yes => true,
                Links::No => false,
                // Apple's Terminal did not know links for long, and shows none.
                Links::Auto => !silent && program != "Apple_Terminal",
            },
            clipboard: clipboard && !prints,
            tmux,
        }
    }

    /// A terminal that can all of it.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            tells_its_ground: true,
            links: true,
            clipboard: true,
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
        Abilities::of(find, links, true)
    }

    #[test]
    fn terminals_that_print_what_they_do_not_know_are_asked_nothing() {
        for term in ["linux", "dumb", "vt220", "screen", "screen-256color"] {
            let can = of(&[("TERM", term)], Links::Auto);
            assert!(!can.tells_its_ground && !can.links, "{term}");
        }
        assert_eq!(
            of(&[("TERM", "xterm-256color")], Links::Auto),
            Abilities::all()
        );
        let can = of(
            &[("TERM", "screen-256color"), ("TMUX", "/tmp/t,1,0")],
            Links::Auto,
        );
        assert!(can.tmux && can.links && can.tells_its_ground && can.clipboard);
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
    fn without_the_setting_nothing_goes_to_the_clipboard() {
        let can = Abilities::of(|_| None, Links::Auto, false);
        assert!(!can.clipboard);
        assert!(!of(&[("TERM", "linux")], Links::Auto).clipboard);
    }
}
