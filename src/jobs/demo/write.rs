//! From the plan of the sample book to steps in a book.

use std::collections::HashMap;

use super::activities::{Act, Due};
use super::deals::{DealPlan, Event, What};
use super::lists::TeamMember;
use super::people::{CompanyPlan, ContactPlan};
use super::{DemoError, Plan};
use crate::domain::command::{
    Base, Command, Create, FieldEdit, Input, Origin, Reason, Slot, StepDraft,
};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, Field, FieldDef, Set, activity, company, contact, deal, rep};
use crate::domain::outcome::{Outcome, Receipt};
use crate::domain::pipeline;
use crate::domain::records::{Company, Contact, Deal, Rep, Stage};
use crate::domain::text::initials;
use crate::domain::time::{DAY_MS, Instant};
use crate::store::Book;
use crate::store::random_id;

/// So many days of history are written in one transaction.
const CHUNK_DAYS: i64 = 31;

/// The ids of what is in the book so far.
struct Ids {
    reps: Vec<Id<Rep>>,
    stages: Vec<Id<Stage>>,
    companies: Vec<Id<Company>>,
    contacts: Vec<Id<Contact>>,
    /// Who leads the team.
    lead: Option<Id<Rep>>,
}

/// Writes the plan, in the order of time, so that the log reads as if it had been written day by day.
pub(super) fn write(book: &mut Book, plan: &Plan) -> Result<(), DemoError> {
    let ids = people(book, plan)?;
    let mut farewells = farewells(plan, &ids);
    let mut deals: HashMap<usize, Id<Deal>> = HashMap::new();
    let mut events: Vec<(usize, &Event)> = plan
        .deals
        .iter()
        .enumerate()
        .flat_map(|(place, deal)| deal.events.iter().map(move |event| (place, event)))
        .collect();
    events.sort_by_key(|(_, event)| event.at);
    let mut born: Vec<usize> = (0..plan.deals.len()).collect();
    born.sort_by_key(|place| plan.deals[*place].created);

    let (mut born, mut events) = (born.as_slice(), events.as_slice());
    while let Some(first) = born
        .first()
        .map(|place| plan.deals[*place].created)
        .or_else(|| events.first().map(|(_, event)| event.at))
    {
        let until = Instant::from_millis(first.millis() + CHUNK_DAYS * DAY_MS);
        let count = born.partition_point(|place| plan.deals[*place].created < until);
        let (new, rest) = born.split_at(count);
        born = rest;
        let drafts: Vec<StepDraft> = new
            .iter()
            .map(|place| creation(&ids, plan, &plan.deals[*place]))
            .collect();
        for (place, receipt) in new.iter().zip(commit(book, &drafts)?) {
            deals.insert(
                *place,
                made(&receipt, Entity::Deal).next().ok_or(DemoError::Lost)?,
            );
        }
        let count = events.partition_point(|(_, event)| event.at < until);
        let (now, rest) = events.split_at(count);
        events = rest;
        let mut drafts: Vec<StepDraft> = now
            .iter()
            .filter_map(|(place, event)| {
                let id = *deals.get(place)?;
                Some(happening(&ids, plan, (id, &plan.deals[*place]), event))
            })
            .collect();
        drafts.extend(farewells.extract_if(.., |draft| draft.at < until));
        drafts.sort_by_key(|draft| draft.at);
        commit(book, &drafts)?;
    }
    Ok(())
}

/// Commits steps and gives their receipts.
pub(super) fn commit(book: &mut Book, drafts: &[StepDraft]) -> Result<Vec<Receipt>, DemoError> {
    let mut receipts = Vec::with_capacity(drafts.len());
    for outcome in book.commit_all(drafts)? {
        match outcome {
            Outcome::Saved(receipt) => receipts.push(receipt),
            Outcome::Conflict(_) | Outcome::Nothing => return Err(DemoError::Lost),
        }
    }
    Ok(receipts)
}

pub(super) fn step(rep: Option<Id<Rep>>, at: Instant, commands: Vec<Command>) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep,
        at,
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    }
}

/// The records of a noun that a step made, in order.
pub(super) fn made<T>(receipt: &Receipt, entity: Entity) -> impl Iterator<Item = Id<T>> {
    receipt
        .created
        .iter()
        .filter(move |(_, noun, _)| *noun == entity)
        .map(|(_, _, id)| Id::new(*id))
}

/// The first steps: the team; then, by the one who leads it, the pipeline, companies and people.
fn people(book: &mut Book, plan: &Plan) -> Result<Ids, DemoError> {
    let start = Instant::from_millis(plan.now.millis() - 500 * DAY_MS);
    let members = plan.team.iter().zip((0..).map(Slot));
    let team = members
        .map(|(member, slot)| member_of(member, slot, start))
        .collect();
    let receipt = one(book, step(None, start, team))?;
    let reps: Vec<Id<Rep>> = made(&receipt, Entity::Rep).collect();

    let mut slots = (0..).map(Slot);
    let firms: Vec<(Slot, &CompanyPlan)> = slots.by_ref().zip(&plan.companies).collect();
    let mut commands: Vec<Command> = firms
        .iter()
        .map(|(slot, firm)| firm_of(firm, *slot, &reps))
        .collect();
    for (slot, person) in slots.by_ref().zip(&plan.contacts) {
        commands.push(person_of(person, slot, &reps, firms[person.company].0));
    }
    // A pipeline takes its slot and those of its stages.
    let (pipeline_slot, reason_slot) = (Slot(10_000), Slot(20_000));
    commands.extend(pipeline::standard("Sales", pipeline_slot));
    commands.extend(pipeline::standard_reasons(reason_slot));
    let lead = plan.team.iter().position(|member| member.role == "lead");
    let mut draft = step(lead.map(|lead| reps[lead]), start, commands);
    draft.label = Some("Set up the sample book".to_owned());
    let receipt = one(book, draft)?;
    Ok(Ids {
        stages: made(&receipt, Entity::Stage).collect(),
        companies: made(&receipt, Entity::Company).collect(),
        contacts: made(&receipt, Entity::Contact).collect(),
        lead: lead.map(|lead| reps[lead]),
        reps,
    })
}

/// Commits one step.
fn one(book: &mut Book, draft: StepDraft) -> Result<Receipt, DemoError> {
    commit(book, &[draft])?.pop().ok_or(DemoError::Lost)
}

pub(super) fn create(
    slot: Slot,
    entity: Entity,
    created: Instant,
    fields: Vec<(Field, Input)>,
    sets: Vec<(Set, String)>,
) -> Command {
    Command::Create(Create {
        slot,
        entity,
        created_at: Some(created),
        fields,
        sets,
    })
}

/// A field with its value.
pub(super) fn set(def: &'static FieldDef, value: impl Into<Input>) -> (Field, Input) {
    (def.into(), value.into())
}

pub(super) fn member_of(member: &TeamMember, slot: Slot, created: Instant) -> Command {
    let fields = vec![
        set(&rep::NAME, member.name.as_str()),
        set(&rep::EMAIL, member.email.as_str()),
        set(&rep::INITIALS, initials(&member.name)),
        set(&rep::ROLE, member.role.as_str()),
        set(&rep::REGION, member.region.as_str()),
        set(&rep::ACTIVE, true),
    ];
    create(slot, Entity::Rep, created, fields, vec![])
}

pub(super) fn firm_of(firm: &CompanyPlan, slot: Slot, team: &[Id<Rep>]) -> Command {
    let fields = vec![
        set(&company::NAME, firm.name.as_str()),
        set(&company::INDUSTRY, firm.industry.as_str()),
        set(&company::SIZE, firm.size),
        set(&company::CITY, firm.city.as_str()),
        set(&company::COUNTRY, firm.country.as_str()),
        set(&company::OWNER, team[firm.owner]),
    ];
    let sets = vec![(Set::Domain, firm.domain.clone())];
    create(slot, Entity::Company, firm.created, fields, sets)
}

pub(super) fn person_of(
    person: &ContactPlan,
    slot: Slot,
    team: &[Id<Rep>],
    firm: impl Into<Input>,
) -> Command {
    let fields = vec![
        set(&contact::NAME, person.name.as_str()),
        set(&contact::GIVEN, person.given.clone()),
        set(&contact::FAMILY, person.family.clone()),
        set(&contact::TITLE, person.title.as_str()),
        set(&contact::COMPANY, firm),
        set(&contact::OWNER, team[person.owner]),
        set(&contact::LEAD_STATE, person.lead_state),
        set(&contact::LEAD_SOURCE, person.source.as_str()),
    ];
    let emails = person.email.iter().map(|email| (Set::Email, email.clone()));
    let phones = person.phone.iter().map(|phone| (Set::Phone, phone.clone()));
    let tags = person.tags.iter().map(|tag| (Set::Tag, tag.clone()));
    let sets = emails.chain(phones).chain(tags).collect();
    create(slot, Entity::Contact, person.created, fields, sets)
}

fn creation(ids: &Ids, plan: &Plan, story: &DealPlan) -> StepDraft {
    let fields = vec![
        set(&deal::TITLE, story.title.as_str()),
        set(&deal::CONTACT, ids.contacts[story.contact]),
        set(
            &deal::COMPANY,
            ids.companies[plan.contacts[story.contact].company],
        ),
        set(&deal::STAGE, ids.stages[0]),
        set(&deal::OWNER, ids.reps[story.owner]),
        set(&deal::AMOUNT, story.amount),
        set(&deal::CURRENCY, story.currency),
        set(&deal::EXPECTED_CLOSE, story.expected),
        set(&deal::PROBABILITY, story.probability),
        set(&deal::LEAD_SOURCE, story.source.as_str()),
    ];
    let command = create(Slot(0), Entity::Deal, story.created, fields, vec![]);
    step(Some(ids.reps[story.owner]), story.created, vec![command])
}

/// One event of a deal as a step.
fn happening(
    ids: &Ids,
    plan: &Plan,
    (id, story): (Id<Deal>, &DealPlan),
    event: &Event,
) -> StepDraft {
    let edit = |def: &'static FieldDef, new: Input| Command::Edit {
        entity: Entity::Deal,
        target: id.into(),
        edits: vec![FieldEdit {
            field: def.into(),
            base: Base::Unseen,
            new,
        }],
    };
    let command = match &event.what {
        What::Move(stage) => Command::MoveDeal {
            deal: id,
            base: None,
            stage: ids.stages[*stage],
            place: None,
        },
        What::Amount(minor) => edit(&deal::AMOUNT, (*minor).into()),
        What::Expected(date) => edit(&deal::EXPECTED_CLOSE, (*date).into()),
        What::Owner(heir) => edit(&deal::OWNER, ids.reps[*heir].into()),
        What::Win => Command::WinDeal {
            deal: id,
            base: None,
            closed_at: None,
        },
        What::Lose { reason, note } => Command::LoseDeal {
            deal: id,
            base: None,
            reason: Some(Reason::Named(reason.clone())),
            note: note.clone(),
            closed_at: None,
        },
        What::Act(act) => {
            let of = Of {
                contact: ids.contacts[story.contact],
                company: ids.companies[plan.contacts[story.contact].company],
                deal: Some(id),
                performer: ids.reps[event.rep],
            };
            activity_of(Slot(0), of, event.at, act)
        }
    };
    step(Some(ids.reps[event.rep]), event.at, vec![command])
}

/// What an activity is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of {
    pub contact: Id<Contact>,
    pub company: Id<Company>,
    pub deal: Option<Id<Deal>>,
    pub performer: Id<Rep>,
}

pub(super) fn activity_of(slot: Slot, of: Of, at: Instant, act: &Act) -> Command {
    let (due_at, due_date) = match act.due {
        Some(Due::At(at)) => (Some(at), None),
        Some(Due::Day(date)) => (None, Some(date)),
        None => (None, None),
    };
    let done_at = act.due.is_none().then_some(at);
    let fields = vec![
        set(&activity::KIND, act.kind),
        set(&activity::DIRECTION, act.direction),
        set(&activity::SUBJECT, act.subject.as_str()),
        set(&activity::BODY, act.body.as_deref()),
        set(&activity::OUTCOME, act.outcome.as_deref()),
        set(&activity::MINUTES, act.minutes),
        set(&activity::CONTACT, of.contact),
        set(&activity::COMPANY, of.company),
        set(&activity::DEAL, of.deal),
        set(&activity::PERFORMER, of.performer),
        set(&activity::DUE_AT, due_at),
        set(&activity::DUE_DATE, due_date),
        set(&activity::DONE_AT, done_at),
    ];
    create(slot, Entity::Activity, at, fields, vec![])
}

/// Whoever has left is marked so, on that day, by the one who leads.
fn farewells(plan: &Plan, ids: &Ids) -> Vec<StepDraft> {
    let left = plan.team.iter().zip(&ids.reps).filter_map(|(member, id)| {
        let at = plan.now.millis() - member.left_days_ago? * DAY_MS;
        Some((Instant::from_millis(at), *id))
    });
    left.map(|(at, id)| {
        let command = Command::Edit {
            entity: Entity::Rep,
            target: id.into(),
            edits: vec![FieldEdit {
                field: (&rep::ACTIVE).into(),
                base: Base::Unseen,
                new: false.into(),
            }],
        };
        step(ids.lead, at, vec![command])
    })
    .collect()
}
