//! Actions on leads and contacts.

use super::super::app::{App, Copied};
use super::{Action, Context};

const fn people(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::People, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
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
    .on_seen()
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
    .on_seen()
    .when(App::can_choose_state)
    .hint(12, "state"),
];
