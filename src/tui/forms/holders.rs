//! Whether somebody else has an address or number already: said in the form before it is saved.

use crate::domain::history::Holder;
use crate::domain::nouns::{Entity, Set, company};
use crate::store::query::HoldersQuery;

use super::entry::{Place, Seen, Wanted, has};
use super::form::RecordForm;

impl RecordForm {
    /// The elements of a set that stand in the form and did not stand in the record.
    fn new_elements(&self, wanted: Set) -> Vec<String> {
        let at = (0..self.lines.len()).find(|at| self.lines[*at].entry.place == Place::Set(wanted));
        let Some(at) = at else {
            return Vec::new();
        };
        match (self.read(at), &self.lines[at].seen) {
            (Ok(Wanted::Elements(elements)), Seen::Elements(seen)) => elements
                .into_iter()
                .filter(|element| !has(seen, element))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The name that stands in the form of a company and did not stand in the record.
    fn new_name(&self) -> Option<String> {
        let at = self.named(company::NAME.name)?;
        let own = self.entity() == Entity::Company;
        let name = self.sheet.content(at).text().trim().to_owned();
        (own && !name.is_empty() && self.is_touched(at)).then_some(name)
    }

    /// What to ask about, where it is something else than what was asked about last.
    pub fn asks_for_holders(&mut self) -> Option<HoldersQuery> {
        let now = HoldersQuery {
            emails: self.new_elements(Set::Email),
            phones: self.new_elements(Set::Phone),
            names: self.new_name().into_iter().collect(),
            domains: self.new_elements(Set::Domain),
            except: self.record(),
        };
        if now == self.asked_for {
            return None;
        }
        self.asked_for.clone_from(&now);
        (!now.is_empty()).then_some(now)
    }

    /// What to ask before a new record is saved: who else has what stands in it, where its author was not told that. Whoever saves it
    /// again does not wait for the answer.
    pub fn asks_before_saving(&mut self) -> Option<HoldersQuery> {
        let told = (0..self.lines.len()).any(|at| self.doubt_of_holder(at).is_some());
        self.saves = self.is_new() && !self.asked_for.is_empty() && !told && !self.saves;
        self.saves.then(|| self.asked_for.clone())
    }

    /// It is not to be saved as it is: its author goes on with it.
    pub const fn goes_on(&mut self) {
        self.saves = false;
    }

    /// Whether it waits to be saved.
    pub const fn is_to_be_saved(&self) -> bool {
        self.saves
    }

    /// Goes to the first field of which somebody has what stands there; false where there is none.
    pub fn show_doubt(&mut self) -> bool {
        let at = (0..self.lines.len()).find(|at| self.doubt_of_holder(*at).is_some());
        if let Some(at) = at {
            self.sheet.put_focus(at);
        }
        at.is_some()
    }

    /// Takes who has them.
    pub fn take_holders(&mut self, holders: Vec<Holder>) {
        self.holders = holders;
        for at in 0..self.lines.len() {
            self.reread(at);
        }
    }

    /// Who has what stands in a field already, in a sentence.
    pub(super) fn doubt_of_holder(&self, at: usize) -> Option<String> {
        let place = self.lines[at].entry.place;
        let elements = match place {
            Place::Set(set @ (Set::Email | Set::Phone | Set::Domain)) => self.new_elements(set),
            Place::Field(def) if *def == company::NAME => self.new_name().into_iter().collect(),
            _ => return None,
        };
        let holder = self
            .holders
            .iter()
            .find(|holder| elements.contains(&holder.element))?;
        let at = holder
            .who
            .detail
            .as_ref()
            .map_or_else(String::new, |detail| format!(" ({detail})"));
        let name = &holder.who.name;
        if matches!(place, Place::Field(_)) {
            return Some(format!(
                "{name}{at} is in the book already. Is it the same company?"
            ));
        }
        let who = match holder.who.entity {
            Entity::Company => "company",
            _ => "person",
        };
        let element = &holder.element;
        Some(format!(
            "{name}{at} has {element} already. Is it the same {who}?"
        ))
    }
}
