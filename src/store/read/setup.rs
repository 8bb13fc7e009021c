//! Pipelines, stages and lost reasons, with how many deals each has.

use rusqlite::Connection;

use crate::domain::id::Id;
use crate::domain::nouns::stage;
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Link, Pipeline};
use crate::domain::setup::{PipelineRow, ReasonRow, SalesProcess, StageRow};

use super::super::tables::{column, minor};
use super::Res;

pub(super) fn setup(conn: &Connection) -> Res<SalesProcess> {
    let minor = minor(conn)?;
    let required = column(&stage::REQUIRED, minor);
    let pipelines: Vec<(Link<Pipeline>, Option<i64>)> = conn
        .prepare_cached("SELECT id, name, position FROM pipeline WHERE trashed_at IS NULL ORDER BY position, id")?
        .query_map([], |row| Ok((link(row)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut rows = Vec::with_capacity(pipelines.len());
    let mut stages = conn.prepare_cached(&format!(
        "SELECT id, name, position, kind, probability, rot_days, category, {required}, archived,
             (SELECT count(*) FROM deal WHERE deal.stage = stage.id AND deal.trashed_at IS NULL)
         FROM stage WHERE pipeline = ?1 AND trashed_at IS NULL ORDER BY position, id"
    ))?;
    for (pipeline, position) in pipelines {
        let stages = stages
            .query_map([pipeline.id.record()], |row| {
                let kind: String = row.get(3)?;
                Ok(StageRow {
                    link: link(row)?,
                    position: row.get(2)?,
                    kind: StageKind::named(&kind).unwrap_or(StageKind::Open),
                    probability: row.get(4)?,
                    rot_days: row.get(5)?,
                    category: row.get(6)?,
                    required: row.get(7)?,
                    archived: row.get(8)?,
                    deals: row.get::<_, i64>(9)?.unsigned_abs(),
                })
            })?
            .collect::<Result<_, _>>()?;
        rows.push(PipelineRow {
            link: pipeline,
            position,
            stages,
        });
    }
    let reasons = conn
        .prepare_cached(
            "SELECT id, name, position, real,
                 (SELECT count(*) FROM deal WHERE deal.lost_reason = lost_reason.id AND deal.trashed_at IS NULL)
             FROM lost_reason WHERE trashed_at IS NULL ORDER BY position, id",
        )?
        .query_map([], |row| {
            Ok(ReasonRow {
                link: link(row)?,
                position: row.get(2)?,
                real: row.get(3)?,
                deals: row.get::<_, i64>(4)?.unsigned_abs(),
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(SalesProcess {
        pipelines: rows,
        reasons,
        can_require: stage::REQUIRED.since <= minor,
    })
}

fn link<T>(row: &rusqlite::Row<'_>) -> rusqlite::Result<Link<T>> {
    Ok(Link {
        id: Id::from_raw(row.get(0)?),
        name: row.get(1)?,
    })
}
