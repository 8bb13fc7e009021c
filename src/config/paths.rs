//! Where the user's files are, by the platform's customs.

use std::path::PathBuf;

use directories::ProjectDirs;

/// The platform's folders for clinch; `None` where the user has no home.
fn folders() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "clinch")
}

/// The book that is meant when none is named: `clinch.db` in the folder for data.
#[must_use]
pub fn default_book() -> Option<PathBuf> {
    Some(folders()?.data_dir().join("clinch.db"))
}
