//! Which rows are new, changed, unchanged or none at all.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::domain::command::Target;
use crate::domain::id::RecordId;
use crate::domain::identity::{company_key, domain_key, email_key, phone_key};
use crate::domain::known::Known;
use crate::domain::nouns::{Entity, Set, activity, company, contact, deal, product, rep};
use crate::domain::text::{clean_line, fold};
use crate::exchange::hex;
use crate::exchange::read::Row;
use crate::exchange::recognise::{By, OWN, Use, plural};
use crate::exchange::value::is_blank;

use super::index::{Found, Held, Index, kept_key, name_key};
use super::reading::{self, Bad, Reading};
use super::report::{Counts, FileReport, MappedColumn, Reject};
use super::sheet::{Form, Sheet};
use super::{Run, Wanted};

/// What is to be done with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RowState {
    /// Nothing: it says what it said before, or cannot be taken, or is deleted in its source.
    Idle,
    /// It is new or changed.
    Work(Work),
}

/// A row that is new or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Work {
    /// Its key in the source.
    pub key: String,
    /// The row as it came.
    pub raw: String,
    /// The record that it belongs to, where there is one.
    pub record: Option<RecordId>,
    /// Its source record among those known.
    pub source: Option<usize>,
    /// The record is in the trash and comes out of it.
    pub revive: bool,
    /// The row says what it said before: only the revival is to be done.
    pub same: bool,
}

/// Looks at every row of a sheet.
pub(super) fn classify(
    run: &Run<'_>,
    place: usize,
    rejects: &mut Vec<Reject>,
) -> (Vec<RowState>, Counts) {
    let sheet = &run.sheets[place];
    let mut counts = Counts {
        read: sheet.table.len() + sheet.table.faults.len(),
        rejected: sheet.table.faults.len(),
        ..Counts::default()
    };
    rejects.extend(sheet.table.faults.iter().map(|fault| Reject {
        sheet: place,
        file: sheet.file.name.clone(),
        line: fault.line,
        record: fault.record,
        column: None,
        value: String::new(),
        reason: fault.reason.clone(),
        cells: fault.cells.clone(),
    }));
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(sheet.table.len());
    let states = sheet
        .table
        .rows()
        .map(|row| match look(run, sheet, row, &mut seen) {
            Ok(Look::Work(work)) => RowState::Work(work),
            Ok(Look::Same) => {
                counts.unchanged += 1;
                RowState::Idle
            }
            Ok(Look::Deleted) => {
                counts.deleted += 1;
                RowState::Idle
            }
            Err(bad) => {
                counts.rejected += 1;
                rejects.push(reject(place, sheet, row, bad));
                RowState::Idle
            }
        })
        .collect();
    rejects.sort_by_key(|reject| (reject.sheet, reject.record));
    (states, counts)
}

pub(super) fn reject(place: usize, sheet: &Sheet, row: Row<'_>, bad: Bad) -> Reject {
    Reject {
        sheet: place,
        file: sheet.file.name.clone(),
        line: row.line(),
        record: row.number,
        column: bad.column.map(|column| sheet.table.header[column].clone()),
        value: bad.value,
        reason: bad.reason,
        cells: row.cells().map(str::to_owned).collect(),
    }
}

enum Look {
    Work(Work),
    Same,
    Deleted,
}

fn look(
    run: &Run<'_>,
    sheet: &Sheet,
    row: Row<'_>,
    seen: &mut HashMap<String, usize>,
) -> Result<Look, Bad> {
    let cell = |column: usize| row.cell(column);
    let raw = sheet.raw(row);
    let written = sheet
        .place_of(Use::Key)
        .map(cell)
        .filter(|key| !is_blank(key))
        .map(clean_line);
    // A row whose key is written and that says what it said before need not be read.
    if let Some(key) = &written
        && let Some(look) = same_as_before(run, sheet, key, &raw)
    {
        unique(seen, key, row, true)?;
        return Ok(look);
    }
    if let Some(key) = &written
        && matches!(sheet.entity(), Entity::Deal | Entity::Activity)
    {
        // Nothing but its key identifies it: it is read when it is planned.
        let key = unique(seen, key, row, true)?;
        let held = run
            .index
            .by_key(&sheet.recognised.source, sheet.entity(), &key);
        let held = held.or_else(|| own_id(run, sheet, &key));
        return Ok(Look::Work(work(key, raw, held)));
    }
    let reading = reading::read(sheet, run.setting(), cell)?;
    if reading.deleted {
        return Ok(Look::Deleted);
    }
    require_name(sheet, &reading)?;
    let key = written
        .clone()
        .unwrap_or_else(|| derived_key(sheet.entity(), &reading, &raw));
    let key = unique(seen, &key, row, written.is_some())?;
    if let Some(look) = same_as_before(run, sheet, &key, &raw) {
        return Ok(look);
    }
    let held = run
        .index
        .by_key(&sheet.recognised.source, sheet.entity(), &key);
    let source = &sheet.recognised.source;
    let meant = || {
        identify(&run.index, &reading, sheet.entity(), |target| {
            called(run, target)
        })
    };
    let matched = held.or_else(|| own_id(run, sheet, &key)).or_else(|| {
        meant().filter(|held| written.is_none() || !run.index.is_tied(source, held.target))
    });
    Ok(Look::Work(work(key, raw, matched)))
}

/// What is to be done with a row that says something new of a record, or of none yet.
fn work(key: String, raw: String, held: Option<Held>) -> Work {
    let record = held.and_then(|held| match held.target {
        Target::Known(id) => Some(id),
        Target::New(_) => None,
    });
    Work {
        key,
        raw,
        record,
        source: held.and_then(|held| held.source),
        revive: held.is_some_and(|held| held.trashed),
        same: false,
    }
}

/// Whether the source said the same under this key before.
fn same_as_before(run: &Run<'_>, sheet: &Sheet, key: &str, raw: &str) -> Option<Look> {
    let held = run
        .index
        .by_key(&sheet.recognised.source, sheet.entity(), key)?;
    let known = &run.known.sources[held.source?];
    let same = known.raw == raw || {
        // The same cells in another order of columns are the same row.
        let parsed = |text: &str| {
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).ok()
        };
        let (one, other) = (parsed(&known.raw), parsed(raw));
        one.is_some() && one == other
    };
    if !same {
        return None;
    }
    if !known.trashed && !held.trashed {
        return Some(Look::Same);
    }
    Some(Look::Work(Work {
        key: key.to_owned(),
        raw: raw.to_owned(),
        record: known.record,
        source: held.source,
        revive: held.trashed,
        same: true,
    }))
}

/// The key, unlike those of the rows before. A key that is written belongs to one row; a derived one is counted up.
fn unique(
    seen: &mut HashMap<String, usize>,
    key: &str,
    row: Row<'_>,
    written: bool,
) -> Result<String, Bad> {
    match seen.get_mut(key) {
        None => {
            seen.insert(key.to_owned(), if written { row.line() } else { 1 });
            Ok(key.to_owned())
        }
        Some(line) if written => Err(Bad {
            column: None,
            value: key.to_owned(),
            reason: format!("has the key `{key}`, as line {line} has: one of them is a copy"),
        }),
        Some(count) => {
            *count += 1;
            Ok(format!("{key}#{count}"))
        }
    }
}

/// Refuses a row that names nothing.
fn require_name(sheet: &Sheet, reading: &Reading) -> Result<(), Bad> {
    let named = match sheet.entity() {
        Entity::Rep => reading.text(&rep::NAME).or(reading.text(&rep::EMAIL)),
        Entity::Company => reading.text(&company::NAME),
        Entity::Contact => reading.text(&contact::NAME),
        Entity::Product => reading
            .text(&product::NAME)
            .or(reading.text(&product::CODE)),
        _ => return Ok(()),
    };
    if named.is_some() {
        return Ok(());
    }
    let noun = sheet.entity();
    let what = match noun {
        Entity::Contact => "has no name, e-mail address or phone number".to_owned(),
        _ => "has no name".to_owned(),
    };
    Err(Bad {
        column: None,
        value: String::new(),
        reason: format!("this {noun} {what}"),
    })
}

/// What identifies a row that has no key of its own; of a row that says nothing of that, its content.
fn derived_key(entity: Entity, reading: &Reading, raw: &str) -> String {
    let text = |field| reading.text(field).map(fold).unwrap_or_default();
    let company = |field| reading.link(field, By::Name).map(company_key);
    let key = match entity {
        Entity::Rep => {
            let email = reading.text(&rep::EMAIL).and_then(email_key);
            email.unwrap_or_else(|| text(&rep::NAME))
        }
        Entity::Company => {
            let name = reading.text(&company::NAME).unwrap_or_default();
            name_key(entity, name)
        }
        Entity::Product => reading
            .text(&product::CODE)
            .or(reading.text(&product::NAME))
            .map(fold)
            .unwrap_or_default(),
        Entity::Contact => personal_email(reading).unwrap_or_else(|| {
            let company = company(&contact::COMPANY).unwrap_or_default();
            let phone = reading.set(Set::Phone).next().and_then(phone_key);
            format!(
                "{}|{company}|{}",
                text(&contact::NAME),
                phone.unwrap_or_default()
            )
        }),
        Entity::Deal => {
            let company = company(&deal::COMPANY).unwrap_or_default();
            let created = reading.created.map(|at| at.millis().to_string());
            let product = reading.product.as_deref().map(fold).unwrap_or_default();
            let title = text(&deal::TITLE);
            format!(
                "{title}|{company}|{product}|{}",
                created.unwrap_or_default()
            )
        }
        _ => String::new(),
    };
    let key = kept_key(&key);
    if key.is_empty() {
        hex(&Sha256::digest(raw)[..12])
    } else {
        key
    }
}

/// The key of the first address that belongs to a person and not to a desk.
fn personal_email(reading: &Reading) -> Option<String> {
    const DESKS: &[&str] = &[
        "info", "sales", "office", "contact", "support", "admin", "hello", "mail", "team",
        "service", "billing", "jobs", "press",
    ];
    reading.set(Set::Email).filter_map(email_key).find(|key| {
        key.split_once('@')
            .is_some_and(|(local, _)| !DESKS.contains(&local))
    })
}

/// The record of an export of this very book, by its id.
fn own_id(run: &Run<'_>, sheet: &Sheet, key: &str) -> Option<Held> {
    let id = RecordId::parse(key).filter(|_| sheet.recognised.source == OWN)?;
    // Deals and activities are not in the index: the store is asked, and says whether they are there.
    let unknown = matches!(sheet.entity(), Entity::Deal | Entity::Activity);
    (unknown || is_known(&run.known, sheet.entity(), id)).then(|| Held::new(id.into()))
}

/// Whether the book has the record of this id, as far as an import knows it.
pub(super) fn is_known(known: &Known, entity: Entity, id: RecordId) -> bool {
    match entity {
        Entity::Rep => known.reps.iter().any(|rep| rep.id == id),
        Entity::Company => known
            .companies
            .binary_search_by_key(&id, |company| company.id)
            .is_ok(),
        Entity::Contact => known
            .contacts
            .binary_search_by_key(&id, |contact| contact.id)
            .is_ok(),
        Entity::Product => known.products.iter().any(|product| product.id == id),
        _ => known
            .current
            .get(&id)
            .is_some_and(|record| record.entity == entity),
    }
}

/// The record that a row means without a key: certain cases only. `called` tells what a contact is called.
pub(super) fn identify(
    index: &Index,
    reading: &Reading,
    entity: Entity,
    called: impl Fn(Target) -> Option<String>,
) -> Option<Held> {
    let by_name = |name: Option<&str>| match index.by_name(entity, name?) {
        Found::One(held) => Some(held),
        Found::Several | Found::None => None,
    };
    match entity {
        Entity::Rep => {
            let by_email = reading
                .text(&rep::EMAIL)
                .and_then(|email| index.by_email(entity, email));
            by_email.or_else(|| by_name(reading.text(&rep::NAME)))
        }
        Entity::Company => {
            let by_domain = reading
                .set(Set::Domain)
                .filter_map(domain_key)
                .find_map(|domain| index.by_domain(&domain));
            by_domain.or_else(|| by_name(reading.text(&company::NAME)))
        }
        Entity::Product => {
            by_name(reading.text(&product::CODE)).or_else(|| by_name(reading.text(&product::NAME)))
        }
        Entity::Contact => {
            let held = index.by_email(entity, &personal_email(reading)?)?;
            let name = reading.text(&contact::NAME).unwrap_or_default();
            same_person(&called(held.target)?, name).then_some(held)
        }
        _ => None,
    }
}

/// What a contact of the book is called.
fn called(run: &Run<'_>, target: Target) -> Option<String> {
    let Target::Known(id) = target else {
        return None;
    };
    // The list is in order of id.
    let place = run
        .known
        .contacts
        .binary_search_by_key(&id, |contact| contact.id)
        .ok()?;
    Some(run.known.contacts[place].name.clone())
}

/// Whether the names of two people with one address do not clash: equal, or all of one's words among the other's.
fn same_person(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let within = |few: &str, many: &str| {
        few.split(' ')
            .all(|word| many.split(' ').any(|of| of == word))
    };
    one.contains('@') || other.contains('@') || within(&one, &other) || within(&other, &one)
}

/// Which records must be seen: those that rows with work belong to.
pub(super) fn wanted(run: &Run<'_>) -> Wanted {
    let mut wanted = Wanted::default();
    for (sheet, states) in run.sheets.iter().zip(&run.rows) {
        let ids = states.iter().filter_map(|state| match state {
            RowState::Work(work) => work.record,
            RowState::Idle => None,
        });
        let ids: Vec<RecordId> = ids.collect();
        if ids.is_empty() {
            continue;
        }
        if sheet.entity() == Entity::Deal {
            wanted.lines_of.extend(&ids);
        }
        wanted.records.push((sheet.entity(), ids));
        wanted.records.extend(own_deals(sheet, states));
    }
    wanted
}

/// The deals that activities of an export of this very book name by their ids.
fn own_deals(sheet: &Sheet, states: &[RowState]) -> Option<(Entity, Vec<RecordId>)> {
    let column = sheet
        .place_of(Use::Link(&activity::DEAL, By::Key))
        .filter(|_| sheet.recognised.source == OWN)?;
    let mut ids: Vec<RecordId> = states
        .iter()
        .enumerate()
        .filter(|(_, state)| matches!(state, RowState::Work(_)))
        .filter_map(|(number, _)| RecordId::parse(sheet.table.row(number).cell(column)))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Some((Entity::Deal, ids))
}

/// How a file was understood.
pub(super) fn file_report(sheet: &Sheet, counts: Counts) -> FileReport {
    let mapping = sheet
        .table
        .header
        .iter()
        .zip(&sheet.columns)
        .map(|(name, column)| MappedColumn {
            column: name.clone(),
            field: column.using.name(),
            read_as: match column.form {
                Form::Date(Some(order)) => Some(format!("dates {}", order.name())),
                Form::Number(form) if form.point == ',' => Some("decimal comma".to_owned()),
                Form::Number(form) if form.fraction => Some("fractions of one".to_owned()),
                _ => None,
            },
        });
    FileReport {
        file: sheet.file.name.clone(),
        hash: sheet.file.hash.clone(),
        kind: plural(sheet.entity()),
        source: sheet.recognised.source.clone(),
        encoding: sheet.table.encoding.clone(),
        delimiter: sheet.table.dialect.delimiter_name(),
        mapping: mapping.collect(),
        counts,
    }
}
