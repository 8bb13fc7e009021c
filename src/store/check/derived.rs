//! References as SQLite knows them, and values that are kept only to be read fast: they must be what they would be if computed now.

use crate::domain::id::RecordId;

use super::super::sql::lenient;
use super::super::sql::quoted;
use super::super::tables;
use super::super::write::{contact_touch, deal_next_step, deal_touch};
use super::{Check, Finding, Kind};

impl Check<'_> {
    pub(super) fn references(&mut self) -> rusqlite::Result<()> {
        let mut statement = self.conn.prepare(
            "SELECT c.\"table\", c.rowid, c.parent, f.\"from\" FROM pragma_foreign_key_check AS c
             LEFT JOIN pragma_foreign_key_list(c.\"table\") AS f ON f.id = c.fkid",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let table: String = row.get(0)?;
            let mut found = Finding::new(Kind::Reference, &table);
            found.record = row.get::<_, Option<i64>>(1)?.map(RecordId::from_raw);
            found.field = row.get(3)?;
            let parent: String = row.get(2)?;
            self.found(found.says(format!("it names a {parent} that is not there")))?;
        }
        Ok(())
    }

    pub(super) fn derived(&mut self) -> rusqlite::Result<()> {
        let minor = tables::minor(self.conn)?;
        for (table, field, follows) in [
            ("deal", "last_touch", deal_touch("it.id", minor)),
            ("deal", "next_step", deal_next_step("it.id")),
            ("contact", "last_touch", contact_touch("it.id")),
        ] {
            let text = format!(
                "SELECT id, follows, holds FROM (SELECT id, {field} AS holds, {follows} AS follows FROM {} AS it) WHERE holds IS NOT follows",
                quoted(table)
            );
            let mut statement = self.conn.prepare(&text)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let found = Finding::new(Kind::Derived, table).of(row.get(0)?).at(field);
                self.found(found.differs(lenient(row, 1)?, lenient(row, 2)?))?;
            }
        }
        Ok(())
    }
}
