//! Actions on deals: on Today, on the pipeline, in a deal's popup.

use super::super::app::{App, Copied};
use super::{Action, Context};

const fn board(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Board, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
    board("stage-back", "Move the deal one stage back", |app| {
        app.move_stage(-1);
    })
    .on_seen()
    .when(App::can_act_on_deals)
    .hint(1, "back"),
    board("stage-on", "Move the deal one stage on", |app| {
        app.move_stage(1);
    })
    .on_seen()
    .when(App::can_act_on_deals)
    .hint(1, "on"),
    board(
        "stage",
        "Choose the deal's stage from a menu",
        App::choose_state,
    )
    .on_seen()
    .when(App::can_choose_state)
    .hint(3, "stage"),
    board(
        "forecast",
        "Choose the deal's forecast category from a menu: commit, best case, …",
        App::choose_category,
    )
    .on_seen()
    .when(App::can_forecast)
    .hint(14, "forecast"),
    board(
        "lines",
        "The products of the deal: add, change, remove; what they make, and what the amount says",
        App::show_lines,
    )
    .when(App::can_show_lines)
    .hint(15, "products"),
    board("win", "Win the deal", App::win)
        .on_seen()
        .when(App::can_win)
        .hint(2, "won"),
    board(
        "lose",
        "Lose the deal; asks why in the same gesture",
        App::lose,
    )
    .on_seen()
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
    board("copy-title", "Copy the deal's title", |app| {
        app.copy(Copied::Title);
    })
    .when(App::can_copy_title),
];
