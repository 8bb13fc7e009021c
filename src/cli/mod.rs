//! The command line: definitions, one file a verb, forms of output, exit codes. No business rules.
//!
//! | module | holds |
//! |---|---|
//! | [`tree`], [`globals`] | the table of verbs; the flags that all of them take |
//! | [`verbs`] | one file a verb |
//! | [`nouns`], [`values`], [`stages`], [`selection`], [`views`], [`steps`] | from flags to fields of the book, steps, and questions to it |
//! | [`shell`], [`own`], [`desk`] | the circumstances of a run; the user's files; an open book |
//! | [`cells`], [`rows`], [`table`], [`written`], [`output`] | what is printed, and where |
//! | [`fault`], [`conflict`] | what went wrong, and the exit code; who changed what first |
//! | [`app`], [`drafts`], [`exports`], [`crash`] | the way into the app; its half-written forms; its exports; what is said when it failed |
//! | [`private`], [`editor`] | folders and files for its user's eyes only; the user's own editor |
//!
//! Data goes to standard output, messages to standard error.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

pub mod app;
pub mod cells;
pub mod conflict;
pub mod crash;
pub mod desk;
pub mod drafts;
pub mod editor;
pub mod exports;
pub mod fault;
pub mod globals;
pub mod nouns;
pub mod output;
pub mod own;
pub mod private;
pub mod rows;
pub mod selection;
pub mod shell;
pub mod stages;
pub mod steps;
pub mod table;
pub mod tree;
pub mod values;
pub mod verbs;
pub mod views;
pub mod written;

use fault::{Exit, Fault};
use output::Streams;
use shell::Shell;

/// Does what the command line says.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let json = args
        .iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg == "--json");
    let outcome = run(&args).unwrap_or_else(|fault| {
        let _ = io::stderr().write_all(fault.render(json).as_bytes());
        fault.exit
    });
    outcome.into()
}

fn run(args: &[OsString]) -> Result<Exit, Fault> {
    let streams = Streams::look();
    let matches = match tree::command().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return not_understood(&error),
    };
    let globals = tree::globals(&matches).map_err(|error| usage_fault(&error))?;
    let shell = Shell {
        globals,
        streams,
        throwaway: false,
    };
    match tree::run(&shell, &matches) {
        Some(outcome) => outcome,
        None if streams.stdin && streams.stdout => app::open(&shell, None),
        None => {
            // Help on standard error: whoever reads our data shall not take it for data.
            let help = tree::command().render_help();
            let _ = write!(io::stderr(), "{help}");
            Ok(Exit::Usage)
        }
    }
}

/// Help and version that were asked for, or a fault of the command line.
fn not_understood(error: &clap::Error) -> Result<Exit, Fault> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render();
            let mut out = io::stdout().lock();
            let written = if Streams::look().stdout {
                write!(out, "{}", text.ansi())
            } else {
                write!(out, "{text}")
            };
            written.and_then(|()| out.flush())?;
            Ok(Exit::Done)
        }
        _ => Err(usage_fault(error)),
    }
}

/// Clap's words in the shape of our faults: the sentence, then the suggestion or where help is.
fn usage_fault(error: &clap::Error) -> Fault {
    let text = error.render().to_string();
    let sentence: Vec<&str> = text
        .lines()
        .take_while(|line| !line.is_empty())
        .map(str::trim)
        .collect();
    let message = sentence.join(" ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .find_map(|kind| match error.get(kind)? {
        ContextValue::String(one) => Some(one.clone()),
        // The last is the likeliest.
        ContextValue::Strings(several) => several.last().cloned(),
        _ => None,
    });
    let usage = text
        .lines()
        .find(|line| line.starts_with("Usage:"))
        .unwrap_or("`--help` says more.");
    let is_word = matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(arg)) if !arg.starts_with('-'));
    let is_filter = is_word && usage.contains(" list ");
    Fault::usage(values::sentence(message)).hint(match suggested {
        Some(suggested) => format!("Did you mean `{suggested}`?"),
        None if is_filter => format!("{usage}; a filter goes with `--filter`."),
        None => usage.to_owned(),
    })
}
