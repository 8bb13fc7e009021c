//! What the app knows of a list.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::custom::CustomField;
use crate::domain::history::{Part, Party};
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::domain::view::Setup;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, HistoryQuery, ListQuery, Query};
use crate::tui::action::Motion;
use crate::tui::forms::log::About;
use crate::tui::keys::Scope;
use crate::tui::layers::{Exported, FormOf};
use crate::tui::look::Look;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::lines::Lines;
use crate::tui::screens::worn::{BuiltIn, ColumnChoice, Worn};
use crate::tui::screens::{Ask, Asking, Choice, Filtered, Hit, NOT_SHOWN, Opens, Scene, Screen};
use crate::tui::target::Target;
use crate::tui::theme::UNICODE;

use super::draw;
use super::preview;
use super::state::ListScreen;

/// So many are asked for before all are read: more than come into sight before the rest is there.
const FIRST: usize = 100;
/// Happenings of the one under the cursor that the panel beside the list tells.
const LATELY: usize = 20;

impl ListScreen {
    fn list(&self, on: &Asking) -> ListQuery {
        let mut sort = self.order_keys();
        if !sort.iter().any(|(key, _)| key == "name" || key == "id") {
            sort.push(("name".to_owned(), false));
        }
        ListQuery {
            entity: self.face.entity,
            filter: self.asked_filter(),
            sort,
            limit: None,
            trashed: false,
            asked: on.asked,
        }
    }
}

impl Screen for ListScreen {
    fn scope(&self) -> Scope {
        Scope::Contacts
    }

    fn singular(&self) -> &'static str {
        self.face.singular
    }

    fn is_read(&self) -> Result<(), &'static str> {
        if self.order.is_some() && self.beyond.is_empty() {
            Ok(())
        } else if self.refused().is_some() {
            Err(NOT_SHOWN)
        } else {
            Err(self.face.still_reading)
        }
    }

    fn owns(&self, view: View) -> bool {
        view == self.face.preview.lately || view == self.face.order || view == self.face.rows
    }

    fn reads(&self, on: &Asking) -> Vec<Ask> {
        let mut list = self.list(on);
        // Where something is shown already, the whole order takes its place.
        list.limit = (self.order.is_none() || self.is_stale).then_some(FIRST);
        vec![(self.face.order, Query::Order(list))]
    }

    fn wants(&mut self, on: &Asking) -> Vec<Ask> {
        let mut asks = Vec::new();
        let ids = self.wanted_rows(draw::rows(on.area));
        if !ids.is_empty() {
            let (entity, now) = (self.face.entity, on.asked.now);
            asks.push((self.face.rows, Query::Rows { entity, ids, now }));
        }
        // What happened lately is read where it is shown.
        let shown = draw::tells_more(self.face, on.area) || on.tells_more;
        let wanted = shown.then(|| self.wanted_history()).flatten();
        let of = wanted.and_then(|id| Party::of(self.face.entity, id));
        if let Some(of) = of {
            let query = HistoryQuery {
                of,
                part: Part::default(),
                before: None,
                limit: LATELY,
            };
            asks.push((self.face.preview.lately, Query::History(query)));
        }
        asks
    }

    fn take(&mut self, _: View, answer: Answer, area: Rect) -> Option<&'static str> {
        match answer {
            Answer::Order(order) => {
                let there = self.take_order(order, draw::rows(area));
                (!there).then_some(self.face.not_shown)
            }
            Answer::Head(Some(head)) => {
                let there = self.take_head(head, draw::rows(area));
                (!there).then_some(self.face.not_shown)
            }
            Answer::Rows(rows) => {
                self.take_rows(rows);
                None
            }
            Answer::History(history) => {
                self.take_history(history);
                None
            }
            _ => None,
        }
    }

    fn fail(&mut self, _: View, why: Option<&str>) {
        self.fault = why.map(str::to_owned);
        if why.is_some() {
            self.beyond.clear();
        }
    }

    fn refused(&self) -> Option<&str> {
        let view = self.worn.as_ref().filter(|_| self.order.is_none());
        view.and(self.fault.as_deref())
    }

    fn refuse(&mut self, why: &str) {
        self.fault = Some(why.to_owned());
        self.order = None;
        self.beyond.clear();
        self.unmark();
    }

    fn go(&mut self, motion: Motion, area: Rect) {
        self.go_in(motion, draw::rows(area));
    }

    fn settle(&mut self, area: Rect) {
        self.keep_in_sight(draw::rows(area));
    }

    fn targets(&self) -> Vec<Target> {
        let ids: Vec<RecordId> = if self.marks.is_empty() {
            self.under_cursor().into_iter().collect()
        } else {
            self.marks.iter().copied().collect()
        };
        ids.into_iter()
            .map(|id| {
                let read = self.target(id);
                read.unwrap_or_else(|| Target {
                    // The list of leads has nothing else.
                    is_lead: !self.face.parts.is_empty(),
                    ..Target::named(self.face.entity, id, id.to_string())
                })
            })
            .collect()
    }

    fn target_count(&self) -> usize {
        if self.marks.is_empty() {
            usize::from(self.under_cursor().is_some())
        } else {
            self.marks.len()
        }
    }

    fn target(&self, id: RecordId) -> Option<Target> {
        self.row(id).map(|row| Target::of(&row.record))
    }

    fn about(&self, id: RecordId) -> Option<About> {
        let record = &self.row(id)?.record;
        Some(About::of(&Target::of(record), Some(record)))
    }

    fn adds(&self) -> (FormOf, About) {
        (self.face.adds, About::default())
    }

    fn marked(&self) -> usize {
        self.marks.len()
    }

    fn clear_marks(&mut self) {
        self.unmark();
    }

    fn mark(&mut self, area: Rect) {
        self.toggle_mark();
        self.go(Motion::Down, area);
    }

    fn mark_again(&mut self, records: &[(Entity, RecordId)]) {
        let here = |(entity, id): &&(Entity, RecordId)| {
            *entity == self.face.entity && self.ids().contains(id)
        };
        let ids: Vec<RecordId> = records.iter().filter(here).map(|(_, id)| *id).collect();
        self.marks.extend(ids);
    }

    fn mark_range(&mut self) -> Option<String> {
        self.mark_to_cursor()
    }

    fn mark_all(&mut self) -> Option<String> {
        if !self.is_whole {
            let why = self.fault.as_deref().unwrap_or(self.face.still_reading);
            return Some(why.to_owned());
        }
        if self.marks.len() == self.ids().len() {
            self.unmark();
        } else {
            self.marks = self.ids().iter().copied().collect();
        }
        None
    }

    fn filter(&self) -> Option<&Filtered> {
        self.filter.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filtered>) {
        self.filter = filter;
        self.look_elsewhere();
    }

    fn explained(&self, on: &Asking) -> Option<Query> {
        Some(Query::Clauses(self.list(on)))
    }

    fn filter_hints(&self) -> &'static [(&'static str, &'static str)] {
        self.face.hints
    }

    fn opens(&self, _: &Look<'_>) -> Opens {
        self.under_cursor().map_or(Opens::Nothing, |id| {
            let name = self.row(id).map(|row| row.record.name());
            Opens::Record(self.face.entity, id, name.unwrap_or_default())
        })
    }

    fn sorts(&self) -> Vec<Choice> {
        self.sort_choices()
    }

    fn sort_by(&mut self, place: usize) {
        self.sort_by_choice(place);
    }

    fn parts(&self) -> Vec<Choice> {
        let saved = self.worn.as_ref().is_some_and(|worn| worn.id.is_some());
        let parts = self.face.parts.iter().enumerate();
        parts
            .map(|(place, part)| Choice {
                name: part.name.into(),
                detail: "",
                on: place == self.part && !saved,
            })
            .collect()
    }

    fn show_part(&mut self, place: usize) {
        self.show_that_part(place);
    }

    fn views_of(&self) -> Option<&'static str> {
        Some(self.face.screen)
    }

    fn built_in(&self) -> &'static [BuiltIn] {
        self.face.views
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
        self.worn = None;
        self.take_own_back();
        self.look_elsewhere();
    }

    fn is_now(&mut self, id: RecordId, name: &str) {
        self.worn = Some(Worn {
            id: Some(id),
            name: name.to_owned(),
            setup: self.as_setup(),
        });
    }

    fn columns(&self) -> Vec<ColumnChoice> {
        self.column_choices()
    }

    fn is_exported(&self) -> bool {
        self.order.is_some()
    }

    fn exported(&self, on: &Asking) -> Option<Exported> {
        self.order.as_ref()?;
        let marked = |id: &&RecordId| self.marks.is_empty() || self.marks.contains(*id);
        let shown = self.shown_columns().into_iter();
        Some(Exported {
            entity: self.entity(),
            columns: shown
                .map(|column| (column.key.into_owned(), column.name.into_owned()))
                .collect(),
            rows: if self.is_whole || !self.marks.is_empty() {
                Ok(self.ids().iter().filter(marked).copied().collect())
            } else {
                Err(self.list(on))
            },
            what: self.face.screen,
            one: self.singular(),
        })
    }

    fn set_columns(&mut self, keys: Vec<String>) {
        self.put_columns(keys);
    }

    fn know_fields(&mut self, fields: &[CustomField]) {
        let own = fields.iter().filter(|field| field.entity == self.entity());
        self.custom = own.cloned().collect();
    }

    fn can_turn(&self) -> Result<(), &'static str> {
        Err(self.face.no_turn)
    }

    fn show_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        commands: &[Command],
        area: Rect,
    ) {
        for (record, foresight) in seen {
            self.show_row_ahead(ticket, *record, foresight, commands);
        }
        self.settle(area);
    }

    fn arrived(&mut self, ticket: Ticket) {
        self.ahead.retain(|ahead| ahead.ticket != ticket);
    }

    fn take_back(&mut self, ticket: Ticket, area: Rect) {
        self.take_rows_back(ticket);
        self.settle(area);
    }

    fn made(&mut self, entity: Entity, id: RecordId) {
        if entity == self.face.entity {
            self.look_for(id);
        }
    }

    fn note_by_others(&mut self, record: RecordId, at: Instant) {
        self.by_others.note(record, at);
    }

    fn preview(&self, look: &Look<'_>) -> Option<(String, Vec<String>)> {
        preview::told(self, look)
    }

    fn pin(&mut self) -> Result<bool, &'static str> {
        if self.previewed().is_none() {
            return Err("Nothing is under the cursor");
        }
        self.pin_or_not();
        Ok(self.is_pinned())
    }

    fn addresses(&self) -> Vec<String> {
        let row = self.previewed().and_then(|id| self.row(id));
        row.map(|row| row.record.addresses()).unwrap_or_default()
    }

    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)> {
        draw::draw(frame.buffer_mut(), area, self, scene)
    }

    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        if let Some(column) = draw::heading_at(x, y, area, self) {
            let order = self.order_by(&column);
            return order.map_or(Hit::Elsewhere, Hit::Heading);
        }
        let line = Rect { height: 1, ..area };
        if let Some(action) = draw::head(line, self, &UNICODE).action_at(x, y) {
            return Hit::Run(action);
        }
        let Some(row) = draw::row_at(x, y, draw::list(self.face, area)) else {
            return Hit::Elsewhere;
        };
        let place = self.top + row;
        if place >= self.ids().len() {
            return Hit::Elsewhere;
        }
        self.go_to(place);
        // Left of the names is a box to tick.
        if draw::is_beside_names(x, draw::list(self.face, area)) {
            self.toggle_mark();
        }
        Hit::Record
    }

    fn scroll(&mut self, _: u16, _: u16, by: isize, area: Rect) {
        self.scroll_by(by * 3, draw::rows(area));
    }

    fn lines(&self) -> &dyn Lines {
        self
    }

    fn lines_mut(&mut self) -> &mut dyn Lines {
        self
    }
}
