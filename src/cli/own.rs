//! The user's own files: settings, keymap, theme; and where backups go by the settings.

use super::fault::{Exit, Fault};
use crate::config::paths::{Paths, read_optional};
use crate::config::settings::{BackupFolder, Settings};
use crate::config::theme::{Choice, Depth, Looks, Source};
use crate::store::backup::{Place, Plan};
use crate::tui::terminal::abilities::Abilities;

/// The text of a file in the user's folder of settings; `None` where there is none.
pub fn file(name: &str) -> Result<Option<String>, Fault> {
    let path = Paths::of_platform().config.join(name);
    read_optional(&path).map_err(|fault| {
        Fault::new(
            Exit::Invalid,
            format!("{} could not be read: {fault}.", path.display()),
        )
        .hint("Mend the file or move it away.")
    })
}

/// What to do about a file of the user's folder of settings that is no good.
pub fn mend(name: &str) -> String {
    let path = Paths::of_platform().config.join(name);
    format!("Mend {} or move it away.", path.display())
}

/// The settings in force.
pub fn settings() -> Result<Settings, Fault> {
    Settings::load(file("settings.toml")?.as_deref()).map_err(|fault| {
        let path = Paths::of_platform().config.join("settings.toml");
        Fault::of_lines(Exit::Invalid, &format!("{}: {fault}.", path.display()))
            .hint("Mend the file or move it away.")
    })
}

/// How a book is backed up by itself.
pub fn backups() -> Result<Plan, Fault> {
    let backup = settings()?.backup;
    Ok(Plan {
        place: match backup.folder {
            BackupFolder::Usual => Place::Usual,
            BackupFolder::Beside => Place::Beside,
            BackupFolder::Local => Place::Local,
            BackupFolder::Named(folder) => Place::Folder(folder),
        },
        local: Paths::of_platform().data.join("backups"),
        every: backup.every,
    })
}

/// A variable of the environment, where it is set to a text.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether the user wants no colours, whatever the terminal has.
pub fn wants_no_colours(flag: bool) -> bool {
    flag || variable("NO_COLOR").is_some()
}

/// How the screen looks: the theme of the settings, with its files, in the colours that the terminal has and the user wants.
pub fn looks(settings: &Settings, no_color: bool) -> Result<Looks, Fault> {
    let mut files = Vec::new();
    if let Choice::Named(name) = &settings.theme {
        let path = Paths::of_platform().theme(name);
        let text = file(&format!("themes/{name}.toml"))?.ok_or_else(|| {
            Fault::new(
                Exit::Invalid,
                format!("The settings name the theme `{name}`, and there is no file {}.", path.display()),
            )
            .hint("Built in are auto, light, dark, ansi and mono; `clinch config theme` prints them to start from.")
        })?;
        let name = path.display().to_string();
        files.push(Source { name, text });
    }
    files.extend(file("theme.toml")?.map(Source::users));
    Ok(Looks {
        choice: settings.theme.clone(),
        depth: if wants_no_colours(no_color) {
            Depth::Mono
        } else {
            Depth::of(variable)
        },
        files,
    })
}

/// What the terminal can do, as far as its environment says.
pub fn abilities(settings: &Settings) -> Abilities {
    Abilities::of(variable, settings)
}
