//! `list`: records of a noun, filtered, sorted, in any form.

use std::io::Write as _;

use clap::{ArgMatches, FromArgMatches as _};

use super::noun::NounVerb;
use crate::cli::cells::{Column, Objects, Wording, parse_columns, short_id};
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::output::Format;
use crate::cli::rows::Rows;
use crate::cli::selection::{Selection, parse_filter};
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::with;
use crate::cli::views;
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::exchange::write::{Out, harmless};
use crate::store::query::{Answer, Listing, Query};

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "list",
    about: "List {all}",
    build: |_, clap| with::<Selection>(clap),
    run,
};

fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let selection =
        Selection::from_arg_matches(matches).map_err(|error| Fault::usage(error.to_string()))?;
    let mut desk = shell.desk()?;
    let view = match &selection.view {
        Some(name) => Some(views::named(&mut desk, noun.entity, name)?),
        None => None,
    };
    let fields = match &view {
        Some(view) if selection.fields.is_empty() => views::fields(&mut desk, noun.entity, view)?,
        _ => selection.fields.clone(),
    };
    let asked = parse_columns(&mut desk, noun, &fields)?;
    let mut query = selection.query(shell, &mut desk, noun.entity, view.as_ref())?;
    if query.sort.is_empty() {
        query.sort = usual_order(noun);
    }
    if let Some(only) = parse_filter(noun.only)? {
        query.filter = Some(only.and(query.filter.unwrap_or_default()));
    }
    let listing = match desk.ask(&Query::List(query))? {
        Answer::List(listing) => listing,
        other => return Err(unforeseen(&other)),
    };
    print(shell, &desk, noun, asked, &listing)?;
    remark(shell, noun, &listing);
    Ok(Exit::Done)
}

/// The order that nobody asked for: what has a place is listed by it.
fn usual_order(noun: &Noun) -> Vec<(String, bool)> {
    let by: &[&str] = match noun.entity {
        Entity::Stage => &["pipeline", "position"],
        Entity::Pipeline | Entity::LostReason => &["position"],
        _ => &[],
    };
    by.iter().map(|name| ((*name).to_owned(), false)).collect()
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
    asked: Vec<Column>,
    listing: &Listing,
) -> Result<(), Fault> {
    let base = desk.info.base;
    let format = shell.format();
    if matches!(format, Format::Json | Format::Jsonl) {
        let objects = Objects::new(noun.entity, &asked, base);
        return stream(shell, &objects, listing);
    }
    let columns = if asked.is_empty() { usual(noun) } else { asked };
    let heads: Vec<(&str, Side)> = columns
        .iter()
        .map(|column| (column.name(), column.side()))
        .collect();
    let wording = Wording {
        base,
        zone: desk.zone,
    };
    let mut rows = Rows::new(&heads);
    for record in &listing.records {
        rows.cells(columns.iter().map(|column| match column {
            Column::Of(Out::Id) if format == Format::Table => short_id(record.id),
            column if format == Format::Table => wording.cell(record, column),
            column => column.plain(record, base),
        }));
    }
    rows.print(shell)
}

/// Writes JSON record by record: a long list is never held twice.
fn stream(shell: &Shell, objects: &Objects, listing: &Listing) -> Result<(), Fault> {
    let mut out = shell.out()?;
    let document = shell.format() == Format::Json;
    if document {
        write!(out, "{{\"schema_version\":1,\"items\":[")?;
    }
    for (place, record) in listing.records.iter().enumerate() {
        if document && place > 0 {
            out.write_all(b",")?;
        }
        let object = objects.object(record).to_string();
        out.write_all(harmless(&object).as_bytes())?;
        if !document {
            out.write_all(b"\n")?;
        }
    }
    if document {
        writeln!(out, "]}}")?;
    }
    out.finish()
}

/// The columns that nobody asked for.
fn usual(noun: &'static Noun) -> Vec<Column> {
    let names = noun.columns.iter();
    names
        .filter_map(|name| Column::named(noun.entity, name))
        .collect()
}
