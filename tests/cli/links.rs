//! Texts of imports that wait for one answer.

use serde_json::json;

use crate::harness::{World, without_ids};

const PRODUCTS: &str = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n";
const DEALS: &str = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
    A1,Mira Frey,GTXPro,Cancity,Won,2016-10-20,2017-03-01,1054\n\
    A2,Mira Frey,GTXPro,Cancity,Engaging,2016-10-25,,\n";

/// A book with two deals of a product that is near to a known one.
fn waiting() -> World {
    let world = World::new();
    world.write("products.csv", PRODUCTS);
    world.write("deals.csv", DEALS);
    let said = world.run("import products.csv deals.csv").done();
    assert!(
        said.contains(
            "Waits for an answer: 2 rows name the product `GTXPro`. Is it `GTX Pro`? `clinch links accept GTXPro` says yes"
        ) && said.contains("`clinch links list`"),
        "{said}"
    );
    world
}

#[test]
fn what_waits_is_listed_with_what_is_suggested() {
    let world = waiting();
    let said = without_ids(&world.run("links list").done());
    assert_eq!(
        said.lines().map(str::trim_end).collect::<Vec<_>>(),
        [
            "stands for  text    records  suggestion",
            "product     GTXPro        2  GTX Pro"
        ]
    );
    let list = world.json("links list");
    assert_eq!(list["schema_version"], 1);
    let item = &list["items"][0];
    assert_eq!(
        (&item["noun"], &item["text"], &item["records"]),
        (&json!("product"), &json!("GTXPro"), &json!(2))
    );
    assert_eq!(item["suggestion"]["name"], "GTX Pro");
    assert_eq!(World::new().json("links list")["items"], json!([]));
}

#[test]
fn one_answer_is_one_step_and_is_remembered() {
    let world = waiting();
    let planned = world.run("links accept gtxpro --dry-run").done();
    assert_eq!(
        planned,
        "Not done (dry run): Linked `GTXPro` of 2 deals to product GTX Pro\n"
    );
    let said = world.run("links accept gtxpro").done();
    assert_eq!(
        said,
        "Linked `GTXPro` of 2 deals to product GTX Pro\n`clinch undo` takes this back\n"
    );
    assert_eq!(world.json("links list")["items"], json!([]));
    let again = world.run("import products.csv deals.csv").done();
    assert!(again.contains("nothing new"), "{again}");
    world.write(
        "more.csv",
        &format!("{DEALS}A3,Mira Frey,GTXPro,Cancity,Engaging,2017-01-02,,\n"),
    );
    let more = &world.json("import more.csv")["item"];
    assert_eq!(more["suggestions"], json!([]));
    let _ = world.run("undo").done();
    let undone = world.run("undo").done();
    assert!(undone.contains("Link `GTXPro` to GTX Pro"), "{undone}");
    assert_eq!(world.json("links list")["items"][0]["records"], 2);
}

#[test]
fn another_record_than_the_suggested_one_can_be_named() {
    let world = waiting();
    let done = &world.json("links accept GTXPro --to 'MG Special'")["item"];
    assert_eq!(
        (&done["records"], &done["kept"], &done["dry_run"]),
        (&json!(2), &json!([]), &json!(false))
    );
    let fault = world.run("links accept GTXPro").failed(3);
    assert!(fault.contains("Nothing waits for `GTXPro`"), "{fault}");
}

#[test]
fn a_dismissed_suggestion_leaves_the_text_open() {
    let world = waiting();
    let said = world.run("links dismiss GTXPro").done();
    assert!(
        said.starts_with("Dismissed product GTX Pro for `GTXPro`; still open: 2 deals\n"),
        "{said}"
    );
    let item = &world.json("links list")["items"][0];
    assert_eq!(
        (&item["records"], &item["suggestion"]),
        (&json!(2), &json!(null))
    );
    let fault = world.run("links accept GTXPro").failed(3);
    assert!(
        fault.contains("Nothing is suggested") && fault.contains("--to RECORD"),
        "{fault}"
    );
    let _ = world.run("links dismiss GTXPro").failed(3);
}

#[test]
fn a_text_that_waits_for_several_nouns_is_not_guessed_at() {
    let world = World::new();
    world.write(
        "reps.csv",
        "sales_agent,manager,regional_office\nMira Frey,Max,West\n",
    );
    world.write(
        "companies.csv",
        "account,sector,revenue,employees\nMirafrei,food,1,2\n",
    );
    world.write(
        "deals.csv",
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
         A1,Mira Frei,,Mira Frei,Engaging,2016-10-20,,\n",
    );
    let _ = world.run("import reps.csv companies.csv deals.csv").done();
    let fault = world
        .run("links accept 'Mira Frei' --to 'Mira Frey'")
        .failed(3);
    assert!(
        fault.contains("several") && fault.contains("--into NOUN"),
        "{fault}"
    );
    let said = world.run("links accept 'Mira Frei' --into rep").done();
    assert!(
        said.contains("Linked `Mira Frei` of 1 deal to rep Mira Frey"),
        "{said}"
    );
    assert_eq!(
        world.json("deals list")["items"][0]["owner"]["name"],
        "Mira Frey"
    );
}

#[test]
fn a_text_that_nobody_waits_for_is_told() {
    let world = waiting();
    let fault = world.run("links accept GTXPr").failed(3);
    assert!(
        fault.contains("Nothing waits for `GTXPr`.") && fault.contains("Did you mean `GTXPro`?"),
        "{fault}"
    );
    let fault = world
        .run("links accept GTXPro --to 'Nothing at all'")
        .failed(3);
    assert!(fault.contains("There is no product"), "{fault}");
}
