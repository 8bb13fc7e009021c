//! `outbox`: the steps that wait because they did not get into the book, or are no longer in it.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};
use serde_json::{Value as Json, json};

use crate::cli::conflict;
use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::steps;
use crate::cli::table::Side;
use crate::cli::tree::{Verb, build_under, run_under};
use crate::domain::id::StepId;
use crate::domain::outcome::Outcome;
use crate::store::book::Offered;

/// The verb.
pub const VERB: Verb = Verb {
    name: "outbox",
    about: "List, write or drop steps that did not get into the book",
    build: |clap| build_under(clap, UNDER),
    run: |shell, matches| run_under(shell, matches, UNDER),
};

static UNDER: &[Verb] = &[
    Verb {
        name: "list",
        about: "List the steps that wait, oldest first",
        build: |clap| clap,
        run: |shell, _| list(shell),
    },
    Verb {
        name: "apply",
        about: "Write steps that wait",
        build: |clap| choice(clap, "Write all that wait, oldest first"),
        run: apply,
    },
    Verb {
        name: "drop",
        about: "Give steps that wait up for good",
        build: |clap| choice(clap, "Drop all that wait"),
        run: drop_them,
    },
];

/// So many characters of a step's id are shown to people.
const SHOWN: usize = 12;

fn choice(clap: Clap, all: &'static str) -> Clap {
    clap.arg(
        Arg::new("step")
            .value_name("STEP")
            .required_unless_present("all")
            .action(ArgAction::Append)
            .num_args(1..)
            .help("Steps of `outbox list`, by the beginning of their ids"),
    )
    .arg(
        Arg::new("all")
            .long("all")
            .action(ArgAction::SetTrue)
            .conflicts_with("step")
            .help(all),
    )
}

/// A step that waits, with its words.
struct Waiting {
    offered: Offered,
    words: String,
}

impl Waiting {
    fn id(&self) -> StepId {
        self.offered.draft.id
    }

    /// Why it is not in the book.
    fn why(&self) -> &'static str {
        if self.offered.acknowledged {
            "the book had it, and has it no more"
        } else {
            "it was cut off before the book took it"
        }
    }

    fn json(&self) -> Json {
        json!({
            "step": self.id(),
            "kept_at": self.offered.kept_at.to_string(),
            "acknowledged": self.offered.acknowledged,
            "can_apply": self.offered.obstacle().is_none(),
            "why": self.offered.obstacle().unwrap_or(self.why()),
            "what": self.words,
        })
    }
}

fn waiting(desk: &mut Desk) -> Result<Vec<Waiting>, Fault> {
    let offered = desk.book.offered()?;
    let with_words = offered.into_iter().map(|offered| {
        let words = desk.book.words(&offered.draft)?;
        Ok(Waiting { offered, words })
    });
    with_words.collect()
}

/// The steps that the command line names.
fn chosen(desk: &mut Desk, matches: &ArgMatches) -> Result<Vec<Waiting>, Fault> {
    let mut all = waiting(desk)?;
    if matches.get_flag("all") {
        return Ok(all);
    }
    let mut ids = Vec::new();
    for text in matches.get_many::<String>("step").into_iter().flatten() {
        ids.push(one_of(&all, text)?);
    }
    all.retain(|step| ids.contains(&step.id()));
    Ok(all)
}

fn one_of(all: &[Waiting], text: &str) -> Result<StepId, Fault> {
    steps::one_of(
        all.iter().map(Waiting::id),
        text,
        format!("No step `{text}` waits in the outbox."),
        "`clinch outbox list` shows those that do.",
    )
}

fn list(shell: &Shell) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let people = shell.format() == Format::Table;
    let wording = desk.wording();
    let mut rows = Rows::new(&[
        ("step", Side::Whole),
        ("kept", Side::Whole),
        ("what", Side::Left),
        ("why", Side::Left),
    ]);
    for step in waiting(&mut desk)? {
        let (mut id, kept_at) = (step.id().to_string(), step.offered.kept_at);
        let at = if people {
            id.truncate(SHOWN);
            wording.moment(kept_at)
        } else {
            kept_at.to_string()
        };
        let object = step.json();
        let why = step.offered.obstacle().unwrap_or(step.why()).to_owned();
        rows.push([id, at, step.words, why], object);
    }
    rows.print(shell)?;
    Ok(Exit::Done)
}

fn apply(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let steps = chosen(&mut desk, matches)?;
    let mut done = Vec::new();
    let mut clashes = Vec::new();
    let mut failed = None;
    for step in &steps {
        match write(shell, &mut desk, step) {
            Ok(Outcome::Saved(receipt)) => done.push((step, receipt.changes)),
            Ok(Outcome::Conflict(found)) => clashes.extend(found),
            Ok(Outcome::Nothing) => done.push((step, 0)),
            // What stands in the way of one step (a record that is gone) does not stand in the way of the next.
            Err(fault) if matches!(fault.exit, Exit::NotFound | Exit::Invalid) => {
                failed.get_or_insert(fault);
            }
            Err(fault) => {
                failed = Some(fault);
                break;
            }
        }
    }
    if !done.is_empty() || failed.is_none() && clashes.is_empty() {
        say(shell, "Written", &done)?;
    }
    match failed {
        Some(fault) => Err(fault),
        None if clashes.is_empty() => Ok(Exit::Done),
        None => Err(conflict::fault(&mut desk, &clashes).hint(
            "It waits still. Look at the record, then change it by hand and drop the step with `clinch outbox drop`.",
        )),
    }
}

/// Writes a step; with `--dry-run` only as far as it can be told without writing.
fn write(shell: &Shell, desk: &mut Desk, step: &Waiting) -> Result<Outcome, Fault> {
    if let Some(obstacle) = step.offered.obstacle() {
        let words = one_line(&step.words);
        return Err(
            Fault::new(Exit::Invalid, format!("`{words}` waits still. {obstacle}"))
                .hint("`clinch outbox drop` gives it up."),
        );
    }
    if shell.globals.dry_run {
        return Ok(Outcome::Nothing);
    }
    Ok(desk.book.apply(&step.offered.draft, shell.patience())?)
}

fn drop_them(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let steps = chosen(&mut desk, matches)?;
    if !shell.globals.dry_run && !steps.is_empty() {
        let what = match steps.as_slice() {
            [one] => format!("`{}`", one_line(&one.words)),
            many => format!("{} steps", many.len()),
        };
        shell.confirm(
            &format!("Give {what} up for good? That cannot be undone."),
            "drop",
        )?;
        let ids: Vec<StepId> = steps.iter().map(Waiting::id).collect();
        desk.book.forget(&ids)?;
    }
    let done: Vec<_> = steps.iter().map(|step| (step, 0)).collect();
    say(shell, "Dropped", &done)?;
    Ok(Exit::Done)
}

/// Says what became of steps.
fn say(shell: &Shell, verb: &str, done: &[(&Waiting, usize)]) -> Result<(), Fault> {
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let items: Vec<Json> = done
                .iter()
                .map(|(step, changes)| {
                    json!({"step": step.id(), "what": step.words, "changes": changes})
                })
                .collect();
            let dry_run = shell.globals.dry_run;
            let done = verb.to_lowercase();
            shell.print(&format!(
                "{}\n",
                json!({"schema_version": 1, "done": done, "dry_run": dry_run, "items": items})
            ))
        }
        _ if done.is_empty() => shell.print("Nothing waits in the outbox.\n"),
        _ => {
            let not = if shell.globals.dry_run {
                "Not done (dry run): "
            } else {
                ""
            };
            let lines = done
                .iter()
                .map(|(step, _)| one_line(&format!("{not}{verb}: {}", step.words)) + "\n");
            shell.print(&lines.collect::<String>())
        }
    }
}
