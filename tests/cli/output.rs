//! Forms of output, the file of `-o`, closed pipes.

use std::fs;
use std::process::Stdio;

use serde_json::json;

use crate::harness::{World, without_ids};

fn people() -> World {
    let world = World::new();
    let _ = world
        .run("contacts add --name 'Nora, \"Keller\"' --title CEO --tag a --tag b")
        .done();
    let _ = world.run("contacts add --name '田中 愛子'").done();
    world
}

#[test]
fn every_form_of_a_list() {
    let world = people();
    let list = |form: &str| {
        world
            .run(&format!(
                "contacts list --sort name --fields name,title,tag {form}"
            ))
            .done()
    };
    assert_eq!(
        list("--csv"),
        "name,title,tags\n\"Nora, \"\"Keller\"\"\",CEO,a; b\n田中 愛子,,\n"
    );
    assert_eq!(list("--tsv").lines().next(), Some("name\ttitle\ttags"));
    assert_eq!(
        list("--plain"),
        "Nora, \"Keller\"\tCEO\ta; b\n田中 愛子\t\t\n"
    );
    assert_eq!(list("--jsonl").lines().count(), 2);
    let table =
        "name            title  tags\nNora, \"Keller\"  CEO    a, b\n田中 愛子       —      —\n";
    assert_eq!(list(""), table);
}

#[test]
fn nothing_is_written_over_the_book() {
    let world = people();
    for file in ["team.db", "team.db-journal"] {
        let before = fs::read(world.path(file)).unwrap();
        let _ = world.run(&format!("contacts list -o {file}")).failed(2);
        let _ = world.run(&format!("export contacts -o {file}")).failed(2);
        assert_eq!(fs::read(world.path(file)).unwrap(), before);
    }
}

#[test]
fn only_one_form_at_a_time() {
    let world = people();
    assert!(
        world
            .run("contacts list --csv --plain")
            .failed(2)
            .contains("cannot be used with")
    );
}

#[test]
fn an_empty_list_is_an_empty_array_and_no_error() {
    let world = World::new();
    assert_eq!(
        world.run("deals list --json").done(),
        "{\"schema_version\":1,\"items\":[]}\n"
    );
    assert_eq!(world.run("deals list --jsonl").done(), "");
    let table = world.run("deals list");
    assert_eq!(
        (table.stdout.as_str(), table.stderr.as_str()),
        ("", "No deals here.\n")
    );
    assert_eq!(world.run("deals list -q").stderr, "");
}

#[test]
fn the_file_of_o_is_replaced_when_all_is_well_and_only_then() {
    let world = people();
    world.write("out.csv", "old\n");
    let _ = world
        .run("contacts list --filter 'colour:red' --csv -o out.csv")
        .failed(2);
    assert_eq!(world.read("out.csv"), "old\n");
    assert_eq!(
        world
            .run("contacts list --fields name --csv -o out.csv")
            .done(),
        ""
    );
    assert_eq!(world.read("out.csv").lines().count(), 3);
    let _ = world.run("contacts list -o nowhere/out.csv").failed(1);
    let left: Vec<_> = fs::read_dir(world.path(""))
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().ends_with(".part")),
        "{left:?}"
    );
}

#[test]
fn nothing_that_is_printed_plays_with_the_terminal() {
    let world = World::new();
    let id = world.add("contacts add --name 'evil\u{1b}[2J\u{202e}name'");
    for line in [
        "contacts list",
        "contacts list --plain",
        "contacts list --json",
        "contacts list --csv",
        &format!("contacts show {id}"),
    ] {
        let printed = world.run(line).done();
        assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{line}");
    }
    let said = world
        .run("contacts show 'no\u{1b}[2Jsuch\u{202e}'")
        .failed(3);
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let world = World::new();
    for number in 0..30 {
        let _ = world
            .run(&format!("contacts add --name 'Somebody {number}'"))
            .done();
    }
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_clinch"))
        .args(["contacts", "list", "--json"])
        .env("CLINCH_BOOK", world.book())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), b"".as_slice())
    );
}

#[test]
fn a_write_prints_what_changed_with_its_id() {
    let world = World::new();
    let said = world.json("contacts add --name Nora");
    assert_eq!(said["done"], "Added contact Nora");
    assert_eq!(
        (&said["items"][0]["noun"], &said["items"][0]["name"]),
        (&json!("contact"), &json!("Nora"))
    );
    let id = said["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        world
            .run(&format!("contacts edit {id} --title CEO -q"))
            .done(),
        format!("{id}\n")
    );
    let again = world.run(&format!("contacts edit {id} --title CEO")).done();
    assert_eq!(
        without_ids(&again),
        "Changed contact Nora  [id] (it was so already)\n"
    );
}

#[test]
fn unknown_fields_get_the_nearest_name() {
    let world = people();
    assert!(
        world
            .run("contacts list --fields nmae")
            .failed(2)
            .contains("Did you mean `name`?")
    );
    assert!(
        world
            .run("contacts list --sort -titel")
            .failed(2)
            .contains("Did you mean `title`?")
    );
}

#[test]
fn verbose_says_which_book_and_when() {
    let world = World::new();
    let ran = world.run("deals list -v --tz Asia/Tokyo");
    assert!(
        ran.stderr
            .contains("as of 2026-11-24T10:05:00Z in Asia/Tokyo"),
        "{}",
        ran.stderr
    );
}
