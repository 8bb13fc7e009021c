//! What a row says of a record, with its links resolved.

use crate::domain::command::{Input, Target};
use crate::domain::custom::CustomKind;
use crate::domain::id::RecordId;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set, activity, company, deal, product, rep};
use crate::domain::pipeline::StageKind;
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::exchange::recognise::{By, OWN, SPREADSHEET};
use crate::exchange::value::date::When;
use crate::exchange::value::flag;
use crate::exchange::value::number::{self, NumberForm};

use super::index::{Found, Held, Suggested, named_key};
use super::planned::FieldRef;
use super::planner::Planner;
use super::reading::Reading;
use super::rows::is_known;

/// What a row says of one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// This value, or this record.
    Is(Input),
    /// A record that is not there, or only one with a near name.
    Waits(Waiting),
}

/// A link that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    /// The noun that is waited for.
    pub target: Entity,
    /// What the source calls it.
    pub text: String,
    /// The source in which the text is a key; `None` where it is a name.
    pub source: Option<String>,
    /// The record whose name is near.
    pub suggestion: Option<Target>,
}

/// Where a deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub stage: Target,
    pub kind: StageKind,
    pub closed_at: Option<Instant>,
}

/// A product of a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub product: Fact,
    pub text: String,
    pub quantity: i64,
    pub price: Option<i64>,
}

/// What a row says of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub created: Option<Instant>,
    pub fields: Vec<(FieldRef, Fact)>,
    pub sets: Vec<(Set, String)>,
    pub state: Option<State>,
    pub line: Option<Line>,
}

impl Facts {
    pub(super) fn of(&self, field: FieldRef) -> Option<&Fact> {
        self.fields
            .iter()
            .find(|(of, _)| *of == field)
            .map(|(_, fact)| fact)
    }
}

/// Whether records may be made because a row names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// The row is to be taken.
    Make,
    /// It is only to be understood: what the source said before.
    Look,
}

impl Planner<'_> {
    /// Resolves a reading of a row of a sheet.
    pub(super) fn facts(&mut self, place: usize, mut reading: Reading, mode: Mode) -> Facts {
        let entity = self.sheets[place].entity();
        let mut facts = Facts {
            created: reading.created,
            ..Facts::default()
        };
        match entity {
            Entity::Deal => self.deal_facts(place, &mut reading, &mut facts, mode),
            Entity::Activity => self.activity_facts(&mut reading),
            Entity::Rep => {
                if let Some(email) = reading.text(&rep::EMAIL).map(str::to_owned) {
                    reading.fill(&rep::NAME, email);
                }
            }
            Entity::Product => {
                if let Some(code) = reading.text(&product::CODE).map(str::to_owned) {
                    reading.fill(&product::NAME, code);
                }
            }
            _ => {}
        }
        facts.fields.extend(
            reading
                .values
                .iter()
                .map(|(field, value)| (FieldRef::Own(field), Fact::Is(value.clone().into()))),
        );
        self.link_facts(place, &reading, &mut facts, mode);
        for (column, value, cell) in reading.custom {
            if let Some((field, value)) = self.custom_fact(place, column, value, cell, mode) {
                facts.fields.push((field, Fact::Is(value.into())));
            }
        }
        facts.sets = reading.sets;
        facts
    }

    /// One fact for each field that refers to another record. Of a key and a name for one field the key counts where it is known.
    fn link_facts(&mut self, place: usize, reading: &Reading, facts: &mut Facts, mode: Mode) {
        let closed_lost = facts
            .state
            .is_none_or(|state| state.kind == StageKind::Lost);
        let mut done: Vec<&'static FieldDef> = Vec::new();
        for (field, ..) in &reading.links {
            if done.contains(field) || (**field == deal::LOST_REASON && !closed_lost) {
                continue;
            }
            done.push(field);
            let Kind::Ref(target) = field.kind else {
                continue;
            };
            let mut fact = Fact::Is(Value::Null.into());
            for by in [By::Key, By::Email, By::Name] {
                let Some(text) = reading.link(field, by) else {
                    continue;
                };
                // A parent may stand further down in the file: it is looked for again when all rows are read.
                let mode = if **field == company::PARENT {
                    Mode::Look
                } else {
                    mode
                };
                match self.link(place, target, by, text, mode) {
                    found @ Fact::Is(_) => {
                        fact = found;
                        break;
                    }
                    waits @ Fact::Waits(_) => {
                        if matches!(fact, Fact::Is(_)) {
                            fact = waits;
                        }
                    }
                }
            }
            facts.fields.push((FieldRef::Own(field), fact));
        }
    }

    /// The record that a cell names.
    pub(super) fn link(
        &mut self,
        place: usize,
        target: Entity,
        by: By,
        text: &str,
        mode: Mode,
    ) -> Fact {
        let source = self.sheets[place].recognised.source.clone();
        let found = match by {
            By::Key => {
                let keyed = self.index.by_key(&source, target, text);
                keyed.or_else(|| {
                    if source.starts_with(SPREADSHEET) {
                        self.index.by_key_in_spreadsheets(target, text)
                    } else if source == OWN {
                        self.by_own_id(target, text)
                    } else {
                        None
                    }
                })
            }
            By::Email => self
                .index
                .by_email(target, text)
                .or_else(|| self.index.by_key(&source, target, &named_key(target, text))),
            By::Name => return self.link_by_name(place, target, text, mode),
        };
        match found {
            Some(held) => self.known_fact(target, held, mode),
            None => Fact::Waits(Waiting {
                target,
                text: text.to_owned(),
                source: (by == By::Key).then_some(source),
                suggestion: None,
            }),
        }
    }

    /// The record that a table of this very book names by its id.
    fn by_own_id(&self, target: Entity, text: &str) -> Option<Held> {
        let id = RecordId::parse(text)?;
        is_known(self.known, target, id).then(|| Held::new(id.into()))
    }

    /// By name; what a name leads to is worked out once a sheet, since thousands of rows name the same few.
    fn link_by_name(&mut self, place: usize, target: Entity, text: &str, mode: Mode) -> Fact {
        if mode == Mode::Look {
            return self.find_by_name(place, target, text, mode);
        }
        let known = self.resolved.get(&(place, target));
        if let Some(fact) = known.and_then(|names| names.get(text)) {
            return fact.clone();
        }
        let fact = self.find_by_name(place, target, text, mode);
        let names = self.resolved.entry((place, target)).or_default();
        names.insert(text.to_owned(), fact.clone());
        fact
    }

    fn find_by_name(&mut self, place: usize, target: Entity, text: &str, mode: Mode) -> Fact {
        let source = &self.sheets[place].recognised.source;
        let key = named_key(target, text);
        let by_email = if target == Entity::Rep {
            self.index.by_email(target, text)
        } else {
            None
        };
        let before = self.index.by_key(source, target, &key);
        let found = by_email
            .or(before)
            .map_or_else(|| self.index.by_name(target, text), Found::One);
        if let Found::One(held) = found {
            return self.known_fact(target, held, mode);
        }
        let dismissed = self
            .index
            .open_tie(source, target, &key)
            .is_some_and(|tie| !self.known.sources[tie].trashed);
        let suggested = if found == Found::None && !dismissed {
            self.index.suggest(target, text)
        } else {
            None
        };
        // Somebody has said which record it is not, and not yet which it is.
        let can_make =
            !dismissed && matches!(target, Entity::Rep | Entity::Company | Entity::LostReason);
        if suggested.is_none() && found == Found::None && can_make && mode == Mode::Make {
            return Fact::Is(self.make_named(place, target, text, &key).into());
        }
        let suggestion = suggested.as_ref().map(|near| near.target);
        self.note_suggestion(target, text, suggested);
        Fact::Waits(Waiting {
            target,
            text: text.to_owned(),
            source: None,
            suggestion,
        })
    }

    /// A record that is found; one in the trash comes out of it when a row that is taken names it.
    fn known_fact(&mut self, entity: Entity, held: Held, mode: Mode) -> Fact {
        if mode == Mode::Make && held.trashed {
            self.restore(entity, held);
        }
        Fact::Is(held.target.into())
    }

    fn note_suggestion(&mut self, entity: Entity, text: &str, near: Option<Suggested>) {
        self.near_names
            .entry((entity, text.to_owned()))
            .or_insert_with(|| near.map(|near| near.name));
    }

    fn deal_facts(&mut self, place: usize, reading: &mut Reading, facts: &mut Facts, mode: Mode) {
        let setting = self.setting;
        let kind = reading.status.unwrap_or(StageKind::Open);
        let close = reading.close.take();
        let closed_at = reading
            .closed
            .or(close)
            .filter(|_| kind.is_closed())
            .map(|when| when.instant(setting.zone));
        if let (StageKind::Open, Some(when)) = (kind, close) {
            reading.fill(&deal::EXPECTED_CLOSE, when.date(setting.zone));
        }
        let title = deal_title(reading);
        reading.fill(&deal::TITLE, title);
        facts.state = self.stage_of(place, reading, kind).map(|stage| State {
            stage,
            kind,
            closed_at,
        });
        facts.line = reading.product.take().map(|text| Line {
            product: self.link_by_name(place, Entity::Product, &text, mode),
            text,
            quantity: reading.quantity.unwrap_or(1),
            price: reading.line_price,
        });
    }

    /// When an activity was done, or is due.
    fn activity_facts(&self, reading: &mut Reading) {
        let zone = self.setting.zone;
        reading.fill(&activity::KIND, "note");
        let is_task = reading.text(&activity::KIND) == Some("task");
        let at = reading.at.take();
        // A column of its own says it best: where that is blank, it is still to be done.
        let has_column = reading
            .values
            .iter()
            .any(|(field, _)| **field == activity::DONE_AT);
        let said = reading.value(&activity::DONE_AT).is_some();
        let done = if has_column {
            said
        } else {
            reading.done.unwrap_or(!is_task)
        };
        let moment = at.map(|when| when.instant(zone));
        let past = moment.is_none_or(|moment| moment <= self.options.now);
        if done && (past || is_task) {
            // What is done was done at the latest when it was brought in.
            let moment = moment.or(reading.created).unwrap_or(self.options.now);
            reading.fill(&activity::DONE_AT, moment);
        }
        if is_task || !past {
            match at {
                Some(When::Date(date)) => reading.fill(&activity::DUE_DATE, date),
                Some(when) => reading.fill(&activity::DUE_AT, when.instant(zone)),
                None => {}
            }
        }
    }

    /// A custom field with its value, as the field's kind in the book wants it.
    fn custom_fact(
        &mut self,
        place: usize,
        column: usize,
        value: Value,
        cell: String,
        mode: Mode,
    ) -> Option<(FieldRef, Value)> {
        let sheet = &self.sheets[place];
        let name = &sheet.table.header[column];
        let kind = sheet.columns[column].custom?;
        let entity = sheet.entity();
        let key = self.key_of_custom(place, column);
        if value.is_null() && mode == Mode::Make && !self.has_custom(&key) {
            return None;
        }
        let (target, held_kind) = self.custom_field(key, name, kind, mode)?;
        let value = if held_kind == kind || value.is_null() {
            value
        } else {
            let numbers = self.sheets[place].columns[column].numbers;
            as_held(&held_kind, &cell, numbers, self.setting.base).unwrap_or_else(|| cell.into())
        };
        Some((FieldRef::Custom(entity, target), value))
    }
}

/// A cell as a custom field of the book holds it whose kind is another than the column alone looks like; `None` where it cannot, and
/// stays as it came.
fn as_held(kind: &str, cell: &str, numbers: NumberForm, base: Currency) -> Option<Value> {
    match CustomKind::named(kind) {
        CustomKind::Money => {
            let (minor, currency) = number::money(cell, numbers, base).ok()??;
            (currency == base).then_some(minor.into())
        }
        CustomKind::Number => number::whole(cell, numbers).ok()?.map(Value::Int),
        CustomKind::Flag => flag(cell).ok()?.map(Value::from),
        CustomKind::Text | CustomKind::Choice | CustomKind::Date | CustomKind::Instant => None,
    }
}

/// An honest title where the source has none: company and product, whichever is known; else the key or that nothing is.
fn deal_title(reading: &Reading) -> String {
    let company = reading.link(&deal::COMPANY, By::Name);
    let contact = reading.link(&deal::CONTACT, By::Name);
    let parts: Vec<&str> = [company.or(contact), reading.product.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        "Deal without a name".to_owned()
    } else {
        parts.join(" - ")
    }
}
