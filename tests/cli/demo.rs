//! The sample book.

use serde_json::json;

use crate::harness::{NOW, World};

#[test]
fn the_sample_book_is_kept_where_it_is_wanted() {
    let world = World::bare();
    let said = world.run("demo --keep team.db --no-input").done();
    assert_eq!(said, "team.db\n");
    let counts = &world.json("book status")["item"]["counts"];
    assert_eq!(
        (&counts["deal"], &counts["rep"], &counts["contact"]),
        (&json!(310), &json!(5), &json!(200))
    );
    let open = world.json("deals list --filter is:open")["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(open, 60);
    assert!(
        world
            .run("demo --keep team.db --no-input")
            .failed(4)
            .contains("is there already")
    );
}

#[test]
fn the_sample_book_has_something_for_every_report() {
    let world = World::bare();
    let _ = world.run("demo --keep team.db --no-input").done();
    let report = world.json("report leaderboard --period 2026");
    assert_eq!(report["rows"].as_array().unwrap().len(), 5);
    assert!(report["total"]["won_count"].as_u64().unwrap() > 60);
    for filter in [
        "is:rotting",
        "no:amount",
        "has:next_step",
        "no:expected_close",
    ] {
        let found = world.json(&format!("deals list --filter '{filter} is:open'"));
        assert!(!found["items"].as_array().unwrap().is_empty(), "{filter}");
    }
}

#[test]
fn without_a_terminal_the_throwaway_book_is_left_and_named() {
    let world = World::bare();
    let path = world.run("demo").done();
    let path = path.trim();
    let listed = world
        .clinch("deals list --json")
        .env("CLINCH_BOOK", path)
        .env("CLINCH_NOW", NOW)
        .run()
        .done();
    assert!(listed.contains("\"items\":[{"));
}
