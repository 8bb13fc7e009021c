//! One row to values, without a look at the book.

use crate::domain::identity::{domain_key, email_key, phone_key};
use crate::domain::money::Currency;
use crate::domain::nouns::{FieldDef, Kind, Set, activity};
use crate::domain::pipeline::StageKind;
use crate::domain::text::{clean_block, clean_line, squeeze};
use crate::domain::time::{Instant, Zone};
use crate::domain::value::Value;
use crate::exchange::recognise::{By, OWN, Part, Use};
use crate::exchange::value::date::{self, When};
use crate::exchange::value::number;
use crate::exchange::value::{flag, is_blank, is_blank_value, is_damaged_id};

use super::sheet::{Column, Form, Sheet, elements};
use super::together::finish;

/// What reading needs to know of the book and the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// The team's time zone.
    pub zone: Zone,
    /// The currency of sums: of fields that have none of their own.
    pub base: Currency,
    /// The currency of amounts that do not say theirs.
    pub currency: Currency,
    /// The table is one of our own exports, which writes nothing for what is unknown: `null` is a text there like any other.
    pub own: bool,
}

impl Setting {
    /// Whether a cell of text says that its value is unknown.
    fn is_unknown(self, cell: &str) -> bool {
        if self.own {
            cell.trim().is_empty()
        } else {
            is_blank(cell)
        }
    }
}

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bad {
    /// The column at fault, where it is one.
    pub column: Option<usize>,
    /// The cell.
    pub value: String,
    /// What is wrong, in words.
    pub reason: String,
}

/// What a row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Fields with their values; those of mapped columns whose cell is blank are unknown here, not absent.
    pub values: Vec<(&'static FieldDef, Value)>,
    /// References, as written.
    pub links: Vec<(&'static FieldDef, By, String)>,
    /// Elements of sets.
    pub sets: Vec<(Set, String)>,
    /// Custom fields by their column, with the value and the cell.
    pub custom: Vec<(usize, Value, String)>,
    pub created: Option<Instant>,
    pub deleted: bool,
    pub close: Option<When>,
    pub closed: Option<When>,
    pub status: Option<StageKind>,
    pub pipeline: Option<String>,
    pub stage: Option<String>,
    pub product: Option<String>,
    pub quantity: Option<i64>,
    pub line_price: Option<i64>,
    pub at: Option<When>,
    pub done: Option<bool>,
    pub(super) is_won: Option<bool>,
    pub(super) is_closed: Option<bool>,
    pub(super) given: String,
    pub(super) family: String,
    pub(super) street: Vec<String>,
    pub(super) state: String,
    pub(super) postcode: String,
}

impl Reading {
    /// The value of a field, where the row says one.
    pub(super) fn value(&self, field: &FieldDef) -> Option<&Value> {
        self.values
            .iter()
            .find(|(def, _)| *def == field)
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }

    /// The text of a field.
    pub(super) fn text(&self, field: &FieldDef) -> Option<&str> {
        self.value(field).and_then(Value::as_text)
    }

    /// How a field's link is written.
    pub(super) fn link(&self, field: &FieldDef, by: By) -> Option<&str> {
        self.links
            .iter()
            .find(|(def, how, text)| *def == field && *how == by && !text.is_empty())
            .map(|(.., text)| text.as_str())
    }

    /// Puts what a cell says; a blank one takes nothing away.
    pub(super) fn put(&mut self, field: &'static FieldDef, value: Value) {
        match self.values.iter_mut().find(|(def, _)| *def == field) {
            Some((_, held)) if !value.is_null() => *held = value,
            Some(_) => {}
            None => self.values.push((field, value)),
        }
    }

    /// Puts a value where the row says none.
    pub(super) fn fill(&mut self, field: &'static FieldDef, value: impl Into<Value>) {
        match self.values.iter_mut().find(|(def, _)| *def == field) {
            Some((_, held)) if held.is_null() => *held = value.into(),
            Some(_) => {}
            None => self.values.push((field, value.into())),
        }
    }

    /// The elements of a set.
    pub(super) fn set(&self, set: Set) -> impl Iterator<Item = &str> {
        self.sets
            .iter()
            .filter(move |(of, _)| *of == set)
            .map(|(_, element)| element.as_str())
    }
}

/// Reads a row. `cell` gives the cells by column.
pub(super) fn read<'a>(
    sheet: &Sheet,
    setting: Setting,
    cell: impl Fn(usize) -> &'a str,
) -> Result<Reading, Bad> {
    let mut reading = Reading::default();
    let setting = Setting {
        own: sheet.recognised.source == OWN,
        ..setting
    };
    let currency = sheet
        .columns
        .iter()
        .position(|column| matches!(column.using, Use::Own(field) if field.kind == Kind::Currency));
    let setting = match currency.map(|place| (place, cell(place))) {
        Some((place, written)) if !is_blank_value(written) => {
            let currency = written.parse::<Currency>().map_err(|reason| Bad {
                column: Some(place),
                value: written.to_owned(),
                reason: reason
                    .trim_start_matches(&format!("`{written}` "))
                    .to_owned(),
            })?;
            Setting {
                currency,
                ..setting
            }
        }
        _ => setting,
    };
    for (place, column) in sheet.columns.iter().enumerate() {
        let written = cell(place);
        take(&mut reading, place, column, written, setting).map_err(|reason| Bad {
            column: Some(place),
            value: written.to_owned(),
            reason,
        })?;
    }
    finish(sheet.entity(), &mut reading, setting);
    Ok(reading)
}

/// Takes one cell into the reading.
fn take(
    reading: &mut Reading,
    place: usize,
    column: &Column,
    cell: &str,
    setting: Setting,
) -> Result<(), String> {
    match column.using {
        Use::Key => refuse_damage(cell)?,
        Use::Own(field) => own(reading, field, column, cell, setting)?,
        Use::Set(set) => set_elements(reading, set, cell, setting)?,
        Use::Link(field, by) => {
            if by == By::Key {
                refuse_damage(cell)?;
            }
            let text = if setting.is_unknown(cell) {
                String::new()
            } else {
                first_key(by, cell)
            };
            reading.links.push((field, by, text));
        }
        Use::Part(part) => take_part(reading, part, cell, setting),
        Use::Created => {
            reading.created = when(column, cell)?.map(|when| when.instant(setting.zone));
        }
        Use::Close => reading.close = when(column, cell)?,
        Use::Closed => reading.closed = when(column, cell)?.or(reading.closed),
        Use::At => reading.at = when(column, cell)?,
        Use::Deleted => reading.deleted = flag(cell)?.unwrap_or(false),
        Use::IsWon => reading.is_won = flag(cell)?,
        Use::IsClosed => reading.is_closed = flag(cell)?,
        Use::Done => reading.done = Some(done(cell)),
        Use::Status => reading.status = status(cell),
        Use::Pipeline => reading.pipeline = text(cell, setting),
        Use::Stage => reading.stage = text(cell, setting),
        Use::Product => reading.product = text(cell, setting),
        Use::Quantity => reading.quantity = number::whole(cell, number_form(column))?,
        Use::LinePrice => {
            reading.line_price =
                number::money(cell, number_form(column), setting.currency)?.map(|(minor, _)| minor);
        }
        Use::Seconds => {
            let seconds = number::whole(cell, number_form(column))?;
            reading.fill(
                &activity::MINUTES,
                seconds.map(|seconds| (seconds + 30) / 60),
            );
        }
        Use::Custom | Use::Ignored => {}
    }
    if column.custom.is_some() {
        let value = custom(column, cell, setting);
        reading.custom.push((place, value, clean_block(cell)));
    }
    Ok(())
}

fn text(cell: &str, setting: Setting) -> Option<String> {
    (!setting.is_unknown(cell))
        .then(|| clean_line(cell))
        .filter(|text| !text.is_empty())
}

fn refuse_damage(cell: &str) -> Result<(), String> {
    if is_damaged_id(cell) {
        return Err("is an id that a spreadsheet has shortened: export the file again and do not open it before the import".to_owned());
    }
    Ok(())
}

/// Of several keys in a cell the first: further ones are in the row as it came.
fn first_key(by: By, cell: &str) -> String {
    match by {
        By::Key => clean_line(cell.split(';').next().unwrap_or_default()),
        By::Name | By::Email => clean_line(cell),
    }
}

const fn number_form(column: &Column) -> number::NumberForm {
    match column.form {
        Form::Number(form) => form,
        Form::Text | Form::Date(_) => number::NumberForm::PLAIN,
    }
}

fn when(column: &Column, cell: &str) -> Result<Option<When>, String> {
    let order = match column.form {
        Form::Date(order) => order,
        Form::Text | Form::Number(_) => None,
    };
    date::read(cell, order)
}

fn own(
    reading: &mut Reading,
    field: &'static FieldDef,
    column: &Column,
    cell: &str,
    setting: Setting,
) -> Result<(), String> {
    let value: Value = match field.kind {
        Kind::Line => text(cell, setting).into(),
        Kind::Block => (!setting.is_unknown(cell))
            .then(|| clean_block(cell))
            .filter(|text| !text.is_empty())
            .into(),
        Kind::Number => number::whole(cell, number_form(column))?.into(),
        Kind::Percent => number::percent(cell, number_form(column))?.into(),
        Kind::Flag => flag(cell).unwrap_or(Some(true)).into(),
        Kind::Date => when(column, cell)?
            .map(|when| when.date(setting.zone))
            .into(),
        Kind::Instant => when(column, cell)?
            .map(|when| when.instant(setting.zone))
            .into(),
        Kind::Choice(_) => column
            .words
            .iter()
            .find(|(said, _)| said == cell)
            .map(|(_, word)| *word)
            .into(),
        Kind::Money => return money(reading, field, column, cell, setting),
        Kind::Currency | Kind::Ref(_) | Kind::AnyRef | Kind::Json | Kind::Fields => return Ok(()),
    };
    if matches!(field.kind, Kind::Number) && value.as_int().is_some_and(|number| number < 0) {
        return Err("is negative".to_owned());
    }
    reading.put(field, value);
    Ok(())
}

/// An amount. Its currency is a fact of the record where the noun has one, and must be the book's where it has none.
fn money(
    reading: &mut Reading,
    field: &'static FieldDef,
    column: &Column,
    cell: &str,
    setting: Setting,
) -> Result<(), String> {
    let own = field.entity.field("currency");
    let default = if own.is_some() {
        setting.currency
    } else {
        setting.base
    };
    let read = number::money(cell, number_form(column), default)?;
    if let Some((_, currency)) = read {
        match own {
            None if currency != setting.base => {
                return Err(format!(
                    "is in {currency}, and the book keeps `{}` in {}",
                    field.name, setting.base
                ));
            }
            Some(own) => reading.fill(own, currency.code()),
            None => {}
        }
    }
    reading.put(field, read.map(|(minor, _)| minor).into());
    Ok(())
}

fn set_elements(
    reading: &mut Reading,
    set: Set,
    cell: &str,
    setting: Setting,
) -> Result<(), String> {
    for element in elements(set, cell)
        .into_iter()
        .filter(|element| !setting.is_unknown(element))
    {
        let element = clean_line(element);
        let fits = match set {
            Set::Email => email_key(&element).is_some(),
            Set::Phone => phone_key(&element).is_some(),
            Set::Domain => domain_key(&element).is_some(),
            Set::Tag | Set::Url => !element.is_empty(),
        };
        if !fits {
            return Err(match set {
                Set::Email => "is not an e-mail address",
                Set::Phone => "is not a phone number",
                _ => "is not an internet address",
            }
            .to_owned());
        }
        if !reading.set(set).any(|known| known == element) {
            reading.sets.push((set, element));
        }
    }
    Ok(())
}

fn take_part(reading: &mut Reading, part: Part, cell: &str, setting: Setting) {
    let Some(text) = text(cell, setting) else {
        return;
    };
    match part {
        Part::Given => reading.given = text,
        Part::Family => reading.family = text,
        Part::Street => reading.street.push(clean_block(cell)),
        Part::State => reading.state = text,
        Part::Postcode => reading.postcode = text,
    }
}

/// Whether an activity's state says that it is done.
fn done(cell: &str) -> bool {
    matches!(
        squeeze(cell).as_str(),
        "true"
            | "1"
            | "yes"
            | "y"
            | "x"
            | "done"
            | "completed"
            | "complete"
            | "closed"
            | "held"
            | "ja"
            | "erledigt"
    )
}

/// Open, won or lost, where the state of a deal says so.
fn status(cell: &str) -> Option<StageKind> {
    if squeeze(cell) == "open" {
        return Some(StageKind::Open);
    }
    Some(StageKind::of_name(cell)).filter(|kind| kind.is_closed())
}

/// A custom value; a cell that does not fit its column's kind stays text.
fn custom(column: &Column, cell: &str, setting: Setting) -> Value {
    if setting.is_unknown(cell) {
        return Value::Null;
    }
    let text = || Value::from(Some(clean_block(cell)).filter(|text| !text.is_empty()));
    match (column.using, column.form, column.custom) {
        (Use::Custom, Form::Number(form), _) => {
            number::whole(cell, form).map_or_else(|_| text(), Into::into)
        }
        (Use::Custom, Form::Date(order), kind) => match date::read(cell, order) {
            Ok(Some(when)) if kind == Some("instant") => when.instant(setting.zone).into(),
            Ok(Some(when)) => when.date(setting.zone).into(),
            Ok(None) => Value::Null,
            Err(_) => text(),
        },
        _ => text(),
    }
}
