//! The picture of a contact or company: where one is, the profile, the people, the deals. The timeline has its own file.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, FieldDef, Set, company, contact, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Company, Link, Record, Rep, Stage};
use crate::tui::look::Look;
use crate::tui::screens::paint::{
    Sign, older, panel, row_under_cursor, sentence, signs, why_unread,
};
use crate::tui::screens::{Scene, Shown};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, paint, width};
use crate::tui::words;

use super::layout::Layout;
use super::profile::{Figure, LABEL, laid_out};
use super::state::{Panel, PartyScreen};
use super::timeline;

/// The layout of a screen in an area.
#[must_use]
pub fn layout(screen: &PartyScreen, area: Rect) -> Layout {
    let has_people = screen.face.panels.contains(&Panel::People);
    let people = has_people.then(|| screen.people().len().max(1));
    Layout::new(area, people, screen.deals().len().max(1))
}

/// Draws the screen; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &PartyScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    if screen.of.is_none() {
        sentence(buffer, area, look, screen.face.not_opened, Role::Text);
        return None;
    }
    if let Some(None) = screen.profile {
        let text = format!("{}. Esc goes back.", screen.face.gone);
        sentence(buffer, area, look, &text, Role::Error);
        return None;
    }
    let layout = layout(screen, area);
    draw_head(buffer, layout.head, screen, look);
    if let Some(brief) = layout.brief {
        draw_brief(buffer, brief, screen, look);
    }
    if let Some(line) = layout.strip {
        screen.strip().draw(buffer, line, look);
    }
    let mut cursor = None;
    for which in screen.face.panels.iter().copied() {
        if !layout.shows(which, screen.focus) {
            continue;
        }
        let focus = which == screen.focus;
        let aside = aside(which, screen, look);
        let inner = panel(
            buffer,
            layout.panel(which),
            (title(which), &aside),
            focus,
            look,
        );
        let at = match which {
            Panel::Profile => draw_profile(buffer, inner, screen, scene),
            Panel::Timeline => timeline::draw(buffer, inner, screen, scene),
            Panel::People => draw_people(buffer, inner, screen, scene),
            Panel::Deals => draw_deals(buffer, inner, screen, scene),
        };
        if focus {
            cursor = at;
        }
    }
    cursor
}

const fn title(panel: Panel) -> &'static str {
    match panel {
        Panel::Profile => "Profile",
        Panel::Timeline => "Timeline",
        Panel::People => "People",
        Panel::Deals => "Deals",
    }
}

/// What a panel says at the right of its name.
fn aside(panel: Panel, screen: &PartyScreen, look: &Look<'_>) -> String {
    match panel {
        Panel::Profile => String::new(),
        Panel::People => counted(screen.firm().map_or(0, |firm| firm.people)),
        Panel::Deals => match screen.firm() {
            Some(firm) if firm.open.count > 0 => Figure::Tally(firm.open, "open").text(look),
            Some(firm) => counted(firm.won.count + firm.lost.count),
            None => counted(screen.deals().len() as u64),
        },
        Panel::Timeline => {
            let count = screen.entries().len();
            let more = if screen.more { "+" } else { "" };
            let part = match screen.sorts.as_slice() {
                [] => "everything".to_owned(),
                [one] => one.plural().to_lowercase(),
                several => {
                    let names: Vec<String> = several
                        .iter()
                        .map(|sort| sort.plural().to_lowercase())
                        .collect();
                    names.join(", ")
                }
            };
            let part = match &screen.search {
                Some(on) => format!("{part} with `{}`", on.text),
                None => part,
            };
            if !screen.is_read {
                return part;
            }
            format!(
                "{part} {} {}{more}",
                look.theme.glyphs().dot,
                grouped(count as u64)
            )
        }
    }
}

fn counted(count: u64) -> String {
    match count {
        0 => String::new(),
        count => grouped(count),
    }
}

fn draw_head(buffer: &mut Buffer, area: Rect, screen: &PartyScreen, look: &Look<'_>) {
    let glyphs = look.theme.glyphs();
    let style = |role| look.theme.style(role);
    let record = screen.record();
    let mut facts = Vec::new();
    let all = screen.from.list.len();
    if all > 1 {
        let of = if screen.from.goes_on {
            glyphs.ellipsis.to_owned()
        } else {
            grouped(all as u64)
        };
        facts.push(format!("{} of {of}", grouped(screen.from.place as u64 + 1)));
    }
    if let Some(record) = record {
        let owner = record.link::<Rep>(match record.entity {
            Entity::Company => &company::OWNER,
            _ => &contact::OWNER,
        });
        let owner = owner.map_or_else(|| "nobody".to_owned(), |owner| owner.name);
        facts.push(format!("owner {owner}"));
        let touch = screen.firm().map_or_else(
            || record.instant(&contact::LAST_TOUCH),
            |firm| firm.last_touch,
        );
        if let Some(at) = touch {
            facts.push(format!("last touch {}", look.since(at)));
        }
    }
    let right = facts.join(&format!(" {} ", glyphs.dot));
    let right_x = area.right().saturating_sub(columns(&right) + 1);
    let from = match screen.from.back {
        Shown::Leads if screen.face.list == Shown::Contacts => "Leads",
        _ => screen.face.all,
    };
    let mut crumbs = vec![from.to_owned()];
    if let Some(above) = record.and_then(above) {
        crumbs.push(above.name);
    }
    let mut x = area.x + 1;
    let gap = format!(" {} ", glyphs.right);
    for crumb in crumbs {
        let room = usize::from(right_x.saturating_sub(x)) / 2;
        // A crumb of which nothing can be read says nothing.
        if room < CRUMB {
            continue;
        }
        let crumb = clip(&crumb, room, glyphs.ellipsis);
        x += paint(buffer, area, x, area.y, &crumb, style(Role::Dim));
        x += paint(buffer, area, x, area.y, &gap, style(Role::Dim));
    }
    let room = usize::from(area.right().saturating_sub(x + 1));
    let name = screen.called();
    let name = clip(&name, room, glyphs.ellipsis);
    x += paint(buffer, area, x, area.y, &name, style(Role::Title));
    if let Some(fault) = screen.fault.as_ref().filter(|_| record.is_some()) {
        let room = usize::from(area.right().saturating_sub(x + 3));
        let text = older(fault, room, look.theme.glyphs());
        let x = area.right().saturating_sub(columns(&text) + 1);
        paint(buffer, area, x, area.y, &text, style(Role::Error));
    } else if x + 1 < right_x {
        paint(buffer, area, right_x, area.y, &right, style(Role::Dim));
    }
}

/// Columns of a crumb at the least.
const CRUMB: usize = 4;

/// The company that a contact works at, or that a company belongs to.
fn above(record: &Record) -> Option<Link<Company>> {
    record.link(field_above(record))
}

/// The field that says it.
const fn field_above(record: &Record) -> &'static FieldDef {
    match record.entity {
        Entity::Company => &company::PARENT,
        _ => &contact::COMPANY,
    }
}

/// Who it is, in two lines: for terminals that show one panel at a time.
fn draw_brief(buffer: &mut Buffer, area: Rect, screen: &PartyScreen, look: &Look<'_>) {
    let glyphs = look.theme.glyphs();
    let Some(record) = screen.record() else {
        return;
    };
    let dot = format!(" {} ", glyphs.dot);
    let what = match record.entity {
        Entity::Company => &company::INDUSTRY,
        _ => &contact::TITLE,
    };
    let what = record.text(what).map(str::to_owned);
    let gone = record.is_gone(field_above(record));
    let above = above(record).map(|link| words::named(&link.name, gone));
    let tags = Some(record.set(Set::Tag).join(" ")).filter(|tags| !tags.is_empty());
    let who: Vec<String> = [what, above, tags].into_iter().flatten().collect();
    let mut reach: Vec<String> = [Set::Email, Set::Phone, Set::Domain]
        .into_iter()
        .filter_map(|set| record.set(set).first().cloned())
        .collect();
    reach.extend(record.text(&company::PHONE).map(str::to_owned));
    for (y, parts) in (area.y..area.bottom()).zip([who, reach]) {
        let text = parts.join(&dot);
        let text = clip(
            &text,
            usize::from(area.width.saturating_sub(2)),
            glyphs.ellipsis,
        );
        paint(
            buffer,
            area,
            area.x + 1,
            y,
            &text,
            look.theme.style(Role::Text),
        );
    }
}

/// `Profile · [Timeline] · People 5 · Deals 2`.
fn draw_profile(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &PartyScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    if screen.profile.is_none() {
        let why = ("Reading", screen.fault.as_deref());
        why_unread(buffer, inner, why, scene);
        return None;
    }
    let lines = laid_out(screen, inner.width);
    let shown = lines.iter().enumerate().skip(screen.profile_top);
    let mut at = None;
    for (y, (place, line)) in (inner.y..inner.bottom()).zip(shown) {
        let x = inner.x + 1;
        let name = clip(&line.name, LABEL - 1, look.theme.glyphs().ellipsis);
        paint(buffer, inner, x, y, &name, look.theme.style(Role::Dim));
        let x = x + u16::try_from(LABEL).unwrap_or(0);
        let figure = line.figure.map(|figure| figure.text(look));
        let text = figure.as_deref().unwrap_or(&line.text);
        paint(buffer, inner, x, y, text, look.theme.style(line.role));
        if place == screen.line && screen.focus == Panel::Profile {
            at = Some((inner.x, y));
            row_under_cursor(buffer, inner, y, look);
        }
    }
    let edge = inner.right().saturating_sub(1);
    let style = look.theme.style(Role::Key);
    if screen.profile_top > 0 {
        paint(buffer, inner, edge, inner.y, look.theme.glyphs().up, style);
    }
    if screen.profile_top + usize::from(inner.height) < lines.len() {
        let bottom = inner.bottom().saturating_sub(1);
        paint(buffer, inner, edge, bottom, look.theme.glyphs().down, style);
    }
    at
}

/// `Nora Keller  Head of Purchasing   2d ago`, a line a person.
fn draw_people(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &PartyScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    if screen.people().is_empty() {
        if screen.profile.is_some() {
            let text = "Nobody is known; a adds somebody";
            let style = look.theme.style(Role::Dim);
            paint(buffer, inner, inner.x + 1, inner.y, text, style);
        }
        return None;
    }
    let focus = screen.focus == Panel::People;
    let records = (screen.people(), screen.person, focus);
    draw_records(buffer, inner, records, screen, scene, draw_person)
}

fn draw_person(
    buffer: &mut Buffer,
    inner: Rect,
    (x, y): (u16, u16),
    record: &Record,
    look: &Look<'_>,
) {
    let glyphs = look.theme.glyphs();
    let touched = record.instant(&contact::LAST_TOUCH);
    let touched = touched.map_or_else(|| glyphs.unknown.to_owned(), |at| look.since(at));
    let right_x = inner.right().saturating_sub(columns(&touched) + 1);
    let room = usize::from(right_x.saturating_sub(x + 1));
    let name = record.name();
    let name = clip(&name, room, glyphs.ellipsis);
    let end = x + paint(buffer, inner, x, y, &name, look.theme.style(Role::Title));
    let room = usize::from(right_x.saturating_sub(end + 2));
    if let Some(title) = record.text(&contact::TITLE).filter(|_| room > 3) {
        let title = clip(title, room, glyphs.ellipsis);
        let style = look.theme.style(Role::Text);
        paint(buffer, inner, end + 1, y, &title, style);
    }
    let style = look.theme.style(Role::Dim);
    paint(buffer, inner, right_x, y, &touched, style);
}

fn draw_deals(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &PartyScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let deals = screen.deals();
    if deals.is_empty() {
        if screen.profile.is_some() {
            paint(
                buffer,
                inner,
                inner.x + 1,
                inner.y,
                screen.face.no_deals,
                look.theme.style(Role::Dim),
            );
        }
        return None;
    }
    let records = (deals, screen.deal, screen.focus == Panel::Deals);
    draw_records(buffer, inner, records, screen, scene, draw_deal)
}

/// How one of a panel's records is drawn.
type DrawOne = fn(&mut Buffer, Rect, (u16, u16), &Record, &Look<'_>);

/// Draws the records of a panel from the one on that the cursor leaves room for; gives its cell, where it has the keys.
fn draw_records(
    buffer: &mut Buffer,
    inner: Rect,
    (records, under, focus): (&[Record], usize, bool),
    screen: &PartyScreen,
    scene: &Scene<'_>,
    draw_one: DrawOne,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    let rows = usize::from(inner.height).max(1);
    let top = (under + 1).saturating_sub(rows);
    let mut at = None;
    for (y, (place, record)) in (inner.y..inner.bottom()).zip(records.iter().enumerate().skip(top))
    {
        let cursor = place == under && focus;
        let pending = screen.is_pending(record.id);
        let sign = Sign::of(record.id, pending, &screen.by_others, scene.real);
        let x = signs(buffer, inner, y, (cursor, sign), look);
        draw_one(buffer, inner, (x, y), record, look);
        if cursor {
            at = Some((inner.x, y));
            row_under_cursor(buffer, inner, y, look);
        }
    }
    at
}

/// `Rollout  18.5k Proposal  11 Dec`.
fn draw_deal(
    buffer: &mut Buffer,
    inner: Rect,
    (x, y): (u16, u16),
    record: &Record,
    look: &Look<'_>,
) {
    let glyphs = look.theme.glyphs();
    let amount = look
        .base
        .and_then(|base| record.money(&deal::AMOUNT, base))
        .map_or_else(|| glyphs.unknown.to_owned(), |money| look.money(money));
    let stage = record.link::<Stage>(&deal::STAGE).map(|link| link.name);
    let stage = stage.unwrap_or_default();
    let (sign, role, date) = match record.state {
        Some(StageKind::Won) => (glyphs.good, Role::Good, record.instant(&deal::CLOSED_AT)),
        Some(StageKind::Lost) => (glyphs.late, Role::Late, record.instant(&deal::CLOSED_AT)),
        _ => ("", Role::Text, None),
    };
    let date = date
        .map(|at| at.date(look.zone))
        .or_else(|| record.date(&deal::EXPECTED_CLOSE))
        .map_or_else(String::new, |date| look.date(date));
    let room = usize::from(inner.right().saturating_sub(x + 1));
    let title = record.name();
    // The date gives way where the title needs its room.
    let signed = [sign, stage.as_str()].join(if sign.is_empty() { "" } else { " " });
    let whole = format!("{amount} {signed} {date}");
    let fits = width(&title) + width(&whole) < room;
    let right = if fits {
        whole
    } else {
        format!("{amount} {signed}")
    };
    let right = right.trim_end();
    let beside = room.saturating_sub(width(right) + 1);
    // Where both do not fit the title has the first half.
    let title = clip(&title, beside.max(room / 3), glyphs.ellipsis);
    let end = x + paint(buffer, inner, x, y, &title, look.theme.style(Role::Title));
    let right = clip(
        right,
        usize::from(inner.right().saturating_sub(end + 2)),
        glyphs.ellipsis,
    );
    let right_x = inner.right().saturating_sub(columns(&right) + 1);
    paint(buffer, inner, right_x, y, &right, look.theme.style(role));
}
