//! Where everything of the board stands. Drawing, scrolling and the mouse all ask here, so they cannot disagree.

use ratatui::layout::Rect;

/// Columns are at least this wide; what does not fit is scrolled to.
const LANE_WIDTH: u16 = 25;
/// Below this width one lane is shown, with the names of the others in a strip.
const STRIP_BELOW: u16 = 80;
/// Lines of a lane that are no cards: its frame, the weighted sum, the rest of the column, the foot.
const AROUND_CARDS: u16 = 5;
/// A faint line stands between cards where a lane shows at least so many cards with it.
const FAINT_FROM: u16 = 3;
/// Below this width cards have two lines.
const SHORT_BELOW: u16 = 60;

/// The parts of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The line with pipeline, filter and sums.
    pub head: Rect,
    /// The names of all stages, where only one lane is shown.
    pub strip: Option<Rect>,
    /// All lanes together.
    lanes: Rect,
    /// How many lanes are shown.
    pub shown: usize,
    /// Lines of a card.
    pub card_lines: u16,
    /// Whether a faint line stands between cards.
    pub faint: bool,
    /// Whether lanes show cards and nothing else: there is no room for a card beside the other lines.
    pub bare: bool,
}

/// The parts of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaneLayout {
    /// With its frame.
    pub frame: Rect,
    /// Within its frame.
    pub inner: Rect,
    /// Where cards stand.
    pub cards: Rect,
}

impl Layout {
    /// The parts of the board in an area, for a pipeline of that many columns.
    #[must_use]
    pub fn new(area: Rect, columns: usize) -> Self {
        let head = Rect {
            height: area.height.min(1),
            ..area
        };
        let mut rest = below(area, 1);
        let narrow = area.width < STRIP_BELOW;
        let strip = (narrow && columns > 1 && rest.height > 0).then(|| {
            let strip = Rect { height: 1, ..rest };
            rest = below(rest, 1);
            strip
        });
        let fit = usize::from(area.width / LANE_WIDTH).max(1);
        let card_lines = if area.width < SHORT_BELOW { 2 } else { 3 };
        let room = rest.height.saturating_sub(AROUND_CARDS);
        Self {
            head,
            strip,
            lanes: rest,
            shown: if narrow { 1 } else { fit.min(columns.max(1)) },
            card_lines,
            bare: rest.height < AROUND_CARDS + card_lines,
            faint: card_lines > 2 && (room + 1) / (card_lines + 1) >= FAINT_FROM,
        }
    }

    /// The `place`-th shown lane, from 0. They share the width; the last ones get what cannot be shared.
    #[must_use]
    pub fn lane(&self, place: usize) -> LaneLayout {
        let shown = u16::try_from(self.shown.max(1)).unwrap_or(1);
        let place = u16::try_from(place).unwrap_or(0).min(shown - 1);
        let (wide, spare) = (self.lanes.width / shown, self.lanes.width % shown);
        let wider_before = place.saturating_sub(shown - spare);
        let frame = Rect {
            x: self.lanes.x + wide * place + wider_before,
            width: wide + u16::from(place >= shown - spare),
            ..self.lanes
        };
        let inner = frame.inner(ratatui::layout::Margin::new(1, 1));
        // Above the cards the weighted sum, below them the rest of the column and the foot.
        let cards = if self.bare {
            inner
        } else {
            Rect {
                y: inner.y + inner.height.min(1),
                height: frame.height.saturating_sub(AROUND_CARDS),
                ..inner
            }
        };
        LaneLayout {
            frame,
            inner,
            cards,
        }
    }

    /// Lines from one card to the next.
    #[must_use]
    pub const fn card_step(&self) -> u16 {
        if self.faint {
            self.card_lines + 1
        } else {
            self.card_lines
        }
    }

    /// How many cards a lane shows at once, at least one.
    #[must_use]
    pub fn cards_shown(&self) -> usize {
        let room = self.lane(0).cards.height;
        // The last card needs no line behind it.
        let fit = (room + u16::from(self.faint)) / self.card_step();
        usize::from(fit.max(1))
    }

    /// What a cell belongs to: a shown lane, and a shown card in it where there is one.
    #[must_use]
    pub fn hit(&self, column: u16, row: u16) -> Option<(usize, Option<usize>)> {
        let place = (0..self.shown).find(|place| {
            let frame = self.lane(*place).frame;
            frame.contains((column, row).into())
        })?;
        let cards = self.lane(place).cards;
        let card = cards
            .contains((column, row).into())
            .then(|| usize::from((row - cards.y) / self.card_step()))
            .filter(|card| *card < self.cards_shown());
        Some((place, card))
    }
}

fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_size_ladder() {
        for (width, height, columns, shown, strip, cards) in [
            (160, 42, 6, 6, false, 9),
            (100, 27, 6, 4, false, 5),
            (100, 27, 3, 3, false, 5),
            (80, 21, 6, 3, false, 4),
            (60, 17, 6, 1, true, 3),
            (40, 17, 6, 1, true, 5),
            (40, 7, 6, 1, true, 1),
        ] {
            let layout = Layout::new(Rect::new(0, 0, width, height), columns);
            let seen = (layout.shown, layout.strip.is_some(), layout.cards_shown());
            assert_eq!(seen, (shown, strip, cards), "{width}x{height}");
        }
    }

    #[test]
    fn a_click_hits_what_is_drawn_there() {
        let layout = Layout::new(Rect::new(0, 1, 100, 27), 4);
        let lane = layout.lane(2);
        assert_eq!(layout.hit(lane.cards.x, lane.cards.y), Some((2, Some(0))));
        assert_eq!(
            layout.hit(lane.cards.x, lane.cards.y + 4),
            Some((2, Some(1)))
        );
        assert_eq!(layout.hit(lane.frame.x, lane.frame.y), Some((2, None)));
        assert_eq!(layout.hit(0, 0), None);
    }

    proptest! {
        #[test]
        fn lanes_lie_side_by_side_in_the_area_at_any_size(x in 0..9_u16, y in 0..9_u16, width in 0..300_u16, height in 0..99_u16, columns in 0..12_usize) {
            let area = Rect::new(x, y, width, height);
            let layout = Layout::new(area, columns);
            let mut edge = area.x;
            for place in 0..layout.shown {
                let lane = layout.lane(place);
                prop_assert_eq!(lane.frame.x, edge);
                edge = lane.frame.right();
                prop_assert_eq!(lane.frame.intersection(area), lane.frame);
            }
            prop_assert_eq!(edge, area.right());
            prop_assert!(layout.cards_shown() > 0);
        }
    }
}
