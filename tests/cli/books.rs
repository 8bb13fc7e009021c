//! Making books, and what is no book.

use std::fs;

use crate::harness::{World, without_ids};

#[test]
fn a_new_book_says_what_it_is() {
    let world = World::bare();
    let made = world.run("book init --currency USD --tz America/New_York --name Team");
    assert!(made.done().starts_with("Made the book "));
    let status = world.json("book status");
    let item = &status["item"];
    assert_eq!(item["name"], "Team");
    assert_eq!(item["currency"], "USD");
    assert_eq!(item["zone"], "America/New_York");
    assert_eq!(item["journal_mode"], "persist");
    assert_eq!(item["counts"]["deal"], 0);
}

#[test]
fn a_book_is_never_made_over_another_file() {
    let world = World::bare();
    fs::write(world.book(), "precious").unwrap();
    let said = world.run("book init --currency CHF").failed(4);
    assert!(said.contains("is there already"), "{said}");
    assert_eq!(world.read("team.db"), "precious");
}

#[test]
fn without_a_name_the_book_is_in_the_folder_for_data() {
    let world = World::bare();
    let unnamed = |line| world.clinch(line).without("CLINCH_BOOK").run();
    let said = unnamed("deals list").failed(7);
    assert!(said.contains("There is no book at"), "{said}");
    let _ = unnamed("book init --currency CHF").done();
    assert!(world.path("data/clinch/team.db").exists());
    assert_eq!(
        unnamed("deals list --json").done(),
        "{\"schema_version\":1,\"items\":[]}\n"
    );
}

#[test]
fn a_missing_book_is_said_with_what_to_do() {
    let world = World::bare();
    let said = world.run("contacts list").failed(7);
    assert!(
        said.contains("hint: `clinch book init` makes one"),
        "{said}"
    );
    assert!(!world.book().exists(), "a look makes no file");
}

/// Whatever is wrong with the file: it is refused with 7, by reads and writes, and not touched.
#[track_caller]
fn refused_untouched(world: &World, words: &str) {
    let before = fs::read(world.book()).unwrap();
    for line in [
        "deals list",
        "deals add --title X",
        "undo",
        "report leaderboard",
    ] {
        let said = world.run(line).failed(7);
        assert!(said.contains(words), "{line}: {said}");
    }
    assert!(fs::read(world.book()).unwrap() == before);
}

#[test]
fn a_text_file_is_no_book() {
    let world = World::bare();
    world.write("team.db", "name,amount\nAlpina,12\n");
    refused_untouched(&world, "is not a clinch book");
}

#[test]
fn another_programs_database_is_no_book() {
    let world = World::new();
    let mut bytes = fs::read(world.book()).unwrap();
    // Bytes 68 to 71 of a SQLite file say which program it belongs to.
    bytes[68..72].copy_from_slice(&0x0f05_5112_u32.to_be_bytes());
    fs::write(world.book(), bytes).unwrap();
    refused_untouched(&world, "is not a clinch book");
}

#[test]
fn a_book_of_a_newer_clinch_is_refused_by_its_version() {
    let world = World::new();
    let mut bytes = fs::read(world.book()).unwrap();
    // Bytes 60 to 63 are the schema, major times 1000 and minor.
    bytes[60..64].copy_from_slice(&7_003_u32.to_be_bytes());
    fs::write(world.book(), bytes).unwrap();
    refused_untouched(&world, "has schema 7.3");
}

#[test]
fn a_cut_book_is_damaged() {
    let world = World::new();
    let bytes = fs::read(world.book()).unwrap();
    fs::write(world.book(), &bytes[..bytes.len() / 3]).unwrap();
    refused_untouched(&world, "is damaged");
}

#[test]
fn a_locked_book_is_busy_and_nothing_is_written() {
    let world = World::new();
    let other = rusqlite::Connection::open(world.book()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let said = world.run("contacts add --name Nora --wait 0").failed(6);
    assert!(said.contains("trying again is safe"), "{said}");
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    assert_eq!(world.json("contacts list")["items"], serde_json::json!([]));
}

#[test]
fn a_currency_and_a_zone_must_be_real() {
    let world = World::bare();
    assert!(
        world
            .run("book init --currency XYZ")
            .failed(2)
            .contains("not a currency")
    );
    let said = world
        .run("book init --currency CHF --tz Europe/Zurch")
        .failed(2);
    assert!(said.contains("Did you mean `Europe/Zurich`?"), "{said}");
    let said = world.run("book init").failed(2);
    assert!(said.contains("Add `--currency CHF`"), "{said}");
    assert!(!world.book().exists());
}

#[test]
fn status_for_people_is_a_list() {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let status = without_ids(&world.run("book status").done());
    assert!(
        status.contains("\ncurrency                CHF\n"),
        "{status}"
    );
    assert!(status.contains("\ndeals                   1\n"), "{status}");
}

#[test]
fn the_settings_may_name_the_book_and_who_acts() {
    let world = World::bare();
    fs::create_dir_all(world.path("config/clinch")).unwrap();
    let book = world.path("own.db");
    world.write(
        "config/clinch/settings.toml",
        &format!("book = {book:?}\nrep = \"Mira\"\n"),
    );
    let unnamed = |line| world.clinch(line).without("CLINCH_BOOK").run();
    let _ = unnamed("book init --currency CHF").done();
    let _ = unnamed("reps add --name Mira").done();
    let _ = unnamed("deals add --title Pilot").done();
    assert!(unnamed("deals list --plain --fields title,owner").done() == "Pilot\tMira\n");
    world.write("config/clinch/settings.toml", "colour = 1\n");
    assert!(unnamed("deals list").failed(4).contains("settings.toml"));
}
