//! The clashes of a conflict, in words.

use ratatui::layout::Rect;

use crate::domain::command::{Command, Input};
use crate::domain::id::RecordId;
use crate::domain::money::{Currency, Money};
use crate::domain::nouns::{Entity, Field, Kind};
use crate::domain::outcome::Clash;
use crate::domain::resolve::{Side, TRASHED};
use crate::domain::shown::{Showing, ago, bare_amount, show};
use crate::domain::time::{Instant, Zone};
use crate::domain::typed::label;
use crate::domain::value::Value;

/// The sides from left to right.
pub(super) const SIDES: [Side; 3] = [Side::Original, Side::Theirs, Side::Mine];

/// In whose terms the dialog tells values.
pub struct Telling<'a> {
    /// The as-of moment: how long ago.
    pub now: Instant,
    /// The team's time zone.
    pub zone: Zone,
    /// The currency of the record, or of the book.
    pub currency: Currency,
    /// The names of records that references name, where they are known.
    pub names: &'a dyn Fn(Entity, RecordId) -> Option<String>,
}

/// One clash as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) clash: Clash,
    pub(super) label: String,
    by: String,
    /// In the order of [`SIDES`].
    values: [String; 3],
    pub(super) side: Side,
    /// Where each value was drawn, for the mouse.
    pub(super) drawn: [Rect; 3],
}

impl Row {
    /// Whether a side can be picked: a record in the trash has no original of its own.
    pub(super) fn offers(&self, side: Side) -> bool {
        side != Side::Original || self.clash.field != TRASHED
    }

    pub(super) fn cells(&self) -> [String; 3] {
        let [was, theirs, mine] = &self.values;
        [
            format!("was {was}"),
            format!("{} {theirs}", self.by),
            format!("you {mine}"),
        ]
    }
}

/// `Alpina AG changed while you edited (Ben, 2 min ago)`.
pub(super) fn title(clashes: &[Clash], now: Instant) -> String {
    let Some(first) = clashes.first() else {
        return "Nothing clashes".to_owned();
    };
    let several = clashes.iter().any(|clash| clash.record != first.record);
    let what = if several {
        "Several records".to_owned()
    } else {
        first.name.clone()
    };
    let did = if first.field == TRASHED && !several {
        "was put into the trash"
    } else {
        "changed"
    };
    let last = clashes.iter().max_by_key(|clash| clash.at).unwrap_or(first);
    let by = last.by.as_deref().unwrap_or("somebody else");
    let when = last
        .at
        .map_or_else(String::new, |at| format!(", {}", ago(at, now)));
    format!("{what} {did} while you edited ({by}{when})")
}

/// The currencies of the three sides, where somebody changed it.
pub(super) fn currencies(clashes: &[Clash], own: Currency) -> [Currency; 3] {
    let of = |value: &Value| value.as_text().and_then(|code| code.parse().ok());
    let clash = clashes.iter().find(|clash| clash.field == "currency");
    [
        clash.and_then(|clash| of(&clash.base)).unwrap_or(own),
        clash.and_then(|clash| of(&clash.theirs)).unwrap_or(own),
        clash.and_then(|clash| of(&clash.mine)).unwrap_or(own),
    ]
}

/// One clash in words.
pub(super) fn row(
    clash: Clash,
    several: bool,
    currencies: [Currency; 3],
    commands: &[Command],
    telling: &Telling<'_>,
) -> Row {
    let field = Field::named(clash.entity, &clash.field);
    let name = match field {
        Some(Field::Own(def)) => label(def),
        Some(Field::Custom(_, id)) => {
            (telling.names)(Entity::Field, id).unwrap_or_else(|| clash.field.clone())
        }
        _ if clash.field == TRASHED => "Trash".to_owned(),
        _ => clash.field.clone(),
    };
    let label = if several {
        format!("{} · {name}", clash.name)
    } else {
        name
    };
    let values = if clash.field == TRASHED {
        ["in use", "put it there", "restore it with my edits"].map(str::to_owned)
    } else {
        let kind = match field {
            Some(Field::Own(def)) => def.kind,
            _ => Kind::Line,
        };
        let foreign = currencies.iter().any(|one| *one != currencies[0]);
        let told = |value: &Value, at: usize| {
            let named = clash.names[at].clone();
            named
                .or_else(|| told(kind, value, currencies[at], foreign, telling))
                .unwrap_or_else(|| "empty".to_owned())
        };
        let mine = new_name(&clash, commands);
        [
            told(&clash.base, 0),
            told(&clash.theirs, 1),
            mine.unwrap_or_else(|| told(&clash.mine, 2)),
        ]
    };
    Row {
        by: given_name(&clash),
        clash,
        label,
        values,
        side: Side::Mine,
        drawn: [Rect::default(); 3],
    }
}

/// A value as everywhere, but amounts without their currency where it is the same on all sides.
fn told(
    kind: Kind,
    value: &Value,
    currency: Currency,
    foreign: bool,
    telling: &Telling<'_>,
) -> Option<String> {
    if let (Kind::Money, Value::Int(minor)) = (kind, value) {
        let short = bare_amount(Money::new(*minor, currency));
        return Some(if foreign {
            format!("{currency} {short}")
        } else {
            short
        });
    }
    let name = match (kind, value) {
        (Kind::Ref(entity), Value::Int(raw)) => (telling.names)(entity, RecordId::from_raw(*raw)),
        _ => None,
    };
    let by = Showing {
        currency,
        zone: telling.zone,
        name: name.as_deref(),
    };
    show(kind, value, &by)
}

/// The name of the record that a draft makes for a field: it has no id that a name could be found by.
fn new_name(clash: &Clash, commands: &[Command]) -> Option<String> {
    let slot = commands.iter().find_map(|command| match command {
        Command::Edit { target, edits, .. } if *target == clash.record.into() => {
            edits.iter().find_map(|edit| match edit.new {
                Input::New(slot) if edit.field.name() == clash.field => Some(slot),
                _ => None,
            })
        }
        _ => None,
    })?;
    commands.iter().find_map(|command| match command {
        Command::Create(create) if create.slot == slot => {
            let label = create.entity.label_field()?;
            let (_, input) = create
                .fields
                .iter()
                .find(|(field, _)| field.name() == label)?;
            match input {
                Input::Value(Value::Text(name)) => Some(name.clone()),
                _ => None,
            }
        }
        _ => None,
    })
}

/// The first word of who changed it: the title tells the whole name.
fn given_name(clash: &Clash) -> String {
    let name = clash.by.as_deref().unwrap_or_default();
    name.split_whitespace()
        .next()
        .unwrap_or("theirs")
        .to_owned()
}
