//! Records out of the book.

use serde_json::json;

use crate::harness::World;

fn filled() -> World {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    let _ = world.run("contacts add --name 'Nora Keller' --email nora@keller.example --tag vip --company 'Keller & Co' --new-company").done();
    let _ = world
        .run("deals add --title '=SUM(A1)' --company 'Keller & Co' --amount 42000.50 --as Mira")
        .done();
    let _ = world
        .run("deals add --title Pilot --contact 'Nora Keller'")
        .done();
    let _ = world.run("log call 'Price talk' --deal Pilot").done();
    world
}

#[test]
fn every_noun_comes_out_as_csv_and_as_json_lines() {
    let world = filled();
    for (what, count) in [
        ("contacts", 1),
        ("companies", 1),
        ("deals", 2),
        ("activities", 1),
    ] {
        let csv = world.run(&format!("export {what}")).done();
        assert_eq!(csv.lines().count(), count + 1, "{what}");
        let lines = world.run(&format!("export {what} --jsonl")).done();
        assert_eq!(lines.lines().count(), count, "{what}");
        for line in lines.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(record["id"].as_str().unwrap().len(), 13);
        }
    }
}

#[test]
fn columns_and_records_are_chosen() {
    let world = filled();
    let csv = world
        .run("export deals --fields title,amount,currency --filter 'has:amount'")
        .done();
    assert_eq!(csv, "title,amount,currency\n=SUM(A1),42000.50,CHF\n");
    assert!(
        world
            .run("export deals --fields title,amuont")
            .failed(2)
            .contains("Did you mean `amount`?")
    );
    assert!(world.run("export reports").failed(2).contains("reports"));
    assert!(
        world
            .run("export deals --json")
            .failed(2)
            .contains("--jsonl")
    );
}

#[test]
fn spreadsheets_run_no_cell() {
    let world = filled();
    let csv = world.run("export deals --fields title --excel").done();
    assert!(
        csv.starts_with('\u{feff}') && csv.contains("'=SUM(A1)"),
        "{csv}"
    );
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let world = filled();
    world.write("deals.csv", "old\n");
    let _ = world
        .run("export deals --fields nothing -o deals.csv")
        .failed(2);
    assert_eq!(world.read("deals.csv"), "old\n");
    let ran = world.run("export deals -o deals.csv");
    assert_eq!(ran.stderr, "Exported 2 deals\n");
    assert_eq!(ran.done(), "");
    assert_eq!(world.read("deals.csv").lines().count(), 3);
}

#[test]
fn what_went_out_comes_in_again_as_the_same() {
    let world = filled();
    let _ = world.run("export companies -o companies.csv").done();
    let _ = world.run("export contacts -o contacts.csv").done();
    let _ = world.run("export deals -o deals.csv").done();
    let other = World::new();
    for file in ["companies.csv", "contacts.csv", "deals.csv"] {
        std::fs::copy(world.path(file), other.path(file)).unwrap();
    }
    let _ = other
        .run("import companies.csv contacts.csv deals.csv")
        .done();
    let picked = |world: &World, what: &str, fields: &str| {
        world
            .run(&format!(
                "{what} list --sort {} --fields {fields} --csv",
                fields.split(',').next().unwrap()
            ))
            .done()
    };
    for (what, fields) in [
        ("companies", "name"),
        ("contacts", "name,emails,company,tags"),
        (
            "deals",
            "title,company,contact,stage,owner,amount,currency,state",
        ),
    ] {
        assert_eq!(picked(&other, what, fields), picked(&world, what, fields));
    }
    assert_eq!(other.json("reps list")["items"][0]["name"], json!("Mira"));
}

#[test]
fn a_whole_book_goes_out_as_json_lines_and_comes_into_an_empty_one() {
    let world = filled();
    let _ = world
        .run("views add --name Fish --screen contacts --filter tag:vip --columns name,company --sort -name --as Mira")
        .done();
    let _ = world
        .run("quotas set --rep Mira --period 2026-Q4 --amount 300k --ramp 50")
        .done();
    let _ = world
        .run("rates set --currency EUR --date 2026-11-01 --rate 0.94")
        .done();
    let _ = world.run("export all -o book.jsonl").done();
    let other = World::new();
    std::fs::copy(world.path("book.jsonl"), other.path("book.jsonl")).unwrap();
    let _ = other.run("import book.jsonl").done();
    for what in ["views", "quotas", "rates", "contacts", "companies", "reps"] {
        let lines = format!("export {what} --jsonl");
        assert_eq!(other.run(&lines).done(), world.run(&lines).done(), "{what}");
    }
    let again = other.run("import book.jsonl").done();
    assert!(again.contains("nothing new"), "{again}");
    let _ = other.run("undo").done();
    assert_eq!(other.run("export views --jsonl").done(), "");
    assert!(
        world
            .run("export all --filter open")
            .failed(2)
            .contains("--filter")
    );
}
