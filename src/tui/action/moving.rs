//! Moving about in every list.

use super::super::app::App;
use super::{Action, Context, Motion};

const fn motion(name: &'static str, doc: &'static str, run: fn(&mut App)) -> Action {
    Action::new(Context::Move, name, doc, run)
}

pub(super) const TABLE: &[Action] = &[
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
    motion(
        "open",
        "Open what is under the cursor; in a deal's popup its company",
        App::open,
    )
    .when(App::can_open)
    .hint(4, "open"),
    motion(
        "back",
        "Back: popup, then marks, then filter, then view, then the screen before",
        App::back,
    )
    .when(App::can_go_back)
    .hint(1, "back"),
];
