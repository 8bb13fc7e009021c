//! Where files are kept: the platform's folders, unless the environment or a flag says otherwise.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The folders and files of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The folder of `settings.toml`, `keymap.toml` and `theme.toml`.
    pub config: PathBuf,
    /// The folder of the default book.
    pub data: PathBuf,
    /// The folder of what may be thrown away at any time.
    pub cache: PathBuf,
    /// The folder of logs and drafts.
    pub state: PathBuf,
}

impl Paths {
    /// The platform's folders for clinch; the current folder where the platform names none.
    #[must_use]
    pub fn of_platform() -> Self {
        ProjectDirs::from("", "", "clinch").map_or_else(
            || Self::under(Path::new(".clinch")),
            |dirs| Self {
                config: dirs.config_dir().to_owned(),
                data: dirs.data_dir().to_owned(),
                cache: dirs.cache_dir().to_owned(),
                state: dirs
                    .state_dir()
                    .unwrap_or_else(|| dirs.data_local_dir())
                    .to_owned(),
            },
        )
    }

    /// All folders under one.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            data: root.join("data"),
            cache: root.join("cache"),
            state: root.join("state"),
        }
    }

    /// The file of a theme of the user's.
    #[must_use]
    pub fn theme(&self, name: &str) -> PathBuf {
        self.config.join("themes").join(format!("{name}.toml"))
    }

    /// The book to open: what the flag says, else `CLINCH_BOOK`, else the settings' book, else the default one.
    #[must_use]
    pub fn book(
        &self,
        flag: Option<&Path>,
        environment: Option<&Path>,
        settings: Option<&Path>,
    ) -> PathBuf {
        let named = |path: Option<&Path>| {
            path.filter(|path| !path.as_os_str().is_empty())
                .map(Path::to_owned)
        };
        named(flag)
            .or_else(|| named(environment))
            .or_else(|| named(settings))
            .unwrap_or_else(|| self.data.join("team.db"))
    }
}

/// The text of a user's file, `None` where there is no such file.
pub fn read_optional(path: &Path) -> std::io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_the_environment_and_both_over_the_settings() {
        let paths = Paths::under(Path::new("/home/x"));
        let (flag, environment, settings) = (
            Some(Path::new("f.db")),
            Some(Path::new("e.db")),
            Some(Path::new("s.db")),
        );
        assert_eq!(paths.book(flag, environment, settings), Path::new("f.db"));
        assert_eq!(paths.book(None, environment, settings), Path::new("e.db"));
        assert_eq!(paths.book(None, None, settings), Path::new("s.db"));
        assert_eq!(
            paths.book(None, Some(Path::new("")), None),
            Path::new("/home/x/data/team.db")
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_no_fault() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("keymap.toml");
        assert_eq!(read_optional(&missing).unwrap(), None);
        assert!(read_optional(folder.path()).is_err());
    }
}
