//! Ids by a text as it is folded, for lists as long as the book: what is read is folded and sorted here, which costs a fraction of what it
//! costs SQLite to call back for each row and to sort texts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Kind};
use crate::domain::text::{fold, fold_onto};
use crate::domain::value::Value;

use super::super::sql::quoted;

/// A text that a list is sorted by.
pub(super) struct Text {
    /// The column, as SQL: of the text itself, or of the reference to what is called so.
    pub column: String,
    /// What a reference refers to.
    pub to: Option<Entity>,
}

/// What a list is sorted by, and whether the greatest come first: where it is sorted by texts alone, those of its own or the names at
/// the ends of references. Several of them only where the least come first.
pub(super) fn texts(entity: Entity, sort: &[(String, bool)]) -> Option<(Vec<Text>, bool)> {
    let descending = match sort {
        [(_, descending)] => *descending,
        _ => false,
    };
    if sort.is_empty() || sort.iter().any(|(_, other)| *other != descending) {
        return None;
    }
    let texts: Option<Vec<Text>> = sort.iter().map(|(name, _)| text(entity, name)).collect();
    Some((texts?, descending))
}

/// The text of a noun that a name of an order names.
pub(super) fn text(entity: Entity, name: &str) -> Option<Text> {
    // A field of a later minor may not be there.
    let def = entity.field(name).filter(|def| def.since == 0)?;
    let column = format!("{}.{}", quoted(entity.name()), quoted(name));
    let to = match def.kind {
        Kind::Line | Kind::Block => None,
        Kind::Ref(to) => {
            to.label_field()?;
            Some(to)
        }
        _ => return None,
    };
    Some(Text { column, to })
}

/// Names at the ends of references, folded, each read once: a list of contacts has far more of them than companies.
pub(super) struct Names<'c> {
    conn: &'c Connection,
    /// Asks for one, and for all with their ids.
    texts: [String; 2],
    folded: HashMap<i64, Option<Box<str>>>,
}

impl<'c> Names<'c> {
    pub fn of(conn: &'c Connection, to: Entity) -> Option<Self> {
        let (label, table) = (quoted(to.label_field()?), quoted(to.name()));
        Some(Self {
            conn,
            texts: [
                format!("SELECT {label} FROM {table} WHERE id = ?1"),
                format!("SELECT id, {label} FROM {table}"),
            ],
            folded: HashMap::new(),
        })
    }

    pub fn get(&mut self, id: i64) -> rusqlite::Result<Option<&str>> {
        if self.folded.len() == SOME && !self.folded.contains_key(&id) {
            self.read_all()?;
        }
        let name = match self.folded.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let name: Option<String> = self
                    .conn
                    .prepare_cached(&self.texts[0])?
                    .query_row([id], |row| row.get(0))
                    .optional()?
                    .flatten();
                unknown.insert(name.map(|name| fold(&name).into()))
            }
        };
        Ok(name.as_deref())
    }

    /// Who has wanted so many wants most of them.
    fn read_all(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.conn.prepare_cached(&self.texts[1])?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = row.get_ref(1)?.as_str_or_null()?;
            self.folded
                .insert(row.get(0)?, name.map(|name| fold(name).into()));
        }
        Ok(())
    }
}

/// So many names are looked up one by one before all are read.
const SOME: usize = 1_000;

/// Stands for an unknown text among several: behind all that people write.
const UNKNOWN: &str = "\u{10ffff}";

/// A record, and where its folded text stands.
struct Line {
    /// The first bytes of the text, for most comparisons enough.
    head: u64,
    start: usize,
    end: usize,
    id: RecordId,
}

/// The ids that `sql` gives with the columns of `texts` behind each, in the order of the folded texts, ties by id; unknown texts come last.
pub(super) fn ids(
    conn: &Connection,
    sql: &str,
    args: &[Value],
    (texts, descending): (&[Text], bool),
) -> rusqlite::Result<Vec<RecordId>> {
    let mut names: Vec<Option<Names<'_>>> = texts
        .iter()
        .map(|text| text.to.and_then(|to| Names::of(conn, to)))
        .collect();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(args))?;
    let (mut folded, mut lines, mut unknown) = (String::new(), Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let id: RecordId = row.get(0)?;
        let start = folded.len();
        for (place, names) in (1..).zip(&mut names) {
            match (row.get_ref(place)?, names) {
                (ValueRef::Integer(to), Some(names)) => {
                    folded.push_str(names.get(to)?.unwrap_or(UNKNOWN));
                }
                (ValueRef::Text(bytes), None) => {
                    fold_onto(&String::from_utf8_lossy(bytes), &mut folded);
                }
                _ => folded.push_str(UNKNOWN),
            }
            if place < texts.len() {
                // Before every letter: a name comes before those that begin with it.
                folded.push('\0');
            }
        }
        if texts.len() == 1 && folded[start..] == *UNKNOWN {
            folded.truncate(start);
            unknown.push(id);
            continue;
        }
        lines.push(Line {
            head: head(&folded.as_bytes()[start..]),
            start,
            end: folded.len(),
            id,
        });
    }
    let text = |line: &Line| &folded.as_bytes()[line.start..line.end];
    lines.sort_unstable_by(|one, other| {
        let by_text = (one.head.cmp(&other.head)).then_with(|| text(one).cmp(text(other)));
        let by_text = if descending {
            by_text.reverse()
        } else {
            by_text
        };
        by_text.then(one.id.cmp(&other.id))
    });
    unknown.sort_unstable();
    Ok(lines
        .into_iter()
        .map(|line| line.id)
        .chain(unknown)
        .collect())
}

/// The first eight bytes as a number that compares as they do.
pub(super) fn head(text: &[u8]) -> u64 {
    let mut head = [0; 8];
    let count = text.len().min(8);
    head[..count].copy_from_slice(&text[..count]);
    u64::from_be_bytes(head)
}
