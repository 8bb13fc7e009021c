//! The table of column names, read from `assets/columns.toml`.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use crate::domain::nouns::{Entity, FieldDef, Kind};
use crate::domain::text::squeeze;

use super::uses::Use;

const SHIPPED: &str = include_str!("../../../assets/columns.toml");
/// What a name is worth that says which noun the rows are.
const TELLING: u32 = 3;
/// What a name is worth that fits several nouns.
const USUAL: u32 = 1;

/// Noun, field, word of the book, other systems' words.
type Choices = BTreeMap<String, BTreeMap<String, BTreeMap<String, Vec<String>>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    common: BTreeMap<String, Vec<String>>,
    noun: BTreeMap<String, FileNoun>,
    /// By noun, field and word of the book.
    #[serde(default)]
    choice: Choices,
    system: Vec<FileSystem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileNoun {
    needs: Vec<Vec<String>>,
    refused: Option<String>,
    #[serde(default)]
    telling: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    usual: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSystem {
    name: String,
    label: String,
    any: Vec<Vec<String>>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
}

/// A table of columns that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The table of columns is wrong: {0}.")]
pub struct VocabularyFault(String);

/// What a name means for one noun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    /// The use, by its word.
    pub word: String,
    /// How much the name says.
    pub points: u32,
    /// Its place among the names of the use: the first wins.
    pub rank: usize,
}

/// One noun's columns.
#[derive(Clone, Debug)]
pub(super) struct NounColumns {
    /// Its word in the table.
    pub word: String,
    /// The noun; `None` for one that is refused.
    pub entity: Option<Entity>,
    /// Why it is refused.
    pub refused: Option<String>,
    /// Which uses must be there: one list is enough.
    pub needs: Vec<Vec<String>>,
    /// What names mean.
    names: HashMap<String, Meaning>,
    /// The names as written, for near names.
    pub written: Vec<String>,
}

impl NounColumns {
    /// What a column's name means; of `e mail 1 value` and `e mail # value` the exact one counts.
    pub(super) fn meaning(&self, column: &str) -> Option<&Meaning> {
        forms(column).iter().find_map(|form| self.names.get(form))
    }
}

/// A system whose exports are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// The source name.
    pub name: String,
    /// As its makers write it.
    pub label: String,
    any: Vec<Vec<String>>,
    /// Names that mean something else there.
    pub(super) columns: BTreeMap<String, String>,
}

/// All column names that are known.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    pub(super) common: HashMap<String, Use>,
    pub(super) nouns: Vec<NounColumns>,
    systems: Vec<System>,
    choices: HashMap<String, HashMap<String, &'static str>>,
    all: HashSet<String>,
}

impl Vocabulary {
    /// The table that comes with the program.
    ///
    /// # Errors
    /// Where the table names a use that is none; a test holds the shipped one to it.
    pub fn shipped() -> Result<Self, VocabularyFault> {
        Self::parse(SHIPPED)
    }

    fn parse(text: &str) -> Result<Self, VocabularyFault> {
        let file: File =
            toml::from_str(text).map_err(|fault| VocabularyFault(fault.to_string()))?;
        let mut common = HashMap::new();
        for (word, names) in file.common {
            let using = Use::named(Entity::Contact, &word)
                .ok_or_else(|| VocabularyFault(format!("`{word}` is no use")))?;
            common.extend(names.iter().map(|name| (squeeze(name), using)));
        }
        let nouns = file
            .noun
            .into_iter()
            .map(|(word, noun)| noun_columns(word, noun))
            .collect::<Result<Vec<_>, _>>()?;
        let systems = file.system.into_iter().map(|system| System {
            name: system.name,
            label: system.label,
            any: system
                .any
                .iter()
                .map(|list| list.iter().map(|name| squeeze(name)).collect())
                .collect(),
            columns: system
                .columns
                .into_iter()
                .map(|(name, word)| (squeeze(&name), word))
                .collect(),
        });
        let names = nouns
            .iter()
            .flat_map(|noun| noun.names.keys())
            .chain(common.keys());
        Ok(Self {
            all: names.cloned().collect(),
            common,
            choices: choices(&file.choice)?,
            systems: systems.collect(),
            nouns,
        })
    }

    /// Whether a text is the name of a column, whatever the noun: this finds a header below a preamble.
    #[must_use]
    pub fn knows(&self, text: &str) -> bool {
        text.len() <= 80 && forms(text).iter().any(|form| self.all.contains(form))
    }

    /// The word of the book for what a cell of a choice says.
    #[must_use]
    pub fn choice(&self, field: &FieldDef, cell: &str) -> Option<&'static str> {
        let Kind::Choice(words) = field.kind else {
            return None;
        };
        let said = squeeze(cell);
        let own = words.iter().copied().find(|word| squeeze(word) == said);
        let other = || self.choices.get(place(field).as_str())?.get(&said).copied();
        own.or_else(other)
    }

    /// The system whose export has these columns.
    pub(super) fn system(&self, header: &[String]) -> Option<&System> {
        let squeezed: HashSet<String> = header.iter().map(|name| squeeze(name)).collect();
        self.systems.iter().find(|system| {
            system
                .any
                .iter()
                .any(|list| list.iter().all(|name| squeezed.contains(name)))
        })
    }

    pub(super) fn noun(&self, entity: Entity) -> Option<&NounColumns> {
        self.nouns.iter().find(|noun| noun.entity == Some(entity))
    }
}

fn place(field: &FieldDef) -> String {
    format!("{}.{}", field.entity, field.name)
}

/// Other systems' words by field.
fn choices(
    file: &Choices,
) -> Result<HashMap<String, HashMap<String, &'static str>>, VocabularyFault> {
    let mut choices: HashMap<String, HashMap<String, &'static str>> = HashMap::new();
    for (noun, fields) in file {
        for (name, words) in fields {
            let fault =
                |word: &str| VocabularyFault(format!("`{word}` is no choice of `{noun}.{name}`"));
            let entity: Entity = noun.parse().map_err(VocabularyFault)?;
            let field = entity.field(name).ok_or_else(|| fault(name))?;
            let Kind::Choice(own) = field.kind else {
                return Err(fault(name));
            };
            let table = choices.entry(place(field)).or_default();
            for (word, others) in words {
                let word = own
                    .iter()
                    .copied()
                    .find(|own| own == word)
                    .ok_or_else(|| fault(word))?;
                table.extend(others.iter().map(|other| (squeeze(other), word)));
            }
        }
    }
    Ok(choices)
}

fn noun_columns(word: String, noun: FileNoun) -> Result<NounColumns, VocabularyFault> {
    let entity: Option<Entity> = match &noun.refused {
        Some(_) => None,
        None => Some(word.parse().map_err(VocabularyFault)?),
    };
    let mut columns = NounColumns {
        entity,
        refused: noun.refused,
        needs: noun.needs,
        names: HashMap::new(),
        written: Vec::new(),
        word,
    };
    for (points, uses) in [(TELLING, noun.telling), (USUAL, noun.usual)] {
        for (using, names) in uses {
            if entity.is_some_and(|entity| Use::named(entity, &using).is_none()) {
                return Err(VocabularyFault(format!(
                    "`{}` has no use `{using}`",
                    columns.word
                )));
            }
            for (rank, name) in names.into_iter().enumerate() {
                let meaning = Meaning {
                    word: using.clone(),
                    points,
                    rank: rank + if points == TELLING { 0 } else { 100 },
                };
                // A name that tells keeps its meaning where a usual list has it too.
                columns.names.entry(key(&name)).or_insert(meaning);
                columns.written.push(name);
            }
        }
    }
    Ok(columns)
}

/// The key of a name in the table: squeezed around its `#`.
fn key(name: &str) -> String {
    name.split('#').map(squeeze).collect::<Vec<_>>().join("#")
}

/// The forms in which a column's name is looked up: squeezed; with `#` for numbers; without the prefix of a property, without the
/// suffix of a custom field.
pub(super) fn forms(column: &str) -> Vec<String> {
    let plain = squeeze(column);
    let mut forms = vec![plain.clone(), numbered(&plain)];
    if let Some(bare) = plain.strip_prefix("property") {
        forms.push(bare.to_owned());
        forms.extend(bare.strip_prefix("hs").map(str::to_owned));
    }
    if column.to_lowercase().ends_with("__c") {
        forms.extend(plain.strip_suffix('c').map(str::to_owned));
    }
    forms
}

/// Runs of digits as one `#`.
fn numbered(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len());
    let mut in_number = false;
    for c in plain.chars() {
        let digit = c.is_ascii_digit();
        if !digit {
            out.push(c);
        } else if !in_number {
            out.push('#');
        }
        in_number = digit;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_holds_together() {
        let vocabulary = Vocabulary::shipped().unwrap();
        for noun in vocabulary
            .nouns
            .iter()
            .filter(|noun| noun.refused.is_none())
        {
            for need in noun.needs.iter().flatten() {
                assert!(
                    noun.names.values().any(|meaning| meaning.word == *need),
                    "{} needs `{need}`, which no column gives",
                    noun.word
                );
            }
        }
        assert!(vocabulary.knows("E-mail 3 - Value") && vocabulary.knows("sales_agent"));
        assert!(!vocabulary.knows("Acme Corporation"));
    }

    #[test]
    fn a_use_that_is_none_is_refused() {
        let text = "[common]\n[noun.deal]\nneeds = []\n[noun.deal.usual]\ncolour = [\"colour\"]\n[[system]]\nname=\"a\"\nlabel=\"A\"\nany=[]\n";
        assert!(
            Vocabulary::parse(text)
                .unwrap_err()
                .to_string()
                .contains("colour")
        );
    }
}
