//! The week: what is planned for the days ahead, and what was done in those behind.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::money::grouped;
use crate::domain::today::{Today, days_ahead};
use crate::tui::look::Look;
use crate::tui::screens::paint::panel;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, paint, right};

use super::lines;

/// Columns that what was done takes.
const DONE: u16 = 29;
/// Columns that what is planned takes at the least: the day, eight marks, the count.
const PLANNED: u16 = 28;

/// Draws the panel: days on the left; on the right, where there is room, kinds.
pub fn draw(buffer: &mut Buffer, place: Rect, today: &Today, look: &Look<'_>) {
    let sum: u64 = today.ahead.iter().sum();
    let aside = format!("{} planned", grouped(sum));
    let inner = panel(buffer, place, ("Next 7 days", &aside), false, look);
    if inner.width < PLANNED + DONE {
        planned(buffer, inner, today, look);
        return;
    }
    let wide = inner.width - DONE;
    planned(
        buffer,
        Rect {
            width: wide,
            ..inner
        },
        today,
        look,
    );
    let behind = Rect {
        x: inner.x + wide,
        width: DONE,
        ..inner
    };
    done(buffer, behind, today, look);
}

/// A bar of what is planned for each day.
fn planned(buffer: &mut Buffer, area: Rect, today: &Today, look: &Look<'_>) {
    let bar = u64::from(area.width.saturating_sub(PLANNED - 8)).clamp(8, 60);
    let most = today.ahead.iter().copied().max().unwrap_or(0);
    let rows = days_ahead(look.today()).zip(today.ahead);
    for (y, (day, count)) in (area.y..area.bottom()).zip(rows) {
        let is_today = day == look.today();
        let role = if is_today { Role::Title } else { Role::Text };
        let name = format!("{} ", day.format("%a %d %b"));
        let x = area.x + 1;
        let x = x + paint(buffer, area, x, y, &name, look.theme.style(role)) + 1;
        marks(buffer, area, (x, y), (count, most, bar), look);
        let end = x + u16::try_from(bar.min(most.max(8))).unwrap_or(8) + 1;
        let text = grouped(count);
        paint(buffer, area, end, y, &text, look.theme.style(Role::Text));
    }
}

/// What was done in the last seven days: how much of it today, and of each kind.
fn done(buffer: &mut Buffer, area: Rect, today: &Today, look: &Look<'_>) {
    let style = |role| look.theme.style(role);
    let glyphs = look.theme.glyphs();
    let sum: u64 = today.lately.iter().map(|(_, count)| count).sum();
    let head = format!(
        "Done in 7 days {}, today {}",
        grouped(sum),
        grouped(today.done)
    );
    let head = clip(&head, usize::from(area.width), glyphs.ellipsis);
    paint(buffer, area, area.x, area.y, &head, style(Role::Title));
    let most = today
        .lately
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0);
    for (y, (kind, count)) in (area.y + 1..area.bottom()).zip(&today.lately) {
        let text = right(&grouped(*count), 4, glyphs.ellipsis);
        let text = format!("{:<5}{text} ", lines::kind(kind));
        let x = area.x + paint(buffer, area, area.x, y, &text, style(Role::Text));
        marks(buffer, area, (x, y), (*count, most, 14), look);
    }
}

/// One mark each, and fewer where the most of them would not fit.
fn marks(
    buffer: &mut Buffer,
    area: Rect,
    (x, y): (u16, u16),
    (count, most, room): (u64, u64, u64),
    look: &Look<'_>,
) {
    let long = if most <= room {
        count
    } else {
        (count * room).div_ceil(most)
    };
    let text = look
        .theme
        .glyphs()
        .bar
        .repeat(usize::try_from(long).unwrap_or(0));
    paint(buffer, area, x, y, &text, look.theme.style(Role::Soon));
}
