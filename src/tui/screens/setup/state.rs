//! What the screen shows: one line for each pipeline, stage and lost reason, and one for each that can be added.

use crate::domain::command::{Command, Input, Target as Record};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Field};
use crate::domain::pipeline::{StageKind, behind_open, in_order};
use crate::domain::setup::{PipelineRow, ReasonRow, SalesProcess, StageRow};
use crate::store::handle::Ticket;
use crate::tui::action::Motion;
use crate::tui::screens::Shown;
use crate::tui::screens::others::ByOthers;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A pipeline.
    Pipeline(&'a PipelineRow),
    /// A stage of it.
    Stage(&'a PipelineRow, &'a StageRow),
    /// Where another pipeline is added.
    NewPipeline,
    /// A lost reason.
    Reason(&'a ReasonRow),
    /// Where another lost reason is added.
    NewReason,
}

impl Line<'_> {
    /// The record that it is of.
    #[must_use]
    pub const fn record(&self) -> Option<(Entity, RecordId)> {
        match self {
            Self::Pipeline(row) => Some((Entity::Pipeline, row.link.id.record())),
            Self::Stage(_, row) => Some((Entity::Stage, row.link.id.record())),
            Self::Reason(row) => Some((Entity::LostReason, row.link.id.record())),
            Self::NewPipeline | Self::NewReason => None,
        }
    }

    /// What that is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Pipeline(row) => &row.link.name,
            Self::Stage(_, row) => &row.link.name,
            Self::Reason(row) => &row.link.name,
            Self::NewPipeline => "another pipeline",
            Self::NewReason => "another lost reason",
        }
    }
}

/// The screen of pipelines and lost reasons.
#[derive(Debug, Default)]
pub struct SetupScreen {
    /// The book's last answer, with what is on its way already in it.
    pub setup: Option<SalesProcess>,
    /// Why there is no newer answer.
    pub fault: Option<String>,
    /// The line under the cursor.
    pub cursor: usize,
    /// The first row that is shown.
    pub top: usize,
    /// The screen that Esc goes back to; the pipeline where none was shown before.
    pub back: Option<Shown>,
    pub(super) ahead: Vec<(Ticket, Vec<Command>)>,
    pub(super) by_others: ByOthers,
    /// A record that was just made: the cursor goes to it when it comes.
    pub(super) made: Option<RecordId>,
    /// Whether the cursor was moved since that was made: then it stays where its user put it.
    pub(super) moved: bool,
}

impl SetupScreen {
    /// The row that the heading of the lost reasons stands in, counted from the first of all.
    #[must_use]
    pub fn heading(&self) -> usize {
        let of_reasons = |line: &Line<'_>| matches!(line, Line::Reason(_) | Line::NewReason);
        let lines = self.lines();
        lines.iter().position(of_reasons).unwrap_or(lines.len())
    }

    /// The row that a line stands in: those of the lost reasons stand below their heading.
    #[must_use]
    pub fn row_of(&self, line: usize) -> usize {
        line + usize::from(line >= self.heading())
    }

    /// The line in a row; none where the heading is, and below the last.
    #[must_use]
    pub fn line_in(&self, row: usize) -> Option<usize> {
        let heading = self.heading();
        let line = row - usize::from(row > heading);
        (row != heading && line < self.lines().len()).then_some(line)
    }

    /// The lines, in order.
    #[must_use]
    pub fn lines(&self) -> Vec<Line<'_>> {
        let Some(setup) = &self.setup else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        for pipeline in &setup.pipelines {
            lines.push(Line::Pipeline(pipeline));
            let stages = pipeline.stages.iter();
            lines.extend(stages.map(|stage| Line::Stage(pipeline, stage)));
        }
        lines.push(Line::NewPipeline);
        lines.extend(setup.reasons.iter().map(Line::Reason));
        lines.push(Line::NewReason);
        lines
    }

    /// The line under the cursor.
    #[must_use]
    pub fn line(&self) -> Option<Line<'_>> {
        self.lines().get(self.cursor).copied()
    }

    /// Takes an answer; the cursor stays on its record.
    pub fn take_setup(&mut self, setup: SalesProcess, rows: usize) {
        let on = self.line().and_then(|line| line.record());
        self.fault = None;
        self.setup = Some(setup);
        let ahead = std::mem::take(&mut self.ahead);
        for (_, commands) in &ahead {
            self.foresee(commands);
        }
        self.ahead = ahead;
        let made = self.made.take().filter(|_| !self.moved);
        let goes_to = |id| {
            self.lines()
                .iter()
                .position(|line| line.record().is_some_and(|(_, own)| own == id))
        };
        let to = made
            .and_then(goes_to)
            .or_else(|| on.and_then(|(_, id)| goes_to(id)));
        self.cursor = to.unwrap_or(self.cursor);
        self.keep_in_sight(rows);
    }

    /// Shows what commands will do to the order, and keeps the cursor on its record.
    pub(super) fn foresee(&mut self, commands: &[Command]) {
        let on = self.line().and_then(|line| line.record());
        let Some(setup) = &mut self.setup else {
            return;
        };
        for command in commands {
            let Command::Edit {
                target: Record::Known(id),
                edits,
                ..
            } = command
            else {
                continue;
            };
            for edit in edits {
                let (Field::Own(def), Input::Value(value)) = (edit.field, &edit.new) else {
                    continue;
                };
                if def.name == "position" {
                    put(setup, *id, value.as_int());
                }
            }
        }
        setup.pipelines.sort_by_key(|row| row.position);
        setup.reasons.sort_by_key(|row| row.position);
        for pipeline in &mut setup.pipelines {
            pipeline.stages.sort_by_key(|row| row.position);
        }
        let place = on.and_then(|on| {
            self.lines()
                .iter()
                .position(|line| line.record() == Some(on))
        });
        self.cursor = place.unwrap_or(self.cursor);
    }

    /// Whether something about a record is on its way to the book.
    #[must_use]
    pub fn is_pending(&self, id: RecordId) -> bool {
        self.ahead.iter().flat_map(|(_, commands)| commands).any(|command| {
            matches!(command, Command::Edit { target, .. } | Command::Trash { target, .. } if *target == id.into())
        })
    }

    /// The commands that put what is under the cursor one place up or down among its like.
    ///
    /// # Errors
    /// Why there is no such place.
    pub fn reordered(&self, by: isize) -> Result<(RecordId, String, Vec<Command>), &'static str> {
        let (Some(line), Some(setup)) = (self.line(), &self.setup) else {
            return Err("The pipelines are still being read");
        };
        let (entity, id) = line
            .record()
            .ok_or("There is nothing to put in order here")?;
        let mut order: Vec<(RecordId, Option<i64>)> = match line {
            Line::Stage(pipeline, _) => pipeline
                .stages
                .iter()
                .map(|row| (row.link.id.record(), row.position))
                .collect(),
            Line::Pipeline(_) => setup
                .pipelines
                .iter()
                .map(|row| (row.link.id.record(), row.position))
                .collect(),
            _ => setup
                .reasons
                .iter()
                .map(|row| (row.link.id.record(), row.position))
                .collect(),
        };
        let from = order.iter().position(|(own, _)| *own == id).unwrap_or(0);
        let to = from.checked_add_signed(by).filter(|to| *to < order.len());
        let to = to.ok_or(if by < 0 {
            "Already the first"
        } else {
            "Already the last"
        })?;
        let moved = order.remove(from);
        order.insert(to, moved);
        Ok((id, line.name().to_owned(), in_order(entity, &order)))
    }

    /// The pipeline that a stage is added to: that under the cursor.
    #[must_use]
    pub fn pipeline(&self) -> Option<&PipelineRow> {
        match self.line()? {
            Line::Pipeline(pipeline) | Line::Stage(pipeline, _) => Some(pipeline),
            _ => None,
        }
    }

    /// The place of a new stage in a pipeline, and the commands that make room for it.
    #[must_use]
    pub fn room(&self, pipeline: RecordId) -> (i64, Vec<Command>) {
        let mut pipelines = self.setup.iter().flat_map(|setup| &setup.pipelines);
        let Some(pipeline) = pipelines.find(|row| row.link.id.record() == pipeline) else {
            return (1, Vec::new());
        };
        let kinds: Vec<(RecordId, StageKind)> = pipeline
            .stages
            .iter()
            .map(|row| (row.link.id.record(), row.kind))
            .collect();
        let at = behind_open(&kinds);
        let place = i64::try_from(at + 1).unwrap_or(i64::MAX);
        let mut order: Vec<(RecordId, Option<i64>)> = pipeline
            .stages
            .iter()
            .map(|row| (row.link.id.record(), row.position))
            .collect();
        // The place of the new one is left free.
        order.insert(at, (RecordId::from_raw(0), Some(place)));
        (place, in_order(Entity::Stage, &order))
    }

    /// Moves the cursor.
    pub fn go_in(&mut self, motion: Motion, rows: usize) {
        self.moved = true;
        let page = rows.max(1);
        self.cursor = motion.moved(self.cursor, page, page.div_ceil(2));
        self.keep_in_sight(rows);
    }

    /// Brings the cursor back to where there are lines, and into sight.
    pub fn keep_in_sight(&mut self, rows: usize) {
        let count = self.lines().len();
        let rows = rows.max(1);
        self.cursor = self.cursor.min(count.saturating_sub(1));
        let row = self.row_of(self.cursor);
        // The first lost reason is seen with its heading.
        let first = if row == self.heading() + 1 {
            row - 1
        } else {
            row
        };
        self.top = self
            .top
            .clamp((row + 1).saturating_sub(rows), row)
            .min(first.max((row + 1).saturating_sub(rows)))
            .min((count + 1).saturating_sub(rows));
    }
}

fn put(setup: &mut SalesProcess, id: RecordId, position: Option<i64>) {
    for pipeline in &mut setup.pipelines {
        if pipeline.link.id.record() == id {
            pipeline.position = position;
        }
        for stage in &mut pipeline.stages {
            if stage.link.id.record() == id {
                stage.position = position;
            }
        }
    }
    for reason in &mut setup.reasons {
        if reason.link.id.record() == id {
            reason.position = position;
        }
    }
}
