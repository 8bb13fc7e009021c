//! The way from the command line into the app.

use std::io::{self, BufReader};
use std::path::PathBuf;

use super::editor;
use super::fault::{Exit, Fault};
use super::own;
use super::shell::Shell;
use super::verbs::book::local_zone;
use crate::domain::money::Currency;
use crate::store::{Book, NewBook, Opening, StoreError, real_now};
use crate::tui::app::FirstGuess;
use crate::tui::plain::run::Place;
use crate::tui::run::{Ended, Options, RunError, Shown, screen_names};

/// Opens the app on the book that the shell names; not on a terminal it says so.
pub fn open(shell: &Shell, screen: Option<&str>) -> Result<Exit, Fault> {
    let on_terminal = shell.streams.stdin && shell.streams.stdout;
    if !(on_terminal || shell.globals.plain) {
        return Err(Fault::usage("The app needs a terminal, and this is none.")
            .hint("`clinch tui --plain` works in lines, without one; `clinch --help` lists what else does."));
    }
    let shown = screen.map_or(Ok(Shown::default()), shown)?;
    let options = Options {
        shown,
        ..options(shell)?
    };
    let ended = if shell.globals.plain {
        crate::tui::plain::run::run(&options, place(shell))?;
        Ended::Left
    } else {
        crate::tui::run::run(&options)?
    };
    Ok(match ended {
        Ended::Left => Exit::Done,
        Ended::Terminated => Exit::Terminated,
        Ended::Interrupted => Exit::Interrupted,
    })
}

/// Where the app is talked to in lines: over the standard streams.
fn place(shell: &Shell) -> Place {
    Place {
        input: Box::new(BufReader::new(io::stdin())),
        output: Box::new(io::stdout()),
        interactive: shell.streams.stdin && shell.streams.stdout,
    }
}

/// The screen of a name.
fn shown(name: &str) -> Result<Shown, Fault> {
    let found = screen_names().find(|(known, _)| known == name);
    found.map(|(_, shown)| shown).ok_or_else(|| {
        let names: Vec<String> = screen_names().map(|(name, _)| name).collect();
        Fault::usage(format!("There is no screen `{name}` yet."))
            .hint(format!("There is {}.", names.join(" and ")))
    })
}

fn options(shell: &Shell) -> Result<Options, Fault> {
    let settings = own::settings()?;
    let locale = locale();
    let (book, rep) = (shell.opening()?, shell.rep()?);
    if shell.globals.now.is_some() {
        shell.now(local_zone())?;
    }
    Ok(Options {
        first_start: FirstGuess {
            book: book.path.display().to_string(),
            currency: locale.as_deref().and_then(currency_of),
            zone: Some(local_zone()),
            rep: rep.clone().unwrap_or_default(),
        },
        book,
        rep,
        now: shell.globals.now.clone(),
        foot: settings.foot.clone(),
        preset: settings.preset,
        keymap: own::file("keymap.toml")?,
        looks: own::looks(&settings, shell.globals.no_color)?,
        ascii: settings.ascii.holds(locale.as_deref()),
        can: own::abilities(&settings),
        mouse: settings.mouse,
        shown: Shown::default(),
        create,
        edit: editor::edit,
        drafts: super::drafts::FILES,
        export: super::exports::begin,
        failed: super::crash::tell,
        waiting: |what| {
            let what = what.join("; ");
            eprintln!(
                "Waiting up to 20 s for another program to release the book, to save: {what}"
            );
        },
        clock: real_now,
    })
}

/// Makes a book for who starts without one, and the folder for it where that is not there yet, under the circumstances that the shell
/// names. `~` is the home folder.
fn create(typed: &str, opening: &Opening, new: &NewBook) -> Result<PathBuf, StoreError> {
    let home = std::env::home_dir();
    let path = match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(typed),
    };
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
    let opening = Opening {
        path,
        ..opening.clone()
    };
    Book::create_as(&opening, new).map(|_| opening.path)
}

/// The locale of this process, where it has one.
pub fn locale() -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// The currency of this process's locale, where that is beyond doubt.
#[must_use]
pub fn locale_currency() -> Option<Currency> {
    currency_of(&locale()?)
}

/// The currency of a locale such as `de_CH.UTF-8`, where its territory has one that is beyond doubt.
fn currency_of(locale: &str) -> Option<Currency> {
    const EURO: &str = "AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK";
    let territory = locale.split_once('_')?.1.get(..2)?;
    let code = match territory {
        "US" => "USD",
        "CH" | "LI" => "CHF",
        "GB" => "GBP",
        "JP" => "JPY",
        "CA" => "CAD",
        "AU" => "AUD",
        "SE" => "SEK",
        "NO" => "NOK",
        "DK" => "DKK",
        "PL" => "PLN",
        "CZ" => "CZK",
        euro if EURO.split(' ').any(|known| known == euro) => "EUR",
        _ => return None,
    };
    code.parse().ok()
}

impl From<RunError> for Fault {
    fn from(error: RunError) -> Self {
        let error = match error {
            RunError::NotOpened(error) => return error.into(),
            other => other,
        };
        let exit = match &error {
            RunError::NoTerminal => Exit::Usage,
            RunError::Keymap(_) | RunError::Theme(_) => Exit::Invalid,
            RunError::Unsaved(_) => Exit::Busy,
            RunError::Terminal(_) | RunError::Failed | RunError::NotOpened(_) => Exit::Unexpected,
        };
        let file = match &error {
            RunError::Keymap(_) => Some("keymap.toml"),
            RunError::Theme(_) => Some("theme.toml"),
            _ => None,
        };
        let fault = Self::of_lines(exit, &error.to_string());
        match file {
            Some(file) => fault.hint(own::mend(file)),
            None => fault,
        }
    }
}
