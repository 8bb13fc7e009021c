//! The app in lines, in a terminal: nothing is painted, the terminal stays as it is.

use crate::terminal::World;

#[test]
fn lines_are_typed_and_read_and_nothing_is_painted() {
    let world = World::with_deals();
    let mut app = world.app_in_lines(100, 30);
    app.see("clinch in lines.").see("> ");
    app.press("pipeline\r").see("3. ").see("Deals in Qualify:");
    app.press("> 1\r").see("Saved: Move ").see("u undoes it.");
    app.press("u\r").see("Undone: Move ");
    app.press("n 2 Wants two sites .\r")
        .see("Saved: Log note on ");
    app.press("quit\r");
    let (code, written) = app.end_and_tell();
    assert_eq!(code, 0);
    assert!(
        !written.contains(&0x1b),
        "{}",
        String::from_utf8_lossy(&written)
    );
}

#[test]
fn the_end_of_typing_leaves() {
    let mut app = World::with_deals().app_in_lines(80, 24);
    app.see("> ");
    // Ctrl-D, as the terminal's line knows it.
    app.press("\u{4}");
    assert_eq!(app.end_and_tell().0, 0);
}
