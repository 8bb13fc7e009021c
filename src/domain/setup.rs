//! How a team sells, as it is set up: its pipelines with their stages in order, and why deals are lost.

use super::id::RecordId;
use super::pipeline::StageKind;
use super::records::{Link, LostReason, Pipeline, Stage};
use super::value::Value;

/// All of it at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SalesProcess {
    /// The pipelines that are not in the trash, in order.
    pub pipelines: Vec<PipelineRow>,
    /// The lost reasons that are not in the trash, in order.
    pub reasons: Vec<ReasonRow>,
    /// Whether the book can hold what a stage requires: a book of an older schema cannot.
    pub can_require: bool,
}

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineRow {
    /// Which.
    pub link: Link<Pipeline>,
    /// Its place as it is kept.
    pub position: Option<i64>,
    /// Its stages that are not in the trash, in order.
    pub stages: Vec<StageRow>,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageRow {
    /// Which.
    pub link: Link<Stage>,
    /// Its place as it is kept.
    pub position: Option<i64>,
    /// What being in it means.
    pub kind: StageKind,
    /// Whole percent; unset is neither 0 nor 100.
    pub probability: Option<i64>,
    /// Days of quiet after which a deal rots there.
    pub rot_days: Option<i64>,
    /// The forecast category of its deals.
    pub category: Option<String>,
    /// What a deal needs to enter it, as it is kept.
    pub required: Value,
    /// Whether it is archived, as it is kept.
    pub archived: Value,
    /// How many deals are in it.
    pub deals: u64,
}

impl StageRow {
    /// Whether no deal goes there any more.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.archived.as_int() == Some(1)
    }
}

/// A lost reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonRow {
    /// Which.
    pub link: Link<LostReason>,
    /// Its place as it is kept.
    pub position: Option<i64>,
    /// Whether it is a real loss, which reports count.
    pub real: bool,
    /// How many deals were lost for it.
    pub deals: u64,
}

impl SalesProcess {
    /// A stage, and its pipeline.
    #[must_use]
    pub fn stage(&self, id: RecordId) -> Option<(&PipelineRow, &StageRow)> {
        self.pipelines.iter().find_map(|pipeline| {
            let mut stages = pipeline.stages.iter();
            let stage = stages.find(|stage| stage.link.id.record() == id)?;
            Some((pipeline, stage))
        })
    }
}
