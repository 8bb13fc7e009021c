//! `show`: everything about one record.

use clap::{Arg, ArgMatches, Command as Clap, value_parser};
use serde_json::json;

use super::edit;
use super::noun::NounVerb;
use crate::cli::cells::{Column, Wording};
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::output::{Format, lines, one_line};
use crate::cli::record_json;
use crate::cli::shell::Shell;
use crate::domain::nouns::{Entity, activity};
use crate::domain::records::Record;
use crate::store::query::{Answer, Query};

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "show",
    about: "Show {one} with its history",
    build,
    run,
};

/// So many activities are shown.
const TIMELINE: usize = 20;

fn build(noun: &'static Noun, clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(noun)).arg(
        Arg::new("timeline")
            .long("timeline")
            .value_name("N")
            .value_parser(value_parser!(usize))
            .help("At the most so many activities [default: 20]"),
    )
}

fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let text = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(noun.entity, text)?;
    let record = desk.show(noun.entity, found.id)?;
    let limit = matches.get_one("timeline").copied().unwrap_or(TIMELINE);
    match shell.format() {
        Format::Table => {
            let timeline = timeline(&mut desk, &record, limit)?;
            shell.print(&as_text(&desk, &record, &timeline))?;
        }
        Format::Plain | Format::Csv | Format::Tsv => shell.print(&fields(&desk, &record, false))?,
        Format::Json | Format::Jsonl => {
            let columns = record_json::columns(noun.entity);
            let item = record_json::object(&record, &columns, desk.info.base);
            let document = match shell.format() {
                Format::Json => json!({"schema_version": 1, "item": item}),
                _ => item,
            };
            shell.print(&format!("{document}\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn timeline(desk: &mut Desk, record: &Record, limit: usize) -> Result<Vec<Record>, Fault> {
    if record.entity == Entity::Rep || limit == 0 {
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

fn as_text(desk: &Desk, record: &Record, timeline: &[Record]) -> String {
    let mut text = fields(desk, record, true);
    if !timeline.is_empty() {
        text.push('\n');
    }
    for activity in timeline {
        text += &entry(desk, activity);
    }
    text
}

/// What is known of a record, a line a field.
fn fields(desk: &Desk, record: &Record, people: bool) -> String {
    let wording = Wording {
        base: desk.info.base,
        zone: desk.zone,
        people,
    };
    let own = Column::all(record.entity)
        .into_iter()
        .map(|(name, column)| (name.to_owned(), wording.cell(record, column)));
    let custom = record.custom.iter().filter_map(|custom| {
        let value = wording.value(crate::domain::nouns::Kind::Line, &custom.value)?;
        Some((custom.name.clone(), value))
    });
    let known: Vec<(String, String)> = own
        .chain(custom)
        .filter(|(name, value)| {
            !value.is_empty() && value != crate::cli::table::UNKNOWN && name != "position"
        })
        .collect();
    let width = known.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    known
        .iter()
        .map(|(name, value)| {
            let name = one_line(name);
            if people {
                let value = lines(value).replace('\n', &format!("\n{:width$}  ", ""));
                format!("{name:width$}  {value}\n")
            } else {
                format!("{name}\t{}\n", one_line(value))
            }
        })
        .collect()
}

/// One activity: when, what, by whom, and what was said.
fn entry(desk: &Desk, record: &Record) -> String {
    let wording = Wording {
        base: desk.info.base,
        zone: desk.zone,
        people: true,
    };
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
    let subject = record.text(&activity::SUBJECT).unwrap_or_default();
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
