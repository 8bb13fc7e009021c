//! Paths, settings, keymap and theme. Defaults are commented files in `assets/`, embedded; the user's files are patches on them.
//!
//! | module | holds |
//! |---|---|
//! | [`paths`] | where the user's files are |
//! | [`theme`] | roles and their styles |

pub mod paths;
pub mod theme;
