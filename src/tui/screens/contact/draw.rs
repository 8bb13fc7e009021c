//! The picture of a contact: where one is, the profile, the deals. The timeline has its own file.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::money::grouped;
use crate::domain::nouns::{Set, contact, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Company, Record, Rep, Stage};
use crate::tui::look::Look;
use crate::tui::screens::paint::{Sign, panel, sentence, signs, under_cursor};
use crate::tui::screens::{Scene, Shown};
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{clip, columns, paint, width, wrap};

use super::layout::Layout;
use super::state::{ContactScreen, Panel};
use super::timeline;

/// Columns of the names of the profile's lines.
const LABEL: usize = 10;

/// The layout of a screen in an area.
#[must_use]
pub fn layout(screen: &ContactScreen, area: Rect) -> Layout {
    Layout::new(area, screen.deals().len().max(1))
}

/// Draws the contact; gives the cell of the cursor.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    screen: &ContactScreen,
    scene: &Scene<'_>,
) -> Option<(u16, u16)> {
    let look = &scene.look;
    if screen.id.is_none() {
        let text = "No contact was opened yet. 4 lists them, f finds one.";
        sentence(buffer, area, look, text, Role::Text);
        return None;
    }
    if let Some(None) = screen.profile {
        let text = "This contact is not in the book any more. Esc goes back.";
        sentence(buffer, area, look, text, Role::Error);
        return None;
    }
    let layout = layout(screen, area);
    draw_head(buffer, layout.head, screen, look);
    if let Some(brief) = layout.brief {
        draw_brief(buffer, brief, screen, look);
    }
    if let Some(strip) = layout.strip {
        draw_strip(buffer, strip, screen, look);
    }
    let mut cursor = None;
    for which in Panel::ALL {
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
            Panel::Profile => draw_profile(buffer, inner, screen, look),
            Panel::Timeline => timeline::draw(buffer, inner, screen, scene),
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
        Panel::Deals => "Deals",
    }
}

/// What a panel says at the right of its name.
fn aside(panel: Panel, screen: &ContactScreen, look: &Look<'_>) -> String {
    match panel {
        Panel::Profile => String::new(),
        Panel::Deals => match screen.deals().len() {
            0 => String::new(),
            count => grouped(count as u64),
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
            format!(
                "{part} {} {}{more}",
                look.theme.glyphs().dot,
                grouped(count as u64)
            )
        }
    }
}

fn draw_head(buffer: &mut Buffer, area: Rect, screen: &ContactScreen, look: &Look<'_>) {
    let glyphs = look.theme.glyphs();
    let style = |role| look.theme.style(role);
    let record = screen.record();
    let mut facts = Vec::new();
    let all = screen.from.list.len();
    if all > 1 {
        facts.push(format!(
            "{} of {}",
            grouped(screen.from.place as u64 + 1),
            grouped(all as u64)
        ));
    }
    if let Some(record) = record {
        let owner = record.link::<Rep>(&contact::OWNER);
        let owner = owner.map_or_else(|| "nobody".to_owned(), |owner| owner.name);
        facts.push(format!("owner {owner}"));
        if let Some(at) = record.instant(&contact::LAST_TOUCH) {
            facts.push(format!("last touch {}", look.since(at)));
        }
    }
    let right = facts.join(&format!(" {} ", glyphs.dot));
    let right_x = area.right().saturating_sub(columns(&right) + 1);
    let from = match screen.from.back {
        Shown::Leads => "Leads",
        _ => "Contacts",
    };
    let mut crumbs = vec![from.to_owned()];
    if let Some(company) = record.and_then(|record| record.link::<Company>(&contact::COMPANY)) {
        crumbs.push(company.name);
    }
    let mut x = area.x + 1;
    let gap = format!(" {} ", glyphs.right);
    for crumb in crumbs {
        let room = usize::from(right_x.saturating_sub(x)) / 2;
        let crumb = clip(&crumb, room, glyphs.ellipsis);
        x += paint(buffer, area, x, area.y, &crumb, style(Role::Dim));
        x += paint(buffer, area, x, area.y, &gap, style(Role::Dim));
    }
    let room = usize::from(area.right().saturating_sub(x + 1));
    let name = screen.called();
    let name = clip(&name, room, glyphs.ellipsis);
    x += paint(buffer, area, x, area.y, &name, style(Role::Title));
    if x + 1 < right_x {
        paint(buffer, area, right_x, area.y, &right, style(Role::Dim));
    }
}

/// Who it is, in two lines: for terminals that show one panel at a time.
fn draw_brief(buffer: &mut Buffer, area: Rect, screen: &ContactScreen, look: &Look<'_>) {
    let glyphs = look.theme.glyphs();
    let Some(record) = screen.record() else {
        return;
    };
    let dot = format!(" {} ", glyphs.dot);
    let company = record
        .link::<Company>(&contact::COMPANY)
        .map(|link| link.name);
    let title = record.text(&contact::TITLE).map(str::to_owned);
    let tags = Some(record.set(Set::Tag).join(" ")).filter(|tags| !tags.is_empty());
    let who: Vec<String> = [title, company, tags].into_iter().flatten().collect();
    let reach: Vec<String> = [Set::Email, Set::Phone]
        .into_iter()
        .filter_map(|set| record.set(set).first().cloned())
        .collect();
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

/// `Profile · [Timeline] · Deals 2`.
fn draw_strip(buffer: &mut Buffer, area: Rect, screen: &ContactScreen, look: &Look<'_>) {
    let mut x = area.x + 1;
    for which in Panel::ALL {
        let count = match which {
            Panel::Deals => format!(" {}", screen.deals().len()),
            _ => String::new(),
        };
        let (text, role) = if which == screen.focus {
            (format!("[{}{count}]", title(which)), Role::Title)
        } else {
            (format!(" {}{count} ", title(which)), Role::Dim)
        };
        x += paint(buffer, area, x, area.y, &text, look.theme.style(role));
        x += 1;
    }
}

/// The profile's lines: a name, what is known, its role.
fn profile_lines(screen: &ContactScreen) -> Vec<(String, String, Role)> {
    let Some(record) = screen.record() else {
        return Vec::new();
    };
    let mut lines: Vec<(String, String, Role)> = Vec::new();
    let mut line = |name: &str, text: String, role| lines.push((name.to_owned(), text, role));
    let text = |def| record.text(def).map(str::to_owned);
    if record.trashed_at.is_some() {
        line("", "In the trash; u takes it out".to_owned(), Role::Late);
    }
    line("Name", record.name(), Role::Title);
    let company = record
        .link::<Company>(&contact::COMPANY)
        .map(|link| link.name);
    let owner = record.link::<Rep>(&contact::OWNER).map(|link| link.name);
    let state = text(&contact::LEAD_STATE).map(|state| state.replace('_', " "));
    let city: Vec<String> = [text(&contact::CITY), text(&contact::COUNTRY)]
        .into_iter()
        .flatten()
        .collect();
    let city = Some(city.join(", ")).filter(|city| !city.is_empty());
    let spoken: Vec<String> = [text(&contact::LANGUAGE), text(&contact::ZONE)]
        .into_iter()
        .flatten()
        .collect();
    let spoken = Some(spoken.join(", ")).filter(|spoken| !spoken.is_empty());
    for (name, known) in [("Title", text(&contact::TITLE)), ("Company", company)] {
        if let Some(known) = known {
            line(name, known, Role::Text);
        }
    }
    for (set, name) in [
        (Set::Email, "Mail"),
        (Set::Phone, "Phone"),
        (Set::Url, "Web"),
    ] {
        for (place, element) in record.set(set).iter().enumerate() {
            line(
                if place == 0 { name } else { "" },
                element.clone(),
                Role::Text,
            );
        }
    }
    for (name, known) in [
        ("Address", text(&contact::ADDRESS)),
        ("City", city),
        ("Owner", Some(owner.unwrap_or_else(|| "nobody".to_owned()))),
        ("Lead", state),
        ("Dropped", text(&contact::DROP_REASON)),
        ("Came by", text(&contact::LEAD_SOURCE)),
        ("Speaks", spoken),
        (
            "Tags",
            Some(record.set(Set::Tag).join(", ")).filter(|tags| !tags.is_empty()),
        ),
        ("Note", text(&contact::NOTE)),
    ] {
        for (place, known) in known.iter().flat_map(|known| known.lines()).enumerate() {
            line(
                if place == 0 { name } else { "" },
                known.to_owned(),
                Role::Text,
            );
        }
    }
    if let Some(Some(profile)) = &screen.profile {
        for (place, (source, key)) in profile.sources.iter().enumerate() {
            let name = if place == 0 { "Sources" } else { "" };
            line(name, format!("{source} {key}"), Role::Dim);
        }
    }
    line("Id", record.id.to_string(), Role::Dim);
    lines
}

/// What is known of the contact: a name, which is empty where a value goes on, and the value.
pub(super) fn profile(screen: &ContactScreen) -> Vec<(String, String)> {
    let lines = profile_lines(screen).into_iter();
    lines.map(|(name, text, _)| (name, text)).collect()
}

/// The lines of the profile as they are drawn at a width.
fn laid_out(screen: &ContactScreen, wide: u16) -> Vec<(String, String, Role)> {
    let room = usize::from(wide).saturating_sub(LABEL + 1).max(1);
    profile_lines(screen)
        .into_iter()
        .flat_map(|(name, text, role)| {
            let pieces = wrap(&text, room);
            let pieces: Vec<String> = pieces
                .into_iter()
                .map(|piece| text[piece].trim_end().to_owned())
                .collect();
            pieces.into_iter().enumerate().map(move |(place, piece)| {
                let name = if place == 0 {
                    name.clone()
                } else {
                    String::new()
                };
                (name, piece, role)
            })
        })
        .collect()
}

/// How many lines the profile has.
#[must_use]
pub fn profile_lines_count(screen: &ContactScreen, layout: &Layout) -> usize {
    laid_out(screen, layout.panel(Panel::Profile).width.saturating_sub(2)).len()
}

fn draw_profile(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &ContactScreen,
    look: &Look<'_>,
) -> Option<(u16, u16)> {
    if screen.profile.is_none() {
        let (text, role) = match &screen.fault {
            Some(fault) => (fault.as_str(), Role::Error),
            None => ("Reading …", Role::Dim),
        };
        sentence(buffer, inner, look, text, role);
        return None;
    }
    let lines = laid_out(screen, inner.width);
    let shown = lines.iter().skip(screen.profile_top);
    for (y, (name, text, role)) in (inner.y..inner.bottom()).zip(shown) {
        let x = inner.x + 1;
        paint(buffer, inner, x, y, name, look.theme.style(Role::Dim));
        let x = x + u16::try_from(LABEL).unwrap_or(0);
        paint(buffer, inner, x, y, text, look.theme.style(*role));
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
    Some((inner.x, inner.y))
}

fn draw_deals(
    buffer: &mut Buffer,
    inner: Rect,
    screen: &ContactScreen,
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
                "No deals with this contact",
                look.theme.style(Role::Dim),
            );
        }
        return None;
    }
    let rows = usize::from(inner.height).max(1);
    let top = (screen.deal + 1).saturating_sub(rows);
    let mut at = None;
    for (y, (place, record)) in (inner.y..inner.bottom()).zip(deals.iter().enumerate().skip(top)) {
        let cursor = place == screen.deal && screen.focus == Panel::Deals;
        let sign = if screen.is_pending(record.id) {
            Sign::Pending
        } else if screen.by_others.has(record.id, scene.real) {
            Sign::ByOthers
        } else {
            Sign::None
        };
        let x = signs(buffer, inner, y, (cursor, sign), look);
        draw_deal(buffer, inner, (x, y), record, look);
        if cursor {
            at = Some((inner.x, y));
            under_cursor(
                buffer,
                Rect {
                    y,
                    height: 1,
                    ..inner
                },
                look,
            );
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
    let whole = format!("{amount} {sign}{stage} {date}");
    let fits = width(&title) + width(&whole) < room;
    let right = if fits {
        whole
    } else {
        format!("{amount} {sign}{stage}")
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
