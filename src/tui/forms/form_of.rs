//! What a form is about: which form it is, of which record; what submitting it does, and where its draft belongs.

use serde::{Deserialize, Serialize};

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Field, Kind};

use super::cell::Spot;
use super::log::Logged;

/// What a form is about: where its draft belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormOf {
    /// A new deal.
    NewDeal,
    /// A deal that is in the book.
    Deal(RecordId),
    /// A new contact.
    NewContact,
    /// A new lead.
    NewLead,
    /// A contact that is in the book.
    Contact(RecordId),
    /// A new company.
    NewCompany,
    /// A company that is in the book.
    Company(RecordId),
    /// The deal that a lead becomes.
    Convert(RecordId),
    /// An activity that is in the book.
    Activity(RecordId),
    /// Something that was done about a deal or contact.
    Log(Logged, RecordId),
    /// What comes next with a deal or contact.
    Plan(RecordId),
    /// How a planned activity went, which is done now.
    Done(RecordId),
    /// When a planned activity is due instead.
    Snooze(RecordId),
    /// What is shown, kept as a view.
    NewView,
    /// A view that is in the book.
    View(RecordId),
    /// A new custom field of that noun.
    NewField(Entity),
    /// Which field of a record is to be edited; with several marked, this is one of them.
    Fields(Entity, RecordId),
    /// One field of a record.
    Field(Entity, RecordId, Spot),
    /// The same field of several records, of which this is one.
    FieldOfAll(Entity, RecordId, Spot),
    /// What a deal lacks on its way into a stage.
    Lacking(RecordId),
    /// A new stage of a pipeline.
    NewStage(RecordId),
    /// A stage that is in the book.
    Stage(RecordId),
    /// A new pipeline.
    NewPipeline,
    /// A pipeline that is in the book.
    Pipeline(RecordId),
    /// A new lost reason.
    NewReason,
    /// A lost reason that is in the book.
    Reason(RecordId),
    /// What a rep is to win in a period.
    Quota,
    /// The products of a deal, to choose what is done to them.
    Lines(RecordId),
    /// A new line of a deal.
    NewLine(RecordId),
    /// A line of a deal that is in the book.
    Line(RecordId),
}

impl FormOf {
    /// The form that changes a record, where there is one.
    #[must_use]
    pub const fn editing(entity: Entity, id: RecordId) -> Option<Self> {
        match entity {
            Entity::Deal => Some(Self::Deal(id)),
            Entity::Contact => Some(Self::Contact(id)),
            Entity::Company => Some(Self::Company(id)),
            Entity::Activity => Some(Self::Activity(id)),
            Entity::View => Some(Self::View(id)),
            Entity::Stage => Some(Self::Stage(id)),
            Entity::Pipeline => Some(Self::Pipeline(id)),
            Entity::LostReason => Some(Self::Reason(id)),
            Entity::DealLine => Some(Self::Line(id)),
            _ => None,
        }
    }

    /// The record that it changes.
    #[must_use]
    pub const fn record(self) -> Option<(Entity, RecordId)> {
        match self {
            Self::Deal(id) | Self::Lacking(id) => Some((Entity::Deal, id)),
            Self::Stage(id) => Some((Entity::Stage, id)),
            Self::Pipeline(id) => Some((Entity::Pipeline, id)),
            Self::Reason(id) => Some((Entity::LostReason, id)),
            Self::Line(id) => Some((Entity::DealLine, id)),
            Self::Contact(id) => Some((Entity::Contact, id)),
            Self::Company(id) => Some((Entity::Company, id)),
            Self::Activity(id) | Self::Done(id) | Self::Snooze(id) => Some((Entity::Activity, id)),
            Self::View(id) => Some((Entity::View, id)),
            Self::Fields(entity, id)
            | Self::Field(entity, id, _)
            | Self::FieldOfAll(entity, id, _) => Some((entity, id)),
            Self::NewDeal
            | Self::NewContact
            | Self::NewLead
            | Self::NewCompany
            | Self::NewView
            | Self::Convert(_)
            | Self::NewField(_)
            | Self::Log(..)
            | Self::NewStage(_)
            | Self::NewPipeline
            | Self::Quota
            | Self::NewReason
            | Self::NewLine(_)
            | Self::Lines(_)
            | Self::Plan(_) => None,
        }
    }

    /// The record that it is about, which is in the book.
    #[must_use]
    pub const fn about(self) -> Option<RecordId> {
        match self {
            Self::Log(_, id) | Self::Plan(id) | Self::Convert(id) => Some(id),
            other => match other.record() {
                Some((_, id)) => Some(id),
                None => None,
            },
        }
    }

    /// The nouns of which it offers records.
    #[must_use]
    pub const fn offers(self) -> &'static [Entity] {
        match self {
            Self::NewDeal | Self::Deal(_) => &[Entity::Company, Entity::Contact, Entity::Stage],
            Self::NewContact
            | Self::NewLead
            | Self::Contact(_)
            | Self::NewCompany
            | Self::Company(_) => &[Entity::Company],
            Self::NewLine(_) | Self::Line(_) => &[Entity::Product],
            Self::Convert(_) => &[Entity::Company, Entity::Stage],
            Self::Field(_, _, Spot::Field(Field::Own(def)))
            | Self::FieldOfAll(_, _, Spot::Field(Field::Own(def))) => match def.kind {
                Kind::Ref(Entity::Company) => &[Entity::Company],
                Kind::Ref(Entity::Contact) => &[Entity::Contact],
                Kind::Ref(Entity::Stage) => &[Entity::Stage],
                _ => &[],
            },
            Self::Lacking(_) => &[Entity::Company, Entity::Contact],
            Self::Activity(_)
            | Self::Log(..)
            | Self::Plan(_)
            | Self::Done(_)
            | Self::Snooze(_)
            | Self::NewView
            | Self::View(_)
            | Self::NewField(_)
            | Self::Fields(..)
            | Self::Field(..)
            | Self::FieldOfAll(..)
            | Self::NewStage(_)
            | Self::Stage(_)
            | Self::NewPipeline
            | Self::Pipeline(_)
            | Self::Quota
            | Self::NewReason
            | Self::Lines(_)
            | Self::Reason(_) => &[],
        }
    }

    /// Whether it has all fields of its noun: then it has the custom ones too.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        !matches!(
            self,
            Self::NewLine(_)
                | Self::Line(_)
                | Self::Convert(_)
                | Self::Log(..)
                | Self::Plan(_)
                | Self::Done(_)
                | Self::Snooze(_)
        )
    }

    /// What submitting it does, in words.
    #[must_use]
    pub const fn said(self) -> &'static str {
        match self {
            Self::NewDeal => "Add a deal",
            Self::Deal(_) => "Edit a deal",
            Self::NewContact => "Add a contact",
            Self::NewLead => "Add a lead",
            Self::Convert(_) => "Convert a lead",
            Self::Contact(_) => "Edit a contact",
            Self::NewCompany => "Add a company",
            Self::Company(_) => "Edit a company",
            Self::Activity(_) => "Edit an activity",
            Self::Log(Logged::Call, _) => "Log a call",
            Self::Log(Logged::Mail, _) => "Log a mail",
            Self::Log(Logged::Meeting, _) => "Log a meeting",
            Self::Log(Logged::Note, _) => "Write a note",
            Self::Plan(_) => "Plan the next step",
            Self::Done(_) => "Done",
            Self::Snooze(_) => "Put off",
            Self::NewView => "Save a view",
            Self::View(_) => "Rename a view",
            Self::NewField(_) => "Add a custom field",
            Self::Fields(..) | Self::Field(..) => "Edit a field",
            Self::FieldOfAll(..) => "Edit a field of several",
            Self::Lacking(_) => "Complete a deal",
            Self::NewStage(_) => "Add a stage",
            Self::Stage(_) => "Edit a stage",
            Self::NewPipeline => "Add a pipeline",
            Self::Pipeline(_) => "Edit a pipeline",
            Self::NewReason => "Add a lost reason",
            Self::Reason(_) => "Edit a lost reason",
            Self::Quota => "Set a quota",
            Self::Lines(_) => "The products of a deal",
            Self::NewLine(_) => "Add a product to a deal",
            Self::Line(_) => "Edit a product of a deal",
        }
    }
}
