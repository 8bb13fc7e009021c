//! SQLite as it comes, for the controls: what a program loses that does not do what clinch does.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::work::PATIENCE;
use super::writer::{Log, Noted, Orders, micros};

/// Opens a database the way most programs do.
pub fn open(path: &Path, journal: &str) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(PATIENCE)?;
    conn.pragma_update_and_check(None, "journal_mode", journal, |_| Ok(()))?;
    conn.execute_batch("PRAGMA synchronous = EXTRA; PRAGMA cache_size = -16000;")?;
    Ok(conn)
}

/// Makes one: a counter, and a row for each step that raised it. Rows enough that a step writes to several pages.
pub fn make(path: &Path, journal: &str) -> rusqlite::Result<()> {
    open(path, journal)?.execute_batch(
        "BEGIN;
         CREATE TABLE counter (n INTEGER NOT NULL);
         INSERT INTO counter VALUES (0);
         CREATE TABLE done (marker TEXT PRIMARY KEY, n INTEGER NOT NULL, body TEXT NOT NULL);
         CREATE TABLE lead (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, note TEXT NOT NULL);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
         INSERT INTO lead SELECT i, 0, printf('%.100c', 'x') FROM n;
         COMMIT;",
    )
}

/// One step: reads the counter, raises it, notes the step.
pub fn step(conn: &mut Connection, marker: &str) -> rusqlite::Result<()> {
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let n: i64 = tx.query_row("SELECT n FROM counter", [], |row| row.get(0))?;
    tx.execute("UPDATE counter SET n = ?1", [n + 1])?;
    tx.execute(
        "INSERT INTO done VALUES (?1, ?2, printf('%.120c', 'b'))",
        (marker, n + 1),
    )?;
    tx.commit()
}

/// A process at work.
pub fn work(orders: &Orders, journal: &str, log: &mut Log) {
    let end = Instant::now() + Duration::from_millis(orders.millis);
    let mut conn = match open(&orders.book, journal) {
        Ok(conn) => conn,
        Err(fault) => return log.fault(&fault),
    };
    for count in 1.. {
        if Instant::now() >= end {
            return;
        }
        let marker = format!("{}-{}-{count}", orders.number, std::process::id());
        let begun = Instant::now();
        match step(&mut conn, &marker) {
            Ok(()) => log.note(&Noted::Done {
                step: String::new(),
                marker,
                changes: 1,
                micros: micros(begun),
            }),
            Err(fault) => log.fault(&fault),
        }
        std::thread::sleep(Duration::from_millis(orders.think));
    }
}

/// What a database that plain programs wrote to has lost.
#[derive(Debug, PartialEq, Eq)]
pub struct Lost {
    /// How many steps were acknowledged.
    pub acknowledged: usize,
    /// How many of them did not raise the counter.
    pub missing: usize,
    /// How many of them have no row.
    pub rows: usize,
    /// What SQLite says of the file, where it is not whole.
    pub damage: Option<String>,
}

impl Lost {
    /// Whether anything was lost.
    pub const fn any(&self) -> bool {
        self.missing > 0 || self.rows > 0 || self.damage.is_some()
    }
}

/// Looks for what was acknowledged.
pub fn judge(path: &Path, markers: &[String]) -> Lost {
    let mut lost = Lost {
        acknowledged: markers.len(),
        missing: 0,
        rows: 0,
        damage: None,
    };
    let looked = Connection::open(path).and_then(|conn| {
        conn.busy_timeout(PATIENCE)?;
        let whole: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        lost.damage = (whole != "ok").then_some(whole);
        // Two steps that read the same count have raised it by one.
        let counted: u32 = conn.query_row("SELECT n FROM counter", [], |row| row.get(0))?;
        let counted = usize::try_from(counted).unwrap_or_default();
        lost.missing = markers.len().saturating_sub(counted);
        let mut find = conn.prepare("SELECT 1 FROM done WHERE marker = ?1")?;
        for marker in markers {
            lost.rows += usize::from(!find.exists([marker])?);
        }
        Ok(())
    });
    if let Err(fault) = looked {
        lost.damage = Some(fault.to_string());
    }
    lost
}
