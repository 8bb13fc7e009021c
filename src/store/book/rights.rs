//! Who may read and write the files of a new book: on a share the group of its folder, on a local disk nobody else. A team that
//! works on one machine gives the book to its group itself (`chgrp`, `chmod 660`, the journal too).

use std::path::Path;

use super::super::drive::Nature;

/// Gives a new file its rights, as far as the drive lets us: many a share decides them itself.
#[cfg(unix)]
pub(super) fn give(file: &Path, nature: Nature) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

    let mode = if nature == Nature::Local {
        0o600
    } else {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if let Ok(folder) = folder.metadata() {
            let _ = chown(file, None, Some(folder.gid()));
        }
        0o660
    };
    let _ = std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode));
}

/// Windows hands the rights of the folder down.
#[cfg(not(unix))]
pub(super) fn give(_: &Path, _: Nature) {}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_local_book_is_its_owners_and_one_on_a_share_is_the_groups() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("team.db");
        std::fs::write(&path, "").unwrap();
        for (nature, rights) in [(Nature::Local, 0o600), (Nature::Share, 0o660)] {
            give(&path, nature);
            let found = path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(found, rights, "{nature:?}");
        }
    }
}
