//! Folders that only this user can look into, for what is thrown away afterwards.

use std::fs::DirBuilder;
use std::io;
use std::path::PathBuf;

use crate::store::book::random_id;

/// Makes a new folder among the temporary files.
pub fn folder(purpose: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("clinch-{purpose}-{}", random_id()));
    let mut make = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.create(&folder)?;
    Ok(folder)
}
