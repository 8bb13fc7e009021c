//! What the system says of the drive under a path. Linux is tried; macOS and Windows are written by their documentation and not
//! tried.

use std::path::{Path, PathBuf};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The type of the file system; empty where the system does not tell.
    pub kind: String,
    /// Where it is mounted.
    pub mount: PathBuf,
    /// What is mounted.
    pub source: String,
    /// Mount options.
    pub options: Vec<String>,
}

/// The mount under a canonical path.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn mount_of(path: &Path) -> Found {
    use super::mounts;
    use std::os::unix::fs::MetadataExt;

    let device = std::fs::metadata(path).ok().map(|meta| {
        let number = meta.dev();
        let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
        format!("{major}:{minor}")
    });
    let listed = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let mounts = mounts::parse(&listed);
    if let Some(mount) = mounts::of(&mounts, path, device.as_deref()) {
        let mount = mount.clone();
        return Found {
            kind: mount.kind,
            mount: mount.point,
            source: mount.source,
            options: mount.options,
        };
    }
    let kind = rustix::fs::statfs(path).ok().and_then(|found| {
        let magic = u64::try_from(found.f_type).unwrap_or_default();
        super::kinds::of_magic(magic & 0xffff_ffff)
    });
    Found {
        kind: kind.unwrap_or_default().to_owned(),
        mount: path.to_owned(),
        ..Found::default()
    }
}

/// The mount under a canonical path.
#[cfg(target_vendor = "apple")]
pub(super) fn mount_of(path: &Path) -> Found {
    use std::os::unix::ffi::OsStringExt;

    fn text(letters: &[std::ffi::c_char]) -> std::ffi::OsString {
        let bytes = letters.iter().map(|letter| letter.cast_unsigned());
        std::ffi::OsString::from_vec(bytes.take_while(|byte| *byte != 0).collect())
    }
    let Ok(found) = rustix::fs::statfs(path) else {
        return Found::default();
    };
    Found {
        kind: text(&found.f_fstypename).to_string_lossy().into_owned(),
        mount: text(&found.f_mntonname).into(),
        source: text(&found.f_mntfromname).to_string_lossy().into_owned(),
        options: Vec::new(),
    }
}

/// The mount under a canonical path: a share where it is written as `\\server\share`, as a canonical path on a mapped letter is
/// too.
#[cfg(windows)]
pub(super) fn mount_of(path: &Path) -> Found {
    use std::path::{Component, Prefix};

    let Some(Component::Prefix(prefix)) = path.components().next() else {
        return Found::default();
    };
    let root = PathBuf::from(prefix.as_os_str());
    let kind = match prefix.kind() {
        Prefix::UNC(..) | Prefix::VerbatimUNC(..) => "smb",
        _ => "ntfs",
    };
    Found {
        kind: kind.to_owned(),
        source: root.display().to_string(),
        mount: root,
        options: Vec::new(),
    }
}

/// Nothing is known of other systems.
#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_vendor = "apple",
    windows
)))]
pub(super) fn mount_of(_: &Path) -> Found {
    Found::default()
}
