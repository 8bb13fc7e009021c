//! Which screen is shown, what it asks of the store, and what acts are about.

use ratatui::layout::Rect;

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::store::handle::View;
use crate::store::query::Query;
use crate::tui::forms::log::About;
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::lists::ListScreen;
use crate::tui::screens::party::PartyScreen;
use crate::tui::screens::{Asking, SCREENS, Screen, Shown};
use crate::tui::target::Target;

use super::{App, Book, view, views};

impl App {
    /// The screen that is shown.
    pub(in crate::tui) fn screen(&self) -> &dyn Screen {
        match self.shown {
            Shown::Today => &self.today,
            Shown::Pipeline => &self.board,
            Shown::Leads => &self.leads,
            Shown::Contacts => &self.contacts,
            Shown::Contact => &self.contact,
            Shown::Companies => &self.companies,
            Shown::Company => &self.company,
            Shown::Trash => &self.trash,
            Shown::Steps => &self.steps,
            Shown::Setup => &self.setup,
        }
    }

    pub(in crate::tui) fn screen_mut(&mut self) -> &mut dyn Screen {
        match self.shown {
            Shown::Today => &mut self.today,
            Shown::Pipeline => &mut self.board,
            Shown::Leads => &mut self.leads,
            Shown::Contacts => &mut self.contacts,
            Shown::Contact => &mut self.contact,
            Shown::Companies => &mut self.companies,
            Shown::Company => &mut self.company,
            Shown::Trash => &mut self.trash,
            Shown::Steps => &mut self.steps,
            Shown::Setup => &mut self.setup,
        }
    }

    /// All screens, shown or not.
    pub(super) fn screens_mut(&mut self) -> [&mut dyn Screen; 10] {
        [
            &mut self.board,
            &mut self.leads,
            &mut self.contacts,
            &mut self.contact,
            &mut self.companies,
            &mut self.company,
            &mut self.today,
            &mut self.trash,
            &mut self.steps,
            &mut self.setup,
        ]
    }

    fn screens(&self) -> [&dyn Screen; 10] {
        [
            &self.board,
            &self.leads,
            &self.contacts,
            &self.contact,
            &self.companies,
            &self.company,
            &self.today,
            &self.trash,
            &self.steps,
            &self.setup,
        ]
    }

    /// Where a screen stands on the terminal.
    pub(in crate::tui) fn body(&self) -> Rect {
        view::body(Rect::new(0, 0, self.size.0, self.size.1))
    }

    pub(super) fn settle_screens(&mut self) {
        let area = self.body();
        for screen in self.screens_mut() {
            screen.settle(area);
        }
    }

    pub(super) fn asking(&self) -> Asking {
        Asking {
            asked: self.asked(),
            foot: self.period,
            zone: self.zone(),
            area: self.body(),
            tells_more: self.is_previewing(),
        }
    }

    /// Whether whose day it is has to be known before it can be asked for.
    pub(super) fn waits_for_whose_day(&self) -> bool {
        self.shown == Shown::Today && self.rep.is_some() && self.me.is_none()
    }

    /// Asks anew for what is shown. What is not shown is asked for when it is.
    pub(super) fn read_screen(&mut self) {
        if !matches!(self.book, Book::Open(_)) || self.waits_for_whose_day() {
            return;
        }
        let asks = self.screen().reads(&self.asking());
        for (view, query) in asks {
            self.read(view, query);
        }
    }

    /// Asks for what has come into sight.
    pub(super) fn read_wanted(&mut self) {
        if !matches!(self.book, Book::Open(_)) {
            return;
        }
        let asking = self.asking();
        let mut asks = self.screen_mut().wants(&asking);
        // Deals are moved from Today too: the stages are read once it is there.
        if self.shown == Shown::Today && self.board.board.is_none() && self.today.wants_stages() {
            asks.extend(self.board.reads(&asking));
        }
        for (view, query) in asks {
            self.read(view, query);
        }
        // Deals are moved to other pipelines too: their stages are read once there are several.
        let several = self
            .board
            .board
            .as_ref()
            .is_some_and(|board| board.pipelines.len() > 1);
        if several && !self.stages_asked {
            self.stages_asked = true;
            self.read(views::ALL_STAGES, Query::Choices(Entity::Stage));
        }
    }

    /// Goes to the screen of a tab.
    pub fn show_tab(&mut self, number: usize) {
        let Some((name, shown)) = SCREENS.get(number.wrapping_sub(1)) else {
            return;
        };
        match shown {
            Some(shown) => {
                self.layers.clear();
                self.trail.clear();
                self.show(*shown);
            }
            None => self.say(
                Tone::Plain,
                format!(
                    "{name} is not built yet; 2 are the leads, 3 is the pipeline, 4 the contacts"
                ),
            ),
        }
    }

    /// Shows a screen as it was left, and asks for it anew.
    pub(super) fn show(&mut self, shown: Shown) {
        if self.shown != shown {
            self.turn_to(shown);
            self.settle_screens();
            self.read_screen();
        }
    }

    /// Leaves a screen for another. Nobody waits for what it has asked: when it is shown again it asks anew.
    pub(super) fn turn_to(&mut self, shown: Shown) {
        let waited: Vec<View> = self.unanswered.iter().copied().collect();
        let of_left: Vec<View> = (waited.into_iter())
            .filter(|view| self.screen().owns(*view))
            .collect();
        let left = std::mem::replace(&mut self.shown, shown) != shown;
        self.slow &= !left;
        let gone: Vec<View> = (of_left.into_iter())
            .filter(|view| left && !self.screen().owns(*view))
            .collect();
        if !gone.is_empty() {
            self.unanswered.retain(|view| !gone.contains(view));
            self.out.push(Effect::Forgo(gone));
        }
    }

    /// Goes to the next or previous contact, company or pipeline.
    pub fn turn(&mut self, by: isize) {
        match self.screen_mut().turn(by) {
            Ok(()) => {
                self.follow_in_list();
                self.settle_screens();
                self.read_screen();
            }
            Err(why) => self.say(Tone::Plain, why),
        }
    }

    /// The list that is a screen.
    pub(super) const fn list(&self, shown: Shown) -> Option<&ListScreen> {
        match shown {
            Shown::Leads => Some(&self.leads),
            Shown::Contacts => Some(&self.contacts),
            Shown::Companies => Some(&self.companies),
            Shown::Today
            | Shown::Pipeline
            | Shown::Contact
            | Shown::Company
            | Shown::Trash
            | Shown::Steps
            | Shown::Setup => None,
        }
    }

    const fn list_mut(&mut self, shown: Shown) -> Option<&mut ListScreen> {
        match shown {
            Shown::Leads => Some(&mut self.leads),
            Shown::Contacts => Some(&mut self.contacts),
            Shown::Companies => Some(&mut self.companies),
            Shown::Today
            | Shown::Pipeline
            | Shown::Contact
            | Shown::Company
            | Shown::Trash
            | Shown::Steps
            | Shown::Setup => None,
        }
    }

    /// The screen of a contact or company that is a screen.
    pub(in crate::tui) const fn party(&self, shown: Shown) -> Option<&PartyScreen> {
        match shown {
            Shown::Contact => Some(&self.contact),
            Shown::Company => Some(&self.company),
            _ => None,
        }
    }

    pub(super) const fn party_mut(&mut self, shown: Shown) -> Option<&mut PartyScreen> {
        match shown {
            Shown::Contact => Some(&mut self.contact),
            Shown::Company => Some(&mut self.company),
            _ => None,
        }
    }

    /// The cursor of the list goes with what is shown of it, so that Esc comes back to it.
    fn follow_in_list(&mut self) {
        let Some(party) = self.party(self.shown) else {
            return;
        };
        let (Some(id), place, back) = (party.id(), party.from.place, party.from.back) else {
            return;
        };
        let Some(list) = self.list_mut(back) else {
            return;
        };
        let here = list.ids().get(place) == Some(&id);
        let place = if here {
            Some(place)
        } else {
            list.ids().iter().position(|known| *known == id)
        };
        if let Some(place) = place {
            list.cursor = place;
        }
        let name = list.row(id).map(|row| row.record.name());
        if let (Some(name), Some(party)) = (name, self.party_mut(self.shown)) {
            party.name = name;
        }
    }

    // What an act is about.

    /// The deal whose popup is open.
    fn in_popup(&self) -> Option<Target> {
        let deal = self.layers.iter().rev().find_map(Layer::deal)?;
        Some(self.target(Entity::Deal, deal))
    }

    /// The records that an act is about: that of the popup, else those marked, else the one under the cursor.
    pub(super) fn targets(&self) -> Vec<Target> {
        if let Some(about) = &self.unseen.about {
            return about.targets.clone();
        }
        match self.in_popup() {
            Some(target) => vec![target],
            None => self.screen().targets(),
        }
    }

    /// The deals that an act on deals is about: what acts are about where those are deals, else what they belong to.
    pub(super) fn deals(&self) -> Vec<Target> {
        let of_deals = |all: &Vec<Target>| all.iter().all(|target| target.entity == Entity::Deal);
        let targets = Some(self.targets()).filter(of_deals);
        targets.unwrap_or_else(|| Some(self.subjects()).filter(of_deals).unwrap_or_default())
    }

    /// How many records [`targets`](Self::targets) would give: asked for every key of the footer in every frame.
    pub(super) fn target_count(&self) -> usize {
        if self.layers.iter().any(|layer| layer.deal().is_some()) {
            1
        } else {
            self.screen().target_count()
        }
    }

    /// The deals and contacts that have owners, states and tags, and that something is logged about.
    pub(super) fn subjects(&self) -> Vec<Target> {
        if let Some(about) = &self.unseen.about {
            return about.subjects.clone();
        }
        match self.in_popup() {
            Some(target) => vec![target],
            None => self.screen().subjects(),
        }
    }

    pub(super) fn subject_count(&self) -> usize {
        if self.layers.iter().any(|layer| layer.deal().is_some()) {
            1
        } else {
            self.screen().subject_count()
        }
    }

    /// A record as a screen or a popup shows it.
    pub(super) fn target(&self, entity: Entity, id: RecordId) -> Target {
        let shown = self.shown_target(id);
        shown.unwrap_or_else(|| Target {
            is_lead: entity == Entity::Contact && self.shown == Shown::Leads,
            ..Target::named(entity, id, id.to_string())
        })
    }

    /// The same, where one does show it.
    pub(super) fn shown_target(&self, id: RecordId) -> Option<Target> {
        let on_screen = std::iter::once(self.screen())
            .chain(self.screens())
            .find_map(|screen| screen.target(id));
        on_screen.or_else(|| {
            let shown = self.layers.iter().rev().find_map(|layer| layer.record(id));
            shown.map(Target::of)
        })
    }

    /// What an activity about a record is about.
    pub(super) fn about(&self, target: &Target) -> About {
        let on_screen = std::iter::once(self.screen())
            .chain(self.screens())
            .find_map(|screen| screen.about(target.id));
        let about = on_screen.unwrap_or_else(|| {
            let shown = self
                .layers
                .iter()
                .rev()
                .find_map(|layer| layer.record(target.id));
            About::of(target, shown)
        });
        About {
            performer: self.me(),
            ..about
        }
    }
}
