//! The picture of a record: what is known of it, then what happened with it.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::nouns::{Entity, activity};
use crate::domain::records::Record;
use crate::domain::shown::{Showing, show};
use crate::domain::typed::label;
use crate::tui::layers::Detail;
use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::{clip, popup};
use crate::tui::words;

use super::view::{Line, draw_lines};

/// A record: what is known of it, then what happened with it; gives the signs that there is more.
pub(super) fn draw(frame: &mut Frame, area: Rect, detail: &mut Detail, look: &Look<'_>) -> Hints {
    let style = |role| look.theme.style(role);
    let place = popup::centred(
        area,
        area.width.saturating_sub(4).min(110),
        area.height.saturating_sub(2),
    );
    let name = match &detail.record {
        Some(Some(record)) => record.name(),
        _ => detail.name.clone(),
    };
    let title = format!("{} · {name}", noun(detail.entity));
    let inner = popup::frame(frame, place, &title, look.theme);
    let line = |text: &str, role| Line::new(text, style(role));
    let mut lines: Vec<Line> = Vec::new();
    match &detail.record {
        None => lines.push(line("Reading …", Role::Dim)),
        Some(None) => lines.push(line("This record is not in the book any more", Role::Error)),
        Some(Some(record)) => lines.extend(fields(record, look)),
    }
    if let Some(sold) = &detail.lines {
        lines.push(line("", Role::Text));
        lines.push(line("Products", Role::Title));
        for (name, counted) in super::lines::told(sold, look) {
            let name = clip::left(&name, PRODUCT, look.theme.glyphs().ellipsis);
            lines.push(line(&format!("{name} {counted}"), Role::Text));
        }
        if sold.lines.is_empty() {
            lines.push(line("None yet: g l adds one", Role::Dim));
        } else if let Some(base) = look.base {
            lines.push(line(&sold.told(base), super::lines::standing(sold)));
            lines.push(line("g l adds, changes and removes them", Role::Dim));
        }
    }
    lines.push(line("", Role::Text));
    lines.push(line("Timeline", Role::Title));
    match &detail.timeline {
        None => lines.push(line("Reading …", Role::Dim)),
        Some(records) if records.is_empty() => {
            let hint = "Nothing yet: c logs a call, m a mail, M a meeting, n a note; t plans the next step";
            lines.push(line(hint, Role::Dim));
        }
        Some(records) => {
            let activities = records.iter().map(|record| activity_lines(record, look));
            lines.extend(activities.flatten());
        }
    }
    let (top, signs) = draw_lines(frame.buffer_mut(), inner, &lines, detail.top, look.theme);
    detail.top = top;
    signs
}

fn noun(entity: Entity) -> String {
    let name = entity.name().replace('_', " ");
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Columns for the name of a product.
const PRODUCT: usize = 32;
/// The column of values.
const VALUE_AT: u16 = 17;
/// The column of what was written about an activity.
const BODY_AT: u16 = 27;

/// Fields that say nothing to people, or stand in the title or beside an amount.
const HIDDEN: &[&str] = &[
    "position",
    "currency",
    "close_currency",
    "close_rate",
    "name_key",
];

/// The known fields of a record, one a line.
fn fields(record: &Record, look: &Look<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    for (label, shown, role) in known(record, look) {
        let style = look.theme.style(role);
        // The rest of a long value stands under its beginning.
        let mut rest = shown.lines();
        let first = rest.next().unwrap_or_default();
        lines.push(Line::new(format!("{label:<16} {first}"), style));
        lines.extend(rest.map(|more| Line::new(more, style).indented(VALUE_AT)));
    }
    lines
}

/// What is known of a record: what it is called, the value in words, how much it matters.
pub(in crate::tui) fn known(record: &Record, look: &Look<'_>) -> Vec<(String, String, Role)> {
    let mut lines: Vec<(String, String, Role)> = Vec::new();
    let mut line = |label: &str, shown: &str, role| {
        lines.push((label.to_owned(), shown.to_owned(), role));
    };
    if record.trashed_at.is_some() {
        line(
            "In the trash",
            "g T shows it, and W there restores it",
            Role::Late,
        );
    }
    if let Some(state) = record.state {
        line("State", state.name(), Role::Text);
    }
    for (place, def) in record.entity.fields().iter().enumerate() {
        if HIDDEN.contains(&def.name) || Some(def.name) == record.entity.label_field() {
            continue;
        }
        let money = look.base.and_then(|base| record.money(def, base));
        let Some(currency) = money.map(|money| money.currency).or(look.base) else {
            continue;
        };
        let by = Showing {
            currency,
            zone: look.zone,
            name: record.names.get(place).and_then(Option::as_deref),
        };
        if let Some(shown) = show(def.kind, record.get(def), &by) {
            let shown = words::named(&shown, record.is_gone(def));
            line(&label(def), &shown, Role::Text);
        }
    }
    for custom in &record.custom {
        let shown = look.base.and_then(|base| custom.shown(base, look.zone));
        if let Some(shown) = shown {
            line(&custom.name, &shown, Role::Text);
        }
    }
    for (set, elements) in &record.sets {
        if !elements.is_empty() {
            line(set.name(), &elements.join(", "), Role::Text);
        }
    }
    if let Some((source, key)) = &record.source {
        line("Source", &format!("{source} {key}"), Role::Dim);
    }
    line("Id", &record.id.to_string(), Role::Dim);
    lines
}

/// An activity as a sentence: when, what, about what, who; then its text.
pub(in crate::tui) fn told(record: &Record, look: &Look<'_>) -> String {
    let text = |def| record.text(def).map(str::to_owned);
    let who = record.link::<crate::domain::records::Rep>(&activity::PERFORMER);
    let due = || {
        words::due(
            record.instant(&activity::DUE_AT),
            record.date(&activity::DUE_DATE),
            look,
        )
    };
    let when = match record.instant(&activity::DONE_AT) {
        Some(at) => words::moment(at, look),
        None => format!("planned, {}", due().unwrap_or_else(|| "no date".to_owned())),
    };
    let head = words::sentence([
        text(&activity::KIND),
        Some(when),
        text(&activity::SUBJECT),
        text(&activity::OUTCOME),
        who.map(|who| format!("by {}", who.name)),
    ]);
    match text(&activity::BODY) {
        Some(body) => format!(
            "{head} {}",
            body.split_whitespace().collect::<Vec<_>>().join(" ")
        ),
        None => head,
    }
}

/// An activity of a timeline: when, what, about what, who; then its text.
fn activity_lines(record: &Record, look: &Look<'_>) -> Vec<Line> {
    let style = |role| look.theme.style(role);
    let kind = record.text(&activity::KIND).unwrap_or("note");
    let subject = record.text(&activity::SUBJECT).unwrap_or_default();
    let done = record.instant(&activity::DONE_AT);
    let who = record
        .link::<crate::domain::records::Rep>(&activity::PERFORMER)
        .map(|rep| rep.name)
        .unwrap_or_default();
    let due = look.due(
        record.instant(&activity::DUE_AT),
        record.date(&activity::DUE_DATE),
    );
    let (when, role) = match (done, due) {
        (Some(at), _) => (look.moment(at), Role::Text),
        (None, Some((text, true))) => (text, Role::Late),
        (None, Some((text, false))) => (text, Role::Soon),
        (None, None) => ("planned".to_owned(), Role::Soon),
    };
    let said = [subject, record.text(&activity::OUTCOME).unwrap_or_default()];
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    let head = format!("{when:>16}  {kind:<8} {}  {who}", said.join(" · "));
    let body = record.text(&activity::BODY).unwrap_or_default();
    std::iter::once(Line::new(head, style(role)))
        .chain(
            body.lines()
                .map(|line| Line::new(line, style(Role::Dim)).indented(BODY_AT)),
        )
        .collect()
}
