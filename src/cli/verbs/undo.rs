//! `undo` and `redo`: my last step, or the list of steps.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};
use serde_json::{Value as Json, json};

use crate::cli::cells::Wording;
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns;
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::{Side, UNKNOWN};
use crate::cli::tree::Verb;
use crate::domain::command::{Command, Origin, Which};
use crate::domain::id::StepId;
use crate::domain::outcome::{Change, Receipt};
use crate::store::query::{Answer, Query};

/// `undo`
pub const UNDO: Verb = Verb {
    name: "undo",
    about: "Take back my last step; again goes further back",
    build: build_undo,
    run: run_undo,
};

/// `redo`
pub const REDO: Verb = Verb {
    name: "redo",
    about: "Take back the last undo",
    build: |clap| clap,
    run: |shell, _| take_back(shell, Command::Redo(Which::Last), Origin::Redo),
};

/// How many changes `--list` looks at.
const LOOK: i64 = 500;

fn build_undo(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("step")
            .value_name("STEP")
            .help("A step of `undo --list`, where it is not my last one"),
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
    let which = match matches.get_one::<String>("step") {
        Some(text) => Which::Group(
            text.parse()
                .map_err(|fault: String| Fault::usage(fault + ".").at("step"))?,
        ),
        None => Which::Last,
    };
    take_back(shell, Command::Undo(which), Origin::Undo)
}

fn take_back(shell: &Shell, command: Command, origin: Origin) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let verb = if origin == Origin::Undo {
        "undo"
    } else {
        "redo"
    };
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

/// One step of the log.
struct Step<'a> {
    group: StepId,
    first: &'a Change,
    changes: usize,
}

fn list(shell: &Shell) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let query = Query::Changes {
        after: desk.info.seq.saturating_sub(LOOK),
        limit: usize::try_from(LOOK).unwrap_or(usize::MAX),
    };
    let changes = match desk.ask(&query)? {
        Answer::Changes(changes) => changes,
        other => return Err(unforeseen(&other)),
    };
    let mut steps = steps(&changes);
    steps.reverse();
    print(shell, &desk, &steps)?;
    Ok(Exit::Done)
}

fn steps(changes: &[Change]) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for change in changes {
        match steps.last_mut().filter(|step| step.group == change.step) {
            Some(step) => step.changes += 1,
            None => steps.push(Step {
                group: change.step,
                first: change,
                changes: 1,
            }),
        }
    }
    steps
}

fn print(shell: &Shell, desk: &Desk, steps: &[Step<'_>]) -> Result<(), Fault> {
    let wording = Wording {
        base: desk.info.base,
        zone: desk.zone,
        people: shell.format() == Format::Table,
    };
    let mut rows = Rows::new(&[
        ("step", Side::Left),
        ("at", Side::Left),
        ("rep", Side::Left),
        ("origin", Side::Left),
        ("changes", Side::Right),
        ("what", Side::Left),
    ]);
    for step in steps {
        let Change {
            at,
            by,
            origin,
            label,
            ..
        } = step.first;
        let object = json!({
            "step": step.group,
            "at": at.to_string(),
            "rep": by,
            "origin": origin,
            "changes": step.changes,
            "what": label,
        });
        let cells = [
            step.group.to_string(),
            wording.moment(*at),
            by.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            origin.name().to_owned(),
            step.changes.to_string(),
            label.clone(),
        ];
        rows.push(cells, object);
    }
    rows.print(shell)
}
