//! The schema of a book: its number, its migrations, and the look at the header that comes before anything else.
//!
//! `user_version` is major × 1000 + minor. A newer major is refused, a newer minor is tolerated (it only added what an older
//! program does not touch), an older book is migrated ([`migrate`]).

pub mod migrate;

pub(super) mod journal;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;

use super::error::StoreError;
use super::sql;

/// `clnc` in ASCII: tells a book from any other SQLite file (SQLite file format, offset 68).
pub const APPLICATION_ID: i32 = 0x636c_6e63;
/// The major that this program reads and writes.
pub const MAJOR: u32 = 1;
/// The newest minor that it knows.
pub const MINOR: u32 = 1;

/// Version 1.0. A new book is made of it and of the migrations behind it, so that it and a migrated one cannot differ.
const V1: &str = include_str!("v1.sql");

/// The `user_version` of a schema.
#[must_use]
pub const fn user_version(major: u32, minor: u32) -> u32 {
    major * 1000 + minor
}

/// What the first 100 bytes of a book say (SQLite file format, section 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// `major * 1000 + minor`.
    pub user_version: u32,
}

impl Header {
    /// Looks at a file without opening it as a database, and refuses what is no book, too new, or in WAL mode, and what lies
    /// beside the journal of another file.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let not_a_book = |what: &str| StoreError::NotABook {
            path: path.to_owned(),
            what: what.to_owned(),
        };
        let mut bytes = Vec::with_capacity(100);
        // A pipe would be waited for, and a device might never end.
        match std::fs::metadata(path) {
            Ok(what) if what.is_dir() => return Err(not_a_book("it is a folder")),
            Ok(what) if !what.is_file() => {
                return Err(not_a_book("it is a pipe or a device, not a file"));
            }
            // A link that leads to itself leads to no file.
            Err(_) if path.is_symlink() => {
                return Err(not_a_book("it is a link that leads nowhere"));
            }
            _ => {}
        }
        File::open(path)
            .and_then(|file| file.take(100).read_to_end(&mut bytes))
            .map_err(|fault| sql::unreached(path, "Reading", fault))?;
        if bytes.is_empty() {
            return Err(not_a_book("the file is empty"));
        }
        if !bytes.starts_with(b"SQLite format 3\0") {
            return Err(not_a_book("it is not an SQLite database"));
        }
        if bytes.len() < 100 {
            return Err(StoreError::Damaged {
                path: path.to_owned(),
                what: "the file ends within its header".to_owned(),
            });
        }
        let number = |at: usize| {
            u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if number(68) != APPLICATION_ID.cast_unsigned() {
            return Err(not_a_book("it is an SQLite database of another program"));
        }
        let header = Self {
            user_version: number(60),
        };
        header.check(path)?;
        if bytes[18] == 2 || bytes[19] == 2 {
            return Err(StoreError::JournalMode {
                path: path.to_owned(),
                mode: "wal".to_owned(),
            });
        }
        journal::check(path)?;
        Ok(header)
    }

    /// Refuses a newer major.
    pub fn check(self, path: &Path) -> Result<(), StoreError> {
        let (major, minor) = self.schema();
        if major > MAJOR {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found: format!("{major}.{minor}"),
                known: MAJOR,
            });
        }
        if major == 0 {
            return Err(StoreError::NotABook {
                path: path.to_owned(),
                what: "it was not made to its end".to_owned(),
            });
        }
        Ok(())
    }

    /// Its major and minor.
    #[must_use]
    pub const fn schema(self) -> (u32, u32) {
        (self.user_version / 1000, self.user_version % 1000)
    }
}

/// Makes the tables of a new book of the newest schema in an open transaction. The version is written last.
pub(super) fn make(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(V1)?;
    for migration in migrate::ALL {
        (migration.run)(conn)?;
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    conn.pragma_update(None, "user_version", user_version(MAJOR, MINOR))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::ENTITIES;

    fn book() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        make(&conn).unwrap();
        conn
    }

    fn columns(conn: &Connection, table: &str) -> Vec<String> {
        let mut statement = conn
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap();
        let names = statement.query_map([table], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    #[test]
    fn every_noun_has_a_table_with_its_fields_in_their_order() {
        let conn = book();
        for entity in ENTITIES {
            let columns = columns(&conn, entity.name());
            assert_eq!(columns[..3], ["id", "created_at", "trashed_at"], "{entity}");
            let fields: Vec<&str> = entity.fields().iter().map(|field| field.name).collect();
            assert_eq!(columns[3..3 + fields.len()], fields, "{entity}");
            assert_eq!(
                columns.contains(&"custom".to_owned()),
                entity.has_custom(),
                "{entity}"
            );
        }
    }

    #[test]
    fn every_table_is_strict() {
        let conn = book();
        let loose: Vec<String> = conn
            .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(loose, Vec::<String>::new());
    }
}
