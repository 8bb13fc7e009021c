//! Views: made, changed, listed by, exported by.

use crate::harness::World;

fn filled() -> World {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    let _ = world.run("reps add --name Ben").done();
    for (name, city, owner) in [
        ("Ada", "Basel", "Mira"),
        ("Bea", "Bern", "Ben"),
        ("Cid", "Bonn", "Mira"),
    ] {
        let _ = world
            .run(&format!(
                "contacts add --name {name} --city {city} --owner {owner} --tag vip"
            ))
            .done();
    }
    world
}

#[test]
fn a_view_gives_a_list_its_filter_its_columns_and_its_order() {
    let world = filled();
    let _ = world
        .run("views add --name 'My people' --screen contacts --filter 'owner:me  and tag:vip' --columns name,city,next_step --sort -name --as Mira")
        .done();
    let item = &world.json("views show 'My people'")["item"];
    assert_eq!(item["filter"], "owner:me tag:vip", "in its canonical form");
    assert_eq!(item["owner"]["name"], "Mira");
    assert_eq!(item["shared"], true);
    let listed = world
        .run("contacts list --view 'my people' --csv --as Mira")
        .done();
    assert_eq!(listed, "name,city\nCid,Bonn\nAda,Basel\n");
    let narrowed = world
        .run("contacts list --view 'my people' --filter bonn --fields city --csv --as Mira")
        .done();
    assert_eq!(narrowed, "city\n", "a word searches names, not cities");
    let exported = world
        .run("export contacts --view 'My people' --as Mira")
        .done();
    assert_eq!(exported, "name,city\nCid,Bonn\nAda,Basel\n");
}

#[test]
fn a_view_says_nothing_that_its_screen_does_not_have() {
    let world = filled();
    let add = "views add --name Late --screen pipeline";
    let said = world.run(&format!("{add} --filter 'onwer:me'")).failed(2);
    assert!(said.contains("`owner`"), "{said}");
    let _ = world.run(&format!("{add} --filter '(a'")).failed(4);
    let _ = world.run(&format!("{add} --sort colour")).failed(4);
    let _ = world
        .run("views add --name Late --screen nowhere")
        .failed(4);
    let _ = world.run("views add --name Late").failed(4);
    let _ = world.run(&format!("{add} --filter is:rotting")).done();
    let _ = world.run("views edit Late --filter 'colour:red'").failed(2);
    assert!(
        world
            .run("contacts list --view Late")
            .failed(3)
            .contains("no view of contacts")
    );
}

#[test]
fn what_is_not_shared_is_its_owners_alone_and_all_can_be_undone() {
    let world = filled();
    let _ = world
        .run("views add --name Mine --screen contacts --filter owner:me --shared no --as Mira")
        .done();
    let _ = world.run("contacts list --view Mine --as Mira").done();
    let _ = world.run("contacts list --view Mine --as Ben").failed(3);
    let _ = world.run("views edit Mine --shared yes --as Mira").done();
    let _ = world.run("contacts list --view Mine --as Ben").done();
    let _ = world.run("undo --as Mira").done();
    let _ = world.run("contacts list --view Mine --as Ben").failed(3);
    let _ = world.run("views rm Mine --yes").done();
    assert_eq!(
        world.json("views list")["items"].as_array().unwrap().len(),
        0
    );
    let _ = world.run("undo").done();
    assert_eq!(
        world.json("views list")["items"].as_array().unwrap().len(),
        1
    );
    let _ = world.run("book check").done();
    assert!(world.run("export views").done().contains("owner:me"));
}

#[test]
fn a_view_of_a_board_keeps_its_pipeline_through_an_export_of_all() {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    for (title, pipeline) in [("One", "Sales"), ("Two", "Partners")] {
        let _ = world
            .run(&format!("pipelines add --name {pipeline}"))
            .done();
        let _ = world
            .run(&format!("deals add --title {title} --pipeline {pipeline}"))
            .done();
    }
    let id = world.json("pipelines show Partners")["item"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let _ = world
        .run(&format!(
            "views add --name Ours --screen pipeline --columns pipeline.{id} --filter is:open"
        ))
        .done();
    let shown = world.run("views show Ours").done();
    assert!(
        shown
            .lines()
            .any(|line| line.split_whitespace().eq(["pipeline", "Partners"])),
        "{shown}"
    );
    let listed = world
        .run("deals list --view Ours --fields title --csv")
        .done();
    assert_eq!(listed, "title\nTwo\n", "as the board shows it");
    assert!(world.run("views list").done().contains("  Partners  "));
    let fields = "views list --fields name,pipeline";
    assert_eq!(
        world.run(&format!("{fields} --csv")).done(),
        "name,pipeline\nOurs,Partners\n"
    );
    let whole = &world.json("views list")["items"][0]["pipeline"];
    assert_eq!(*whole, serde_json::json!({"id": id, "name": "Partners"}));
    assert_eq!(world.json(fields)["items"][0]["pipeline"], *whole);
    let _ = world
        .run("views add --name Mine --screen contacts --filter mira")
        .done();
    let mine = &world.json("views list --sort name")["items"][0];
    assert!(mine["pipeline"].is_null(), "{mine}");
    let all = world.run("export all").done();
    assert!(all.contains(&format!("pipeline.{id}")), "{all}");
}

#[test]
fn a_word_that_nothing_holds_is_told_where_a_list_stays_empty() {
    let world = filled();
    let said = world.run("contacts list --filter tag:vipp").stderr;
    assert!(
        said.contains("No tag here is `vipp`; the nearest is `vip`."),
        "{said}"
    );
    let said = world.run("contacts list --filter tag:vip").stderr;
    assert!(!said.contains("nearest"), "{said}");
}

#[test]
fn a_view_whose_field_is_gone_lists_and_exports_nothing_and_says_how_it_is_mended() {
    let world = filled();
    for line in [
        "fields add --name tier --of contact --kind text",
        "views add --name Gold --screen contacts --filter tier:gold",
        "fields rm tier",
    ] {
        let _ = world.run(line).done();
    }
    for verb in ["contacts list", "export contacts"] {
        let said = world.run(&format!("{verb} --view gold")).failed(4);
        assert!(said.contains("The view `Gold` cannot be used"), "{said}");
        assert!(
            said.contains("`tier`") && said.contains("views edit"),
            "{said}"
        );
    }
}
