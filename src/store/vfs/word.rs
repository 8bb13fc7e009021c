//! The system's own word for the last fault of this thread: SQLite passes numbers of its own on, and not this.

use std::cell::RefCell;

thread_local! {
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps it until it is asked for.
#[cfg(unix)]
pub(super) fn keep(word: String) {
    LAST.with(|last| last.replace(Some(word)));
}

/// Takes it.
pub(in crate::store) fn take() -> Option<String> {
    LAST.with(RefCell::take)
}
