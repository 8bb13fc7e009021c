//! The files and folders of backups: made for the eyes of those who may see the book, flushed, and never over another one.

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use super::super::error::StoreError;

/// Who may read and write a backup: its maker, and beside a book whose group works on it, that group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rights {
    group_mode: u32,
}

impl Rights {
    /// Those of a file in `folder` that says what `book` says. Away from the book's own drive it is its maker's alone.
    #[cfg(unix)]
    pub fn like(book: &Path, folder: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;
        // The folder may have to be made: what holds it lies on the same drive.
        let there = folder.ancestors().find_map(|part| fs::metadata(part).ok());
        let group_mode = match (fs::metadata(book), there) {
            (Ok(book), Some(folder)) if book.dev() == folder.dev() => book.mode() & 0o060,
            _ => 0,
        };
        Self { group_mode }
    }

    /// Those of a file in `folder` that says what `book` says.
    #[cfg(not(unix))]
    pub fn like(_book: &Path, _folder: &Path) -> Self {
        Self { group_mode: 0 }
    }
}

fn refused<'a>(
    doing: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> StoreError + 'a {
    move |source| StoreError::File {
        doing,
        path: path.to_owned(),
        source,
    }
}

/// Makes an empty file where there is none.
#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "rights are those of Unix")
)]
pub(super) fn make(path: &Path, rights: Rights) -> Result<(), StoreError> {
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let file = open.open(path).map_err(refused("Making", path))?;
    #[cfg(unix)]
    if rights.group_mode != 0 {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::Permissions::from_mode(0o600 | rights.group_mode);
        file.set_permissions(mode)
            .map_err(refused("Making", path))?;
    }
    drop(file);
    Ok(())
}

/// Makes a folder of backups where it is not there, and those above it, but never that of the book: where it is gone, so is its drive,
/// and a new one in its place would stand in the way when it comes back.
#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "rights are those of Unix")
)]
pub(super) fn make_folder(folder: &Path, book: &Path, rights: Rights) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut make = fs::DirBuilder::new();
    make.recursive(folder.parent() != book.parent());
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.create(folder)
        .map_err(refused("Making the folder", folder))?;
    #[cfg(unix)]
    if rights.group_mode != 0 {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        // Who may read the book may look in, who may write it may add to it; a bit that hands the group down stays.
        let group = rights.group_mode | rights.group_mode >> 2 & 0o010;
        let mode = fs::metadata(folder).map_or(0, |meta| meta.mode() & 0o2000) | 0o700 | group;
        fs::set_permissions(folder, fs::Permissions::from_mode(mode))
            .map_err(refused("Making the folder", folder))?;
    }
    Ok(())
}

/// Flushes a file to its disk.
pub(super) fn sync(path: &Path) -> Result<(), StoreError> {
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(refused("Writing", path))
}

/// Gives a file its name, for good: the folder is flushed too.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(refused("Naming", to))?;
    #[cfg(unix)]
    if let Some(folder) = to.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        // Some shares cannot flush a folder and say so; the name is there all the same.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}
