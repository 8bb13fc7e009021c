//! One card: title and company, amount and expected close, owner and how things stand.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::board::{Card, NextStep};
use crate::domain::text::fold;
use crate::tui::look::Look;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::{self, paint};

/// Cells to the left of a card's text: the bar, the cursor or mark, a blank.
const GUTTER: u16 = 3;

/// How a card stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four signs that a card may bear in any mixture"
)]
pub struct Signs {
    /// It is under the cursor of the column that has the keys.
    pub cursor: bool,
    /// It is marked.
    pub marked: bool,
    /// Something about it is on its way to the book.
    pub pending: bool,
    /// Somebody else changed it a moment ago.
    pub by_others: bool,
}

/// Draws a card into an area of two or three lines; of two lines the second has amount and state.
pub fn draw(
    buffer: &mut Buffer,
    area: Rect,
    look: &Look<'_>,
    card: &Card,
    rot_days: Option<i64>,
    signs: Signs,
) {
    if area.is_empty() {
        return;
    }
    let style = |role| look.theme.style(role);
    let text = Rect {
        x: area.x + GUTTER.min(area.width),
        width: area.width.saturating_sub(GUTTER + 1),
        ..area
    };
    let mut pen = Pen::new(buffer, text, look);
    pen.put(&headline(card, look), style(Role::Text));
    pen.next_line();
    amount_and_close(&mut pen, card);
    if area.height > 2 {
        if let Some(word) = card.category.as_deref().map(category) {
            pen.put_whole(&format!(" {word}"), style(Role::Match));
        }
        pen.next_line();
    } else {
        pen.put(" ", style(Role::Dim));
    }
    owner_and_state(&mut pen, card, rot_days);
    gutter(buffer, area, look, signs);
    if signs.cursor {
        look.theme.lay_cursor(buffer, area);
    }
}

/// The title; the company in front of it where the title does not name it, and before both the sign of a company in the trash.
fn headline(card: &Card, look: &Look<'_>) -> String {
    let glyphs = look.theme.glyphs();
    let head = match &card.company {
        Some(company) if !fold(&card.title).contains(&fold(&company.name)) => {
            format!("{} {} {}", company.name, glyphs.dot, card.title)
        }
        _ => card.title.clone(),
    };
    if card.company_gone {
        format!("{} {head}", glyphs.trashed)
    } else {
        head
    }
}

fn amount_and_close(pen: &mut Pen<'_>, card: &Card) {
    let look = pen.look;
    match card.amount {
        Some(amount) => pen.put(&look.money(amount), look.theme.style(Role::Money)),
        None => pen.put(look.theme.glyphs().unknown, look.theme.style(Role::Dim)),
    }
    let Some(close) = card.expected_close else {
        return;
    };
    pen.put(" ", Style::new());
    if close < look.today() {
        let late = look.theme.style(Role::Late);
        pen.put(
            &format!("{} {}", look.theme.glyphs().late, look.date(close)),
            late,
        );
    } else {
        pen.put(&look.date(close), look.theme.style(Role::Dim));
    }
}

/// A forecast category in a short word.
fn category(name: &str) -> &str {
    match name {
        "best_case" => "best",
        other => other,
    }
}

fn owner_and_state(pen: &mut Pen<'_>, card: &Card, rot_days: Option<i64>) {
    let look = pen.look;
    let unknown = look.theme.glyphs().unknown;
    let owner = match (&card.initials, &card.owner) {
        (Some(initials), _) => initials.clone(),
        (None, Some(owner)) => initials(&owner.name),
        (None, None) => unknown.to_owned(),
    };
    pen.put(&owner, look.theme.style(Role::Dim));
    pen.put(" ", Style::new());
    let state = state(card, rot_days, look);
    let glyphs = look.theme.glyphs();
    let sign = match state.role {
        Role::Late => Some(glyphs.late),
        Role::Soon => Some(glyphs.soon),
        _ => None,
    };
    if let Some(sign) = sign {
        pen.put(&format!("{sign} "), look.theme.style(state.role));
    }
    pen.put(&state.text, look.theme.style(state.role));
    if let Some(aside) = &state.aside {
        pen.put_whole(aside, look.theme.style(Role::Dim));
    }
}

/// The first letters of the first and last word of a name.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}

/// How a deal stands, in words, and how much that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Late, soon, or by the way.
    pub role: Role,
    /// In words.
    pub text: String,
    /// More, where there is room for all of it.
    pub aside: Option<String>,
}

/// What matters most: a step that is late, a planned step, rot, a close date that has passed, no next step. A planned step stands
/// before rot, because somebody has a plan.
#[must_use]
pub fn state(card: &Card, rot_days: Option<i64>, look: &Look<'_>) -> State {
    let state = |role, text| State {
        role,
        text,
        aside: None,
    };
    let planned = card
        .next_step
        .as_ref()
        .and_then(|step| Some((step, look.due(step.due_at, step.due_date)?)));
    if let Some((step, (due, late))) = planned {
        let role = if late { Role::Late } else { Role::Text };
        return state(role, format!("{due} {}", kind(step)));
    }
    let quiet = card.quiet_days(look.now);
    if let (true, Some(quiet), Some(limit)) = (card.rots(rot_days, look.now), quiet, rot_days) {
        // Half as long again as the stage allows is no longer "soon".
        let late = quiet * 2 > limit * 3;
        let role = if late { Role::Late } else { Role::Soon };
        return state(role, format!("{quiet}d quiet"));
    }
    if card
        .expected_close
        .is_some_and(|close| close < look.today())
    {
        return state(Role::Late, "date passed".to_owned());
    }
    if let Some(step) = &card.next_step {
        return state(Role::Text, format!("{}, no date", kind(step)));
    }
    State {
        role: Role::Dim,
        text: "no next step".to_owned(),
        aside: quiet
            .filter(|days| *days > 0)
            .map(|days| format!(" · {days}d quiet")),
    }
}

fn kind(step: &NextStep) -> &'static str {
    match step.kind.as_str() {
        "call" => "Call",
        "mail" => "Mail",
        "meeting" => "Meet",
        "note" => "Note",
        _ => "Task",
    }
}

fn gutter(buffer: &mut Buffer, area: Rect, look: &Look<'_>, signs: Signs) {
    let glyphs = look.theme.glyphs();
    let style = |role| look.theme.style(role);
    if signs.cursor {
        for y in area.y..area.bottom() {
            paint(buffer, area, area.x, y, glyphs.bar, style(Role::Focus));
        }
        paint(
            buffer,
            area,
            area.x + 1,
            area.y,
            glyphs.cursor,
            style(Role::Focus),
        );
    }
    if signs.marked {
        // Under the cursor the first line's place is taken.
        let y = area.y + u16::from(signs.cursor);
        paint(buffer, area, area.x + 1, y, glyphs.mark, style(Role::Mark));
    }
    let edge = area.right().saturating_sub(1);
    if signs.pending {
        paint(
            buffer,
            area,
            edge,
            area.y,
            glyphs.pending,
            style(Role::Pending),
        );
    }
    if signs.by_others {
        paint(
            buffer,
            area,
            edge,
            area.y + 1,
            glyphs.by_others,
            style(Role::ByOthers),
        );
    }
}

/// Writes from left to right within the lines of an area, and cuts where a line ends.
struct Pen<'a> {
    buffer: &'a mut Buffer,
    area: Rect,
    look: &'a Look<'a>,
    x: u16,
    y: u16,
}

impl<'a> Pen<'a> {
    fn new(buffer: &'a mut Buffer, area: Rect, look: &'a Look<'a>) -> Self {
        Self {
            buffer,
            area,
            look,
            x: area.x,
            y: area.y,
        }
    }

    fn next_line(&mut self) {
        self.x = self.area.x;
        self.y += 1;
    }

    /// Writes a text only where all of it fits.
    fn put_whole(&mut self, text: &str, style: Style) {
        if self.x.saturating_add(clip::columns(text)) <= self.area.right() {
            self.put(text, style);
        }
    }

    fn put(&mut self, text: &str, style: Style) {
        let room = usize::from(self.area.right().saturating_sub(self.x));
        let text = clip::clip(text, room, self.look.theme.glyphs().ellipsis);
        self.x += paint(self.buffer, self.area, self.x, self.y, &text, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Id;
    use crate::domain::records::Link;
    use crate::domain::time::Instant;
    use crate::tui::theme::Theme;

    fn card() -> Card {
        Card {
            id: Id::from_raw(1),
            title: "Rollout".to_owned(),
            company: None,
            company_gone: false,
            contact: None,
            owner: None,
            initials: None,
            amount: None,
            probability: None,
            category: None,
            expected_close: None,
            created_at: None,
            last_touch: None,
            next_step: None,
            position: "i".to_owned(),
        }
    }

    fn look(theme: &Theme) -> Look<'_> {
        let zone = chrono_tz::UTC;
        Look {
            theme,
            now: Instant::parse("2026-11-24T10:00:00Z", zone).unwrap(),
            zone,
            base: "CHF".parse().ok(),
        }
    }

    fn said(change: impl FnOnce(&mut Card), rot_days: Option<i64>) -> (Role, String) {
        let theme = Theme::default();
        let mut card = card();
        change(&mut card);
        let state = state(&card, rot_days, &look(&theme));
        (state.role, state.text)
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text, chrono_tz::UTC).unwrap()
    }

    fn step(due: &str) -> NextStep {
        NextStep {
            id: Id::from_raw(2),
            kind: "call".to_owned(),
            subject: None,
            due_at: Some(at(due)),
            due_date: None,
        }
    }

    #[test]
    fn a_quiet_deal_rots_first_soon_and_then_late() {
        let quiet = |day: &'static str| said(|card| card.last_touch = Some(at(day)), Some(10));
        assert_eq!(quiet("2026-11-14").1, "no next step");
        assert_eq!(quiet("2026-11-13"), (Role::Soon, "11d quiet".to_owned()));
        assert_eq!(quiet("2026-11-05"), (Role::Late, "19d quiet".to_owned()));
    }

    #[test]
    fn a_planned_step_stands_before_rot_and_a_late_one_before_all() {
        let planned = |due: &'static str| {
            said(
                |card| {
                    card.last_touch = Some(at("2026-10-01"));
                    card.next_step = Some(step(due));
                },
                Some(10),
            )
        };
        assert_eq!(
            planned("2026-11-24T15:00:00Z"),
            (Role::Text, "15:00 Call".to_owned())
        );
        assert_eq!(
            planned("2026-11-24T08:30:00Z"),
            (Role::Late, "1h late Call".to_owned())
        );
    }

    #[test]
    fn what_nobody_knows_is_not_said() {
        assert_eq!(
            said(|_| (), Some(10)),
            (Role::Dim, "no next step".to_owned())
        );
        assert_eq!(
            said(|card| card.last_touch = Some(at("2020-01-01")), None).0,
            Role::Dim
        );
    }

    #[test]
    fn the_company_stands_before_a_title_that_does_not_name_it() {
        let theme = Theme::default();
        let mut card = card();
        card.company = Some(Link {
            id: Id::from_raw(3),
            name: "Keller & Co".to_owned(),
        });
        assert_eq!(headline(&card, &look(&theme)), "Keller & Co · Rollout");
        card.title = "keller & co rollout".to_owned();
        assert_eq!(headline(&card, &look(&theme)), "keller & co rollout");
        card.company_gone = true;
        let gone = [theme.clone(), theme.in_ascii()].map(|theme| headline(&card, &look(&theme)));
        assert_eq!(gone, ["✗ keller & co rollout", "x keller & co rollout"]);
    }
}
