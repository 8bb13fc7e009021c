//! Leads: what becomes of one. A lead is a contact with a lead state.
//!
//! A conversion is one step: the lead becomes qualified, its contact gets the company, and there is a deal in an open stage. It
//! never overwrites: of records that are in the book already it fills only what is unknown there.

use super::command::{Base, Command, Create, FieldEdit, Input, Slot, Target};
use super::id::RecordId;
use super::money::Currency;
use super::nouns::{Entity, Field, FieldDef, Set, contact, deal};
use super::pipeline::StageKind;
use super::records::{Company, Record};
use super::text::fold;
use super::time::Instant;
use super::value::Value;

#[cfg(test)]
mod tests;

/// The slot of the deal that a conversion makes.
pub const DEAL: Slot = Slot(0);

/// The state of a lead that nobody has worked on yet.
pub const NEW: &str = "new";
/// The state of a lead that became a chance to sell.
pub const QUALIFIED: &str = "qualified";
/// The state of a lead that was given up.
pub const DROPPED: &str = "dropped";

/// The states in which there is still something to do with a lead.
pub const OPEN_STATES: [&str; 3] = [NEW, "working", "nurturing"];

/// Reasons that leads are mostly dropped for; any other can be said.
pub const DROP_REASONS: [&str; 6] = [
    "No answer",
    "No need",
    "No budget",
    "Not a fit",
    "Wrong contact",
    "Duplicate",
];

/// Whether a lead waits for the first call, mail or meeting from us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Waiting {
    /// It waits since it came into being.
    Since(Instant),
    /// It waits, and nobody knows since when.
    Unknown,
    /// Somebody answered it, nobody has to any more, or it is no lead.
    #[default]
    No,
}

/// Whether a contact waits as a lead, where it is known whether somebody answered it.
#[must_use]
pub fn waiting(contact: &Record, answered: bool) -> Waiting {
    let state = contact.text(&contact::LEAD_STATE);
    let is_open = state.is_some_and(|state| OPEN_STATES.contains(&state));
    match contact.created_at {
        _ if answered || !is_open => Waiting::No,
        Some(at) => Waiting::Since(at),
        None => Waiting::Unknown,
    }
}

/// What the author of a conversion says about the deal.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Commands that make what the fields refer to.
    pub first: Vec<Command>,
    /// Fields of the deal, as far as they were said.
    pub fields: Vec<(Field, Input)>,
    /// Elements of its sets.
    pub sets: Vec<(Set, String)>,
    /// What the company in the fields is called.
    pub company: Option<String>,
    /// Where a deal begins of which nobody says the stage.
    pub stage: Input,
    /// The currency of an amount of which nobody says it.
    pub currency: Currency,
    /// Whose a deal becomes that belongs to nobody: who acts.
    pub me: Option<RecordId>,
    /// When.
    pub at: Instant,
}

/// What to ask of the book for a conversion.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// In order, as one step.
    pub commands: Vec<Command>,
    /// What the deal is called.
    pub deal: String,
    /// The deal, where it is in the book already and no other is made.
    pub known: Option<RecordId>,
    /// Fields that were said and are something else in the book: they stay as they are.
    pub left: Vec<&'static FieldDef>,
}

/// Why a lead cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConverted {
    /// It is a contact without a lead state.
    #[error("{0} is no lead")]
    NoLead(String),
    /// It was dropped.
    #[error("{name} was dropped{}; another state takes that back", reason.as_ref().map_or(String::new(), |reason| format!(" ({reason})")))]
    Dropped {
        /// The lead.
        name: String,
        /// Why it was dropped.
        reason: Option<String>,
    },
    /// It has been converted.
    #[error("{name} is converted already: deal {deal}")]
    Already {
        /// The lead.
        name: String,
        /// The deal that it has.
        deal: String,
    },
}

/// The deal that a lead was converted into: it is qualified, and has one. `deals` are those of the contact.
#[must_use]
pub fn converted_into<'a>(lead: &Record, deals: &'a [Record]) -> Option<&'a Record> {
    (lead.text(&contact::LEAD_STATE) == Some(QUALIFIED))
        .then(|| deals.first())
        .flatten()
}

/// Whether a lead can be converted at all.
///
/// # Errors
/// Why not.
pub fn convertible(lead: &Record, deals: &[Record]) -> Result<(), NotConverted> {
    let name = lead.name();
    match lead.text(&contact::LEAD_STATE) {
        None => Err(NotConverted::NoLead(name)),
        Some(DROPPED) => Err(NotConverted::Dropped {
            name,
            reason: lead.text(&contact::DROP_REASON).map(str::to_owned),
        }),
        Some(_) => match converted_into(lead, deals) {
            Some(deal) => Err(NotConverted::Already {
                name,
                deal: deal.name(),
            }),
            None => Ok(()),
        },
    }
}

/// The open deal that a lead has already, of that title where one is said: a conversion makes no second one.
#[must_use]
pub fn open_deal<'a>(
    lead: &Record,
    deals: &'a [Record],
    title: Option<&str>,
) -> Option<&'a Record> {
    deals.iter().find(|known| {
        let same = title.is_none_or(|title| fold(title) == fold(&known.name()));
        known.state == Some(StageKind::Open)
            && known.int(&deal::CONTACT) == Some(lead.id.raw())
            && same
    })
}

/// What the deal of a lead is called where nobody says it: as the company, else as the lead.
#[must_use]
pub fn deal_title(lead: &Record) -> String {
    let company = lead.link::<Company>(&contact::COMPANY);
    company
        .map(|company| company.name)
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| lead.name())
}

/// What to ask of the book so that a lead becomes a deal. `deals` are those of the contact, as they are in the book.
///
/// # Errors
/// Why it cannot be converted.
pub fn convert(
    lead: &Record,
    deals: &[Record],
    mut wish: Wish,
) -> Result<Conversion, NotConverted> {
    convertible(lead, deals)?;
    complete(lead, &mut wish);
    let title = said_text(&wish.fields, &deal::TITLE);
    let mut left = Vec::new();
    let known = open_deal(lead, deals, title.as_deref());
    let (name, of_deal) = match known {
        Some(known) => (known.name(), fill(known, &wish, &mut left)),
        None => new_deal(lead, title, &mut wish),
    };
    let mut commands = wish.first.clone();
    commands.extend(of_deal);
    commands.extend(qualify(lead, &wish));
    drop_unused(&mut commands);
    Ok(Conversion {
        commands,
        deal: name,
        known: known.map(|known| known.id),
        left,
    })
}

/// What to ask of the book so that a lead is given up for a reason. The bases are what its author saw.
#[must_use]
pub fn drop_for(lead: RecordId, state: &Value, before: &Value, reason: &str) -> Command {
    let edit = |def: &'static FieldDef, base: &Value, new: &str| FieldEdit {
        field: def.into(),
        base: Base::Seen(base.clone()),
        new: new.into(),
    };
    Command::Edit {
        entity: Entity::Contact,
        target: lead.into(),
        edits: vec![
            edit(&contact::LEAD_STATE, state, DROPPED),
            edit(&contact::DROP_REASON, before, reason),
        ],
    }
}

fn said<'a>(fields: &'a [(Field, Input)], def: &'static FieldDef) -> Option<&'a Input> {
    fields
        .iter()
        .find(|(field, input)| *field == Field::Own(def) && *input != Input::Value(Value::Null))
        .map(|(_, input)| input)
}

fn said_text(fields: &[(Field, Input)], def: &'static FieldDef) -> Option<String> {
    match said(fields, def)? {
        Input::Value(value) => value.as_text().map(str::to_owned),
        Input::New(_) => None,
    }
}

/// What nobody has to say: the company and the owner are those of the lead, the owner else is who acts.
fn complete(lead: &Record, wish: &mut Wish) {
    let me = wish.me.map_or(Value::Null, Value::from);
    for (def, own, other) in [
        (&deal::COMPANY, &contact::COMPANY, Value::Null),
        (&deal::OWNER, &contact::OWNER, me),
        (&deal::LEAD_SOURCE, &contact::LEAD_SOURCE, Value::Null),
    ] {
        if said(&wish.fields, def).is_some() {
            continue;
        }
        let value = Some(lead.get(own)).filter(|value| !value.is_null());
        let value = value.cloned().unwrap_or(other);
        if !value.is_null() {
            wish.fields.push((def.into(), value.into()));
        }
    }
}

/// The command that makes the deal, and its title.
fn new_deal(lead: &Record, title: Option<String>, wish: &mut Wish) -> (String, Vec<Command>) {
    let title = title
        .or_else(|| wish.company.clone())
        .unwrap_or_else(|| deal_title(lead));
    let mut fields: Vec<(Field, Input)> = vec![
        ((&deal::TITLE).into(), title.as_str().into()),
        ((&deal::CONTACT).into(), lead.id.into()),
    ];
    for (def, input) in [
        (&deal::STAGE, wish.stage.clone()),
        (&deal::CURRENCY, wish.currency.code().into()),
    ] {
        if said(&wish.fields, def).is_none() {
            fields.push((def.into(), input));
        }
    }
    let given = [Field::Own(&deal::TITLE), Field::Own(&deal::CONTACT)];
    let others = wish
        .fields
        .iter()
        .filter(|(field, input)| !given.contains(field) && *input != Input::Value(Value::Null));
    fields.extend(others.cloned());
    let create = Command::Create(Create {
        slot: DEAL,
        entity: Entity::Deal,
        created_at: Some(wish.at),
        fields,
        sets: wish.sets.clone(),
    });
    (title, vec![create])
}

/// The commands that fill what is unknown of a deal that is there. Its stage is its own business.
fn fill(known: &Record, wish: &Wish, left: &mut Vec<&'static FieldDef>) -> Vec<Command> {
    let no_amount = known.get(&deal::AMOUNT).is_null();
    let mut edits = Vec::new();
    for (field, input) in &wish.fields {
        let Field::Own(def) = *field else {
            continue;
        };
        let stored = known.get(def);
        let same = *input == Input::Value(stored.clone());
        // The currency of an amount that nobody knows says nothing yet.
        let free = stored.is_null() || (*def == deal::CURRENCY && no_amount);
        let own = [&deal::TITLE, &deal::CONTACT, &deal::STAGE].contains(&def);
        if own || same || *input == Input::Value(Value::Null) {
            continue;
        }
        if free {
            edits.push(FieldEdit {
                field: *field,
                base: Base::Seen(stored.clone()),
                new: input.clone(),
            });
        } else {
            left.push(def);
        }
    }
    let target = Target::Known(known.id);
    let mut commands = Vec::new();
    if !edits.is_empty() {
        commands.push(Command::Edit {
            entity: Entity::Deal,
            target,
            edits,
        });
    }
    commands.extend(wish.sets.iter().map(|(set, element)| Command::Add {
        entity: Entity::Deal,
        target,
        set: *set,
        element: element.clone(),
    }));
    commands
}

/// The command that makes the lead qualified, and fills where it works and whose it is.
fn qualify(lead: &Record, wish: &Wish) -> Option<Command> {
    let mut edits = Vec::new();
    let mut put = |def: &'static FieldDef, new: Input| {
        edits.push(FieldEdit {
            field: def.into(),
            base: Base::Seen(lead.get(def).clone()),
            new,
        });
    };
    if lead.text(&contact::LEAD_STATE) != Some(QUALIFIED) {
        put(&contact::LEAD_STATE, QUALIFIED.into());
    }
    for (own, of_deal) in [
        (&contact::COMPANY, &deal::COMPANY),
        (&contact::OWNER, &deal::OWNER),
    ] {
        if lead.get(own).is_null()
            && let Some(input) = said(&wish.fields, of_deal)
        {
            put(own, input.clone());
        }
    }
    (!edits.is_empty()).then(|| Command::Edit {
        entity: Entity::Contact,
        target: lead.id.into(),
        edits,
    })
}

/// A company that nothing refers to in the end is not made.
fn drop_unused(commands: &mut Vec<Command>) {
    let is_used = |slot: Slot| {
        commands.iter().any(|command| match command {
            Command::Create(create) => create
                .fields
                .iter()
                .any(|(_, input)| *input == Input::New(slot)),
            Command::Edit { edits, .. } => edits.iter().any(|edit| edit.new == Input::New(slot)),
            _ => false,
        })
    };
    let unused: Vec<Slot> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Create(create) if create.entity == Entity::Company => Some(create.slot),
            _ => None,
        })
        .filter(|slot| !is_used(*slot))
        .collect();
    commands.retain(
        |command| !matches!(command, Command::Create(create) if unused.contains(&create.slot)),
    );
}
