//! What reaches the app, and what the app asks of the loop. Both are data: the app itself does nothing to the outside.

use crossterm::event::{KeyEvent, MouseEvent};

use crate::config::theme::Rgb;
use crate::domain::command::{Command, Origin, StepDraft};
use crate::domain::id::StepId;
use crate::store::handle::{Event, Ticket, View};
use crate::store::query::Query;
use crate::store::{NewBook, StoreError};

use super::exporter::{Exporting, ToFile};
use super::kept::{Keep, Keeping, Left};

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// Keys that were read together: more than one when somebody types faster than the app reads, or pastes.
    Keys(Vec<KeyEvent>),
    /// Text that was pasted.
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal's window got (true) or lost the focus.
    Focus(bool),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// The terminal says what its background is.
    Ground(Rgb),
    /// The terminal gives that many columns to a sign that is narrow in some fonts and wide in others.
    Ambiguous(u16),
    /// The store reports.
    Store(Event),
    /// The book that was asked for was made, or could not be.
    Created(Result<(), StoreError>),
    /// A text came back from the user's editor.
    Edited(String),
    /// The user's editor could not be used, and why.
    NotEdited(String),
    /// The half-written forms that earlier runs kept, or in a sentence why they cannot be known.
    Kept(Result<Vec<Left>, String>),
    /// The half-written forms that are kept now, as the app asked; or in a sentence why they cannot be known.
    KeptNow(Result<Vec<Left>, String>),
    /// Half-written forms were kept outside, or could not be, and why.
    Keeping(Keeping),
    /// How far the export is.
    Exporting(Exporting),
    /// Nothing happened for a moment while the app waited for more keys ([`App::waits_for_keys`](super::app::App::waits_for_keys))
    /// or for somebody to type on ([`App::waits_for_text`](super::app::App::waits_for_text)).
    Pause,
    /// A line was typed, where the app is [talked to in lines](super::plain); `None` is their end.
    Line(Option<String>),
    /// Somebody outside wants the program to stop until it is told to go on.
    Stop,
    /// The program was stopped from outside, and goes on: its terminal was another's meanwhile.
    Continued,
    /// There is no shell that the terminal could be given back to.
    NotSuspended,
    /// The terminal is gone.
    Hangup,
    /// Somebody ended the program from outside.
    Terminated,
    /// Somebody interrupted the program from outside.
    Interrupted,
}

/// Something to do, in the order in which it is asked for.
#[derive(Debug, PartialEq)]
pub enum Effect {
    /// Give the store a step.
    Write {
        /// How the answer names it.
        ticket: Ticket,
        /// What to do.
        commands: Vec<Command>,
        /// What kind of act.
        origin: Origin,
        /// In words.
        label: Option<String>,
    },
    /// Give the store a step of an earlier run, as it is.
    Send {
        /// How the answer names it.
        ticket: Ticket,
        /// The step.
        draft: Box<StepDraft>,
    },
    /// Take steps of earlier runs out of the outboxes.
    Forget(Vec<StepId>),
    /// Ask the store.
    Read {
        /// For which place on the screen.
        view: View,
        /// What.
        query: Query,
    },
    /// Nobody waits any more for what these places asked: their screen was left, and asks anew when it is shown again.
    Forgo(Vec<View>),
    /// Look for others' changes now.
    Check,
    /// Make a book there, then open it.
    Create(String, NewBook),
    /// Open a text in the user's editor.
    Edit(String),
    /// Read the half-written forms that were kept of that book.
    Recall(StepId),
    /// Keep half-written forms beyond the end of the program.
    Keep(Keep),
    /// Look which half-written forms are kept now.
    LookAtKept,
    /// Write to the file of an export.
    Export(ToFile),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Put a text into the terminal's clipboard.
    Copy(String),
    /// Paint the whole screen anew.
    Repaint,
    /// Give the terminal back to the shell until it says to go on.
    Suspend,
    /// Take the terminal again, which was another's.
    TakeAgain,
    /// Leave.
    Quit,
}
