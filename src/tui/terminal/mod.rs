//! The terminal itself: its modes, the bytes it sends, the thread that waits for them.
//!
//! | module | holds |
//! |---|---|
//! | [`screen`] | modes set and taken back, also in a panic |
//! | [`decode`] | bytes of a terminal to keys, mouse and pastes |
//! | [`input`] | the thread that waits on the terminal, a wake-up pipe and signals together |

#[cfg(unix)]
pub mod decode;
pub mod input;
pub mod screen;
