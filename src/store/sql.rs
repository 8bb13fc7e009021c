//! Between the book's values and SQLite's, and from its faults to ours.

use std::path::Path;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{ErrorCode, Row};

use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::error::StoreError;

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

/// A value of the log, to be shown. A newer minor may keep values there that this program has no place for: a number with a fraction
/// is told as text, bytes as unknown. What is to be written back is read as it is.
pub(super) fn told(row: &Row<'_>, place: usize) -> rusqlite::Result<Value> {
    match row.get_ref(place)? {
        ValueRef::Real(number) => Ok(Value::Text(number.to_string())),
        ValueRef::Blob(_) => Ok(Value::Null),
        _ => row.get(place),
    }
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

/// What SQLite reported, in our words.
pub(super) fn fault(path: &Path, doing: &'static str, source: rusqlite::Error) -> StoreError {
    use rusqlite::Error as Sql;
    let Some(code) = source.sqlite_error_code() else {
        return match source {
            // A row that holds what no row can hold was not written by this program.
            Sql::FromSqlConversionFailure(..)
            | Sql::IntegralValueOutOfRange(..)
            | Sql::Utf8Error(..)
            | Sql::InvalidColumnType(..) => StoreError::Damaged {
                path: path.to_owned(),
                what: source.to_string(),
            },
            _ => StoreError::Sql { doing, source },
        };
    };
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DiskFull => StoreError::Full,
        // Keys of sources are unique: two imports that planned at once would both make the same record.
        ErrorCode::ConstraintViolation => StoreError::invalid(format!(
            "Somebody made the same record at the same moment, and nothing of this was written: try again ({source})."
        )),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            StoreError::ReadOnly {
                what: source.to_string(),
            }
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Damaged {
            path: path.to_owned(),
            what: source.to_string(),
        },
        _ => StoreError::Sql { doing, source },
    }
}

/// The SQL text of a name: in double quotes, since `match` and others are words of SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
