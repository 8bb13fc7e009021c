//! The way from the command line into the app.

use super::fault::{Exit, Fault};
use super::shell::Shell;

/// Opens the app on the book that the shell names; not on a terminal it says so.
pub fn open(shell: &Shell, screen: Option<&str>) -> Result<Exit, Fault> {
    if !shell.streams.stdin || !shell.streams.stdout {
        return Err(Fault::usage("The app needs a terminal, and this is none.")
            .hint("`clinch --help` lists what works without one."));
    }
    let _ = screen;
    Err(Fault::new(
        Exit::Unexpected,
        "The app is not part of this build.",
    ))
}
