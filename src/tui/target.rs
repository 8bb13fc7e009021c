//! What an act is about, as its author sees it.

use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, activity, company, contact, deal};
use crate::domain::records::{Deal, Record, Rep, Stage};
use crate::domain::value::Value;

/// A record that an act is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its noun.
    pub entity: Entity,
    /// The record.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// The owner that its author sees.
    pub owner: Option<Id<Rep>>,
    /// Of a deal: the stage that its author sees it in.
    pub stage: Option<Id<Stage>>,
    /// Of a deal: the forecast category of its own that its author sees; `None` where that is not known here.
    pub category: Option<Value>,
    /// Of a deal: whether it has an amount, where that is known here.
    pub has_amount: Option<bool>,
    /// Of a contact: the lead state that its author sees.
    pub lead_state: Option<String>,
    /// Whether it is a contact that is a lead.
    pub is_lead: bool,
    /// Of a lead: why it was dropped, as its author sees it.
    pub drop_reason: Option<String>,
    /// Whether its author could see all that is said above; else no more than its name is known.
    pub read: bool,
}

impl Target {
    /// A record of which no more than its name is known.
    #[must_use]
    pub fn named(entity: Entity, id: RecordId, name: impl Into<String>) -> Self {
        Self {
            entity,
            id,
            name: name.into(),
            owner: None,
            stage: None,
            category: None,
            has_amount: None,
            lead_state: None,
            is_lead: false,
            drop_reason: None,
            read: false,
        }
    }

    /// A record as it was read.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let owner = match record.entity {
            Entity::Deal => Some(&deal::OWNER),
            Entity::Contact => Some(&contact::OWNER),
            Entity::Company => Some(&company::OWNER),
            Entity::Activity => Some(&activity::PERFORMER),
            _ => None,
        };
        let owner = owner.and_then(|def| record.link(def));
        let stage = record.link(&deal::STAGE);
        let is_deal = record.entity == Entity::Deal;
        Self {
            category: is_deal.then(|| record.get(&deal::CATEGORY).clone()),
            has_amount: is_deal.then(|| record.int(&deal::AMOUNT).is_some()),
            owner: owner.map(|link| link.id),
            stage: stage.map(|link| link.id),
            lead_state: record.text(&contact::LEAD_STATE).map(str::to_owned),
            is_lead: record.text(&contact::LEAD_STATE).is_some(),
            drop_reason: record.text(&contact::DROP_REASON).map(str::to_owned),
            read: true,
            ..Self::named(record.entity, record.id, record.name())
        }
    }

    /// The deal, where it is one.
    #[must_use]
    pub fn deal(&self) -> Option<Id<Deal>> {
        (self.entity == Entity::Deal).then(|| Id::new(self.id))
    }
}
