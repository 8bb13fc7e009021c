//! `book check`: all holds, or what does not, in words and for programs.

use std::fs;

use rusqlite::Connection;
use serde_json::json;

use crate::harness::World;

fn tamper(world: &World, sql: &str) {
    let other = Connection::open(world.book()).unwrap();
    other.execute_batch(sql).unwrap();
}

#[test]
fn the_sample_book_holds() {
    let world = World::bare();
    let _ = world.run("demo --keep team.db --no-input").done();
    let item = &world.json("book check")["item"];
    assert_eq!(item["clean"], true);
    assert!(item["records"].as_u64().unwrap() > 500);
    let said = world.run("book check").done();
    assert!(said.starts_with("All holds: "), "{said}");
}

#[test]
fn a_sheet_that_came_in_and_went_again_leaves_a_book_that_holds() {
    let world = World::new();
    world.write(
        "deals.csv",
        "Deal,Company,Contact,Email,Stage,Amount,Segment\nOne,Alpina,Nora,nora@alpina.example,Qualify,100,A\nTwo,Berna,Rolf,rolf@berna.example,Won,200,B\n",
    );
    let _ = world.run("import deals.csv --into deals").done();
    assert_eq!(world.json("book check")["item"]["clean"], true);
    let _ = world.run("undo").done();
    assert_eq!(world.json("book check")["item"]["clean"], true);
}

#[test]
fn what_another_program_wrote_is_named_with_what_the_log_says() {
    let world = World::new();
    let _ = world.run("deals add --title Alpina --amount 42k").done();
    let _ = world.run("deals edit Alpina --amount 5k").done();
    tamper(&world, "UPDATE deal SET amount = 700");
    let before = fs::read(world.book()).unwrap();
    let ran = world.run("book check");
    assert_eq!(ran.code, Some(7));
    let line = "amount is `CHF 7.00`, and the log says `CHF 5,000.00` (step 2, Edit Alpina: amount, by tester, Tue 24 Nov 2026 11:05)";
    assert!(ran.stdout.contains(line), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 finding: "), "{}", ran.stdout);
    assert!(ran.stderr.contains("clinch book restore"), "{}", ran.stderr);
    let ran = world.run("book check --json");
    assert_eq!(ran.code, Some(7));
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = &found["item"]["found"][0];
    assert_eq!(found["kind"], "field");
    assert_eq!(
        (&found["log"], &found["row"]),
        (&json!(500_000), &json!(700))
    );
    assert!(
        fs::read(world.book()).unwrap() == before,
        "a check writes nothing"
    );
}
