//! What a contact's screen has and a company's has not: its panels, its places among the views of the store, its words.

use crate::domain::nouns::Entity;
use crate::store::handle::View;
use crate::tui::screens::{Shown, views};

use super::profile::{Line, of_company, of_contact};
use super::state::{Panel, PartyScreen};

/// The screen of one kind of party.
#[derive(Debug)]
pub struct Face {
    /// The noun.
    pub entity: Entity,
    /// What people call one.
    pub singular: &'static str,
    /// The list that has all of them.
    pub list: Shown,
    /// What that is called.
    pub all: &'static str,
    /// The place of the profile among the views of the store.
    pub profile: View,
    /// The place of what happened and is planned.
    pub history: View,
    /// The place of what was before.
    pub earlier: View,
    /// The panels, in the order of Tab.
    pub panels: &'static [Panel],
    /// The lines of the profile.
    pub lines: fn(&PartyScreen) -> Vec<Line>,
    /// Said before one was opened.
    pub not_opened: &'static str,
    /// Said of one that is not in the book any more.
    pub gone: &'static str,
    /// Why nothing can be done until it is read.
    pub still_reading: &'static str,
    /// Said where it has no deals.
    pub no_deals: &'static str,
    /// Why there is no next and previous one.
    pub no_turn: &'static str,
    /// Said at the beginning of the list.
    pub first: &'static str,
    /// Said at its end.
    pub last: &'static str,
}

/// One contact.
pub static CONTACT: Face = Face {
    entity: Entity::Contact,
    singular: "contact",
    list: Shown::Contacts,
    all: "Contacts",
    profile: views::PROFILE,
    history: views::HISTORY,
    earlier: views::EARLIER,
    panels: &[Panel::Profile, Panel::Timeline, Panel::Deals],
    lines: of_contact,
    not_opened: "No contact was opened yet. 4 lists them, f finds one.",
    gone: "This contact is not in the book any more",
    still_reading: "The contact is still being read",
    no_deals: "No deals with this contact",
    no_turn: "This contact was not opened from a list of several; 4 lists them",
    first: "This is the first contact of the list",
    last: "This is the last contact of the list",
};

/// One company.
pub static COMPANY: Face = Face {
    entity: Entity::Company,
    singular: "company",
    list: Shown::Companies,
    all: "Companies",
    profile: views::COMPANY_PROFILE,
    history: views::COMPANY_HISTORY,
    earlier: views::COMPANY_EARLIER,
    panels: &[Panel::Profile, Panel::Timeline, Panel::People, Panel::Deals],
    lines: of_company,
    not_opened: "No company was opened yet. g C lists them, f finds one.",
    gone: "This company is not in the book any more",
    still_reading: "The company is still being read",
    no_deals: "No deals yet; a adds one here",
    no_turn: "This company was not opened from a list of several; g C lists them",
    first: "This is the first company of the list",
    last: "This is the last company of the list",
};

impl Default for &'static Face {
    fn default() -> Self {
        &CONTACT
    }
}
