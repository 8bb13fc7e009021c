//! The trash and the list of steps: taking out, undoing what is under the cursor, telling what a step changed.

use crate::domain::command::{Command, Origin, Which};
use crate::domain::id::StepId;
use crate::domain::past::StepChanges;
use crate::domain::time::Instant;
use crate::store::query::Query;
use crate::tui::action::Allowed;
use crate::tui::layers::Layer;
use crate::tui::notices::Tone;
use crate::tui::screens::Shown;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::past::told;
use crate::tui::target::Target;

use super::{Act, App, views};

/// Changes of a step that are told at the most.
const TOLD: usize = 500;

/// So long after an act that changed nothing somebody who undoes may mean that act: milliseconds.
const FRESH: i64 = 60_000;

/// Acts that changed nothing: who undoes one of them would take back what was done before it.
#[derive(Debug, Default)]
pub(super) struct Idle {
    /// When the last act changed nothing; `None` where it changed something.
    since: Option<Instant>,
    /// What the last act that changed something did, as far as this run knows.
    before: Option<String>,
}

impl App {
    /// Shows the trash or the steps; Esc goes back to where one was.
    pub fn show_past(&mut self, shown: Shown) {
        let back = match self.shown {
            Shown::Trash => self.trash.back,
            Shown::Steps => self.steps.back,
            other => other,
        };
        match shown {
            Shown::Trash => self.trash.back = back,
            _ => self.steps.back = back,
        }
        self.layers.clear();
        self.show(shown);
    }

    /// There is something to take out of the trash.
    pub fn can_restore(&self) -> Allowed {
        self.can_write()?;
        match self.shown {
            Shown::Trash if self.trash.chosen().is_empty() => {
                Err("Nothing in the trash is under the cursor".into())
            }
            Shown::Trash => Ok(()),
            _ => Err("This is for the trash; g T shows it".into()),
        }
    }

    /// Takes records out of the trash, in one step.
    pub fn restore(&mut self) {
        let targets: Vec<Target> = self
            .trash
            .chosen()
            .into_iter()
            .map(|record| Target::named(record.entity, record.id, record.name.clone()))
            .collect();
        self.act_on(
            &targets,
            "Restore",
            |target| {
                vec![Command::Restore {
                    entity: target.entity,
                    target: target.id.into(),
                }]
            },
            |_| Foresight::Leave,
            None,
        );
    }

    /// Which step `u` takes back here: my last one, or the one under the cursor of the list of steps, with its words.
    pub(super) fn which(&self) -> (Which, Option<&str>) {
        let act = self.steps.act().filter(|_| self.shown == Shown::Steps);
        act.map_or((Which::Last, None), |act| {
            (Which::Group(act.group), Some(&act.label))
        })
    }

    /// Whether the step under the cursor is undone; `None` where none is.
    pub(super) fn is_undone(&self) -> Option<bool> {
        let act = self.steps.act().filter(|_| self.shown == Shown::Steps);
        act.map(|act| act.undone)
    }

    /// The last act changed nothing.
    pub(super) const fn was_idle(&mut self) {
        self.idle.since = Some(self.real);
    }

    /// Another act is on its way: whoever undoes now means that one.
    pub(super) const fn idle_no_more(&mut self) {
        self.idle.since = None;
    }

    /// The last act changed something: what undoing now takes back, where that is known.
    pub(super) fn was_done(&mut self, label: Option<String>) {
        self.idle = Idle {
            since: None,
            before: label,
        };
    }

    /// Says once that the last act changed nothing, where somebody wants to undo it; true where that was said.
    pub(super) fn warns_of_idle(&mut self) -> bool {
        let since = self.idle.since.take();
        let fresh = since.is_some_and(|at| self.real.millis() - at.millis() < FRESH);
        if fresh {
            let before = self.idle.before.as_deref();
            let before = before.unwrap_or("what was done before it");
            self.say(
                Tone::Plain,
                format!("That changed nothing; u again takes back: {before}"),
            );
        }
        fresh
    }

    /// Takes a step back, or does it again.
    pub(super) fn take_back_step(&mut self, redo: bool) {
        let (which, label) = self.which();
        let verb = if redo { "Redo" } else { "Undo" };
        let said = label.map_or_else(|| verb.to_owned(), |label| format!("{verb}: {label}"));
        let (command, origin) = if redo {
            (Command::Redo(which), Origin::Redo)
        } else {
            (Command::Undo(which), Origin::Undo)
        };
        self.act(Act {
            commands: vec![command],
            origin,
            label: None,
            said,
            foresight: Vec::new(),
            form: None,
            then: None,
        });
    }

    /// Asks what a step changed.
    pub(super) fn ask_step(&mut self, group: StepId) {
        let limit = TOLD;
        self.read(views::STEP_CHANGES, Query::StepChanges { group, limit });
    }

    /// Tells what a step changed, where somebody still looks at it.
    pub(super) fn tell_step(&mut self, changes: &StepChanges) {
        let act = self.steps.act().filter(|_| self.shown == Shown::Steps);
        let Some(act) = act.filter(|act| act.group == changes.group && self.layers.is_empty())
        else {
            return;
        };
        let look = self.look();
        let mut lines = vec![
            format!("{} · {}", act.by, look.moment(act.at)),
            String::new(),
        ];
        lines.extend(told::lines(changes, &look));
        let title = act.label.clone();
        self.layers.push(Layer::Text(title, lines, 0));
    }
}
