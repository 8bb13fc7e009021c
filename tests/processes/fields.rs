//! Several real processes over one book: what was acknowledged is in it, once, and nobody meets a fault.

#![expect(
    clippy::unwrap_used,
    reason = "a test may end where something is not as it must be"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use rusqlite::Connection;
use serde_json::Value as Json;

const PROCESSES: usize = 4;
const ROUNDS: usize = 12;

fn clinch(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clinch"))
        .env_clear()
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("USER", "tester")
        .env("CLINCH_BOOK", home.join("team.db"))
        .env("CLINCH_NOW", "2026-11-24T10:05:00Z")
        .args(args)
        .output()
        .unwrap()
}

fn done(home: &Path, args: &[&str]) -> String {
    let ran = clinch(home, args);
    let faults = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(0), "{args:?}: {faults}");
    String::from_utf8(ran.stdout).unwrap()
}

fn json(home: &Path, args: &[&str]) -> Json {
    serde_json::from_str(&done(home, args)).unwrap()
}

fn new_home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    done(home.path(), &["book", "init", "--currency", "CHF"]);
    done(home.path(), &["deals", "add", "--title", "Shared"]);
    home
}

fn is_whole(home: &Path) {
    let conn = Connection::open(home.join("team.db")).unwrap();
    let check: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn what_processes_write_at_once_is_there_once() {
    let home = new_home();
    let path = home.path();
    let fields = [
        ("--note", "note"),
        ("--source", "lead_source"),
        ("--amount", "amount"),
        ("--category", "category"),
    ];
    std::thread::scope(|scope| {
        for (process, (flag, _)) in fields.into_iter().enumerate() {
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let title = format!("Deal {process}-{round}");
                    done(path, &["deals", "add", "--title", &title]);
                    let tag = format!("tag-{process}-{round}");
                    let value = match flag {
                        "--category" => ["commit", "best_case"][round % 2].to_owned(),
                        "--amount" => (1000 + round).to_string(),
                        _ => format!("word {round}"),
                    };
                    done(
                        path,
                        &["deals", "edit", "Shared", flag, &value, "--add-tag", &tag],
                    );
                }
            });
        }
    });
    let deals = json(path, &["deals", "list", "--limit", "all", "--json"]);
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    for deal in deals["items"].as_array().unwrap() {
        *titles.entry(deal["title"].as_str().unwrap()).or_default() += 1;
    }
    assert_eq!(titles.len(), PROCESSES * ROUNDS + 1);
    assert!(titles.values().all(|times| *times == 1), "{titles:?}");
    let shared = &json(path, &["deals", "show", "Shared", "--json"])["item"];
    assert_eq!(shared["tags"].as_array().unwrap().len(), PROCESSES * ROUNDS);
    let last = format!("word {}", ROUNDS - 1);
    assert_eq!(shared["note"], last);
    assert_eq!(shared["lead_source"], last);
    assert_eq!(
        shared["category"],
        ["commit", "best_case"][(ROUNDS - 1) % 2]
    );
    is_whole(path);
}

#[test]
fn of_two_who_saw_the_same_version_one_wins_and_the_other_is_told() {
    let home = new_home();
    let path = home.path();
    for round in 0..ROUNDS {
        let seen =
            json(path, &["deals", "show", "Shared", "--json"])["item"]["version"].to_string();
        let ends: Mutex<Vec<(Option<i32>, String)>> = Mutex::default();
        std::thread::scope(|scope| {
            for process in 0..PROCESSES {
                let (seen, ends) = (&seen, &ends);
                scope.spawn(move || {
                    let note = format!("{round}-{process}");
                    let args = [
                        "deals",
                        "edit",
                        "Shared",
                        "--note",
                        &note,
                        "--if-version",
                        seen,
                    ];
                    let ran = clinch(path, &args);
                    ends.lock().unwrap().push((ran.status.code(), note));
                });
            }
        });
        let ends = ends.into_inner().unwrap();
        let (won, told): (Vec<_>, Vec<_>) =
            ends.into_iter().partition(|(code, _)| *code == Some(0));
        assert!(told.iter().all(|(code, _)| *code == Some(5)), "{told:?}");
        assert_eq!(won.len(), 1, "{won:?}");
        let shared = json(path, &["deals", "show", "Shared", "--json"]);
        assert_eq!(shared["item"]["note"], won[0].1);
    }
    is_whole(path);
}
