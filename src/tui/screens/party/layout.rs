//! Where the panels of a contact or company stand. Drawing, scrolling and the mouse all ask here, so they cannot disagree.

use ratatui::layout::Rect;

use super::state::Panel;

/// From this width on all panels are shown; below it the one that has the keys.
const ALL_FROM: u16 = 96;
/// The panels at the left take so many columns of a hundred.
const LEFT: u16 = 38;
/// And so many at the most.
const LEFT_MOST: u16 = 52;
/// Lines over a single panel that say who it is.
const BRIEF: u16 = 2;

/// From so many lines below the head on.
const BRIEF_FROM: u16 = 10;

/// The parts of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The line that says where one is.
    pub head: Rect,
    /// Who it is in short, where the profile is not beside.
    pub brief: Option<Rect>,
    /// The names of the panels, where only one is shown.
    pub strip: Option<Rect>,
    profile: Rect,
    timeline: Rect,
    /// Of no height where there are none.
    people: Rect,
    deals: Rect,
}

impl Layout {
    /// The parts in an area. `people` is how many lines the people would like, where there is a panel of them; `deals` likewise.
    #[must_use]
    pub fn new(area: Rect, people: Option<usize>, deals: usize) -> Self {
        let head = Rect {
            height: area.height.min(1),
            ..area
        };
        let body = below(area, 1);
        if area.width < ALL_FROM {
            // In the smallest terminals the panel needs these lines itself.
            let lines = if body.height < BRIEF_FROM { 0 } else { BRIEF };
            let brief = Rect {
                height: lines,
                ..body
            };
            let rest = below(body, lines);
            let strip = Rect {
                height: rest.height.min(1),
                ..rest
            };
            let one = below(rest, 1);
            return Self {
                head,
                brief: (lines > 0).then_some(brief),
                strip: Some(strip),
                profile: one,
                timeline: one,
                people: one,
                deals: one,
            };
        }
        let left = (area.width * LEFT / 100).min(LEFT_MOST);
        // What people and deals do not need is the profile's.
        let share = if people.is_some() { 3 } else { 2 };
        let room = |lines: usize| {
            let wanted = u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2);
            wanted.clamp(4, (body.height / share).max(4))
        };
        let deals = room(deals).min(body.height);
        let people = people.map_or(0, room).min(body.height - deals);
        let column = Rect {
            width: left,
            ..body
        };
        let profile = Rect {
            height: body.height - deals - people,
            ..column
        };
        let people = Rect {
            y: profile.bottom(),
            height: people,
            ..column
        };
        let deals = Rect {
            y: people.bottom(),
            height: deals,
            ..column
        };
        let timeline = Rect {
            x: body.x + left,
            width: body.width - left,
            ..body
        };
        Self {
            head,
            brief: None,
            strip: None,
            profile,
            timeline,
            people,
            deals,
        }
    }

    /// A panel with its frame.
    #[must_use]
    pub const fn panel(&self, panel: Panel) -> Rect {
        match panel {
            Panel::Profile => self.profile,
            Panel::Timeline => self.timeline,
            Panel::People => self.people,
            Panel::Deals => self.deals,
        }
    }

    /// Lines inside a panel.
    #[must_use]
    pub const fn page(&self, panel: Panel) -> u16 {
        self.panel(panel).height.saturating_sub(2)
    }

    /// Whether a panel is shown while `focus` has the keys.
    #[must_use]
    pub fn shows(&self, panel: Panel, focus: Panel) -> bool {
        self.strip.is_none() || panel == focus
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

    proptest! {
        #[test]
        fn panels_lie_in_the_area_at_any_size(width in 0..300_u16, height in 0..99_u16, people in prop::option::of(0..60_usize), deals in 0..60_usize) {
            let area = Rect::new(0, 1, width, height);
            let layout = Layout::new(area, people, deals);
            for panel in [Panel::Profile, Panel::Timeline, Panel::People, Panel::Deals] {
                let place = layout.panel(panel);
                prop_assert_eq!(place.intersection(area), place);
            }
        }
    }
}
