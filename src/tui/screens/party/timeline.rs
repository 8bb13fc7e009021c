//! The picture of the timeline: a heading a day, a line an entry, and the beginning of its text under it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::custom::CustomKind;
use crate::domain::history::{Deed, Happening, Party, Turn, What};
use crate::domain::money::{Money, grouped};
use crate::domain::nouns::{Entity, Kind, Set, deal};
use crate::domain::shown::{Showing, day as whole_day, moment, show};
use crate::domain::time::Date;
use crate::domain::typed::label;
use crate::domain::value::Value;
use crate::tui::look::Look;
use crate::tui::screens::Scene;
use crate::tui::screens::paint::{SIGNS, Sign, sentence, signs, under_cursor, why_unread};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, paint};

use super::entries::Entry;
use super::state::{Panel, PartyScreen};

/// Columns of the time of day or of the day that something is due.
const WHEN: u16 = 9;
/// Columns of the kind.
const KIND: u16 = 8;

/// Draws the entries into the inside of the panel; gives the cell of the cursor.
pub(super) fn draw(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &PartyScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let entries = screen.entries();
    if entries.is_empty() {
        if screen.is_read {
            sentence(buffer, inner, look, nothing(screen), Role::Text);
        } else {
            let why = ("Reading what happened", screen.fault.as_deref());
            why_unread(buffer, inner, why, scene);
        }
        return None;
    }
    let mut y = inner.y;
    let mut at = None;
    for place in screen.top..entries.len() {
        let Some(entry) = entries.get(place).filter(|_| y < inner.bottom()) else {
            break;
        };
        if place == screen.top || entries.begins_group(place, look.zone) {
            draw_heading(buffer, inner, y, entry, look);
            y += 1;
        }
        if y >= inner.bottom() {
            break;
        }
        let cursor = place == screen.cursor && screen.focus == Panel::Timeline;
        let high = draw_entry(buffer, inner, y, (entry, cursor), screen, scene);
        if cursor {
            at = Some((inner.x, y));
        }
        y += high;
    }
    if let Some(last) = entries.len().checked_sub(1).filter(|_| screen.more)
        && screen.cursor == last
    {
        let style = look.theme.style(Role::Dim);
        let bottom = inner.bottom().saturating_sub(1);
        let text = format!("reading what was before {}", look.theme.glyphs().ellipsis);
        paint(buffer, inner, inner.x + SIGNS, bottom, &text, style);
    }
    at
}

pub(super) fn nothing(screen: &PartyScreen) -> &'static str {
    if screen.search.is_some() {
        "No entry has these words. Esc takes the search away, / changes it."
    } else if !screen.sorts.is_empty() {
        "Nothing of this kind. V shows everything."
    } else {
        "Nothing yet: c logs a call, m a mail, M a meeting, n a note; t plans the next step"
    }
}

fn draw_heading(buffer: &mut Buffer, inner: Rect, y: u16, entry: &Entry<'_>, look: &Look<'_>) {
    let glyphs = look.theme.glyphs();
    let name = match entry.at() {
        None => "Planned".to_owned(),
        Some(at) => heading(at.date(look.zone), look),
    };
    let line = glyphs.horizontal;
    let text = format!("{line}{line} {name} ");
    let x = inner.x;
    let end = x + paint(buffer, inner, x, y, &text, look.theme.style(Role::Dim));
    let rest = usize::from(inner.right().saturating_sub(end));
    let style = look.theme.style(Role::Border);
    paint(buffer, inner, end, y, &line.repeat(rest), style);
}

/// A day as a heading: `Today`, `Yesterday`, `Sat 21 Nov`, `Wed 18 Nov 2025`.
fn heading(date: Date, look: &Look<'_>) -> String {
    use chrono::Datelike;
    match (look.today() - date).num_days() {
        0 => "Today".to_owned(),
        1 => "Yesterday".to_owned(),
        -1 => "Tomorrow".to_owned(),
        _ if date.year() == look.today().year() => date.format("%a %-d %b").to_string(),
        _ => whole_day(date),
    }
}

/// Draws an entry, and returns the lines that it took.
fn draw_entry(
    buffer: &mut Buffer,
    inner: Rect,
    y: u16,
    (entry, cursor): (&Entry<'_>, bool),
    screen: &PartyScreen,
    scene: &Scene<'_>,
) -> u16 {
    let look = &scene.look;
    let record = match entry {
        Entry::Turn(_, turn) => Some(turn.record).filter(|id| Some(*id) != screen.id()),
        _ => entry.deed().map(|deed| deed.id),
    };
    let pending = match entry {
        Entry::Going(ticket, _) => screen.is_going(*ticket),
        Entry::Turn(..) => false,
        _ => record.is_some_and(|id| screen.is_pending(id)),
    };
    let sign = record.map_or(Sign::None, |id| {
        Sign::of(id, pending, &screen.by_others, scene.real)
    });
    let x = signs(buffer, inner, y, (cursor, sign), look);
    let line = line_of(entry, screen.of, look);
    let glyphs = look.theme.glyphs();
    let style = |role| look.theme.style(role);
    paint(
        buffer,
        inner,
        x,
        y,
        &clip(&line.when, usize::from(WHEN), glyphs.ellipsis),
        style(line.role),
    );
    paint(buffer, inner, x + WHEN, y, &line.kind, style(Role::Dim));
    let text_x = x + WHEN + KIND;
    let who_x = inner.right().saturating_sub(columns(&line.who) + 1);
    let room = usize::from(who_x.saturating_sub(text_x + 1));
    let end = text_x
        + paint(
            buffer,
            inner,
            text_x,
            y,
            &clip(&line.text, room, glyphs.ellipsis),
            style(Role::Text),
        );
    if end < who_x {
        paint(buffer, inner, who_x, y, &line.who, style(Role::Dim));
    }
    let high = u16::try_from(entry.height()).unwrap_or(1);
    if high > 1 && y + 1 < inner.bottom() {
        let body = entry.deed().and_then(|deed| deed.body.as_deref());
        let body: Vec<&str> = body.unwrap_or_default().split_whitespace().collect();
        let room = usize::from(inner.right().saturating_sub(text_x + 1));
        let text = body.join(" ");
        paint(
            buffer,
            inner,
            text_x,
            y + 1,
            &clip(&text, room, glyphs.ellipsis),
            style(Role::Dim),
        );
    }
    if cursor {
        let height = high.min(inner.bottom() - y);
        under_cursor(buffer, Rect { y, height, ..inner }, look);
    }
    high
}

/// The parts of the line of an entry.
struct Line {
    when: String,
    role: Role,
    kind: String,
    text: String,
    who: String,
}

fn line_of(entry: &Entry<'_>, of: Option<Party>, look: &Look<'_>) -> Line {
    match entry {
        Entry::Turn(mark, turn) => Line {
            when: mark.at.local(look.zone).format("%H:%M").to_string(),
            role: Role::Text,
            kind: match turn.entity {
                Entity::Deal => "Deal",
                Entity::Company => "Company",
                _ => "Contact",
            }
            .to_owned(),
            text: told(turn, of, look),
            who: first_word(turn.by.as_deref()),
        },
        Entry::Planned(deed) | Entry::Going(_, deed) | Entry::Deed(_, deed) => {
            let (when, role) = when(deed, look);
            Line {
                when,
                role,
                kind: kind(deed, look),
                text: subject(deed, of, look),
                who: first_word(deed.performer.as_deref()),
            }
        }
    }
}

/// What happened in one line with its day: for where there is no room for a timeline.
#[must_use]
pub fn brief(happening: &Happening, of: Option<Party>, look: &Look<'_>) -> String {
    let what = match &happening.what {
        What::Deed(deed) => format!("{} {}", kind(deed, look), subject(deed, of, look)),
        What::Turn(turn) => told(turn, of, look),
    };
    let day = look.date(happening.mark.at.date(look.zone));
    format!("{day}  {what}").trim_end().to_owned()
}

fn first_word(name: Option<&str>) -> String {
    let word = name.and_then(|name| name.split_whitespace().next());
    word.unwrap_or_default().to_owned()
}

fn when(deed: &Deed, look: &Look<'_>) -> (String, Role) {
    if let Some(at) = deed.done_at {
        return (at.local(look.zone).format("%H:%M").to_string(), Role::Text);
    }
    match look.due(deed.due_at, deed.due_date) {
        Some((due, true)) => (due, Role::Late),
        Some((due, false)) => (due, Role::Soon),
        None => ("some day".to_owned(), Role::Soon),
    }
}

/// `Call →`, `Mail ←`, `Meeting`.
fn kind(deed: &Deed, look: &Look<'_>) -> String {
    let glyphs = look.theme.glyphs();
    let mut letters = deed.kind.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let name: String = first.chain(letters).collect();
    match deed.direction.as_deref() {
        Some("out") => format!("{name} {}", glyphs.right),
        Some("in") => format!("{name} {}", glyphs.left),
        _ => name,
    }
}

/// What it was about, with whom where that is not plain, and what came of it, in one line.
fn subject(deed: &Deed, of: Option<Party>, look: &Look<'_>) -> String {
    let minutes = deed.minutes.map(|minutes| format!("{minutes} min"));
    let deal = deed.deal.as_ref().map(|deal| deal.name.clone());
    let of_company = matches!(of, Some(Party::Company(_)));
    let person = deed.contact.as_ref().filter(|_| of_company);
    let parts = [
        deed.subject.clone(),
        person.map(|person| person.name.clone()),
        deed.outcome.clone(),
        minutes,
        deal,
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(&format!(" {} ", look.theme.glyphs().dot))
}

/// A change in one line: `Discovery → Proposal · Rollout`.
pub(super) fn told(turn: &Turn, of: Option<Party>, look: &Look<'_>) -> String {
    let mut told = change(turn, look);
    if let Some(line) = &turn.line {
        told = format!("{line}: {told}");
    }
    if of.map(Party::record) != Some(turn.record) {
        told = format!("{told} {} {}", look.theme.glyphs().dot, turn.name);
    }
    if turn.others > 0 {
        told = format!("{told} and {} more", grouped(turn.others));
    }
    told
}

fn change(turn: &Turn, look: &Look<'_>) -> String {
    let Some(field) = &turn.field else {
        return if turn.imported { "imported" } else { "added" }.to_owned();
    };
    let (old, new) = (value(&turn.old, turn, look), value(&turn.new, turn, look));
    if field == "trashed_at" {
        return match new {
            None => "taken out of the trash",
            Some(_) => "put into the trash",
        }
        .to_owned();
    }
    if Set::named(field).is_some_and(|set| set.is_of(turn.noun())) {
        return match (old, new) {
            (_, Some(new)) => format!("{field} {new} added"),
            (Some(old), None) => format!("{field} {old} removed"),
            (None, None) => format!("{field} changed"),
        };
    }
    let what = match turn.noun().field(field) {
        // A stage says itself that it is one.
        Some(def) if *def == deal::STAGE => String::new(),
        Some(def) => format!("{} ", label(def).to_lowercase()),
        None => format!("{field} "),
    };
    let arrow = look.theme.glyphs().arrow;
    match (old, new) {
        (None, Some(new)) => format!("{what}{new}"),
        (Some(old), Some(new)) => format!("{what}{old} {arrow} {new}"),
        (Some(old), None) => format!("{what}{old} {arrow} {}", look.theme.glyphs().unknown),
        (None, None) => format!("{what}changed"),
    }
}

/// A value of a change, in few cells.
fn value((value, name): &(Value, Option<String>), turn: &Turn, look: &Look<'_>) -> Option<String> {
    let own = || Some(turn.noun().field(turn.field.as_deref()?)?.kind);
    let custom = turn.custom.map(CustomKind::kind);
    let kind = custom.or_else(own).unwrap_or(Kind::Line);
    // A custom amount is in the book's currency, whatever the record's own are in.
    let own_currency = turn.currency.filter(|_| turn.custom.is_none());
    let currency = own_currency.or(look.base)?;
    match (kind, value) {
        (Kind::Money, Value::Int(minor)) => Some(look.money(Money::new(*minor, currency))),
        (Kind::Date, Value::Text(date)) => {
            let parsed: Option<Date> = date.parse().ok();
            Some(parsed.map_or_else(|| date.clone(), |date| look.date(date)))
        }
        _ => {
            let by = Showing {
                currency,
                zone: look.zone,
                name: name.as_deref(),
            };
            show(kind, value, &by).map(|text| text.replace('\n', " "))
        }
    }
}

/// An activity in full: when, who, about what, then its text.
pub(super) fn in_full(deed: &Deed, look: &Look<'_>) -> (String, Vec<String>) {
    let title = format!(
        "{} {} {}",
        kind(deed, look),
        look.theme.glyphs().dot,
        deed.subject.as_deref().unwrap_or("without a subject")
    );
    let line = |name: &str, text: Option<String>| text.map(|text| format!("{name:<10} {text}"));
    let due = deed
        .due_at
        .map(|at| moment(at, look.zone))
        .or_else(|| deed.due_date.map(whole_day));
    let mut lines: Vec<String> = [
        line("Done", deed.done_at.map(|at| moment(at, look.zone))),
        line("Due", due),
        line("By", deed.performer.clone()),
        line("Outcome", deed.outcome.clone()),
        line("Minutes", deed.minutes.map(|minutes| minutes.to_string())),
        line("With", deed.contact.as_ref().map(|who| who.name.clone())),
        line("Deal", deed.deal.as_ref().map(|deal| deal.name.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(body) = deed.body.as_deref().filter(|body| !body.trim().is_empty()) {
        lines.push(String::new());
        lines.extend(body.lines().map(str::to_owned));
    }
    (title, lines)
}
