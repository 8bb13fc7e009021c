//! `export`: records for other systems, as CSV or JSON lines.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command as Clap};

use crate::cli::fault::{Exit, Fault};
use crate::cli::output::Format;
use crate::cli::selection::parse_filter;
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::cli::views;
use crate::domain::filter::nearest;
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::exchange::write::Delimited;
use crate::jobs::export::{self, ExportFault, Request};

/// The verb.
pub const VERB: Verb = Verb {
    name: "export",
    about: "Write records for other systems, as CSV or JSON lines",
    build,
    run,
};

/// All nouns at once.
const ALL: &str = "all";

/// What can be exported.
const WHAT: &[(&str, Entity)] = &[
    ("contacts", Entity::Contact),
    ("companies", Entity::Company),
    ("deals", Entity::Deal),
    ("lines", Entity::DealLine),
    ("activities", Entity::Activity),
    ("products", Entity::Product),
    ("reps", Entity::Rep),
    ("pipelines", Entity::Pipeline),
    ("stages", Entity::Stage),
    ("lost-reasons", Entity::LostReason),
    ("fields", Entity::Field),
    ("views", Entity::View),
    ("quotas", Entity::Quota),
    ("rates", Entity::Rate),
];

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("what")
            .value_name("WHAT")
            .required(true)
            .value_parser(PossibleValuesParser::new(
                WHAT.iter().map(|(name, _)| *name).chain([ALL]),
            ))
            .help("The records; `all` is every record of the book, the trash too, as JSON lines"),
    )
    .arg(
        Arg::new("filter")
            .long("filter")
            .value_name("FILTER")
            .allow_hyphen_values(true)
            .help("Which of them, in the language of `/` in the app"),
    )
    .arg(
        Arg::new("view")
            .long("view")
            .value_name("VIEW")
            .help("As a view of the app shows them: its filter, its order, its columns"),
    )
    .arg(
        Arg::new("fields")
            .long("fields")
            .value_name("FIELDS")
            .value_delimiter(',')
            .action(ArgAction::Append)
            .help("Which columns, separated by commas; else all"),
    )
    .arg(
        Arg::new("excel")
            .long("excel")
            .action(ArgAction::SetTrue)
            .help("For spreadsheets: a byte-order mark, and no cell that runs as a formula"),
    )
    .after_help(
        "CSV is the usual form, `--jsonl` and `--tsv` are others. `-o FILE` writes a file.\n\n`clinch import` reads JSON lines back, \
         with their ids: `export all -o book.jsonl` and `import book.jsonl` into an empty book make the same book, without its history.",
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let what = matches.get_one::<String>("what").map_or("", String::as_str);
    if what == ALL {
        return all(shell, matches);
    }
    let Some((_, entity)) = WHAT.iter().find(|(name, _)| *name == what) else {
        return Err(Fault::usage(format!("`{what}` cannot be exported.")));
    };
    let form = form(shell, matches.get_flag("excel"))?;
    let typed = matches.get_one::<String>("filter").map(String::as_str);
    // What is typed is read before the book is opened.
    parse_filter(typed)?;
    let mut columns: Vec<String> = matches
        .get_many::<String>("fields")
        .into_iter()
        .flatten()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    let mut desk = shell.desk()?;
    let view = match matches.get_one::<String>("view") {
        Some(name) => Some(views::named(&mut desk, *entity, name)?),
        None => None,
    };
    if let Some(view) = &view
        && columns.is_empty()
    {
        columns = views::fields(&mut desk, *entity, view)?;
    }
    let request = Request {
        entity: *entity,
        filter: views::filter(view.as_ref(), typed)?,
        sort: view.map(|view| view.sort).unwrap_or_default(),
        columns,
        format: form,
        asked: desk.asked(),
    };
    let mut out = shell.out()?;
    let count = export::export(&mut desk.book, &request, &mut out)?;
    out.finish()?;
    if shell.globals.output.is_some() {
        shell.say(&format!("Exported {} {what}", grouped(count as u64)));
    }
    Ok(Exit::Done)
}

/// The whole book.
fn all(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let chosen = ["filter", "view", "fields"];
    if let Some(name) = chosen.iter().find(|name| matches.contains_id(name)) {
        return Err(Fault::usage(format!("`all` is all: `--{name}` chooses.")).at(*name));
    }
    if matches.get_flag("excel") || !matches!(shell.format(), Format::Table | Format::Jsonl) {
        return Err(Fault::usage("All records of a book are JSON lines.")
            .hint("Leave the form out, or name one noun: `clinch export deals --csv`."));
    }
    let mut desk = shell.desk()?;
    let asked = desk.asked();
    let mut out = shell.out()?;
    let count = export::export_all(&mut desk.book, asked, &mut out)?;
    out.finish()?;
    if shell.globals.output.is_some() {
        let records = if count == 1 { "record" } else { "records" };
        shell.say(&format!("Exported {} {records}", grouped(count as u64)));
    }
    Ok(Exit::Done)
}

fn form(shell: &Shell, excel: bool) -> Result<export::Format, Fault> {
    let delimiter = match shell.format() {
        Format::Jsonl => return Ok(export::Format::Jsonl),
        Format::Tsv => b'\t',
        Format::Table | Format::Csv => b',',
        Format::Json | Format::Plain => {
            return Err(Fault::usage("An export is CSV, TSV or JSON lines.").hint(
                "Use `--csv`, `--tsv` or `--jsonl`; `clinch … list --json` is one document.",
            ));
        }
    };
    Ok(export::Format::Delimited(Delimited { delimiter, excel }))
}

impl From<ExportFault> for Fault {
    fn from(fault: ExportFault) -> Self {
        match fault {
            ExportFault::Store(error) => error.into(),
            ExportFault::Write(error) => error.into(),
            ExportFault::File { .. } => Self::new(Exit::Unexpected, fault.to_string()),
            ExportFault::Column {
                ref name,
                ref known,
            } => {
                let names = known.split(", ");
                let near = nearest(name, names).map(|near| format!("Did you mean `{near}`?"));
                let fault = Self::usage(fault.to_string()).at("fields");
                match near {
                    Some(near) => fault.hint(near),
                    None => fault,
                }
            }
        }
    }
}
