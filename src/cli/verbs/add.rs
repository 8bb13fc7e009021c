//! `add`: one new record, its fields as flags.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};

use super::noun::NounVerb;
use super::setup;
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::shell::Shell;
use crate::cli::stages::{self, Stages};
use crate::cli::values::{self, Filled};
use crate::cli::views;
use crate::cli::written::Written;
use crate::domain::command::{Command, Create, Input, Origin, Slot, StepDraft};
use crate::domain::lead;
use crate::domain::nouns::{Entity, Set, contact, deal, view};
use crate::domain::time::Instant;
use crate::domain::typed::{Typing, parse_typed};
use crate::domain::value::Value;
use crate::store::query::{Answer, HoldersQuery, Query};

/// The slot of the record that is made.
const SLOT: Slot = Slot(0);

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "add",
    about: "Make {one}",
    build,
    run,
};

fn build(noun: &'static Noun, clap: Clap) -> Clap {
    let clap = values::arguments(noun, clap, true).arg(
        Arg::new("created")
            .long("created")
            .value_name("MOMENT")
            .help("When it came into being, where that is not now"),
    );
    if noun.entity == Entity::Contact {
        return clap.arg(
            Arg::new("strict")
                .long("strict")
                .action(ArgAction::SetTrue)
                .help("Add nobody whose address or number somebody has already; else that is only a warning"),
        );
    }
    if noun.entity == Entity::Deal {
        return clap.arg(
            Arg::new("pipeline")
                .long("pipeline")
                .value_name("PIPELINE")
                .help("Pipeline, where it is not the first"),
        );
    }
    clap
}

fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    // The first rep of a book is made by somebody whom the book cannot know yet.
    let me = if noun.entity == Entity::Rep {
        desk.me_or_stranger()?.unwrap_or_default()
    } else {
        desk.me()?
    };
    let base = desk.info.base;
    let mut filled = values::fill(shell, &mut desk, noun, matches, base)?;
    let created_at = created(&desk, matches)?;
    match noun.entity {
        Entity::Contact => {
            name_from_parts(&mut filled)?;
            warn_of_twins(shell, &mut desk, &filled, matches.get_flag("strict"))?;
            if noun.only.is_some() && filled.get(&contact::LEAD_STATE).is_none() {
                filled.put(&contact::LEAD_STATE, lead::NEW.into())?;
            }
        }
        Entity::View => {
            if let (None, Some(me)) = (filled.get(&view::OWNER), me) {
                filled.put(&view::OWNER, me.into())?;
            }
            views::check(&mut desk, &filled, None)?;
        }
        Entity::Deal => complete_deal(&mut desk, &mut filled, matches, me.map(Into::into))?,
        Entity::Pipeline | Entity::Stage | Entity::LostReason => {
            let room = setup::complete(&mut desk, noun, &mut filled)?;
            filled.first.extend(room);
        }
        _ => {}
    }
    let name = label(noun, &filled)?;
    let mut commands = std::mem::take(&mut filled.first);
    if noun.entity == Entity::Pipeline {
        commands.extend(setup::pipeline_with_stages(&filled, SLOT));
    } else {
        commands.push(Command::Create(Create {
            slot: SLOT,
            entity: noun.entity,
            created_at: Some(created_at),
            fields: filled.fields,
            sets: filled.sets,
        }));
    }
    let draft: StepDraft = desk.draft(me, Origin::Human, commands);
    Written::of(noun.entity, "Added", &[name])
        .spoken(noun.singular)
        .commit(shell, &mut desk, &draft)
}

/// What the record will be called; every noun must be called something.
fn label(noun: &Noun, filled: &Filled) -> Result<String, Fault> {
    let field = noun.entity.label_field().unwrap_or("name");
    let named = noun
        .entity
        .field(field)
        .and_then(|def| filled.get(def))
        .and_then(|input| match input {
            Input::Value(value) => value.as_text(),
            Input::New(_) => None,
        });
    named.map(str::to_owned).ok_or_else(|| {
        Fault::usage(format!(
            "{} needs a {field}.",
            values::sentence(noun.one).trim_end_matches('.')
        ))
        .at(field)
        .hint(format!("Give it with `--{field}`."))
    })
}

fn created(desk: &Desk, matches: &ArgMatches) -> Result<Instant, Fault> {
    let Some(text) = matches.get_one::<String>("created") else {
        return Ok(desk.now);
    };
    let typing = Typing {
        now: desk.now,
        zone: desk.zone,
        currency: desk.info.base,
    };
    let value = parse_typed(deal::CLOSED_AT.kind, text, &typing)
        .map_err(|fault| Fault::invalid("created_at", values::sentence(&fault)))?;
    Ok(value.as_int().map_or(desk.now, Instant::from_millis))
}

/// Who has an address or number of a new contact already is told, with the id; `strict` makes that an error.
fn warn_of_twins(
    shell: &Shell,
    desk: &mut Desk,
    filled: &Filled,
    strict: bool,
) -> Result<(), Fault> {
    let of = |wanted: Set| -> Vec<String> {
        let elements = filled.sets.iter().filter(|(set, _)| *set == wanted);
        elements.map(|(_, element)| element.clone()).collect()
    };
    let query = Query::Holders(HoldersQuery {
        emails: of(Set::Email),
        phones: of(Set::Phone),
        ..HoldersQuery::default()
    });
    let holders = match desk.ask(&query)? {
        Answer::Holders(holders) => holders,
        other => return Err(unforeseen(&other)),
    };
    for holder in &holders {
        let told = format!(
            "{} has {} already  {}",
            holder.who.name, holder.element, holder.who.id
        );
        if strict {
            return Err(Fault::new(Exit::Invalid, format!("{told}."))
                .hint("`clinch contacts edit` changes who is there; without --strict it is added all the same."));
        }
        shell.warn(&told);
    }
    Ok(())
}

/// A contact that is told by the parts of its name is called by them.
fn name_from_parts(filled: &mut Filled) -> Result<(), Fault> {
    if filled.get(&contact::NAME).is_some() {
        return Ok(());
    }
    let parts = [
        &contact::PREFIX,
        &contact::GIVEN,
        &contact::MIDDLE,
        &contact::FAMILY,
        &contact::SUFFIX,
    ];
    let words: Vec<&str> = parts
        .into_iter()
        .filter_map(|def| match filled.get(def)? {
            Input::Value(value) => value.as_text(),
            Input::New(_) => None,
        })
        .collect();
    if words.is_empty() {
        return Ok(());
    }
    let name = words.join(" ");
    filled.put(&contact::NAME, name.into())
}

/// What a deal has without being told: a currency, a stage, and the one who adds it as its owner.
fn complete_deal(
    desk: &mut Desk,
    filled: &mut Filled,
    matches: &ArgMatches,
    me: Option<Value>,
) -> Result<(), Fault> {
    if filled.get(&deal::CURRENCY).is_none() {
        filled.put(&deal::CURRENCY, desk.info.base.code().into())?;
    }
    if let (None, Some(me)) = (filled.get(&deal::OWNER), me) {
        filled.put(&deal::OWNER, me.into())?;
    }
    let pipeline = matches.get_one::<String>("pipeline").map(String::as_str);
    let named = matches.get_one::<String>("stage").map(String::as_str);
    let known = Stages::read(desk)?;
    if known.is_empty() && pipeline.is_none() {
        let (commands, stage) = stages::standard_pipeline(named)?;
        filled.first.extend(commands);
        return filled.put(&deal::STAGE, stage);
    }
    let pipeline = known.pipeline(pipeline)?;
    let stage = match named {
        Some(text) => known.named(pipeline, text)?,
        None => known.first_open(pipeline)?,
    };
    let stage = stages::open(stage)?;
    filled.put(&deal::STAGE, stage)
}
