//! Lines of the book's own form to records.

use std::collections::HashSet;
use std::io::{self, BufRead};
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::domain::id::RecordId;
use crate::domain::money::{Currency, parse_rate};
use crate::domain::nouns::{Entity, FieldDef, Kind, Set, rate};
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::exchange::write::{NOUN, set_of_column};

/// What a field of a line holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A value.
    Value(Value),
    /// A record, by its id in the book that wrote the line, and what it was called there.
    Link {
        /// Its noun.
        entity: Entity,
        /// Its id.
        id: RecordId,
        /// What it was called; empty where the line does not say. Many lines name the same: they share it.
        name: Arc<str>,
    },
}

/// One record as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In which of the files, from 0.
    pub file: usize,
    /// On which line of it, from 1.
    pub number: usize,
    /// Its noun.
    pub entity: Entity,
    /// Its id in the book that wrote the line.
    pub id: RecordId,
    /// When it came into being.
    pub created_at: Option<Instant>,
    /// When it was put into the trash.
    pub trashed_at: Option<Instant>,
    /// Its fields that are known.
    pub fields: Vec<(&'static FieldDef, Given)>,
    /// Its custom fields, by name.
    pub custom: Vec<(String, Value)>,
    /// Its sets that have elements.
    pub sets: Vec<(Set, Vec<String>)>,
}

impl Line {
    /// What a field holds.
    #[must_use]
    pub fn get(&self, field: &FieldDef) -> Option<&Given> {
        let found = self.fields.iter().find(|(def, _)| *def == field);
        found.map(|(_, given)| given)
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, field: &FieldDef) -> Option<&str> {
        match self.get(field)? {
            Given::Value(value) => value.as_text(),
            Given::Link { .. } => None,
        }
    }
}

/// A line that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// In which of the files.
    pub file: usize,
    /// On which line of it.
    pub line: usize,
    /// What is wrong.
    pub what: String,
}

/// What a line has beside the noun's fields and is worked out from other things: where a record came from are records of their own.
const PASSED_OVER: [&str; 4] = [NOUN, "state", "source", "source_key"];

/// What some editors put before the first line of a text.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Whether a file is in the book's own form: its first line is an object that says its noun.
#[must_use]
pub fn is_own(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first = lines.find(|line| !line.trim_ascii().is_empty());
    first
        .filter(|line| line.trim_ascii_start().first() == Some(&b'{'))
        .and_then(|line| serde_json::from_slice::<Map<String, Json>>(line).ok())
        .is_some_and(|object| object.get(NOUN).is_some_and(Json::is_string))
}

/// Reads a file line by line, so that of a big one no more than what it says is held; `base` is the currency of the book that takes
/// it.
///
/// # Errors
/// Of the reader; within, the lines that mean nothing, or what this book cannot mean by them.
pub fn read(
    file: usize,
    from: &mut dyn BufRead,
    base: Currency,
) -> io::Result<Result<Vec<Line>, Vec<LineFault>>> {
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    let mut names = Names::default();
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        if from.read_until(b'\n', &mut text)? == 0 {
            break;
        }
        let said = match text.strip_prefix(MARK) {
            Some(said) if number == 1 => said,
            _ => text.as_slice(),
        };
        if said.trim_ascii().is_empty() {
            continue;
        }
        match line(said, base, &mut names) {
            Ok(read) => lines.push(Line {
                file,
                number,
                ..read
            }),
            Err(what) => faults.push(LineFault {
                file,
                line: number,
                what,
            }),
        }
    }
    Ok(if faults.is_empty() {
        Ok(lines)
    } else {
        Err(faults)
    })
}

/// Names that lines call other records by.
#[derive(Default)]
struct Names(HashSet<Arc<str>>);

impl Names {
    fn shared(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let new: Arc<str> = name.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

fn line(text: &[u8], base: Currency, names: &mut Names) -> Result<Line, String> {
    let object: Map<String, Json> =
        serde_json::from_slice(text).map_err(|fault| format!("it is no JSON object ({fault})"))?;
    let noun = object.get(NOUN).and_then(Json::as_str);
    let Some(noun) = noun else {
        return Err("it does not say its `noun`".to_owned());
    };
    let entity: Entity = noun.parse()?;
    let id = object.get("id").and_then(Json::as_str);
    let id = id
        .and_then(RecordId::parse)
        .ok_or("it has no `id` of 13 characters")?;
    let mut line = Line {
        file: 0,
        number: 0,
        entity,
        id,
        created_at: moment(&object, "created_at")?,
        trashed_at: moment(&object, "trashed_at")?,
        fields: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
    };
    for (name, json) in &object {
        member(&mut line, name, json, base, names)?;
    }
    // A big book has a million of them.
    line.fields.shrink_to_fit();
    line.sets.shrink_to_fit();
    Ok(line)
}

fn member(
    line: &mut Line,
    name: &str,
    json: &Json,
    base: Currency,
    names: &mut Names,
) -> Result<(), String> {
    let entity = line.entity;
    let not_read = || format!("`{name}` holds {json}, which is nothing that a {entity} can have");
    if matches!(name, "id" | "created_at" | "trashed_at") {
        return Ok(());
    }
    if let Some(def) = entity.field(name) {
        if !json.is_null() {
            let given = given(line, def, json, base, names)?.ok_or_else(not_read)?;
            line.fields.push((def, given));
        }
    } else if name == "custom" && entity.has_custom() {
        for (name, json) in json.as_object().ok_or_else(not_read)? {
            let value = custom(name, json, base)?.ok_or_else(not_read)?;
            line.custom.push((name.clone(), value));
        }
    } else if let Some(set) = set_of_column(name).filter(|set| set.is_of(entity)) {
        let elements = json.as_array().ok_or_else(not_read)?;
        let texts = elements.iter().map(|one| one.as_str().map(str::to_owned));
        let texts: Option<Vec<String>> = texts.collect();
        let texts = texts.ok_or_else(not_read)?;
        if !texts.is_empty() {
            line.sets.push((set, texts));
        }
    } else if !PASSED_OVER.contains(&name) {
        // Passing over what a newer program wrote would lose it without a word.
        return Err(format!("a {entity} has no `{name}` in this version"));
    }
    Ok(())
}

fn moment(object: &Map<String, Json>, name: &str) -> Result<Option<Instant>, String> {
    match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => instant(json)
            .map(Some)
            .ok_or_else(|| format!("`{name}` holds {json}, which is no moment")),
    }
}

fn instant(json: &Json) -> Option<Instant> {
    Instant::parse(json.as_str()?, chrono_tz::UTC).ok()
}

fn plain(json: &Json) -> Option<Value> {
    match json {
        Json::String(text) => Some(text.as_str().into()),
        Json::Number(number) => number.as_i64().map(Value::Int),
        _ => None,
    }
}

/// What a custom field holds: an amount is an object, yes and no are words of JSON, all else is as the book has it.
fn custom(name: &str, json: &Json, base: Currency) -> Result<Option<Value>, String> {
    match json {
        Json::Object(_) => minor_of_book(name, json, base),
        Json::Bool(flag) => Ok(Some((*flag).into())),
        other => Ok(plain(other)),
    }
}

/// An amount that is in the currency of the book that takes it, in minor units; `None` where it is no amount.
fn minor_of_book(name: &str, json: &Json, base: Currency) -> Result<Option<Value>, String> {
    let code = json.get("currency").and_then(Json::as_str);
    if let Some(code) = code.filter(|code| *code != base.code()) {
        return Err(format!(
            "`{name}` is in {code}, the currency of the book that wrote it, and this book's is {base}: make a book with `clinch book init --currency {code}`",
        ));
    }
    Ok(json.get("minor").and_then(Json::as_i64).map(Value::Int))
}

fn record(json: &Json) -> Option<RecordId> {
    RecordId::parse(json.as_str()?)
}

/// What a member means; `None` where it is nothing that the field can hold.
fn given(
    line: &Line,
    def: &'static FieldDef,
    json: &Json,
    base: Currency,
    names: &mut Names,
) -> Result<Option<Given>, String> {
    let value = match def.kind {
        Kind::Ref(entity) => {
            let name = json.get("name").and_then(Json::as_str).unwrap_or_default();
            let found = json.get("id").and_then(record).map(|id| Given::Link {
                entity,
                id,
                name: names.shared(name),
            });
            return Ok(found);
        }
        Kind::Money => {
            if !matches!(
                line.entity,
                Entity::Deal | Entity::DealLine | Entity::Product
            ) {
                return Ok(minor_of_book(def.name, json, base)?.map(Given::Value));
            }
            json.get("minor").and_then(Json::as_i64).map(Value::Int)
        }
        Kind::Instant => instant(json).map(Value::from),
        Kind::Flag => json.as_bool().map(Value::from),
        Kind::AnyRef => record(json).map(Value::from),
        _ if *def == rate::RATE => json.as_str().map(parse_rate).transpose()?.map(Value::Int),
        _ => plain(json),
    };
    Ok(value.map(Given::Value))
}
