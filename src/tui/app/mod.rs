//! The app: what is on the screen and how it changes. Pure: it gets messages, changes itself, and says what shall be done outside.
//!
//! | module | holds |
//! |---|---|
//! | this one | the state and its messages |
//! | [`start`] | what the app is told at its start |
//! | [`standing`] | how things stand, asked without changing anything |
//! | [`writes`] | an act; what is on its way; what was not saved |
//! | [`keyboard`] | keys and pastes; what keys do everywhere |
//! | [`screens`] | which screen is shown; what acts are about |
//! | [`clipboard`] | what is copied: sent to the terminal, or shown to be selected |
//! | [`acts`], [`deals`], [`leads`] | what is done to records, to deals alone, to leads alone |
//! | [`setup`] | what is done to pipelines, stages and lost reasons; what a deal is asked for on its way into a stage |
//! | [`seen`] | acts on records of which the book is asked first |
//! | [`allowed`] | whether an action is allowed now, and if not why |
//! | [`goto`] | from anything to what belongs to it |
//! | [`past`] | the trash and the last steps |
//! | [`open`] | what opens a layer over the screen |
//! | [`find`] | any record, found as its name is typed |
//! | [`palette`] | every action by its words; a screen with a filter in one line |
//! | [`exports`] | exports of what is shown |
//! | [`filter_bar`] | the filter: typed, completed, explained |
//! | [`views_on`] | saved views, columns, orders |
//! | [`opening`] | forms opened: what they offer is read first |
//! | [`forms`], [`me`], [`founding`] | forms: shown, left, submitted; who the user is; a book's first questions |
//! | [`fields`] | one field edited where it stands; the custom fields of the book |
//! | [`lines`] | the products of a deal: shown, added, changed, removed; the amount follows |
//! | [`link`] | how things stand with the book, and what waits for it |
//! | [`offers`] | changes of earlier runs, changes that the drive lost |
//! | [`drafts`], [`half_written`] | half-written forms: which there are, when they are kept; the list of them |
//! | [`conflicts`] | what is asked when somebody changed the same |
//! | [`layer_keys`] | what keys do in a layer |
//! | [`store`] | what the store reports |
//! | [`mouse`] | what the mouse does |
//! | [`prefix`] | what may follow after the first keys of a sequence |
//! | [`isolate`] | names from right to left in their own cells |
//! | [`tabs`], [`view`], [`finish`], [`footer`], [`popups`], [`find_picture`], [`record`], [`explain`] | the picture |

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
mod forecast;
mod forms;
mod founding;
mod goto;
mod half_written;
mod isolate;
mod keyboard;
mod layer_keys;
mod leads;
pub(in crate::tui) mod lines;
mod link;
mod me;
mod mouse;
mod offers;
mod open;
mod opening;
mod palette;
mod past;
mod popups;
mod prefix;
mod quota;
pub(super) mod record;
mod screens;
mod seen;
mod setup;
mod standing;
mod start;
mod store;
mod tabs;
#[cfg(test)]
mod tests;
mod view;
mod views_on;
mod writes;

use std::collections::{BTreeMap, BTreeSet};

use crate::config::keys::Key;
use crate::config::theme::Looks;
use crate::domain::custom::CustomField;
use crate::domain::history::Profile;
use crate::domain::id::RecordId;
use crate::domain::lines::DealLines;
use crate::domain::nouns::Entity;
use crate::domain::period::Period;
use crate::domain::records::{Link, Record, Rep};
use crate::domain::time::Instant;
use crate::store::handle::{Health, Ticket, View};
use crate::store::query::{BookInfo, Choice, Query};

use super::forms::cell::Spot;
use super::forms::first_start::Answers;
use super::keys::Bindings;
use super::layers::Layer;
use super::msg::{Effect, Msg};
use super::notices::{Notices, Tone};
use super::screens::Shown;
use super::screens::board::BoardScreen;
use super::screens::lists::ListScreen;
use super::screens::party::PartyScreen;
use super::screens::past::PastScreen;
use super::screens::setup::SetupScreen;
use super::screens::today::TodayScreen;
use super::terminal::abilities::Abilities;
use super::theme::Theme;
use super::widgets::hints::Hints;

pub use clipboard::Copied;
#[cfg(test)]
pub(super) use finish::{stand_behind, whole_letters};
pub use start::{FirstGuess, Start};
pub use writes::{Act, Unsaved};

pub(super) use super::screens::views;
use writes::OnItsWay;

/// Why the app goes on though it was to be suspended.
const NO_SHELL: &str = "No shell started clinch that could bring it back: q leaves it";

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

/// The app.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of another thing whether it is so"
)]
pub struct App {
    pub(super) theme: Theme,
    pub(super) bindings: Bindings,
    /// The keys of a sequence that has begun.
    typed: Vec<Key>,
    /// Whether a sequence has waited so long that its continuations are shown.
    show_continuations: bool,
    /// Which of their pages, where not all have room.
    follows_page: usize,
    /// The text on top, where there is one, shows more of what is under the cursor.
    previews: bool,
    /// The signs in the popup that was drawn last that there is more to read.
    more: Hints,
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
    /// A deal with its products, as it was read last.
    lines: Option<Box<DealLines>>,
    /// The deal of which it is said what its products make, once they are read.
    lines_wanted: Option<RecordId>,
    /// The stages of all pipelines, where there are several, and whether they were asked for.
    stages: Vec<Choice>,
    stages_asked: bool,
    /// What a deal is being asked for.
    lacking: Option<setup::Lacking>,
    half_written: half_written::HalfWritten,
    unseen: seen::Unseen,
    pub(super) shown: Shown,
    pub(super) layers: Vec<Layer>,
    /// What was opened in this session, the last first.
    opened: Vec<(Entity, RecordId)>,
    /// What was run from the palette, the last first.
    used: Vec<usize>,
    /// What was run in any way, each once.
    ran: BTreeSet<usize>,
    pub(super) notices: Notices,
    idle: past::Idle,
    tickets: u64,
    on_their_way: BTreeMap<Ticket, OnItsWay>,
    /// Writes that go to the book a moment later: of somebody who was named but is not yet known, so that they go as theirs and never
    /// as nobody's; of a form that another window may be saving, and what was done after it.
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
    /// The fields and views of the book are asked for behind the first screen.
    rest_waits: bool,
    /// What the screen asked is not answered for a while.
    slow: bool,
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
            previews: false,
            more: Hints::default(),
            follows_page: 0,
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
            lines: None,
            lines_wanted: None,
            stages: Vec::new(),
            stages_asked: false,
            lacking: None,
            half_written: half_written::HalfWritten::default(),
            unseen: seen::Unseen::default(),
            shown: start.shown,
            layers: Vec::new(),
            opened: Vec::new(),
            used: Vec::new(),
            ran: BTreeSet::new(),
            notices: Notices::default(),
            idle: past::Idle::default(),
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
            rest_waits: false,
            slow: false,
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
            Msg::KeptNow(kept) => self.take_kept_now(kept),
            Msg::Keeping(keeping) => self.heard_of_keeping(keeping),
            Msg::Exporting(said) => self.heard_of_export(said),
            Msg::Pause => self.paused(),
            // What a line means is the conversation's business.
            Msg::Line(_) => {}
            Msg::Stop => self.suspend(),
            Msg::Continued => self.out.push(Effect::TakeAgain),
            Msg::NotSuspended => self.say(Tone::Plain, NO_SHELL),
            Msg::Hangup | Msg::Terminated | Msg::Interrupted => {
                self.send_claimed();
                self.out.push(Effect::Quit);
            }
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
        self.previews = self.is_previewing();
        self.read_wanted();
        self.mind_drafts(typed);
        self.mind_offers(typed);
        std::mem::take(&mut self.out)
    }

    fn paused(&mut self) {
        self.claims_no_more();
        self.show_continuations = !self.typed.is_empty();
        if self.waits_to_save() {
            // Once is enough: nothing is waited for again.
            self.unanswered.remove(&views::SAVING);
            let text = "Looking whether the book has it already; saving again does not wait";
            self.say(Tone::Plain, text);
        }
        self.slow |= self.waits_for_answers();
        match self.layers.last_mut() {
            Some(Layer::Form(form, _)) => form.settle(),
            Some(Layer::Filter(bar)) => bar.say(),
            _ => {}
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
