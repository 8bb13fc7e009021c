//! Custom fields: what a team keeps beside the fields that every book has.

use super::id::RecordId;
use super::money::Currency;
use super::nouns::{Entity, FieldDef, Kind, field};
use super::records::{CustomValue, Record};
use super::shown::{Showing, show};
use super::text::clean_line;
use super::time::Zone;
use super::typed::{Typing, parse_choice, parse_typed};
use super::value::Value;

/// What a custom field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomKind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A date.
    Date,
    /// A moment.
    Instant,
    /// One of some words.
    Choice,
    /// Yes or no.
    Flag,
    /// An amount in the book's currency.
    Money,
}

impl CustomKind {
    /// All of them, with the words that they have in the book.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Text, "text"),
        (Self::Number, "number"),
        (Self::Date, "date"),
        (Self::Instant, "instant"),
        (Self::Choice, "choice"),
        (Self::Flag, "flag"),
        (Self::Money, "money"),
    ];

    /// The words, for a list of what can be typed.
    pub const WORDS: [&'static str; 7] = [
        "text", "number", "date", "instant", "choice", "flag", "money",
    ];

    /// The kind of that word. What this program does not know is text: it is shown and typed as it stands.
    #[must_use]
    pub fn named(word: &str) -> Self {
        let known = Self::ALL.iter().find(|(_, known)| *known == word);
        known.map_or(Self::Text, |(kind, _)| *kind)
    }

    /// How its values are typed and shown.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Choice => Kind::Line,
            Self::Number => Kind::Number,
            Self::Date => Kind::Date,
            Self::Instant => Kind::Instant,
            Self::Flag => Kind::Flag,
            Self::Money => Kind::Money,
        }
    }
}

/// A custom field, as the book has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomField {
    /// Its `field` record.
    pub id: RecordId,
    /// The noun that has it.
    pub entity: Entity,
    /// What people call it.
    pub name: String,
    /// What it holds.
    pub kind: CustomKind,
    /// The words of a choice.
    pub choices: Vec<String>,
}

impl CustomField {
    /// The field that a record of the book describes; `None` where it is of a noun that this program does not know.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        let entity: Entity = record.text(&field::ENTITY)?.parse().ok()?;
        Some(Self {
            id: record.id,
            entity: Some(entity).filter(|entity| entity.has_custom())?,
            name: record.name(),
            kind: CustomKind::named(record.text(&field::KIND)?),
            choices: words(record.text(&field::CHOICES).unwrap_or_default()),
        })
    }

    /// The value that was typed for it, as its kind says: one of its words, as far as it has any; a text with its lines. Nothing typed
    /// is unknown.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn read(&self, text: &str, ctx: &Typing) -> Result<Value, String> {
        let words: Vec<&str> = self.choices.iter().map(String::as_str).collect();
        match self.kind {
            CustomKind::Choice if !words.is_empty() && !clean_line(text).is_empty() => {
                parse_choice(text, &words).map(Value::from)
            }
            CustomKind::Text if text.trim().contains('\n') => parse_typed(Kind::Block, text, ctx),
            kind => parse_typed(kind.kind(), text, ctx),
        }
    }
}

impl CustomValue {
    /// Its content for people, as the kind of its field says; amounts are in the book's currency, which custom fields have.
    #[must_use]
    pub fn shown(&self, base: Currency, zone: Zone) -> Option<String> {
        let by = Showing {
            currency: base,
            zone,
            name: None,
        };
        show(self.kind.kind(), &self.value, &by)
    }
}

/// The words of a choice out of what the book keeps: a JSON array of texts.
#[must_use]
pub fn words(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// What the book keeps of the words of a choice, typed with commas between them; `None` where there are none.
#[must_use]
pub fn choices(typed: &str) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for word in typed.split(',').map(clean_line) {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    // Texts: nothing in them can fail to serialise.
    (!words.is_empty()).then(|| serde_json::to_string(&words).unwrap_or_default())
}

/// The nouns that have custom fields, as they are typed.
pub const NOUNS: [(&str, Entity); 6] = [
    ("contact", Entity::Contact),
    ("company", Entity::Company),
    ("deal", Entity::Deal),
    ("product", Entity::Product),
    ("activity", Entity::Activity),
    ("rep", Entity::Rep),
];

/// Reads what was typed into a field of a custom field: a noun, a kind, the words of a choice. `None` for any other field, and
/// for nothing typed.
///
/// # Errors
/// A sentence that says what was expected.
pub fn typed(def: &FieldDef, text: &str) -> Result<Option<Value>, String> {
    let word = clean_line(text).to_lowercase();
    if word.is_empty() {
        return Ok(None);
    }
    if *def == field::ENTITY {
        // Several of them, and a lead, which is a contact.
        let one = match word.as_str() {
            "companies" => "company",
            "activities" => "activity",
            "lead" | "leads" => "contact",
            other => other.strip_suffix('s').unwrap_or(other),
        };
        let found = NOUNS.iter().find(|(name, _)| *name == one);
        let names: Vec<&str> = NOUNS.iter().map(|(name, _)| *name).collect();
        let noun = found.ok_or_else(|| {
            format!(
                "`{}` has no custom fields: write one of {}",
                text.trim(),
                names.join(", ")
            )
        })?;
        return Ok(Some(noun.1.name().into()));
    }
    if *def == field::KIND {
        let known = CustomKind::WORDS.iter().find(|known| **known == word);
        let known = known.ok_or_else(|| {
            format!(
                "`{}` is no kind: write one of {}",
                text.trim(),
                CustomKind::WORDS.join(", ")
            )
        })?;
        return Ok(Some((*known).into()));
    }
    if *def == field::CHOICES {
        return Ok(choices(text).map(Value::from));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_custom_field_holds_is_shown_as_its_kind_says() {
        for (kind, value, shown) in [
            (CustomKind::Number, 1_234_567.into(), "1,234,567"),
            (CustomKind::Money, 4_200_050.into(), "CHF 42,000.50"),
            (CustomKind::Date, "2026-11-27".into(), "Fri 27 Nov 2026"),
            (
                CustomKind::Instant,
                1_795_514_700_000_i64.into(),
                "Tue 24 Nov 2026 11:05",
            ),
            (CustomKind::Flag, 1.into(), "yes"),
            (CustomKind::Flag, 0.into(), "no"),
            (CustomKind::Choice, "north_west".into(), "north_west"),
            (CustomKind::Text, 7.into(), "7"),
            // What another program wrote is shown as it stands.
            (CustomKind::Number, "many".into(), "many"),
            (CustomKind::Date, "soon".into(), "soon"),
        ] {
            let custom = CustomValue {
                field: RecordId::from_raw(1),
                name: "Field".to_owned(),
                kind,
                value,
            };
            let text = custom.shown("CHF".parse().unwrap(), chrono_tz::Europe::Zurich);
            assert_eq!(text.as_deref(), Some(shown), "{custom:?}");
        }
    }

    #[test]
    fn what_is_typed_is_read_as_the_kind_says() {
        let ctx = Typing {
            now: crate::domain::time::Instant::from_millis(1_795_514_700_000),
            zone: chrono_tz::Europe::Zurich,
            currency: "CHF".parse().unwrap(),
        };
        for (kind, text, value) in [
            (CustomKind::Text, " a b ", Some("a b".into())),
            (CustomKind::Text, "a\nb", Some("a\nb".into())),
            (CustomKind::Number, "1'200", Some(1_200.into())),
            (CustomKind::Money, "42k", Some(4_200_000.into())),
            (CustomKind::Date, "27.11.2026", Some("2026-11-27".into())),
            (CustomKind::Flag, "yes", Some(1.into())),
            (CustomKind::Choice, "GOLD", Some("gold".into())),
            (CustomKind::Choice, "", Some(Value::Null)),
            (CustomKind::Choice, "wood", None),
            (CustomKind::Number, "many", None),
        ] {
            let field = CustomField {
                id: RecordId::from_raw(1),
                entity: Entity::Contact,
                name: "Field".to_owned(),
                kind,
                choices: vec!["gold".to_owned(), "silver".to_owned()],
            };
            assert_eq!(field.read(text, &ctx).ok(), value, "{kind:?} {text}");
        }
    }

    #[test]
    fn words_are_kept_once_and_read_back() {
        let kept = choices(" gold, silver ,gold,, \"bronze\"").unwrap();
        assert_eq!(words(&kept), ["gold", "silver", "\"bronze\""]);
        assert_eq!(choices(" , "), None);
        assert_eq!(words("no json"), Vec::<String>::new());
    }

    #[test]
    fn every_kind_has_its_word_and_another_word_is_text() {
        for (kind, word) in CustomKind::ALL {
            assert_eq!(CustomKind::named(word), kind);
        }
        assert_eq!(CustomKind::ALL.map(|(_, word)| word), CustomKind::WORDS);
        assert_eq!(CustomKind::named("colour"), CustomKind::Text);
    }

    #[test]
    fn a_noun_and_a_kind_are_typed_as_people_say_them() {
        for (def, text, value) in [
            (&field::ENTITY, "Deals", "deal"),
            (&field::ENTITY, "companies", "company"),
            (&field::ENTITY, "lead", "contact"),
            (&field::KIND, "Money", "money"),
            (&field::CHOICES, "a, b", "[\"a\",\"b\"]"),
        ] {
            assert_eq!(typed(def, text), Ok(Some(value.into())), "{text}");
        }
        assert!(typed(&field::ENTITY, "stage").is_err());
        assert!(typed(&field::KIND, "colour").is_err());
        assert_eq!(typed(&field::NAME, "deals"), Ok(None));
    }
}
