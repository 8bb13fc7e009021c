//! `clinch book restore`, killed at any moment: the book says the old or the new, and never half.
//! `CLINCH_KILLS=long cargo test --test restores` kills more often.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Companies of one import: enough for a megabyte.
const COMPANIES: usize = 3_000;

/// How often a restore is killed.
fn kills() -> u32 {
    let long = std::env::var("CLINCH_KILLS").is_ok_and(|form| form == "long");
    if long { 60 } else { 8 }
}

fn clinch(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clinch"));
    command
        .env_clear()
        .env("HOME", home)
        .env("USER", "tester")
        .env("CLINCH_BOOK", home.join("team.db"))
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[track_caller]
fn done(home: &Path, args: &[&str]) -> String {
    let output = clinch(home, args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn file(first: usize) -> String {
    (first..first + COMPANIES).fold("Company name,City\n".to_owned(), |mut rows, number| {
        let _ = writeln!(
            rows,
            "Company {number} of a long and telling name,City {number}"
        );
        rows
    })
}

fn restore(home: &Path, backup: &str) -> Child {
    clinch(home, &["book", "restore", backup, "--yes"])
        .spawn()
        .unwrap()
}

/// How many companies the book has, once it has been opened and checked.
fn companies(home: &Path) -> usize {
    done(home, &["book", "check"]);
    let status = done(home, &["book", "status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    let number = status["item"]["counts"]["company"].as_u64().unwrap();
    usize::try_from(number).unwrap()
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_or_the_new() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path();
    done(home, &["book", "init", "--currency", "CHF", "--tz", "UTC"]);
    for (name, first) in [("one.csv", 0), ("two.csv", COMPANIES)] {
        fs::write(home.join(name), file(first)).unwrap();
    }
    let into = ["--into", "companies"];
    let import = |name| {
        done(
            home,
            &[
                "import",
                home.join(name).to_str().unwrap(),
                into[0],
                into[1],
            ],
        )
    };
    let keep = |folder: &str| {
        done(
            home,
            &[
                "book",
                "backup",
                "--to",
                home.join(folder).to_str().unwrap(),
                "--plain",
            ],
        )
        .trim()
        .to_owned()
    };
    import("one.csv");
    let small = keep("small");
    import("two.csv");
    let big = keep("big");

    // How long one takes that is left alone.
    let began = Instant::now();
    assert!(restore(home, &small).wait().unwrap().success());
    let whole = began.elapsed();
    assert_eq!(companies(home), COMPANIES);
    assert!(restore(home, &big).wait().unwrap().success());

    let (mut before, mut seen) = (2 * COMPANIES, [0, 0]);
    let kills = kills();
    for kill in 0..kills {
        let target = if before == COMPANIES { &big } else { &small };
        let mut child = restore(home, target);
        // Most of the time goes by before the book is written to: the kills lie closer together towards the end.
        let part = 1.0 - f64::from((kills - kill).pow(2)) / f64::from(kills.pow(2) + 1);
        std::thread::sleep(whole.mul_f64(part).min(Duration::from_secs(30)));
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().unwrap();
        let after = companies(home);
        assert!([COMPANIES, 2 * COMPANIES].contains(&after), "{after}");
        seen[usize::from(after != before)] += 1;
        before = after;
    }
    // Some came too early for the new state.
    assert!(seen[0] > 0, "{seen:?}");
}
