//! `show`: everything about one record.

use std::fmt::Write as _;

use clap::{Arg, ArgMatches, Command as Clap, value_parser};
use serde_json::json;

use super::edit;
use super::noun::NounVerb;
use crate::cli::cells::{Column, Objects};
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::output::{Format, lines, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::views;
use crate::domain::nouns::{Entity, activity, view};
use crate::domain::records::Record;
use crate::exchange::write::columns;
use crate::store::query::{Answer, Query};

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "show",
    about: "Show all that is known of {one}",
    build,
    run,
};

/// So many activities are shown.
const TIMELINE: usize = 20;

fn build(noun: &'static Noun, clap: Clap) -> Clap {
    let clap = clap.arg(edit::reference_arg(noun));
    if !has_timeline(noun.entity) {
        return clap;
    }
    clap.arg(
        Arg::new("timeline")
            .long("timeline")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("At the most so many activities, the latest first [default: 20]"),
    )
}

fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let text = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(noun.entity, text)?;
    let record = desk.show(noun.entity, found.id)?;
    let limit = if has_timeline(noun.entity) {
        matches.get_one("timeline").copied().unwrap_or(TIMELINE)
    } else {
        0
    };
    let base = desk.info.base;
    match shell.format() {
        Format::Table => {
            let timeline = timeline(&mut desk, &record, limit)?;
            let pipeline = views::pipeline(&mut desk, &record)?;
            shell.print(&as_text(&desk, &record, pipeline, &timeline))?;
        }
        Format::Plain => shell.print(&plain(&mut desk, &record)?)?,
        Format::Csv | Format::Tsv => {
            let columns = Column::all_learned(&mut desk, noun.entity)?;
            let heads: Vec<(&str, Side)> = columns
                .iter()
                .map(|column| (column.name(), column.side()))
                .collect();
            let mut rows = Rows::new(&heads);
            rows.cells(columns.iter().map(|column| column.plain(&record, base)));
            rows.print(shell)?;
        }
        Format::Json => {
            let item = Objects::new(&mut desk, noun.entity, &[])?.object(&record);
            shell.print(&format!("{}\n", json!({"schema_version": 1, "item": item})))?;
        }
        Format::Jsonl => {
            let item = Objects::new(&mut desk, noun.entity, &[])?.object(&record);
            shell.print(&format!("{item}\n"))?;
        }
    }
    Ok(Exit::Done)
}

/// Whether a noun has activities.
const fn has_timeline(entity: Entity) -> bool {
    matches!(entity, Entity::Contact | Entity::Company | Entity::Deal)
}

fn timeline(desk: &mut Desk, record: &Record, limit: usize) -> Result<Vec<Record>, Fault> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let query = Query::Timeline {
        entity: record.entity,
        id: record.id,
        limit,
    };
    match desk.ask(&query)? {
        Answer::Timeline(activities) => Ok(activities),
        other => Err(unforeseen(&other)),
    }
}

fn as_text(desk: &Desk, record: &Record, pipeline: Option<String>, timeline: &[Record]) -> String {
    let mut known = known(desk, record);
    if let Some(pipeline) = pipeline {
        known.retain(|(name, _)| name != view::COLUMNS.name);
        known.push(("pipeline".to_owned(), pipeline));
    }
    let width = known.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in &known {
        let value = lines(value).replace('\n', &format!("\n{:width$}  ", ""));
        let _ = writeln!(text, "{:width$}  {value}", one_line(name));
    }
    if !timeline.is_empty() {
        text.push('\n');
    }
    for activity in timeline {
        text += &entry(desk, activity);
    }
    text
}

/// What is known of a record, custom fields last.
fn known(desk: &Desk, record: &Record) -> Vec<(String, String)> {
    let wording = desk.wording();
    let columns = columns(record.entity, std::slice::from_ref(record));
    let own = columns.iter().filter_map(|column| {
        let value = wording.known(record, column)?;
        Some((column.name().to_owned(), value))
    });
    own.chain([("version".to_owned(), record.seq.to_string())])
        .collect()
}

/// The same for `cut` and `awk`, values as they are.
fn plain(desk: &mut Desk, record: &Record) -> Result<String, Fault> {
    let mut text = String::new();
    for column in Column::all_learned(desk, record.entity)? {
        let value = column.plain(record, desk.info.base);
        let _ = writeln!(text, "{}\t{}", column.name(), one_line(&value));
    }
    Ok(text)
}

/// One activity: when, what, by whom, and what was said.
fn entry(desk: &Desk, record: &Record) -> String {
    let wording = desk.wording();
    let done = record.instant(&activity::DONE_AT);
    let when = match (
        done,
        record.instant(&activity::DUE_AT),
        record.date(&activity::DUE_DATE),
    ) {
        (Some(at), _, _) => wording.moment(at),
        (None, Some(at), _) => format!("{} planned", wording.moment(at)),
        (None, None, Some(date)) => format!("{date} planned"),
        (None, None, None) => "no date, planned".to_owned(),
    };
    let kind = record.text(&activity::KIND).unwrap_or_default();
    let by = record
        .link::<()>(&activity::PERFORMER)
        .map(|link| format!(" ({})", link.name))
        .unwrap_or_default();
    let said = [&activity::SUBJECT, &activity::OUTCOME];
    let said: Vec<&str> = said.iter().filter_map(|def| record.text(def)).collect();
    let subject = said.join(" · ");
    let body = record.text(&activity::BODY).map(|body| {
        let body = lines(body).replace('\n', "\n    ");
        format!("    {body}\n")
    });
    format!(
        "{}\n{}",
        one_line(&format!("{when}  {kind}  {subject}{by}")).trim_end(),
        body.unwrap_or_default()
    )
}
