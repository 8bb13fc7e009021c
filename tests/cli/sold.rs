//! Products, and the lines of deals: added, changed, removed, undone; what they make, and in which currency.

use serde_json::json;

use crate::harness::World;

fn shop() -> World {
    let world = World::new();
    let _ = world
        .run("products add --name Licence --code L1 --price 1200")
        .done();
    let _ = world
        .run("products add --name Support --price '300 EUR'")
        .done();
    let _ = world.run("deals add --title Rollout").done();
    let _ = world
        .run("deals add --title Pilot --amount '1000 EUR'")
        .done();
    world
}

const CELLS: &str = "deals lines Rollout --plain";

#[test]
fn the_amount_of_a_deal_follows_its_lines_while_it_is_their_sum() {
    let world = shop();
    let id = world.add("lines add --deal Rollout --product l1");
    let known = world.json("deals lines Rollout");
    assert_eq!(known["items"][0]["id"], json!(id));
    assert_eq!(known["items"][0]["quantity"], json!(1));
    assert_eq!(known["items"][0]["price"]["minor"], json!(120_000));
    assert_eq!(known["sum"], json!({"minor": 120_000, "currency": "CHF"}));
    assert_eq!(known["amount"], known["sum"]);
    assert_eq!(known["amount_and_lines"], json!("equal"));
    let _ = world.run("lines edit Licence --quantity 3").done();
    assert_eq!(
        world.json("deals show Rollout")["item"]["amount"]["minor"],
        json!(360_000)
    );
    // One step, the amount with it.
    let _ = world.run("undo").done();
    assert_eq!(
        world.json("deals show Rollout")["item"]["amount"]["minor"],
        json!(120_000)
    );
    let free = world.add("lines add --deal Rollout --text Setup --price 400 --quantity 2");
    assert_eq!(
        world.json("deals lines Rollout")["amount"]["minor"],
        json!(200_000)
    );
    let _ = world.run(&format!("lines rm {free}")).done();
    assert_eq!(
        world.json("deals lines Rollout")["amount"]["minor"],
        json!(120_000)
    );
    let _ = world.run("undo").done();
    assert!(world.run(CELLS).done().contains("Setup\t2\t400.00\t800.00"));
    let _ = world.run("book check").done();
}

#[test]
fn an_amount_that_differs_stays_and_is_said_until_somebody_sets_it() {
    let world = shop();
    let _ = world.run("deals edit Rollout --amount 1000").done();
    let added = world.run("lines add --deal Rollout --product Licence");
    assert!(
        added
            .stderr
            .contains("lines make 1,200.00, amount says 1,000.00"),
        "{}",
        added.stderr
    );
    let _ = added.done();
    assert_eq!(
        world.json("deals lines Rollout")["amount_and_lines"],
        json!("differs")
    );
    let _ = world.run("deals lines Rollout --set-amount").done();
    assert_eq!(
        world.json("deals show Rollout")["item"]["amount"]["minor"],
        json!(120_000)
    );
    let _ = world.run("undo").done();
    assert_eq!(
        world.json("deals show Rollout")["item"]["amount"]["minor"],
        json!(100_000)
    );
    let _ = world.run("lines edit Licence --clear price").done();
    let said = world.run("deals lines Rollout --set-amount").failed(4);
    assert!(
        said.contains("1 line is without price or quantity"),
        "{said}"
    );
}

#[test]
fn a_line_is_in_the_currency_of_its_deal() {
    let world = shop();
    let added = world.run("lines add --deal Pilot --product Licence");
    assert!(
        added
            .stderr
            .contains("Licence costs CHF 1,200.00, and the deal is in EUR"),
        "{}",
        added.stderr
    );
    let _ = added.done();
    let _ = world
        .run("lines add --deal Pilot --product Support --quantity 4")
        .done();
    let lines = world.json("lines list --filter product:Support");
    assert_eq!(
        lines["items"][0]["price"],
        json!({"minor": 30_000, "currency": "EUR"})
    );
    assert!(world.run("lines list").done().contains("EUR 300.00"));
    let table = "deal,product,price,currency\nPilot,Licence,,\nPilot,Support,300.00,EUR\n";
    let fields = "--fields deal,product,price,currency";
    let exported = world.run(&format!("export lines {fields}")).done();
    assert_eq!(exported, table, "no amount without its currency");
    let listed = world.run(&format!("lines list --csv {fields}")).done();
    assert_eq!(listed, table);
    let whole = world.run("export lines").done();
    assert!(
        whole.lines().next().unwrap().contains(",price,currency"),
        "{whole}"
    );
    let _ = world.run("lines edit Licence --price '1200 CHF'").failed(4);
    // The figures would stay and mean something else.
    let said = world.run("deals edit Pilot --currency CHF").failed(4);
    assert!(said.contains("a line with a price in EUR"), "{said}");
    let said = world.run("deals edit Pilot --amount '5 CHF'").failed(4);
    assert!(
        said.contains("remove the lines or clear their prices"),
        "{said}"
    );
    let _ = world.run("lines rm Support").done();
    let _ = world.run("deals edit Pilot --currency CHF").done();
    // Neither does it come back as something else, nor does an undo behind it make it so.
    let said = world.run("lines restore Support").failed(4);
    assert!(
        said.contains("in EUR, and its deal is in CHF by now"),
        "{said}"
    );
    let _ = world.run("lines edit Licence --price 1200").done();
    let _ = world.run("undo").done();
    let _ = world.run("undo").done();
    let _ = world.run("lines restore Support").done();
    let _ = world.run("book check").done();
}

#[test]
fn lines_go_out_and_come_back_as_they_were() {
    let world = shop();
    let _ = world
        .run("lines add --deal Pilot --product Support --quantity 4")
        .done();
    let _ = world
        .run("lines add --deal Pilot --text 'Café «Ω»' --price 0.05")
        .done();
    let _ = world
        .run("lines add --deal Rollout --product Licence")
        .done();
    // A product in the trash stays on its lines.
    let _ = world.run("products rm Licence").done();
    assert!(world.run(CELLS).done().contains("Licence\t1\t1200.00"));
    let _ = world.run("export all -o book.jsonl").done();
    let other = World::new();
    std::fs::copy(world.path("book.jsonl"), other.path("book.jsonl")).unwrap();
    let _ = other.run("import book.jsonl").done();
    for what in ["products", "lines"] {
        let lines = format!("export {what} --jsonl");
        assert_eq!(other.run(&lines).done(), world.run(&lines).done(), "{what}");
    }
    let _ = other.run("book check").done();
}

#[test]
fn what_is_no_line_is_refused_with_the_reason() {
    let world = shop();
    let _ = world.run("lines add --deal Rollout").failed(2);
    let _ = world.run("lines add --product Licence").failed(2);
    let said = world
        .run("lines add --deal Rollout --product Licnce")
        .failed(3);
    assert!(said.contains("Licence"), "{said}");
    let _ = world
        .run("lines add --deal Rollout --product Licence")
        .done();
    let said = world.run("lines edit Licence --deal Pilot").failed(2);
    assert!(said.contains("stays with its deal"), "{said}");
    let _ = world.run("lines edit Licence").failed(2);
    let _ = world
        .run("lines edit Licence --quantity 2 --if-version 1")
        .failed(5);
    let dry = world.run("lines rm Licence --dry-run").done();
    assert!(dry.contains("Not done"), "{dry}");
    assert!(world.run(CELLS).done().contains("Licence"));
    assert!(
        world
            .run("deals lines Pilot")
            .done()
            .contains("no lines, amount says EUR 1,000.00")
    );
}

#[test]
fn no_undo_puts_a_price_into_another_currency() {
    let world = shop();
    let _ = world.run("deals edit Rollout --currency EUR").done();
    let listed = world.json("undo --list");
    let step = listed["items"][0]["step"].as_str().unwrap().to_owned();
    let _ = world
        .run("lines add --deal Rollout --text Setup --price 5")
        .done();
    let said = world.run(&format!("undo {step}")).failed(4);
    assert!(said.contains("a line with a price in EUR"), "{said}");
    let _ = world.run("lines edit Setup --clear price").done();
    let _ = world.run(&format!("undo {step}")).done();
    assert_eq!(
        world.json("deals lines Rollout")["sum"]["currency"],
        json!("CHF")
    );
    let _ = world.run("book check").done();
}
