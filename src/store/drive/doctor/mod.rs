//! `clinch doctor drive`: two seats, best on two machines, find out whether a drive holds what a shared book needs.
//!
//! The first seat asks, the second answers; both look through handles that they hold open and through whatever their systems cache,
//! as a book does. They talk through two files in a folder of their own on the drive (`post`). What must hold:
//!
//! | finding | a book needs it because |
//! |---|---|
//! | a lock here is refused there, and granted when it is released | two writers at once lose a step, or more |
//! | what is written here is read there, after the lock, at once | a reader would take old pages for new ones |
//! | a new size is seen there, after the lock, at once | a grown book would look damaged |
//! | flushing takes time | what the drive has acknowledged would be gone after a power cut |
//!
//! How soon a new name is seen is told and not judged: an NFS mount may take half a minute, and no book depends on it, because its
//! journal is made with it and never removed.

mod ground;
mod post;
mod second;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::super::error::StoreError;
use super::super::who::{author, random_id, real_now};
use super::{Drive, Nature, Proof};
use ground::{Ground, Held};
use post::{Post, Seat};

/// How the two wait for each other.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For the second to come.
    join: Duration,
    /// For an answer.
    answer: Duration,
}

const PATIENCE: Patience = Patience {
    join: Duration::from_mins(10),
    answer: Duration::from_secs(100),
};

/// How often data goes to and fro.
const ROUNDS: u64 = 5;
/// How often a thing is done to be timed.
const TIMES: u32 = 20;
/// Flushing that is faster than this does nothing.
const LEAST_FLUSH: Duration = Duration::from_micros(10);

/// One thing that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about: `locks`, `data`, `size`, `flush`, `names`, `pace`.
    pub about: &'static str,
    /// Whether it holds.
    pub good: bool,
    /// What was seen, as a sentence.
    pub words: String,
}

/// What the two seats found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What the folder lies on.
    pub drive: Drive,
    /// The machines of the two seats.
    pub hosts: [String; 2],
    /// What was tried, in order.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// Whether a book may be shared there.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.drive.nature != Nature::Bad && self.findings.iter().all(|finding| finding.good)
    }

    /// As a book remembers it.
    #[must_use]
    pub fn proof(&self) -> Proof {
        Proof {
            kind: self.drive.kind.clone(),
            source: self.drive.source.clone(),
            good: self.is_good(),
            hosts: self.hosts.to_vec(),
            at: real_now().millis(),
        }
    }
}

/// The first seat, with its folder on the drive.
#[derive(Debug)]
pub struct First {
    post: Post,
    drive: Drive,
}

impl First {
    /// Makes the folder in which the two meet.
    pub fn sit(folder: &Path) -> Result<Self, StoreError> {
        let code = random_id().to_string()[..6].to_owned();
        Ok(Self {
            // The file need not be there to ask what it would lie on.
            drive: Drive::of(&folder.join("book"))?,
            post: Post::make(folder, code)?,
        })
    }

    /// What the second seat must be told.
    #[must_use]
    pub fn code(&self) -> &str {
        self.post.code()
    }

    /// Waits for the second seat and tries everything.
    pub fn examine(self) -> Result<Verdict, StoreError> {
        let mut ground = Held::open(&self.post.data())?;
        let (hosts, findings) = examine(&self.post, &mut ground, PATIENCE)?;
        Ok(Verdict {
            drive: self.drive,
            hosts,
            findings,
        })
    }
}

/// Takes the second seat, and answers until the first is done.
pub fn join(folder: &Path, code: &str) -> Result<(), StoreError> {
    let post = Post::find(folder, code)?;
    let mut ground = Held::open(&post.data())?;
    second::answer(&post, &mut ground, PATIENCE.answer)
}

/// Asks and judges.
fn examine(
    post: &Post,
    ground: &mut dyn Ground,
    patience: Patience,
) -> Result<([String; 2], Vec<Finding>), StoreError> {
    let there = post.wait(Seat::Second, 1, patience.join)?;
    let mut talk = Talk {
        post,
        turn: 1,
        patience: patience.answer,
    };
    let hosts = [author().host, there];
    let locks = locks(&mut talk, ground)?;
    if ground.lock().is_err() {
        // Nothing else can be tried without.
        talk.ask("bye")?;
        return Ok((hosts, vec![locks]));
    }
    ground.unlock();
    let findings = vec![
        locks,
        data(&mut talk, ground)?,
        size(&mut talk, ground)?,
        flush(&mut talk, ground)?,
        names(&mut talk)?,
        pace(&mut talk, ground)?,
    ];
    talk.ask("bye")?;
    Ok((hosts, findings))
}

/// Questions and answers in turn.
struct Talk<'a> {
    post: &'a Post,
    turn: u64,
    patience: Duration,
}

impl Talk<'_> {
    fn ask(&mut self, question: &str) -> Result<String, StoreError> {
        self.turn += 1;
        self.post.say(Seat::First, self.turn, question)?;
        self.post.wait(Seat::Second, self.turn, self.patience)
    }
}

fn found(about: &'static str, fault: Option<&str>, holds: &str) -> Finding {
    Finding {
        about,
        good: fault.is_none(),
        words: fault.unwrap_or(holds).to_owned(),
    }
}

fn locks(talk: &mut Talk<'_>, ground: &mut dyn Ground) -> Result<Finding, StoreError> {
    let mut fault = None;
    let mut must = |holds: bool, otherwise| {
        if !holds {
            fault.get_or_insert(otherwise);
        }
    };
    match ground.lock() {
        Err(no_locks) => {
            let words = format!("There is no service for locks: {no_locks}.");
            return Ok(found("locks", Some(&words), ""));
        }
        Ok(held) => must(held, "A lock that nobody holds was refused here."),
    }
    let crosses = "A lock that is held here was granted there: locks do not cross between the two.";
    must(talk.ask("lock")? == "refused", crosses);
    ground.unlock();
    must(
        talk.ask("lock")? == "granted",
        "A lock that was released here was still refused there.",
    );
    must(
        matches!(ground.lock(), Ok(false)),
        "A lock that is held there was granted here: locks do not cross between the two.",
    );
    talk.ask("unlock")?;
    must(
        matches!(ground.lock(), Ok(true)),
        "A lock that was released there was still refused here.",
    );
    ground.unlock();
    let holds =
        "A lock that one seat holds is refused to the other, and granted when it is released.";
    Ok(found("locks", fault, holds))
}

fn data(talk: &mut Talk<'_>, ground: &mut dyn Ground) -> Result<Finding, StoreError> {
    let mut fault = None;
    for _ in 0..ROUNDS {
        let here = random_id().to_string();
        ground
            .write(&here)
            .map_err(|source| post_fault(talk, source))?;
        if talk.ask("read")? != here {
            fault.get_or_insert(
                "What was written here was not read there, though it held the lock.",
            );
        }
        let there = talk.ask("write")?;
        if ground.read().ok().as_deref() != Some(there.as_str()) {
            fault.get_or_insert(
                "What was written there was not read here, though it held the lock.",
            );
        }
    }
    Ok(found(
        "data",
        fault,
        "What one seat writes the other reads at once.",
    ))
}

fn size(talk: &mut Talk<'_>, ground: &mut dyn Ground) -> Result<Finding, StoreError> {
    let mut fault = None;
    for _ in 0..ROUNDS {
        let size = ground.grow().map_err(|source| post_fault(talk, source))?;
        if talk.ask("size")? != size.to_string() {
            fault.get_or_insert(
                "A file that grew here had its old size there, though it held the lock.",
            );
        }
    }
    Ok(found("size", fault, "A new size is seen at once."))
}

fn flush(talk: &mut Talk<'_>, ground: &mut dyn Ground) -> Result<Finding, StoreError> {
    let took = median(|| ground.flush());
    let here = took.map_err(|source| post_fault(talk, source))?;
    let words = format!("Flushing takes {}.", shown(here));
    let fault = (here < LEAST_FLUSH).then(|| {
        format!(
            "{words} That is too fast to be true: after a power cut what was saved would be gone."
        )
    });
    Ok(found("flush", fault.as_deref(), &words))
}

fn names(talk: &mut Talk<'_>) -> Result<Finding, StoreError> {
    // The second looks for it before it is there, so that its system has something to remember wrongly.
    talk.ask("miss")?;
    talk.post.name()?;
    let words = match talk.ask("see")?.parse::<u64>() {
        Ok(ms) if ms <= 1000 => "A new name is seen at once.".to_owned(),
        Ok(ms) => format!(
            "A new name was seen after {} s. No book depends on it.",
            ms.div_ceil(1000)
        ),
        Err(_) => "A new name was not seen for a minute. No book depends on it.".to_owned(),
    };
    Ok(found("names", None, &words))
}

fn pace(talk: &mut Talk<'_>, ground: &mut dyn Ground) -> Result<Finding, StoreError> {
    let timed = median(|| {
        let held = ground.lock().map_err(std::io::Error::other);
        ground.unlock();
        held.map(drop)
    });
    let here = timed.map_or_else(|_| "no answer".to_owned(), shown);
    let there = talk.ask("pace")?;
    let words = format!("To lock and unlock takes {here} here and {there} there.");
    Ok(found("pace", None, &words))
}

fn post_fault(talk: &Talk<'_>, source: std::io::Error) -> StoreError {
    StoreError::File {
        doing: "Writing",
        path: talk.post.data(),
        source,
    }
}

/// How long a thing takes, of several tries the one in the middle.
fn median(mut act: impl FnMut() -> std::io::Result<()>) -> std::io::Result<Duration> {
    let mut took = Vec::new();
    for _ in 0..TIMES {
        let since = Instant::now();
        act()?;
        took.push(since.elapsed());
    }
    took.sort();
    Ok(took[took.len() / 2])
}

/// A time for people: `0.2 ms`.
fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
