//! What an import did, or would do.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::cli::desk::Desk;
use crate::cli::fault::Fault;
use crate::cli::nouns;
use crate::cli::output::{Format, one_line};
use crate::cli::shell::Shell;
use crate::domain::money::grouped;
use crate::exchange::plan::{Counts, FileReport, Report, Suggestion};
use crate::jobs::import::Done;

/// So many rejects, suggestions and warnings are shown to people.
const SHOWN: usize = 10;

pub(super) fn print(shell: &Shell, desk: &Desk, done: &Done, dry_run: bool) -> Result<(), Fault> {
    match shell.format() {
        Format::Json | Format::Jsonl => shell.print(&format!("{}\n", as_json(done, dry_run))),
        _ => {
            let text = as_text(desk, done, dry_run, shell.globals.verbose);
            // A summary is the data of an import; `--quiet` wants none.
            if shell.globals.quiet {
                Ok(())
            } else {
                shell.print(&text)
            }
        }
    }
}

fn as_json(done: &Done, dry_run: bool) -> Json {
    json!({
        "schema_version": 1,
        "item": {
            "dry_run": dry_run,
            "cancelled": done.cancelled,
            "step": done.group,
            "files": done.report.files,
            "counts": done.report.counts,
            "rejects": done.report.rejects,
            "suggestions": done.report.suggestions,
            "warnings": done.report.warnings,
            "skipped": done.skipped,
            "kept": done.kept,
            "reject_files": done.rejects,
        }
    })
}

fn as_text(desk: &Desk, done: &Done, dry_run: bool, verbose: bool) -> String {
    let mut text = String::new();
    for file in &done.report.files {
        text += &file_lines(file, verbose);
    }
    for skipped in &done.skipped {
        let _ = writeln!(text, "Skipped: {}", one_line(skipped));
    }
    counts(&mut text, &done.report, dry_run);
    remarks(&mut text, done, dry_run);
    if done.group.is_some() {
        if !done.report.suggestions.is_empty() {
            text += "`clinch links list` shows all that waits\n";
        }
        text += "`clinch undo` takes this import back\n";
    } else if dry_run {
        let _ = writeln!(
            text,
            "Not done (dry run): {} is as it was",
            one_line(&desk.info.name)
        );
    } else if !done.cancelled {
        text += "There was nothing new in it\n";
    }
    text
}

/// What a file was taken for.
fn file_lines(file: &FileReport, verbose: bool) -> String {
    let mut text = one_line(&format!(
        "{}: {} rows of {} ({}, {})",
        file.file,
        grouped(file.counts.read as u64),
        file.kind,
        file.encoding,
        file.delimiter
    ));
    text.push('\n');
    let mapping: Vec<String> = file
        .mapping
        .iter()
        .map(|column| {
            let read_as = column.read_as.as_ref();
            let form = read_as.map_or_else(String::new, |form| format!(" ({form})"));
            one_line(&format!(
                "{} → {}{form}",
                column.column,
                spoken(&column.field)
            ))
        })
        .collect();
    if verbose {
        for line in mapping {
            let _ = writeln!(text, "  {line}");
        }
    } else if !mapping.is_empty() {
        let _ = writeln!(text, "  {}", mapping.join(", "));
    }
    text
}

/// What a column becomes, in the words of `--map` where people know them.
fn spoken(field: &str) -> &str {
    match field {
        "custom" => "custom field",
        "ignored" => "not taken",
        "close" => "close date",
        known => known,
    }
}

/// New, changed, unchanged, rejected, noun by noun.
fn counts(text: &mut String, report: &Report, dry_run: bool) {
    if dry_run {
        text.push_str("The import would come to:\n");
    }
    for (entity, counts) in &report.counts {
        let Counts {
            create,
            update,
            unchanged,
            rejected,
            deleted,
            pending,
            kept,
            read: _,
        } = *counts;
        let parts: Vec<String> = [
            (create, "new"),
            (update, "changed"),
            (unchanged, "unchanged"),
            (rejected, "rejected"),
            (deleted, "deleted in the source"),
            (pending, "links to them wait"),
            (kept, "fields kept as edited by hand"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(count as u64)))
        .collect();
        if !parts.is_empty() {
            let noun = nouns::plural(*entity);
            let _ = writeln!(text, "{noun}: {}", parts.join(", "));
        }
    }
}

fn remarks(text: &mut String, done: &Done, dry_run: bool) {
    let report = &done.report;
    let suggestions = report
        .suggestions
        .iter()
        .map(|suggestion| waits(suggestion, dry_run));
    list(text, suggestions, report.suggestions.len());
    list(text, report.warnings.iter().cloned(), report.warnings.len());
    let rejects = report
        .rejects
        .iter()
        .map(|reject| format!("Rejected: {}", reject.sentence()));
    list(text, rejects, report.rejects.len());
    if !report.rejects.is_empty() && done.rejects.is_empty() {
        text.push_str("`--rejects FILE` writes such rows, with their reasons, to a file to mend\n");
    }
    for path in &done.rejects {
        let _ = writeln!(
            text,
            "Rejected rows are in {}",
            one_line(&path.display().to_string())
        );
    }
    let kept = done
        .kept
        .iter()
        .map(|kept| format!("Left as it is: {}: {}", kept.name, kept.why));
    list(text, kept, done.kept.len());
}

/// A text that names no record for certain: is it the near one?
fn waits(suggestion: &Suggestion, dry_run: bool) -> String {
    let when = if dry_run { "After the import " } else { "" };
    let count = suggestion.count;
    let rows = if count == 1 { "row names" } else { "rows name" };
    let said = format!(
        "{} {rows} the {} `{}`",
        grouped(count as u64),
        nouns::spoken(suggestion.entity),
        suggestion.text
    );
    match &suggestion.near {
        Some(near) => format!(
            "Waits for an answer: {said}. Is it `{near}`? {when}`clinch links accept {}` says yes",
            shell_word(&suggestion.text)
        ),
        None => format!(
            "Waits for its record: {said}, which the book does not have; an import that brings it links them"
        ),
    }
}

/// A text as one word of a shell.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@');
    if text.chars().all(plain) && !text.starts_with('-') {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The first of some lines, and how many more there are.
fn list(text: &mut String, lines: impl Iterator<Item = String>, count: usize) {
    for line in lines.take(SHOWN) {
        let _ = writeln!(text, "{}", one_line(&line));
    }
    if count > SHOWN {
        let _ = writeln!(text, "… and {} more", grouped((count - SHOWN) as u64));
    }
}
