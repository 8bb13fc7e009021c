//! `lines`: the products of deals, added, changed and removed; `deals lines`: those of one deal, with what they make. The amount of
//! a deal follows its lines where it is their sum; where it is not, that is said.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};
use serde_json::json;

use super::{edit, noun};
use crate::cli::cells::short_id;
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::{DEALS, LINES};
use crate::cli::output::Format;
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::Verb;
use crate::cli::values::{self, Filled};
use crate::cli::written::Written;
use crate::domain::command::{Base, Command, Create, FieldEdit, Input, Origin, Slot};
use crate::domain::id::{Id, RecordId};
use crate::domain::lines::{self, DealLines, Standing};
use crate::domain::money::Money;
use crate::domain::nouns::{Entity, FieldDef, deal, deal_line, product};
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::store::query::{Answer, Query};

/// `lines`.
pub const VERB: Verb = Verb {
    name: LINES.plural,
    about: LINES.about,
    build: |clap| noun::build_set(&LINES, OWN, clap),
    run: |shell, matches| noun::run_with(&LINES, OWN, shell, matches),
};

/// `deals lines`.
pub const OF_DEAL: Verb = Verb {
    name: "lines",
    about: "Show the products of a deal, and what they make",
    build: build_of_deal,
    run: run_of_deal,
};

static OWN: &[Verb] = &[
    Verb {
        name: "add",
        about: "Add a line to a deal",
        build: |clap| {
            values::arguments(&LINES, clap, true).mut_arg("deal", |arg| arg.required(true))
        },
        run: add,
    },
    Verb {
        name: "edit",
        about: "Change a line",
        build: build_edit,
        run: change,
    },
    Verb {
        name: "rm",
        about: "Put lines into the trash",
        build: build_rm,
        run: remove,
    },
];

fn build_edit(clap: Clap) -> Clap {
    let clap = clap.arg(edit::reference_arg(&LINES));
    values::arguments(&LINES, clap, false)
        .arg(edit::clear_arg())
        .arg(edit::version_arg())
}

fn build_rm(clap: Clap) -> Clap {
    clap.arg(
        edit::reference_arg(&LINES)
            .action(ArgAction::Append)
            .num_args(1..),
    )
}

fn build_of_deal(clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(&DEALS)).arg(
        Arg::new("set-amount")
            .long("set-amount")
            .action(ArgAction::SetTrue)
            .help("Make the amount of the deal what its lines make"),
    )
}

/// A deal with its lines.
fn of_deal(desk: &mut Desk, id: RecordId) -> Result<DealLines, Fault> {
    match desk.ask(&Query::Lines(Id::new(id)))? {
        Answer::Lines(Some(known)) => Ok(*known),
        Answer::Lines(None) => Err(Fault::new(
            Exit::NotFound,
            format!("There is no deal {id}."),
        )),
        other => Err(unforeseen(&other)),
    }
}

/// The deal that a line is of.
fn deal_of(line: &Record) -> Result<RecordId, Fault> {
    let id = line.int(&deal_line::DEAL).map(RecordId::from_raw);
    id.ok_or_else(|| Fault::new(Exit::Unexpected, "The line is of no deal."))
}

fn value(filled: &Filled, def: &'static FieldDef) -> Value {
    match filled.get(def) {
        Some(Input::Value(value)) => value.clone(),
        _ => Value::Null,
    }
}

fn add(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let named = matches.get_one::<String>("deal").map_or("", String::as_str);
    let found = desk
        .resolve(Entity::Deal, named)
        .map_err(|fault| fault.at("deal"))?;
    let of = of_deal(&mut desk, found.id)?;
    let currency = of.currency(desk.info.base);
    let mut filled = values::fill(shell, &mut desk, &LINES, matches, currency)?;
    let sold = match value(&filled, &deal_line::PRODUCT).as_int() {
        Some(raw) => Some(desk.show(Entity::Product, RecordId::from_raw(raw))?),
        None => None,
    };
    let text = value(&filled, &deal_line::TEXT);
    let Some(name) = text
        .as_text()
        .map(str::to_owned)
        .or_else(|| sold.as_ref().map(Record::name))
    else {
        return Err(Fault::usage("A line needs a product or a text.")
            .at("product")
            .hint("`clinch products list` shows the catalogue; `--text` says what is sold in your own words."));
    };
    if filled.get(&deal_line::QUANTITY).is_none() {
        filled.put(&deal_line::QUANTITY, 1.into())?;
    }
    if let (None, Some(sold)) = (filled.get(&deal_line::PRICE), &sold) {
        match sold.money(&product::PRICE, desk.info.base) {
            Some(price) if price.currency == currency => {
                filled.put(&deal_line::PRICE, price.minor.into())?;
            }
            Some(price) => shell.warn(&format!(
                "{name} costs {price}, and the deal is in {currency}: the line has no price; `--price` gives one."
            )),
            None => {}
        }
    }
    filled.put(&deal_line::POSITION, of.next_position().into())?;
    let create = Command::Create(Create {
        slot: Slot(0),
        entity: Entity::DealLine,
        created_at: Some(desk.now),
        fields: filled.fields,
        sets: vec![],
    });
    write(
        shell,
        &mut desk,
        me,
        &[of],
        vec![create],
        Said {
            verb: "Added",
            label: format!("Add {name} to {}", found.name),
            names: vec![name],
            ids: vec![],
        },
    )
}

fn change(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let named = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(Entity::DealLine, named)?;
    let line = desk.show(Entity::DealLine, found.id)?;
    if matches.contains_id("deal") {
        return Err(Fault::usage("A line stays with its deal.").at("deal").hint(
            "`clinch lines rm LINE` and `clinch lines add --deal DEAL` bring it to another one.",
        ));
    }
    let of = of_deal(&mut desk, deal_of(&line)?)?;
    let currency = of.currency(desk.info.base);
    let mut filled = values::fill(shell, &mut desk, &LINES, matches, currency)?;
    edit::clear(&LINES, matches, &mut filled)?;
    if filled.fields.is_empty() {
        return Err(Fault::usage("Nothing was named to change.")
            .hint("`clinch lines edit --help` lists the fields."));
    }
    let edits = filled.fields.into_iter().map(|(field, new)| FieldEdit {
        field,
        base: Base::Unseen,
        new,
    });
    let edit = Command::Edit {
        entity: Entity::DealLine,
        target: line.id.into(),
        edits: edits.collect(),
    };
    let commands = edit::required_version(matches, &line)
        .into_iter()
        .chain([edit]);
    write(
        shell,
        &mut desk,
        me,
        &[of],
        commands.collect(),
        Said {
            verb: "Changed",
            label: String::new(),
            names: vec![line.name()],
            ids: vec![line.id],
        },
    )
}

fn remove(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let mut gone: Vec<(RecordId, String)> = Vec::new();
    let mut deals: Vec<DealLines> = Vec::new();
    for named in matches.get_many::<String>("record").into_iter().flatten() {
        let found = desk.resolve(Entity::DealLine, named)?;
        let line = desk.show(Entity::DealLine, found.id)?;
        let deal = deal_of(&line)?;
        if deals.iter().all(|known| known.deal.id != deal) {
            deals.push(of_deal(&mut desk, deal)?);
        }
        if gone.iter().all(|(id, _)| *id != line.id) {
            gone.push((line.id, line.name()));
        }
    }
    let commands = gone.iter().map(|(id, _)| Command::Trash {
        entity: Entity::DealLine,
        target: (*id).into(),
    });
    let commands = commands.collect();
    let (ids, names) = gone.into_iter().unzip();
    write(
        shell,
        &mut desk,
        me,
        &deals,
        commands,
        Said {
            verb: "Trashed",
            label: String::new(),
            names,
            ids,
        },
    )
}

/// What a step does, in words.
struct Said {
    verb: &'static str,
    /// Empty where the book finds words.
    label: String,
    names: Vec<String>,
    ids: Vec<RecordId>,
}

/// Writes a step over lines, with the amounts that follow from it, and says what became of those.
fn write(
    shell: &Shell,
    desk: &mut Desk,
    me: Option<Id<crate::domain::records::Rep>>,
    deals: &[DealLines],
    mut commands: Vec<Command>,
    said: Said,
) -> Result<Exit, Fault> {
    let with = |of: &DealLines| {
        of.following(&commands)
            .into_iter()
            .chain(of.in_this_currency(&commands))
            .collect::<Vec<_>>()
    };
    let follows: Vec<Command> = deals.iter().flat_map(with).collect();
    commands.extend(follows);
    let mut draft = desk.draft(me, Origin::Human, commands);
    draft.label = Some(said.label).filter(|label| !label.is_empty());
    let exit = Written::of(Entity::DealLine, said.verb, &said.names)
        .spoken(if said.names.len() == 1 {
            LINES.singular
        } else {
            LINES.plural
        })
        .ids(&said.ids)
        .commit(shell, desk, &draft)?;
    if !shell.globals.dry_run {
        for of in deals {
            let now = of_deal(desk, of.deal.id)?;
            shell.say(&format!(
                "{}: {}.",
                now.deal.name(),
                now.told(desk.info.base)
            ));
        }
    }
    Ok(exit)
}

fn run_of_deal(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let named = matches
        .get_one::<String>("record")
        .map_or("", String::as_str);
    let found = desk.resolve(Entity::Deal, named)?;
    let of = of_deal(&mut desk, found.id)?;
    if matches.get_flag("set-amount") {
        return set_amount(shell, &mut desk, &of);
    }
    print(shell, &desk, &of)
}

fn set_amount(shell: &Shell, desk: &mut Desk, of: &DealLines) -> Result<Exit, Fault> {
    let me = desk.me()?;
    let told = of.told(desk.info.base);
    let Some(command) = of.settling() else {
        let what = format!("The amount of {} stays: {told}.", of.deal.name());
        return match of.standing() {
            Standing::Equal => {
                shell.say(&what);
                Ok(Exit::Done)
            }
            _ => Err(Fault::invalid(deal::AMOUNT.name, what).hint(
                "Every line needs a quantity and a price: `clinch lines edit LINE --price 1200`.",
            )),
        };
    };
    let draft = desk.draft(me, Origin::Human, vec![command]);
    let sum = Money::new(of.sum().minor, of.currency(desk.info.base));
    Written::of(Entity::Deal, "Changed", &[of.deal.name()])
        .ids(&[of.deal.id])
        .tail(format!("to what its lines make: {sum}"))
        .commit(shell, desk, &draft)
}

fn print(shell: &Shell, desk: &Desk, of: &DealLines) -> Result<Exit, Fault> {
    let (base, wording) = (desk.info.base, desk.wording());
    let currency = of.currency(base);
    let mut rows = Rows::new(&[
        ("id", Side::Left),
        ("line", Side::Left),
        ("quantity", Side::Right),
        ("price", Side::Right),
        ("sum", Side::Right),
    ]);
    let table = shell.format() == Format::Table;
    let unknown = if table { "—" } else { "" };
    let money = |minor: Option<i64>| {
        let money = minor.map(|minor| Money::new(minor, currency));
        money.map_or_else(
            || unknown.to_owned(),
            |money| {
                if table {
                    wording.money(money)
                } else {
                    money.decimal()
                }
            },
        )
    };
    for line in &of.lines {
        let (quantity, price) = (line.int(&deal_line::QUANTITY), line.int(&deal_line::PRICE));
        let worth = lines::worth_of(line);
        let as_money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency));
        rows.push(
            [
                if table {
                    short_id(line.id)
                } else {
                    line.id.to_string()
                },
                line.name(),
                quantity.map_or_else(|| unknown.to_owned(), |quantity| quantity.to_string()),
                money(price),
                money(worth),
            ],
            json!({
                "id": line.id,
                "product": line.link::<()>(&deal_line::PRODUCT),
                "text": line.text(&deal_line::TEXT),
                "quantity": quantity,
                "price": as_money(price),
                "sum": as_money(worth),
                "version": line.seq,
            }),
        );
    }
    let told = of.told(base);
    rows.below_all([
        format!("{}: {told}.", of.deal.name()),
        format!("({})", lines::FORMULA),
    ]);
    let sum = of.sum();
    let standing = match of.standing() {
        Standing::NoLines => "no_lines",
        Standing::Equal => "equal",
        Standing::Differs => "differs",
        Standing::Unknown => "unknown",
    };
    rows.print_as(shell, |items| {
        json!({
            "schema_version": 1,
            "deal": {"id": of.deal.id, "name": of.deal.name()},
            "items": items,
            "sum": Money::new(sum.minor, currency),
            "unknown": sum.unknown,
            "formula": lines::FORMULA,
            "amount": of.deal.money(&deal::AMOUNT, base),
            "amount_and_lines": standing,
        })
    })?;
    Ok(Exit::Done)
}
