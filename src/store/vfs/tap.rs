//! For tests: somebody who is asked before each change of a file through the shim, and may refuse it.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is about to happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Act<'a> {
    /// It is opened; `new` where it is not there yet.
    Open { new: bool },
    /// Bytes are written, as they go out: pieces of a journal that follow each other come as one.
    Write { at: i64, bytes: &'a [u8] },
    /// It gets this size.
    Truncate { size: i64 },
    /// It is flushed.
    Sync,
    /// It is deleted.
    Delete,
    /// Its lock is given back, down to that of a reader or to none.
    Unlock,
}

/// Who is asked.
pub(in crate::store) trait Tap: Send + Sync {
    /// An SQLite error code (`SQLITE_FULL`, `SQLITE_IOERR_WRITE`) refuses the act, which is then not done.
    fn before(&self, file: &Path, act: Act<'_>) -> Result<(), c_int>;
}

static TAPS: Mutex<Vec<(PathBuf, Arc<dyn Tap>)>> = Mutex::new(Vec::new());

/// Asks `tap` about every file under a folder until the guard is dropped.
#[must_use]
pub(in crate::store) fn on(folder: &Path, tap: Arc<dyn Tap>) -> Guard {
    // SQLite knows files by their full names.
    let folder = folder.canonicalize().unwrap();
    let mut taps = TAPS.lock().unwrap_or_else(PoisonError::into_inner);
    taps.push((folder.clone(), tap));
    Guard(folder)
}

/// Takes the tap away when it is dropped.
pub(in crate::store) struct Guard(PathBuf);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut taps = TAPS.lock().unwrap_or_else(PoisonError::into_inner);
        taps.retain(|(folder, _)| *folder != self.0);
    }
}

/// Asks whom it concerns.
pub(super) fn before(file: &Path, act: Act<'_>) -> Result<(), c_int> {
    let asked = {
        let taps = TAPS.lock().unwrap_or_else(PoisonError::into_inner);
        let found = taps.iter().find(|(folder, _)| file.starts_with(folder));
        found.map(|(_, tap)| Arc::clone(tap))
    };
    asked.map_or(Ok(()), |tap| tap.before(file, act))
}
