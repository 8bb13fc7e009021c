//! Undo and redo: the inverse of a group of steps, out of the log.
//!
//! One act of a person is taken back whole or, where somebody changed the same field since, not at all. A bulk act or an import is
//! judged record by record: what somebody changed or refers to since is kept and listed, the rest is taken back. The inverse of a
//! creation is the trash: the row and its source key stay, so that a redo or another import revives it.

use std::collections::{HashMap, HashSet};

use rusqlite::OptionalExtension;

use crate::domain::command::{Origin, Which};
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::{Care, ENTITIES, Entity, Field, Kind, Set};
use crate::domain::value::Value;

use super::super::error::StoreError;
use super::super::read::names;
use super::super::sql::quoted;
use super::super::tables;
use super::records::custom_value;
use super::{Res, Writer, invalid};

/// A change that is to be taken back.
struct Past {
    seq: i64,
    entity: Entity,
    record: RecordId,
    last: Option<RecordId>,
    field: Option<String>,
    old: Value,
    new: Value,
}

/// A group of steps that holds, in the log.
struct Group {
    id: StepId,
    label: String,
    /// Whether it is judged record by record.
    many: bool,
    /// Its changes, the newest first.
    past: Vec<Past>,
}

/// Why a record cannot be taken back.
struct Obstacle {
    field: String,
    base: Value,
    theirs: Value,
    mine: Value,
    why: String,
}

impl Writer<'_> {
    pub(super) fn undo(&mut self, which: Which) -> Res<()> {
        self.alone()?;
        self.origin = Origin::Undo;
        let Some(group) = self.group_to_undo(which)? else {
            self.nothing = true;
            return Ok(());
        };
        let group = self.group(group)?;
        self.invert(&group)?;
        self.conn
            .prepare_cached("UPDATE step SET undone_by = ?2 WHERE grp = ?1 AND undone_by IS NULL")?
            .execute((group.id, self.draft.id))?;
        self.undoes = Some((group.id, format!("Undo: {}", group.label)));
        Ok(())
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
        self.invert(&group)?;
        self.conn
            .prepare_cached("UPDATE step SET undone_by = ?2 WHERE grp = ?1")?
            .execute((undo, self.draft.id))?;
        self.conn
            .prepare_cached("UPDATE step SET undone_by = NULL WHERE grp = ?1")?
            .execute([original])?;
        let label = group.label.strip_prefix("Undo: ").unwrap_or(&group.label);
        self.undoes = Some((undo, format!("Redo: {label}")));
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
        let (label, steps, human): (String, i64, bool) = self.conn.query_row(
            "SELECT label, count(*), max(origin IN ('human', 'undo', 'redo', 'rule')) FROM step WHERE grp = ?1",
            [id],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let past = self
            .conn
            .prepare_cached(
                "SELECT seq, entity, record, last, field, old, new FROM change JOIN step ON step.n = change.step
                 WHERE grp = ?1 AND undone_by IS NULL ORDER BY seq DESC",
            )?
            .query_map([id], |row| {
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
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Group {
            id,
            label,
            many: steps > 1 || !human,
            past,
        })
    }

    /// Takes all changes of a group back, the newest first.
    fn invert(&mut self, group: &Group) -> Res<()> {
        let mut kept = HashSet::new();
        if group.many {
            self.judge(group, &mut kept)?;
        }
        for past in &group.past {
            if past.field.is_some() {
                if !kept.contains(&(past.entity, past.record)) {
                    self.invert_field(past)?;
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

    /// Finds the records of a group whose fields somebody changed since: all of such a record is kept.
    fn judge(&mut self, group: &Group, kept: &mut HashSet<(Entity, RecordId)>) -> Res<()> {
        // What a field would hold after the changes that were inverted so far.
        let mut after: HashMap<(Entity, RecordId, &str), Value> = HashMap::new();
        for past in &group.past {
            let key = (past.entity, past.record);
            let (Some(field), false) = (&past.field, kept.contains(&key)) else {
                continue;
            };
            if is_loose(past.entity, field) || Set::named(field).is_some() {
                continue;
            }
            let now = match after.get(&(past.entity, past.record, field.as_str())) {
                Some(value) => value.clone(),
                None => self.current(past.entity, past.record, field)?,
            };
            if now != past.new && now != past.old {
                let (by, _) = names::last_author(self.conn, past.entity, past.record, field)?;
                let who = by.unwrap_or_else(|| "somebody".to_owned());
                self.keep(
                    past.entity,
                    past.record,
                    format!("{who} changed its {} since", field.replace('_', " ")),
                )?;
                kept.insert(key);
            } else {
                after.insert((past.entity, past.record, field), past.old.clone());
            }
        }
        Ok(())
    }

    /// The records of a creation or of a batch of creations.
    fn batch_of(&self, past: &Past) -> Res<Vec<RecordId>> {
        Ok(tables::between(
            self.conn,
            past.entity,
            past.record,
            past.last.unwrap_or(past.record),
        )?)
    }

    fn current(&self, entity: Entity, record: RecordId, field: &str) -> Res<Value> {
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

    fn invert_field(&mut self, past: &Past) -> Res<()> {
        let field = past.field.as_deref().unwrap_or_default();
        let (entity, id) = (past.entity, past.record);
        if let Some(set) = Set::named(field).filter(|set| set.is_of(entity)) {
            return self.invert_element(past, set);
        }
        let now = self.current(entity, id, field)?;
        if now == past.old {
            return Ok(());
        }
        if now != past.new && !is_loose(entity, field) {
            return self.clash(
                entity,
                id,
                field.to_owned(),
                past.new.clone(),
                now,
                past.old.clone(),
            );
        }
        match Field::named(entity, field) {
            Some(Field::Own(def)) => {
                let before = self.row(entity, id)?;
                self.note_stale(entity, id, &before, false);
                // Written bare: what followed from it (the facts of a close) stands in the log beside it and is inverted too.
                tables::set(self.conn, entity, id, def.name, &past.old)?;
                if *def == crate::domain::nouns::company::NAME {
                    let key = past
                        .old
                        .as_text()
                        .map(crate::domain::identity::company_key)
                        .into();
                    tables::set(self.conn, entity, id, "name_key", &key)?;
                }
                self.note(entity, id, field, now, past.old.clone());
                let row = self.row(entity, id)?;
                self.note_stale(entity, id, &row, false);
                Ok(())
            }
            Some(custom @ Field::Custom(..)) => {
                self.set_field(entity, id, custom, now, past.old.clone())
            }
            None => {
                let row = self.row(entity, id)?;
                self.set_trashed(entity, id, &row, past.old.clone())
            }
        }
    }

    fn invert_element(&mut self, past: &Past, set: Set) -> Res<()> {
        let (entity, id) = (past.entity, past.record);
        if let Some(removed) = past.old.as_text() {
            if let Some(value) = self.insert_element(entity, id, set, removed)? {
                self.note(entity, id, set.name(), Value::Null, value.into());
            }
        } else if let Some(added) = past.new.as_text()
            && self.has_element(entity, id, set, added)?
        {
            return self.remove_element(entity, id, set, added);
        }
        Ok(())
    }

    fn trash_created(&mut self, entity: Entity, id: RecordId) -> Res<()> {
        let row = self.row(entity, id)?;
        if row.trashed_at.is_some() {
            return Ok(());
        }
        self.set_trashed(entity, id, &row, self.draft.at.into())
    }

    /// What stands against trashing a record that the group made: a later change of it by another step, or a live record that
    /// refers to it.
    fn obstacle_to_trash(&self, group: &Group, past: &Past, id: RecordId) -> Res<Option<Obstacle>> {
        let entity = past.entity;
        let changed = self
            .conn
            .prepare_cached(
                "SELECT field, old, new, rep.name FROM change JOIN step ON step.n = change.step LEFT JOIN rep ON rep.id = step.rep
                 WHERE entity = ?1 AND record = ?2 AND seq > ?3 AND field IS NOT NULL AND field <> 'position'
                 AND grp <> ?4 AND undone_by IS NULL AND origin NOT IN ('undo', 'redo') ORDER BY seq DESC LIMIT 1",
            )?
            .query_row((entity, id, past.seq, group.id), |row| {
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?))
            })
            .optional()?;
        if let Some((field, base, theirs, by)) = changed {
            let who = by.unwrap_or_else(|| "somebody".to_owned());
            let why = format!("{who} changed its {} since", field.replace('_', " "));
            return Ok(Some(Obstacle {
                field,
                base,
                theirs,
                mine: Value::Null,
                why,
            }));
        }
        for (noun, field) in referrers(entity) {
            let text = format!(
                "SELECT id FROM {} WHERE {} = ?1 AND trashed_at IS NULL ORDER BY id LIMIT 1",
                quoted(noun.name()),
                quoted(field)
            );
            let by: Option<RecordId> = self
                .conn
                .prepare_cached(&text)?
                .query_row([id], |row| row.get(0))
                .optional()?;
            if let Some(by) = by {
                let why = format!("{noun} {} refers to it", names::of(self.conn, *noun, by)?);
                return Ok(Some(Obstacle {
                    field: format!("{noun}.{field}"),
                    base: Value::Null,
                    theirs: by.into(),
                    mine: Value::Null,
                    why,
                }));
            }
        }
        Ok(None)
    }
}

/// Whether the last writer of a field wins.
fn is_loose(entity: Entity, field: &str) -> bool {
    entity
        .field(field)
        .is_some_and(|def| def.care == Care::Loose)
}

/// The fields that may refer to a record of a noun. What the book derives by itself does not hold a record back.
fn referrers(entity: Entity) -> &'static [(Entity, &'static str)] {
    static REFERRERS: std::sync::LazyLock<HashMap<Entity, Vec<(Entity, &'static str)>>> =
        std::sync::LazyLock::new(|| {
            let mut map: HashMap<Entity, Vec<(Entity, &'static str)>> = HashMap::new();
            for noun in ENTITIES {
                for def in noun.fields() {
                    let derived = matches!((noun, def.name), (Entity::Deal, "next_step"));
                    if let (Kind::Ref(to), false) = (def.kind, derived) {
                        map.entry(to).or_default().push((*noun, def.name));
                    }
                }
            }
            map
        });
    REFERRERS.get(&entity).map_or(&[], Vec::as_slice)
}
