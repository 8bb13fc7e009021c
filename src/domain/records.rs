//! A record as it stands in the book, for lists, forms, exports and the command line: one shape for every noun, read by field.

use serde::{Deserialize, Serialize};

use super::custom::CustomKind;
use super::id::{Id, RecordId};
use super::money::{Currency, Money};
use super::nouns::{Entity, FieldDef, Set, company, deal_line, quota, rate};
use super::pipeline::StageKind;
use super::time::{Date, Instant};
use super::value::Value;

/// A user: seller, lead or service. (Names the noun of an [`Id`].)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rep {}
/// A person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contact {}
/// A firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Company {}
/// A row of stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pipeline {}
/// A column of a pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {}
/// A chance to sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deal {}
/// A call, mail, meeting, note or task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Activity {}
/// Why deals are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LostReason {}

/// A record that another one names: its id, and its name as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Link<T> {
    /// Which record.
    pub id: Id<T>,
    /// What people call it.
    pub name: String,
}

/// A custom field's content, with the name of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomValue {
    /// The `field` record.
    pub field: RecordId,
    /// The name that people gave the field.
    pub name: String,
    /// What the field holds.
    pub kind: CustomKind,
    /// The content.
    pub value: Value,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its noun.
    pub entity: Entity,
    /// Its id.
    pub id: RecordId,
    /// When it came into being in the world of sales; `None` where nobody knows.
    pub created_at: Option<Instant>,
    /// When it was put into the trash.
    pub trashed_at: Option<Instant>,
    /// Its fields, in the order of [`Entity::fields`].
    pub values: Vec<Value>,
    /// For each field that refers to a record, that record's name. For the price of a deal's line, the currency of the deal.
    pub names: Vec<Option<String>>,
    /// Those of its fields that refer to a record which is in the trash.
    pub gone: Vec<&'static FieldDef>,
    /// Its custom fields, by name.
    pub custom: Vec<CustomValue>,
    /// The elements of its sets, as written, in order of entry.
    pub sets: Vec<(Set, Vec<String>)>,
    /// The source that it came from and its key there (the oldest, where there are several).
    pub source: Option<(String, String)>,
    /// For a deal: what its stage means for it.
    pub state: Option<StageKind>,
    /// The `seq` of its last change: its version.
    pub seq: i64,
}

impl Record {
    fn place(&self, field: &FieldDef) -> Option<usize> {
        self.entity.fields().iter().position(|def| *def == field)
    }

    /// The content of a field; unknown for a field of another noun.
    #[must_use]
    pub fn get(&self, field: &FieldDef) -> &Value {
        self.place(field)
            .and_then(|place| self.values.get(place))
            .unwrap_or(&Value::Null)
    }

    /// The text of a field.
    #[must_use]
    pub fn text(&self, field: &FieldDef) -> Option<&str> {
        self.get(field).as_text()
    }

    /// The number of a field.
    #[must_use]
    pub fn int(&self, field: &FieldDef) -> Option<i64> {
        self.get(field).as_int()
    }

    /// The moment in a field.
    #[must_use]
    pub fn instant(&self, field: &FieldDef) -> Option<Instant> {
        self.int(field).map(Instant::from_millis)
    }

    /// The date in a field.
    #[must_use]
    pub fn date(&self, field: &FieldDef) -> Option<Date> {
        self.text(field)?.parse().ok()
    }

    /// The record that a field refers to.
    #[must_use]
    pub fn link<T>(&self, field: &FieldDef) -> Option<Link<T>> {
        let place = self.place(field)?;
        let id = Id::from_raw(self.values.get(place)?.as_int()?);
        Some(Link {
            id,
            name: self.names.get(place).cloned().flatten().unwrap_or_default(),
        })
    }

    /// Whether the record that a field refers to is in the trash.
    #[must_use]
    pub fn is_gone(&self, field: &FieldDef) -> bool {
        self.gone.contains(&field)
    }

    /// The amount in a field, in the currency of the record (of its deal, for a line), or in `base` where there is none.
    #[must_use]
    pub fn money(&self, field: &FieldDef, base: Currency) -> Option<Money> {
        let minor = self.int(field)?;
        let own = match self.entity {
            // A line has no currency of its own: its price is in that of its deal.
            Entity::DealLine => self
                .place(field)
                .and_then(|at| self.names.get(at)?.as_deref()),
            noun => noun.field("currency").and_then(|def| self.text(def)),
        };
        let own = own.and_then(|code| code.parse().ok());
        Some(Money::new(minor, own.unwrap_or(base)))
    }

    /// The elements of a set.
    #[must_use]
    pub fn set(&self, set: Set) -> &[String] {
        self.sets
            .iter()
            .find(|(known, _)| *known == set)
            .map_or(&[], |(_, elements)| elements)
    }

    /// Its mail addresses, phone numbers and web addresses.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let one = match self.entity {
            Entity::Company => self.text(&company::PHONE),
            _ => None,
        };
        [Set::Email, Set::Phone, Set::Url, Set::Domain]
            .into_iter()
            .flat_map(|set| self.set(set))
            .cloned()
            .chain(one.map(str::to_owned))
            .collect()
    }

    /// What people call the record: its name, title or subject; its id where it has none.
    #[must_use]
    pub fn name(&self) -> String {
        match self.entity {
            Entity::Quota => {
                let rep = self.link::<()>(&quota::REP).map(|rep| rep.name);
                let period = self.text(&quota::PERIOD).unwrap_or_default();
                return format!("{} {period}", rep.unwrap_or_default());
            }
            Entity::Rate => {
                let part = |def| self.text(def).unwrap_or_default();
                return format!("{} {}", part(&rate::CURRENCY), part(&rate::DATE));
            }
            Entity::DealLine => {
                let product = self.link::<()>(&deal_line::PRODUCT).map(|link| link.name);
                let text = self.text(&deal_line::TEXT).map(str::to_owned);
                return text.or(product).unwrap_or_else(|| self.id.to_string());
            }
            _ => {}
        }
        let named = self
            .entity
            .label_field()
            .and_then(|name| self.text(self.entity.field(name)?));
        named.map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

/// A record that a picker offers or an ambiguous name may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Its noun.
    pub entity: Entity,
    /// Its id.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// What tells it from its namesakes: a contact's company, a deal's stage.
    pub detail: Option<String>,
}
