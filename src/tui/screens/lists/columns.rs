//! The columns that a list can show: its own, every other field of its noun, and custom fields; and how wide they are.

use std::borrow::Cow;

use crate::domain::custom::{CustomField, CustomKind};
use crate::domain::history::ListRow;
use crate::domain::id::RecordId;
use crate::domain::money::Money;
use crate::domain::nouns::{Entity, FieldDef, Kind, Set};
use crate::domain::records::CustomValue;
use crate::domain::shown::{Showing, show};
use crate::domain::time::{Date, Instant};
use crate::domain::typed::label;
use crate::domain::value::Value;
use crate::domain::view::custom_column;
use crate::tui::look::Look;
use crate::tui::screens::paint::SIGNS;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::columns as cells;

use super::face::{Cell, Column, Face};

/// The columns of a face whose names in a view are not their headings.
const KEYS: &[(&str, &str)] = &[
    ("touched", "last_touch"),
    ("own", "owner"),
    ("open", "deals"),
    ("state", "lead_state"),
    ("source", "lead_source"),
    ("sc", "score"),
];

/// What no list shows: long texts, keys and orders that the book keeps for itself.
const HIDDEN: &[&str] = &["merged_into", "name_key", "position", "note", "address"];

/// Sets, with their names as columns and for people.
const SETS: &[(Set, &str, &str)] = &[
    (Set::Email, "emails", "E-mail"),
    (Set::Phone, "phones", "Phone"),
    (Set::Domain, "domains", "Domain"),
    (Set::Url, "urls", "Web"),
    (Set::Tag, "tags", "Tags"),
];

/// What stands in a column.
#[derive(Clone, Debug)]
enum Holds {
    Own(&'static Column),
    Field(&'static FieldDef),
    Set(Set),
    CreatedAt,
    Custom(RecordId, CustomKind),
}

/// A column that a list can show.
#[derive(Clone, Debug)]
pub struct ListColumn {
    /// Its name in a view and in an order.
    pub key: Cow<'static, str>,
    /// Its heading.
    pub name: Cow<'static, str>,
    least: u16,
    share: u16,
    holds: Holds,
}

impl ListColumn {
    fn own(column: &'static Column) -> Self {
        Self {
            key: key(column.name),
            name: column.name.into(),
            least: column.least,
            share: column.share,
            holds: Holds::Own(column),
        }
    }

    fn new(
        key: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        holds: Holds,
    ) -> Self {
        let name = name.into();
        let (least, share) = match &holds {
            Holds::Field(def) => match def.kind {
                Kind::Flag | Kind::Percent | Kind::Currency => (5, 0),
                Kind::Number | Kind::Money => (8, 0),
                Kind::Date | Kind::Instant => (9, 0),
                _ => (10, 2),
            },
            Holds::CreatedAt => (9, 0),
            Holds::Own(_) | Holds::Set(_) | Holds::Custom(..) => (12, 2),
        };
        Self {
            key: key.into(),
            least: least.max(cells(&name).min(14)),
            name,
            share,
            holds,
        }
    }

    /// Whether the greatest come first where it is sorted by: of moments the newest.
    #[must_use]
    pub fn newest_first(&self) -> bool {
        match self.holds {
            Holds::Field(def) => def.kind == Kind::Instant,
            Holds::CreatedAt => true,
            Holds::Own(_) | Holds::Set(_) | Holds::Custom(..) => false,
        }
    }

    /// Whether it holds figures, which stand at the right of it.
    #[must_use]
    pub fn is_figure(&self) -> bool {
        match self.holds {
            Holds::Own(column) => column.figure,
            Holds::Field(def) => def.kind.is_figure(),
            Holds::Custom(_, kind) => kind.kind().is_figure(),
            Holds::Set(_) | Holds::CreatedAt => false,
        }
    }

    /// What it says of a row.
    #[must_use]
    pub fn cell(&self, row: &ListRow, look: &Look<'_>) -> Cell {
        let record = &row.record;
        let text = match &self.holds {
            Holds::Own(column) => return (column.cell)(row, look),
            Holds::CreatedAt => record.created_at.map(|at| look.date(at.date(look.zone))),
            Holds::Set(set) => {
                let all = record.set(*set);
                (!all.is_empty()).then(|| all.join(" "))
            }
            Holds::Custom(id, _) => {
                let found = record.custom.iter().find(|custom| custom.field == *id);
                found.and_then(|custom| of_custom(custom, look))
            }
            Holds::Field(def) => of_field(row, def, look),
        };
        let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
        text.map_or_else(unknown, |text| (text, Role::Text))
    }
}

fn of_custom(custom: &CustomValue, look: &Look<'_>) -> Option<String> {
    match (custom.kind, &custom.value) {
        (CustomKind::Date, Value::Text(date)) => {
            let parsed: Option<Date> = date.parse().ok();
            parsed.map_or_else(|| Some(date.clone()), |date| Some(look.date(date)))
        }
        (CustomKind::Instant, Value::Int(millis)) => {
            Some(look.since(Instant::from_millis(*millis)))
        }
        (CustomKind::Money, Value::Int(minor)) => Some(look.money(Money::new(*minor, look.base?))),
        _ => custom.shown(look.base?, look.zone),
    }
}

fn of_field(row: &ListRow, def: &'static FieldDef, look: &Look<'_>) -> Option<String> {
    let record = &row.record;
    match def.kind {
        Kind::Instant => record.instant(def).map(|at| look.since(at)),
        Kind::Date => record.date(def).map(|date| look.date(date)),
        Kind::Money => record.money(def, look.base?).map(|money| look.money(money)),
        kind => {
            let link = record.link::<()>(def);
            let by = Showing {
                currency: look.base?,
                zone: look.zone,
                name: link.as_ref().map(|link| link.name.as_str()),
            };
            show(kind, record.get(def), &by)
        }
    }
}

/// The name in a view of a column with that heading.
fn key(heading: &str) -> Cow<'static, str> {
    let plain = heading.to_lowercase().replace(' ', "_");
    let known = KEYS.iter().find(|(name, _)| *name == plain);
    known.map_or(Cow::Owned(plain), |(_, key)| Cow::Borrowed(*key))
}

/// The usual columns of a list, in the order of the screen.
#[must_use]
pub fn usual(face: &'static Face) -> Vec<ListColumn> {
    usual_at(face, face.places)
}

/// Columns of a list by their places among its own.
#[must_use]
pub fn usual_at(face: &'static Face, places: &[usize]) -> Vec<ListColumn> {
    let columns = places.iter().filter_map(|place| face.columns.get(*place));
    columns.map(ListColumn::own).collect()
}

/// Every column that a list can show: the usual ones first.
#[must_use]
pub fn all(face: &'static Face, entity: Entity, custom: &[CustomField]) -> Vec<ListColumn> {
    let mut all = usual(face);
    let fields = entity.fields().iter().copied();
    let fields = fields.filter(|def| {
        !HIDDEN.contains(&def.name) && !matches!(def.kind, Kind::Json | Kind::AnyRef | Kind::Block)
    });
    let sets = SETS.iter().filter(|(set, ..)| set.is_of(entity));
    let more: Vec<ListColumn> = fields
        .map(|def| ListColumn::new(def.name, label(def), Holds::Field(def)))
        .chain(sets.map(|(set, key, name)| ListColumn::new(*key, *name, Holds::Set(*set))))
        .chain([ListColumn::new("created_at", "Created", Holds::CreatedAt)])
        .chain(custom.iter().map(|field| {
            let holds = Holds::Custom(field.id, field.kind);
            ListColumn::new(custom_column(field.id), field.name.clone(), holds)
        }))
        .collect();
    for column in more {
        if !all.iter().any(|known| known.key == column.key) {
            all.push(column);
        }
    }
    all
}

/// The columns of a list by their names in a view; what is not known is left out, and the usual ones are shown where nothing is left.
#[must_use]
pub fn named(
    face: &'static Face,
    entity: Entity,
    keys: &[String],
    custom: &[CustomField],
) -> Vec<ListColumn> {
    if keys.is_empty() {
        return usual(face);
    }
    let all = all(face, entity, custom);
    let found = |key: &String| all.iter().find(|column| column.key == *key).cloned();
    let shown: Vec<ListColumn> = keys.iter().filter_map(found).collect();
    if shown.is_empty() { usual(face) } else { shown }
}

/// The columns that fit with their widths, in order, and whether some gave way. The name stays longest; of the usual columns the least
/// needed give way first, of chosen ones those on the right.
#[must_use]
pub fn widths<'a>(
    face: &'static Face,
    columns: &'a [ListColumn],
    is_usual: bool,
    wide: u16,
) -> (Vec<(&'a ListColumn, u16)>, bool) {
    let room = wide.saturating_sub(SIGNS);
    let mut ranked: Vec<usize> = (0..columns.len()).collect();
    if is_usual {
        let rank = |place: &usize| {
            let mut own = face.columns.iter();
            own.position(|own| own.name == columns[*place].name)
        };
        ranked.sort_by_key(rank);
    } else {
        ranked.sort_by_key(|place| columns[*place].key != "name");
    }
    let wanted = |count: usize| -> u16 {
        let first = ranked.iter().take(count);
        first.map(|place| columns[*place].least + 1).sum()
    };
    let mut fit = ranked.len();
    while fit > 1 && wanted(fit) > room {
        fit -= 1;
    }
    let there = &ranked[..fit];
    let over = room.saturating_sub(wanted(fit));
    let shares: u16 = there.iter().map(|place| columns[*place].share).sum();
    let shown = columns.iter().enumerate();
    let shown = shown
        .filter(|(place, _)| there.contains(place))
        .map(|(_, column)| {
            let more = u32::from(over) * u32::from(column.share) / u32::from(shares.max(1));
            (column, column.least + u16::try_from(more).unwrap_or(0))
        });
    (shown.collect(), fit < columns.len())
}

#[cfg(test)]
mod tests {
    use super::super::companies::COMPANIES;
    use super::super::people::{CONTACTS, LEADS};
    use super::*;

    #[test]
    fn columns_give_way_from_the_least_needed_on_and_never_overflow() {
        for face in [&CONTACTS, &LEADS, &COMPANIES] {
            for wide in 10..200 {
                let columns = usual(face);
                let (widths, _) = widths(face, &columns, true, wide);
                let all: u16 = widths.iter().map(|(_, wide)| wide + 1).sum();
                assert!(all + SIGNS <= wide || widths.len() == 1, "{wide}");
            }
        }
        let names = |face, wide| -> Vec<String> {
            let columns = usual(face);
            let (widths, _) = widths(face, &columns, true, wide);
            widths
                .iter()
                .map(|(column, _)| column.name.to_string())
                .collect()
        };
        assert_eq!(names(&CONTACTS, 58), ["Name", "Company", "Touched"]);
        assert_eq!(
            names(&CONTACTS, 98),
            ["Name", "Company", "Title", "Owner", "Touched", "Next step"]
        );
        assert_eq!(names(&CONTACTS, 158).len(), 7);
        assert_eq!(
            names(&LEADS, 64),
            ["Name", "Company", "Source", "State", "Waits", "Own"],
            "beside the panel at 100 columns, which tells the score"
        );
        assert_eq!(names(&LEADS, 78).len(), 7);
        assert_eq!(names(&LEADS, 42), ["Name", "Company", "State"]);
    }

    fn custom_field(id: i64, name: &str, kind: CustomKind) -> CustomField {
        CustomField {
            id: RecordId::from_raw(id),
            entity: Entity::Contact,
            name: name.to_owned(),
            kind,
            choices: Vec::new(),
        }
    }

    #[test]
    fn custom_figures_stand_at_the_right_like_all_others() {
        for (kind, figure) in [
            (CustomKind::Number, true),
            (CustomKind::Money, true),
            (CustomKind::Text, false),
            (CustomKind::Date, false),
        ] {
            let custom = [custom_field(7, "Seats", kind)];
            let all = all(&CONTACTS, Entity::Contact, &custom);
            let column = all.last().unwrap();
            assert_eq!((&*column.name, column.is_figure()), ("Seats", figure));
        }
    }

    #[test]
    fn chosen_columns_give_way_from_the_right_and_the_name_stays() {
        let custom = [custom_field(7, "Region", CustomKind::Text)];
        let keys: Vec<String> = ["city", "custom.nothing", "name", "emails", "created_at"]
            .map(str::to_owned)
            .into_iter()
            .chain([custom_column(custom[0].id)])
            .collect();
        let chosen = named(&CONTACTS, Entity::Contact, &keys, &custom);
        let names = |wide| -> (Vec<&str>, bool) {
            let (widths, more) = widths(&CONTACTS, &chosen, false, wide);
            (
                widths.iter().map(|(column, _)| &*column.name).collect(),
                more,
            )
        };
        assert_eq!(
            names(120),
            (vec!["City", "Name", "E-mail", "Created", "Region"], false)
        );
        assert_eq!(names(50), (vec!["City", "Name", "E-mail"], true));
        assert_eq!(names(24), (vec!["Name"], true));
    }

    #[test]
    fn every_column_has_its_own_name() {
        for face in [&CONTACTS, &LEADS, &COMPANIES] {
            let all = all(face, face.entity, &[]);
            for (place, column) in all.iter().enumerate() {
                let twin = all[place + 1..].iter().any(|other| other.key == column.key);
                assert!(!twin, "{}", column.key);
            }
            for sort in face.sorts {
                let has = all.iter().any(|column| column.key == sort.field);
                assert!(
                    has || sort.field == "id" || sort.field == "waits",
                    "{}",
                    sort.field
                );
            }
        }
    }
}
