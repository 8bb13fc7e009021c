//! `list`: records of a noun, filtered, sorted, in any form.

use std::io::Write as _;

use clap::{ArgMatches, Args, FromArgMatches as _};

use super::noun::NounVerb;
use crate::cli::cells::{Column, Wording, parse_columns};
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::output::{Format, one_line};
use crate::cli::shell::Shell;
use crate::cli::table::Table;
use crate::domain::filter::nearest;
use crate::domain::filter::{self, Filter};
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::store::query::{Answer, ListQuery, Listing, Query};

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "list",
    about: "List {all}",
    build: |_, clap| Selection::augment_args(clap),
    run,
};

/// As many rows as a person looks at.
const SCREENFUL: usize = 100;

/// Which records, in which order, with which columns.
#[derive(Args, Clone, Debug, Default)]
pub struct Selection {
    /// Which of them, in the language of `/` in the app: `stage:proposal amount>10k owner:me`
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// By which fields, separated by commas; `-field` is descending
    #[arg(
        long,
        value_name = "FIELD",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub sort: Vec<String>,
    /// At the most so many, or `all`
    #[arg(long, value_name = "N", value_parser = parse_limit)]
    pub limit: Option<Limit>,
    /// Which columns, separated by commas
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// What is in the trash instead
    #[arg(long)]
    pub trashed: bool,
}

/// `--limit`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// No limit.
    All,
    /// At the most so many.
    Most(usize),
}

fn parse_limit(text: &str) -> Result<Limit, String> {
    if text == "all" {
        return Ok(Limit::All);
    }
    text.parse()
        .map(Limit::Most)
        .map_err(|_| "write a number or `all`".to_owned())
}

impl Selection {
    /// The question to the book.
    pub fn query(
        &self,
        shell: &Shell,
        desk: &mut Desk,
        entity: Entity,
    ) -> Result<ListQuery, Fault> {
        Ok(ListQuery {
            entity,
            filter: self.filter(desk)?,
            sort: self.order(entity)?,
            limit: self.limit(shell),
            trashed: self.trashed,
            asked: desk.asked()?,
        })
    }

    /// The filter.
    fn filter(&self, _desk: &Desk) -> Result<Option<Filter>, Fault> {
        let Some(text) = self.filter.as_deref() else {
            return Ok(None);
        };
        filter::parse(text).map(Some).map_err(|error| {
            let fault = Fault::usage(format!(
                "The filter is not understood at `{}`: {}",
                text.get(error.position()..).unwrap_or(text),
                error.what
            ))
            .at("filter");
            match error.nearest {
                Some(near) => fault.hint(format!("Did you mean `{near}`?")),
                None => fault,
            }
        })
    }

    fn order(&self, entity: Entity) -> Result<Vec<(String, bool)>, Fault> {
        self.sort
            .iter()
            .map(|word| word.trim())
            .filter(|word| !word.is_empty())
            .map(|word| {
                let (name, down) = word
                    .strip_prefix('-')
                    .map_or((word, false), |name| (name, true));
                let name = name.to_lowercase().replace('-', "_");
                if name == "created_at" || entity.field(&name).is_some() {
                    return Ok((name, down));
                }
                let names = entity.fields().iter().map(|def| def.name);
                let fault =
                    Fault::usage(format!("There is no field `{name}` to sort by.")).at("sort");
                Err(match nearest(&name, names) {
                    Some(near) => fault.hint(format!("Did you mean `{near}`?")),
                    None => fault,
                })
            })
            .collect()
    }

    fn limit(&self, shell: &Shell) -> Option<usize> {
        match self.limit {
            Some(Limit::All) => None,
            Some(Limit::Most(most)) => Some(most),
            None => shell.columns().map(|_| SCREENFUL),
        }
    }
}

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
    let columns = columns(noun, asked);
    let wording = Wording {
        base: desk.info.base,
        zone: desk.zone,
        people: shell.format() == Format::Table,
    };
    let mut out = shell.out()?;
    match shell.format() {
        Format::Table if listing.records.is_empty() => {}
        Format::Table => {
            let heads = columns.iter().map(|(name, column)| (*name, column.side()));
            let mut table = Table::new(heads);
            for record in &listing.records {
                table.row(
                    columns
                        .iter()
                        .map(|(_, column)| wording.cell(record, *column)),
                );
            }
            table.print(&mut out, shell.columns(), shell.is_coloured())?;
        }
        Format::Plain => {
            for record in &listing.records {
                let cells: Vec<String> = columns
                    .iter()
                    .map(|(_, column)| one_line(&wording.cell(record, *column)))
                    .collect();
                writeln!(out, "{}", cells.join("\t"))?;
            }
        }
        _ => {}
    }
    out.finish()
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
