//! `--if-version`: a step that rests on what its author saw of a record, whatever it changes there.

use rusqlite::Connection;

use crate::domain::command::{Base, Command, Input, Target};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set};
use crate::domain::value::Value;

use super::super::read::names;
use super::{Res, Writer};

/// A field, or one element of a set, that was changed since a version.
struct Since {
    field: String,
    /// What stood there at that version.
    seen: Value,
    /// What stands there now.
    stored: Value,
}

impl Writer<'_> {
    /// Notes, field by field, what was changed since the version that the author saw.
    pub(super) fn require(&mut self, entity: Entity, target: Target, seq: i64) -> Res<()> {
        let id = self.existing(entity, target)?;
        let stored = names::version(self.conn, entity, id)?;
        if stored == seq {
            return Ok(());
        }
        let changed = since(self.conn, entity, id, seq)?;
        if changed.is_empty() {
            // A version that the record never had.
            let field = "seq".to_owned();
            return self.clash(entity, id, field, seq.into(), stored.into(), seq.into());
        }
        for Since {
            field,
            seen,
            stored,
        } in changed
        {
            // Who does not change the field wants it as they saw it.
            let mine = self
                .wanted(entity, target, &field)
                .unwrap_or_else(|| seen.clone());
            self.clash(entity, id, field, seen, stored, mine)?;
        }
        Ok(())
    }

    /// Whether the author of this step has seen a record: it names a version of it, or what stood in one of its fields.
    pub(super) fn rests_on(&self, entity: Entity, id: RecordId) -> bool {
        let known = Target::Known(id);
        self.draft.commands.iter().any(|command| match command {
            Command::Require {
                entity: noun,
                target,
                ..
            } => (*noun, *target) == (entity, known),
            Command::Edit {
                entity: noun,
                target,
                edits,
            } => {
                (*noun, *target) == (entity, known)
                    && edits.iter().any(|edit| edit.base != Base::Unseen)
            }
            _ => false,
        })
    }

    /// What this step would write into a field.
    fn wanted(&self, entity: Entity, target: Target, field: &str) -> Option<Value> {
        self.draft
            .commands
            .iter()
            .find_map(|command| match command {
                Command::Edit {
                    entity: noun,
                    target: of,
                    edits,
                } if *noun == entity && *of == target => {
                    edits.iter().find_map(|edit| match &edit.new {
                        Input::Value(value) if edit.field.name() == field => Some(value.clone()),
                        _ => None,
                    })
                }
                Command::MoveDeal { deal, stage, .. }
                    if entity == Entity::Deal
                        && Target::from(*deal) == target
                        && field == "stage" =>
                {
                    Some((*stage).into())
                }
                _ => None,
            })
    }
}

/// What was changed of a record since a version: each field once, with what stood there then and what stands there now; the
/// elements of sets one by one.
fn since(conn: &Connection, entity: Entity, id: RecordId, seq: i64) -> Res<Vec<Since>> {
    let mut statement = conn.prepare_cached(
        "SELECT field, old, new FROM change WHERE entity = ?1 AND record = ?2 AND seq > ?3 AND field IS NOT NULL ORDER BY seq",
    )?;
    let mut rows = statement.query((entity, id, seq))?;
    let mut found: Vec<Since> = Vec::new();
    while let Some(row) = rows.next()? {
        let (field, seen, stored): (String, Value, Value) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_set = Set::named(&field).is_some_and(|set| set.is_of(entity));
        match found
            .iter_mut()
            .find(|since| !is_set && since.field == field)
        {
            Some(since) => since.stored = stored,
            None => found.push(Since {
                field,
                seen,
                stored,
            }),
        }
    }
    Ok(found)
}
