//! The panel beside the list of leads: more of the one under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::history::{History, ListRow};
use crate::domain::lead::DROPPED;
use crate::domain::nouns::{Set, contact};
use crate::domain::records::{Company, Rep};
use crate::tui::look::Look;
use crate::tui::screens::contact::timeline::brief;
use crate::tui::screens::paint::panel;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, paint, wrap};

use super::face::{next_step, source, waits};
use super::state::ContactsScreen;

/// Draws the panel.
pub fn draw(buffer: &mut Buffer, area: Rect, screen: &ContactsScreen, look: &Look<'_>) {
    let row = screen.previewed().and_then(|id| screen.row(id));
    let name = row.map(|row| row.record.name()).unwrap_or_default();
    let aside = if screen.is_pinned() { "pinned" } else { "" };
    let room = usize::from(area.width).saturating_sub(6 + aside.len() + 3);
    let name = clip(&name, room, look.theme.glyphs().ellipsis);
    let inner = panel(buffer, area, (&name, aside), false, look);
    let inner = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let Some(row) = row else {
        return;
    };
    let mut y = inner.y;
    let history = screen.lately(row.record.id);
    let mut told = lines(row, look);
    told.extend(lately(history, usize::from(inner.width), look));
    for (text, role) in told {
        if text.is_empty() {
            y += 1;
            continue;
        }
        for part in wrap(&text, usize::from(inner.width)) {
            if y >= inner.bottom() {
                return;
            }
            let style = look.theme.style(role);
            paint(buffer, inner, inner.x, y, text[part].trim_end(), style);
            y += 1;
        }
    }
}

/// The same to read in a popup, for terminals without room for the panel.
pub fn told(screen: &ContactsScreen, look: &Look<'_>) -> Option<(String, Vec<String>)> {
    let row = screen.previewed().and_then(|id| screen.row(id))?;
    let mut told = lines(row, look);
    if screen.face.preview {
        told.extend(lately(screen.lately(row.record.id), usize::MAX, look));
    }
    let told = told.into_iter().map(|(text, _)| text).collect();
    Some((row.record.name(), told))
}

/// What is told of a lead; an empty text is a gap.
fn lines(row: &ListRow, look: &Look<'_>) -> Vec<(String, Role)> {
    let record = &row.record;
    let text = |def| record.text(def).map(str::to_owned);
    let dot = format!(" {} ", look.theme.glyphs().dot);
    let gap = || (String::new(), Role::Dim);
    let state = text(&contact::LEAD_STATE).unwrap_or_default();
    let score = record.int(&contact::SCORE);
    let score = score.map_or_else(
        || "no score yet".to_owned(),
        |score| format!("score {score}"),
    );
    let owner = record.link::<Rep>(&contact::OWNER);
    let owner = owner.map_or_else(|| "nobody's".to_owned(), |owner| owner.name);
    let mut lines = vec![([state.clone(), score, owner].join(&dot), Role::Title)];
    if let Some(deal) = &row.deal {
        lines.push((format!("converted: deal {}", deal.name), Role::Good));
    }
    if let Some(reason) = text(&contact::DROP_REASON).filter(|_| state == DROPPED) {
        lines.push((format!("dropped: {reason}"), Role::Late));
    }
    lines.push(gap());
    let company = record
        .link::<Company>(&contact::COMPANY)
        .map(|link| link.name);
    let place: Vec<String> = [text(&contact::CITY), text(&contact::COUNTRY)]
        .into_iter()
        .flatten()
        .collect();
    let place = Some(place.join(" ")).filter(|place| !place.is_empty());
    let at: Vec<String> = [text(&contact::TITLE), company, place]
        .into_iter()
        .flatten()
        .collect();
    if !at.is_empty() {
        lines.push((at.join(", "), Role::Text));
    }
    for (set, keys) in [(Set::Email, "y e"), (Set::Phone, "y p")] {
        for (place, element) in record.set(set).iter().enumerate() {
            let hint = if place == 0 { keys } else { "" };
            lines.push((format!("{element}  {hint}"), Role::Link));
        }
    }
    let tags = record.set(Set::Tag).join(" ");
    if !tags.is_empty() {
        lines.push((format!("tags: {tags}"), Role::Dim));
    }
    lines.push(gap());
    let (from, role) = source(row, look);
    lines.push((format!("source: {from}"), role));
    let (wait, role) = waits(row, look);
    if !wait.is_empty() {
        lines.push((format!("waits: {wait}"), role));
    }
    let (next, role) = next_step(row, look);
    if row.next_step.is_some() {
        lines.push((format!("next step: {next}"), role));
    } else {
        lines.push((
            "next step: none; t plans one, c logs a call".to_owned(),
            Role::Dim,
        ));
    }
    if let Some(note) = text(&contact::NOTE) {
        lines.push(gap());
        lines.extend(note.lines().map(|line| (line.to_owned(), Role::Text)));
    }
    lines
}

/// What happened with a lead, the newest first, a line each.
fn lately(history: Option<&History>, wide: usize, look: &Look<'_>) -> Vec<(String, Role)> {
    let mut lines = vec![(String::new(), Role::Dim)];
    match history {
        None => lines.push(("…".to_owned(), Role::Dim)),
        Some(history) if history.happened.is_empty() => {
            lines.push(("Nothing happened yet".to_owned(), Role::Dim));
        }
        Some(history) => lines.extend(history.happened.iter().map(|happening| {
            let text = brief(happening, look);
            let text = clip(&text, wide, look.theme.glyphs().ellipsis);
            (text.into_owned(), Role::Text)
        })),
    }
    lines
}
