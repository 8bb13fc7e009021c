//! What opens a layer over the screen.

use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::store::query::Query;
use crate::tui::action::{ACTIONS, Context};
use crate::tui::forms;
use crate::tui::forms::lose::LoseForm;
use crate::tui::layers::{Detail, FilterBar, Find, Layer, OnceKnown, Pick};
use crate::tui::screens::board::state::Filtered;
use crate::tui::widgets::choices::{Choices, Item};
use crate::tui::widgets::menu::Menu;
use crate::tui::widgets::text_field::TextField;

use super::{App, Target, views};

/// Lines of a record's timeline that are read.
const TIMELINE: usize = 200;

impl App {
    /// Opens what is under the cursor.
    pub fn open(&mut self) {
        if !self.layers.is_empty() {
            return;
        }
        if let Some(card) = self.board.card() {
            let (id, name) = (card.id.record(), card.title.clone());
            self.open_record(Entity::Deal, id, name);
        }
    }

    pub(super) fn open_record(&mut self, entity: Entity, id: RecordId, name: String) {
        self.layers.push(Layer::Detail(Detail {
            entity,
            id,
            name,
            record: None,
            timeline: None,
            top: 0,
        }));
        self.read_detail();
    }

    /// Reads again what the topmost popup of a record shows.
    pub(super) fn read_detail(&mut self) {
        let shown = self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Detail(detail) => Some((detail.entity, detail.id)),
            _ => None,
        });
        let Some((entity, id)) = shown else {
            return;
        };
        self.read(views::SHOW, Query::Show { entity, id });
        if matches!(entity, Entity::Deal | Entity::Contact | Entity::Company) {
            self.read(
                views::TIMELINE,
                Query::Timeline {
                    entity,
                    id,
                    limit: TIMELINE,
                },
            );
        }
    }

    /// What the title of a menu about deals says.
    fn subject(targets: &[Target]) -> String {
        match targets {
            [one] => one.title.clone(),
            many => format!("{} deals", many.len()),
        }
    }

    /// Opens the menu of stages.
    pub fn choose_stage(&mut self) {
        let targets = self.targets();
        let Some(board) = &self.board.board else {
            return;
        };
        let here = |stage| targets.iter().all(|target| target.stage == Some(stage));
        let mut items: Vec<Item<Pick>> = board
            .columns
            .iter()
            .map(|column| {
                let item = Item::new(Pick::Stage(column.stage.id), &column.stage.name);
                if here(column.stage.id) {
                    item.barred("is here")
                } else {
                    item
                }
            })
            .collect();
        if let Some(won) = &board.won_stage {
            items.push(Item::new(Pick::Won, &won.name).detail("wins"));
        }
        if let Some(lost) = &board.lost_stage {
            items.push(Item::new(Pick::Lost, &lost.name).detail("loses, asks why"));
        }
        let title = format!("Stage of {}", Self::subject(&targets));
        self.layers
            .push(Layer::Menu(Menu::new(title, items), targets));
    }

    /// Loses deals, and asks why.
    pub fn lose(&mut self) {
        let targets = self.targets();
        self.ask_reason(targets);
    }

    pub(super) fn ask_reason(&mut self, targets: Vec<Target>) {
        let form = LoseForm::new(&Self::subject(&targets), &self.reasons);
        self.layers.push(Layer::Lose(Box::new(form), targets));
    }

    /// Opens the menu of owners.
    pub fn choose_owner(&mut self) {
        let targets = self.targets();
        let mut items: Vec<Item<Pick>> = self
            .reps
            .iter()
            .filter(|rep| !rep.retired)
            .map(|rep| {
                let id = Id::new(rep.id);
                let item = Item::new(Pick::Owner(Some(id)), &rep.name);
                let item = item.detail(rep.detail.clone().unwrap_or_default());
                if targets.iter().all(|target| target.owner == Some(id)) {
                    item.barred("has it")
                } else {
                    item
                }
            })
            .collect();
        let nobody = Item::new(Pick::Owner(None), "nobody");
        items.push(if targets.iter().all(|target| target.owner.is_none()) {
            nobody.barred("has it")
        } else {
            nobody
        });
        let title = format!("Owner of {}", Self::subject(&targets));
        self.layers
            .push(Layer::Menu(Menu::new(title, items), targets));
    }

    /// Asks who the user is, and then does what waits for it.
    pub(super) fn ask_me(&mut self, then: OnceKnown) {
        self.layers
            .push(Layer::Me(forms::rep::menu(&self.reps), then));
    }

    /// Opens the filter bar.
    pub fn open_filter(&mut self) {
        self.layers.clear();
        let before = self.board.filter.clone();
        let text = before.as_ref().map_or("", |filter| filter.text.as_str());
        self.layers.push(Layer::Filter(FilterBar {
            field: TextField::new(text),
            before,
            fault: None,
            reading: None,
        }));
    }

    /// Puts a filter on or takes it off, and reads the board.
    pub(super) fn set_filter(&mut self, filter: Option<Filtered>) {
        if self.board.filter != filter {
            self.board.filter = filter;
            self.board.look_elsewhere();
            self.read_board();
        }
    }

    /// Opens the search for any record.
    pub fn find(&mut self) {
        self.layers.push(Layer::Find(Find {
            field: TextField::default(),
            found: Choices::new(Vec::new()),
            answered: String::new(),
        }));
    }

    /// Opens the palette: all actions, with their keys and why one cannot be used now.
    pub fn palette(&mut self) {
        let items = (0..ACTIONS.len())
            .map(|number| self.command(number, true))
            .collect();
        self.layers.push(Layer::Menu(
            Menu::new("Commands", items).large(),
            Vec::new(),
        ));
    }

    /// Opens the help: the keys that count here.
    pub fn help(&mut self) {
        let scope = self.scope();
        let items = [Context::Board, Context::Move, Context::Global]
            .into_iter()
            .filter(|context| scope.has(*context))
            .flat_map(|context| {
                (0..ACTIONS.len()).filter(move |number| ACTIONS[*number].context == context)
            })
            .map(|number| self.command(number, false))
            .collect();
        self.layers.push(Layer::Menu(
            Menu::new("Keys that count here", items).large(),
            Vec::new(),
        ));
    }

    /// A row of the palette, which begins with the name, or of the help, which begins with the keys.
    fn command(&self, number: usize, by_name: bool) -> Item<Pick> {
        let action = &ACTIONS[number];
        let keys = self.bindings.all(number);
        let item = if by_name {
            Item::new(
                Pick::Run(number),
                format!("{:<18} {}", action.name, action.doc),
            )
            .detail(keys)
        } else {
            Item::new(Pick::Run(number), format!("{keys:<16} {}", action.doc)).detail(action.name)
        };
        match (action.allowed)(self) {
            Ok(()) => item,
            Err(why) => item.barred(why),
        }
    }

    /// Opens the list of messages.
    pub fn messages(&mut self) {
        self.layers.push(Layer::Messages(0));
    }

    /// Turns to the next or previous pipeline.
    pub fn turn_pipeline(&mut self, by: isize) {
        let Some(board) = &self.board.board else {
            return;
        };
        let count = board.pipelines.len();
        let shown = board.pipeline.as_ref().map(|link| link.id);
        let place = board
            .pipelines
            .iter()
            .position(|link| Some(link.id) == shown);
        let next = (place.unwrap_or(0) + count).saturating_add_signed(by) % count.max(1);
        self.board.pipeline = board.pipelines.get(next).map(|link| link.id);
        self.board.look_elsewhere();
        self.read_board();
    }

    /// Explains the board's figures.
    pub fn explain(&mut self) {
        let lines = super::explain::explanation(self);
        self.layers
            .push(Layer::Text("How the figures are made".to_owned(), lines, 0));
    }
}
