//! Moves, closes, and what they do to a deal: its pipeline follows its stage; into won or lost freezes the facts of the close,
//! out of them clears those facts (reports: what must be stored first).

use rusqlite::OptionalExtension;

use crate::domain::command::{Origin, Place, Reason};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::{Money, RATE_ONE};
use crate::domain::nouns::{Entity, Field, FieldDef, deal, lost_reason, stage};
use crate::domain::order;
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Deal, LostReason, Stage};
use crate::domain::text::{clean_block, clean_line, fold};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::super::error::StoreError;
use super::super::rates;
use super::super::tables::{self, Row, place};
use super::{Res, Writer, invalid};

/// The facts of a close, and why: cleared when the deal is opened again.
const CLOSE_FACTS: [&FieldDef; 6] = [
    &deal::CLOSED_AT,
    &deal::CLOSE_OWNER,
    &deal::CLOSE_AMOUNT,
    &deal::CLOSE_CURRENCY,
    &deal::CLOSE_RATE,
    &deal::CLOSE_BASE,
];
const LOSS: [&FieldDef; 2] = [&deal::LOST_REASON, &deal::LOST_NOTE];

impl Writer<'_> {
    fn stage_kind(&self, stage: RecordId) -> Res<StageKind> {
        let row = self.row(Entity::Stage, stage)?;
        Ok(row
            .get(&stage::KIND)
            .as_text()
            .and_then(StageKind::named)
            .unwrap_or(StageKind::Open))
    }

    fn pipeline_of(&self, stage: RecordId) -> Res<Value> {
        Ok(self
            .row(Entity::Stage, stage)?
            .get(&stage::PIPELINE)
            .clone())
    }

    /// The won or lost stage of a pipeline.
    fn closing_stage(&self, pipeline: &Value, kind: StageKind) -> Res<RecordId> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT id FROM stage WHERE pipeline = ?1 AND kind = ?2 AND trashed_at IS NULL ORDER BY position, id LIMIT 1",
            )?
            .query_row((pipeline, kind.name()), |row| row.get(0))
            .optional()?;
        found.map_or_else(
            || {
                invalid(format!(
                    "This deal's pipeline has no stage for {} deals.",
                    kind.name()
                ))
            },
            Ok,
        )
    }

    pub(super) fn complete_deal(&mut self, id: RecordId, row: &mut Row) -> Res<()> {
        if row.get(&deal::CURRENCY).is_null() {
            row.values[place(&deal::CURRENCY)] = self.meta.base.code().into();
        }
        let Some(stage) = row.get(&deal::STAGE).as_int().map(RecordId::from_raw) else {
            return Ok(());
        };
        row.values[place(&deal::PIPELINE)] = self.pipeline_of(stage)?;
        if row.get(&deal::POSITION).is_null() {
            // New cards of one's own go on top; what comes in by the thousand lines up in the order of its ids.
            let key = if self.draft.import.is_some() || self.origin == Origin::Import {
                order::by_birth(id)
            } else {
                self.top_of(stage)?
            };
            row.values[place(&deal::POSITION)] = key.into();
        }
        if self.stage_kind(stage)?.is_closed() {
            let closed_at = row.get(&deal::CLOSED_AT).as_int().map(Instant::from_millis);
            for (def, value) in self.close_facts(row, closed_at)? {
                row.values[place(def)] = value;
            }
        } else {
            row.values[place(&deal::CLOSED_AT)] = Value::Null;
        }
        Ok(())
    }

    /// What is frozen at a close: when, whose, how much, at which rate.
    fn close_facts(
        &self,
        row: &Row,
        closed_at: Option<Instant>,
    ) -> Res<[(&'static FieldDef, Value); 6]> {
        // Who closes a deal here closes it now; what came in closed was closed on a day that only its source knows.
        let at = closed_at.or((self.origin != Origin::Import).then_some(self.draft.at));
        let currency = row.get(&deal::CURRENCY).clone();
        let rate = self.rate(currency.as_text().unwrap_or_default(), at)?;
        let amount = row.get(&deal::AMOUNT).as_int();
        let base = match (
            amount,
            rate,
            currency.as_text().and_then(|code| code.parse().ok()),
        ) {
            (Some(minor), Some(rate), Some(currency)) => Money::new(minor, currency)
                .at_rate(rate, self.meta.base)
                .map(|sum| sum.minor),
            _ => None,
        };
        let [
            closed_at,
            owner,
            close_amount,
            close_currency,
            close_rate,
            close_base,
        ] = CLOSE_FACTS;
        Ok([
            (closed_at, at.into()),
            (owner, row.get(&deal::OWNER).clone()),
            (close_amount, amount.into()),
            (close_currency, currency),
            (close_rate, rate.into()),
            (close_base, base.into()),
        ])
    }

    /// The rate of a currency to the base on the day of a moment, in millionths; `None` where the day or its rate is not known.
    /// Never one for one.
    fn rate(&self, currency: &str, at: Option<Instant>) -> Res<Option<i64>> {
        if currency == self.meta.base.code() {
            return Ok(Some(RATE_ONE));
        }
        match at {
            Some(at) => Ok(rates::on(self.conn, self.meta, currency, at)?),
            None => Ok(None),
        }
    }

    /// What follows when a deal's stage has changed (the stage itself is written already).
    pub(super) fn stage_changed(
        &mut self,
        id: RecordId,
        old: &Value,
        new: &Value,
        closed_at: Option<Instant>,
    ) -> Res<()> {
        let of = |value: &Value| value.as_int().map(RecordId::from_raw);
        let (Some(old), Some(new)) = (of(old), of(new)) else {
            return Ok(());
        };
        let pipeline = self.pipeline_of(new)?;
        self.follow(id, &deal::PIPELINE, pipeline)?;
        let (was, is) = (self.stage_kind(old)?, self.stage_kind(new)?);
        if is.is_closed() && was != is {
            let row = self.row(Entity::Deal, id)?;
            for (def, value) in self.close_facts(&row, closed_at)? {
                self.follow(id, def, value)?;
            }
        }
        if was.is_closed() && !is.is_closed() {
            for def in CLOSE_FACTS {
                self.follow(id, def, Value::Null)?;
            }
        }
        if was == StageKind::Lost && is != StageKind::Lost {
            for def in LOSS {
                self.follow(id, def, Value::Null)?;
            }
        }
        Ok(())
    }

    /// What follows when the owner of a deal becomes known: a close of which nobody knew whose it was is theirs.
    pub(super) fn owner_learnt(&mut self, id: RecordId, owner: Value) -> Res<()> {
        let row = self.row(Entity::Deal, id)?;
        let unknown = !row.get(&deal::CLOSED_AT).is_null() && row.get(&deal::CLOSE_OWNER).is_null();
        if unknown {
            self.follow(id, &deal::CLOSE_OWNER, owner)?;
        }
        Ok(())
    }

    /// Writes and logs a field that follows from another.
    fn follow(&mut self, id: RecordId, def: &'static FieldDef, new: Value) -> Res<()> {
        let old = self.row(Entity::Deal, id)?.get(def).clone();
        if old != new {
            tables::set(self.conn, Entity::Deal, id, def.name, &new)?;
            self.note(Entity::Deal, id, def.name, old, new);
        }
        Ok(())
    }

    /// Changes the stage, if its base holds. `false` when the step cannot go on with this deal.
    fn change_stage(
        &mut self,
        id: Id<Deal>,
        base: Option<Id<Stage>>,
        to: RecordId,
        closed_at: Option<Instant>,
    ) -> Res<bool> {
        let id = id.record();
        let row = self.row(Entity::Deal, id)?;
        if self.is_trashed(Entity::Deal, id, &row, base.is_none())? {
            return Ok(false);
        }
        let (stored, new) = (row.get(&deal::STAGE).clone(), Value::from(to));
        if stored == new {
            return Ok(true);
        }
        if let Some(base) = base.map(Value::from).filter(|base| *base != stored) {
            self.clash(
                Entity::Deal,
                id,
                deal::STAGE.name.to_owned(),
                base,
                stored,
                new,
            )?;
            return Ok(false);
        }
        tables::set(self.conn, Entity::Deal, id, deal::STAGE.name, &new)?;
        self.note(
            Entity::Deal,
            id,
            deal::STAGE.name,
            stored.clone(),
            new.clone(),
        );
        self.entered.push(id);
        self.stage_changed(id, &stored, &new, closed_at)?;
        self.note_stale(Entity::Deal, id, &row, false);
        Ok(true)
    }

    pub(super) fn move_deal(
        &mut self,
        id: Id<Deal>,
        base: Option<Id<Stage>>,
        stage: Id<Stage>,
        to: Option<Place>,
    ) -> Res<()> {
        self.must_exist(Entity::Stage, stage.record())?;
        let before = self.row(Entity::Deal, id.record())?;
        if !self.change_stage(id, base, stage.record(), None)? {
            return Ok(());
        }
        let moved = *before.get(&deal::STAGE) != Value::from(stage);
        let to = match to {
            None if moved => Place::Top,
            None => return Ok(()),
            Some(to) => to,
        };
        let key = self.key_at(id.record(), stage.record(), to)?;
        let old = before.get(&deal::POSITION).clone();
        self.set_field(
            Entity::Deal,
            id.record(),
            Field::Own(&deal::POSITION),
            old,
            key.into(),
        )
    }

    /// The key of the first card of a column and of the last one, but for one deal.
    fn edge(&self, stage: RecordId, but: RecordId, last: bool) -> Res<Option<String>> {
        let order = if last { "DESC" } else { "ASC" };
        let text = format!(
            "SELECT position FROM deal WHERE stage = ?1 AND trashed_at IS NULL AND position IS NOT NULL AND id <> ?2
             ORDER BY position {order}, id {order} LIMIT 1"
        );
        Ok(self
            .conn
            .prepare_cached(&text)?
            .query_row((stage, but), |row| row.get(0))
            .optional()?)
    }

    fn top_of(&self, stage: RecordId) -> Res<String> {
        let first = self.edge(stage, RecordId::from_raw(0), false)?;
        Ok(order::top(first.as_deref(), self.last_id))
    }

    fn key_at(&mut self, id: RecordId, stage: RecordId, to: Place) -> Res<String> {
        let (other, after) = match to {
            Place::Top => {
                let first = self.edge(stage, id, false)?;
                let stamp = self.next_id();
                return Ok(order::top(first.as_deref(), stamp));
            }
            Place::Bottom => {
                let last = self.edge(stage, id, true)?;
                let stamp = self.next_id();
                return Ok(order::bottom(last.as_deref(), stamp));
            }
            Place::Before(other) => (other.record(), false),
            Place::After(other) => (other.record(), true),
        };
        let key = self
            .row(Entity::Deal, other)?
            .get(&deal::POSITION)
            .as_text()
            .unwrap_or_default()
            .to_owned();
        let (compare, order) = if after { (">", "ASC") } else { ("<", "DESC") };
        let text = format!(
            "SELECT position FROM deal WHERE stage = ?1 AND trashed_at IS NULL AND id <> ?2 AND position {compare} ?3
             ORDER BY position {order} LIMIT 1"
        );
        let beyond: Option<String> = self
            .conn
            .prepare_cached(&text)?
            .query_row((stage, id, &key), |row| row.get(0))
            .optional()?;
        Ok(if after {
            order::between(Some(&key), beyond.as_deref())
        } else {
            order::between(beyond.as_deref(), Some(&key))
        })
    }

    pub(super) fn win_deal(
        &mut self,
        id: Id<Deal>,
        base: Option<Id<Stage>>,
        closed_at: Option<Instant>,
    ) -> Res<()> {
        let pipeline = self
            .row(Entity::Deal, id.record())?
            .get(&deal::PIPELINE)
            .clone();
        let won = self.closing_stage(&pipeline, StageKind::Won)?;
        self.change_stage(id, base, won, closed_at).map(drop)
    }

    pub(super) fn lose_deal(
        &mut self,
        id: Id<Deal>,
        base: Option<Id<Stage>>,
        reason: Option<&Reason>,
        note: Option<&str>,
        closed_at: Option<Instant>,
    ) -> Res<()> {
        let pipeline = self
            .row(Entity::Deal, id.record())?
            .get(&deal::PIPELINE)
            .clone();
        let lost = self.closing_stage(&pipeline, StageKind::Lost)?;
        let reason = match reason {
            None => Value::Null,
            Some(Reason::Known(reason)) => {
                self.must_exist(Entity::LostReason, reason.record())?;
                (*reason).into()
            }
            Some(Reason::Named(name)) => self.reason_named(name)?.into(),
        };
        if !self.change_stage(id, base, lost, closed_at)? {
            return Ok(());
        }
        let note: Value = note.map(clean_block).filter(|note| !note.is_empty()).into();
        for (def, value) in LOSS.into_iter().zip([reason, note]) {
            if !value.is_null() {
                self.follow(id.record(), def, value)?;
            }
        }
        Ok(())
    }

    /// The reason of that name, or a new one.
    fn reason_named(&mut self, name: &str) -> Res<Id<LostReason>> {
        let name = clean_line(name);
        if name.is_empty() {
            return invalid("A lost reason needs a name.");
        }
        let known: Vec<(RecordId, String)> = self
            .conn
            .prepare_cached(
                "SELECT id, name FROM lost_reason WHERE trashed_at IS NULL ORDER BY position, id",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        if let Some((id, _)) = known.iter().find(|(_, known)| fold(known) == fold(&name)) {
            return Ok(Id::new(*id));
        }
        let slot = crate::domain::command::Slot(
            u32::MAX - u32::try_from(self.created.len()).unwrap_or_default(),
        );
        self.create(&crate::domain::command::Create {
            slot,
            entity: Entity::LostReason,
            created_at: Some(self.draft.at),
            fields: vec![((&lost_reason::NAME).into(), name.into())],
            sets: vec![],
        })?;
        match self.slots.get(&slot) {
            Some((_, id)) => Ok(Id::new(*id)),
            None => Err(StoreError::invalid("The lost reason could not be made.").into()),
        }
    }

    pub(super) fn reopen_deal(
        &mut self,
        id: Id<Deal>,
        base: Option<Id<Stage>>,
        stage: Option<Id<Stage>>,
    ) -> Res<()> {
        let row = self.row(Entity::Deal, id.record())?;
        let current = row.get(&deal::STAGE).as_int().map(RecordId::from_raw);
        let closed = current
            .map(|stage| self.stage_kind(stage))
            .transpose()?
            .is_some_and(StageKind::is_closed);
        if !closed && base.is_none() {
            return invalid(format!(
                "{} is open.",
                row.get(&deal::TITLE).as_text().unwrap_or_default()
            ));
        }
        let to = match stage {
            Some(stage) if self.stage_kind(stage.record())?.is_closed() => {
                return invalid("A deal is reopened in an open stage.");
            }
            Some(stage) => stage.record(),
            None => self.stage_before_close(id, &row)?,
        };
        self.change_stage(id, base, to, None).map(drop)
    }

    /// The open stage that it was closed from; the first of its pipeline where the log does not tell.
    fn stage_before_close(&self, id: Id<Deal>, row: &Row) -> Res<RecordId> {
        let from = self
            .conn
            .prepare_cached(
                "SELECT stage.id FROM change JOIN stage ON stage.id = change.old
                 WHERE entity = 'deal' AND record = ?1 AND field = 'stage' AND stage.kind = 'open' AND stage.trashed_at IS NULL
                 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row([id.record()], |row| row.get(0))
            .optional()?;
        match from {
            Some(stage) => Ok(stage),
            None => self.closing_stage(row.get(&deal::PIPELINE), StageKind::Open),
        }
    }
}
