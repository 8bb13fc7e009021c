//! The settings: a few answers that hold for every start.

use std::path::PathBuf;

use super::keymap::Preset;

/// The settings that are built in.
pub const DEFAULT: &str = include_str!("../../assets/settings.toml");

/// Whether the screen keeps to ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ascii {
    /// When the locale is not UTF-8.
    Auto,
    /// Always.
    Yes,
    /// Never.
    No,
}

impl Ascii {
    /// Whether to keep to ASCII, in a locale of that name (the first of `LC_ALL`, `LC_CTYPE`, `LANG` that is not empty).
    #[must_use]
    pub fn holds(self, locale: Option<&str>) -> bool {
        match self {
            Self::Yes => true,
            Self::No => false,
            // No locale at all is what a bare container has, and its terminal is nearly always UTF-8.
            Self::Auto => locale.is_some_and(|locale| {
                let name = locale.to_ascii_lowercase();
                !name.is_empty() && !name.contains("utf-8") && !name.contains("utf8")
            }),
        }
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    book: Option<String>,
    rep: Option<String>,
    mouse: Option<bool>,
    ascii: Option<Ascii>,
    preset: Option<Preset>,
    foot: Option<String>,
}

/// What is wrong with a settings file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the settings cannot be read: {0}")]
pub struct SettingsError(String);

/// The settings in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The book to open when nothing else names one.
    pub book: Option<PathBuf>,
    /// Who acts when nothing else says so.
    pub rep: Option<String>,
    /// Whether the app listens to the mouse.
    pub mouse: bool,
    /// Whether the screen keeps to ASCII.
    pub ascii: Ascii,
    /// The keymap to start from.
    pub preset: Preset,
    /// The period in the foot of the board, in words.
    pub foot: String,
}

impl Settings {
    /// The built-in settings with the user's file as a patch on them.
    pub fn load(user: Option<&str>) -> Result<Self, SettingsError> {
        let mut settings = Self {
            book: None,
            rep: None,
            mouse: true,
            ascii: Ascii::Auto,
            preset: Preset::Standard,
            foot: String::new(),
        };
        settings.patch(DEFAULT)?;
        if let Some(text) = user {
            settings.patch(text)?;
        }
        Ok(settings)
    }

    fn patch(&mut self, text: &str) -> Result<(), SettingsError> {
        let file: File = toml::from_str(text).map_err(|error| SettingsError(error.to_string()))?;
        let named = |text: String| Some(text).filter(|text| !text.is_empty());
        if let Some(book) = file.book {
            self.book = named(book).map(PathBuf::from);
        }
        if let Some(rep) = file.rep {
            self.rep = named(rep);
        }
        self.mouse = file.mouse.unwrap_or(self.mouse);
        self.ascii = file.ascii.unwrap_or(self.ascii);
        self.preset = file.preset.unwrap_or(self.preset);
        if let Some(foot) = file.foot {
            self.foot = foot;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_settings_change_only_what_they_name() {
        let built_in = Settings::load(None).unwrap();
        let mine = Settings::load(Some(
            "rep = 'ana@example.com'\nascii = 'yes'\npreset = 'plain-arrows'",
        ))
        .unwrap();
        assert_eq!(mine.preset, Preset::PlainArrows);
        assert_eq!(mine.rep.as_deref(), Some("ana@example.com"));
        assert_eq!(mine.ascii, Ascii::Yes);
        assert_eq!((mine.foot, mine.mouse), (built_in.foot, built_in.mouse));
    }

    #[test]
    fn a_misspelt_setting_is_refused() {
        let wrong = Settings::load(Some("reps = 'Ana'"))
            .unwrap_err()
            .to_string();
        assert!(wrong.contains("reps"), "{wrong}");
    }

    #[test]
    fn ascii_follows_the_locale_only_where_there_is_one() {
        assert!(Ascii::Auto.holds(Some("de_CH.ISO-8859-1")));
        assert!(Ascii::Auto.holds(Some("C")));
        assert!(!Ascii::Auto.holds(Some("de_CH.UTF-8")));
        assert!(!Ascii::Auto.holds(Some("en_US.utf8")));
        assert!(!Ascii::Auto.holds(None));
        assert!(Ascii::Yes.holds(None) && !Ascii::No.holds(Some("C")));
    }
}
