//! A place of its own for every test: an empty home, a fixed clock, no environment but what is named here.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// The moment that every run takes for now.
pub const NOW: &str = "2026-11-24T10:05:00Z";

/// A home with, usually, a book in it.
pub struct World {
    home: TempDir,
}

impl World {
    /// An empty home.
    pub fn bare() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// A home with an empty book in Swiss francs and Zurich.
    pub fn new() -> Self {
        let world = Self::bare();
        world
            .run("book init --currency CHF --tz Europe/Zurich")
            .done();
        world
    }

    /// A file in the home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The book that every run works on.
    pub fn book(&self) -> PathBuf {
        self.path("team.db")
    }

    /// Writes a file into the home.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    /// Reads a file of the home.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program with a line as a shell would split it; `'…'` holds blanks together.
    pub fn clinch(&self, line: &str) -> Clinch {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clinch"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("TMPDIR", self.home.path())
            .env("USER", "tester")
            .env("CLINCH_BOOK", self.book())
            .env("CLINCH_NOW", NOW)
            .current_dir(self.home.path())
            .args(split(line));
        Clinch {
            command,
            stdin: String::new(),
        }
    }

    /// Runs it.
    pub fn run(&self, line: &str) -> Ran {
        self.clinch(line).run()
    }

    /// Runs it and gives the JSON that it printed.
    pub fn json(&self, line: &str) -> Json {
        let ran = self.run(&format!("{line} --json"));
        serde_json::from_str(&ran.done()).unwrap()
    }

    /// Adds a record and gives its id.
    pub fn add(&self, line: &str) -> String {
        let ran = self.run(&format!("{line} --plain"));
        ran.done().trim().to_owned()
    }
}

/// A run that is being put together.
pub struct Clinch {
    command: Command,
    stdin: String,
}

impl Clinch {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// One more argument, as it is.
    pub fn arg(mut self, arg: &str) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    pub fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdin);
        self
    }

    /// Starts it, for who means to end it.
    pub fn start(&mut self) -> Child {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub fn run(mut self) -> Ran {
        let mut child = self.start();
        // A run that reads nothing may be gone before it is written to.
        let _ = child.stdin.take().unwrap().write_all(self.stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code(),
        }
    }
}

/// What a run did.
#[derive(Debug)]
#[must_use]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: Option<i32>,
}

impl Ran {
    /// Its data; it must have ended well.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }

    /// What it said went wrong; it must have ended with this code and printed no data.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stdout, "");
        self.stderr
    }
}

/// Splits a line at blanks, `'…'` held together.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in line.split('\'').enumerate() {
        if place % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Ids differ from run to run: each becomes `[id]`, each step `[step]`.
pub fn without_ids(text: &str) -> String {
    let is_id = |word: &str| {
        word.len() == 13
            && word.contains(|c: char| c.is_ascii_digit())
            && word
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
    };
    let is_step = |word: &str| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut plain = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let rest = &piece[word.len()..];
        plain += match word {
            word if is_id(word) => "[id]",
            word if is_step(word) => "[step]",
            word => word,
        };
        plain += rest;
    }
    plain
}
