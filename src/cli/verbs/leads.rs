//! `leads`: what all nouns have, and `convert`, `drop`.

use clap::{Arg, ArgMatches, Command as Clap};

use super::{edit, noun};
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{self, Exit, Fault};
use crate::cli::nouns::{Fills, Flag, LEADS, Noun};
use crate::cli::shell::Shell;
use crate::cli::stages::{self, Stages};
use crate::cli::tree::Verb;
use crate::cli::values::{self, Filled, sentence};
use crate::cli::written::Written;
use crate::domain::command::{Command, Input, Origin};
use crate::domain::history::{Party, Profile};
use crate::domain::id::Id;
use crate::domain::lead::{self, Conversion, NotConverted, Wish};
use crate::domain::nouns::{Entity, Set, contact, deal};
use crate::domain::text::clean_line;
use crate::store::query::{Answer, Query};

/// The verb.
pub const VERB: Verb = Verb {
    name: LEADS.plural,
    about: LEADS.about,
    build,
    run,
};

static OWN: &[Verb] = &[
    Verb {
        name: "convert",
        about: "Make a lead a deal with its contact and company, in one step",
        build: build_convert,
        run: run_convert,
    },
    Verb {
        name: "drop",
        about: "Give a lead up, and say why",
        build: build_drop,
        run: run_drop,
    },
];

/// What can be said of the deal that a lead becomes; its company and stage have their own rules.
static DEAL: Noun = Noun {
    plural: "deals",
    singular: "deal",
    value: "DEAL",
    reference: "",
    one: "a deal",
    entity: Entity::Deal,
    about: "",
    flags: &[
        Flag {
            long: "title",
            fills: Fills::Field(&deal::TITLE),
            value: "TEXT",
            help: "What the deal is called; else as the company, else as the lead",
        },
        Flag {
            long: "amount",
            fills: Fills::Field(&deal::AMOUNT),
            value: "AMOUNT",
            help: "42000, 42k or 10k EUR",
        },
        Flag {
            long: "expected-close",
            fills: Fills::Field(&deal::EXPECTED_CLOSE),
            value: "DATE",
            help: "When it should close: 2026-12-18, 18.12., fri, +3w",
        },
        Flag {
            long: "owner",
            fills: Fills::Field(&deal::OWNER),
            value: "REP",
            help: "Whose it is; else the lead's owner, else who acts; `me` is --as",
        },
        Flag {
            long: "tag",
            fills: Fills::Set(Set::Tag),
            value: "TAG",
            help: "Tag",
        },
        Flag {
            long: "note",
            fills: Fills::Field(&deal::NOTE),
            value: "TEXT",
            help: "What else there is to know",
        },
    ],
    columns: &[],
    only: None,
};

fn build(clap: Clap) -> Clap {
    noun::build_with(&LEADS, OWN, clap)
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    noun::run_with(&LEADS, OWN, shell, matches)
}

fn with_lead(clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(&LEADS))
        .arg(edit::version_arg())
}

fn build_convert(clap: Clap) -> Clap {
    let text = |long: &'static str, value: &'static str, help: &'static str| {
        Arg::new(long).long(long).value_name(value).help(help)
    };
    values::arguments(&DEAL, with_lead(clap), true)
        .arg(text(
            "company",
            "COMPANY",
            "With whom; it is made where the book has none of that name",
        ))
        .arg(text(
            "pipeline",
            "PIPELINE",
            "Pipeline, where it is not the first",
        ))
        .arg(text(
            "stage",
            "STAGE",
            "Stage, where it is not the first open one",
        ))
}

fn build_drop(clap: Clap) -> Clap {
    with_lead(clap).arg(
        Arg::new("reason")
            .long("reason")
            .value_name("TEXT")
            .required(true)
            .help("Why: No answer, No need, No budget, … or any other words"),
    )
}

/// The lead that a verb is about, with its deals.
fn find(shell: &Shell, matches: &ArgMatches) -> Result<(Desk, Profile), Fault> {
    let mut desk = shell.desk()?;
    let text = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(Entity::Contact, text)?;
    let (of, now) = (Party::Contact(Id::new(found.id)), desk.now);
    match desk.ask(&Query::Profile { of, now })? {
        Answer::Profile(Some(profile)) => Ok((desk, *profile)),
        Answer::Profile(None) => Err(fault::unknown("lead", text, &[])),
        other => Err(unforeseen(&other)),
    }
}

fn refused(why: &NotConverted) -> Fault {
    let fault = Fault::invalid("lead_state", sentence(&why.to_string()));
    match why {
        NotConverted::NoLead(name) => fault.hint(format!(
            "`clinch leads edit {name:?} --lead-state new` makes it one."
        )),
        NotConverted::Dropped { name, .. } => fault.hint(format!(
            "`clinch leads edit {name:?} --lead-state working` takes it up again."
        )),
        NotConverted::Already { .. } => {
            fault.hint("`clinch deals add` makes another deal with it.")
        }
    }
}

fn run_convert(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let (mut desk, profile) = find(shell, matches)?;
    let lead = &profile.record;
    lead::convertible(lead, &profile.deals).map_err(|why| refused(&why))?;
    let wish = wish(shell, &mut desk, matches)?;
    let Conversion {
        commands,
        deal,
        known,
        left,
    } = lead::convert(lead, &profile.deals, wish).map_err(|why| refused(&why))?;
    let me = desk.me()?;
    let commands = edit::required_version(matches, lead)
        .into_iter()
        .chain(commands)
        .collect();
    let mut draft = desk.draft(me, Origin::Human, commands);
    draft.label = Some(format!("Convert {}", lead.name()));
    for def in left {
        let field = def.name.replace('_', " ");
        shell.say(&format!("Left as it is: {field} of deal {deal}."));
    }
    let verb = format!("Converted lead {} into", lead.name());
    Written::of(Entity::Deal, &verb, &[deal])
        .ids(known.as_slice())
        .commit(shell, &mut desk, &draft)
}

/// What the flags say of the deal.
fn wish(shell: &Shell, desk: &mut Desk, matches: &ArgMatches) -> Result<Wish, Fault> {
    let base = desk.info.base;
    let mut filled: Filled = values::fill(shell, desk, &DEAL, matches, base)?;
    let company = matches.get_one::<String>("company").cloned();
    if let Some(name) = &company {
        let input = values::reference(desk, &mut filled, Entity::Company, name, true)
            .map_err(|fault| fault.at("company"))?;
        filled.put(&deal::COMPANY, input)?;
    }
    let stage = stage(desk, matches, &mut filled)?;
    Ok(Wish {
        first: filled.first,
        fields: filled.fields,
        sets: filled.sets,
        company,
        stage,
        currency: base,
        me: desk.me()?.map(Id::record),
        at: desk.now,
    })
}

/// Where the deal begins. A book without a pipeline gets the standard one.
fn stage(desk: &mut Desk, matches: &ArgMatches, filled: &mut Filled) -> Result<Input, Fault> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let known = Stages::read(desk)?;
    if known.is_empty() && text("pipeline").is_none() {
        let (commands, stage) = stages::standard_pipeline(text("stage"))?;
        filled.first.extend(commands);
        return Ok(stage);
    }
    let pipeline = known.pipeline(text("pipeline"))?;
    let stage = match text("stage") {
        Some(stage) => known.named(pipeline, stage)?,
        None => known.first_open(pipeline)?,
    };
    stages::open(stage)
}

fn run_drop(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let (mut desk, profile) = find(shell, matches)?;
    let lead = &profile.record;
    if lead.text(&contact::LEAD_STATE).is_none() {
        return Err(refused(&NotConverted::NoLead(lead.name())));
    }
    let reason = matches.get_one::<String>("reason");
    let reason = clean_line(reason.map_or("", String::as_str));
    if reason.is_empty() {
        return Err(Fault::usage("A reason is words.").at("reason"));
    }
    let (state, before) = (
        lead.get(&contact::LEAD_STATE),
        lead.get(&contact::DROP_REASON),
    );
    let me = desk.me()?;
    let commands: Vec<Command> = edit::required_version(matches, lead)
        .into_iter()
        .chain([lead::drop_for(lead.id, state, before, &reason)])
        .collect();
    let draft = desk.draft(me, Origin::Human, commands);
    Written::of(Entity::Contact, "Dropped", &[lead.name()])
        .spoken(LEADS.singular)
        .ids(&[lead.id])
        .tail(format!("({reason})"))
        .commit(shell, &mut desk, &draft)
}
