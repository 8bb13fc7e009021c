//! The columns of lists: which there are, and what a record shows in them.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Value as Json, json};

use super::desk::Desk;
use super::fault::Fault;
use super::nouns::Noun;
use super::table::{Side, UNKNOWN};
use super::values;
use crate::domain::custom::CustomKind;
use crate::domain::filter::nearest;
use crate::domain::id::{Id, RecordId};
use crate::domain::money::{Currency, Money, rate_text};
use crate::domain::nouns::{Entity, FieldDef, Kind, rate};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::domain::shown::{Showing, show};
use crate::domain::time::{Instant, Zone};
use crate::domain::value::Value;
use crate::domain::view::SavedView;
use crate::exchange::write::{
    Out, cell, columns, columns_json, currency_of_line, table_columns, whole_json,
};

/// So many characters of an id are shown in lists for people: enough to name the record by.
const SHORT_ID: usize = 8;
/// The name of [`Column::Version`].
const VERSION: &str = "version";
/// The name of [`Column::Pipeline`].
const PIPELINE: &str = "pipeline";
/// In a table, instead of the name of a pipeline that is not in the book any more.
const GONE: &str = "(gone)";

/// The book's pipelines by name, for what refers to one from within a line of text.
pub type Pipelines = Rc<[(RecordId, String)]>;

/// One column of a list: what an export has, the record's version, and for a view its pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// One that an export has, too.
    Of(Out),
    /// A custom field, as an export has it, and what it holds.
    Custom(Out, CustomKind),
    /// The `seq` of the record's last change, for `--if-version`.
    Version,
    /// The pipeline that a view of a board shows. In the book it stands among the view's columns, by its id; see
    /// [`learn`](Self::learn).
    Pipeline(Pipelines),
}

impl Column {
    /// The column of a noun that is called so, custom fields aside. The singular of a set is as good: `tag`, `email`.
    #[must_use]
    pub fn named(entity: Entity, name: &str) -> Option<Self> {
        match name {
            VERSION => return Some(Self::Version),
            PIPELINE if entity == Entity::View => {
                return Some(Self::Pipeline(Pipelines::default()));
            }
            _ => {}
        }
        table_columns(entity, BTreeSet::new())
            .into_iter()
            .find(|column| match column {
                Out::Set(set) => name == set.name() || name == column.name(),
                other => name == other.name(),
            })
            .map(Self::Of)
    }

    /// All columns of a noun but custom fields, in order.
    #[must_use]
    pub fn all(entity: Entity) -> Vec<Self> {
        let own = columns(entity, &[]).into_iter().map(Self::Of);
        let pipeline = (entity == Entity::View).then(|| Self::Pipeline(Pipelines::default()));
        own.chain(pipeline).chain([Self::Version]).collect()
    }

    /// [`all`](Self::all), with what they need beside what is in a record.
    ///
    /// # Errors
    /// Of the book.
    pub fn all_learned(desk: &mut Desk, entity: Entity) -> Result<Vec<Self>, Fault> {
        let mut columns = Self::all(entity);
        Self::learn(desk, &mut columns)?;
        Ok(columns)
    }

    /// Looks the names up that the columns need beside what is in a record.
    ///
    /// # Errors
    /// Of the book.
    pub fn learn(desk: &mut Desk, columns: &mut [Self]) -> Result<(), Fault> {
        for column in columns {
            if let Self::Pipeline(names) = column {
                let all = desk.all(Entity::Pipeline, &["position"])?;
                *names = all.iter().map(|found| (found.id, found.name())).collect();
            }
        }
        Ok(())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Of(out) | Self::Custom(out, _) => out.name(),
            Self::Version => VERSION,
            Self::Pipeline(_) => PIPELINE,
        }
    }

    /// Where its values stand.
    #[must_use]
    pub const fn side(&self) -> Side {
        match self {
            Self::Version => Side::Right,
            Self::Of(Out::Id | Out::CreatedAt | Out::TrashedAt) => Side::Whole,
            Self::Of(Out::Field(def)) => side(def.kind),
            Self::Custom(_, kind) => side(kind.kind()),
            Self::Of(_) | Self::Pipeline(_) => Side::Left,
        }
    }

    /// What a program reads of a record in a table.
    #[must_use]
    pub fn plain(&self, record: &Record, base: Currency) -> String {
        match self {
            Self::Of(out) | Self::Custom(out, _) => cell(record, out, base),
            Self::Version => record.seq.to_string(),
            Self::Pipeline(names) => match shown_pipeline(record, names) {
                Some((_, Some(name))) => name.to_owned(),
                Some((id, None)) => id.to_string(),
                None => String::new(),
            },
        }
    }
}

/// The pipeline that a view of a board shows, and its name where the book has it.
fn shown_pipeline<'a>(
    record: &Record,
    names: &'a Pipelines,
) -> Option<(RecordId, Option<&'a str>)> {
    let id = SavedView::of(record).setup.ok()?.pipeline.map(Id::record)?;
    let found = names.iter().find(|(known, _)| *known == id);
    Some((id, found.map(|(_, name)| name.as_str())))
}

/// Where the values of a kind stand.
const fn side(kind: Kind) -> Side {
    match kind {
        Kind::Date | Kind::Instant => Side::Whole,
        kind if kind.is_figure() => Side::Right,
        _ => Side::Left,
    }
}

/// Reads `--fields a,b`; the columns have [learned](Column::learn) what they need.
pub fn parse_columns(desk: &mut Desk, noun: &Noun, names: &[String]) -> Result<Vec<Column>, Fault> {
    let mut asked = Vec::new();
    for typed in names.iter().map(|name| name.trim()) {
        if typed.is_empty() {
            continue;
        }
        let name = typed.to_lowercase().replace('-', "_");
        match Column::named(noun.entity, &name) {
            Some(column) => asked.push(column),
            None => asked.push(custom(desk, noun, typed)?),
        }
    }
    Column::learn(desk, &mut asked)?;
    Ok(asked)
}

/// The custom field of a noun that is called so.
fn custom(desk: &mut Desk, noun: &Noun, name: &str) -> Result<Column, Fault> {
    let own = values::custom_of(desk, noun.entity)?;
    if let Some(found) = own.iter().find(|own| own.name.eq_ignore_ascii_case(name)) {
        let out = Out::Custom(found.name.clone());
        return Ok(Column::Custom(out, found.kind));
    }
    let known = Column::all(noun.entity);
    let names: Vec<&str> = known
        .iter()
        .map(Column::name)
        .chain(own.iter().map(|field| field.name.as_str()))
        .collect();
    let fault = Fault::usage(format!("{} have no field `{name}`.", noun.plural)).at("fields");
    Err(match nearest(name, names.iter().copied()) {
        Some(near) => fault.hint(format!("Did you mean `{near}`?")),
        None => fault.hint(format!("There are {}.", names.join(", "))),
    })
}

/// How records of a noun are written as JSON: whole, or only these columns.
#[derive(Clone, Debug)]
pub struct Objects {
    whole: bool,
    out: Vec<Out>,
    version: bool,
    pipelines: Option<Pipelines>,
    base: Currency,
}

impl Objects {
    /// The columns that were asked for, which have [learned](Column::learn) what they need, or all and the version where none were.
    ///
    /// # Errors
    /// Of the book.
    pub fn new(desk: &mut Desk, entity: Entity, asked: &[Column]) -> Result<Self, Fault> {
        let base = desk.info.base;
        Ok(if asked.is_empty() {
            Self::of(true, &Column::all_learned(desk, entity)?, base)
        } else {
            Self::of(false, asked, base)
        })
    }

    fn of(whole: bool, columns: &[Column], base: Currency) -> Self {
        let out = columns.iter().filter_map(|column| match column {
            Column::Of(out) | Column::Custom(out, _) => Some(out.clone()),
            Column::Version | Column::Pipeline(_) => None,
        });
        let pipelines = columns.iter().find_map(|column| match column {
            Column::Pipeline(names) => Some(names.clone()),
            Column::Of(_) | Column::Custom(..) | Column::Version => None,
        });
        Self {
            whole,
            out: out.collect(),
            version: columns.contains(&Column::Version),
            pipelines,
            base,
        }
    }

    /// One record.
    #[must_use]
    pub fn object(&self, record: &Record) -> Json {
        let mut object = if self.whole {
            whole_json(record, &self.out, self.base)
        } else {
            columns_json(record, &self.out, self.base).into()
        };
        if let Some(names) = &self.pipelines {
            object[PIPELINE] = match shown_pipeline(record, names) {
                Some((id, name)) => json!({"id": id, "name": name}),
                None => Json::Null,
            };
        }
        if self.version {
            object[VERSION] = json!(record.seq);
        }
        object
    }
}

/// How values are worded for people in a table: short, in the zone of the run, `—` for what is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The book's currency: it goes without saying.
    pub base: Currency,
    /// The zone of moments.
    pub zone: Zone,
}

impl Wording {
    /// What a record shows in a column.
    #[must_use]
    pub fn cell(self, record: &Record, column: &Column) -> String {
        let text = match column {
            Column::Version => Some(record.seq.to_string()),
            Column::Of(out) | Column::Custom(out, _) => self.known(record, out),
            Column::Pipeline(names) => {
                shown_pipeline(record, names).map(|(_, name)| name.unwrap_or(GONE).to_owned())
            }
        };
        text.unwrap_or_else(|| UNKNOWN.to_owned())
    }

    /// [`cell`](Self::cell), `None` where nothing is known.
    #[must_use]
    pub fn known(self, record: &Record, column: &Out) -> Option<String> {
        match column {
            Out::Id => Some(record.id.to_string()),
            Out::CreatedAt => record.created_at.map(|at| self.moment(at)),
            Out::TrashedAt => record.trashed_at.map(|at| self.moment(at)),
            Out::State => record.state.map(StageKind::name).map(str::to_owned),
            Out::Source => record.source.as_ref().map(|(source, _)| source.clone()),
            Out::SourceKey => record.source.as_ref().map(|(_, key)| key.clone()),
            Out::Set(set) => Some(record.set(*set).join(", ")).filter(|text| !text.is_empty()),
            Out::Field(def) => self.field(record, def),
            Out::LinkId(def) => record.link::<()>(def).map(|link| link.id.to_string()),
            Out::Currency => {
                currency_of_line(record, self.base).map(|currency| currency.code().to_owned())
            }
            Out::Custom(name) => {
                let mut custom = record.custom.iter();
                let found = custom.find(|custom| custom.name == *name)?;
                match (found.kind, &found.value) {
                    (CustomKind::Money, Value::Int(minor)) => {
                        Some(self.money(Money::new(*minor, self.base)))
                    }
                    (CustomKind::Date, Value::Text(date)) => Some(date.clone()),
                    (CustomKind::Instant, Value::Int(millis)) => {
                        Some(self.moment(Instant::from_millis(*millis)))
                    }
                    _ => found.shown(self.base, self.zone),
                }
            }
        }
    }

    fn field(self, record: &Record, def: &'static FieldDef) -> Option<String> {
        match (def.kind, record.get(def)) {
            (Kind::Money, _) => record.money(def, self.base).map(|money| self.money(money)),
            (_, Value::Int(millionths)) if *def == rate::RATE => Some(rate_text(*millionths)),
            // Columns of dates are compared by eye: the same width, the same order.
            (Kind::Date, Value::Text(date)) => Some(date.clone()),
            (Kind::Instant, Value::Int(millis)) => Some(self.moment(Instant::from_millis(*millis))),
            (kind, value) => {
                let name = record.link::<()>(def).map(|link| link.name);
                show(
                    kind,
                    value,
                    &Showing {
                        currency: self.base,
                        zone: self.zone,
                        name: name.as_deref(),
                    },
                )
            }
        }
    }

    /// An amount; its currency is named where it is not the book's.
    #[must_use]
    pub fn money(self, money: Money) -> String {
        if money.currency == self.base {
            money.grouped()
        } else {
            money.to_string()
        }
    }

    /// A moment on the wall clock of the zone.
    #[must_use]
    pub fn moment(self, at: Instant) -> String {
        at.local(self.zone).format("%Y-%m-%d %H:%M").to_string()
    }
}

/// The beginning of an id, for lists.
#[must_use]
pub fn short_id(id: RecordId) -> String {
    let mut short = id.to_string();
    short.truncate(SHORT_ID);
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::nouns::NOUNS;
    use crate::domain::nouns::{Set, deal};

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
            gone: Vec::new(),
            custom: vec![],
            sets: vec![(Set::Tag, vec!["vip".into(), "fair".into()])],
            source: None,
            state: None,
            seq: 1,
        }
    }

    fn shown(record: &Record, column: &str) -> String {
        let wording = Wording {
            base: "CHF".parse().unwrap(),
            zone: chrono_tz::Europe::Zurich,
        };
        wording.cell(record, &Column::named(Entity::Deal, column).unwrap())
    }

    #[test]
    fn amounts_name_their_currency_where_it_is_not_the_books() {
        let record = deal(&[
            (&deal::AMOUNT, 4_200_000.into()),
            (&deal::CURRENCY, "EUR".into()),
        ]);
        assert_eq!(shown(&record, "amount"), "EUR 42,000.00");
    }

    #[test]
    fn unknown_is_neither_zero_nor_empty_to_people() {
        assert_eq!(shown(&deal(&[]), "amount"), "—");
    }

    #[test]
    fn links_show_names_and_sets_their_elements() {
        let record = deal(&[(&deal::COMPANY, 9.into())]);
        assert_eq!(shown(&record, "company"), "Alpina AG");
        assert_eq!(shown(&record, "tags"), "vip, fair");
        assert_eq!(shown(&record, "tag"), "vip, fair");
    }

    #[test]
    fn json_has_the_version_and_only_what_was_asked_for() {
        let record = deal(&[(&deal::TITLE, "Pilot".into())]);
        let base = "CHF".parse().unwrap();
        let whole = Objects::of(true, &Column::all(Entity::Deal), base);
        assert_eq!(whole.object(&record)["version"], 1);
        let asked = [
            Column::named(Entity::Deal, "title").unwrap(),
            Column::Version,
        ];
        assert_eq!(
            Objects::of(false, &asked, base).object(&record),
            json!({"title": "Pilot", "version": 1})
        );
    }

    #[test]
    fn every_listed_column_exists() {
        for noun in NOUNS {
            for name in noun.columns {
                assert!(Column::named(noun.entity, name).is_some(), "{name}");
            }
        }
    }
}
