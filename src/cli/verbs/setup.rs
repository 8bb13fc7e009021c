//! `pipelines`, `stages`, `lost-reasons`: what all nouns have, and `place`, which puts one at another place among its like.

use clap::{Arg, ArgMatches, Command as Clap, value_parser};

use super::{edit, noun};
use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::{self, Noun};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::cli::values::Filled;
use crate::cli::written::Written;
use crate::domain::command::{Command, Input, Origin, Slot};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, lost_reason, pipeline, stage};
use crate::domain::pipeline::{StageKind, behind_open, in_order, standard_at};
use crate::domain::records::Record;
use crate::domain::value::Value;

/// `pipelines`.
pub const PIPELINES: Verb = Verb {
    name: nouns::PIPELINES.plural,
    about: nouns::PIPELINES.about,
    build: |clap| build(&nouns::PIPELINES, PLACE_PIPELINE, clap),
    run: |shell, matches| noun::run_with(&nouns::PIPELINES, PLACE_PIPELINE, shell, matches),
};

/// `stages`.
pub const STAGES: Verb = Verb {
    name: nouns::STAGES.plural,
    about: nouns::STAGES.about,
    build: |clap| build(&nouns::STAGES, PLACE_STAGE, clap),
    run: |shell, matches| noun::run_with(&nouns::STAGES, PLACE_STAGE, shell, matches),
};

/// `lost-reasons`.
pub const LOST_REASONS: Verb = Verb {
    name: nouns::LOST_REASONS.plural,
    about: nouns::LOST_REASONS.about,
    build: |clap| build(&nouns::LOST_REASONS, PLACE_REASON, clap),
    run: |shell, matches| noun::run_with(&nouns::LOST_REASONS, PLACE_REASON, shell, matches),
};

const PLACE: &str = "place";

static PLACE_PIPELINE: &[Verb] = &[Verb {
    name: PLACE,
    about: "Put a pipeline at another place",
    build: |clap| build_place(&nouns::PIPELINES, clap),
    run: |shell, matches| place(&nouns::PIPELINES, shell, matches),
}];
static PLACE_STAGE: &[Verb] = &[Verb {
    name: PLACE,
    about: "Put a stage at another place in its pipeline",
    build: |clap| build_place(&nouns::STAGES, clap),
    run: |shell, matches| place(&nouns::STAGES, shell, matches),
}];
static PLACE_REASON: &[Verb] = &[Verb {
    name: PLACE,
    about: "Put a lost reason at another place",
    build: |clap| build_place(&nouns::LOST_REASONS, clap),
    run: |shell, matches| place(&nouns::LOST_REASONS, shell, matches),
}];

fn build(noun: &'static Noun, own: &'static [Verb], clap: Clap) -> Clap {
    noun::build_with(noun, own, clap)
}

fn build_place(noun: &'static Noun, clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(noun)).arg(
        Arg::new(PLACE)
            .value_name("PLACE")
            .required(true)
            .value_parser(value_parser!(u32).range(1..))
            .help("Which it shall be: 1 is the first"),
    )
}

/// The records of a noun that stand in one order with another: of a stage those of its pipeline.
fn row_of(desk: &mut Desk, noun: &Noun, of: &Value) -> Result<Vec<Record>, Fault> {
    let mut all = desk.all(noun.entity, &["position"])?;
    all.retain(|record| noun.entity != Entity::Stage || record.get(&stage::PIPELINE) == of);
    Ok(all)
}

fn position(record: &Record) -> Option<i64> {
    record
        .entity
        .field("position")
        .and_then(|def| record.int(def))
}

fn place(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let text = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(noun.entity, text)?;
    let record = desk.show(noun.entity, found.id)?;
    let to = matches.get_one::<u32>(PLACE).copied().unwrap_or(1);
    let mut order: Vec<(RecordId, Option<i64>)> =
        row_of(&mut desk, noun, record.get(&stage::PIPELINE))?
            .iter()
            .filter(|other| other.id != record.id)
            .map(|other| (other.id, position(other)))
            .collect();
    let to = usize::try_from(to - 1)
        .unwrap_or(usize::MAX)
        .min(order.len());
    order.insert(to, (record.id, position(&record)));
    let commands = in_order(noun.entity, &order);
    if commands.is_empty() {
        shell.say(&format!("{} is there already.", record.name()));
        return Ok(Exit::Done);
    }
    let draft = desk.draft(me, Origin::Human, commands);
    Written::of(noun.entity, "Placed", &[record.name()])
        .spoken(noun.singular)
        .ids(&[record.id])
        .commit(shell, &mut desk, &draft)
}

/// What a new stage, pipeline or lost reason has without being told: its place, and of a stage its pipeline and kind. Gives the
/// commands that make room for it.
pub fn complete(desk: &mut Desk, noun: &Noun, filled: &mut Filled) -> Result<Vec<Command>, Fault> {
    let mut of = Value::Null;
    if noun.entity == Entity::Stage {
        if filled.get(&stage::PIPELINE).is_none() {
            let first = desk
                .all(Entity::Pipeline, &["position"])?
                .into_iter()
                .next();
            let Some(first) = first else {
                return Err(Fault::new(Exit::NotFound, "This book has no pipeline yet.")
                    .hint("`clinch pipelines add --name NAME` makes one with its stages."));
            };
            filled.put(&stage::PIPELINE, first.id.into())?;
        }
        if filled.get(&stage::KIND).is_none() {
            filled.put(&stage::KIND, StageKind::Open.name().into())?;
        }
        if let Some(Input::Value(value)) = filled.get(&stage::PIPELINE) {
            of = value.clone();
        }
    }
    let known = row_of(desk, noun, &of)?;
    let kind = |record: &Record| {
        let kind = record.text(&stage::KIND).and_then(StageKind::named);
        kind.unwrap_or(StageKind::Open)
    };
    let stages: Vec<(RecordId, StageKind)> = known
        .iter()
        .map(|record| (record.id, kind(record)))
        .collect();
    let at = match noun.entity {
        Entity::Stage => behind_open(&stages),
        _ => known.len(),
    };
    let def = match noun.entity {
        Entity::Stage => &stage::POSITION,
        Entity::Pipeline => &pipeline::POSITION,
        _ => &lost_reason::POSITION,
    };
    filled.put(def, i64::try_from(at + 1).unwrap_or(i64::MAX).into())?;
    // The place of the new one is left free.
    let mut order: Vec<(RecordId, Option<i64>)> = known
        .iter()
        .map(|record| (record.id, position(record)))
        .collect();
    let free = RecordId::from_raw(0);
    order.insert(at, (free, i64::try_from(at + 1).ok()));
    Ok(in_order(noun.entity, &order))
}

/// A new pipeline with the standard stages, which can be changed afterwards.
#[must_use]
pub fn pipeline_with_stages(filled: &Filled, slot: Slot) -> Vec<Command> {
    let text = |input: Option<&Input>| match input {
        Some(Input::Value(value)) => value.clone(),
        _ => Value::Null,
    };
    let name = text(filled.get(&pipeline::NAME));
    let place = text(filled.get(&pipeline::POSITION)).as_int();
    standard_at(name.as_text().unwrap_or_default(), place.unwrap_or(1), slot)
}
