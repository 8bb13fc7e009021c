//! The book's lock over several transactions, for a restore and a migration: between the backup of the present state and what takes
//! its place nobody else may write, or their step would be in neither.
//!
//! SQLite reads a source and writes a destination of its backup API only outside a transaction of that connection. What holds the
//! lock meanwhile is `locking_mode = EXCLUSIVE`, set inside an exclusive transaction: at its end the lock is not given back. Others
//! are told that the book is locked and wait, as they do for any write.

use super::super::Book;
use super::super::error::StoreError;
use super::super::patience::Pauses;
use super::super::sql;

impl Book {
    /// Does something while nobody else can read or write. [`StoreError::Busy`] where the lock is not to be had within `patience`.
    pub(in crate::store) fn held<T>(
        &mut self,
        patience: std::time::Duration,
        act: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let path = self.path().to_owned();
        let fault = |source| sql::fault(&path, "Locking the book", source);
        Pauses::for_up_to(patience)
            .run(|| self.conn()?.execute_batch("BEGIN EXCLUSIVE").map_err(fault))?;
        let kept = self
            .conn()?
            .execute_batch("PRAGMA locking_mode = EXCLUSIVE; COMMIT")
            .map_err(fault);
        let done = match kept {
            Ok(()) => act(self),
            Err(fault) => {
                let _ = self.conn()?.execute_batch("ROLLBACK");
                Err(fault)
            }
        };
        // Whatever happened, others get their turn. A lock that cannot be given back ends with this connection.
        if let Ok(conn) = self.conn() {
            let _ = conn.execute_batch("PRAGMA locking_mode = NORMAL");
            let _ = conn.query_row("SELECT count(*) FROM book", [], |row| row.get::<_, i64>(0));
        }
        done
    }
}
