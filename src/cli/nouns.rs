//! The nouns of the command line: what they are called, which flags their fields have, which columns their lists show.

mod sold;
mod targets;
mod team;

use crate::domain::nouns::{Entity, FieldDef, Set, company, contact, deal, rep};

pub use sold::{LINES, PRODUCTS};
pub use targets::{QUOTAS, RATES, TASKS};
pub use team::{FIELDS, LOST_REASONS, PIPELINES, STAGES, VIEWS};

/// A noun that has `list`, `show`, `add`, `edit`, `rm` and `restore`.
#[derive(Debug)]
pub struct Noun {
    /// As it is typed: `contacts`.
    pub plural: &'static str,
    /// One of them, in a sentence.
    pub singular: &'static str,
    /// The word for one in the help.
    pub value: &'static str,
    /// How one is named on the command line.
    pub reference: &'static str,
    /// With its article.
    pub one: &'static str,
    /// The kind of record.
    pub entity: Entity,
    /// What `--help` says of it.
    pub about: &'static str,
    /// The flags of `add` and `edit`.
    pub flags: &'static [Flag],
    /// The columns of `list` for people.
    pub columns: &'static [&'static str],
    /// Which records of the entity it means, in the language of `--filter`; none is all.
    pub only: Option<&'static str>,
}

/// One flag of `add` and `edit`.
#[derive(Debug)]
pub struct Flag {
    /// As it is typed, without the dashes.
    pub long: &'static str,
    /// What it fills.
    pub fills: Fills,
    /// The word for its value in the help.
    pub value: &'static str,
    /// One line for the help.
    pub help: &'static str,
}

/// What a flag fills.
#[derive(Clone, Copy, Debug)]
pub enum Fills {
    /// A field.
    Field(&'static FieldDef),
    /// A set, element by element.
    Set(Set),
}

const fn field(
    long: &'static str,
    def: &'static FieldDef,
    value: &'static str,
    help: &'static str,
) -> Flag {
    Flag {
        long,
        fills: Fills::Field(def),
        value,
        help,
    }
}

const fn set(long: &'static str, set: Set, value: &'static str, help: &'static str) -> Flag {
    Flag {
        long,
        fills: Fills::Set(set),
        value,
        help,
    }
}

/// Users: sellers, leads, service.
pub static REPS: Noun = Noun {
    plural: "reps",
    singular: "rep",
    value: "REP",
    reference: "Exact name, e-mail address, or id (4 or more characters of it)",
    one: "a rep",
    entity: Entity::Rep,
    about: "Sellers and those who lead them",
    flags: &[
        field("name", &rep::NAME, "NAME", "What people call them"),
        field("email", &rep::EMAIL, "ADDRESS", "E-mail address"),
        field("initials", &rep::INITIALS, "LETTERS", "Initials, for cards"),
        field("role", &rep::ROLE, "ROLE", "seller, lead or service"),
        field(
            "manager",
            &rep::MANAGER,
            "NAME",
            "Name of the team or its lead",
        ),
        field("region", &rep::REGION, "TEXT", "Region or office"),
        field(
            "active",
            &rep::ACTIVE,
            "yes|no",
            "Whether they still work here",
        ),
    ],
    columns: &[
        "id", "name", "initials", "role", "manager", "region", "active",
    ],
    only: None,
};

/// People.
pub static CONTACTS: Noun = Noun {
    plural: "contacts",
    singular: "contact",
    value: "CONTACT",
    reference: "Exact name, e-mail address, or id (4 or more characters of it)",
    one: "a contact",
    entity: Entity::Contact,
    about: "People",
    flags: &[
        field("name", &contact::NAME, "NAME", "Full name"),
        set("email", Set::Email, "ADDRESS", "E-mail address"),
        set("phone", Set::Phone, "NUMBER", "Phone number"),
        field("title", &contact::TITLE, "TEXT", "Job title"),
        field("company", &contact::COMPANY, "COMPANY", "Where they work"),
        field(
            "owner",
            &contact::OWNER,
            "REP",
            "Who looks after them; `me` is --as",
        ),
        field(
            "source",
            &contact::LEAD_SOURCE,
            "TEXT",
            "Where the lead came from",
        ),
        set("tag", Set::Tag, "TAG", "Tag"),
        field(
            "lead-state",
            &contact::LEAD_STATE,
            "STATE",
            "new, working, nurturing, qualified or dropped",
        ),
        field(
            "drop-reason",
            &contact::DROP_REASON,
            "TEXT",
            "Why the lead was dropped",
        ),
        field("prefix", &contact::PREFIX, "TEXT", "Part of the name"),
        field("given", &contact::GIVEN, "NAME", "Given name"),
        field("middle", &contact::MIDDLE, "NAME", "Middle name"),
        field("family", &contact::FAMILY, "NAME", "Family name"),
        field("suffix", &contact::SUFFIX, "TEXT", "Part of the name"),
        set("url", Set::Url, "URL", "Web address"),
        field(
            "language",
            &contact::LANGUAGE,
            "CODE",
            "Language, such as de",
        ),
        field(
            "zone",
            &contact::ZONE,
            "ZONE",
            "Their time zone, such as Europe/Zurich",
        ),
        field("address", &contact::ADDRESS, "TEXT", "Street address"),
        field("city", &contact::CITY, "CITY", "City"),
        field("country", &contact::COUNTRY, "COUNTRY", "Country"),
        field("note", &contact::NOTE, "TEXT", "What else there is to know"),
    ],
    columns: &["id", "name", "title", "company", "email", "phone", "owner"],
    only: None,
};

/// People who may become customers: contacts with a lead state.
pub static LEADS: Noun = Noun {
    plural: "leads",
    singular: "lead",
    value: "LEAD",
    reference: CONTACTS.reference,
    one: "a lead",
    entity: Entity::Contact,
    about: "People who may become customers",
    flags: CONTACTS.flags,
    columns: &[
        "id",
        "name",
        "company",
        "lead_source",
        "score",
        "lead_state",
        "created_at",
        "owner",
    ],
    only: Some("has:lead_state"),
};

/// Firms.
pub static COMPANIES: Noun = Noun {
    plural: "companies",
    singular: "company",
    value: "COMPANY",
    reference: "Exact name, or id (4 or more characters of it)",
    one: "a company",
    entity: Entity::Company,
    about: "Firms",
    flags: &[
        field("name", &company::NAME, "NAME", "Name"),
        set("domain", Set::Domain, "DOMAIN", "Internet domain"),
        field("industry", &company::INDUSTRY, "TEXT", "Industry"),
        field("size", &company::SIZE, "NUMBER", "Number of employees"),
        field(
            "revenue",
            &company::REVENUE,
            "AMOUNT",
            "Yearly revenue, in the book's currency",
        ),
        field("phone", &company::PHONE, "NUMBER", "Phone number"),
        field("address", &company::ADDRESS, "TEXT", "Street address"),
        field("city", &company::CITY, "CITY", "City"),
        field("country", &company::COUNTRY, "COUNTRY", "Country"),
        field(
            "owner",
            &company::OWNER,
            "REP",
            "Who looks after it; `me` is --as",
        ),
        field(
            "parent",
            &company::PARENT,
            "COMPANY",
            "The company it belongs to",
        ),
        set("tag", Set::Tag, "TAG", "Tag"),
        field("note", &company::NOTE, "TEXT", "What else there is to know"),
    ],
    columns: &["id", "name", "industry", "size", "city", "country", "owner"],
    only: None,
};

/// Chances to sell.
pub static DEALS: Noun = Noun {
    plural: "deals",
    singular: "deal",
    value: "DEAL",
    reference: "Exact title, or id (4 or more characters of it)",
    one: "a deal",
    entity: Entity::Deal,
    about: "Chances to sell",
    flags: &[
        field("title", &deal::TITLE, "TEXT", "What it is about"),
        field("company", &deal::COMPANY, "COMPANY", "With whom"),
        field(
            "contact",
            &deal::CONTACT,
            "CONTACT",
            "The person to talk to",
        ),
        field(
            "stage",
            &deal::STAGE,
            "STAGE",
            "Stage; a new deal begins in the first",
        ),
        field("owner", &deal::OWNER, "REP", "Whose it is; `me` is --as"),
        field("amount", &deal::AMOUNT, "AMOUNT", "42000, 42k or 10k EUR"),
        field(
            "currency",
            &deal::CURRENCY,
            "CODE",
            "Currency of the amount, where it is not the book's",
        ),
        field(
            "expected-close",
            &deal::EXPECTED_CLOSE,
            "DATE",
            "When it should close: 2026-12-18, 18.12., fri, +3w",
        ),
        field(
            "probability",
            &deal::PROBABILITY,
            "PERCENT",
            "Overrides the probability of the stage",
        ),
        field(
            "category",
            &deal::CATEGORY,
            "CATEGORY",
            "Forecast: pipeline, best_case, commit, closed or omitted",
        ),
        field(
            "source",
            &deal::LEAD_SOURCE,
            "TEXT",
            "Where the deal came from",
        ),
        set("tag", Set::Tag, "TAG", "Tag"),
        field("note", &deal::NOTE, "TEXT", "What else there is to know"),
    ],
    columns: &[
        "id",
        "title",
        "company",
        "stage",
        "owner",
        "amount",
        "expected_close",
    ],
    only: None,
};

/// All of them.
pub static NOUNS: &[&Noun] = &[
    &REPS,
    &CONTACTS,
    &LEADS,
    &COMPANIES,
    &DEALS,
    &PRODUCTS,
    &LINES,
    &PIPELINES,
    &STAGES,
    &LOST_REASONS,
    &VIEWS,
    &FIELDS,
    &QUOTAS,
    &RATES,
];

impl Noun {
    /// Several of them, in a sentence: `lost reasons`, `custom fields`.
    #[must_use]
    pub fn many(&self) -> String {
        match self.singular.rsplit_once(' ') {
            Some((first, last)) if self.plural.starts_with(last) => {
                format!("{first} {}", self.plural)
            }
            _ => self.plural.replace('-', " "),
        }
    }

    /// The noun of an entity; `None` for those that the command line does not handle by themselves.
    #[must_use]
    pub fn of(entity: Entity) -> Option<&'static Self> {
        NOUNS.iter().copied().find(|noun| noun.entity == entity)
    }
}

/// Several of an entity, in a sentence: `companies`.
#[must_use]
pub fn plural(entity: Entity) -> String {
    match (Noun::of(entity), entity) {
        (Some(noun), _) => noun.plural.replace('-', " "),
        (None, Entity::Activity) => "activities".to_owned(),
        (None, _) => format!("{}s", spoken(entity)),
    }
}

/// One of an entity, in a sentence: `lost reason`.
#[must_use]
pub fn spoken(entity: Entity) -> String {
    entity.name().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::Care;

    #[test]
    fn every_field_that_an_edit_may_write_has_a_flag() {
        for noun in NOUNS {
            for def in noun.entity.fields() {
                // The order of cards is no business of a shell, the facts of a loss belong to `deals lose`.
                let elsewhere = ["position", "lost_reason", "lost_note"].contains(&def.name);
                let flagged = noun
                    .flags
                    .iter()
                    .any(|flag| matches!(flag.fills, Fills::Field(own) if own == *def));
                let writable = def.care != Care::Kept && !elsewhere;
                assert_eq!(flagged, writable, "{}.{}", noun.entity, def.name);
            }
        }
    }

    #[test]
    fn flags_belong_to_their_noun_and_are_unique() {
        for noun in NOUNS {
            for flag in noun.flags {
                let twins = noun.flags.iter().filter(|other| other.long == flag.long);
                assert_eq!(twins.count(), 1, "--{}", flag.long);
                match flag.fills {
                    Fills::Field(def) => assert_eq!(def.entity, noun.entity),
                    Fills::Set(set) => assert!(set.is_of(noun.entity)),
                }
            }
        }
    }

    #[test]
    fn nouns_are_spoken_of_in_english() {
        assert_eq!(plural(Entity::Company), "companies");
        assert_eq!(plural(Entity::LostReason), "lost reasons");
        assert_eq!(plural(Entity::Activity), "activities");
        for (noun, many) in [
            (&DEALS, "deals"),
            (&LOST_REASONS, "lost reasons"),
            (&FIELDS, "custom fields"),
        ] {
            assert_eq!(noun.many(), many);
        }
    }
}
