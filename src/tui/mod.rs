//! The app: run loop, messages, state, actions, layers, screens, widgets. The only room that names ratatui or crossterm.
//!
//! | module | holds |
//! |---|---|
//! | [`theme`] | styles and glyphs by role |
//! | [`widgets`] | pieces of screen that know nothing of the app |
//! | [`forms`] | what is typed and chosen in layers over a screen |

pub mod forms;
pub mod theme;
pub mod widgets;

#[cfg(test)]
pub(crate) mod for_tests;
