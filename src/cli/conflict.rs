//! Somebody changed the same fields first: who, when, and what the original, theirs and mine are.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::cells::Column;
use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::nouns;
use super::table::UNKNOWN;
use crate::domain::nouns::{Entity, Field, FieldDef};
use crate::domain::outcome::Clash;
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::exchange::write::{Out, columns_json};

/// Words and JSON for fields that somebody else changed first.
pub fn fault(desk: &mut Desk, clashes: &[Clash]) -> Fault {
    let mut sentences = Vec::with_capacity(clashes.len());
    let mut conflicts = Vec::with_capacity(clashes.len());
    for clash in clashes {
        let record = desk.show(clash.entity, clash.record).ok();
        let three = Three::of(desk, clash, record.as_ref());
        sentences.push(sentence(desk, clash, &three));
        conflicts.push(three.json(clash));
    }
    Fault {
        field: clashes.first().map(|clash| clash.field.clone()),
        conflicts,
        ..Fault::new(
            Exit::Conflict,
            "Somebody changed this first, and nothing of it was written.",
        )
        .listing(sentences)
        .hint("Look at the record again with `show`, then decide.")
    }
}

/// A field for people and for programs.
#[derive(Debug)]
struct Said {
    text: String,
    json: Json,
}

/// The original, theirs and mine of one field.
#[derive(Debug)]
struct Three {
    field: String,
    said: [Said; 3],
}

impl Three {
    /// Each value as the record would show it; the elements of sets, versions and custom fields as they are.
    fn of(desk: &Desk, clash: &Clash, record: Option<&Record>) -> Self {
        let values = [&clash.base, &clash.theirs, &clash.mine];
        let field = Field::named(clash.entity, &clash.field);
        match (record, field) {
            (Some(record), Some(Field::Own(def))) => {
                let mut names = clash.names.iter().cloned();
                Self {
                    field: clash.field.clone(),
                    said: values.map(|value| {
                        let name = names.next().flatten();
                        shown(desk, record, def, value, name)
                    }),
                }
            }
            (record, field) => Self {
                field: record
                    .zip(field)
                    .and_then(|(record, field)| custom_name(record, field))
                    .unwrap_or_else(|| clash.field.clone()),
                said: values.map(bare),
            },
        }
    }

    fn json(&self, clash: &Clash) -> Json {
        let [original, theirs, mine] = &self.said;
        json!({
            "noun": clash.entity.name(),
            "id": clash.record,
            "name": clash.name,
            "field": self.field,
            "by": clash.by,
            "at": clash.at.map(|at| at.to_string()),
            "original": original.json,
            "theirs": theirs.json,
            "mine": mine.json,
        })
    }
}

/// A value as the record would show it in a field.
fn shown(
    desk: &Desk,
    record: &Record,
    def: &'static FieldDef,
    value: &Value,
    name: Option<String>,
) -> Said {
    let mut like = record.clone();
    if let Some(place) = record.entity.fields().iter().position(|own| *own == def) {
        like.values[place] = value.clone();
        like.names[place] = name;
    }
    let out = Out::Field(def);
    let mut object = columns_json(&like, std::slice::from_ref(&out), desk.info.base);
    Said {
        json: object.remove(out.name()).unwrap_or_default(),
        text: desk.wording().cell(&like, &Column::Of(out)),
    }
}

/// The name that people gave a custom field.
fn custom_name(record: &Record, field: Field) -> Option<String> {
    let Field::Custom(_, id) = field else {
        return None;
    };
    let mut custom = record.custom.iter();
    custom
        .find(|custom| custom.field == id)
        .map(|custom| custom.name.clone())
}

/// A value that no column shows: an element of a set, a version.
fn bare(value: &Value) -> Said {
    match value {
        Value::Null => Said {
            text: UNKNOWN.to_owned(),
            json: Json::Null,
        },
        Value::Int(number) => Said {
            text: number.to_string(),
            json: json!(number),
        },
        Value::Text(text) => Said {
            text: text.clone(),
            json: json!(text),
        },
    }
}

fn sentence(desk: &Desk, clash: &Clash, three: &Three) -> String {
    let of = format!("{} `{}`", nouns::spoken(clash.entity), clash.name);
    // What stands against taking back a creation: a record that refers to it.
    let outside = clash.field.split_once('.').map(|(noun, _)| noun);
    if let Some(noun) = outside.filter(|noun| noun.parse::<Entity>().is_ok()) {
        let noun = noun.replace('_', " ");
        return format!("{of}: a record of another step refers to it ({noun}).");
    }
    let mut who = clash.by.clone().unwrap_or_else(|| "somebody".to_owned());
    if let Some(at) = clash.at {
        let _ = write!(who, ", {}", desk.wording().moment(at));
    }
    let [original, theirs, mine] = &three.said;
    match clash.field.as_str() {
        "trashed_at" if clash.theirs.is_null() => {
            format!("{of}: taken out of the trash since ({who}).")
        }
        "trashed_at" => format!("{of}: put into the trash since ({who})."),
        "seq" => format!(
            "{of}: its version is {}, not {}.",
            theirs.text, original.text
        ),
        _ => {
            let field = three.field.replace('_', " ");
            let mut text = format!(
                "{of}, {field}: it was {}, now it is {} ({who})",
                quoted(original),
                quoted(theirs)
            );
            if clash.mine != clash.base {
                let _ = write!(text, "; yours: {}", quoted(mine));
            }
            text + "."
        }
    }
}

/// In back quotes, where there is something to quote.
fn quoted(said: &Said) -> String {
    if said.json.is_null() {
        said.text.clone()
    } else {
        format!("`{}`", super::output::one_line(&said.text))
    }
}
