//! `list`: records of a noun, filtered, sorted, in any form.

use clap::{ArgMatches, Args, FromArgMatches as _};

use super::noun::NounVerb;
use crate::cli::cells::{Column, Wording, parse_columns};
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::output::Format;
use crate::cli::record_json;
use crate::cli::rows::Rows;
use crate::cli::selection::Selection;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::domain::money::grouped;
use crate::store::query::{Answer, Listing, Query};

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "list",
    about: "List {all}",
    build: |_, clap| Selection::augment_args(clap),
    run,
};

fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let selection =
        Selection::from_arg_matches(matches).map_err(|error| Fault::usage(error.to_string()))?;
    let columns = parse_columns(noun, &selection.fields)?;
    let mut desk = shell.desk()?;
    let query = selection.query(shell, &mut desk, noun.entity)?;
    let listing = match desk.ask(&Query::List(query))? {
        Answer::List(listing) => listing,
        other => return Err(unforeseen(&other)),
    };
    print(shell, &desk, noun, &columns, &listing)?;
    remark(shell, noun, &listing);
    Ok(Exit::Done)
}

/// What the rows alone do not tell.
fn remark(shell: &Shell, noun: &Noun, listing: &Listing) {
    let shown = listing.records.len();
    if shown == 0 && shell.format() == Format::Table {
        shell.say(&format!("No {} here.", noun.plural));
    }
    if u64::try_from(shown).is_ok_and(|shown| shown < listing.total) {
        shell.say(&format!(
            "{} of {} {}; `--limit all` shows them all.",
            grouped(shown as i128),
            grouped(listing.total),
            noun.plural
        ));
    }
    if listing.unknown > 0 {
        shell.say(&format!(
            "{} of them because nothing is known there.",
            grouped(listing.unknown)
        ));
    }
}

fn print(
    shell: &Shell,
    desk: &Desk,
    noun: &'static Noun,
    asked: &[(String, Column)],
    listing: &Listing,
) -> Result<(), Fault> {
    let for_programs = matches!(shell.format(), Format::Json | Format::Jsonl);
    let columns = if for_programs && asked.is_empty() {
        record_json::columns(noun.entity)
    } else {
        columns(noun, asked)
    };
    let wording = Wording {
        base: desk.info.base,
        zone: desk.zone,
        people: shell.format() == Format::Table,
    };
    let heads: Vec<(&str, Side)> = columns
        .iter()
        .map(|(name, column)| (*name, column.side()))
        .collect();
    let mut rows = Rows::new(&heads);
    for record in &listing.records {
        if for_programs {
            rows.object(record_json::object(record, &columns, desk.info.base));
        } else {
            rows.cells(
                columns
                    .iter()
                    .map(|(_, column)| wording.cell(record, *column)),
            );
        }
    }
    rows.print(shell)
}

/// The columns that were asked for, or those of the noun.
fn columns<'a>(noun: &'static Noun, asked: &'a [(String, Column)]) -> Vec<(&'a str, Column)> {
    if asked.is_empty() {
        let usual = noun.columns.iter();
        return usual
            .filter_map(|name| Some((*name, Column::named(noun.entity, name)?)))
            .collect();
    }
    asked
        .iter()
        .map(|(name, column)| (name.as_str(), *column))
        .collect()
}
