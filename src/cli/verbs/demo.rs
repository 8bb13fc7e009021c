//! `demo`: a throwaway book with lively sample data, and the app on it.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command as Clap, ValueHint, value_parser};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::cli::app;
use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::private;
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::domain::time::Instant;
use crate::jobs::demo::big::{self, Size};
use crate::jobs::demo::{self, DemoError};
use crate::store::Opening;

/// The verb.
pub const VERB: Verb = Verb {
    name: "demo",
    about: "Open the app on a throwaway book with sample data",
    build,
    run,
};

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("keep")
            .long("keep")
            .value_name("FILE")
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf))
            .help("Make the book there, and keep it"),
    )
    .arg(
        count("contacts")
            .help("Make a big book with so many contacts, and a company for six of them"),
    )
    .arg(
        count("deals")
            .requires("contacts")
            .help("Of the big book: so many deals of four years, most of them closed"),
    )
    .arg(
        count("activities")
            .requires("contacts")
            .help("Of the big book: so many activities, done and planned"),
    )
    .arg(
        Arg::new("seed")
            .long("seed")
            .value_name("S")
            .value_parser(value_parser!(u64))
            .default_value("1")
            .requires("contacts")
            .help("Of the big book: another seed gives another book of the same size"),
    )
}

fn count(name: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name("N")
        .value_parser(value_parser!(u64).range(..=MOST))
}

/// More of a noun nobody asks for in earnest: it would take a day and the disk.
const MOST: u64 = 50_000_000;

/// How big the book shall be, where that was said.
fn size(matches: &ArgMatches) -> Option<Size> {
    let number = |name| matches.get_one::<u64>(name).copied();
    let count = |name| usize::try_from(number(name).unwrap_or_default()).unwrap_or(usize::MAX);
    number("contacts")?;
    Some(Size {
        contacts: count("contacts"),
        deals: count("deals"),
        activities: count("activities"),
        seed: number("seed").unwrap_or_default(),
    })
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let now = shell.now(demo::ZONE)?;
    let keep = matches.get_one::<PathBuf>("keep");
    let has_terminal = shell.streams.stdin && shell.streams.stdout && !shell.globals.no_input;
    let place = match keep {
        Some(path) => Place::Kept(path.clone()),
        None => Place::throwaway()?,
    };
    let mut on_sample = Shell {
        globals: shell.globals.clone(),
        streams: shell.streams,
        throwaway: matches!(place, Place::Throwaway { .. }),
    };
    on_sample.globals.book = Some(place.book().to_owned());
    // What is lost of samples is made again.
    let opening = Opening {
        outboxes: None,
        backups: None,
        ..on_sample.opening()?
    };
    match size(matches) {
        Some(size) => make_big(shell, &opening, now, size)?,
        None => drop(demo::make(&opening, now)?),
    }
    if !has_terminal {
        return say_where(shell, &place.leave());
    }
    let rep = &mut on_sample.globals.rep;
    rep.get_or_insert_with(|| demo::YOU.to_owned());
    app::open(&on_sample, None)
}

/// Makes a big book, and says on a terminal how far it is.
fn make_big(shell: &Shell, opening: &Opening, now: Instant, size: Size) -> Result<(), Fault> {
    let shown = shell.streams.stderr && !shell.globals.quiet;
    let target = if shown {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(size.records() as u64), target);
    // The template is ours.
    if let Ok(style) =
        ProgressStyle::with_template("{human_pos} of {human_len} records · {per_sec} · {eta} left")
    {
        bar.set_style(style);
    }
    let made = big::make(opening, now, size, &mut |done| {
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    drop(made?);
    Ok(())
}

fn say_where(shell: &Shell, path: &Path) -> Result<Exit, Fault> {
    let path = path.display().to_string();
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let item = json!({"path": path, "rep": demo::YOU});
            shell.print(&format!("{}\n", json!({"schema_version": 1, "item": item})))?;
        }
        _ => shell.print(&format!("{}\n", one_line(&path)))?,
    }
    shell.say(&format!(
        "This is the sample book; you could be {}. Try `clinch --book FILE deals list`.",
        demo::YOU
    ));
    Ok(Exit::Done)
}

/// Where the sample book lies.
enum Place {
    /// Where the user wants it.
    Kept(PathBuf),
    /// In a folder of its own that goes when this goes.
    Throwaway { folder: PathBuf, book: PathBuf },
}

impl Place {
    fn throwaway() -> Result<Self, Fault> {
        let folder = private::folder("demo").map_err(|error| {
            Fault::new(
                Exit::Unexpected,
                format!("No temporary folder could be made: {error}."),
            )
            .hint("`--keep FILE` puts the sample book elsewhere.")
        })?;
        let book = folder.join("demo.db");
        Ok(Self::Throwaway { folder, book })
    }

    fn book(&self) -> &Path {
        match self {
            Self::Kept(book) | Self::Throwaway { book, .. } => book,
        }
    }

    /// Leaves the book where it is, for whoever reads its path.
    fn leave(self) -> PathBuf {
        let book = self.book().to_owned();
        std::mem::forget(self);
        book
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Throwaway { folder, .. } = self {
            // What cannot be removed here is removed with the other temporary files.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl From<DemoError> for Fault {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Store(error) => error.into(),
            other => Self::new(Exit::Unexpected, other.to_string()),
        }
    }
}
