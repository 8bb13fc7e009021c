//! The shim between SQLite and a share: a VFS of SQLite's that locks, forgets and combines as a network drive needs it.
//!
//! | what | why | where |
//! |---|---|---|
//! | locks are taken like SQLite's Windows code takes them | an SMB server cannot turn a read lock into a write lock | `locks` |
//! | a missing lock service is no busy file | SQLite takes either for "locked, try again" | `posix` |
//! | read pages are forgotten after the shared lock | `GlusterFS` and others go on showing what was cached before | `file` |
//! | the size is asked of the server | a remembered one makes a good book look damaged | `file` |
//! | a journal that seems missing or empty is opened before that is believed | NFS remembers both wrongly for a minute | `file` |
//! | a page is read with those around it | each is a round trip | `ahead` |
//! | pieces of a journal go out together | each is a round trip | `tail` |
//! | one connection to a file in a process | closing any handle drops all locks | `here` |
//!
//! The files themselves are read and written by SQLite's `unix-none`, its Unix code without locks. On Windows SQLite's own VFS does
//! all this already. Not tried on macOS: there is no way to make it forget pages, for which its network file systems are asked anew
//! when a lock is taken.

#[cfg(unix)]
mod ahead;
#[cfg(unix)]
mod file;
#[cfg(unix)]
mod here;
#[cfg(unix)]
mod locks;
#[cfg(unix)]
mod posix;
#[cfg(unix)]
mod raw;
mod shared;
#[cfg(unix)]
mod tail;
#[cfg(unix)]
#[cfg(test)]
pub(in crate::store) mod tap;
#[cfg(unix)]
#[cfg(test)]
mod tests;
mod word;

#[cfg(unix)]
use std::ffi::CStr;
use std::path::Path;

use super::drive::Manner;

pub(super) use shared::Shared;
pub(super) use word::take as last_word;

/// The shim's name.
#[cfg(unix)]
const SHARE: &CStr = c"clinch-share";
/// The shim under a lease: a drive without locks is no fault.
#[cfg(unix)]
const ALONE: &CStr = c"clinch-alone";
/// SQLite's own code without locks, which both stand on.
#[cfg(unix)]
const NONE: &CStr = c"unix-none";

/// The name of the VFS for a manner of working; `None` is SQLite's own. A name that could not be registered is better than none:
/// opening then fails, where SQLite's own VFS would lock as it should not.
#[cfg(unix)]
pub(super) fn of(manner: Manner) -> Option<&'static str> {
    static REGISTERED: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    let name = match manner {
        Manner::Local => return None,
        Manner::Share => SHARE,
        Manner::Alone => ALONE,
    };
    REGISTERED.get_or_init(|| raw::register(SHARE) && raw::register(ALONE));
    // Both names are ASCII.
    name.to_str().ok()
}

/// SQLite's own code for Windows does what the shim would do.
#[cfg(not(unix))]
pub(super) fn of(_: Manner) -> Option<&'static str> {
    None
}

/// Whether this process has a file open through the shim, so that not even a look at it is allowed.
pub(super) fn is_open_here(path: &Path) -> bool {
    #[cfg(unix)]
    return here::is_open(path);
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
