//! What the app knows of a contact's screen.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::filter::Filter;
use crate::domain::history::Sort;
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, contact};
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, Query};
use crate::tui::action::Motion;
use crate::tui::forms::log::About;
use crate::tui::keys::Scope;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::lines::Lines;
use crate::tui::screens::{
    Ask, Asking, Choice, Filtered, Hit, Opens, Scene, Screen, Shown, Sifted, views,
};
use crate::tui::target::Target;

use super::draw;
use super::entries::{Ahead, Entry, Sign, made};
use super::state::{ContactScreen, Panel};
use super::timeline::in_full;

/// What the timeline can be narrowed to: everything, what people did, then each sort alone.
const PARTS: [(&str, &str, &[Sort]); 9] = [
    ("Everything", "", &[]),
    (
        "Activities",
        "no changes",
        &[
            Sort::Call,
            Sort::Mail,
            Sort::Meeting,
            Sort::Note,
            Sort::Task,
        ],
    ),
    ("Calls", "", &[Sort::Call]),
    ("Mails", "", &[Sort::Mail]),
    ("Meetings", "", &[Sort::Meeting]),
    ("Notes", "", &[Sort::Note]),
    ("Tasks", "", &[Sort::Task]),
    ("Deal moves", "", &[Sort::Deal]),
    ("Field changes", "", &[Sort::Change]),
];

impl ContactScreen {
    fn contact(&self) -> Option<Target> {
        let id = self.id?.record();
        Some(match self.record() {
            Some(record) => Target::of(record),
            None => Target::named(Entity::Contact, id, self.name.clone()),
        })
    }

    fn deal_under_cursor(&self) -> Option<&Record> {
        self.deals().get(self.deal)
    }

    /// The record under the cursor of the panel that has the keys.
    fn under_cursor(&self) -> Option<Target> {
        match self.focus {
            Panel::Profile => self.contact(),
            Panel::Deals => self.deal_under_cursor().map(Target::of),
            Panel::Timeline => {
                let entries = self.entries();
                match entries.get(self.cursor)? {
                    Entry::Planned(deed) | Entry::Deed(_, deed) => {
                        let name = deed.subject.clone().unwrap_or_else(|| deed.kind.clone());
                        Some(Target::named(Entity::Activity, deed.id, name))
                    }
                    Entry::Turn(_, turn) if turn.entity == Entity::Deal => {
                        let read = self.deals().iter().find(|deal| deal.id == turn.record);
                        read.map(Target::of)
                    }
                    // What is on its way has no id yet, and a change of the contact is the contact's.
                    Entry::Going(..) | Entry::Turn(..) => None,
                }
            }
        }
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
}

impl Screen for ContactScreen {
    fn scope(&self) -> Scope {
        Scope::Contacts
    }

    fn singular(&self) -> &'static str {
        "entry"
    }

    fn is_read(&self) -> Result<(), &'static str> {
        match &self.profile {
            Some(Some(_)) => Ok(()),
            Some(None) => Err("This contact is not in the book any more"),
            None if self.id.is_none() => Err("No contact was opened yet; 4 lists them"),
            None => Err("The contact is still being read"),
        }
    }

    fn owns(&self, view: View) -> bool {
        [views::PROFILE, views::HISTORY, views::EARLIER].contains(&view)
    }

    fn reads(&self, _: &Asking) -> Vec<Ask> {
        let profile = self.id.map(|id| (views::PROFILE, Query::Profile(id)));
        let history = self
            .history()
            .map(|query| (views::HISTORY, Query::History(query)));
        profile.into_iter().chain(history).collect()
    }

    fn wants(&mut self, on: &Asking) -> Vec<Ask> {
        self.zone = Some(on.zone);
        let earlier = self.earlier();
        earlier
            .map(|query| (views::EARLIER, Query::History(query)))
            .into_iter()
            .collect()
    }

    fn take(&mut self, view: View, answer: Answer, area: Rect) -> Option<&'static str> {
        match answer {
            Answer::Profile(profile) => {
                let mine = profile
                    .as_ref()
                    .is_none_or(|profile| Some(profile.record.id) == self.id.map(Id::record));
                if mine {
                    self.profile = Some(profile);
                    self.fault = None;
                }
            }
            Answer::History(history) if view == views::HISTORY => {
                let layout = draw::layout(self, area);
                self.take_history(history, &layout);
            }
            Answer::History(history) => self.take_earlier(history),
            _ => {}
        }
        self.settle(area);
        None
    }

    fn fail(&mut self, _: View, why: &str) {
        self.fault = Some(why.to_owned());
    }

    fn go(&mut self, motion: Motion, area: Rect) {
        let layout = draw::layout(self, area);
        self.go_in(motion, &layout);
    }

    fn settle(&mut self, area: Rect) {
        let layout = draw::layout(self, area);
        self.keep_in_sight(&layout);
    }

    fn targets(&self) -> Vec<Target> {
        self.under_cursor().into_iter().collect()
    }

    fn target_count(&self) -> usize {
        usize::from(self.under_cursor().is_some())
    }

    fn target(&self, id: RecordId) -> Option<Target> {
        let contact = self.contact().filter(|contact| contact.id == id);
        let deal = || self.deals().iter().find(|deal| deal.id == id);
        contact
            .or_else(|| deal().map(Target::of))
            .or_else(|| self.under_cursor().filter(|target| target.id == id))
    }

    fn about(&self, id: RecordId) -> Option<About> {
        let contact = self.contact()?;
        let company = self
            .record()
            .and_then(|record| record.int(&contact::COMPANY));
        let about = About {
            name: contact.name,
            deal: None,
            contact: Some(contact.id),
            company: company.map(RecordId::from_raw),
            performer: None,
        };
        if contact.id == id {
            return Some(about);
        }
        let deal = self.deals().iter().find(|deal| deal.id == id)?;
        Some(About {
            name: deal.name(),
            deal: Some(id),
            ..about
        })
    }

    fn subjects(&self) -> Vec<Target> {
        let deal = self
            .deal_under_cursor()
            .filter(|_| self.focus == Panel::Deals);
        let deal = deal.map(Target::of);
        deal.or_else(|| self.contact()).into_iter().collect()
    }

    fn subject_count(&self) -> usize {
        usize::from(self.id.is_some())
    }

    fn adds(&self) -> (FormOf, About) {
        let about = self.id.and_then(|id| self.about(id.record()));
        (FormOf::NewDeal, about.unwrap_or_default())
    }

    fn planned(&self) -> Option<Target> {
        if self.focus != Panel::Timeline {
            return None;
        }
        match self.entries().get(self.cursor) {
            Some(Entry::Planned(_)) => self.under_cursor(),
            _ => None,
        }
    }

    fn has_marks(&self) -> bool {
        false
    }

    fn filter(&self) -> Option<&Filtered> {
        self.search.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filtered>) {
        self.search = filter;
        self.focus = Panel::Timeline;
        self.look_elsewhere();
    }

    fn sift(&self, text: &str) -> Result<Sifted, String> {
        Ok(Sifted {
            filtered: (!text.is_empty()).then(|| Filtered {
                text: text.to_owned(),
                filter: Filter::default(),
            }),
            reading: None,
        })
    }

    fn filter_hints(&self) -> &'static [(&'static str, &'static str)] {
        &[("words", "of subject, text, outcome or deal")]
    }

    fn opens(&self, look: &Look<'_>) -> Opens {
        let record = |target: Target| Opens::Record(target.entity, target.id, target.name);
        match self.focus {
            Panel::Timeline => {
                let entries = self.entries();
                match entries.get(self.cursor) {
                    Some(Entry::Turn(_, turn)) if turn.entity == Entity::Deal => {
                        Opens::Record(Entity::Deal, turn.record, turn.name.clone())
                    }
                    Some(entry) => entry.deed().map_or(Opens::Nothing, |deed| {
                        let (title, lines) = in_full(deed, look);
                        Opens::Text(title, lines)
                    }),
                    None => Opens::Nothing,
                }
            }
            Panel::Deals => self.under_cursor().map_or(Opens::Nothing, record),
            Panel::Profile => self.contact().map_or(Opens::Nothing, record),
        }
    }

    fn back(&mut self) -> bool {
        if self.sorts.is_empty() {
            return false;
        }
        self.sorts.clear();
        self.look_elsewhere();
        true
    }

    fn leads_back_to(&self) -> Option<Shown> {
        Some(self.from.back)
    }

    fn parts(&self) -> Vec<Choice> {
        PARTS
            .iter()
            .map(|(name, detail, sorts)| Choice {
                name: (*name).into(),
                detail,
                on: *sorts == self.sorts.as_slice(),
            })
            .collect()
    }

    fn show_part(&mut self, place: usize) {
        if let Some((_, _, sorts)) = PARTS.get(place) {
            self.sorts = sorts.to_vec();
            self.focus = Panel::Timeline;
            self.look_elsewhere();
        }
    }

    fn can_turn(&self) -> Result<(), &'static str> {
        if self.from.list.len() < 2 {
            return Err("This contact was not opened from a list of several; 4 lists them");
        }
        Ok(())
    }

    fn turn(&mut self, by: isize) -> Result<(), String> {
        self.can_turn()?;
        let all = self.from.list.len();
        let next = self.from.place.checked_add_signed(by);
        let Some(next) = next.filter(|next| *next < all) else {
            return Err(if by < 0 {
                "This is the first contact of the list".to_owned()
            } else {
                "This is the last contact of the list".to_owned()
            });
        };
        let from = super::state::From {
            place: next,
            ..self.from.clone()
        };
        let (id, focus) = (from.list[next], self.focus);
        self.show(id, String::new(), from);
        self.focus = focus;
        Ok(())
    }

    fn show_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        commands: &[Command],
        area: Rect,
    ) {
        let signs = seen.iter().map(|(record, foresight)| match foresight {
            Foresight::Leave => Sign::Gone(*record),
            Foresight::Move(..) | Foresight::Stay => Sign::Touched(*record),
        });
        let signs: Vec<Sign> = signs.chain(made(commands)).collect();
        self.ahead.extend(signs.into_iter().map(|sign| Ahead {
            ticket,
            arrived: false,
            sign,
        }));
        self.settle(area);
    }

    fn arrived(&mut self, ticket: Ticket) {
        for ahead in &mut self.ahead {
            ahead.arrived |= ahead.ticket == ticket;
        }
    }

    fn take_back(&mut self, ticket: Ticket, area: Rect) {
        self.ahead.retain(|ahead| ahead.ticket != ticket);
        self.settle(area);
    }

    fn note_by_others(&mut self, record: RecordId, at: Instant) {
        self.by_others.note(record, at);
    }

    fn addresses(&self) -> Vec<String> {
        self.record().map(Record::addresses).unwrap_or_default()
    }

    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)> {
        draw::draw(frame.buffer_mut(), area, self, scene)
    }

    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        let layout = draw::layout(self, area);
        let hit = Panel::ALL.into_iter().find(|panel| {
            layout.shows(*panel, self.focus) && layout.panel(*panel).contains((x, y).into())
        });
        let Some(panel) = hit else {
            return Hit::Elsewhere;
        };
        self.focus = panel;
        let inner = layout
            .panel(panel)
            .inner(ratatui::layout::Margin::new(1, 1));
        if !inner.contains((x, y).into()) {
            return Hit::Elsewhere;
        }
        match panel {
            Panel::Profile => Hit::Record,
            Panel::Deals => {
                let rows = usize::from(inner.height).max(1);
                let top = (self.deal + 1).saturating_sub(rows);
                let place = top + usize::from(y - inner.y);
                if place < self.deals().len() {
                    self.deal = place;
                    return Hit::Record;
                }
                Hit::Elsewhere
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

    fn scroll(&mut self, x: u16, y: u16, by: isize, area: Rect) {
        let layout = draw::layout(self, area);
        let under = Panel::ALL.into_iter().find(|panel| {
            layout.shows(*panel, self.focus) && layout.panel(*panel).contains((x, y).into())
        });
        let cursor = match under {
            Some(Panel::Profile) => &mut self.profile_top,
            Some(Panel::Timeline) => &mut self.cursor,
            Some(Panel::Deals) => &mut self.deal,
            None => return,
        };
        *cursor = cursor.saturating_add_signed(by);
        self.keep_in_sight(&layout);
    }

    fn lines(&self) -> Option<&dyn Lines> {
        Some(self)
    }

    fn lines_mut(&mut self) -> Option<&mut dyn Lines> {
        Some(self)
    }
}
