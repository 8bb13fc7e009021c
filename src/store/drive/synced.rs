//! Folders that a program copies to other machines and back: Dropbox, `OneDrive` and the like. They lie on a local disk and are no
//! place for a book: locks stay here, and of two versions of a file one wins.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Such a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Synced {
    /// What copies it.
    pub program: &'static str,
    /// Where it begins.
    pub folder: PathBuf,
}

/// Entries of a folder that are looked at: those that tell are made with the folder.
const MOST: usize = 2000;

/// The nearest such folder above a path, or the path itself.
pub(super) fn found_above(path: &Path) -> Option<Synced> {
    path.ancestors()
        .filter(|folder| folder.is_dir())
        .find_map(|folder| {
            let named = folder.file_name().and_then(by_name);
            let program = named.or_else(|| by_what_is_in(folder))?;
            Some(Synced {
                program,
                folder: folder.to_owned(),
            })
        })
}

/// Those whose folders have a name of their own.
fn by_name(name: &OsStr) -> Option<&'static str> {
    let name = name.to_str()?;
    match name {
        "Google Drive" | "GoogleDrive" => Some("Google Drive"),
        "Mobile Documents" => Some("iCloud Drive"),
        "CloudStorage" => Some("A cloud storage program"),
        "OneDrive" => Some("OneDrive"),
        _ => name.starts_with("OneDrive - ").then_some("OneDrive"),
    }
}

/// Those that leave files behind.
fn by_what_is_in(folder: &Path) -> Option<&'static str> {
    let entries = fs::read_dir(folder).ok()?;
    entries.take(MOST).flatten().find_map(|entry| {
        let name = entry.file_name();
        let name = name.to_str().filter(|name| name.starts_with('.'))?;
        let is_sync_state = || {
            let named = name.starts_with("._sync_") || name.starts_with(".sync_");
            named && Path::new(name).extension() == Some(OsStr::new("db"))
        };
        match name {
            ".dropbox.cache" => Some("Dropbox"),
            // In a home folder this is a folder: the program's own settings.
            ".dropbox" if entry.file_type().is_ok_and(|kind| kind.is_file()) => Some("Dropbox"),
            ".stfolder" => Some("Syncthing"),
            ".owncloudsync.log" => Some("ownCloud"),
            ".nextcloudsync.log" => Some("Nextcloud"),
            _ => is_sync_state().then_some("Nextcloud or ownCloud"),
        }
    })
}
