//! `book backup` and `book backups`: make one, list them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, ValueHint, value_parser};
use serde_json::{Value as Json, json};

use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::Verb;
use crate::config::settings::interval;
use crate::domain::money::grouped;
use crate::domain::shown::moment;
use crate::domain::time::Zone;
use crate::store::backup::{self, Backup, Found, Occasion};
use crate::store::{Book, StoreError, real_now};

/// `book backup`
pub const BACKUP: Verb = Verb {
    name: "backup",
    about: "Make a backup, read back and compared",
    build: build_backup,
    run: run_backup,
};

/// `book backups`
pub const BACKUPS: Verb = Verb {
    name: "backups",
    about: "List the backups of the book, newest first",
    build: |clap| {
        clap.arg(folder("in", "The folder to look into"))
            .after_help("Files of other books are left out.")
    },
    run: run_backups,
};

fn folder(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("FOLDER")
        .value_hint(ValueHint::DirPath)
        .value_parser(value_parser!(PathBuf))
        .help(help)
}

fn build_backup(clap: Clap) -> Clap {
    clap.arg(folder("to", "Where to, where it is not the folder of the settings"))
        .arg(
            Arg::new("if-older")
                .long("if-older")
                .value_name("AGE")
                .value_parser(interval)
                .help("Only where the newest one there is older: 12h, 1d, 2w"),
        )
        .arg(
            Arg::new("thin-out")
                .long("thin-out")
                .action(ArgAction::SetTrue)
                .help("Remove older ones of this book from the folder of `--to` too"),
        )
        .after_help(
            "In the folder of the settings older backups are thinned out: the last five stay, one a day\n\
             for two weeks, one a week for eight. A book over 256 MiB is copied in portions, between\n\
             which others can write. For cron: `clinch book backup --if-older 1d --quiet`.",
        )
}

fn run_backup(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut book = Book::open_as(&shell.opening()?)?;
    let named = matches.get_one::<PathBuf>("to");
    let folder = named.cloned().unwrap_or_else(|| book.backup_folder());
    let now = real_now();
    if let Some(age) = matches.get_one::<Duration>("if-older") {
        let newest = book.backups(&folder)?.backups.into_iter().next();
        if let Some(newest) = newest.filter(|newest| newest.is_younger_than(*age, now)) {
            shell.say(&format!(
                "Not done: there is one from {}.",
                moment(newest.at, shell.zone(book.zone())?)
            ));
            return print(shell, None).map(|()| Exit::Done);
        }
    }
    if shell.globals.dry_run {
        shell.say(&format!(
            "Not done (dry run): a backup in {}.",
            folder.display()
        ));
        return Ok(Exit::Done);
    }
    let made = book.back_up(&folder, Occasion::Usual, now)?;
    print(shell, Some(&made))?;
    if named.is_none() || matches.get_flag("thin-out") {
        thin_out(shell, &book, &folder);
    }
    Ok(Exit::Done)
}

/// A backup was made: what is not removed now is removed the next time.
fn thin_out(shell: &Shell, book: &Book, folder: &Path) {
    match book.thin_out(folder, real_now()) {
        Ok(gone) if gone.is_empty() => {}
        Ok(gone) => shell.say(&format!(
            "Removed {} that are no longer needed.",
            gone.len()
        )),
        Err(fault) => shell.say(&format!("Older backups were not removed: {fault}")),
    }
}

fn print(shell: &Shell, backup: Option<&Backup>) -> Result<(), Fault> {
    match (shell.format(), backup) {
        (Format::Json | Format::Jsonl, _) => {
            let item = json!({"schema_version": 1, "item": backup.map(as_json)});
            shell.print(&format!("{item}\n"))
        }
        (Format::Table, Some(backup)) => shell.print(&format!(
            "Backed up {} steps to {} ({} bytes)\n",
            grouped(backup.steps),
            one_line(&backup.path.display().to_string()),
            grouped(backup.bytes),
        )),
        (_, Some(backup)) => shell.print(&format!(
            "{}\n",
            one_line(&backup.path.display().to_string())
        )),
        (_, None) => Ok(()),
    }
}

/// A backup as programs read it.
pub(super) fn as_json(backup: &Backup) -> Json {
    json!({
        "path": backup.path.display().to_string(),
        "at": backup.at.to_string(),
        "seq": backup.seq,
        "steps": backup.steps,
        "bytes": backup.bytes,
        "made": made(backup),
    })
}

/// Why it was made; nothing for one that bears no backup's name.
fn made(backup: &Backup) -> Option<String> {
    let words = backup.occasion?.words();
    Some(if words.is_empty() {
        "as usual".to_owned()
    } else {
        words
    })
}

fn run_backups(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let named = matches.get_one::<PathBuf>("in");
    let (found, zone) = find(shell, named.map(PathBuf::as_path))?;
    let zone = shell.zone(zone)?;
    let people = shell.format() == Format::Table;
    let mut rows = Rows::new(&[
        ("at", Side::Whole),
        ("steps", Side::Right),
        ("bytes", Side::Right),
        ("made", Side::Left),
        ("file", Side::Left),
    ]);
    for backup in &found.backups {
        let at = if people {
            moment(backup.at, zone)
        } else {
            backup.at.to_string()
        };
        let number = |number: u64| {
            if people {
                grouped(number)
            } else {
                number.to_string()
            }
        };
        rows.push(
            [
                at,
                number(backup.steps),
                number(backup.bytes),
                made(backup).unwrap_or_default(),
                backup.path.display().to_string(),
            ],
            as_json(backup),
        );
    }
    rows.print(shell)?;
    for path in &found.unreadable {
        shell.say(&format!("{} cannot be read.", path.display()));
    }
    if found.backups.is_empty() {
        shell.say("There is no backup of this book. `clinch book backup` makes one.");
    }
    Ok(Exit::Done)
}

/// The backups of the book, and the zone of its team. Of a book that cannot be opened, those that are called like its backups.
pub(super) fn find(shell: &Shell, folder: Option<&Path>) -> Result<(Found, Zone), Fault> {
    let opening = shell.opening()?;
    match Book::open_as(&opening) {
        Ok(book) => {
            let folder = folder.map_or_else(|| book.backup_folder(), Path::to_owned);
            Ok((book.backups(&folder)?, book.zone()))
        }
        Err(
            fault @ (StoreError::Missing { .. }
            | StoreError::Damaged { .. }
            | StoreError::NotABook { .. }),
        ) => {
            let found = backup::of_lost_book(&opening, folder)?;
            if found.backups.is_empty() {
                return Err(fault.into());
            }
            shell.say(&format!("{fault} These are called like its backups."));
            Ok((found, Zone::UTC))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// How a book is backed up.
pub(super) struct Newest {
    backup: Option<Backup>,
    folder: PathBuf,
    is_too_big: bool,
}

impl Newest {
    /// What cannot be looked into holds no backup.
    pub(super) fn of(book: &Book) -> Result<Self, Fault> {
        let folder = book.backup_folder();
        let found = book.backups(&folder).unwrap_or_default();
        Ok(Self {
            backup: found.backups.into_iter().next(),
            folder,
            is_too_big: book.is_too_big_to_back_up()?,
        })
    }

    pub(super) fn in_words(&self, zone: Zone) -> String {
        let folder = self.folder.display();
        let when = match &self.backup {
            Some(backup) => format!("{}, in {folder}", moment(backup.at, zone)),
            None => format!("none in {folder}"),
        };
        if self.is_too_big {
            when + "; the book is too big to be backed up by itself: `clinch book backup` does it"
        } else {
            when
        }
    }

    pub(super) fn as_json(&self) -> Json {
        json!({
            "folder": self.folder.display().to_string(),
            "newest": self.backup.as_ref().map(as_json),
            "by_itself": !self.is_too_big,
        })
    }
}
