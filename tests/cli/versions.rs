//! Books of other versions.

use std::fs;
use std::path::Path;

use crate::harness::World;

#[test]
fn a_book_of_every_released_schema_opens_checks_and_is_written() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let mut seen = 0;
    for entry in fs::read_dir(schemas).unwrap() {
        let world = World::bare();
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|end| end != "db") {
            continue;
        }
        fs::copy(entry.path(), world.book()).unwrap();
        let _ = world.run("book check").done();
        let titles = world
            .run("deals list --plain --fields title,amount,stage")
            .done();
        assert_eq!(
            titles, "Rollout\t120000.00\tDiscovery\nPilot\t\tNegotiate\n",
            "{entry:?}"
        );
        let _ = world.run("deals edit Pilot --amount 5k").done();
        let _ = world.run("undo").done();
        let _ = world.run("contacts add --name Nora").done();
        let _ = world.run("book check").done();
        let _ = world.run("book migrate").done();
        seen += 1;
    }
    assert!(seen > 0);
}

/// A book of a minor that is not released yet: a column, a table and a word in the log more.
fn newer(world: &World) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open(world.book()).unwrap();
    conn.execute_batch(
        "ALTER TABLE deal ADD COLUMN heat INTEGER; UPDATE deal SET heat = 7;
         CREATE TABLE visit (id INTEGER PRIMARY KEY) STRICT; INSERT INTO visit VALUES (1);
         INSERT INTO change (step, entity, record, field, new) SELECT max(n), 'visit', 1, 'km', 0.5 FROM step;
         PRAGMA user_version = 1002;",
    )
    .unwrap();
    conn
}

#[test]
fn a_newer_minor_is_worked_on_and_keeps_what_is_its_own() {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let conn = newer(&world);
    let _ = world
        .run("contacts add --name Nora --email nora@example.com")
        .done();
    let _ = world.run("deals edit One --amount 5k").done();
    let _ = world.run("undo").done();
    let _ = world.run("redo").done();
    world.write("deals.csv", "Deal name,Amount\nOne,7000\nTwo,12\n");
    let _ = world.run("import deals.csv --into deals").done();
    assert_eq!(
        world.json("deals list")["items"].as_array().unwrap().len(),
        3
    );
    let exported = world.run("export deals --csv").done();
    assert!(exported.contains("Two"), "{exported}");
    let _ = world.run("undo").done();
    let _ = world.run("undo --list").done();
    let _ = world.run("book check").done();
    let heat: (i64, i64) = conn
        .query_row(
            "SELECT (SELECT heat FROM deal WHERE title = 'One' LIMIT 1), (SELECT count(*) FROM visit)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!(heat, (7, 1));
    let said = world.run("book migrate").done();
    assert_eq!(said, "Nothing to do: the book has schema 1.2\n");
}

#[test]
fn a_book_that_asks_for_a_newer_minor_is_read_and_not_written() {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let conn = newer(&world);
    conn.execute("UPDATE book SET least_minor = 2", []).unwrap();
    assert_eq!(
        world.run("deals list --plain --fields title").done(),
        "One\n"
    );
    let said = world.run("deals add --title Two").failed(8);
    assert!(said.contains("1.2") && said.contains("Install"), "{said}");
    let _ = world.run("undo").failed(8);
    assert_eq!(
        world.run("deals list --plain --fields title").done(),
        "One\n"
    );
    // A backup only reads.
    let _ = world.run("book backup").done();
}
