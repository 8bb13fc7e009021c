//! The pipelines, their stages and the lost reasons, line by line.

use ratatui::layout::Rect;

use crate::domain::requirement;
use crate::domain::setup::{PipelineRow, ReasonRow, StageRow};
use crate::tui::look::Look;
use crate::tui::screens::lines::{Key, Lines, Told};
use crate::tui::words;

use super::draw;
use super::state::{Line, SetupScreen};

fn told_pipeline(row: &PipelineRow) -> String {
    let open = row.stages.iter().filter(|stage| !stage.kind.is_closed());
    let deals = open.map(|stage| stage.deals).sum();
    words::sentence([
        Some(row.link.name.clone()),
        Some("pipeline".to_owned()),
        Some(words::count(deals, "open deal", "open deals")),
    ])
}

fn told_stage(row: &StageRow) -> String {
    let needs = requirement::words(&row.required);
    let rots = row.rot_days.map(i64::unsigned_abs);
    words::sentence([
        Some(row.link.name.clone()),
        Some(format!("{} stage", row.kind.name())),
        row.is_archived().then(|| "archived".to_owned()),
        Some(words::count(row.deals, "deal", "deals")),
        row.probability
            .map(|percent| format!("probability {percent} percent")),
        rots.map(|days| {
            format!(
                "rots after {}",
                words::count(days, "quiet day", "quiet days")
            )
        }),
        row.category
            .as_ref()
            .map(|word| format!("forecast {}", word.replace('_', " "))),
        (!needs.is_empty()).then(|| format!("a deal needs {needs}")),
    ])
}

fn told_reason(row: &ReasonRow) -> String {
    words::sentence([
        Some(row.link.name.clone()),
        (!row.real).then(|| "no real loss".to_owned()),
        Some(words::count(row.deals, "lost deal", "lost deals")),
    ])
}

impl Lines for SetupScreen {
    fn head(&self, _: &Look<'_>) -> Vec<String> {
        let mut lines: Vec<String> = self
            .fault
            .as_deref()
            .map(words::stopped)
            .into_iter()
            .collect();
        if let Some(setup) = &self.setup {
            let stages = setup.pipelines.iter().map(|row| row.stages.len() as u64);
            lines.push(format!(
                "Pipelines and lost reasons: {}, {}, {}.",
                words::count(setup.pipelines.len() as u64, "pipeline", "pipelines"),
                words::count(stages.sum(), "stage", "stages"),
                words::count(setup.reasons.len() as u64, "lost reason", "lost reasons"),
            ));
        }
        lines
    }

    fn count(&self) -> usize {
        self.lines().len()
    }

    fn line(&self, place: usize, _: &Look<'_>) -> Option<Told> {
        let lines = self.lines();
        let line = lines.get(place)?;
        let text = match line {
            Line::Pipeline(row) => told_pipeline(row),
            Line::Stage(_, row) => told_stage(row),
            Line::Reason(row) => told_reason(row),
            Line::NewPipeline => "Another pipeline: open adds it.".to_owned(),
            Line::NewReason => "Another lost reason: open adds it.".to_owned(),
        };
        let group = match line {
            Line::Pipeline(_) | Line::NewPipeline => String::new(),
            Line::Stage(row, _) => format!("Stages of {}", row.link.name),
            Line::Reason(_) | Line::NewReason => "Why deals are lost".to_owned(),
        };
        Some(Told { group, text })
    }

    fn key(&self, place: usize) -> Option<Key> {
        let lines = self.lines();
        Some(match lines.get(place)? {
            Line::NewPipeline => Key(1, 0),
            Line::NewReason => Key(1, 1),
            line => Key(0, line.record()?.1.raw()),
        })
    }

    fn point(&mut self, place: usize, area: Rect) {
        self.cursor = place;
        self.keep_in_sight(draw::rows(area));
    }
}
