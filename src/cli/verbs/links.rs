//! `links`: texts of imports that wait for one answer.

use std::fmt::Write as _;

use clap::{Arg, ArgMatches, Command as Clap};
use serde_json::json;

use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns;
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::{Verb, build_under, run_under};
use crate::domain::filter::nearest;
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::domain::records::Candidate;
use crate::domain::text::fold;
use crate::jobs::group::Actor;
use crate::jobs::links::{self, Answered, WaitingText};

/// The verb.
pub const VERB: Verb = Verb {
    name: "links",
    about: "Answer what imports left open: names that are near to a record, or that no record has",
    build: |clap| build_under(clap, VERBS),
    run: |shell, matches| run_under(shell, matches, VERBS),
};

static VERBS: &[Verb] = &[
    Verb {
        name: "list",
        about: "List the texts that wait, with what is suggested",
        build: |clap| clap,
        run: |shell, _| list(shell),
    },
    Verb {
        name: "accept",
        about: "Link every record that names a text to what is suggested, or to a record of your choice",
        build: build_accept,
        run: accept,
    },
    Verb {
        name: "dismiss",
        about: "Take a suggestion away: the records wait on, and it is not offered again",
        build: build_which,
        run: dismiss,
    },
];

/// The nouns that a text can wait for, as `--into` has them.
const INTO: &[(&str, Entity)] = &[
    ("product", Entity::Product),
    ("company", Entity::Company),
    ("contact", Entity::Contact),
    ("rep", Entity::Rep),
    ("deal", Entity::Deal),
    ("lost-reason", Entity::LostReason),
];

fn build_which(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("text")
            .value_name("TEXT")
            .required(true)
            .help("A text of `clinch links list`"),
    )
    .arg(
        Arg::new("into")
            .long("into")
            .value_name("NOUN")
            .value_parser(INTO.iter().map(|(word, _)| *word).collect::<Vec<_>>())
            .help("What it stands for, where the text waits for several nouns"),
    )
    .arg(
        Arg::new("source")
            .long("source")
            .value_name("NAME")
            .help("The system that it is a key of, where several use the same"),
    )
}

fn build_accept(clap: Clap) -> Clap {
    build_which(clap)
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("RECORD")
                .help("The record that is meant, by name or id, where it is not the suggested one"),
        )
        .after_help(
            "One `clinch undo` takes an answer back. The next import of the same source remembers it.",
        )
}

fn list(shell: &Shell) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let people = shell.format() == Format::Table;
    let texts = links::waiting(&mut desk.book)?;
    let mut rows = Rows::new(&[
        ("stands for", Side::Left),
        ("text", Side::Left),
        ("records", Side::Right),
        ("suggestion", Side::Left),
    ]);
    for text in &texts {
        let near = text.suggestion.as_ref();
        rows.object(json!({
            "noun": text.target.name(),
            "text": text.text,
            "source": text.source,
            "records": text.links.len(),
            "suggestion": near.map(|near| json!({"id": near.id, "name": near.name})),
        }));
        let count = text.links.len();
        let count = if people {
            grouped(count as u64)
        } else {
            count.to_string()
        };
        let noun = match (&text.source, people) {
            (Some(source), true) => format!("{} of {source}", nouns::spoken(text.target)),
            _ => nouns::spoken(text.target),
        };
        let near = near.map_or_else(String::new, |near| near.name.clone());
        rows.cells([noun, text.text.clone(), count, near]);
    }
    rows.print(shell)?;
    if people {
        shell.say(if texts.is_empty() {
            "Nothing waits for an answer."
        } else {
            "`clinch links accept TEXT` takes the suggestion, `--to RECORD` names another record."
        });
    }
    Ok(Exit::Done)
}

fn accept(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let text = waiting(&mut desk, matches)?;
    let to = match matches.get_one::<String>("to") {
        Some(record) => desk
            .resolve(text.target, record)
            .map_err(|fault| fault.at("to"))?,
        None => text.suggestion.clone().ok_or_else(|| {
            nothing_suggested(&text).hint(format!(
                "Name the {} with `--to RECORD`.",
                nouns::spoken(text.target)
            ))
        })?,
    };
    let actor = actor(&mut desk)?;
    let done = links::accept(&mut desk.book, &text, &to, actor, shell.globals.dry_run)?;
    say(shell, &accepted(&text, &to, &done), &done)
}

fn dismiss(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let text = waiting(&mut desk, matches)?;
    let Some(near) = &text.suggestion else {
        return Err(nothing_suggested(&text).hint("There is nothing to dismiss."));
    };
    let actor = actor(&mut desk)?;
    let done = links::dismiss(&mut desk.book, &text, actor, shell.globals.dry_run)?;
    let sentence = format!(
        "Dismissed {} {} for `{}`; still open: {}",
        nouns::spoken(near.entity),
        near.name,
        text.text,
        named_by(&text, done.records)
    );
    say(shell, &sentence, &done)
}

fn actor(desk: &mut Desk) -> Result<Actor, Fault> {
    Ok(Actor {
        rep: desk.me()?,
        at: desk.now,
    })
}

fn nothing_suggested(text: &WaitingText) -> Fault {
    Fault::new(
        Exit::NotFound,
        format!("Nothing is suggested for `{}`.", text.text),
    )
}

/// The text that is meant: as written, else in another case.
fn waiting(desk: &mut Desk, matches: &ArgMatches) -> Result<WaitingText, Fault> {
    let asked = matches.get_one::<String>("text").map_or("", String::as_str);
    let into = matches.get_one::<String>("into");
    let into = INTO
        .iter()
        .find(|(word, _)| into.is_some_and(|into| into == word))
        .map(|(_, entity)| *entity);
    let source = matches.get_one::<String>("source");
    let all = links::waiting(&mut desk.book)?;
    let fits = |text: &&WaitingText| {
        into.is_none_or(|into| into == text.target)
            && source.is_none_or(|source| text.source.as_ref() == Some(source))
    };
    let mut found: Vec<&WaitingText> = all
        .iter()
        .filter(|text| text.text == asked)
        .filter(fits)
        .collect();
    if found.is_empty() {
        found = all
            .iter()
            .filter(|text| fold(&text.text) == fold(asked))
            .filter(fits)
            .collect();
    }
    match found.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let near = nearest(asked, all.iter().map(|text| text.text.as_str()));
            let fault = Fault::new(Exit::NotFound, format!("Nothing waits for `{asked}`."));
            Err(fault.hint(near.map_or_else(
                || "`clinch links list` shows what waits.".to_owned(),
                |near| format!("Did you mean `{near}`?"),
            )))
        }
        several => Err(ambiguous(asked, several)),
    }
}

fn ambiguous(asked: &str, several: &[&WaitingText]) -> Fault {
    let listed = several.iter().map(|text| {
        let named = format!("{} `{}`", nouns::spoken(text.target), text.text);
        match &text.source {
            Some(source) => format!("{named}, a key of {source}"),
            None => named,
        }
    });
    let message = format!("`{asked}` waits for several records; nothing was done:");
    Fault::new(Exit::NotFound, message)
        .listing(listed)
        .hint("Say which with `--into NOUN`, or with `--source NAME` where it is a key.")
}

/// `1,480 deals`: people know a line by its deal.
fn named_by(text: &WaitingText, count: usize) -> String {
    let mut kinds: Vec<Entity> = text
        .links
        .iter()
        .map(|waiting| match waiting.link.entity {
            Entity::DealLine => Entity::Deal,
            entity => entity,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let noun = match kinds.as_slice() {
        [only] if count == 1 => nouns::spoken(*only),
        [only] => nouns::plural(*only),
        _ if count == 1 => "record".to_owned(),
        _ => "records".to_owned(),
    };
    format!("{} {noun}", grouped(count as u64))
}

/// ``Linked `GTXPro` of 1,480 deals to product GTX Pro``.
fn accepted(text: &WaitingText, to: &Candidate, done: &Answered) -> String {
    format!(
        "Linked `{}` of {} to {} {}",
        text.text,
        named_by(text, done.records),
        nouns::spoken(to.entity),
        to.name
    )
}

fn say(shell: &Shell, sentence: &str, done: &Answered) -> Result<Exit, Fault> {
    let dry_run = shell.globals.dry_run;
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let item = json!({
                "dry_run": dry_run,
                "done": sentence,
                "step": done.group,
                "records": done.records,
                "kept": done.kept,
            });
            shell.print(&format!("{}\n", json!({"schema_version": 1, "item": item})))?;
        }
        _ if shell.globals.quiet => {}
        _ => shell.print(&as_text(sentence, done, dry_run))?,
    }
    Ok(Exit::Done)
}

fn as_text(sentence: &str, done: &Answered, dry_run: bool) -> String {
    let before = if dry_run { "Not done (dry run): " } else { "" };
    let mut text = format!("{before}{}\n", one_line(sentence));
    for kept in &done.kept {
        let line = format!(
            "  left as it is: {} {}  {}: {}",
            nouns::spoken(kept.entity),
            kept.name,
            kept.record,
            kept.why
        );
        let _ = writeln!(text, "{}", one_line(&line));
    }
    if done.group.is_some() {
        text += "`clinch undo` takes this back\n";
    }
    text
}
