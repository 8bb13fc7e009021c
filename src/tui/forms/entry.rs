//! One field of a record in a form: where it goes in the book, what its author saw there, what they want instead.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::custom::{CustomField, CustomKind};
use crate::domain::id::RecordId;
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set, activity};
use crate::domain::records::Record;
use crate::domain::text::fold;
use crate::domain::typed::{Typing, label};
use crate::domain::value::Value;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::picker::{Key, Picker};
use crate::tui::widgets::text_area::TextArea;
use crate::tui::widgets::text_field::TextField;

use super::editor::Editor;
use super::sheet::Row;

/// What stands in an empty field that cannot be left so.
const REQUIRED: &str = "required";

/// What stands in the empty field of what is due.
const DUE_HINT: &str = "fri, +3d or 18.12. 14:00";

/// Where a field goes in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field of the noun; an amount brings the record's currency along.
    Field(&'static FieldDef),
    /// A set, its elements typed with commas between them.
    Set(Set),
    /// A custom field of the noun, and how its value is typed.
    Custom(Entity, RecordId, Kind),
    /// When an activity is due: a date, or a moment where a time is typed.
    Due,
    /// What comes next, planned beside the record.
    NextStep,
    /// When that is due.
    NextDue,
}

impl Place {
    /// Its name in a draft: nouns give fields and sets different names.
    #[must_use]
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Field(def) => def.name,
            Self::Set(set) => set.name(),
            Self::Custom(_, id, _) => return Cow::Owned(format!("custom.{id}")),
            Self::Due => "due",
            Self::NextStep => "next_step",
            Self::NextDue => "next_due",
        })
    }

    /// How its value is kept and typed; `None` for what is no single value of one kind.
    #[must_use]
    pub const fn kind(self) -> Option<Kind> {
        match self {
            Self::Field(def) => Some(def.kind),
            Self::Custom(_, _, kind) => Some(kind),
            Self::Set(_) | Self::Due | Self::NextStep | Self::NextDue => None,
        }
    }
}

/// What the author of a form saw in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The value; for an amount also the record's currency.
    Values(Value, Option<Currency>),
    /// The elements of a set.
    Elements(Vec<String>),
}

/// What the author of a form wants in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The value; for an amount also the record's currency.
    Values(Value, Option<Currency>),
    /// A record of that noun and name, which is not there yet.
    New(Entity, String),
    /// The elements of a set.
    Elements(Vec<String>),
}

impl Wanted {
    /// Whether that is what was seen.
    #[must_use]
    pub fn is(&self, seen: &Seen) -> bool {
        match (self, seen) {
            (Self::Values(value, currency), Seen::Values(was, of)) => {
                value == was && (currency == of || value.is_null())
            }
            (Self::Elements(want), Seen::Elements(was)) => {
                want.len() == was.len() && want.iter().all(|element| has(was, element))
            }
            _ => false,
        }
    }
}

/// Whether a set has an element, in this or another spelling.
#[must_use]
pub fn has(elements: &[String], element: &str) -> bool {
    elements.iter().any(|other| fold(other) == fold(element))
}

/// How a field of a form is to be: what to call it, how to type or pick it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where it goes.
    pub place: Place,
    pub(super) label: String,
    hint: String,
    pub(super) items: Vec<Item<Key>>,
    /// The noun that is made of a name that is not in the list.
    pub(super) makes: Option<Entity>,
    /// Whether it cannot be left empty.
    pub(super) needed: bool,
    /// Whether what is chosen is enough.
    at_once: bool,
    /// Whether nothing else than the words of its list can be typed.
    pub(super) closed: bool,
}

impl Entry {
    /// A field of a noun, with the noun's own name for it.
    #[must_use]
    pub fn field(def: &'static FieldDef) -> Self {
        let words = match def.kind {
            Kind::Choice(words) => words.to_vec(),
            Kind::Flag => vec!["yes", "no"],
            _ => Vec::new(),
        };
        let item = |word: &str| Item::new(Key::Word(word.to_owned()), word.replace('_', " "));
        let required = if def.required { REQUIRED } else { "" };
        Self {
            place: Place::Field(def),
            label: label(def),
            hint: required.to_owned(),
            items: words.into_iter().map(item).collect(),
            makes: None,
            needed: def.required,
            at_once: false,
            closed: false,
        }
    }

    /// A custom field. A text that has several lines in a record is typed as such there.
    #[must_use]
    pub fn custom(field: &CustomField, value: Option<&Value>) -> Self {
        let long = value
            .and_then(Value::as_text)
            .is_some_and(|text| text.contains('\n'));
        let kind = match field.kind.kind() {
            Kind::Line if long => Kind::Block,
            kind => kind,
        };
        let words: Vec<&str> = match field.kind {
            CustomKind::Choice => field.choices.iter().map(String::as_str).collect(),
            CustomKind::Flag => vec!["yes", "no"],
            _ => Vec::new(),
        };
        let hint = match field.kind {
            CustomKind::Date => "fri, +2w or 18.12.",
            CustomKind::Instant => DUE_HINT,
            CustomKind::Money => "42k",
            _ => "",
        };
        let place = Place::Custom(field.entity, field.id, kind);
        Self {
            closed: !words.is_empty(),
            ..Self::plain(place, &field.name, hint).suggesting(&words)
        }
    }

    /// A set.
    #[must_use]
    pub fn set(set: Set, label: &str) -> Self {
        Self::plain(Place::Set(set), label, "with commas between")
    }

    /// When an activity is due.
    #[must_use]
    pub fn due() -> Self {
        Self::plain(Place::Due, "Due", DUE_HINT)
    }

    /// What comes next.
    #[must_use]
    pub fn next_step() -> Self {
        Self::plain(Place::NextStep, "Next step", "what comes next")
    }

    /// When that is due.
    #[must_use]
    pub fn next_due() -> Self {
        Self::plain(Place::NextDue, "Due", DUE_HINT)
    }

    fn plain(place: Place, label: &str, hint: &str) -> Self {
        Self {
            place,
            label: label.to_owned(),
            hint: hint.to_owned(),
            items: Vec::new(),
            makes: None,
            needed: false,
            at_once: false,
            closed: false,
        }
    }

    /// The same line of text, for which these words are offered; any others can be typed.
    #[must_use]
    pub fn suggesting(mut self, words: &[&str]) -> Self {
        let item = |word: &&str| Item::new(Key::Word((*word).to_owned()), *word);
        self.items = words.iter().map(item).collect();
        self
    }

    /// The same; where the form is done with Enter, choosing there is enough.
    #[must_use]
    pub const fn at_once(mut self) -> Self {
        self.at_once = true;
        self
    }

    /// Whether it is that field.
    #[must_use]
    pub fn is_of(&self, def: &FieldDef) -> bool {
        matches!(self.place, Place::Field(own) if own == def)
    }

    /// The same under another name.
    #[must_use]
    pub fn called(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    /// The same with what stands in it while it is empty.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// The same, but it cannot be left empty, although the noun would allow it.
    #[must_use]
    pub fn needed(mut self) -> Self {
        self.needed = true;
        REQUIRED.clone_into(&mut self.hint);
        self
    }

    /// The same, picked from these.
    #[must_use]
    pub fn from(mut self, items: Vec<Item<Key>>) -> Self {
        self.items = items;
        self
    }

    /// The same; a name that is not in the list makes a record of that noun.
    #[must_use]
    pub const fn or_new(mut self, noun: Entity) -> Self {
        self.makes = Some(noun);
        self
    }

    /// What a row of its list is called.
    #[must_use]
    pub fn name_of(&self, key: &Key) -> Option<String> {
        let item = self.items.iter().find(|item| item.value == *key)?;
        Some(item.label.clone())
    }

    /// Its row of a sheet, empty.
    #[must_use]
    pub fn row(&self) -> Row {
        let editor = match self.place.kind() {
            Some(kind) => self.editor(kind),
            None => Editor::Line(TextField::default()),
        };
        let mut row = Row::new(self.label.clone(), editor);
        row.hint.clone_from(&self.hint);
        row.at_once = self.at_once;
        row.previews = matches!(self.place, Place::Due | Place::NextDue)
            || matches!(
                self.place.kind(),
                Some(Kind::Money | Kind::Date | Kind::Instant)
            );
        row
    }

    fn editor(&self, kind: Kind) -> Editor {
        match kind {
            Kind::Block => Editor::Block(TextArea::new("")),
            Kind::Ref(_) | Kind::Choice(_) | Kind::Flag => {
                let picker = Picker::new(self.items.clone());
                Editor::Pick(match self.makes {
                    Some(Entity::Rep | Entity::Contact) => picker.open_to_people(),
                    Some(_) => picker.open_ended(),
                    None => picker,
                })
            }
            Kind::Line if self.closed => Editor::Pick(Picker::new(self.items.clone())),
            Kind::Line if !self.items.is_empty() => {
                Editor::Pick(Picker::new(self.items.clone()).open_ended())
            }
            _ => Editor::Line(TextField::default()),
        }
    }

    /// The record's own currency, for an amount that has one beside it.
    pub(super) fn currency_field(&self) -> Option<&'static FieldDef> {
        match self.place {
            Place::Field(def) if def.kind == Kind::Money => def.entity.field("currency"),
            _ => None,
        }
    }

    /// What a record holds there.
    #[must_use]
    pub fn seen(&self, record: &Record, ctx: &Typing) -> Seen {
        match self.place {
            Place::Field(def) => Seen::Values(
                record.get(def).clone(),
                self.currency_field().map(|currency| {
                    let code = record.text(currency);
                    code.and_then(|code| code.parse().ok())
                        .unwrap_or(ctx.currency)
                }),
            ),
            Place::Set(set) => Seen::Elements(record.set(set).to_vec()),
            Place::Custom(_, id, _) => Seen::Values(custom_of(record, id), None),
            Place::Due => {
                let at = record.get(&activity::DUE_AT);
                let date = record.get(&activity::DUE_DATE);
                Seen::Values(if at.is_null() { date } else { at }.clone(), None)
            }
            Place::NextStep | Place::NextDue => Seen::Values(Value::Null, None),
        }
    }

    /// What nobody has seen yet: a new record's.
    #[must_use]
    pub fn unseen(&self, ctx: &Typing) -> Seen {
        match self.place {
            Place::Field(_) => {
                Seen::Values(Value::Null, self.currency_field().map(|_| ctx.currency))
            }
            Place::Set(_) => Seen::Elements(Vec::new()),
            Place::Custom(..) | Place::Due | Place::NextStep | Place::NextDue => {
                Seen::Values(Value::Null, None)
            }
        }
    }
}

/// What a record has in a custom field.
pub(super) fn custom_of(record: &Record, id: RecordId) -> Value {
    let custom = record.custom.iter().find(|custom| custom.field == id);
    custom.map_or(Value::Null, |custom| custom.value.clone())
}
