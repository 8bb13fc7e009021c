//! Which records, in which order: the flags of `list`, `export` and reports.

use clap::{ArgMatches, Args};

use super::desk::Desk;
use super::fault::Fault;
use super::shell::Shell;
use super::views;
use crate::domain::filter::{self, Filter, nearest};
use crate::domain::nouns::Entity;
use crate::domain::view::Setup;
use crate::store::query::ListQuery;

/// As many rows as a person looks at.
const SCREENFUL: usize = 100;

/// The words that were typed behind a verb that takes some.
#[must_use]
pub fn words(matches: &ArgMatches) -> String {
    let words = matches.get_many::<String>("words").into_iter().flatten();
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Which records, in which order, with which columns.
#[derive(Args, Clone, Debug, Default)]
pub struct Selection {
    /// Which of them, in the language of `/` in the app: `stage:proposal amount>10k owner:me`
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// As a view of the app shows them: its filter, its order, its columns
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
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
        view: Option<&Setup>,
    ) -> Result<ListQuery, Fault> {
        let asked = self.order(entity)?;
        let of_view = view.filter(|_| asked.is_empty());
        Ok(ListQuery {
            entity,
            filter: views::filter(view, self.filter.as_deref())?,
            sort: of_view.map_or(asked, |view| view.sort.clone()),
            limit: self.limit(shell),
            trashed: self.trashed,
            asked: desk.asked(),
        })
    }

    fn order(&self, entity: Entity) -> Result<Vec<(String, bool)>, Fault> {
        let words = self.sort.iter().map(|word| word.trim());
        words
            .filter(|word| !word.is_empty())
            .map(|word| {
                let (name, down) = word
                    .strip_prefix('-')
                    .map_or((word, false), |name| (name, true));
                let name = name.to_lowercase().replace('-', "_");
                let waits = name == "waits" && entity == Entity::Contact;
                if name == "created_at" || waits || entity.field(&name).is_some() {
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

/// Reads `--filter`.
pub fn parse_filter(text: Option<&str>) -> Result<Option<Filter>, Fault> {
    let Some(text) = text else {
        return Ok(None);
    };
    filter::parse(text).map(Some).map_err(|error| {
        let at = text.get(error.position()..).unwrap_or_default();
        let fault = if at.is_empty() {
            Fault::usage(format!("The filter is not understood: {}", error.what))
        } else {
            Fault::usage(format!(
                "The filter is not understood at `{at}`: {}",
                error.what
            ))
        };
        match error.nearest {
            Some(near) => fault.at("filter").hint(format!("Did you mean `{near}`?")),
            None => fault.at("filter"),
        }
    })
}
