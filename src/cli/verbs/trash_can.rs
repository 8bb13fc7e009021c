//! `trash`: what is in the trash, of every noun. Each noun has its own `rm` and `restore`.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, value_parser};
use serde_json::json;

use crate::cli::desk::unforeseen;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::{NOUNS, spoken};
use crate::cli::output::Format;
use crate::cli::rows::Rows;
use crate::cli::selection::words;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::{Verb, build_under, run_under};
use crate::domain::past::{SHOWN_MS, Trash};
use crate::domain::time::Instant;
use crate::store::query::{Answer, Query, TrashQuery};

/// The verb.
pub const VERB: Verb = Verb {
    name: "trash",
    about: "What is in the trash, who put it there, and by which step",
    build: |clap| build_under(clap, VERBS),
    run: |shell, matches| run_under(shell, matches, VERBS),
};

static VERBS: &[Verb] = &[Verb {
    name: "list",
    about: "List the trash, the latest first",
    build,
    run: list,
}];

fn build(clap: Clap) -> Clap {
    let nouns: Vec<&str> = NOUNS.iter().map(|noun| noun.plural).collect();
    clap.arg(
        Arg::new("words")
            .value_name("WORDS")
            .action(ArgAction::Append)
            .num_args(0..)
            .help("Only what has these words: in its name, in who put it there, in the step"),
    )
    .arg(
        Arg::new("noun")
            .long("noun")
            .value_name("NOUN")
            .value_parser(nouns)
            .help("Only records of that noun"),
    )
    .arg(
        Arg::new("all")
            .long("all")
            .action(ArgAction::SetTrue)
            .help("Also what was put there more than 30 days ago"),
    )
    .arg(
        Arg::new("limit")
            .long("limit")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("At the most so many"),
    )
}

fn list(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let plural = matches.get_one::<String>("noun");
    let noun = plural.and_then(|plural| NOUNS.iter().find(|noun| noun.plural == plural));
    let since = Instant::from_millis(desk.now.millis() - SHOWN_MS);
    let query = Query::Trash(TrashQuery {
        entity: noun.map(|noun| noun.entity),
        words: words(matches),
        since: (!matches.get_flag("all")).then_some(since),
        limit: matches.get_one("limit").copied().unwrap_or(usize::MAX),
    });
    let trash = match desk.ask(&query)? {
        Answer::Trash(trash) => trash,
        other => return Err(unforeseen(&other)),
    };
    tell_what_is_hidden(shell, &trash);
    let people = shell.format() == Format::Table;
    let wording = desk.wording();
    let mut rows = Rows::new(&[
        ("id", Side::Whole),
        ("at", Side::Whole),
        ("noun", Side::Left),
        ("name", Side::Left),
        ("by", Side::Left),
        ("step", Side::Left),
    ]);
    for record in trash.records {
        let at = if people {
            wording.moment(record.at)
        } else {
            record.at.to_string()
        };
        let object = json!({
            "noun": record.entity.name(),
            "id": record.id,
            "name": record.name,
            "at": record.at.to_string(),
            "by": record.by,
            "step": record.step,
        });
        let cells = [
            record.id.to_string(),
            at,
            spoken(record.entity),
            record.name,
            record.by.unwrap_or_default(),
            record.step.unwrap_or_default(),
        ];
        rows.push(cells, object);
    }
    rows.print(shell)?;
    Ok(Exit::Done)
}

fn tell_what_is_hidden(shell: &Shell, trash: &Trash) {
    if trash.records.is_empty() {
        shell.say("Nothing of that is in the trash.");
    }
    if trash.older > 0 {
        shell.say(&format!(
            "{} more were put there over 30 days ago; --all lists them.",
            trash.older
        ));
    }
}
