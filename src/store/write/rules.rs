//! The rules of stages, judged for every author alike: what a deal must have to enter one, and what a team may not do to its own.
//!
//! A person's acts are judged, one or many. Imports and the program's own steps bring in what is so elsewhere, and undo restores
//! what was: they are not.

use crate::domain::command::{Command, Origin, Target};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, deal, pipeline, stage};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Stage;
use crate::domain::requirement;
use crate::domain::value::Value;

use super::super::error::StoreError;
use super::super::tables::Row;
use super::{Res, Writer, invalid};

/// A stage before a command was applied.
pub(super) struct Before {
    id: RecordId,
    row: Row,
}

/// What a stage is in its pipeline.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Standing {
    kind: StageKind,
    /// Neither archived nor in the trash.
    in_use: bool,
}

impl Standing {
    fn of(row: &Row) -> Self {
        let kind = row.get(&stage::KIND).as_text().and_then(StageKind::named);
        Self {
            kind: kind.unwrap_or(StageKind::Open),
            in_use: row.trashed_at.is_none() && row.get(&stage::ARCHIVED).as_int() != Some(1),
        }
    }
}

impl Writer<'_> {
    fn is_judged(&self) -> bool {
        matches!(self.origin, Origin::Human | Origin::Bulk) && self.clashes.is_empty()
    }

    /// The stage that a command is about to change.
    pub(super) fn stage_before(&self, command: &Command) -> Res<Option<Before>> {
        let (Command::Edit { entity, target, .. }
        | Command::Trash { entity, target }
        | Command::Restore { entity, target }) = command
        else {
            return Ok(None);
        };
        if *entity != Entity::Stage {
            return Ok(None);
        }
        let id = self.id_of(*entity, *target)?;
        let row = self.row(*entity, id)?;
        Ok(Some(Before { id, row }))
    }

    /// Whether a command left all as the rules want it.
    pub(super) fn hold_to_rules(&mut self, command: &Command, before: Option<Before>) -> Res<()> {
        let entered = std::mem::take(&mut self.entered);
        if !self.is_judged() {
            return Ok(());
        }
        for deal in entered {
            self.judge_entry(deal)?;
        }
        match (command, before) {
            (_, Some(before)) => {
                let after = self.row(Entity::Stage, before.id)?;
                self.judge_stage(before.id, Some(&before.row), &after)
            }
            (Command::Create(create), None) if create.entity == Entity::Stage => {
                let id = self.id_of(Entity::Stage, create.slot.into())?;
                let after = self.row(Entity::Stage, id)?;
                self.judge_stage(id, None, &after)
            }
            (
                Command::Trash {
                    entity: Entity::Pipeline,
                    target,
                },
                None,
            ) => {
                let id = self.id_of(Entity::Pipeline, *target)?;
                self.judge_trashed_pipeline(id)
            }
            _ => Ok(()),
        }
    }

    /// Whether a deal has what its stage requires, and a won one an amount, or the word of its author that nobody knows it.
    fn judge_entry(&self, id: RecordId) -> Res<()> {
        let row = self.row(Entity::Deal, id)?;
        let Some(stage) = row.get(&deal::STAGE).as_int().map(RecordId::from_raw) else {
            return Ok(());
        };
        let stage = self.row(Entity::Stage, stage)?;
        let missing: Vec<_> = requirement::fields(stage.get(&stage::REQUIRED))
            .into_iter()
            .filter(|def| row.get(def).is_null())
            .collect();
        let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
        let name = text(row.get(&deal::TITLE));
        if missing.is_empty() {
            let is_won = Standing::of(&stage).kind == StageKind::Won;
            if is_won && row.get(&deal::AMOUNT).is_null() && !self.is_meant_unpriced(id) {
                return Err(StoreError::Unpriced { deal: id, name }.into());
            }
            return Ok(());
        }
        let of = text(stage.get(&stage::NAME));
        Err(StoreError::Lacks {
            deal: id,
            what: requirement::refusal(&name, &of, &missing),
            fields: missing,
        }
        .into())
    }

    fn is_meant_unpriced(&self, id: RecordId) -> bool {
        let is_it = |target: &Target| self.id_of(Entity::Deal, *target).is_ok_and(|of| of == id);
        self.unpriced.iter().rev().any(is_it)
    }

    fn judge_stage(&self, id: RecordId, before: Option<&Row>, after: &Row) -> Res<()> {
        let name = after.get(&stage::NAME).as_text().unwrap_or_default();
        let pipeline = after.get(&stage::PIPELINE);
        let is = Standing::of(after);
        let was = before.map(Standing::of);
        if before.is_some_and(|before| before.get(&stage::PIPELINE) != pipeline) {
            return invalid(format!(
                "{name} stays in its pipeline, where its deals are: make a stage in the other one, and move them there."
            ));
        }
        if was.is_some_and(|was| was.kind != is.kind) && self.has_history(id)? {
            return invalid(format!(
                "{name} has had deals, and what was counted as {} would be counted otherwise from now on: archive it and make another stage.",
                was.map_or("open", |was| was.kind.name())
            ));
        }
        let required = requirement::fields(after.get(&stage::REQUIRED));
        if is.kind != StageKind::Lost && required.contains(&&deal::LOST_REASON) {
            return Err(StoreError::Invalid {
                field: Some(stage::REQUIRED.name.to_owned()),
                what: format!(
                    "{name} is no stage for lost deals, and no other deal has a lost reason."
                ),
            }
            .into());
        }
        if is.in_use && is.kind.is_closed() && was != Some(is) {
            self.judge_second(id, name, pipeline, is.kind)?;
        }
        match was {
            Some(was) if was.in_use && was != is => self.judge_leaving(id, name, pipeline, was, is),
            _ => Ok(()),
        }
    }

    /// One stage wins and one loses in each pipeline: with two of them nobody knows where a deal goes.
    fn judge_second(&self, id: RecordId, name: &str, of: &Value, kind: StageKind) -> Res<()> {
        match self.others_in_use(id, of, kind)?.first() {
            None => Ok(()),
            Some(other) => invalid(format!(
                "{name} cannot be for {} deals: {other} is, and a pipeline has one stage for them.",
                kind.name()
            )),
        }
    }

    /// A stage that is archived, put into the trash or made another kind.
    fn judge_leaving(
        &self,
        id: RecordId,
        name: &str,
        of: &Value,
        was: Standing,
        is: Standing,
    ) -> Res<()> {
        let deals = self.deals_in(id)?;
        if was.kind == StageKind::Open && !is.in_use && deals > 0 {
            return invalid(format!(
                "{name} has {} open deals: move them to another stage first, or say in the same step where they go.",
                grouped(deals)
            ));
        }
        let of_pipeline = of.as_int().map(RecordId::from_raw);
        let pipeline = of_pipeline.map(|of| self.row(Entity::Pipeline, of));
        let is_gone = pipeline
            .transpose()?
            .is_some_and(|row| row.trashed_at.is_some());
        if !is_gone && self.others_in_use(id, of, was.kind)?.is_empty() {
            return invalid(format!(
                "{name} is the only stage for {} deals in its pipeline, and each pipeline needs one: rename it instead.",
                was.kind.name()
            ));
        }
        Ok(())
    }

    fn judge_trashed_pipeline(&self, id: RecordId) -> Res<()> {
        let deals: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM stage CROSS JOIN deal ON deal.stage = stage.id
                 WHERE stage.pipeline = ?1 AND stage.kind = 'open' AND deal.trashed_at IS NULL",
            )?
            .query_row([id], |row| row.get(0))?;
        if deals == 0 {
            return Ok(());
        }
        let row = self.row(Entity::Pipeline, id)?;
        invalid(format!(
            "{} has {} open deals: move them to another pipeline first.",
            row.get(&pipeline::NAME).as_text().unwrap_or_default(),
            grouped(deals)
        ))
    }

    /// The names of the other stages of a pipeline and kind that are in use.
    fn others_in_use(&self, id: RecordId, of: &Value, kind: StageKind) -> Res<Vec<String>> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT name FROM stage WHERE pipeline = ?1 AND kind = ?2 AND id <> ?3 AND trashed_at IS NULL
                 AND coalesce(archived, 0) = 0 ORDER BY position, id",
            )?
            .query_map((of, kind.name(), id), |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    fn deals_in(&self, id: RecordId) -> Res<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM deal WHERE stage = ?1 AND trashed_at IS NULL")?
            .query_row([id], |row| row.get(0))?)
    }

    /// Whether a deal is or ever was in a stage: what it was born into and left again stands in the log as the old value.
    fn has_history(&self, id: RecordId) -> Res<bool> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM deal WHERE stage = ?1 UNION ALL
                 SELECT 1 FROM change WHERE entity = 'deal' AND field = 'stage' AND (old = ?1 OR new = ?1)",
            )?
            .exists([id])?)
    }

    /// Moves all deals of a stage to the end of another one. A team that puts its stages in order is not asked what each deal lacks.
    pub(super) fn move_all(&mut self, from: Id<Stage>, to: Id<Stage>) -> Res<()> {
        self.must_exist(Entity::Stage, from.record())?;
        let row = self.row(Entity::Stage, to.record())?;
        let standing = Standing::of(&row);
        if from == to || !standing.in_use || standing.kind != StageKind::Open {
            return invalid("Deals are moved to another open stage that is in use.");
        }
        let deals: Vec<RecordId> = self
            .conn
            .prepare_cached(
                "SELECT id FROM deal WHERE stage = ?1 AND trashed_at IS NULL ORDER BY position, id",
            )?
            .query_map([from.record()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for deal in deals {
            let end = Some(crate::domain::command::Place::Bottom);
            self.move_deal(Id::new(deal), Some(from), to, end)?;
        }
        self.entered.clear();
        Ok(())
    }
}
