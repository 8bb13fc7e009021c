//! What a book lies on: a local disk, a share that keeps locks between machines, or something that loses what it is given.
//!
//! | module | holds |
//! |---|---|
//! | `mounts` | the system's list of mounts, and which of them a path is on (Linux) |
//! | `system` | what the system says of a path, on each of them |
//! | `kinds` | the table: which kinds and mount options are good, unknown, bad, with why and the cure |
//! | `synced` | folders that a program copies to and from other machines behind our back |
//! | [`doctor`] | the proof of a drive, with two seats |
//! | `lease` | the right to work alone |
//!
//! # The rule
//! A kind in the table is what the table says. A device of this machine (`/dev/…`) is local, and so is the root of the file system,
//! whatever a container or a sandbox makes it of. Anything else is unknown: looked at, not written, until `clinch doctor drive` has
//! proved it. Where the system does not tell (no `/proc`, no answer) there is no share either: what is mounted is what the sandbox
//! gives, and counts as local.

pub mod doctor;
mod kinds;
pub(super) mod lease;
#[cfg(any(target_os = "linux", target_os = "android", all(unix, test)))]
mod mounts;
mod synced;
mod system;

#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::path::{Path, PathBuf};

use super::error::StoreError;
use kinds::Judgement;

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
    /// Alone, under a lease; locks are taken where there are any, and not relied on.
    Alone,
}

impl Manner {
    /// As it is shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Share => "shared",
            Self::Alone => "alone",
        }
    }
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
    /// What was mounted there.
    #[serde(default)]
    pub source: String,
    /// Whether it holds all that a share must hold.
    pub good: bool,
    /// The two machines, or the same twice for a first look, which proves less.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// When, by the real clock, in milliseconds UTC.
    #[serde(default)]
    pub at: i64,
}

impl Proof {
    /// Whether it says something about this drive.
    #[must_use]
    pub fn is_of(&self, drive: &Drive) -> bool {
        self.kind == drive.kind && self.source == drive.source
    }

    /// Whether two machines took part. One alone cannot see what its own system hides.
    #[must_use]
    pub fn is_of_two_machines(&self) -> bool {
        matches!(self.hosts.as_slice(), [first, second] if first != second)
    }
}

impl Drive {
    /// What lies under a path, whose file need not be there yet.
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // A book may be a link to one that lies elsewhere.
        let real = path
            .canonicalize()
            .or_else(|_| folder.canonicalize())
            .unwrap_or_else(|_| folder.to_owned());
        let drive = Self::judged(system::mount_of(&real));
        if drive.nature != Nature::Local {
            return Ok(drive);
        }
        Ok(match synced::found_above(&real) {
            Some(found) => Self {
                kind: found.program.to_owned(),
                mount: found.folder,
                nature: Nature::Bad,
                why: Some(format!(
                    "{} copies files between machines whole: of two people's changes it keeps one.",
                    found.program
                )),
                cure: Some(kinds::cure("Move the book out of that folder.")),
                ..drive
            },
            None => drive,
        })
    }

    fn judged(found: system::Found) -> Self {
        let Judgement { nature, why, cure } = kinds::judge(&found);
        Self {
            kind: found.kind,
            mount: found.mount,
            source: found.source,
            nature,
            why,
            cure,
        }
    }

    /// How a book may be written on it, or the refusal with the mount and the cure.
    pub fn manner(&self, trust: Trust, proof: Option<&Proof>) -> Result<Manner, StoreError> {
        let proof = proof.filter(|proof| proof.is_of(self));
        match (trust, self.nature) {
            (Trust::Alone, _) => Ok(Manner::Alone),
            (_, Nature::Local) => Ok(Manner::Local),
            (_, Nature::Share) | (Trust::Unknown, Nature::Unknown) => Ok(Manner::Share),
            // A first look on one machine does not see what that machine hides.
            (Trust::Ask, Nature::Unknown)
                if proof.is_some_and(|proof| proof.good && proof.is_of_two_machines()) =>
            {
                Ok(Manner::Share)
            }
            (_, Nature::Unknown | Nature::Bad) => Err(self.refused(proof)),
        }
    }

    fn refused(&self, proof: Option<&Proof>) -> StoreError {
        let mut drive = self.clone();
        if proof.is_some_and(|proof| !proof.good) {
            drive.why = Some("`clinch doctor drive` found that it does not hold.".to_owned());
        }
        StoreError::Drive {
            path: drive.mount.clone(),
            drive: Box::new(drive),
        }
    }
}
