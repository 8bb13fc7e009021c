//! The one table of actions: the keymap file, the footer, `?` and `:` all come from it.
//!
//! A row says what the action is called, what it does in one line, where it applies, whether it is allowed now and if not why, and
//! which function of the app does it. Each context has its rows in a file of its own: [`deals`], [`people`], [`past`], [`setup`], [`records`], [`moving`],
//! [`everywhere`].

mod deals;
mod everywhere;
mod moving;
mod past;
mod people;
mod records;
mod setup;

use std::borrow::Cow;

use crate::config::keymap::Known;

use super::app::App;

/// Where an action applies: the heading that its keys stand under in the keymap file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// Everywhere but where text is typed.
    Global,
    /// In every list.
    Move,
    /// Wherever there are records: on the pipeline, on lists, on a contact.
    Record,
    /// On Today, on the pipeline and in a deal's popup.
    Board,
    /// On the lists of leads, contacts and companies, and on a contact or company.
    People,
    /// In the trash and on the list of steps.
    Past,
    /// On the pipelines with their stages.
    Setup,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 7] = [
        Self::Board,
        Self::People,
        Self::Past,
        Self::Setup,
        Self::Record,
        Self::Move,
        Self::Global,
    ];

    /// The heading in the keymap file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Move => "move",
            Self::Record => "record",
            Self::Board => "board",
            Self::People => "people",
            Self::Past => "past",
            Self::Setup => "setup",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Move => "Moving about",
            Self::Record => "Deals, contacts, companies, activities",
            Self::Board => "Today and pipeline",
            Self::People => "Leads, contacts, companies",
            Self::Past => "Trash and steps",
            Self::Setup => "Pipelines and lost reasons",
        }
    }
}

/// Allowed, or why not.
pub type Allowed = Result<(), Cow<'static, str>>;

/// One action.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// As in the keymap file and in `:`.
    pub name: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Where it applies.
    pub context: Context,
    /// Its word in the footer and its rank there: the higher ranks give way first.
    pub hint: Option<(u8, &'static str)>,
    /// Whether it is allowed now, and if not why.
    pub allowed: fn(&App) -> Allowed,
    /// Does it.
    pub run: fn(&mut App),
    /// Whether it changes fields, and so is judged by what its author saw in them.
    pub rests_on_seen: bool,
}

impl Action {
    const fn new(
        context: Context,
        name: &'static str,
        doc: &'static str,
        run: fn(&mut App),
    ) -> Self {
        Self {
            name,
            doc,
            context,
            hint: None,
            allowed: always,
            run,
            rests_on_seen: false,
        }
    }

    const fn hint(mut self, rank: u8, word: &'static str) -> Self {
        self.hint = Some((rank, word));
        self
    }

    /// It changes fields, and is judged by what stood in them.
    const fn on_seen(mut self) -> Self {
        self.rests_on_seen = true;
        self
    }

    const fn when(mut self, allowed: fn(&App) -> Allowed) -> Self {
        self.allowed = allowed;
        self
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one of the functions that say whether an action is allowed"
)]
const fn always(_: &App) -> Allowed {
    Ok(())
}

/// A way to move a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// One column to the left.
    Left,
    /// One column to the right.
    Right,
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
}

impl Motion {
    /// Where a cursor at a row comes to, with so many rows to a page and to half of one. Sideways it stays; the last row is
    /// `usize::MAX`, and whoever knows how many rows there are brings it back.
    #[must_use]
    pub const fn moved(self, row: usize, page: usize, half: usize) -> usize {
        match self {
            Self::Up => row.saturating_sub(1),
            Self::Down => row.saturating_add(1),
            Self::PageUp => row.saturating_sub(page),
            Self::PageDown => row.saturating_add(page),
            Self::HalfUp => row.saturating_sub(half),
            Self::HalfDown => row.saturating_add(half),
            Self::First => 0,
            Self::Last => usize::MAX,
            Self::Left | Self::Right => row,
        }
    }
}

/// The tables, in the order of the help and the palette: actions on deals first.
const TABLES: [&[Action]; 7] = [
    deals::TABLE,
    people::TABLE,
    past::TABLE,
    setup::TABLE,
    records::TABLE,
    moving::TABLE,
    everywhere::TABLE,
];

const COUNT: usize = {
    let (mut count, mut table) = (0, 0);
    while table < TABLES.len() {
        count += TABLES[table].len();
        table += 1;
    }
    count
};

/// All actions. They are known by their place here.
pub static ACTIONS: [Action; COUNT] = joined();

/// One table of all. It is a loop by hand because iterators do not work before the program runs.
const fn joined() -> [Action; COUNT] {
    let mut all = [TABLES[0][0]; COUNT];
    let (mut place, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            all[place] = TABLES[table][row];
            place += 1;
            row += 1;
        }
        table += 1;
    }
    all
}

/// The actions as the keymap knows them, by their place in [`ACTIONS`].
#[must_use]
pub fn known() -> Vec<Known> {
    ACTIONS
        .iter()
        .map(|action| Known {
            context: action.context.name(),
            name: action.name,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_docs_are_sentences_without_a_stop() {
        for (place, action) in ACTIONS.iter().enumerate() {
            let twin = ACTIONS[place + 1..]
                .iter()
                .any(|other| other.name == action.name);
            assert!(!twin, "{}", action.name);
            assert!(
                action.doc.starts_with(char::is_uppercase),
                "{}",
                action.name
            );
            assert!(!action.doc.ends_with('.'), "{}", action.name);
        }
    }
}
