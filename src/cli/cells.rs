//! The columns of lists: which there are, and what a record shows in them to people.

use super::fault::Fault;
use super::nouns::Noun;
use super::table::{Side, UNKNOWN};
use crate::domain::filter::nearest;
use crate::domain::money::{Currency, Money, grouped};
use crate::domain::nouns::{Entity, FieldDef, Kind, Set};
use crate::domain::records::Record;
use crate::domain::time::{Instant, Zone};
use crate::domain::value::Value;

/// One column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The id.
    Id,
    /// When the record came into being.
    Created,
    /// When it was put into the trash.
    Trashed,
    /// Open, won or lost.
    State,
    /// Where it came from.
    Source,
    /// Its key there.
    SourceKey,
    /// The `seq` of its last change.
    Version,
    /// A field.
    Field(&'static FieldDef),
    /// A set.
    Set(Set),
}

/// Columns that are no fields, by name.
const OTHERS: &[(&str, Column)] = &[
    ("id", Column::Id),
    ("created_at", Column::Created),
    ("trashed_at", Column::Trashed),
    ("source", Column::Source),
    ("source_key", Column::SourceKey),
    ("version", Column::Version),
];

const SETS: &[Set] = &[Set::Email, Set::Phone, Set::Url, Set::Domain, Set::Tag];

impl Column {
    /// The column of a noun that is called so.
    #[must_use]
    pub fn named(entity: Entity, name: &str) -> Option<Self> {
        if name == "state" && entity == Entity::Deal {
            return Some(Self::State);
        }
        if let Some((_, column)) = OTHERS.iter().find(|(known, _)| *known == name) {
            return Some(*column);
        }
        let plain = if name == "tags" { "tag" } else { name };
        if let Some(set) = Set::named(plain).filter(|set| set.is_of(entity)) {
            return Some(Self::Set(set));
        }
        entity.field(name).map(Self::Field)
    }

    /// All columns of a noun, in order.
    #[must_use]
    pub fn all(entity: Entity) -> Vec<(&'static str, Self)> {
        let fields = entity
            .fields()
            .iter()
            .map(|def| (def.name, Self::Field(def)));
        let sets = SETS
            .iter()
            .filter(|set| set.is_of(entity))
            .map(|set| (set.name(), Self::Set(*set)));
        let state = (entity == Entity::Deal).then_some(("state", Self::State));
        OTHERS
            .iter()
            .copied()
            .take(1)
            .chain(fields)
            .chain(sets)
            .chain(state)
            .chain(OTHERS.iter().copied().skip(1))
            .collect()
    }

    /// Where its values stand.
    #[must_use]
    pub fn side(self) -> Side {
        match self {
            Self::Version => Side::Right,
            Self::Id | Self::Created | Self::Trashed => Side::Whole,
            Self::Field(def) if is_figure(def.kind) => Side::Right,
            Self::Field(def) if matches!(def.kind, Kind::Date | Kind::Instant) => Side::Whole,
            _ => Side::Left,
        }
    }
}

const fn is_figure(kind: Kind) -> bool {
    matches!(kind, Kind::Number | Kind::Money | Kind::Percent)
}

/// Reads `--fields a,b`.
pub fn parse_columns(noun: &Noun, names: &[String]) -> Result<Vec<(String, Column)>, Fault> {
    names
        .iter()
        .map(|name| name.trim().to_lowercase().replace('-', "_"))
        .filter(|name| !name.is_empty())
        .map(|name| match Column::named(noun.entity, &name) {
            Some(column) => Ok((name, column)),
            None => Err(no_such_field(noun, &name)),
        })
        .collect()
}

fn no_such_field(noun: &Noun, name: &str) -> Fault {
    let names: Vec<&str> = Column::all(noun.entity)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let fault = Fault::usage(format!("{} have no field `{name}`.", noun.plural)).at("fields");
    match nearest(name, names.iter().copied()) {
        Some(near) => fault.hint(format!("Did you mean `{near}`?")),
        None => fault.hint(format!("There are {}.", names.join(", "))),
    }
}

/// How values are worded.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The book's currency: it goes without saying.
    pub base: Currency,
    /// The zone of moments.
    pub zone: Zone,
    /// For people: grouped digits, `—` for what is unknown. Else plain values, nothing for what is unknown.
    pub people: bool,
}

impl Wording {
    /// What a record shows in a column.
    #[must_use]
    pub fn cell(self, record: &Record, column: Column) -> String {
        let text = match column {
            Column::Id => Some(record.id.to_string()),
            Column::Created => record.created_at.map(|at| self.moment(at)),
            Column::Trashed => record.trashed_at.map(|at| self.moment(at)),
            Column::State => record.state.map(|state| state.name().to_owned()),
            Column::Source => record.source.as_ref().map(|(source, _)| source.clone()),
            Column::SourceKey => record.source.as_ref().map(|(_, key)| key.clone()),
            Column::Version => Some(record.seq.to_string()),
            Column::Set(set) => Some(record.set(set).join(", ")).filter(|text| !text.is_empty()),
            Column::Field(def) => self.field(record, def),
        };
        match text {
            Some(text) => text,
            None if self.people => UNKNOWN.to_owned(),
            None => String::new(),
        }
    }

    fn field(self, record: &Record, def: &'static FieldDef) -> Option<String> {
        if def.kind == Kind::Money {
            return record.money(def, self.base).map(|money| self.money(money));
        }
        if let Kind::Ref(_) = def.kind {
            return record.link::<()>(def).map(|link| link.name);
        }
        self.value(def.kind, record.get(def))
    }

    /// A value of a kind; references are shown by id here.
    #[must_use]
    pub fn value(self, kind: Kind, value: &Value) -> Option<String> {
        match (kind, value) {
            (_, Value::Null) => None,
            (Kind::Number, Value::Int(number)) if self.people => Some(grouped(*number)),
            (Kind::Percent, Value::Int(percent)) if self.people => Some(format!("{percent} %")),
            (Kind::Instant, Value::Int(millis)) => Some(self.moment(Instant::from_millis(*millis))),
            (Kind::Flag, Value::Int(flag)) => {
                Some(if *flag == 0 { "no" } else { "yes" }.to_owned())
            }
            (Kind::Money, Value::Int(minor)) => Some(self.money(Money::new(*minor, self.base))),
            (Kind::Ref(_) | Kind::AnyRef, Value::Int(raw)) => {
                Some(crate::domain::id::RecordId::from_raw(*raw).to_string())
            }
            (_, Value::Int(number)) => Some(number.to_string()),
            (_, Value::Text(text)) => Some(text.clone()),
        }
    }

    /// An amount; its currency is named where it is not the book's.
    #[must_use]
    pub fn money(self, money: Money) -> String {
        let figure = if self.people {
            money.grouped()
        } else {
            money.decimal()
        };
        if money.currency == self.base {
            figure
        } else {
            format!("{} {figure}", money.currency)
        }
    }

    /// A moment on the wall clock of the zone, or in full for programs.
    #[must_use]
    pub fn moment(self, at: Instant) -> String {
        if self.people {
            at.local(self.zone).format("%Y-%m-%d %H:%M").to_string()
        } else {
            at.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::nouns::{CONTACTS, DEALS, NOUNS};
    use crate::domain::id::RecordId;
    use crate::domain::nouns::deal;

    fn deal(set: &[(&'static FieldDef, Value)]) -> Record {
        let fields = Entity::Deal.fields();
        let value = |def: &&'static FieldDef| {
            set.iter()
                .find(|(own, _)| own == def)
                .map_or(Value::Null, |(_, value)| value.clone())
        };
        Record {
            entity: Entity::Deal,
            id: RecordId::from_raw(7),
            created_at: None,
            trashed_at: None,
            values: fields.iter().map(value).collect(),
            names: fields
                .iter()
                .map(|def| (**def == deal::COMPANY).then(|| "Alpina AG".to_owned()))
                .collect(),
            custom: vec![],
            sets: vec![(Set::Tag, vec!["vip".into(), "fair".into()])],
            source: None,
            state: None,
            seq: 1,
        }
    }

    fn wording(people: bool) -> Wording {
        Wording {
            base: "CHF".parse().unwrap(),
            zone: chrono_tz::Europe::Zurich,
            people,
        }
    }

    #[test]
    fn amounts_name_their_currency_where_it_is_not_the_books() {
        let record = deal(&[
            (&deal::AMOUNT, 4_200_000.into()),
            (&deal::CURRENCY, "EUR".into()),
        ]);
        let cell = |people| wording(people).cell(&record, Column::Field(&deal::AMOUNT));
        assert_eq!(cell(true), "EUR 42,000.00");
        assert_eq!(cell(false), "EUR 42000.00");
    }

    #[test]
    fn unknown_is_neither_zero_nor_empty_to_people() {
        let record = deal(&[]);
        let amount = Column::Field(&deal::AMOUNT);
        assert_eq!(wording(true).cell(&record, amount), "—");
        assert_eq!(wording(false).cell(&record, amount), "");
    }

    #[test]
    fn links_show_names_and_sets_their_elements() {
        let record = deal(&[(&deal::COMPANY, 9.into())]);
        let cell = |column| wording(true).cell(&record, column);
        assert_eq!(cell(Column::Field(&deal::COMPANY)), "Alpina AG");
        assert_eq!(cell(Column::Set(Set::Tag)), "vip, fair");
    }

    #[test]
    fn every_listed_column_exists() {
        for noun in NOUNS {
            for name in noun.columns {
                assert!(Column::named(noun.entity, name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn a_slip_in_a_field_name_gets_the_nearest_one() {
        let fault = parse_columns(&DEALS, &["amuont".into()]).unwrap_err();
        assert_eq!(fault.hint.as_deref(), Some("Did you mean `amount`?"));
        assert!(
            parse_columns(
                &CONTACTS,
                &["id".into(), "tags".into(), "lead-state".into()]
            )
            .is_ok()
        );
    }
}
