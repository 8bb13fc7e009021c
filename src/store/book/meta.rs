//! What a book says of itself, read when it is opened and held to at every write.

use rusqlite::Connection;

use crate::domain::id::StepId;
use crate::domain::money::Currency;
use crate::domain::time::Zone;

use super::super::error::StoreError;
use super::super::schema;
use super::super::write::Stop;

/// What was read of the book when it was opened.
#[derive(Clone, Debug)]
pub(in crate::store) struct Meta {
    pub book: StepId,
    pub epoch: i64,
    pub name: String,
    pub base: Currency,
    pub zone: Zone,
    pub fiscal_start: u32,
    /// Which bytes are locked, and how.
    pub lock_style: String,
}

impl Meta {
    pub fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let found = conn.query_row(
            "SELECT id, epoch, name, base, zone, fiscal_start, lock_style FROM book",
            [],
            |row| {
                Ok(Self {
                    book: row.get(0)?,
                    epoch: row.get(1)?,
                    name: row.get(2)?,
                    base: parsed(row, 3)?,
                    zone: parsed(row, 4)?,
                    fiscal_start: row.get(5)?,
                    lock_style: row.get(6)?,
                })
            },
        );
        found.map_err(|fault| match fault {
            rusqlite::Error::QueryReturnedNoRows => rusqlite::Error::FromSqlConversionFailure(
                0,
                rusqlite::types::Type::Null,
                "it does not say what it is".into(),
            ),
            fault => fault,
        })
    }

    /// Whether the file is still the one that was opened: not restored from a backup since.
    pub fn same_epoch(&self, conn: &Connection) -> Result<(), Stop> {
        let epoch: i64 = conn
            .prepare_cached("SELECT epoch FROM book")?
            .query_row([], |row| row.get(0))?;
        if epoch == self.epoch {
            Ok(())
        } else {
            Err(StoreError::Restored.into())
        }
    }

    /// [`same_epoch`](Self::same_epoch), and not migrated by a newer program either.
    pub fn still_holds(&self, conn: &Connection) -> Result<(), Stop> {
        let (epoch, least_minor): (i64, u32) = conn
            .prepare_cached("SELECT epoch, least_minor FROM book")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let version: u32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if epoch != self.epoch {
            return Err(StoreError::Restored.into());
        }
        if version / 1000 != schema::MAJOR {
            return Err(StoreError::invalid(
                "The book was migrated by a newer clinch since it was opened: install that one.",
            )
            .into());
        }
        if least_minor > schema::MINOR {
            // A newer minor may have added what an older program would leave out of step.
            return Err(StoreError::TooOld {
                need: format!("{}.{least_minor}", schema::MAJOR),
                known: format!("{}.{}", schema::MAJOR, schema::MINOR),
            }
            .into());
        }
        Ok(())
    }
}

fn parsed<T: std::str::FromStr>(row: &rusqlite::Row<'_>, place: usize) -> rusqlite::Result<T>
where
    T::Err: std::fmt::Display,
{
    let text: String = row.get(place)?;
    text.parse().map_err(|fault: T::Err| {
        rusqlite::Error::FromSqlConversionFailure(
            place,
            rusqlite::types::Type::Text,
            fault.to_string().into(),
        )
    })
}
