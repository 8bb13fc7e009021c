//! What Today shows, where the cursor of each panel stands, what is on its way.

use crate::domain::command::{Command, FieldEdit, Target as Record};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, Field, FieldDef, activity};
use crate::domain::records::Rep;
use crate::domain::time::Instant;
use crate::domain::today::{Bucket, Other, Rotting, Since, Step, Today, Waiting};
use crate::store::handle::Ticket;
use crate::tui::action::Motion;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::others::ByOthers;
use crate::tui::screens::strip::Strip;

use super::layout::Layout;

/// A panel that has a cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// Planned activities.
    #[default]
    Steps,
    /// Deals gone quiet.
    Rotting,
    /// Leads without an answer.
    Waiting,
    /// What others did.
    Others,
}

impl Panel {
    /// All of them, in the order of Tab.
    pub const ALL: [Self; 4] = [Self::Steps, Self::Rotting, Self::Waiting, Self::Others];

    const fn short_name(self) -> &'static str {
        match self {
            Self::Steps => "Next steps",
            Self::Rotting => "Rotting",
            Self::Waiting => "Waiting",
            Self::Others => "Others",
        }
    }

    const fn step(self, by: isize) -> Self {
        let all = Self::ALL.len();
        let on = if by < 0 { all - 1 } else { 1 };
        Self::ALL[(self as usize + on) % all]
    }
}

/// A line of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A planned activity.
    Step(&'a Step),
    /// A deal gone quiet.
    Rotting(&'a Rotting),
    /// A lead without an answer.
    Waiting(&'a Waiting),
    /// What somebody else did.
    Other(&'a Other),
}

impl Item<'_> {
    /// What the line stands for: the cursor stays with it.
    #[must_use]
    pub fn key(&self) -> i64 {
        match self {
            Self::Step(step) => step.id.record().raw(),
            Self::Rotting(deal) => deal.deal.link.id.record().raw(),
            Self::Waiting(lead) => lead.contact.link.id.record().raw(),
            Self::Other(other) => other.n,
        }
    }
}

/// A line of the picture of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The head of a bucket.
    Head(Bucket),
    /// A step, by its place among those shown.
    Step(usize),
    /// The second line of a step, where each takes two.
    Rest(usize),
    /// How many more of a bucket there are than were read.
    More(Bucket, u64),
}

/// Something that is on its way to the book.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    ticket: Ticket,
    arrived: bool,
    record: RecordId,
    /// Whether its line goes: done, won, in the trash.
    gone: bool,
    /// Whether it was put off: then the cursor stays at its place, on what comes next, and does not go down the day with it.
    put_off: bool,
}

/// An hour in milliseconds.
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Today.
#[derive(Debug, Default)]
pub struct TodayScreen {
    /// The answer; `None` before the first.
    pub today: Option<Today>,
    /// Why there is no newer answer.
    pub fault: Option<String>,
    /// The panel that has the keys.
    pub focus: Panel,
    /// The cursor of each panel, by its place in [`Panel::ALL`].
    pub cursors: [usize; Panel::ALL.len()],
    /// The first line in sight of each.
    pub tops: [usize; Panel::ALL.len()],
    pub(super) by_others: ByOthers,
    ahead: Vec<Ahead>,
    /// From where on others' acts count, as long as the same person looks.
    since: Option<(Option<Id<Rep>>, Since)>,
    /// The as-of moment of the first answer.
    begun: Option<Instant>,
    /// Whether the stages were asked for, so that deals can be moved from here.
    asked_stages: bool,
}

impl TodayScreen {
    /// From where on others' acts are asked for.
    #[must_use]
    pub fn since(&self, me: Option<Id<Rep>>) -> Option<Since> {
        let (whose, since) = self.since?;
        (whose == me).then_some(since)
    }

    /// Notes the as-of moment of the first answer.
    pub(super) const fn begins(&mut self, now: Instant) {
        if self.today.is_some() && self.begun.is_none() {
            self.begun = Some(now);
        }
    }

    /// Whether who looks was away before the app was opened: whose last act was less than an hour before has not left yet, and in a
    /// book that was just made nobody has.
    #[must_use]
    pub fn was_away(&self) -> bool {
        let last = self.today.as_ref().and_then(|today| today.since.at);
        match (last, self.begun) {
            (Some(last), Some(begun)) => begun.millis() - last.millis() >= HOUR_MS,
            _ => true,
        }
    }

    /// Whether the stages of the pipeline are wanted: once, after the first answer, so that this comes first.
    pub const fn wants_stages(&mut self) -> bool {
        let wants = self.today.is_some() && !self.asked_stages;
        self.asked_stages |= wants;
        wants
    }

    /// Takes an answer. Each cursor stays on its line; where that is gone, at its place.
    pub fn take_today(&mut self, today: Today, layout: &Layout) {
        let before = Panel::ALL.map(|panel| {
            let item = self.item_of(panel)?;
            let key = item.key();
            let put_off = (self.ahead.iter())
                .any(|ahead| ahead.put_off && ahead.arrived && ahead.record.raw() == key);
            (!put_off).then_some(key)
        });
        self.since = Some((today.of, today.since));
        self.today = Some(today);
        self.fault = None;
        self.ahead.retain(|ahead| !ahead.arrived);
        for (panel, key) in Panel::ALL.into_iter().zip(before) {
            let place = key.and_then(|key| {
                let mut items = self.each(panel);
                items.position(|item| item.key() == key)
            });
            if let Some(place) = place {
                self.cursors[panel as usize] = place;
            }
        }
        self.keep_in_sight(layout);
    }

    /// The lines of a panel, without those that are on their way out.
    #[must_use]
    pub fn items(&self, panel: Panel) -> Vec<Item<'_>> {
        self.each(panel).collect()
    }

    /// [`items`](Self::items) one after the other.
    fn each(&self, panel: Panel) -> impl Iterator<Item = Item<'_>> {
        let of = |which| self.today.as_ref().filter(|_| panel == which);
        let steps = of(Panel::Steps).into_iter().flat_map(|today| &today.steps);
        let rotting = of(Panel::Rotting)
            .into_iter()
            .flat_map(|today| &today.rotting.0);
        let waiting = of(Panel::Waiting)
            .into_iter()
            .flat_map(|today| &today.waiting.0);
        let others = of(Panel::Others)
            .into_iter()
            .flat_map(|today| &today.others);
        let mine = steps
            .map(Item::Step)
            .chain(rotting.map(Item::Rotting))
            .chain(waiting.map(Item::Waiting))
            .filter(|item| !self.is_gone(RecordId::from_raw(item.key())));
        mine.chain(others.map(Item::Other))
    }

    /// The line under the cursor of a panel.
    #[must_use]
    pub fn item_of(&self, panel: Panel) -> Option<Item<'_>> {
        self.each(panel).nth(self.cursors[panel as usize])
    }

    /// The line under the cursor.
    #[must_use]
    pub fn item(&self) -> Option<Item<'_>> {
        self.item_of(self.focus)
    }

    fn is_gone(&self, id: RecordId) -> bool {
        self.ahead
            .iter()
            .any(|ahead| ahead.gone && ahead.record == id)
    }

    /// Whether something about a record is on its way.
    #[must_use]
    pub fn is_pending(&self, id: RecordId) -> bool {
        self.ahead
            .iter()
            .any(|ahead| !ahead.arrived && ahead.record == id)
    }

    /// The names of the panels, where one stands alone.
    pub(super) fn strip(&self) -> Strip {
        let names = Panel::ALL
            .into_iter()
            .map(|panel| format!("{} {}", panel.short_name(), grouped(self.count(panel))));
        Strip::new(names, self.focus as usize)
    }

    /// How many of a panel there are, those that were not read included, those on their way out not.
    #[must_use]
    pub fn count(&self, panel: Panel) -> u64 {
        let Some(today) = &self.today else {
            return 0;
        };
        let (all, read) = match panel {
            Panel::Steps => (today.counts.iter().sum(), today.steps.len()),
            Panel::Rotting => (today.rotting.1, today.rotting.0.len()),
            Panel::Waiting => (today.waiting.1, today.waiting.0.len()),
            Panel::Others => (today.others.len() as u64, today.others.len()),
        };
        all - (read as u64).min(all) + self.each(panel).count() as u64
    }

    /// The lines of a panel's picture, where an item takes `tall` of them.
    #[must_use]
    pub fn rows(&self, panel: Panel, tall: usize) -> Vec<Row> {
        let rows = match panel {
            Panel::Steps => self.step_rows(),
            _ => (0..self.each(panel).count()).map(Row::Step).collect(),
        };
        if tall < 2 {
            return rows;
        }
        let both = |row| match row {
            Row::Step(place) => [Some(row), Some(Row::Rest(place))],
            _ => [Some(row), None],
        };
        rows.into_iter().flat_map(both).flatten().collect()
    }

    /// The lines of the steps' panel: heads, steps, and what was not read.
    fn step_rows(&self) -> Vec<Row> {
        let Some(today) = &self.today else {
            return Vec::new();
        };
        let steps = self.items(Panel::Steps);
        let mut rows = Vec::new();
        for (bucket, count) in Bucket::ALL.into_iter().zip(today.counts) {
            let here = |step: &Item<'_>| matches!(step, Item::Step(step) if step.bucket == bucket);
            let places: Vec<usize> = (0..steps.len()).filter(|at| here(&steps[*at])).collect();
            let read = today
                .steps
                .iter()
                .filter(|step| step.bucket == bucket)
                .count() as u64;
            if !places.is_empty() {
                rows.push(Row::Head(bucket));
                rows.extend(places.into_iter().map(Row::Step));
            }
            if count > read {
                rows.push(Row::More(bucket, count - read));
            }
        }
        rows
    }

    /// How many steps of a bucket there are.
    #[must_use]
    pub fn bucket_count(&self, bucket: Bucket) -> u64 {
        let Some(today) = &self.today else {
            return 0;
        };
        let of = |step: &&Step| step.bucket == bucket;
        let gone = |step: &&Step| self.is_gone(step.id.record());
        let gone = today.steps.iter().filter(of).filter(gone).count() as u64;
        today.counts[bucket as usize].saturating_sub(gone)
    }

    /// The place of a panel's line of the picture, where a record stands on it.
    #[must_use]
    pub fn place_at(&self, panel: Panel, line: usize, tall: usize) -> Option<usize> {
        match self.rows(panel, tall).get(line) {
            Some(Row::Step(place) | Row::Rest(place)) => Some(*place),
            _ => None,
        }
    }

    /// Moves the cursor, or the keys to another panel.
    pub fn go_in(&mut self, motion: Motion, layout: &Layout) {
        let shown = layout.rows(self.focus) / layout.tall;
        let page = shown.saturating_sub(1).max(1);
        match motion {
            Motion::Left => self.focus = self.focus.step(-1),
            Motion::Right => self.focus = self.focus.step(1),
            _ => {
                let cursor = &mut self.cursors[self.focus as usize];
                *cursor = motion.moved(*cursor, page, page.div_ceil(2));
            }
        }
        self.keep_in_sight(layout);
    }

    pub(super) fn keep_in_sight(&mut self, layout: &Layout) {
        for panel in Panel::ALL {
            let (at, shown) = (panel as usize, layout.rows(panel));
            let last = self.each(panel).count().saturating_sub(1);
            self.cursors[at] = self.cursors[at].min(last);
            let rows = self.rows(panel, layout.tall);
            let cursor = Row::Step(self.cursors[at]);
            let line = rows.iter().position(|row| *row == cursor).unwrap_or(0);
            // The head of a bucket stays in sight with its first step.
            let first = line.saturating_sub(usize::from(panel == Panel::Steps));
            let lowest = (line + layout.tall).saturating_sub(shown).min(line);
            let top = self.tops[at].clamp(lowest, first.max(lowest));
            // No panel begins with the second half of an item.
            let half = matches!(rows.get(top), Some(Row::Rest(_)));
            self.tops[at] = top + usize::from(half && top < line);
        }
    }

    /// Shows an act before the book has it.
    pub(super) fn note_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        commands: &[Command],
    ) {
        let of = |def| -> Vec<RecordId> {
            let edits = commands.iter();
            edits.filter_map(|command| edited(command, def)).collect()
        };
        let done = of(&activity::DONE_AT);
        let put_off = of(&activity::DUE_DATE);
        for (record, foresight) in seen {
            self.ahead.push(Ahead {
                ticket,
                arrived: false,
                record: *record,
                gone: *foresight == Foresight::Leave || done.contains(record),
                put_off: put_off.contains(record),
            });
        }
    }

    /// It is in the book; the next answer shows it.
    pub(super) fn note_arrived(&mut self, ticket: Ticket) {
        for ahead in &mut self.ahead {
            ahead.arrived |= ahead.ticket == ticket;
        }
    }

    /// It is not in the book.
    pub(super) fn note_taken_back(&mut self, ticket: Ticket) {
        self.ahead.retain(|ahead| ahead.ticket != ticket);
    }
}

/// The planned activity of which a command changes a field.
fn edited(command: &Command, def: &'static FieldDef) -> Option<RecordId> {
    let Command::Edit {
        entity: Entity::Activity,
        target: Record::Known(id),
        edits,
    } = command
    else {
        return None;
    };
    let of_field = |edit: &FieldEdit| edit.field == Field::Own(def);
    edits.iter().any(of_field).then_some(*id)
}
