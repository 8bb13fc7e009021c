//! Somebody changed the same fields: nothing of the act is in the book, and its author settles it field by field.

use crate::domain::command::{Command, Place};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Clash;
use crate::store::handle::Ticket;
use crate::store::query::Query;
use crate::tui::forms::conflict::{ConflictForm, Decision, Telling};
use crate::tui::layers::{Conflict, FormOf, Layer};
use crate::tui::look::Look;
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;
use crate::tui::widgets::Answer;

use super::{Act, App, OnItsWay, views};

impl App {
    /// Takes an act back that met a conflict, and asks what shall be. An undo cannot be settled field by field: it is refused.
    pub(super) fn clashed(&mut self, ticket: Ticket, write: OnItsWay, clashes: Vec<Clash>) {
        self.stay();
        self.take_back(ticket);
        self.read_screen();
        let can_be_settled = write
            .commands
            .iter()
            .all(|command| !matches!(command, Command::Undo(_) | Command::Redo(_)));
        let first = clashes.first().filter(|_| can_be_settled);
        let (Some(first), Some(base)) = (first, self.base()) else {
            let why = refused(&clashes, &self.look());
            self.say(Tone::Bad, why);
            self.layers.extend(write.form);
            return;
        };
        let what = format!("Not saved yet: {} changed meanwhile", first.name);
        // Where somebody types, the dialog waits below that.
        let hidden = self.layers.last().is_some_and(Layer::takes_text);
        let text = if hidden {
            format!("{what}; what shall be is asked when this is closed")
        } else {
            what
        };
        self.say(Tone::Bad, text);
        let layer = Layer::Conflict(Box::new(Conflict {
            dialog: self.conflict_dialog(&write, clashes, base),
            origin: write.origin,
            label: write.label,
            said: write.said,
            back: write.form,
            offered: write.offered,
        }));
        self.push_below_text(layer);
    }

    fn conflict_dialog(
        &self,
        write: &OnItsWay,
        clashes: Vec<Clash>,
        base: Currency,
    ) -> ConflictForm {
        let form = match &write.form {
            Some(Layer::Form(form, _)) => Some(form),
            _ => None,
        };
        let own = form.and_then(|form| form.currency());
        let card = clashes.first().and_then(|clash| {
            let (_, card) = self.board.find(Id::new(clash.record))?;
            card.amount.map(|amount| amount.currency)
        });
        let names = |entity, id| {
            let from_form = form.and_then(|form| form.name_of(id));
            from_form.or_else(|| self.name_of(entity, id))
        };
        let telling = Telling {
            now: self.now(),
            zone: self.zone(),
            currency: own.or(card).unwrap_or(base),
            names: &names,
        };
        let dialog = ConflictForm::new(write.commands.clone(), clashes, &telling);
        let dialog = if write.form.is_none() {
            dialog.without_draft()
        } else {
            dialog
        };
        match form.map(|form| form.taken()) {
            Some((by, fields)) => dialog.taken(by, fields),
            None => dialog,
        }
    }

    /// The name of a record, as far as the screen knows it.
    fn name_of(&self, entity: Entity, id: RecordId) -> Option<String> {
        let board = self.board.board.as_ref();
        let stages = board.into_iter().flat_map(|board| {
            let open = board.columns.iter().map(|column| &column.stage);
            open.chain(&board.won_stage).chain(&board.lost_stage)
        });
        match entity {
            Entity::Rep => self
                .reps
                .iter()
                .find(|rep| rep.id == id)
                .map(|rep| rep.name.clone()),
            Entity::Field => self
                .fields
                .iter()
                .find(|field| field.id == id)
                .map(|field| field.name.clone()),
            Entity::LostReason => self
                .reasons
                .iter()
                .find(|reason| reason.id == id)
                .map(|reason| reason.name.clone()),
            Entity::Stage => stages
                .into_iter()
                .find(|stage| stage.id.record() == id)
                .map(|stage| stage.name.clone()),
            _ => None,
        }
    }

    pub(super) fn conflict_answered(
        &mut self,
        mut conflict: Box<Conflict>,
        answer: Answer<Decision>,
    ) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Conflict(conflict)),
            Answer::Cancel => self.keep_mine(conflict),
            Answer::Submit(Decision::Drop) => {
                self.forget_steps(conflict.offered.into_iter().collect());
                self.forget_draft(conflict.back.as_ref());
                self.say(Tone::Plain, "Dropped; the book stays as it is");
            }
            Answer::Submit(Decision::Save(commands)) if commands.is_empty() => {
                self.forget_steps(conflict.offered.into_iter().collect());
                self.forget_draft(conflict.back.as_ref());
                self.say(
                    Tone::Plain,
                    "Taken as it is in the book; nothing was left to save",
                );
            }
            Answer::Submit(Decision::Save(commands)) => {
                self.forget_steps(conflict.offered.into_iter().collect());
                let foresight = commands.iter().filter_map(foresight_of).collect();
                self.act(Act {
                    commands,
                    origin: conflict.origin,
                    label: conflict.label.take(),
                    said: conflict.said,
                    foresight,
                    form: conflict.back.take(),
                    then: None,
                });
            }
        }
    }

    /// Back to the form, with what was typed, over the record as it stands now.
    fn keep_mine(&mut self, conflict: Box<Conflict>) {
        match conflict.back {
            Some(Layer::Form(form, of)) => {
                if let Some((entity, id)) = of.record() {
                    self.read(views::FORM, Query::Show { entity, id });
                }
                if let FormOf::Convert(lead) = of {
                    self.read_lead(lead);
                }
                self.layers.push(Layer::Form(form, of));
            }
            Some(Layer::Lose(form, targets)) => {
                // They were shown what the book holds now: that is what they go by from here on.
                let targets = targets.into_iter().map(|old| self.seen_now(old)).collect();
                self.layers.push(Layer::Lose(form, targets));
            }
            Some(layer) => self.layers.push(layer),
            None => self.say(Tone::Plain, "Left as it is in the book"),
        }
    }

    /// A record as a screen shows it now, or as it was seen where none shows it.
    fn seen_now(&self, old: Target) -> Target {
        let is_shown = match old.entity {
            Entity::Contact | Entity::Company => self.party_record(old.id).is_some(),
            _ => self.board.find(Id::new(old.id)).is_some(),
        };
        if is_shown {
            self.target(old.entity, old.id)
        } else {
            old
        }
    }

    fn forget_draft(&mut self, back: Option<&Layer>) {
        if let Some(Layer::Form(_, of)) = back {
            self.drafts.forget(*of);
        }
    }
}

/// What will be seen of a command that is asked for again.
fn foresight_of(command: &Command) -> Option<(RecordId, Foresight)> {
    match command {
        Command::MoveDeal {
            deal, stage, place, ..
        } => Some((
            deal.record(),
            Foresight::Move(*stage, place.unwrap_or(Place::Top)),
        )),
        Command::WinDeal { deal, .. } | Command::LoseDeal { deal, .. } => {
            Some((deal.record(), Foresight::Leave))
        }
        _ => None,
    }
}

/// Why an undo or redo is not done: who changed what since, and when.
fn refused(clashes: &[Clash], look: &Look<'_>) -> String {
    match clashes.first() {
        Some(clash) => {
            let by = clash.by.as_deref().unwrap_or("somebody");
            let field = clash.field.replace('_', " ");
            let at = clash.at.map(|at| format!(" ({})", look.moment(at)));
            format!(
                "Not done: {by} changed {field} of {} since{}, and that stays",
                clash.name,
                at.unwrap_or_default()
            )
        }
        None => "Not done: somebody changed it since".to_owned(),
    }
}
