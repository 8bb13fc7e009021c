//! Steps and changes among themselves: none is missing, each step has its changes, what was taken back and by what fits, and no seat
//! goes back to ids that it took.

use crate::domain::id::{RecordId, Seat};
use crate::domain::value::Value;

use super::super::tables::NOUNS;
use super::{Check, Finding, Kind};

/// Pairs of steps that contradict each other: what is wrong, and the steps of which it is.
const CONTRADICTIONS: [(&str, &str); 4] = [
    (
        "the step counts as taken back, and the step that took it back is not there",
        "SELECT n FROM step AS it WHERE undone_by IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM step AS by WHERE by.id = it.undone_by AND by.undoes = it.grp)",
    ),
    (
        "the step took something back that is not there",
        "SELECT n FROM step AS it WHERE undoes IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM step AS of WHERE of.grp = it.undoes)",
    ),
    (
        "the step took something back that does not count as taken back",
        "SELECT n FROM step AS it WHERE origin = 'undo' AND undone_by IS NULL
         AND NOT EXISTS (SELECT 1 FROM step AS of WHERE of.grp = it.undoes AND of.undone_by = it.id)",
    ),
    (
        "the step has no changes",
        "SELECT n FROM step AS it WHERE undoes IS NULL
         AND NOT EXISTS (SELECT 1 FROM change WHERE change.step = it.n)",
    ),
];

impl Check<'_> {
    pub(super) fn log(&mut self) -> rusqlite::Result<()> {
        self.steps()?;
        self.changes()?;
        for (what, text) in CONTRADICTIONS {
            let mut statement = self.conn.prepare(text)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                self.found_since(Finding::new(Kind::Log, "step").says(what), row.get(0)?)?;
            }
        }
        if self.is_newer {
            return Ok(());
        }
        let text = format!(
            "SELECT DISTINCT entity FROM change WHERE entity NOT IN {}",
            NOUNS.as_str()
        );
        let mut statement = self.conn.prepare(&text)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let what = "the log changes records of a noun that this clinch does not know";
            self.found(Finding::new(Kind::Log, &row.get::<_, String>(0)?).says(what))?;
        }
        Ok(())
    }

    /// Steps are numbered without a gap.
    fn steps(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.conn.prepare("SELECT n FROM step ORDER BY n")?;
        let mut rows = statement.query([])?;
        let mut next = 1;
        while let Some(row) = rows.next()? {
            let n: i64 = row.get(0)?;
            self.findings.steps += 1;
            self.gap("step", next, n)?;
            next = n + 1;
        }
        Ok(())
    }

    /// Changes are numbered without a gap, in the order of their steps.
    fn changes(&mut self) -> rusqlite::Result<()> {
        let mut statement = self
            .conn
            .prepare("SELECT seq, step FROM change ORDER BY seq")?;
        let mut rows = statement.query([])?;
        let (mut next, mut before) = (1, 0);
        while let Some(row) = rows.next()? {
            let (seq, step): (i64, i64) = (row.get(0)?, row.get(1)?);
            self.gap("change", next, seq)?;
            if step < before {
                let what = format!("change {seq} stands after changes of later steps");
                self.found_since(Finding::new(Kind::Log, "change").says(what), step)?;
            }
            (next, before) = (seq + 1, step);
        }
        Ok(())
    }

    fn gap(&mut self, table: &str, next: i64, found: i64) -> rusqlite::Result<()> {
        if found == next {
            return Ok(());
        }
        let what = if found - next == 1 {
            format!("{table} {next} is missing")
        } else {
            format!("{table}s {next} to {} are missing", found - 1)
        };
        self.found(Finding::new(Kind::Log, table).says(what))
    }

    /// Each seat remembers the last id that it took; one that forgot would give ids out twice.
    pub(super) fn seats(&mut self) -> rusqlite::Result<()> {
        let mut statement = self
            .conn
            .prepare("SELECT number, last_id FROM seat ORDER BY number")?;
        let mut rows = statement.query([])?;
        let mut newest = std::mem::take(&mut self.newest);
        while let Some(row) = rows.next()? {
            let (seat, last): (u16, RecordId) = (row.get(0)?, row.get(1)?);
            if let Some(id) = newest.remove(&Seat(seat)).filter(|id| *id > last) {
                let found = Finding::new(Kind::Log, "seat").at("last_id");
                let found = found.differs(Value::Int(id.raw()), Value::Int(last.raw()));
                self.found(found.says(format!("seat {seat} would give ids out that are taken")))?;
            }
        }
        for (seat, id) in newest {
            let what = format!("record {id} is of seat {}, which is not there", seat.0);
            self.found(Finding::new(Kind::Log, "seat").says(what))?;
        }
        Ok(())
    }
}
