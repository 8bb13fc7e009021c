//! What a book lies on: a local disk, a share that keeps locks between machines, or something that loses what it is given.

use std::path::{Path, PathBuf};

use super::error::StoreError;

/// How far the user trusts the drive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// What is not known to be good, or proved, is refused for writing.
    #[default]
    Ask,
    /// A drive that is merely unknown may be written in this run (`--drive trust`); one known to be bad may not.
    Unknown,
    /// Nobody else works on the book: a lease beside it says so, and locks are not relied on (`--drive alone`).
    Alone,
}

/// How a book is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// On a local disk: SQLite's own locks and cache.
    Local,
    /// On a share, through the VFS shim.
    Share,
    /// Alone, under a lease, without locks.
    Alone,
}

/// What is known of a kind of drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// A disk of this machine.
    Local,
    /// A network file system that keeps locks and shows what others wrote.
    Share,
    /// Nobody has tried it: `clinch doctor drive` can prove it.
    Unknown,
    /// It keeps locks to itself, or shows what is long gone: refused.
    Bad,
}

/// What a path lies on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drive {
    /// The file system's type, as the system names it: `ext4`, `nfs4`, `fuse.sshfs`.
    pub kind: String,
    /// Where it is mounted.
    pub mount: PathBuf,
    /// What is mounted there: a device, `server:/export`.
    pub source: String,
    /// What is known of its kind.
    pub nature: Nature,
    /// Of a bad or unknown one: why, as a sentence.
    pub why: Option<String>,
    /// And what to do about it, as a sentence.
    pub cure: Option<String>,
}

/// What a proof of a drive found (`clinch doctor drive`), as it is kept in the book.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Proof {
    /// The kind that was proved.
    pub kind: String,
    /// Whether it holds all that a share must hold.
    pub good: bool,
}

impl Drive {
    /// What lies under a path, whose file need not be there yet.
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            kind: "unknown".to_owned(),
            mount: path.to_owned(),
            source: String::new(),
            nature: Nature::Local,
            why: None,
            cure: None,
        })
    }

    /// How a book may be written on it, or the refusal with the mount and the cure.
    pub fn manner(&self, trust: Trust, _proof: Option<&Proof>) -> Result<Manner, StoreError> {
        Ok(match trust {
            Trust::Alone => Manner::Alone,
            Trust::Ask | Trust::Unknown => Manner::Local,
        })
    }
}
