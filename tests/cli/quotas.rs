//! Quotas and rates: set, set again, listed, removed, undone, exported.

use crate::harness::World;

fn team() -> World {
    let world = World::new();
    let _ = world.run("reps add --name Ana").done();
    world
}

const CELLS: &str = "quotas list --plain --fields rep,period,amount,ramp";

#[test]
fn a_quota_is_set_again_under_the_same_id_and_undone_value_by_value() {
    let world = team();
    let set = "quotas set --rep Ana --period 2026-Q4";
    let said = world.run(&format!("{set} --amount 300k --ramp 50")).done();
    assert!(said.starts_with("Set quota Ana 2026-Q4 to "), "{said}");
    assert_eq!(world.run(CELLS).done(), "Ana\t2026-Q4\t300000.00\t50\n");
    let id = world.json("quotas list")["items"][0]["id"].clone();
    let again = world.json("quotas set --rep Ana --period 2026-q4 --amount 200k");
    assert_eq!(again["items"][0]["id"], id);
    assert_eq!(
        world.run(CELLS).done(),
        "Ana\t2026-Q4\t200000.00\t50\n",
        "the ramp stays"
    );
    let _ = world.run("undo").done();
    assert_eq!(world.run(CELLS).done(), "Ana\t2026-Q4\t300000.00\t50\n");
    let _ = world.run("quotas rm 'ana 2026-Q4'").done();
    assert_eq!(world.run(CELLS).done(), "");
    assert!(world.run("trash list").done().contains("Ana 2026-Q4"));
    let _ = world.run("quotas restore 'Ana 2026-Q4'").done();
    assert_eq!(world.run(CELLS).done(), "Ana\t2026-Q4\t300000.00\t50\n");
    let exported = world
        .run("export quotas --fields rep,period,amount,ramp")
        .done();
    assert_eq!(
        exported,
        "rep,period,amount,ramp\nAna,2026-Q4,300000.00,50\n"
    );
    let _ = world.run("book check").done();
}

#[test]
fn what_is_no_quota_is_refused_with_the_field() {
    let world = team();
    let _ = world
        .run("quotas set --rep Ana --period 2026-Q5 --amount 1")
        .failed(4);
    let _ = world
        .run("quotas set --rep Ana --period 2026 --amount 0")
        .failed(4);
    let _ = world
        .run("quotas set --rep Ana --period 2026 --amount 1 --ramp 101")
        .failed(4);
    let _ = world
        .run("quotas set --rep Bo --period 2026 --amount 1")
        .failed(3);
    let _ = world.run("quotas set --rep Ana --period 2026").failed(2);
    let _ = world
        .run("quotas set --rep '' --period 2026 --amount 1")
        .failed(4);
    let _ = world.run("quotas rm 'Ana 2026'").failed(3);
    assert_eq!(world.run(CELLS).done(), "");
}

#[test]
fn rates_are_decimals_and_a_second_one_of_a_day_is_a_new_value() {
    let world = team();
    let set = "rates set --currency eur --date 2026-11-01";
    let _ = world.run(&format!("{set} --rate 0.94")).done();
    let _ = world.run(&format!("{set} --rate 0.95")).done();
    let cells = "rates list --plain --fields currency,date,rate";
    assert_eq!(world.run(cells).done(), "EUR\t2026-11-01\t0.95\n");
    assert_eq!(world.json("rates list")["items"][0]["rate"], "0.95");
    let _ = world.run("undo").done();
    assert_eq!(world.run(cells).done(), "EUR\t2026-11-01\t0.94\n");
    let _ = world.run("rates rm 'EUR 2026-11-01'").done();
    assert_eq!(world.run(cells).done(), "");
    let _ = world.run("undo").done();
    assert_eq!(world.run(cells).done(), "EUR\t2026-11-01\t0.94\n");
    let _ = world.run(&format!("{set} --rate 0")).failed(4);
    let _ = world.run(&format!("{set} --rate 0.1234567")).failed(4);
    let _ = world.run("book check").done();
}
