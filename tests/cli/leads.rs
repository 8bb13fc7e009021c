//! Leads: contacts with a lead state, from the first one to a deal or to the reason why not.

use serde_json::json;

use crate::harness::{World, without_ids};

fn names(world: &World, line: &str) -> Vec<String> {
    let listed = world.json(line);
    let items = listed["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

fn lead(world: &World, name: &str) -> serde_json::Value {
    world.json(&format!("leads show '{name}'"))["item"].clone()
}

fn deal(world: &World, title: &str) -> serde_json::Value {
    world.json(&format!("deals show '{title}'"))["item"].clone()
}

#[test]
fn a_new_lead_is_new_and_only_leads_are_listed() {
    let world = World::new();
    let _ = world.run("contacts add --name Nora").done();
    let said = world.run("leads add --name Marta --source web").done();
    assert_eq!(without_ids(&said), "Added lead Marta  [id]\n");
    assert_eq!(names(&world, "leads list"), ["Marta"]);
    assert_eq!(lead(&world, "Marta")["lead_state"], "new");
    let _ = world.run("leads edit Marta --lead-state working").done();
    assert!(names(&world, "leads list --filter state:new").is_empty());
    let _ = world.run("leads rm Marta").done();
    assert!(names(&world, "leads list").is_empty());
    let _ = world.run("leads restore Marta").done();
    assert_eq!(names(&world, "leads list"), ["Marta"]);
}

#[test]
fn who_waits_longest_comes_first_and_who_was_answered_last() {
    let world = World::new();
    for (name, created) in [
        ("Late", "2026-11-23"),
        ("Early", "2026-11-20"),
        ("Answered", "2026-11-01"),
    ] {
        let line = format!("leads add --name {name} --created {created}");
        let _ = world.run(&line).done();
    }
    let _ = world
        .run("log call --direction out --contact Answered")
        .done();
    assert_eq!(
        names(&world, "leads list --sort waits"),
        ["Early", "Late", "Answered"]
    );
    assert_eq!(
        names(&world, "leads list --filter 'waits>1h' --sort name"),
        ["Early", "Late"]
    );
}

#[test]
fn a_conversion_is_one_step_with_contact_company_and_deal() {
    let world = World::new();
    let _ = world.run("reps add --name Ana").done();
    let _ = world.run("leads add --name Marta --source web").done();
    let said = world
        .run("leads convert Marta --company Oporto --amount 42k --expected-close fri --as Ana")
        .done();
    assert_eq!(
        without_ids(&said),
        "Converted lead Marta into deal Oporto  [id]\n"
    );
    let made = deal(&world, "Oporto");
    assert_eq!(made["stage"]["name"], "Qualify");
    assert_eq!(made["contact"]["name"], "Marta");
    assert_eq!(made["company"]["name"], "Oporto");
    assert_eq!(made["owner"]["name"], "Ana");
    assert_eq!(made["lead_source"], "web");
    assert_eq!(made["expected_close"], "2026-11-27");
    assert_eq!(
        made["amount"],
        json!({"minor": 4_200_000, "currency": "CHF"})
    );
    let now = lead(&world, "Marta");
    assert_eq!(now["lead_state"], "qualified");
    assert_eq!(now["company"]["name"], "Oporto");
    assert_eq!(now["owner"]["name"], "Ana");

    let _ = world.run("undo --as Ana").done();
    let before = lead(&world, "Marta");
    assert_eq!(
        (&before["lead_state"], &before["company"], &before["owner"]),
        (&json!("new"), &json!(null), &json!(null))
    );
    assert!(
        world.json("deals list")["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(names(&world, "companies list").is_empty());
}

#[test]
fn a_company_of_that_name_is_taken_and_nothing_known_is_overwritten() {
    let world = World::new();
    let _ = world.run("companies add --name Oporto --city Porto").done();
    let _ = world.run("companies add --name Ferro").done();
    let _ = world.run("leads add --name Marta --company Ferro").done();
    let _ = world.run("leads convert Marta --company oporto").done();
    assert_eq!(
        names(&world, "companies list --sort name"),
        ["Ferro", "Oporto"]
    );
    assert_eq!(deal(&world, "oporto")["company"]["name"], "Oporto");
    assert_eq!(lead(&world, "Marta")["company"]["name"], "Ferro");
}

#[test]
fn a_lead_with_an_open_deal_gets_no_second_one() {
    let world = World::new();
    let _ = world.run("leads add --name Marta").done();
    let _ = world
        .run("deals add --title Rollout --contact Marta --amount 5k")
        .done();
    let ran = world.run("leads convert Marta --amount 9k --expected-close fri");
    assert!(
        ran.stderr
            .contains("Left as it is: amount of deal Rollout.")
    );
    assert!(
        ran.done()
            .starts_with("Converted lead Marta into deal Rollout")
    );
    let rollout = deal(&world, "Rollout");
    assert_eq!(rollout["amount"]["minor"], 500_000);
    assert_eq!(rollout["expected_close"], "2026-11-27");
    assert_eq!(lead(&world, "Marta")["lead_state"], "qualified");
    assert_eq!(
        world.json("deals list")["items"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn what_cannot_be_converted_says_why() {
    let world = World::new();
    let _ = world.run("contacts add --name Nora").done();
    let _ = world.run("leads add --name Marta").done();
    let said = world.run("leads convert Nora").failed(4);
    assert!(said.contains("Nora is no lead"), "{said}");
    let _ = world.run("leads convert Marta").done();
    let said = world.run("leads convert Marta").failed(4);
    assert!(
        said.contains("Marta is converted already: deal Marta"),
        "{said}"
    );
    let said = world.run("leads convert Nobody").failed(3);
    assert!(said.contains("Nobody"), "{said}");
}

#[test]
fn a_lead_is_dropped_for_a_reason_and_never_without() {
    let world = World::new();
    let _ = world.run("leads add --name Marta").done();
    let _ = world.run("leads drop Marta").failed(2);
    let said = world.run("leads drop Marta --reason 'No budget'").done();
    assert_eq!(without_ids(&said), "Dropped lead Marta (No budget)  [id]\n");
    let dropped = lead(&world, "Marta");
    assert_eq!(dropped["lead_state"], "dropped");
    assert_eq!(dropped["drop_reason"], "No budget");
    let said = world.run("leads convert Marta").failed(4);
    assert!(said.contains("was dropped (No budget)"), "{said}");
    let _ = world.run("undo").done();
    let back = lead(&world, "Marta");
    assert_eq!(
        (&back["lead_state"], &back["drop_reason"]),
        (&json!("new"), &json!(null))
    );
}
