//! `book migrate`: an older book to the schema of this program.

use serde_json::json;

use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::store::{Book, Migrated, real_now};

/// The verb, under `book`.
pub const VERB: Verb = Verb {
    name: "migrate",
    about: "Bring an older book to the schema of this clinch",
    build: |clap| {
        clap.after_help(
            "A verified backup is made beside the book first. A book of an older minor is migrated by\n\
             itself when it is opened while nobody else works on it.",
        )
    },
    run: |shell, _| run(shell),
};

fn run(shell: &Shell) -> Result<Exit, Fault> {
    let opening = shell.opening()?;
    let mut book = Book::open_to_migrate(&opening)?;
    if shell.globals.dry_run {
        let ahead = book.migrations_ahead()?;
        let schema = book.head(opening.patience)?.schema;
        return match shell.format() {
            Format::Json | Format::Jsonl => shell.print(&format!(
                "{}\n",
                json!({"schema_version": 1, "item": {"schema": words(schema.0, schema.1), "ahead": ahead}})
            )),
            _ if ahead.is_empty() => shell.print(&up_to_date(&words(schema.0, schema.1))),
            _ => shell.print(&format!(
                "Not done (dry run), from schema {}: {}\n",
                words(schema.0, schema.1),
                ahead.join("; ")
            )),
        }
        .map(|()| Exit::Done);
    }
    let done = book.migrate(opening.patience, real_now())?;
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let item = json!({
                "from": words(done.from / 1000, done.from % 1000),
                "schema": words(done.to / 1000, done.to % 1000),
                "done": done.done,
                "backup": done.backup.as_ref().map(super::backup::as_json),
            });
            shell.print(&format!("{}\n", json!({"schema_version": 1, "item": item})))?;
        }
        _ => shell.print(&as_text(&done))?,
    }
    Ok(Exit::Done)
}

fn as_text(done: &Migrated) -> String {
    let schema = words(done.to / 1000, done.to % 1000);
    match &done.backup {
        None => up_to_date(&schema),
        Some(backup) => format!(
            "Migrated to schema {schema}: {}\nThe state before is kept in {}\n",
            done.done.join("; "),
            one_line(&backup.path.display().to_string())
        ),
    }
}

fn up_to_date(schema: &str) -> String {
    format!("Nothing to do: the book has schema {schema}\n")
}

fn words(major: u32, minor: u32) -> String {
    format!("{major}.{minor}")
}
