//! `undo` and `redo`: my last step, or the list of steps.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};
use serde_json::{Value as Json, json};

use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns;
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::steps;
use crate::cli::table::Side;
use crate::cli::tree::Verb;
use crate::domain::command::{Command, Origin, Which};
use crate::domain::id::StepId;
use crate::domain::outcome::{Receipt, StepGroup};
use crate::store::query::{Answer, Query};

/// `undo`
pub const UNDO: Verb = Verb {
    name: "undo",
    about: "Take back your last step; once more takes back the one before",
    build: build_undo,
    run: run_undo,
};

/// `redo`
pub const REDO: Verb = Verb {
    name: "redo",
    about: "Take back the last undo",
    build: |clap| clap,
    run: |shell, _| {
        let command = Command::Redo(Which::Last);
        take_back(shell, shell.desk()?, "redo", command, Origin::Redo)
    },
};

/// How many steps `--list` shows.
const LOOK: usize = 50;
/// So many characters of a step's id are shown to people.
const SHOWN: usize = 12;

fn build_undo(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("step")
            .value_name("STEP")
            .help("A step of `undo --list`, where it is not your last one"),
    )
    .arg(
        Arg::new("list")
            .long("list")
            .action(ArgAction::SetTrue)
            .conflicts_with("step")
            .help("List the last steps, newest first, and undo nothing"),
    )
}

fn run_undo(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    if matches.get_flag("list") {
        return list(shell);
    }
    let mut desk = shell.desk()?;
    let which = match matches.get_one::<String>("step") {
        Some(text) => Which::Group(step(&mut desk, text)?),
        None => Which::Last,
    };
    take_back(shell, desk, "undo", Command::Undo(which), Origin::Undo)
}

fn take_back(
    shell: &Shell,
    mut desk: Desk,
    verb: &str,
    command: Command,
    origin: Origin,
) -> Result<Exit, Fault> {
    let me = desk.me()?;
    if shell.globals.dry_run {
        return Err(Fault::usage(format!("`{verb}` has no dry run.")).hint(
            "`clinch undo --list` shows what was done; undo and redo take each other back.",
        ));
    }
    let draft = desk.draft(me, origin, vec![command]);
    let receipt = desk.commit(&draft)?;
    match shell.format() {
        Format::Json | Format::Jsonl => shell.print(&format!("{}\n", as_json(receipt.as_ref())))?,
        _ => shell.print(&as_text(verb, receipt.as_ref()))?,
    }
    Ok(Exit::Done)
}

fn as_json(receipt: Option<&Receipt>) -> Json {
    json!({
        "schema_version": 1,
        "done": receipt.map(|receipt| receipt.label.as_str()),
        "step": receipt.map(|receipt| receipt.step),
        "changes": receipt.map_or(0, |receipt| receipt.changes),
        "kept": receipt.map(|receipt| receipt.kept.as_slice()).unwrap_or_default(),
    })
}

fn as_text(verb: &str, receipt: Option<&Receipt>) -> String {
    let Some(receipt) = receipt else {
        return format!("There is nothing to {verb}.\n");
    };
    let mut text = one_line(&receipt.label) + "\n";
    for kept in &receipt.kept {
        text += &one_line(&format!(
            "  kept: {} {}  {}: {}",
            nouns::spoken(kept.entity),
            kept.name,
            kept.record,
            kept.why
        ));
        text.push('\n');
    }
    text
}

fn groups(desk: &mut Desk) -> Result<Vec<StepGroup>, Fault> {
    match desk.ask(&Query::Groups { limit: LOOK })? {
        Answer::Groups(groups) => Ok(groups),
        other => Err(unforeseen(&other)),
    }
}

/// The step that a text means: its id, or the beginning of one that `--list` shows.
fn step(desk: &mut Desk, text: &str) -> Result<StepId, Fault> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    steps::one_of(
        groups(desk)?.into_iter().map(|group| group.group),
        text,
        format!("There is no step `{text}` among the last."),
        "`clinch undo --list` shows them.",
    )
}

fn list(shell: &Shell) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let people = shell.format() == Format::Table;
    let wording = desk.wording();
    let mut rows = Rows::new(&[
        ("step", Side::Whole),
        ("at", Side::Whole),
        ("by", Side::Left),
        ("changes", Side::Right),
        ("undone", Side::Left),
        ("what", Side::Left),
    ]);
    for group in groups(&mut desk)? {
        let StepGroup {
            group,
            by,
            at,
            origin,
            label,
            changes,
            undone,
        } = group;
        let mut step = group.to_string();
        if people {
            step.truncate(SHOWN);
        }
        rows.object(json!({
            "step": group,
            "at": at.to_string(),
            "by": by,
            "origin": origin,
            "changes": changes,
            "undone": undone,
            "what": label,
        }));
        let undone = if undone { "yes" } else { "no" };
        let at = if people {
            wording.moment(at)
        } else {
            at.to_string()
        };
        let changes = changes.to_string();
        rows.cells([step, at, by, changes, undone.to_owned(), label]);
    }
    rows.print(shell)?;
    Ok(Exit::Done)
}
