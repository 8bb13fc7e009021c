//! What a stage requires, from the screen of pipelines to the board.

use crate::terminal::World;

const ENTER: &str = "\r";
const ESC: &str = "\x1b";

#[test]
fn a_stage_is_told_what_it_requires_and_the_board_asks_a_deal_for_it() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    // Discovery, the second stage: its form, the line of what a deal needs, saved.
    app.press("gP").see("another pipeline");
    app.press("jje").see("A deal needs");
    app.press("\t\t\t\t").press("expected close").press("\x13");
    app.see("u undoes it");
    app.press(ESC).see_in_column("Renewal", 0);
    app.press(">").see("cannot enter Discovery");
    app.press("2027-01-15").press(ENTER);
    app.see_in_column("Renewal", 1);
    app.press("u").see_in_column("Renewal", 0);
    app.press("q");
    assert_eq!(app.end(), 0);
}
