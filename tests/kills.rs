//! Sixteen writers over one book on a local disk, killed at random and begun anew: what was acknowledged is in the book, once.
//!
//! Half of them are `clinch deals add`, begun anew for every step; the others keep the book open and write as fast as they can.
//! `CLINCH_KILLS=long cargo test --test kills` kills for a minute.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use clinch::domain::command::{self, Create, Input, Origin, Slot, StepDraft};
use clinch::domain::nouns::{Entity, Field, company};
use clinch::domain::outcome::Outcome;
use clinch::store::{Book, random_id, real_now};
use rusqlite::Connection;

/// Of each kind.
const WRITERS: usize = 8;
/// The variable that makes this program a writer.
const WRITER: &str = "CLINCH_KILLS_WRITER";
/// The name of the test that is one.
const WRITER_TEST: &str = "a_writer_of_its_own";

fn length() -> Duration {
    let long = std::env::var("CLINCH_KILLS").is_ok_and(|form| form == "long");
    Duration::from_secs(if long { 60 } else { 12 })
}

/// What the writers did.
#[derive(Default)]
struct Tally {
    /// Names of companies whose step was acknowledged.
    acknowledged: Vec<String>,
    /// Names that were sent, whatever came of it.
    sent: u64,
    kills: u64,
    faults: Vec<String>,
}

/// Numbers that are the same in every run: which moment is hit is up to the machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn program(path: &Path, home: &Path) -> Command {
    let mut command = Command::new(path);
    command
        .env_clear()
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_STATE_HOME", home.join("state"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("USER", "tester")
        .env("CLINCH_BOOK", home.join("team.db"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn clinch(home: &Path, args: &[&str]) -> Child {
    let mut command = program(Path::new(env!("CARGO_BIN_EXE_clinch")), home);
    command.args(args).spawn().unwrap()
}

/// Runs `clinch` once and again, and kills most of the runs in the middle.
fn commands(home: &Path, number: usize, until: Instant, tally: &Mutex<Tally>) {
    let mut dice = Dice(number as u64 + 1);
    let mut round = 0;
    while Instant::now() < until {
        round += 1;
        let name = format!("C{number}-{round}");
        let mut child = clinch(home, &["companies", "add", "--name", &name, "--wait", "60"]);
        // A run takes some tens of milliseconds, and longer where it waits for others.
        let patience = Duration::from_millis(dice.below(400));
        let began = Instant::now();
        let ended = loop {
            match child.try_wait().unwrap() {
                Some(status) => break Some(status),
                None if began.elapsed() > patience && dice.below(4) > 0 => break None,
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        let mut tally = tally.lock().unwrap();
        tally.sent += 1;
        match ended {
            Some(status) if status.success() => tally.acknowledged.push(name),
            Some(_) => tally
                .faults
                .push(String::from_utf8_lossy(&output.stderr).into_owned()),
            None => tally.kills += 1,
        }
    }
}

/// Keeps a writer at work, and kills it every now and then.
fn long_running(home: &Path, number: usize, until: Instant, tally: &Mutex<Tally>) {
    let mut dice = Dice(number as u64 + 100);
    let mut life = 0;
    while Instant::now() < until {
        life += 1;
        let mut command = program(&std::env::current_exe().unwrap(), home);
        command
            .args(["--exact", WRITER_TEST, "--nocapture", "--test-threads", "1"])
            .env(WRITER, format!("W{number}-{life}"));
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let reader =
            std::thread::spawn(move || stdout.lines().map_while(Result::ok).collect::<Vec<_>>());
        std::thread::sleep(Duration::from_millis(50 + dice.below(700)));
        let _ = child.kill();
        let status = child.wait().unwrap();
        let lines = reader.join().unwrap();
        let mut tally = tally.lock().unwrap();
        tally.kills += 1;
        for line in &lines {
            if let Some(name) = line.strip_prefix("saved ") {
                tally.acknowledged.push(name.to_owned());
            }
            tally.sent += u64::from(line.starts_with("sent "));
        }
        // It ends of itself only where something is wrong.
        if status.code().is_some() {
            tally.faults.push(lines.join("\n"));
        }
    }
}

/// Says what it sends and what was saved, a line each, until it is killed.
#[test]
fn a_writer_of_its_own() {
    let Ok(prefix) = std::env::var(WRITER) else {
        return;
    };
    let path = std::env::var("CLINCH_BOOK").unwrap();
    let mut book = Book::open(Path::new(&path)).unwrap();
    for round in 0.. {
        let name = format!("{prefix}-{round}");
        let id = random_id();
        let draft = StepDraft {
            id,
            group: id,
            rep: None,
            at: real_now(),
            origin: Origin::Human,
            label: None,
            import: None,
            commands: vec![command::Command::Create(Create {
                slot: Slot(0),
                entity: Entity::Company,
                created_at: None,
                fields: vec![(Field::Own(&company::NAME), Input::from(name.clone()))],
                sets: vec![],
            })],
        };
        say(&format!("sent {name}"));
        match book.commit_patiently(&draft, Duration::from_mins(1)) {
            Ok(Outcome::Saved(_)) => say(&format!("saved {name}")),
            other => panic!("{other:?}"),
        }
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // One write, and at once: what was said before a kill was said.
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

#[test]
fn what_was_acknowledged_before_a_kill_is_in_the_book_once() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let made = clinch(home, &["book", "init", "--currency", "CHF"]);
    assert!(made.wait_with_output().unwrap().status.success());
    let tally = Mutex::<Tally>::default();
    let until = Instant::now() + length();
    std::thread::scope(|scope| {
        for number in 0..WRITERS {
            let tally = &tally;
            scope.spawn(move || commands(home, number, until, tally));
            scope.spawn(move || long_running(home, number, until, tally));
        }
    });
    let tally = tally.into_inner().unwrap();
    assert_eq!(tally.faults, Vec::<String>::new());

    let checked = clinch(home, &["book", "check"]).wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&checked.stdout) + String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
    let conn = Connection::open(home.join("team.db")).unwrap();
    let whole: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    let mut names = conn.prepare("SELECT name FROM company").unwrap();
    for name in names.query_map([], |row| row.get(0)).unwrap() {
        *times.entry(name.unwrap()).or_default() += 1;
    }
    let lost: Vec<&String> = tally
        .acknowledged
        .iter()
        .filter(|name| !times.contains_key(*name))
        .collect();
    assert_eq!(lost, Vec::<&String>::new());
    assert!(
        times.values().all(|times| *times == 1),
        "something is there twice"
    );
    // A kill may come after the commit and before the word of it.
    let unsaid = times.len() - tally.acknowledged.len();
    println!(
        "{} kills, {} steps sent, {} acknowledged, 0 of them lost, {unsaid} written without a word",
        tally.kills,
        tally.sent,
        tally.acknowledged.len()
    );
    assert!(tally.kills > 20 && tally.acknowledged.len() > 20);
}
