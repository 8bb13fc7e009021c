//! What the app knows of the board.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::board::CardOrder;
use crate::domain::command::Command;
use crate::domain::id::{Id, RecordId};
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::domain::view::Setup;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, BoardQuery, Query};
use crate::tui::action::Motion;
use crate::tui::forms::log::About;
use crate::tui::keys::Scope;
use crate::tui::layers::{Exported, FormOf};
use crate::tui::look::Look;
use crate::tui::screens::lines::Lines;
use crate::tui::screens::worn::{BuiltIn, Worn, built_in};
use crate::tui::screens::{
    Ask, Asking, Choice, Filtered, Hit, NOT_SHOWN, Opens, Scene, Screen, views,
};
use crate::tui::target::Target;

use super::ahead::Foresight;
use super::draw;
use super::layout::Layout;
use super::state::{BoardScreen, LookedFor, WINDOW};

/// The views that it is born with.
const VIEWS: &[BuiltIn] = &[
    built_in("All", ""),
    built_in("Mine", "owner:me"),
    built_in("Unassigned", "no:owner"),
    built_in("No next step", "no:next_step"),
    built_in("Rotting", "is:rotting"),
    built_in("Closing this month", "close:this-month"),
    built_in("Close date passed", "close<today"),
];

impl BoardScreen {
    pub(super) fn layout(&self, area: Rect) -> Layout {
        Layout::new(area, self.columns().len())
    }

    fn query(&self, on: &Asking) -> Option<BoardQuery> {
        Some(BoardQuery {
            pipeline: self.pipeline,
            filter: self.filter.as_ref().map(|on| on.filter.clone()),
            limits: self.limits.clone(),
            limit: WINDOW,
            order: self.order,
            keep: self.keep,
            foot: on.foot?,
            asked: on.asked,
        })
    }
}

impl Screen for BoardScreen {
    fn scope(&self) -> Scope {
        Scope::Board
    }

    fn singular(&self) -> &'static str {
        "deal"
    }

    fn is_read(&self) -> Result<(), &'static str> {
        match self.board {
            Some(_) => Ok(()),
            None if self.refused().is_some() => Err(NOT_SHOWN),
            None => Err("The pipeline is still being read"),
        }
    }

    fn owns(&self, view: View) -> bool {
        view == views::BOARD || view == views::EVER
    }

    fn reads(&self, on: &Asking) -> Vec<Ask> {
        let query = self.query(on).map(Query::Board);
        query
            .map(|query| (views::BOARD, query))
            .into_iter()
            .collect()
    }

    fn wants(&mut self, on: &Asking) -> Vec<Ask> {
        let mut asks = if self.wants_more() {
            self.reads(on)
        } else {
            Vec::new()
        };
        if self.ever.is_due()
            && let Some(query) = self.query(on)
        {
            asks.push(self.ever.ask(query));
        }
        asks
    }

    fn take(&mut self, _: View, answer: Answer, area: Rect) -> Option<&'static str> {
        let board = match answer {
            Answer::Board(board) => board,
            Answer::Ever(of, found) => {
                self.ever.take(&of, found, self.board.as_mut());
                return None;
            }
            _ => return None,
        };
        let gone = self.pipeline_is_gone(&board);
        let looked_for = self.take_board(*board, |columns| Layout::new(area, columns));
        if gone {
            return Some(
                "The pipeline that this was of is not in the book any more: the first one is shown",
            );
        }
        (looked_for == LookedFor::NotShown)
            .then_some("The new deal is not shown: Esc takes the filter away")
    }

    fn fail(&mut self, _: View, why: Option<&str>) {
        self.fault = why.map(str::to_owned);
    }

    fn refused(&self) -> Option<&str> {
        let view = self.worn.as_ref().filter(|_| self.board.is_none());
        view.and(self.fault.as_deref())
    }

    fn refuse(&mut self, why: &str) {
        self.show_nothing(why);
    }

    fn go(&mut self, motion: Motion, area: Rect) {
        let layout = self.layout(area);
        self.go_in(motion, layout);
    }

    fn settle(&mut self, area: Rect) {
        let layout = self.layout(area);
        self.settle_in(layout);
    }

    fn targets(&self) -> Vec<Target> {
        let under = self.card().map(|card| card.id).into_iter();
        let marked = self.marks.iter().copied();
        let deals: Vec<_> = if self.marks.is_empty() {
            under.collect()
        } else {
            marked.collect()
        };
        let target = |deal: Id<crate::domain::records::Deal>| {
            let id = deal.record();
            self.target(id)
                .unwrap_or_else(|| Target::named(Entity::Deal, id, id.to_string()))
        };
        deals.into_iter().map(target).collect()
    }

    fn target_count(&self) -> usize {
        if self.marks.is_empty() {
            usize::from(self.card().is_some())
        } else {
            self.marks.len()
        }
    }

    fn target(&self, id: RecordId) -> Option<Target> {
        let (stage, card) = self.seen(Id::new(id))?;
        Some(Target {
            stage: Some(stage),
            category: Some(Value::from(card.category.as_deref())),
            has_amount: Some(card.amount.is_some()),
            owner: card.owner.as_ref().map(|owner| owner.id),
            read: true,
            ..Target::named(Entity::Deal, id, card.title.clone())
        })
    }

    fn about(&self, id: RecordId) -> Option<About> {
        let (_, card) = self.seen(Id::new(id))?;
        Some(About {
            name: card.title.clone(),
            deal: Some(id),
            contact: card.contact.as_ref().map(|link| link.id.record()),
            company: card.company.as_ref().map(|link| link.id.record()),
            ..About::default()
        })
    }

    fn adds(&self) -> (FormOf, About) {
        (FormOf::NewDeal, About::default())
    }

    fn marked(&self) -> usize {
        self.marks.len()
    }

    fn clear_marks(&mut self) {
        self.marks.clear();
        self.last_mark = None;
    }

    fn mark(&mut self, area: Rect) {
        let Some(deal) = self.card().map(|card| card.id) else {
            return;
        };
        let marked = !self.marks.remove(&deal);
        if marked {
            self.marks.insert(deal);
        }
        self.last_mark = Some(deal).filter(|_| marked);
        self.go(Motion::Down, area);
    }

    fn mark_again(&mut self, records: &[(Entity, RecordId)]) {
        let deals = records.iter().filter(|(of, _)| *of == Entity::Deal);
        let here = deals.map(|(_, id)| Id::new(*id));
        let here: Vec<_> = here.filter(|deal| self.find(*deal).is_some()).collect();
        self.marks.extend(here);
    }

    fn mark_range(&mut self) -> Option<String> {
        let here = self.card()?.id;
        let cards = &self.focused()?.cards;
        let place = |deal| cards.iter().position(|card| card.id == deal);
        let from = self.last_mark.and_then(place);
        let to = place(here)?;
        let from_here = from.unwrap_or(to);
        let range = from_here.min(to)..from_here.max(to) + 1;
        let deals: Vec<_> = cards.get(range)?.iter().map(|card| card.id).collect();
        self.marks.extend(deals);
        let elsewhere = from.is_none() && self.last_mark.is_some();
        self.last_mark = Some(here);
        if elsewhere {
            Some("The last mark is not in this column; a range begins here".to_owned())
        } else {
            from.is_none()
                .then(|| "A range begins here; go on and press it again".to_owned())
        }
    }

    fn mark_all(&mut self) -> Option<String> {
        let column = self.focused()?;
        let deals: Vec<_> = column.cards.iter().map(|card| card.id).collect();
        let unloaded = column.count.saturating_sub(deals.len() as u64);
        if deals.iter().all(|deal| self.marks.contains(deal)) {
            for deal in deals {
                self.marks.remove(&deal);
            }
            return None;
        }
        self.marks.extend(deals);
        (unloaded > 0).then(|| {
            if unloaded == 1 {
                return "1 deal of this column is not loaded and so not marked; End loads it"
                    .into();
            }
            format!(
                "{} deals of this column are not loaded and so not marked; End loads them",
                grouped(unloaded)
            )
        })
    }

    fn filter(&self) -> Option<&Filtered> {
        self.filter.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filtered>) {
        self.filter = filter;
        self.look_elsewhere();
    }

    fn is_exported(&self) -> bool {
        let board = self.board.as_ref();
        board.is_some_and(|board| board.pipeline.is_some())
    }

    fn exported(&self, on: &Asking) -> Option<Exported> {
        self.as_exported(on)
    }

    fn sorts(&self) -> Vec<Choice> {
        let choice = |order: CardOrder| Choice {
            name: order.name().into(),
            detail: match order {
                on if on == self.order => "is so",
                CardOrder::Own => "as they were placed by hand",
                CardOrder::Amount => "greatest first",
                CardOrder::Close | CardOrder::NextStep => "soonest first",
                CardOrder::Quiet => "",
            },
            on: order == self.order,
        };
        CardOrder::ALL.map(choice).into()
    }

    fn sort_by(&mut self, place: usize) {
        if let Some(order) = CardOrder::ALL.get(place) {
            self.put_in_order(*order);
        }
    }

    fn views_of(&self) -> Option<&'static str> {
        Some("pipeline")
    }

    fn built_in(&self) -> &'static [BuiltIn] {
        VIEWS
    }

    fn setup(&self) -> Setup {
        self.as_setup()
    }

    fn wear(&mut self, id: Option<RecordId>, name: &str, setup: &Setup) {
        self.put_on(id, name, setup);
    }

    fn worn(&self) -> Option<&Worn> {
        self.worn.as_ref()
    }

    fn rename_view(&mut self, name: &str) {
        if let Some(worn) = &mut self.worn {
            name.clone_into(&mut worn.name);
        }
    }

    fn forget_view(&mut self) {
        self.worn = None;
    }

    fn take_off(&mut self) {
        self.put_off();
    }

    fn is_now(&mut self, id: RecordId, name: &str) {
        self.worn = Some(Worn {
            id: Some(id),
            name: name.to_owned(),
            setup: self.setup(),
        });
    }

    fn filter_hints(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("owner:me", "mine"),
            ("value>10k", "large"),
            ("is:rotting", "quiet"),
            ("-word", "without"),
        ]
    }

    fn opens(&self, _: &Look<'_>) -> Opens {
        self.card().map_or(Opens::Nothing, |card| {
            Opens::Record(Entity::Deal, card.id.record(), card.title.clone())
        })
    }

    fn can_turn(&self) -> Result<(), &'static str> {
        self.is_read()?;
        match &self.board {
            Some(board) if board.pipelines.len() > 1 => Ok(()),
            _ => Err("This book has no other pipeline"),
        }
    }

    fn turn(&mut self, by: isize) -> Result<(), String> {
        self.can_turn()?;
        let Some(board) = &self.board else {
            return Ok(());
        };
        let count = board.pipelines.len();
        let shown = board.pipeline.as_ref().map(|link| link.id);
        let place = board
            .pipelines
            .iter()
            .position(|link| Some(link.id) == shown);
        let next = (place.unwrap_or(0) + count).saturating_add_signed(by) % count;
        self.pipeline = board.pipelines.get(next).map(|link| link.id);
        self.look_elsewhere();
        Ok(())
    }

    fn show_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        _: &[Command],
        area: Rect,
    ) {
        let layout = self.layout(area);
        for (record, foresight) in seen {
            self.show_card_ahead(ticket, Id::new(*record), foresight.clone(), layout);
        }
    }

    fn arrived(&mut self, ticket: Ticket) {
        self.ahead.retain(|ahead| ahead.ticket != ticket);
    }

    fn take_back(&mut self, ticket: Ticket, area: Rect) {
        let layout = self.layout(area);
        self.take_back_in(ticket, layout);
    }

    fn made(&mut self, entity: Entity, id: RecordId) {
        if entity == Entity::Deal {
            self.look_for(Id::new(id));
        }
    }

    fn note_by_others(&mut self, record: RecordId, at: Instant) {
        self.by_others.note(record, at);
    }

    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)> {
        draw::draw(frame.buffer_mut(), area, self, scene);
        let layout = self.layout(area);
        let lane = self.lanes.get(self.column)?;
        let cards = layout.lane(self.column.saturating_sub(self.left)).cards;
        let row = u16::try_from(lane.cursor.saturating_sub(lane.top)).unwrap_or(0);
        let place = (cards.x + 1, cards.y + row * layout.card_step());
        (self.card().is_some() && cards.contains(place.into())).then_some(place)
    }

    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        self.press_at(x, y, area)
    }

    fn scroll(&mut self, x: u16, y: u16, by: isize, area: Rect) {
        let layout = self.layout(area);
        if let Some((place, _)) = layout.hit(x, y) {
            self.scroll_lane(self.left + place, by, layout);
        }
    }

    fn column_at(&self, x: u16, y: u16, area: Rect) -> Option<usize> {
        let (place, _) = self.layout(area).hit(x, y)?;
        Some(self.left + place).filter(|column| *column < self.columns().len())
    }

    fn lines(&self) -> &dyn Lines {
        self
    }

    fn lines_mut(&mut self) -> &mut dyn Lines {
        self
    }
}
