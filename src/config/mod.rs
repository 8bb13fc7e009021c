//! Paths, settings, keymap and theme. Defaults are commented files in `assets/`, embedded; the user's files are patches on them.
//!
//! | module | holds |
//! |---|---|
//! | [`theme`] | roles and their styles |

pub mod theme;
