//! `list`: records of a noun, filtered, sorted, in any form.

use std::io::Write as _;

use clap::{ArgMatches, FromArgMatches as _};

use super::noun::NounVerb;
use crate::cli::cells::{Column, Objects, parse_columns, short_id};
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
use crate::domain::filter::{Filter, strangers};
use crate::domain::history::Order;
use crate::domain::id::RecordId;
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::exchange::write::{Out, harmless};
use crate::store::query::{Answer, Query, WORDS_AT_MOST};

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
    let limit = query.limit;
    let filter = query.filter.clone();
    let order = match desk.ask(&Query::Order(query))? {
        Answer::Order(order) => order,
        other => return Err(unforeseen(&other)),
    };
    let shown = limit.unwrap_or(usize::MAX).min(order.ids.len());
    print(shell, &mut desk, noun, asked, &order.ids[..shown])?;
    remark(shell, noun, &order, shown);
    if let Some(filter) = filter.filter(|_| order.ids.is_empty()) {
        tell_strangers(shell, &mut desk, noun.entity, &filter)?;
    }
    Ok(Exit::Done)
}

/// Records that are held at a time: of a long list as many as this, and no more.
const AT_A_TIME: usize = 1_000;

/// Reads the records in their order and gives them away one by one. Which they are is of one moment; what is in them is of the moment
/// in which they are read, so that nobody waits for a writer while a long list is printed.
fn each(
    desk: &mut Desk,
    entity: Entity,
    ids: &[RecordId],
    mut take: impl FnMut(&Record) -> Result<(), Fault>,
) -> Result<(), Fault> {
    for ids in ids.chunks(AT_A_TIME) {
        for record in &desk.book.records(entity, ids)? {
            take(record)?;
        }
    }
    Ok(())
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

/// Nothing was found: words of the filter that nothing in the book holds may be slips.
fn tell_strangers(
    shell: &Shell,
    desk: &mut Desk,
    entity: Entity,
    filter: &Filter,
) -> Result<(), Fault> {
    let words = match desk.ask(&Query::Words(entity))? {
        Answer::Words(words) => words,
        other => return Err(unforeseen(&other)),
    };
    for told in strangers(filter, entity, &words, WORDS_AT_MOST) {
        shell.say(&told);
    }
    Ok(())
}

/// What the rows alone do not tell.
fn remark(shell: &Shell, noun: &Noun, order: &Order, shown: usize) {
    if shown == 0 && shell.format() == Format::Table {
        shell.say(&format!("No {} here.", noun.many()));
    }
    if shown < order.ids.len() {
        shell.say(&format!(
            "{} of {} {}; `--limit all` shows them all.",
            grouped(shown as i128),
            grouped(order.ids.len() as i128),
            noun.many()
        ));
    }
    if order.unknown > 0 {
        shell.say(&format!(
            "{} of them because nothing is known there.",
            grouped(order.unknown)
        ));
    }
}

fn print(
    shell: &Shell,
    desk: &mut Desk,
    noun: &'static Noun,
    asked: Vec<Column>,
    ids: &[RecordId],
) -> Result<(), Fault> {
    let format = shell.format();
    if matches!(format, Format::Json | Format::Jsonl) {
        let objects = Objects::new(desk, noun.entity, &asked)?;
        return stream(shell, desk, noun.entity, &objects, ids);
    }
    let columns = if asked.is_empty() {
        usual(desk, noun)?
    } else {
        asked
    };
    let heads: Vec<(&str, Side)> = columns
        .iter()
        .map(|column| (column.name(), column.side()))
        .collect();
    let (base, wording) = (desk.info.base, desk.wording());
    let mut rows = Rows::new(&heads);
    each(desk, noun.entity, ids, |record| {
        rows.cells(columns.iter().map(|column| match column {
            Column::Of(Out::Id) if format == Format::Table => short_id(record.id),
            column if format == Format::Table => wording.cell(record, column),
            column => column.plain(record, base),
        }));
        Ok(())
    })?;
    rows.print(shell)
}

/// Writes JSON record by record: a long list is never held whole.
fn stream(
    shell: &Shell,
    desk: &mut Desk,
    entity: Entity,
    objects: &Objects,
    ids: &[RecordId],
) -> Result<(), Fault> {
    let mut out = shell.out()?;
    let document = shell.format() == Format::Json;
    if document {
        write!(out, "{{\"schema_version\":1,\"items\":[")?;
    }
    let mut first = true;
    each(desk, entity, ids, |record| {
        if document && !std::mem::take(&mut first) {
            out.write_all(b",")?;
        }
        let object = objects.object(record).to_string();
        out.write_all(harmless(&object).as_bytes())?;
        if !document {
            out.write_all(b"\n")?;
        }
        Ok(())
    })?;
    if document {
        writeln!(out, "]}}")?;
    }
    out.finish()
}

/// The columns that nobody asked for.
fn usual(desk: &mut Desk, noun: &'static Noun) -> Result<Vec<Column>, Fault> {
    let names = noun.columns.iter();
    let mut columns: Vec<Column> = names
        .filter_map(|name| Column::named(noun.entity, name))
        .collect();
    Column::learn(desk, &mut columns)?;
    Ok(columns)
}
