//! Whether somebody else has an address or number already: said in the form before it is saved.

use crate::domain::history::Holder;
use crate::domain::nouns::Set;

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

    /// The e-mail addresses and phone numbers to ask about, where they are others than those that were asked about last.
    pub fn asks_for_holders(&mut self) -> Option<(Vec<String>, Vec<String>)> {
        let now = (self.new_elements(Set::Email), self.new_elements(Set::Phone));
        if now == self.asked_for {
            return None;
        }
        self.asked_for.clone_from(&now);
        (!now.0.is_empty() || !now.1.is_empty()).then_some(now)
    }

    /// Takes who has them.
    pub fn take_holders(&mut self, holders: Vec<Holder>) {
        self.holders = holders;
        for at in 0..self.lines.len() {
            if matches!(self.lines[at].entry.place, Place::Set(_)) {
                self.reread(at);
            }
        }
    }

    /// Who has an element of a field already, in a sentence.
    pub(super) fn doubt_of_holder(&self, at: usize) -> Option<String> {
        let Place::Set(set @ (Set::Email | Set::Phone)) = self.lines[at].entry.place else {
            return None;
        };
        let elements = self.new_elements(set);
        let holder = self
            .holders
            .iter()
            .find(|holder| elements.contains(&holder.element))?;
        let at = holder
            .who
            .detail
            .as_ref()
            .map_or_else(String::new, |detail| format!(" ({detail})"));
        Some(format!(
            "{}{at} has {} already. Is it the same person?",
            holder.who.name, holder.element
        ))
    }
}
