//! `edit`: fields of one record, and elements of its sets.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, value_parser};

use super::noun::NounVerb;
use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::{Fills, Flag, Noun};
use crate::cli::shell::Shell;
use crate::cli::stages::Stages;
use crate::cli::values::{self, Filled};
use crate::cli::views;
use crate::cli::written::Written;
use crate::domain::command::{Base, Command, FieldEdit, Input, Origin};
use crate::domain::filter::nearest;
use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Set, deal, product, stage};
use crate::domain::records::Record;
use crate::domain::value::Value;

/// The verb.
pub const VERB: NounVerb = NounVerb {
    name: "edit",
    about: "Change {one}",
    build,
    run,
};

fn build(noun: &'static Noun, clap: Clap) -> Clap {
    let clap = clap.arg(reference_arg(noun));
    let clap = values::arguments(noun, clap, false)
        .arg(clear_arg())
        .arg(version_arg());
    if noun.entity == Entity::Deal {
        return clap.arg(no_amount_arg());
    }
    if noun.entity == Entity::Stage {
        return clap.arg(
            Arg::new(MOVE_DEALS)
                .long(MOVE_DEALS)
                .value_name("STAGE")
                .help("Move its deals to that stage first, in the same step"),
        );
    }
    clap
}

/// The flag that says where the deals of a stage go.
const MOVE_DEALS: &str = "move-deals-to";

/// The flag that says that nobody knows for how much a deal is won.
pub const NO_AMOUNT: &str = "no-amount";

/// [`NO_AMOUNT`] as an argument.
pub fn no_amount_arg() -> Arg {
    Arg::new(NO_AMOUNT)
        .long(NO_AMOUNT)
        .action(ArgAction::SetTrue)
        .help("Win it although nobody knows for how much")
}

/// The command that lets a deal be won without an amount.
fn unpriced(record: &Record, matches: &ArgMatches) -> Option<Command> {
    let meant = matches.try_get_one::<bool>(NO_AMOUNT).ok().flatten();
    let deal = record.id.into();
    (meant == Some(&true)).then_some(Command::WithoutAmount { deal })
}

/// The command that moves the deals of a stage away.
fn move_deals(
    desk: &mut Desk,
    record: &Record,
    matches: &ArgMatches,
) -> Result<Option<Command>, Fault> {
    let asked = matches.try_get_one::<String>(MOVE_DEALS).ok().flatten();
    let (Some(text), Some(pipeline)) = (asked, record.link(&stage::PIPELINE)) else {
        return Ok(None);
    };
    let to = Stages::read(desk)?.named(pipeline.id, text)?.id;
    let from = Id::new(record.id);
    Ok(Some(Command::MoveAll { from, to }))
}

/// The argument that names one record.
pub fn reference_arg(noun: &'static Noun) -> Arg {
    Arg::new("record")
        .value_name(noun.value)
        .required(true)
        .help(noun.reference)
}

/// `--clear`.
pub fn clear_arg() -> Arg {
    Arg::new("clear")
        .long("clear")
        .value_name("FIELD")
        .action(ArgAction::Append)
        .help("Make a field unknown; may be given more than once")
}

/// `--if-version`.
pub fn version_arg() -> Arg {
    Arg::new("if-version")
        .long("if-version")
        .value_name("N")
        .value_parser(value_parser!(i64))
        .help("Only if this is still the record's version, as `show` prints it")
}

/// The command that stops the step where the record has another version than `--if-version` says.
pub fn required_version(matches: &ArgMatches, record: &Record) -> Option<Command> {
    let seq = *matches.get_one::<i64>("if-version")?;
    Some(Command::Require {
        entity: record.entity,
        target: record.id.into(),
        seq,
    })
}

fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let text = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(noun.entity, text)?;
    let record = desk.show(noun.entity, found.id)?;

    let currency = currency_of(&record, desk.info.base);
    let mut filled = values::fill(shell, &mut desk, noun, matches, currency)?;
    stage_of(&mut desk, &record, matches, &mut filled)?;
    clear(noun, matches, &mut filled)?;
    check_currency(&record, currency, &filled)?;
    if noun.entity == Entity::View {
        views::check(&mut desk, &filled, Some(&record))?;
    }

    let mut commands: Vec<Command> = required_version(matches, &record).into_iter().collect();
    commands.extend(unpriced(&record, matches));
    let checks = commands.len();
    commands.append(&mut filled.first);
    commands.extend(move_deals(&mut desk, &record, matches)?);
    commands.extend(edits(&record, filled.fields));
    commands.extend(sets(noun, &record, matches, filled.sets));
    if commands.len() == checks {
        return Err(Fault::usage("Nothing was named to change.").hint(format!(
            "`clinch {} edit --help` lists the fields.",
            noun.plural
        )));
    }
    let draft = desk.draft(me, Origin::Human, commands);
    Written::of(noun.entity, "Changed", &[record.name()])
        .spoken(noun.singular)
        .ids(&[record.id])
        .commit(shell, &mut desk, &draft)
}

fn currency_of(record: &Record, base: Currency) -> Currency {
    let own = record.entity.field(deal::CURRENCY.name);
    own.and_then(|def| record.text(def))
        .and_then(|code| code.parse().ok())
        .unwrap_or(base)
}

fn stage_of(
    desk: &mut Desk,
    record: &Record,
    matches: &ArgMatches,
    filled: &mut Filled,
) -> Result<(), Fault> {
    let asked = matches.try_get_one::<String>("stage").ok().flatten();
    let (Some(text), Some(pipeline)) = (asked, record.link(&deal::PIPELINE)) else {
        return Ok(());
    };
    let stages = Stages::read(desk)?;
    let place = stages.named(pipeline.id, text)?;
    filled.put(&deal::STAGE, place.id.into())
}

/// `--clear FIELD`: the field becomes unknown.
pub fn clear(noun: &'static Noun, matches: &ArgMatches, filled: &mut Filled) -> Result<(), Fault> {
    for name in matches.get_many::<String>("clear").into_iter().flatten() {
        let def = clearable(noun, name)?;
        filled.put(def, Value::Null.into())?;
    }
    Ok(())
}

fn clearable(noun: &'static Noun, name: &str) -> Result<&'static FieldDef, Fault> {
    let plain = name.trim().to_lowercase().replace('_', "-");
    let names_it = |flag: &&Flag| {
        flag.long == plain
            || matches!(flag.fills, Fills::Field(def) if def.name.replace('_', "-") == plain)
    };
    let longs = || noun.flags.iter().map(|flag| flag.long);
    match noun.flags.iter().find(names_it).map(|flag| flag.fills) {
        Some(Fills::Field(def)) if def.required => Err(Fault::invalid(
            def.name,
            format!("The {} of {} cannot be unknown.", def.name, noun.one),
        )),
        Some(Fills::Field(def)) => Ok(def),
        Some(Fills::Set(set)) => Err(Fault::usage(format!(
            "`{name}` holds several values, which are removed one by one."
        ))
        .at(set.name())
        .hint(format!("`--remove-{plain} VALUE` removes one."))),
        None => {
            let fault =
                Fault::usage(format!("{} have no field `{name}`.", noun.plural)).at("clear");
            Err(match nearest(&plain, longs()) {
                Some(near) => fault.hint(format!("Did you mean `{near}`?")),
                None => fault.hint(format!(
                    "There are {}.",
                    longs().collect::<Vec<_>>().join(", ")
                )),
            })
        }
    }
}

/// An amount is kept in the smallest unit of its currency, so a currency with other decimals needs the amount again.
fn check_currency(record: &Record, old: Currency, filled: &Filled) -> Result<(), Fault> {
    let (amount, own) = match record.entity {
        Entity::Deal => (&deal::AMOUNT, &deal::CURRENCY),
        Entity::Product => (&product::PRICE, &product::CURRENCY),
        _ => return Ok(()),
    };
    let new = match filled.get(own) {
        Some(Input::Value(Value::Text(code))) => code.parse().unwrap_or(old),
        _ => old,
    };
    let amount_stays = filled.get(amount).is_none() && record.int(amount).is_some();
    if amount_stays && new.digits() != old.digits() {
        return Err(Fault::usage(format!(
            "{new} has other decimals than {old}, so the {0} must be given again.",
            amount.name
        ))
        .at(amount.name)
        .hint(format!("Add `--{0}` with the {0} in {new}.", amount.name)));
    }
    Ok(())
}

fn edits(record: &Record, fields: Vec<(crate::domain::nouns::Field, Input)>) -> Option<Command> {
    let edits: Vec<FieldEdit> = fields
        .into_iter()
        .map(|(field, new)| FieldEdit {
            field,
            base: Base::Unseen,
            new,
        })
        .collect();
    (!edits.is_empty()).then(|| Command::Edit {
        entity: record.entity,
        target: record.id.into(),
        edits,
    })
}

fn sets(
    noun: &'static Noun,
    record: &Record,
    matches: &ArgMatches,
    added: Vec<(Set, String)>,
) -> Vec<Command> {
    let (entity, target) = (record.entity, record.id.into());
    let removed = noun.flags.iter().filter_map(|flag| match flag.fills {
        Fills::Set(set) => Some((set, matches.get_many::<String>(values::remover(flag))?)),
        Fills::Field(_) => None,
    });
    let removed = removed.flat_map(|(set, elements)| {
        elements.map(move |element| Command::Remove {
            entity,
            target,
            set,
            element: element.clone(),
        })
    });
    let added = added.into_iter().map(|(set, element)| Command::Add {
        entity,
        target,
        set,
        element,
    });
    removed.chain(added).collect()
}
