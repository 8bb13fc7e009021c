//! What is done to deals alone: moves, wins, losses, the order of cards.

use std::collections::BTreeMap;

use crate::domain::board::Card;
use crate::domain::command::{Command, Origin, Place};
use crate::domain::id::{Id, RecordId};
use crate::domain::records::Stage;
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::lose::{LoseForm, Lost};
use crate::tui::layers::Layer;
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;

use super::acts::several;
use super::{Act, App};

/// Deals without an amount that are asked for it one after the other when they are won; of more there is one question.
const ASKED_AMOUNTS: usize = 5;

impl App {
    /// The one card that an act is about, where it is one and on the board.
    fn target_card(&self) -> Option<&Card> {
        let targets = self.targets();
        let [target] = targets.as_slice() else {
            return None;
        };
        self.board.seen(target.deal()?).map(|(_, card)| card)
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
        let all = self.deals();
        let to: BTreeMap<RecordId, Id<Stage>> = all
            .iter()
            .filter_map(|target| {
                let to = place(target.stage)?.checked_add_signed(by)?;
                stages.get(to).map(|stage| (target.id, stage.id))
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
            .filter(|target| to.contains_key(&target.id))
            .collect();
        let verb = if by < 0 {
            "Move one stage back"
        } else {
            "Move one stage on"
        };
        self.act_on(
            &moving,
            verb,
            |target| vec![move_to(target, to[&target.id])],
            |target| Foresight::Move(to[&target.id], Place::Top),
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
            .map(|column| column.stage.name.clone());
        let is_here = name.is_some();
        let elsewhere = self.stages.iter().find(|known| known.id == stage.record());
        let name = name
            .or_else(|| elsewhere.map(|known| known.name.clone()))
            .unwrap_or_else(|| "another stage".to_owned());
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
            |target| vec![move_to(target, stage)],
            |_| {
                if is_here {
                    Foresight::Move(stage, Place::Top)
                } else {
                    Foresight::Leave
                }
            },
            None,
        );
    }

    /// Wins deals.
    pub fn win(&mut self) {
        let targets = self.deals();
        self.win_all(&targets);
    }

    pub(super) fn win_all(&mut self, targets: &[Target]) {
        let lacking: Vec<&Target> = targets
            .iter()
            .filter(|target| target.has_amount != Some(true))
            .collect();
        if lacking.is_empty() {
            self.act_on(targets, "Win", win_one, |_| Foresight::Leave, None);
        } else if lacking.len() <= ASKED_AMOUNTS {
            let lacking = lacking.into_iter().map(|target| target.id).collect();
            let wins = targets.iter().flat_map(win_one).collect();
            self.ask_amounts(targets, lacking, wins);
        } else {
            self.win_without_asking(targets, lacking.len());
        }
    }

    /// Wins many deals of which so many have no amount: one question for all, not a form for each.
    fn win_without_asking(&mut self, targets: &[Target], lacking: usize) {
        let said = format!("Win: {}", several(targets));
        let confirm = Confirm::new(
            &format!(
                "{}, {lacking} of them without a known amount",
                several(targets)
            ),
            "They are won as they stand: one undo takes all of it back.",
            &said,
        );
        let act = Act {
            commands: targets.iter().flat_map(win_as_it_stands).collect(),
            origin: Origin::Bulk,
            label: Some(said.clone()),
            said,
            foresight: leaving(targets),
            form: None,
            then: None,
        };
        self.layers.push(Layer::Sure(confirm, Box::new(act)));
    }

    /// Loses deals for a reason. The form that it was said in comes back when the book says no.
    pub(super) fn lose_all(&mut self, form: Box<LoseForm>, targets: &[Target], lost: &Lost) {
        self.act_on(
            targets,
            "Lose",
            |target| vec![lost.clone().command(Id::new(target.id), target.stage)],
            |_| Foresight::Leave,
            Some(Layer::Lose(form, targets.to_vec())),
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
            foresight: vec![(deal.record(), Foresight::Move(stage, place))],
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
}

fn win_one(target: &Target) -> Vec<Command> {
    vec![Command::WinDeal {
        deal: Id::new(target.id),
        base: target.stage,
        closed_at: None,
    }]
}

/// Wins a deal, also without an amount where it has none that is known here.
fn win_as_it_stands(target: &Target) -> Vec<Command> {
    let unpriced = Command::WithoutAmount {
        deal: target.id.into(),
    };
    let unpriced = (target.has_amount != Some(true)).then_some(unpriced);
    unpriced.into_iter().chain(win_one(target)).collect()
}

/// That deals leave the board.
pub(super) fn leaving(targets: &[Target]) -> Vec<(RecordId, Foresight)> {
    let each = targets.iter().map(|target| target.id);
    each.map(|id| (id, Foresight::Leave)).collect()
}

fn move_to(target: &Target, stage: Id<Stage>) -> Command {
    Command::MoveDeal {
        deal: Id::new(target.id),
        base: target.stage,
        stage,
        place: Some(Place::Top),
    }
}

fn name_of<T>(link: Option<&crate::domain::records::Link<T>>) -> &str {
    link.map_or("This", |link| link.name.as_str())
}
