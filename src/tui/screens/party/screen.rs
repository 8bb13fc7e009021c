//! What the app knows of the screen of a contact or company.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::filter::Filter;
use crate::domain::history::Sort;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, Query};
use crate::tui::action::Motion;
use crate::tui::forms::log::{About, Logged};
use crate::tui::keys::Scope;
use crate::tui::layers::FormOf;
use crate::tui::look::Look;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::lines::Lines;
use crate::tui::screens::{
    Ask, Asking, Choice, Filtered, Hit, Opens, Scene, Screen, Shown, Sifted,
};
use crate::tui::target::Target;

use super::draw;
use super::entries::{Ahead, Entry, Sign, made};
use super::links::{link_in, reply_to};
use super::state::{Panel, PartyScreen};
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

impl Screen for PartyScreen {
    fn scope(&self) -> Scope {
        Scope::Contacts
    }

    fn singular(&self) -> &'static str {
        "entry"
    }

    fn is_read(&self) -> Result<(), &'static str> {
        match &self.profile {
            Some(Some(_)) => Ok(()),
            Some(None) => Err(self.face.gone),
            None if self.of.is_none() => Err(self.face.not_opened),
            None => Err(self.face.still_reading),
        }
    }

    fn owns(&self, view: View) -> bool {
        let face = self.face;
        [face.profile, face.history, face.earlier].contains(&view)
    }

    fn reads(&self, on: &Asking) -> Vec<Ask> {
        let now = on.asked.now;
        let profile = |of| (self.face.profile, Query::Profile { of, now });
        let profile = self.of.map(profile);
        let history = self
            .history()
            .map(|query| (self.face.history, Query::History(query)));
        profile.into_iter().chain(history).collect()
    }

    fn wants(&mut self, on: &Asking) -> Vec<Ask> {
        self.zone = Some(on.zone);
        let earlier = self.earlier();
        earlier
            .map(|query| (self.face.earlier, Query::History(query)))
            .into_iter()
            .collect()
    }

    fn take(&mut self, view: View, answer: Answer, area: Rect) -> Option<&'static str> {
        match answer {
            Answer::Profile(profile) => {
                let mine = profile
                    .as_ref()
                    .is_none_or(|profile| Some(profile.record.id) == self.id());
                if mine {
                    self.profile = Some(profile);
                    self.fault = None;
                    self.come_back_in_profile();
                }
            }
            Answer::History(history) if view == self.face.history => {
                let layout = draw::layout(self, area);
                self.take_history(history, &layout);
            }
            Answer::History(history) => self.take_earlier(history),
            _ => {}
        }
        self.settle(area);
        None
    }

    fn fail(&mut self, _: View, why: Option<&str>) {
        self.fault = why.map(str::to_owned);
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
        let party = self.party().filter(|party| party.id == id);
        party
            .or_else(|| self.shown(id).map(Target::of))
            .or_else(|| self.under_cursor().filter(|target| target.id == id))
    }

    fn about(&self, id: RecordId) -> Option<About> {
        let party = self.about_party()?;
        if self.id() == Some(id) {
            return Some(party);
        }
        let record = self.shown(id)?;
        let about = About::of(&Target::of(record), Some(record));
        Some(match self.face.entity {
            // What is done with one of a contact's deals is done with the contact.
            Entity::Contact => About {
                name: about.name,
                deal: Some(id),
                ..party
            },
            _ => about,
        })
    }

    fn belongs(&self) -> Option<About> {
        if self.focus == Panel::Timeline {
            let entries = self.entries();
            if let Some(deed) = entries.get(self.cursor).and_then(Entry::deed) {
                return self.about_deed(deed);
            }
        }
        let under = self.under_cursor();
        let about = under.and_then(|target| self.about(target.id));
        about.or_else(|| self.about_party())
    }

    fn link_in_text(&self) -> Option<String> {
        if self.focus != Panel::Timeline {
            return None;
        }
        let entries = self.entries();
        let deed = entries.get(self.cursor)?.deed()?;
        let texts = [deed.subject.as_deref(), deed.body.as_deref()];
        texts.into_iter().flatten().find_map(link_in)
    }

    fn replies(&self) -> Option<About> {
        if self.focus != Panel::Timeline {
            return None;
        }
        match self.entries().get(self.cursor)? {
            Entry::Deed(_, deed) if deed.kind == Logged::Mail.kind() => Some(About {
                subject: Some(reply_to(deed.subject.as_deref())),
                ..self.about_deed(deed)?
            }),
            _ => None,
        }
    }

    fn subjects(&self) -> Vec<Target> {
        let under = self.record_under_cursor().map(Target::of);
        under.or_else(|| self.party()).into_iter().collect()
    }

    fn subject_count(&self) -> usize {
        usize::from(self.of.is_some())
    }

    fn adds(&self) -> (FormOf, About) {
        let form = match (self.face.entity, self.focus) {
            (Entity::Company, Panel::Profile | Panel::Timeline | Panel::People) => {
                FormOf::NewContact
            }
            _ => FormOf::NewDeal,
        };
        (form, self.about_party().unwrap_or_default())
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

    fn planned_kind(&self) -> Option<&str> {
        match self.entries().get(self.cursor) {
            Some(Entry::Planned(deed)) if self.focus == Panel::Timeline => Some(&deed.kind),
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
                    Some(Entry::Turn(_, turn)) if Some(turn.record) != self.id() => {
                        Opens::Record(turn.entity, turn.record, turn.name.clone())
                    }
                    Some(entry) => entry.deed().map_or(Opens::Nothing, |deed| {
                        let (title, lines) = in_full(deed, look);
                        Opens::Text(title, lines)
                    }),
                    None => Opens::Nothing,
                }
            }
            Panel::People | Panel::Deals => self.under_cursor().map_or(Opens::Nothing, record),
            Panel::Profile => match self.company_in_line() {
                Some(link) => Opens::Record(Entity::Company, link.id.record(), link.name),
                None => self.party().map_or(Opens::Nothing, record),
            },
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
            return Err(self.face.no_turn);
        }
        Ok(())
    }

    fn turn(&mut self, by: isize) -> Result<(), String> {
        self.can_turn()?;
        let all = self.from.list.len();
        let next = self.from.place.checked_add_signed(by);
        let Some(next) = next.filter(|next| *next < all) else {
            return Err(match by {
                ..0 => self.face.first,
                0.. if self.from.goes_on => "The list goes on; Esc goes back to it",
                0.. => self.face.last,
            }
            .to_owned());
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
        self.press_at(x, y, area)
    }

    fn scroll(&mut self, x: u16, y: u16, by: isize, area: Rect) {
        self.scroll_at(x, y, by, area);
    }

    fn lines(&self) -> &dyn Lines {
        self
    }

    fn lines_mut(&mut self) -> &mut dyn Lines {
        self
    }
}
