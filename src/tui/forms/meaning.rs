//! What a field of a form means: what the editor shows for a value, what is read out of it, what is understood of it.

use chrono::Datelike;

use crate::domain::custom::words;
use crate::domain::id::RecordId;
use crate::domain::identity::{company_key, domain_key, email_key, near_name, phone_key};
use crate::domain::money::Currency;
use crate::domain::nouns::{Entity, Kind, Set, field};
use crate::domain::shown::{Showing, show};
use crate::domain::text::{clean_line, may_name_a_person};
use crate::domain::time::Instant;
use crate::domain::typed::{Typing, as_typed, parse_due, parse_field, parse_typed};
use crate::domain::value::Value;
use crate::tui::widgets::picker::{Key, Picked};

use super::editor::Content;
use super::entry::{Entry, Place, Seen, Wanted, has};

impl Entry {
    /// What the editor shows for what was seen. `name` is that of the record that a reference names.
    #[must_use]
    pub fn content(&self, seen: &Seen, name: Option<&str>, ctx: &Typing) -> Content {
        match (self.place, self.place.kind(), seen) {
            (Place::Field(def), _, Seen::Values(Value::Text(kept), _))
                if *def == field::CHOICES =>
            {
                Content::Text(words(kept).join(", "))
            }
            (_, Some(kind), Seen::Values(value, currency)) => match kind {
                Kind::Ref(_) => Content::Picked(value.as_int().map_or(Picked::Nothing, |raw| {
                    let id = RecordId::from_raw(raw);
                    let name = name.map_or_else(|| id.to_string(), str::to_owned);
                    Picked::Known(Key::Record(id), name)
                })),
                Kind::Choice(_) | Kind::Flag => {
                    let word = as_typed(kind, value, ctx);
                    Content::Picked(if word.is_empty() {
                        Picked::Nothing
                    } else {
                        Picked::Known(Key::Word(word.replace(' ', "_")), word)
                    })
                }
                Kind::Line if !self.items.is_empty() => {
                    let word = as_typed(kind, value, ctx);
                    Content::Picked(if word.is_empty() {
                        Picked::Nothing
                    } else {
                        Picked::Known(Key::Word(word.clone()), word)
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
            (_, _, Seen::Elements(elements)) => Content::Text(elements.join(", ")),
            (Place::Due, _, Seen::Values(value, _)) => {
                Content::Text(as_typed(due_kind(value), value, ctx))
            }
            (_, None, Seen::Values(..)) => Content::Text(String::new()),
        }
    }

    /// Reads what is in the editor.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(&self, content: &Content, seen: &Seen, ctx: &Typing) -> Result<Wanted, String> {
        let def = match self.place {
            Place::Field(def) => def,
            Place::Custom(_, _, kind) => return read_custom(kind, content, ctx),
            Place::Set(set) => return elements(set, content.text()).map(Wanted::Elements),
            Place::Due | Place::NextDue => {
                let value = parse_due(content.text(), ctx)?;
                return Ok(Wanted::Values(value, None));
            }
            Place::NextStep => {
                let value = parse_typed(Kind::Line, content.text(), ctx)?;
                return Ok(Wanted::Values(value, None));
            }
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
            Content::Picked(Picked::New(name) | Picked::Typed(name))
                if matches!(self.makes, Some(Entity::Rep | Entity::Contact))
                    && !may_name_a_person(name) =>
            {
                return Err(format!(
                    "`{name}` is not in the list, and no name that a person has: write one that begins with a letter, or empty the field with Backspace"
                ));
            }
            Content::Picked(Picked::New(name)) => match self.makes {
                Some(noun) => return Ok(Wanted::New(noun, name.clone())),
                None if def.kind == Kind::Line => name,
                None => return Err(not_listed(name)),
            },
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
        let kind = match self.place {
            Place::Field(def) => def.kind,
            Place::Custom(_, _, kind) => kind,
            Place::Due | Place::NextDue => due_kind(value),
            Place::Set(_) | Place::NextStep => return None,
        };
        let by = Showing {
            currency: currency.unwrap_or(ctx.currency),
            zone: ctx.zone,
            name,
        };
        show(kind, value, &by)
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
        let looks_otherwise = matches!(self.place, Place::Due | Place::NextDue)
            || matches!(
                self.place.kind(),
                Some(Kind::Money | Kind::Date | Kind::Instant | Kind::Number)
            );
        if !looks_otherwise {
            return None;
        }
        let shown = match (self.place, &value) {
            (Place::Due | Place::NextDue, Value::Int(millis)) => {
                Some(short_moment(Instant::from_millis(*millis), ctx))
            }
            _ => self.shown(&value, currency, None, ctx),
        };
        shown.filter(|shown| shown != typed.trim())
    }
}

/// What is due at a date is a text, what is due at a moment a number.
const fn due_kind(value: &Value) -> Kind {
    match value {
        Value::Int(_) => Kind::Instant,
        _ => Kind::Date,
    }
}

/// A moment beside its field, where there is little room: `Fri 27 Nov 14:00`.
fn short_moment(at: Instant, ctx: &Typing) -> String {
    let local = at.local(ctx.zone);
    let this_year = local.year() == ctx.today().year();
    let form = if this_year {
        "%a %-d %b %H:%M"
    } else {
        "%-d %b %Y %H:%M"
    };
    local.format(form).to_string()
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

/// Reads what is in a custom field.
fn read_custom(kind: Kind, content: &Content, ctx: &Typing) -> Result<Wanted, String> {
    if let Content::Picked(Picked::Typed(name)) = content {
        return Err(not_listed(name));
    }
    let value = parse_typed(kind, content.text(), ctx)?;
    Ok(Wanted::Values(value, None))
}
