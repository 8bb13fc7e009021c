//! Roles and their styles, as the theme files name them. No terminal types here: the screen translates.
//!
//! | module | holds |
//! |---|---|
//! | this one | the style of every role, out of one file or several |
//! | [`role`] | what a piece of the screen means |
//! | [`paint`] | how a role looks |
//! | [`colour`] | colours, and what becomes of them on terminals that have fewer |
//! | [`choice`] | which theme is chosen, and what the terminal's background makes of it |

pub mod choice;
pub mod colour;
pub mod paint;
pub mod role;

use std::collections::BTreeMap;

pub use choice::{Choice, Looks};
pub use colour::{Colour, Depth, READABLE, Rgb};
pub use paint::{Attributes, Paint};
pub use role::Role;

/// The themes that are built in: for the terminal's 16 colours, for a light background, for a dark one, without colours.
pub const DEFAULT: &str = include_str!("../../../assets/theme.toml");

/// What is wrong with a theme file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// It is not TOML, or not of the form of a theme.
    #[error("{file} cannot be read: {what}")]
    Form {
        /// The file.
        file: String,
        /// Where and why.
        what: String,
    },
    /// There is no such role.
    #[error("{file} styles `{role}`, which is no role{}", near(.role))]
    Role {
        /// The file.
        file: String,
        /// The name.
        role: String,
    },
    /// A style cannot be understood.
    #[error("in {file} the style of `{role}` cannot be understood: {what}")]
    Style {
        /// The file.
        file: String,
        /// The role.
        role: String,
        /// Why.
        what: String,
    },
}

/// The role that was meant, else where the roles are listed.
fn near(wrong: &str) -> String {
    let known = Role::ALL.iter().map(|(_, name)| *name);
    let nearest = known
        .map(|name| (strsim::osa_distance(wrong, name), name))
        .min()
        .filter(|(far, _)| *far <= 2);
    match nearest {
        Some((_, name)) => format!("; did you mean `{name}`?"),
        None => "; `clinch config theme` lists the roles".to_owned(),
    }
}

/// A theme file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it is called in faults.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

impl Source {
    fn built_in() -> Self {
        Self {
            name: "the built-in theme".to_owned(),
            text: DEFAULT.to_owned(),
        }
    }

    /// The user's `theme.toml`.
    #[must_use]
    pub fn users(text: String) -> Self {
        Self {
            name: "theme.toml".to_owned(),
            text,
        }
    }
}

/// What a background is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Black is read on it.
    Light,
    /// White is read on it.
    Dark,
}

/// The style of every role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    paints: [Paint; Role::ALL.len()],
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    roles: BTreeMap<String, String>,
    #[serde(default)]
    light: BTreeMap<String, String>,
    #[serde(default)]
    dark: BTreeMap<String, String>,
    #[serde(default)]
    mono: BTreeMap<String, String>,
}

impl Theme {
    /// The built-in theme for 16 colours with the user's file as a patch on it; `mono` takes the colourless one (`NO_COLOR`).
    pub fn load(user: Option<&str>, mono: bool) -> Result<Self, ThemeError> {
        let user = user.map(|text| Source::users(text.to_owned()));
        let depth = if mono { Depth::Mono } else { Depth::True };
        Self::of(user.as_ref().into_iter(), None, depth)
    }

    /// The built-in theme with files as patches on it, one after the other, for a background and so many colours. Of each file the
    /// table `roles` counts everywhere, after it that of the background, or `mono` where there are no colours.
    fn of<'a>(
        files: impl Iterator<Item = &'a Source>,
        ground: Option<Ground>,
        depth: Depth,
    ) -> Result<Self, ThemeError> {
        let mut theme = Self {
            paints: [Paint::default(); Role::ALL.len()],
        };
        theme.patch(&Source::built_in(), ground, depth)?;
        for file in files {
            theme.patch(file, ground, depth)?;
        }
        Ok(theme.taken_down(depth))
    }

    /// How a role looks.
    #[must_use]
    pub const fn paint(&self, role: Role) -> Paint {
        self.paints[role as usize]
    }

    /// The background that the theme gives the screen, where it gives it one of a fixed look.
    #[must_use]
    pub fn ground(&self) -> Option<Rgb> {
        self.paint(Role::Text).bg.and_then(Colour::rgb)
    }

    /// The roles that cannot be read on a background for want of contrast, with the contrast that they have. Where the palette decides
    /// what a colour looks like, nothing is known and nothing said. Frames are no text.
    #[must_use]
    pub fn unreadable_on(&self, ground: Rgb) -> Vec<(&'static str, f64)> {
        let text = self.paint(Role::Text).fg;
        Role::ALL
            .into_iter()
            .filter(|(role, _)| *role != Role::Border)
            .filter_map(|(role, name)| {
                let paint = self.paint(role);
                let letters = paint.fg.or(text)?.rgb()?;
                let own = paint.bg.and_then(Colour::rgb).unwrap_or(ground);
                let ground = if role == Role::Text { ground } else { own };
                Some((name, letters.contrast(ground)))
            })
            .filter(|(_, contrast)| *contrast < READABLE)
            .collect()
    }

    /// The theme on the terminal's own background.
    fn on_the_terminals_own(mut self) -> Self {
        self.paints[Role::Text as usize].bg = None;
        self
    }

    fn taken_down(mut self, depth: Depth) -> Self {
        let ground = self.ground();
        for paint in &mut self.paints {
            if depth == Depth::Mono {
                (paint.fg, paint.bg) = (None, None);
            }
            let behind = paint.bg.and_then(Colour::rgb).or(ground);
            paint.fg = paint.fg.map(|colour| colour.at(depth, behind));
            paint.bg = paint.bg.map(|colour| colour.at(depth, None));
        }
        self
    }

    fn patch(
        &mut self,
        source: &Source,
        ground: Option<Ground>,
        depth: Depth,
    ) -> Result<(), ThemeError> {
        let file: File = toml::from_str(&source.text).map_err(|error| ThemeError::Form {
            file: source.name.clone(),
            what: error.to_string().trim_end().to_owned(),
        })?;
        let mono = depth == Depth::Mono;
        for (table, used) in [
            (&file.roles, true),
            (&file.light, !mono && ground == Some(Ground::Light)),
            (&file.dark, !mono && ground == Some(Ground::Dark)),
            (&file.mono, mono),
        ] {
            self.patch_table(&source.name, table, used)?;
        }
        Ok(())
    }

    fn patch_table(
        &mut self,
        file: &str,
        table: &BTreeMap<String, String>,
        used: bool,
    ) -> Result<(), ThemeError> {
        for (name, style) in table {
            let role = Role::named(name).ok_or_else(|| ThemeError::Role {
                file: file.to_owned(),
                role: name.clone(),
            })?;
            let paint = Paint::parse(style).map_err(|what| ThemeError::Style {
                file: file.to_owned(),
                role: name.clone(),
                what,
            })?;
            if used {
                self.paints[role as usize] = paint;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
