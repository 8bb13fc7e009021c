//! What the app knows of the screen of pipelines.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, Query};
use crate::tui::action::Motion;
use crate::tui::forms::log::About;
use crate::tui::keys::Scope;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::lines::Lines;
use crate::tui::screens::{Ask, Asking, Filtered, Hit, Opens, Scene, Screen, Shown, views};
use crate::tui::target::Target;

use super::draw;
use super::state::{Line, SetupScreen};

fn target(line: &Line<'_>) -> Option<Target> {
    let (entity, id) = line.record()?;
    Some(Target::named(entity, id, line.name()))
}

impl Screen for SetupScreen {
    fn scope(&self) -> Scope {
        Scope::Setup
    }

    fn singular(&self) -> &'static str {
        "pipeline, stage or lost reason"
    }

    fn is_read(&self) -> Result<(), &'static str> {
        match self.setup {
            Some(_) => Ok(()),
            None => Err("The pipelines are still being read"),
        }
    }

    fn owns(&self, view: View) -> bool {
        view == views::SETUP
    }

    fn reads(&self, _: &Asking) -> Vec<Ask> {
        vec![(views::SETUP, Query::Setup)]
    }

    fn take(&mut self, _: View, answer: Answer, area: Rect) -> Option<&'static str> {
        if let Answer::Setup(setup) = answer {
            self.take_setup(*setup, draw::rows(area));
        }
        None
    }

    fn fail(&mut self, _: View, why: Option<&str>) {
        self.fault = why.map(str::to_owned);
    }

    fn go(&mut self, motion: Motion, area: Rect) {
        self.go_in(motion, draw::rows(area));
    }

    fn settle(&mut self, area: Rect) {
        self.keep_in_sight(draw::rows(area));
    }

    fn targets(&self) -> Vec<Target> {
        self.line().as_ref().and_then(target).into_iter().collect()
    }

    fn target_count(&self) -> usize {
        self.targets().len()
    }

    fn target(&self, id: RecordId) -> Option<Target> {
        let lines = self.lines();
        let mut lines = lines.iter();
        let line = lines.find(|line| line.record().is_some_and(|(_, own)| own == id))?;
        target(line)
    }

    fn subjects(&self) -> Vec<Target> {
        Vec::new()
    }

    fn subject_count(&self) -> usize {
        0
    }

    fn adds(&self) -> (FormOf, About) {
        let of = match self.line() {
            Some(Line::Pipeline(row) | Line::Stage(row, _)) => {
                FormOf::NewStage(row.link.id.record())
            }
            Some(Line::Reason(_) | Line::NewReason) => FormOf::NewReason,
            Some(Line::NewPipeline) | None => FormOf::NewPipeline,
        };
        (of, About::default())
    }

    fn has_marks(&self) -> bool {
        false
    }

    fn has_filter(&self) -> bool {
        false
    }

    fn filter(&self) -> Option<&Filtered> {
        None
    }

    fn set_filter(&mut self, _: Option<Filtered>) {}

    fn filter_hints(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn opens(&self, _: &Look<'_>) -> Opens {
        match self.line() {
            None => Opens::Nothing,
            Some(Line::NewPipeline) => Opens::Form(FormOf::NewPipeline),
            Some(Line::NewReason) => Opens::Form(FormOf::NewReason),
            Some(line) => {
                let form = line
                    .record()
                    .and_then(|(entity, id)| FormOf::editing(entity, id));
                form.map_or(Opens::Nothing, Opens::Form)
            }
        }
    }

    fn leads_back_to(&self) -> Option<Shown> {
        Some(self.back.unwrap_or(Shown::Pipeline))
    }

    fn can_turn(&self) -> Result<(), &'static str> {
        Err("All pipelines are here; on the pipeline . and , turn them")
    }

    fn show_ahead(
        &mut self,
        ticket: Ticket,
        _: &[(RecordId, Foresight)],
        commands: &[Command],
        area: Rect,
    ) {
        self.foresee(commands);
        self.ahead.push((ticket, commands.to_vec()));
        self.settle(area);
    }

    fn arrived(&mut self, ticket: Ticket) {
        self.ahead.retain(|(own, _)| *own != ticket);
    }

    fn take_back(&mut self, ticket: Ticket, _: Rect) {
        // The book is asked anew, and its answer is the order again.
        self.arrived(ticket);
    }

    fn made(&mut self, entity: Entity, id: RecordId) {
        if matches!(
            entity,
            Entity::Pipeline | Entity::Stage | Entity::LostReason
        ) && self.made.is_none()
        {
            self.made = Some(id);
            self.moved = false;
        }
    }

    fn note_by_others(&mut self, record: RecordId, at: Instant) {
        self.by_others.note(record, at);
    }

    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)> {
        draw::draw(frame.buffer_mut(), area, self, scene)
    }

    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        let row = draw::row_at(x, y, area).map(|row| self.top + row);
        match row.and_then(|row| self.line_in(row)) {
            Some(line) => {
                self.moved = true;
                self.cursor = line;
                Hit::Record
            }
            None => Hit::Elsewhere,
        }
    }

    fn scroll(&mut self, _: u16, _: u16, by: isize, area: Rect) {
        self.cursor = self.cursor.saturating_add_signed(by);
        self.settle(area);
    }

    fn lines(&self) -> &dyn Lines {
        self
    }

    fn lines_mut(&mut self) -> &mut dyn Lines {
        self
    }
}
