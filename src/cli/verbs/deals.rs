//! `deals`: what all nouns have, and `move`, `win`, `lose`, `reopen`, `lines`.

use clap::{Arg, ArgMatches, Command as Clap};

use super::{edit, lines, noun};
use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::DEALS;
use crate::cli::shell::Shell;
use crate::cli::stages::{Place, Stages};
use crate::cli::tree::Verb;
use crate::cli::values::sentence;
use crate::cli::written::Written;
use crate::domain::command::{Base, Command, FieldEdit, Origin, Reason};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Deal, Record};
use crate::domain::time::Instant;
use crate::domain::typed::{Typing, parse_field, parse_typed};

/// The verb.
pub const VERB: Verb = Verb {
    name: DEALS.plural,
    about: DEALS.about,
    build,
    run,
};

static OWN: &[Verb] = &[
    Verb {
        name: "move",
        about: "Move a deal to another stage",
        build: build_move,
        run: run_move,
    },
    Verb {
        name: "win",
        about: "Close a deal as won",
        build: build_win,
        run: run_win,
    },
    Verb {
        name: "lose",
        about: "Close a deal as lost",
        build: build_lose,
        run: run_lose,
    },
    Verb {
        name: "reopen",
        about: "Open a closed deal again",
        build: build_reopen,
        run: run_reopen,
    },
    lines::OF_DEAL,
];

fn build(clap: Clap) -> Clap {
    noun::build_with(&DEALS, OWN, clap)
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    noun::run_with(&DEALS, OWN, shell, matches)
}

fn with_deal(clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(&DEALS))
        .arg(edit::version_arg())
}

fn build_move(clap: Clap) -> Clap {
    priced(
        with_deal(clap).arg(
            Arg::new("stage")
                .value_name("STAGE")
                .required(true)
                .help("Name of a stage of the deal's pipeline, or of another one"),
        ),
    )
}

fn build_win(clap: Clap) -> Clap {
    priced(with_deal(clap).arg(at_arg()))
}

/// The arguments of a verb that may win a deal.
fn priced(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("amount")
            .long("amount")
            .value_name("AMOUNT")
            .conflicts_with(edit::NO_AMOUNT)
            .help("For how much it is won: 42000, 42k"),
    )
    .arg(edit::no_amount_arg())
}

fn build_lose(clap: Clap) -> Clap {
    with_deal(clap)
        .arg(
            Arg::new("reason")
                .long("reason")
                .value_name("REASON")
                .help("Why: one of the book's reasons, or a new one"),
        )
        .arg(
            Arg::new("note")
                .long("note")
                .value_name("TEXT")
                .help("In your own words; `-` reads standard input"),
        )
        .arg(at_arg())
}

fn build_reopen(clap: Clap) -> Clap {
    with_deal(clap).arg(
        Arg::new("stage")
            .long("stage")
            .value_name("STAGE")
            .help("Where it goes; else where it was closed from"),
    )
}

fn at_arg() -> Arg {
    Arg::new("at")
        .long("at")
        .value_name("MOMENT")
        .help("When, where that is not now: yesterday, 2026-11-20, 2026-11-20T15:00")
}

/// A deal that a verb is about.
struct Subject {
    desk: Desk,
    record: Record,
    /// What is written in the same step, before the verb.
    first: Option<Command>,
}

impl Subject {
    fn find(shell: &Shell, matches: &ArgMatches) -> Result<Self, Fault> {
        let mut desk = shell.desk()?;
        let text = matches
            .get_one::<String>("record")
            .map_or("", String::as_str);
        let found = desk.resolve(Entity::Deal, text)?;
        let record = desk.show(Entity::Deal, found.id)?;
        Ok(Self {
            desk,
            record,
            first: None,
        })
    }

    fn id(&self) -> Id<Deal> {
        Id::new(self.record.id)
    }

    /// A stage of the deal's pipeline, or of another one.
    fn stage(&mut self, text: &str) -> Result<Place, Fault> {
        let stages = Stages::read(&mut self.desk)?;
        let pipeline = match self.record.link(&deal::PIPELINE) {
            Some(pipeline) => pipeline.id,
            None => stages.pipeline(None)?,
        };
        stages.named(pipeline, text).cloned()
    }

    fn commit(
        mut self,
        shell: &Shell,
        matches: &ArgMatches,
        command: Command,
        verb: &'static str,
        tail: String,
    ) -> Result<Exit, Fault> {
        let me = self.desk.me()?;
        let commands = edit::required_version(matches, &self.record)
            .into_iter()
            .chain(self.first.take())
            .chain([command])
            .collect();
        let draft = self.desk.draft(me, Origin::Human, commands);
        Written::of(Entity::Deal, verb, &[self.record.name()])
            .ids(&[self.record.id])
            .tail(tail)
            .commit(shell, &mut self.desk, &draft)
    }
}

fn moment(desk: &Desk, matches: &ArgMatches) -> Result<Option<Instant>, Fault> {
    let Some(text) = matches.get_one::<String>("at") else {
        return Ok(None);
    };
    let typing = Typing {
        now: desk.now,
        zone: desk.zone,
        currency: desk.info.base,
    };
    let value = parse_typed(deal::CLOSED_AT.kind, text, &typing)
        .map_err(|fault| Fault::invalid("closed_at", sentence(&fault)))?;
    Ok(value.as_int().map(Instant::from_millis))
}

fn run_move(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut subject = Subject::find(shell, matches)?;
    let text = matches
        .get_one::<String>("stage")
        .map_or("", String::as_str);
    let place = subject.stage(text)?;
    let deal = subject.id();
    let pipeline = subject.record.link(&deal::PIPELINE).map(|link| link.id);
    let is_own = pipeline.is_some_and(|id| id == place.pipeline);
    // A deal is won or lost in its own pipeline; into the won stage of another one it moves.
    let command = match place.kind {
        StageKind::Won if is_own => Command::WinDeal {
            deal,
            base: None,
            closed_at: None,
        },
        StageKind::Lost if is_own => Command::LoseDeal {
            deal,
            base: None,
            reason: None,
            note: None,
            closed_at: None,
        },
        StageKind::Open | StageKind::Won | StageKind::Lost => Command::MoveDeal {
            deal,
            base: None,
            stage: place.id,
            place: None,
        },
    };
    if place.kind == StageKind::Won {
        subject.first = price(&subject, matches)?;
    } else if matches.contains_id("amount") || matches.get_flag(edit::NO_AMOUNT) {
        let what = format!(
            "`--amount` and `--no-amount` say for how much a deal is won; {} does not win it.",
            place.name
        );
        return Err(Fault::usage(what)
            .at("amount")
            .hint("`clinch deals edit DEAL --amount 42k` changes the amount of an open deal."));
    }
    let tail = format!("to {}", place.name);
    subject.commit(shell, matches, command, "Moved", tail)
}

/// Who wins a deal may say for how much, or that nobody knows: what is written before. Where neither is said, the book judges.
fn price(subject: &Subject, matches: &ArgMatches) -> Result<Option<Command>, Fault> {
    let record = &subject.record;
    if matches.get_flag(edit::NO_AMOUNT) {
        if record.int(&deal::AMOUNT).is_none() {
            let deal = record.id.into();
            return Ok(Some(Command::WithoutAmount { deal }));
        }
        let what = format!(
            "{} has an amount: `--no-amount` is for a deal of which nobody knows it.",
            record.name()
        );
        return Err(Fault::invalid("amount", what)
            .hint("Without it the deal is won for that; `--amount 42k` says another one."));
    }
    let Some(text) = matches.get_one::<String>("amount") else {
        return Ok(None);
    };
    let own = record
        .text(&deal::CURRENCY)
        .and_then(|code| code.parse().ok());
    let typing = Typing {
        now: subject.desk.now,
        zone: subject.desk.zone,
        currency: own.unwrap_or(subject.desk.info.base),
    };
    let edits = parse_field(&deal::AMOUNT, text, &typing)
        .map_err(|fault| Fault::invalid("amount", sentence(&fault)))?
        .into_iter()
        .map(|(def, value)| FieldEdit {
            field: def.into(),
            base: Base::Unseen,
            new: value.into(),
        })
        .collect();
    Ok(Some(Command::Edit {
        entity: Entity::Deal,
        target: record.id.into(),
        edits,
    }))
}

fn run_win(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut subject = Subject::find(shell, matches)?;
    subject.first = price(&subject, matches)?;
    let command = Command::WinDeal {
        deal: subject.id(),
        base: None,
        closed_at: moment(&subject.desk, matches)?,
    };
    subject.commit(shell, matches, command, "Won", String::new())
}

fn run_lose(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let subject = Subject::find(shell, matches)?;
    let reason = matches.get_one::<String>("reason").cloned();
    let note = matches
        .get_one::<String>("note")
        .map(|text| shell.text_or_stdin(text))
        .transpose()?;
    let tail = reason
        .as_ref()
        .map(|reason| format!("({reason})"))
        .unwrap_or_default();
    let command = Command::LoseDeal {
        deal: subject.id(),
        base: None,
        reason: reason.map(Reason::Named),
        note,
        closed_at: moment(&subject.desk, matches)?,
    };
    subject.commit(shell, matches, command, "Lost", tail)
}

fn run_reopen(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut subject = Subject::find(shell, matches)?;
    let place = matches
        .get_one::<String>("stage")
        .map(|text| subject.stage(text))
        .transpose()?;
    let tail = place
        .as_ref()
        .map(|place| format!("in {}", place.name))
        .unwrap_or_default();
    let command = Command::ReopenDeal {
        deal: subject.id(),
        base: None,
        stage: place.map(|place| place.id),
    };
    subject.commit(shell, matches, command, "Reopened", tail)
}
