//! The app: run loop, messages, state, actions, layers, screens, widgets. The only room that names ratatui or crossterm.
//!
//! | module | holds |
//! |---|---|
//! | [`run`](mod@run) | the loop: one queue, drained before one frame is drawn |
//! | [`plain`] | the same app as a conversation in lines, for who has it read aloud |
//! | [`outside`] | what is outside of the app whatever its face: the store, the keeper, a book that is made |
//! | [`terminal`] | modes, bytes, the input thread |
//! | [`msg`] | what reaches the app, what it asks for |
//! | [`app`] | the state and how it changes |
//! | [`action`], [`keys`] | the one table of actions; the keys that lead to them |
//! | [`layers`] | menus, popups and forms over the screen |
//! | [`notices`] | the status line and the list of messages |
//! | [`screens`], [`target`] | the screens; what an act is about, as its author sees it |
//! | [`look`], [`words`] | how dates, moments and amounts are written, and how they are told |
//! | [`theme`] | styles and glyphs by role |
//! | [`widgets`] | pieces of screen that know nothing of the app |
//! | [`forms`] | what is typed and chosen in layers over a screen |
//! | [`exporter`] | the thread that writes what is exported |
//! | [`kept`], [`keeper`] | half-written forms between two runs; the thread that reads and writes them |

pub mod action;
pub mod app;
pub mod exporter;
pub mod forms;
pub mod keeper;
pub mod kept;
pub mod keys;
pub mod layers;
pub mod look;
pub mod msg;
pub mod notices;
mod outside;
pub mod plain;
pub mod run;
pub mod screens;
pub mod target;
pub mod terminal;
pub mod theme;
pub mod widgets;
pub mod words;

#[cfg(test)]
pub(crate) mod for_tests;

pub use run::{Options, RunError, run};
