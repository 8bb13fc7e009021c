//! Undo and redo: the inverse of a group of steps, out of the log.
//!
//! One act of a person is taken back whole or, where somebody changed the same field since, not at all. A bulk act or an import is
//! judged record by record: what somebody changed or refers to since is kept and listed, the rest is taken back. The inverse of a
//! creation is the trash: the row and its source key stay, so that a redo or another import revives it. What a field goes back to is
//! told by the acts that hold ([`holds`](super::holds)): taken back and done again in any order, a record says what they made of it.

use std::collections::HashSet;

use rusqlite::OptionalExtension;

use crate::domain::command::{Origin, Which};
use crate::domain::id::{RecordId, StepId};
use crate::domain::identity::company_key;
use crate::domain::nouns::{Care, Entity, Field, FieldDef, Set, company};
use crate::domain::value::Value;

use super::super::error::StoreError;
use super::super::tables::{self, NOUNS};
use super::records::custom_value;
use super::{Res, Writer, invalid};

/// Changes of the field of which the last writer wins, as SQL.
const LOOSE: &str = "field = 'position'";

/// A change that is to be taken back.
pub(super) struct Past {
    pub(super) seq: i64,
    pub(super) entity: Entity,
    pub(super) record: RecordId,
    pub(super) last: Option<RecordId>,
    pub(super) field: Option<String>,
    pub(super) old: Value,
    pub(super) new: Value,
}

impl Past {
    /// Whether it is of a field of which the last writer wins.
    pub(super) fn is_loose(&self) -> bool {
        let field = self.field.as_deref();
        let def = field.and_then(|field| self.entity.field(field));
        def.is_some_and(|def| def.care == Care::Loose)
    }
}

/// A group of steps that holds, in the log.
pub(super) struct Group {
    pub(super) id: StepId,
    pub(super) label: String,
    /// Whether it is judged record by record.
    pub(super) many: bool,
    /// Its changes, the newest first.
    pub(super) past: Vec<Past>,
    /// Of an undo, which a redo takes back: the group that it had undone.
    pub(super) again: Option<StepId>,
}

impl Group {
    /// The place in the log before which changes tell what is there where one of its own is taken back; done again, all do.
    pub(super) fn before(&self, past: &Past) -> i64 {
        if self.again.is_some() {
            i64::MAX
        } else {
            past.seq
        }
    }
}

impl Writer<'_> {
    pub(super) fn undo(&mut self, which: Which) -> Res<()> {
        self.alone()?;
        self.origin = Origin::Undo;
        if let Which::Group(group) = which {
            // To take an undo back is to redo; to take a redo back is to undo what it brought back.
            match self.original_of(group)? {
                Some((Origin::Undo, original)) => return self.redo(Which::Group(original)),
                Some((_, undo)) => {
                    let original = self
                        .original_of(undo)?
                        .map_or(undo, |(_, original)| original);
                    return self.undo(Which::Group(original));
                }
                None => {}
            }
        }
        let Some(group) = self.group_to_undo(which)? else {
            self.nothing = true;
            return Ok(());
        };
        let group = self.group(group)?;
        self.invert(&group)?;
        self.conn
            .prepare_cached("UPDATE step SET undone_by = ?2 WHERE grp = ?1 AND undone_by IS NULL")?
            .execute((group.id, self.draft.id))?;
        self.touch_all(group.id)?;
        self.undoes = Some((group.id, format!("Undo: {}", group.label)));
        Ok(())
    }

    /// For an undo or redo: which of them it is, and the group that it took back.
    fn original_of(&self, group: StepId) -> Res<Option<(Origin, StepId)>> {
        let found: Option<(String, StepId)> = self
            .conn
            .prepare_cached(
                "SELECT origin, undoes FROM step WHERE grp = ?1 AND undoes IS NOT NULL LIMIT 1",
            )?
            .query_row([group], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(found.and_then(|(origin, of)| Some((Origin::named(&origin)?, of))))
    }

    pub(super) fn redo(&mut self, which: Which) -> Res<()> {
        self.alone()?;
        self.origin = Origin::Redo;
        let Some((undo, original)) = self.undo_to_redo(which)? else {
            self.nothing = true;
            return Ok(());
        };
        let mut group = self.group(undo)?;
        group.many = group.many || self.group(original)?.many;
        group.again = Some(original);
        group.past.retain(|past| !past.is_loose());
        self.invert(&group)?;
        // What the undo left as it was because it stood so already, or because nobody's record is kept for it.
        let left = if group.many {
            LOOSE
        } else {
            "field IS NOT NULL"
        };
        for past in self.changes_of(original, left)? {
            self.put_right(&group, &past)?;
        }
        self.conn
            .prepare_cached("UPDATE step SET undone_by = ?2 WHERE grp = ?1")?
            .execute((undo, self.draft.id))?;
        self.conn
            .prepare_cached("UPDATE step SET undone_by = NULL WHERE grp = ?1")?
            .execute([original])?;
        self.touch_all(original)?;
        let label = group.label.strip_prefix("Undo: ").unwrap_or(&group.label);
        self.undoes = Some((undo, format!("Redo: {label}")));
        Ok(())
    }

    /// Acts that count no more, or again: also for the deals on which there was nothing left to take back.
    fn touch_all(&mut self, group: StepId) -> Res<()> {
        let mut statement = self.conn.prepare_cached(
            "SELECT DISTINCT record FROM change JOIN step ON step.n = change.step
             WHERE grp = ?1 AND entity = 'deal' AND origin = 'human'",
        )?;
        let mut rows = statement.query([group])?;
        while let Some(row) = rows.next()? {
            self.note_touched(Entity::Deal, row.get(0)?);
        }
        Ok(())
    }

    fn alone(&self) -> Res<()> {
        if self.draft.commands.len() == 1 {
            Ok(())
        } else {
            invalid("An undo or redo is a step of its own.")
        }
    }

    fn group_to_undo(&self, which: Which) -> Res<Option<StepId>> {
        match which {
            Which::Last => Ok(self
                .conn
                .prepare_cached(
                    "SELECT grp FROM step WHERE rep IS ?1 AND (?1 IS NOT NULL OR seat = ?2)
                     AND origin IN ('human', 'bulk', 'import') AND undone_by IS NULL ORDER BY n DESC LIMIT 1",
                )?
                .query_row((self.rep(), self.seat.0), |row| row.get(0))
                .optional()?),
            Which::Group(group) => {
                let holds: Option<bool> = self
                    .conn
                    .prepare_cached("SELECT max(undone_by IS NULL) FROM step WHERE grp = ?1")?
                    .query_row([group], |row| row.get(0))?;
                match holds {
                    Some(true) => Ok(Some(group)),
                    Some(false) => invalid("That step is undone already."),
                    None => Err(StoreError::NoRecord { noun: "step".to_owned(), id: group.to_string() }.into()),
                }
            }
        }
    }

    /// The undo to take back, and the group that it had undone. What was done since an undo closes the way back.
    fn undo_to_redo(&self, which: Which) -> Res<Option<(StepId, StepId)>> {
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(match which {
            Which::Last => self
                .conn
                .prepare_cached(
                    "SELECT grp, undoes FROM step WHERE rep IS ?1 AND (?1 IS NOT NULL OR seat = ?2)
                     AND origin = 'undo' AND undone_by IS NULL AND undoes IS NOT NULL
                     AND n > coalesce((SELECT max(n) FROM step WHERE rep IS ?1 AND (?1 IS NOT NULL OR seat = ?2)
                                       AND origin IN ('human', 'bulk', 'import')), 0)
                     ORDER BY n DESC LIMIT 1",
                )?
                .query_row((self.rep(), self.seat.0), pair)
                .optional()?,
            Which::Group(group) => self
                .conn
                .prepare_cached("SELECT grp, undoes FROM step WHERE undoes = ?1 AND origin = 'undo' AND undone_by IS NULL ORDER BY n DESC")?
                .query_row([group], pair)
                .optional()?,
        })
    }

    fn rep(&self) -> Option<RecordId> {
        self.draft.rep.map(crate::domain::id::Id::record)
    }

    fn group(&self, id: StepId) -> Res<Group> {
        self.is_known(id)?;
        let (label, steps, human): (String, i64, bool) = self.conn.query_row(
            "SELECT label, count(*), max(origin IN ('human', 'undo', 'redo', 'rule')) FROM step WHERE grp = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let past = self.changes_of(id, "undone_by IS NULL")?;
        Ok(Group {
            id,
            label,
            many: steps > 1 || !human,
            past,
            again: None,
        })
    }

    /// The changes of a group that are as this condition says, the newest first.
    fn changes_of(&self, group: StepId, which: &str) -> Res<Vec<Past>> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT seq, entity, record, last, field, old, new FROM change JOIN step ON step.n = change.step
                 WHERE grp = ?1 AND {which} ORDER BY seq DESC"
            ))?
            .query_map([group], |row| {
                Ok(Past {
                    seq: row.get(0)?,
                    entity: row.get(1)?,
                    record: row.get(2)?,
                    last: row.get(3)?,
                    field: row.get(4)?,
                    old: row.get(5)?,
                    new: row.get(6)?,
                })
            })?
            .collect::<Result<_, _>>()?)
    }

    /// Refuses a group that a newer program wrote in ways that this one does not know: its inverse would be half of one. Fields are
    /// looked at when they are written.
    fn is_known(&self, id: StepId) -> Res<()> {
        let unknown: bool = self
            .conn
            .prepare_cached(&format!(
                "SELECT 1 FROM step LEFT JOIN change ON change.step = step.n WHERE grp = ?1
                 AND (origin NOT IN ('human', 'import', 'bulk', 'rule', 'undo', 'redo') OR entity NOT IN {}
                      OR typeof(old) IN ('real', 'blob') OR typeof(new) IN ('real', 'blob'))",
                NOUNS.as_str()
            ))?
            .exists([id])?;
        if unknown {
            return invalid(
                "This step did what this clinch does not know: a newer one can take it back.",
            );
        }
        Ok(())
    }

    /// Takes all changes of a group back, the newest first.
    fn invert(&mut self, group: &Group) -> Res<()> {
        let mut kept = HashSet::new();
        if group.many {
            self.judge(group, &mut kept)?;
            self.keep_parts(group, &mut kept)?;
        }
        for past in &group.past {
            if past.field.is_some() {
                if !kept.contains(&(past.entity, past.record)) {
                    self.invert_field(group, past)?;
                }
                continue;
            }
            for id in self.batch_of(past)?.into_iter().rev() {
                if kept.contains(&(past.entity, id)) {
                    continue;
                }
                match self.obstacle_to_trash(group, past, id)? {
                    Some(obstacle) if group.many => self.keep(past.entity, id, obstacle.why)?,
                    Some(it) => {
                        self.clash(past.entity, id, it.field, it.base, it.theirs, it.mine)?;
                    }
                    None => self.trash_created(past.entity, id)?,
                }
            }
        }
        Ok(())
    }

    /// The records of a creation or of a batch of creations.
    pub(super) fn batch_of(&self, past: &Past) -> Res<Vec<RecordId>> {
        Ok(tables::between(
            self.conn,
            past.entity,
            past.record,
            past.last.unwrap_or(past.record),
        )?)
    }

    pub(super) fn current(&self, entity: Entity, record: RecordId, field: &str) -> Res<Value> {
        let row = self.row(entity, record)?;
        Ok(match Field::named(entity, field) {
            Some(Field::Own(def)) => row.get(def).clone(),
            Some(Field::Custom(_, of)) => custom_value(&row.custom, of),
            None if field == "trashed_at" => row.trashed_at.into(),
            None => {
                return invalid(format!(
                    "This clinch does not know the field {entity}.{field}: a newer one can take that back."
                ));
            }
        })
    }

    fn invert_field(&mut self, group: &Group, past: &Past) -> Res<()> {
        let field = past.field.as_deref().unwrap_or_default();
        let (entity, id) = (past.entity, past.record);
        if let Some(set) = Set::named(field).filter(|set| set.is_of(entity)) {
            return self.invert_element(group, past, set);
        }
        let now = self.current(entity, id, field)?;
        if now == past.old && !past.is_loose() {
            return Ok(());
        }
        let then = self.held(group, past, field)?;
        let stands = now == past.new || now == then;
        if !past.is_loose() && (!stands || self.was_touched_since(group, past, field)?) {
            return self.clash(
                entity,
                id,
                field.to_owned(),
                past.new.clone(),
                now,
                past.old.clone(),
            );
        }
        if now == then {
            return Ok(());
        }
        self.put(past, field, now, then)
    }

    /// Gives what a redo found as it had been before its act what the acts that hold make of it.
    fn put_right(&mut self, group: &Group, past: &Past) -> Res<()> {
        let field = past.field.as_deref().unwrap_or_default();
        if let Some(set) = Set::named(field).filter(|set| set.is_of(past.entity)) {
            return self.put_element(group, past, set);
        }
        let now = self.current(past.entity, past.record, field)?;
        let then = self.held(group, past, field)?;
        if now == then || (now != past.old && !past.is_loose()) {
            return Ok(());
        }
        self.put(past, field, now, then)
    }

    /// Writes the field of a change.
    fn put(&mut self, past: &Past, field: &str, now: Value, then: Value) -> Res<()> {
        let (entity, id) = (past.entity, past.record);
        match Field::named(entity, field) {
            Some(Field::Own(def)) => self.put_back(entity, id, def, now, then),
            Some(custom @ Field::Custom(..)) => self.set_field(entity, id, custom, now, then),
            None => {
                let row = self.row(entity, id)?;
                self.set_trashed(entity, id, &row, then)
            }
        }
    }

    /// Writes a field bare: what followed from it (the facts of a close) stands in the log beside it and is inverted too.
    fn put_back(
        &mut self,
        entity: Entity,
        id: RecordId,
        def: &'static FieldDef,
        now: Value,
        then: Value,
    ) -> Res<()> {
        let before = self.row(entity, id)?;
        self.note_stale(entity, id, &before, false);
        self.prices_keep_their_currency(def, id, &now, &then)?;
        tables::set(self.conn, entity, id, def.name, &then)?;
        if *def == company::NAME {
            let key = then.as_text().map(company_key).into();
            tables::set(self.conn, entity, id, "name_key", &key)?;
        }
        self.note(entity, id, def.name, now, then);
        let row = self.row(entity, id)?;
        self.note_stale(entity, id, &row, false);
        Ok(())
    }

    fn invert_element(&mut self, group: &Group, past: &Past, set: Set) -> Res<()> {
        let (entity, id) = (past.entity, past.record);
        let (Some(element), adds) = element_of(past) else {
            return Ok(());
        };
        if self.has_element(entity, id, set, element)? == adds {
            return Ok(());
        }
        if self.element_touched_since(group, past, set)? {
            // What the step left, what somebody else made of it, what would be again.
            let now = if adds { Value::Null } else { element.into() };
            let name = set.name().to_owned();
            return self.clash(entity, id, name, past.new.clone(), now, past.old.clone());
        }
        self.put_element(group, past, set)
    }

    /// Puts the element of a change into its set or takes it out, as the acts that hold have it.
    fn put_element(&mut self, group: &Group, past: &Past, set: Set) -> Res<()> {
        let (entity, id) = (past.entity, past.record);
        let (Some(element), _) = element_of(past) else {
            return Ok(());
        };
        match self.held_element(group, past, set, element)? {
            None if self.has_element(entity, id, set, element)? => {
                self.take_element(entity, id, set, element)
            }
            None => Ok(()),
            Some(element) => {
                if let Some(value) = self.insert_element(entity, id, set, &element)? {
                    self.note(entity, id, set.name(), Value::Null, value.into());
                }
                Ok(())
            }
        }
    }

    fn trash_created(&mut self, entity: Entity, id: RecordId) -> Res<()> {
        let row = self.row(entity, id)?;
        if row.trashed_at.is_some() {
            return Ok(());
        }
        self.set_trashed(entity, id, &row, self.draft.at.into())
    }
}

/// The element that a change of a set is about, and whether its inverse puts it in.
pub(super) fn element_of(past: &Past) -> (Option<&str>, bool) {
    match past.old.as_text() {
        Some(removed) => (Some(removed), true),
        None => (past.new.as_text(), false),
    }
}
