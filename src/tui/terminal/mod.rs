//! The terminal itself: its modes, the bytes it sends, the thread that waits for them.
//!
//! | module | holds |
//! |---|---|
//! | [`abilities`] | what a terminal is known to be able to, and what not |
//! | [`probe`] | what a terminal answers when it is asked what it can do |
//! | [`thin`] | what is drawn, in few bytes: [`pen`] its styles, [`shown`] what stands there already |
//! | [`screen`] | modes set and taken back, also in a panic |
//! | [`decode`] | bytes of a terminal to keys, mouse and pastes |
//! | [`signals`] | what the system tells: another size, the end, to stop and to go on |
//! | [`input`] | the thread that waits on the terminal, a wake-up pipe and signals together |

pub mod abilities;
#[cfg(unix)]
pub mod decode;
pub mod input;
mod pen;
pub mod probe;
pub mod screen;
mod shown;
#[cfg(unix)]
pub mod signals;
mod thin;
