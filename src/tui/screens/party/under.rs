//! What is under the cursor of the screen of a contact or company, and under the mouse.

use ratatui::layout::{Margin, Rect};

use crate::domain::history::Deed;
use crate::domain::money::grouped;

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::tui::forms::log::About;
use crate::tui::screens::Hit;
use crate::tui::screens::strip::Strip;
use crate::tui::target::Target;

use super::draw;
use super::entries::Entry;
use super::profile::laid_out;
use super::state::{Panel, PartyScreen};

impl PartyScreen {
    pub(super) fn party(&self) -> Option<Target> {
        let id = self.id()?;
        Some(match self.record() {
            Some(record) => Target::of(record),
            None => Target::named(self.face.entity, id, self.name.clone()),
        })
    }

    /// The person or deal under the cursor of the panel that has the keys.
    pub(super) fn record_under_cursor(&self) -> Option<&Record> {
        match self.focus {
            Panel::People => self.people().get(self.person),
            Panel::Deals => self.deals().get(self.deal),
            Panel::Profile | Panel::Timeline => None,
        }
    }

    /// A person or deal as it is shown here.
    pub(super) fn shown(&self, id: RecordId) -> Option<&Record> {
        let mut all = self.people().iter().chain(self.deals());
        all.find(|record| record.id == id)
    }

    /// The record under the cursor of the panel that has the keys.
    pub(super) fn under_cursor(&self) -> Option<Target> {
        match self.focus {
            Panel::Profile => self.party(),
            Panel::People | Panel::Deals => self.record_under_cursor().map(Target::of),
            Panel::Timeline => {
                let entries = self.entries();
                match entries.get(self.cursor)? {
                    Entry::Planned(deed) | Entry::Deed(_, deed) => {
                        let name = deed.subject.clone().unwrap_or_else(|| deed.kind.clone());
                        Some(Target::named(Entity::Activity, deed.id, name))
                    }
                    // A change of the party is the party's.
                    Entry::Turn(_, turn) => self.shown(turn.record).map(Target::of),
                    // What is on its way has no id yet.
                    Entry::Going(..) => None,
                }
            }
        }
    }

    /// What the party itself is about.
    pub(super) fn about_party(&self) -> Option<About> {
        Some(About::of(&self.party()?, self.record()))
    }

    /// What an activity of the timeline is about: its own deal and person, else those of the screen.
    pub(super) fn about_deed(&self, deed: &Deed) -> Option<About> {
        let about = self.about_party()?;
        let person = deed.contact.as_ref();
        Some(About {
            name: person.map_or(about.name, |person| person.name.clone()),
            deal: deed.deal.as_ref().map(|deal| deal.id.record()),
            contact: person.map(|person| person.id.record()).or(about.contact),
            ..about
        })
    }

    /// The number of shown entries above the cursor's: for the mouse.
    fn entry_at(&self, y: u16, inner: Rect) -> Option<usize> {
        let zone = self.zone?;
        let entries = self.entries();
        let mut line = inner.y;
        for place in self.top..entries.len() {
            if place == self.top || entries.begins_group(place, zone) {
                line += 1;
            }
            let high = u16::try_from(entries.get(place)?.height()).ok()?;
            if (line..line + high).contains(&y) {
                return Some(place);
            }
            line += high;
            if line > y {
                return None;
            }
        }
        None
    }

    /// The names of the panels, where one stands alone.
    pub(super) fn strip(&self) -> Strip {
        let panels = self.face.panels;
        let names = panels.iter().map(|panel| match panel {
            // Before the profile is read nobody knows how many there are.
            Panel::Deals if self.profile.is_none() => "Deals".to_owned(),
            Panel::People if self.profile.is_none() => "People".to_owned(),
            Panel::Deals => format!("Deals {}", grouped(self.deals().len() as u64)),
            Panel::People => {
                let people = self.firm().map_or(0, |firm| firm.people);
                format!("People {}", grouped(people))
            }
            Panel::Profile => "Profile".to_owned(),
            Panel::Timeline => "Timeline".to_owned(),
        });
        let on = panels.iter().position(|panel| *panel == self.focus);
        Strip::new(names, on.unwrap_or(0))
    }

    /// Takes a click.
    pub(super) fn press_at(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        let layout = draw::layout(self, area);
        let named = layout.strip.and_then(|line| self.strip().at(x, y, line));
        if let Some(panel) = named.and_then(|place| self.face.panels.get(place)) {
            self.focus = *panel;
            self.keep_in_sight(&layout);
            return Hit::Elsewhere;
        }
        let hit = self.face.panels.iter().copied().find(|panel| {
            layout.shows(*panel, self.focus) && layout.panel(*panel).contains((x, y).into())
        });
        let Some(panel) = hit else {
            return Hit::Elsewhere;
        };
        self.focus = panel;
        let inner = layout.panel(panel).inner(Margin::new(1, 1));
        if !inner.contains((x, y).into()) {
            return Hit::Elsewhere;
        }
        match panel {
            Panel::Profile if self.turn_profile(x, y, inner) => {
                self.keep_in_sight(&layout);
                Hit::Elsewhere
            }
            Panel::Profile => {
                self.line = self.profile_top + usize::from(y - inner.y);
                self.keep_in_sight(&layout);
                Hit::Record
            }
            Panel::People | Panel::Deals => {
                let (cursor, count) = match panel {
                    Panel::People => (self.person, self.people().len()),
                    _ => (self.deal, self.deals().len()),
                };
                let rows = usize::from(inner.height).max(1);
                let top = (cursor + 1).saturating_sub(rows);
                let place = top + usize::from(y - inner.y);
                if place >= count {
                    return Hit::Elsewhere;
                }
                match panel {
                    Panel::People => self.person = place,
                    _ => self.deal = place,
                }
                Hit::Record
            }
            Panel::Timeline => match self.entry_at(y, inner) {
                Some(place) => {
                    self.cursor = place;
                    Hit::Record
                }
                None => Hit::Elsewhere,
            },
        }
    }

    /// A click on a sign that the profile has more shows the page that way; says whether it was one.
    fn turn_profile(&mut self, x: u16, y: u16, inner: Rect) -> bool {
        let rows = usize::from(inner.height);
        let lines = laid_out(self, inner.width).len();
        let on_edge = x + 1 == inner.right();
        if on_edge && y == inner.y && self.profile_top > 0 {
            self.line = self.profile_top.saturating_sub(rows);
        } else if on_edge && y + 1 == inner.bottom() && self.profile_top + rows < lines {
            self.line = (self.profile_top + 2 * rows).min(lines) - 1;
        } else {
            return false;
        }
        true
    }

    /// Takes a turn of the wheel.
    pub(super) fn scroll_at(&mut self, x: u16, y: u16, by: isize, area: Rect) {
        let layout = draw::layout(self, area);
        let under = self.face.panels.iter().copied().find(|panel| {
            layout.shows(*panel, self.focus) && layout.panel(*panel).contains((x, y).into())
        });
        let cursor = match under {
            Some(Panel::Profile) => &mut self.line,
            Some(Panel::People) => &mut self.person,
            Some(Panel::Timeline) => &mut self.cursor,
            Some(Panel::Deals) => &mut self.deal,
            None => return,
        };
        *cursor = cursor.saturating_add_signed(by);
        self.keep_in_sight(&layout);
    }
}
