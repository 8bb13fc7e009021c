//! The picture of Today.

use std::ops::Range;

use chrono::Datelike;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::id::RecordId;
use crate::domain::money::grouped;
use crate::domain::today::{Bucket, Quota, Today};
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::paint::{
    SIGNS, Sign, older, pair, panel, pieces, row_under_cursor, sentence, signs, under_cursor,
    unread,
};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, paint};

use super::columns::{self, Cell};
use super::layout::Layout;
use super::lines;
use super::state::{Item, Panel, Row, TodayScreen};
use super::{narrow, week};

/// Draws Today; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &TodayScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let Some(today) = &screen.today else {
        let reading = "Reading what is to be done today";
        unread(
            buffer,
            area,
            ("Today", reading, screen.fault.as_deref()),
            scene,
        );
        return None;
    };
    let layout = Layout::new(area);
    head(buffer, layout.head, screen, today, look);
    if let Some(line) = layout.strip {
        screen.strip().draw(buffer, line, look);
    }
    if let Some(place) = layout.week {
        week::draw(buffer, place, today, look);
    }
    let mut cursor = None;
    for which in Panel::ALL {
        if layout.shows(which, screen.focus) {
            let at = draw_panel(buffer, &layout, which, screen, scene);
            if which == screen.focus {
                cursor = at;
            }
        }
    }
    cursor
}

/// The day, the quota where one is set, and whose day it is; in its place why there is no newer answer.
fn head(buffer: &mut Buffer, line: Rect, screen: &TodayScreen, today: &Today, look: &Look<'_>) {
    let style = |role| look.theme.style(role);
    let dot = look.theme.glyphs().dot;
    let local = look.now.local(look.zone);
    let week = look.today().iso_week().week();
    let place = look.zone.name();
    let place = place.rsplit('/').next().unwrap_or(place).replace('_', " ");
    let text = format!(
        "{} {dot} W{week:02} {dot} {} {place}",
        local.format("%a %d %b %Y"),
        local.format("%H:%M"),
    );
    let mut x = line.x + 1;
    x += paint(buffer, line, x, line.y, &text, style(Role::Title)) + 3;
    let room = usize::from(line.right().saturating_sub(x + 1));
    let ellipsis = look.theme.glyphs().ellipsis;
    if let Some(fault) = &screen.fault {
        let text = older(fault, room, look.theme.glyphs());
        paint(buffer, line, x, line.y, &text, style(Role::Error));
    } else if let Some(quota) = &today.quota {
        let text = quota_line(quota, look);
        let text = clip(&text, room, ellipsis);
        paint(buffer, line, x, line.y, &text, style(Role::Good));
    } else if today.of.is_none() {
        let text = clip("everybody's: nobody has said who they are", room, ellipsis);
        paint(buffer, line, x, line.y, &text, style(Role::Soon));
    }
}

/// `won 182k of 300k ▌▌▌▌▌▌──── 60% · pace 103%`: the bar ends at its end, the figure does not.
fn quota_line(quota: &Quota, look: &Look<'_>) -> String {
    const BAR: usize = 12;
    let glyphs = look.theme.glyphs();
    let percent = quota.percent().unwrap_or(0);
    let full = usize::try_from(percent.clamp(0, 100)).unwrap_or(0) * BAR / 100;
    let bar = glyphs.bar.repeat(full) + &glyphs.horizontal.repeat(BAR - full);
    let pace = quota.pace(look.today());
    let pace = pace.map_or_else(|| glyphs.unknown.to_owned(), |pace| format!("{pace}%"));
    format!(
        "won {} of {} {bar} {percent}% {} pace {pace}",
        look.money(quota.won),
        look.money(quota.target),
        glyphs.dot,
    )
}

fn title(which: Panel, today: &Today, away: bool, look: &Look<'_>) -> String {
    let whose = if today.of.is_some() {
        "mine"
    } else {
        "everybody's"
    };
    let dot = look.theme.glyphs().dot;
    match which {
        Panel::Steps => format!("Next steps {dot} {whose}"),
        Panel::Rotting => format!("Rotting deals {dot} {whose}"),
        Panel::Waiting => "Waiting for an answer".to_owned(),
        Panel::Others if !away => "Changed by others".to_owned(),
        Panel::Others => match today.since.at {
            Some(at) => format!("Since you left ({})", look.moment(at)),
            None if today.of.is_some() => "Changed lately: you have not yet".to_owned(),
            None => "Changed lately by others".to_owned(),
        },
    }
}

/// What an empty panel says, and the key that helps.
fn empty(which: Panel, today: &Today, away: bool) -> &'static str {
    match which {
        Panel::Steps if today.of.is_some() => {
            "Nothing is planned. On a deal or contact t plans a next step; f finds one."
        }
        Panel::Steps => {
            "Nobody has planned anything. On a deal or contact t plans a next step; f finds one."
        }
        Panel::Rotting => "No deal is quiet for longer than its stage allows.",
        Panel::Waiting => "No new lead waits for a first answer.",
        Panel::Others if !away => {
            "Nobody else has changed anything. What others do while you are away stands here."
        }
        Panel::Others => "Nobody else has changed anything.",
    }
}

fn draw_panel(
    buffer: &mut Buffer,
    layout: &Layout,
    which: Panel,
    screen: &TodayScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let today = screen.today.as_ref()?;
    let focus = which == screen.focus;
    let count = grouped(screen.count(which));
    let aside = match which {
        Panel::Others if today.more_others => format!("{count}+"),
        Panel::Steps => format!("{count} planned"),
        _ => count,
    };
    let away = screen.was_away();
    let named = title(which, today, away, look);
    let inner = panel(buffer, layout.panel(which), (&named, &aside), focus, look);
    let items = screen.items(which);
    if items.is_empty() {
        sentence(buffer, inner, look, empty(which, today, away), Role::Text);
    }
    let rows = screen.rows(which, layout.tall);
    let room = usize::from(inner.width.saturating_sub(SIGNS));
    let everybody = today.of.is_none();
    let widths = if layout.tall > 1 {
        Vec::new()
    } else {
        let sighted = in_sight(&rows, screen.tops[which as usize], inner.height.into());
        let lines: Vec<Vec<Cell>> = items[sighted.start..sighted.end.min(items.len())]
            .iter()
            .map(|item| cells(item, room, everybody, look))
            .collect();
        columns::widths(&lines, room)
    };
    let two = layout.tall > 1;
    let mut place = None;
    for (y, row) in (inner.y..inner.bottom()).zip(rows.iter().skip(screen.tops[which as usize])) {
        match row {
            Row::Head(bucket) => draw_head(
                buffer,
                inner,
                y,
                (*bucket, screen.bucket_count(*bucket)),
                look,
            ),
            Row::More(_, more) => {
                let text = format!("{} more", grouped(*more));
                paint(
                    buffer,
                    inner,
                    inner.x + SIGNS,
                    y,
                    &text,
                    look.theme.style(Role::Dim),
                );
            }
            Row::Rest(at) => {
                let Some(item) = items.get(*at) else { continue };
                let cursor = focus && *at == screen.cursors[which as usize];
                let line = Rect {
                    y,
                    height: 1,
                    ..inner
                };
                draw_second(buffer, line, (item, cursor), screen, look);
            }
            Row::Step(at) => {
                let Some(item) = items.get(*at) else { continue };
                let cursor = *at == screen.cursors[which as usize];
                let row = (item, cursor && focus);
                if two {
                    draw_first(buffer, inner, y, row, screen, scene);
                } else {
                    draw_item(buffer, inner, y, (row, &widths), screen, scene);
                }
                if cursor {
                    place = Some((inner.x, y));
                }
            }
        }
    }
    place
}

/// Items by so many of which columns get their widths: of all of hundreds that would take longer than all the rest of the picture, and
/// of those in sight alone columns would jump at every line that comes into it.
const BLOCK: usize = 32;

/// The items whose lines are in sight, from the first of a block to the last of one.
fn in_sight(rows: &[Row], top: usize, height: usize) -> Range<usize> {
    let shown = rows.iter().skip(top).take(height);
    let mut places = shown.filter_map(|row| match row {
        Row::Step(at) | Row::Rest(at) => Some(*at),
        Row::Head(_) | Row::More(..) => None,
    });
    let first = places.next().unwrap_or(0);
    let last = places.next_back().unwrap_or(first);
    first / BLOCK * BLOCK..(last / BLOCK + 1) * BLOCK
}

/// The first of two lines of an item.
fn draw_first(
    buffer: &mut Buffer,
    inner: Rect,
    y: u16,
    (item, cursor): (&Item<'_>, bool),
    screen: &TodayScreen,
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    let sign = sign(item, screen, scene);
    let line = Rect {
        y,
        height: 1,
        ..inner
    };
    let x = signs(buffer, line, y, (cursor, sign), look);
    let text = Rect {
        x,
        width: inner.right().saturating_sub(x),
        ..line
    };
    pair(buffer, text, narrow::first(item, look), look);
    if cursor {
        under_cursor(buffer, line, look);
    }
}

/// The second line of an item.
fn draw_second(
    buffer: &mut Buffer,
    line: Rect,
    (item, cursor): (&Item<'_>, bool),
    screen: &TodayScreen,
    look: &Look<'_>,
) {
    let text = Rect {
        x: line.x + SIGNS,
        width: line.width.saturating_sub(SIGNS),
        ..line
    };
    let everybody = screen
        .today
        .as_ref()
        .is_some_and(|today| today.of.is_none());
    let told = narrow::second(item, everybody, look);
    pieces(buffer, text, told.into_iter(), look);
    if cursor {
        under_cursor(buffer, line, look);
    }
}

/// The sign before an item.
fn sign(item: &Item<'_>, screen: &TodayScreen, scene: &Scene<'_>) -> Sign {
    let key = RecordId::from_raw(item.key());
    match item {
        Item::Other(_) => Sign::None,
        _ => Sign::of(key, screen.is_pending(key), &screen.by_others, scene.real),
    }
}

fn draw_head(
    buffer: &mut Buffer,
    inner: Rect,
    y: u16,
    (bucket, count): (Bucket, u64),
    look: &Look<'_>,
) {
    let line = look.theme.glyphs().horizontal;
    let role = match bucket {
        Bucket::Overdue => Role::Late,
        _ => Role::Title,
    };
    let border = look.theme.style(Role::Border);
    let mut x = inner.x;
    x += paint(buffer, inner, x, y, &line.repeat(2), border);
    let text = format!(" {} {} ", bucket.name(), grouped(count));
    x += paint(buffer, inner, x, y, &text, look.theme.style(role));
    let rest = usize::from(inner.right().saturating_sub(x));
    paint(buffer, inner, x, y, &line.repeat(rest), border);
}

fn draw_item(
    buffer: &mut Buffer,
    inner: Rect,
    y: u16,
    ((item, cursor), widths): ((&Item<'_>, bool), &[usize]),
    screen: &TodayScreen,
    scene: &Scene<'_>,
) {
    let look = &scene.look;
    let sign = sign(item, screen, scene);
    let mut x = signs(buffer, inner, y, (cursor, sign), look);
    let everybody = screen
        .today
        .as_ref()
        .is_some_and(|today| today.of.is_none());
    let wide = usize::from(inner.width.saturating_sub(SIGNS));
    let cells = cells(item, wide, everybody, look);
    let pieces = columns::line(cells, widths, look.theme.glyphs().ellipsis);
    for (text, role) in pieces {
        x += paint(buffer, inner, x, y, &text, look.theme.style(role));
    }
    if cursor {
        row_under_cursor(buffer, inner, y, look);
    }
}

/// What stands in the columns of a line.
fn cells(item: &Item<'_>, wide: usize, everybody: bool, look: &Look<'_>) -> Vec<Cell> {
    match item {
        Item::Step(step) => lines::step(step, everybody, look),
        Item::Rotting(deal) => lines::rotting(deal, look),
        Item::Waiting(lead) => lines::waiting(lead, look),
        Item::Other(other) => lines::other(other, wide, look),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_by_the_blocks_that_are_in_sight() {
        let rows: Vec<Row> = std::iter::once(Row::Head(Bucket::Overdue))
            .chain((0..100).map(Row::Step))
            .chain([Row::More(Bucket::Overdue, 900)])
            .collect();
        for (top, height, items) in [
            (0, 20, 0..32),
            (20, 20, 0..64),
            (40, 20, 32..64),
            (90, 20, 64..128),
            (101, 1, 0..32),
        ] {
            assert_eq!(in_sight(&rows, top, height), items, "{top}");
        }
        assert_eq!(in_sight(&[], 0, 20), 0..32);
    }
}
