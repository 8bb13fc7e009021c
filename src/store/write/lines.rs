//! The price of a deal's line is in the currency of the deal. Nothing may turn one hundred francs into one hundred euros: a deal with
//! priced lines keeps its currency, a line with a price goes to no deal in another one, and comes back from the trash to none.
//!
//! Imports bring in what is so elsewhere, deal and lines alike: they are not judged.

use rusqlite::OptionalExtension;

use crate::domain::command::Origin;
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, FieldDef, deal, deal_line};
use crate::domain::value::Value;

use super::super::error::StoreError;
use super::super::read::names;
use super::super::tables::Row;
use super::{Res, Writer};

fn refused<T>(what: String) -> Res<T> {
    Err(StoreError::Invalid {
        field: Some(deal::CURRENCY.name.to_owned()),
        what,
    }
    .into())
}

impl Writer<'_> {
    /// Refuses to change a field where that would put the price of a line into another currency.
    pub(super) fn prices_keep_their_currency(
        &self,
        def: &FieldDef,
        id: RecordId,
        old: &Value,
        new: &Value,
    ) -> Res<()> {
        if matches!(self.origin, Origin::Import | Origin::Rule) || old == new {
            return Ok(());
        }
        if *def == deal::CURRENCY {
            return self.deal_keeps_its_currency(id, old, new);
        }
        if *def != deal_line::DEAL
            || self
                .row(Entity::DealLine, id)?
                .get(&deal_line::PRICE)
                .is_null()
        {
            return Ok(());
        }
        let (from, to) = (self.currency_of(old)?, self.currency_of(new)?);
        if from == to {
            return Ok(());
        }
        let line = names::of(self.conn, Entity::DealLine, id)?;
        refused(format!(
            "The price of {line} is in {from}, and that deal is in {to}: clear the price first, or add a line there."
        ))
    }

    fn deal_keeps_its_currency(&self, deal: RecordId, old: &Value, new: &Value) -> Res<()> {
        let priced: i64 = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM deal_line WHERE deal = ?1 AND trashed_at IS NULL AND price IS NOT NULL",
            )?
            .query_row([deal], |row| row.get(0))?;
        if priced == 0 {
            return Ok(());
        }
        let name = names::of(self.conn, Entity::Deal, deal)?;
        let (old, new) = (
            old.as_text().unwrap_or_default(),
            new.as_text().unwrap_or_default(),
        );
        let lines = match priced {
            1 => format!("a line with a price in {old}"),
            n => format!("{n} lines with prices in {old}"),
        };
        refused(format!(
            "{name} has {lines}, which would be the same figures in {new}: remove the lines or clear their prices first."
        ))
    }

    /// Refuses to take a line out of the trash whose deal is in another currency than when it was put there.
    pub(super) fn price_is_still_in_its_currency(
        &self,
        entity: Entity,
        id: RecordId,
        row: &Row,
    ) -> Res<()> {
        if self.origin == Origin::Import
            || entity != Entity::DealLine
            || row.get(&deal_line::PRICE).is_null()
        {
            return Ok(());
        }
        // The first change of the currency since then says what it was.
        let was: Option<Value> = self
            .conn
            .prepare_cached(
                "SELECT old FROM change WHERE entity = 'deal' AND record = ?1 AND field = 'currency' AND seq >
                     (SELECT max(seq) FROM change WHERE entity = 'deal_line' AND record = ?2 AND field = 'trashed_at')
                 ORDER BY seq LIMIT 1",
            )?
            .query_row((row.get(&deal_line::DEAL), id), |row| row.get(0))
            .optional()?;
        let is = self.currency_of(row.get(&deal_line::DEAL))?;
        let was = was.as_ref().and_then(Value::as_text).unwrap_or(&is);
        if was == is {
            return Ok(());
        }
        let line = names::of(self.conn, Entity::DealLine, id)?;
        refused(format!(
            "The price of {line} is in {was}, and its deal is in {is} by now: add a line with a price in {is}."
        ))
    }

    fn currency_of(&self, deal: &Value) -> Res<String> {
        let currency = self
            .conn
            .prepare_cached("SELECT currency FROM deal WHERE id = ?1")?
            .query_row([deal], |row| row.get(0))
            .optional()?;
        Ok(currency.unwrap_or_default())
    }
}
