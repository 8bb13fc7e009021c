//! What the fields of the filter language are called, and where each noun keeps what they ask.

use crate::domain::id::RecordId;
use crate::domain::nouns::{self, Entity, FieldDef, Kind, Set};

/// Where a record keeps what a clause asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A column of its own.
    Column(&'static FieldDef),
    /// When it came into being in the world of sales.
    CreatedAt,
    /// The elements of a set.
    Set(Set),
    /// The systems that it came from.
    Source,
    /// What a deal's stage means for it: open, won or lost.
    State,
    /// Of a deal, contact or company: an activity that is planned and not done.
    NextStep,
    /// Of an activity: when it is due, as a date or as a moment.
    Due,
    /// Of a contact: since when a lead waits for the first call, mail or meeting from us. Unknown of whoever does not wait.
    Waiting,
    /// A custom field, by the id of its `field` record.
    Custom(RecordId),
}

/// Columns that no clause asks about: keys and orders that the book keeps for itself.
const HIDDEN: &[&FieldDef] = &[
    &nouns::company::NAME_KEY,
    &nouns::company::MERGED_INTO,
    &nouns::contact::MERGED_INTO,
    &nouns::deal::POSITION,
];

/// Other names of columns, by noun.
const ALIASES: &[(&str, &FieldDef)] = &[
    ("name", &nouns::deal::TITLE),
    ("value", &nouns::deal::AMOUNT),
    ("close", &nouns::deal::EXPECTED_CLOSE),
    ("closes", &nouns::deal::EXPECTED_CLOSE),
    ("closed", &nouns::deal::CLOSED_AT),
    ("touched", &nouns::deal::LAST_TOUCH),
    ("reason", &nouns::deal::LOST_REASON),
    ("state", &nouns::contact::LEAD_STATE),
    ("touched", &nouns::contact::LAST_TOUCH),
    ("job", &nouns::contact::TITLE),
    ("employees", &nouns::company::SIZE),
    ("team", &nouns::rep::MANAGER),
    ("type", &nouns::activity::KIND),
    ("owner", &nouns::activity::PERFORMER),
    ("rep", &nouns::activity::PERFORMER),
    ("done", &nouns::activity::DONE_AT),
    ("text", &nouns::activity::BODY),
];

/// What is no column, by noun; a noun that stands nowhere here has only columns.
const DERIVED: &[(&str, Place, &[Entity])] = {
    use Entity::{Activity, Company, Contact, Deal};
    &[
        ("state", Place::State, &[Deal]),
        ("next_step", Place::NextStep, &[Deal, Contact, Company]),
        ("due", Place::Due, &[Activity]),
        ("waits", Place::Waiting, &[Contact]),
        ("source", Place::Source, &[Deal, Contact, Company]),
        ("tag", Place::Set(Set::Tag), &[Deal, Contact, Company]),
        ("tags", Place::Set(Set::Tag), &[Deal, Contact, Company]),
        ("email", Place::Set(Set::Email), &[Contact]),
        ("mail", Place::Set(Set::Email), &[Contact]),
        ("phone", Place::Set(Set::Phone), &[Contact]),
        ("url", Place::Set(Set::Url), &[Contact]),
        ("domain", Place::Set(Set::Domain), &[Company]),
    ]
};

/// Every name that a clause about a noun can use, with the place it means, own names first.
pub fn names(entity: Entity) -> impl Iterator<Item = (&'static str, Place)> {
    let derived = DERIVED
        .iter()
        .filter(move |(_, _, of)| of.contains(&entity))
        .map(|(name, place, _)| (*name, *place));
    let columns = entity
        .fields()
        .iter()
        .filter(|def| {
            !HIDDEN.contains(def) && !matches!(def.kind, Kind::Json | Kind::Fields | Kind::AnyRef)
        })
        .map(|def| (def.name, Place::Column(def)));
    let created = [
        ("created_at", Place::CreatedAt),
        ("created", Place::CreatedAt),
    ];
    let aliases = ALIASES
        .iter()
        .filter(move |(_, def)| def.entity == entity)
        .map(|(name, def)| (*name, Place::Column(def)));
    derived.chain(columns).chain(created).chain(aliases)
}

/// The place that a name means for a noun; `next-step`, `next_step` and `NextStep` are one name.
#[must_use]
pub fn place(entity: Entity, name: &str) -> Option<Place> {
    let plain = plain(name);
    names(entity)
        .find(|(known, _)| self::plain(known) == plain)
        .map(|(_, place)| place)
}

/// The column that holds the currency of an amount; the amount is in the base currency where there is none.
#[must_use]
pub fn currency_of(amount: &FieldDef) -> Option<&'static FieldDef> {
    use nouns::{deal, product};
    [
        (&deal::AMOUNT, &deal::CURRENCY),
        (&deal::CLOSE_AMOUNT, &deal::CLOSE_CURRENCY),
        (&product::PRICE, &product::CURRENCY),
    ]
    .into_iter()
    .find(|(known, _)| *known == amount)
    .map(|(_, currency)| currency)
}

/// A name without what people spell differently.
pub(super) fn plain(name: &str) -> String {
    crate::domain::text::squeeze(name)
}

/// The known name that is nearest to a typed one: it, or one of its words, begins with it or is a slip or two apart.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(typed);
    let length = wanted.chars().count();
    let slips = |word: &str| {
        let other = plain(word);
        let begins = length >= 2
            && (other.starts_with(&wanted) || (!other.is_empty() && wanted.starts_with(&other)));
        let apart = strsim::damerau_levenshtein(&wanted, &other);
        // Two words of which every letter differs are no slip, however short they are.
        let near = apart <= 1 + length / 4 && apart < length;
        (begins || near).then_some(if begins { apart.min(1) } else { apart })
    };
    known
        .into_iter()
        .filter_map(|name| {
            let nearest_word = name
                .split_whitespace()
                .chain([name])
                .filter_map(slips)
                .min();
            nearest_word.map(|apart| (apart, name))
        })
        .min_by_key(|(apart, _)| *apart)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_place_however_it_is_spelt() {
        for spelling in ["next_step", "next-step", "NextStep"] {
            assert_eq!(place(Entity::Deal, spelling), Some(Place::NextStep));
        }
        assert_eq!(
            place(Entity::Deal, "value"),
            Some(Place::Column(&nouns::deal::AMOUNT))
        );
        assert_eq!(place(Entity::Deal, "state"), Some(Place::State));
        assert_eq!(
            place(Entity::Contact, "state"),
            Some(Place::Column(&nouns::contact::LEAD_STATE))
        );
        assert_eq!(place(Entity::Deal, "position"), None);
        assert_eq!(place(Entity::Rep, "tag"), None);
    }

    #[test]
    fn an_alias_hides_no_column() {
        for entity in nouns::ENTITIES {
            for def in entity.fields() {
                if let Some(found) = place(*entity, def.name)
                    && let Place::Column(column) = found
                {
                    assert_eq!(column, *def);
                }
            }
        }
    }

    #[test]
    fn the_nearest_word_is_a_slip_apart_or_begins_so() {
        let known = ["stage", "state", "owner", "expected_close", "amount"];
        for (typed, meant) in [
            ("stge", Some("stage")),
            ("onwer", Some("owner")),
            ("expected", Some("expected_close")),
            ("amnt", Some("amount")),
            ("colour", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed, known), meant, "{typed}");
        }
    }
}
