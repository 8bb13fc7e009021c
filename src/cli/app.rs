//! The way from the command line into the app.

use std::path::Path;

use super::fault::{Exit, Fault};
use super::shell::{self, Shell};
use super::verbs::book::local_zone;
use crate::config::paths::{Paths, read_optional};
use crate::config::settings::Settings;
use crate::store::{Book, NewBook, StoreError};
use crate::tui::run::{Options, RunError};

/// The screens that are there, by the names that `--screen` takes.
const SCREENS: [&str; 1] = ["pipeline"];

/// Opens the app on the book that the shell names; not on a terminal it says so.
pub fn open(shell: &Shell, screen: Option<&str>) -> Result<Exit, Fault> {
    if !shell.streams.stdin || !shell.streams.stdout {
        return Err(Fault::usage("The app needs a terminal, and this is none.")
            .hint("`clinch --help` lists what works without one."));
    }
    if let Some(name) = screen.filter(|name| !SCREENS.contains(name)) {
        return Err(Fault::usage(format!("There is no screen `{name}` yet."))
            .hint(format!("There is {}.", SCREENS.join(", "))));
    }
    let options = options(shell)?;
    crate::tui::run::run(&options)?;
    Ok(Exit::Done)
}

fn options(shell: &Shell) -> Result<Options, Fault> {
    let paths = Paths::of_platform();
    let file = |name: &str| {
        let path = paths.config.join(name);
        read_optional(&path).map_err(|fault| {
            Fault::new(
                Exit::Invalid,
                format!("{} could not be read: {fault}.", path.display()),
            )
            .hint("Mend the file or move it away.")
        })
    };
    let settings = Settings::load(file("settings.toml")?.as_deref()).map_err(|fault| {
        Fault::new(
            Exit::Invalid,
            format!("{}: {fault}.", paths.config.join("settings.toml").display()),
        )
        .hint("Mend the file or move it away.")
    })?;
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let rep = shell.globals.rep.clone().or_else(|| settings.rep.clone());
    Ok(Options {
        book: paths.book(
            shell.globals.book.as_deref(),
            None,
            settings.book.as_deref(),
        ),
        rep: rep.filter(|rep| !rep.trim().is_empty()),
        now: match shell.globals.now {
            Some(_) => Some(shell.now(local_zone())?),
            None => None,
        },
        foot: settings.foot.clone(),
        keymap: file("keymap.toml")?,
        theme: file("theme.toml")?,
        mono: shell.globals.no_color
            || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()),
        ascii: settings.ascii.holds(locale.as_deref()),
        mouse: settings.mouse,
        create,
        clock: shell::clock,
    })
}

/// Makes a book for who starts without one, and the default folder for it where that is not there yet.
fn create(path: &Path, new: &NewBook) -> Result<(), StoreError> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|source| StoreError::File {
            doing: "Making the folder",
            path: folder.to_owned(),
            source,
        })?;
    }
    Book::create(path, new).map(drop)
}

impl From<RunError> for Fault {
    fn from(error: RunError) -> Self {
        let exit = match &error {
            RunError::NoTerminal => Exit::Usage,
            RunError::Keymap(_) | RunError::Theme(_) => Exit::Invalid,
            RunError::Terminal(_) | RunError::Random(_) => Exit::Unexpected,
        };
        Self::new(exit, error.to_string())
    }
}
