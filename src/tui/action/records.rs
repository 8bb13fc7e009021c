//! Actions on whatever records there are: deals, contacts, companies, activities.

use super::super::app::{App, Copied};
use super::super::forms::log::Logged;
use super::{Action, Context};

const fn record(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Record, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
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
    record(
        "add",
        "Add a deal, a lead, a contact or a company here",
        App::add,
    )
    .when(App::can_write)
    .hint(4, "add"),
    record(
        "edit",
        "Edit one field where it stands; of all that is marked, as one step",
        App::edit,
    )
    .when(App::can_edit_field)
    .hint(5, "edit"),
    record(
        "edit-whole",
        "Edit the deal, contact or company as a whole in a form",
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
    record(
        "reply",
        "Reply to the mail under the cursor: log the answer",
        App::reply,
    )
    .when(App::can_reply)
    .hint(5, "reply"),
    record("plan", "Plan the next step, of all that is marked the same", App::plan)
        .when(App::can_give)
        .hint(6, "next step"),
    record("owner", "Give it to somebody", App::choose_owner)
        .on_seen()
    .when(App::can_give)
        .hint(11, "owner"),
    record("take", "Take it yourself", App::take).on_seen()
    .when(App::can_give),
    record(
        "tag",
        "Add tags, or take some away with a - before them",
        App::type_tags,
    )
    .when(App::can_give)
    .hint(12, "tag"),
    record(
        "to-trash",
        "Put it into the trash; undo takes it out again",
        App::trash,
    )
    .when(App::can_change),
    record("mark", "Mark it, or take its mark away", App::mark)
        .when(App::can_mark)
        .hint(8, "mark"),
    record(
        "mark-range",
        "Mark all from the last mark to the cursor",
        App::mark_range,
    )
    .when(App::can_mark),
    record(
        "mark-all",
        "Mark all of the list or column, or none",
        App::mark_all,
    )
    .when(App::can_mark),
    record(
        "filter",
        "Filter: words, owner:me, value>10k, …; on a contact or company search the timeline",
        App::open_filter,
    )
    .when(App::can_filter)
    .hint(2, "filter"),
    record(
        "view",
        "Choose what is shown: mine, unassigned, no next step, …, saved views; of a timeline calls, mails, …; save what is shown",
        App::choose_view,
    )
    .when(App::can_choose_view)
    .hint(8, "views"),
    record(
        "sort",
        "Choose the order of the list, or of the cards in their columns",
        App::choose_sort,
    )
    .when(App::can_sort)
    .hint(9, "sort"),
    record(
        "columns",
        "Choose the columns of the list and their order",
        App::choose_columns,
    )
    .when(App::can_choose_columns),
    record(
        "explain",
        "Explain: of figures formula, n, what is left out; of a filter what each clause leaves",
        App::explain,
    )
    .when(App::can_explain),
    record(
        "export",
        "Export what is shown, or what is marked, to a CSV, TSV or JSON-lines file",
        App::export,
    )
    .when(App::can_export),
    record("next", "The next pipeline, contact or company", |app| {
        app.turn(1);
    })
    .when(App::can_turn),
    record(
        "previous",
        "The previous pipeline, contact or company",
        |app| app.turn(-1),
    )
    .when(App::can_turn),
    record(
        "preview",
        "More of what is under the cursor, in a popup",
        App::preview,
    )
    .when(App::can_preview),
    record(
        "pin",
        "Let the panel beside the list stay where it is while the cursor moves, or follow it again",
        App::pin,
    )
    .when(App::can_preview),
    record("copy-id", "Copy its id", |app| app.copy(Copied::Id)).when(App::can_act_on_one),
    record(
        "copy-row",
        "Copy it as a line: name, company, amount or address, stage, owner",
        |app| app.copy(Copied::Row),
    )
    .when(App::can_act_on_one),
    record(
        "go-person",
        "Go to the person of what is under the cursor; of a company to one of its people",
        App::go_to_person,
    )
    .when(App::can_go_to_person),
    record(
        "go-company",
        "Go to the company of what is under the cursor",
        App::go_to_company,
    )
    .when(App::can_go_to_company),
    record(
        "go-deals",
        "Go to the deals of what is under the cursor; of an activity to its deal",
        App::go_to_deals,
    )
    .when(App::can_go_to),
    record(
        "go-link",
        "Copy the first link: web address, domain or e-mail address",
        App::go_to_link,
    )
    .when(App::can_go_to),
];
