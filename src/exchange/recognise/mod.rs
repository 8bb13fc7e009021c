//! Which noun the rows of a table are, from which system they come, and what each column becomes: decided by the names of the
//! columns alone, never by the name of the file.

mod printed;
mod uses;
mod vocabulary;

pub use uses::{By, NOUNS, Part, Use, noun, plural};
pub use vocabulary::{System, Vocabulary, VocabularyFault};

use sha2::{Digest, Sha256};

use crate::domain::identity::near_name;
use crate::domain::nouns::{Entity, Set};
use crate::domain::text::{clean_line, squeeze};

use super::hex;
use super::read::Table;
use vocabulary::{NounColumns, forms};

/// How the names of sources begin that are no more than a header's signature.
pub const SPREADSHEET: &str = "csv:";

/// The source of this program's own exports: its keys are ids of a book.
pub const OWN: &str = "clinch";

/// How many points a noun needs, and how many more than the next; with fewer than a hint nothing is taken for known.
const HINT: f64 = 1.5;
const ENOUGH: f64 = 2.5;
const MARGIN: f64 = 1.0;

/// What the user says about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The noun of the rows.
    pub into: Option<Entity>,
    /// The name of the source.
    pub source: Option<String>,
    /// Columns and the use that each gets, by its word.
    pub map: Vec<(String, String)>,
}

/// A table whose columns are understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// The noun of the rows.
    pub entity: Entity,
    /// The source: the system's name, what the user says, or the header's signature (`csv:1f3a90b2`).
    pub source: String,
    /// The source for people: `HubSpot`, of a spreadsheet its file: `Sales pipeline`.
    pub label: String,
    /// Whether the source is no more than a header's signature: keys of other files of the same run may mean the same records.
    pub anonymous: bool,
    /// What each column becomes, in the order of the header.
    pub columns: Vec<Use>,
    /// Unknown columns whose names are near a known one.
    pub near: Vec<NearColumn>,
}

/// An unknown column whose name is a slip away from a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearColumn {
    /// The column.
    pub column: String,
    /// The known name.
    pub known: String,
    /// What a column of that name becomes, in the word of `--map`.
    pub field: String,
}

/// A table that nothing can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecogniseFault {
    /// No noun has columns of these names.
    #[error(
        "{file} holds nothing to take: none of its columns is known ({columns}). If its rows are contacts, companies, deals, products, reps or activities, name them with `--into` and the columns with `--map COLUMN=FIELD`."
    )]
    Nothing {
        /// The file.
        file: String,
        /// Its columns.
        columns: String,
    },
    /// It is something that is known and not taken.
    #[error("{file} holds {what}.")]
    Refused {
        /// The file.
        file: String,
        /// What it is.
        what: String,
    },
    /// Several nouns fit.
    #[error(
        "{file} may hold {candidates}, and its columns do not decide ({columns}). Say which with `--into contacts|companies|deals|products|reps|activities`."
    )]
    Undecided {
        /// The file.
        file: String,
        /// What it may hold.
        candidates: String,
        /// Its columns.
        columns: String,
    },
    /// The noun that the user names cannot be made of these columns.
    #[error(
        "{file} cannot be read as {noun}: they need {needs}, and its columns are {columns}. Name one with `--map COLUMN=FIELD`."
    )]
    Needs {
        /// The file.
        file: String,
        /// The noun, in the plural.
        noun: &'static str,
        /// What is needed.
        needs: String,
        /// Its columns.
        columns: String,
    },
    /// A mapping names a column that is not there, or a field that is none.
    #[error("`--map {column}={field}`: {what}.")]
    Map {
        /// The column.
        column: String,
        /// The field.
        field: String,
        /// What is wrong.
        what: String,
    },
}

impl RecogniseFault {
    /// Whether the file simply holds nothing that can be taken.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing { .. } | Self::Refused { .. })
    }
}

/// Recognises a table.
///
/// # Errors
/// See [`RecogniseFault`]; none of them is about single rows.
pub fn recognise(
    table: &Table,
    vocabulary: &Vocabulary,
    told: &Told,
) -> Result<Recognised, RecogniseFault> {
    let noun = match told.into {
        Some(entity) => vocabulary.noun(entity).ok_or_else(|| nothing(table))?,
        None => match printed::printed(table) {
            Some(what) => {
                return Err(RecogniseFault::Refused {
                    file: table.name.clone(),
                    what: format!(
                        "{what} as a table, which is for people and other systems. `clinch export` writes with `--jsonl` what comes back"
                    ),
                });
            }
            None => decide(table, vocabulary, told)?,
        },
    };
    let Some(entity) = noun.entity else {
        return Err(RecogniseFault::Refused {
            file: table.name.clone(),
            what: noun.refused.clone().unwrap_or_default(),
        });
    };
    let system = vocabulary.system(&table.header);
    let mut columns = columns(table, vocabulary, noun, entity, system);
    for (column, word) in &told.map {
        tell(table, entity, &mut columns, column, word)?;
    }
    if told.into.is_some() && !meets(noun, &words(&columns)) {
        return Err(RecogniseFault::Needs {
            file: table.name.clone(),
            noun: plural(entity),
            needs: noun
                .needs
                .iter()
                .map(|list| list.join(" and "))
                .collect::<Vec<_>>()
                .join(", or "),
            columns: listed(&table.header),
        });
    }
    let near = near(table, noun, &columns);
    let (source, label, anonymous) = source(table, &columns, system, told);
    Ok(Recognised {
        entity,
        source,
        label,
        anonymous,
        columns,
        near,
    })
}

fn nothing(table: &Table) -> RecogniseFault {
    RecogniseFault::Nothing {
        file: table.name.clone(),
        columns: listed(&table.header),
    }
}

/// The first columns of a header, for a sentence.
fn listed(header: &[String]) -> String {
    const MOST: usize = 8;
    let mut list = header
        .iter()
        .take(MOST)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if header.len() > MOST {
        list.push_str(", …");
    }
    list
}

/// The noun with most points.
fn decide<'v>(
    table: &Table,
    vocabulary: &'v Vocabulary,
    told: &Told,
) -> Result<&'v NounColumns, RecogniseFault> {
    let mut scored: Vec<(f64, &NounColumns)> = vocabulary
        .nouns
        .iter()
        .filter_map(|noun| score(table, vocabulary, noun, told).map(|score| (score, noun)))
        .collect();
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let undecided = |candidates: Vec<&str>| RecogniseFault::Undecided {
        file: table.name.clone(),
        candidates: candidates.join(" or "),
        columns: listed(&table.header),
    };
    let word = |noun: &NounColumns| noun.entity.map_or("something that is not imported", plural);
    match scored.as_slice() {
        [] => Err(nothing(table)),
        [(best, _), ..] if *best < HINT => Err(nothing(table)),
        [(best, noun), rest @ ..] => {
            let rivals: Vec<&str> = rest
                .iter()
                .filter(|(score, _)| best - score < MARGIN)
                .map(|(_, noun)| word(noun))
                .collect();
            if *best >= ENOUGH && rivals.is_empty() {
                Ok(noun)
            } else {
                Err(undecided(
                    std::iter::once(word(noun)).chain(rivals).collect(),
                ))
            }
        }
    }
}

/// The points of a noun; `None` where its needs are not met.
fn score(table: &Table, vocabulary: &Vocabulary, noun: &NounColumns, told: &Told) -> Option<f64> {
    let mut points = 0.0;
    let mut words: Vec<String> = Vec::new();
    for name in &table.header {
        let mapped = told.map.iter().find(|(column, _)| column == name);
        if let Some((_, word)) = mapped {
            words.push(word.clone());
        } else if forms(name)
            .iter()
            .any(|form| vocabulary.common.contains_key(form))
        {
        } else if let Some(meaning) = noun.meaning(name) {
            points += f64::from(meaning.points);
            words.push(meaning.word.clone());
        } else {
            let elsewhere = vocabulary
                .nouns
                .iter()
                .filter_map(|other| other.meaning(name))
                .map(|other| other.points)
                .max();
            points -= f64::from(elsewhere.unwrap_or(0)) / 2.0;
        }
    }
    meets(noun, &words).then_some(points)
}

fn meets(noun: &NounColumns, words: &[String]) -> bool {
    noun.needs
        .iter()
        .any(|need| need.iter().all(|word| words.contains(word)))
}

fn words(columns: &[Use]) -> Vec<String> {
    columns.iter().map(|using| using.name()).collect()
}

/// What each column becomes. Of several columns for one line the one whose name ranks first gets it; the others become custom fields.
fn columns(
    table: &Table,
    vocabulary: &Vocabulary,
    noun: &NounColumns,
    entity: Entity,
    system: Option<&System>,
) -> Vec<Use> {
    let mut wanted: Vec<(Use, usize)> = Vec::new();
    for name in &table.header {
        let own = system.and_then(|system| system.columns.get(&squeeze(name)));
        let common = || {
            forms(name)
                .iter()
                .find_map(|form| vocabulary.common.get(form))
                .copied()
        };
        let known = || {
            noun.meaning(name)
                .and_then(|m| Some((Use::named(entity, &m.word)?, m.rank)))
        };
        let using = own
            .and_then(|word| Use::named(entity, word))
            .or_else(|| own_field(system, entity, name))
            .or_else(common)
            .map(|using| (using, 0))
            .or_else(known);
        wanted.push(using.unwrap_or((Use::Custom, 0)));
    }
    let first = |place: usize, (using, rank): (Use, usize)| {
        wanted
            .iter()
            .enumerate()
            .all(|(other, (rival, rival_rank))| {
                *rival != using || (rank, place) <= (*rival_rank, other)
            })
    };
    wanted
        .iter()
        .enumerate()
        .map(|(place, (using, rank))| {
            if using.takes_many() || first(place, (*using, *rank)) {
                *using
            } else {
                Use::Custom
            }
        })
        .collect()
}

/// The use of a column of our own export: it is called like the field, or a set in the plural, or `company_id` where it holds
/// the id of a reference: the key of that record in its own table.
fn own_field(system: Option<&System>, entity: Entity, name: &str) -> Option<Use> {
    system.filter(|system| system.name == OWN)?;
    let set = name.strip_suffix('s').and_then(Set::named);
    let set = set.filter(|set| set.is_of(entity)).map(Use::Set);
    let key = || match name.strip_suffix("_id") {
        Some(field) => Use::named(entity, &format!("{field}_key")),
        None => None,
    };
    set.or_else(key).or_else(|| Use::named(entity, name))
}

/// Obeys one `--map`: the column gets the use, and no other column keeps it.
fn tell(
    table: &Table,
    entity: Entity,
    columns: &mut [Use],
    column: &str,
    word: &str,
) -> Result<(), RecogniseFault> {
    let fault = |what: String| RecogniseFault::Map {
        column: column.to_owned(),
        field: word.to_owned(),
        what,
    };
    let place = table
        .header
        .iter()
        .position(|name| name == column || squeeze(name) == squeeze(column))
        .ok_or_else(|| fault(format!("{} has no such column", table.name)))?;
    let using = Use::named(entity, word)
        .ok_or_else(|| fault(format!("{} have no such field", plural(entity))))?;
    if !using.takes_many() {
        for other in columns.iter_mut().filter(|other| **other == using) {
            *other = Use::Custom;
        }
    }
    columns[place] = using;
    Ok(())
}

/// Custom columns whose names are a slip away from a known name. Names that speak of another record are left alone.
fn near(table: &Table, noun: &NounColumns, columns: &[Use]) -> Vec<NearColumn> {
    const OTHERS: &[&str] = &[
        "owner",
        "assistant",
        "parent",
        "manager",
        "created by",
        "modified",
    ];
    let of_another = |name: &str| {
        let name = name.to_lowercase();
        OTHERS.iter().any(|other| name.contains(other))
    };
    let unknown = table.header.iter().zip(columns).filter(|(name, using)| {
        **using == Use::Custom && noun.meaning(name).is_none() && !of_another(name)
    });
    unknown
        .filter_map(|(name, _)| {
            let known = near_name(name, noun.written.iter().map(String::as_str))?;
            Some(NearColumn {
                column: name.clone(),
                known: known.to_owned(),
                field: noun.meaning(known)?.word.clone(),
            })
        })
        .collect()
}

/// The source's name, its label, and whether it is only a signature.
fn source(
    table: &Table,
    columns: &[Use],
    system: Option<&System>,
    told: &Told,
) -> (String, String, bool) {
    if let Some(source) = &told.source {
        let source = clean_line(source);
        return (source.clone(), source, false);
    }
    if let Some(system) = system {
        return (system.name.clone(), system.label.clone(), false);
    }
    let mut names: Vec<String> = table
        .header
        .iter()
        .zip(columns)
        .filter(|(_, using)| **using != Use::Ignored)
        .map(|(name, _)| squeeze(name))
        .collect();
    names.sort_unstable();
    let hash = Sha256::digest(names.join("\n"));
    let short = hex(&hash[..4]);
    let label = readable(&table.name).unwrap_or_else(|| format!("Spreadsheet {}", &short[..4]));
    (format!("{SPREADSHEET}{short}"), label, true)
}

/// What people would call a file: `sales_pipeline-2.csv` is `Sales pipeline 2`. `None` where its name says nothing.
fn readable(file: &str) -> Option<String> {
    let (stem, _) = file.rsplit_once('.')?;
    let words = stem.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.' | '+'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let name = clean_line(&words.join(" "));
    if !name.contains(char::is_alphabetic) {
        return None;
    }
    let mut letters = name.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
