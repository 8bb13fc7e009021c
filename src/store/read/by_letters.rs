//! Ids one by one in the order of folded texts, out of an index of the texts as they are written.
//!
//! What texts that begin alike fold to begins alike too. So the index is gone down letter by letter, each time into those beginnings that
//! fold to what comes next (`A`, `a`, `Á`), until few enough texts begin so to be read: a page of a million names costs some hundred looks
//! into the index, wherever it begins.

use std::collections::BTreeMap;

use rusqlite::{Connection, params_from_iter};

use crate::domain::id::RecordId;
use crate::domain::text::fold_onto;

/// So many texts are read at once; where more begin alike, it goes by their next letter.
const AT_ONCE: usize = 256;
/// Of the same text at the most so many are given.
pub(super) const ALIKE: usize = 5_000;
/// So often the index is looked into at the most.
const LOOKS: usize = 20_000;

/// Stands behind a beginning for all that begin so, where the greatest come first: no text has such a byte.
const GREATEST: u8 = 0xff;

/// Texts in the order of their folded forms.
pub(super) struct Letters<'c> {
    conn: &'c Connection,
    /// What leads the index, and the rows that it has.
    place: Place,
    descending: bool,
    /// Beginnings of texts that were not read yet, by the first that any of them can fold to.
    ahead: BTreeMap<Vec<u8>, Vec<String>>,
    /// What was read and not given yet, by what it folds to.
    read: BTreeMap<Vec<u8>, Vec<RecordId>>,
    looks: usize,
}

/// A text that has an index.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub table: &'static str,
    pub column: &'static str,
    /// The rows in the index, as SQL.
    pub rows: &'static str,
}

/// What comes next.
pub(super) enum Next {
    /// All that have the next value.
    These(Vec<RecordId>),
    /// Nothing: no others have a value.
    End,
    /// It cannot be told in reasonable time.
    TooFar,
}

impl<'c> Letters<'c> {
    pub fn new(conn: &'c Connection, place: Place, descending: bool) -> Self {
        let mut letters = Self {
            conn,
            place,
            descending,
            ahead: BTreeMap::new(),
            read: BTreeMap::new(),
            looks: 0,
        };
        letters.look_into(String::new());
        letters
    }

    /// The ids of all texts that fold to what comes next.
    pub fn next(&mut self) -> rusqlite::Result<Next> {
        loop {
            let ahead = match (self.first_of(&self.ahead), self.first_of(&self.read)) {
                (None, None) => return Ok(Next::End),
                (None, Some(_)) => false,
                (Some(_), None) => true,
                // What begins like that may be the same, or come before it.
                (Some(ahead), Some(read)) if self.descending => ahead >= read,
                (Some(ahead), Some(read)) => ahead <= read,
            };
            if !ahead {
                let ids = taken(&mut self.read, self.descending);
                return Ok(Next::These(ids.unwrap_or_default()));
            }
            let beginnings = taken(&mut self.ahead, self.descending);
            for beginning in beginnings.into_iter().flatten() {
                if !self.go_into(&beginning)? {
                    return Ok(Next::TooFar);
                }
            }
        }
    }

    fn first_of<'m, T>(&self, map: &'m BTreeMap<Vec<u8>, T>) -> Option<&'m Vec<u8>> {
        let first = if self.descending {
            map.last_key_value()
        } else {
            map.first_key_value()
        };
        first.map(|(key, _)| key)
    }

    /// Notes that texts begin so.
    fn look_into(&mut self, beginning: String) {
        let mut first = folded(&beginning);
        if self.descending {
            first.push(GREATEST);
        }
        self.ahead.entry(first).or_default().push(beginning);
    }

    /// Reads the texts that begin so, or notes what comes next in them; false where that is too much.
    fn go_into(&mut self, beginning: &str) -> rusqlite::Result<bool> {
        let end = after(beginning);
        let some = self.texts(beginning, end.as_deref(), AT_ONCE + 1)?;
        let Some(some) = some else {
            return Ok(false);
        };
        if some.len() <= AT_ONCE {
            self.keep(some);
            return Ok(true);
        }
        // The text that is no longer than that comes first.
        let own = some.partition_point(|(_, text)| text == beginning);
        let mut from = some.get(own).map(|(_, text)| text.clone());
        if from.is_some() {
            self.keep(some.into_iter().take(own).collect());
        } else {
            let longer = format!("{beginning}\0");
            let own = self.texts(beginning, Some(&longer), ALIKE + 1)?;
            let Some(own) = own.filter(|own| own.len() <= ALIKE) else {
                return Ok(false);
            };
            self.keep(own);
            let Some(next) = self.texts(&longer, end.as_deref(), 1)? else {
                return Ok(false);
            };
            from = next.into_iter().next().map(|(_, text)| text);
        }
        while let Some(text) = from.take() {
            let Some(letter) = text.get(beginning.len()..).and_then(|it| it.chars().next()) else {
                return Ok(false);
            };
            let longer = format!("{beginning}{letter}");
            let behind = after(&longer);
            self.look_into(longer);
            if let Some(behind) = behind {
                let Some(next) = self.texts(&behind, end.as_deref(), 1)? else {
                    return Ok(false);
                };
                from = next.into_iter().next().map(|(_, text)| text);
            }
        }
        Ok(true)
    }

    fn keep(&mut self, read: Vec<(RecordId, String)>) {
        for (id, text) in read {
            self.read.entry(folded(&text)).or_default().push(id);
        }
    }

    /// Texts as they stand in the index; `None` after too many looks, and where one is no text.
    fn texts(
        &mut self,
        from: &str,
        end: Option<&str>,
        limit: usize,
    ) -> rusqlite::Result<Option<Vec<(RecordId, String)>>> {
        self.looks += 1;
        if self.looks > LOOKS {
            return Ok(None);
        }
        let Place {
            table,
            column,
            rows,
        } = self.place;
        let until = if end.is_some() {
            format!("AND {column} < ?2")
        } else {
            String::new()
        };
        let sql = format!(
            "SELECT id, {column} FROM {table} WHERE {rows} AND {column} >= ?1 {until} ORDER BY {column} LIMIT {limit}"
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut found =
            statement.query(params_from_iter([Some(from), end].into_iter().flatten()))?;
        let mut texts = Vec::new();
        while let Some(row) = found.next()? {
            let Ok(Some(text)) = row.get_ref(1)?.as_str_or_null() else {
                return Ok(None);
            };
            texts.push((row.get(0)?, text.to_owned()));
        }
        Ok(Some(texts))
    }
}

/// What comes next, taken out.
fn taken<T>(map: &mut BTreeMap<Vec<u8>, T>, descending: bool) -> Option<T> {
    let taken = if descending {
        map.pop_last()
    } else {
        map.pop_first()
    };
    taken.map(|(_, taken)| taken)
}

fn folded(text: &str) -> Vec<u8> {
    let mut folded = String::new();
    fold_onto(text, &mut folded);
    folded.into_bytes()
}

/// What comes first behind all texts that begin so, in the order of their bytes; `None` where nothing does.
fn after(beginning: &str) -> Option<String> {
    let mut text = beginning.to_owned();
    while let Some(last) = text.pop() {
        let mut letters = last..=char::MAX;
        letters.next();
        if let Some(next) = letters.next() {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::text::fold;
    use proptest::prelude::*;

    fn walked(texts: &[String], descending: bool) -> Vec<Vec<i64>> {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name); CREATE INDEX n ON t (name)",
        )
        .unwrap();
        for text in texts {
            conn.execute("INSERT INTO t (name) VALUES (?1)", [text])
                .unwrap();
        }
        let place = Place {
            table: "t",
            column: "name",
            rows: "1",
        };
        let mut letters = Letters::new(&conn, place, descending);
        let mut groups = Vec::new();
        while let Next::These(ids) = letters.next().unwrap() {
            let mut ids: Vec<i64> = ids.into_iter().map(RecordId::raw).collect();
            ids.sort_unstable();
            groups.push(ids);
        }
        groups
    }

    /// The same by reading all.
    fn sorted(texts: &[String], descending: bool) -> Vec<Vec<i64>> {
        let mut groups: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for (id, text) in (1..).zip(texts) {
            groups.entry(fold(text)).or_default().push(id);
        }
        let groups = groups.into_values();
        if descending {
            groups.rev().collect()
        } else {
            groups.collect()
        }
    }

    #[test]
    fn more_than_are_read_at_once_come_in_the_order_of_what_they_fold_to() {
        let endings = [
            "",
            " ",
            "a",
            "Ä",
            "ß",
            "ss",
            "\u{10ffff}",
            "\u{d7ff}x",
            "李",
            "z",
        ];
        let mut texts = Vec::new();
        for one in ["", "A", "a", "Á", "ae", "Æ", "Z", "\u{10ffff}"] {
            for other in endings {
                for third in endings {
                    texts.extend([
                        format!("{one}{other}{third}"),
                        format!("{one}{third}{other}"),
                    ]);
                }
            }
        }
        assert!(texts.len() > 4 * AT_ONCE);
        for descending in [false, true] {
            assert_eq!(walked(&texts, descending), sorted(&texts, descending));
        }
    }

    #[test]
    fn too_many_that_are_alike_are_not_told() {
        let mut texts = vec!["Alpina".to_owned(); ALIKE];
        texts.push("alpina".to_owned());
        assert_eq!(walked(&texts, false), sorted(&texts, false));
        texts.push("Alpina".to_owned());
        assert!(walked(&texts, false).is_empty());
    }

    proptest! {
        #[test]
        fn what_begins_alike_folds_to_what_begins_alike(one in any::<String>(), more in any::<String>()) {
            let both = fold(&format!("{one}{more}"));
            prop_assert!(both.starts_with(&fold(&one)), "{both:?}");
        }

        #[test]
        fn a_few_come_in_the_order_of_what_they_fold_to(texts in prop::collection::vec("[aAäß Zz]{0,3}", 0..40), descending: bool) {
            prop_assert_eq!(walked(&texts, descending), sorted(&texts, descending));
        }

        #[test]
        fn what_comes_after_a_beginning_is_behind_all_that_begin_so(one in "\\PC{1,3}", more in any::<String>(), other in any::<String>()) {
            let behind = after(&one).unwrap();
            let (longer, other) = (format!("{one}{more}"), other.as_str());
            prop_assert!(longer < behind);
            prop_assert!(other < one.as_str() || other.starts_with(&one) || other >= behind.as_str());
        }
    }
}
