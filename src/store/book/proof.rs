//! What a book remembers of the drives that were proved for it.

use std::path::Path;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::super::drive::{Manner, Proof};
use super::super::error::StoreError;
use super::super::patience::Pauses;
use super::super::sql;
use super::open::connect;
use super::{Book, connected};

/// The column `book.drive`.
#[derive(Default, Deserialize, Serialize)]
struct Kept {
    #[serde(default)]
    proof: Option<Proof>,
}

fn read(conn: &Connection) -> rusqlite::Result<Option<Proof>> {
    let text: Option<String> = conn.query_row("SELECT drive FROM book", [], |row| row.get(0))?;
    // What a newer program has written there differently proves nothing to this one.
    let kept: Option<Kept> = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(kept.and_then(|kept| kept.proof))
}

/// Looks into a book that is not open, before it is known how it may be. What cannot be read proves nothing.
pub(super) fn look(path: &Path) -> Option<Proof> {
    let conn = connect(path, Manner::Alone, true).ok()?;
    read(&conn).ok().flatten()
}

impl Book {
    /// The last proof of a drive that was made for it.
    pub fn proof(&mut self) -> Result<Option<Proof>, StoreError> {
        Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read(conn).map_err(|fault| sql::fault(&self.opening.path, "Reading the book", fault))
        })
    }

    /// Remembers a proof. It is no step: it says nothing of the team's work, and cannot be undone.
    pub fn remember(&mut self, proof: &Proof) -> Result<(), StoreError> {
        self.may_write()?;
        self.is_still_there()?;
        let kept = Kept {
            proof: Some(proof.clone()),
        };
        // A struct of texts and numbers is always JSON.
        let text = serde_json::to_string(&kept).unwrap_or_default();
        Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            conn.execute("UPDATE book SET drive = ?1", [&text])
                .map(drop)
                .map_err(|fault| sql::fault(&self.opening.path, "Writing the proof", fault))
        })
    }
}
