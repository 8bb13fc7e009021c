//! Roles and their styles, as the theme files name them. No terminal types here: the screen translates.

use std::collections::BTreeMap;

/// The theme that is built in.
pub const DEFAULT: &str = include_str!("../../assets/theme.toml");

/// What a piece of the screen means. All styles are asked for by role, so that meaning and look are tied in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is read.
    Text,
    /// What is secondary: units, times, hints.
    Dim,
    /// Titles of panels and screens.
    Title,
    /// Frames.
    Border,
    /// The frame and title of the panel that has the keys.
    Focus,
    /// The row or card under the cursor.
    Cursor,
    /// Marked rows and cards.
    Mark,
    /// Won, done, in time.
    Good,
    /// Lost, overdue.
    Late,
    /// Rotting, due soon.
    Soon,
    /// Changed by somebody else.
    ByOthers,
    /// On its way to the book.
    Pending,
    /// Can be opened.
    Link,
    /// A key of the keymap.
    Key,
    /// What went wrong.
    Error,
    /// Amounts.
    Money,
    /// A field of a form.
    Field,
    /// The field that has the keys.
    FieldFocus,
    /// What stands in an empty field.
    Placeholder,
    /// The letters that a search found.
    Match,
    /// A screen in the first row.
    Tab,
    /// The screen that is shown.
    TabActive,
    /// The status line.
    Status,
}

impl Role {
    /// All roles, with the names that the theme files use.
    pub const ALL: [(Self, &'static str); 23] = [
        (Self::Text, "text"),
        (Self::Dim, "dim"),
        (Self::Title, "title"),
        (Self::Border, "border"),
        (Self::Focus, "focus"),
        (Self::Cursor, "cursor"),
        (Self::Mark, "mark"),
        (Self::Good, "good"),
        (Self::Late, "late"),
        (Self::Soon, "soon"),
        (Self::ByOthers, "by-others"),
        (Self::Pending, "pending"),
        (Self::Link, "link"),
        (Self::Key, "key"),
        (Self::Error, "error"),
        (Self::Money, "money"),
        (Self::Field, "field"),
        (Self::FieldFocus, "field-focus"),
        (Self::Placeholder, "placeholder"),
        (Self::Match, "match"),
        (Self::Tab, "tab"),
        (Self::TabActive, "tab-active"),
        (Self::Status, "status"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| role)
    }
}

/// One of the terminal's 16 colours, or its own default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The terminal's own.
    Default,
    /// 0 to 7 are black, red, green, yellow, blue, magenta, cyan, white; 8 to 15 the same, bright.
    Ansi(u8),
}

const COLOURS: [&str; 8] = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
];

impl Colour {
    fn named(name: &str) -> Option<Self> {
        if name == "default" {
            return Some(Self::Default);
        }
        let (plain, bright) = match name.strip_prefix("bright-") {
            Some(plain) => (plain, 8),
            None => (name, 0),
        };
        let index = COLOURS.iter().position(|known| *known == plain)?;
        u8::try_from(index)
            .ok()
            .map(|index| Self::Ansi(index + bright))
    }
}

/// The attributes of a style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes(u8);

impl Attributes {
    /// Heavier letters.
    pub const BOLD: Self = Self(1);
    /// Fainter letters.
    pub const DIM: Self = Self(2);
    /// Slanted letters.
    pub const ITALIC: Self = Self(4);
    /// A line under the letters.
    pub const UNDERLINE: Self = Self(8);
    /// Letters and background exchanged.
    pub const REVERSE: Self = Self(16);

    /// Whether all of the other's attributes are set here.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "bold" => Some(Self::BOLD),
            "dim" => Some(Self::DIM),
            "italic" => Some(Self::ITALIC),
            "underline" => Some(Self::UNDERLINE),
            "reverse" => Some(Self::REVERSE),
            _ => None,
        }
    }
}

/// How a role looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    /// The colour of the letters, where it is not left as it is.
    pub fg: Option<Colour>,
    /// The colour behind them, where it is not left as it is.
    pub bg: Option<Colour>,
    /// Their attributes.
    pub attributes: Attributes,
}

impl Paint {
    /// Reads a style of a theme file.
    fn parse(text: &str) -> Result<Self, String> {
        let mut paint = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            if word == "on" {
                let name = words.next().unwrap_or_default();
                paint.bg = Some(
                    Colour::named(name)
                        .ok_or_else(|| format!("`on` wants a colour, not `{name}`"))?,
                );
            } else if let Some(attribute) = Attributes::named(word) {
                paint.attributes.0 |= attribute.0;
            } else if let Some(colour) = Colour::named(word) {
                paint.fg = Some(colour);
            } else {
                return Err(format!("`{word}` is neither a colour nor an attribute"));
            }
        }
        Ok(paint)
    }
}

/// What is wrong with a theme file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// It is not TOML, or not of the form of a theme.
    #[error("the theme cannot be read: {0}")]
    Form(String),
    /// There is no such role.
    #[error("the theme styles `{role}`, which is no role; see `clinch config theme` for the roles")]
    Role {
        /// The name.
        role: String,
    },
    /// A style cannot be understood.
    #[error("the theme's style of `{role}` cannot be understood: {what}")]
    Style {
        /// The role.
        role: String,
        /// Why.
        what: String,
    },
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
    mono: BTreeMap<String, String>,
}

impl Theme {
    /// The built-in theme with the user's file as a patch on it; `mono` takes the colourless one (`NO_COLOR`).
    pub fn load(user: Option<&str>, mono: bool) -> Result<Self, ThemeError> {
        let mut theme = Self {
            paints: [Paint::default(); Role::ALL.len()],
        };
        theme.patch(DEFAULT, mono)?;
        if let Some(text) = user {
            theme.patch(text, mono)?;
        }
        if mono {
            for paint in &mut theme.paints {
                paint.fg = None;
                paint.bg = None;
            }
        }
        Ok(theme)
    }

    /// How a role looks.
    #[must_use]
    pub const fn paint(&self, role: Role) -> Paint {
        self.paints[role as usize]
    }

    fn patch(&mut self, text: &str, mono: bool) -> Result<(), ThemeError> {
        let file: File =
            toml::from_str(text).map_err(|error| ThemeError::Form(error.to_string()))?;
        self.patch_table(&file.roles, true)?;
        self.patch_table(&file.mono, mono)
    }

    fn patch_table(
        &mut self,
        table: &BTreeMap<String, String>,
        used: bool,
    ) -> Result<(), ThemeError> {
        for (name, style) in table {
            let role = Role::named(name).ok_or_else(|| ThemeError::Role { role: name.clone() })?;
            let paint = Paint::parse(style).map_err(|what| ThemeError::Style {
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
mod tests {
    use super::*;

    #[test]
    fn roles_stand_in_the_order_of_their_enum_and_all_have_a_default() {
        let file: File = toml::from_str(DEFAULT).unwrap();
        for (index, (role, name)) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index, "{name}");
            assert!(file.roles.contains_key(name), "{name} has no default");
        }
        assert_eq!(file.roles.len(), Role::ALL.len());
    }

    #[test]
    fn a_users_theme_changes_only_what_it_names() {
        let theme =
            Theme::load(Some("[roles]\ngood = 'bold bright-blue on black'"), false).unwrap();
        let good = theme.paint(Role::Good);
        assert_eq!(good.fg, Some(Colour::Ansi(12)));
        assert_eq!(good.bg, Some(Colour::Ansi(0)));
        assert!(good.attributes.has(Attributes::BOLD));
        let built_in = Theme::load(None, false).unwrap();
        assert_eq!(theme.paint(Role::Late), built_in.paint(Role::Late));
    }

    #[test]
    fn the_mono_theme_has_no_colours_and_keeps_the_cursor() {
        let theme = Theme::load(Some("[roles]\ngood = 'red on white'"), true).unwrap();
        for (role, name) in Role::ALL {
            let paint = theme.paint(role);
            assert_eq!((paint.fg, paint.bg), (None, None), "{name}");
        }
        assert!(
            theme
                .paint(Role::Cursor)
                .attributes
                .has(Attributes::REVERSE)
        );
    }

    #[test]
    fn mistakes_name_the_role_and_the_word() {
        let wrong = Theme::load(Some("[roles]\ngood = 'grren'"), false).unwrap_err();
        assert!(wrong.to_string().contains("`good`") && wrong.to_string().contains("`grren`"));
        let unknown = Theme::load(Some("[roles]\ngod = ''"), false).unwrap_err();
        assert_eq!(
            unknown,
            ThemeError::Role {
                role: "god".to_owned()
            }
        );
        assert!(matches!(
            Theme::load(Some("roles = 3"), false),
            Err(ThemeError::Form(_))
        ));
    }
}
