//! What the app and a screen tell each other: the circumstances of a question, what a picture needs, filters, what keys and clicks did.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::domain::filter::Filter;
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::Entity;
use crate::domain::period::Period;
use crate::domain::time::{Instant, Zone};
use crate::store::handle::View;
use crate::store::query::{Asked, Query};
use crate::tui::layers::FormOf;
use crate::tui::look::Look;

/// A filter that is on.
#[derive(Clone, Debug, PartialEq)]
pub struct Filtered {
    /// As it was typed.
    pub text: String,
    /// As it was understood.
    pub filter: Filter,
}

/// What was typed into the bar of a filter, understood.
#[derive(Debug, Default)]
pub struct Sifted {
    /// The filter; `None` where nothing was typed.
    pub filtered: Option<Filtered>,
    /// How it was read, where it could have been read in another way.
    pub reading: Option<String>,
}

/// The circumstances of a question.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Who asks, as of when.
    pub asked: Asked,
    /// The period of the board's foot.
    pub foot: Option<Period>,
    /// The team's zone.
    pub zone: Zone,
    /// Where it stands.
    pub area: Rect,
    /// A popup tells more of what is under the cursor.
    pub tells_more: bool,
}

/// A question, and the place that shows its answer.
pub type Ask = (View, Query);

/// What a picture needs beside the state of its screen.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Styles, moment, zone, currency.
    pub look: Look<'a>,
    /// The real clock: signs of others' changes fade by it.
    pub real: Instant,
    /// What the foot's period is called.
    pub period: &'a str,
    /// Where a dragged card would be dropped: a column.
    pub drop: Option<usize>,
    /// The book has been asked for a while: to say that it is being read is news now. Said at once it would flash up and be gone.
    pub slow: bool,
}

/// What Enter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// Nothing is under the cursor.
    Nothing,
    /// A record.
    Record(Entity, RecordId, String),
    /// A form.
    Form(FormOf),
    /// Something to read: title and lines.
    Text(String, Vec<String>),
    /// What a step changed.
    Step(StepId),
}

/// What another row of the screen's own menus does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub name: Cow<'static, str>,
    /// What stands beside it.
    pub detail: &'static str,
    /// Whether it is in force.
    pub on: bool,
}

/// A click.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// On nothing that can be opened.
    Elsewhere,
    /// On a record, which the cursor is on now.
    Record,
    /// On the heading of a column: the place of its order among the screen's.
    Heading(usize),
    /// On something that an action changes: its name.
    Run(&'static str),
}
