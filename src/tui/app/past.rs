//! The trash and the list of steps: taking out, undoing what is under the cursor, telling what a step changed.

use crate::domain::command::{Command, Origin, Which};
use crate::domain::id::StepId;
use crate::domain::past::StepChanges;
use crate::store::query::Query;
use crate::tui::action::Allowed;
use crate::tui::layers::Layer;
use crate::tui::screens::Shown;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::past::told;
use crate::tui::target::Target;

use super::{Act, App, views};

/// Changes of a step that are told at the most.
const TOLD: usize = 500;

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
