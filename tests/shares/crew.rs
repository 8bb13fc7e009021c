//! Several processes at work at once, what they noted, and whether the book agrees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clinch::store::Book;
use rusqlite::{Connection, OpenFlags};

use super::drive::TestDrive;
use super::work::{PATIENCE, opening};
use super::writer::{Noted, ORDERS, Orders, read_log};

static STARTING: Mutex<()> = Mutex::new(());

/// Keeps this program from starting others, as long as it is held. One that is started has a copy of all open files for a moment,
/// and closes them: each is an operation that a drive counts.
pub fn start_nothing() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a crew works.
#[derive(Clone, Debug)]
pub struct Plan {
    pub writers: usize,
    pub time: Duration,
    pub think: Duration,
    pub poll: Duration,
    pub outboxes: bool,
    pub plain: Option<&'static str>,
}

impl Plan {
    /// So many writers for so long, who write without a pause.
    pub const fn of(writers: usize, time: Duration) -> Self {
        Self {
            writers,
            time,
            think: Duration::ZERO,
            poll: Duration::ZERO,
            outboxes: true,
            plain: None,
        }
    }
}

/// Processes at work. They are ended when it is dropped.
pub struct Crew {
    folder: PathBuf,
    orders: Vec<Orders>,
    children: Vec<Child>,
    until: Instant,
}

impl Crew {
    /// Starts them, on the clients of a drive in turn.
    pub fn start(drive: &TestDrive, clients: usize, plan: &Plan) -> Self {
        Self::start_on(drive.local(), plan, |number| drive.book(number % clients))
    }

    /// Starts them on books that `book` names, with logs and outboxes in a folder of this machine.
    pub fn start_on(folder: &Path, plan: &Plan, book: impl Fn(usize) -> PathBuf) -> Self {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap();
        let orders = (0..plan.writers).map(|number| Orders {
            number,
            book: book(number),
            log: folder.join(format!("writer-{number}.log")),
            outboxes: plan
                .outboxes
                .then(|| folder.join(format!("outboxes-{number}"))),
            millis: millis(plan.time),
            think: millis(plan.think),
            poll: millis(plan.poll),
            plain: plan.plain.map(str::to_owned),
        });
        let mut crew = Self {
            folder: folder.to_owned(),
            orders: orders.collect(),
            children: Vec::new(),
            until: Instant::now() + plan.time,
        };
        for orders in &crew.orders {
            crew.children.push(crew.spawn(orders));
        }
        crew
    }

    fn spawn(&self, orders: &Orders) -> Child {
        if let Some(outboxes) = &orders.outboxes {
            std::fs::create_dir_all(outboxes).unwrap();
        }
        let said = self.folder.join(format!("writer-{}.said", orders.number));
        let said = std::fs::File::options()
            .create(true)
            .append(true)
            .open(said)
            .unwrap();
        let _starting = start_nothing();
        Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "writer::process", "--nocapture"])
            .env(ORDERS, serde_json::to_string(orders).unwrap())
            .env("USER", format!("rep{}", orders.number))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .unwrap()
    }

    /// Kills a process at once, and starts another of the same user in its place for what is left of the time.
    pub fn kill_and_replace(&mut self, number: usize) {
        self.kill(number);
        let mut orders = self.orders[number].clone();
        let left = self.until.saturating_duration_since(Instant::now());
        orders.millis = u64::try_from(left.as_millis()).unwrap();
        self.children[number] = self.spawn(&orders);
    }

    /// Kills a process at once.
    pub fn kill(&mut self, number: usize) {
        // It may have ended by itself.
        let _ = self.children[number].kill();
        let _ = self.children[number].wait();
    }

    /// What is left of the working time.
    pub fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// Waits until all have ended, for a bounded time beyond the end of their work.
    pub fn finish(mut self) -> Notes {
        let bound = self.until + 3 * PATIENCE;
        for number in 0..self.children.len() {
            while self.children[number].try_wait().unwrap().is_none() {
                assert!(Instant::now() < bound, "writer {number} does not end");
                std::thread::sleep(Duration::from_millis(20));
            }
            let said = self.folder.join(format!("writer-{number}.said"));
            let said = std::fs::read_to_string(said).unwrap_or_default();
            assert!(!said.contains("panicked"), "writer {number}: {said}");
        }
        self.notes()
    }

    /// Kills all of them, in the midst of what they do.
    pub fn stop(mut self) -> Notes {
        (0..self.children.len()).for_each(|number| self.kill(number));
        self.notes()
    }

    /// What they have noted so far.
    pub fn notes(&self) -> Notes {
        Notes {
            of: self
                .orders
                .iter()
                .map(|orders| read_log(&orders.log))
                .collect(),
        }
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for number in 0..self.children.len() {
            self.kill(number);
        }
    }
}

/// What each process noted.
pub struct Notes {
    pub of: Vec<Vec<Noted>>,
}

impl Notes {
    fn all(&self) -> impl Iterator<Item = &Noted> {
        self.of.iter().flatten()
    }

    /// The steps that were acknowledged, each with the number of its changes.
    pub fn done(&self) -> BTreeMap<String, usize> {
        let done = self.all().filter_map(|noted| match noted {
            Noted::Done { step, changes, .. } => Some((step.clone(), *changes)),
            _ => None,
        });
        done.collect()
    }

    /// The markers of acknowledged steps.
    pub fn markers(&self) -> Vec<String> {
        let done = self.all().filter_map(|noted| match noted {
            Noted::Done { marker, .. } => Some(marker.clone()),
            _ => None,
        });
        done.collect()
    }

    /// The marker of each step that was begun.
    fn begun(&self) -> BTreeMap<String, String> {
        let begun = self.all().filter_map(|noted| match noted {
            Noted::Begun { step, marker } => Some((step.clone(), marker.clone())),
            _ => None,
        });
        begun.collect()
    }

    /// The faults, in the words that users saw.
    pub fn faults(&self) -> Vec<String> {
        let faults = self.all().filter_map(|noted| match noted {
            Noted::Fault { what } => Some(what.clone()),
            _ => None,
        });
        faults.collect()
    }

    /// How long the acknowledged steps took, in microseconds, the quickest first.
    pub fn times(&self) -> Vec<u64> {
        let times = self.all().filter_map(|noted| match noted {
            Noted::Done { micros, .. } => Some(*micros),
            _ => None,
        });
        sorted(times)
    }

    /// How long the looks at the board took, in microseconds, the quickest first.
    pub fn looks(&self) -> Vec<u64> {
        let looks = self.all().filter_map(|noted| match noted {
            Noted::Looked { micros } => Some(*micros),
            _ => None,
        });
        sorted(looks)
    }

    /// How many steps each process had acknowledged.
    pub fn shares(&self) -> Vec<usize> {
        let count = |noted: &Vec<Noted>| {
            let done = noted
                .iter()
                .filter(|noted| matches!(noted, Noted::Done { .. }));
            done.count()
        };
        self.of.iter().map(count).collect()
    }

    /// Jain's index of the shares: 1 where all had the same, 1/n where one had all.
    pub fn jain(&self) -> f64 {
        let shares = self.shares();
        // Small numbers all.
        let real = |n: usize| f64::from(u32::try_from(n).unwrap());
        let sum = real(shares.iter().sum());
        let squares = real(shares.iter().map(|n| n * n).sum());
        sum * sum / (real(shares.len()) * squares)
    }
}

fn sorted(values: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values
}

/// A percentile of sorted microseconds, in milliseconds.
pub fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let at = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(at).map_or(0, |micros| micros / 1000)
}

/// Holds a book against what was noted: it is whole, and its rows agree with its log; every acknowledged step is in it, once, with all its changes; and of every
/// other step there is all or nothing. Returns what does not hold.
pub fn faults_of(book: &Path, notes: &Notes) -> Vec<String> {
    let looked = look(book, notes);
    let mut faults = looked.unwrap_or_else(|fault| vec![format!("{}: {fault}", book.display())]);
    let checked =
        Book::open_as(&opening(book, None)).and_then(|mut book| book.check_patiently(PATIENCE));
    match checked {
        Ok(findings) => faults.extend(findings.found.iter().map(|found| format!("{found:?}"))),
        Err(fault) => faults.push(fault.to_string()),
    }
    faults
}

fn look(book: &Path, notes: &Notes) -> rusqlite::Result<Vec<String>> {
    let mut faults = Vec::new();
    // As a reader that comes new to the book; it may have to roll back what a dead writer left.
    let conn = Connection::open_with_flags(book, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.busy_timeout(PATIENCE)?;
    let whole: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if whole != "ok" {
        faults.push(format!("the file is damaged: {whole}"));
    }
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    let mut statement = conn
        .prepare("SELECT lower(hex(id)), (SELECT count(*) FROM change WHERE step = n) FROM step")?;
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (id, changes): (String, u32) = row?;
        let changes = usize::try_from(changes).unwrap();
        if there.insert(id.clone(), changes).is_some() {
            faults.push(format!("step {id} is there twice"));
        }
    }
    for (id, changes) in notes.done() {
        match there.get(&id) {
            None => faults.push(format!("acknowledged step {id} is lost")),
            Some(found) if *found != changes => {
                faults.push(format!("step {id} has {found} changes of {changes}"));
            }
            Some(_) => {}
        }
    }
    faults.extend(half_done(&conn, notes, &there)?);
    Ok(faults)
}

/// The calls of steps that are not in the book, and the steps whose call is not.
fn half_done(
    conn: &Connection,
    notes: &Notes,
    there: &BTreeMap<String, usize>,
) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT subject FROM activity")?;
    let mut calls = BTreeSet::new();
    let mut faults = Vec::new();
    for call in statement.query_map([], |row| row.get::<_, String>(0))? {
        let call = call?;
        if !calls.insert(call.clone()) {
            faults.push(format!("call {call} is there twice"));
        }
    }
    for (step, marker) in notes.begun() {
        if there.contains_key(&step) != calls.contains(&marker) {
            faults.push(format!("of step {step} ({marker}) only half is there"));
        }
    }
    Ok(faults)
}
