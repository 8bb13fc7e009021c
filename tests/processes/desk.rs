//! A team at one book: every act is a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Barrier;

use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::Value as Json;
use tempfile::TempDir;

/// A home with a book in Swiss francs, two reps and the deal `Shared`.
pub struct Team {
    home: TempDir,
}

impl Team {
    pub fn new() -> Self {
        let team = Self {
            home: tempfile::tempdir().unwrap(),
        };
        team.done("book init --currency CHF");
        team.done("reps add --name Ana");
        team.done("reps add --name Ben");
        team.done("deals add --title Shared --amount 100 --note start");
        team
    }

    pub fn path(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file into the home.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs the program with the words of a line.
    pub fn run(&self, line: &str) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_clinch"))
            .env_clear()
            .env("HOME", self.path())
            .env("XDG_DATA_HOME", self.path().join("data"))
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .env("USER", "tester")
            .env("CLINCH_BOOK", self.path().join("team.db"))
            .env("CLINCH_NOW", "2026-11-24T10:05:00Z")
            .current_dir(self.path())
            .args(line.split_whitespace())
            .output()
            .unwrap();
        Ran::new(line, &output)
    }

    /// Runs it; it must end well. Gives what it printed.
    #[track_caller]
    pub fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stdout
    }

    #[track_caller]
    pub fn json(&self, line: &str) -> Json {
        serde_json::from_str(&self.done(&format!("{line} --json"))).unwrap()
    }

    /// A record as `show` prints it.
    #[track_caller]
    pub fn show(&self, noun: &str, name: &str) -> Json {
        self.json(&format!("{noun} show {name}"))["item"].clone()
    }

    /// The book, as another program reads it.
    pub fn book(&self) -> Connection {
        Connection::open(self.path().join("team.db")).unwrap()
    }

    /// What the log holds of a field of the deal `Shared`, in the order of the book: from what to what.
    pub fn log(&self, field: &str) -> Vec<(Value, Value)> {
        let book = self.book();
        let mut log = book
            .prepare(
                "SELECT old, new FROM change JOIN deal ON deal.id = change.record
                 WHERE entity = 'deal' AND title = 'Shared' AND field = ?1 ORDER BY seq",
            )
            .unwrap();
        log.query_map([field], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    /// Every value that the log gave a field must be the one that the next change found there.
    #[track_caller]
    pub fn log_is_a_chain(&self, field: &str) -> Vec<String> {
        let log = self.log(field);
        for pair in log.windows(2) {
            assert_eq!(pair[0].1, pair[1].0, "{field}: {log:?}");
        }
        log.into_iter().map(|(_, new)| text(&new)).collect()
    }

    /// The file is whole, and its rows are what its log leads to.
    #[track_caller]
    pub fn is_whole(&self) {
        self.done("book check");
    }
}

/// A value of the log in words.
pub fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

/// What a process did.
#[derive(Debug)]
pub struct Ran {
    #[expect(dead_code, reason = "says in a failure which run it was")]
    line: String,
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    fn new(line: &str, output: &Output) -> Self {
        Self {
            line: line.to_owned(),
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The only conflict of a run that met one.
    #[track_caller]
    pub fn conflict(&self) -> Json {
        assert_eq!(self.code, 5, "{self:?}");
        let fault: Json = serde_json::from_str(&self.stderr).unwrap();
        let [conflict] = fault["conflicts"].as_array().unwrap().as_slice() else {
            panic!("not one conflict: {fault}")
        };
        conflict.clone()
    }
}

/// Lets several people act at the same moment, and gives what came of each, in their order.
pub fn at_once<T: Send>(people: usize, act: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let (start, act) = (&Barrier::new(people), &act);
    std::thread::scope(|scope| {
        let acts: Vec<_> = (0..people)
            .map(|person| {
                scope.spawn(move || {
                    start.wait();
                    act(person)
                })
            })
            .collect();
        acts.into_iter().map(|act| act.join().unwrap()).collect()
    })
}
