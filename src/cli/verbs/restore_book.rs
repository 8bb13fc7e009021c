//! `book restore`: a backup in the place of the book.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command as Clap, ValueHint, value_parser};
use serde_json::{Value as Json, json};

use super::backup;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns;
use crate::cli::output::{Format, one_line};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::domain::money::grouped;
use crate::domain::shown::moment;
use crate::domain::time::Zone;
use crate::store::backup::{Backup, Difference, Moved, Occasion, Restored, Restoring};
use crate::store::real_now;

/// The verb, under `book`.
pub const VERB: Verb = Verb {
    name: "restore",
    about: "Put a backup in the place of the book",
    build,
    run,
};

/// The newest backup that is not what a restore replaced.
const LATEST: &str = "latest";

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("file")
            .value_name("FILE")
            .default_value(LATEST)
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf))
            .help("A backup of `book backups`, by its path or name, or `latest`"),
    )
    .after_help(
        "It says first what would change, and asks; `--dry-run` only says it. The present state is\n\
         backed up before. Who has the book open is told, and opens it again.",
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let named = matches.get_one::<PathBuf>("file");
    let (file, team) = choose(shell, named.map_or(Path::new(LATEST), PathBuf::as_path))?;
    let zone = shell.zone(team)?;
    let restoring = Restoring::look(&shell.opening()?, &file)?;
    let told = told_json(&restoring);
    let at = moment(restoring.backup().at, zone);
    let (dry_run, is_needless) = (
        shell.globals.dry_run,
        restoring.difference().is_some_and(Difference::is_none),
    );
    if dry_run || is_needless {
        return report(
            shell,
            &told,
            None,
            &(as_text(&restoring, zone) + "Nothing was done.\n"),
        );
    }
    shell.say(as_text(&restoring, zone).trim_end());
    shell.confirm(&format!("Restore the state of {at}?"), "restore it")?;
    let restored = restoring.run(real_now())?;
    report(shell, &told, Some(&restored), &done_text(&at, &restored))
}

/// The file that is meant, and the zone of the team.
fn choose(shell: &Shell, named: &Path) -> Result<(PathBuf, Zone), Fault> {
    let (found, zone) = match backup::find(shell, None) {
        Ok(found) => found,
        // Where the file is named, what is wrong with the book is seen when the two are compared.
        Err(_) if named != Path::new(LATEST) => return Ok((named.to_owned(), Zone::UTC)),
        Err(fault) => return Err(fault),
    };
    if named != Path::new(LATEST) {
        let of_that_name = |path: &&PathBuf| path.file_name() == Some(named.as_os_str());
        let mut paths = found.backups.iter().map(|backup| &backup.path);
        let listed = paths.find(of_that_name).filter(|_| !named.exists());
        return Ok((listed.map_or(named, PathBuf::as_path).to_owned(), zone));
    }
    let newest = found
        .backups
        .iter()
        .find(|backup| backup.occasion != Some(Occasion::BeforeRestore))
        .ok_or_else(|| {
            Fault::new(Exit::NotFound, "There is no backup of this book.")
                .hint("`clinch book restore FILE` names one that is kept elsewhere.")
        })?;
    if found
        .backups
        .iter()
        .any(|backup| backup.book != newest.book)
    {
        return Err(Fault::new(
            Exit::NotFound,
            "The backups that are called like this book's are of several books.",
        )
        .hint("`clinch book backups` lists them: name one."));
    }
    Ok((newest.path.clone(), zone))
}

fn report(
    shell: &Shell,
    told: &Json,
    restored: Option<&Restored>,
    text: &str,
) -> Result<Exit, Fault> {
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let document = json!({
                "schema_version": 1,
                "item": {
                    "restored": restored.is_some(),
                    "would": told,
                    "epoch": restored.map(|restored| restored.epoch),
                    "before": restored.and_then(|restored| restored.before.as_ref()).map(backup::as_json),
                    "aside": restored
                        .and_then(|restored| restored.aside.as_ref())
                        .map(|path| path.display().to_string()),
                }
            });
            shell.print(&format!("{document}\n"))?;
        }
        _ => shell.print(text)?,
    }
    Ok(Exit::Done)
}

fn told_json(restoring: &Restoring) -> Json {
    let difference = restoring.difference();
    let steps: Option<Vec<Json>> = difference.map(|difference| {
        let last = difference.last_gone.iter();
        last.map(|step| json!({"at": step.at.to_string(), "by": step.by, "what": step.label}))
            .collect()
    });
    let records: Option<serde_json::Map<String, Json>> = difference.map(|difference| {
        let records = difference.records.iter().map(|moved| {
            let counts = json!({"come": moved.come, "go": moved.go, "differ": moved.differ});
            (moved.entity.name().to_owned(), counts)
        });
        records.collect()
    });
    json!({
        "backup": backup::as_json(restoring.backup()),
        "steps_gone": difference.map(|difference| difference.steps_gone),
        "last_steps_gone": steps,
        "steps_back": difference.map(|difference| difference.steps_back),
        "records": records,
        "damage": restoring.damage(),
    })
}

fn as_text(restoring: &Restoring, zone: Zone) -> String {
    let backup = restoring.backup();
    let mut text = format!(
        "Backup: {}, {} steps, in {}\n",
        moment(backup.at, zone),
        grouped(backup.steps),
        one_line(&backup.path.display().to_string())
    );
    let Some(difference) = restoring.difference() else {
        let _ = match restoring.damage() {
            Some(what) => writeln!(
                text,
                "{}\nIt is moved aside with its journal, and the backup takes its place.",
                one_line(what)
            ),
            None => writeln!(text, "There is no book now: the backup takes its place."),
        };
        return text;
    };
    if difference.is_none() {
        text += "The book says the same as this backup.\n";
        return text;
    }
    let _ = writeln!(
        text,
        "Steps that would be gone: {}",
        grouped(difference.steps_gone)
    );
    for step in &difference.last_gone {
        let line = format!("  {}  {}  {}", moment(step.at, zone), step.by, step.label);
        let _ = writeln!(text, "{}", one_line(&line));
    }
    let untold = difference.steps_gone - difference.last_gone.len() as u64;
    if untold > 0 {
        let _ = writeln!(text, "  and {} before these", grouped(untold));
    }
    if difference.steps_back > 0 {
        let _ = writeln!(
            text,
            "Steps that would come back: {}",
            grouped(difference.steps_back)
        );
    }
    for moved in &difference.records {
        let _ = writeln!(text, "{}", moved_words(moved));
    }
    text
}

/// `deals: 1 would go, 2 would differ`
fn moved_words(moved: &Moved) -> String {
    let parts: Vec<String> = [
        (moved.come, "come back"),
        (moved.go, "go"),
        (moved.differ, "differ"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} would {what}", grouped(number)))
    .collect();
    format!("{}: {}", nouns::plural(moved.entity), parts.join(", "))
}

fn done_text(at: &str, restored: &Restored) -> String {
    let mut text = format!("Restored the state of {at}\n");
    if let Some(before) = &restored.before {
        let path = before.path.display().to_string();
        let _ = writeln!(
            text,
            "Steps that are gone: {}, kept in {}",
            grouped(restored.steps_gone),
            one_line(&path)
        );
        let _ = writeln!(
            text,
            "`clinch book restore {}` takes this back",
            one_line(&file_name(before))
        );
    }
    if let Some(aside) = &restored.aside {
        let _ = writeln!(
            text,
            "The damaged book is now {}",
            one_line(&aside.display().to_string())
        );
    }
    text
}

fn file_name(backup: &Backup) -> String {
    let name = backup.path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
