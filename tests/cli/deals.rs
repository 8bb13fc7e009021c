//! Deals: from the first one of a book to their close.

use serde_json::json;

use crate::harness::{World, without_ids};

fn deal(world: &World, reference: &str) -> serde_json::Value {
    world.json(&format!("deals show '{reference}'"))["item"].clone()
}

#[test]
fn the_first_deal_of_a_book_makes_the_standard_pipeline() {
    let world = World::new();
    let said = world.run("deals add --title 'Big one' --amount 42k").done();
    assert_eq!(without_ids(&said), "Added deal Big one  [id]\n");
    let item = deal(&world, "Big one");
    assert_eq!(item["stage"]["name"], "Qualify");
    assert_eq!(
        item["amount"],
        json!({"minor": 4_200_000, "currency": "CHF"})
    );
    assert_eq!(item["state"], "open");
    let _ = world.run("deals add --title 'Second'").done();
    let counts = &world.json("book status")["item"]["counts"];
    assert_eq!(
        (&counts["pipeline"], &counts["stage"]),
        (&json!(1), &json!(6))
    );
}

#[test]
fn a_deal_takes_all_its_fields_as_flags() {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    let _ = world.run("contacts add --name Nora").done();
    let _ = world
        .run("deals add --title Pilot --company Alpina --new-company --contact Nora --stage proposal --amount '10k EUR' --expected-close fri --probability 40% --source fair --tag vip --note 'Call first' --as Mira")
        .done();
    let item = deal(&world, "Pilot");
    assert_eq!(
        item["amount"],
        json!({"minor": 1_000_000, "currency": "EUR"})
    );
    assert_eq!(item["expected_close"], "2026-11-27");
    assert_eq!(
        (&item["probability"], &item["stage"]["name"]),
        (&json!(40), &json!("Proposal"))
    );
    assert_eq!(item["owner"]["name"], "Mira", "who adds a deal owns it");
    assert_eq!(
        (&item["company"]["name"], &item["contact"]["name"]),
        (&json!("Alpina"), &json!("Nora"))
    );
}

#[test]
fn an_amount_is_unknown_until_it_is_said() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot").done();
    assert_eq!(deal(&world, "Pilot")["amount"], json!(null));
    assert!(world.run("deals list").done().contains('—'));
}

#[test]
fn two_flags_that_contradict_each_other_are_refused() {
    let world = World::new();
    let said = world
        .run("deals add --title Pilot --amount '10k EUR' --currency USD")
        .failed(2);
    assert!(said.contains("currency"), "{said}");
    let said = world.run("deals add --title Pilot --amount much").failed(4);
    assert!(said.contains("`much` is not an amount"), "{said}");
}

#[test]
fn a_new_deal_begins_open() {
    let world = World::new();
    assert!(
        world
            .run("deals add --title Pilot --stage Engaging")
            .failed(3)
            .contains("Its stages are Qualify")
    );
    let _ = world.run("deals add --title First").done();
    assert!(
        world
            .run("deals add --title Pilot --stage Won")
            .failed(2)
            .contains("clinch deals win")
    );
    assert!(
        world
            .run("deals add --title Pilot --stage Propsal")
            .failed(3)
            .contains("Did you mean `Proposal`?")
    );
    assert!(
        world
            .run("deals add --title Pilot --pipeline Other")
            .failed(3)
            .contains("no pipeline `Other`")
    );
}

#[test]
fn a_deal_moves_wins_and_is_reopened() {
    let world = World::new();
    let id = world.add("deals add --title Pilot --amount 5000");
    let said = world.run("deals move Pilot negotiate").done();
    assert_eq!(without_ids(&said), "Moved deal Pilot to Negotiate  [id]\n");
    let said = world
        .run(&format!("deals win {id} --at 2026-11-20T15:00"))
        .done();
    assert_eq!(without_ids(&said), "Won deal Pilot  [id]\n");
    let item = deal(&world, "Pilot");
    assert_eq!(
        (&item["state"], &item["closed_at"]),
        (&json!("won"), &json!("2026-11-20T14:00:00Z"))
    );
    assert!(
        world.run("deals win Pilot").code != Some(1),
        "won twice is no crash"
    );
    let _ = world.run("deals reopen Pilot").done();
    let item = deal(&world, "Pilot");
    assert_eq!(
        (&item["state"], &item["stage"]["name"]),
        (&json!("open"), &json!("Negotiate"))
    );
    assert_eq!(item["closed_at"], json!(null));
}

#[test]
fn a_loss_keeps_its_reason_and_note() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot").done();
    let said = world
        .clinch("deals lose Pilot --reason price --note -")
        .stdin("12 % too dear\n")
        .run()
        .done();
    assert_eq!(without_ids(&said), "Lost deal Pilot (price)  [id]\n");
    let item = deal(&world, "Pilot");
    assert_eq!(
        (&item["state"], &item["lost_reason"]["name"]),
        (&json!("lost"), &json!("Price"))
    );
    assert_eq!(item["lost_note"], "12 % too dear");
}

#[test]
fn moving_to_a_closed_stage_closes() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot --amount 5k").done();
    let _ = world.run("deals move Pilot Won").done();
    assert_eq!(deal(&world, "Pilot")["state"], "won");
}

#[test]
fn an_edit_with_an_old_version_is_a_conflict() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot").done();
    let version = deal(&world, "Pilot")["version"].clone();
    let _ = world.run("deals edit Pilot --amount 100").done();
    let said = world
        .run(&format!(
            "deals edit Pilot --amount 200 --if-version {version}"
        ))
        .failed(5);
    assert!(said.starts_with("error: "), "{said}");
    assert_eq!(deal(&world, "Pilot")["amount"]["minor"], 10_000);
    let version = deal(&world, "Pilot")["version"].clone();
    let _ = world
        .run(&format!(
            "deals edit Pilot --amount 200 --if-version {version}"
        ))
        .done();
    let old = world
        .run(&format!("deals win Pilot --if-version {version} --json"))
        .failed(5);
    let fault: serde_json::Value = serde_json::from_str(&old).unwrap();
    assert_eq!(fault["code"], 5);
}

#[test]
fn another_currency_wants_the_amount_again_where_decimals_differ() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot --amount 42000").done();
    assert!(
        world
            .run("deals edit Pilot --currency JPY")
            .failed(2)
            .contains("--amount")
    );
    let _ = world.run("deals edit Pilot --currency EUR").done();
    assert_eq!(
        deal(&world, "Pilot")["amount"],
        json!({"minor": 4_200_000, "currency": "EUR"})
    );
    let _ = world
        .run("deals edit Pilot --currency JPY --amount 42000")
        .done();
    assert_eq!(
        deal(&world, "Pilot")["amount"],
        json!({"minor": 42_000, "currency": "JPY"})
    );
}

#[test]
fn deals_are_filtered_sorted_and_cut() {
    let world = World::new();
    for (title, amount) in [("One", 10), ("Two", 30), ("Three", 20)] {
        let _ = world
            .run(&format!("deals add --title {title} --amount {amount}"))
            .done();
    }
    let _ = world.run("deals win Two").done();
    let titles = |line: &str| {
        world
            .run(&format!("deals list --fields title --plain {line}"))
            .done()
    };
    assert_eq!(titles("--sort -amount"), "Two\nThree\nOne\n");
    assert_eq!(titles("--filter is:open --sort amount"), "One\nThree\n");
    assert_eq!(titles("--sort -amount --limit 1"), "Two\n");
    assert!(
        world
            .run("deals list --filter colour:red")
            .failed(2)
            .contains("colour")
    );
}

#[test]
fn the_members_of_a_deal_come_in_their_promised_order() {
    let world = World::new();
    let _ = world.add("deals add --title Oats --amount 100");
    let list = world.json("deals list");
    let names: Vec<&str> = list["items"][0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        names[..14],
        [
            "id",
            "title",
            "company",
            "contact",
            "stage",
            "pipeline",
            "owner",
            "amount",
            "expected_close",
            "created_at",
            "closed_at",
            "state",
            "source",
            "source_key"
        ]
    );
}
