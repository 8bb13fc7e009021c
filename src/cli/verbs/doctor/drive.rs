//! `doctor drive`: find out whether a book can be shared on a drive.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, ValueHint, value_parser};
use serde_json::{Value as Json, json};

use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::shell::Shell;
use crate::store::drive::doctor::{First, Verdict, join};
use crate::store::drive::{Drive, Nature};
use crate::store::{Book, Opening, Trust};

/// Adds its arguments.
pub fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("folder")
            .value_name("DIR")
            .required(true)
            .value_hint(ValueHint::DirPath)
            .value_parser(value_parser!(PathBuf))
            .help("A folder on the drive"),
    )
    .arg(
        Arg::new("join")
            .long("join")
            .value_name("CODE")
            .conflicts_with("both")
            .help("Take the second seat, with the code that the first one shows"),
    )
    .arg(
        Arg::new("both")
            .long("both")
            .action(ArgAction::SetTrue)
            .help("Take both seats here: a first look, which proves less"),
    )
    .after_help(
        "Run it on one machine, then with `--join CODE` on another that has the same drive.\n\
         With a book on that drive (`--book`), the verdict is kept in the book.\n\
         Exit codes: 0 the drive holds, 8 it does not.",
    )
}

/// Tries the drive.
pub fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let folder = matches
        .get_one::<PathBuf>("folder")
        .ok_or_else(|| Fault::usage("A folder is missing."))?;
    if !folder.is_dir() {
        return Err(Fault::invalid(
            "folder",
            format!("There is no folder {}.", folder.display()),
        ));
    }
    if let Some(code) = matches.get_one::<String>("join") {
        join(folder, code)?;
        shell.say("Done: the verdict is shown at the first seat.");
        return Ok(Exit::Done);
    }
    let first = First::sit(folder)?;
    let second = if matches.get_flag("both") {
        Some(second_here(folder, first.code())?)
    } else {
        eprintln!(
            "Run this on another machine that has the same drive, with its folder there:\n\n  clinch doctor drive DIR --join {}\n",
            first.code()
        );
        None
    };
    let verdict = first.examine();
    if let Some(mut second) = second {
        // It has answered all that was asked; where it has not, it gives up by itself.
        let _ = second.wait();
    }
    let verdict = verdict?;
    let kept = keep(shell, &verdict)?;
    show(shell, &verdict, kept)?;
    Ok(if verdict.is_good() {
        Exit::Done
    } else {
        Exit::Refused
    })
}

/// The second seat in another process of this machine.
fn second_here(folder: &Path, code: &str) -> Result<Child, Fault> {
    let seat = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args(["doctor", "drive", "--quiet", "--join", code, "--"])
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
    });
    seat.map_err(|fault| {
        Fault::new(
            Exit::Unexpected,
            format!("The second seat could not be started: {fault}."),
        )
    })
}

/// Keeps the verdict in the book that was named, where it lies on that drive and is written there. A verdict against the drive is
/// kept where it takes the place of one for it.
fn keep(shell: &Shell, verdict: &Verdict) -> Result<bool, Fault> {
    let Some(path) = shell.globals.book.as_deref().filter(|path| path.is_file()) else {
        return Ok(false);
    };
    let (drive, proof) = (Drive::of(path)?, verdict.proof());
    if !proof.is_of(&drive) || drive.nature == Nature::Bad || shell.globals.read_only {
        return Ok(false);
    }
    let mut book = Book::open_as(&Opening {
        trust: Trust::Unknown,
        ..shell.opening()?
    })?;
    let worth_it = proof.good || book.proof()?.is_some_and(|old| old.good);
    if worth_it {
        book.remember(&proof)?;
    }
    Ok(worth_it)
}

fn show(shell: &Shell, verdict: &Verdict, kept: bool) -> Result<(), Fault> {
    if matches!(shell.format(), Format::Json | Format::Jsonl) {
        return shell.print(&format!("{}\n", as_json(verdict, kept)));
    }
    let drive = &verdict.drive;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}",
        one_line(&format!("{} at {}", drive.kind, drive.mount.display()))
    );
    for finding in &verdict.findings {
        let mark = if finding.good { "holds" } else { "FAILS" };
        let _ = writeln!(text, "  {mark}  {}", one_line(&finding.words));
    }
    for line in conclusion(verdict, kept) {
        let _ = writeln!(text, "{}", one_line(&line));
    }
    shell.print(&text)
}

fn conclusion(verdict: &Verdict, kept: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if verdict.is_good() {
        lines.push("A book can be shared there.".to_owned());
    } else {
        lines.push("A book must not be shared there.".to_owned());
        lines.extend(verdict.drive.why.clone());
        lines.extend(verdict.drive.cure.clone());
    }
    if !verdict.proof().is_of_two_machines() {
        lines.push(
            "Both seats were on one machine: this is a first look, and proves less. Take the second seat on another machine."
                .to_owned(),
        );
    }
    if kept {
        lines.push("The verdict is kept in the book.".to_owned());
    }
    lines
}

fn as_json(verdict: &Verdict, kept: bool) -> Json {
    let drive = &verdict.drive;
    json!({
        "schema_version": 1,
        "item": {
            "good": verdict.is_good(),
            "drive": drive.kind,
            "mount": drive.mount.display().to_string(),
            "source": drive.source,
            "hosts": verdict.hosts,
            "two_machines": verdict.proof().is_of_two_machines(),
            "findings": verdict.findings,
            "kept": kept,
            "why": drive.why,
            "cure": drive.cure,
        }
    })
}
