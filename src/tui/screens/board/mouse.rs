//! What of the board can be clicked beside its cards: the first line, and the names of the stages where one lane stands alone.

use ratatui::layout::Rect;

use crate::domain::board::{Board, CardOrder};
use crate::domain::money::grouped;
use crate::tui::screens::head::Head;
use crate::tui::screens::paint::older;
use crate::tui::screens::strip::Strip;
use crate::tui::screens::{Hit, Screen as _};
use crate::tui::theme::{Glyphs, Role, UNICODE};
use crate::tui::widgets::clip::{clip, width};

use super::head;
use super::layout::Layout;
use super::state::BoardScreen;

/// The first line: which pipeline, under which filter, in which order, and its sums.
pub(super) fn head(line: Rect, screen: &BoardScreen, board: &Board, glyphs: &Glyphs) -> Head {
    let mut head = Head::new(line);
    let name = board.pipeline.as_ref().map_or("none", |link| &link.name);
    let other = (board.pipelines.len() > 1).then_some("next");
    head.add("Pipeline: ", Role::Dim, other);
    head.add(name, Role::Title, other);
    if other.is_some() {
        head.add(format!(" {}", glyphs.menu), Role::Dim, other);
    }
    if let Some(worn) = &screen.worn {
        let view = format!("  view: {}", worn.label(&screen.setup()));
        let room = head.room(line.right()) / 2;
        let view = clip(&view, room, glyphs.ellipsis);
        head.add(view, Role::Dim, Some("view"));
    }
    if screen.order != CardOrder::Own {
        let order = format!("  sort: {}", screen.order.name());
        head.add(order, Role::Dim, Some("sort"));
    }
    if let Some(filter) = &screen.filter {
        head.add("  filter: ", Role::Dim, Some("filter"));
        let room = head.room(line.right()).saturating_sub(12);
        let text = clip(&filter.text, room.max(8), glyphs.ellipsis);
        head.add(text, Role::Match, Some("filter"));
        let out = format!(" ({} left out)", grouped(board.filtered_out));
        head.add(out, Role::Dim, Some("filter"));
    }
    if !screen.marks.is_empty() {
        let marked = grouped(screen.marks.len() as u64);
        let beyond = match screen.marked_beyond() {
            0 => String::new(),
            some => format!(", {} not loaded", grouped(some as u64)),
        };
        head.add(
            format!("  {} {marked} marked{beyond}", glyphs.mark),
            Role::Mark,
            None,
        );
    }
    let room = head.room(line.right()).saturating_sub(3);
    if let Some(fault) = &screen.fault {
        head.add_at_right(older(fault, room, glyphs), Role::Error, None);
        return head;
    }
    let totals = head::totals(board, glyphs.unknown);
    if let Some(text) = totals.into_iter().find(|text| width(text) <= room) {
        head.add_at_right(text, Role::Text, Some("explain"));
    }
    head
}

impl BoardScreen {
    /// The names of the stages, where one lane stands alone.
    pub(super) fn strip(&self) -> Strip {
        let names = self
            .columns()
            .iter()
            .map(|column| format!("{} {}", column.stage.name, grouped(column.count)));
        Strip::new(names, self.column)
    }

    /// The column out of sight that an arrow in the frame of the outermost lanes stands for.
    fn beyond(&self, x: u16, y: u16, layout: &Layout) -> Option<usize> {
        let (first, last) = (
            layout.lane(0).frame,
            layout.lane(layout.shown.saturating_sub(1)).frame,
        );
        let next = self.left + layout.shown;
        if y != first.y {
            None
        } else if x == first.x + 1 {
            self.left.checked_sub(1)
        } else if x + 2 == last.right() {
            Some(next).filter(|next| *next < self.columns().len())
        } else {
            None
        }
    }

    /// Takes a click.
    pub(super) fn press_at(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        let layout = self.layout(area);
        let on_head = self
            .board
            .as_ref()
            .and_then(|board| head(layout.head, self, board, &UNICODE).action_at(x, y));
        if let Some(action) = on_head {
            return Hit::Run(action);
        }
        let named = layout.strip.and_then(|line| self.strip().at(x, y, line));
        if let Some(column) = named {
            let cursor = self.lanes.get(column).map_or(0, |lane| lane.cursor);
            self.point(column, cursor, layout);
            return Hit::Elsewhere;
        }
        if let Some(column) = self.beyond(x, y, &layout) {
            let cursor = self.lanes.get(column).map_or(0, |lane| lane.cursor);
            self.point(column, cursor, layout);
            return Hit::Elsewhere;
        }
        let Some((place, card)) = layout.hit(x, y) else {
            return Hit::Elsewhere;
        };
        let column = self.left + place;
        let Some(lane) = self.lanes.get(column).copied() else {
            return Hit::Elsewhere;
        };
        let cards = self
            .columns()
            .get(column)
            .map_or(0, |column| column.cards.len());
        let inner = layout.lane(place).inner;
        let seen = lane.top + layout.cards_shown();
        let is_on_rest =
            inner.height > 2 && y + 2 == inner.bottom() && inner.contains((x, y).into());
        let index = match card {
            Some(card) => lane.top + card,
            // How many more there are stands there: the next of them come up.
            None if is_on_rest && seen < cards => {
                (seen + layout.cards_shown()).min(cards).saturating_sub(1)
            }
            None => lane.cursor,
        };
        self.point(column, index, layout);
        if card.is_some() && index < cards {
            Hit::Record
        } else {
            Hit::Elsewhere
        }
    }
}
