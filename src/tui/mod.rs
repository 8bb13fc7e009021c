//! The app: run loop, messages, state, actions, layers, screens, widgets. The only room that names ratatui or crossterm.
//!
//! | module | holds |
//! |---|---|
//! | [`theme`] | styles and glyphs by role |

pub mod theme;
