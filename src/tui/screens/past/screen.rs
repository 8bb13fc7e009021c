//! What the app knows of the trash and of the list of steps.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::{Command, Which};
use crate::domain::filter::Filter;
use crate::domain::id::RecordId;
use crate::domain::past::SHOWN_MS;
use crate::domain::time::Instant;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, Query, StepsQuery, TrashQuery};
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
use super::state::{Going, NOUNS, PastScreen, Rows};

/// Records of the trash that are read at once.
const TRASHED: usize = 1_000;
/// Steps that are read at once.
const STEPS: usize = 300;

impl PastScreen {
    const fn view(&self) -> View {
        if self.is_trash {
            views::TRASH
        } else {
            views::STEPS
        }
    }
}

impl Screen for PastScreen {
    fn scope(&self) -> Scope {
        Scope::Past
    }

    fn singular(&self) -> &'static str {
        if self.is_trash { "record" } else { "step" }
    }

    fn is_read(&self) -> Result<(), &'static str> {
        match (&self.rows, self.is_trash) {
            (Some(_), _) => Ok(()),
            (None, true) => Err("The trash is still being read"),
            (None, false) => Err("The steps are still being read"),
        }
    }

    fn owns(&self, view: View) -> bool {
        view == self.view()
    }

    fn reads(&self, on: &Asking) -> Vec<Ask> {
        let words = self.search.as_ref().map(|search| search.text.clone());
        let words = words.unwrap_or_default();
        let query = if self.is_trash {
            let since = on.asked.now.millis() - SHOWN_MS;
            Query::Trash(TrashQuery {
                entity: self.noun,
                words,
                since: (!self.all).then_some(Instant::from_millis(since)),
                limit: TRASHED,
            })
        } else {
            Query::Steps(StepsQuery {
                rep: on.asked.me.filter(|_| !self.all),
                words,
                limit: STEPS,
            })
        };
        vec![(self.view(), query)]
    }

    fn take(&mut self, _: View, answer: Answer, area: Rect) -> Option<&'static str> {
        match answer {
            Answer::Trash(trash) => self.take_rows(Rows::Trash(trash), draw::rows(area)),
            Answer::Steps(acts) => self.take_rows(Rows::Steps(acts), draw::rows(area)),
            _ => {}
        }
        None
    }

    fn fail(&mut self, _: View, why: Option<&str>) {
        self.fault = why.map(str::to_owned);
    }

    fn go(&mut self, motion: Motion, area: Rect) {
        self.go_in(motion, draw::rows(area));
    }

    fn settle(&mut self, area: Rect) {
        self.keep_in_sight(draw::rows(area));
    }

    // What is in the trash is taken out and nothing else: other acts find nothing here.

    fn targets(&self) -> Vec<Target> {
        Vec::new()
    }

    fn target_count(&self) -> usize {
        0
    }

    fn target(&self, id: RecordId) -> Option<Target> {
        let record = self.trashed().iter().find(|record| record.id == id)?;
        Some(Target::named(record.entity, id, record.name.clone()))
    }

    fn adds(&self) -> (FormOf, About) {
        (FormOf::NewDeal, About::default())
    }

    fn marked(&self) -> usize {
        self.marks.len()
    }

    fn clear_marks(&mut self) {
        self.marks.clear();
    }

    fn mark(&mut self, area: Rect) {
        let Some(id) = self.trashed().get(self.cursor).map(|record| record.id) else {
            return;
        };
        if !self.marks.remove(&id) {
            self.marks.insert(id);
        }
        self.go(Motion::Down, area);
    }

    fn mark_all(&mut self) -> Option<String> {
        if self.marks.len() == self.trashed().len() {
            self.marks.clear();
        } else {
            self.marks = self.trashed().iter().map(|record| record.id).collect();
        }
        None
    }

    fn has_marks(&self) -> bool {
        self.is_trash
    }

    fn filter(&self) -> Option<&Filtered> {
        self.search.as_ref()
    }

    fn set_filter(&mut self, filter: Option<Filtered>) {
        self.search = filter;
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
        if self.is_trash {
            &[("words", "of the name, the noun, who, the step")]
        } else {
            &[("words", "of what was done")]
        }
    }

    fn opens(&self, _: &Look<'_>) -> Opens {
        if let Some(record) = self.trashed().get(self.cursor) {
            return Opens::Record(record.entity, record.id, record.name.clone());
        }
        match self.act() {
            Some(act) => Opens::Step(act.group),
            None => Opens::Nothing,
        }
    }

    fn leads_back_to(&self) -> Option<Shown> {
        Some(self.back)
    }

    fn parts(&self) -> Vec<Choice> {
        let choice = |name: &'static str, detail, on| Choice {
            name: name.into(),
            detail,
            on,
        };
        if !self.is_trash {
            return vec![
                choice("My steps", "", !self.all),
                choice("Everybody's steps", "", self.all),
            ];
        }
        let mut parts = vec![
            choice("The last 30 days", "", !self.all),
            choice(
                "Also what is older",
                "nothing leaves the trash by itself",
                self.all,
            ),
            choice("All nouns", "", self.noun.is_none()),
        ];
        parts.extend(NOUNS.map(|(noun, name)| choice(name, "", self.noun == Some(noun))));
        parts
    }

    fn show_part(&mut self, place: usize) {
        match place {
            0 | 1 => self.all = place == 1,
            2 => self.noun = None,
            _ => self.noun = NOUNS.get(place - 3).map(|(noun, _)| *noun),
        }
        self.look_elsewhere();
    }

    fn can_turn(&self) -> Result<(), &'static str> {
        Err("There is one list of this; . and , turn pipelines and contacts")
    }

    fn show_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        commands: &[Command],
        _: Rect,
    ) {
        let records = seen.iter().map(|(record, _)| Going::Record(*record));
        let steps = commands.iter().filter_map(|command| match command {
            Command::Undo(Which::Group(group)) | Command::Redo(Which::Group(group)) => {
                Some(Going::Step(*group))
            }
            _ => None,
        });
        self.ahead
            .extend(records.chain(steps).map(|going| (ticket, going)));
    }

    fn arrived(&mut self, ticket: Ticket) {
        self.ahead.retain(|(of, _)| *of != ticket);
    }

    fn take_back(&mut self, ticket: Ticket, _: Rect) {
        self.arrived(ticket);
    }

    fn note_by_others(&mut self, _: RecordId, _: Instant) {}

    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)> {
        draw::draw(frame.buffer_mut(), area, self, scene)
    }

    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit {
        let row = draw::row_at(x, y, area).map(|row| self.top + row);
        match row.filter(|place| *place < self.len()) {
            Some(place) => {
                self.cursor = place;
                Hit::Record
            }
            None => Hit::Elsewhere,
        }
    }

    fn scroll(&mut self, _: u16, _: u16, by: isize, area: Rect) {
        let shown = draw::rows(area);
        self.top = self.top.saturating_add_signed(by * 3);
        let last = (self.top + shown).saturating_sub(1).max(self.top);
        self.cursor = self.cursor.clamp(self.top, last);
        self.keep_in_sight(shown);
    }

    fn lines(&self) -> &dyn Lines {
        self
    }

    fn lines_mut(&mut self) -> &mut dyn Lines {
        self
    }
}
