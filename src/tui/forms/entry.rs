//! One field of a record in a form: where it goes in the book, what its author saw there, what they want instead.

use serde::{Deserialize, Serialize};

use crate::domain::id::RecordId;
use crate::domain::identity::{company_key, domain_key, email_key, near_name, phone_key};
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set};
use crate::domain::records::Record;
use crate::domain::shown::{Showing, show};
use crate::domain::text::{clean_line, fold};
use crate::domain::typed::{Typing, as_typed, label, parse_field};
use crate::domain::value::Value;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::picker::{Key, Picked, Picker};
use crate::tui::widgets::text_area::TextArea;
use crate::tui::widgets::text_field::TextField;

use super::editor::{Content, Editor};
use super::sheet::Row;

/// What stands in an empty field that cannot be left so.
const REQUIRED: &str = "required";

/// Where a field goes in the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A field of the noun; an amount brings the record's currency along.
    Field(&'static FieldDef),
    /// A set, its elements typed with commas between them.
    Set(Set),
}

impl Place {
    /// Its name in a draft: nouns give fields and sets different names.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Field(def) => def.name,
            Self::Set(set) => set.name(),
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
    label: String,
    hint: String,
    items: Vec<Item<Key>>,
    /// The noun that is made of a name that is not in the list.
    makes: Option<Entity>,
    /// Whether it cannot be left empty.
    needed: bool,
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
        }
    }

    /// A set.
    #[must_use]
    pub fn set(set: Set, label: &str) -> Self {
        Self {
            place: Place::Set(set),
            label: label.to_owned(),
            hint: "with commas between".to_owned(),
            items: Vec::new(),
            makes: None,
            needed: false,
        }
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
        let editor = match self.place {
            Place::Field(def) => self.editor(def.kind),
            Place::Set(_) => Editor::Line(TextField::default()),
        };
        let mut row = Row::new(self.label.clone(), editor);
        row.hint.clone_from(&self.hint);
        row.previews = matches!(
            self.place,
            Place::Field(FieldDef {
                kind: Kind::Money | Kind::Date | Kind::Instant,
                ..
            })
        );
        row
    }

    fn editor(&self, kind: Kind) -> Editor {
        match kind {
            Kind::Block => Editor::Block(TextArea::new("")),
            Kind::Ref(_) | Kind::Choice(_) | Kind::Flag => {
                let picker = Picker::new(self.items.clone());
                Editor::Pick(if self.makes.is_some() {
                    picker.open_ended()
                } else {
                    picker
                })
            }
            _ => Editor::Line(TextField::default()),
        }
    }

    /// The record's own currency, for an amount that has one beside it.
    fn currency_field(&self) -> Option<&'static FieldDef> {
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
        }
    }

    /// What the editor shows for what was seen. `name` is that of the record that a reference names.
    #[must_use]
    pub fn content(&self, seen: &Seen, name: Option<&str>, ctx: &Typing) -> Content {
        match (self.place, seen) {
            (Place::Field(def), Seen::Values(value, currency)) => match def.kind {
                Kind::Ref(_) => Content::Picked(value.as_int().map_or(Picked::Nothing, |raw| {
                    let id = RecordId::from_raw(raw);
                    let name = name.map_or_else(|| id.to_string(), str::to_owned);
                    Picked::Known(Key::Record(id), name)
                })),
                Kind::Choice(_) | Kind::Flag => {
                    let word = as_typed(def.kind, value, ctx);
                    Content::Picked(if word.is_empty() {
                        Picked::Nothing
                    } else {
                        Picked::Known(Key::Word(word.replace(' ', "_")), word)
                    })
                }
                kind => {
                    let own = Typing {
                        currency: currency.unwrap_or(ctx.currency),
                        ..*ctx
                    };
                    let text = as_typed(kind, value, &own);
                    let foreign = currency.filter(|own| *own != ctx.currency && !text.is_empty());
                    Content::Text(match foreign {
                        Some(currency) => format!("{currency} {text}"),
                        None => text,
                    })
                }
            },
            (_, Seen::Elements(elements)) => Content::Text(elements.join(", ")),
            (Place::Set(_), Seen::Values(..)) => Content::Text(String::new()),
        }
    }

    /// Reads what is in the editor.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(&self, content: &Content, seen: &Seen, ctx: &Typing) -> Result<Wanted, String> {
        let def = match self.place {
            Place::Field(def) => def,
            Place::Set(set) => return elements(set, content.text()).map(Wanted::Elements),
        };
        let Seen::Values(_, own) = seen else {
            return Err(format!("{} is no set", self.label));
        };
        let ctx = Typing {
            currency: own.unwrap_or(ctx.currency),
            ..*ctx
        };
        let text = match content {
            Content::Picked(Picked::Known(Key::Record(id), _)) => {
                return Ok(Wanted::Values(Value::from(*id), None));
            }
            Content::Picked(Picked::New(name)) => {
                return match self.makes {
                    Some(noun) => Ok(Wanted::New(noun, name.clone())),
                    None => Err(not_listed(name)),
                };
            }
            Content::Picked(Picked::Typed(name)) => return Err(not_listed(name)),
            Content::Picked(Picked::Known(Key::Word(word), _)) => word,
            Content::Picked(Picked::Nothing) => "",
            Content::Text(text) => text,
        };
        if self.needed && clean_line(text).is_empty() {
            return Err(format!("{} cannot be empty", self.label));
        }
        let mut set = parse_field(def, text, &ctx)?.into_iter();
        let value = set.next().map(|(_, value)| value).unwrap_or_default();
        let typed = set
            .next()
            .and_then(|(_, currency)| currency.as_text()?.parse().ok());
        Ok(Wanted::Values(value, typed.or(*own)))
    }

    /// What is understood, where it looks otherwise than what was typed; also how a value of others is told.
    #[must_use]
    pub fn shown(
        &self,
        value: &Value,
        currency: Option<Currency>,
        name: Option<&str>,
        ctx: &Typing,
    ) -> Option<String> {
        let Place::Field(def) = self.place else {
            return None;
        };
        let by = Showing {
            currency: currency.unwrap_or(ctx.currency),
            zone: ctx.zone,
            name,
        };
        show(def.kind, value, &by)
    }

    /// What is understood of a content, where that looks otherwise.
    #[must_use]
    pub fn preview(&self, content: &Content, seen: &Seen, ctx: &Typing) -> Option<String> {
        let (value, currency) = match self.read(content, seen, ctx).ok()? {
            Wanted::Values(value, currency) => (value, currency),
            Wanted::New(noun, _) => return Some(format!("new {noun}")),
            Wanted::Elements(_) => return None,
        };
        let Content::Text(typed) = content else {
            return None;
        };
        let Place::Field(FieldDef {
            kind: Kind::Money | Kind::Date | Kind::Instant | Kind::Number,
            ..
        }) = self.place
        else {
            return None;
        };
        self.shown(&value, currency, None, ctx)
            .filter(|shown| shown != typed.trim())
    }
}

fn not_listed(name: &str) -> String {
    format!(
        "`{name}` is not in the list of this field: type less to see more of it, or empty the field with Backspace"
    )
}

impl Entry {
    /// What speaks against a content that is not wrong: a new record whose name is a near spelling of one that is there.
    #[must_use]
    pub fn doubt(&self, content: &Content) -> Option<String> {
        let Content::Picked(Picked::New(name)) = content else {
            return None;
        };
        let same = self.items.iter().find(|item| {
            self.makes == Some(Entity::Company) && company_key(&item.label) == company_key(name)
        });
        let known = self.items.iter().map(|item| item.label.as_str());
        let near = same
            .map(|item| item.label.as_str())
            .or_else(|| near_name(name, known))?;
        Some(format!("There is {near}. Is it that one?"))
    }
}

/// The elements of a set out of a text with commas, each once.
fn elements(set: Set, text: &str) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    for element in text.split(',').map(clean_line) {
        if element.is_empty() || has(&found, &element) {
            continue;
        }
        let fits = match set {
            Set::Email => email_key(&element).is_some(),
            Set::Phone => phone_key(&element).is_some(),
            Set::Domain => domain_key(&element).is_some(),
            Set::Tag | Set::Url => true,
        };
        if !fits {
            let (noun, like) = match set {
                Set::Email => ("an e-mail address", "nora@keller.ch"),
                Set::Phone => ("a phone number", "+41 41 555 01 77"),
                _ => ("a domain", "keller.ch"),
            };
            return Err(format!("`{element}` is not {noun}: write {like}"));
        }
        found.push(element);
    }
    Ok(found)
}
