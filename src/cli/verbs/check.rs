//! `book check`: whether the file is whole, and its rows say what the log says.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::Verb;
use crate::domain::money::{Currency, grouped};
use crate::domain::nouns::{Entity, Kind as Holds};
use crate::domain::shown::{Showing, moment, show};
use crate::domain::time::Zone;
use crate::domain::value::Value;
use crate::store::check::{Finding, Findings, Kind};
use crate::store::{Book, Opening, StoreError};

/// The verb, under `book`.
pub const VERB: Verb = Verb {
    name: "check",
    about: "Check the file, and its rows against the log",
    build: |clap| {
        clap.after_help(
            "Nothing is written. Exits 0 when all holds, 7 with a list of what does not.",
        )
    },
    run: |shell, _| run(shell),
};

fn run(shell: &Shell) -> Result<Exit, Fault> {
    let opening = shell.opening()?;
    let (book, findings) = look(&opening)?;
    let terms = Terms {
        base: book.base(),
        zone: shell.zone(book.zone())?,
    };
    match shell.format() {
        Format::Json | Format::Jsonl => shell.print(&format!("{}\n", as_json(&findings)))?,
        Format::Table => shell.print(&as_text(&findings, &terms))?,
        Format::Plain | Format::Csv | Format::Tsv => {
            let mut table = Rows::new(&[("kind", Side::Left), ("finding", Side::Left)]);
            for found in &findings.found {
                table.push(
                    [found.kind.name().to_owned(), words(found, &terms)],
                    Json::Null,
                );
            }
            table.print(shell)?;
        }
    }
    if findings.is_clean() {
        return Ok(Exit::Done);
    }
    shell.say(what_to_do(&findings));
    Ok(Exit::Book)
}

/// Checks without the right to write, where that is possible. What a writer left who was cut off must be taken back before the book
/// says anything, and that is a write; SQLite does it by itself.
fn look(opening: &Opening) -> Result<(Book, Findings), StoreError> {
    let open = |opening: &Opening| {
        let mut book = Book::open_as(opening)?;
        let findings = book.check_patiently(opening.patience)?;
        Ok((book, findings))
    };
    let looking = Opening {
        read_only: true,
        ..opening.clone()
    };
    match open(&looking) {
        Err(StoreError::ReadOnly { .. }) if !opening.read_only => open(opening),
        looked => looked,
    }
}

/// In whose terms values are shown.
struct Terms {
    base: Currency,
    zone: Zone,
}

fn as_json(findings: &Findings) -> Json {
    let found: Vec<Json> = findings.found.iter().map(finding_json).collect();
    json!({
        "schema_version": 1,
        "item": {
            "clean": findings.is_clean(),
            "records": findings.records,
            "changes": findings.changes,
            "steps": findings.steps,
            "findings": findings.total,
            "found": found,
        }
    })
}

fn finding_json(found: &Finding) -> Json {
    let since = found.since.as_ref().map(|since| {
        json!({
            "n": since.n,
            "step": since.step,
            "label": since.label,
            "by": since.by,
            "at": since.at.to_string(),
        })
    });
    json!({
        "kind": found.kind.name(),
        "table": found.table,
        "record": found.record,
        "name": found.name,
        "field": found.field,
        "log": found.log,
        "row": found.row,
        "since": since,
        "what": found.what,
    })
}

fn as_text(findings: &Findings, terms: &Terms) -> String {
    let checked = format!(
        "{} records, {} changes and {} steps were checked",
        grouped(findings.records),
        grouped(findings.changes),
        grouped(findings.steps)
    );
    if findings.is_clean() {
        return format!("All holds: {checked}.\n");
    }
    let mut text = String::new();
    for found in &findings.found {
        let _ = writeln!(text, "{}", one_line(&words(found, terms)));
    }
    let kept = findings.found.len() as u64;
    if findings.total > kept {
        let _ = writeln!(text, "and {} more", grouped(findings.total - kept));
    }
    let things = if findings.total == 1 {
        "finding"
    } else {
        "findings"
    };
    let _ = writeln!(text, "{} {things}: {checked}.", grouped(findings.total));
    text
}

/// One finding as a sentence.
fn words(found: &Finding, terms: &Terms) -> String {
    let mut text = String::new();
    if !found.table.is_empty() {
        text.push_str(&found.table.replace('_', " "));
        if let Some(name) = &found.name {
            let _ = write!(text, " `{name}`");
        }
        if let Some(id) = found.record {
            let _ = write!(text, " {id}");
        }
        text.push_str(": ");
    }
    let field = found.field.as_deref().unwrap_or_default().replace('_', " ");
    let (log, row) = (
        shown(found, found.log.as_ref(), terms),
        shown(found, found.row.as_ref(), terms),
    );
    match (found.kind, &found.what) {
        (_, Some(what)) => {
            let colon = if field.is_empty() { "" } else { ": " };
            let _ = write!(text, "{field}{colon}{what}");
        }
        (Kind::Element, None) if found.row == Some(Value::Null) => {
            let _ = write!(text, "{field} {log} is missing");
        }
        (Kind::Element, None) if found.log == Some(Value::Null) => {
            let _ = write!(text, "{field} {row} should not be there");
        }
        (Kind::Field | Kind::Element, None) => {
            let _ = write!(text, "{field} is {row}, and the log says {log}");
        }
        (Kind::Derived, None) => {
            let _ = write!(
                text,
                "{field} is {row}, and {log} follows from the rest of the book"
            );
        }
        (Kind::Chain, None) => {
            let _ = write!(
                text,
                "a change of {field} begins with {row}, and the one before it wrote {log}"
            );
        }
        (kind, None) => text.push_str(kind.words()),
    }
    if let Some(since) = &found.since {
        let at = moment(since.at, terms.zone);
        let _ = write!(
            text,
            " (step {}, {}, by {}, {at})",
            since.n, since.label, since.by
        );
    }
    text
}

/// A value for people; what is unknown is called nothing.
fn shown(found: &Finding, value: Option<&Value>, terms: &Terms) -> String {
    let entity: Option<Entity> = found.table.parse().ok();
    let kind = match found.field.as_deref() {
        Some("trashed_at") => Holds::Instant,
        Some(field) => entity
            .and_then(|entity| entity.field(field))
            .map_or(Holds::Line, |def| def.kind),
        None => Holds::Line,
    };
    let by = Showing {
        currency: found.currency.unwrap_or(terms.base),
        zone: terms.zone,
        name: None,
    };
    value
        .and_then(|value| show(kind, value, &by))
        .map_or_else(|| "nothing".to_owned(), |text| format!("`{text}`"))
}

fn what_to_do(findings: &Findings) -> &'static str {
    if findings
        .found
        .iter()
        .any(|found| found.kind == Kind::Damage)
    {
        "The file is damaged. Do not write to it: copy it and its journal aside, then restore a backup (`clinch book restore`)."
    } else {
        "Something other than clinch wrote to this book, or a drive lost a part of it. Look at the records that are named; setting a field anew with `edit` writes it and its log together. A backup can be restored with `clinch book restore`."
    }
}
