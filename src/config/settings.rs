//! The settings: a few answers that hold for every start.

use std::path::PathBuf;
use std::time::Duration;

use super::keymap::Preset;
use super::theme::Choice;

/// The settings that are built in.
pub const DEFAULT: &str = include_str!("../../assets/settings.toml");

/// Whether the screen keeps to ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
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

/// Whether mail addresses, phone numbers and web addresses are links of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Links {
    /// Where the terminal is not known to print what it does not understand.
    Auto,
    /// Always.
    Yes,
    /// Never.
    No,
}

/// What is done about letters that are written from right to left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bidi {
    /// Nothing: the terminal shows them as it does.
    Off,
    /// Texts with such letters are put between marks, for terminals that put them into their order.
    Isolate,
}

/// Where backups are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackupFolder {
    /// As it fits the drive.
    Usual,
    /// Beside the book.
    Beside,
    /// On this computer.
    Local,
    /// In this folder.
    Named(PathBuf),
}

/// How a book is backed up by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backups {
    /// Where to.
    pub folder: BackupFolder,
    /// How old the newest may be; `None`: none is made by itself.
    pub every: Option<Duration>,
}

/// Reads how long: `12h`, `1d`, `2w`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn interval(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let hours = text.char_indices().next_back().and_then(|(place, unit)| {
        let number: u64 = text[..place].parse().ok()?;
        let hours = match unit {
            'h' => 1,
            'd' => 24,
            'w' => 24 * 7,
            _ => return None,
        };
        number.checked_mul(hours)
    });
    hours
        .and_then(|hours| hours.checked_mul(3600))
        .map(Duration::from_secs)
        .ok_or_else(|| format!("`{text}` is no length of time: write 12h, 1d or 2w"))
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct BackupFile {
    folder: Option<String>,
    every: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    book: Option<String>,
    rep: Option<String>,
    mouse: Option<bool>,
    ascii: Option<Ascii>,
    theme: Option<String>,
    links: Option<Links>,
    bidi: Option<Bidi>,
    clipboard: Option<bool>,
    preset: Option<Preset>,
    foot: Option<String>,
    #[serde(default)]
    backup: BackupFile,
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
    /// How the screen looks.
    pub theme: Choice,
    /// Whether addresses can be clicked in the terminal.
    pub links: Links,
    /// What is done about letters that are written from right to left.
    pub bidi: Bidi,
    /// Whether what is copied goes to the terminal's clipboard; else it is shown to be selected.
    pub clipboard: bool,
    /// The keymap to start from.
    pub preset: Preset,
    /// The period in the foot of the board, in words.
    pub foot: String,
    /// Backups.
    pub backup: Backups,
}

impl Settings {
    /// The built-in settings with the user's file as a patch on them.
    pub fn load(user: Option<&str>) -> Result<Self, SettingsError> {
        let mut settings = Self {
            book: None,
            rep: None,
            mouse: true,
            ascii: Ascii::Auto,
            theme: Choice::Auto,
            links: Links::Auto,
            bidi: Bidi::Off,
            clipboard: true,
            preset: Preset::Standard,
            foot: String::new(),
            backup: Backups {
                folder: BackupFolder::Usual,
                every: None,
            },
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
        if let Some(theme) = file.theme {
            self.theme = theme.parse().map_err(SettingsError)?;
        }
        self.links = file.links.unwrap_or(self.links);
        self.bidi = file.bidi.unwrap_or(self.bidi);
        self.clipboard = file.clipboard.unwrap_or(self.clipboard);
        self.preset = file.preset.unwrap_or(self.preset);
        if let Some(foot) = file.foot {
            self.foot = foot;
        }
        if let Some(folder) = file.backup.folder {
            self.backup.folder = match folder.as_str() {
                "" | "usual" => BackupFolder::Usual,
                "beside" => BackupFolder::Beside,
                "local" => BackupFolder::Local,
                path => BackupFolder::Named(PathBuf::from(path)),
            };
        }
        if let Some(every) = file.backup.every {
            self.backup.every = match every.as_str() {
                "off" => None,
                text => Some(interval(text).map_err(SettingsError)?),
            };
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
    fn backups_are_made_daily_where_nothing_else_is_said() {
        let of = |text| Settings::load(Some(text)).unwrap().backup;
        let built_in = of("");
        assert_eq!(built_in.folder, BackupFolder::Usual);
        assert_eq!(built_in.every, Some(Duration::from_hours(24)));
        assert_eq!(of("[backup]\nevery = 'off'").every, None);
        let weekly = of("[backup]\nevery = '2w'\nfolder = '/mnt/safe'");
        assert_eq!(weekly.every, Some(Duration::from_hours(14 * 24)));
        assert_eq!(weekly.folder, BackupFolder::Named("/mnt/safe".into()));
        for wrong in [
            "1",
            "d",
            "-1d",
            "1é",
            "99999999999999999999w",
            "5124095576030431w",
        ] {
            assert!(Settings::load(Some(&format!("[backup]\nevery = '{wrong}'"))).is_err());
        }
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
