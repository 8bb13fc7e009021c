//! Where the panels of Today stand.

use ratatui::layout::{Margin, Rect};

use crate::tui::screens::paint::lines_of_a_row;

use super::state::Panel;

/// From this size on all panels stand beside each other.
const ALL_FROM: (u16, u16) = (100, 27);
/// Lines of the week ahead: one a day and the frame.
const WEEK: u16 = 9;

/// The places of the panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The line above them.
    pub head: Rect,
    /// The line that names the panels, where one stands alone.
    pub strip: Option<Rect>,
    /// The week ahead, where there is room for it.
    pub week: Option<Rect>,
    /// The lines that an item takes.
    pub tall: usize,
    panels: [Rect; Panel::ALL.len()],
}

impl Layout {
    /// The places in the body of the screen.
    #[must_use]
    pub fn new(area: Rect) -> Self {
        let line = |down: u16| Rect {
            y: area.y + down.min(area.height),
            height: u16::from(down < area.height),
            ..area
        };
        if area.width < ALL_FROM.0 || area.height < ALL_FROM.1 {
            let below = Rect {
                y: area.y + area.height.min(2),
                height: area.height.saturating_sub(2),
                ..area
            };
            return Self {
                head: line(0),
                strip: Some(line(1)),
                week: None,
                tall: usize::from(lines_of_a_row(area)),
                panels: [below; Panel::ALL.len()],
            };
        }
        let (top, high) = (area.y + 1, area.height - 1);
        let wide = area.width * 3 / 5;
        let left = Rect::new(area.x, top, wide, high - WEEK);
        let third = high / 3;
        let right =
            |from: u16, high: u16| Rect::new(area.x + wide, top + from, area.width - wide, high);
        Self {
            head: line(0),
            strip: None,
            tall: 1,
            week: Some(Rect {
                y: left.bottom(),
                height: WEEK,
                ..left
            }),
            panels: [
                left,
                right(0, third),
                right(third, third),
                right(2 * third, high - 2 * third),
            ],
        }
    }

    /// Whether a panel is to be seen.
    #[must_use]
    pub fn shows(&self, panel: Panel, focus: Panel) -> bool {
        self.strip.is_none() || panel == focus
    }

    /// Where a panel stands.
    #[must_use]
    pub const fn panel(&self, panel: Panel) -> Rect {
        self.panels[panel as usize]
    }

    /// The lines inside its frame.
    #[must_use]
    pub const fn inner(&self, panel: Panel) -> Rect {
        self.panel(panel).inner(Margin::new(1, 1))
    }

    /// How many those are.
    #[must_use]
    pub fn rows(&self, panel: Panel) -> usize {
        usize::from(self.inner(panel).height).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_fill_the_body_and_do_not_overlap() {
        for (wide, high) in [(100, 27), (160, 42), (223, 61), (101, 28)] {
            let area = Rect::new(0, 1, wide, high);
            let layout = Layout::new(area);
            let mut places: Vec<Rect> = Panel::ALL.map(|panel| layout.panel(panel)).to_vec();
            places.extend(layout.week);
            let sum: u32 = places.iter().map(|place| place.area()).sum();
            assert_eq!(sum + u32::from(wide), area.area(), "{wide}x{high}");
            for (at, place) in places.iter().enumerate() {
                assert!(
                    places[at + 1..]
                        .iter()
                        .all(|other| !place.intersects(*other))
                );
            }
        }
        assert!(Layout::new(Rect::new(0, 1, 80, 21)).strip.is_some());
        let tiny = Layout::new(Rect::new(0, 1, 40, 1));
        assert_eq!(tiny.rows(Panel::Steps), 1);
    }
}
