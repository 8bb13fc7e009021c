//! Folders and files that only this user can look into.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::random_id;

/// Makes a new folder among the temporary files, for what is thrown away afterwards.
pub fn folder(purpose: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("clinch-{purpose}-{}", random_id()));
    builder().create(&folder)?;
    Ok(folder)
}

/// Makes a folder and those above it, where they are not there yet.
pub fn make(folder: &Path) -> io::Result<()> {
    builder().recursive(true).create(folder)
}

/// Opens a file to be written, made where it is not there yet; what is in it stays.
pub fn open(path: &Path) -> io::Result<File> {
    let mut open = OpenOptions::new();
    open.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(path)
}

#[cfg(unix)]
fn builder() -> DirBuilder {
    let mut make = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make
}

/// The user's own folders are private there anyway.
#[cfg(not(unix))]
fn builder() -> DirBuilder {
    DirBuilder::new()
}
