//! Leaderboard and win rate.

use serde_json::json;

use crate::harness::World;

/// Two sellers with the same sum, one who left, one without a deal, and a deal that nobody owned.
fn season() -> World {
    let world = World::new();
    for name in ["Mira", "Jonas", "Renate", "Tomás"] {
        let _ = world.run(&format!("reps add --name {name}")).done();
    }
    for (title, owner, amount) in [
        ("A", "Mira", "1000"),
        ("B", "Jonas", "1000"),
        ("C", "Renate", "400"),
        ("D", "Mira", ""),
    ] {
        let _ = world
            .run(&format!(
                "deals add --title {title} --owner {owner} --amount '{amount}' --created 2026-10-04"
            ))
            .done();
        let unknown = if amount.is_empty() { "--no-amount" } else { "" };
        let _ = world
            .run(&format!("deals win {title} --at 2026-10-14 {unknown}"))
            .done();
    }
    let _ = world
        .run("deals add --title E --amount 70 --created 2026-10-09")
        .done();
    let _ = world.run("deals win E --at 2026-10-14").done();
    let _ = world.run("deals add --title F --owner Jonas").done();
    let _ = world
        .run("deals lose F --reason Price --at 2026-11-02")
        .done();
    let _ = world.run("deals add --title G --owner Jonas").done();
    let _ = world
        .run("deals lose G --reason Duplicate --at 2026-11-02")
        .done();
    let _ = world.run("reps rm Renate").done();
    world
}

#[test]
fn the_leaderboard_has_a_row_for_everybody_and_a_total() {
    let world = season();
    let report = world.json("report leaderboard --period 2026-Q4");
    assert_eq!(report["schema_version"], 1);
    assert_eq!(
        report["period"],
        json!({"from": "2026-10-01", "to": "2027-01-01"})
    );
    let rows = report["rows"].as_array().unwrap();
    let ranks: Vec<_> = rows
        .iter()
        .map(|row| (row["rank"].as_u64().unwrap(), row["rep"].as_str().unwrap()))
        .collect();
    assert_eq!(
        ranks,
        [
            (1, "Mira"),
            (1, "Jonas"),
            (3, "Renate"),
            (4, "unassigned"),
            (5, "Tomás")
        ]
    );
    assert_eq!(rows[0]["won"], json!({"minor": 100_000, "currency": "CHF"}));
    assert_eq!(
        (&rows[0]["won_count"], &rows[0]["avg_won"]["minor"]),
        (&json!(2), &json!(100_000))
    );
    assert_eq!(rows[0]["median_cycle_days"], 10.0);
    let total = &report["total"];
    assert_eq!(
        (&total["won_count"], &total["lost_count"]),
        (&json!(5), &json!(1))
    );
    assert_eq!(
        (&total["won"]["minor"], &total["win_rate"]),
        (&json!(247_000), &json!(0.8333))
    );
}

#[test]
fn the_win_rate_leaves_out_what_was_no_real_loss() {
    let world = season();
    let report = world.json("report win-rate --period 2026-Q4 --explain");
    assert_eq!((&report["n"], &report["excluded"]), (&json!(6), &json!(1)));
    assert_eq!(report["win_rate"], 0.8333);
    assert!(report["interval"]["low"].as_f64().unwrap() < 0.8333);
    assert!(!report["formulas"].as_array().unwrap().is_empty());
}

#[test]
fn a_report_for_people_names_the_left_and_what_is_missing() {
    let world = season();
    insta::assert_snapshot!(world.run("report leaderboard --period 2026-Q4").done(), @r"
    Leaderboard 2026-10-01..2026-12-31 in CHF
    rank  rep                 won  won deals  lost deals  win rate   average  median days
       1  Mira           1,000.00          2           0         —  1,000.00         10.0
       1  Jonas          1,000.00          1           1         —  1,000.00         10.0
       3  Renate (left)    400.00          1           0         —    400.00         10.0
       4  unassigned        70.00          1           0         —     70.00          5.0
       5  Tomás              0.00          0           0         —         —            —
          total          2,470.00          5           1    83.3 %    617.50         10.0
    Won deals without an amount, left out of the sums: 1
    ");
    insta::assert_snapshot!(world.run("report win-rate --period 2026-Q4").done(), @r"
    Win rate 2026-10-01..2026-12-31 in CHF
    5 of 6 closed deals were won: 83.3 % (95 %: 43.6 % to 97.0 %)
    By value: 100.0 % (won 2,470.00, lost —)
    Lost for no real reason (duplicate, test), on neither side: 1
    Won deals without an amount, left out of the sums: 1
    Lost deals without an amount, left out of the sums: 1
    rep            won  lost  n  win_rate
    Jonas            1     1  2         —
    Mira             2     0  2         —
    Renate (left)    1     0  1         —
    Tomás            0     0  0         —
    unassigned       1     0  1         —
    ");
}

#[test]
fn one_rep_or_some_deals_can_be_asked_for() {
    let world = season();
    let report = world.json("report leaderboard --period 2026 --rep jonas");
    assert_eq!(report["rows"].as_array().unwrap().len(), 1);
    assert_eq!(report["total"]["won"]["minor"], 100_000);
    let report = world.json("report leaderboard --period 2026 --filter 'amount>500'");
    assert_eq!(report["total"]["won_count"], 2);
}

#[test]
fn an_empty_period_is_no_fault_and_no_zero_rate() {
    let world = season();
    let ran = world.run("report win-rate --period 2020 --json -v");
    assert!(
        ran.stderr
            .contains("No deal was closed in 2020-01-01..2020-12-31"),
        "{}",
        ran.stderr
    );
    let report: serde_json::Value = serde_json::from_str(&ran.done()).unwrap();
    assert_eq!(
        (&report["win_rate"], &report["n"]),
        (&json!(null), &json!(0))
    );
    assert!(
        world
            .run("report win-rate --period 2026-Q5")
            .failed(2)
            .contains("is not a period")
    );
}
