//! Between the book's values and SQLite's, and from its faults to ours.

use std::path::Path;

use rusqlite::ffi;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, Row};

use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::error::StoreError;
use super::vfs;

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl FromSql for Value {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Null => Ok(Self::Null),
            ValueRef::Integer(number) => Ok(Self::Int(number)),
            ValueRef::Text(_) => value.as_str().map(Self::from),
            ValueRef::Real(_) | ValueRef::Blob(_) => Err(FromSqlError::InvalidType),
        }
    }
}

/// A value whatever stands there: another program, or one of a newer minor, may have written what no field of ours holds. It is for
/// showing; what is to be written back is read as it is.
pub(super) fn lenient(row: &Row<'_>, place: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(place)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Text(format!("({} bytes)", bytes.len())),
    })
}

impl ToSql for RecordId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.raw().into())
    }
}

impl FromSql for RecordId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self::from_raw)
    }
}

impl ToSql for Instant {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.millis().into())
    }
}

impl FromSql for Instant {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(Self::from_millis)
    }
}

impl ToSql for StepId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(&self.0)))
    }
}

impl FromSql for StepId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 16]>::try_from(value.as_blob()?)
            .map(Self)
            .map_err(|_| FromSqlError::InvalidType)
    }
}

impl ToSql for Entity {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Entity {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map_err(|_| FromSqlError::InvalidType)
    }
}

/// Whether somebody else holds a lock.
pub(super) fn is_busy(fault: &rusqlite::Error) -> bool {
    matches!(
        fault.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Whether a query was ended because nobody waits for it.
pub(super) fn is_given_up(fault: &StoreError) -> bool {
    matches!(fault, StoreError::Sql { source, .. }
        if source.sqlite_error_code() == Some(ErrorCode::OperationInterrupted))
}

/// What the system says of a file that it cannot reach.
pub(super) fn unreached(path: &Path, doing: &'static str, source: std::io::Error) -> StoreError {
    let path = path.to_owned();
    match source.kind() {
        std::io::ErrorKind::NotFound => StoreError::Missing { path },
        std::io::ErrorKind::PermissionDenied => StoreError::File {
            doing,
            path,
            source,
        },
        // No word of the file, but of what is under it.
        _ => StoreError::Unreachable {
            path,
            what: source.to_string(),
        },
    }
}

/// What SQLite reported, in our words.
pub(super) fn fault(path: &Path, doing: &'static str, source: rusqlite::Error) -> StoreError {
    if is_damage(&source) {
        return StoreError::Damaged {
            path: path.to_owned(),
            what: source.to_string(),
        };
    }
    let Some(code) = source.sqlite_error_code() else {
        return StoreError::Sql { doing, source };
    };
    let extended = source.sqlite_error().map(|error| error.extended_code);
    // The shim answers these for a missing lock service alone; SQLite takes it for a busy file.
    if let Some(ffi::SQLITE_IOERR_LOCK | ffi::SQLITE_IOERR_CHECKRESERVEDLOCK) = extended {
        return StoreError::NoLocks {
            path: path.to_owned(),
            what: vfs::last_word().unwrap_or_else(|| source.to_string()),
        };
    }
    // And these for a drive that is gone. A lock that cannot be given back comes after the commit, too: whether it was one is not
    // known.
    if let Some(ffi::SQLITE_IOERR_RDLOCK | ffi::SQLITE_IOERR_UNLOCK) = extended {
        return StoreError::Unreachable {
            path: path.to_owned(),
            what: vfs::last_word().unwrap_or_else(|| source.to_string()),
        };
    }
    if extended == Some(ffi::SQLITE_READONLY_ROLLBACK) {
        return StoreError::ReadOnly {
            what: "somebody was cut off while writing, and only who may write can take the half of it back".to_owned(),
        };
    }
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        // Keys of sources are unique: two imports that planned at once would both make the same record.
        ErrorCode::ConstraintViolation if is_unique(&source) => StoreError::Raced {
            what: source.to_string(),
        },
        ErrorCode::ConstraintViolation => StoreError::invalid(format!(
            "The book's rules do not allow that, and nothing of it was written ({source})."
        )),
        ErrorCode::CannotOpen => match std::fs::metadata(path) {
            Err(gone) if gone.kind() != std::io::ErrorKind::PermissionDenied => {
                unreached(path, doing, gone)
            }
            _ => StoreError::ReadOnly {
                what: source.to_string(),
            },
        },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly {
            what: source.to_string(),
        },
        ErrorCode::SystemIoFailure => StoreError::Unreachable {
            path: path.to_owned(),
            what: source.to_string(),
        },
        _ => StoreError::Sql { doing, source },
    }
}

fn is_unique(fault: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    let code = fault.sqlite_error().map(|error| error.extended_code);
    matches!(
        code,
        Some(SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY)
    )
}

/// Whether the file cannot be read as a book: torn pages, a row that holds what no row can hold, a schema that lacks what every book
/// has. None of that was written by this program.
pub(super) fn is_damage(fault: &rusqlite::Error) -> bool {
    use rusqlite::Error as Sql;
    if let Sql::SqlInputError { msg, .. } = fault {
        return lacks_schema(msg);
    }
    match fault.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => true,
        // The file ends before its end.
        Some(ErrorCode::SystemIoFailure) => {
            let code = fault.sqlite_error().map(|error| error.extended_code);
            code == Some(ffi::SQLITE_IOERR_SHORT_READ)
        }
        // Our own statements are right where the schema is.
        Some(ErrorCode::Unknown) => lacks_schema(&fault.to_string()),
        Some(_) => false,
        None => matches!(
            fault,
            Sql::FromSqlConversionFailure(..)
                | Sql::IntegralValueOutOfRange(..)
                | Sql::Utf8Error(..)
                | Sql::InvalidColumnType(..)
        ),
    }
}

fn lacks_schema(said: &str) -> bool {
    ["no such table", "no such column", "has no column named"]
        .iter()
        .any(|words| said.contains(words))
}

/// The SQL text of a name: in double quotes, since `match` and others are words of SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: std::ffi::c_int) -> StoreError {
        let failure = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        fault(Path::new("team.db"), "Writing", failure)
    }

    #[test]
    fn a_drive_without_locks_is_told_from_one_that_is_gone() {
        for code in [ffi::SQLITE_IOERR_LOCK, ffi::SQLITE_IOERR_CHECKRESERVEDLOCK] {
            assert!(matches!(of(code), StoreError::NoLocks { .. }), "{code}");
        }
        for code in [ffi::SQLITE_IOERR_RDLOCK, ffi::SQLITE_IOERR_UNLOCK] {
            assert!(matches!(of(code), StoreError::Unreachable { .. }), "{code}");
        }
    }

    #[test]
    fn a_lock_that_cannot_be_given_back_says_nothing_of_the_commit_before_it() {
        assert!(!of(ffi::SQLITE_IOERR_UNLOCK).is_certain());
    }
}
