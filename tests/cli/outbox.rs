//! Steps that did not get into the book, or that it has lost.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::harness::World;

/// Longer than anything takes on a machine with much to do.
const BOUND: Duration = Duration::from_mins(1);

/// Everything that the outboxes of this home hold.
fn outbox(world: &World) -> String {
    let mut text = String::new();
    let mut folders: Vec<PathBuf> = vec![world.path(".local/state/clinch/outbox")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

/// Runs a line while somebody else writes to the book, and kills it when its step is in the outbox and not in the book.
fn kill_waiting(world: &World, line: &str) {
    let other = rusqlite::Connection::open(world.book()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = outbox(world).matches("\"kept\"").count();
    let mut child = world.clinch(&format!("{line} --wait 60")).start();
    let since = Instant::now();
    while outbox(world).matches("\"kept\"").count() == before {
        assert!(since.elapsed() < BOUND, "nothing was kept");
        assert_eq!(child.try_wait().unwrap(), None, "it ended by itself");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    other.execute_batch("ROLLBACK").unwrap();
}

fn waiting(world: &World) -> Vec<Json> {
    world.json("outbox list")["items"]
        .as_array()
        .unwrap()
        .clone()
}

fn names(world: &World) -> String {
    world.run("contacts list --fields name --plain").done()
}

#[test]
fn a_step_whose_process_was_killed_waits_and_is_written_once() {
    let world = World::new();
    kill_waiting(&world, "contacts add --name Nora");
    let looked = world.run("contacts list --fields name");
    assert!(
        looked
            .stderr
            .contains("1 step of an earlier run is not in the book: `clinch outbox list`."),
        "{looked:?}"
    );
    let steps = waiting(&world);
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0]["what"], "Add contact Nora");
    assert_eq!(steps[0]["acknowledged"], false);
    let listed = world.run("outbox list").done();
    assert!(
        listed.contains("Add contact Nora") && listed.contains("cut off"),
        "{listed}"
    );
    let id = &steps[0]["step"].as_str().unwrap()[..8];
    let dry = world.run(&format!("outbox apply {id} --dry-run")).done();
    assert_eq!(
        (dry.as_str(), waiting(&world).len()),
        ("Not done (dry run): Written: Add contact Nora\n", 1)
    );
    let said = world.run(&format!("outbox apply {id}")).done();
    assert_eq!(said, "Written: Add contact Nora\n");
    assert_eq!(
        (names(&world).as_str(), waiting(&world)),
        ("Nora\n", vec![])
    );
    assert!(
        world
            .run("outbox apply nonsense")
            .failed(3)
            .contains("No step `nonsense`")
    );
    assert_eq!(
        world.run("outbox apply --all").done(),
        "Nothing waits in the outbox.\n"
    );
    assert_eq!(names(&world), "Nora\n");
}

#[test]
fn who_was_told_that_nothing_was_written_finds_nothing_waiting() {
    let world = World::new();
    let other = rusqlite::Connection::open(world.book()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let _ = world.run("contacts add --name Nora --wait 0").failed(6);
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(waiting(&world), Vec::<Json>::new());
}

#[test]
fn a_step_is_dropped_only_by_who_says_so() {
    let world = World::new();
    kill_waiting(&world, "contacts add --name Nora");
    let asked = world.run("outbox drop --all").failed(2);
    assert!(
        asked.contains("Give `Add contact Nora` up for good?"),
        "{asked}"
    );
    assert_eq!(waiting(&world).len(), 1);
    assert_eq!(
        world.run("outbox drop --all --yes").done(),
        "Dropped: Add contact Nora\n"
    );
    assert_eq!((names(&world).as_str(), waiting(&world)), ("", vec![]));
}

#[test]
fn a_step_that_clashes_meanwhile_is_listed_and_waits_still() {
    let world = World::new();
    let id = world.add("contacts add --name Nora");
    let seen = world.json("contacts show Nora")["item"]["version"].to_string();
    kill_waiting(
        &world,
        &format!("contacts edit {id} --title CEO --if-version {seen}"),
    );
    let _ = world.run("contacts edit Nora --title CFO").done();
    let said = world.run("outbox apply --all").failed(5);
    assert!(
        said.contains("contact `Nora`") && said.contains("waits still"),
        "{said}"
    );
    assert_eq!(world.json("contacts show Nora")["item"]["title"], "CFO");
    assert_eq!(waiting(&world).len(), 1);
}

#[test]
fn what_the_drive_lost_is_said_and_written_again() {
    let world = World::new();
    let before = fs::read(world.book()).unwrap();
    let id = world.add("contacts add --name Nora");
    let _ = world.run("contacts edit Nora --title CEO").done();
    fs::write(world.book(), before).unwrap();
    let refused = world.run("contacts add --name Luca").failed(8);
    for said in [
        "warning: The book no longer had 2 steps",
        "written again: Add contact Nora",
        "nothing else is written in this run",
    ] {
        assert!(refused.contains(said), "{refused}");
    }
    assert_eq!(
        world.json(&format!("contacts show {id}"))["item"]["title"],
        "CEO"
    );
    let _ = world.run("contacts add --name Luca").done();
    assert_eq!(
        world.json("undo --list")["items"].as_array().unwrap().len(),
        3
    );
}

#[test]
fn without_an_outbox_nothing_is_written_and_all_can_be_read() {
    let world = World::new();
    world.write("in-the-way", "");
    let at = world.path("in-the-way");
    let run = |line| {
        world
            .clinch(line)
            .env("XDG_STATE_HOME", at.to_str().unwrap())
            .run()
    };
    let said = run("contacts add --name Nora").failed(8);
    assert!(
        said.contains("outbox") && said.contains("Nothing was written"),
        "{said}"
    );
    assert_eq!(run("contacts list --plain").done(), "");
}
