//! One row to values, without a look at the book.

use crate::domain::identity::{domain_key, email_key, phone_key};
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set, activity, company, contact, deal, rep};
use crate::domain::pipeline::StageKind;
use crate::domain::text::{clean_block, clean_line, squeeze};
use crate::domain::time::{Instant, Zone};
use crate::domain::value::Value;
use crate::exchange::recognise::{By, Part, Use};
use crate::exchange::value::date::{self, When};
use crate::exchange::value::number;
use crate::exchange::value::{flag, is_blank, is_blank_value, is_damaged_id};

use super::sheet::{Column, Form, Sheet, elements};

/// What reading needs to know of the book and the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// The team's time zone.
    pub zone: Zone,
    /// The currency of sums: of fields that have none of their own.
    pub base: Currency,
    /// The currency of amounts that do not say theirs.
    pub currency: Currency,
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
    is_won: Option<bool>,
    is_closed: Option<bool>,
    given: String,
    family: String,
    street: Vec<String>,
    state: String,
    postcode: String,
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
    fn put(&mut self, field: &'static FieldDef, value: Value) {
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
        Use::Set(set) => set_elements(reading, set, cell)?,
        Use::Link(field, by) => {
            if by == By::Key {
                refuse_damage(cell)?;
            }
            let text = if is_blank(cell) {
                String::new()
            } else {
                first_key(by, cell)
            };
            reading.links.push((field, by, text));
        }
        Use::Part(part) => take_part(reading, part, cell),
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
        Use::Pipeline => reading.pipeline = text(cell),
        Use::Stage => reading.stage = text(cell),
        Use::Product => reading.product = text(cell),
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

fn text(cell: &str) -> Option<String> {
    (!is_blank(cell))
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
        Kind::Line => text(cell).into(),
        Kind::Block => (!is_blank(cell))
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
        Kind::Currency | Kind::Ref(_) | Kind::AnyRef | Kind::Json => return Ok(()),
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

fn set_elements(reading: &mut Reading, set: Set, cell: &str) -> Result<(), String> {
    for element in elements(set, cell) {
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

fn take_part(reading: &mut Reading, part: Part, cell: &str) {
    let Some(text) = text(cell) else { return };
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
    if is_blank(cell) {
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

/// Puts together what several columns make up.
fn finish(entity: Entity, reading: &mut Reading, setting: Setting) {
    let place = [reading.postcode.as_str(), reading.state.as_str()];
    let place = place
        .iter()
        .filter(|text| !text.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let lines: Vec<&str> = reading
        .street
        .iter()
        .map(String::as_str)
        .chain([place.as_str()])
        .filter(|line| !line.is_empty())
        .collect();
    let address = lines.join("\n");
    match entity {
        Entity::Rep => {
            let name = format!("{} {}", reading.given, reading.family)
                .trim()
                .to_owned();
            if !name.is_empty() {
                reading.fill(&rep::NAME, name);
            }
        }
        Entity::Company if !address.is_empty() => reading.fill(&company::ADDRESS, address),
        Entity::Contact => {
            if !address.is_empty() {
                reading.fill(&contact::ADDRESS, address);
            }
            contact_name(reading);
        }
        Entity::Deal => {
            reading.fill(&deal::CURRENCY, setting.currency.code());
            let flags = match (reading.is_won, reading.is_closed) {
                (Some(true), _) => Some(StageKind::Won),
                (Some(false), Some(true)) => Some(StageKind::Lost),
                (_, Some(false)) => Some(StageKind::Open),
                _ => None,
            };
            let named = reading
                .stage
                .as_deref()
                .map(StageKind::of_name)
                .filter(|kind| kind.is_closed());
            reading.status = reading
                .status
                .filter(|kind| kind.is_closed())
                .or(flags)
                .or(named)
                .or(reading.status);
        }
        Entity::Product => {
            let currency = setting.currency.code();
            if let Some(field) = entity.field("currency") {
                reading.fill(field, currency);
            }
        }
        _ => {}
    }
}

/// A contact is called by its name, else by the parts of it, else by an address or number of its own.
fn contact_name(reading: &mut Reading) {
    if reading.text(&contact::NAME).is_some() {
        return;
    }
    let parts = [
        &contact::PREFIX,
        &contact::GIVEN,
        &contact::MIDDLE,
        &contact::FAMILY,
        &contact::SUFFIX,
    ];
    let named = reading.text(&contact::GIVEN).is_some() || reading.text(&contact::FAMILY).is_some();
    let name = if named {
        parts
            .iter()
            .filter_map(|part| reading.text(part))
            .collect::<Vec<_>>()
            .join(" ")
    } else {
        let own = reading
            .set(Set::Email)
            .next()
            .or_else(|| reading.set(Set::Phone).next());
        own.map(str::to_owned).unwrap_or_default()
    };
    if !name.is_empty() {
        reading.fill(&contact::NAME, name);
    }
}
