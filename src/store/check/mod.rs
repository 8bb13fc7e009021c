//! The rows against the log, and the file against itself: whether the book says what its steps made it say.
//!
//! | module | holds |
//! |---|---|
//! | this | the order of the check, and what it counts |
//! | [`finding`] | what was found |
//! | `lines` | rows and log side by side, in the order of their records |
//! | `replay` | one noun: each row against its changes |
//! | `births` | what was made together, and its hash |
//! | `log` | steps and changes among themselves, and the seats |
//! | `derived` | values that follow from others, and references |
//!
//! All of it is read in one transaction, and nothing is written. Memory does not grow with the book: rows and changes are read side by
//! side in the order of their records, and of many findings the first are kept and the others counted.

mod births;
mod derived;
mod finding;
mod lines;
mod log;
mod replay;

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OptionalExtension};

use crate::domain::id::{RecordId, Seat};
use crate::domain::money::Currency;
use crate::domain::nouns::{ENTITIES, Entity, Kind as Holds};

use super::read::names;
use super::sql::{self, quoted};
use super::{schema, tables};

pub use finding::{Finding, Kind, Since};

/// How many findings are kept; the others are counted.
const KEPT: usize = 1000;
/// How many lines SQLite's own check may say.
const SAID: usize = 100;

/// What a check looked at, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// How many records were compared with the log.
    pub records: u64,
    /// How many changes of the log were replayed.
    pub changes: u64,
    /// How many steps were looked at.
    pub steps: u64,
    /// The first of what was found.
    pub found: Vec<Finding>,
    /// How many were found.
    pub total: u64,
}

impl Findings {
    /// Whether all holds.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.total == 0
    }
}

/// A check under way.
struct Check<'a> {
    conn: &'a Connection,
    /// Whether the book is of a newer minor, whose program may write of nouns and fields that this one does not know: what this one
    /// knows is checked, and the rest is no finding.
    is_newer: bool,
    findings: Findings,
    /// The newest id that was seen of each seat.
    newest: HashMap<Seat, RecordId>,
}

/// Checks a book.
pub(super) fn check(conn: &mut Connection, path: &Path) -> rusqlite::Result<Findings> {
    let tx = conn.transaction()?;
    let version: u32 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let mut check = Check {
        conn: &tx,
        is_newer: version > schema::user_version(schema::MAJOR, schema::MINOR),
        findings: Findings::default(),
        newest: HashMap::new(),
    };
    check.part("file", |check| check.file(path))?;
    check.part("references", Check::references)?;
    check.part("log", Check::log)?;
    for entity in ENTITIES {
        if tables::lacks(&tx, *entity)? {
            continue;
        }
        check.part(entity.name(), |check| check.replay(*entity))?;
    }
    check.part("seats", Check::seats)?;
    check.part("derived values", Check::derived)?;
    let findings = check.findings;
    // Nothing was written. A damaged file may not even let a transaction end in peace, and that is no news here.
    drop(tx);
    Ok(findings)
}

impl Check<'_> {
    /// One part. What is damaged ends the part, not the check.
    fn part(
        &mut self,
        what: &str,
        act: impl FnOnce(&mut Self) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        match act(self) {
            Err(fault) if is_damage(&fault) => {
                let said = format!("the {what} could not be read to the end: {fault}");
                self.found(Finding::new(Kind::Damage, "").says(said))
            }
            done => done,
        }
    }

    /// What SQLite itself has to say, and what it overlooks: a last page that is cut.
    fn file(&mut self, path: &Path) -> rusqlite::Result<()> {
        let page: u64 = self
            .conn
            .pragma_query_value(None, "page_size", |row| row.get::<_, u32>(0))?
            .into();
        // By name: the live file is opened by nothing but the one connection. While it reads, nobody changes the size.
        if std::fs::metadata(path).is_ok_and(|meta| !meta.len().is_multiple_of(page)) {
            self.found(Finding::new(Kind::Damage, "").says("the file ends within a page"))?;
        }
        let mut statement = self
            .conn
            .prepare(&format!("PRAGMA integrity_check({SAID})"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let said: String = row.get(0)?;
            if said != "ok" {
                self.found(Finding::new(Kind::Damage, "").says(said))?;
            }
        }
        Ok(())
    }

    /// Notes a finding, with the name of its record.
    fn found(&mut self, mut finding: Finding) -> rusqlite::Result<()> {
        self.findings.total += 1;
        if self.findings.found.len() >= KEPT {
            return Ok(());
        }
        if let (Some(id), Ok(entity)) = (finding.record, finding.table.parse()) {
            // What cannot be read has no name.
            let name = names::of(self.conn, entity, id)
                .or_else(|fault| unreadable(fault, String::new()))?;
            finding.name = Some(name).filter(|name| !name.is_empty() && *name != id.to_string());
            let def = finding.field.as_deref().and_then(|name| entity.field(name));
            if def.is_some_and(|def| def.kind == Holds::Money) && entity.field("currency").is_some()
            {
                finding.currency = self
                    .currency(entity, id)
                    .or_else(|fault| unreadable(fault, None))?;
            }
        }
        self.findings.found.push(finding);
        Ok(())
    }

    fn currency(&self, entity: Entity, id: RecordId) -> rusqlite::Result<Option<Currency>> {
        let text = format!(
            "SELECT currency FROM {} WHERE id = ?1",
            quoted(entity.name())
        );
        let code: Option<String> = self
            .conn
            .prepare_cached(&text)?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(code.and_then(|code| code.parse().ok()))
    }

    /// [`found`](Self::found), with the step that wrote what should be there.
    fn found_since(&mut self, mut finding: Finding, n: i64) -> rusqlite::Result<()> {
        if self.findings.found.len() < KEPT {
            finding.since = self
                .conn
                .prepare_cached(
                    "SELECT step.id, label, coalesce(rep.name, seat.os_user, ''), step.at FROM step
                     LEFT JOIN seat ON seat.number = step.seat LEFT JOIN rep ON rep.id = step.rep WHERE n = ?1",
                )?
                .query_row([n], |row| {
                    Ok(Since {
                        n,
                        step: row.get(0)?,
                        label: row.get(1)?,
                        by: row.get(2)?,
                        at: row.get(3)?,
                    })
                })
                .optional()?;
        }
        self.found(finding)
    }
}

fn unreadable<T>(fault: rusqlite::Error, instead: T) -> rusqlite::Result<T> {
    if is_damage(&fault) {
        Ok(instead)
    } else {
        Err(fault)
    }
}

/// Whether a part of the file cannot be read, or holds what nobody can have written.
fn is_damage(fault: &rusqlite::Error) -> bool {
    sql::is_damage(fault) || fault.sqlite_error_code() == Some(ErrorCode::SystemIoFailure)
}
