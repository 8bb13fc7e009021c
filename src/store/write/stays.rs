//! What an undo leaves where it is, and why: somebody changed it since, or refers to it.

use std::collections::{HashMap, HashSet};

use rusqlite::OptionalExtension;

use crate::domain::id::RecordId;
use crate::domain::nouns::{
    ENTITIES, Entity, FieldDef, Kind, Set, deal_line, pending_link, source_record,
};
use crate::domain::resolve::TRASHED;
use crate::domain::value::Value;

use super::super::read::names;
use super::super::sql::{lenient, quoted};
use super::holds::UNMADE;
use super::sets::element_key;
use super::undo::{Group, Past, element_of};
use super::{Res, Writer};

/// Nouns whose records have parts of their own.
const OWNERS: [Entity; 4] = [
    Entity::Deal,
    Entity::Contact,
    Entity::Company,
    Entity::Product,
];

/// Why a record cannot be taken back.
pub(super) struct Obstacle {
    pub(super) field: String,
    pub(super) base: Value,
    pub(super) theirs: Value,
    pub(super) mine: Value,
    pub(super) why: String,
}

impl Writer<'_> {
    /// Finds the records of a group whose fields somebody changed since: all of such a record is kept.
    pub(super) fn judge(
        &mut self,
        group: &Group,
        kept: &mut HashSet<(Entity, RecordId)>,
    ) -> Res<()> {
        // What a field would hold after the changes that were inverted so far.
        let mut after: HashMap<(Entity, RecordId, &str), Value> = HashMap::new();
        for past in &group.past {
            let key = (past.entity, past.record);
            let (Some(field), false) = (&past.field, kept.contains(&key)) else {
                continue;
            };
            if past.is_loose() {
                continue;
            }
            if let Some(set) = Set::named(field).filter(|set| set.is_of(past.entity)) {
                if self.element_stays(group, past, set)? {
                    self.keep_changed(past, field)?;
                    kept.insert(key);
                }
                continue;
            }
            let now = match after.get(&(past.entity, past.record, field.as_str())) {
                Some(value) => value.clone(),
                None => self.current(past.entity, past.record, field)?,
            };
            let changed = now != past.new || self.was_touched_since(group, past, field)?;
            if changed && now != past.old {
                self.keep_changed(past, field)?;
                kept.insert(key);
            } else {
                after.insert((past.entity, past.record, field), past.old.clone());
            }
        }
        Ok(())
    }

    fn keep_changed(&mut self, past: &Past, field: &str) -> Res<()> {
        let (by, _) = names::last_author(self.conn, past.entity, past.record, field)?;
        let who = by.unwrap_or_else(|| "somebody".to_owned());
        let why = format!("{who} changed its {} since", field.replace('_', " "));
        self.keep(past.entity, past.record, why)
    }

    /// Whether an element of a set is no longer as a group left it because somebody else wanted it so.
    fn element_stays(&self, group: &Group, past: &Past, set: Set) -> Res<bool> {
        let (Some(element), adds) = element_of(past) else {
            return Ok(false);
        };
        Ok(
            self.has_element(past.entity, past.record, set, element)? != adds
                && self.element_touched_since(group, past, set)?,
        )
    }

    /// What belongs to a record that stays (a deal's lines, its link to its source, what waits for it) stays with it, unlisted.
    pub(super) fn keep_parts(
        &self,
        group: &Group,
        kept: &mut HashSet<(Entity, RecordId)>,
    ) -> Res<()> {
        let mut made = Vec::new();
        for past in group.past.iter().filter(|past| past.field.is_none()) {
            made.extend(
                self.batch_of(past)?
                    .into_iter()
                    .map(|id| (past.entity, id, past.seq)),
            );
        }
        let all: HashSet<(Entity, RecordId)> =
            made.iter().map(|(entity, id, _)| (*entity, *id)).collect();
        let mut stays: HashSet<(Entity, RecordId)> = kept
            .iter()
            .copied()
            .filter(|record| all.contains(record))
            .collect();
        for (entity, id, seq) in &made {
            if OWNERS.contains(entity)
                && (self.changed_since(group, *entity, *id, *seq)?.is_some()
                    || self.is_needed_outside(&all, *entity, *id)?)
            {
                stays.insert((*entity, *id));
            }
        }
        if stays.is_empty() {
            return Ok(());
        }
        for (entity, id, _) in &made {
            let owner = match entity {
                Entity::DealLine => self
                    .row(*entity, *id)?
                    .get(&deal_line::DEAL)
                    .as_int()
                    .map(|deal| (Entity::Deal, deal)),
                Entity::SourceRecord => {
                    self.owner(*id, *entity, &source_record::ENTITY, &source_record::RECORD)?
                }
                Entity::PendingLink => {
                    self.owner(*id, *entity, &pending_link::ENTITY, &pending_link::RECORD)?
                }
                _ => None,
            };
            if owner.is_some_and(|(noun, raw)| stays.contains(&(noun, RecordId::from_raw(raw)))) {
                kept.insert((*entity, *id));
            }
        }
        Ok(())
    }

    pub(super) fn owner(
        &self,
        id: RecordId,
        entity: Entity,
        noun: &FieldDef,
        record: &FieldDef,
    ) -> Res<Option<(Entity, i64)>> {
        let row = self.row(entity, id)?;
        let noun = row.get(noun).as_text().and_then(|noun| noun.parse().ok());
        Ok(noun.zip(row.get(record).as_int()))
    }

    /// Whether a live record refers to this one that the group did not make.
    pub(super) fn is_needed_outside(
        &self,
        made: &HashSet<(Entity, RecordId)>,
        entity: Entity,
        id: RecordId,
    ) -> Res<bool> {
        for (noun, field) in referrers(entity) {
            let text = format!(
                "SELECT id FROM {} WHERE {} = ?1 AND trashed_at IS NULL",
                quoted(noun.name()),
                quoted(field)
            );
            let mut statement = self.conn.prepare_cached(&text)?;
            let mut rows = statement.query([id])?;
            while let Some(row) = rows.next()? {
                if !made.contains(&(*noun, row.get(0)?)) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Whether another step has written a field since, even if it holds the same again: that was somebody's will, too.
    pub(super) fn was_touched_since(&self, group: &Group, past: &Past, field: &str) -> Res<bool> {
        if field == TRASHED && past.old.is_null() && self.creation_was_undone(group, past)? {
            return Ok(true);
        }
        let again = self.written_again(group, past, field)?;
        if let Some(again) = again
            && self.redone_by_others_since(group, past, field, again)?
        {
            return Ok(true);
        }
        let since = again.unwrap_or(past.seq);
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM change JOIN step ON step.n = change.step
                 WHERE entity = ?1 AND record = ?2 AND field = ?3 AND seq > ?4 AND grp <> ?5
                 AND undone_by IS NULL AND origin NOT IN ('undo', 'redo') LIMIT 1",
            )?
            .exists((past.entity, past.record, field, since, group.id))?)
    }

    /// Where in the log the last redo of a group wrote a field: what stood in it before is the author's own past, and no longer
    /// somebody's will. `None` where no redo did.
    fn written_again(&self, group: &Group, past: &Past, field: &str) -> Res<Option<i64>> {
        if group.again.is_some() {
            return Ok(None);
        }
        Ok(self
            .conn
            .prepare_cached(
                "SELECT max(seq) FROM change JOIN step AS again ON again.n = change.step JOIN step AS undo ON undo.grp = again.undoes
                 WHERE entity = ?1 AND record = ?2 AND field = ?3 AND seq > ?4 AND again.origin = 'redo' AND undo.undoes = ?5",
            )?
            .query_row((past.entity, past.record, field, past.seq, group.id), |row| {
                row.get(0)
            })?)
    }

    /// Whether another step that holds was done again since, and wrote the field once more.
    fn redone_by_others_since(
        &self,
        group: &Group,
        past: &Past,
        field: &str,
        since: i64,
    ) -> Res<bool> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM change JOIN step AS again ON again.n = change.step JOIN step AS undo ON undo.grp = again.undoes
                 JOIN step AS first ON first.grp = undo.undoes
                 WHERE entity = ?1 AND record = ?2 AND field = ?3 AND seq > ?4 AND again.origin = 'redo'
                 AND first.grp <> ?5 AND first.undone_by IS NULL LIMIT 1",
            )?
            .exists((past.entity, past.record, field, since, group.id))?)
    }

    /// Whether somebody took the creation of a record back since, which is not what this group takes back: then it lies in the trash
    /// by their will. Where the creation was taken back before, the record was brought out of the trash again before this group could
    /// put it there.
    fn creation_was_undone(&self, group: &Group, past: &Past) -> Res<bool> {
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT 1 FROM {UNMADE}
                 WHERE undo.grp <> ?3 AND undo.n > (SELECT step FROM change WHERE seq = ?4) LIMIT 1"
            ))?
            .exists((past.entity, past.record, group.id, past.seq))?)
    }

    /// Whether another step has put the element of a change in or out since, in any spelling, even if all is the same again.
    pub(super) fn element_touched_since(&self, group: &Group, past: &Past, set: Set) -> Res<bool> {
        let (Some(element), _) = element_of(past) else {
            return Ok(false);
        };
        let key = element_key(set, element)?;
        let mut statement = self.conn.prepare_cached(
            "SELECT coalesce(new, old) FROM change JOIN step ON step.n = change.step
             WHERE entity = ?1 AND record = ?2 AND field = ?3 AND seq > ?4 AND grp <> ?5
             AND undone_by IS NULL AND origin NOT IN ('undo', 'redo')",
        )?;
        let since = statement.query_map(
            (past.entity, past.record, set.name(), past.seq, group.id),
            |row| row.get::<_, String>(0),
        )?;
        for written in since {
            if element_key(set, &written?)? == key {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A change of a record by another step since, which still holds. The order of cards is nobody's work.
    pub(super) fn changed_since(
        &self,
        group: &Group,
        entity: Entity,
        id: RecordId,
        seq: i64,
    ) -> Res<Option<Obstacle>> {
        let changed = self
            .conn
            .prepare_cached(
                "SELECT field, old, new, rep.name FROM change JOIN step ON step.n = change.step LEFT JOIN rep ON rep.id = step.rep
                 WHERE entity = ?1 AND record = ?2 AND seq > ?3 AND field IS NOT NULL AND field <> 'position'
                 AND grp <> ?4 AND undone_by IS NULL AND origin NOT IN ('undo', 'redo') ORDER BY seq DESC LIMIT 1",
            )?
            .query_row((entity, id, seq, group.id), |row| {
                Ok((row.get::<_, String>(0)?, lenient(row, 1)?, lenient(row, 2)?, row.get::<_, Option<String>>(3)?))
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
        Ok(None)
    }

    /// What stands against trashing a record that the group made: a later change of it by another step, or a live record that
    /// refers to it.
    pub(super) fn obstacle_to_trash(
        &self,
        group: &Group,
        past: &Past,
        id: RecordId,
    ) -> Res<Option<Obstacle>> {
        let entity = past.entity;
        if let Some(obstacle) = self.changed_since(group, entity, id, past.seq)? {
            return Ok(Some(obstacle));
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
