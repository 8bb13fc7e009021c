//! Actions on pipelines, stages and lost reasons.

use super::super::app::App;
use super::{Action, Context};

const fn setup(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Setup, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
    setup(
        "place-up",
        "Put the pipeline, stage or reason one place up",
        |app| app.put_in_order(-1),
    )
    .when(App::can_put_in_order)
    .hint(3, "up"),
    setup(
        "place-down",
        "Put the pipeline, stage or reason one place down",
        |app| app.put_in_order(1),
    )
    .when(App::can_put_in_order)
    .hint(3, "down"),
    setup(
        "archive",
        "Archive the stage, or take it out of the archive; asks where its deals go",
        App::archive,
    )
    .when(App::can_archive)
    .hint(2, "archive"),
];
