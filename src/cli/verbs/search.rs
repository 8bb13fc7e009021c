//! `search`: records of any noun whose words match.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, value_parser};
use serde_json::json;

use crate::cli::desk::unforeseen;
use crate::cli::fault::{Exit, Fault};
use crate::cli::rows::Rows;
use crate::cli::selection::words;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::Verb;
use crate::store::query::{Answer, Query};

/// The verb.
pub const VERB: Verb = Verb {
    name: "search",
    about: "Find records of any kind by words",
    build,
    run,
};

/// As many as people look at.
const LIMIT: usize = 50;

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("words")
            .value_name("WORDS")
            .required(true)
            .action(ArgAction::Append)
            .num_args(1..)
            .help("Names, e-mail addresses, phone numbers; case and accents do not matter"),
    )
    .arg(
        Arg::new("limit")
            .long("limit")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("At the most so many [default: 50]"),
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let query = Query::Search {
        text: words(matches),
        limit: matches.get_one("limit").copied().unwrap_or(LIMIT),
    };
    let found = match desk.ask(&query)? {
        Answer::Search(found) => found,
        other => return Err(unforeseen(&other)),
    };
    if found.rows.is_empty() {
        shell.say("Nothing was found.");
    }
    let mut rows = Rows::new(&[
        ("id", Side::Whole),
        ("noun", Side::Left),
        ("name", Side::Left),
        ("detail", Side::Left),
        ("matched", Side::Left),
    ]);
    for row in found.rows {
        let hit = row.record;
        let object = json!({
            "noun": hit.entity.name(), "id": hit.id, "name": hit.name, "detail": hit.detail, "matched": row.matched, "near": row.near,
        });
        let near = row.near.map(|near| format!("near: {near}"));
        let found_by = [row.matched, near].into_iter().flatten();
        rows.push(
            [
                hit.id.to_string(),
                hit.entity.name().to_owned(),
                hit.name,
                hit.detail.unwrap_or_default(),
                found_by.collect::<Vec<_>>().join(" · "),
            ],
            object,
        );
    }
    rows.print(shell)?;
    Ok(Exit::Done)
}
