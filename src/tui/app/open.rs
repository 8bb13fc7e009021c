//! What opens a layer over the screen.

use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, LEAD_STATES};
use crate::store::query::Query;
use crate::tui::action::{ACTIONS, Context};
use crate::tui::forms;
use crate::tui::forms::lose::LoseForm;
use crate::tui::layers::{Detail, FilterBar, Find, Layer, OnceKnown, Pick};
use crate::tui::screens::{Filtered, Opens, Shown, today};
use crate::tui::target::Target;
use crate::tui::widgets::choices::{Choices, Item};
use crate::tui::widgets::menu::Menu;
use crate::tui::widgets::text_field::TextField;

use super::acts::several;
use super::{App, views};

/// Lines of a record's timeline that are read.
const TIMELINE: usize = 200;

impl App {
    /// Opens what is under the cursor; in a deal's popup its company, else its person.
    pub fn open(&mut self) {
        if !self.layers.is_empty() {
            self.open_from_popup();
            return;
        }
        match self.screen().opens(&self.look()) {
            Opens::Nothing => {}
            Opens::Text(title, lines) => self.layers.push(Layer::Text(title, lines, 0)),
            Opens::Record(entity, id, name) => self.open_record(entity, id, name),
        }
    }

    /// Opens a record: a contact or company on its own screen, where that does not show it yet, anything else in a popup.
    pub(super) fn open_record(&mut self, entity: Entity, id: RecordId, name: String) {
        let shown = self.party(self.shown);
        let here = shown.is_some_and(|party| party.id() == Some(id));
        if matches!(entity, Entity::Contact | Entity::Company) && !here {
            self.open_party(entity, id, name);
        } else {
            self.open_popup(entity, id, name);
        }
    }

    fn open_popup(&mut self, entity: Entity, id: RecordId, name: String) {
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

    /// What the title of a menu about records says.
    pub(super) fn subject(targets: &[Target]) -> String {
        match targets {
            [one] => one.name.clone(),
            many => several(many),
        }
    }

    /// Opens the menu of stages or of lead states.
    pub fn choose_state(&mut self) {
        let targets = self.subjects();
        if targets.iter().all(|target| target.entity == Entity::Deal) {
            self.choose_stage(targets);
        } else {
            self.choose_lead_state(targets);
        }
    }

    fn choose_lead_state(&mut self, targets: Vec<Target>) {
        let has = |state: Option<&str>| {
            let mut all = targets.iter();
            all.all(|target| target.lead_state.as_deref() == state)
        };
        let item = |state: Option<&'static str>, name: &str| {
            let item = Item::new(Pick::LeadState(state), name);
            if has(state) {
                item.barred("is so")
            } else {
                item
            }
        };
        let mut items: Vec<Item<Pick>> = LEAD_STATES
            .iter()
            .map(|state| item(Some(state), state))
            .collect();
        items.push(item(None, "no lead"));
        let title = format!("Lead state of {}", Self::subject(&targets));
        self.layers
            .push(Layer::Menu(Menu::new(title, items), targets));
    }

    /// Opens the menu of the screen's orders.
    pub fn choose_sort(&mut self) {
        let items = self.screen().sorts().into_iter().enumerate();
        let items = items
            .map(|(place, choice)| Item::new(Pick::Sort(place), choice.name).detail(choice.detail));
        let menu = Menu::new("Sort by", items.collect());
        self.layers.push(Layer::Menu(menu, Vec::new()));
    }

    /// Opens the menu of the parts of the screen.
    pub fn choose_part(&mut self) {
        let items = self.screen().parts().into_iter().enumerate();
        let items = items.map(|(place, choice)| {
            let item = Item::new(Pick::Part(place), choice.name).detail(choice.detail);
            if choice.on {
                item.barred("is shown")
            } else {
                item
            }
        });
        let title = if self.list(self.shown).is_some() {
            "Show of the leads"
        } else {
            "Show of the timeline"
        };
        let menu = Menu::new(title, items.collect());
        self.layers.push(Layer::Menu(menu, Vec::new()));
    }

    /// Opens the line for tags.
    pub fn type_tags(&mut self) {
        let targets = self.subjects();
        self.layers.push(Layer::Tags(TextField::default(), targets));
    }

    /// Opens the menu of stages.
    fn choose_stage(&mut self, targets: Vec<Target>) {
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
        let targets = self.deals();
        self.ask_reason(targets);
    }

    pub(super) fn ask_reason(&mut self, targets: Vec<Target>) {
        let form = LoseForm::new(&Self::subject(&targets), &self.reasons);
        self.layers.push(Layer::Lose(Box::new(form), targets));
    }

    /// Opens the menu of owners.
    pub fn choose_owner(&mut self) {
        let targets = self.subjects();
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
        let before = self.screen().filter().cloned();
        let text = before.as_ref().map_or("", |filter| filter.text.as_str());
        self.layers.push(Layer::Filter(FilterBar {
            field: TextField::new(text),
            before,
            fault: None,
            reading: None,
        }));
    }

    /// Puts a filter on or takes it off, and reads the screen.
    pub(super) fn set_filter(&mut self, filter: Option<Filtered>) {
        if self.screen().filter() != filter.as_ref() {
            self.screen_mut().set_filter(filter);
            self.read_screen();
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
        let items = Context::ALL
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

    /// Explains the figures of the screen.
    pub fn explain(&mut self) {
        let lines = match self.shown {
            Shown::Today => today::explain::explanation(&self.today, &self.look()),
            _ => super::explain::explanation(self),
        };
        self.layers
            .push(Layer::Text("How the figures are made".to_owned(), lines, 0));
    }
}
