//! Ids in an order that is not of texts alone: by moments, counts, states, and by names where these are alike. The rows are read once,
//! as they lie, and put in order here: SQLite would call back for every name and look up every figure row by row.

use std::cmp::Ordering;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Kind};
use crate::domain::text::fold_onto;
use crate::domain::value::Value;

use super::super::filter_sql::waiting;
use super::super::sql::quoted;
use super::by_text::{Names, Text, head, text};
use super::figures::{Figure, Figures, Rates};
use super::keys::derived;

/// What a list is sorted by.
pub(super) struct Key {
    by: By,
    descending: bool,
}

enum By {
    /// A text or the name at the end of a reference, folded.
    Text(Text),
    /// An expression over the row: of a number, or of a text that is compared as it is written.
    Value(String),
    /// What other tables tell.
    Figure(Figure),
}

impl Key {
    /// Whether other tables are read for it.
    pub fn is_figure(&self) -> bool {
        matches!(self.by, By::Figure(_))
    }

    fn column(&self) -> Option<&str> {
        match &self.by {
            By::Text(text) => Some(&text.column),
            By::Value(sql) => Some(sql),
            By::Figure(_) => None,
        }
    }
}

/// What a list is sorted by, where all of it can be read as it is here. The order of ids alone is that of the table.
pub(super) fn keys(entity: Entity, sort: &[(String, bool)]) -> Option<Vec<Key>> {
    if sort.first().is_none_or(|(name, _)| name == "id") {
        return None;
    }
    let key = |(name, descending): &(String, bool)| {
        Some(Key {
            by: by(entity, name)?,
            descending: *descending,
        })
    };
    sort.iter().map(key).collect()
}

fn by(entity: Entity, name: &str) -> Option<By> {
    let table = quoted(entity.name());
    if matches!(name, "id" | "created_at") {
        return Some(By::Value(format!("{table}.{name}")));
    }
    if let Some(text) = text(entity, name) {
        return Some(By::Text(text));
    }
    let Some(def) = entity.field(name) else {
        if name == "waits" && entity == Entity::Contact {
            return Some(By::Value(waiting(&table)));
        }
        let figure = Figure::of(entity, name).map(By::Figure);
        return figure.or_else(|| derived(entity, name).map(By::Value));
    };
    let is_plain = def.since == 0 && !matches!(def.kind, Kind::Line | Kind::Block);
    is_plain.then(|| By::Value(format!("{table}.{}", quoted(name))))
}

/// What a row has of a key.
#[derive(Clone, Copy)]
enum Held {
    /// Comes last, whichever way the order goes.
    Unknown,
    Number(i64),
    /// Of a custom field.
    Fraction(f64),
    /// A stretch of the texts, with its first bytes as a number: for most comparisons enough.
    Text {
        head: u64,
        start: usize,
        end: usize,
    },
}

/// The rows of a list, as they were read.
struct Rows {
    ids: Vec<RecordId>,
    /// What each has of each key.
    held: Vec<Held>,
    texts: String,
}

impl Rows {
    fn text(&mut self, push: impl FnOnce(&mut String)) -> Held {
        let start = self.texts.len();
        push(&mut self.texts);
        Held::Text {
            head: head(&self.texts.as_bytes()[start..]),
            start,
            end: self.texts.len(),
        }
    }

    /// How two compare; the greatest first where it is descending.
    fn compare(&self, one: Held, other: Held, descending: bool) -> Ordering {
        let known = match (one, other) {
            (Held::Unknown, Held::Unknown) => return Ordering::Equal,
            (Held::Unknown, _) => return Ordering::Greater,
            (_, Held::Unknown) => return Ordering::Less,
            (Held::Number(one), Held::Number(other)) => one.cmp(&other),
            (Held::Fraction(one), Held::Fraction(other)) => one.total_cmp(&other),
            (Held::Number(one), Held::Fraction(other)) => against(one, other),
            (Held::Fraction(one), Held::Number(other)) => against(other, one).reverse(),
            (
                Held::Text { head, start, end },
                Held::Text {
                    head: other_head,
                    start: other_start,
                    end: other_end,
                },
            ) => head.cmp(&other_head).then_with(|| {
                let texts = self.texts.as_bytes();
                texts[start..end].cmp(&texts[other_start..other_end])
            }),
            // As SQLite has it.
            (Held::Text { .. }, _) => Ordering::Greater,
            (_, Held::Text { .. }) => Ordering::Less,
        };
        if descending { known.reverse() } else { known }
    }
}

/// How a whole number compares with a fraction, of which JSON has none that is no number.
fn against(whole: i64, fraction: f64) -> Ordering {
    // Twice as wide as every whole number here, and exact.
    let floor = fraction.floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is beyond all whole numbers is as far beyond its end"
    )]
    let below = floor as i128;
    let by_floor = i128::from(whole).cmp(&below);
    by_floor.then(if fraction > floor {
        Ordering::Less
    } else {
        Ordering::Equal
    })
}

/// A row that is being put in order.
struct Line {
    first: Held,
    id: RecordId,
    /// Where its keys begin.
    held: usize,
}

/// The ids of the rows that `from` (`FROM … WHERE …`) leaves, in the order of the keys, ties by id; what is unknown comes last.
pub(super) fn ids(
    conn: &Connection,
    entity: Entity,
    (from, args): (&str, &[Value]),
    keys: &[Key],
    rates: &Rates<'_>,
) -> rusqlite::Result<Vec<RecordId>> {
    let mut rows = read(conn, entity, (from, args), keys)?;
    for (place, key) in keys.iter().enumerate() {
        if let By::Figure(figure) = key.by {
            let figures = figure.read(conn, (entity, &rows.ids), rates)?;
            fill(&mut rows, place, keys.len(), &figures);
        }
    }
    let line = |(id, held): (&RecordId, usize)| Line {
        first: rows.held[held],
        id: *id,
        held,
    };
    let places = (0..).step_by(keys.len());
    let mut lines: Vec<Line> = rows.ids.iter().zip(places).map(line).collect();
    lines.sort_unstable_by(|one, other| {
        let mut order = rows.compare(one.first, other.first, keys[0].descending);
        for (place, key) in keys.iter().enumerate().skip(1) {
            order = order.then_with(|| {
                let held = |line: &Line| rows.held[line.held + place];
                rows.compare(held(one), held(other), key.descending)
            });
        }
        order.then(one.id.cmp(&other.id))
    });
    Ok(lines.into_iter().map(|line| line.id).collect())
}

fn fill(rows: &mut Rows, place: usize, keys: usize, figures: &Figures) {
    for (number, id) in rows.ids.iter().enumerate() {
        if let Some(figure) = figures.get(*id) {
            rows.held[number * keys + place] = Held::Number(figure);
        }
    }
}

/// Reads the rows, without what other tables tell.
fn read(
    conn: &Connection,
    entity: Entity,
    (from, args): (&str, &[Value]),
    keys: &[Key],
) -> rusqlite::Result<Rows> {
    let mut sql = format!("SELECT {}.id", quoted(entity.name()));
    for column in keys.iter().filter_map(Key::column) {
        sql.push_str(", ");
        sql.push_str(column);
    }
    sql.push(' ');
    sql.push_str(from);
    let mut names: Vec<Option<Names<'_>>> = keys
        .iter()
        .map(|key| match &key.by {
            By::Text(text) => text.to.and_then(|to| Names::of(conn, to)),
            By::Value(_) | By::Figure(_) => None,
        })
        .collect();
    let mut rows = Rows {
        ids: Vec::new(),
        held: Vec::new(),
        texts: String::new(),
    };
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(args))?;
    while let Some(row) = found.next()? {
        rows.ids.push(row.get(0)?);
        let mut columns = 1..;
        for (key, names) in keys.iter().zip(&mut names) {
            let column = match &key.by {
                By::Figure(_) => None,
                By::Text(_) | By::Value(_) => columns.next(),
            };
            let value = column.map(|column| row.get_ref(column)).transpose()?;
            let held = match (value, names) {
                (Some(ValueRef::Integer(to)), Some(names)) => match names.get(to)? {
                    Some(name) => rows.text(|texts| texts.push_str(name)),
                    None => Held::Unknown,
                },
                (Some(ValueRef::Integer(number)), None) => Held::Number(number),
                (Some(ValueRef::Text(bytes)), _) => {
                    let written = String::from_utf8_lossy(bytes);
                    let folds = matches!(key.by, By::Text(_));
                    rows.text(|texts| {
                        if folds {
                            fold_onto(&written, texts);
                        } else {
                            texts.push_str(&written);
                        }
                    })
                }
                (Some(ValueRef::Real(fraction)), _) => Held::Fraction(fraction),
                // Nothing by which a list is sorted is bytes.
                _ => Held::Unknown,
            };
            rows.held.push(held);
        }
    }
    Ok(rows)
}
