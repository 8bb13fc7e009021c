//! The one table of actions: the keymap file, the footer, `?` and `:` all come from it.
//!
//! A row says what the action is called, what it does in one line, where it applies, whether it is allowed now and if not why, and
//! which function of the app does it.

use std::borrow::Cow;

use crate::config::keymap::Known;

use super::app::{App, Copied};
use super::forms::log::Logged;

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
    /// On the lists of leads and contacts and on a contact.
    People,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 5] = [
        Self::Board,
        Self::People,
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
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Move => "Moving about",
            Self::Record => "Deals, contacts, activities",
            Self::Board => "Today and pipeline",
            Self::People => "Leads and contacts",
        }
    }
}

/// Allowed, or why not.
pub type Allowed = Result<(), Cow<'static, str>>;

/// One action.
#[derive(Debug)]
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
        }
    }

    const fn hint(mut self, rank: u8, word: &'static str) -> Self {
        self.hint = Some((rank, word));
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

const fn global(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Global, name, doc, run)
}

const fn motion(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Move, name, doc, run)
}

const fn board(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Board, name, doc, run)
}

const fn record(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Record, name, doc, run)
}

const fn people(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::People, name, doc, run)
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

/// Actions on deals first: the help and the palette show them in this order.
pub static ACTIONS: &[Action] = &[
    board("stage-back", "Move the deal one stage back", |app| {
        app.move_stage(-1);
    })
    .when(App::can_act_on_deals)
    .hint(1, "back"),
    board("stage-on", "Move the deal one stage on", |app| {
        app.move_stage(1);
    })
    .when(App::can_act_on_deals)
    .hint(1, "on"),
    board(
        "stage",
        "Choose the deal's stage from a menu",
        App::choose_state,
    )
    .when(App::can_choose_state)
    .hint(3, "stage"),
    board("win", "Win the deal", App::win)
        .when(App::can_win)
        .hint(2, "won"),
    board(
        "lose",
        "Lose the deal; asks why in the same gesture",
        App::lose,
    )
    .when(App::can_lose)
    .hint(2, "lost"),
    board(
        "card-up",
        "Put the card one place up in its column",
        |app| app.reorder(-1),
    )
    .when(App::can_reorder),
    board(
        "card-down",
        "Put the card one place down in its column",
        |app| app.reorder(1),
    )
    .when(App::can_reorder),
    board(
        "explain",
        "Explain the figures: formula, n, what is left out",
        App::explain,
    )
    .when(App::can_explain),
    board("copy-title", "Copy the deal's title", |app| {
        app.copy(Copied::Title);
    })
    .when(App::can_act_on_one),
    people(
        "convert",
        "Make the lead a deal with its contact and company, in one step",
        App::convert,
    )
    .when(App::can_convert)
    .hint(3, "convert"),
    people(
        "drop",
        "Give the lead up; asks why in the same gesture",
        App::drop_leads,
    )
    .when(App::can_drop)
    .hint(4, "drop"),
    people("copy-mail", "Copy the contact's e-mail address", |app| {
        app.copy(Copied::Mail);
    })
    .when(App::can_ask_of_one)
    .hint(13, "copy mail"),
    people("copy-phone", "Copy the contact's phone number", |app| {
        app.copy(Copied::Phone);
    })
    .when(App::can_ask_of_one),
    people(
        "state",
        "Choose the contact's lead state, or the deal's stage, from a menu",
        App::choose_state,
    )
    .when(App::can_choose_state)
    .hint(12, "state"),
    people("sort", "Choose the order of the list", App::choose_sort)
        .when(App::can_sort)
        .hint(9, "sort"),
    people(
        "view",
        "Choose what is shown: open or settled leads; of the timeline calls, mails, deal moves, …",
        App::choose_part,
    )
    .when(App::can_choose_part)
    .hint(8, "show"),
    record(
        "done",
        "Say that the planned activity under the cursor is done; of a call asks how it went",
        App::done,
    )
    .when(App::can_be_done)
    .hint(2, "done"),
    record(
        "snooze",
        "Put the planned activity under the cursor off to another day",
        App::snooze,
    )
    .when(App::can_be_done)
    .hint(3, "later"),
    record("add", "Add a deal, a lead or a contact here", App::add)
        .when(App::can_write)
        .hint(4, "add"),
    record("edit", "Edit what is under the cursor in a form", App::edit)
        .when(App::can_change_one)
        .hint(5, "edit"),
    record(
        "edit-whole",
        "Edit the deal or contact as a whole in a form",
        App::edit_whole,
    )
    .when(App::can_tell_of_one),
    record(
        "log-call",
        "Log a call: its outcome, and what comes next",
        |app| app.log_activity(Logged::Call),
    )
    .when(App::can_tell_of_one)
    .hint(6, "call"),
    record("log-mail", "Log a mail", |app| {
        app.log_activity(Logged::Mail);
    })
    .when(App::can_tell_of_one)
    .hint(9, "mail"),
    record("log-meeting", "Log a meeting", |app| {
        app.log_activity(Logged::Meeting);
    })
    .when(App::can_tell_of_one)
    .hint(10, "meeting"),
    record("log-note", "Write a note", |app| {
        app.log_activity(Logged::Note);
    })
    .when(App::can_tell_of_one)
    .hint(7, "note"),
    record("plan", "Plan the next step", App::plan)
        .when(App::can_tell_of_one)
        .hint(6, "next step"),
    record("owner", "Give it to somebody", App::choose_owner)
        .when(App::can_give)
        .hint(11, "owner"),
    record("take", "Take it yourself", App::take).when(App::can_give),
    record(
        "tag",
        "Add tags, or take some away with a - before them",
        App::type_tags,
    )
    .when(App::can_give)
    .hint(12, "tag"),
    record(
        "trash",
        "Put it into the trash; undo takes it out again",
        App::trash,
    )
    .when(App::can_change),
    record("mark", "Mark it, or take its mark away", App::mark)
        .when(App::can_mark)
        .hint(8, "mark"),
    record(
        "mark-all",
        "Mark all of the list or column, or none",
        App::mark_all,
    )
    .when(App::can_mark),
    record(
        "filter",
        "Filter: words, owner:me, value>10k, …; on a contact search the timeline",
        App::open_filter,
    )
    .when(App::can_filter)
    .hint(2, "filter"),
    record("next", "The next pipeline, or the next contact", |app| {
        app.turn(1);
    })
    .when(App::can_turn),
    record(
        "previous",
        "The previous pipeline, or the previous contact",
        |app| app.turn(-1),
    )
    .when(App::can_turn),
    record("copy-id", "Copy its id", |app| app.copy(Copied::Id)).when(App::can_act_on_one),
    record(
        "copy-row",
        "Copy it as a line: name, company, amount or address, stage, owner",
        |app| app.copy(Copied::Row),
    )
    .when(App::can_act_on_one),
    motion("up", "One up", |app| app.go(Motion::Up)),
    motion("down", "One down", |app| app.go(Motion::Down)),
    motion("left", "One column to the left", |app| app.go(Motion::Left)),
    motion("right", "One column to the right", |app| {
        app.go(Motion::Right);
    }),
    motion("first", "To the first", |app| app.go(Motion::First)),
    motion("last", "To the last", |app| app.go(Motion::Last)),
    motion("page-up", "A page up", |app| app.go(Motion::PageUp)),
    motion("page-down", "A page down", |app| app.go(Motion::PageDown)),
    motion("half-up", "Half a page up", |app| app.go(Motion::HalfUp)),
    motion("half-down", "Half a page down", |app| {
        app.go(Motion::HalfDown);
    }),
    motion("next-panel", "The next panel", |app| app.go(Motion::Right)),
    motion("previous-panel", "The previous panel", |app| {
        app.go(Motion::Left);
    }),
    motion("open", "Open what is under the cursor", App::open)
        .when(App::can_open)
        .hint(4, "open"),
    motion(
        "back",
        "Back: popup, then marks, then filter, then the screen before",
        App::back,
    )
    .when(App::can_go_back)
    .hint(1, "back"),
    global("undo", "Undo my last change", App::undo)
        .when(App::can_write)
        .hint(3, "undo"),
    global("redo", "Redo what I undid", App::redo).when(App::can_write),
    global("find", "Find any record", App::find)
        .when(App::has_book)
        .hint(5, "find"),
    global(
        "commands",
        "All commands, with their keys and why one cannot be used now",
        App::palette,
    )
    .hint(1, "commands"),
    global("help", "The keys that count here, searchable", App::help).hint(0, "help"),
    global(
        "messages",
        "Messages, and what others changed",
        App::messages,
    ),
    global("check", "Look for others' changes now", App::check).when(App::has_book),
    global("pipeline", "The pipeline", |app| app.show_tab(3)),
    global("today", "Today", |app| app.show_tab(1)),
    global("leads", "Leads", |app| app.show_tab(2)),
    global("contacts", "Contacts", |app| app.show_tab(4)),
    global("tickets", "Tickets", |app| app.show_tab(5)),
    global("segments", "Segments", |app| app.show_tab(6)),
    global("reports", "Reports", |app| app.show_tab(7)),
    global("import", "Import", |app| app.show_tab(8)),
    global(
        "mouse",
        "Listen to the mouse, or leave it to the terminal to select text",
        App::toggle_mouse,
    ),
    global("repaint", "Paint the screen anew", App::repaint),
    global(
        "suspend",
        "Suspend the app; `fg` in the shell brings it back",
        App::suspend,
    ),
    global("cancel", "Cancel what is open", App::cancel),
    global("quit", "Close the popup, or leave the app", App::quit).hint(12, "quit"),
];

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
