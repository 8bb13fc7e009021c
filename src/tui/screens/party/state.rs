//! What the screen of a contact or company shows, where its cursors stand, and where one came from.

use std::sync::Arc;

use crate::domain::history::{Deed, Firm, Happening, History, Mark, Part, Party, Profile, Sort};
use crate::domain::id::RecordId;
use crate::domain::records::{Company, Link, Record};
use crate::domain::text::fold;
use crate::domain::time::Zone;
use crate::store::query::HistoryQuery;
use crate::tui::action::Motion;
use crate::tui::screens::others::ByOthers;
use crate::tui::screens::{Filtered, Shown};

use super::entries::{Ahead, Entry, Key};
use super::face::{COMPANY, Face};
use super::layout::Layout;
use super::profile::laid_out;
use super::spot::Spot;

/// Entries that are read at once.
pub const PAGE: usize = 200;
/// Entries that are read at once on the way to the very end.
const STRIDE: usize = 5_000;
/// Entries that are read beyond the cursor, so that scrolling never waits.
const MARGIN: usize = 120;

/// A panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// Who it is.
    Profile,
    /// What happened.
    #[default]
    Timeline,
    /// Who works there.
    People,
    /// What it may buy.
    Deals,
}

/// The list that one came from: `,` and `.` go through it.
#[derive(Clone, Debug, Default)]
pub struct From {
    /// Its contacts or companies in order; empty where one came from elsewhere.
    pub list: Arc<[RecordId]>,
    /// There are more behind, which were not read when one came from there.
    pub goes_on: bool,
    /// The place of this one.
    pub place: usize,
    /// The screen that Esc goes back to.
    pub back: Shown,
}

/// The screen of a contact or company.
#[derive(Debug, Default)]
pub struct PartyScreen {
    /// Whether it is that of a contact or of a company.
    pub face: &'static Face,
    /// Whose it is; `None` before one was opened.
    pub of: Option<Party>,
    /// Its name, as far as it was known before it was read.
    pub name: String,
    /// The profile, when it has been read; `Some(None)` when it is not in the book.
    pub profile: Option<Option<Box<Profile>>>,
    /// What is planned, when it has been read.
    pub planned: Vec<Deed>,
    /// What happened, as far as it has been read.
    pub happened: Vec<Happening>,
    /// Whether there is more before that.
    pub more: bool,
    /// Whether what happened has been read.
    pub is_read: bool,
    /// Why there is no newer answer.
    pub fault: Option<String>,
    /// Only these sorts of entries; none is all.
    pub sorts: Vec<Sort>,
    /// The words that entries must have.
    pub search: Option<Filtered>,
    /// The panel that has the keys.
    pub focus: Panel,
    /// The entry under the cursor.
    pub cursor: usize,
    /// The first entry in sight.
    pub top: usize,
    /// The person under the cursor.
    pub person: usize,
    /// The deal under the cursor.
    pub deal: usize,
    /// The line of the profile under the cursor.
    pub line: usize,
    /// The first line of the profile in sight.
    pub profile_top: usize,
    /// Columns of a line of the profile.
    wide: u16,
    /// Where one came from.
    pub from: From,
    pub(super) ahead: Vec<Ahead>,
    pub(super) by_others: ByOthers,
    /// The team's zone, which tells days apart.
    pub(super) zone: Option<Zone>,
    /// The very end was asked for and is being read.
    to_the_end: bool,
    /// The mark before which was asked last.
    asked: Option<Mark>,
    /// Where somebody was who came back, until the profile is read.
    pub(super) spot_of_profile: Option<Spot>,
    /// The same, until the timeline is read.
    pub(super) spot_of_history: Option<Spot>,
}

impl PartyScreen {
    /// The screen of a company.
    #[must_use]
    pub fn company() -> Self {
        Self {
            face: &COMPANY,
            ..Self::default()
        }
    }

    /// The record of which it is.
    #[must_use]
    pub fn id(&self) -> Option<RecordId> {
        self.of.map(Party::record)
    }

    /// Shows another contact or company.
    pub fn show(&mut self, id: RecordId, name: String, from: From) {
        if self.id() == Some(id) {
            self.from = from;
            return;
        }
        *self = Self {
            face: self.face,
            of: Party::of(self.face.entity, id),
            name,
            from,
            // Who looks only at mails goes on looking at mails.
            sorts: std::mem::take(&mut self.sorts),
            by_others: std::mem::take(&mut self.by_others),
            ahead: std::mem::take(&mut self.ahead),
            zone: self.zone,
            ..Self::default()
        };
    }

    /// The contact or company, where it has been read and is in the book.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        Some(&self.profile.as_ref()?.as_ref()?.record)
    }

    /// Of a company: its people.
    #[must_use]
    pub fn people(&self) -> &[Record] {
        match &self.profile {
            Some(Some(profile)) => &profile.people,
            _ => &[],
        }
    }

    /// Of a company: what its people and deals come to.
    #[must_use]
    pub fn firm(&self) -> Option<Firm> {
        self.profile.as_ref()?.as_ref()?.firm
    }

    /// The company that the line of the profile under the cursor names.
    #[must_use]
    pub fn company_in_line(&self) -> Option<Link<Company>> {
        laid_out(self, self.wide).get(self.line)?.company.clone()
    }

    /// Its deals.
    #[must_use]
    pub fn deals(&self) -> &[Record] {
        match &self.profile {
            Some(Some(profile)) => &profile.deals,
            _ => &[],
        }
    }

    /// Its name.
    #[must_use]
    pub fn called(&self) -> String {
        self.record()
            .map_or_else(|| self.name.clone(), Record::name)
    }

    /// The part of the history that is asked for.
    #[must_use]
    pub fn part(&self) -> Part {
        let words = self.search.as_ref().map(|on| fold(&on.text));
        Part {
            sorts: self.sorts.clone(),
            words: words
                .iter()
                .flat_map(|text| text.split_whitespace())
                .map(str::to_owned)
                .collect(),
        }
    }

    /// The history as it is shown, asked for anew: as much of it as was read.
    pub(super) fn history(&self) -> Option<HistoryQuery> {
        Some(HistoryQuery {
            of: self.of?,
            part: self.part(),
            before: None,
            limit: self
                .spot_of_history
                .as_ref()
                .map_or(self.happened.len(), |spot| spot.read)
                .max(PAGE),
        })
    }

    /// The next page, where the cursor comes near the end of what was read. Each page is asked for once.
    pub(super) fn earlier(&mut self) -> Option<HistoryQuery> {
        let last = self.happened.last()?.mark;
        let near = self.cursor + MARGIN > self.planned.len() + self.happened.len();
        if !self.more || !near || self.asked == Some(last) {
            return None;
        }
        self.asked = Some(last);
        Some(HistoryQuery {
            of: self.of?,
            part: self.part(),
            before: Some(last),
            limit: if self.to_the_end { STRIDE } else { PAGE },
        })
    }

    /// Takes the history from its beginning. The cursor stays on its entry.
    pub(super) fn take_history(&mut self, history: History, layout: &Layout) {
        if history.of != self.of || history.before.is_some() || history.part != self.part() {
            return;
        }
        let on = self.key_under_cursor();
        let below = self.cursor.saturating_sub(self.top);
        self.planned = history.planned;
        self.happened = history.happened;
        self.more = history.more;
        self.is_read = true;
        self.asked = None;
        self.fault = None;
        // What has arrived stands in the answer itself now.
        self.ahead.retain(|ahead| !ahead.arrived);
        let place = on.and_then(|key| self.keys().iter().position(|known| *known == key));
        if let Some(place) = place {
            self.cursor = place;
            // Who looks at the beginning sees what is new there.
            if self.top > 0 {
                self.top = place.saturating_sub(below);
            }
        }
        self.keep_in_sight(layout);
        self.come_back_in_history(layout);
    }

    /// Takes a further page.
    pub(super) fn take_earlier(&mut self, history: History) {
        let fits = history.of == self.of
            && history.part == self.part()
            && history.before.is_some()
            && history.before == self.happened.last().map(|last| last.mark);
        if fits {
            self.happened.extend(history.happened);
            self.more = history.more;
            if self.to_the_end {
                self.cursor = usize::MAX;
                self.to_the_end = self.more;
            }
        }
    }

    /// Another part of the history: what was read says nothing about it.
    pub(super) fn look_elsewhere(&mut self) {
        (self.cursor, self.top) = (0, 0);
        self.planned.clear();
        self.happened.clear();
        (self.more, self.is_read, self.to_the_end) = (false, false, false);
        self.asked = None;
        self.spot_of_history = None;
    }

    /// The key of the entry under the cursor.
    pub(super) fn key_under_cursor(&self) -> Option<Key> {
        self.entries().get(self.cursor).map(Entry::key)
    }

    /// The place of the entry with a key.
    pub(super) fn place_of(&self, key: &Key) -> Option<usize> {
        self.keys().iter().position(|known| known == key)
    }

    fn keys(&self) -> Vec<Key> {
        self.entries().iter().map(Entry::key).collect()
    }

    /// Moves the cursor of the panel that has the keys, or goes to another panel.
    pub(super) fn go_in(&mut self, motion: Motion, layout: &Layout) {
        let panels = self.face.panels;
        let place = panels.iter().position(|panel| *panel == self.focus);
        let place = place.unwrap_or(0);
        let next = |by: usize| panels.get((place + by) % panels.len()).copied();
        match motion {
            Motion::Left => self.focus = next(panels.len() - 1).unwrap_or_default(),
            Motion::Right => self.focus = next(1).unwrap_or_default(),
            motion => {
                self.to_the_end =
                    self.focus == Panel::Timeline && motion == Motion::Last && self.more;
                let page = usize::from(layout.page(self.focus)).max(1);
                let cursor = match self.focus {
                    Panel::Profile => &mut self.line,
                    Panel::Timeline => &mut self.cursor,
                    Panel::People => &mut self.person,
                    Panel::Deals => &mut self.deal,
                };
                *cursor = motion.moved(*cursor, page, page.div_ceil(2));
            }
        }
        self.keep_in_sight(layout);
    }

    pub(super) fn keep_in_sight(&mut self, layout: &Layout) {
        self.deal = self.deal.min(self.deals().len().saturating_sub(1));
        self.person = self.person.min(self.people().len().saturating_sub(1));
        self.wide = layout.panel(Panel::Profile).width.saturating_sub(2);
        let lines = laid_out(self, self.wide).len();
        let shown = usize::from(layout.page(Panel::Profile)).max(1);
        self.line = self.line.min(lines.saturating_sub(1));
        self.profile_top = self
            .profile_top
            .clamp((self.line + 1).saturating_sub(shown), self.line)
            .min(lines.saturating_sub(shown));
        let room = usize::from(layout.page(Panel::Timeline)).max(1);
        let zone = self.zone.unwrap_or(Zone::UTC);
        let entries = self.entries();
        let cursor = self.cursor.min(entries.len().saturating_sub(1));
        let mut top = self.top.min(cursor);
        // From the cursor upwards as many entries as there is room for.
        let mut lines = 0;
        let mut first = cursor;
        for place in (0..=cursor).rev() {
            let Some(entry) = entries.get(place) else {
                break;
            };
            // The first in sight stands under a heading in any case.
            let heading = usize::from(entries.begins_group(place, zone));
            if lines + entry.height() + 1 > room && place < cursor {
                break;
            }
            lines += entry.height() + heading;
            first = place;
        }
        top = top.max(first);
        (self.cursor, self.top) = (cursor, top);
    }
}
