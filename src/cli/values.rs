//! From the flags of `add` and `edit` to fields of the book.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};

use super::desk::Desk;
use super::fault::{self, Fault};
use super::nouns::{self, Fills, Flag, Noun};
use super::shell::Shell;
use crate::domain::command::{Command, Create, Input, Slot};
use crate::domain::custom::CustomField;
use crate::domain::filter::nearest;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, Field, FieldDef, Kind, Set, company, deal, quota};
use crate::domain::period;
use crate::domain::text::fold;
use crate::domain::typed::{Typing, parse_field};
use crate::domain::value::Value;
use crate::store::query::Resolved;

/// The slot of a company that is made on the way.
pub const COMPANY_SLOT: Slot = Slot(1);

/// What the flags ask for.
#[derive(Debug, Default)]
pub struct Filled {
    /// Commands that make what the fields refer to.
    pub first: Vec<Command>,
    /// Fields with their values.
    pub fields: Vec<(Field, Input)>,
    /// Elements of sets.
    pub sets: Vec<(Set, String)>,
}

impl Filled {
    /// What a field shall be.
    #[must_use]
    pub fn get(&self, def: &'static FieldDef) -> Option<&Input> {
        self.fields
            .iter()
            .find(|(field, _)| *field == Field::Own(def))
            .map(|(_, input)| input)
    }

    /// Sets a custom field, which two flags do not set differently either.
    fn put_custom(&mut self, custom: &CustomField, input: Input) -> Result<(), Fault> {
        let field = Field::Custom(custom.entity, custom.id);
        let twice = self.fields.iter().find(|(known, _)| *known == field);
        match twice {
            Some((_, other)) if *other != input => Err(Fault::usage(format!(
                "Two flags give different values for {}.",
                custom.name
            ))
            .at(SET)),
            Some(_) => Ok(()),
            None => {
                self.fields.push((field, input));
                Ok(())
            }
        }
    }

    /// Sets a field; two flags that set it differently contradict each other.
    pub fn put(&mut self, def: &'static FieldDef, input: Input) -> Result<(), Fault> {
        match self.get(def) {
            Some(other) if *other != input => Err(Fault::usage(format!(
                "Two flags give different values for {}.",
                def.name.replace('_', " ")
            ))
            .at(def.name)),
            Some(_) => Ok(()),
            None => {
                self.fields.push((def.into(), input));
                Ok(())
            }
        }
    }
}

/// The flag that fills custom fields.
pub const SET: &str = "set";

/// The flag that allows a company to be made.
pub const NEW_COMPANY: &str = "new-company";

/// One clap argument per flag of a noun. `adds` tells whether a record is made; an edit adds elements to sets as `--add-tag`.
#[must_use]
pub fn arguments(noun: &'static Noun, mut clap: Clap, adds: bool) -> Clap {
    for flag in noun.flags {
        let arg = Arg::new(flag.long)
            .long(flag.long)
            .value_name(flag.value)
            .help(flag.help)
            .allow_hyphen_values(true);
        clap = match flag.fills {
            Fills::Field(_) => clap.arg(arg),
            Fills::Set(_) if adds => clap.arg(
                arg.action(ArgAction::Append)
                    .help(format!("{}; may be given more than once", flag.help)),
            ),
            Fills::Set(_) => clap
                .arg(
                    arg.long(adder(flag))
                        .alias(flag.long)
                        .action(ArgAction::Append)
                        .help(format!("Add: {}", lower(flag.help))),
                )
                .arg(
                    Arg::new(remover(flag))
                        .long(remover(flag))
                        .value_name(flag.value)
                        .action(ArgAction::Append)
                        .help(format!("Remove: {}", lower(flag.help))),
                ),
        };
    }
    let names_company = noun.flags.iter().any(
        |flag| matches!(flag.fills, Fills::Field(def) if def.kind == Kind::Ref(Entity::Company)),
    );
    if noun.entity.has_custom() {
        clap = clap.arg(
            Arg::new(SET)
                .long(SET)
                .value_name("FIELD=VALUE")
                .action(ArgAction::Append)
                .help("Fill a custom field, or empty it with nothing behind the `=`; may be given more than once"),
        );
    }
    if names_company {
        clap = clap.arg(
            Arg::new(NEW_COMPANY)
                .long(NEW_COMPANY)
                .action(ArgAction::SetTrue)
                .help("Make the company where the book has none of that name"),
        );
    }
    clap
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_lowercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The flag that adds an element to a set.
const fn adder(flag: &Flag) -> &'static str {
    match flag.fills {
        Fills::Set(Set::Tag) => "add-tag",
        Fills::Set(Set::Email) => "add-email",
        Fills::Set(Set::Phone) => "add-phone",
        Fills::Set(Set::Url) => "add-url",
        Fills::Set(Set::Domain) => "add-domain",
        Fills::Field(_) => flag.long,
    }
}

/// The flag that removes an element from a set; a field is cleared.
#[must_use]
pub const fn remover(flag: &Flag) -> &'static str {
    match flag.fills {
        Fills::Set(Set::Tag) => "remove-tag",
        Fills::Set(Set::Email) => "remove-email",
        Fills::Set(Set::Phone) => "remove-phone",
        Fills::Set(Set::Url) => "remove-url",
        Fills::Set(Set::Domain) => "remove-domain",
        Fills::Field(_) => "clear",
    }
}

/// Reads the flags. `currency` is what an amount is in that names none. Stages are left out: which one is meant depends on the
/// pipeline.
pub fn fill(
    shell: &Shell,
    desk: &mut Desk,
    noun: &'static Noun,
    matches: &ArgMatches,
    currency: Currency,
) -> Result<Filled, Fault> {
    let mut filled = Filled::default();
    let typing = Typing {
        now: desk.now,
        zone: desk.zone,
        currency: asked_currency(matches, currency)?,
    };
    for flag in noun.flags {
        match flag.fills {
            Fills::Set(set) => {
                for element in matches.get_many::<String>(flag.long).into_iter().flatten() {
                    filled.sets.push((set, element.clone()));
                }
            }
            Fills::Field(def) if *def == deal::STAGE => {}
            Fills::Field(def) => {
                if let Some(text) = matches.get_one::<String>(flag.long) {
                    fill_field(shell, desk, matches, &typing, &mut filled, def, text)?;
                }
            }
        }
    }
    fill_custom(desk, noun, matches, &typing, &mut filled)?;
    Ok(filled)
}

/// `--set FIELD=VALUE`: custom fields, named and typed as people do in a form.
fn fill_custom(
    desk: &mut Desk,
    noun: &'static Noun,
    matches: &ArgMatches,
    typing: &Typing,
    filled: &mut Filled,
) -> Result<(), Fault> {
    let asked = matches.try_get_many::<String>(SET).ok().flatten();
    let asked: Vec<&String> = asked.into_iter().flatten().collect();
    if asked.is_empty() {
        return Ok(());
    }
    let own = custom_of(desk, noun.entity)?;
    for text in asked {
        let Some((name, value)) = text.split_once('=') else {
            return Err(
                Fault::usage(format!("`{text}` names a field and no value for it."))
                    .at(SET)
                    .hint("Write `--set \"FIELD=VALUE\"`; `--set FIELD=` empties it."),
            );
        };
        let name = name.trim();
        let field = own
            .iter()
            .find(|field| fold(&field.name) == fold(name))
            .ok_or_else(|| no_custom(noun, &own, name))?;
        let value = field
            .read(value, typing)
            .map_err(|fault| Fault::invalid(&field.name, sentence(&fault)))?;
        filled.put_custom(field, value.into())?;
    }
    Ok(())
}

/// The custom fields of a noun.
pub fn custom_of(desk: &mut Desk, entity: Entity) -> Result<Vec<CustomField>, Fault> {
    let all = desk.all(Entity::Field, &["name"])?;
    let fields = all.iter().filter_map(CustomField::of);
    Ok(fields.filter(|field| field.entity == entity).collect())
}

/// A noun has no custom field of that name: which one may be meant, or the flag that fills a field of every book.
fn no_custom(noun: &'static Noun, own: &[CustomField], name: &str) -> Fault {
    let fault = Fault::usage(format!(
        "{} have no custom field `{name}`.",
        sentence(noun.plural).trim_end_matches('.')
    ))
    .at(SET);
    let flag = noun.flags.iter().find(|flag| fold(flag.long) == fold(name));
    if let Some(flag) = flag {
        return fault.hint(format!("`--{}` fills that field.", flag.long));
    }
    let names: Vec<&str> = own.iter().map(|field| field.name.as_str()).collect();
    fault.hint(match (nearest(name, names.iter().copied()), &*names) {
        (Some(near), _) => format!("Did you mean `{near}`?"),
        (None, []) => format!(
            "There is none yet: `clinch fields add --of {} --name {name:?} --kind text` makes it.",
            noun.entity.name()
        ),
        (None, names) => format!("There are {}.", names.join(", ")),
    })
}

/// The currency of `--currency`, or `default`.
fn asked_currency(matches: &ArgMatches, default: Currency) -> Result<Currency, Fault> {
    let asked = matches
        .try_get_one::<String>(deal::CURRENCY.name)
        .ok()
        .flatten();
    asked.map_or(Ok(default), |code| {
        code.parse()
            .map_err(|fault: String| Fault::invalid("currency", fault + "."))
    })
}

fn fill_field(
    shell: &Shell,
    desk: &mut Desk,
    matches: &ArgMatches,
    typing: &Typing,
    filled: &mut Filled,
    def: &'static FieldDef,
    text: &str,
) -> Result<(), Fault> {
    if let Kind::Ref(entity) = def.kind {
        let may_make = entity == Entity::Company && matches.get_flag(NEW_COMPANY);
        let input =
            reference(desk, filled, entity, text, may_make).map_err(|fault| fault.at(def.name))?;
        return filled.put(def, input);
    }
    let text = if def.kind == Kind::Block {
        shell.text_or_stdin(text)?
    } else if *def == quota::PERIOD {
        period::kept(text, desk.today(), desk.info.fiscal_start)
            .map_err(|fault| Fault::invalid(def.name, sentence(&fault)))?
    } else {
        text.to_owned()
    };
    let values = parse_field(def, &text, typing)
        .map_err(|fault| Fault::invalid(def.name, sentence(&fault)))?;
    values
        .into_iter()
        .try_for_each(|(def, value)| filled.put(def, value.into()))
}

/// A fault of typed text as a sentence.
#[must_use]
pub fn sentence(fault: &str) -> String {
    let mut letters = fault.chars();
    let mut text: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    text
}

/// The record that a flag names. Nothing means none; `me` is who acts; a company that is not there is made where it may be.
pub fn reference(
    desk: &mut Desk,
    filled: &mut Filled,
    entity: Entity,
    text: &str,
    may_make: bool,
) -> Result<Input, Fault> {
    if text.trim().is_empty() {
        return Ok(Value::Null.into());
    }
    if entity == Entity::Rep && text == "me" {
        return Ok(desk.rep(text)?.into());
    }
    match desk.look_up(entity, text)? {
        Resolved::One(found) => Ok(found.id.into()),
        Resolved::Several(found) => Err(fault::ambiguous(&nouns::plural(entity), text, &found)),
        Resolved::None(_) if may_make => {
            filled.first.push(Command::Create(Create {
                slot: COMPANY_SLOT,
                entity: Entity::Company,
                created_at: Some(desk.now),
                fields: vec![((&company::NAME).into(), text.into())],
                sets: vec![],
            }));
            Ok(COMPANY_SLOT.into())
        }
        Resolved::None(near) => {
            let fault = fault::unknown(&nouns::spoken(entity), text, &near);
            Err(match entity {
                Entity::Company => fault.hint("`--new-company` makes it in the same step."),
                Entity::Product => fault.hint("`clinch products add --name …` makes one."),
                Entity::Contact => fault.hint("`clinch contacts add --name …` makes one."),
                _ => fault,
            })
        }
    }
}
