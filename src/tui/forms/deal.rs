//! The form of a deal: add one, change one.

use crate::domain::command::{Command, Create, Input, Slot, Target};
use crate::domain::id::RecordId;
use crate::domain::lead::deal_title;
use crate::domain::nouns::{Entity, Field, FieldDef, Set, contact, deal};
use crate::domain::pipeline;
use crate::domain::records::{Company, Record};
use crate::domain::typed::Typing;
use crate::store::query::Choice;
use crate::tui::widgets::picker::{Key, Picked};

use super::choose;
use super::editor::Content;
use super::entry::{Entry, Place, Wanted};
use super::form::RecordForm;

/// The slots of the standard pipeline, which the first deal of a book without one brings along: beyond those of the form.
const PIPELINE: Slot = Slot(100);

/// What the pickers of the form offer.
#[derive(Clone, Debug, Default)]
pub struct DealChoices {
    /// The companies, or those used lately.
    pub companies: Vec<Choice>,
    /// The contacts, or those used lately.
    pub contacts: Vec<Choice>,
    /// The stages of all pipelines; none where the book has no pipeline yet.
    pub stages: Vec<Choice>,
    /// All reps.
    pub reps: Vec<Choice>,
}

/// What a new deal starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DealStart {
    /// Its stage: the column under the cursor.
    pub stage: Option<RecordId>,
    /// Its owner: who adds it.
    pub owner: Option<RecordId>,
    /// Its company, where it is added from one.
    pub company: Option<RecordId>,
    /// Its contact, where it is added from one.
    pub contact: Option<RecordId>,
}

/// A form that adds a deal. Without a stage to start with it is in the first that can be picked; in a book without a pipeline
/// the deal brings the standard one along.
#[must_use]
pub fn add(choices: &DealChoices, start: DealStart, typing: Typing) -> RecordForm {
    let entries = entries(choices, InUse::default());
    let stage = start.stage.or_else(|| first_open(choices));
    let form = RecordForm::create("New deal", Entity::Deal, entries, typing);
    started(form, choices, DealStart { stage, ..start }).finishing(finish)
}

/// A form that changes a deal.
#[must_use]
pub fn edit(record: &Record, choices: &DealChoices, typing: Typing) -> RecordForm {
    let used = |def: &FieldDef| record.int(def).map(RecordId::from_raw);
    let in_use = InUse {
        stage: used(&deal::STAGE),
        owner: used(&deal::OWNER),
    };
    let title = format!("Deal {}", record.name());
    RecordForm::edit(&title, record, entries(choices, in_use), typing).finishing(finish)
}

/// A form of the deal that a lead becomes: all that the plain case needs is there already, and Enter takes it.
#[must_use]
pub fn convert(
    lead: &Record,
    choices: &DealChoices,
    me: Option<RecordId>,
    typing: Typing,
) -> RecordForm {
    const ASKED: [&FieldDef; 6] = [
        &deal::TITLE,
        &deal::COMPANY,
        &deal::STAGE,
        &deal::AMOUNT,
        &deal::EXPECTED_CLOSE,
        &deal::OWNER,
    ];
    let asked = |entry: &Entry| {
        let mut asked = ASKED.iter();
        asked.position(|def| entry.place == Place::Field(def))
    };
    let mut entries = entries(choices, InUse::default());
    entries.retain(|entry| asked(entry).is_some());
    entries.sort_by_key(asked);
    let title = format!("Convert {}", lead.name());
    let owner = lead.int(&contact::OWNER).map(RecordId::from_raw);
    let mut form = RecordForm::create(&title, Entity::Deal, entries, typing)
        .quick("convert")
        .about_what(&lead.name())
        .starting(&deal::TITLE, &Content::Text(deal_title(lead)));
    // Its company may be none of those that the list holds.
    if let Some(company) = lead.link::<Company>(&contact::COMPANY) {
        let picked = Picked::Known(Key::Record(company.id.record()), company.name);
        form = form.starting(&deal::COMPANY, &Content::Picked(picked));
    }
    let start = DealStart {
        stage: first_open(choices),
        owner: owner.or(me),
        ..DealStart::default()
    };
    started(form, choices, start).finishing(finish)
}

/// What a deal is asked for on its way.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'a> {
    /// The fields.
    pub fields: &'a [&'static FieldDef],
    /// Whether it cannot go on without them.
    pub needed: bool,
    /// Why they are asked for.
    pub why: &'a str,
}

/// A short form that asks a deal for what it lacks; with Enter it goes on.
#[must_use]
pub fn missing(
    record: &Record,
    choices: &DealChoices,
    asked: &Missing<'_>,
    typing: Typing,
) -> RecordForm {
    let mut known = entries(choices, InUse::default());
    let mut lines = Vec::new();
    for def in asked.fields {
        let place = known.iter().position(|entry| entry.is_of(def));
        let entry = place.map_or_else(|| Entry::field(def), |place| known.remove(place));
        lines.push(if asked.needed { entry.needed() } else { entry });
    }
    let title = format!("Deal {}", record.name());
    RecordForm::edit(&title, record, lines, typing)
        .quick("go on")
        .told(asked.why)
        .requiring(asked.needed)
        .finishing(|form, commands| employ(form, commands))
}

fn first_open(choices: &DealChoices) -> Option<RecordId> {
    let mut stages = choices.stages.iter();
    let first = stages.find(|stage| !stage.retired && !choose::closes(stage));
    first.map(|stage| stage.id)
}

fn started(mut form: RecordForm, choices: &DealChoices, start: DealStart) -> RecordForm {
    for (def, choices, id) in [
        (&deal::COMPANY, &choices.companies, start.company),
        (&deal::CONTACT, &choices.contacts, start.contact),
        (&deal::STAGE, &choices.stages, start.stage),
        (&deal::OWNER, &choices.reps, start.owner),
    ] {
        if let Some(picked) = id.and_then(|id| choose::picked(choices, id)) {
            form = form.starting(def, &Content::Picked(picked));
        }
    }
    form
}

/// Records that are shown although they are offered no more.
#[derive(Clone, Copy, Default)]
struct InUse {
    stage: Option<RecordId>,
    owner: Option<RecordId>,
}

fn entries(choices: &DealChoices, in_use: InUse) -> Vec<Entry> {
    let company = choose::records(&choices.companies, None);
    let contact = choose::records(&choices.contacts, None);
    let mut entries = vec![
        Entry::field(&deal::TITLE),
        Entry::field(&deal::COMPANY)
            .from(company)
            .or_new(Entity::Company),
        Entry::field(&deal::CONTACT)
            .from(contact)
            .or_new(Entity::Contact),
        Entry::field(&deal::STAGE).from(choose::stages(&choices.stages, in_use.stage)),
        Entry::field(&deal::OWNER)
            .from(choose::reps(&choices.reps, in_use.owner))
            .or_new(Entity::Rep),
        Entry::field(&deal::AMOUNT).hint("42k or 10k EUR"),
        Entry::field(&deal::EXPECTED_CLOSE).hint("fri, +2w or 18.12."),
        Entry::field(&deal::PROBABILITY).hint("the stage's"),
        Entry::set(Set::Tag, "Tags"),
        Entry::field(&deal::NOTE),
    ];
    if choices.stages.is_empty() {
        entries.retain(|entry| entry.place != Place::Field(&deal::STAGE));
    }
    entries
}

fn finish(form: &RecordForm, commands: &mut Vec<Command>) {
    employ(form, commands);
    if form.record().is_none() {
        found_pipeline(commands);
    }
}

/// A contact that is made with the deal works for the deal's company.
fn employ(form: &RecordForm, commands: &mut [Command]) {
    let made = commands.iter().find_map(|command| match command {
        Command::Create(create) if create.entity == Entity::Company => Some(create.slot),
        _ => None,
    });
    let company = match form.wanted(&deal::COMPANY) {
        Some(Wanted::New(..)) => made.map(Input::New),
        Some(Wanted::Values(value, _)) if !value.is_null() => Some(Input::Value(value)),
        _ => None,
    };
    let Some(company) = company else {
        return;
    };
    for command in commands {
        if let Command::Create(create) = command
            && create.entity == Entity::Contact
        {
            create
                .fields
                .push((Field::Own(&contact::COMPANY), company.clone()));
        }
    }
}

/// A deal needs a stage: in a book without one the standard pipeline comes first.
fn found_pipeline(commands: &mut Vec<Command>) {
    let stage = Field::Own(&deal::STAGE);
    let homeless = |create: &&mut Create| {
        create.entity == Entity::Deal && create.fields.iter().all(|(field, _)| *field != stage)
    };
    let deal = commands.iter_mut().find_map(|command| match command {
        Command::Create(create) => Some(create).filter(homeless),
        _ => None,
    });
    if let Some(deal) = deal {
        // The stages of the standard pipeline have the slots behind its own.
        let first = Target::New(Slot(PIPELINE.0 + 1));
        deal.fields.push((stage, first.into()));
        let founded = pipeline::standard("Sales", PIPELINE);
        commands.splice(0..0, founded);
    }
}
