//! What a column of a file becomes.

use crate::domain::nouns::{Entity, FieldDef, Kind, Set};

/// How a cell names another record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// By its name, or for a rep by e-mail.
    Name,
    /// By its key in the same source.
    Key,
    /// By an e-mail address.
    Email,
}

/// A part of something that several columns make up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// A rep's given name.
    Given,
    /// A rep's family name.
    Family,
    /// A line of a street address.
    Street,
    /// A state, province or region.
    State,
    /// A postal code.
    Postcode,
}

/// What a column becomes in a record of the file's noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The record's key in its source.
    Key,
    /// A field.
    Own(&'static FieldDef),
    /// Elements of a set.
    Set(Set),
    /// A reference to another record.
    Link(&'static FieldDef, By),
    /// A part of a name or an address.
    Part(Part),
    /// When the record came into being in the world of sales.
    Created,
    /// The row is deleted in its source.
    Deleted,
    /// A deal's close date: expected while it is open, else when it was closed.
    Close,
    /// When a deal was won or lost.
    Closed,
    /// Whether a deal is open, won or lost.
    Status,
    /// Whether a deal is won.
    IsWon,
    /// Whether a deal is closed.
    IsClosed,
    /// The name of a deal's pipeline.
    Pipeline,
    /// The name of a deal's stage.
    Stage,
    /// A product of a deal.
    Product,
    /// How many of the product.
    Quantity,
    /// At which price each.
    LinePrice,
    /// When an activity is or was.
    At,
    /// Whether an activity is done.
    Done,
    /// How long an activity took, in seconds.
    Seconds,
    /// A field that the team defines.
    Custom,
    /// Nothing: it is about the export itself.
    Ignored,
}

impl Use {
    /// The use that the table of columns calls so, for a noun.
    #[must_use]
    pub fn named(entity: Entity, name: &str) -> Option<Self> {
        Some(match (name, entity) {
            ("key", _) => Self::Key,
            ("created", _) => Self::Created,
            ("deleted", _) => Self::Deleted,
            ("ignored", _) => Self::Ignored,
            ("other" | "custom", _) => Self::Custom,
            ("close", Entity::Deal) => Self::Close,
            ("closed", Entity::Deal) => Self::Closed,
            ("status", Entity::Deal) => Self::Status,
            ("is_won", Entity::Deal) => Self::IsWon,
            ("is_closed", Entity::Deal) => Self::IsClosed,
            ("pipeline", Entity::Deal) => Self::Pipeline,
            ("stage", Entity::Deal) => Self::Stage,
            ("product", Entity::Deal) => Self::Product,
            ("quantity", Entity::Deal) => Self::Quantity,
            ("price", Entity::Deal) => Self::LinePrice,
            ("at", Entity::Activity) => Self::At,
            ("done", Entity::Activity) => Self::Done,
            ("seconds", Entity::Activity) => Self::Seconds,
            ("given", Entity::Rep) => Self::Part(Part::Given),
            ("family", Entity::Rep) => Self::Part(Part::Family),
            ("street", Entity::Contact | Entity::Company) => Self::Part(Part::Street),
            ("state", Entity::Contact | Entity::Company) => Self::Part(Part::State),
            ("postcode", Entity::Contact | Entity::Company) => Self::Part(Part::Postcode),
            _ => return Self::of_field(entity, name),
        })
    }

    fn of_field(entity: Entity, name: &str) -> Option<Self> {
        if let Some(set) = Set::named(name).filter(|set| set.is_of(entity)) {
            return Some(Self::Set(set));
        }
        let (base, by) = match (name.strip_suffix("_key"), name.strip_suffix("_email")) {
            (Some(base), _) => (base, By::Key),
            (_, Some(base)) => (base, By::Email),
            _ => (name, By::Name),
        };
        let field = entity.field(base)?;
        match (field.kind, by) {
            (Kind::Ref(_), _) => Some(Self::Link(field, by)),
            (_, By::Name) => Some(Self::Own(field)),
            _ => None,
        }
    }

    /// The word for people and for `--map`.
    #[must_use]
    pub fn name(self) -> String {
        let word = match self {
            Self::Key => "key",
            Self::Set(set) => set.name(),
            Self::Own(field) | Self::Link(field, By::Name) => field.name,
            Self::Link(field, By::Key) => return format!("{}_key", field.name),
            Self::Link(field, By::Email) => return format!("{}_email", field.name),
            Self::Part(Part::Given) => "given",
            Self::Part(Part::Family) => "family",
            Self::Part(Part::Street) => "street",
            Self::Part(Part::State) => "state",
            Self::Part(Part::Postcode) => "postcode",
            Self::Created => "created",
            Self::Deleted => "deleted",
            Self::Close => "close",
            Self::Closed => "closed",
            Self::Status => "status",
            Self::IsWon => "is_won",
            Self::IsClosed => "is_closed",
            Self::Pipeline => "pipeline",
            Self::Stage => "stage",
            Self::Product => "product",
            Self::Quantity => "quantity",
            Self::LinePrice => "price",
            Self::At => "at",
            Self::Done => "done",
            Self::Seconds => "seconds",
            Self::Custom => "custom",
            Self::Ignored => "ignored",
        };
        word.to_owned()
    }

    /// Whether several columns may have this use: elements of sets, lines of an address, closing dates (won, lost), custom fields.
    #[must_use]
    pub const fn takes_many(self) -> bool {
        matches!(
            self,
            Self::Set(_) | Self::Part(Part::Street) | Self::Closed | Self::Custom | Self::Ignored
        )
    }
}

/// The nouns that an import can take, with the word of `--into`.
pub const NOUNS: &[(Entity, &str)] = &[
    (Entity::Rep, "reps"),
    (Entity::Company, "companies"),
    (Entity::Contact, "contacts"),
    (Entity::Product, "products"),
    (Entity::Deal, "deals"),
    (Entity::Activity, "activities"),
];

/// The noun of a word of `--into`, in the plural or the singular.
#[must_use]
pub fn noun(word: &str) -> Option<Entity> {
    NOUNS
        .iter()
        .find(|(entity, plural)| *plural == word || entity.name() == word)
        .map(|(entity, _)| *entity)
}

/// The plural of a noun.
#[must_use]
pub fn plural(entity: Entity) -> &'static str {
    NOUNS
        .iter()
        .find(|(known, _)| *known == entity)
        .map_or_else(|| entity.name(), |(_, plural)| plural)
}
