//! The book's drive goes away while somebody works: its folder has another name for a while.

use std::path::PathBuf;

use crate::terminal::World;

/// Takes the book's folder away, or brings it back.
fn rename(world: &World, from: &str, to: &str) {
    let path = |name: &str| -> PathBuf { world.path(name) };
    std::fs::rename(path(from), path(to)).unwrap();
}

#[test]
fn a_move_that_is_made_while_the_drive_is_gone_is_written_when_it_is_back() {
    let world = World::with_deals_on_a_share();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    rename(&world, "share", "gone");
    app.press(">")
        .see_in_column("Renewal", 1)
        .see("not reachable since")
        .see("1 to write · showing the state of");
    rename(&world, "gone", "share");
    // R tries at once what would be tried after a pause.
    app.press("R")
        .see("The book can be reached again")
        .miss("to write");
    app.press("q");
    assert_eq!(app.end(), 0);
    let deal = world.shell(&["deals", "show", "Renewal"]);
    assert!(deal.contains("Discovery"), "{deal}");
}

#[test]
fn a_move_that_waited_for_the_drive_is_offered_after_a_crash() {
    let world = World::with_deals_on_a_share();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    rename(&world, "share", "gone");
    app.press(">").see("1 to write");
    app.press("q").see("kept in the outbox");
    app.crash();
    rename(&world, "gone", "share");

    let mut app = world.app(100, 30);
    app.see("1 change of an earlier run is not in the book")
        .see("Move Renewal to Discovery");
    app.press("W")
        .see("u undoes it")
        .see_in_column("Renewal", 1);
    app.press("q");
    assert_eq!(app.end(), 0);
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 1).miss("earlier run");
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn who_leaves_while_the_drive_is_gone_is_told_what_is_kept() {
    let world = World::with_deals_on_a_share();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    rename(&world, "share", "gone");
    app.press(">").see("1 to write");
    app.press("q").see("kept in the outbox").press("q");
    app.see("1 change is kept in the outbox");
    assert_eq!(app.end(), 6);
    rename(&world, "gone", "share");
    let waiting = world.shell(&["outbox", "list"]);
    assert!(waiting.contains("Move Renewal to Discovery"), "{waiting}");
}
