//! `today` and `tasks`: planned, listed, put off, done, removed, undone.

use crate::harness::World;

fn team() -> World {
    let world = World::new();
    let _ = world.run("reps add --name Ana").done();
    let _ = world.run("contacts add --name Nora").done();
    world
}

fn tasks(world: &World, more: &str) -> Vec<(String, String)> {
    let listed = world.json(&format!("tasks list {more}"));
    let text = |item: &serde_json::Value, name: &str| item[name].as_str().unwrap_or("-").to_owned();
    let items = listed["items"].as_array().unwrap().iter();
    items
        .map(|item| (text(item, "subject"), text(item, "due_date")))
        .collect()
}

#[test]
fn a_task_is_planned_put_off_done_and_each_is_undone() {
    let world = team();
    let _ = world
        .run("tasks add 'Send the offer' --due 2031-03-04 --contact Nora --as Ana")
        .done();
    let one = |date: &str| vec![("Send the offer".to_owned(), date.to_owned())];
    assert_eq!(tasks(&world, "--as Ana"), one("2031-03-04"));
    let _ = world
        .run("tasks snooze 'Send the offer' 2031-03-09 --as Ana")
        .done();
    assert_eq!(tasks(&world, "--as Ana"), one("2031-03-09"));
    let _ = world
        .run("tasks snooze 'Send the offer' '2031-03-09 14:00' --as Ana")
        .done();
    let item = &world.json("tasks list --as Ana")["items"][0];
    assert!(
        item["due_at"].is_string() && item["due_date"].is_null(),
        "{item}"
    );
    let _ = world.run("undo --as Ana").done();
    assert_eq!(tasks(&world, "--as Ana"), one("2031-03-09"));
    let _ = world
        .run("tasks done 'Send the offer' --outcome 'Sent' --minutes 15 --as Ana")
        .done();
    assert_eq!(tasks(&world, "--as Ana"), []);
    let said = world.run("tasks done 'Send the offer' --as Ana").failed(8);
    assert!(said.contains("done already"), "{said}");
    let _ = world.run("undo --as Ana").done();
    assert_eq!(tasks(&world, "--as Ana"), one("2031-03-09"));
    let _ = world.run("tasks rm 'Send the offer' --as Ana").done();
    assert_eq!(tasks(&world, "--as Ana"), []);
    let _ = world.run("tasks restore 'send the offer' --as Ana").done();
    assert_eq!(tasks(&world, "--as Ana"), one("2031-03-09"));
    let said = world.run("tasks restore 'Send the offer'").failed(3);
    assert!(said.contains("clinch trash list"), "{said}");
    let _ = world.run("tasks rm 'Send the offer' --as Ana").done();
    let _ = world.run("undo --as Ana").done();
    assert_eq!(tasks(&world, "--as Ana"), one("2031-03-09"));
    let _ = world.run("book check").done();
}

#[test]
fn a_day_is_of_who_asks_or_of_everybody() {
    let world = team();
    let _ = world.run("reps add --name Ben").done();
    let _ = world.run("tasks add Mine --by Ana").done();
    let _ = world.run("tasks add His --by Ben").done();
    assert_eq!(tasks(&world, "--as Ana").len(), 1);
    assert_eq!(tasks(&world, "--as Ana --everybody").len(), 2);
    assert_eq!(tasks(&world, "").len(), 2);
    let _ = world.run("tasks list --as Nobody").failed(3);
}

#[test]
fn what_says_nothing_is_refused() {
    let world = team();
    let _ = world.run("tasks add ''").failed(4);
    let _ = world.run("tasks add Call --due whenever").failed(4);
    let _ = world.run("tasks add Call --kind dream").failed(4);
    let _ = world.run("tasks add Call --contact Nobody").failed(3);
    let _ = world.run("tasks snooze Nothing fri").failed(3);
    let _ = world.run("tasks add Call").done();
    let _ = world.run("tasks snooze Call ''").failed(4);
    let _ = world.run("tasks done Call --minutes many").failed(4);
    assert_eq!(tasks(&world, ""), [("Call".to_owned(), "-".to_owned())]);
}

#[test]
fn today_tells_what_is_planned_who_waits_and_the_quota() {
    let world = team();
    let empty = world.json("today --as Ana");
    assert_eq!(empty["items"], serde_json::json!([]));
    assert!(empty["quota"].is_null());
    let _ = world
        .run("tasks add 'Ring up' --kind call --due today --contact Nora --as Ana")
        .done();
    let _ = world
        .run("leads add --name 'Marta Silva' --email marta@oporto.example --owner Ana")
        .done();
    let _ = world
        .run("quotas set --rep Ana --period this-quarter --amount 200 --ramp 50")
        .done();
    let _ = world
        .run("deals add --title Small --amount 120 --owner Ana")
        .done();
    let _ = world.run("deals win Small").done();
    let today = world.json("today --as Ana");
    let whats: Vec<&str> = today["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|item| item["what"].as_str())
        .collect();
    assert_eq!(whats, ["step", "waiting"]);
    assert_eq!(today["counts"]["today"], 1);
    assert_eq!(today["quota"]["percent"], 120);
    assert_eq!(today["quota"]["target"]["minor"], 10_000);
    let plain = world.run("today --plain --as Ana").done();
    assert!(plain.starts_with("today\t"), "{plain}");
    assert!(
        plain.contains("call: Ring up") && plain.contains("Marta Silva"),
        "{plain}"
    );
    assert!(world.json("today --everybody")["quota"].is_null());
}

#[test]
fn a_task_is_shown_and_changed() {
    let world = World::new();
    for line in [
        "reps add --name Ana",
        "contacts add --name Nora",
        "tasks add Offer --due 2031-03-04 --as Ana",
        "tasks edit Offer --subject 'The offer' --due '2031-03-05 14:00' --kind call --body 'both variants' --contact Nora --as Ana",
    ] {
        let _ = world.run(line).done();
    }
    let item = &world.json("tasks show 'the offer'")["item"];
    assert_eq!(item["subject"], "The offer");
    assert_eq!(item["kind"], "call");
    assert_eq!(item["body"], "both variants");
    assert_eq!(item["contact"]["name"], "Nora");
    assert!(item["due_date"].is_null() && !item["due_at"].is_null());
    let _ = world.run("tasks edit 'The offer' --due ''").done();
    assert!(world.json("tasks show 'the offer'")["item"]["due_at"].is_null());
    let said = world.run("tasks edit 'The offer'").failed(2);
    assert!(said.contains("Nothing was named"), "{said}");
    let _ = world.run("tasks edit 'The offer' --subject ''").failed(4);
    let _ = world.run("undo").done();
    let _ = world.run("undo --as Ana").done();
    let _ = world.run("tasks show Offer").done();
    let _ = world.run("book check").done();
}
