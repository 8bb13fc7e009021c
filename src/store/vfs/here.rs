//! Which books this process has open through the shim. Closing any handle of a file drops all locks that the process holds on it,
//! so a second connection, or a mere look at the file, would take the locks of the first one away.

use std::collections::HashSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::word;

type FileId = (u64, u64);

static OPEN: Mutex<Option<HashSet<FileId>>> = Mutex::new(None);

fn open() -> MutexGuard<'static, Option<HashSet<FileId>>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks by name, so that nothing is opened.
fn id_of(path: &Path) -> Option<FileId> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.dev(), meta.ino()))
}

/// Whether this process has that file open through the shim.
pub(in crate::store) fn is_open(path: &Path) -> bool {
    id_of(path).is_some_and(|id| open().as_ref().is_some_and(|all| all.contains(&id)))
}

/// The right to be the one connection of this process to a file, until it is dropped.
#[derive(Debug)]
pub(super) struct Claim(FileId);

impl Claim {
    /// `None` where there is no file, or a connection to it.
    pub fn of(path: &Path) -> Option<Self> {
        let id = id_of(path)?;
        let free = open().get_or_insert_default().insert(id);
        if !free {
            word::keep("this process has the book open already".to_owned());
        }
        free.then_some(Self(id))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(all) = open().as_mut() {
            all.remove(&self.0);
        }
    }
}
