//! Programs at work on the drive, each a process of its own: this test program once more, with orders.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clinch::domain::command::StepDraft;
use clinch::domain::outcome::Outcome;
use clinch::store::query::{Answer, Query};
use clinch::store::{Book, StoreError};
use serde::{Deserialize, Serialize};

use super::plain;
use super::work::{PATIENCE, Seller, board, opening};

/// The variable that carries a process's orders.
pub const ORDERS: &str = "CLINCH_SHARES_ORDERS";

/// What a process shall do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Orders {
    /// Its number: which rep it is.
    pub number: usize,
    /// The book, as its client sees it.
    pub book: PathBuf,
    /// Where it notes what it did, on this machine.
    pub log: PathBuf,
    /// Its user's outboxes, on this machine.
    pub outboxes: Option<PathBuf>,
    /// How long it works.
    pub millis: u64,
    /// How long it thinks before each step, on average.
    pub think: u64,
    /// How often it looks for others' changes meanwhile; 0 is never.
    pub poll: u64,
    /// Whether it uses SQLite as it comes, in this journal mode, instead of clinch.
    pub plain: Option<String>,
}

/// What a process notes, a line each. Nothing is noted as done before it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noted {
    /// A step was made, and is sent from now on.
    Begun { step: String, marker: String },
    /// The book has taken it.
    Done {
        step: String,
        marker: String,
        changes: usize,
        micros: u64,
    },
    /// Something failed, in the words that a user sees.
    Fault { what: String },
    /// A look for acknowledged steps found this many missing.
    Missing { steps: usize },
    /// It looked at the board, for so long.
    Looked { micros: u64 },
}

/// Where a process notes what it did.
pub struct Log(File);

impl Log {
    pub fn open(path: &Path) -> Self {
        Self(
            File::options()
                .create(true)
                .append(true)
                .open(path)
                .unwrap(),
        )
    }

    pub fn note(&mut self, noted: &Noted) {
        let mut line = serde_json::to_string(noted).unwrap();
        line.push('\n');
        // One write: a process that is killed leaves no half line behind.
        self.0.write_all(line.as_bytes()).unwrap();
    }

    pub fn fault(&mut self, fault: &impl ToString) {
        self.note(&Noted::Fault {
            what: fault.to_string(),
        });
    }
}

/// What was noted.
pub fn read_log(path: &Path) -> Vec<Noted> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Chance: xorshift64.
pub struct Noise(u64);

impl Noise {
    pub const fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 16
    }
}

/// The entry of the processes. Without orders there is nothing to do.
#[test]
#[ignore = "the entry of the processes that the other tests start"]
fn process() {
    let Ok(orders) = std::env::var(ORDERS) else {
        return;
    };
    let orders: Orders = serde_json::from_str(&orders).unwrap();
    let mut log = Log::open(&orders.log);
    match &orders.plain {
        Some(journal) => plain::work(&orders, journal, &mut log),
        None => work(&orders, &mut log),
    }
}

/// A process at work.
struct Writer<'a> {
    orders: &'a Orders,
    log: &'a mut Log,
    book: Book,
    end: Instant,
}

fn work(orders: &Orders, log: &mut Log) {
    let end = Instant::now() + Duration::from_millis(orders.millis);
    let Some((book, seller)) = start(orders, log, end) else {
        return;
    };
    let mut writer = Writer {
        orders,
        log,
        book,
        end,
    };
    writer.send_what_waits();
    writer.run(seller);
}

/// Opens the book, again and again while the drive does not answer.
fn start(orders: &Orders, log: &mut Log, end: Instant) -> Option<(Book, Seller)> {
    let opening = opening(&orders.book, orders.outboxes.as_deref());
    loop {
        let opened = Book::open_as(&opening)
            .and_then(|mut book| Seller::of(&mut book, orders.number).map(|seller| (book, seller)));
        match opened {
            Ok(opened) => return Some(opened),
            Err(fault) => log.fault(&fault),
        }
        if Instant::now() > end {
            return None;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Writer<'_> {
    fn run(&mut self, mut seller: Seller) {
        let mut noise = Noise::of(u64::from(std::process::id()));
        for count in 1.. {
            self.think(&mut noise);
            if Instant::now() >= self.end {
                return;
            }
            let marker = format!("{}-{}-{count}", self.orders.number, std::process::id());
            let draft = seller.next(&marker);
            self.log.note(&Noted::Begun {
                step: draft.id.to_string(),
                marker: marker.clone(),
            });
            match self.send(&draft, &marker) {
                Some(true) => seller.note = marker.into(),
                // Somebody wrote to my deal, or an earlier step of mine came late: on the base of what is there now.
                Some(false) => self.look_again(&mut seller),
                None => return,
            }
        }
    }

    fn look_again(&mut self, seller: &mut Seller) {
        if let Err(fault) = seller.look(&mut self.book) {
            self.log.fault(&fault);
        }
    }

    /// What an earlier process of this user left behind unsent.
    fn send_what_waits(&mut self) {
        let waiting = loop {
            match self.book.offered() {
                Ok(waiting) => break waiting,
                Err(StoreError::Busy) => std::thread::sleep(Duration::from_millis(20)),
                Err(fault) => self.mend(&fault),
            }
            if Instant::now() > self.end {
                return;
            }
        };
        for offered in waiting {
            if self.send(&offered.draft, "").is_none() {
                return;
            }
        }
    }

    /// Sends a step until its fate is known: taken, or not. `None` at the end of the working time.
    fn send(&mut self, draft: &StepDraft, marker: &str) -> Option<bool> {
        let begun = Instant::now();
        loop {
            match self.book.commit_patiently(draft, PATIENCE) {
                Ok(Outcome::Saved(receipt)) => {
                    self.log.note(&Noted::Done {
                        step: draft.id.to_string(),
                        marker: marker.to_owned(),
                        changes: receipt.changes,
                        micros: micros(begun),
                    });
                    return Some(true);
                }
                Ok(_) => return Some(false),
                Err(fault) => self.mend(&fault),
            }
            if Instant::now() > self.end + PATIENCE {
                return None;
            }
        }
    }

    /// After a fault: the fate of what was sent is not known, and the drive may be gone for a while.
    fn mend(&mut self, fault: &StoreError) {
        self.log.fault(fault);
        if matches!(fault, StoreError::Busy) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
        if let Err(fault) = self.book.reconnect() {
            self.log.fault(&fault);
        }
    }

    /// Thinks before the next step, and looks at the screen meanwhile.
    fn think(&mut self, noise: &mut Noise) {
        if self.orders.think == 0 {
            return;
        }
        // Half to three halves of the average.
        let think = self.orders.think / 2 + noise.next() % self.orders.think;
        let until = (Instant::now() + Duration::from_millis(think)).min(self.end);
        let mut seen = None;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let poll = Duration::from_millis(self.orders.poll);
            if poll.is_zero() || left <= poll {
                std::thread::sleep(left);
                return;
            }
            std::thread::sleep(poll);
            self.poll(&mut seen);
        }
    }

    /// Looks for others' changes; where there are some, at the board.
    fn poll(&mut self, seen: &mut Option<i64>) {
        let begun = Instant::now();
        let query = Query::Changes {
            after: seen.unwrap_or_default(),
            limit: 1000,
        };
        let looked = self.book.ask_patiently(&query, PATIENCE);
        let looked = looked.and_then(|answer| match answer {
            Answer::Changes(changes) if !changes.is_empty() => {
                *seen = changes.last().map(|change| change.seq);
                self.book.ask_patiently(&board(), PATIENCE).map(|_| true)
            }
            _ => Ok(false),
        });
        match looked {
            Ok(true) => self.log.note(&Noted::Looked {
                micros: micros(begun),
            }),
            Ok(false) => {}
            Err(fault) => self.mend(&fault),
        }
    }
}

pub fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
