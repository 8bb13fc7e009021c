//! What the board shows, where its cursors stand, what is marked and what is on its way.

use std::collections::BTreeSet;

use crate::domain::board::{Board, Card, CardOrder, Column};
use crate::domain::id::Id;
use crate::domain::records::{Deal, Pipeline, Stage};
use crate::domain::time::Instant;
use crate::store::handle::Ticket;
use crate::tui::action::Motion;
use crate::tui::screens::Filtered;
use crate::tui::screens::others::ByOthers;
use crate::tui::screens::worn::Worn;

use super::ahead::{Ahead, Foresight, find};
use super::ever::Ever;
use super::layout::Layout;
use super::marks::Seen;

/// Cards that are loaded of a column before anybody scrolls.
pub const WINDOW: usize = 60;
/// Cards that are loaded beyond the cursor, so that scrolling never waits.
const MARGIN: usize = 30;

/// The cursor of one column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// The card under the cursor.
    pub cursor: usize,
    /// The first card that is shown.
    pub top: usize,
}

/// The board screen.
#[derive(Debug, Default)]
pub struct BoardScreen {
    /// The book's last answer, with what is on its way already in it.
    pub board: Option<Board>,
    /// Why there is no newer answer.
    pub fault: Option<String>,
    /// The pipeline that is asked for; `None` is the first.
    pub pipeline: Option<Id<Pipeline>>,
    /// The filter that is asked for.
    pub filter: Option<Filtered>,
    /// The order of the cards that is asked for.
    pub order: CardOrder,
    /// The order that was chosen by hand before a saved view was put on.
    pub(super) own_order: Option<CardOrder>,
    /// The card that shall stay under the cursor, until the board comes in its new order.
    pub(super) keep: Option<Id<Deal>>,
    /// The view that is on.
    pub worn: Option<Worn>,
    /// How many cards are asked for of stages where [`WINDOW`] is not enough.
    pub limits: Vec<(Id<Stage>, usize)>,
    /// The column that has the keys.
    pub column: usize,
    /// The first column that is shown.
    pub left: usize,
    /// The cursors, one a column.
    pub lanes: Vec<Lane>,
    /// What is marked.
    pub marks: BTreeSet<Id<Deal>>,
    /// Those of the marked cards that are not loaded, as they were seen last.
    pub(super) unloaded: Seen,
    /// What was marked last: where a range begins.
    pub(super) last_mark: Option<Id<Deal>>,
    /// What was ever won and lost under the filter.
    pub(super) ever: Ever,
    /// What is on its way to the book.
    pub ahead: Vec<Ahead>,
    /// What somebody else changed, and when.
    pub(super) by_others: ByOthers,
    /// The column whose very end was asked for and is being loaded.
    to_the_end: Option<Id<Stage>>,
    /// A deal that was just made: the cursor goes to it when it comes.
    new_deal: Option<Id<Deal>>,
    /// Whether the cursor was moved since that was made: then it stays where its user put it.
    moved: bool,
    /// Whether something else was asked for since the last answer: then the cursor does not stay in a column that it leaves empty.
    elsewhere: bool,
}

/// Whether a deal that was just made is on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookedFor {
    /// None was looked for, or it is under the cursor now.
    Fine,
    /// The filter leaves it out.
    NotShown,
}

impl BoardScreen {
    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        self.board.as_ref().map_or(&[], |board| &board.columns)
    }

    /// The column that has the keys.
    #[must_use]
    pub fn focused(&self) -> Option<&Column> {
        self.columns().get(self.column)
    }

    /// The card under the cursor.
    #[must_use]
    pub fn card(&self) -> Option<&Card> {
        let cursor = self.lanes.get(self.column)?.cursor;
        self.focused()?.cards.get(cursor)
    }

    /// A card and its column, wherever it stands.
    #[must_use]
    pub fn find(&self, deal: Id<Deal>) -> Option<(&Column, &Card)> {
        let (column, index) = find(self.board.as_ref()?, deal)?;
        let column = &self.columns()[column];
        Some((column, &column.cards[index]))
    }

    /// Whether something about a card is on its way to the book.
    #[must_use]
    pub fn is_pending(&self, deal: Id<Deal>) -> bool {
        self.ahead.iter().any(|ahead| ahead.deal == deal)
    }

    /// Whether somebody else changed a card a moment ago.
    #[must_use]
    pub fn is_by_others(&self, deal: Id<Deal>, now: Instant) -> bool {
        self.by_others.has(deal.record(), now)
    }

    /// The cursor goes to a deal that was just made, when the next answer has it.
    pub fn look_for(&mut self, deal: Id<Deal>) {
        self.new_deal = Some(deal);
        self.moved = false;
    }

    /// Whether the book has the pipeline that was asked for no more; the one that is shown instead is asked for from then on.
    pub(super) fn pipeline_is_gone(&mut self, board: &Board) -> bool {
        let is_asked = |asked: &Id<Pipeline>| board.pipelines.iter().any(|link| link.id == *asked);
        let gone = self.pipeline.is_some_and(|asked| !is_asked(&asked));
        if gone {
            self.pipeline = None;
        }
        gone
    }

    /// Takes a new answer of the book. The cursor stays on its deal, wherever that is now; where the deal is gone it stays at its
    /// place. What is on its way is shown in the new answer too.
    pub fn take_board(&mut self, board: Board, layout: impl Fn(usize) -> Layout) -> LookedFor {
        let same_pipeline = self.board.as_ref().is_some_and(|old| {
            old.pipeline.as_ref().map(|link| link.id) == board.pipeline.as_ref().map(|link| link.id)
        });
        let old: Vec<(Id<Stage>, Lane, Option<Id<Deal>>)> = if same_pipeline {
            self.columns()
                .iter()
                .zip(&self.lanes)
                .map(|(column, lane)| {
                    let deal = column.cards.get(lane.cursor).map(|card| card.id);
                    (column.stage.id, *lane, deal)
                })
                .collect()
        } else {
            self.marks.clear();
            Vec::new()
        };
        let marked = self.marked_cards();
        let focus = old.get(self.column).copied();
        self.fault = None;
        if self.keep.is_some() && board.order == self.order {
            self.arrive_in_order(&board);
        }
        let board = self.board.insert(board);
        let filter = self.filter.as_ref().map(|on| &on.filter);
        self.ever.take_board(board, (self.pipeline, filter));
        for ahead in &mut self.ahead {
            ahead.apply(board);
        }
        self.lanes = board
            .columns
            .iter()
            .map(|column| {
                old.iter()
                    .find(|(stage, ..)| *stage == column.stage.id)
                    .map_or(Lane::default(), |(_, lane, deal)| {
                        follow(column, *lane, *deal)
                    })
            })
            .collect();
        let found = focus.and_then(|(stage, _, deal)| {
            let at = deal.and_then(|deal| find(board, deal));
            at.or_else(|| {
                let column = board.columns.iter().position(|c| c.stage.id == stage)?;
                Some((column, self.lanes[column].cursor))
            })
        });
        match found {
            Some((column, index)) => {
                self.column = column;
                self.lanes[column].cursor = index;
            }
            None if same_pipeline => {}
            None => (self.column, self.left) = (0, 0),
        }
        self.keep_marks(marked);
        self.arrive_at_the_end();
        if std::mem::take(&mut self.elsewhere) {
            self.go_where_cards_are();
        }
        let looked_for = self.arrive_at_the_new();
        self.settle_in(layout(self.columns().len()));
        looked_for
    }

    /// Puts the cards in another order. The cursor stays on its card, wherever that falls, and what is marked stays marked.
    pub fn put_in_order(&mut self, order: CardOrder) {
        self.keep = self.card().map(|card| card.id);
        self.order = order;
        self.to_the_end = None;
    }

    /// What was loaded for the card under the cursor stays loaded.
    fn arrive_in_order(&mut self, board: &Board) {
        let Some((column, _)) = self.keep.take().and_then(|deal| find(board, deal)) else {
            return;
        };
        let column = &board.columns[column];
        let (stage, loaded) = (column.stage.id, column.cards.len());
        if loaded > WINDOW {
            self.limits.retain(|(known, _)| *known != stage);
            self.limits.push((stage, loaded));
        }
    }

    /// Goes to the deal that was just made; where it lies beyond what is loaded, the cursor stays.
    fn arrive_at_the_new(&mut self) -> LookedFor {
        let (Some(deal), Some(board)) = (self.new_deal.take(), &self.board) else {
            return LookedFor::Fine;
        };
        if let Some((column, index)) = find(board, deal) {
            if !self.moved {
                self.column = column;
                self.lanes[column].cursor = index;
            }
            return LookedFor::Fine;
        }
        let all_loaded = board
            .columns
            .iter()
            .all(|column| column.cards.len() as u64 >= column.count);
        if all_loaded && self.filter.is_some() {
            LookedFor::NotShown
        } else {
            LookedFor::Fine
        }
    }

    fn arrive_at_the_end(&mut self) {
        let Some(stage) = self.to_the_end else {
            return;
        };
        let place = self.columns().iter().position(|c| c.stage.id == stage);
        let Some(place) = place else {
            self.to_the_end = None;
            return;
        };
        let column = &self.columns()[place];
        let loaded = column.cards.len();
        if loaded as u64 >= column.count {
            self.to_the_end = None;
        }
        self.lanes[place].cursor = loaded.saturating_sub(1);
    }

    /// Shows an act before the book has it. The cursor goes with the card that it is on.
    pub fn show_card_ahead(
        &mut self,
        ticket: Ticket,
        deal: Id<Deal>,
        foresight: Foresight,
        layout: Layout,
    ) {
        let on_it = self.card().is_some_and(|card| card.id == deal);
        let Some(board) = &mut self.board else {
            return;
        };
        let before = find(board, deal);
        self.ahead.push(Ahead::show(board, ticket, deal, foresight));
        let after = find(board, deal);
        self.shift(before, after);
        if on_it && let Some((column, index)) = after {
            self.column = column;
            self.lanes[column].cursor = index;
        }
        self.settle_in(layout);
    }

    /// The cursors of the columns that a card left and came to stay on their own cards.
    fn shift(&mut self, before: Option<(usize, usize)>, after: Option<(usize, usize)>) {
        if before == after {
            return;
        }
        if let Some((column, index)) = before {
            let lane = &mut self.lanes[column];
            if index < lane.cursor {
                lane.cursor -= 1;
            }
        }
        if let Some((column, index)) = after {
            let empty = self.columns()[column].cards.len() <= 1;
            let lane = &mut self.lanes[column];
            if index <= lane.cursor && !empty {
                lane.cursor += 1;
            }
        }
    }

    /// An act is not in the book: its cards go home, the last one first, and the cursor goes with its own.
    pub fn take_back_in(&mut self, ticket: Ticket, layout: Layout) {
        let (mut back, stay): (Vec<Ahead>, Vec<Ahead>) = std::mem::take(&mut self.ahead)
            .into_iter()
            .partition(|ahead| ahead.ticket == ticket);
        self.ahead = stay;
        let on = self.card().map(|card| card.id);
        back.reverse();
        if let Some(board) = &mut self.board {
            for ahead in back {
                ahead.take_back(board);
            }
            if let Some((column, index)) = on.and_then(|deal| find(board, deal)) {
                self.column = column;
                self.lanes[column].cursor = index;
            }
        }
        self.settle_in(layout);
    }

    /// Moves the cursor.
    pub fn go_in(&mut self, motion: Motion, layout: Layout) {
        self.moved = true;
        let page = layout.cards_shown();
        match motion {
            Motion::Left => self.column = self.column.saturating_sub(1),
            Motion::Right => self.column += 1,
            Motion::Up => self.step(-1),
            Motion::Down => self.step(1),
            Motion::First => self.put_cursor(0),
            Motion::Last => {
                self.put_cursor(usize::MAX);
                self.to_the_end = self
                    .focused()
                    .filter(|column| (column.cards.len() as u64) < column.count)
                    .map(|column| column.stage.id);
            }
            Motion::PageUp => self.step(-signed(page)),
            Motion::PageDown => self.step(signed(page)),
            Motion::HalfUp => self.step(-signed(page.div_ceil(2))),
            Motion::HalfDown => self.step(signed(page.div_ceil(2))),
        }
        self.settle_in(layout);
    }

    /// Puts the cursor on a card of a column.
    pub fn point(&mut self, column: usize, cursor: usize, layout: Layout) {
        self.moved = true;
        self.column = column;
        self.put_cursor(cursor);
        self.settle_in(layout);
    }

    /// Scrolls a column without leaving its cursor behind.
    pub fn scroll_lane(&mut self, column: usize, by: isize, layout: Layout) {
        let (shown, len) = (layout.cards_shown(), self.cards_in(column));
        if let Some(lane) = self.lanes.get_mut(column) {
            let last = len.saturating_sub(shown);
            lane.top = lane.top.saturating_add_signed(by).min(last);
            lane.cursor = lane
                .cursor
                .clamp(lane.top, (lane.top + shown).saturating_sub(1));
        }
        self.settle_in(layout);
    }

    fn step(&mut self, by: isize) {
        if let Some(lane) = self.lanes.get(self.column) {
            self.put_cursor(lane.cursor.saturating_add_signed(by));
        }
    }

    fn put_cursor(&mut self, cursor: usize) {
        self.to_the_end = None;
        if let Some(lane) = self.lanes.get_mut(self.column) {
            lane.cursor = cursor;
        }
    }

    fn cards_in(&self, column: usize) -> usize {
        self.columns()
            .get(column)
            .map_or(0, |column| column.cards.len())
    }

    /// Brings cursors back to where there are cards, and the cursor into sight.
    pub fn settle_in(&mut self, layout: Layout) {
        let columns = self.columns().len();
        self.column = self.column.min(columns.saturating_sub(1));
        self.left = self
            .left
            .clamp((self.column + 1).saturating_sub(layout.shown), self.column)
            .min(columns.saturating_sub(layout.shown));
        let shown = layout.cards_shown();
        for column in 0..self.lanes.len() {
            let last = self.cards_in(column).saturating_sub(1);
            let lane = &mut self.lanes[column];
            lane.cursor = lane.cursor.min(last);
            lane.top = lane
                .top
                .clamp((lane.cursor + 1).saturating_sub(shown), lane.cursor)
                .min((last + 1).saturating_sub(shown));
        }
    }

    /// Asks for more cards where the cursor comes near the last one that is loaded. True when the board must be read again.
    pub fn wants_more(&mut self) -> bool {
        let mut wanted = Vec::new();
        for (column, lane) in self.columns().iter().zip(&self.lanes) {
            let loaded = column.cards.len();
            let end = self.to_the_end == Some(column.stage.id);
            if (loaded as u64) < column.count && (end || lane.cursor + MARGIN > loaded) {
                let total = usize::try_from(column.count).unwrap_or(usize::MAX);
                let limit = if end { total } else { (loaded * 2).max(WINDOW) };
                wanted.push((column.stage.id, limit));
            }
        }
        let mut more = false;
        for (stage, limit) in wanted {
            match self.limits.iter_mut().find(|(known, _)| *known == stage) {
                Some((_, asked)) if *asked >= limit => {}
                Some((_, asked)) => {
                    *asked = limit;
                    more = true;
                }
                None => {
                    self.limits.push((stage, limit));
                    more = true;
                }
            }
        }
        more
    }

    /// Another pipeline or filter: what was loaded, marked and asked for says nothing about it.
    pub fn look_elsewhere(&mut self) {
        self.limits.clear();
        self.marks.clear();
        self.to_the_end = None;
        self.elsewhere = true;
        if self.board.is_none() {
            self.fault = None;
        }
    }

    /// From a column without cards to the next that has some: to the right first.
    fn go_where_cards_are(&mut self) {
        let columns = self.columns();
        let has_cards = |place: &usize| columns.get(*place).is_some_and(|c| !c.cards.is_empty());
        let right = (self.column..columns.len()).find(has_cards);
        let place = right.or_else(|| (0..self.column).rev().find(has_cards));
        self.column = place.unwrap_or(self.column);
    }
}

fn signed(count: usize) -> isize {
    isize::try_from(count).unwrap_or(isize::MAX)
}

/// A column's cursor after a new answer: on its deal where that is still in the column, and as far down the screen as before.
fn follow(column: &Column, lane: Lane, deal: Option<Id<Deal>>) -> Lane {
    let found = deal.and_then(|deal| column.cards.iter().position(|card| card.id == deal));
    match found {
        Some(cursor) => Lane {
            cursor,
            top: cursor.saturating_sub(lane.cursor.saturating_sub(lane.top)),
        },
        None => lane,
    }
}
