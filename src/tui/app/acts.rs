//! What is done to deals: moves, wins, losses, owners, the trash, undo. Every act goes to the book as one step and is seen at once.

use std::collections::BTreeMap;

use crate::domain::command::{Base, Command, FieldEdit, Origin, Place, Which};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, deal};
use crate::domain::records::{Deal, Rep, Stage};
use crate::domain::value::Value;
use crate::store::handle::Ticket;
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::lose::{LoseForm, Lost};
use crate::tui::layers::{Layer, OnceKnown, Pick};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;

use super::{Act, App, Copied, OnItsWay, Target};

/// An act over more deals than this is asked about first.
const ASK_ABOVE: usize = 20;

impl App {
    /// Hands an act to the book and shows it at once.
    pub(super) fn act(&mut self, act: Act) {
        if let Some(why) = self.refusal() {
            self.say(Tone::Bad, format!("Not saved: {}. {why}", act.said));
            self.layers.extend(act.form);
            return;
        }
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let layout = self.layout();
        for (deal, foresight) in act.foresight {
            self.board.show_ahead(ticket, deal, foresight, layout);
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
        if self.rep.is_some() && self.me.is_none() {
            self.held.push(write);
        } else {
            self.out.push(write);
        }
    }

    /// [`act`](Self::act) over these deals, after a question where they are many. The marks are used up.
    fn act_on(
        &mut self,
        targets: &[Target],
        verb: &str,
        command: impl Fn(&Target) -> Command,
        foresight: impl Fn(&Target) -> Foresight,
        form: Option<Layer>,
    ) {
        let many = targets.len() > 1;
        let said = match targets {
            [one] => format!("{verb}: {}", one.title),
            many => format!("{verb}: {} deals", many.len()),
        };
        let act = Act {
            commands: targets.iter().map(command).collect(),
            origin: if many { Origin::Bulk } else { Origin::Human },
            label: many.then(|| said.clone()),
            said: said.clone(),
            foresight: targets
                .iter()
                .map(|target| (target.deal, foresight(target)))
                .collect(),
            form,
            then: None,
        };
        if targets.len() > ASK_ABOVE {
            let confirm = Confirm::new(
                &format!("{} deals at once", targets.len()),
                "One undo takes all of it back.",
                &said,
            );
            self.layers.push(Layer::Sure(confirm, Box::new(act)));
            return;
        }
        self.act(act);
        self.board.marks.clear();
    }

    /// Moves deals one stage back or on. Marked deals of several stages each go one stage from their own.
    pub fn move_stage(&mut self, by: isize) {
        let stages: Vec<_> = self
            .board
            .columns()
            .iter()
            .map(|column| column.stage.clone())
            .collect();
        let place =
            |stage: Option<Id<Stage>>| stages.iter().position(|known| Some(known.id) == stage);
        let all = self.targets();
        let to: BTreeMap<Id<Deal>, Id<Stage>> = all
            .iter()
            .filter_map(|target| {
                let to = place(target.stage)?.checked_add_signed(by)?;
                stages.get(to).map(|stage| (target.deal, stage.id))
            })
            .collect();
        if to.is_empty() {
            let text = match (by < 0, all.first().and_then(|target| place(target.stage))) {
                (_, None) => "This deal is not in an open stage of this pipeline".to_owned(),
                (true, _) => format!("{} is the first stage", name_of(stages.first())),
                (false, _) => format!(
                    "{} is the last open stage: W wins, X loses",
                    name_of(stages.last())
                ),
            };
            self.say(Tone::Plain, text);
            return;
        }
        let moving: Vec<Target> = all
            .into_iter()
            .filter(|target| to.contains_key(&target.deal))
            .collect();
        let verb = if by < 0 {
            "Move one stage back"
        } else {
            "Move one stage on"
        };
        self.act_on(
            &moving,
            verb,
            |target| move_to(target, to[&target.deal]),
            |target| Foresight::Move(to[&target.deal], Place::Top),
            None,
        );
    }

    /// Moves deals to a stage.
    pub(super) fn move_to_stage(&mut self, targets: &[Target], stage: Id<Stage>) {
        let name = self
            .board
            .columns()
            .iter()
            .find(|column| column.stage.id == stage)
            .map_or_else(
                || "another stage".to_owned(),
                |column| column.stage.name.clone(),
            );
        let moving: Vec<Target> = targets
            .iter()
            .filter(|target| target.stage != Some(stage))
            .cloned()
            .collect();
        if moving.is_empty() {
            self.say(Tone::Plain, format!("Already in {name}"));
            return;
        }
        self.act_on(
            &moving,
            &format!("Move to {name}"),
            |target| move_to(target, stage),
            |_| Foresight::Move(stage, Place::Top),
            None,
        );
    }

    /// Wins deals.
    pub fn win(&mut self) {
        let targets = self.targets();
        self.win_all(&targets);
    }

    pub(super) fn win_all(&mut self, targets: &[Target]) {
        self.act_on(
            targets,
            "Win",
            |target| Command::WinDeal {
                deal: target.deal,
                base: target.stage,
                closed_at: None,
            },
            |_| Foresight::Leave,
            None,
        );
    }

    /// Loses deals for a reason. The form that it was said in comes back when the book says no.
    pub(super) fn lose_all(&mut self, form: Box<LoseForm>, targets: &[Target], lost: &Lost) {
        self.act_on(
            targets,
            "Lose",
            |target| lost.clone().command(target.deal, target.stage),
            |_| Foresight::Leave,
            Some(Layer::Lose(form, targets.to_vec())),
        );
    }

    /// Gives deals to a rep, or to nobody.
    pub(super) fn assign(&mut self, targets: &[Target], owner: Option<Id<Rep>>) {
        let changing: Vec<Target> = targets
            .iter()
            .filter(|target| target.owner != owner)
            .cloned()
            .collect();
        if changing.is_empty() {
            self.say(Tone::Plain, "Already so");
            return;
        }
        self.act_on(
            &changing,
            "Give away",
            |target| Command::Edit {
                entity: Entity::Deal,
                target: target.deal.into(),
                edits: vec![FieldEdit {
                    field: (&deal::OWNER).into(),
                    base: Base::Seen(Value::from(target.owner)),
                    new: Value::from(owner).into(),
                }],
            },
            |_| Foresight::Stay,
            None,
        );
    }

    /// Takes deals; asks who takes them where nobody has said who they are.
    pub fn take(&mut self) {
        let targets = self.targets();
        match self.me() {
            Some(me) => self.assign(&targets, Some(me)),
            None => self.ask_me(OnceKnown::Take(targets)),
        }
    }

    /// Puts deals into the trash.
    pub fn trash(&mut self) {
        let targets = self.targets();
        self.act_on(
            &targets,
            "Put into the trash",
            |target| Command::Trash {
                entity: Entity::Deal,
                target: target.deal.into(),
            },
            |_| Foresight::Leave,
            None,
        );
    }

    /// Puts a card one place up or down in its column.
    pub fn reorder(&mut self, by: isize) {
        let Some((column, card)) = self.target_card().and_then(|card| self.board.find(card.id))
        else {
            return;
        };
        let index = column.cards.iter().position(|known| known.id == card.id);
        let beside = index
            .and_then(|index| index.checked_add_signed(by))
            .and_then(|index| column.cards.get(index));
        let Some(beside) = beside else {
            let text = if by < 0 {
                "Already on top"
            } else {
                "Already at the end"
            };
            self.say(Tone::Plain, text);
            return;
        };
        let place = if by < 0 {
            Place::Before(beside.id)
        } else {
            Place::After(beside.id)
        };
        let (deal, stage) = (card.id, column.stage.id);
        self.act(Act {
            commands: vec![Command::MoveDeal {
                deal,
                base: Some(stage),
                stage,
                place: Some(place),
            }],
            origin: Origin::Human,
            label: None,
            said: "Put a card in order".to_owned(),
            foresight: vec![(deal, Foresight::Move(stage, place))],
            form: None,
            then: None,
        });
    }

    /// Drops a dragged card on a column.
    pub(super) fn drop_on(&mut self, target: &Target, column: usize) {
        if let Some(stage) = self
            .board
            .columns()
            .get(column)
            .map(|column| column.stage.id)
        {
            self.move_to_stage(std::slice::from_ref(target), stage);
        }
    }

    /// Takes back my last change.
    pub fn undo(&mut self) {
        self.act(Act {
            commands: vec![Command::Undo(Which::Last)],
            origin: Origin::Undo,
            label: None,
            said: "Undo".to_owned(),
            foresight: Vec::new(),
            form: None,
            then: None,
        });
    }

    /// Does again what I took back.
    pub fn redo(&mut self) {
        self.act(Act {
            commands: vec![Command::Redo(Which::Last)],
            origin: Origin::Redo,
            label: None,
            said: "Redo".to_owned(),
            foresight: Vec::new(),
            form: None,
            then: None,
        });
    }

    /// Marks the deal under the cursor, or takes its mark away, and goes one down.
    pub fn mark(&mut self) {
        let Some(deal) = self.board.card().map(|card| card.id) else {
            return;
        };
        if !self.board.marks.remove(&deal) {
            self.board.marks.insert(deal);
        }
        let layout = self.layout();
        self.board.go(crate::tui::action::Motion::Down, layout);
    }

    /// Marks all loaded deals of the column, or takes all their marks away.
    pub fn mark_all(&mut self) {
        let Some(column) = self.board.focused() else {
            return;
        };
        let deals: Vec<_> = column.cards.iter().map(|card| card.id).collect();
        let unloaded = column.count.saturating_sub(deals.len() as u64);
        if deals.iter().all(|deal| self.board.marks.contains(deal)) {
            for deal in deals {
                self.board.marks.remove(&deal);
            }
            return;
        }
        self.board.marks.extend(deals);
        if unloaded > 0 {
            let count = crate::domain::money::grouped(unloaded);
            self.say(
                Tone::Plain,
                format!(
                    "{count} deals of this column are not loaded and so not marked; End loads them"
                ),
            );
        }
    }

    /// Hands something of the deal to the terminal's clipboard.
    pub fn copy(&mut self, what: Copied) {
        let Some(target) = self.targets().into_iter().next() else {
            return;
        };
        let text = match what {
            Copied::Title => target.title,
            Copied::Id => target.deal.to_string(),
            Copied::Row => self.row_text(&target),
        };
        self.say(
            Tone::Good,
            format!("Sent to the terminal's clipboard: {text}"),
        );
        self.out.push(Effect::Copy(text));
    }

    /// A deal as one line of a table.
    fn row_text(&self, target: &Target) -> String {
        let Some((column, card)) = self.board.find(target.deal) else {
            return target.title.clone();
        };
        let company = card.company.as_ref().map(|company| company.name.clone());
        let amount = card.amount.map(|amount| amount.to_string());
        let owner = card.owner.as_ref().map(|owner| owner.name.clone());
        [
            Some(card.title.clone()),
            company,
            amount,
            Some(column.stage.name.clone()),
            owner,
        ]
        .map(Option::unwrap_or_default)
        .join("\t")
    }

    /// What a row of a menu stands for.
    pub(super) fn pick(&mut self, pick: Pick, targets: &[Target]) {
        match pick {
            Pick::Stage(stage) => self.move_to_stage(targets, stage),
            Pick::Won => self.win_all(targets),
            Pick::Lost => self.ask_reason(targets.to_vec()),
            Pick::Owner(owner) => self.assign(targets, owner),
            Pick::Run(action) => self.run(action),
        }
    }
}

fn move_to(target: &Target, stage: Id<Stage>) -> Command {
    Command::MoveDeal {
        deal: target.deal,
        base: target.stage,
        stage,
        place: Some(Place::Top),
    }
}

fn name_of<T>(link: Option<&crate::domain::records::Link<T>>) -> &str {
    link.map_or("This", |link| link.name.as_str())
}
