//! The nouns of the book and the fields of each: the one table that commands, forms, imports, exports and the store go by.
//!
//! The store's schema has a table per noun with these columns (a test there holds the two together). Tags, e-mail addresses,
//! phones and domains are not fields but sets: they change element by element ([`Set`]). What a command names may also be a custom
//! field ([`Field`]).

mod named;
mod set;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use named::Field;
pub use set::Set;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// A user: seller, lead or service.
    Rep,
    /// A person.
    Contact,
    /// A firm.
    Company,
    /// A row of stages.
    Pipeline,
    /// A column of a pipeline.
    Stage,
    /// A chance to sell.
    Deal,
    /// Something that is sold.
    Product,
    /// One product of one deal.
    DealLine,
    /// A call, mail, meeting, note or task.
    Activity,
    /// Why deals are lost.
    LostReason,
    /// A custom field.
    Field,
    /// A record as it came from a source, with its key there.
    SourceRecord,
    /// A link to a record that has not been found yet.
    PendingLink,
    /// One run of the importer.
    Import,
    /// What a screen shows, kept under a name: filter, columns, order.
    View,
    /// What a rep is to win in a period.
    Quota,
    /// What one unit of a currency is worth from a day on.
    Rate,
}

/// How a field's value is kept and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Text of several lines.
    Block,
    /// A whole number.
    Number,
    /// Minor units; the currency stands in the record's `currency` field, for a line in that of its deal, or is the book's.
    Money,
    /// An ISO 4217 code.
    Currency,
    /// Whole percent, 0 to 100.
    Percent,
    /// A date without time, `YYYY-MM-DD`.
    Date,
    /// Milliseconds UTC.
    Instant,
    /// Yes (1) or no (0).
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A record of that noun.
    Ref(Entity),
    /// The raw id of a record whose noun stands in another field.
    AnyRef,
    /// A JSON document.
    Json,
    /// Names of fields of a deal, a JSON list.
    Fields,
}

impl Kind {
    /// Whether its values are figures, which stand at the right of a column.
    #[must_use]
    pub const fn is_figure(self) -> bool {
        matches!(self, Self::Number | Self::Money | Self::Percent)
    }
}

/// Who may write a field, and whether a stale writer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Compared with the base value that its editor saw.
    Compared,
    /// The last writer wins, silently: the order of cards.
    Loose,
    /// Written by the book's own rules (facts of the close, last touch), never by an edit.
    Kept,
}

/// One field of one noun.
#[derive(Debug)]
pub struct FieldDef {
    /// The noun.
    pub entity: Entity,
    /// The column, the name in JSON, on the command line and in the filter.
    pub name: &'static str,
    /// How its value is kept.
    pub kind: Kind,
    /// Who may write it.
    pub care: Care,
    /// Whether a record must have it.
    pub required: bool,
    /// The minor of the schema that brought it: in a book of an older one it is unknown, and cannot be set.
    pub since: u32,
}

impl FieldDef {
    const fn new(entity: Entity, name: &'static str, kind: Kind) -> Self {
        Self {
            entity,
            name,
            kind,
            care: Care::Compared,
            required: false,
            since: 0,
        }
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn loose(mut self) -> Self {
        self.care = Care::Loose;
        self
    }

    const fn since_1_1(mut self) -> Self {
        self.since = 1;
        self
    }

    const fn kept(mut self) -> Self {
        self.care = Care::Kept;
        self
    }
}

impl PartialEq for FieldDef {
    fn eq(&self, other: &Self) -> bool {
        self.entity == other.entity && self.name == other.name
    }
}
impl Eq for FieldDef {}

/// Names every field of a noun as a static, and all of them in order: a function cannot make statics.
macro_rules! fields {
    ($(#[$doc:meta])* $module:ident, $entity:expr, $( $constant:ident = $name:literal $kind:expr $(, $rule:ident)* ;)*) => {
        $(#[$doc])*
        pub mod $module {
            #![allow(missing_docs, clippy::allow_attributes, clippy::wildcard_imports, unused_imports, reason = "a table: every name is its own column")]
            use super::{Entity, Entity::*, FieldDef, Kind::*};
            $( pub static $constant: FieldDef = FieldDef::new($entity, $name, $kind)$(.$rule())*; )*
            pub static ALL: &[&FieldDef] = &[$( &$constant ),*];
        }
    };
}

/// What a rep does here.
pub const ROLES: &[&str] = &["seller", "lead", "service"];
/// The states of a lead; a contact without one is no lead.
pub const LEAD_STATES: &[&str] = &["new", "working", "nurturing", "qualified", "dropped"];
/// What being in a stage means for a deal.
pub const STAGE_KINDS: &[&str] = &["open", "won", "lost"];
/// Forecast categories (reports: Categories).
pub const CATEGORIES: &[&str] = &["pipeline", "best_case", "commit", "closed", "omitted"];
/// Kinds of activity.
pub const ACTIVITY_KINDS: &[&str] = &["call", "mail", "meeting", "note", "task"];
/// The screens that have views of their own.
pub const VIEW_SCREENS: &[&str] = &["leads", "pipeline", "contacts", "companies"];
/// Who began a call or mail.
pub const DIRECTIONS: &[&str] = &["in", "out"];

fields! { /// Fields of a rep.
    rep, Rep,
    NAME = "name" Line, required; EMAIL = "email" Line; INITIALS = "initials" Line; ROLE = "role" Choice(super::ROLES);
    MANAGER = "manager" Line; REGION = "region" Line; ACTIVE = "active" Flag;
}
fields! { /// Fields of a contact.
    contact, Contact,
    NAME = "name" Line, required; PREFIX = "prefix" Line; GIVEN = "given" Line; MIDDLE = "middle" Line; FAMILY = "family" Line;
    SUFFIX = "suffix" Line; TITLE = "title" Line; COMPANY = "company" Ref(Company); OWNER = "owner" Ref(Rep);
    LEAD_STATE = "lead_state" Choice(super::LEAD_STATES); DROP_REASON = "drop_reason" Line; LEAD_SOURCE = "lead_source" Line;
    LANGUAGE = "language" Line; ZONE = "zone" Line; ADDRESS = "address" Block; CITY = "city" Line; COUNTRY = "country" Line;
    NOTE = "note" Block; SCORE = "score" Number, kept; LAST_TOUCH = "last_touch" Instant, kept; MERGED_INTO = "merged_into" Ref(Contact), kept;
}
fields! { /// Fields of a company.
    company, Company,
    NAME = "name" Line, required; NAME_KEY = "name_key" Line, kept; INDUSTRY = "industry" Line; SIZE = "size" Number;
    REVENUE = "revenue" Money; ADDRESS = "address" Block; CITY = "city" Line; COUNTRY = "country" Line; PHONE = "phone" Line;
    OWNER = "owner" Ref(Rep); PARENT = "parent" Ref(Company); NOTE = "note" Block; MERGED_INTO = "merged_into" Ref(Company), kept;
}
fields! { /// Fields of a pipeline.
    pipeline, Pipeline,
    NAME = "name" Line, required; POSITION = "position" Number, loose;
}
fields! { /// Fields of a stage.
    stage, Stage,
    NAME = "name" Line, required; PIPELINE = "pipeline" Ref(Pipeline), required; POSITION = "position" Number, loose;
    KIND = "kind" Choice(super::STAGE_KINDS), required; PROBABILITY = "probability" Percent; ROT_DAYS = "rot_days" Number;
    CATEGORY = "category" Choice(super::CATEGORIES); ARCHIVED = "archived" Flag;
    REQUIRED = "required" Fields, since_1_1;
}
fields! { /// Fields of a deal.
    deal, Deal,
    TITLE = "title" Line, required; COMPANY = "company" Ref(Company); CONTACT = "contact" Ref(Contact); PIPELINE = "pipeline" Ref(Pipeline), required, kept;
    STAGE = "stage" Ref(Stage), required; OWNER = "owner" Ref(Rep); AMOUNT = "amount" Money; CURRENCY = "currency" Currency, required;
    PROBABILITY = "probability" Percent; CATEGORY = "category" Choice(super::CATEGORIES); EXPECTED_CLOSE = "expected_close" Date;
    CLOSED_AT = "closed_at" Instant, kept; CLOSE_OWNER = "close_owner" Ref(Rep), kept; CLOSE_AMOUNT = "close_amount" Money, kept;
    CLOSE_CURRENCY = "close_currency" Currency, kept; CLOSE_RATE = "close_rate" Number, kept; CLOSE_BASE = "close_base" Money, kept;
    LOST_REASON = "lost_reason" Ref(LostReason); LOST_NOTE = "lost_note" Block; LEAD_SOURCE = "lead_source" Line; NOTE = "note" Block;
    POSITION = "position" Line, loose; LAST_TOUCH = "last_touch" Instant, kept; NEXT_STEP = "next_step" Ref(Activity), kept;
}
fields! { /// Fields of a product.
    product, Product,
    NAME = "name" Line, required; CODE = "code" Line; FAMILY = "family" Line; PRICE = "price" Money; CURRENCY = "currency" Currency, required;
}
fields! { /// Fields of a deal's line.
    deal_line, DealLine,
    DEAL = "deal" Ref(Deal), required; PRODUCT = "product" Ref(Product); TEXT = "text" Line; QUANTITY = "quantity" Number;
    PRICE = "price" Money; POSITION = "position" Number, loose;
}
fields! { /// Fields of an activity.
    activity, Activity,
    KIND = "kind" Choice(super::ACTIVITY_KINDS), required; DIRECTION = "direction" Choice(super::DIRECTIONS); SUBJECT = "subject" Line;
    BODY = "body" Block; OUTCOME = "outcome" Line; MINUTES = "minutes" Number; CONTACT = "contact" Ref(Contact); COMPANY = "company" Ref(Company);
    DEAL = "deal" Ref(Deal); PERFORMER = "performer" Ref(Rep); DUE_AT = "due_at" Instant; DUE_DATE = "due_date" Date; DONE_AT = "done_at" Instant;
}
fields! { /// Fields of a lost reason.
    lost_reason, LostReason,
    NAME = "name" Line, required; REAL = "real" Flag, required; POSITION = "position" Number, loose;
}
fields! { /// Fields of a custom field.
    field, Field,
    ENTITY = "entity" Line, required; NAME = "name" Line, required; KIND = "kind" Line, required; CHOICES = "choices" Json;
}
fields! { /// Fields of a source record.
    source_record, SourceRecord,
    SOURCE = "source" Line, required; KEY = "key" Line, required; ENTITY = "entity" Line, required; RECORD = "record" AnyRef;
    RAW = "raw" Json; IMPORT = "import" Ref(Import);
}
fields! { /// Fields of a pending link.
    pending_link, PendingLink,
    ENTITY = "entity" Line, required; RECORD = "record" AnyRef, required; FIELD = "field" Line, required; TARGET = "target" Line, required;
    SOURCE = "source" Line; TEXT = "text" Line, required; SUGGESTION = "suggestion" AnyRef;
}
fields! { /// Fields of an import.
    import, Import,
    FILE = "file" Line, required; HASH = "hash" Line, required; KIND = "kind" Line, required; SOURCE = "source" Line; MAPPING = "mapping" Json;
    COUNTS = "counts" Json; STATE = "state" Choice(&["running", "done", "undone"]), required;
}
fields! { /// Fields of a view.
    view, View,
    SCREEN = "screen" Choice(super::VIEW_SCREENS), required; NAME = "name" Line, required; FILTER = "filter" Line; COLUMNS = "columns" Line;
    SORT = "sort" Line; OWNER = "owner" Ref(Rep); SHARED = "shared" Flag, required;
}
fields! { /// Fields of a quota: the amount is in the book's currency, the ramp is how much of it counts.
    quota, Quota,
    REP = "rep" Ref(Rep), required, since_1_1; PERIOD = "period" Line, required, since_1_1; AMOUNT = "amount" Money, required, since_1_1;
    RAMP = "ramp" Percent, since_1_1; VALID_FROM = "valid_from" Instant, required, kept, since_1_1;
}
fields! { /// Fields of a rate: millionths of the book's currency for one unit, from that date on.
    rate, Rate,
    CURRENCY = "currency" Currency, required, since_1_1; DATE = "date" Date, required, since_1_1; RATE = "rate" Number, required, since_1_1;
}

/// Every noun that commands can make and change.
pub const ENTITIES: &[Entity] = &[
    Entity::Rep,
    Entity::Contact,
    Entity::Company,
    Entity::Pipeline,
    Entity::Stage,
    Entity::Deal,
    Entity::Product,
    Entity::DealLine,
    Entity::Activity,
    Entity::LostReason,
    Entity::Field,
    Entity::SourceRecord,
    Entity::PendingLink,
    Entity::Import,
    Entity::View,
    Entity::Quota,
    Entity::Rate,
];

impl Entity {
    /// The noun in the singular, which is also its table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rep => "rep",
            Self::Contact => "contact",
            Self::Company => "company",
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Deal => "deal",
            Self::Product => "product",
            Self::DealLine => "deal_line",
            Self::Activity => "activity",
            Self::LostReason => "lost_reason",
            Self::Field => "field",
            Self::SourceRecord => "source_record",
            Self::PendingLink => "pending_link",
            Self::Import => "import",
            Self::View => "view",
            Self::Quota => "quota",
            Self::Rate => "rate",
        }
    }

    /// Its fields, in the order of its columns.
    #[must_use]
    pub fn fields(self) -> &'static [&'static FieldDef] {
        match self {
            Self::Rep => rep::ALL,
            Self::Contact => contact::ALL,
            Self::Company => company::ALL,
            Self::Pipeline => pipeline::ALL,
            Self::Stage => stage::ALL,
            Self::Deal => deal::ALL,
            Self::Product => product::ALL,
            Self::DealLine => deal_line::ALL,
            Self::Activity => activity::ALL,
            Self::LostReason => lost_reason::ALL,
            Self::Field => field::ALL,
            Self::SourceRecord => source_record::ALL,
            Self::PendingLink => pending_link::ALL,
            Self::Import => import::ALL,
            Self::View => view::ALL,
            Self::Quota => quota::ALL,
            Self::Rate => rate::ALL,
        }
    }

    /// The field of that name.
    #[must_use]
    pub fn field(self, name: &str) -> Option<&'static FieldDef> {
        self.fields()
            .iter()
            .copied()
            .find(|field| field.name == name)
    }

    /// The minor of the schema that brought the noun: a book of an older one has no such records, and takes none.
    #[must_use]
    pub fn since(self) -> u32 {
        let minors = self.fields().iter().map(|def| def.since);
        minors.min().unwrap_or(0)
    }

    /// The field that names a record of this noun to people.
    #[must_use]
    pub const fn label_field(self) -> Option<&'static str> {
        match self {
            Self::Deal => Some("title"),
            Self::Activity => Some("subject"),
            Self::Rep
            | Self::Contact
            | Self::Company
            | Self::Pipeline
            | Self::Stage
            | Self::Product
            | Self::LostReason
            | Self::Field
            | Self::View => Some("name"),
            Self::DealLine
            | Self::SourceRecord
            | Self::PendingLink
            | Self::Import
            | Self::Quota
            | Self::Rate => None,
        }
    }

    /// Whether its records can carry custom fields: a column `custom` with a JSON object keyed by field id.
    #[must_use]
    pub const fn has_custom(self) -> bool {
        matches!(
            self,
            Self::Rep | Self::Contact | Self::Company | Self::Deal | Self::Product | Self::Activity
        )
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Entity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ENTITIES
            .iter()
            .copied()
            .find(|entity| entity.name() == text)
            .ok_or_else(|| format!("`{text}` is not a noun of the book"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        for entity in ENTITIES {
            assert_eq!(entity.name().parse(), Ok(*entity));
            for field in entity.fields() {
                assert_eq!(field.entity, *entity);
                assert_eq!(
                    entity
                        .fields()
                        .iter()
                        .filter(|other| other.name == field.name)
                        .count(),
                    1,
                    "{entity}.{}",
                    field.name
                );
                assert!(
                    Set::named(field.name).is_none_or(|set| !set.is_of(*entity)),
                    "{entity}.{} is a field and a set",
                    field.name
                );
            }
        }
    }
}
