//! The picture of the board. Only what is visible is looked at, so a column of thousands costs no more than one of ten.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::board::Board;
use crate::domain::money::grouped;
use crate::tui::screens::Scene;
use crate::tui::screens::paint::{frame, sentence, unread};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{columns, paint, width};

use super::card::{self, Signs};
use super::head;
use super::layout::{LaneLayout, Layout};
use super::mouse;
use super::state::BoardScreen;

/// Draws the board.
pub fn draw(buffer: &mut Buffer, area: Rect, screen: &BoardScreen, scene: &Scene<'_>) {
    let layout = Layout::new(area, screen.columns().len());
    let Some(board) = &screen.board else {
        let why = ("Pipeline", "Reading the pipeline", screen.fault.as_deref());
        unread(buffer, area, why, scene);
        return;
    };
    mouse::head(layout.head, screen, board, scene.look.theme.glyphs()).draw(buffer, &scene.look);
    if board.columns.is_empty() {
        sentence(
            buffer,
            area,
            &scene.look,
            empty_sentence(screen, board),
            Role::Text,
        );
        return;
    }
    if let Some(line) = layout.strip {
        screen.strip().draw(buffer, line, &scene.look);
    }
    let feet = head::foot(
        &board.foot,
        board.base,
        scene.period,
        scene.look.theme.glyphs().unknown,
    );
    for place in 0..layout.shown {
        let column = screen.left + place;
        if column < board.columns.len() {
            let lane = layout.lane(place);
            draw_frame(buffer, lane, &layout, screen, board, column, scene);
            draw_cards(buffer, lane, &layout, screen, column, scene);
            if layout.bare {
                continue;
            }
            draw_above(buffer, lane, board, column, scene);
            draw_rest(buffer, lane, &layout, screen, column, scene);
            let wide = usize::from(lane.inner.width).saturating_sub(1);
            let foot = feet.under(place, layout.shown, wide);
            let bottom = lane.inner.bottom().saturating_sub(1);
            if lane.inner.height > 2 {
                let style = scene.look.theme.style(Role::Text);
                paint(buffer, lane.inner, lane.inner.x + 1, bottom, &foot, style);
            }
        }
    }
    if screen.columns().iter().all(|column| column.count == 0) {
        sentence(
            buffer,
            layout.lane(0).cards,
            &scene.look,
            empty_sentence(screen, board),
            Role::Text,
        );
    }
}

/// What an empty board is told: why, and the key that fixes it.
fn empty_sentence(screen: &BoardScreen, board: &Board) -> &'static str {
    if board.pipeline.is_none() {
        "This book has no pipeline yet. a adds the first deal and makes one; `clinch import FILE` brings yours."
    } else if screen.filter.is_some() {
        "No open deal fits the filter. Esc takes it away, / changes it."
    } else {
        "No open deals here. a adds one; `clinch import FILE` brings yours."
    }
}

fn draw_frame(
    buffer: &mut Buffer,
    lane: LaneLayout,
    layout: &Layout,
    screen: &BoardScreen,
    board: &Board,
    column: usize,
    scene: &Scene<'_>,
) {
    let shown = &board.columns[column];
    let glyphs = scene.look.theme.glyphs();
    let focus = column == screen.column;
    let dropped_on = scene.drop == Some(column);
    let (set, role) = if focus || dropped_on {
        (
            glyphs.frame_focus,
            if dropped_on { Role::Mark } else { Role::Focus },
        )
    } else {
        (glyphs.frame, Role::Border)
    };
    let style = scene.look.theme.style(role);
    frame(buffer, lane.frame, set, style);
    let (area, y) = (lane.frame, lane.frame.y);
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let title = head::title(
        shown,
        board.base,
        glyphs,
        usize::from(area.width).saturating_sub(4),
    );
    let style = scene
        .look
        .theme
        .style(if focus { Role::Focus } else { Role::Title });
    paint(buffer, inner, area.x + 2, y, &title.name, style);
    let x = area.right().saturating_sub(columns(&title.numbers) + 2);
    paint(buffer, inner, x.max(inner.x), y, &title.numbers, style);
    let arrows = [
        (column == screen.left && column > 0, area.x + 1, glyphs.left),
        (
            column + 1 == screen.left + layout.shown && column + 1 < screen.columns().len(),
            area.right().saturating_sub(2),
            glyphs.right,
        ),
    ];
    for (more, x, glyph) in arrows {
        if more {
            paint(
                buffer,
                inner,
                x,
                y,
                glyph,
                scene.look.theme.style(Role::Key),
            );
        }
    }
}

/// The line above the cards.
fn draw_above(
    buffer: &mut Buffer,
    lane: LaneLayout,
    board: &Board,
    column: usize,
    scene: &Scene<'_>,
) {
    let wide = usize::from(lane.inner.width).saturating_sub(2);
    let unknown = scene.look.theme.glyphs().unknown;
    let above = head::above(&board.columns[column], board.base, unknown, wide);
    let style = scene.look.theme.style(Role::Dim);
    paint(
        buffer,
        lane.inner,
        lane.inner.x + 1,
        lane.inner.y,
        &above,
        style,
    );
}

fn draw_cards(
    buffer: &mut Buffer,
    lane: LaneLayout,
    layout: &Layout,
    screen: &BoardScreen,
    column: usize,
    scene: &Scene<'_>,
) {
    let shown = &screen.columns()[column];
    let cursor = screen.lanes.get(column).copied().unwrap_or_default();
    let glyphs = scene.look.theme.glyphs();
    let cards = shown
        .cards
        .iter()
        .enumerate()
        .skip(cursor.top)
        .take(layout.cards_shown());
    for (row, (index, card)) in (0..).zip(cards) {
        let y = lane.cards.y + row * layout.card_step();
        let area = Rect {
            y,
            height: layout.card_lines.min(lane.cards.bottom().saturating_sub(y)),
            ..lane.cards
        };
        let signs = Signs {
            cursor: column == screen.column && index == cursor.cursor,
            marked: screen.marks.contains(&card.id),
            pending: screen.is_pending(card.id),
            by_others: screen.is_by_others(card.id, scene.real),
        };
        card::draw(buffer, area, &scene.look, card, shown.rot_days, signs);
        let under = y + layout.card_lines;
        if layout.faint && under < lane.cards.bottom() {
            let across = usize::from(lane.cards.width).saturating_sub(3);
            let style = scene.look.theme.style(Role::Border);
            paint(
                buffer,
                lane.cards,
                lane.cards.x + 2,
                under,
                &glyphs.faint.repeat(across),
                style,
            );
        }
    }
}

/// The line below the cards: how many more there are, and after how many quiet days a deal rots here.
fn draw_rest(
    buffer: &mut Buffer,
    lane: LaneLayout,
    layout: &Layout,
    screen: &BoardScreen,
    column: usize,
    scene: &Scene<'_>,
) {
    if lane.inner.height < 3 {
        return;
    }
    let shown = &screen.columns()[column];
    let top = screen.lanes.get(column).map_or(0, |lane| lane.top);
    let glyphs = scene.look.theme.glyphs();
    let y = lane.inner.bottom() - 2;
    let seen = (top + layout.cards_shown()) as u64;
    let more = shown.count.saturating_sub(seen);
    let limit = shown.rot_days.map(|days| format!("limit {days}d"));
    let room = usize::from(lane.inner.width).saturating_sub(3 + limit.as_deref().map_or(0, width));
    let text = if more > 0 {
        format!("+{} more {}", grouped(more), glyphs.down)
    } else if shown.count == 0 {
        "no deals".to_owned()
    } else if room < "end of column".len() {
        "end".to_owned()
    } else {
        "end of column".to_owned()
    };
    let style = scene.look.theme.style(Role::Dim);
    let used = paint(buffer, lane.inner, lane.inner.x + 1, y, &text, style);
    if let Some(limit) = limit {
        let x = lane.inner.right().saturating_sub(columns(&limit) + 1);
        if x > lane.inner.x + 1 + used {
            paint(buffer, lane.inner, x, y, &limit, style);
        }
    }
}
