//! Undo and redo.

use serde_json::json;

use crate::harness::World;

#[test]
fn undo_goes_back_step_by_step_and_redo_forward() {
    let world = World::new();
    let _ = world.run("contacts add --name Nora --title CEO").done();
    let _ = world.run("contacts edit Nora --title CFO").done();
    let title = || world.json("contacts show Nora")["item"]["title"].clone();
    let _ = world.run("undo").done();
    assert_eq!(title(), "CEO");
    let _ = world.run("redo").done();
    assert_eq!(title(), "CFO");
    let _ = world.run("undo").done();
    let _ = world.run("undo").done();
    assert_eq!(world.json("contacts list")["items"], json!([]));
}

#[test]
fn undo_of_nothing_says_so() {
    let world = World::new();
    assert_eq!(world.run("undo").done(), "There is nothing to undo.\n");
    assert_eq!(world.run("redo").done(), "There is nothing to redo.\n");
    assert_eq!(world.json("undo")["done"], json!(null));
}

#[test]
fn undo_is_of_my_own_steps() {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    let _ = world.run("reps add --name Jonas").done();
    let _ = world.run("contacts add --name Nora --as Mira").done();
    let _ = world.run("contacts add --name Luca --as Jonas").done();
    let _ = world.run("undo --as Mira").done();
    let left = world.run("contacts list --fields name --plain").done();
    assert_eq!(left, "Luca\n");
}

#[test]
fn undo_is_refused_where_somebody_went_on() {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    let _ = world.run("reps add --name Jonas").done();
    let _ = world.run("contacts add --name Nora").done();
    let _ = world.run("contacts edit Nora --title CEO --as Mira").done();
    let _ = world
        .run("contacts edit Nora --title CFO --as Jonas")
        .done();
    let said = world.run("undo --as Mira").failed(5);
    assert!(said.contains("Jonas"), "{said}");
    assert_eq!(world.json("contacts show Nora")["item"]["title"], "CFO");
}

#[test]
fn the_list_of_steps_is_newest_first_and_any_can_be_undone() {
    let world = World::new();
    let _ = world.run("contacts add --name Nora").done();
    let _ = world.run("contacts add --name Luca").done();
    let steps = world.json("undo --list");
    let what: Vec<_> = steps["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["what"].as_str().unwrap())
        .collect();
    assert!(
        what[0].contains("Luca") && what[1].contains("Nora"),
        "{what:?}"
    );
    let first = steps["items"][1]["step"].as_str().unwrap();
    let _ = world.run(&format!("undo {}", &first[..8])).done();
    assert_eq!(
        world.run("contacts list --fields name --plain").done(),
        "Luca\n"
    );
    assert!(
        world
            .run("undo nonsense")
            .failed(3)
            .contains("no step `nonsense`")
    );
    let steps = world.json("undo --list");
    let undone: Vec<_> = steps["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                step["undone"].as_bool().unwrap(),
                step["what"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        undone,
        [
            (false, "Undo: Add contact Nora"),
            (false, "Add contact Luca"),
            (true, "Add contact Nora")
        ]
    );
}
