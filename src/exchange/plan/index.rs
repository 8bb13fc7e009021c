//! Who is there: records of the book and of this run by key, name and address.

use std::collections::{HashMap, HashSet};

use crate::domain::command::Target;
use crate::domain::identity::{company_key, email_key, near_name};
use crate::domain::known::{Known, KnownSource};
use crate::domain::nouns::Entity;
use crate::domain::text::{clean_line, fold, squeeze};
use crate::exchange::recognise::SPREADSHEET;

/// A record that is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The record.
    pub target: Target,
    /// Whether it is in the trash.
    pub trashed: bool,
    /// Its source record among [`Known::sources`], where it was found by one.
    pub source: Option<usize>,
}

impl Held {
    pub(super) const fn new(target: Target) -> Self {
        Self {
            target,
            trashed: false,
            source: None,
        }
    }
}

/// A record whose name is near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suggested {
    pub target: Target,
    pub name: String,
}

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    One(Held),
    Several,
    None,
}

/// Keys of one source.
#[derive(Debug, Default)]
struct Keys {
    by_noun: HashMap<Entity, HashMap<String, Held>>,
    /// Records that have a key of their own.
    tied: HashSet<Target>,
}

/// Names of one noun.
#[derive(Debug, Default)]
struct Names {
    exact: HashMap<String, Vec<Held>>,
    /// Records that may be suggested for a near name: those that are there by their own right, not by being named somewhere.
    near: Near,
}

/// All that can be found.
#[derive(Debug, Default)]
pub(super) struct Index {
    sources: HashMap<String, Keys>,
    names: HashMap<Entity, Names>,
    emails: HashMap<Entity, HashMap<String, Held>>,
    domains: HashMap<String, Held>,
    suggested: HashMap<(Entity, String), Option<Suggested>>,
    /// What records in the trash are called: they are suggested for a near name once they are out of it.
    trashed: HashMap<Target, (Entity, String)>,
    /// Words of a source that stand for no record, among [`Known::sources`]: answers that were taken back, and dismissed suggestions.
    open_ties: HashMap<(String, Entity, String), usize>,
}

/// How the keys begin of records that a source only names.
const NAMED: char = '=';

/// What a source record says of a row that no file had: it ties a key to a record by somebody's answer.
pub const NO_ROW: &str = "{}";

/// Whether a tie still holds: an answer that was taken back while its record stayed does not.
fn holds(source: &KnownSource) -> bool {
    let answer = source.raw == NO_ROW && !matches!(source.entity, Entity::Pipeline | Entity::Stage);
    !(answer && source.trashed && !source.record_trashed)
}

/// The key under which a source's word for a record is kept that has no key of its own there.
#[must_use]
pub fn named_key(entity: Entity, name: &str) -> String {
    kept_key(&format!("{NAMED}{}", name_key(entity, name)))
}

/// The form in which names of a noun are compared.
pub(super) fn name_key(entity: Entity, name: &str) -> String {
    let key = if entity == Entity::Company {
        company_key(name)
    } else {
        fold(name)
    };
    // A name of signs alone has no letters to go by.
    if key.is_empty() { name.to_owned() } else { key }
}

/// A key as the book keeps it: what is looked up later must be what was stored.
pub(super) fn kept_key(key: &str) -> String {
    clean_line(key)
}

impl Index {
    pub(super) fn new(known: &Known) -> Self {
        let mut index = Self::default();
        for (place, source) in known.sources.iter().enumerate() {
            let Some(record) = source.record.filter(|_| holds(source)) else {
                index.open_ties.insert(
                    (source.source.clone(), source.entity, source.key.clone()),
                    place,
                );
                continue;
            };
            let held = Held {
                target: record.into(),
                trashed: source.record_trashed,
                source: Some(place),
            };
            index.add_key(&source.source, source.entity, &source.key, held);
        }
        index.add_people(known);
        for product in &known.products {
            let held = held(product.id.into(), product.trashed);
            index.add_held(Entity::Product, &product.name, held);
            if let Some(code) = &product.code {
                index.add_alias(Entity::Product, code, held);
            }
        }
        for reason in &known.lost_reasons {
            index.add_held(
                Entity::LostReason,
                &reason.name,
                held(reason.id.into(), reason.trashed),
            );
        }
        index
    }

    fn add_people(&mut self, known: &Known) {
        for rep in &known.reps {
            let held = held(rep.id.into(), rep.trashed);
            self.add_held(Entity::Rep, &rep.name, held);
            if let Some(email) = rep.email.as_deref() {
                self.add_email(Entity::Rep, email, held);
            }
        }
        for company in &known.companies {
            let held = held(company.id.into(), company.trashed);
            self.add_held(Entity::Company, &company.name, held);
            for domain in &company.domains {
                add(&mut self.domains, domain.clone(), held);
            }
        }
        for contact in &known.contacts {
            let held = held(contact.id.into(), contact.trashed);
            self.add_held(Entity::Contact, &contact.name, held);
            for email in &contact.emails {
                add(
                    self.emails.entry(Entity::Contact).or_default(),
                    email.clone(),
                    held,
                );
            }
        }
    }

    fn add_held(&mut self, entity: Entity, name: &str, held: Held) {
        let names = self.names.entry(entity).or_default();
        names
            .exact
            .entry(name_key(entity, name))
            .or_default()
            .push(held);
        if held.trashed {
            self.trashed.insert(held.target, (entity, name.to_owned()));
        } else {
            names.near.add(name, held.target);
        }
    }

    /// A record that this run takes out of the trash.
    pub(super) fn revive(&mut self, target: Target) {
        if let Some((entity, name)) = self.trashed.remove(&target) {
            let names = self.names.entry(entity).or_default();
            names.near.add(&name, target);
        }
    }

    fn add_alias(&mut self, entity: Entity, name: &str, held: Held) {
        let names = self.names.entry(entity).or_default();
        names
            .exact
            .entry(name_key(entity, name))
            .or_default()
            .push(held);
    }

    /// A record that this run makes or finds under a key.
    pub(super) fn add_key(&mut self, source: &str, entity: Entity, key: &str, held: Held) {
        if !self.sources.contains_key(source) {
            self.sources.insert(source.to_owned(), Keys::default());
        }
        let Some(keys) = self.sources.get_mut(source) else {
            return;
        };
        if !key.starts_with(NAMED) {
            keys.tied.insert(held.target);
        }
        let of_noun = keys.by_noun.entry(entity).or_default();
        of_noun.insert(key.to_owned(), held);
    }

    /// Whether a record has a key of its own in a source: another key there means another record, whatever its name.
    pub(super) fn is_tied(&self, source: &str, target: Target) -> bool {
        self.sources
            .get(source)
            .is_some_and(|keys| keys.tied.contains(&target))
    }

    /// A record that this run makes from a row of its own.
    pub(super) fn add_name(&mut self, entity: Entity, name: &str, target: Target) {
        self.add_held(entity, name, Held::new(target));
    }

    /// A record that this run makes because something names it: it is found by that name, and suggested for none.
    pub(super) fn add_named(&mut self, entity: Entity, name: &str, target: Target) {
        self.add_alias(entity, name, Held::new(target));
    }

    pub(super) fn add_email(&mut self, entity: Entity, email: &str, held: Held) {
        if let Some(key) = email_key(email) {
            add(self.emails.entry(entity).or_default(), key, held);
        }
    }

    pub(super) fn add_domain(&mut self, domain: String, held: Held) {
        add(&mut self.domains, domain, held);
    }

    /// By key in a source.
    pub(super) fn by_key(&self, source: &str, entity: Entity, key: &str) -> Option<Held> {
        self.sources
            .get(source)?
            .by_noun
            .get(&entity)?
            .get(key)
            .copied()
    }

    /// The source record of a word that stands for no record.
    pub(super) fn open_tie(&self, source: &str, entity: Entity, key: &str) -> Option<usize> {
        let word = (source.to_owned(), entity, key.to_owned());
        self.open_ties.get(&word).copied()
    }

    /// By key in any of the spreadsheets, which name each other's records without saying whose.
    pub(super) fn by_key_in_spreadsheets(&self, entity: Entity, key: &str) -> Option<Held> {
        let mut found = self
            .sources
            .iter()
            .filter(|(source, _)| source.starts_with(SPREADSHEET))
            .filter_map(|(_, keys)| keys.by_noun.get(&entity)?.get(key))
            .copied();
        let first = found.next()?;
        found
            .all(|other| other.target == first.target)
            .then_some(first)
    }

    /// By name: the one record of that name, or the one that is not in the trash.
    pub(super) fn by_name(&self, entity: Entity, name: &str) -> Found {
        let Some(held) = self
            .names
            .get(&entity)
            .and_then(|names| names.exact.get(&name_key(entity, name)))
        else {
            return Found::None;
        };
        let mut alive = held.iter().filter(|held| !held.trashed);
        match (alive.next(), alive.next()) {
            (Some(one), None) => Found::One(*one),
            // Of two companies or reps of one name the older one is meant; two people of one name are two people.
            (Some(first), Some(_)) if !matches!(entity, Entity::Contact | Entity::Deal) => {
                Found::One(*first)
            }
            (Some(_), Some(_)) => Found::Several,
            (None, _) => held.first().map_or(Found::None, |first| Found::One(*first)),
        }
    }

    pub(super) fn by_email(&self, entity: Entity, email: &str) -> Option<Held> {
        self.emails.get(&entity)?.get(&email_key(email)?).copied()
    }

    pub(super) fn by_domain(&self, domain: &str) -> Option<Held> {
        self.domains.get(domain).copied()
    }

    /// The record whose name is near, if one is.
    pub(super) fn suggest(&mut self, entity: Entity, name: &str) -> Option<Suggested> {
        let asked = (entity, name.to_owned());
        if let Some(known) = self.suggested.get(&asked) {
            return known.clone();
        }
        let found = self
            .names
            .get(&entity)
            .and_then(|names| names.near.find(name));
        self.suggested.insert(asked, found.clone());
        found
    }
}

fn held(target: Target, trashed: bool) -> Held {
    Held {
        target,
        trashed,
        source: None,
    }
}

/// The older record keeps an address that two claim, unless it is in the trash.
fn add(map: &mut HashMap<String, Held>, key: String, held: Held) {
    let known = map.entry(key).or_insert(held);
    if known.trashed && !held.trashed {
        *known = held;
    }
}

/// Names by their first and last letters, so that a near one is looked for among a few and not among all.
#[derive(Debug, Default)]
struct Near {
    names: Vec<(String, Target)>,
    by_edge: HashMap<String, Vec<usize>>,
}

/// How many letters of an edge must agree.
const EDGE: usize = 3;

impl Near {
    fn add(&mut self, name: &str, target: Target) {
        let place = self.names.len();
        for edge in edges(name) {
            self.by_edge.entry(edge).or_default().push(place);
        }
        self.names.push((name.to_owned(), target));
    }

    fn find(&self, name: &str) -> Option<Suggested> {
        let mut places: Vec<usize> = edges(name)
            .iter()
            .filter_map(|edge| self.by_edge.get(edge))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        places.dedup();
        let near = near_name(
            name,
            places.iter().map(|place| self.names[*place].0.as_str()),
        )?;
        let (name, target) = places
            .iter()
            .map(|place| &self.names[*place])
            .find(|(known, _)| known == near)?;
        Some(Suggested {
            target: *target,
            name: name.clone(),
        })
    }
}

fn edges(name: &str) -> [String; 2] {
    let letters: Vec<char> = squeeze(name).chars().collect();
    let edge = letters.len().min(EDGE);
    let first: String = letters[..edge].iter().collect();
    let last: String = letters[letters.len() - edge..].iter().collect();
    [format!("^{first}"), format!("{last}$")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::Slot;

    fn index(entity: Entity, names: &[&str]) -> Index {
        let mut index = Index::default();
        for (slot, name) in (0..).zip(names) {
            index.add_name(entity, name, Slot(slot).into());
        }
        index
    }

    #[test]
    fn a_near_name_is_a_suggestion_and_no_match() {
        let mut index = index(Entity::Product, &["GTX Pro", "GTX Basic", "GTX Plus Pro"]);
        assert_eq!(index.by_name(Entity::Product, "GTXPro"), Found::None);
        let near = index.suggest(Entity::Product, "GTXPro").unwrap();
        assert_eq!(
            (near.target, near.name.as_str()),
            (Slot(0).into(), "GTX Pro")
        );
        assert_eq!(index.suggest(Entity::Product, "MG Special"), None);
    }

    #[test]
    fn companies_are_found_without_their_legal_form() {
        let index = index(Entity::Company, &["Acme Corporation"]);
        assert!(matches!(
            index.by_name(Entity::Company, "ACME Corp."),
            Found::One(_)
        ));
    }

    #[test]
    fn two_people_of_one_name_are_not_guessed_at() {
        let index = index(Entity::Contact, &["Anna Meier", "anna meier"]);
        assert_eq!(index.by_name(Entity::Contact, "Anna Meier"), Found::Several);
    }

    #[test]
    fn a_record_that_is_only_named_is_not_suggested() {
        let mut index = Index::default();
        index.add_named(Entity::Company, "Isdom", Slot(1).into());
        assert!(matches!(
            index.by_name(Entity::Company, "isdom"),
            Found::One(_)
        ));
        assert_eq!(index.suggest(Entity::Company, "Isdomm"), None);
    }
}
