//! Which theme is chosen, and what the terminal's background makes of it.

use std::fmt;
use std::str::FromStr;

use super::{Depth, Ground, Rgb, Source, Theme, ThemeError};

/// The theme that the settings name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The terminal's 16 colours; the light theme where the terminal says that its background is light, because yellow cannot be read
    /// there.
    #[default]
    Auto,
    /// Colours for a light background, with that background.
    Light,
    /// Colours for a dark background, with that background.
    Dark,
    /// The terminal's 16 colours, whatever they are.
    Ansi,
    /// No colours.
    Mono,
    /// A file of the user's in the folder `themes`.
    Named(String),
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "" | "auto" => Self::Auto,
            "light" => Self::Light,
            "dark" => Self::Dark,
            "ansi" => Self::Ansi,
            "mono" => Self::Mono,
            name if name
                .chars()
                .all(|c| c.is_alphanumeric() || "-_ ".contains(c)) =>
            {
                Self::Named(name.to_owned())
            }
            wrong => {
                return Err(format!(
                    "`{wrong}` is no theme: write auto, light, dark, ansi, mono or the name of a file in the folder themes, without .toml"
                ));
            }
        })
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Ansi => "ansi",
            Self::Mono => "mono",
            Self::Named(name) => name,
        })
    }
}

/// All that decides how the screen looks, but for the terminal's background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looks {
    /// The theme that is chosen.
    pub choice: Choice,
    /// How many colours there are; none where the user wants none.
    pub depth: Depth,
    /// The files that are patches on the built-in theme: the one that is chosen by its name, then the user's `theme.toml`.
    pub files: Vec<Source>,
}

impl Default for Looks {
    /// The built-in theme on a terminal with 16 colours.
    fn default() -> Self {
        Self {
            choice: Choice::Auto,
            depth: Depth::Sixteen,
            files: Vec::new(),
        }
    }
}

impl Looks {
    /// The theme as long as nothing is known of the background.
    pub fn at_start(&self) -> Result<Theme, ThemeError> {
        match self.choice {
            Choice::Light => self.theme(Some(Ground::Light), self.depth),
            Choice::Dark => self.theme(Some(Ground::Dark), self.depth),
            Choice::Mono => self.theme(None, Depth::Mono),
            Choice::Auto | Choice::Ansi | Choice::Named(_) => self.theme(None, self.depth),
        }
    }

    /// Whether the background makes a difference, so that the terminal is asked for it. What the settings say outright wins over what
    /// the terminal says, which behind tmux may be an old truth.
    #[must_use]
    pub fn follows_the_ground(&self) -> bool {
        self.depth != Depth::Mono && matches!(self.choice, Choice::Auto | Choice::Named(_))
    }

    /// The theme on a background that the terminal has. It is left as it is where all can be read on it.
    pub fn on(&self, ground: Rgb) -> Result<Theme, ThemeError> {
        if !self.follows_the_ground() {
            return self.at_start();
        }
        let kind = match (ground.is_light(), &self.choice) {
            (true, _) => Some(Ground::Light),
            // On a dark background all palettes can be read: they were made for it.
            (false, Choice::Auto) => None,
            (false, _) => Some(Ground::Dark),
        };
        let all = Theme::of(self.files.iter(), kind, Depth::True)?.on_the_terminals_own();
        let theme = self.theme(kind, self.depth)?;
        Ok(if all.unreadable_on(ground).is_empty() {
            theme.on_the_terminals_own()
        } else {
            theme
        })
    }

    fn theme(&self, ground: Option<Ground>, depth: Depth) -> Result<Theme, ThemeError> {
        Theme::of(self.files.iter(), ground, depth.min(self.depth))
    }
}
