//! From anything to what belongs to it: the person, the company, the deals, a link; and back again.

use crate::domain::history::{Party, Profile};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set, contact, deal};
use crate::domain::records::{Company, Link, Record};
use crate::store::query::Query;
use crate::tui::action::Allowed;
use crate::tui::forms::log::About;
use crate::tui::layers::{Layer, Pick};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::Shown;
use crate::tui::screens::party::spot::Spot;
use crate::tui::screens::party::state::From;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::{App, views};

/// Contacts and companies that are remembered on the way; beyond that the oldest is forgotten.
const TRAIL: usize = 100;

/// A contact or company that one went through.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    party: Party,
    name: String,
    from: From,
    spot: Spot,
}

/// What somebody wants to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// The person, or one of the people.
    Person,
    /// The company.
    Company,
    /// The deal, or one of the deals.
    Deals,
    /// A link.
    Link,
}

/// Where somebody wants to go once it is read what belongs to a party.
#[derive(Clone, Copy, Debug)]
pub(super) struct Going {
    wish: Wish,
    of: Party,
}

impl App {
    /// Opens a contact or company. From a list, its others are there with `,` and `.`; so are a company's people.
    pub(super) fn open_party(&mut self, entity: Entity, id: RecordId, name: String) {
        let (shown, back) = match entity {
            Entity::Company => (Shown::Company, self.shown),
            _ => (Shown::Contact, self.shown),
        };
        let from = self.whence(entity, id, back);
        match self.party(back) {
            Some(party) => {
                let passed = party.of.map(|of| Passed {
                    party: of,
                    name: party.called(),
                    from: party.from.clone(),
                    spot: party.spot(),
                });
                self.trail.extend(passed);
                let over = self.trail.len().saturating_sub(TRAIL);
                self.trail.drain(..over);
            }
            None => self.trail.clear(),
        }
        if let Some(party) = self.party_mut(shown) {
            party.show(id, name, from);
        }
        self.layers.clear();
        self.turn_to(shown);
        self.settle_screens();
        self.read_screen();
    }

    /// The list that a contact or company is opened from.
    fn whence(&self, entity: Entity, id: RecordId, back: Shown) -> From {
        let list: Vec<RecordId> = match (self.list(back), self.party(back)) {
            (Some(list), _) if list.face.entity == entity => list.ids().into(),
            (_, Some(party)) => party.people().iter().map(|person| person.id).collect(),
            _ => Vec::new(),
        };
        // In a long list it mostly is the one under the cursor.
        let under = self.list(back).map(|list| list.cursor);
        let under = under.filter(|place| list.get(*place) == Some(&id));
        match under.or_else(|| list.iter().position(|known| *known == id)) {
            Some(place) => From {
                list: list.into(),
                goes_on: self.list(back).is_some_and(|list| !list.is_whole),
                place,
                back,
            },
            None => From {
                back,
                ..From::default()
            },
        }
    }

    /// Goes back to the contact or company that one came through last; false where there is none.
    pub(super) fn back_on_the_trail(&mut self) -> bool {
        let on_the_way = self.party(self.shown).is_some();
        let Some(passed) = self.trail.pop().filter(|_| on_the_way) else {
            return false;
        };
        let shown = match passed.party {
            Party::Contact(_) => Shown::Contact,
            Party::Company(_) => Shown::Company,
        };
        if let Some(party) = self.party_mut(shown) {
            let is_there_still = party.id() == Some(passed.party.record());
            party.show(passed.party.record(), passed.name, passed.from);
            if !is_there_still {
                party.come_back(passed.spot);
            }
        }
        self.turn_to(shown);
        self.settle_screens();
        self.read_screen();
        true
    }

    /// What the line under the cursor, or the popup's deal, belongs to.
    fn belongs(&self) -> Option<About> {
        let popup = self.layers.iter().rev().find_map(Layer::deal);
        match popup {
            Some(id) => Some(self.about(&self.target(Entity::Deal, id))),
            None => self.screen().belongs(),
        }
    }

    /// There is one thing under the cursor, to which something may belong.
    fn can_go(&self) -> Result<About, std::borrow::Cow<'static, str>> {
        self.has_book()?;
        if self.screen().marked() > 1 {
            self.can_act_on_one()?;
        }
        self.belongs()
            .filter(|about| about.record().is_some())
            .ok_or_else(|| {
                let why = self.screen().is_read().err().map(str::to_owned);
                let noun = self.screen().singular();
                why.unwrap_or_else(|| format!("There is no {noun} under the cursor"))
                    .into()
            })
    }

    /// There may be a person or a deal to go to.
    pub fn can_go_to(&self) -> Allowed {
        self.can_go().map(|_| ())
    }

    /// There may be a person to go to.
    pub fn can_go_to_person(&self) -> Allowed {
        let about = self.can_go()?;
        if about.contact.is_none() && about.company.is_none() {
            return Err(format!("{} has no person and no company", about.name).into());
        }
        let here = self.shown == Shown::Contact && about.contact == self.contact.id();
        if here && self.layers.is_empty() {
            return Err("This is the person already".into());
        }
        Ok(())
    }

    /// There may be a company to go to.
    pub fn can_go_to_company(&self) -> Allowed {
        let about = self.can_go()?;
        if about.company.is_none() && about.contact.is_none() {
            return Err(format!("{} has no company", about.name).into());
        }
        let here = self.shown == Shown::Company && about.company == self.company.id();
        if here && self.layers.is_empty() {
            return Err("This is the company already".into());
        }
        Ok(())
    }

    /// A mail is under the cursor of a timeline.
    pub fn can_reply(&self) -> Allowed {
        self.can_write()?;
        match self.screen().replies() {
            Some(_) if self.layers.is_empty() => Ok(()),
            _ => Err("This is for a mail in the timeline of a contact or company".into()),
        }
    }

    /// Goes to the person of what is under the cursor; of a company to one of its people.
    pub fn go_to_person(&mut self) {
        let Some(about) = self.belongs() else {
            return;
        };
        match (about.contact, about.company) {
            (Some(id), _) => self.open_party(Entity::Contact, id, self.known_name(id)),
            (None, Some(id)) => self.ask_what_belongs(Wish::Person, Entity::Company, id),
            (None, None) => {}
        }
    }

    /// Goes to the company of what is under the cursor.
    pub fn go_to_company(&mut self) {
        let Some(about) = self.belongs() else {
            return;
        };
        match (about.company, about.contact) {
            (Some(id), _) => self.open_party(Entity::Company, id, self.known_name(id)),
            (None, Some(id)) => self.ask_what_belongs(Wish::Company, Entity::Contact, id),
            (None, None) => {}
        }
    }

    /// Goes to the deals of what is under the cursor: of an activity to its deal, of a deal to those of its company or person.
    pub fn go_to_deals(&mut self) {
        let Some(about) = self.belongs() else {
            return;
        };
        let on_deal = self
            .targets()
            .first()
            .is_some_and(|target| target.entity == Entity::Deal);
        match (about.deal, about.company, about.contact) {
            (Some(deal), ..) if !on_deal => {
                self.layers.clear();
                self.open_record(Entity::Deal, deal, self.known_name(deal));
            }
            // A person's deals are the person's, not all of the company's.
            (None, _, Some(id)) | (Some(_), None, Some(id)) => {
                self.ask_what_belongs(Wish::Deals, Entity::Contact, id);
            }
            (_, Some(id), _) => self.ask_what_belongs(Wish::Deals, Entity::Company, id),
            (Some(_), None, None) => self.say(
                Tone::Plain,
                format!(
                    "{} has no company and no person with other deals",
                    about.name
                ),
            ),
            (None, None, None) => {}
        }
    }

    /// Hands the first link of what is under the cursor to the terminal's clipboard.
    pub fn go_to_link(&mut self) {
        if let Some(link) = self
            .screen()
            .link_in_text()
            .filter(|_| self.layers.is_empty())
        {
            self.hand_out(link);
            return;
        }
        let Some(about) = self.belongs() else {
            return;
        };
        match (about.contact, about.company) {
            (Some(id), _) => self.ask_what_belongs(Wish::Link, Entity::Contact, id),
            (None, Some(id)) => self.ask_what_belongs(Wish::Link, Entity::Company, id),
            (None, None) => self.say(Tone::Plain, format!("{} has no link", about.name)),
        }
    }

    fn hand_out(&mut self, link: String) {
        self.say(
            Tone::Good,
            format!("Sent to the terminal's clipboard: {link}"),
        );
        self.out.push(Effect::Copy(link));
    }

    /// Shows the list of companies.
    pub fn show_companies(&mut self) {
        self.layers.clear();
        self.trail.clear();
        self.show(Shown::Companies);
    }

    /// The name of a record, as far as a screen or popup shows it.
    fn known_name(&self, id: RecordId) -> String {
        self.party_record(id).map(Record::name).unwrap_or_default()
    }

    fn ask_what_belongs(&mut self, wish: Wish, entity: Entity, id: RecordId) {
        let Some(of) = Party::of(entity, id) else {
            return;
        };
        self.going = Some(Going { wish, of });
        let now = self.now();
        self.read(views::GOING, Query::Profile { of, now });
    }

    /// It was read what belongs to a party. Who has gone elsewhere or begun to type something meanwhile stays there.
    pub(super) fn take_going(&mut self, profile: Option<Profile>) {
        let Some(going) = self.going.take() else {
            return;
        };
        if self.takes_text() {
            return;
        }
        let Some(profile) = profile else {
            self.say(Tone::Bad, "This is not in the book any more");
            return;
        };
        if profile.record.id != going.of.record() {
            self.going = Some(going);
            return;
        }
        let name = profile.record.name();
        match going.wish {
            Wish::Company => match profile.record.link::<Company>(&contact::COMPANY) {
                Some(Link { id, name }) => self.open_party(Entity::Company, id.record(), name),
                None => self.say(Tone::Plain, format!("{name} has no company")),
            },
            Wish::Person => self.go_to_one(&profile.people, &name, "people", |record| {
                record.text(&contact::TITLE).unwrap_or_default().to_owned()
            }),
            Wish::Deals => self.go_to_one(&profile.deals, &name, "deals", |record| {
                let stage = record.link::<crate::domain::records::Stage>(&deal::STAGE);
                stage.map(|stage| stage.name).unwrap_or_default()
            }),
            Wish::Link => match link_of(&profile.record) {
                Some(link) => self.hand_out(link),
                None => self.say(Tone::Plain, format!("{name} has no link")),
            },
        }
    }

    /// Opens the only one, or asks which.
    fn go_to_one(
        &mut self,
        records: &[Record],
        of: &str,
        what: &str,
        detail: impl Fn(&Record) -> String,
    ) {
        match records {
            [] => self.say(Tone::Plain, format!("{of} has no {what}")),
            [one] => {
                self.layers.clear();
                self.open_record(one.entity, one.id, one.name());
            }
            several => {
                let items = several.iter().map(|record| {
                    let pick = Pick::Open(record.entity, record.id);
                    Item::new(pick, record.name()).detail(detail(record))
                });
                let mut letters = what.chars();
                let first: String = letters
                    .next()
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .collect();
                let title = format!("{first}{} of {of}", letters.as_str());
                let menu = Menu::new(title, items.collect());
                self.layers.push(Layer::Menu(menu, Vec::new()));
            }
        }
    }

    /// In a deal's popup Enter opens its company, else its person.
    pub(super) fn open_from_popup(&mut self) {
        if self
            .layers
            .last()
            .is_none_or(|layer| layer.deal().is_none())
        {
            return;
        }
        let about = self.belongs().unwrap_or_default();
        let company = about.company.map(|id| (Entity::Company, id));
        let person = about.contact.map(|id| (Entity::Contact, id));
        if let Some((entity, id)) = company.or(person) {
            self.open_party(entity, id, self.known_name(id));
        }
    }

    /// In a deal's popup there is something that Enter opens.
    pub(super) fn can_open_from_popup(&self) -> Allowed {
        if self
            .layers
            .last()
            .is_none_or(|layer| layer.deal().is_none())
        {
            return Err("This is all of it".into());
        }
        let about = self.belongs().unwrap_or_default();
        if about.company.is_none() && about.contact.is_none() {
            return Err("The deal has no company and no person to open".into());
        }
        Ok(())
    }
}

/// The first link of a record: a web address, else a domain, else an e-mail address.
fn link_of(record: &Record) -> Option<String> {
    let first = |set| record.set(set).first().cloned();
    let domain = first(Set::Domain).map(|domain| {
        if domain.contains("://") {
            domain
        } else {
            format!("https://{domain}")
        }
    });
    first(Set::Url).or(domain).or_else(|| first(Set::Email))
}
