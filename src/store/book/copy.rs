//! What a book gives to the folded copy of it.

use rusqlite::Connection;

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::super::error::StoreError;
use super::super::find::{Found, Raw, Slice};
use super::super::query::FoundRows;
use super::super::read::folded::{self, Touched};
use super::super::read::search;
use super::super::write::Stop;
use super::{Book, connected, reading};

impl Book {
    /// Reads something in one transaction.
    fn glance<T>(
        &mut self,
        read: impl FnOnce(&Connection) -> Result<T, Stop>,
    ) -> Result<T, StoreError> {
        self.at_hand()?;
        let conn = connected(&mut self.conn, &self.opening.path)?;
        let all = || -> Result<T, Stop> {
            let tx = conn.transaction()?;
            let done = read(&tx)?;
            tx.commit()?;
            Ok(done)
        };
        let done = all().map_err(|stop| reading(&self.opening.path, stop));
        self.seen(done)
    }

    /// Keeps few pages of the file in memory, as long as nothing large is written: the system has them too, and what is read by the
    /// million is read once.
    pub(in crate::store) fn keep_few_pages(&mut self) -> Result<(), StoreError> {
        self.glance(|conn| {
            conn.execute_batch("PRAGMA cache_size = -4000; PRAGMA cache_spill = 4000;")?;
            Ok(())
        })
    }

    /// How many records of a noun are behind an id, up to a limit, and the last of them.
    pub(in crate::store) fn count_behind(
        &mut self,
        entity: Entity,
        after: RecordId,
        limit: usize,
    ) -> Result<(u64, RecordId), StoreError> {
        self.glance(|conn| folded::count(conn, entity, after, limit))
    }

    /// Records of a noun behind an id, in the order of their ids.
    pub(in crate::store) fn slice_behind(
        &mut self,
        entity: Entity,
        after: RecordId,
        limit: usize,
    ) -> Result<Slice, StoreError> {
        self.glance(|conn| folded::slice(conn, entity, after, limit))
    }

    /// What has changed behind a `seq`, and how far the log was gone through.
    pub(in crate::store) fn touched_behind(
        &mut self,
        after: i64,
        limit: usize,
    ) -> Result<(Vec<Touched>, i64), StoreError> {
        self.glance(|conn| folded::touched(conn, after, limit))
    }

    /// The records that an entry of the log is about.
    pub(in crate::store) fn records_touched(
        &mut self,
        touched: Touched,
    ) -> Result<Vec<(Entity, RecordId)>, StoreError> {
        self.glance(|conn| folded::records_of(conn, touched))
    }

    /// These records; `None` for those that are in the trash or no more.
    pub(in crate::store) fn rows_of(
        &mut self,
        records: &[(Entity, RecordId)],
    ) -> Result<Vec<Option<Raw>>, StoreError> {
        self.glance(|conn| {
            let rows = records
                .iter()
                .map(|(entity, id)| folded::one(conn, *entity, *id));
            rows.collect()
        })
    }

    /// What is shown of what was found.
    pub(in crate::store) fn dress(
        &mut self,
        text: &str,
        found: &Found,
    ) -> Result<FoundRows, StoreError> {
        self.glance(|conn| search::dress(conn, text, found))
    }
}
