//! A frame over what is on the screen: double border, title, everything under it cleared.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear};

use super::clip::{cells, clip};
use crate::tui::theme::{Role, Theme};

/// A popup of that size (its border included) in the middle of an area, smaller where the area is smaller.
#[must_use]
pub fn centred(area: Rect, wide: u16, high: u16) -> Rect {
    let width = wide.min(area.width);
    let height = high.min(area.height);
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}

/// Draws the frame and returns what is inside it, with one blank column at each side where there is room.
pub fn frame(frame: &mut Frame, place: Rect, title: &str, theme: &Theme) -> Rect {
    let place = place.intersection(frame.area());
    clear(frame, place);
    let room = usize::from(place.width).saturating_sub(4);
    let glyphs = theme.glyphs();
    let title = clip(title, room, glyphs.ellipsis);
    let mut block = Block::bordered()
        .border_set(glyphs.frame_focus)
        .border_style(theme.style(Role::Focus));
    if !title.is_empty() {
        block = block
            .title(format!(" {title} "))
            .title_style(theme.style(Role::Focus));
    }
    let inner = block.inner(place);
    frame.render_widget(block, place);
    if inner.width > 10 {
        Rect {
            x: inner.x + 1,
            width: inner.width - 2,
            ..inner
        }
    } else {
        inner
    }
}

/// Clears an area, and the left half of wide letters that the area cuts in two: half a letter would push the frame aside.
fn clear(frame: &mut Frame, place: Rect) {
    frame.render_widget(Clear, place);
    let Some(edge) = place.x.checked_sub(1) else {
        return;
    };
    let buffer = frame.buffer_mut();
    for y in place.top()..place.bottom() {
        if let Some(cell) = buffer.cell_mut((edge, y))
            && cells(cell.symbol()) > 1
        {
            cell.set_symbol(" ").set_style(Style::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{draw, text};
    use proptest::prelude::*;

    #[test]
    fn a_frame_cuts_no_letter_in_two() {
        let terminal = draw(14, 3, |screen| {
            screen.render_widget("a龍騰龍騰龍騰", screen.area());
            let place = Rect::new(2, 0, 11, 3);
            frame(screen, place, "龍騰龍騰", &Theme::default());
        });
        assert_eq!(text(&terminal).lines().next(), Some("a ╔ 龍騰龍… ╗"));
    }

    proptest! {
        #[test]
        fn any_frame_fits_any_screen(w in 0_u16..30, h in 0_u16..9, x in 0_u16..40, y in 0_u16..12, title in ".{0,12}") {
            draw(20, 5, |screen| {
                let inner = frame(screen, Rect::new(x, y, w, h), &title, &Theme::default());
                let place = centred(screen.area(), w, h);
                assert_eq!(place, place.intersection(screen.area()));
                assert_eq!(inner.intersection(screen.area()).area(), inner.area());
            });
        }
    }
}
