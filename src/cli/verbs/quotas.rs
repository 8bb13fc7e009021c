//! `quotas` and `rates`: what all nouns have, but set by what they are for instead of added and edited by id.

use clap::{ArgMatches, Command as Clap};

use super::noun;
use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::{self, Noun};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::cli::values::{self, Filled};
use crate::cli::written::Written;
use crate::domain::command::{Base, Command, Create, FieldEdit, Input, Origin, Slot};
use crate::domain::id::RecordId;
use crate::domain::money::{Money, rate_text};
use crate::domain::nouns::{Field, FieldDef, Kind, quota, rate};
use crate::domain::records::Record;
use crate::domain::value::Value;

/// `quotas`.
pub const QUOTAS: Verb = Verb {
    name: nouns::QUOTAS.plural,
    about: nouns::QUOTAS.about,
    build: |clap| noun::build_set(&nouns::QUOTAS, SET_QUOTA, clap),
    run: |shell, matches| noun::run_with(&nouns::QUOTAS, SET_QUOTA, shell, matches),
};

/// `rates`.
pub const RATES: Verb = Verb {
    name: nouns::RATES.plural,
    about: nouns::RATES.about,
    build: |clap| noun::build_set(&nouns::RATES, SET_RATE, clap),
    run: |shell, matches| noun::run_with(&nouns::RATES, SET_RATE, shell, matches),
};

static SET_QUOTA: &[Verb] = &[Verb {
    name: "set",
    about: "Set what a rep is to win in a period; once more replaces it",
    build: |clap| build(&nouns::QUOTAS, &["rep", "period", "amount"], clap),
    run: set_quota,
}];
static SET_RATE: &[Verb] = &[Verb {
    name: "set",
    about: "Set what a currency is worth from a day on; closed deals keep theirs",
    build: |clap| build(&nouns::RATES, &["currency", "rate"], clap),
    run: set_rate,
}];

fn build(noun: &'static Noun, required: &[&'static str], clap: Clap) -> Clap {
    required
        .iter()
        .fold(values::arguments(noun, clap, true), |clap, name| {
            clap.mut_arg(name, |arg| arg.required(true))
        })
}

fn set_quota(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let base = desk.info.base;
    let noun = &nouns::QUOTAS;
    let filled = values::fill(shell, &mut desk, noun, matches, base)?;
    needed(&filled, &[&quota::REP, &quota::PERIOD, &quota::AMOUNT])?;
    let keys = [&quota::REP, &quota::PERIOD];
    let amount = value(&filled, &quota::AMOUNT).as_int().unwrap_or(0);
    let tail = format!("to {}", Money::new(amount, base));
    set(shell, &mut desk, noun, &filled, &keys, tail)
}

fn set_rate(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let base = desk.info.base;
    let noun = &nouns::RATES;
    let mut filled = values::fill(shell, &mut desk, noun, matches, base)?;
    if filled.get(&rate::DATE).is_none() {
        filled.put(&rate::DATE, Value::from(desk.today()).into())?;
    }
    needed(&filled, &[&rate::CURRENCY, &rate::DATE, &rate::RATE])?;
    if value(&filled, &rate::CURRENCY).as_text() == Some(base.code()) {
        return Err(Fault::invalid(
            "currency",
            format!("{base} is the currency of this book: one is always worth one."),
        ));
    }
    let keys = [&rate::CURRENCY, &rate::DATE];
    let millionths = value(&filled, &rate::RATE).as_int().unwrap_or(0);
    let tail = format!("to {}", rate_text(millionths));
    set(shell, &mut desk, noun, &filled, &keys, tail)
}

fn value(filled: &Filled, def: &'static FieldDef) -> Value {
    match filled.get(def) {
        Some(Input::Value(value)) => value.clone(),
        _ => Value::Null,
    }
}

/// A flag can be given with nothing in it.
fn needed(filled: &Filled, fields: &[&'static FieldDef]) -> Result<(), Fault> {
    let empty = fields.iter().find(|def| value(filled, def).is_null());
    match empty {
        Some(def) => Err(Fault::invalid(
            def.name,
            format!("`--{}` is empty.", def.name),
        )),
        None => Ok(()),
    }
}

/// Changes the record that has these keys already, by the values that were seen, or makes one.
fn set(
    shell: &Shell,
    desk: &mut Desk,
    noun: &'static Noun,
    filled: &Filled,
    keys: &[&'static FieldDef],
    tail: String,
) -> Result<Exit, Fault> {
    let me = desk.me()?;
    let fits = |record: &Record| {
        keys.iter()
            .all(|def| *record.get(def) == value(filled, def))
    };
    let known = desk.all(noun.entity, &[])?.into_iter().find(fits);
    let (command, name, ids) = match known {
        Some(record) => (
            Command::Edit {
                entity: noun.entity,
                target: record.id.into(),
                edits: edits(&record, filled),
            },
            record.name(),
            vec![record.id],
        ),
        None => (
            Command::Create(Create {
                slot: Slot(0),
                entity: noun.entity,
                created_at: Some(desk.now),
                fields: filled.fields.clone(),
                sets: vec![],
            }),
            name(desk, filled, keys)?,
            vec![],
        ),
    };
    let draft = desk.draft(me, Origin::Human, vec![command]);
    Written::of(noun.entity, "Set", &[name])
        .spoken(noun.singular)
        .ids(&ids)
        .tail(tail)
        .commit(shell, desk, &draft)
}

/// What a new one will be called.
fn name(desk: &mut Desk, filled: &Filled, keys: &[&'static FieldDef]) -> Result<String, Fault> {
    let mut words = Vec::new();
    for def in keys {
        let value = value(filled, def);
        words.push(match (def.kind, value) {
            (Kind::Ref(entity), Value::Int(raw)) => {
                desk.show(entity, RecordId::from_raw(raw))?.name()
            }
            (_, Value::Text(text)) => text,
            _ => String::new(),
        });
    }
    Ok(words.join(" "))
}

fn edits(record: &Record, filled: &Filled) -> Vec<FieldEdit> {
    filled
        .fields
        .iter()
        .filter_map(|(field, input)| {
            let Field::Own(def) = field else { return None };
            Some(FieldEdit {
                field: *field,
                base: Base::Seen(record.get(def).clone()),
                new: input.clone(),
            })
        })
        .collect()
}
