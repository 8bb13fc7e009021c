//! The user's own files: settings, keymap, theme; and where backups go by the settings.

use super::fault::{Exit, Fault};
use crate::config::paths::{Paths, read_optional};
use crate::config::settings::{BackupFolder, Settings};
use crate::store::backup::{Place, Plan};

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
