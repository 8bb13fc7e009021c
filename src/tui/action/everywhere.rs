//! What can be done everywhere.

use super::super::app::App;
use super::super::screens::Shown;
use super::{Action, Context};

const fn global(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Global, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
    global(
        "undo",
        "Undo my last change; on the list of steps the one under the cursor",
        App::undo,
    )
    .when(App::can_write)
    .hint(3, "undo"),
    global(
        "redo",
        "Redo what I undid; on the list of steps the one under the cursor",
        App::redo,
    )
    .when(App::can_write)
    .hint(3, "redo"),
    global("trash", "The trash: what was put there, by whom", |app| {
        app.show_past(Shown::Trash);
    })
    .when(App::has_book),
    global("steps", "My last steps: each can be undone", |app| {
        app.show_past(Shown::Steps);
    })
    .when(App::has_book),
    global(
        "drafts",
        "Half-written forms that are kept: go on, copy, drop",
        App::show_drafts,
    )
    .when(App::can_show_drafts),
    global(
        "new-field",
        "Add a custom field, to deals, contacts or another noun",
        App::new_field,
    )
    .when(App::can_write),
    global(
        "quota",
        "Set what a rep is to win in a period",
        App::set_quota,
    )
    .when(App::can_write),
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
    global(
        "pipelines",
        "The pipelines with their stages, and the lost reasons",
        App::show_setup,
    ),
    global("today", "Today", |app| app.show_tab(1)),
    global("leads", "Leads", |app| app.show_tab(2)),
    global("contacts", "Contacts", |app| app.show_tab(4)),
    global("companies", "Companies", App::show_companies),
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
