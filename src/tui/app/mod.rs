//! The app: what is on the screen and how it changes. Pure: it gets messages, changes itself, and says what shall be done outside.
//!
//! | module | holds |
//! |---|---|
//! | this one | the state and its messages |
//! | [`keyboard`] | keys and pastes; what keys do everywhere |
//! | [`screens`] | which screen is shown; what acts are about |
//! | [`clipboard`] | what is copied: sent to the terminal, or shown to be selected |
//! | [`acts`], [`deals`], [`leads`] | what is done to records, to deals alone, to leads alone |
//! | [`goto`] | from anything to what belongs to it |
//! | [`past`] | the trash and the last steps |
//! | [`open`] | what opens a layer over the screen |
//! | [`find`] | any record, found as its name is typed |
//! | [`palette`] | every action by its words; a screen with a filter in one line |
//! | [`exports`] | exports of what is shown |
//! | [`filter_bar`] | the filter: typed, completed, explained |
//! | [`views_on`] | saved views, columns, orders |
//! | [`forms`], [`me`], [`founding`] | forms: opened, left, submitted; who the user is; a book's first questions |
//! | [`fields`] | one field edited where it stands; the custom fields of the book |
//! | [`link`] | how things stand with the book, and what waits for it |
//! | [`offers`] | changes of earlier runs, changes that the drive lost |
//! | [`drafts`] | half-written forms: which there are, when they are kept |
//! | [`conflicts`] | what is asked when somebody changed the same |
//! | [`layer_keys`] | what keys do in a layer |
//! | [`store`] | what the store reports |
//! | [`mouse`] | what the mouse does |
//! | [`view`], [`finish`], [`footer`], [`popups`], [`find_picture`], [`record`], [`explain`] | the picture |

mod acts;
mod allowed;
mod clipboard;
mod conflicts;
mod deals;
mod drafts;
mod explain;
mod exports;
mod fields;
mod filter_bar;
mod find;
mod find_picture;
mod finish;
mod footer;
mod forms;
mod founding;
mod goto;
mod keyboard;
mod layer_keys;
mod leads;
mod link;
mod me;
mod mouse;
mod offers;
mod open;
mod palette;
mod past;
mod popups;
mod quota;
pub(super) mod record;
mod screens;
mod setup;
mod store;
#[cfg(test)]
mod tests;
mod view;
mod views_on;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::keys::Key;
use crate::config::theme::Looks;
use crate::domain::command::{Command, Origin};
use crate::domain::custom::CustomField;
use crate::domain::history::Profile;
use crate::domain::id::{Id, RecordId, StepId};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::period::Period;
use crate::domain::records::{Link, Record, Rep};
use crate::domain::time::{Instant, Zone};
use crate::store::handle::{Health, Ticket, View};
use crate::store::query::{Asked, BookInfo, Choice, Query};

use super::forms::cell::Spot;
use super::forms::first_start::Answers;
use super::keys::Bindings;
use super::layers::{Layer, OnceKnown};
use super::look::Look;
use super::msg::{Effect, Msg};
use super::notices::{Notices, Tone};
use super::screens::Shown;
use super::screens::board::BoardScreen;
use super::screens::board::ahead::Foresight;
use super::screens::lists::ListScreen;
use super::screens::party::PartyScreen;
use super::screens::past::PastScreen;
use super::screens::setup::SetupScreen;
use super::screens::today::TodayScreen;
use super::terminal::abilities::Abilities;
use super::theme::Theme;

pub(super) use super::screens::views;

/// What the first questions guess.
#[derive(Clone, Debug, Default)]
pub struct FirstGuess {
    /// Where the book is to be.
    pub book: String,
    /// The currency of sums.
    pub currency: Option<Currency>,
    /// The team's time zone.
    pub zone: Option<Zone>,
    /// The user's name.
    pub rep: String,
}

/// What the app is told at its start.
#[derive(Clone, Debug)]
pub struct Start {
    /// Who acts, by name or e-mail address; `None` is nobody.
    pub rep: Option<String>,
    /// The as-of moment, where it is not the real clock: an instant, or a date in the team's zone.
    pub now: Option<String>,
    /// What the first questions guess, where there is no book.
    pub first_start: FirstGuess,
    /// The real clock.
    pub real: Instant,
    /// The period of the board's foot, in words.
    pub foot: String,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// The screen that is shown first.
    pub shown: Shown,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// How the screen looks once the terminal's background is known.
    pub looks: Looks,
    /// What the terminal can do.
    pub can: Abilities,
}

/// What is known of the book.
#[derive(Debug)]
pub(super) enum Book {
    /// It is being opened.
    Opening,
    /// It is open.
    Open(Box<BookInfo>),
    /// It could not be opened, or is not there yet.
    Closed,
}

/// Something to do to the book.
#[derive(Debug)]
pub struct Act {
    /// What.
    pub commands: Vec<Command>,
    /// What kind of act.
    pub origin: Origin,
    /// In words; `None` leaves that to the book.
    pub label: Option<String>,
    /// In words of the screen, as long as the book has not worded it.
    pub said: String,
    /// What will be seen of it at once.
    pub foresight: Vec<(RecordId, Foresight)>,
    /// The form that it was typed into: it comes back when the book says no.
    pub form: Option<Layer>,
    /// It makes the rep that the user is; then this is done.
    pub then: Option<OnceKnown>,
}

/// An act that is on its way.
#[derive(Debug)]
pub(super) struct OnItsWay {
    /// What was asked for.
    commands: Vec<Command>,
    /// What kind of act.
    origin: Origin,
    /// In words, where the book did not word it.
    label: Option<String>,
    /// In words of the screen.
    said: String,
    /// The form that it was typed into.
    form: Option<Layer>,
    /// It makes the rep that the user is; then this is done.
    then: Option<OnceKnown>,
    /// The step of an earlier run that it is.
    offered: Option<StepId>,
    /// It is in the outbox, should the book not take it in this run.
    kept: bool,
}

/// What was not saved when the app was left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsaved {
    /// What the outbox has, in words.
    pub kept: Vec<String>,
    /// What nothing has.
    pub lost: Vec<String>,
    /// Whether that is because the book cannot be reached; else another program holds its lock.
    pub unreachable: bool,
}

impl Unsaved {
    /// Whether all is saved.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.kept.is_empty() && self.lost.is_empty()
    }
}

/// What of a record is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Its title.
    Title,
    /// Its id.
    Id,
    /// A line with all that its card or row says.
    Row,
    /// A contact's first e-mail address.
    Mail,
    /// A contact's first phone number.
    Phone,
}

/// The app.
#[derive(Debug)]
pub struct App {
    pub(super) theme: Theme,
    pub(super) bindings: Bindings,
    /// The keys of a sequence that has begun.
    typed: Vec<Key>,
    /// Whether a sequence has waited so long that its continuations are shown.
    show_continuations: bool,
    real: Instant,
    fixed_now: Option<Instant>,
    now_text: Option<String>,
    size: (u16, u16),
    looks: Looks,
    can: Abilities,
    foot: String,
    period: Option<Period>,
    period_name: String,
    period_short: String,
    pub(super) book: Book,
    pub(super) health: Health,
    rep: Option<String>,
    pub(super) me: Option<Link<Rep>>,
    reps: Vec<Choice>,
    reasons: Vec<Choice>,
    /// The custom fields of the book.
    fields: Vec<CustomField>,
    /// The field that was edited last where it stands.
    last_field: Option<(Entity, Spot)>,
    pub(super) board: BoardScreen,
    pub(super) leads: ListScreen,
    pub(super) contacts: ListScreen,
    pub(super) contact: PartyScreen,
    pub(super) companies: ListScreen,
    pub(super) company: PartyScreen,
    /// The contacts and companies that one went through, the last one last: Esc goes back through them.
    trail: Vec<goto::Passed>,
    /// Where somebody wants to go once it is read what belongs to what is under the cursor.
    going: Option<goto::Going>,
    pub(super) today: TodayScreen,
    views: views_on::Views,
    remembered: filter_bar::Remembered,
    exporting: Option<exports::Export>,
    pub(super) trash: PastScreen,
    pub(super) steps: PastScreen,
    pub(super) setup: SetupScreen,
    /// The quotas of the book, as they were when one was to be set.
    quotas: Vec<Record>,
    /// The stages of all pipelines, where there are several, and whether they were asked for.
    stages: Vec<Choice>,
    stages_asked: bool,
    /// What a deal is being asked for.
    lacking: Option<setup::Lacking>,
    pub(super) shown: Shown,
    pub(super) layers: Vec<Layer>,
    /// What was opened in this session, the last first.
    opened: Vec<(Entity, RecordId)>,
    /// What was run from the palette, the last first.
    used: Vec<usize>,
    pub(super) notices: Notices,
    tickets: u64,
    on_their_way: BTreeMap<Ticket, OnItsWay>,
    /// Writes of somebody who was named but is not yet known: they go as theirs, a moment later, never as nobody's.
    held: Vec<Effect>,
    /// Who changed the record that is open in a form.
    followed_by: Option<String>,
    /// The lead that is being converted, with its deals, as they were read.
    converting: Option<Profile>,
    drafts: drafts::Drafts,
    offers: offers::Offers,
    first_start: FirstGuess,
    /// The answers for a book that is being made.
    founding: Option<Answers>,
    leaving: bool,
    mouse: mouse::Mouse,
    /// What was asked and not answered yet.
    unanswered: BTreeSet<View>,
    out: Vec<Effect>,
}

impl App {
    /// An app that has heard of nothing yet.
    #[must_use]
    pub fn new(start: Start, bindings: Bindings, theme: Theme) -> Self {
        Self {
            theme,
            bindings,
            typed: Vec::new(),
            show_continuations: false,
            real: start.real,
            fixed_now: None,
            now_text: start.now,
            size: start.size,
            looks: start.looks,
            can: start.can,
            foot: start.foot,
            period: None,
            period_name: String::new(),
            period_short: String::new(),
            book: Book::Opening,
            health: Health::Fresh,
            rep: start.rep,
            me: None,
            reps: Vec::new(),
            reasons: Vec::new(),
            fields: Vec::new(),
            last_field: None,
            board: BoardScreen::default(),
            leads: ListScreen::leads(),
            contacts: ListScreen::default(),
            contact: PartyScreen::default(),
            companies: ListScreen::companies(),
            company: PartyScreen::company(),
            trail: Vec::new(),
            going: None,
            today: TodayScreen::default(),
            views: views_on::Views::default(),
            remembered: filter_bar::Remembered::default(),
            exporting: None,
            trash: PastScreen::trash(),
            steps: PastScreen::default(),
            setup: SetupScreen::default(),
            quotas: Vec::new(),
            stages: Vec::new(),
            stages_asked: false,
            lacking: None,
            shown: start.shown,
            layers: Vec::new(),
            opened: Vec::new(),
            used: Vec::new(),
            notices: Notices::default(),
            tickets: 0,
            on_their_way: BTreeMap::new(),
            held: Vec::new(),
            followed_by: None,
            converting: None,
            drafts: drafts::Drafts::default(),
            offers: offers::Offers::default(),
            first_start: start.first_start,
            founding: None,
            leaving: false,
            mouse: mouse::Mouse::new(start.mouse),
            unanswered: BTreeSet::new(),
            out: Vec::new(),
        }
    }

    /// Takes one message, at a moment of the real clock, and says what shall be done.
    pub fn update(&mut self, at: Instant, message: Msg) -> Vec<Effect> {
        self.real = at;
        let typed = matches!(
            message,
            Msg::Keys(_) | Msg::Paste(_) | Msg::Mouse(_) | Msg::Edited(_)
        );
        match message {
            Msg::Keys(keys) => self.keys(&keys),
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(event) => self.mouse_event(event),
            Msg::Focus(gained) => self.mouse.focus(gained, at),
            Msg::Resize(columns, rows) => {
                self.size = (columns, rows);
                self.settle_screens();
            }
            Msg::Ground(ground) => self.stand_on(ground),
            Msg::Ambiguous(columns) => self.measured(columns),
            Msg::Store(event) => self.hear(event),
            Msg::Created(outcome) => self.created(&outcome),
            Msg::Edited(text) => self.edited_outside(&text),
            Msg::NotEdited(why) => self.say(
                Tone::Bad,
                format!("The editor could not be used: {why}. EDITOR names another."),
            ),
            Msg::Kept(kept) => self.take_kept(kept),
            Msg::Keeping(outcome) => self.heard_of_keeping(outcome),
            Msg::Exporting(said) => self.heard_of_export(said),
            Msg::Pause => self.paused(),
            // What a line means is the conversation's business.
            Msg::Line(_) => {}
            Msg::Hangup | Msg::Terminated => self.out.push(Effect::Quit),
        }
        self.after(typed)
    }

    /// Does something at a moment of the real clock, as a message would, and says what shall be done outside.
    pub(super) fn doing(&mut self, at: Instant, act: impl FnOnce(&mut Self)) -> Vec<Effect> {
        self.real = at;
        act(self);
        self.after(false)
    }

    fn after(&mut self, typed: bool) -> Vec<Effect> {
        self.read_wanted();
        self.mind_drafts(typed);
        self.mind_offers(typed);
        std::mem::take(&mut self.out)
    }

    /// How many writes wait for the book, those that are kept elsewhere not among them.
    pub(super) fn waits_for_book(&self) -> usize {
        self.on_their_way
            .values()
            .filter(|write| !write.kept)
            .count()
    }

    /// Whether a sequence of keys has begun and its continuations are not shown yet: then a pause says so.
    #[must_use]
    pub fn waits_for_keys(&self) -> bool {
        !self.typed.is_empty() && !self.show_continuations
    }

    /// Whether nothing lies over the screen.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.layers.is_empty()
    }

    /// Whether something in a form waits for a pause, because somebody may still be typing: what is wrong and was not said yet, or
    /// what was typed and is not kept yet.
    #[must_use]
    pub fn waits_for_text(&self) -> bool {
        self.drafts.waits()
            || self.offers.wait() && self.layers.is_empty()
            || matches!(self.layers.last(), Some(Layer::Form(form, _)) if form.is_unsettled())
            || matches!(self.layers.last(), Some(Layer::Filter(bar)) if bar.unsaid.is_some())
    }

    fn paused(&mut self) {
        self.show_continuations = !self.typed.is_empty();
        match self.layers.last_mut() {
            Some(Layer::Form(form, _)) => form.settle(),
            Some(Layer::Filter(bar)) => bar.say(),
            _ => {}
        }
    }

    /// How many layers lie over the screen.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The as-of moment.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.fixed_now.unwrap_or(self.real)
    }

    /// What is on its way to the book, in words.
    #[must_use]
    pub fn unsaved(&self) -> Unsaved {
        let mut unsaved = Unsaved {
            unreachable: matches!(self.health, Health::Unreachable { .. }),
            ..Unsaved::default()
        };
        for write in self.on_their_way.values() {
            let list = if write.kept {
                &mut unsaved.kept
            } else {
                &mut unsaved.lost
            };
            list.push(write.said.clone());
        }
        unsaved
    }

    /// The rep who acts.
    #[must_use]
    pub fn me(&self) -> Option<Id<Rep>> {
        self.me.as_ref().map(|me| me.id)
    }

    pub(super) fn look(&self) -> Look<'_> {
        Look {
            theme: &self.theme,
            now: self.now(),
            zone: self.zone(),
            base: self.base(),
        }
    }

    pub(super) fn info(&self) -> Option<&BookInfo> {
        match &self.book {
            Book::Open(info) => Some(info),
            _ => None,
        }
    }

    fn zone(&self) -> Zone {
        self.info().map_or(Zone::UTC, |info| info.zone)
    }

    fn base(&self) -> Option<Currency> {
        self.info().map(|info| info.base)
    }

    fn asked(&self) -> Asked {
        Asked {
            now: self.now(),
            me: self.me(),
        }
    }

    fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.notices.say(self.real, tone, text);
    }

    fn read(&mut self, view: View, query: Query) {
        self.unanswered.insert(view);
        self.out.push(Effect::Read { view, query });
    }
}
