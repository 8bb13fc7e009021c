//! Actions in the trash and on the list of steps.

use super::super::app::App;
use super::{Action, Context};

const fn past(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Past, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
    past(
        "restore",
        "Take what is marked, or is under the cursor, out of the trash",
        App::restore,
    )
    .when(App::can_restore)
    .hint(2, "restore"),
    past(
        "which",
        "Choose what is shown: a noun, also what is older; of the steps mine or everybody's",
        App::choose_view,
    )
    .when(App::can_choose_view)
    .hint(3, "show"),
];
