//! The shim between SQLite and a share.

use super::drive::Manner;

/// The name of the VFS for a manner of working; `None` is SQLite's own.
pub(super) const fn of(_manner: Manner) -> Option<&'static str> {
    None
}
