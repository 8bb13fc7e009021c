//! The columns of an export: which there are, in which order, under which names.

use std::collections::BTreeSet;

use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set, deal_line};
use crate::domain::records::Record;

/// One column of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// The record's id.
    Id,
    /// When it came into being.
    CreatedAt,
    /// When it was put into the trash.
    TrashedAt,
    /// For a deal: open, won or lost.
    State,
    /// The source it came from.
    Source,
    /// Its key there.
    SourceKey,
    /// A field.
    Field(&'static FieldDef),
    /// The id of the record that a field refers to: of a table, whose cells hold only a name.
    LinkId(&'static FieldDef),
    /// The currency of a line's price, which is its deal's: of a table, whose cells hold a bare decimal.
    Currency,
    /// A set.
    Set(Set),
    /// A custom field, by name.
    Custom(String),
}

/// What is about the book's own workings and says nothing to a reader: the order of cards, search keys.
const INNER: &[&str] = &["position", "name_key", "merged_into"];

/// The references whose records may have namesakes, and how the columns of their ids are called.
const IDS: &[(&str, &str)] = &[
    ("company", "company_id"),
    ("contact", "contact_id"),
    ("deal", "deal_id"),
    ("parent", "parent_id"),
];

/// The set whose column is called so.
#[must_use]
pub fn set_of_column(name: &str) -> Option<Set> {
    let found = SETS.iter().find(|(_, of)| *of == name);
    found.map(|(set, _)| *set)
}

/// How lists of elements are called.
const SETS: &[(Set, &str)] = &[
    (Set::Email, "emails"),
    (Set::Phone, "phones"),
    (Set::Url, "urls"),
    (Set::Domain, "domains"),
    (Set::Tag, "tags"),
];

/// The columns that come first for a noun, by name.
fn first(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::Deal => &[
            "id",
            "title",
            "company",
            "contact",
            "stage",
            "pipeline",
            "owner",
            "amount",
            "expected_close",
            "created_at",
            "closed_at",
            "state",
            "source",
            "source_key",
            "currency",
        ],
        Entity::Contact => &[
            "id",
            "name",
            "emails",
            "phones",
            "company",
            "title",
            "owner",
            "lead_state",
            "created_at",
            "source",
            "source_key",
        ],
        Entity::Company => &[
            "id",
            "name",
            "domains",
            "industry",
            "size",
            "revenue",
            "owner",
            "created_at",
            "source",
            "source_key",
        ],
        Entity::Activity => &[
            "id",
            "kind",
            "subject",
            "contact",
            "company",
            "deal",
            "performer",
            "done_at",
            "due_at",
            "due_date",
            "created_at",
            "source",
            "source_key",
        ],
        _ => &["id", "name"],
    }
}

impl Out {
    /// The name: of the member in JSON, of the column in CSV.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::CreatedAt => "created_at",
            Self::TrashedAt => "trashed_at",
            Self::State => "state",
            Self::Source => "source",
            Self::SourceKey => "source_key",
            Self::Field(field) => field.name,
            Self::LinkId(field) => id_name(field).unwrap_or(field.name),
            Self::Currency => "currency",
            Self::Set(set) => SETS
                .iter()
                .find(|(of, _)| of == set)
                .map_or("", |(_, name)| name),
            Self::Custom(name) => name,
        }
    }
}

/// All columns of a noun but custom fields, in order.
fn own(entity: Entity) -> Vec<Out> {
    own_without(entity, INNER)
}

/// [`columns`] of no records for who reads them back into a book: the order of cards and what a record was merged into as well.
#[must_use]
pub fn book_columns(entity: Entity) -> Vec<Out> {
    own_without(entity, &["name_key"])
}

fn own_without(entity: Entity, left_out: &[&str]) -> Vec<Out> {
    let fields = entity
        .fields()
        .iter()
        .filter(|field| !left_out.contains(&field.name))
        .map(|field| Out::Field(field));
    let sets = SETS
        .iter()
        .filter(|(set, _)| set.is_of(entity))
        .map(|(set, _)| Out::Set(*set));
    let state = (entity == Entity::Deal).then_some(Out::State);
    let mut all: Vec<Out> = std::iter::once(Out::Id)
        .chain(fields)
        .chain(sets)
        .chain(state)
        .chain([Out::CreatedAt, Out::TrashedAt])
        // Where a noun has a field of that name, it is the field.
        .chain(
            [Out::Source, Out::SourceKey]
                .into_iter()
                .filter(|of| entity.field(of.name()).is_none()),
        )
        .collect();
    let first = first(entity);
    all.sort_by_key(|column| {
        first
            .iter()
            .position(|name| *name == column.name())
            .unwrap_or(first.len())
    });
    all
}

/// How the column of the ids is called that a field refers to; `None` where a table has none.
fn id_name(field: &FieldDef) -> Option<&'static str> {
    let is_link = matches!(field.kind, Kind::Ref(_));
    IDS.iter()
        .find(|(name, _)| is_link && *name == field.name)
        .map(|(_, id)| *id)
}

/// [`columns`] for a table of records that have these custom fields: a reference is a name there, and behind it stands the id that tells
/// namesakes apart when the table is imported again. An amount is a decimal there, and somewhere in the row stands its currency, where
/// that may be another than the book's.
#[must_use]
pub fn table_columns(entity: Entity, custom: BTreeSet<String>) -> Vec<Out> {
    let with_more = |column: Out| {
        let more = match &column {
            Out::Field(field) if id_name(field).is_some() => Some(Out::LinkId(field)),
            Out::Field(field) if **field == deal_line::PRICE => Some(Out::Currency),
            _ => None,
        };
        std::iter::once(column).chain(more)
    };
    with_custom(entity, custom).flat_map(with_more).collect()
}

/// The columns of an export of these records: those of the noun, then every custom field that one of them has, by name.
#[must_use]
pub fn columns(entity: Entity, records: &[Record]) -> Vec<Out> {
    let custom = records.iter().flat_map(|record| &record.custom);
    let names = custom.map(|custom| custom.name.clone()).collect();
    with_custom(entity, names).collect()
}

fn with_custom(entity: Entity, names: BTreeSet<String>) -> impl Iterator<Item = Out> {
    own(entity)
        .into_iter()
        .chain(names.into_iter().map(Out::Custom))
}

/// The currency of a line's price; `None` where it has no price.
#[must_use]
pub fn currency_of_line(record: &Record, base: Currency) -> Option<Currency> {
    let price = record.money(&deal_line::PRICE, base);
    price.map(|price| price.currency)
}
