//! Actions in the trash and on the list of steps.

use super::super::app::App;
use super::{Action, Context};

const fn past(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Past, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[past(
    "restore",
    "Take what is marked, or is under the cursor, out of the trash",
    App::restore,
)
.when(App::can_restore)
.hint(2, "restore")];
