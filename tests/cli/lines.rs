//! The app in lines over pipes, as scripts use it.

use crate::harness::World;

fn world() -> World {
    let world = World::new();
    world.run("reps add --name 'Ana Meier'").done();
    for title in ["Pilot", "Rollout"] {
        world
            .run(&format!(
                "deals add --title {title} --amount 1000 --owner 'Ana Meier'"
            ))
            .done();
    }
    world
}

fn talked(world: &World, line: &str, typed: &str) -> String {
    world
        .clinch(line)
        .env("CLINCH_REP", "Ana Meier")
        .stdin(typed)
        .run()
        .done()
}

#[test]
fn a_script_is_heard_to_its_end_and_what_it_asked_for_is_in_the_book() {
    let world = world();
    let said = talked(
        &world,
        "tui --plain --screen pipeline",
        "X 1 Price\n\nn 2 Wants two sites .\n",
    );
    assert!(said.contains("Saved: Lose "), "{said}");
    assert!(said.contains("Note? Empty is none."), "{said}");
    assert_eq!(
        world.json("deals list --filter is:lost")["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let undone = talked(&world, "tui --plain", "u\nu\n");
    assert_eq!(undone.matches("Undone: ").count(), 2, "{undone}");
    assert_eq!(
        world.json("deals list --filter is:open")["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn without_lines_the_app_says_where_one_is_and_ends() {
    let said = talked(&world(), "tui --plain", "");
    assert!(said.starts_with("clinch in lines. Book "), "{said}");
}

#[test]
fn a_book_that_cannot_be_opened_ends_it_as_any_verb() {
    let world = World::bare();
    world.write("team.db", "no book");
    let ran = world.clinch("tui --plain").stdin("leads\n").run();
    assert_eq!(ran.code, Some(7), "{ran:?}");
}

#[test]
fn not_on_a_terminal_the_app_tells_of_its_lines() {
    let ran = world().run("tui");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("clinch tui --plain"), "{ran:?}");
}
