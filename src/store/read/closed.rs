//! The closed deals of a period with the facts of their close, and everybody who has a row in a report.

use rusqlite::{Connection, params_from_iter};

use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::records::Link;
use crate::domain::report::{ClosedDeal, Member};
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::query::{ClosedQuery, ClosedRows};
use super::Res;
use super::condition::condition;

pub(super) fn closed(conn: &Connection, meta: &Meta, query: &ClosedQuery) -> Res<ClosedRows> {
    let filter = condition(
        conn,
        meta,
        query.filter.as_ref(),
        Entity::Deal,
        &query.asked,
    )?;
    let (from, to) = query.period.span(meta.zone);
    let text = format!(
        "SELECT deal.close_owner, rep.name, stage.kind = 'won', coalesce(lost_reason.real, 1), deal.created_at, deal.closed_at,
            deal.close_base, deal.close_amount IS NOT NULL AND deal.close_base IS NULL
         FROM deal JOIN stage ON stage.id = deal.stage LEFT JOIN rep ON rep.id = deal.close_owner
            LEFT JOIN lost_reason ON lost_reason.id = deal.lost_reason
         WHERE deal.trashed_at IS NULL AND deal.closed_at >= ? AND deal.closed_at < ? AND stage.kind <> 'open' AND ({})",
        filter.sql
    );
    let args = [Value::from(from), Value::from(to)];
    let deals = conn
        .prepare(&text)?
        .query_map(params_from_iter(args.iter().chain(&filter.args)), |row| {
            let owner: Option<i64> = row.get(0)?;
            let name: Option<String> = row.get(1)?;
            Ok(ClosedDeal {
                owner: owner.map(|id| Link {
                    id: Id::from_raw(id),
                    name: name.unwrap_or_default(),
                }),
                won: row.get(2)?,
                real_loss: row.get(3)?,
                created_at: row.get(4)?,
                closed_at: row.get(5)?,
                base_minor: row.get(6)?,
                without_rate: row.get(7)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let members = conn
        .prepare_cached(
            "SELECT id, name, coalesce(active, 1) = 0 FROM rep WHERE trashed_at IS NULL ORDER BY id",
        )?
        .query_map([], |row| {
            Ok(Member {
                rep: Link {
                    id: Id::from_raw(row.get(0)?),
                    name: row.get(1)?,
                },
                left: row.get(2)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(ClosedRows {
        deals,
        members,
        base: meta.base,
    })
}
