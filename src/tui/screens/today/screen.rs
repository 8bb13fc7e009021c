//! What the app knows of Today.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::records::Deal;
use crate::domain::time::Instant;
use crate::domain::today::{Offer, Person, Step};
use crate::domain::value::Value;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, Query, TodayQuery};
use crate::tui::action::Motion;
use crate::tui::forms::log::About;
use crate::tui::keys::Scope;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::lines::Lines;
use crate::tui::screens::{Ask, Asking, Filtered, Hit, Opens, Scene, Screen, views};
use crate::tui::target::Target;

use super::draw;
use super::layout::Layout;
use super::state::{Item, Panel, TodayScreen};

fn of_deal(deal: &Offer) -> Target {
    Target {
        owner: deal.owner,
        stage: Some(deal.stage.id),
        has_amount: Some(deal.amount.is_some()),
        category: Some(Value::from(deal.category.as_deref())),
        read: true,
        ..Target::named(Entity::Deal, deal.link.id.record(), deal.link.name.clone())
    }
}

fn of_person(person: &Person) -> Target {
    Target {
        owner: person.owner,
        lead_state: person.lead_state.clone(),
        read: true,
        ..Target::named(
            Entity::Contact,
            person.link.id.record(),
            person.link.name.clone(),
        )
    }
}

fn of_step(step: &Step) -> Target {
    let name = step.subject.clone().unwrap_or_else(|| step.kind.clone());
    Target {
        owner: step.performer.as_ref().map(|rep| rep.id),
        ..Target::named(Entity::Activity, step.id.record(), name)
    }
}

/// The record of a line.
fn record(item: &Item<'_>) -> Option<Target> {
    match item {
        Item::Step(step) => Some(of_step(step)),
        Item::Rotting(deal) => Some(of_deal(&deal.deal)),
        Item::Waiting(lead) => Some(of_person(&lead.contact)),
        Item::Other(other) => {
            let (entity, id) = other.record?;
            matches!(
                entity,
                Entity::Deal | Entity::Contact | Entity::Company | Entity::Activity
            )
            .then(|| Target::named(entity, id, other.label.clone()))
        }
    }
}

/// What a line is about: of an activity its deal, else its contact, else its company.
fn subject(item: &Item<'_>) -> Option<Target> {
    match item {
        Item::Step(step) => {
            let company = || {
                let link = step.company.as_ref()?;
                let (id, name) = (link.id.record(), link.name.clone());
                Some(Target::named(Entity::Company, id, name))
            };
            let deal = step.deal.as_ref().map(of_deal);
            let person = || step.contact.as_ref().map(of_person);
            deal.or_else(person).or_else(company)
        }
        // Of what others changed no more than the id is known here: Enter opens it.
        Item::Other(_) => None,
        other => record(other),
    }
}

fn about(item: &Item<'_>) -> About {
    let link = |deal: Option<Id<Deal>>| deal.map(Id::record);
    let name = subject(item).map(|target| target.name).unwrap_or_default();
    let (deal, contact, company) = match item {
        Item::Step(step) => (
            link(step.deal.as_ref().map(|deal| deal.link.id)),
            step.contact.as_ref().map(|person| person.link.id.record()),
            step.company.as_ref().map(|company| company.id.record()),
        ),
        Item::Rotting(deal) => (
            link(Some(deal.deal.link.id)),
            deal.contact.map(Id::record),
            deal.company.as_ref().map(|company| company.id.record()),
        ),
        Item::Waiting(lead) => (
            None,
            Some(lead.contact.link.id.record()),
            lead.company.as_ref().map(|company| company.id.record()),
        ),
        Item::Other(_) => (None, None, None),
    };
    About {
        name,
        deal,
        contact,
        company,
        ..About::default()
    }
}

impl TodayScreen {
    /// The line of a record or of what it is about: that under the cursor first.
    fn find(&self, fits: impl Fn(&Item<'_>) -> bool) -> Option<Item<'_>> {
        let under = self.item().filter(&fits);
        under.or_else(|| {
            let mut all = Panel::ALL.into_iter().flat_map(|panel| self.items(panel));
            all.find(&fits)
        })
    }
}

impl Screen for TodayScreen {
    fn scope(&self) -> Scope {
        Scope::Board
    }

    fn singular(&self) -> &'static str {
        match self.focus {
            Panel::Steps | Panel::Others => "deal or contact",
            Panel::Rotting => "deal",
            Panel::Waiting => "lead",
        }
    }

    fn is_read(&self) -> Result<(), &'static str> {
        match self.today {
            Some(_) => Ok(()),
            None => Err("Today is still being read"),
        }
    }

    fn owns(&self, view: View) -> bool {
        view == views::TODAY
    }

    fn reads(&self, on: &Asking) -> Vec<Ask> {
        let query = TodayQuery {
            asked: on.asked,
            since: self.since(on.asked.me),
        };
        vec![(views::TODAY, Query::Today(query))]
    }

    fn wants(&mut self, on: &Asking) -> Vec<Ask> {
        self.begins(on.asked.now);
        Vec::new()
    }

    fn take(&mut self, _: View, answer: Answer, area: Rect) -> Option<&'static str> {
        if let Answer::Today(today) = answer {
            self.take_today(*today, &Layout::new(area));
        }
        None
    }

    fn fail(&mut self, _: View, why: Option<&str>) {
        self.fault = why.map(str::to_owned);
    }

    fn go(&mut self, motion: Motion, area: Rect) {
        self.go_in(motion, &Layout::new(area));
    }

    fn settle(&mut self, area: Rect) {
        self.keep_in_sight(&Layout::new(area));
    }

    fn targets(&self) -> Vec<Target> {
        self.item().as_ref().and_then(record).into_iter().collect()
    }

    fn target_count(&self) -> usize {
        self.targets().len()
    }

    fn target(&self, id: RecordId) -> Option<Target> {
        let is = |target: Option<Target>| target.filter(|target| target.id == id);
        let item = self.find(|item| is(record(item)).or_else(|| is(subject(item))).is_some())?;
        is(record(&item)).or_else(|| is(subject(&item)))
    }

    fn about(&self, id: RecordId) -> Option<About> {
        let item = self.find(|item| subject(item).is_some_and(|target| target.id == id))?;
        Some(about(&item))
    }

    fn belongs(&self) -> Option<About> {
        let item = self.item()?;
        let about = about(&item);
        let other = || {
            let target = record(&item)?;
            let of_party = matches!(
                target.entity,
                Entity::Deal | Entity::Contact | Entity::Company
            );
            of_party.then(|| About::of(&target, None))
        };
        match about.record() {
            Some(_) => Some(about),
            None => other(),
        }
    }

    fn subjects(&self) -> Vec<Target> {
        self.item().as_ref().and_then(subject).into_iter().collect()
    }

    fn subject_count(&self) -> usize {
        self.subjects().len()
    }

    fn adds(&self) -> (FormOf, About) {
        let about = self.item().as_ref().map(about);
        (FormOf::NewDeal, about.unwrap_or_default())
    }

    fn planned(&self) -> Option<Target> {
        match self.item()? {
            Item::Step(step) => Some(of_step(step)),
            _ => None,
        }
    }

    fn planned_kind(&self) -> Option<&str> {
        match self.item()? {
            Item::Step(step) => Some(&step.kind),
            _ => None,
        }
    }

    fn has_marks(&self) -> bool {
        false
    }

    fn filter(&self) -> Option<&Filtered> {
        None
    }

    fn has_filter(&self) -> bool {
        false
    }

    fn set_filter(&mut self, _: Option<Filtered>) {}

    fn filter_hints(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn opens(&self, _: &Look<'_>) -> Opens {
        let Some(item) = self.item() else {
            return Opens::Nothing;
        };
        let target = subject(&item).or_else(|| record(&item));
        match target {
            Some(target) => Opens::Record(target.entity, target.id, target.name),
            None => match item {
                Item::Other(other) => {
                    Opens::Text("What was changed".to_owned(), vec![other.label.clone()])
                }
                _ => Opens::Nothing,
            },
        }
    }

    fn can_turn(&self) -> Result<(), &'static str> {
        Err("Today is one day; . and , turn pipelines and contacts")
    }

    fn show_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        commands: &[Command],
        area: Rect,
    ) {
        self.note_ahead(ticket, seen, commands);
        self.settle(area);
    }

    fn arrived(&mut self, ticket: Ticket) {
        self.note_arrived(ticket);
    }

    fn take_back(&mut self, ticket: Ticket, area: Rect) {
        self.note_taken_back(ticket);
        self.settle(area);
    }

    fn note_by_others(&mut self, record: RecordId, at: Instant) {
        self.by_others.note(record, at);
    }

    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)> {
        draw::draw(frame.buffer_mut(), area, self, scene)
    }

    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        let layout = Layout::new(area);
        let named = layout.strip.and_then(|line| self.strip().at(x, y, line));
        if let Some(panel) = named.and_then(|place| Panel::ALL.get(place)) {
            self.focus = *panel;
            self.keep_in_sight(&layout);
            return Hit::Elsewhere;
        }
        let hit = Panel::ALL.into_iter().find(|panel| {
            layout.shows(*panel, self.focus) && layout.panel(*panel).contains((x, y).into())
        });
        let Some(panel) = hit else {
            return Hit::Elsewhere;
        };
        self.focus = panel;
        let inner = layout.inner(panel);
        if !inner.contains((x, y).into()) {
            return Hit::Elsewhere;
        }
        let line = self.tops[panel as usize] + usize::from(y - inner.y);
        match self.place_at(panel, line, layout.tall) {
            Some(place) => {
                self.cursors[panel as usize] = place;
                Hit::Record
            }
            None => Hit::Elsewhere,
        }
    }

    fn scroll(&mut self, x: u16, y: u16, by: isize, area: Rect) {
        let layout = Layout::new(area);
        let under = Panel::ALL.into_iter().find(|panel| {
            layout.shows(*panel, self.focus) && layout.panel(*panel).contains((x, y).into())
        });
        if let Some(panel) = under {
            let cursor = &mut self.cursors[panel as usize];
            *cursor = cursor.saturating_add_signed(by);
            self.keep_in_sight(&layout);
        }
    }

    fn lines(&self) -> &dyn Lines {
        self
    }

    fn lines_mut(&mut self) -> &mut dyn Lines {
        self
    }
}
