//! What is done to the book: an act, as long as it is on its way, and where it did not arrive.

use crate::domain::command::{Command, Origin, Target};
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::tui::layers::{Layer, OnceKnown};
use crate::tui::screens::board::ahead::Foresight;

use super::App;

/// Something to do to the book.
#[derive(Debug)]
pub struct Act {
    /// What.
    pub commands: Vec<Command>,
    /// What kind of act.
    pub origin: Origin,
    /// In words; `None` leaves that to the book.
    pub label: Option<String>,
    /// In words of the screen, as long as the book has not worded it.
    pub said: String,
    /// What will be seen of it at once.
    pub foresight: Vec<(RecordId, Foresight)>,
    /// The form that it was typed into: it comes back when the book says no.
    pub form: Option<Layer>,
    /// It makes the rep that the user is; then this is done.
    pub then: Option<OnceKnown>,
}

/// An act that is on its way.
#[derive(Debug)]
pub(super) struct OnItsWay {
    /// What was asked for.
    pub(super) commands: Vec<Command>,
    /// What kind of act.
    pub(super) origin: Origin,
    /// In words, where the book did not word it.
    pub(super) label: Option<String>,
    /// In words of the screen.
    pub(super) said: String,
    /// The form that it was typed into.
    pub(super) form: Option<Layer>,
    /// It makes the rep that the user is; then this is done.
    pub(super) then: Option<OnceKnown>,
    /// The step of an earlier run that it is.
    pub(super) offered: Option<StepId>,
    /// It is in the outbox, should the book not take it in this run.
    pub(super) kept: bool,
}

/// What was not saved when the app was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsaved {
    /// What the outbox has, in words.
    pub kept: Vec<String>,
    /// What nothing has.
    pub lost: Vec<String>,
    /// Whether that is because the book cannot be reached; else another program holds its lock.
    pub unreachable: bool,
}

impl Unsaved {
    /// Whether all is saved.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.kept.is_empty() && self.lost.is_empty()
    }
}

impl App {
    /// What was to be done with all that was marked was not done with these: they are marked again, unless others are by now.
    pub(super) fn mark_again(&mut self, origin: Origin, records: &[(Entity, RecordId)]) {
        if origin == Origin::Bulk && self.screen().marked() == 0 {
            self.screen_mut().mark_again(records);
        }
    }
}

/// The record of the book that a command of somebody who marked several changes.
pub(super) const fn changed_by(command: &Command) -> Option<(Entity, RecordId)> {
    match command {
        Command::Edit { entity, target, .. }
        | Command::Add { entity, target, .. }
        | Command::Remove { entity, target, .. }
        | Command::Trash { entity, target } => match target {
            Target::Known(id) => Some((*entity, *id)),
            Target::New(_) => None,
        },
        Command::MoveDeal { deal, .. }
        | Command::WinDeal { deal, .. }
        | Command::LoseDeal { deal, .. }
        | Command::ReopenDeal { deal, .. } => Some((Entity::Deal, deal.record())),
        _ => None,
    }
}
