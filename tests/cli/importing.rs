//! Files into the book.

use std::fs;
use std::io::Write as _;

use serde_json::json;

use crate::harness::World;

const DEALS: &str = "Deal Name,Deal Stage,Amount,Close Date,Deal Owner\n\
    Alpina renewal,Proposal,42000,2026-12-18,Mira\n\
    Brunner pilot,Closed Won,1500.50,2026-10-02,Mira\n\
    Castell rollout,Closed Lost,,2026-11-03,Jonas\n";

#[test]
fn a_file_comes_in_and_goes_with_one_undo() {
    let world = World::new();
    world.write("deals.csv", DEALS);
    let said = world.run("import deals.csv").done();
    assert!(
        said.contains("deals: 3 new") && said.contains("Deal Name → "),
        "{said}"
    );
    let deals = world.json("deals list --sort title");
    let states: Vec<_> = deals["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["state"].clone())
        .collect();
    assert_eq!(states, [json!("open"), json!("won"), json!("lost")]);
    assert_eq!(
        deals["items"][1]["close_base"],
        json!({"minor": 150_050, "currency": "CHF"})
    );
    assert_eq!(deals["items"][2]["amount"], json!(null), "blank is unknown");
    let _ = world.run("undo").done();
    assert_eq!(world.json("deals list")["items"], json!([]));
}

#[test]
fn the_same_file_again_changes_nothing() {
    let world = World::new();
    world.write("deals.csv", DEALS);
    let _ = world.run("import deals.csv").done();
    let before = world.json("book status")["item"]["seq"].clone();
    let said = world.run("import deals.csv").done();
    assert!(
        said.contains("deals: 3 unchanged") && said.contains("nothing new"),
        "{said}"
    );
    assert_eq!(world.json("book status")["item"]["seq"], before);
}

#[test]
fn a_dry_run_plans_and_writes_nothing() {
    let world = World::new();
    world.write("deals.csv", DEALS);
    let planned = world.json("import deals.csv --dry-run");
    assert_eq!(
        (
            &planned["item"]["dry_run"],
            &planned["item"]["counts"]["deal"]["create"]
        ),
        (&json!(true), &json!(3))
    );
    assert_eq!(world.json("book status")["item"]["steps"], 0);
}

#[test]
fn rejected_rows_are_counted_kept_and_told_apart() {
    let world = World::new();
    world.write(
        "deals.csv",
        &format!("{DEALS}Delta pilot,Proposal,a lot,2026-12-18,Mira\n"),
    );
    let ran = world.run("import deals.csv --rejects rejects.csv");
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(
        ran.stdout.contains("deals: 3 new, 1 rejected") && ran.stdout.contains("line 5"),
        "{}",
        ran.stdout
    );
    let rejects = world.read("rejects.csv");
    assert!(
        rejects.contains("Delta pilot") && rejects.lines().count() == 2,
        "{rejects}"
    );
    assert_eq!(
        world.json("deals list")["items"].as_array().unwrap().len(),
        3
    );
    // Mended, the file of rejects comes in by itself.
    world.write("mended.csv", &rejects.replace("a lot", "900"));
    let _ = world.run("import mended.csv").done();
    assert_eq!(
        world.json("deals list")["items"].as_array().unwrap().len(),
        4
    );
}

#[test]
fn strict_is_all_or_nothing() {
    let world = World::new();
    world.write(
        "deals.csv",
        &format!("{DEALS}Delta pilot,Proposal,a lot,2026-12-18,Mira\n"),
    );
    let ran = world.run("import deals.csv --strict");
    assert_eq!(ran.code, Some(4));
    assert!(
        ran.stderr.contains("Nothing was imported") && ran.stderr.contains("a lot"),
        "{}",
        ran.stderr
    );
    assert_eq!(world.json("book status")["item"]["steps"], 0);
    world.write("good.csv", DEALS);
    let _ = world.run("import good.csv --strict").done();
    assert_eq!(
        world.json("deals list")["items"].as_array().unwrap().len(),
        3
    );
}

#[test]
fn standard_input_is_a_file_too() {
    let world = World::new();
    let said = world.clinch("import -").stdin(DEALS).run().done();
    assert!(
        said.starts_with("standard input: 3 rows of deals"),
        "{said}"
    );
    assert!(
        world
            .clinch("import - -")
            .stdin(DEALS)
            .run()
            .failed(2)
            .contains("only once")
    );
}

#[test]
fn what_is_no_table_is_refused_and_the_book_stays() {
    let world = World::new();
    world.write("notes.csv", "colour,shape\nred,round\n");
    fs::File::create(world.path("book.csv"))
        .unwrap()
        .write_all(b"PK\x03\x04rest")
        .unwrap();
    for (file, words) in [
        ("notes.csv", "nothing to take"),
        ("book.csv", "book.csv"),
        ("missing.csv", "cannot be read"),
    ] {
        let said = world.run(&format!("import {file}")).failed(4);
        assert!(said.contains(words), "{file}: {said}");
    }
    assert_eq!(world.json("book status")["item"]["steps"], 0);
}

#[test]
fn columns_and_dates_can_be_told() {
    let world = World::new();
    world.write("list.csv", "Wer,Wann,Wieviel\nAlpina,03/04/2026,12\n");
    let said = world.run("import list.csv --into deals").failed(4);
    assert!(said.contains("--map"), "{said}");
    let _ = world
        .run("import list.csv --into deals --map Wer=title --map Wann=expected_close --map Wieviel=amount --dates dmy --pipeline Sales --currency EUR")
        .done();
    let item = &world.json("deals list")["items"][0];
    assert_eq!(
        (&item["expected_close"], &item["pipeline"]["name"]),
        (&json!("2026-04-03"), &json!("Sales"))
    );
    assert_eq!(item["amount"], json!({"minor": 1200, "currency": "EUR"}));
    assert!(
        world
            .run("import list.csv --into things")
            .failed(2)
            .contains("things")
    );
    assert!(
        world
            .run("import list.csv --map Wer")
            .failed(2)
            .contains("names no field")
    );
}

#[test]
fn an_import_needs_no_known_rep() {
    let world = World::new();
    world.write(
        "team.csv",
        "sales_agent,manager,regional_office\nMira,Vera,North\n",
    );
    let _ = world
        .clinch("import team.csv --into reps")
        .env("CLINCH_REP", "Mira")
        .run()
        .done();
    assert_eq!(world.json("reps show Mira")["item"]["region"], "North");
}

#[cfg(unix)]
#[test]
fn an_interrupted_import_leaves_the_book_as_it_was() {
    use std::fmt::Write as _;
    use std::process::{Command, Stdio};

    let world = World::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_clinch"))
        .args(["import", "-"])
        .env("CLINCH_BOOK", world.book())
        .env("HOME", world.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // More than a pipe holds: when all of it is written, the import is reading, and it listens for signals since before that.
    let mut rows = String::from("Deal Name,Deal Stage,Amount\n");
    for number in 0..20_000 {
        let _ = writeln!(rows, "Deal {number},Proposal,{number}");
    }
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(rows.as_bytes()).unwrap();
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(sent.success());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("cancelled"), "{said}");
    assert_eq!(world.json("deals list")["items"], json!([]));
}

#[test]
fn lists_and_figures_are_not_taken_for_records_of_another_noun() {
    let world = World::new();
    for line in [
        "reps add --name Ana",
        "contacts add --name Nora",
        "deals add --title Pilot --amount 100 --contact Nora --as Ana",
        "products add --name Cable --price 10",
        "lines add --deal Pilot --product Cable",
        "tasks add Call --contact Nora --as Ana",
        "views add --name Mine --screen contacts --filter owner:me --as Ana",
        "fields add --name Tier --of deal --kind text",
        "quotas set --rep Ana --period 2026-Q4 --amount 300k",
        "rates set --currency EUR --rate 0.94",
        "lost-reasons add --name Price",
        "deals win Pilot --as Ana",
        "contacts rm Nora",
    ] {
        let _ = world.run(line).done();
    }
    for list in [
        "stages list",
        "stages list --fields id,name,kind",
        "views list",
        "fields list",
        "quotas list",
        "rates list",
        "lines list",
        "lost-reasons list",
        "tasks list",
        "today",
        "trash list",
        "search pilot",
        "undo --list",
        "report leaderboard",
        "report win-rate",
    ] {
        let csv = world.run(&format!("{list} --csv")).done();
        assert!(csv.lines().count() > 1, "{list}: {csv}");
        world.write("x.csv", &csv);
        let said = world.run("import x.csv").failed(4);
        assert!(said.contains("clinch export"), "{list}: {said}");
    }
}
