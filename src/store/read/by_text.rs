//! Ids by a text as it is folded, for lists as long as the book: what is read is folded and sorted here, which costs a fraction of what it
//! costs SQLite to call back for each row and to sort texts.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Kind};
use crate::domain::text::fold_onto;
use crate::domain::value::Value;

use super::super::sql::quoted;

/// What a list is sorted by, as SQL, and whether the greatest come first: where it is sorted by texts alone, those of its own or the
/// names at the ends of references. Several of them only where the least come first.
pub(super) fn texts(entity: Entity, sort: &[(String, bool)]) -> Option<(Vec<String>, bool)> {
    let descending = match sort {
        [(_, descending)] => *descending,
        _ => false,
    };
    if sort.is_empty() || sort.iter().any(|(_, other)| *other != descending) {
        return None;
    }
    let texts: Option<Vec<String>> = sort.iter().map(|(name, _)| text(entity, name)).collect();
    Some((texts?, descending))
}

fn text(entity: Entity, name: &str) -> Option<String> {
    // A field of a later minor may not be there.
    let def = entity.field(name).filter(|def| def.since == 0)?;
    let column = format!("{}.{}", quoted(entity.name()), quoted(name));
    match def.kind {
        Kind::Line | Kind::Block => Some(column),
        Kind::Ref(to) => {
            let (label, to) = (quoted(to.label_field()?), quoted(to.name()));
            Some(format!(
                "(SELECT \"to\".{label} FROM {to} AS \"to\" WHERE \"to\".id = {column})"
            ))
        }
        _ => None,
    }
}

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

/// The ids that `sql` gives with `texts` behind each, in the order of the folded texts, ties by id; unknown texts come last.
pub(super) fn ids(
    conn: &Connection,
    sql: &str,
    args: &[Value],
    (texts, descending): (usize, bool),
) -> rusqlite::Result<Vec<RecordId>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(args))?;
    let (mut folded, mut lines, mut unknown) = (String::new(), Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let id: RecordId = row.get(0)?;
        let start = folded.len();
        for place in 1..=texts {
            match row.get_ref(place)? {
                ValueRef::Text(bytes) => fold_onto(&String::from_utf8_lossy(bytes), &mut folded),
                _ => folded.push_str(UNKNOWN),
            }
            if place < texts {
                // Before every letter: a name comes before those that begin with it.
                folded.push('\0');
            }
        }
        if texts == 1 && folded[start..] == *UNKNOWN {
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
fn head(text: &[u8]) -> u64 {
    let mut head = [0; 8];
    let count = text.len().min(8);
    head[..count].copy_from_slice(&text[..count]);
    u64::from_be_bytes(head)
}
