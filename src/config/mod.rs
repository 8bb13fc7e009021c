//! Paths, settings, keymap and theme. Defaults are commented files in `assets/`, embedded; the user's files are patches on them.
//!
//! | module | holds |
//! |---|---|
//! | [`paths`] | the platform's folders, the default book |
//! | [`settings`] | a few answers that hold for every start |
//! | [`keys`] | keys as people write them |
//! | [`keymap`] | which keys do what, and where |
//! | [`theme`] | roles and their styles |

pub mod keymap;
pub mod keys;
pub mod paths;
pub mod settings;
pub mod theme;
