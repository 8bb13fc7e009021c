//! The screens: each has its state, how it changes, and how it is drawn. The app knows of them what a [`Screen`] says and no more.
//!
//! | module | holds |
//! |---|---|
//! | [`today`] | what is to be done now |
//! | [`board`] | the pipeline |
//! | [`lists`] | the lists of contacts, leads and companies |
//! | [`party`] | one contact or company with its timeline |
//! | [`past`] | the trash; the last steps |
//! | [`setup`] | the pipelines with their stages, and the lost reasons |
//! | [`others`] | what somebody else changed a moment ago |
//! | [`shown`] | which screens there are: tabs, order, names |
//! | [`views`] | the places that show an answer of the store |
//! | [`strip`] | the names of panels that have no room beside each other |
//! | [`talk`] | what the app and a screen tell each other |
//! | [`worn`] | what a screen shows as a view |
//! | [`head`] | the first line of a screen |
//! | [`paint`] | what several screens draw alike |
//! | [`lines`] | what screens tell line by line |
//!
//! A screen says which questions it has for the store, takes the answers, says what an act is about, and shows acts before the book
//! has them. Its state stays when another screen is shown; when it is shown again it asks anew.

pub mod board;
pub mod head;
pub mod lines;
pub mod lists;
pub mod others;
pub mod paint;
pub mod party;
pub mod past;
pub mod setup;
pub mod shown;
pub mod strip;
pub mod talk;
pub mod today;
pub mod views;
pub mod worn;

use std::fmt::Debug;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::command::Command;
use crate::domain::custom::CustomField;
use crate::domain::filter;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::domain::view::Setup;
use crate::store::handle::{Ticket, View};
use crate::store::query::{Answer, Query};

use super::action::Motion;
use super::forms::log::About;
use super::keys::Scope;
use super::layers::{Exported, FormOf};
use super::look::Look;
use super::target::Target;
use board::ahead::Foresight;
use lines::Lines;
use worn::{BuiltIn, ColumnChoice, Worn};

/// What a screen that shows nothing as its view says of acts.
pub const NOT_SHOWN: &str = "This view cannot be shown; V chooses another, / mends its filter";

pub use shown::{SCREENS, Shown, names};
pub use talk::{Ask, Asking, Choice, Filtered, Hit, Opens, Scene, Sifted};

/// One screen.
pub trait Screen: Debug {
    /// The tables of the keymap that hold on it.
    fn scope(&self) -> Scope;
    /// What one of its records is called.
    fn singular(&self) -> &'static str;
    /// Whether it has something to act on, or why not yet.
    fn is_read(&self) -> Result<(), &'static str>;

    // The store.

    /// Whether it shows the answers of a view.
    fn owns(&self, view: View) -> bool;
    /// What it shows, asked for anew.
    fn reads(&self, on: &Asking) -> Vec<Ask>;
    /// What has come into sight since it last asked; nothing of screens that ask for all they show.
    fn wants(&mut self, _on: &Asking) -> Vec<Ask> {
        Vec::new()
    }
    /// Takes an answer; says something where the user would wonder.
    fn take(&mut self, view: View, answer: Answer, area: Rect) -> Option<&'static str>;
    /// There is no newer answer, and why; with `None` that is so no more, and one is hoped for.
    fn fail(&mut self, view: View, why: Option<&str>);
    /// Why nothing is shown as what was asked for: the book does not understand the view that is on.
    fn refused(&self) -> Option<&str> {
        None
    }
    /// Shows nothing as what was asked for, and why.
    fn refuse(&mut self, why: &str) {
        self.fail(views::BOARD, Some(why));
    }

    // The cursor, the marks, the filter.

    /// Moves the cursor.
    fn go(&mut self, motion: Motion, area: Rect);
    /// The screen has another size.
    fn settle(&mut self, area: Rect);
    /// What acts are about: what is marked, else what is under the cursor.
    fn targets(&self) -> Vec<Target>;
    /// How many those are.
    fn target_count(&self) -> usize;
    /// A record as it is shown here.
    fn target(&self, id: RecordId) -> Option<Target>;
    /// What an activity about a record of this screen is about, where there are such.
    fn about(&self, _id: RecordId) -> Option<About> {
        None
    }
    /// The deals and contacts that are owned, have a state and tags, and that something is logged about and planned with; where it
    /// is not said, what acts are about.
    fn subjects(&self) -> Vec<Target> {
        self.targets()
    }
    /// How many those are.
    fn subject_count(&self) -> usize {
        self.target_count()
    }
    /// What the line under the cursor belongs to: its deal, person and company.
    fn belongs(&self) -> Option<About> {
        let under = self.targets().into_iter().next()?;
        self.about(under.id)
    }
    /// The first link in the text under the cursor.
    fn link_in_text(&self) -> Option<String> {
        None
    }
    /// What a reply to the mail under the cursor is about.
    fn replies(&self) -> Option<About> {
        None
    }
    /// The form that `a` opens, and what the new record is about.
    fn adds(&self) -> (FormOf, About);
    /// How many records are marked.
    fn marked(&self) -> usize {
        0
    }
    /// Takes the marks away.
    fn clear_marks(&mut self) {}
    /// Marks the record under the cursor, or takes its mark away, and goes one on.
    fn mark(&mut self, _area: Rect) {}
    /// Marks these of its records again: what was to be done with all that was marked was not done with them.
    fn mark_again(&mut self, _: &[(Entity, RecordId)]) {}
    /// Marks all from the last mark to the cursor; says where that is not possible.
    fn mark_range(&mut self) -> Option<String> {
        None
    }
    /// Marks all, or none; says what was left out.
    fn mark_all(&mut self) -> Option<String> {
        None
    }
    /// The planned activity under the cursor.
    fn planned(&self) -> Option<Target> {
        None
    }
    /// The kind of that activity, where it is known here: then saying that it is done asks for its outcome.
    fn planned_kind(&self) -> Option<&str> {
        None
    }
    /// Whether it can be filtered.
    fn has_filter(&self) -> bool {
        true
    }
    /// Whether its records can be marked.
    fn has_marks(&self) -> bool {
        true
    }
    /// The filter that is on.
    fn filter(&self) -> Option<&Filtered>;
    /// Puts a filter on or takes it off.
    fn set_filter(&mut self, filter: Option<Filtered>);
    /// Understands what is typed into the bar.
    ///
    /// # Errors
    /// Why it is no filter.
    fn sift(&self, text: &str) -> Result<Sifted, String> {
        let parsed = filter::parse(text).map_err(|error| error.what)?;
        Ok(Sifted {
            reading: parsed.reading(),
            filtered: (!parsed.is_empty()).then(|| Filtered {
                text: text.to_owned(),
                filter: parsed,
            }),
        })
    }
    /// The question that explains its filter clause by clause, where that is what there is to explain.
    fn explained(&self, _on: &Asking) -> Option<Query> {
        None
    }
    /// What can be typed into the bar.
    fn filter_hints(&self) -> &'static [(&'static str, &'static str)];
    /// What Enter does.
    fn opens(&self, look: &Look<'_>) -> Opens;
    /// Something else than marks and filter that Esc takes away; true where there was something.
    fn back(&mut self) -> bool {
        false
    }
    /// The screen that Esc goes to from here.
    fn leads_back_to(&self) -> Option<Shown> {
        None
    }

    // Its own menus.

    /// The orders that it can be in.
    fn sorts(&self) -> Vec<Choice> {
        Vec::new()
    }
    /// Puts it in another order.
    fn sort_by(&mut self, _place: usize) {}
    /// The parts of it that can be shown.
    fn parts(&self) -> Vec<Choice> {
        Vec::new()
    }
    /// Shows another part.
    fn show_part(&mut self, _place: usize) {}
    /// Its name among the screens that have views.
    fn views_of(&self) -> Option<&'static str> {
        None
    }
    /// The views that it is born with.
    fn built_in(&self) -> &'static [BuiltIn] {
        &[]
    }
    /// What it shows.
    fn setup(&self) -> Setup {
        Setup::default()
    }
    /// Shows what a view says, under its name; `id` is its record, `None` a built-in one.
    fn wear(&mut self, _id: Option<RecordId>, _name: &str, _setup: &Setup) {}
    /// The view that it has on.
    fn worn(&self) -> Option<&Worn> {
        None
    }
    /// What it shows now is the view of that record.
    fn is_now(&mut self, _id: RecordId, _name: &str) {}
    /// The view that it has on has another name.
    fn rename_view(&mut self, _name: &str) {}
    /// The view that it has on is in the book no more: what it shows stays, under no name.
    fn forget_view(&mut self) {}
    /// Takes the view that it has on off: columns and order are again as they were chosen by hand.
    fn take_off(&mut self) {}
    /// The columns that it can show, those that it shows first, in their order; none where it has no columns.
    fn columns(&self) -> Vec<ColumnChoice> {
        Vec::new()
    }
    /// Whether there is something to export, which is asked for each picture: [`exported`](Self::exported) names every record of it.
    fn is_exported(&self) -> bool {
        false
    }
    /// What of it is exported: what is marked, else all that it shows, with the columns that it shows.
    fn exported(&self, _on: &Asking) -> Option<Exported> {
        None
    }
    /// Shows these columns; none are the usual ones.
    fn set_columns(&mut self, _keys: Vec<String>) {}
    /// The custom fields that records of its noun can have.
    fn know_fields(&mut self, _fields: &[CustomField]) {}
    /// Whether there is a next or previous of its kind, or why not.
    ///
    /// # Errors
    /// A sentence.
    fn can_turn(&self) -> Result<(), &'static str>;
    /// Goes to the next or previous of its kind; `Err` says why there is none.
    ///
    /// # Errors
    /// A sentence.
    fn turn(&mut self, _by: isize) -> Result<(), String> {
        Ok(self.can_turn()?)
    }

    // Acts before the book has them.

    /// Shows an act.
    fn show_ahead(
        &mut self,
        ticket: Ticket,
        seen: &[(RecordId, Foresight)],
        commands: &[Command],
        area: Rect,
    );
    /// It is in the book.
    fn arrived(&mut self, ticket: Ticket);
    /// It is not in the book.
    fn take_back(&mut self, ticket: Ticket, area: Rect);
    /// A record was made here: the cursor goes to it when it comes.
    fn made(&mut self, _entity: Entity, _id: RecordId) {}
    /// Somebody else changed a record.
    fn note_by_others(&mut self, record: RecordId, at: Instant);

    /// More of what is under the cursor, to read in a popup: title and lines.
    fn preview(&self, _look: &Look<'_>) -> Option<(String, Vec<String>)> {
        None
    }
    /// Lets the panel that tells more stay on its record while the cursor moves, or follow the cursor again; true where it stays now.
    ///
    /// # Errors
    /// A sentence that says why there is nothing to pin.
    fn pin(&mut self) -> Result<bool, &'static str> {
        Err("Nothing here tells more beside; the list of leads does")
    }

    // The picture and the mouse.

    /// The mail addresses, phone numbers and web addresses of the record that it shows: where they are to be seen whole they can be
    /// clicked in the terminal.
    fn addresses(&self) -> Vec<String> {
        Vec::new()
    }

    /// Draws it; gives the cell of the cursor.
    fn draw(&self, frame: &mut Frame, area: Rect, scene: &Scene<'_>) -> Option<(u16, u16)>;
    /// Takes a click.
    fn press(&mut self, x: u16, y: u16, area: Rect) -> Hit;
    /// Takes a turn of the wheel.
    fn scroll(&mut self, x: u16, y: u16, by: isize, area: Rect);
    /// What it tells line by line, for who has it read aloud.
    fn lines(&self) -> &dyn Lines;
    /// The same, to put the cursor on a line.
    fn lines_mut(&mut self) -> &mut dyn Lines;
    /// The column at a cell, where its records can be dragged from one to another.
    fn column_at(&self, _x: u16, _y: u16, _area: Rect) -> Option<usize> {
        None
    }
}
