//! What is done to the book: an act, as long as it is on its way, and where it did not arrive.

use crate::domain::command::{Command, Origin, Target};
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::store::handle::Ticket;
use crate::tui::kept::Fate;
use crate::tui::layers::{Layer, OnceKnown};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;

use super::App;
use super::drafts::done;

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
    /// Hands an act to the book and shows it at once.
    pub(super) fn act(&mut self, act: Act) {
        if let Some(why) = self.refusal() {
            self.say(Tone::Bad, format!("Not saved: {}. {why}", act.said));
            self.layers.extend(act.form);
            return;
        }
        let of = match &act.form {
            Some(Layer::Form(_, of)) => Some(*of),
            _ => None,
        };
        if let Some(fate) = of.and_then(|of| self.warned_of(of)) {
            self.say(Tone::Bad, saved_elsewhere(fate));
            self.layers.extend(act.form);
            return;
        }
        self.idle_no_more();
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let area = self.body();
        for screen in self.screens_mut() {
            screen.show_ahead(ticket, &act.foresight, &act.commands, area);
        }
        self.on_their_way.insert(
            ticket,
            OnItsWay {
                commands: act.commands.clone(),
                origin: act.origin,
                label: act.label.clone(),
                said: act.said,
                form: act.form,
                then: act.then,
                offered: None,
                kept: false,
            },
        );
        let write = Effect::Write {
            ticket,
            commands: act.commands,
            origin: act.origin,
            label: act.label,
        };
        if let Some(of) = of {
            self.claims(of, ticket);
        }
        self.held.push(write);
        self.send_held();
    }

    /// Hands out the acts that wait: until it is known who acts and that no other window is saving the same form. They stay in order.
    pub(super) fn send_held(&mut self) {
        let is_known = self.rep.is_none() || self.me.is_some();
        if is_known && !self.drafts.has_claims() {
            self.out.append(&mut self.held);
        }
    }

    /// An act does not go to the book, because another window did something with its form.
    pub(super) fn not_claimed(&mut self, ticket: Ticket, fate: Fate) {
        self.held
            .retain(|held| !matches!(held, Effect::Write { ticket: own, .. } if *own == ticket));
        self.take_back(ticket);
        self.stay();
        self.say(Tone::Bad, saved_elsewhere(fate));
        let write = self.on_their_way.remove(&ticket);
        if let Some(form) = write.and_then(|write| write.form) {
            self.push_below_text(form);
        }
    }

    /// What was to be done with all that was marked was not done with these: they are marked again, unless others are by now.
    pub(super) fn mark_again(&mut self, origin: Origin, records: &[(Entity, RecordId)]) {
        if origin == Origin::Bulk && self.screen().marked() == 0 {
            self.screen_mut().mark_again(records);
        }
    }
}

/// Why a form is not saved at once.
fn saved_elsewhere(fate: Fate) -> String {
    format!(
        "Not saved: another window {}; save again to do it anyway",
        done(fate)
    )
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
