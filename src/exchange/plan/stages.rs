//! The pipelines and stages that a file's deals name: found in the book, or planned.
//!
//! Each pipeline has one won and one lost stage. A stage keeps its tie to the source's word for it by a source record, so that
//! renaming it in the book does not make it anew at the next import.

use std::collections::HashMap;

use crate::domain::command::{Base, Input, Target};
use crate::domain::known::{KnownPipeline, KnownStage};
use crate::domain::nouns::{Entity, pipeline, stage};
use crate::domain::pipeline::{StageKind, expected_rank};
use crate::domain::text::fold;
use crate::domain::time::Instant;

use super::index::{Held, kept_key};
use super::planned::{FieldRef, Planned, PlannedEdit};
use super::planner::Planner;
use super::reading::Reading;

/// What an open deal without a stage is put into.
const UNNAMED: &str = "Open";

/// The stages of a run.
#[derive(Debug, Default)]
pub(super) struct Stages {
    /// By source, pipeline and stage, folded.
    open: HashMap<(String, String, String), Target>,
    /// By source and pipeline: won and lost.
    closing: HashMap<(String, String), [Target; 2]>,
    /// The pipeline of all deals, whatever the file says.
    told: Option<String>,
}

impl Stages {
    pub(super) fn new(told: Option<String>) -> Self {
        Self {
            told,
            ..Self::default()
        }
    }

    fn pipeline_key(&self, named: Option<&str>) -> String {
        if self.told.is_some() {
            String::new()
        } else {
            named.map(fold).unwrap_or_default()
        }
    }

    /// The stage of a deal.
    fn of(
        &self,
        source: &str,
        pipeline: Option<&str>,
        stage: Option<&str>,
        kind: StageKind,
    ) -> Option<Target> {
        let pipeline = self.pipeline_key(pipeline);
        match kind {
            StageKind::Open => {
                let stage = fold(stage.unwrap_or(UNNAMED));
                self.open
                    .get(&(source.to_owned(), pipeline, stage))
                    .copied()
            }
            StageKind::Won => self
                .closing
                .get(&(source.to_owned(), pipeline))
                .map(|[won, _]| *won),
            StageKind::Lost => self
                .closing
                .get(&(source.to_owned(), pipeline))
                .map(|[_, lost]| *lost),
        }
    }
}

/// What deals say of the stages of one pipeline.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The pipeline as written.
    name: Option<String>,
    /// Open stages by their first appearance: as written, and the earliest opening of a deal in them.
    open: Vec<(String, Option<Instant>)>,
    /// How won and lost are called.
    won: Option<String>,
    lost: Option<String>,
}

/// What all deals of a source say, by pipeline in order of appearance.
pub(super) type SaidBySource = Vec<(String, Said)>;

impl Planner<'_> {
    /// The stage of a deal. One that only the source's earlier word names is found by its tie.
    pub(super) fn stage_of(
        &self,
        place: usize,
        reading: &Reading,
        kind: StageKind,
    ) -> Option<Target> {
        let source = &self.sheets[place].recognised.source;
        let (pipeline, stage) = (reading.pipeline.as_deref(), reading.stage.as_deref());
        let tied = || {
            let key = tie_key(
                &self.stages.pipeline_key(pipeline),
                Some(stage.unwrap_or(UNNAMED)),
            );
            self.index
                .by_key(source, Entity::Stage, &key)
                .map(|held| held.target)
        };
        let heard = self.stages.of(source, pipeline, stage, kind);
        heard.or_else(|| {
            if kind == StageKind::Open {
                tied()
            } else {
                None
            }
        })
    }

    /// Notes the pipeline and stage of one deal.
    pub(super) fn hear(&self, said: &mut SaidBySource, reading: &Reading) {
        let key = self.stages.pipeline_key(reading.pipeline.as_deref());
        let place = said
            .iter()
            .position(|(known, _)| *known == key)
            .unwrap_or_else(|| {
                said.push((
                    key,
                    Said {
                        name: reading.pipeline.clone(),
                        ..Said::default()
                    },
                ));
                said.len() - 1
            });
        let said = &mut said[place].1;
        let name = reading.stage.as_deref();
        // A deal that is won or lost by its state says nothing of how the closing stage is called.
        let closing = name
            .filter(|name| StageKind::of_name(name).is_closed())
            .map(str::to_owned);
        match reading.status.unwrap_or(StageKind::Open) {
            StageKind::Won => said.won = said.won.take().or(closing),
            StageKind::Lost => said.lost = said.lost.take().or(closing),
            StageKind::Open => {
                let name = name.unwrap_or(UNNAMED);
                match said
                    .open
                    .iter_mut()
                    .find(|(known, _)| fold(known) == fold(name))
                {
                    None => said.open.push((name.to_owned(), reading.created)),
                    Some((_, first)) => {
                        *first = match (*first, reading.created) {
                            (Some(one), Some(other)) => Some(one.min(other)),
                            (one, other) => one.or(other),
                        };
                    }
                }
            }
        }
    }

    /// Finds or plans every pipeline and stage that was heard of.
    pub(super) fn settle(&mut self, place: usize, said: SaidBySource) {
        let source = self.sheets[place].recognised.source.clone();
        for (key, said) in said {
            let (pipeline, known) = self.pipeline(place, &source, &key, &said);
            let before = known
                .as_ref()
                .map_or_else(|| self.last_made(pipeline), last_open);
            let mut position = before;
            for name in in_order(said.open) {
                let target =
                    self.open_stage(place, &key, pipeline, known.as_ref(), &name, &mut position);
                self.stages
                    .open
                    .insert((source.clone(), key.clone(), fold(&name)), target);
            }
            let closing = [
                self.closing(
                    pipeline,
                    known.as_ref(),
                    StageKind::Won,
                    said.won.as_deref(),
                    position + 1,
                ),
                self.closing(
                    pipeline,
                    known.as_ref(),
                    StageKind::Lost,
                    said.lost.as_deref(),
                    position + 2,
                ),
            ];
            self.put_closing_last(known.as_ref(), closing, before, position);
            self.stages.closing.insert((source.clone(), key), closing);
        }
    }

    /// The last position among the stages that this run gave a pipeline of its own.
    fn last_made(&self, pipeline: Target) -> i64 {
        let made = self
            .made_stages
            .keys()
            .filter(|(of, _)| *of == pipeline)
            .count();
        // Its closing stages follow the open ones of the first source; a second source's stand behind them.
        let closing = if made > 0 { 2 } else { 0 };
        i64::try_from(made + closing).unwrap_or(0)
    }

    /// The pipeline: by its tie to the source, else by name, else a new one.
    fn pipeline(
        &mut self,
        place: usize,
        source: &str,
        key: &str,
        said: &Said,
    ) -> (Target, Option<KnownPipeline>) {
        let label = &self.sheets[place].recognised.label;
        let name = self
            .options
            .pipeline
            .clone()
            .or_else(|| said.name.clone())
            .unwrap_or_else(|| label.clone());
        let tied = if self.options.pipeline.is_some() {
            None
        } else {
            self.index
                .by_key(source, Entity::Pipeline, &tie_key(key, None))
        };
        let known = self.known;
        let by_tie = tied.and_then(|held| {
            known
                .pipelines
                .iter()
                .find(|pipeline| Target::from(pipeline.id) == held.target)
        });
        let named = || {
            known
                .pipelines
                .iter()
                .filter(|pipeline| fold(&pipeline.name) == fold(&name))
                .min_by_key(|pipeline| pipeline.trashed)
        };
        if let Some(found) = by_tie.or_else(named) {
            if found.trashed {
                self.restore(
                    Entity::Pipeline,
                    tied.unwrap_or_else(|| Held {
                        trashed: true,
                        ..Held::new(found.id.into())
                    }),
                );
            }
            if self.options.pipeline.is_none() {
                self.tie(
                    place,
                    Entity::Pipeline,
                    &tie_key(key, None),
                    found.id.into(),
                );
            }
            return (found.id.into(), Some(found.clone()));
        }
        let of_this_run = self.made_pipelines.get(&fold(&name)).copied();
        let target = of_this_run.unwrap_or_else(|| {
            let position = known
                .pipelines
                .iter()
                .map(|pipeline| pipeline.position)
                .max()
                .unwrap_or(0);
            let position = position + 1 + i64::try_from(self.made_pipelines.len()).unwrap_or(0);
            let fields = vec![
                (FieldRef::Own(&pipeline::NAME), name.as_str().into()),
                (FieldRef::Own(&pipeline::POSITION), position.into()),
            ];
            let slot = self.create_first(Entity::Pipeline, fields);
            self.made_pipelines.insert(fold(&name), slot.into());
            slot.into()
        });
        self.tie(place, Entity::Pipeline, &tie_key(key, None), target);
        (target, None)
    }

    /// The won or lost stage of a pipeline.
    fn closing(
        &mut self,
        pipeline: Target,
        known: Option<&KnownPipeline>,
        kind: StageKind,
        name: Option<&str>,
        position: i64,
    ) -> Target {
        let stages = known
            .map(|known| known.stages.as_slice())
            .unwrap_or_default();
        if let Some(found) = stages
            .iter()
            .filter(|stage| stage.kind == kind)
            .min_by_key(|stage| stage.trashed)
        {
            return self.found_stage(found, None);
        }
        if let Some(made) = self.made_closing.get(&(pipeline, kind)) {
            return *made;
        }
        let usual = if kind == StageKind::Won {
            "Won"
        } else {
            "Lost"
        };
        let target = self.make_stage(pipeline, name.unwrap_or(usual), kind, position);
        self.made_closing.insert((pipeline, kind), target);
        target
    }

    /// An open stage: by its tie to the source, else by name, else a new one behind the others.
    fn open_stage(
        &mut self,
        place: usize,
        key: &str,
        pipeline: Target,
        known: Option<&KnownPipeline>,
        name: &str,
        position: &mut i64,
    ) -> Target {
        let source = &self.sheets[place].recognised.source;
        let stages = known
            .map(|known| known.stages.as_slice())
            .unwrap_or_default();
        let stage_key = tie_key(key, Some(name));
        let tied = self.index.by_key(source, Entity::Stage, &stage_key);
        let by_tie = tied.and_then(|held| {
            stages
                .iter()
                .find(|stage| Target::from(stage.id) == held.target)
        });
        let by_name = || {
            stages
                .iter()
                .filter(|stage| stage.kind == StageKind::Open && fold(&stage.name) == fold(name))
                .min_by_key(|stage| stage.trashed)
        };
        if let Some(found) = by_tie.or_else(by_name) {
            self.tie(place, Entity::Stage, &stage_key, found.id.into());
            return self.found_stage(found, tied);
        }
        let of_this_run = (pipeline, fold(name));
        if let Some(made) = self.made_stages.get(&of_this_run) {
            return *made;
        }
        *position += 1;
        let target = self.make_stage(pipeline, name, StageKind::Open, *position);
        self.made_stages.insert(of_this_run, target);
        self.tie(place, Entity::Stage, &stage_key, target);
        target
    }

    fn found_stage(&mut self, found: &KnownStage, tied: Option<Held>) -> Target {
        if found.trashed {
            self.restore(
                Entity::Stage,
                Held {
                    trashed: true,
                    source: tied.and_then(|held| held.source),
                    ..Held::new(found.id.into())
                },
            );
        }
        found.id.into()
    }

    fn make_stage(
        &mut self,
        pipeline: Target,
        name: &str,
        kind: StageKind,
        position: i64,
    ) -> Target {
        let fields = vec![
            (FieldRef::Own(&stage::NAME), name.into()),
            (FieldRef::Own(&stage::PIPELINE), Input::from(pipeline)),
            (FieldRef::Own(&stage::POSITION), position.into()),
            (FieldRef::Own(&stage::KIND), kind.name().into()),
        ];
        self.create_first(Entity::Stage, fields).into()
    }

    /// Moves the closing stages of a known pipeline behind open stages that were added.
    fn put_closing_last(
        &mut self,
        known: Option<&KnownPipeline>,
        closing: [Target; 2],
        before: i64,
        last: i64,
    ) {
        let Some(known) = known.filter(|_| last > before) else {
            return;
        };
        let behind = |target: &Target| {
            let stage = known
                .stages
                .iter()
                .find(|stage| Target::from(stage.id) == *target);
            stage.is_none_or(|stage| stage.position > last)
        };
        if closing.iter().all(behind) {
            return;
        }
        for (target, position) in closing.into_iter().zip(last + 1..) {
            self.first.push(Planned::Edit {
                entity: Entity::Stage,
                target,
                edits: vec![PlannedEdit {
                    field: FieldRef::Own(&stage::POSITION),
                    base: Base::Unseen,
                    new: position.into(),
                }],
            });
        }
    }
}

/// The key of a pipeline or stage that a source names; a source's one pipeline without a name has one, too.
fn tie_key(pipeline: &str, stage: Option<&str>) -> String {
    kept_key(&stage.map_or_else(
        || format!("={pipeline}"),
        |stage| format!("={pipeline}/{}", fold(stage)),
    ))
}

fn last_open(known: &KnownPipeline) -> i64 {
    let open = known
        .stages
        .iter()
        .filter(|stage| stage.kind == StageKind::Open);
    open.map(|stage| stage.position).max().unwrap_or(0)
}

/// Open stages in the order that a team would expect: by name where the name says something, each in a place that time gives to
/// such stages; the others by their first appearance in time.
fn in_order(mut open: Vec<(String, Option<Instant>)>) -> Vec<String> {
    open.sort_by_key(|(_, first)| first.map_or(i64::MAX, Instant::millis));
    let places: Vec<usize> = (0..open.len())
        .filter(|place| expected_rank(&open[*place].0).is_some())
        .collect();
    let mut ranked: Vec<(String, Option<Instant>)> =
        places.iter().map(|place| open[*place].clone()).collect();
    ranked.sort_by_key(|(name, _)| expected_rank(name));
    for (place, stage) in places.into_iter().zip(ranked) {
        open[place] = stage;
    }
    open.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_stages_come_in_the_expected_order() {
        let at = |millis| Some(Instant::from_millis(millis));
        let heard = vec![
            ("Engaging".to_owned(), at(5)),
            ("Prospecting".to_owned(), None),
        ];
        assert_eq!(in_order(heard), ["Prospecting", "Engaging"]);
        let heard = vec![
            ("Negotiation".to_owned(), at(1)),
            ("Blue".to_owned(), at(2)),
            ("Discovery".to_owned(), at(3)),
            ("Azure".to_owned(), at(4)),
        ];
        assert_eq!(
            in_order(heard),
            ["Discovery", "Blue", "Negotiation", "Azure"]
        );
    }
}
