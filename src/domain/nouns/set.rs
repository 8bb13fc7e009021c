//! What a record has several of: tags, addresses, numbers, domains.

use serde::{Deserialize, Serialize};

use super::Entity;

/// A set that a record has beside its fields. Its elements are added and removed one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Set {
    /// Tags of a contact, company or deal.
    Tag,
    /// E-mail addresses of a contact.
    Email,
    /// Phone numbers of a contact.
    Phone,
    /// Web addresses of a contact.
    Url,
    /// Internet domains of a company.
    Domain,
}

impl Set {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Tag, Self::Email, Self::Phone, Self::Url, Self::Domain];

    /// Its name in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tag => "tag",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Domain => "domain",
        }
    }

    /// The set that the log names so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.name() == name)
    }

    /// Whether records of a noun have this set.
    #[must_use]
    pub const fn is_of(self, entity: Entity) -> bool {
        match self {
            Self::Tag => matches!(entity, Entity::Contact | Entity::Company | Entity::Deal),
            Self::Email | Self::Phone | Self::Url => matches!(entity, Entity::Contact),
            Self::Domain => matches!(entity, Entity::Company),
        }
    }
}
