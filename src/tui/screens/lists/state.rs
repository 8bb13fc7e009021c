//! What a list shows, where its cursor stands, what is marked and what is on its way.
//!
//! The book answers the ids of the whole list in their order, and the rows of those that are in sight. So the list has its true
//! length, the cursor goes to any place at once, and a page in the middle costs as much as the first. Of a long list the first ids come
//! before: they are shown, and who goes beyond them waits for the others.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::domain::command::Command;
use crate::domain::custom::CustomField;
use crate::domain::history::{Head, History, ListRow, Order, Party};
use crate::domain::id::RecordId;
use crate::domain::nouns::contact;
use crate::domain::view::SortKey;
use crate::store::handle::Ticket;
use crate::tui::action::Motion;
use crate::tui::screens::Filtered;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::others::ByOthers;
use crate::tui::screens::worn::Worn;

use super::companies::COMPANIES;
use super::face::Face;
use super::people::LEADS;

/// More rows than any terminal shows: what comes into sight with a key is read for so many.
const MOST_ROWS: usize = 120;
/// Rows that are read before and after those in sight.
const MARGIN: usize = 60;
/// Rows that are kept; beyond that those out of sight are forgotten.
const KEPT: usize = 2_000;

/// Something that is on its way to the book.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    pub ticket: Ticket,
    pub record: RecordId,
    /// Where it stood, if it left the list.
    pub home: Option<usize>,
}

/// The list.
#[derive(Debug, Default)]
pub struct ListScreen {
    /// Which list it is.
    pub face: &'static Face,
    /// The part of it that is asked for, by its place among those of the list.
    pub part: usize,
    /// The ids in their order, without those that are on their way out; `None` before the first answer.
    pub order: Option<Vec<RecordId>>,
    /// Whether these are all that are asked for; else the first of them, or those that were asked for before.
    pub is_whole: bool,
    /// Where the cursor was sent behind the first ones, and from there.
    pub(super) beyond: Vec<Motion>,
    /// Why there is no newer answer.
    pub fault: Option<String>,
    /// Whether the ids are those of another filter or order than the one that is asked for.
    pub is_stale: bool,
    /// How many records the filter can say nothing about.
    pub unknown: u64,
    /// The filter that is asked for.
    pub filter: Option<Filtered>,
    /// The order that is asked for, by columns; none is the usual one.
    pub keys: Vec<SortKey>,
    /// The columns that are shown; none are the usual ones.
    pub columns: Vec<String>,
    /// The custom fields that can be columns.
    pub custom: Vec<CustomField>,
    /// The view that is on.
    pub worn: Option<Worn>,
    /// Columns and order as they were chosen by hand before a saved view was put on.
    pub(super) own: Option<(Vec<String>, Vec<SortKey>)>,
    /// The place under the cursor.
    pub cursor: usize,
    /// The first place in sight.
    pub top: usize,
    /// What is marked.
    pub marks: BTreeSet<RecordId>,
    /// What was marked last: where a range begins.
    last_mark: Option<RecordId>,
    pub(super) rows: HashMap<RecordId, ListRow>,
    /// The rows that were read since the order was.
    fresh: HashSet<RecordId>,
    /// The places whose rows were asked for last.
    asked: Range<usize>,
    pub(super) ahead: Vec<Ahead>,
    pub(super) by_others: ByOthers,
    /// A record that was just made: the cursor goes to it when it comes.
    new: Option<RecordId>,
    /// Whether the cursor was moved since that was made: then it stays where its user put it.
    pub(super) moved: bool,
    /// The contact that the panel beside the list stays on while the cursor moves.
    pinned: Option<RecordId>,
    /// What happened lately with the one under the cursor, as it was read last.
    lately: Option<History>,
    /// Of whom that was asked last.
    asked_lately: Option<RecordId>,
}

impl ListScreen {
    /// The list of leads.
    #[must_use]
    pub fn leads() -> Self {
        Self {
            face: &LEADS,
            ..Self::default()
        }
    }

    /// The list of companies.
    #[must_use]
    pub fn companies() -> Self {
        Self {
            face: &COMPANIES,
            ..Self::default()
        }
    }

    /// The part that is shown, in people's words; where the filter asks about the state, that decides.
    #[must_use]
    pub fn shown_part(&self) -> Option<&'static str> {
        let part = self.face.parts.get(self.part)?;
        let typed = self.filter.as_ref().map(|on| &on.filter);
        let own = self.face.condition(self.part, typed) == self.face.condition(self.part, None);
        Some(if own { part.name } else { "as filtered" })
    }

    /// The ids in their order.
    #[must_use]
    pub fn ids(&self) -> &[RecordId] {
        self.order.as_deref().unwrap_or_default()
    }

    /// The record under the cursor; none while that is on its way to what was not read yet.
    #[must_use]
    pub fn under_cursor(&self) -> Option<RecordId> {
        let there = self.beyond.is_empty();
        self.ids().get(self.cursor).copied().filter(|_| there)
    }

    /// The contact that more is told of: the pinned one, else the one under the cursor.
    #[must_use]
    pub fn previewed(&self) -> Option<RecordId> {
        let pinned = self.pinned.filter(|id| self.rows.contains_key(id));
        pinned.or_else(|| self.under_cursor())
    }

    /// Whether it stays on that one.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.pinned.is_some() && self.previewed() == self.pinned
    }

    /// Lets the panel stay on the contact that it tells of, or follow the cursor again.
    pub(super) fn pin_or_not(&mut self) {
        self.pinned = if self.is_pinned() {
            None
        } else {
            self.under_cursor()
        };
    }

    /// A row, as far as it was read.
    #[must_use]
    pub fn row(&self, id: RecordId) -> Option<&ListRow> {
        self.rows.get(&id)
    }

    /// Whether something about a record is on its way.
    #[must_use]
    pub fn is_pending(&self, id: RecordId) -> bool {
        self.ahead.iter().any(|ahead| ahead.record == id)
    }

    /// Takes the first of an order that nothing is shown of yet, like the whole of it.
    pub fn take_head(&mut self, head: Head, shown: usize) -> bool {
        if head.is_all {
            let ids = head.ids;
            return self.take_order(Order { ids, unknown: 0 }, shown);
        }
        (self.is_whole, self.unknown) = (false, 0);
        self.put(head.ids, shown);
        true
    }

    /// Takes a new order. The cursor stays on its record, as far down the screen as before; where that is gone, at its place.
    /// False where a record that was just made is not in it.
    pub fn take_order(&mut self, order: Order, shown: usize) -> bool {
        let new = self.new.take();
        let made = new.and_then(|id| order.ids.iter().position(|known| *known == id));
        self.is_whole = true;
        self.put(order.ids, shown);
        self.unknown = order.unknown;
        if let Some(id) = new.filter(|_| made.is_some() && !self.moved) {
            self.point_at(id, self.cursor.saturating_sub(self.top));
            self.keep_in_sight(shown);
        }
        for motion in std::mem::take(&mut self.beyond) {
            self.go_in(motion, shown);
        }
        new.is_none() || made.is_some()
    }

    /// Shows other ids.
    fn put(&mut self, mut ids: Vec<RecordId>, shown: usize) {
        let before = self.ids().get(self.cursor).copied();
        let below = self.cursor.saturating_sub(self.top);
        for ahead in &mut self.ahead {
            if ahead.home.is_some() {
                let place = ids.iter().position(|id| *id == ahead.record);
                // Where only the first are known it may have its place behind them.
                ahead.home = place.or(ahead.home.filter(|_| !self.is_whole));
                if let Some(place) = place {
                    ids.remove(place);
                }
            }
        }
        // Behind the first ones there may be others that are marked.
        if self.is_whole && !self.marks.is_empty() {
            let there: HashSet<RecordId> = ids.iter().copied().collect();
            self.marks.retain(|id| there.contains(id));
        }
        self.order = Some(ids);
        if let Some(id) = before {
            self.point_at(id, below);
        }
        self.is_stale = false;
        self.fault = None;
        self.fresh.clear();
        self.asked_lately = None;
        self.asked = 0..0;
        self.keep_in_sight(shown);
    }

    /// Puts the cursor on a record, where it is there, so far below the first in sight.
    fn point_at(&mut self, id: RecordId, below: usize) {
        if let Some(place) = self.ids().iter().position(|known| *known == id) {
            self.cursor = place;
            // Who looks at the beginning sees what is new there.
            if self.top > 0 {
                self.top = place.saturating_sub(below);
            }
        }
    }

    /// Takes rows that were asked for.
    pub fn take_rows(&mut self, rows: Vec<ListRow>) {
        if self.rows.len() + rows.len() > KEPT {
            let sight = self.ids().get(self.asked.clone()).unwrap_or_default();
            let sight: HashSet<RecordId> = sight.iter().copied().chain(self.pinned).collect();
            self.rows.retain(|id, _| sight.contains(id));
        }
        for row in rows {
            self.fresh.insert(row.record.id);
            self.rows.insert(row.record.id, row);
        }
    }

    /// The ids whose rows have come into sight and were not read; each place is asked for once. Where none of them was read they come
    /// alone, and those around them when they are there.
    pub fn wanted_rows(&mut self, shown: usize) -> Vec<RecordId> {
        let len = self.ids().len();
        let known = |id: &RecordId| self.fresh.contains(id);
        let reaching = |rows: usize| self.top.min(len)..(self.top + rows).min(len);
        let covered = |sight: &Range<usize>| {
            sight.start >= self.asked.start && sight.end <= self.asked.end
                || self.ids()[sight.clone()].iter().all(known)
        };
        let sight = reaching(shown);
        let of_sight = self.ids()[sight.clone()]
            .iter()
            .filter(|id| known(id))
            .count();
        let wide = reaching(MOST_ROWS);
        let next = if !covered(&sight) && of_sight == 0 {
            sight
        } else if covered(&sight) && of_sight < sight.len() || covered(&wide) {
            return Vec::new();
        } else {
            wide.start.saturating_sub(MARGIN)..(wide.end + MARGIN).min(len)
        };
        let ids = &self.ids()[next.clone()];
        let wanted = ids.iter().copied().filter(|id| !known(id)).collect();
        self.asked = next;
        wanted
    }

    /// Whose latest happenings are to be read: of the one under the cursor, once.
    pub(super) fn wanted_history(&mut self) -> Option<RecordId> {
        let under = self.previewed()?;
        (self.asked_lately.replace(under) != Some(under)).then_some(under)
    }

    /// Takes what happened lately.
    pub(super) fn take_history(&mut self, history: History) {
        self.lately = Some(history);
    }

    /// What happened lately with a record, as far as it was read.
    #[must_use]
    pub fn lately(&self, id: RecordId) -> Option<&History> {
        let lately = self.lately.as_ref();
        let of = Party::of(self.face.entity, id);
        lately.filter(|history| history.of == of)
    }

    /// Moves the cursor.
    pub fn go_in(&mut self, motion: Motion, shown: usize) {
        self.moved = true;
        let page = shown.saturating_sub(1).max(1);
        let to = motion.moved(self.cursor, page, shown.div_ceil(2));
        if motion == Motion::First {
            self.beyond.clear();
        }
        let is_known = self.order.is_none() || self.is_whole || to < self.ids().len();
        // Nothing comes where the book could not tell.
        if self.fault.is_none() && (!is_known || !self.beyond.is_empty()) {
            self.beyond.push(motion);
            return;
        }
        self.cursor = to;
        self.keep_in_sight(shown);
    }

    /// Puts the cursor on a place that is known, wherever it was sent before.
    pub(super) fn go_to(&mut self, place: usize) {
        self.moved = true;
        self.beyond.clear();
        self.cursor = place;
    }

    /// Scrolls without leaving the cursor behind.
    pub fn scroll_by(&mut self, by: isize, shown: usize) {
        self.top = self.top.saturating_add_signed(by);
        self.cursor = self
            .cursor
            .clamp(self.top, (self.top + shown).saturating_sub(1).max(self.top));
        self.keep_in_sight(shown);
    }

    pub(super) fn keep_in_sight(&mut self, shown: usize) {
        let last = self.ids().len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        self.top = self
            .top
            .clamp((self.cursor + 1).saturating_sub(shown.max(1)), self.cursor)
            .min((last + 1).saturating_sub(shown.max(1)));
    }

    /// Takes all marks away.
    pub(super) fn unmark(&mut self) {
        self.marks.clear();
        self.last_mark = None;
    }

    /// Marks the record under the cursor, or takes its mark away.
    pub(super) fn toggle_mark(&mut self) {
        if let Some(id) = self.under_cursor() {
            let marked = !self.marks.remove(&id);
            if marked {
                self.marks.insert(id);
            }
            self.last_mark = Some(id).filter(|_| marked);
        }
    }

    /// Marks all from the last mark to the cursor; where there is none, a range begins here.
    pub(super) fn mark_to_cursor(&mut self) -> Option<String> {
        let here = self.under_cursor()?;
        let place = |id| self.ids().iter().position(|known| *known == id);
        let from = self.last_mark.and_then(place);
        let range = match from {
            Some(from) => from.min(self.cursor)..from.max(self.cursor) + 1,
            None => self.cursor..self.cursor + 1,
        };
        let ids = self.ids().get(range).unwrap_or_default().to_vec();
        self.marks.extend(ids);
        self.last_mark = Some(here);
        from.is_none()
            .then(|| "A range begins here; go on and press it again".to_owned())
    }

    /// Another filter or order: what was marked and loaded says nothing about it, and the cursor begins on top.
    pub fn look_elsewhere(&mut self) {
        self.unmark();
        self.beyond.clear();
        (self.is_stale, self.is_whole) = (true, false);
        (self.cursor, self.top) = (0, 0);
        self.asked = 0..0;
        if self.order.is_none() {
            self.fault = None;
        }
    }

    /// The cursor goes to a record that was just made when it comes.
    pub fn look_for(&mut self, id: RecordId) {
        self.new = Some(id);
        self.moved = false;
    }

    /// Shows an act before the book has it.
    pub(super) fn show_row_ahead(
        &mut self,
        ticket: Ticket,
        record: RecordId,
        foresight: &Foresight,
        commands: &[Command],
    ) {
        let leaves = *foresight == Foresight::Leave || self.leaves_part(record, commands);
        let place = self.ids().iter().position(|id| *id == record);
        let home = place.filter(|_| leaves);
        if let (Some(place), Some(order)) = (home, &mut self.order) {
            order.remove(place);
            if place < self.cursor {
                self.cursor -= 1;
            }
        }
        if place.is_some() {
            self.ahead.push(Ahead {
                ticket,
                record,
                home,
            });
        }
    }

    /// Whether an act gives a record a lead state that the part that is shown has not.
    fn leaves_part(&self, record: RecordId, commands: &[Command]) -> bool {
        let part = self.face.parts.get(self.part);
        let Some(part) = part.filter(|_| self.filter.is_none()) else {
            return false;
        };
        let edits = commands.iter().filter_map(|command| match command {
            Command::Edit { target, edits, .. } if *target == record.into() => Some(edits),
            _ => None,
        });
        edits.flatten().any(|edit| {
            let there = |state: &&str| edit.new == (*state).into();
            edit.field == (&contact::LEAD_STATE).into() && !part.states.iter().any(there)
        })
    }

    /// An act is not in the book: its records come home.
    pub(super) fn take_rows_back(&mut self, ticket: Ticket) {
        let (back, stay): (Vec<Ahead>, Vec<Ahead>) = std::mem::take(&mut self.ahead)
            .into_iter()
            .partition(|ahead| ahead.ticket == ticket);
        self.ahead = stay;
        if let Some(order) = &mut self.order {
            for ahead in back.into_iter().rev() {
                if let Some(home) = ahead.home {
                    let home = home.min(order.len());
                    order.insert(home, ahead.record);
                    if home <= self.cursor && order.len() > 1 {
                        self.cursor += 1;
                    }
                }
            }
        }
    }
}
