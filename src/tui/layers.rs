//! What lies over the screen: menus, popups, forms, dialogs. A stack; the one on top has the keys.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::command::Origin;
use crate::domain::filter::Completion;
use crate::domain::id::{Id, RecordId, StepId};
use crate::domain::lines::DealLines;
use crate::domain::nouns::Entity;
use crate::domain::records::{Candidate, Record, Rep, Stage};
use crate::store::handle::Offer;
use crate::store::query::{Choice, FoundRows, ListQuery};

use super::action::Motion;
use super::app::Act;
use super::forms::cell::Spot;
use super::forms::confirm::Confirm;
use super::forms::conflict::ConflictForm;
use super::forms::export::{ExportForm, Whither};
use super::forms::first_start::FirstStart;
use super::forms::form::RecordForm;
use super::forms::log::{About, Logged};
use super::forms::lose::LoseForm;
use super::forms::offers::OffersForm;
use super::forms::sheet::SheetOwner;
use super::keys::Scope;
use super::screens::Filtered;
use super::target::Target;
use super::widgets::checklist::Checklist;
use super::widgets::choices::Choices;
use super::widgets::hints::{Hints, Press};
use super::widgets::menu::Menu;
use super::widgets::text_field::TextField;

pub use super::forms::form_of::FormOf;

/// What a row of a menu stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Move the deals to that stage.
    Stage(Id<Stage>),
    /// Archive the stage; its deals go to that one.
    ArchiveInto(Id<Stage>),
    /// Win them.
    Won,
    /// Lose them, and say why.
    Lost,
    /// Give them to that rep, or to nobody.
    Owner(Option<Id<Rep>>),
    /// Give the deals that forecast category; `None` is that of their stage.
    Category(Option<&'static str>),
    /// Give the contacts that lead state; `None` is no lead.
    LeadState(Option<&'static str>),
    /// Put the screen into that order.
    Sort(usize),
    /// Show that part of the timeline.
    Part(usize),
    /// Open that record.
    Open(Entity, RecordId),
    /// Put on a view that the screen is born with.
    BuiltIn(usize),
    /// Put on that view of the book.
    View(RecordId),
    /// Keep what is shown as a view.
    SaveView,
    /// Change that view to what is shown.
    ChangeView(RecordId),
    /// Give that view another name, or to others.
    RenameView(RecordId),
    /// Put that view into the trash.
    TrashView(RecordId),
    /// Choose what is done with what is kept of that form.
    Kept(FormOf),
    /// Open that form again, with what is kept of it.
    GoOn(FormOf),
    /// Copy what was typed into that form.
    CopyKept(FormOf),
    /// Keep what was typed into that form no more.
    DropKept(FormOf),
    /// Run that action, by its place in the table.
    Run(usize),
    /// Edit that field where it stands.
    Field(Spot),
    /// Edit all fields in a form.
    Whole,
    /// Edit that line of the deal.
    Line(RecordId),
    /// Add a line to the deal.
    NewLine,
    /// Choose a line of the deal to be removed.
    RemoveALine,
    /// Remove that line of the deal.
    RemoveLine(RecordId),
    /// Make the amount of the deal what its lines make.
    AmountOfLines,
}

/// What is done as soon as the user has said who they are.
#[derive(Clone, Debug)]
pub enum OnceKnown {
    /// Take these records.
    Take(Vec<Target>),
    /// Log something.
    Log(Logged, About),
    /// Plan what comes next.
    Plan(About),
    /// Nothing more.
    Nothing,
}

/// A form whose record and choices are still being read. What is typed meanwhile goes into the form.
#[derive(Debug)]
pub struct Opening {
    /// Which form.
    pub of: FormOf,
    /// The record, where the form changes one or begins with one.
    pub record: Option<Box<Record>>,
    /// What its pickers offer, as far as it has been read.
    pub choices: Vec<(Entity, Vec<Choice>)>,
    /// The nouns of which that is only a part.
    pub parts: Vec<Entity>,
    /// What a new record is about.
    pub about: About,
    /// The records that it is over, where they are several.
    pub over: Vec<RecordId>,
    /// Those, when they have been read.
    pub records: Option<Vec<Record>>,
    /// What was typed meanwhile.
    pub keys: Vec<KeyEvent>,
}

/// An act that met a conflict.
#[derive(Debug)]
pub struct Conflict {
    /// Mine, theirs and original.
    pub dialog: ConflictForm,
    /// What kind of act.
    pub origin: Origin,
    /// In words.
    pub label: Option<String>,
    /// In words of the screen.
    pub said: String,
    /// The form that it was typed into.
    pub back: Option<Layer>,
    /// The step of an earlier run that it is.
    pub offered: Option<StepId>,
}

/// One layer.
#[derive(Debug)]
pub enum Layer {
    /// Something to choose, for these deals.
    Menu(Menu<Pick>, Vec<Target>),
    /// Whether an act over many deals shall be done.
    Sure(Confirm, Box<Act>),
    /// Why these deals were lost.
    Lose(Box<LoseForm>, Vec<Target>),
    /// Who the user is, and what waits for the answer.
    Me(Menu<Id<Rep>>, OnceKnown),
    /// A form whose choices are still being read.
    Opening(Box<Opening>),
    /// A form.
    Form(Box<RecordForm>, FormOf),
    /// Somebody changed the same fields.
    Conflict(Box<Conflict>),
    /// Changes of earlier runs that are not in the book.
    Offers(Box<OffersForm>, Vec<Offer>),
    /// The first questions of a book that is to be made.
    Welcome(Box<FirstStart>),
    /// Where what is shown is exported to, and what that is.
    Export(Box<ExportForm>, Exported),
    /// Whether a file may be replaced by that export.
    Replace(Confirm, Box<(Whither, Exported)>),
    /// The columns of the list.
    Columns(Checklist),
    /// The filter, typed into the status line.
    Filter(FilterBar),
    /// Tags, typed into the status line, for these records.
    Tags(TextField, Vec<Target>, Hints),
    /// Any record, found by its words.
    Find(Box<Find>),
    /// One record with its timeline.
    Detail(Detail),
    /// Messages and others' changes; the number is the first line that is shown.
    Messages(usize),
    /// Something to read: title, lines, the first line that is shown.
    Text(String, Vec<String>, usize),
    /// Writes are on their way, and somebody wants to leave.
    Leaving(Hints),
}

/// What is exported.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// The noun.
    pub entity: Entity,
    /// The columns by their names in a view, each with what people call it.
    pub columns: Vec<(String, String)>,
    /// The records in their order; or the question that gives them.
    pub rows: Result<Vec<RecordId>, ListQuery>,
    /// What it is, in words: `contacts`.
    pub what: &'static str,
    /// One of them: `contact`.
    pub one: &'static str,
}

/// The filter bar.
#[derive(Debug)]
pub struct FilterBar {
    /// What is typed.
    pub field: TextField,
    /// The filter that was on before.
    pub before: Option<Filtered>,
    /// Why what is typed is no filter.
    pub fault: Option<String>,
    /// The same, as long as somebody may still be typing.
    pub unsaid: Option<String>,
    /// How what is typed can go on.
    pub completion: Completion,
    /// The way to go on that Tab took last.
    pub taken: Option<usize>,
    /// How far back in the filters of this session it is.
    pub recalled: usize,
    /// How it was read, where it could have been read in another way.
    pub reading: Option<String>,
    /// Its line of keys.
    pub hints: Hints,
}

/// The search for a record.
#[derive(Debug, Default)]
pub struct Find {
    /// What is typed.
    pub field: TextField,
    /// What was asked for: empty for what the user works on.
    pub asked: String,
    /// The records.
    pub rows: Choices<Candidate>,
    /// What they belong to and how far the search is; its rows are those above.
    pub found: FoundRows,
    /// Whether there was an answer.
    pub answered: bool,
    /// Enter, pressed before there was an answer to what is typed, and the keys behind it: what they open is not known yet.
    pub held: Vec<KeyEvent>,
    /// Its line of keys.
    pub hints: Hints,
}

impl Find {
    /// Whether the rows are not those of what is typed: somebody types faster than they are found.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        !self.answered || self.found.text != self.asked
    }

    /// Whether a key waits: Enter would open what was found for fewer letters. So do the keys behind it; Esc lets go of them. A row
    /// that the cursor was moved to is meant, whatever it was found for.
    pub fn holds_back(&mut self, key: KeyEvent) -> bool {
        if key.code == KeyCode::Esc {
            self.held.clear();
            return false;
        }
        let opens = key.code == KeyCode::Enter && !self.rows.is_moved();
        let waits = !self.held.is_empty() || opens && self.is_behind();
        if waits {
            self.held.push(key);
        }
        waits
    }

    /// The keys that wait, where it is known what they open, or that nothing is found that they could open: then they are dropped.
    pub fn let_go(&mut self) -> Vec<KeyEvent> {
        let known = !self.is_behind() && (self.found.done || self.found.reading.is_none());
        if !known || self.rows.is_empty() && !self.found.done {
            return Vec::new();
        }
        let held = std::mem::take(&mut self.held);
        if self.rows.is_empty() {
            Vec::new()
        } else {
            held
        }
    }
}

/// A record with its timeline.
#[derive(Debug)]
pub struct Detail {
    /// Its noun.
    pub entity: Entity,
    /// Its id.
    pub id: RecordId,
    /// Its name, as far as it was known before it was read.
    pub name: String,
    /// The record, when it has been read; `Some(None)` when it is not in the book.
    pub record: Option<Option<Box<Record>>>,
    /// Its activities, when they have been read.
    pub timeline: Option<Vec<Record>>,
    /// The products of a deal, when they have been read.
    pub lines: Option<Box<DealLines>>,
    /// The first line of the timeline that is shown.
    pub top: usize,
}

impl Layer {
    /// Where keys are pressed while it is on top.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        match self {
            Self::Detail(Detail {
                entity: Entity::Deal,
                ..
            }) => Scope::Board,
            _ => Scope::List,
        }
    }

    /// Whether letters are text in it.
    #[must_use]
    pub const fn takes_text(&self) -> bool {
        matches!(
            self,
            Self::Menu(..)
                | Self::Sure(..)
                | Self::Lose(..)
                | Self::Me(..)
                | Self::Opening(_)
                | Self::Form(..)
                | Self::Conflict(_)
                | Self::Offers(..)
                | Self::Welcome(_)
                | Self::Export(..)
                | Self::Replace(..)
                | Self::Columns(_)
                | Self::Filter(_)
                | Self::Tags(..)
                | Self::Find(_)
        )
    }

    /// What a click on its line of keys stands for.
    #[must_use]
    pub fn press_at(&mut self, x: u16, y: u16) -> Option<Press> {
        let hints = match self {
            Self::Menu(menu, _) => menu.hints(),
            Self::Me(menu, _) => menu.hints(),
            Self::Lose(form, _) => form.hints(),
            Self::Form(form, _) => form.sheet().hints(),
            Self::Welcome(questions) => questions.sheet().hints(),
            Self::Export(form, _) => form.sheet().hints(),
            Self::Conflict(conflict) => conflict.dialog.hints(),
            Self::Offers(dialog, _) => dialog.hints(),
            Self::Columns(list) => list.hints(),
            Self::Filter(bar) => &bar.hints,
            Self::Tags(_, _, hints) | Self::Leaving(hints) => hints,
            Self::Find(find) => &find.hints,
            // Questions have buttons, and where nothing is typed the footer has the keys.
            Self::Sure(..)
            | Self::Replace(..)
            | Self::Opening(_)
            | Self::Detail(_)
            | Self::Messages(_)
            | Self::Text(..) => return None,
        };
        hints.at(x, y).cloned()
    }

    /// The deal that it is about.
    #[must_use]
    pub fn deal(&self) -> Option<RecordId> {
        match self {
            Self::Detail(detail) if detail.entity == Entity::Deal => Some(detail.id),
            _ => None,
        }
    }

    /// The record that it shows, if it is that one.
    #[must_use]
    pub fn record(&self, id: RecordId) -> Option<&Record> {
        match self {
            Self::Detail(detail) if detail.id == id => detail.record.as_ref()?.as_deref(),
            _ => None,
        }
    }

    /// Whether it shows the same as another one, which then is one too many: what is opened again comes to the top.
    #[must_use]
    pub fn is_again(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Messages(_), Self::Messages(_)) | (Self::Find(_), Self::Find(_)) => true,
            (Self::Text(title, ..), Self::Text(other, ..)) => title == other,
            (Self::Detail(detail), Self::Detail(other)) => detail.id == other.id,
            _ => false,
        }
    }

    /// Moves through it, where it is something to read.
    pub fn go(&mut self, motion: Motion, page: usize) {
        let top = match self {
            Self::Detail(detail) => &mut detail.top,
            Self::Messages(top) | Self::Text(_, _, top) => top,
            _ => return,
        };
        // The picture stops at the last line: how many there are depends on its width.
        *top = motion.moved(*top, page, page.div_ceil(2));
    }
}
