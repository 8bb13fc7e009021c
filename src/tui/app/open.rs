//! What opens a layer over the screen.

use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, LEAD_STATES};
use crate::domain::pipeline::StageKind;
use crate::store::query::Query;
use crate::tui::forms;
use crate::tui::forms::log::About;
use crate::tui::forms::lose::LoseForm;
use crate::tui::layers::{Detail, Layer, OnceKnown, Pick};
use crate::tui::screens::{Opens, Shown, today};
use crate::tui::target::Target;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::menu::Menu;
use crate::tui::widgets::text_field::TextField;

use super::acts::several;
use super::{App, views};

/// Lines of a record's timeline that are read.
const TIMELINE: usize = 200;
/// Popups of records that lie over each other at the most.
const RECORDS: usize = 8;

impl App {
    /// Opens what is under the cursor; in a deal's popup its company, else its person.
    pub fn open(&mut self) {
        if !self.layers.is_empty() {
            self.open_from_popup();
            return;
        }
        match self.screen().opens(&self.look()) {
            Opens::Nothing => {}
            Opens::Step(group) => self.ask_step(group),
            // A contact in the trash has no screen of its own.
            Opens::Record(entity, id, name) if self.shown == Shown::Trash => {
                self.open_popup(entity, id, name);
            }
            Opens::Form(of) => self.open_form(of, About::default()),
            Opens::Text(title, lines) => self.layers.push(Layer::Text(title, lines, 0)),
            Opens::Record(entity, id, name) => self.open_record(entity, id, name),
        }
    }

    /// Shows more of what is under the cursor, where there is no room for it beside.
    pub fn preview(&mut self) {
        if let Some((title, lines)) = self.screen().preview(&self.look()) {
            self.layers.push(Layer::Text(title, lines, 0));
            self.previews = true;
        }
    }

    /// Whether the popup on top shows more of what is under the cursor.
    pub(super) fn is_previewing(&self) -> bool {
        self.previews && matches!(self.layers.last(), Some(Layer::Text(..)))
    }

    /// More is known of what that popup shows.
    pub(super) fn tell_more(&mut self) {
        if !self.is_previewing() {
            return;
        }
        let known = self.screen().preview(&self.look());
        if let (Some(Layer::Text(title, lines, _)), Some((of, more))) =
            (self.layers.last_mut(), known)
            && *title == of
        {
            *lines = more;
        }
    }

    /// Lets the panel that tells more stay on its record, or follow the cursor again.
    pub fn pin(&mut self) {
        let said = match self.screen_mut().pin() {
            Ok(true) => "Pinned: the panel stays here; w lets it follow the cursor again",
            Ok(false) => "The panel follows the cursor again",
            Err(why) => why,
        };
        self.say(crate::tui::notices::Tone::Plain, said);
    }

    /// Opens a record: a contact or company on its own screen, where that does not show it yet, anything else in a popup.
    pub(super) fn open_record(&mut self, entity: Entity, id: RecordId, name: String) {
        self.note_opened(entity, id);
        let shown = self.party(self.shown);
        let here = shown.is_some_and(|party| party.id() == Some(id));
        if matches!(entity, Entity::Contact | Entity::Company) && !here {
            self.open_party(entity, id, name);
        } else {
            self.open_popup(entity, id, name);
        }
    }

    /// Lays something over the screen. What is opened again comes to the top, and of many records only the last few stay, so that
    /// Esc leads out in a few steps.
    pub(super) fn lay_over(&mut self, layer: Layer) {
        self.layers.retain(|below| !layer.is_again(below));
        self.layers.push(layer);
        let is_record = |layer: &Layer| matches!(layer, Layer::Detail(_));
        let records = self.layers.iter().filter(|layer| is_record(layer)).count();
        if records > RECORDS
            && let Some(oldest) = self.layers.iter().position(is_record)
        {
            self.layers.remove(oldest);
        }
    }

    fn open_popup(&mut self, entity: Entity, id: RecordId, name: String) {
        self.lay_over(Layer::Detail(Detail {
            entity,
            id,
            name,
            record: None,
            timeline: None,
            lines: None,
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
        if entity == Entity::Deal {
            self.read(views::LINES, Query::Lines(Id::new(id)));
        }
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

    /// Opens the line for tags.
    pub fn type_tags(&mut self) {
        let targets = self.subjects();
        self.layers
            .push(Layer::Tags(TextField::default(), targets, Hints::default()));
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
        let others = self.stages.iter().filter(|stage| {
            let here = board.pipeline.as_ref().map(|link| link.id.record());
            stage.kind == Some(StageKind::Open) && !stage.retired && stage.parent != here
        });
        items.extend(others.map(|stage| {
            let item = Item::new(Pick::Stage(Id::new(stage.id)), &stage.name);
            item.detail(stage.detail.clone().unwrap_or_default())
        }));
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

    /// Opens the list of messages.
    pub fn messages(&mut self) {
        self.lay_over(Layer::Messages(0));
    }

    /// Explains the figures of the screen, or the filter of a list clause by clause.
    pub fn explain(&mut self) {
        if let Some(query) = self.screen().explained(&self.asking()) {
            self.read(views::CLAUSES, query);
            return;
        }
        let lines = match self.shown {
            Shown::Today => today::explain::explanation(&self.today, &self.look()),
            _ => super::explain::explanation(self),
        };
        self.lay_over(Layer::Text("How the figures are made".to_owned(), lines, 0));
    }
}
